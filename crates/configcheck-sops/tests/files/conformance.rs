//! The requirements of all providers, kept on files that the real sops makes.

use std::fs;
use std::sync::Arc;

use configcheck_core::Provider;
use configcheck_sops::SopsProvider;
use configcheck_testkit::conformance::{self, Capability, Subject};
use serde_json::{Map, Value};
use tempfile::TempDir;

use crate::real::{Key, encrypt, try_encrypt};

/// A folder of files, each with one value or several.
struct Folder {
    place: TempDir,
    /// Somebody whom no file is encrypted for.
    stranger: Key,
    /// The end of the files' names; without one each file is one value.
    end: &'static str,
}

impl Folder {
    fn new(end: &'static str) -> Self {
        Self { place: tempfile::tempdir().unwrap(), stranger: Key::new(), end }
    }

    fn is_binary(&self) -> bool {
        self.end.is_empty()
    }

    fn path(&self, name: &str) -> String {
        format!("{}/{name}{}", self.place.path().display(), self.end)
    }
}

impl Subject for Folder {
    fn provider(&self) -> Arc<dyn Provider> {
        Arc::new(SopsProvider::new())
    }

    fn setting(&self, name: &str) -> Option<String> {
        (name == "SOPS_AGE_KEY").then(|| Key::shared().identity.clone())
    }

    fn capabilities(&self) -> Vec<Capability> {
        let kind = if self.is_binary() { Capability::Binary } else { Capability::Maps };
        vec![kind, Capability::EmptyValues, Capability::Removal, Capability::Login]
    }

    fn store(&self, name: &str, value: &[u8]) -> String {
        if self.is_binary() {
            fs::write(self.path(name), try_encrypt(name, value, &[]).unwrap()).unwrap();
            self.absent(name)
        } else {
            self.store_map(name, &[("value", value)]) + "#/value"
        }
    }

    fn store_map(&self, name: &str, fields: &[(&str, &[u8])]) -> String {
        let text = |value: &[u8]| Value::from(std::str::from_utf8(value).unwrap());
        let document: Map<String, Value> = fields.iter().map(|(field, value)| ((*field).to_owned(), text(value))).collect();
        // JSON is YAML too, where the one control character that it takes as it is stands as an escape.
        let text = Value::from(document).to_string().replace('\u{7f}', "\\u007f");
        let encrypted = encrypt(&format!("{name}{}", self.end), &text, &[]);
        fs::write(self.path(name), encrypted).unwrap();
        self.absent(name)
    }

    fn absent(&self, name: &str) -> String {
        format!("sops:{}", self.path(name))
    }

    fn remove(&self, name: &str) {
        fs::remove_file(self.path(name)).unwrap();
    }

    fn malformed(&self) -> Vec<String> {
        vec!["sops:secrets.yaml?version=3#a".to_owned()]
    }

    fn credentials(&self) -> Vec<String> {
        // All identities begin alike, and the help says how.
        let secret = |key: &Key| key.identity.trim_start_matches("AGE-SECRET-KEY-1").to_owned();
        vec![secret(Key::shared()), secret(&self.stranger)]
    }

    fn stranger(&self) -> (Arc<dyn Provider>, Vec<(String, String)>) {
        (self.provider(), vec![("SOPS_AGE_KEY".to_owned(), self.stranger.identity.clone())])
    }
}

#[test]
fn files_of_every_format_keep_what_the_engine_relies_on() {
    for end in ["", ".json", ".yaml"] {
        let report = conformance::check(&Folder::new(end));
        assert!(report.passed().contains(&"value-is-exact") && report.passed().contains(&"stranger-is-auth-failed"), "{report}");
    }
}
