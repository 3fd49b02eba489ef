//! Answers that etcd gives, and answers that nobody should.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use configcheck_core::secret::ExposeSecret as _;

use super::*;

fn row(key: impl AsRef<[u8]>, value: &str) -> String {
    format!(r#"{{"key":"{}","mod_revision":"7","value":"{}"}}"#, STANDARD.encode(key), STANDARD.encode(value))
}

fn outcome(rows: &[String], location: &Location) -> Outcome {
    let body = format!(r#"{{"header":{{"revision":"9"}},"kvs":[{}],"count":"1"}}"#, rows.join(","));
    read::<Rows<'_>>(body.as_bytes()).unwrap().outcome(location)
}

fn below(rows: &[String]) -> Outcome {
    outcome(rows, &Location::Prefix("/app/".into()))
}

fn message(outcome: &Outcome) -> &str {
    assert!(matches!(outcome, Outcome::Malformed(_) | Outcome::Absent(_)), "{outcome:?}");
    &outcome.reason().unwrap().message
}

#[test]
fn a_key_is_its_value_and_the_revision_of_it() {
    let Outcome::Found(found) = outcome(&[row("/app/port", "8080")], &Location::Key("/app/port".into())) else { panic!() };
    assert_eq!(found.version.as_deref(), Some("7"));
    let Payload::Value(value) = found.payload else { panic!() };
    assert_eq!(value.expose_secret(), b"8080");
}

#[test]
fn a_value_may_be_empty_and_hold_any_bytes() {
    for value in ["", "\u{0}\n", "\u{fc}"] {
        let Outcome::Found(found) = outcome(&[row("/a", value)], &Location::Key("/a".into())) else { panic!() };
        let Payload::Value(found) = found.payload else { panic!() };
        assert_eq!(found.expose_secret(), value.as_bytes());
    }
    let without = r#"{"header":{"revision":"9"},"kvs":[{"key":"L2E="}]}"#;
    let Outcome::Found(found) = read::<Rows<'_>>(without.as_bytes()).unwrap().outcome(&Location::Key("/a".into())) else { panic!() };
    assert!(matches!(found.payload, Payload::Value(value) if value.expose_secret().is_empty()));
}

#[test]
fn keys_below_a_prefix_are_named_by_the_rest_with_dots_for_slashes() {
    let Outcome::Found(found) = below(&[row("/app/", "folder"), row("/app/REDIS_URL", "a"), row("/app/redis/pool/size", "b")]) else {
        panic!()
    };
    let Payload::Map(rows) = found.payload else { panic!() };
    let names: Vec<_> = rows.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["REDIS_URL", "redis.pool.size"]);
}

#[test]
fn nothing_is_absent() {
    assert_eq!(message(&below(&[])), "etcd has no keys below /app/");
    let outcome = outcome(&[], &Location::Key("/app/port".into()));
    assert_eq!(message(&outcome), "etcd has no key /app/port");
    assert_eq!(
        outcome.reason().unwrap().help,
        [
            "write it: etcdctl put /app/port VALUE",
            "or see what is there, and correct the reference: etcdctl get --prefix --keys-only /app/"
        ]
    );
}

#[test]
fn hostile_keys_are_named_by_their_place() {
    let good = || row("/app/a", "1");
    let refused = |bad: String| message(&below(&[good(), bad])).to_owned();
    assert_eq!(refused(row(b"/app/\xff\xfe", "1")), "key 2 below /app/ in etcd is not UTF-8");
    assert_eq!(refused(row("/app/a\u{1b}[2J", "1")), "key 2 below /app/ in etcd has a control character in it");
    assert_eq!(refused(row("/other/a", "1")), "key 2 below /app/ in etcd does not begin with it");
    assert_eq!(refused(row(format!("/app/{}", "n".repeat(1_025)), "1")), "key 2 below /app/ in etcd is longer than any name");
    assert_eq!(refused(r#"{"key":"*"}"#.to_owned()), "key 2 below /app/ in etcd cannot be read");
    assert_eq!(message(&below(&[row("/app/b/c", "1"), row("/app/b.c", "2")])), "key 2 below /app/ in etcd means the same name as key 1");
}

#[test]
fn another_key_than_that_of_the_question_is_not_taken_for_it() {
    for rows in [vec![row("/app/other", "1")], vec![row("/app/port", "1"), row("/app/port", "2")]] {
        assert!(message(&outcome(&rows, &Location::Key("/app/port".into()))).contains("not what it was asked for"));
    }
}

#[test]
fn values_and_prefixes_that_are_too_large_are_refused() {
    let large = row("/a", &"x".repeat(VALUE_LIMIT + 1));
    assert!(message(&outcome(&[large], &Location::Key("/a".into()))).contains("larger than 1048576 bytes"));
    let fits = row("/a", &"x".repeat(VALUE_LIMIT));
    assert!(matches!(outcome(&[fits], &Location::Key("/a".into())), Outcome::Found(_)));
    let body = format!(r#"{{"header":{{"revision":"9"}},"kvs":[{}],"more":true}}"#, row("/app/a", "1"));
    let more = read::<Rows<'_>>(body.as_bytes()).unwrap().outcome(&Location::Prefix("/app/".into()));
    assert_eq!(message(&more), "there are more than 10000 keys below /app/ in etcd");
}

#[test]
fn a_transaction_has_an_answer_for_each_operation_or_none() {
    let body = r#"{"succeeded":true,"responses":[{"response_range":{"header":{"revision":"9"}}},{"response_range":{"header":{"revision":"9"},"kvs":[{"key":"L2E="}]}}]}"#;
    let rows = read::<Results<'_>>(body.as_bytes()).unwrap().rows(2).unwrap();
    assert_eq!(rows.iter().map(|rows| rows.kvs.len()).collect::<Vec<_>>(), [0, 1]);
    assert!(read::<Results<'_>>(body.as_bytes()).unwrap().rows(3).is_none());
    assert!(read::<Results<'_>>(br#"{"responses":[{"response_put":{}}]}"#).is_none());
}

#[test]
fn a_probe_tells_the_revision_and_no_value() {
    let body = br#"{"header":{"revision":"9"},"kvs":[{"key":"L2E=","mod_revision":"7"}]}"#;
    let probe = read::<Rows<'_>>(body).unwrap().probe(&Location::Key("/a".into()));
    assert!(matches!(probe.access, Access::Readable));
    assert_eq!(probe.version.as_deref(), Some("7"));
    let probe = read::<Rows<'_>>(br#"{"header":{"revision":"9"}}"#).unwrap().probe(&Location::Key("/a".into()));
    assert!(matches!(probe.access, Access::Failed(Outcome::Absent(_))));
}

#[test]
fn an_answer_that_is_not_of_etcd_is_never_an_empty_one() {
    for body in [
        "",
        "{}",
        "[]",
        "null",
        r#"{"kvs":[]}"#,
        r#"{"header":[]}"#,
        r#"{"header":{},"kvs":[]}"#,
        "<html>",
        r#"{"header":{"revision":"9"}"#,
    ] {
        assert!(read::<Rows<'_>>(body.as_bytes()).is_none(), "{body}");
    }
}
