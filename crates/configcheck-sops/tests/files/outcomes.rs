//! Every outcome of a `sops:` reference, and that nothing that can be printed holds a secret.

use std::fs;
use std::time::{Duration, Instant};

use configcheck_core::provider::OutcomeKind::{Absent, AuthFailed, Found, Malformed};
use configcheck_core::{Provider as _, SecretRef};
use configcheck_sops::SopsProvider;

use crate::real::{Key, encrypt, fetch, folder, read, read_two, refused, texts};

const YAML: &str = "password: hunter2-fake\nport: 5432\n";
const NONE: [Option<String>; 6] = [const { None }; 6];

#[test]
fn every_source_of_identities_is_tried() {
    let key = Key::shared();
    let place = folder("s.yaml", encrypt("s.yaml", YAML, &[]).as_bytes());
    let at = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    fs::write(at("keys.txt"), format!("# created: today\n# public key: {}\n{}\n", key.recipient, key.identity)).unwrap();
    fs::create_dir_all(at("config/sops/age")).unwrap();
    fs::copy(at("keys.txt"), at("config/sops/age/keys.txt")).unwrap();
    fs::create_dir_all(at("home/.config/sops/age")).unwrap();
    fs::copy(at("keys.txt"), at("home/.config/sops/age/keys.txt")).unwrap();
    let provider = SopsProvider::new().directory(place.path());
    let (identity, file) = (Some(key.identity.clone()), Some(at("keys.txt")));
    for settings in [
        [identity.clone(), None, None, None, None, None],
        [None, file.clone(), None, None, None, None],
        [None, None, identity, None, None, None],
        [None, None, None, file.clone(), None, None],
        [None, None, None, None, Some(at("config")), None],
        [None, None, None, None, None, Some(at("home"))],
        [None, None, None, None, Some(at("config")), Some("/no/such/folder".into())],
        // A broken source does not hinder a good one.
        [Some("not-a-real-key".into()), None, Some(Key::new().identity), file, None, None],
    ] {
        assert_eq!(texts(&fetch(&provider, "sops:s.yaml", settings)).len(), 2);
    }
    assert_eq!(texts(&fetch(&provider.identity_file("keys.txt"), "sops:s.yaml", NONE)).len(), 2);
}

#[test]
fn without_a_fitting_identity_nobody_gets_in() {
    let place = folder("s.yaml", encrypt("s.yaml", YAML, &[]).as_bytes());
    let provider = SopsProvider::new().directory(place.path());
    let recipient = &Key::shared().recipient;
    let ask = |settings| fetch(&provider, "sops:s.yaml", settings);
    let sentence = format!("no identity is set to decrypt the file with; it is encrypted for {recipient}");
    refused(&ask(NONE), AuthFailed, &sentence, "SOPS_AGE_KEY_FILE");
    refused(&ask([None, None, None, None, None, Some("/no/such/home".into())]), AuthFailed, &sentence, "CONFIGCHECK_AGE_IDENTITY");
    let sentence = format!("none of the identities can decrypt this file; it is encrypted for {recipient}");
    refused(&ask(Key::new().settings()), AuthFailed, &sentence, "sops updatekeys s.yaml");
    let broken = [None, None, None, Some("no/such/file".into()), None, None];
    refused(&ask(broken), AuthFailed, "SOPS_AGE_KEY_FILE: the identity file cannot be read", "check the path");
    fs::create_dir_all(place.path().join("sops/age")).unwrap();
    fs::write(place.path().join("sops/age/keys.txt"), "not-a-real-key\n").unwrap();
    let own = [None, None, None, None, Some(place.path().to_str().unwrap().into()), None];
    refused(&ask(own), AuthFailed, "the key file of sops (sops/age/keys.txt): line 1 is no identity", "one key a line");
}

#[test]
fn a_file_that_is_not_encrypted_with_sops_is_told() {
    for (name, text) in
        [("s.yaml", YAML), ("s.json", "{\"a\": 1}"), ("s.env", "A=1\n"), ("s.ini", "[a]\nb = 1\n"), ("s.bin", "{}"), ("s.yaml", "")]
    {
        let help = format!("sops encrypt -i {name}");
        refused(&read(name, text), Malformed, "the file is not encrypted with sops", &help);
    }
    refused(&read("s.key", b"\x00\xff\x80"), Malformed, "no text in UTF-8, and so not encrypted with sops", "sops encrypt -i s.key");
}

#[test]
fn what_is_encrypted_otherwise_is_named() {
    let of = |services: &str| {
        format!("a: ENC[x]\nsops:\n{services}    lastmodified: \"2026-01-01T00:00:00Z\"\n    mac: ENC[x]\n    version: 3.11.0\n")
    };
    let kms = of("    kms:\n        - arn: arn:aws:kms:eu-west-1:123456789012:key/x\n          enc: AA==\n    age: []\n");
    refused(&read("s.yaml", kms), AuthFailed, "encrypted for AWS KMS only", "sops updatekeys s.yaml");
    let pgp = of("    pgp:\n        - fp: ABCD\n    azure_kv:\n        - name: x\n");
    refused(&read("s.yaml", pgp), AuthFailed, "encrypted for PGP and Azure Key Vault only", "add an age recipient");
    refused(&read("s.yaml", of("    kms: []\n").replace("3.11.0", "4.0.0")), Malformed, "a version of sops that is not known", "sops 3");
}

#[test]
fn several_key_groups_are_refused_aloud() {
    let groups = format!("key_groups: [{{age: [{}]}}, {{age: [{}]}}]", Key::shared().recipient, Key::new().recipient);
    for (name, text) in [("s.yaml", YAML), ("s.json", "{\"a\": 1}"), ("s.env", "A=1\n"), ("s.ini", "[a]\nb = 1\n")] {
        let encrypted = encrypt(name, text, &[&groups, "shamir_threshold: 2"]);
        assert!(encrypted.contains("key_groups"), "{encrypted}");
        refused(&read(name, &encrypted), Malformed, "several key groups", "leave `key_groups` out");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_told_apart() {
    let place = folder("s.yaml", encrypt("s.yaml", YAML, &[]).as_bytes());
    fs::write(place.path().join("large.yaml"), vec![b'a'; (2 << 20) + 1]).unwrap();
    let provider = SopsProvider::new().directory(place.path());
    let ask = |reference: &str| fetch(&provider, reference, Key::shared().settings());
    refused(&ask("sops:other.yaml"), Absent, "there is no file at this path", "check the path");
    fs::create_dir(place.path().join("folder")).unwrap();
    refused(&ask("sops:folder"), Malformed, "directory", "name a file");
    refused(&ask("sops:large.yaml"), Malformed, "larger than 2 MiB", "right file");
    assert_eq!(texts(&ask(&format!("sops:{}", place.path().join("s.yaml").display()))).len(), 2, "a path may be absolute");
    assert_eq!(read_two(&provider, ["sops:other.yaml", "sops:s.yaml"]), [Absent, Found], "one item's failure is its own");
}

#[test]
fn a_key_with_a_dot_that_means_two_values_is_refused() {
    assert_eq!(texts(&read("s.yaml", encrypt("s.yaml", "a.b: 1\na: {c: 2}\n", &[]))).len(), 2);
    let encrypted = encrypt("s.yaml", "a.b: 1\na: {b: 2}\n", &[]);
    refused(&read("s.yaml", &encrypted), Malformed, "the value on line 3 has the same path", "rename one of the two keys");
}

#[test]
fn yaml_that_sops_reads_and_we_do_not_is_refused_aloud() {
    let documents = encrypt("s.yaml", "a: 1\n---\nb: 2\n", &[]);
    refused(&read("s.yaml", &documents), Malformed, "a second YAML document starts here", "");
    let twice = encrypt("s.json", "{\"a\": 1, \"a\": 2}", &[]);
    refused(
        &read("s.json", &twice),
        Malformed,
        "line 3 of the encrypted file cannot be read: this key stands here for the second time",
        "",
    );
}

#[test]
fn an_option_that_sops_has_not_is_a_bad_reference() {
    let check = |text: &str| SopsProvider::new().check(&SecretRef::parse(text).unwrap().unwrap()).is_ok();
    assert!(check("sops:s.yaml#/a/b") && check("sops:s.yaml?optional=true#a") && check("sops:s.yaml?trim_nl=1&encoding=base64#a"));
    assert!(!check("sops:s.yaml?version=3#a"));
}

#[test]
fn nothing_that_can_be_printed_holds_a_secret() {
    let encrypted = encrypt("s.yaml", "password: hunter2-fake\nlist: [not-a-real-value]\npin_unencrypted: 1\n", &[]);
    let place = folder("s.yaml", encrypted.as_bytes());
    let provider = SopsProvider::new().directory(place.path()).identity_file("keys.txt");
    fs::write(place.path().join("keys.txt"), &Key::shared().identity).unwrap();
    let outcome = fetch(&provider, "sops:s.yaml", NONE);
    let mut shown = format!("{provider:?} {provider:#?} {outcome:?} {outcome:#?}");
    assert!(shown.contains("password"), "{shown}");
    for (at, _) in encrypted.char_indices().step_by(7) {
        let mut changed = encrypted.clone();
        changed.replace_range(at..=at, "~");
        let outcome = read("s.yaml", &changed);
        shown += &format!("{outcome:?}");
    }
    assert!(!shown.contains("hunter2") && !shown.contains("not-a-real") && !shown.contains("AGE-SECRET-KEY-1Q"), "{shown}");
    assert!(!shown.contains(&Key::shared().identity) && !shown.contains("ENC["), "{shown}");
}

#[test]
fn a_hostile_file_costs_little() {
    let start = Instant::now();
    let sops = "sops:\n  version: 3.11.0\n  lastmodified: x\n  mac: x\n";
    let stanza = "  - {recipient: age1x, enc: \"-----BEGIN AGE ENCRYPTED FILE-----\\nYWdl\\n-----END AGE ENCRYPTED FILE-----\"}\n";
    for (name, text) in [
        ("s.yaml", "[".repeat(1 << 20)),
        ("s.yaml", "a: ".to_owned() + &"{a: ".repeat(1 << 18)),
        ("s.yaml", "- ".repeat(1 << 20)),
        ("s.yaml", "? ".repeat(1 << 20)),
        ("s.yaml", "a: &a [x]\nb: &b [*a,*a]\n".repeat(1 << 15)),
        ("s.yaml", "ENC[AES256_GCM,".repeat(1 << 17)),
        ("s.yaml", "!".repeat(1 << 20)),
        ("s.yaml", "\"".repeat(1 << 20)),
        ("s.yaml", format!("{sops}  age:\n{}", stanza.repeat(15_000))),
        ("s.yaml", format!("{sops}  encrypted_regex: \"{}\"\n", "(a{9}){9}".repeat(100))),
        ("s.json", "[".repeat(1 << 20)),
        ("s.json", "{\"a\":".repeat(1 << 18)),
        ("s.json", format!("{{\"a\": [{}]}}", "0,".repeat(1 << 19))),
        ("s.json", format!("{{\"a\": \"{}", "\\u0041".repeat(1 << 18))),
        ("s.env", "a=\n".repeat(1 << 19)),
        ("s.env", "sops_age__list_18446744073709551615__map_enc=x\n".to_owned()),
        ("s.ini", "[a]\n".repeat(1 << 18)),
        ("s.ini", "a=`".repeat(1 << 18)),
        ("s.ini", "a=`\n".repeat(1 << 18)),
    ] {
        let outcome = read(name, &text[..text.len().min(2 << 20)]);
        assert!(outcome.reason().is_some(), "{name}: {}", &text[..20]);
    }
    assert!(start.elapsed() < Duration::from_mins(1), "{:?}", start.elapsed());
}
