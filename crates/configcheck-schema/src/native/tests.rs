//! The native form read back: what a struct says is the same afterwards, and what is no schema is refused at its place.
#![allow(clippy::unwrap_used, clippy::panic, clippy::use_debug, dead_code)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use configcheck::{AppConfig, ConfigValue, Environment, Secret, Url};
use configcheck_core::Schema;
use configcheck_core::environment::EnvironmentKind;
use configcheck_core::schema::{Aspect, FieldSpec, Guess, Member, Sensitivity, Shape, TypeSpec, VariableName};
use proptest::prelude::*;

use crate::{SchemaKind, read};

/// A service with one of everything.
#[derive(AppConfig)]
#[config(name = "checkout", environments(qa = staging, prod_eu = production))]
pub(super) struct Settings {
    app_env: Environment,
    /// Port of the server.
    /// Second line, with "quotes".
    #[config(default = 8080)]
    #[validate(range(min = 1024, exclusive_max = 49152))]
    port: u16,
    #[config(default(development = "postgres://localhost/orders"), example = "postgres://user:password@host/orders")]
    database_url: Secret<Url>,
    #[validate(length(min = 32, message = "a long key", code = "short"))]
    #[config(from = "vault:secret/data/{environment}/checkout#jwt_secret", alias("JWT_KEY", "OLD_JWT"))]
    jwt_secret: Secret<String>,
    #[config(env = "FF_NEW", default = false, live)]
    new_checkout: bool,
    #[config(required_in(staging, prod_eu), deprecated(since = "2.0", note = "use SENTRY_URL"))]
    sentry_dsn: Option<Secret<Url>>,
    #[config(default(test = 0.5), default(qa = -0.25), forbid_default_in(production))]
    #[validate(range(min = -1.5, max = 1e300))]
    rate: f64,
    #[config(separator = ";")]
    #[validate(length(max = 3))]
    hosts: Vec<SocketAddr>,
    labels: Option<BTreeMap<String, u8>>,
    #[config(default = "info")]
    level: Level,
    big: Option<u128>,
    low: Option<i128>,
    #[config(default = "30s")]
    wait: Duration,
    #[config(allow_empty, public)]
    motto: String,
    #[config(requires("tls_key"), one_of = "tls")]
    tls_cert: Option<PathBuf>,
    #[config(conflicts("tls_none"))]
    tls_key: Option<PathBuf>,
    #[config(one_of = "tls")]
    tls_none: Option<bool>,
    #[config(nested)]
    redis: Redis,
    #[config(nested)]
    mail: Option<Mail>,
    #[config(flatten)]
    limits: Limits,
    last: char,
}

#[derive(ConfigValue)]
#[config(rename_all = "kebab-case")]
enum Level {
    Info,
    VeryLoud,
}

#[derive(AppConfig)]
struct Redis {
    url: Url,
    #[config(requires("url"))]
    pool_size: Option<u32>,
}

#[derive(AppConfig)]
struct Mail {
    host: String,
    #[config(nested)]
    login: Option<Login>,
    #[config(nested)]
    retry: Retry,
}

#[derive(AppConfig)]
struct Login {
    user: String,
    password: Secret<String>,
}

#[derive(AppConfig)]
struct Retry {
    times: Option<u8>,
}

#[derive(AppConfig)]
struct Limits {
    requests: Option<u64>,
}

/// What a file can say of a schema: everything but what only Rust knows.
fn facts(schema: &Schema) -> String {
    let mut text = format!("{} {:?} {:?} {}\n", schema.name(), schema.doc(), schema.environments(), schema.needs_environment());
    for (index, key) in schema.keys().iter().enumerate() {
        let group = key.group.map(|group| &schema.groups()[usize::from(group)].path);
        let unsaid = FieldSpec { variable: VariableName::Exact(""), rust_type: "", defaults: &[], ..*key.spec };
        // The text of a hidden default stays in the service.
        let defaults: Vec<_> =
            key.spec.defaults.iter().map(|default| (default.environments, (!key.spec.hides_value()).then_some(default.text))).collect();
        let named = schema.key_named(key.variable.as_bytes()).map(|named| named.key);
        assert_eq!(named, Some(index));
        writeln!(text, "{} {} {} {group:?} {defaults:?} {unsaid:?}", key.variable, key.path, key.file_path).unwrap();
    }
    for group in schema.groups() {
        writeln!(text, "{group:?}").unwrap();
    }
    text
}

fn round_trip(schema: &Schema) -> Schema {
    let written = schema.to_json();
    let file = read(written.as_bytes()).unwrap_or_else(|error| panic!("{}:{} {error}\n{written}", error.line, error.column));
    assert_eq!((file.kind, file.notes.len(), file.places.len()), (SchemaKind::Native, 0, schema.keys().len()));
    assert_eq!(file.schema.to_json(), written);
    assert_eq!(facts(&file.schema), facts(schema));
    file.schema
}

#[test]
fn a_struct_is_the_same_when_it_is_read_back() {
    let schema = round_trip(&Settings::schema());
    let big = schema.keys().iter().find(|key| key.path == "big").unwrap();
    assert_eq!(big.spec.type_spec, TypeSpec::Integer { min: 0, max: u128::MAX });
    assert!(schema.is_table("mail.retry") && !schema.is_table("limits"));
    let pretty: serde_json::Value = serde_json::from_str(&round_trip(&Redis::schema()).to_json()).unwrap();
    assert_eq!(read(format!("\n {pretty:#}").as_bytes()).unwrap().schema.keys().len(), 2);
}

#[test]
fn guesses_and_hidden_keys_are_the_same_when_they_are_read_back() {
    const MEMBERS: &[Member] = &[
        Member::Field(FieldSpec {
            field: "a",
            file_key: "a",
            variable: VariableName::Exact("A.b"),
            sensitivity: Sensitivity::Hidden,
            type_spec: TypeSpec::List(&TypeSpec::Map(&TypeSpec::Other, &TypeSpec::Choice(&["x", ""]))),
            rust_type: "Strange<T>",
            guesses: &[
                Guess { aspect: Aspect::Required, reason: "the comment above says \"required\"" },
                Guess { aspect: Aspect::Secret, reason: "its name ends in _KEY" },
            ],
            ..FieldSpec::PLAIN
        }),
        Member::Field(FieldSpec {
            field: "\u{7f}é",
            file_key: "e",
            variable: VariableName::Exact("E"),
            doc: "\u{1}\u{2028}",
            ..FieldSpec::PLAIN
        }),
    ];
    static SHAPE: Shape =
        Shape { name: "s", doc: "", prefix: "", environments: &[("dev_eu", EnvironmentKind::Development)], members: MEMBERS };
    round_trip(&Schema::of(&SHAPE));
}

/// A schema with two keys, the second of which has these members.
fn with(members: &str) -> String {
    format!(
        "{{\"version\": 1, \"name\": \"s\", \"environment_variable\": \"APP_ENV\", \"keys\": [\n\
         {{\"variable\": \"A\", \"path\": \"a\", \"file_path\": \"a\", \"type\": {{\"kind\": \"text\"}}, \"required\": true}},\n\
         {{{members}}}]}}"
    )
}

/// The same with a second key of which the type is given.
fn with_type(kind: &str) -> String {
    with(&format!("\"variable\": \"B\", \"path\": \"b\", \"file_path\": \"b\", \"required\": true, \"type\": {kind}"))
}

/// The same with a second key of text that has more members.
fn with_more(members: &str) -> String {
    with_type(&format!("{{\"kind\": \"text\"}}, {members}"))
}

#[test]
fn what_is_no_schema_is_refused_at_its_place() {
    // The mark § stands where the error is, and ¶ on its line.
    let check = |file: &str, expected: &str| {
        let has_column = file.contains('§');
        let before = file.split_once(['§', '¶']).map(|(before, _)| before).unwrap();
        let column = if has_column { before.rsplit('\n').next().unwrap().chars().count() + 1 } else { 0 };
        let line = before.split('\n').count();
        let error = read(file.replace(['§', '¶'], "").as_bytes()).map(|file| file.schema).unwrap_err();
        assert_eq!(((error.line as usize, error.column as usize), error.message.as_str()), ((line, column), expected), "{file}");
        assert!(!error.help.is_empty());
    };
    check("{\"version\": 1,\n  \"näme\" ¶5}", "this is not JSON");
    check("{\"version\": 1¶,", "the JSON ends before it is complete");
    check(" §{}", "a schema lacks its member `version`");
    check("{\"version\": §2}", "this schema is of version 2, and this configcheck reads version 1: update configcheck");
    check("{\"version\": §\"1\"}", "a whole number belongs here");
    check("{\"version\": 1, \"name\": §3}", "a text belongs here");
    check("{\"version\": 1, \"version\": ¶1}", "a member stands here for the second time");
    let empty = "\"environment_variable\": \"APP_ENV\", \"keys\": []";
    check(&format!("{{\"version\": 1, \"name\": §\"\\ud800\", {empty}}}"), "this text holds an escape that is no character");
    check(&format!("{{\"nam\": ¶1, \"version\": 1, \"name\": \"s\", {empty}}}"), "a schema has no member `nam`: did you mean `name`?");
    check(&with("").replace("{}]", "§{}]"), "a key lacks its member `variable`");
    check(&with("\"variable\": §\"9\""), "this cannot be the name of a variable");
    check(&with("\"variable\": \"B\", \"path\": §\"b.\""), "a path is names with dots between them");
    let deep = format!("\"variable\": \"B\", \"path\": \"b\", \"file_path\": §\"{}b\"", "b.".repeat(20_000));
    check(&with(&deep), "this path lies too deep");
    check(&with_type("{\"kind\": §\"txt\"}"), "`txt` is no kind of type that this configcheck knows: did you mean `text`?");
    check(&with_type("{\"kind\": \"text\", \"min\": ¶1}"), "a type has a member here that it cannot have");
    check(&with_type("{\"kind\": \"choice\", \"words\": §[]}"), "a choice has at least one word");
    let deep = "{\"kind\": \"list\", \"item\": ".repeat(8) + "§{}" + &"}".repeat(8);
    check(&with_type(&deep), "a type lies at most 8 deep");
    for number in ["-1", "1.5", "340282366920938463463374607431768211456"] {
        let kind = format!("{{\"kind\": \"integer\", \"min\": 0, \"max\": §{number}}}");
        check(&with_type(&kind), "this number is not whole, or too large or too small for its place");
    }
    let upside_down = "§{\"kind\": \"integer\", \"min\": 5, \"max\": 4}";
    check(&with_type(upside_down), "no number lies in this range: its `min` is above its `max`");
    let both = with_more("\"secret\": true, \"public\": true").replace("{\"variable\": \"B\"", "§{\"variable\": \"B\"");
    check(&both, "a key is one of `secret`, `public` and `hidden`, or none of them");
    check(&with_more("\"live\": §1"), "`true` or `false` belongs here");
    check(&with_more("\"aliases\": [§\"A\"]"), "the variable A is named twice");
    check(&with_more("\"requires\": [§\"C\"]"), "`C` is no key beside B");
    check(&with_more("\"optional_group\": §\"g\""), "the path of B does not lie in `g`");
    check(&with_more("\"separator\": §\"\""), "a separator has at least one character");
    check(&with_more("\"defaults\": [§{}]"), "a default lacks its member `text`");
    let told = with_more("\"hidden\": true, \"defaults\": [{\"text\": §\"hunter2-fake\"}]");
    check(&told, "the text of a default that may not be shown does not belong in a file");
    check(&with_more("\"guesses\": [{\"aspect\": §\"all\", \"reason\": \"\"}]"), "this is nothing that can be guessed");
    check(&with_more("\"constraints\": [{\"check\": §\"odd\"}]"), "this is no constraint that this configcheck knows");
    for range in ["\"min\": 2, \"max\": 1.5", "\"exclusive_min\": 2, \"max\": 2"] {
        check(&with_more(&format!("\"constraints\": [§{{\"check\": \"range\", {range}}}]")), "no number satisfies this constraint");
    }
    let length = "\"constraints\": [§{\"check\": \"length\", \"equal\": 2, \"min\": 3}]";
    check(&with_more(length), "no length satisfies this constraint");
    let named = with_type("{\"kind\": \"environment\"}").replace("\"APP_ENV\"", "§\"APP_ENV\"");
    check(&named, "the key of type environment is B, and this names `APP_ENV`");
    let moved =
        |path: &str| with_more("\"live\": true").replace("{\"variable\": \"B\"", "§{\"variable\": \"B\"").replace("\"path\": \"b\"", path);
    check(&moved("\"path\": \"a\""), "the path `a` is taken already");
    check(&moved("\"path\": \"a.b\""), "the keys of `a` do not stand together, or it is a key itself");
    let many = format!("\"aliases\": [{}]", (0..60_000).map(|at| format!("\"B{at}\"")).collect::<Vec<_>>().join(","));
    check(&with_more(&many).replace("[\n{", "§[\n{"), "a schema has at most 60000 names of variables");
    assert!(read(b"{\"version\": \xff}").is_err_and(|error| error.message == "the file is not text in UTF-8"));
}

#[test]
fn optional_groups_hold_together() {
    let key = |name: &str, path: &str, more: &str| {
        format!(
            "{{\"variable\": \"{name}\", \"path\": \"{path}\", \"file_path\": \"{path}\", \"type\": {{\"kind\": \"text\"}}, \"required\": true{more}}}"
        )
    };
    let schema = |keys: &[String]| {
        format!("{{\"version\": 1, \"name\": \"s\", \"environment_variable\": \"APP_ENV\", \"keys\": [{}]}}", keys.join(",\n"))
    };
    let group = ", \"optional_group\": \"g\"";
    let message = |keys: &[String]| read(schema(keys).as_bytes()).map(|file| file.schema.groups().len()).map_err(|error| error.message);
    assert_eq!(message(&[key("A", "g.a", group), key("B", "g.h.b", group)]), Ok(2));
    assert_eq!(
        message(&[key("A", "g.a", group), key("B", "g.h.b", "")]),
        Err("other keys say that `g` is optional, and B does not".into())
    );
    let parted = [key("A", "g.a", group), key("B", "b", ""), key("C", "g.c", group)];
    assert_eq!(message(&parted), Err("the keys of `g` do not stand together, or it is a key itself".into()));
}

#[test]
fn an_environment_that_nobody_declared_is_noted() {
    let file = read(with_more("\"required_in\": [\"prd\", \"production\", \"prod\"]").as_bytes()).unwrap();
    let notes: Vec<_> = file.notes.iter().map(|note| (note.line, note.message.as_str())).collect();
    let expected = ["prd", "prod"].map(|name| format!("B names the environment `{name}`, which the schema does not declare"));
    assert_eq!(notes, [(3, expected[0].as_str()), (3, expected[1].as_str())]);
}

proptest! {
    #[test]
    fn nothing_that_is_cut_or_changed_makes_it_panic(at in 0_usize..6000, cut in 0_usize..40, put in "[\\[\\]{}:,\"a0.\\-\\\\]{0,6}") {
        let mut text = Settings::schema().to_json();
        let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        let end = (at + cut).min(text.len());
        let end = (end..=text.len()).find(|end| text.is_char_boundary(*end)).unwrap();
        text.replace_range(at..end, &put);
        if let Ok(file) = read(text.as_bytes()) {
            // Whatever is accepted is a schema that can be written and read again.
            prop_assert!(read(file.schema.to_json().as_bytes()).is_ok());
        }
    }
}
