//! Every outcome of an `age:` reference, with keys and files that the tests make.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write as _;
use std::iter;
use std::path::Path;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use age::secrecy::{ExposeSecret as _, SecretString};
use age::x25519::Identity;
use configcheck_age::AgeProvider;
use configcheck_core::provider::{Batch, ConnectContext, Outcome, OutcomeKind, Payload};
use configcheck_core::{Provider as _, Secret, SecretRef};
use proptest::prelude::*;
use tempfile::TempDir;

const ENV: &[u8] = b"JWT_SECRET=not-a-real-jwt-secret-0123456789\nPIN='not $real'\n";

fn text(identity: &Identity) -> String {
    identity.to_string().expose_secret().to_owned()
}

fn encrypt(plaintext: &[u8], identities: &[&Identity]) -> Vec<u8> {
    let recipients: Vec<_> = identities.iter().map(|identity| identity.to_public()).collect();
    let encryptor = age::Encryptor::with_recipients(recipients.iter().map(|recipient| recipient as &dyn age::Recipient)).unwrap();
    let mut encrypted = Vec::new();
    let mut writer = encryptor.wrap_output(&mut encrypted).unwrap();
    writer.write_all(plaintext).unwrap();
    writer.finish().unwrap();
    encrypted
}

fn armour(encrypted: &[u8]) -> Vec<u8> {
    let mut writer = age::armor::ArmoredWriter::wrap_output(Vec::new(), age::armor::Format::AsciiArmor).unwrap();
    writer.write_all(encrypted).unwrap();
    writer.finish().unwrap()
}

/// A directory with one file in it.
fn directory(name: &str, bytes: &[u8]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join(name), bytes).unwrap();
    directory
}

/// What a future gives that makes nobody wait.
fn done<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("a file makes nobody wait"),
    }
}

fn fetch(provider: &AgeProvider, reference: &str, settings: [Option<String>; 4]) -> Outcome {
    let references = [SecretRef::parse(reference).unwrap().unwrap().without_field()];
    let context = ConnectContext::new(Instant::now() + Duration::from_secs(30), None, settings.map(|value| value.map(Secret::new)).into());
    let session = done(provider.connect(&context)).unwrap();
    let batches = provider.plan(&references);
    let [batch] = &batches[..] else { panic!("one batch") };
    let mut outcomes = done(session.fetch(batch));
    assert_eq!(outcomes.len(), 1);
    outcomes.remove(0)
}

/// The key in `CONFIGCHECK_AGE_IDENTITY`.
fn own(key: impl Into<String>) -> [Option<String>; 4] {
    [Some(key.into()), None, None, None]
}

fn read(name: &str, bytes: &[u8], settings: [Option<String>; 4]) -> Outcome {
    let directory = directory(name, bytes);
    fetch(&AgeProvider::new().directory(directory.path()), &format!("age:{name}"), settings)
}

fn rows(outcome: &Outcome) -> Vec<(&str, &[u8])> {
    match outcome {
        Outcome::Found(fetched) => match &fetched.payload {
            Payload::Map(rows) => rows.iter().map(|(name, value)| (name.as_str(), value.expose_secret().as_slice())).collect(),
            Payload::Value(value) => vec![("", value.expose_secret().as_slice())],
        },
        other => panic!("{other:?}"),
    }
}

/// A refusal of this kind whose message and help hold these words.
fn refused(outcome: &Outcome, kind: OutcomeKind, message: &str, help: &str) {
    assert_eq!(outcome.kind(), kind, "{outcome:?}");
    let reason = outcome.reason().unwrap();
    assert!(reason.message.contains(message), "{}", reason.message);
    assert!(reason.help.iter().any(|text| text.contains(help)), "{reason:?}");
}

#[test]
fn a_file_is_decrypted_whether_binary_or_armoured() {
    let identity = Identity::generate();
    let expected: Vec<(&str, &[u8])> = vec![("JWT_SECRET", b"not-a-real-jwt-secret-0123456789"), ("PIN", b"not $real")];
    let encrypted = encrypt(ENV, &[&identity]);
    assert_eq!(rows(&read("secrets.env.age", &encrypted, own(text(&identity)))), expected);
    let armoured = armour(&encrypted);
    assert_eq!(rows(&read("secrets.env.age", &armoured, own(text(&identity)))), expected);
    let crlf = String::from_utf8(armoured.clone()).unwrap().replace('\n', "\r\n");
    assert_eq!(rows(&read("secrets.env.age", crlf.as_bytes(), own(text(&identity)))), expected);
    let blank = [b"\n\n".as_slice(), &armoured, b"\n"].concat();
    assert_eq!(rows(&read("secrets.env.age", &blank, own(text(&identity)))), expected);
}

#[test]
fn another_name_means_one_value() {
    let identity = Identity::generate();
    let json = b"{\"jwt\": {\"key\": \"not-a-real-key\"}}\n";
    let outcome = read("secrets.json.age", &encrypt(json, &[&identity]), own(text(&identity)));
    assert_eq!(rows(&outcome), [("", &json[..])]);
    let outcome = read("empty.age", &encrypt(b"", &[&identity]), own(text(&identity)));
    assert_eq!(rows(&outcome), [("", &b""[..])]);
}

#[test]
fn every_source_of_identities_is_tried() {
    let (right, wrong) = (Identity::generate(), Identity::generate());
    let folder = directory("secrets.env.age", &encrypt(ENV, &[&right, &Identity::generate()]));
    let key_file = folder.path().join("keys.txt");
    std::fs::write(&key_file, format!("# public key: not shown\n{}\n{}\n", text(&wrong), text(&right))).unwrap();
    let path = Some(key_file.to_str().unwrap().to_owned());
    let provider = AgeProvider::new().directory(folder.path());
    let key = Some(format!("{}\n{}", text(&wrong), text(&right)));
    for settings in [
        [key.clone(), None, None, None],
        [None, path.clone(), None, None],
        [None, None, key, None],
        [None, None, None, path],
        [Some(text(&wrong)), None, Some(text(&right)), None],
        // A broken source does not hinder a good one.
        [Some("not-a-real-key".into()), Some("no/such/file".into()), Some(text(&right)), None],
    ] {
        assert_eq!(rows(&fetch(&provider, "age:secrets.env.age", settings)).len(), 2);
    }
    let of_program = provider.identity_file("keys.txt");
    assert_eq!(rows(&fetch(&of_program, "age:secrets.env.age", [const { None }; 4])).len(), 2);
}

#[test]
fn a_path_may_be_absolute_and_is_never_sought_elsewhere() {
    let identity = Identity::generate();
    let folder = directory("s.env.age", &encrypt(ENV, &[&identity]));
    let reference = format!("age:{}", folder.path().join("s.env.age").display());
    assert_eq!(rows(&fetch(&AgeProvider::new(), &reference, own(text(&identity)))).len(), 2);
    refused(&fetch(&AgeProvider::new(), "age:s.env.age", own(text(&identity))), OutcomeKind::Absent, "there is no file", "check the path");
}

#[test]
fn a_file_that_cannot_be_read_is_told_apart() {
    let identity = Identity::generate();
    let folder = directory("s.env.age", b"");
    let provider = AgeProvider::new().directory(folder.path());
    let ask = |reference: &str| fetch(&provider, reference, own(text(&identity)));
    refused(&ask("age:other.env.age"), OutcomeKind::Absent, "there is no file at this path", "check the path");
    refused(&ask("age:."), OutcomeKind::Malformed, "directory", "name a file");
    std::fs::write(folder.path().join("large.env.age"), vec![b'A'; (2 << 20) + 1]).unwrap();
    refused(&ask("age:large.env.age"), OutcomeKind::Malformed, "larger than 2 MiB", "right file");
}

#[test]
fn what_is_no_age_file_is_malformed() {
    let identity = Identity::generate();
    let good = encrypt(ENV, &[&identity]);
    let check = |bytes: &[u8], message: &str| refused(&read("s.env.age", bytes, own(text(&identity))), OutcomeKind::Malformed, message, "");
    check(b"", "not encrypted with age");
    check(ENV, "not encrypted with age");
    check(&armour(ENV), "not encrypted with age");
    check(b"age-encryption.org/v1\n", "cut short or damaged");
    check(b"age-encryption.org/v2\n-> X\n\n--- bm8\n", "version");
    check(b"-----BEGIN AGE ENCRYPTED FILE-----\n", "cut short or damaged");
    check(b"-----BEGIN AGE ENCRYPTED FILE-----\n!!!!\n-----END AGE ENCRYPTED FILE-----\n", "cut short or damaged");
    for length in [good.len() - 1, good.len() - ENV.len(), 100, 60] {
        check(&good[..length], "cut short or damaged");
    }
    check(&[&good[..], b"more"].concat(), "cut short or damaged");
    let mut changed = good.clone();
    *changed.last_mut().unwrap() ^= 1;
    check(&changed, "cut short or damaged");
    check(&armour(&good)[..150], "cut short or damaged");
    check(&[b"age-encryption.org/v1\n".as_slice(), &b"-> a\n\n".repeat(10_000)].concat(), "header of more than 512 lines or 32 KiB");
}

#[test]
fn a_hostile_header_costs_little() {
    let header = |stanzas: usize, length: usize| {
        let line = format!("-> {}\n\n", "a".repeat(length));
        [b"age-encryption.org/v1\n", line.repeat(stanzas).as_bytes(), b"--- ", &[b'A'; 43], b"\n", &[0; 64]].concat()
    };
    let start = Instant::now();
    let worst = read("s.env.age", &header(255, 120), own(text(&Identity::generate())));
    refused(&worst, OutcomeKind::AuthFailed, "none of the identities", "recipients");
    let more = read("s.env.age", &header(256, 1), own(text(&Identity::generate())));
    refused(&more, OutcomeKind::Malformed, "header of more than 512 lines", "fewer recipients");
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[test]
fn a_bad_line_is_named_by_its_number() {
    let identity = Identity::generate();
    let encrypted = encrypt(b"A=1\nnot-a-real-secret\n", &[&identity]);
    let outcome = read("s.env.age", &encrypted, own(text(&identity)));
    refused(&outcome, OutcomeKind::Malformed, "line 2 of the decrypted text", "encrypt the file again");
    assert!(!format!("{outcome:?}").contains("not-a-real"));
}

#[test]
fn a_text_of_more_than_a_mebibyte_is_refused() {
    let identity = Identity::generate();
    let fits = encrypt(&vec![b'x'; 1 << 20], &[&identity]);
    assert_eq!(rows(&read("s.age", &fits, own(text(&identity))))[0].1.len(), 1 << 20);
    assert_eq!(rows(&read("s.age", &armour(&fits), own(text(&identity))))[0].1.len(), 1 << 20);
    let larger = encrypt(&vec![b'x'; (1 << 20) + 1], &[&identity]);
    refused(&read("s.age", &larger, own(text(&identity))), OutcomeKind::Malformed, "larger than 1 MiB", "right file");
}

#[test]
fn a_passphrase_is_refused_with_its_reason() {
    let mut recipient = age::scrypt::Recipient::new(SecretString::from("not-a-real-passphrase".to_owned()));
    recipient.set_work_factor(2);
    let encryptor = age::Encryptor::with_recipients(iter::once(&recipient as &dyn age::Recipient)).unwrap();
    let mut encrypted = Vec::new();
    let mut writer = encryptor.wrap_output(&mut encrypted).unwrap();
    writer.write_all(ENV).unwrap();
    writer.finish().unwrap();
    for settings in [own(text(&Identity::generate())), [const { None }; 4]] {
        refused(&read("s.env.age", &encrypted, settings), OutcomeKind::Malformed, "passphrase", "age-keygen");
    }
}

#[test]
fn without_a_fitting_identity_nobody_gets_in() {
    let encrypted = encrypt(ENV, &[&Identity::generate()]);
    let check = |settings, message: &str, help: &str| {
        let outcome = read("s.env.age", &encrypted, settings);
        refused(&outcome, OutcomeKind::AuthFailed, message, help);
        outcome
    };
    check([const { None }; 4], "no identity is set", "CONFIGCHECK_AGE_IDENTITY_FILE");
    check(own(""), "no identity is set", "SOPS_AGE_KEY");
    check(own(text(&Identity::generate())), "none of the identities can decrypt this file", "recipients");
    check([None, Some("no/such/file".into()), None, None], "CONFIGCHECK_AGE_IDENTITY_FILE: the identity file cannot be read", "check");
    check([None, None, None, Some("/".into())], "SOPS_AGE_KEY_FILE: the identity file cannot be read", "name a file");
    check([None, None, Some("# none".into()), None], "SOPS_AGE_KEY holds no identity", "AGE-SECRET-KEY-1");
    let mut broken = text(&Identity::generate());
    // No key has this letter.
    broken.replace_range(40..41, "B");
    let outcome = check(own(format!("# mine\n{broken}")), "CONFIGCHECK_AGE_IDENTITY: line 2 is no whole key", "74 characters");
    assert!(!format!("{outcome:?}").contains(&broken[20..30]));
    let (other, line) = (Some(text(&Identity::generate())), Some("not-a-real-key".into()));
    check(
        [other, None, line, None],
        "none of the identities can decrypt this file, and SOPS_AGE_KEY: line 1 is no identity",
        "one key a line",
    );
    let provider = AgeProvider::new().identity_file("/no/such/identity.txt");
    let folder = directory("s.env.age", &encrypted);
    let outcome = fetch(&provider.directory(folder.path()), "age:s.env.age", [const { None }; 4]);
    refused(&outcome, OutcomeKind::AuthFailed, "the identity file that the program names: the identity file", "check the path");
}

#[test]
fn one_item_s_failure_is_its_own() {
    let identity = Identity::generate();
    let folder = directory("good.env.age", &encrypt(ENV, &[&identity]));
    let provider = AgeProvider::new().directory(folder.path());
    let reference = |text: &str| SecretRef::parse(text).unwrap().unwrap();
    let batch = Batch { references: vec![reference("age:missing.env.age"), reference("age:good.env.age")] };
    let context = ConnectContext::new(Instant::now(), None, own(text(&identity)).map(|value| value.map(Secret::new)).into());
    let session = done(provider.connect(&context)).unwrap();
    let outcomes = done(session.fetch(&batch));
    let kinds: Vec<_> = outcomes.iter().map(Outcome::kind).collect();
    assert_eq!(kinds, [OutcomeKind::Absent, OutcomeKind::Found]);
}

#[test]
fn an_option_that_age_has_not_is_a_bad_reference() {
    let check = |text: &str| AgeProvider::new().check(&SecretRef::parse(text).unwrap().unwrap()).is_ok();
    assert!(check("age:s.env.age#JWT_SECRET"));
    assert!(check("age:s.env.age?optional=true#JWT_SECRET"));
    assert!(!check("age:s.env.age?version=3#JWT_SECRET"));
}

#[test]
fn nothing_that_can_be_printed_holds_a_secret() {
    let identity = Identity::generate();
    let folder = directory("s.env.age", &encrypt(ENV, &[&identity]));
    let provider = AgeProvider::new().directory(folder.path()).identity_file("keys.txt");
    std::fs::write(folder.path().join("keys.txt"), text(&identity)).unwrap();
    let outcome = fetch(&provider, "age:s.env.age", [const { None }; 4]);
    let shown = format!("{provider:?} {provider:#?} {outcome:?} {outcome:#?}");
    assert!(shown.contains("JWT_SECRET") && !shown.contains("not-a-real") && !shown.contains("not $real"));
    assert!(!shown.contains("AGE-SECRET-KEY"));
}

/// The file of the hostile bytes, in a place of its own.
fn of_bytes(folder: &Path, bytes: &[u8], identity: &Identity) -> Outcome {
    std::fs::write(folder.join("s.env.age"), bytes).unwrap();
    fetch(&AgeProvider::new().directory(folder), "age:s.env.age", own(text(identity)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..600), head in 0..4_usize) {
        let heads: [&[u8]; 4] = [b"", b"age-encryption.org/v1\n", b"age-encryption.org/v1\n-> X25519 ", b"-----BEGIN AGE ENCRYPTED FILE-----\n"];
        let folder = tempfile::tempdir().unwrap();
        let outcome = of_bytes(folder.path(), &[heads[head], &bytes].concat(), &Identity::generate());
        prop_assert!(outcome.reason().is_some());
    }

    #[test]
    fn no_change_of_a_good_file_is_read(at in any::<prop::sample::Index>(), to in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let identity = Identity::generate();
        let good = encrypt(ENV, &[&identity]);
        let folder = tempfile::tempdir().unwrap();
        let mut changed = good.clone();
        changed[at.index(good.len())] = to;
        if changed != good {
            prop_assert!(of_bytes(folder.path(), &changed, &identity).reason().is_some());
        }
        prop_assert!(of_bytes(folder.path(), &good[..cut.index(good.len())], &identity).reason().is_some());
        let armoured = armour(&good);
        prop_assert!(of_bytes(folder.path(), &armoured[..cut.index(armoured.len() - 1)], &identity).reason().is_some());
    }

    #[test]
    fn any_text_that_is_encrypted_never_panics(plaintext in prop::collection::vec(any::<u8>(), 0..300)) {
        let identity = Identity::generate();
        let folder = tempfile::tempdir().unwrap();
        of_bytes(folder.path(), &encrypt(&plaintext, &[&identity]), &identity);
    }
}
