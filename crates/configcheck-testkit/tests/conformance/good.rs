//! Providers that keep what the engine relies on.

use std::collections::BTreeMap;
use std::fs;
use std::sync::{Arc, Mutex};

use configcheck_core::provider::{Fetched, Outcome, Payload, Provider, Reason};
use configcheck_core::{Secret, SecretRef};
use configcheck_loader::FileProvider;
use configcheck_testkit::FakeProvider;
use configcheck_testkit::conformance::{self, Capability, Subject};
use tempfile::TempDir;

use super::memory::Memory;

#[test]
fn a_provider_with_every_capability_keeps_every_requirement() {
    let report = conformance::check(&Memory::default());
    assert_eq!(report.passed().len(), conformance::requirements().count());
    assert!(report.not_applicable().is_empty());
}

type Rows = Vec<(String, Vec<u8>)>;

/// [`FakeProvider`] over a map, in batches.
#[derive(Default)]
struct Fake {
    secrets: Arc<Mutex<BTreeMap<String, Rows>>>,
}

impl Fake {
    fn put(&self, name: &str, rows: Rows) -> String {
        self.secrets.lock().unwrap().insert(name.to_owned(), rows);
        format!("vault:p/{name}")
    }
}

impl Subject for Fake {
    fn provider(&self) -> Arc<dyn Provider> {
        let secrets = Arc::clone(&self.secrets);
        let answer = move |reference: &SecretRef| {
            let name = reference.path().rsplit('/').next().unwrap_or_default();
            match secrets.lock().unwrap().get(name) {
                Some(rows) => {
                    let rows = rows.iter().map(|(name, value)| (name.clone(), Secret::new(value.clone())));
                    Outcome::Found(Fetched::new(Payload::Map(rows.collect())))
                }
                None => Outcome::Absent(Reason::new("there is nothing at this path").help("store it")),
            }
        };
        Arc::new(FakeProvider::answering("vault", answer).batches_of(10).knowing_options(&[]))
    }

    fn capabilities(&self) -> Vec<Capability> {
        vec![Capability::Maps, Capability::Binary, Capability::EmptyValues, Capability::Removal]
    }

    fn store(&self, name: &str, value: &[u8]) -> String {
        format!("{}#value", self.put(name, vec![("value".to_owned(), value.to_vec())]))
    }

    fn absent(&self, name: &str) -> String {
        format!("vault:p/{name}#value")
    }

    fn store_map(&self, name: &str, fields: &[(&str, &[u8])]) -> String {
        self.put(name, fields.iter().map(|(name, value)| ((*name).to_owned(), value.to_vec())).collect())
    }

    fn remove(&self, name: &str) {
        self.secrets.lock().unwrap().remove(name);
    }
}

#[test]
fn the_fake_provider_keeps_what_is_asked_of_a_real_one() {
    let report = conformance::check(&Fake::default());
    let left: Vec<&str> = report.not_applicable().iter().map(|(name, _)| *name).collect();
    let expected = [
        "versions-are-kept-apart",
        "denied-is-denied",
        "denied-is-one-item",
        "probe-tells-denied",
        "probe-takes-no-value",
        "stranger-is-auth-failed",
        "ended-session-is-auth-failed",
    ];
    assert_eq!(left, expected);
    assert!(report.to_string().contains("not applicable: denied-is-denied: the subject does not have denial"), "{report}");
}

/// [`FileProvider`] over a folder. A file has one line end more than the value, which the provider takes off.
struct Files(TempDir);

impl Files {
    fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.0.path().display())
    }
}

impl Subject for Files {
    fn provider(&self) -> Arc<dyn Provider> {
        Arc::new(FileProvider)
    }

    fn capabilities(&self) -> Vec<Capability> {
        vec![Capability::Binary, Capability::EmptyValues, Capability::Removal]
    }

    fn store(&self, name: &str, value: &[u8]) -> String {
        fs::write(self.path(name), value).unwrap();
        self.absent(name)
    }

    fn absent(&self, name: &str) -> String {
        format!("file:{}", self.path(name))
    }

    fn remove(&self, name: &str) {
        fs::remove_file(self.path(name)).unwrap();
    }
}

#[test]
fn files_keep_it_too() {
    conformance::check(&Files(tempfile::tempdir().unwrap()));
}

#[test]
fn the_page_lists_every_requirement() {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/testing.md")).unwrap();
    let rows: Vec<String> = conformance::requirements()
        .map(|(name, sentence, needs)| {
            let needs = needs.map(|capability| format!("`{capability:?}`")).unwrap_or_default();
            format!("| `{name}` | {sentence} | {needs} |")
        })
        .collect();
    let (_, table) = page.split_once("| requirement | demands that | needs |\n|---|---|---|\n").unwrap();
    assert_eq!(table.lines().collect::<Vec<_>>(), rows);
}
