//! The provider against a real etcd: what is read, in how many requests, and what is said where it cannot be.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use configcheck_core::Provider;
use configcheck_core::provider::{Access, Batch, ConnectContext, Identity, Outcome, OutcomeKind, Payload, Session};
use configcheck_core::reference::SecretRef;
use configcheck_core::secret::{ExposeSecret as _, Secret};
use configcheck_engine::{Engine, Surroundings, block_on};
use configcheck_etcd::EtcdProvider;
use configcheck_test_servers::{Authority, Etcd, unique};
use configcheck_testkit::{FailureLab, Fault};

fn reference(text: &str) -> SecretRef {
    SecretRef::parse(text).unwrap().unwrap()
}

fn settings(pairs: &[(&str, &str)], provider: &EtcdProvider) -> Vec<(&'static str, Option<Secret<String>>)> {
    let value = |name: &str| pairs.iter().find(|(other, _)| *other == name).map(|(_, value)| Secret::new((*value).to_owned()));
    provider.settings().iter().map(|name| (*name, value(name))).collect()
}

/// Logs in with these variables set.
fn connect(provider: &EtcdProvider, pairs: &[(&str, &str)]) -> Result<Arc<dyn Session>, Outcome> {
    let values = settings(pairs, provider).into_iter().map(|(_, value)| value).collect();
    block_on(provider.connect(&ConnectContext::new(Instant::now() + Duration::from_mins(1), None, values)))
}

fn login(name: &'static str) -> [(&'static str, &'static str); 2] {
    [("ETCDCTL_USER", name), ("ETCDCTL_PASSWORD", "hunter2-fake")]
}

/// Fetches references in one batch.
fn fetch(session: &Arc<dyn Session>, texts: &[&str]) -> Vec<Outcome> {
    let batch = Batch { references: texts.iter().map(|text| reference(text)).collect() };
    block_on(session.fetch(&batch))
}

fn value(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Found(found) => match &found.payload {
            Payload::Value(value) => String::from_utf8(value.expose_secret().clone()).unwrap(),
            Payload::Map(_) => panic!("a map"),
        },
        failed => panic!("{failed:?}"),
    }
}

fn map(outcome: &Outcome) -> BTreeMap<String, String> {
    let Outcome::Found(found) = outcome else { panic!("{outcome:?}") };
    let Payload::Map(rows) = &found.payload else { panic!("a single value") };
    rows.iter().map(|(name, value)| (name.clone(), String::from_utf8(value.expose_secret().clone()).unwrap())).collect()
}

fn told(outcome: &Outcome) -> (OutcomeKind, &str) {
    (outcome.kind(), outcome.reason().map_or("", |reason| reason.message.as_str()))
}

#[test]
fn fifty_keys_and_a_prefix_are_two_requests_over_one_start() {
    let (etcd, folder) = (Etcd::shared(), unique("fifty"));
    for number in 0..50 {
        etcd.put(format!("/{folder}/keys/{number}"), format!("value {number}"));
    }
    let counting = FailureLab::in_front_of(etcd.endpoint());
    let provider = EtcdProvider::new().endpoint(counting.url());
    let surroundings =
        Surroundings { deadline: Instant::now() + Duration::from_mins(1), environment: None, settings: settings(&[], &provider) };
    let mut references: Vec<_> = (0..50).map(|number| reference(&format!("etcd:/{folder}/keys/{number}"))).collect();
    references.push(reference(&format!("etcd:/{folder}/keys/")));
    let resolved = block_on(Engine::new(vec![Arc::new(provider)]).resolve(&references, &surroundings));
    for (number, reference) in references[..50].iter().enumerate() {
        assert_eq!(value(&resolved.outcomes[reference]), format!("value {number}"));
    }
    assert_eq!(map(&resolved.outcomes[&references[50]]).len(), 50);
    assert_eq!(counting.requests(), 2);
}

#[test]
fn a_prefix_is_its_keys_and_no_neighbours() {
    let (etcd, folder) = (Etcd::shared(), unique("prefix"));
    for (key, value) in
        [("/REDIS_URL", "a"), ("/redis/pool/size", "5"), ("/empty", ""), ("/", "the folder itself"), ("0/no", "x"), ("", "x")]
    {
        etcd.put(format!("/{folder}{key}"), value);
    }
    let session = connect(&EtcdProvider::new().endpoint(etcd.endpoint()), &[]).unwrap();
    let found = map(&fetch(&session, &[&format!("etcd:/{folder}/")])[0]);
    let expected = [("REDIS_URL", "a"), ("redis.pool.size", "5"), ("empty", "")];
    assert_eq!(found, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
}

#[test]
fn a_key_that_is_not_there_is_absent_and_the_others_are_read() {
    let (etcd, folder) = (Etcd::shared(), unique("absent"));
    etcd.put(format!("/{folder}/a"), "1");
    let session = connect(&EtcdProvider::new().endpoint(etcd.endpoint()), &[]).unwrap();
    let outcomes = fetch(&session, &[&format!("etcd:/{folder}/a"), &format!("etcd:/{folder}/b"), &format!("etcd:/{folder}/none/")]);
    assert_eq!(value(&outcomes[0]), "1");
    assert_eq!(told(&outcomes[1]), (OutcomeKind::Absent, &*format!("etcd has no key /{folder}/b")));
    assert_eq!(told(&outcomes[2]), (OutcomeKind::Absent, &*format!("etcd has no keys below /{folder}/none/")));
}

#[test]
fn a_key_that_is_no_text_is_named_by_its_place() {
    let (etcd, folder) = (Etcd::shared(), unique("hostile"));
    etcd.put(format!("/{folder}/a"), "1");
    etcd.put([format!("/{folder}/").as_bytes(), b"z\xff\xfe"].concat(), "2");
    let session = connect(&EtcdProvider::new().endpoint(etcd.endpoint()), &[]).unwrap();
    let outcomes = fetch(&session, &[&format!("etcd:/{folder}/")]);
    assert_eq!(told(&outcomes[0]), (OutcomeKind::Malformed, &*format!("key 2 below /{folder}/ in etcd is not UTF-8")));
}

#[test]
fn a_probe_asks_for_no_value() {
    let (etcd, folder) = (Etcd::shared(), unique("probe"));
    etcd.put(format!("/{folder}/a"), "hunter2-fake");
    let counting = FailureLab::in_front_of(etcd.endpoint());
    let session = connect(&EtcdProvider::new().endpoint(counting.url()), &[]).unwrap();
    let batch = Batch { references: ["a", "", "b"].map(|key| reference(&format!("etcd:/{folder}/{key}"))).to_vec() };
    let probes = block_on(session.probe(&batch));
    assert!(matches!(probes[0].access, Access::Readable) && probes[0].version.is_some());
    assert!(matches!(probes[1].access, Access::Readable));
    assert!(matches!(&probes[2].access, Access::Failed(Outcome::Absent(_))));
    assert_eq!(counting.requests(), 1);
    assert!(counting.saw(br#""keys_only":true"#));
}

#[test]
fn a_login_reads_what_its_role_may_and_names_what_it_may_not() {
    let etcd = Etcd::start();
    for key in ["/app/a", "/app/b", "/other/c", "port"] {
        etcd.put(key, "1");
    }
    etcd.add_reader("checkout", "hunter2-fake", "/app/");
    etcd.turn_users_on();
    let provider = EtcdProvider::new().endpoint(etcd.endpoint());

    let session = connect(&provider, &login("checkout")).unwrap();
    assert_eq!(session.describe(), "the user checkout");
    let Identity { details, .. } = block_on(session.identity()).unwrap();
    assert_eq!(details[0], ("roles".to_owned(), "checkout".to_owned()));
    assert!(details[1].1.starts_with("etcd 3.") && details[1].1.ends_with(etcd.endpoint()), "{details:?}");

    let outcomes = fetch(&session, &["etcd:/app/a", "etcd:/other/c", "etcd:/app/b", "etcd:port", "etcd:/app/none"]);
    assert_eq!((&*value(&outcomes[0]), &*value(&outcomes[2])), ("1", "1"));
    assert_eq!(told(&outcomes[1]), (OutcomeKind::Denied, "etcd does not let the user checkout read keys below /other/"));
    let help = &outcomes[1].reason().unwrap().help;
    assert_eq!(help[0], "let a role of it do so, as root: etcdctl role grant-permission ROLE --prefix=true read /other/");
    assert_eq!(told(&outcomes[3]).0, OutcomeKind::Denied);
    assert_eq!(told(&outcomes[4]).0, OutcomeKind::Absent);
    assert_eq!(told(&fetch(&session, &["etcd:/other/"])[0]).0, OutcomeKind::Denied);
    assert_eq!(map(&fetch(&session, &["etcd:/app/"])[0]).len(), 2);
}

#[test]
fn a_login_that_is_wrong_or_missing_is_told_apart() {
    let etcd = Etcd::start();
    etcd.put("/app/a", "1");
    etcd.add_reader("checkout", "hunter2-fake", "/app/");
    etcd.turn_users_on();
    let provider = EtcdProvider::new().endpoint(etcd.endpoint());

    let wrong = [("ETCDCTL_USER", "checkout"), ("ETCDCTL_PASSWORD", "hunter3-fake")];
    let refused = connect(&provider, &wrong).err().unwrap();
    assert_eq!(told(&refused), (OutcomeKind::AuthFailed, "etcd does not know the user checkout, or not with this password"));
    assert!(!format!("{refused:?}").contains("hunter3-fake"));

    let nobody = connect(&provider, &[]).unwrap();
    let outcomes = fetch(&nobody, &["etcd:/app/a", "etcd:/app/b"]);
    assert!(outcomes.iter().all(|outcome| told(outcome) == (OutcomeKind::AuthFailed, "etcd asks for a login, and nothing says which")));
}

/// A new password ends the logins with the old one.
#[test]
fn a_login_that_etcd_ended_is_told_apart_from_a_wrong_one() {
    let etcd = Etcd::start();
    etcd.put("/app/a", "1");
    etcd.add_reader("checkout", "hunter2-fake", "/app/");
    etcd.turn_users_on();
    let provider = EtcdProvider::new().endpoint(etcd.endpoint());
    let session = connect(&provider, &login("checkout")).unwrap();
    etcd.set_password("checkout", "hunter3-fake");
    let ended = (OutcomeKind::AuthFailed, "etcd no longer knows the login of the user checkout");
    assert_eq!(told(&fetch(&session, &["etcd:/app/a"])[0]), ended);
    assert!(fetch(&session, &["etcd:/app/a", "etcd:/app/b"]).iter().all(|outcome| told(outcome) == ended));
    assert_eq!(connect(&provider, &login("checkout")).err().unwrap().kind(), OutcomeKind::AuthFailed);
    let session = connect(&provider, &[("ETCDCTL_USER", "checkout:hunter3-fake")]).unwrap();
    assert_eq!(value(&fetch(&session, &["etcd:/app/a"])[0]), "1");
}

#[test]
fn a_login_where_users_are_off_is_not_needed() {
    let (etcd, key) = (Etcd::shared(), unique("off"));
    etcd.put(format!("/{key}"), "1");
    let session = connect(&EtcdProvider::new().endpoint(etcd.endpoint()), &login("checkout")).unwrap();
    assert_eq!(session.describe(), "the user checkout, whom etcd does not ask for");
    assert_eq!(value(&fetch(&session, &[&format!("etcd:/{key}")])[0]), "1");
}

#[test]
fn another_member_answers_where_one_does_not() {
    let (etcd, key) = (Etcd::shared(), unique("member"));
    etcd.put(format!("/{key}"), "1");
    for fault in [Fault::Refuse, Fault::CloseAtOnce, Fault::Status(503)] {
        let gone = FailureLab::start(fault);
        let endpoints = format!("{},{}", gone.url(), etcd.endpoint());
        let session = connect(&EtcdProvider::new(), &[("ETCDCTL_ENDPOINTS", &endpoints)]).unwrap();
        for _ in 0..3 {
            assert_eq!(value(&fetch(&session, &[&format!("etcd:/{key}")])[0]), "1");
        }
        assert!(gone.requests() <= 1, "the member that answered is asked first from then on");
    }
    let (one, other) = (FailureLab::start(Fault::Refuse), FailureLab::start(Fault::Status(500)));
    let session = connect(&EtcdProvider::new().endpoint(one.url()).endpoint(other.url()), &[]).unwrap();
    let (kind, message) = (fetch(&session, &["etcd:/a"])[0].kind(), told(&fetch(&session, &["etcd:/a"])[0]).1.to_owned());
    assert_eq!(kind, OutcomeKind::Unavailable);
    assert!(message.starts_with("none of the 2 members of etcd answers; the last one: "), "{message}");
}

/// The engine gives up on a request; the next one begins with the next member.
#[test]
fn a_member_that_says_nothing_is_passed_over_on_the_next_try() {
    let (etcd, key) = (Etcd::shared(), unique("silent"));
    etcd.put(format!("/{key}"), "1");
    let silent = FailureLab::start(Fault::Silent);
    let provider = EtcdProvider::new().endpoint(silent.url()).endpoint(etcd.endpoint());
    let surroundings =
        Surroundings { deadline: Instant::now() + Duration::from_mins(1), environment: None, settings: settings(&[], &provider) };
    let wanted = reference(&format!("etcd:/{key}"));
    let engine = Engine::new(vec![Arc::new(provider)]).attempt(Duration::from_secs(1));
    let resolved = block_on(engine.resolve(std::slice::from_ref(&wanted), &surroundings));
    assert_eq!(value(&resolved.outcomes[&wanted]), "1");
    assert_eq!(silent.requests(), 1);
}

#[test]
fn certificates_are_verified_and_shown() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let etcd = Etcd::start_with_tls(&authority);
    etcd.put("/app/a", "1");
    let provider = EtcdProvider::new().endpoint(etcd.endpoint());
    let (certificate, key) = authority.issue("checkout");
    let text = |path: std::path::PathBuf| path.to_str().unwrap().to_owned();
    let (own, strangers, certificate, key) = (text(authority.file()), text(stranger.file()), text(certificate), text(key));

    let all = [("ETCDCTL_CACERT", &*own), ("ETCDCTL_CERT", &*certificate), ("ETCDCTL_KEY", &*key)];
    let session = connect(&provider, &all).unwrap();
    assert_eq!(value(&fetch(&session, &["etcd:/app/a"])[0]), "1");
    assert!(block_on(session.identity()).unwrap().details.iter().any(|(name, value)| name == "TLS" && value == "1.3"));

    let unverified = connect(&provider, &[("ETCDCTL_CACERT", &strangers)]).unwrap();
    let outcomes = fetch(&unverified, &["etcd:/app/a"]);
    let (kind, message) = told(&outcomes[0]);
    assert_eq!(kind, OutcomeKind::Unavailable);
    assert!(message.contains("is signed by nobody who is trusted here"), "{message}");

    let unshown = connect(&provider, &[("ETCDCTL_CACERT", &own)]).unwrap();
    let outcomes = fetch(&unshown, &["etcd:/app/a"]);
    assert_eq!(told(&outcomes[0]).0, OutcomeKind::Unavailable);
    let help = &outcomes[0].reason().unwrap().help;
    assert!(help.iter().any(|help| help.contains("Set ETCDCTL_CERT and ETCDCTL_KEY")), "{help:?}");
}

#[test]
fn what_is_no_etcd_is_said_to_be_none() {
    let cases = [
        (Fault::Refuse, OutcomeKind::Unavailable, "nothing listens"),
        (Fault::Status(404), OutcomeKind::Malformed, "not its gateway: the status is 404"),
        (Fault::Redirect { status: 307, to: "http://127.0.0.1:1/".to_owned() }, OutcomeKind::Malformed, "leads on to another one"),
        (Fault::NotHttp, OutcomeKind::Malformed, "not HTTP"),
        (Fault::Status(503), OutcomeKind::Unavailable, "failed with the status 503"),
        (Fault::Status(429), OutcomeKind::Throttled, "more requests than it takes"),
        (Fault::HugeBody { declared: false, bytes: 1 << 26 }, OutcomeKind::Malformed, "more than 4194304 bytes"),
        (Fault::ok("[]"), OutcomeKind::Malformed, "not what it was asked for"),
        (Fault::ok("{}"), OutcomeKind::Malformed, "not what it was asked for"),
        (
            Fault::ok(r#"{"header":{"revision":"9"},"kvs":[{"key":"L290aGVy","value":"eA=="}]}"#),
            OutcomeKind::Malformed,
            "not what it was asked for",
        ),
    ];
    for (fault, kind, text) in cases {
        let name = format!("{fault:?}");
        let lab = FailureLab::start(fault);
        let session = connect(&EtcdProvider::new().endpoint(lab.url()), &[]).unwrap();
        let outcomes = fetch(&session, &["etcd:/app/a"]);
        let (found, message) = told(&outcomes[0]);
        assert_eq!(found, kind, "{name}: {message}");
        assert!(message.contains(text), "{name}: {message}");
    }
}

#[test]
fn a_password_that_a_server_repeats_is_not_told() {
    let lab = FailureLab::start(Fault::Echo);
    let refused = connect(&EtcdProvider::new().endpoint(lab.url()), &login("checkout")).err().unwrap();
    assert!(lab.saw(b"hunter2-fake"), "the password was sent");
    assert!(!format!("{refused:?}").contains("hunter2-fake"));
}
