//! `Answer`: what the server said, and the parts of it that are looked at. Its body is wiped, and never part of a message.

use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

/// One answer of the server.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Zeroizing<Vec<u8>>,
}

impl Answer {
    /// The parts of the body; `None` when it is not what Vault writes.
    pub(crate) fn envelope(&self) -> Option<Envelope<'_>> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The sentences with which the server refuses. Only for comparing with sentences that are known: they can quote what was sent.
    pub(crate) fn errors(&self) -> Errors {
        Errors(self.envelope().and_then(|envelope| envelope.errors))
    }
}

/// What every answer of Vault is wrapped in.
#[derive(Deserialize)]
pub(crate) struct Envelope<'a> {
    #[serde(borrow)]
    pub(crate) data: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) auth: Option<Auth<'a>>,
    pub(crate) lease_id: Option<String>,
    pub(crate) lease_duration: Option<u64>,
    pub(crate) renewable: Option<bool>,
    warnings: Option<Vec<String>>,
    errors: Option<Vec<String>>,
}

impl Envelope<'_> {
    /// Whether a warning begins with a sentence.
    pub(crate) fn warns(&self, sentence: &str) -> bool {
        self.warnings.iter().flatten().any(|warning| warning.starts_with(sentence))
    }

    /// Whether it is how Vault refuses.
    pub(crate) fn is_refusal(&self) -> bool {
        self.errors.is_some()
    }
}

/// What a login gives.
#[derive(Deserialize)]
pub(crate) struct Auth<'a> {
    #[serde(borrow)]
    pub(crate) client_token: Option<&'a RawValue>,
    pub(crate) lease_duration: Option<u64>,
    pub(crate) renewable: Option<bool>,
    #[serde(borrow)]
    pub(crate) mfa_requirement: Option<&'a RawValue>,
    metadata: Option<LoginMetadata>,
}

/// What a login method says about a login.
#[derive(Deserialize)]
struct LoginMetadata {
    role_name: Option<String>,
}

impl Auth<'_> {
    /// The name of the AppRole.
    pub(crate) fn role_name(&self) -> Option<&str> {
        self.metadata.as_ref()?.role_name.as_deref()
    }
}

/// The server's sentences; `None` where the body is not what Vault writes.
pub(crate) struct Errors(Option<Vec<String>>);

impl Errors {
    /// Whether one of them holds a sentence that is known.
    pub(crate) fn say(&self, sentence: &str) -> bool {
        self.0.iter().flatten().any(|error| error.contains(sentence))
    }

    /// Whether they are this one sentence.
    pub(crate) fn are(&self, sentence: &str) -> bool {
        matches!(self.0.as_deref(), Some([only]) if only == sentence)
    }

    /// Whether the body is how Vault refuses.
    pub(crate) fn are_vaults(&self) -> bool {
        self.0.is_some()
    }
}
