//! The kinds of failures: each takes a secret, puts it where it does harm, and gives the loader that meets it.

use std::ffi::OsString;
use std::fmt::Debug;
use std::os::unix::ffi::OsStringExt as _;
use std::path::Path;
use std::time::Duration;

use configcheck::providers::AgeProvider;
use configcheck::{AppConfig, Level, Loader, Secret, Severity};
use configcheck_core::provider::{Fetched, Outcome, Payload, Reason};
use configcheck_testkit::FakeProvider;

use crate::channels::{Output, observe};
use crate::quoting::{quoted, quoted_for_env};
use crate::settings;

mod deployed;
mod dialects;
mod documents;
mod dotenv_files;
mod references;
mod servers;
mod values;

/// Puts a secret into a folder or a variable, and gives the loader that meets it there.
type Build = dyn Fn(&Path, &[u8]) -> Loader;

/// One kind of failure.
pub(crate) struct Failure {
    pub(crate) name: &'static str,
    build: Box<Build>,
    observe: fn(&Loader) -> Vec<Output>,
}

impl Failure {
    /// What every channel says of it. The folder is emptied first, and is the same for every run, so that its name tells no runs apart.
    pub(crate) fn run(&self, folder: &Path, secret: &[u8]) -> Vec<Output> {
        if folder.exists() {
            std::fs::remove_dir_all(folder).unwrap();
        }
        std::fs::create_dir(folder).unwrap();
        (self.observe)(&(self.build)(folder, secret))
    }
}

fn failure<T: AppConfig + Debug>(name: &'static str, build: impl Fn(&Path, &[u8]) -> Loader + 'static) -> Failure {
    Failure { name, build: Box::new(build), observe: observe::<T> }
}

/// A loader without the files and variables of the machine.
pub(crate) fn base() -> Loader {
    Loader::new().no_dotenv().no_standard_mounts().environment("development").vars(Vec::<(String, String)>::new())
}

/// A base in which the field of the settings chooses the environment.
fn deployed(environment: &str) -> Loader {
    Loader::new().no_dotenv().no_standard_mounts().vars([("APP_ENV", environment)])
}

fn os(bytes: &[u8]) -> OsString {
    OsString::from_vec(bytes.to_vec())
}

fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

fn around(before: &str, secret: &[u8], after: &str) -> Vec<u8> {
    joined(&[before.as_bytes(), secret, after.as_bytes()])
}

/// The text of a secret for places that take no bytes.
fn lossy(secret: &[u8]) -> String {
    String::from_utf8_lossy(secret).into_owned()
}

/// The variable `TOKEN` is the secret.
fn env<T: AppConfig + Debug>(name: &'static str) -> Failure {
    failure::<T>(name, |_, secret| base().vars([("TOKEN", os(secret))]))
}

/// A file of the folder is made of the secret, and the loader reads the folder's `.env`.
fn dotenv<T: AppConfig + Debug>(name: &'static str, text: impl Fn(&[u8]) -> Vec<u8> + 'static) -> Failure {
    failure::<T>(name, move |folder, secret| {
        std::fs::write(folder.join(".env"), text(secret)).unwrap();
        base().dotenv_dir(folder)
    })
}

/// The same with a config file, whose name says its format.
fn file<T: AppConfig + Debug>(name: &'static str, file: &'static str, text: impl Fn(&[u8]) -> Vec<u8> + 'static) -> Failure {
    failure::<T>(name, move |folder, secret| {
        std::fs::write(folder.join(file), text(secret)).unwrap();
        base().file(folder.join(file))
    })
}

/// The same with a file of mounted secrets.
fn mounted<T: AppConfig + Debug>(name: &'static str, file: &'static str, text: impl Fn(&[u8]) -> Vec<u8> + 'static) -> Failure {
    failure::<T>(name, move |folder, secret| {
        std::fs::write(folder.join(file), text(secret)).unwrap();
        base().mounted_dir(folder)
    })
}

/// A secret manager that answers one value.
fn value_of(bytes: Vec<u8>) -> FakeProvider {
    FakeProvider::answering("vault", move |_| Outcome::Found(Fetched::value(bytes.clone())))
}

/// A secret manager that answers a map with this name in it.
fn map_of(name: impl Into<String>, bytes: Vec<u8>) -> FakeProvider {
    let name = name.into();
    FakeProvider::answering("vault", move |_| {
        let rows = vec![(name.clone(), Secret::new(bytes.clone())), ("other".to_owned(), Secret::new(b"x".to_vec()))];
        Outcome::Found(Fetched::new(Payload::Map(rows)))
    })
}

/// The manager answers a reference that stands where the secret should.
fn fetched<T: AppConfig + Debug>(
    name: &'static str,
    reference: &'static str,
    manager: impl Fn(&[u8]) -> FakeProvider + 'static,
) -> Failure {
    failure::<T>(name, move |_, secret| base().vars([("TOKEN", reference)]).provider(manager(secret)))
}

/// The secret is there, and another reference fails; for a short time, which is all that a load has here.
fn unresolved(name: &'static str, outcome: fn() -> Outcome) -> Failure {
    failure::<settings::Fetched>(name, move |_, secret| {
        base()
            .vars([("TOKEN", os(secret))])
            .provider(FakeProvider::answering("vault", move |_| outcome()))
            .deadline(Duration::from_millis(1))
    })
}

/// A provider of figment's.
struct Figment(Result<figment::value::Value, String>);

impl figment::Provider for Figment {
    fn metadata(&self) -> figment::Metadata {
        figment::Metadata::named("own provider")
    }

    fn data(&self) -> Result<figment::value::Map<figment::Profile, figment::value::Dict>, figment::Error> {
        match &self.0 {
            Ok(value) => {
                let dict = [("token".to_owned(), value.clone())].into_iter().collect();
                Ok([(figment::Profile::Default, dict)].into_iter().collect())
            }
            Err(text) => Err(text.clone().into()),
        }
    }
}

/// Every kind of failure.
pub(crate) fn all() -> Vec<Failure> {
    let mut all = values::types();
    all.extend(values::constraints());
    all.extend(dotenv_files::dotenv_files());
    all.extend(documents::toml_files());
    all.extend(documents::yaml_files());
    all.extend(documents::json_files());
    all.extend(documents::figment_providers());
    all.extend(documents::mounted_files());
    all.extend(references::references());
    all.extend(servers::servers());
    all.extend(dialects::dialects());
    all.extend(deployed::overrides_and_variables());
    all.extend(deployed::deployed_rules());
    all.extend(deployed::relations());
    all.extend(deployed::plain_fields());
    all
}

/// The kinds in which nothing is wrong: good values are observed as well.
const GOOD: &[&str] = &[
    "placeholder",
    "placeholder in a URL",
    "text that is good",
    "path",
    "bytes",
    "text that is marked as secret",
    "no control character",
    ".env: blanks around =",
    "another reference: absent",
    "production",
    "staging",
    "plain URLs: password in a URL",
    "plain URLs: in a list",
];

#[test]
fn every_kind_meets_a_finding() {
    let place = tempfile::tempdir().unwrap();
    let all = all();
    assert!(all.len() >= 55, "{}", all.len());
    let names: std::collections::BTreeSet<_> = all.iter().map(|failure| failure.name).collect();
    assert_eq!(names.len(), all.len(), "each has a name of its own");
    for failure in &all {
        let outputs = failure.run(&place.path().join("sources"), b"hunter2-CANARY-9f3a-not-a-real-secret");
        let places = outputs.iter().find(|output| output.channel == "places of the report").unwrap();
        assert_eq!(places.text.is_empty(), GOOD.contains(&failure.name), "{}: {:?}", failure.name, places.text);
    }
}
