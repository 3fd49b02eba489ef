//! Secrets Manager: current values in batches, versions and stages one by one, and what is known of a secret without its value.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::{ProvideErrorMetadata as _, SdkError};
use aws_sdk_secretsmanager::primitives::{Blob, DateTime};
use aws_sdk_secretsmanager::types::SecretValueEntry;
use configcheck_core::Secret;
use configcheck_core::display::holds_piece_of;
use configcheck_core::provider::{Access, Fetched, Outcome, Payload, Probe, Reason};
use configcheck_core::secret::ExposeSecret as _;

use crate::denial::holds_one_of;
use crate::endpoint::Service;
use crate::login::Login;
use crate::outcome::{self, is_denied, marked_for_deletion};
use crate::quiet::quietly;
use crate::refused::{refusal, refused};
use crate::same_secret::is_same;
use crate::transport::is_too_large;

const GET: &str = "secretsmanager:GetSecretValue";
const BATCH: &str = "secretsmanager:BatchGetSecretValue";
const DESCRIBE: &str = "secretsmanager:DescribeSecret";

/// The stage that every rotation ends with.
const CURRENT: &str = "AWSCURRENT";
/// A version that no secret has: asking for it tells whether one may ask, and gives nothing out.
const NO_VERSION: &str = "00000000-0000-0000-0000-000000000000";
/// The most pages of one batch. One is what AWS answers with; more are for values that do not fit into it.
const PAGES: usize = 20;

/// Secrets Manager in one region, as one identity.
pub(crate) struct Secrets {
    client: Client,
    region: String,
    login: Arc<Login>,
    /// Whether the batch call was denied, which most policies of old do: it is not tried again.
    without_batch: AtomicBool,
}

/// Why a batch has no answer for each of its secrets.
pub(crate) enum NoBatch {
    /// The identity may not use the call, or the secrets do not fit into one answer: they are asked for one by one.
    Singles,
    /// The same for all of them.
    All(Outcome),
}

impl Secrets {
    pub(crate) fn new(login: Arc<Login>, region: String) -> Self {
        let client = Client::new(&login.sdk(Service::SecretsManager, &region));
        Self { client, region, login, without_batch: AtomicBool::new(false) }
    }

    /// The current values of several secrets.
    pub(crate) async fn batch(&self, ids: &[&str]) -> Result<Vec<Outcome>, NoBatch> {
        if self.without_batch.load(Ordering::Relaxed) {
            return Err(NoBatch::Singles);
        }
        let guarded = self.login.guarded();
        let (mut values, mut failures, mut next) = (Vec::new(), Vec::new(), None);
        for _ in 0..PAGES {
            let asked_for = ids.iter().map(|id| (*id).to_owned()).collect();
            let call = self.client.batch_get_secret_value().set_secret_id_list(Some(asked_for)).set_next_token(next.take());
            let answer = match quietly(call.send()).await {
                Ok(answer) => answer,
                Err(error) if refusal(&error).is_some_and(|refusal| is_denied(&refusal)) => {
                    self.without_batch.store(true, Ordering::Relaxed);
                    return Err(NoBatch::Singles);
                }
                // Twenty secrets of the largest size, all of them characters that JSON escapes.
                Err(SdkError::DispatchFailure(failure)) if is_too_large(failure.as_connector_error()) => return Err(NoBatch::Singles),
                Err(error) => return Err(NoBatch::All(refused(&error, &self.login.asked(BATCH, &self.region, &guarded)))),
            };
            values.extend(answer.secret_values.unwrap_or_default().into_iter().map(Value::from));
            failures.extend(answer.errors.unwrap_or_default());
            next = answer.next_token.filter(|token| !token.is_empty());
            if next.is_none() {
                break;
            }
        }
        let asked = self.login.asked(GET, &self.region, &guarded);
        let of = |id: &&str| {
            let mut those = values.iter().filter(|value| is_same(id, value.arn.as_deref(), value.name.as_deref()));
            if let Some(value) = those.next() {
                // A secret that was asked for by name and by ARN is answered twice, and is one.
                if those.all(|other| (&other.arn, &other.version) == (&value.arn, &value.version)) {
                    return value.fetched(&guarded);
                }
                return Outcome::Malformed(
                    Reason::new(format!("Secrets Manager in {} answered with two secrets for this one", self.region))
                        .help("check what `AWS_ENDPOINT_URL` or `endpoint_url` of the profile leads to"),
                );
            }
            let failure =
                failures.iter().find(|failure| failure.secret_id.as_deref().is_some_and(|other| is_same(id, Some(other), Some(other))));
            match failure {
                // An error of one secret in a batch has no status of its own.
                Some(failure) => {
                    let refusal =
                        outcome::Refusal { code: failure.error_code(), message: failure.message(), status: 400, retry_after: None };
                    outcome::of(&refusal, &asked)
                }
                None => Outcome::Malformed(
                    Reason::new(format!("Secrets Manager in {} answered without this secret", self.region))
                        .help("check what `AWS_ENDPOINT_URL` or `endpoint_url` of the profile leads to"),
                ),
            }
        };
        Ok(ids.iter().map(of).collect())
    }

    /// One secret, in a version or at a stage.
    pub(crate) async fn single(&self, id: &str, version: Option<&str>, stage: Option<&str>) -> Outcome {
        let guarded = self.login.guarded();
        // Without a version the stage is said aloud: not everything that speaks this protocol takes it for granted.
        let stage = stage.or(version.is_none().then_some(CURRENT));
        let call = self.client.get_secret_value().secret_id(id);
        let call = call.set_version_id(version.map(ToOwned::to_owned)).set_version_stage(stage.map(ToOwned::to_owned));
        match quietly(call.send()).await {
            Ok(answer) => Value {
                arn: answer.arn,
                name: answer.name,
                version: answer.version_id,
                created: answer.created_date.and_then(time),
                bytes: bytes(answer.secret_string, answer.secret_binary),
            }
            .fetched(&guarded),
            Err(error) => refused(&error, &self.login.asked(GET, &self.region, &guarded)),
        }
    }

    /// Whether a secret could be read. Its value stays where it is: a version that does not exist is asked for, which AWS refuses in one
    /// way to those who may read and in another to those who may not.
    pub(crate) async fn probe(&self, id: &str, version: Option<&str>, stage: Option<&str>) -> Probe {
        let guarded = self.login.guarded();
        let call = self.client.get_secret_value().secret_id(id).version_id(NO_VERSION);
        match quietly(call.send()).await {
            Ok(_) => return Probe::new(Access::Read),
            Err(error) => {
                let may_read = error.code() == Some("ResourceNotFoundException")
                    && error.message().is_some_and(|message| message.to_ascii_lowercase().contains("version"));
                if !may_read {
                    return Probe::new(Access::Failed(refused(&error, &self.login.asked(GET, &self.region, &guarded))));
                }
            }
        }
        let described = match quietly(self.client.describe_secret().secret_id(id).send()).await {
            Ok(described) => described,
            Err(error) if refusal(&error).is_some_and(|refusal| is_denied(&refusal)) => {
                return Probe::new(Access::Allowed(
                    Reason::new("it is there and may be asked for; its versions and its key are not shown to this identity")
                        .help(format!("allow `{DESCRIBE}` too to see them here; a start does not need it")),
                ));
            }
            Err(error) => return Probe::new(Access::Failed(refused(&error, &self.login.asked(DESCRIBE, &self.region, &guarded)))),
        };
        if described.deleted_date.is_some() {
            return Probe::new(Access::Failed(Outcome::Absent(marked_for_deletion(&self.region))));
        }
        let versions = described.version_ids_to_stages.unwrap_or_default();
        let Some(current) = version_of(&versions, version, stage) else {
            let refusal =
                outcome::Refusal { code: Some("ResourceNotFoundException"), message: Some("VersionId"), status: 400, retry_after: None };
            return Probe::new(Access::Failed(outcome::of(&refusal, &self.login.asked(GET, &self.region, &guarded))));
        };
        let access = match described.kms_key_id {
            None => Access::Readable,
            Some(_) => Access::Allowed(
                Reason::new("it is there and may be asked for; whether its own key may decrypt it shows only when it is read")
                    .help("`configcheck policy iam` writes `kms:Decrypt` for it"),
            ),
        };
        let mut probe = Probe::new(access);
        probe.version = Some(current).filter(|version| is_version(version, &guarded)).map(ToOwned::to_owned);
        probe.created = described.last_changed_date.or(described.created_date).and_then(time);
        probe.not_after = described.next_rotation_date.and_then(time);
        probe
    }
}

/// The version that a reference means, among those that there are.
fn version_of<'a>(versions: &'a HashMap<String, Vec<String>>, version: Option<&str>, stage: Option<&str>) -> Option<&'a str> {
    let stage = stage.or(version.is_none().then_some(CURRENT));
    let fits = |(id, stages): &(&String, &Vec<String>)| {
        version.is_none_or(|version| version == id.as_str()) && stage.is_none_or(|stage| stages.iter().any(|other| other == stage))
    };
    versions.iter().find(fits).map(|(id, _)| id.as_str())
}

/// Whether text is the name of a version, and not whatever an answer holds.
fn is_version(text: &str, guarded: &[&str]) -> bool {
    text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') && !holds_one_of(text, guarded)
}

/// A value as AWS answers it. It has no `Debug`.
struct Value {
    arn: Option<String>,
    name: Option<String>,
    version: Option<String>,
    created: Option<SystemTime>,
    bytes: Option<Secret<Vec<u8>>>,
}

impl Value {
    /// The value for one reference; several can mean one secret. The name of its version is told, unless it repeats one of the `guarded` or the
    /// value itself.
    fn fetched(&self, guarded: &[&str]) -> Outcome {
        let Some(bytes) = &self.bytes else {
            return Outcome::Malformed(
                Reason::new("Secrets Manager answered without a value").help("`aws secretsmanager put-secret-value` gives the secret one"),
            );
        };
        let mut fetched = Fetched::new(Payload::Value(Secret::new(bytes.expose_secret().clone())));
        let repeats_value = |version: &&String| holds_piece_of(version, bytes.expose_secret());
        fetched.version = self.version.as_ref().filter(|version| is_version(version, guarded) && !repeats_value(version)).cloned();
        fetched.created = self.created;
        Outcome::Found(fetched)
    }
}

impl From<SecretValueEntry> for Value {
    fn from(entry: SecretValueEntry) -> Self {
        Self {
            arn: entry.arn,
            name: entry.name,
            version: entry.version_id,
            created: entry.created_date.and_then(time),
            bytes: bytes(entry.secret_string, entry.secret_binary),
        }
    }
}

fn bytes(text: Option<String>, binary: Option<Blob>) -> Option<Secret<Vec<u8>>> {
    text.map(String::into_bytes).or(binary.map(Blob::into_inner)).map(Secret::new)
}

fn time(time: DateTime) -> Option<SystemTime> {
    SystemTime::try_from(time).ok()
}
