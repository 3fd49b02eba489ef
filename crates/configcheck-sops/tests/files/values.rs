//! Every kind of value in every format, as the real sops writes and decrypts it.

use configcheck_core::provider::{Outcome, OutcomeKind, Payload};

use crate::real::{Key, decrypted_by_sops, encrypt, folder, read, refused, rows, sops, texts, try_encrypt};

/// Encrypts a text, and sees that we make of it what sops makes of it; the values by path.
fn agrees(name: &str, text: &str, rule: &[&str]) -> Vec<(String, String)> {
    let encrypted = encrypt(name, text, rule);
    let found = texts(&read(name, &encrypted));
    assert_eq!(Some(&found), decrypted_by_sops(name, &encrypted).as_ref(), "{encrypted}");
    found
}

fn value<'a>(rows: &'a [(String, String)], path: &str) -> &'a str {
    rows.iter().find(|(name, _)| name == path).map_or_else(|| panic!("{path} is there: {rows:?}"), |(_, value)| value.as_str())
}

const YAML: &str = r##"# the database of tests
database:
    password: hunter2-fake # not a real one
    port: 5432
    hosts: [a.example, b.example, {name: c.example}, [deep]]
empty: ""
single: ''
integers: {oct: 0o17, old: 017, hex: 0x1F, bin: 0b11, under: 1_000, neg: -7, plus: +5, zero: 0, negzero: -0}
big: 9223372036854775807
small: -9223372036854775808
huge: 123456789012345678901234567890
floats: {a: 1e10, b: 0.1, c: -0.0, d: 1.0, e: 1e300, f: 1e-7, g: .5, h: 1., i: 08, j: 5e-324}
words: {yes: yes, on: on, t: true, F: FALSE, "null": "null", tilde: "~", inf: ".inf"}
nothing:
tilde: ~
times: {day: 2024-01-02, z: 2024-01-02T03:04:05Z, frac: 2001-12-14t21:59:43.10-05:00, blank: 2024-01-02 03:04:05.5, no: 2024-01-02 03:04:05 +02:00}
tagged: {s: !!str 12, b: !!binary aGVsbG8=}
text: |
    -----BEGIN FAKE KEY-----
    not a real key

    -----END FAKE KEY-----
folded: >-
    a
    b
unicode: "ü→😀 \u0000\t\\ \u2028"
"key with: colon": v
"ключ": v
emptymap: {}
emptylist: []
lists: [[], {}, "", null, [[1]]]
x_unencrypted: clear
y_unencrypted: {k: 1.50, d: 2024-01-02, b: true, n: null, big: 1e+20, oct: 017, s: "1", t: "true", e: "", m: "a\nb\n", u: "ü😀", c: "#x: y", sp: " x ", enc: "ENC[AES256_GCM,data:x]"}
"##;

#[test]
fn yaml_of_all_kinds() {
    let rows = agrees("secrets.enc.yaml", YAML, &[]);
    for (path, expected) in [
        ("database.password", "hunter2-fake"),
        ("database.port", "5432"),
        ("database.hosts.1", "b.example"),
        ("database.hosts.2.name", "c.example"),
        ("empty", ""),
        ("integers.hex", "31"),
        ("floats.a", "10000000000"),
        ("floats.c", "-0"),
        ("words.yes", "yes"),
        ("words.F", "false"),
        ("times.day", "2024-01-02T00:00:00Z"),
        ("text", "-----BEGIN FAKE KEY-----\nnot a real key\n\n-----END FAKE KEY-----\n"),
        ("y_unencrypted.k", "1.5"),
        ("y_unencrypted.enc", "ENC[AES256_GCM,data:x]"),
    ] {
        assert_eq!(value(&rows, path), expected, "{path}");
    }
    assert!(rows.iter().all(|(path, _)| path != "nothing" && path != "tilde"), "a key without a value is not there");
}

#[test]
fn yaml_numbers_that_json_cannot_say() {
    let encrypted = encrypt("s.yaml", "a: .inf\nb: -.inf\nc: .nan\nd_unencrypted: [.inf, -.Inf, .NaN]\n", &[]);
    let found = texts(&read("s.yaml", &encrypted));
    let expected =
        [("a", "+Inf"), ("b", "-Inf"), ("c", "NaN"), ("d_unencrypted.0", "+Inf"), ("d_unencrypted.1", "-Inf"), ("d_unencrypted.2", "NaN")];
    assert_eq!(found, expected.map(|(path, value)| (path.to_owned(), value.to_owned())));
}

#[test]
fn yaml_with_merged_keys_and_bytes() {
    let rows = agrees("s.yaml", "b: &b {c: 1}\nd: {<<: *b, e: 2}\nf: *b\n", &[]);
    assert_eq!(value(&rows, "d.<<.c"), "1");
    let encrypted = encrypt("s.yaml", "a: !!binary gIGC\nb_unencrypted: !!binary gIGC\n", &[]);
    let bytes = vec![0x80, 0x81, 0x82];
    assert_eq!(rows_of(&encrypted), vec![("a".to_owned(), bytes.clone()), ("b_unencrypted".to_owned(), bytes)]);
}

fn rows_of(encrypted: &str) -> Vec<(String, Vec<u8>)> {
    rows(&read("s.yaml", encrypted))
}

#[test]
fn a_number_that_sops_turns_into_another_fails_with_us_as_with_sops() {
    let encrypted = encrypt("s.yaml", "a_unencrypted: -0.0\n", &[]);
    assert_eq!(decrypted_by_sops("s.yaml", &encrypted), None);
    assert!(read("s.yaml", &encrypted).reason().is_some());
    assert_eq!(try_encrypt("s.yaml", b"a: 9223372036854775808\n", &[]), None);
}

#[test]
fn json_of_all_kinds() {
    let text = r#"{"a": {"b": ["x", 1, {"c": true}], "n": null}, "one": 1.0, "big": 12345678901234567890, "e": 1e30, "neg": -0.0, "": "k",
        "empty": "", "i": {}, "j": [], "u": "ü😀\u2028\u0000\ud83d\ude00", "x_unencrypted": {"n": 1e21, "m": 5, "t": "<&>\u2028\"\\", "z": -0.0, "b": false}}"#;
    let rows = agrees("secrets.json", text, &[]);
    for (path, expected) in [("a.b.0", "x"), ("a.b.1", "1"), ("a.b.2.c", "true"), ("one", "1"), ("big", "12345678901234567000"), ("", "k")]
    {
        assert_eq!(value(&rows, path), expected, "{path}");
    }
}

#[test]
fn a_dotenv_file_of_all_kinds() {
    let text = "# comment\nA=1\nB=\"quoted # x\"\nEMPTY=\nML=a\\nb\nSP= lead trail \nU_unencrypted=clear \"value\"\nD='x'\nE=a=b\nÜ=ü\n";
    let rows = agrees("secrets.env", text, &[]);
    assert_eq!((value(&rows, "B"), value(&rows, "ML"), value(&rows, "SP")), ("\"quoted # x\"", "a\nb", " lead trail "));
    // The same file of a shell, of which the later of two counts, and the `export` is no part of the name.
    let encrypted = encrypt("secrets.env", "A=1\nexport C=2\nA=again\n", &[]);
    assert_eq!(texts(&read("secrets.env", &encrypted)), [("A".into(), "again".into()), ("C".into(), "2".into())]);
    assert_eq!(texts(&read("secrets.env", encrypted.replace('\n', "\r\n"))).len(), 2, "line ends are none of sops' business");
    assert_eq!(texts(&read(".env.enc", &encrypted)).len(), 2, "the text says it where the name does not");
}

#[test]
fn an_ini_file_of_all_kinds() {
    let text = "; top\nglobal = 1\n[sec one]\n; c\na = hello\nb = \"quo ted\"\nc = `back # tick`\nd = \ne = x ; inline\nu_unencrypted = \"  sp \"\n\
                v_unencrypted = `a#b`\nw_unencrypted = \"\"\"a\nb\"\"\"\nq_unencrypted='it''s'\n[sec.two]\n`k:colon` = z\nx=%(a)s\n";
    let rows = agrees("app.ini", text, &[]);
    for (path, expected) in [
        ("DEFAULT.global", "1"),
        ("sec one.c", "back # tick"),
        ("sec one.e", "x"),
        ("sec one.u_unencrypted", "  sp "),
        ("sec one.w_unencrypted", "a\nb"),
        ("sec.two.k:colon", "z"),
    ] {
        assert_eq!(value(&rows, path), expected, "{path}");
    }
    assert_eq!(texts(&read("app.ini.enc", encrypt("app.ini", text, &[]))), rows);
}

#[test]
fn a_binary_file_is_one_value() {
    for bytes in [&b"\x00\x80\xff not a real key\r\n"[..], b"{\"a\": 1}\n", b"x"] {
        let encrypted = try_encrypt("tls.key", bytes, &[]).unwrap();
        let outcome = read("tls.key", &encrypted);
        assert!(matches!(&outcome, Outcome::Found(fetched) if matches!(fetched.payload, Payload::Value(_))));
        assert_eq!(rows(&outcome), [(String::new(), bytes.to_vec())]);
    }
    // Of a JSON file with another name, every value is there.
    let encrypted = encrypt("s.json", "{\"data\": \"x\", \"more\": \"y\"}", &[]);
    assert_eq!(texts(&read("s.json.enc", &encrypted)).len(), 2);
}

#[test]
fn what_is_encrypted_is_for_the_file_to_say() {
    let yaml = "# clear-these\na: {password: x, port: 1}\nb_secret: {c: y, d: [1, {password: z}]}\n# hide-this\npassword: w\n_e: 1.50\n";
    for rule in [
        &["unencrypted_suffix: _secret"][..],
        &["encrypted_suffix: _secret"],
        &["encrypted_regex: ^pass(word)?$"],
        &[r"encrypted_regex: '(?i)\bPASSWORD\b|[[:digit:]]'"],
        &["unencrypted_regex: ^(a|d)$"],
        &["encrypted_regex: ^password$", "mac_only_encrypted: true"],
        &["unencrypted_regex: ^(a|d)$", "mac_only_encrypted: true"],
        &["mac_only_encrypted: true"],
    ] {
        let rows = agrees("s.yaml", yaml, rule);
        assert_eq!((value(&rows, "password"), value(&rows, "b_secret.d.1.password")), ("w", "z"), "{rule:?}");
        agrees("s.json", r#"{"a": {"password": "x", "port": 1}, "b_secret": {"c": "y"}, "password": "w", "n": 1.50}"#, rule);
        agrees("s.env", "A=1\npassword=w\nX_secret=x\na=b\n", rule);
        agrees("s.ini", "[a]\npassword=w\nX_secret=x\n[password]\nb=c\n", rule);
    }
}

#[test]
fn comments_say_what_is_encrypted() {
    let yaml = "# clear-these\na: {password: x, port: 1}\nb: y\n# hide-this\npassword: w\nt: 2024-01-02\n";
    for rule in ["encrypted_comment_regex: hide-this", "unencrypted_comment_regex: clear-these"] {
        assert_eq!(value(&agrees("s.yaml", yaml, &[rule]), "password"), "w");
        let encrypted = encrypt("s.yaml", yaml, &[rule, "mac_only_encrypted: true"]);
        assert!(encrypted.contains("mac_only_encrypted: true"), "{encrypted}");
        refused(&read("s.yaml", &encrypted), OutcomeKind::Malformed, "goes by comments", "encrypt it again");
    }
}

#[test]
fn a_file_for_several_recipients_is_read_with_any_of_their_keys() {
    let other = Key::new();
    let both = format!("age: {},{}", other.recipient, Key::shared().recipient);
    let encrypted = encrypt("s.yaml", "a: hunter2-fake\n", &[&both]);
    assert_eq!(encrypted.matches("recipient:").count(), 2, "{encrypted}");
    let place = folder("s.yaml", encrypted.as_bytes());
    let provider = configcheck_sops::SopsProvider::new().directory(place.path());
    for key in [Key::shared(), &other] {
        assert_eq!(texts(&crate::real::fetch(&provider, "sops:s.yaml", key.settings())), [("a".into(), "hunter2-fake".into())]);
    }
}

#[test]
fn a_file_that_was_edited_with_sops_is_read() {
    let place = folder("s.yaml", encrypt("s.yaml", "a: 1\nb: [x]\nc: old\n", &[]).as_bytes());
    assert!(sops(place.path(), &["set", "s.yaml", "[\"a\"]", "{\"k\": [true, 1.5, \"\"]}"]).status.success());
    assert!(sops(place.path(), &["unset", "s.yaml", "[\"c\"]"]).status.success());
    assert!(sops(place.path(), &["rotate", "-i", "s.yaml"]).status.success());
    let encrypted = std::fs::read_to_string(place.path().join("s.yaml")).unwrap();
    let found = texts(&read("s.yaml", &encrypted));
    assert_eq!(Some(&found), decrypted_by_sops("s.yaml", &encrypted).as_ref());
    assert_eq!((value(&found, "a.k.0"), value(&found, "a.k.2"), found.len()), ("true", "", 4));
}
