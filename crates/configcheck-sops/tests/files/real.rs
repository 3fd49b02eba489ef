//! The real sops and its keys, and our provider beside it.

use std::fs;
use std::path::Path;
use std::pin::pin;
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use configcheck_core::provider::{Batch, ConnectContext, Outcome, OutcomeKind, Payload};
use configcheck_core::secret::ExposeSecret as _;
use configcheck_core::{Provider as _, Secret, SecretRef};
use configcheck_sops::SopsProvider;
use serde_json::Value;
use tempfile::TempDir;

/// A pair of age keys.
pub(crate) struct Key {
    pub(crate) identity: String,
    pub(crate) recipient: String,
}

impl Key {
    pub(crate) fn new() -> Self {
        let made = Command::new(configcheck_test_servers::age_keygen()).output().unwrap();
        let text = String::from_utf8(made.stdout).unwrap();
        let recipient = text.lines().find_map(|line| line.strip_prefix("# public key: ")).unwrap();
        let identity = text.lines().find(|line| line.starts_with("AGE-SECRET-KEY-1")).unwrap();
        Self { identity: identity.to_owned(), recipient: recipient.to_owned() }
    }

    /// The key of most files.
    pub(crate) fn shared() -> &'static Self {
        static KEY: OnceLock<Key> = OnceLock::new();
        KEY.get_or_init(Self::new)
    }

    /// The settings that hold the identity as sops reads it.
    pub(crate) fn settings(&self) -> [Option<String>; 6] {
        [None, None, Some(self.identity.clone()), None, None, None]
    }
}

/// Runs sops in a folder with the shared key.
pub(crate) fn sops(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(configcheck_test_servers::sops())
        .arg("--disable-version-check")
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("SOPS_AGE_KEY", &Key::shared().identity)
        .output()
        .unwrap()
}

/// What sops makes of a text in a file of this name, by a rule of `.sops.yaml`; `None` where it refuses.
pub(crate) fn try_encrypt(name: &str, text: &[u8], rule: &[&str]) -> Option<String> {
    encryption(name, text, rule).ok()
}

fn encryption(name: &str, text: &[u8], rule: &[&str]) -> Result<String, String> {
    let folder = folder(name, text);
    let recipient = format!("age: {}", Key::shared().recipient);
    let is_for_others = rule.iter().any(|line| line.starts_with("age: ") || line.starts_with("key_groups: "));
    let lines = if is_for_others { rule.join("\n    ") } else { [&[recipient.as_str()], rule].concat().join("\n    ") };
    fs::write(folder.path().join(".sops.yaml"), format!("creation_rules:\n  -\n    {lines}\n")).unwrap();
    let done = sops(folder.path(), &["encrypt", name]);
    let output = |bytes| String::from_utf8(bytes).unwrap();
    if done.status.success() { Ok(output(done.stdout)) } else { Err(output(done.stderr)) }
}

pub(crate) fn encrypt(name: &str, text: &str, rule: &[&str]) -> String {
    encryption(name, text.as_bytes(), rule).unwrap_or_else(|error| panic!("sops encrypts {name}: {text}\n{error}"))
}

/// What sops decrypts a file to, as JSON by path; `None` where it refuses.
pub(crate) fn decrypted_by_sops(name: &str, encrypted: &str) -> Option<Vec<(String, String)>> {
    let folder = folder(name, encrypted.as_bytes());
    let done = sops(folder.path(), &["decrypt", "--output-type", "json", name]);
    let mut rows = Vec::new();
    let text = String::from_utf8(done.stdout).unwrap();
    let text: String = text.lines().map(|line| quoted_number(line) + "\n").collect();
    flatten("", &serde_json::from_str(&text).ok().filter(|_| done.status.success())?, &mut rows);
    rows.sort();
    Some(rows)
}

/// A line of what sops writes, with the number at its end in quotes and in digits: a reader of JSON would round it.
fn quoted_number(line: &str) -> String {
    let (rest, comma) = line.strip_suffix(',').map_or((line, ""), |rest| (rest, ","));
    let at = rest.rfind([' ', '\t']).map_or(0, |at| at + 1);
    let number = &rest[at..];
    match (number.starts_with(['-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']), number.parse::<f64>()) {
        (true, Ok(_)) if !number.contains(['e', 'E']) => format!("{}\"{number}\"{comma}", &rest[..at]),
        (true, Ok(float)) => format!("{}\"{float}\"{comma}", &rest[..at]),
        _ => line.to_owned(),
    }
}

fn flatten(path: &str, value: &Value, rows: &mut Vec<(String, String)>) {
    let below = |step: &str| if path.is_empty() { step.to_owned() } else { format!("{path}.{step}") };
    match value {
        Value::Null => {}
        Value::Bool(value) => rows.push((path.to_owned(), value.to_string())),
        Value::String(value) => rows.push((path.to_owned(), value.clone())),
        Value::Number(_) => panic!("numbers stand in quotes"),
        Value::Array(items) => items.iter().enumerate().for_each(|(number, item)| flatten(&below(&number.to_string()), item, rows)),
        Value::Object(members) => members.iter().for_each(|(name, member)| flatten(&below(name), member, rows)),
    }
}

/// A folder with one file in it.
pub(crate) fn folder(name: &str, bytes: &[u8]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    folder
}

/// What a future gives that makes nobody wait.
fn done<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("a file makes nobody wait"),
    }
}

/// What our provider says of a reference.
pub(crate) fn fetch(provider: &SopsProvider, reference: &str, settings: [Option<String>; 6]) -> Outcome {
    let references = [SecretRef::parse(reference).unwrap().unwrap().without_field()];
    let context = ConnectContext::new(Instant::now() + Duration::from_secs(30), None, settings.map(|value| value.map(Secret::new)).into());
    let session = done(provider.connect(&context)).unwrap();
    let batches = provider.plan(&references);
    let [batch] = &batches[..] else { panic!("one batch") };
    let mut outcomes = done(session.fetch(batch));
    assert_eq!(outcomes.len(), 1);
    outcomes.remove(0)
}

/// What our provider says of a file, with the shared key.
pub(crate) fn read(name: &str, bytes: impl AsRef<[u8]>) -> Outcome {
    let folder = folder(name, bytes.as_ref());
    fetch(&SopsProvider::new().directory(folder.path()), &format!("sops:{name}"), Key::shared().settings())
}

/// A batch of two files, each with its outcome.
pub(crate) fn read_two(provider: &SopsProvider, references: [&str; 2]) -> Vec<OutcomeKind> {
    let references = references.map(|text| SecretRef::parse(text).unwrap().unwrap()).into();
    let settings = Key::shared().settings().map(|value| value.map(Secret::new)).into();
    let session = done(provider.connect(&ConnectContext::new(Instant::now(), None, settings))).unwrap();
    done(session.fetch(&Batch { references })).iter().map(Outcome::kind).collect()
}

/// The values by path, sorted; one value has no path.
pub(crate) fn rows(outcome: &Outcome) -> Vec<(String, Vec<u8>)> {
    let Outcome::Found(fetched) = outcome else { panic!("{outcome:?}") };
    let mut rows: Vec<_> = match &fetched.payload {
        Payload::Map(rows) => rows.iter().map(|(name, value)| (name.clone(), value.expose_secret().clone())).collect(),
        Payload::Value(value) => vec![(String::new(), value.expose_secret().clone())],
    };
    rows.sort();
    rows
}

/// The same as text.
pub(crate) fn texts(outcome: &Outcome) -> Vec<(String, String)> {
    rows(outcome).into_iter().map(|(name, value)| (name, String::from_utf8_lossy(&value).into_owned())).collect()
}

/// A refusal of this kind whose message and help hold these words.
pub(crate) fn refused(outcome: &Outcome, kind: OutcomeKind, message: &str, help: &str) {
    assert_eq!(outcome.kind(), kind, "{outcome:?}");
    let reason = outcome.reason().unwrap();
    assert!(reason.message.contains(message), "{}", reason.message);
    assert!(reason.help.iter().any(|text| text.contains(help)), "{reason:?}");
}
