//! What all tests here need: a session with given settings, and answers without ceremony.

use std::sync::Arc;
use std::time::{Duration, Instant};

use configcheck_aws::AwsProvider;
use configcheck_core::provider::{ConnectContext, Outcome, Payload, Probe, Session};
use configcheck_core::secret::ExposeSecret as _;
use configcheck_core::{Provider, Secret, SecretRef};
use configcheck_test_servers::Moto;
use tokio::runtime::Builder;

pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(async { tokio::time::timeout(Duration::from_mins(1), future).await.unwrap_or_else(|_| panic!("no answer in a minute")) })
}

/// The settings of moto; later ones replace earlier ones, and empty ones remove them.
pub(crate) fn settings(more: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let mut all = Moto::shared().environment();
    for (name, value) in more {
        all.retain(|(other, _)| other != name);
        all.push((name, (*value).to_owned()));
    }
    all
}

pub(crate) fn context(provider: &AwsProvider, settings: &[(&'static str, String)]) -> ConnectContext {
    let value = |name: &&str| settings.iter().find(|(other, _)| other == name).map(|(_, value)| Secret::new(value.clone()));
    for (name, _) in settings {
        assert!(provider.settings().contains(name), "{name} is no setting of the provider");
    }
    let values = provider.settings().iter().map(value).collect();
    ConnectContext::new(Instant::now() + Duration::from_secs(30), None, values)
}

pub(crate) fn connect(settings: &[(&'static str, String)]) -> Result<Arc<dyn Session>, Outcome> {
    let provider = AwsProvider::new();
    let context = context(&provider, settings);
    wait(provider.connect(&context))
}

/// A session with moto's settings and some more.
pub(crate) fn session(more: &[(&'static str, &str)]) -> Arc<dyn Session> {
    connect(&settings(more)).unwrap_or_else(|outcome| panic!("{outcome:?}"))
}

pub(crate) fn references<T: AsRef<str>>(texts: &[T]) -> Vec<SecretRef> {
    texts.iter().map(|text| SecretRef::parse(text.as_ref()).unwrap().unwrap().without_field()).collect()
}

/// Fetches as the engine does: planned, batch by batch. The outcomes stand in the order of the texts.
pub(crate) fn fetch<T: AsRef<str>>(session: &Arc<dyn Session>, texts: &[T]) -> Vec<Outcome> {
    let references = references(texts);
    let mut found: Vec<(SecretRef, Outcome)> = Vec::new();
    for batch in AwsProvider::new().plan(&references) {
        let outcomes = wait(session.fetch(&batch));
        assert_eq!(outcomes.len(), batch.references.len());
        found.extend(batch.references.into_iter().zip(outcomes));
    }
    let mut take = |reference: &SecretRef| {
        let at = found.iter().position(|(other, _)| other == reference).unwrap();
        found.remove(at).1
    };
    references.iter().map(&mut take).collect()
}

pub(crate) fn fetch_one(session: &Arc<dyn Session>, text: &str) -> Outcome {
    fetch(session, &[text]).remove(0)
}

pub(crate) fn probe_one(session: &Arc<dyn Session>, text: &str) -> Probe {
    let batch = AwsProvider::new().plan(&references(&[text])).remove(0);
    wait(session.probe(&batch)).remove(0)
}

/// The text of what was found.
pub(crate) fn text(outcome: &Outcome) -> String {
    let Outcome::Found(fetched) = outcome else { panic!("{outcome:?}") };
    let Payload::Value(value) = &fetched.payload else { panic!("a map") };
    String::from_utf8(value.expose_secret().clone()).unwrap()
}

/// The message of what was not found.
pub(crate) fn message(outcome: &Outcome) -> &str {
    &outcome.reason().unwrap_or_else(|| panic!("{outcome:?}")).message
}

/// A secret of moto; its ARN.
pub(crate) fn put(name: &str, value: &str) -> String {
    let body = serde_json::json!({ "Name": name, "SecretString": value }).to_string();
    let answer: serde_json::Value = serde_json::from_str(&Moto::shared().write("secretsmanager.CreateSecret", &body)).unwrap();
    answer["ARN"].as_str().unwrap().to_owned()
}
