//! What the tests share: a login, a fetch, and what came of it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use configcheck_core::provider::{Batch, ConnectContext, Fetched, Outcome, Payload, Provider, Reason, Session};
use configcheck_core::reference::SecretRef;
use configcheck_core::secret::ExposeSecret as _;
use configcheck_core::{Environment, Secret};
use configcheck_test_servers::OpenBao;
use configcheck_vault::{Credential, Login, VaultProvider};

/// Drives a future on this thread, without any runtime.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending => thread::park(),
        }
    }
}

/// Logs in with these variables.
pub(crate) fn connect_in(
    provider: &VaultProvider,
    environment: Option<Environment>,
    variables: &[(&str, &str)],
) -> Result<Arc<dyn Session>, Outcome> {
    let value = |name: &&str| variables.iter().find(|(other, _)| other == name).map(|(_, value)| Secret::new((*value).to_owned()));
    let settings = provider.settings().iter().map(value).collect();
    let context = ConnectContext::new(Instant::now() + Duration::from_mins(1), environment, settings);
    wait(provider.connect(&context))
}

/// Logs in with what the program says alone.
pub(crate) fn connect(provider: &VaultProvider) -> Arc<dyn Session> {
    connect_in(provider, None, &[]).unwrap_or_else(|outcome| panic!("{outcome:?}"))
}

/// Why a login with these variables fails.
pub(crate) fn refusal(provider: &VaultProvider, variables: &[(&str, &str)]) -> Outcome {
    match connect_in(provider, None, variables) {
        Ok(session) => panic!("logged in as {}", session.describe()),
        Err(outcome) => outcome,
    }
}

/// A provider with a token of the server.
pub(crate) fn with_token(bao: &OpenBao, token: &str) -> VaultProvider {
    at(bao).login(Login::token(Credential::text(token)))
}

/// A provider with the address of the server.
pub(crate) fn at(bao: &OpenBao) -> VaultProvider {
    VaultProvider::new().address(bao.address())
}

/// A login that may do everything.
pub(crate) fn root(bao: &OpenBao) -> Arc<dyn Session> {
    connect(&with_token(bao, bao.root_token()))
}

pub(crate) fn reference(text: &str) -> SecretRef {
    SecretRef::parse(text).unwrap().unwrap().without_field()
}

pub(crate) fn batch(texts: &[String]) -> Batch {
    Batch { references: texts.iter().map(|text| reference(text)).collect() }
}

/// What becomes of one reference.
pub(crate) fn fetch(session: &Arc<dyn Session>, text: &str) -> Outcome {
    let mut outcomes = wait(session.fetch(&Batch::of(reference(text))));
    assert_eq!(outcomes.len(), 1);
    outcomes.remove(0)
}

/// What is found there.
pub(crate) fn found(session: &Arc<dyn Session>, text: &str) -> Fetched {
    match fetch(session, text) {
        Outcome::Found(fetched) => fetched,
        other => panic!("{text}: {other:?}"),
    }
}

/// The named values, as text.
pub(crate) fn values(fetched: &Fetched) -> Vec<(String, String)> {
    let Payload::Map(members) = &fetched.payload else { panic!("no named values") };
    members.iter().map(|(name, value)| (name.clone(), String::from_utf8(value.expose_secret().clone()).unwrap())).collect()
}

/// The value of one name.
pub(crate) fn value(session: &Arc<dyn Session>, text: &str, name: &str) -> String {
    let values = values(&found(session, text));
    values.into_iter().find(|(other, _)| other == name).unwrap_or_else(|| panic!("{text} has no {name}")).1
}

/// The reason of an outcome, which reads as everything does that a person is told.
pub(crate) fn reason(outcome: &Outcome) -> Reason {
    let reason = outcome.reason().unwrap_or_else(|| panic!("{outcome:?}")).clone();
    let sentences = reason.help.iter().chain([&reason.message]);
    for sentence in sentences {
        assert!(!sentence.is_empty() && !sentence.ends_with(['.', '!']) && !sentence.starts_with(' '), "{reason:?}");
        assert!(sentence.chars().all(|c| !c.is_control()), "{reason:?}");
    }
    assert!(!reason.help.is_empty(), "{reason:?}");
    reason
}

/// A text in an answer of the server, wherever it stands in it.
pub(crate) fn member(body: &str, name: &str) -> String {
    fn find(value: &serde_json::Value, name: &str) -> Option<String> {
        let members = value.as_object()?;
        members
            .get(name)
            .and_then(|value| value.as_str())
            .map(str::to_owned)
            .or_else(|| members.values().find_map(|value| find(value, name)))
    }
    find(&serde_json::from_str(body).unwrap(), name).unwrap_or_else(|| panic!("no {name} in {body}"))
}

/// The answer to a request, wrapped.
pub(crate) fn wrapped(bao: &OpenBao, method: &str, path: &str) -> String {
    wrapped_with(bao, method, path, "{}")
}

/// The answer to a request with a body, wrapped for a minute.
pub(crate) fn wrapped_with(bao: &OpenBao, method: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(bao.address().trim_start_matches("http://")).unwrap();
    let token = bao.root_token();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: bao\r\nx-vault-token: {token}\r\nx-vault-wrap-ttl: 60\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}
