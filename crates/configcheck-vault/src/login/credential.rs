//! `Credential`: a secret that a login needs, as text or in a file that is read again for each login.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use configcheck_core::Secret;
use configcheck_core::provider::Reason;
use configcheck_core::secret::ExposeSecret as _;
use configcheck_files as files;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::json;

/// The largest file of a credential.
const LIMIT: u64 = 64 << 10;

/// What a credential that is to be unwrapped begins with.
const WRAPPED: &str = "wrapped:";

/// A secret that a login needs: a token, a secret id, a JWT, a password.
///
/// A file is read again for each login, since whoever keeps it current writes it anew. Blanks around the text are dropped. Text that
/// begins with `wrapped:` is a wrapping token, which is unwrapped once.
#[derive(Clone)]
pub struct Credential {
    source: Source,
    wrapped: bool,
}

#[derive(Clone)]
enum Source {
    Text { text: Arc<Secret<String>>, name: &'static str },
    File(PathBuf),
}

/// The text of a credential.
pub(crate) struct Read {
    pub(crate) text: Zeroizing<String>,
    /// Whether it is the wrapping token of the credential.
    pub(crate) wrapped: bool,
}

impl Credential {
    /// The text itself.
    pub fn text(text: impl Into<String>) -> Self {
        Self::named(Secret::new(text.into()), "what the program gives")
    }

    /// A file that holds it, and nothing else. The sink of an agent is such a file, wrapped or not.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self { source: Source::File(path.into()), wrapped: false }
    }

    /// The same as a wrapping token, which is unwrapped before it is used.
    pub fn wrapped(mut self) -> Self {
        self.wrapped = true;
        self
    }

    /// Text that a variable of the environment holds.
    pub(crate) fn named(text: Secret<String>, name: &'static str) -> Self {
        Self { source: Source::Text { text: Arc::new(text), name }, wrapped: false }
    }

    /// The file, where there is one.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.source {
            Source::File(path) => Some(path),
            Source::Text { .. } => None,
        }
    }

    /// Where it comes from: `VAULT_TOKEN`, `/run/secrets/vault-token`.
    pub(crate) fn place(&self) -> String {
        match &self.source {
            Source::Text { name, .. } => (*name).to_owned(),
            Source::File(path) => path.display().to_string(),
        }
    }

    /// Reads it. `what` says what it is: `token`, `secret id`.
    pub(crate) fn read(&self, what: &str) -> Result<Read, Reason> {
        let text = match &self.source {
            Source::Text { text, .. } => Zeroizing::new(text.expose_secret().trim().to_owned()),
            Source::File(path) => read_file(path, what)?,
        };
        let read = match text.strip_prefix(WRAPPED) {
            Some(wrapping) => Read { text: Zeroizing::new(wrapping.trim().to_owned()), wrapped: true },
            None if self.path().is_some() && text.starts_with('{') => Read { text: sink(&text, &self.place(), what)?, wrapped: true },
            None => Read { text, wrapped: self.wrapped },
        };
        if read.text.is_empty() {
            return Err(Reason::new(format!("the {what} in {} is empty", self.place())).help(format!("put the {what} there")));
        }
        Ok(read)
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credential({})", self.place())
    }
}

fn read_file(path: &Path, what: &str) -> Result<Zeroizing<String>, Reason> {
    let contents = files::read(path, LIMIT)
        .map_err(|refusal| Reason::new(format!("the {what} in {} cannot be read: {refusal}", path.display())).help(refusal.help()))?;
    match std::str::from_utf8(&contents.bytes) {
        Ok(text) => Ok(Zeroizing::new(text.trim().to_owned())),
        Err(_) => {
            let reason = Reason::new(format!("the {what} in {} is no text", path.display()));
            Err(reason.help(format!("check that it is the right file: it holds the {what} alone")))
        }
    }
}

/// The wrapping token in the sink of an agent that has a `wrap_ttl`.
fn sink(text: &str, place: &str, what: &str) -> Result<Zeroizing<String>, Reason> {
    #[derive(serde::Deserialize)]
    struct Sink<'a> {
        #[serde(borrow)]
        token: Option<&'a RawValue>,
    }
    let sink: Option<Sink<'_>> = serde_json::from_str(text).ok();
    sink.and_then(|sink| json::text(sink.token?)).ok_or_else(|| {
        Reason::new(format!("{place} holds JSON that has no wrapped {what} in it"))
            .help("let the agent write its sink in plain, or with wrap_ttl; a sink that is encrypted (dh_type) is not read")
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::fs;

    use super::Credential;

    fn file(text: &str) -> Result<(String, bool), String> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("sink");
        fs::write(&path, text).unwrap();
        let read = Credential::file(&path).read("token").map_err(|reason| reason.message.replace(&path.display().to_string(), "SINK"))?;
        Ok((read.text.to_string(), read.wrapped))
    }

    #[test]
    fn a_file_is_trimmed() {
        assert_eq!(file("s.not-a-real-token\n"), Ok(("s.not-a-real-token".into(), false)));
        assert_eq!(file("\r\n s.not-a-real-token \r\n"), Ok(("s.not-a-real-token".into(), false)));
    }

    #[test]
    fn a_wrapped_credential_says_so() {
        assert_eq!(file("wrapped:s.not-a-real-token\n"), Ok(("s.not-a-real-token".into(), true)));
        assert!(Credential::text("s.not-a-real-token").wrapped().read("token").unwrap().wrapped);
    }

    #[test]
    fn the_sink_of_an_agent_may_be_wrapped() {
        let sink = r#"{"token":"s.not-a-real-token","accessor":"a","ttl":300,"creation_time":"2026-01-01T00:00:00Z"}"#;
        assert_eq!(file(sink), Ok(("s.not-a-real-token".into(), true)));
        let encrypted = r#"{"curve25519_public_key":"hunter2-fake","encrypted_payload":"hunter2-fake"}"#;
        assert_eq!(file(encrypted), Err("SINK holds JSON that has no wrapped token in it".into()));
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said_without_its_text() {
        assert_eq!(file(" \n"), Err("the token in SINK is empty".into()));
        let missing = Credential::file("/no/such/sink").read("token").err().unwrap();
        assert_eq!(missing.message, "the token in /no/such/sink cannot be read: there is no file at this path");
    }

    #[test]
    fn a_credential_is_not_shown() {
        assert_eq!(format!("{:?}", Credential::text("not-a-real-token")), "Credential(what the program gives)");
        assert_eq!(format!("{:?}", Credential::file("/a/b")), "Credential(/a/b)");
    }
}
