//! Files that were changed after sops had written them: what sops refuses is refused, and nothing else is ever read.

use std::sync::OnceLock;

use configcheck_core::provider::OutcomeKind;
use proptest::prelude::*;

use crate::real::{decrypted_by_sops, encrypt, read, refused, texts};

const YAML: &str = "user: admin\npassword: hunter2-fake\nempty: \"\"\nports: [80, 443]\ndatabase:\n    password: not-a-real-value\n    tls: true\nregion_unencrypted: eu\nzone_unencrypted: a\n";
const DOTENV: &str = "USER=admin\nPASSWORD=hunter2-fake\nREGION_unencrypted=eu\nZONE_unencrypted=a\nEMPTY=\n";
const INI: &str = "[a]\nuser = admin\npassword = hunter2-fake\nregion_unencrypted = eu\nzone_unencrypted = a\n[b]\npassword = x\n";
const JSON: &str = r#"{"user": "admin", "password": "hunter2-fake", "ports": [80, 443], "database": {"password": "x", "tls": true}, "region_unencrypted": "eu", "zone_unencrypted": 1.5}"#;

const MOVED: &str = "was changed after sops had encrypted it, or moved";
const CHECKSUM: &str = "its checksum does not fit";

/// A change of a file that both sops and we refuse.
fn both_refuse(name: &str, encrypted: &str, changed: &str, message: &str) {
    assert_ne!(encrypted, changed, "the file was changed");
    assert_eq!(decrypted_by_sops(name, changed), None, "sops refuses\n{changed}");
    refused(&read(name, changed), OutcomeKind::Malformed, message, "");
}

/// The line that begins with this, without its blanks.
fn line<'a>(text: &'a str, start: &str) -> &'a str {
    text.lines().find(|line| line.trim_start().starts_with(start)).unwrap()
}

/// What stands behind the key of a line.
fn value_of<'a>(text: &'a str, start: &str) -> &'a str {
    line(text, start).split_once(start).unwrap().1
}

fn swapped(text: &str, a: &str, b: &str) -> String {
    text.replace(a, "\u{1}").replace(b, a).replace('\u{1}', b)
}

/// The changes that can be made to lines of every format, each with its words.
fn changes(name: &str, text: &str, keys: [&str; 4]) {
    let encrypted = encrypt(name, text, &[]);
    let [user, password, region, zone] = keys;
    let check = |changed: &str, message: &str| both_refuse(name, &encrypted, changed, message);
    // Values: moved to another key, cut short, of another type, in clear, emptied.
    check(&swapped(&encrypted, value_of(&encrypted, user), value_of(&encrypted, password)), MOVED);
    check(&encrypted.replacen("data:", "data:AAAA", 1), MOVED);
    check(&encrypted.replacen("iv:", "iv:AAAA", 1), MOVED);
    check(&encrypted.replacen("tag:", "tag:AAAA", 1), MOVED);
    check(&encrypted.replacen("type:str", "type:int", 1), MOVED);
    let value = value_of(&encrypted, password);
    let inside = value.trim_matches([' ', '"', ',', '=']);
    check(&encrypted.replace(inside, ""), CHECKSUM);
    check(&encrypted.replace(inside, "hunter3-fake"), "is not encrypted, and has to be");
    check(&encrypted.replace(inside, &inside.replace("ENC[", "EMC[")), "is not encrypted, and has to be");
    // Keys: renamed, taken away.
    check(&encrypted.replacen(user, &user.replace(['U', 'u'], "x"), 1), MOVED);
    check(&encrypted.replacen(&format!("{}\n", line(&encrypted, user)), "", 1), CHECKSUM);
    // Values in clear: changed, exchanged, taken away.
    check(&swapped(&encrypted, line(&encrypted, region), line(&encrypted, zone)), CHECKSUM);
    let clear = line(&encrypted, region);
    check(&encrypted.replace(clear, &clear.replace("eu", "us")), CHECKSUM);
    check(&encrypted.replacen(&format!("{}\n", line(&encrypted, region)), "", 1), CHECKSUM);
}

#[test]
fn a_changed_file_is_refused_in_every_format() {
    changes("s.yaml", YAML, ["user:", "password:", "region_unencrypted:", "zone_unencrypted:"]);
    changes("s.env", DOTENV, ["USER=", "PASSWORD=", "REGION_unencrypted=", "ZONE_unencrypted="]);
    // sops aligns the keys of a section.
    changes("s.ini", INI, ["user ", "password ", "region_unencrypted ", "zone_unencrypted "]);
}

#[test]
fn a_changed_json_file_is_refused() {
    let encrypted = encrypt("s.json", JSON, &[]);
    let check = |changed: &str, message: &str| both_refuse("s.json", &encrypted, changed, message);
    check(&swapped(&encrypted, value_of(&encrypted, "\"user\":"), value_of(&encrypted, "\"password\":")), MOVED);
    check(&encrypted.replacen("\"user\"", "\"uzer\"", 1), MOVED);
    check(&encrypted.replacen("\"eu\"", "\"us\"", 1), CHECKSUM);
    check(&encrypted.replacen("1.5", "1.25", 1), CHECKSUM);
    check(&encrypted.replacen(&format!("{}\n", line(&encrypted, "\"user\":")), "", 1), CHECKSUM);
    let items: Vec<&str> = encrypted.lines().filter(|line| line.trim_start().starts_with("\"ENC[")).collect();
    let items = items.iter().map(|line| line.trim().trim_end_matches(',')).collect::<Vec<_>>();
    // Items of a list have one place together: their order is the checksum's to keep.
    check(&swapped(&encrypted, items[0], items[1]), CHECKSUM);
}

#[test]
fn what_sops_wrote_about_a_file_cannot_be_changed() {
    let encrypted = encrypt("s.yaml", YAML, &[]);
    let other = encrypt("s.yaml", YAML, &[]);
    let check = |changed: &str, message: &str| both_refuse("s.yaml", &encrypted, changed, message);
    let mac = line(&encrypted, "mac:");
    check(&encrypted.replace(mac, line(&other, "mac:")), CHECKSUM);
    check(&encrypted.replace(&format!("{mac}\n"), ""), "its checksum (`mac`) is missing");
    check(&encrypted.replace(mac, "    mac: \"\""), "its checksum (`mac`) is missing");
    check(&encrypted.replace(mac, &mac.replacen("type:str", "type:int", 1)), CHECKSUM);
    let modified = line(&encrypted, "lastmodified:");
    check(&encrypted.replace(modified, "    lastmodified: \"2020-01-01T00:00:00Z\""), CHECKSUM);
    check(&encrypted.replace(&format!("{modified}\n"), ""), "does not say when it was last modified");
    check(&encrypted.replace("unencrypted_suffix: _unencrypted", "unencrypted_suffix: word"), "");
    check(&encrypted.replace("unencrypted_suffix: _unencrypted", "mac_only_encrypted: true"), CHECKSUM);
    check(&encrypted.replace("unencrypted_suffix: _unencrypted", "encrypted_regex: ."), "is not encrypted, and has to be");
    check(&encrypted.replace("    unencrypted_suffix", "    encrypted_suffix: x\n    unencrypted_suffix"), "more than one rule");
    check(&encrypted.replace("YWdlLWVuY3J5cHRpb24ub3JnL3YxC", "YWdlLWVuY3J5cHRpb24ub3JnL3YyC"), "the key of the file");
    check(encrypted.split_once("sops:").unwrap().0, "not encrypted with sops");
    // A value of another file has another key.
    check(&encrypted.replace(line(&encrypted, "user:"), line(&other, "user:")), MOVED);
}

#[test]
fn a_file_that_covers_encrypted_values_only_takes_no_new_ones_in_clear() {
    let encrypted = encrypt("s.yaml", YAML, &["mac_only_encrypted: true"]);
    both_refuse("s.yaml", &encrypted, &format!("more: in clear\n{encrypted}"), "is not encrypted, and has to be");
    // What stands in clear is not covered there, as with sops.
    let changed = encrypted.replace("region_unencrypted: eu", "region_unencrypted: us");
    assert_eq!(Some(texts(&read("s.yaml", &changed))), decrypted_by_sops("s.yaml", &changed));
}

#[test]
fn a_file_that_is_cut_short_anywhere_is_refused() {
    for (name, encrypted) in files() {
        let whole = texts(&read(name, encrypted));
        for end in (0..encrypted.trim_end().len()).step_by(5) {
            let outcome = read(name, &encrypted[..end]);
            // Behind the checksum nothing stands that a file needs.
            assert!(outcome.reason().is_some() || texts(&outcome) == whole, "{name} cut at {end}");
        }
    }
}

/// One change of a text at an arbitrary place.
#[derive(Clone, Debug)]
enum Change {
    Byte(prop::sample::Index, u8),
    Remove(prop::sample::Index),
    Double(prop::sample::Index),
    Swap(prop::sample::Index, prop::sample::Index),
    Splice(prop::sample::Index, prop::sample::Index, prop::sample::Index),
}

fn change() -> impl Strategy<Value = Change> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        4 => (index(), prop_oneof![b' '..=b'~', Just(b'\n')]).prop_map(|(at, byte)| Change::Byte(at, byte)),
        1 => index().prop_map(Change::Remove),
        1 => index().prop_map(Change::Double),
        1 => (index(), index()).prop_map(|(a, b)| Change::Swap(a, b)),
        1 => (index(), index(), index()).prop_map(|(from, to, at)| Change::Splice(from, to, at)),
    ]
}

impl Change {
    fn apply(&self, text: &str) -> String {
        let mut lines: Vec<&str> = text.lines().collect();
        match self {
            Self::Byte(at, byte) => {
                let mut bytes = text.as_bytes().to_vec();
                bytes[at.index(text.len())] = *byte;
                return String::from_utf8(bytes).unwrap();
            }
            Self::Remove(at) => {
                let at = at.index(lines.len());
                lines.remove(at);
            }
            Self::Double(at) => {
                let at = at.index(lines.len());
                lines.insert(at, lines[at]);
            }
            Self::Swap(a, b) => {
                let (a, b) = (a.index(lines.len()), b.index(lines.len()));
                lines.swap(a, b);
            }
            Self::Splice(from, to, at) => {
                let (from, to, at) = (from.index(text.len()), to.index(text.len()), at.index(text.len()));
                return format!("{}{}{}", &text[..at], &text[from.min(to)..from.max(to)], &text[at..]);
            }
        }
        lines.join("\n") + "\n"
    }
}

/// An encrypted file of every format.
fn files() -> &'static [(&'static str, String); 4] {
    static FILES: OnceLock<[(&str, String); 4]> = OnceLock::new();
    FILES.get_or_init(|| {
        [("s.yaml", YAML), ("s.json", JSON), ("s.env", DOTENV), ("s.ini", INI)].map(|(name, text)| (name, encrypt(name, text, &[])))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// What we read of a changed file is what was written, where the change is one of a comment or the name of a recipient; or it is
    /// what sops reads too, since its checksum does not cover the change.
    #[test]
    fn no_change_is_read_as_something_else(changes in prop::collection::vec(change(), 1..3), which in 0..4_usize) {
        let (name, encrypted) = &files()[which];
        let changed = changes.iter().fold(encrypted.clone(), |text, change| change.apply(&text));
        let outcome = read(name, &changed);
        if outcome.reason().is_none() && texts(&outcome) != texts(&read(name, encrypted)) {
            prop_assert_eq!(Some(texts(&outcome)), decrypted_by_sops(name, &changed), "{}", changed);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), which in 0..5_usize) {
        let name = ["s.yaml", "s.json", "s.env", "s.ini", "s.bin"][which];
        prop_assert!(read(name, &bytes).reason().is_some());
    }
}
