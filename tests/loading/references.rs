//! References without a server: `file:`, a provider of the service's own, whole maps, and what happens when they fail.

use configcheck::{AppConfig, ErrorKind, ExposeSecret, Loader, Secret};
use configcheck_core::provider::{Fetched, Outcome, Payload, Reason};
use configcheck_testkit::FakeProvider;

use super::{errors, write};

#[derive(AppConfig)]
#[config(name = "shop")]
struct Settings {
    token: Secret<String>,
    #[config(from = "vault:secret/data/{name}#salt", default(development = "salt"))]
    salt: Option<Secret<String>>,
}

/// What a manager says for a path.
type Answer = fn(&str) -> Outcome;

fn fake(answer: Answer) -> FakeProvider {
    FakeProvider::answering("vault", move |reference| answer(reference.path()))
}

fn map(rows: &[(&str, &str)]) -> Outcome {
    let rows = rows.iter().map(|(name, value)| ((*name).to_owned(), Secret::new(value.as_bytes().to_vec())));
    Outcome::Found(Fetched::new(Payload::Map(rows.collect())))
}

fn loader() -> Loader {
    Loader::new().no_dotenv().no_standard_mounts().environment("development").vars(Vec::<(String, String)>::new())
}

#[test]
fn a_file_is_a_secret_manager_too() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "token.txt", "not-a-real-token\n");
    write(folder.path(), "all.json", r#"{"token": "not-a-real-json-token", "deep": {"a": ["x", "not-a-real-deep-token"]}}"#);
    let path = |name: &str| folder.path().join(name).display().to_string();
    for (reference, expected) in [
        (format!("file:{}", path("token.txt")), "not-a-real-token"),
        (format!("file:{}#token", path("all.json")), "not-a-real-json-token"),
        (format!("file:{}#/deep/a/1", path("all.json")), "not-a-real-deep-token"),
    ] {
        let loader = loader().provider(fake(|_| map(&[("salt", "x")]))).vars([("TOKEN", &reference)]);
        assert_eq!(loader.load::<Settings>().unwrap().token.expose_secret(), expected);
    }
}

#[test]
fn a_field_names_its_own_reference() {
    let loader = loader().vars([("TOKEN", "t")]).provider(fake(|path| {
        assert_eq!(path, "secret/data/shop");
        map(&[("salt", "not-a-real-salt"), ("other", "x")])
    }));
    assert_eq!(loader.load::<Settings>().unwrap().salt.unwrap().expose_secret(), "not-a-real-salt");
}

#[test]
fn only_what_is_absent_may_fall_to_a_default() {
    let absent = loader().vars([("TOKEN", "t")]).provider(fake(|_| Outcome::Absent(Reason::new("no such secret"))));
    assert_eq!(absent.load::<Settings>().unwrap().salt.unwrap().expose_secret(), "salt");
    let outcomes: [(Answer, ErrorKind); 5] = [
        (|_| Outcome::Denied(Reason::new("no right to read")), ErrorKind::Invalid),
        (|_| Outcome::unavailable(Reason::new("no answer")), ErrorKind::Unavailable),
        (|_| Outcome::Throttled { retry_after: None, reason: Reason::new("too many requests") }, ErrorKind::Unavailable),
        (|_| Outcome::Malformed(Reason::new("no secret")), ErrorKind::Invalid),
        (|_| Outcome::AuthFailed(Reason::new("the login expired")), ErrorKind::Invalid),
    ];
    for (outcome, kind) in outcomes {
        let loader = loader().vars([("TOKEN", "t")]).provider(fake(outcome)).deadline(std::time::Duration::from_millis(200));
        let Err(error) = loader.load::<Settings>() else { panic!("it must not load") };
        assert_eq!(errors(error.report()), [("unresolved-reference", "SALT")]);
        assert_eq!(error.kind(), kind);
        assert!(error.to_string().contains("vault:secret/data/shop#salt"), "{error}");
    }
}

#[test]
fn without_a_provider_the_report_says_how_to_get_one() {
    let Err(error) = loader().vars([("TOKEN", "vault:secret/data/shop#token")]).load::<Settings>() else { panic!("it must not load") };
    // One thing is missing, and so it is one finding about both keys.
    assert_eq!(errors(error.report()), [("unresolved-reference", "TOKEN")]);
    assert!(error.to_string().contains("TOKEN and SALT "), "{error}");
}

#[test]
fn a_whole_map_is_a_layer_below_mounted_files_and_the_environment() {
    let loader = loader().secrets_from("vault:all").provider(fake(|path| {
        if path == "all" { map(&[("TOKEN", "not-a-real-map-token"), ("salt", "s")]) } else { Outcome::Absent(Reason::new("no")) }
    }));
    let settings: Settings = loader.load().unwrap();
    assert_eq!(settings.token.expose_secret(), "not-a-real-map-token");
    assert_eq!(settings.salt.unwrap().expose_secret(), "s");
    let settings: Settings = loader.vars([("TOKEN", "not-a-real-other")]).load().unwrap();
    assert_eq!(settings.token.expose_secret(), "not-a-real-other");
}

#[test]
fn a_manager_that_never_answers_ends_with_the_deadline() {
    let loader = loader().provider(FakeProvider::silent("vault")).vars([("TOKEN", "t")]).deadline(std::time::Duration::from_millis(50));
    let Err(error) = loader.load::<Settings>() else { panic!("it must not load") };
    assert_eq!(errors(error.report()), [("unresolved-reference", "SALT")]);
    assert!(error.to_string().contains("deadline"), "{error}");
}

/// Ends a future that never wakes on a thread of its own, as a runtime would poll it.
fn run<F: Future>(future: F) -> F::Output {
    struct Unpark(std::thread::Thread);
    impl std::task::Wake for Unpark {
        fn wake(self: std::sync::Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = std::sync::Arc::new(Unpark(std::thread::current())).into();
    let mut future = std::pin::pin!(future);
    loop {
        if let std::task::Poll::Ready(output) = future.as_mut().poll(&mut std::task::Context::from_waker(&waker)) {
            return output;
        }
        std::thread::park();
    }
}

#[test]
fn one_manager_that_never_answers_takes_no_other_with_it() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "token.txt", "not-a-real-token");
    let reference = format!("file:{}", folder.path().join("token.txt").display());
    let loader =
        loader().provider(FakeProvider::silent("vault")).vars([("TOKEN", &reference)]).deadline(std::time::Duration::from_millis(50));
    for result in [loader.load::<Settings>(), run(loader.load_async::<Settings>())] {
        let Err(error) = result else { panic!("it must not load") };
        assert_eq!(errors(error.report()), [("unresolved-reference", "SALT")]);
    }
    assert!(loader.deadline(std::time::Duration::MAX).set("SALT", "not-a-real-salt").load::<Settings>().is_ok());
}

#[test]
fn a_wrong_number_of_answers_is_said() {
    let Err(error) = loader().provider(FakeProvider::new("vault", |_| Some(Vec::new()))).vars([("TOKEN", "t")]).load::<Settings>() else {
        panic!("it must not load")
    };
    assert!(error.to_string().contains("another number of answers"), "{error}");
}

#[test]
fn what_is_empty_is_not_set_wherever_it_comes_from() {
    let empty = || fake(|_| map(&[("salt", ""), ("TOKEN", "t")]));
    let settings: Settings = loader().vars([("TOKEN", "t")]).provider(empty()).load().unwrap();
    assert_eq!(settings.salt.unwrap().expose_secret(), "salt");
}

#[test]
fn a_map_stands_above_the_fields_own_reference() {
    let loader = loader().vars([("TOKEN", "t")]).secrets_from("vault:all").provider(fake(|path| {
        if path == "all" { map(&[("SALT", "not-a-real-map-salt")]) } else { Outcome::Denied(Reason::new("no right")) }
    }));
    assert_eq!(loader.load::<Settings>().unwrap().salt.unwrap().expose_secret(), "not-a-real-map-salt");
}

#[test]
fn an_optional_reference_that_leads_nowhere_is_as_if_it_were_not_there() {
    #[derive(AppConfig)]
    #[config(name = "shop")]
    struct Optional {
        token: Secret<String>,
        #[config(default(development = "fake-default"))]
        salt: Secret<String>,
        pepper: Option<Secret<String>>,
    }
    let absent = || fake(|_| Outcome::Absent(Reason::new("no such secret")));
    let optional = "vault:secret/data/shop?optional=true#x";
    let settings: Optional = loader().provider(absent()).vars([("TOKEN", "t"), ("SALT", optional), ("PEPPER", optional)]).load().unwrap();
    assert_eq!(settings.token.expose_secret(), "t");
    assert_eq!(settings.salt.expose_secret(), "fake-default");
    assert!(settings.pepper.is_none());
    let Err(error) = loader().provider(absent()).vars([("TOKEN", optional)]).load::<Optional>() else { panic!("it must not load") };
    assert_eq!(errors(error.report()), [("missing-required", "TOKEN")]);
    // Only what is absent is optional.
    let denied = fake(|_| Outcome::Denied(Reason::new("no right to read")));
    let Err(error) = loader().provider(denied).vars([("TOKEN", "t"), ("PEPPER", optional)]).load::<Optional>() else {
        panic!("it must not load")
    };
    assert_eq!(errors(error.report()), [("unresolved-reference", "PEPPER")]);
}

#[test]
fn a_secret_is_decoded_as_its_reference_says() {
    let load = |reference: &str| {
        let provider = fake(|_| map(&[("token", "aHVudGVyMi1mYWtl"), ("salt", "x")]));
        loader().provider(provider).vars([("TOKEN", reference)]).load::<Settings>()
    };
    assert_eq!(load("vault:a/b?encoding=base64#token").unwrap().token.expose_secret(), "hunter2-fake");
    for (reference, what) in [
        ("vault:a/b?encoding=hex#token", "the secret is written in hex, and it is not"),
        ("vault:a/b?encoding=rot13#token", "the option encoding is base64, base64url or hex, and not `rot13`"),
    ] {
        let Err(error) = load(reference) else { panic!("it must not load") };
        assert!(error.to_string().contains(what), "{error}");
        assert!(!error.to_string().contains("aHVudGVyMi1mYWtl"));
    }
}

#[test]
fn two_spellings_of_one_secret_are_fetched_once() {
    let vault = FakeProvider::holding("vault", &[("secret/data/shop", &[("token", "not-a-real-token"), ("salt", "not-a-real-salt")])]);
    let log = vault.log();
    let loader = loader()
        .provider(vault)
        .vars([("TOKEN", "ref+vault://secret/data/shop?version=3#/token"), ("SALT", "bao:/secret/data/shop?encoding=base64url#salt#3")]);
    let Err(error) = loader.load::<Settings>() else { panic!("the salt is no base64") };
    assert_eq!(errors(error.report()), [("unresolved-reference", "SALT")]);
    assert_eq!(log.batches().iter().map(|batch| batch.references.len()).sum::<usize>(), 1);
}

#[derive(AppConfig)]
struct Nested {
    hosts: Vec<String>,
    token: Secret<String>,
}

#[test]
fn named_values_are_found_by_their_parts() {
    let rows = [("hosts.0", "a.example"), ("hosts.1", "b,c.example"), ("deep.token", "not-a-real-token")];
    let loader = loader().provider(FakeProvider::answering("vault", move |_| map(&rows))).secrets_from("vault:all");
    let settings: Nested = loader.vars([("TOKEN", "vault:all#/deep/token")]).load().unwrap();
    assert_eq!(settings.hosts, ["a.example", "b,c.example"]);
    assert_eq!(settings.token.expose_secret(), "not-a-real-token");
}

#[derive(AppConfig)]
struct Chained {
    #[config(from("vault:a#key", "file:/no/such/file"))]
    key: Secret<String>,
}

#[derive(AppConfig)]
struct Managed {
    #[config(from("vault:a#key", "aws-sm:shop/key"))]
    key: Secret<String>,
}

#[test]
fn an_alternative_is_asked_for_where_the_first_is_absent_and_never_one_of_less_trust_where_services_are_deployed() {
    let absent = || fake(|_| Outcome::Absent(Reason::new("there is nothing at this path")));
    let of = |environment: &str| loader().environment(environment).provider(absent());
    for (environment, follows) in [("development", true), ("test", true), ("staging", false), ("production", false)] {
        let Err(error) = of(environment).load::<Chained>().map(|settings| drop(settings.key)) else { panic!("it must not load") };
        let text = error.to_string();
        assert_eq!(text.contains("the file cannot be read"), follows, "{environment}: {text}");
        assert_eq!(text.contains("deserves less trust than vault"), !follows, "{environment}: {text}");
    }
    // Another manager deserves the same trust.
    let other = FakeProvider::answering("aws-sm", |_| Outcome::Found(Fetched::value("not-a-real-key")));
    let settings: Managed = of("production").provider(other).load().unwrap();
    assert_eq!(settings.key.expose_secret(), "not-a-real-key");
}

#[test]
fn somebody_who_waits_is_told_how_far_it_is() {
    use std::sync::{Arc, Mutex};
    struct Lines(Arc<Mutex<Vec<configcheck_loader::Progress>>>);
    impl configcheck_loader::Observer for Lines {
        fn progress(&self, progress: &configcheck_loader::Progress) {
            self.0.lock().unwrap().push(progress.clone());
        }
    }
    let told = Arc::default();
    let silent = FakeProvider::silent("vault");
    let loader = loader().provider(silent).vars([("TOKEN", "t")]).observer(Lines(Arc::clone(&told)));
    assert!(loader.deadline(std::time::Duration::from_millis(700)).load::<Settings>().is_err());
    let told = told.lock().unwrap();
    assert!(!told.is_empty());
    assert!(told.iter().all(|progress| (progress.done, progress.total, &progress.waiting[..]) == (0, 1, &["vault"][..])), "{told:?}");
}
