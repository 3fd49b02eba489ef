//! `age:` keeps what is asked of every provider.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::Write as _;
use std::sync::Arc;

use age::secrecy::ExposeSecret as _;
use age::x25519::Identity;
use configcheck_age::AgeProvider;
use configcheck_core::Provider;
use configcheck_testkit::conformance::{self, Capability, Subject};
use tempfile::TempDir;

const VARIABLE: &str = "CONFIGCHECK_AGE_IDENTITY";

/// A folder of files that are encrypted for one identity.
struct Folder {
    path: TempDir,
    identity: Identity,
    stranger: Identity,
}

impl Folder {
    fn write(&self, name: &str, plaintext: &[u8]) -> String {
        let recipient = self.identity.to_public();
        let encryptor = age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient)).unwrap();
        let mut encrypted = Vec::new();
        let mut writer = encryptor.wrap_output(&mut encrypted).unwrap();
        writer.write_all(plaintext).unwrap();
        writer.finish().unwrap();
        fs::write(self.path.path().join(name), encrypted).unwrap();
        format!("age:{name}")
    }
}

fn text(identity: &Identity) -> String {
    identity.to_string().expose_secret().to_owned()
}

impl Subject for Folder {
    fn provider(&self) -> Arc<dyn Provider> {
        Arc::new(AgeProvider::new().directory(self.path.path()))
    }

    fn setting(&self, name: &str) -> Option<String> {
        (name == VARIABLE).then(|| text(&self.identity))
    }

    fn capabilities(&self) -> Vec<Capability> {
        vec![Capability::Maps, Capability::Binary, Capability::EmptyValues, Capability::Removal, Capability::Login]
    }

    /// With one line end more than the value, which the provider takes off.
    fn store(&self, name: &str, value: &[u8]) -> String {
        self.write(&format!("{name}.age"), value)
    }

    fn absent(&self, name: &str) -> String {
        format!("age:{name}.age")
    }

    fn credentials(&self) -> Vec<String> {
        vec![text(&self.identity), text(&self.stranger)]
    }

    fn store_map(&self, name: &str, fields: &[(&str, &[u8])]) -> String {
        let lines = fields.iter().flat_map(|(name, value)| [name.as_bytes(), b"=", value, b"\n"].concat());
        self.write(&format!("{name}.env.age"), &lines.collect::<Vec<u8>>())
    }

    fn remove(&self, name: &str) {
        fs::remove_file(self.path.path().join(format!("{name}.age"))).unwrap();
    }

    fn stranger(&self) -> (Arc<dyn Provider>, Vec<(String, String)>) {
        (self.provider(), vec![(VARIABLE.to_owned(), text(&self.stranger))])
    }
}

#[test]
fn encrypted_files_keep_what_is_asked_of_every_provider() {
    let subject = Folder { path: tempfile::tempdir().unwrap(), identity: Identity::generate(), stranger: Identity::generate() };
    let report = conformance::check(&subject);
    let left: Vec<&str> = report.not_applicable().iter().map(|(name, _)| *name).collect();
    let expected = [
        "versions-are-kept-apart",
        "denied-is-denied",
        "denied-is-one-item",
        "probe-tells-denied",
        "probe-takes-no-value",
        "ended-session-is-auth-failed",
    ];
    assert_eq!(left, expected);
}
