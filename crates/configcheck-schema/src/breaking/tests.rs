//! Every kind of change, in both directions, from schemas as they stand in files.

use configcheck_core::schema::{DefaultSpec, FieldSpec, Member, Sensitivity, Shape, VariableName};

use super::*;

/// A key in a line: its name, then what differs from a required text, as in the native file.
fn key(line: &str) -> String {
    let (variable, members) = line.split_once(' ').unwrap_or((line, ""));
    let path = variable.to_lowercase();
    let own = members.split("\"constraints\"").next().unwrap_or_default();
    let has = |member: &str| own.contains(&format!("\"{member}\":"));
    let mut all = vec![format!("\"variable\":\"{variable}\"")];
    for (member, text) in
        [("path", &*format!("\"{path}\"")), ("file_path", &*format!("\"{path}\"")), ("type", "{\"kind\":\"text\"}"), ("required", "true")]
    {
        if !has(member) {
            all.push(format!("\"{member}\":{text}"));
        }
    }
    if !members.is_empty() {
        all.push(members.to_owned());
    }
    format!("{{{}}}", all.join(","))
}

/// A schema of such lines; a line that begins with a quote is a member of the schema itself.
fn schema(lines: &str) -> Schema {
    let lines = || lines.lines().map(str::trim).filter(|line| !line.is_empty());
    let members: Vec<String> = lines().filter(|line| line.starts_with('"')).map(|line| format!("{line},")).collect();
    let members = members.concat();
    let keys: Vec<String> = lines().filter(|line| !line.starts_with('"')).map(key).collect();
    let name = if members.contains("\"name\"") { "" } else { "\"name\":\"checkout\"," };
    let variable = if members.contains("\"environment_variable\"") { "" } else { "\"environment_variable\":\"APP_ENV\"," };
    let text = format!("{{\"version\":1,{name}{variable}{members}\"keys\":[{}]}}", keys.join(","));
    match crate::read(text.as_bytes()) {
        Ok(file) => file.schema,
        Err(error) => unreachable!("{error} {}:{}: {text}", error.line, error.column),
    }
}

fn line(change: &Change) -> String {
    let environment = change.environment.as_deref().map_or_else(String::new, |environment| format!(" in {environment}"));
    format!("{} {} {}{environment}", change.level, change.rule, change.key.as_deref().unwrap_or("-"))
}

/// The changes there and back; each must be sound whatever it is.
#[track_caller]
fn check(old: &str, new: &str, there: &[&str], back: &[&str]) {
    let (old, new) = (schema(old), schema(new));
    for (from, to, expected) in [(&old, &new, there), (&new, &old, back)] {
        let found = changes(from, to);
        assert_eq!(found.iter().map(line).collect::<Vec<_>>(), expected, "{found:#?}");
        for (at, change) in found.iter().enumerate() {
            assert!(RULES.contains(&change.rule), "{}", change.rule);
            let is_same = |other: &&Change| (other.rule, &other.key, &other.environment) == (change.rule, &change.key, &change.environment);
            assert_eq!(found[at..].iter().filter(is_same).count(), 1, "{change:?}");
            for text in [&change.message, &change.next_step] {
                assert!(!text.is_empty() && !text.ends_with('.') && !text.contains("hunter2"), "{text}");
            }
        }
    }
    for same in [&old, &new] {
        assert_eq!(changes(same, same), []);
    }
}

const PORT: &str = r#"PORT "type":{"kind":"integer","min":0,"max":65535}"#;

#[test]
fn variables_come_and_go() {
    check(PORT, &format!("{PORT}\nHOST"), &["error required-variable-added HOST"], &["warning variable-removed HOST"]);
    check(PORT, &format!("{PORT}\nHOST \"required\":false"), &["note variable-added HOST"], &["warning variable-removed HOST"]);
    check("A", "A\nB \"defaults\":[{\"text\":\"b\"}]", &["note variable-added B"], &["warning variable-removed B"]);
    check(
        "A",
        "A\nB \"required\":false,\"required_in\":[\"staging\",\"production\"]",
        &["error required-variable-added B in staging", "error required-variable-added B in production"],
        &["warning variable-removed B"],
    );
    check(
        "A",
        "A\nB \"defaults\":[{\"text\":\"b\"}],\"forbid_default_in\":[\"production\"]",
        &["error required-variable-added B in production"],
        &["warning variable-removed B"],
    );
    check("A\nB", "B \"aliases\":[\"A\"]", &["warning variable-removed A"], &["error required-variable-added A", "error alias-removed B"]);
}

#[test]
fn a_new_variable_of_an_optional_group_is_demanded_where_the_group_is_set() {
    let of_group = |name: &str| format!("{name} \"path\":\"redis.{name}\",\"file_path\":\"redis.{name}\",\"optional_group\":\"redis\"");
    check("A", &format!("A\n{}", of_group("URL")), &["note variable-added URL"], &["warning variable-removed URL"]);
    check(
        &of_group("URL"),
        &format!("{}\n{}", of_group("URL"), of_group("POOL")),
        &["error required-variable-added POOL"],
        &["warning variable-removed POOL"],
    );
    check(
        &of_group("URL"),
        "URL \"path\":\"redis.URL\",\"file_path\":\"redis.URL\"",
        &["error group-became-required URL"],
        &["note no-longer-required URL"],
    );
}

#[test]
fn names_change() {
    check(
        "A \"path\":\"x\",\"file_path\":\"x\"",
        "B \"aliases\":[\"A\"],\"path\":\"x\",\"file_path\":\"x\"",
        &["note renamed B"],
        &["error renamed-without-alias A"],
    );
    check(
        "A \"path\":\"x\",\"file_path\":\"x\"",
        "B \"path\":\"x\",\"file_path\":\"x\"",
        &["error renamed-without-alias B"],
        &["error renamed-without-alias A"],
    );
    check("A \"aliases\":[\"C\"]", "A", &["error alias-removed A"], &[]);
    check("A \"aliases\":[\"C\"],\"required\":false", "A \"required\":false", &["warning alias-removed A"], &[]);
    check("A \"file_path\":\"a.b\"", "A", &["warning file-path-changed A"], &["warning file-path-changed A"]);
    check("A", "A \"deprecated\":{\"note\":\"use B\"}", &["note deprecated A"], &[]);
    let found = changes(&schema("A"), &schema("B \"path\":\"a\",\"aliases\":[\"A\"]"));
    assert_eq!(found[1].message, "A is called B now, and the old name still counts");
}

#[test]
fn demands_rise_and_fall_by_environment() {
    let optional = "A \"required\":false";
    check(optional, "A", &["error became-required A"], &["note no-longer-required A"]);
    check(
        "A \"required\":false,\"required_in\":[\"production\"]",
        "A \"required\":false,\"required_in\":[\"staging\",\"production\"]",
        &["error became-required A in staging"],
        &["note no-longer-required A"],
    );
    check(
        "\"environments\":{\"qa\":\"staging\"}\nA \"required\":false",
        "\"environments\":{\"qa\":\"staging\"}\nA \"required\":false,\"required_in\":[\"staging\"]",
        &["error became-required A in staging", "error became-required A in qa"],
        &["note no-longer-required A"],
    );
    check("A \"defaults\":[{\"text\":\"x\"}]", "A", &["error default-removed A"], &["note no-longer-required A"]);
    check(
        "A \"defaults\":[{\"text\":\"x\"}]",
        "A \"defaults\":[{\"text\":\"x\",\"environments\":[\"development\",\"test\"]}]",
        &["error default-removed A in staging", "error default-removed A in production"],
        &["note no-longer-required A"],
    );
    check(
        "A \"defaults\":[{\"text\":\"x\"}]",
        "A \"defaults\":[{\"text\":\"x\"}],\"forbid_default_in\":[\"production\"]",
        &["error default-forbidden A in production"],
        &["note no-longer-required A"],
    );
    check("A \"required\":false,\"defaults\":[{\"text\":\"x\"}]", optional, &["warning default-removed A"], &["note default-added A"]);
}

#[test]
fn defaults_change_and_those_of_secrets_are_not_shown() {
    let found = changes(
        &schema("A \"defaults\":[{\"text\":\"http://u:hunter2@old/\"}]"),
        &schema("A \"defaults\":[{\"text\":\"http://u:hunter2@new/\"}]"),
    );
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].message, "A has the default `http://***@new/` now, and had `http://***@old/`");
    check(
        "A \"defaults\":[{\"text\":\"y\",\"environments\":[\"test\"]},{\"text\":\"x\"}]",
        "A \"defaults\":[{\"text\":\"x\"}]",
        &["note default-changed A in test"],
        &["note default-changed A in test"],
    );
    let plain = |text: &str| format!("A \"defaults\":[{{\"text\":\"{text}\"}}]");
    let found = changes(&schema(&plain("http://u:hunter2@h/")), &schema(&plain("http://u:hunter3@h/")));
    assert_eq!(found[0].message, "A has another default");
    check(&plain("x"), &plain("y"), &["warning default-changed A"], &["warning default-changed A"]);
    check(&plain("x"), "A \"secret\":true,\"defaults\":[{}]", &["warning became-secret A"], &["warning no-longer-secret A"]);
    // A schema in a file holds no default of a secret; one of a struct does.
    let secret = |text: &'static str| {
        let defaults: &'static [DefaultSpec] = Vec::leak(vec![DefaultSpec { environments: &[], text }]);
        let spec =
            FieldSpec { sensitivity: Sensitivity::Secret, variable: VariableName::Exact("A"), field: "a", defaults, ..FieldSpec::PLAIN };
        let members: &'static [Member] = Vec::leak(vec![Member::Field(spec)]);
        let shape = Shape { name: "checkout", doc: "", prefix: "", environments: &[], members };
        Schema::of(&*Box::leak(Box::new(shape)))
    };
    let found = changes(&secret("hunter2-fake"), &secret("hunter3-fake"));
    assert_eq!(found.iter().map(line).collect::<Vec<_>>(), ["warning default-changed A"]);
    assert!(!format!("{found:?}").contains("fake"));
}

#[test]
fn types_change_and_bounds_move() {
    let kind = |kind: &str| format!("A \"type\":{{\"kind\":\"{kind}\"}}");
    let integer = |min: &str, max: &str| format!("A \"type\":{{\"kind\":\"integer\",\"min\":{min},\"max\":{max}}}");
    let list = |item: &str| format!("A \"type\":{{\"kind\":\"list\",\"item\":{{\"kind\":\"{item}\"}}}}");
    check(&kind("text"), &kind("url"), &["error type-narrowed A"], &["note type-widened A"]);
    check(&kind("bool"), &kind("url"), &["error type-changed A"], &["error type-changed A"]);
    check(&kind("ip-address"), &kind("ipv6-address"), &["error type-narrowed A"], &["note type-widened A"]);
    check(&integer("0", "255"), &kind("float"), &["note type-widened A"], &["error type-narrowed A"]);
    check(&kind("float"), &list("float"), &["note type-widened A"], &["error type-narrowed A"]);
    check(&kind("text"), &list("text"), &["error type-changed A"], &["error type-changed A"]);
    check(&list("ip-address"), &list("ipv4-address"), &["error type-narrowed A"], &["note type-widened A"]);
    check(
        &integer("0", "255"),
        &integer("-128", "127"),
        &["error maximum-lowered A", "note minimum-lowered A"],
        &["error minimum-raised A", "note maximum-raised A"],
    );
    let choice = |words: &str| format!("A \"type\":{{\"kind\":\"choice\",\"words\":[{words}]}}");
    check(
        &choice(r#""a","b""#),
        &choice(r#""b","c""#),
        &["error choice-removed A", "note choice-added A"],
        &["error choice-removed A", "note choice-added A"],
    );
    check(&choice(r#""a""#), &kind("text"), &["note type-widened A"], &["error type-narrowed A"]);
    check(&choice(r#""true""#), &kind("bool"), &["note type-widened A"], &["error type-narrowed A"]);
    let other = |rust: &str| format!("A \"type\":{{\"kind\":\"other\",\"rust\":\"{rust}\"}}");
    check(&other("Region"), &other("Zone"), &["warning type-changed A"], &["warning type-changed A"]);
    let separator = |separator: &str| format!("{},\"separator\":\"{separator}\"", list("text"));
    check(&list("text"), &separator(";"), &["error separator-changed A"], &["error separator-changed A"]);
    check("A \"allow_empty\":true", "A", &["error empty-refused A"], &["warning empty-accepted A"]);
}

#[test]
fn constraints_come_and_go() {
    let with = |constraints: &str| format!("A \"constraints\":[{constraints}]");
    let number = |constraints: &str| format!("{PORT},\"constraints\":[{constraints}]");
    check(PORT, &number(r#"{"check":"range","min":1024}"#), &["error minimum-raised PORT"], &["note minimum-lowered PORT"]);
    check(&number(r#"{"check":"range","exclusive_min":0}"#), &number(r#"{"check":"range","min":1}"#), &[], &[]);
    check(
        &number(r#"{"check":"range","max":100}"#),
        &number(r#"{"check":"range","exclusive_max":100}"#),
        &["error maximum-lowered PORT"],
        &["note maximum-raised PORT"],
    );
    let float = |constraint: &str| format!("A \"type\":{{\"kind\":\"float\"}},\"constraints\":[{constraint}]");
    check(
        &float(r#"{"check":"range","min":0.5}"#),
        &float(r#"{"check":"range","exclusive_min":0.5}"#),
        &["error minimum-raised A"],
        &["note minimum-lowered A"],
    );
    check(
        &with(r#"{"check":"length","min":16}"#),
        &with(r#"{"check":"length","min":32}"#),
        &["error length-minimum-raised A"],
        &["note length-minimum-lowered A"],
    );
    check(
        &with(r#"{"check":"length","max":64}"#),
        &with(r#"{"check":"length","equal":32}"#),
        &["error length-minimum-raised A", "error length-maximum-lowered A"],
        &["note length-minimum-lowered A", "note length-maximum-raised A"],
    );
    check(
        "A",
        &with(r#"{"check":"email"},{"check":"contains","pattern":"@"}"#),
        &["error constraint-added A"],
        &["note constraint-removed A"],
    );
    check(
        &with(r#"{"check":"regex","path":"ONE"}"#),
        &with(r#"{"check":"regex","path":"TWO"}"#),
        &["error constraint-added A", "note constraint-removed A"],
        &["error constraint-added A", "note constraint-removed A"],
    );
    let found = changes(&schema(&with(r#"{"check":"length","min":16}"#)), &schema(&with(r#"{"check":"length","min":32}"#)));
    assert_eq!(found[0].message, "A takes a length of at least 32 now, and took a length of at least 16");
    assert_eq!(found[0].next_step, "see that each value of A has a length of at least 32");
    let found = changes(&schema("A"), &schema(&with(r#"{"check":"length","max":9}"#)));
    assert_eq!(found[0].message, "A takes a length of at most 9 now, and took any length");
    let whole = |max: u32| schema(&format!("A \"type\":{{\"kind\":\"integer\",\"min\":0,\"max\":{max}}}"));
    let found = changes(&whole(9), &whole(5));
    assert_eq!(found[0].message, "A takes at most 5 now, and took at most 9");
    assert_eq!(found[0].next_step, "see that each value of A is at most 5");
}

#[test]
fn relations_come_and_go() {
    let (a, b) = ("A \"required\":false", "B \"required\":false");
    check(&format!("{a}\n{b}"), &format!("{a},\"requires\":[\"B\"]\n{b}"), &["error requires-added A"], &["note requires-removed A"]);
    check(&format!("{a}\n{b}"), &format!("{a},\"conflicts\":[\"B\"]\n{b}"), &["error conflicts-added A"], &["note conflicts-removed A"]);
    check(
        &format!("{a},\"requires\":[\"B\"]\n{b}"),
        &format!("{a},\"requires\":[\"NEW\"]\nNEW \"required\":false,\"aliases\":[\"B\"],\"path\":\"b\",\"file_path\":\"b\""),
        &["note renamed NEW"],
        &["error renamed-without-alias B"],
    );
    let one_of = |keys: &[&str]| keys.iter().map(|key| format!("{key},\"one_of\":\"login\"\n")).collect::<Vec<_>>().concat();
    check(&format!("{a}\n{b}"), &one_of(&[a, b]), &["error one-of-added A"], &["note one-of-removed A"]);
    check(&one_of(&[a, b]), &format!("{}{b}", one_of(&[a])), &["error one-of-narrowed A"], &[]);
}

#[test]
fn secrets_and_references_change() {
    check("A", "A \"secret\":true", &["warning became-secret A"], &["warning no-longer-secret A"]);
    check("A \"hidden\":true", "A \"public\":true", &[], &[]);
    let from = |reference: &str| format!("A \"secret\":true,\"from\":[\"{reference}\"]");
    check(
        &from("vault:secret/data/a#x"),
        &from("vault:secret/data/b#x"),
        &["warning reference-changed A"],
        &["warning reference-changed A"],
    );
    check(&from("vault:secret/data/a#x"), "A \"secret\":true", &["error reference-removed A"], &[]);
    check(
        &from("vault:secret/data/{name}#x"),
        &format!("\"name\":\"billing\"\n{}", from("vault:secret/data/{name}#x")),
        &["warning reference-changed A"],
        &["warning reference-changed A"],
    );
    let found = changes(&schema("B"), &schema(&format!("B\n{}", from("vault:secret/data/{name}#x"))));
    assert_eq!(found[0].next_step, "store the value of A at vault:secret/data/checkout#x, or set A before the release");
}

#[test]
fn environments_change() {
    let own = |kind: &str| format!("\"environments\":{{\"qa\":\"{kind}\"}}\nA");
    check("A", &own("staging"), &["note environment-added - in qa"], &["error environment-removed - in qa"]);
    check(
        &own("staging"),
        &own("production"),
        &["warning environment-kind-changed - in qa"],
        &["warning environment-kind-changed - in qa"],
    );
    check(
        "A",
        "\"environment_variable\":\"STAGE\"\nA\nSTAGE \"type\":{\"kind\":\"environment\"},\"required\":false",
        &["error environment-variable-changed -", "note variable-added STAGE"],
        &["error environment-variable-changed -", "warning variable-removed STAGE"],
    );
}

#[test]
fn what_rests_on_a_guess_is_a_warning_at_most() {
    check(
        "A \"required\":false",
        "A \"guesses\":[{\"aspect\":\"required\",\"reason\":\"it has no default\"}]",
        &["warning became-required A"],
        &["note no-longer-required A"],
    );
    check(
        "A \"guesses\":[{\"aspect\":\"type\",\"reason\":\"its example is a text\"}]",
        "A \"type\":{\"kind\":\"url\"}",
        &["warning type-narrowed A"],
        &["note type-widened A"],
    );
}

/// Every rule is seen in one of the tables, so that none is a word without a change.
#[test]
fn every_rule_has_a_case() {
    let cases = include_str!("tests.rs");
    for (at, rule) in RULES.iter().enumerate() {
        assert!(cases.contains(&format!(" {rule} ")), "{rule}");
        assert!(!RULES[..at].contains(rule), "{rule} twice");
    }
}
