//! Where credentials come from: each way that AWS's own tools have, once for all requests.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use configcheck_aws::AwsProvider;
use configcheck_core::provider::{Outcome, OutcomeKind, Session};
use configcheck_core::{Provider as _, Secret};
use configcheck_engine::{Engine, Surroundings};
use configcheck_test_servers::{Moto, unique};
use configcheck_testkit::failure_lab::{FailureLab, Fault};
use tempfile::TempDir;

use crate::server::{connect, fetch, fetch_one, message, put, references, session, settings, text, wait};

const ROLE: &str = "arn:aws:iam::123456789012:role/reader";

/// A folder of a user, with files in it; and moto's settings without keys.
struct Home {
    folder: TempDir,
    more: Vec<(&'static str, String)>,
}

impl Home {
    fn new(config: &str, credentials: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = Self { folder, more: Vec::new() };
        home.write("config", config);
        home.write("credentials", credentials);
        home
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.folder.path().join(".aws")).unwrap();
        fs::write(self.folder.path().join(".aws").join(name), text).unwrap();
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.more.push((name, value.to_owned()));
        self
    }

    fn settings(&self) -> Vec<(&'static str, String)> {
        let mut all = settings(&[("AWS_ACCESS_KEY_ID", ""), ("AWS_SECRET_ACCESS_KEY", ""), ("HOME", self.folder.path().to_str().unwrap())]);
        for (name, value) in &self.more {
            all.retain(|(other, _)| other != name);
            all.push((name, value.clone()));
        }
        all
    }

    fn session(&self) -> Arc<dyn Session> {
        connect(&self.settings()).unwrap_or_else(|outcome| panic!("{outcome:?}"))
    }

    /// Why nothing can be fetched.
    fn failure(&self) -> Outcome {
        match connect(&self.settings()) {
            Ok(session) => fetch_one(&session, "aws-sm:anything"),
            Err(outcome) => outcome,
        }
    }
}

/// The access key that the last request was signed with.
fn signed_with(lab: &FailureLab) -> String {
    let request = lab.requests_seen().pop().unwrap();
    let authorization = request.header("authorization").unwrap_or_default().to_owned();
    authorization.split("Credential=").nth(1).unwrap_or_default().split('/').next().unwrap_or_default().to_owned()
}

fn name_with_secret() -> String {
    let name = unique("credentials");
    put(&name, "hunter2-fake");
    name
}

#[test]
fn the_keys_of_the_environment() {
    let name = name_with_secret();
    let lab = FailureLab::in_front_of(Moto::shared().endpoint());
    let session = session(&[("AWS_ENDPOINT_URL", &lab.url()), ("AWS_SESSION_TOKEN", "not-a-real-session-token")]);
    assert_eq!(session.describe(), "the keys of AWS_ACCESS_KEY_ID");
    assert_eq!(session.lease(), None);
    assert_eq!(text(&fetch_one(&session, &format!("aws-sm:{name}"))), "hunter2-fake");
    assert_eq!(signed_with(&lab), Moto::ACCESS_KEY_ID);
    assert_eq!(lab.requests_seen()[0].header("x-amz-security-token"), Some("not-a-real-session-token"));
}

#[test]
fn who_one_is() {
    let identity = wait(session(&[]).identity()).unwrap();
    assert!(identity.name.starts_with("arn:aws:sts::123456789012:"), "{identity:?}");
    assert!(identity.details.contains(&("account".to_owned(), "123456789012".to_owned())), "{identity:?}");
    assert!(identity.details.contains(&("region".to_owned(), "us-east-1".to_owned())), "{identity:?}");
}

#[test]
fn a_profile_has_keys_a_region_and_an_endpoint() {
    let name = name_with_secret();
    let lab = FailureLab::in_front_of(Moto::shared().endpoint());
    let config = format!("[profile shop]\nregion = us-east-1\nendpoint_url = {}\n", lab.url());
    let home = Home::new(&config, "[shop]\naws_access_key_id = AKIAIOSFODNN7PROFILE\naws_secret_access_key = not-a-real-key\n")
        .with("AWS_PROFILE", "shop")
        .with("AWS_REGION", "")
        .with("AWS_ENDPOINT_URL", "");
    let session = home.session();
    assert_eq!(session.describe(), "the profile `shop`");
    assert_eq!(text(&fetch_one(&session, &format!("aws-sm:{name}"))), "hunter2-fake");
    assert_eq!(signed_with(&lab), "AKIAIOSFODNN7PROFILE");
}

#[test]
fn a_profile_in_a_file_of_another_place() {
    let home = Home::new("", "");
    fs::write(home.path("mine"), "[default]\naws_access_key_id = AKIAIOSFODNN7DEFAULT\naws_secret_access_key = not-a-real-key\n").unwrap();
    let path = home.path("mine");
    assert_eq!(home.with("AWS_SHARED_CREDENTIALS_FILE", &path).session().describe(), "the profile `default`");
}

#[test]
fn a_reference_names_its_own_profile() {
    let name = name_with_secret();
    let lab = FailureLab::in_front_of(Moto::shared().endpoint());
    let keys = "aws_secret_access_key = not-a-real-key\naws_access_key_id =";
    let credentials = format!("[one]\n{keys} AKIAIOSFODNN7000ONE\n[two]\n{keys} AKIAIOSFODNN7000TWO\n");
    // The keys of the environment stand below a profile that the reference names.
    let home = Home::new("", &credentials)
        .with("AWS_ENDPOINT_URL", &lab.url())
        .with("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        .with("AWS_SECRET_ACCESS_KEY", "not-a-real-key");
    let session = home.session();
    for (profile, key) in [("?profile=one", "AKIAIOSFODNN7000ONE"), ("?profile=two", "AKIAIOSFODNN7000TWO"), ("", "AKIAIOSFODNN7EXAMPLE")] {
        assert_eq!(text(&fetch_one(&session, &format!("aws-sm:{name}{profile}"))), "hunter2-fake");
        assert_eq!(signed_with(&lab), key);
    }
    let missing = fetch_one(&session, &format!("aws-sm:{name}?profile=three"));
    assert_eq!((missing.kind(), message(&missing)), (OutcomeKind::AuthFailed, "there is no profile `three`"));
}

#[test]
fn profiles_alone_are_enough_for_references_that_name_them() {
    let name = name_with_secret();
    let home = Home::new("", "[one]\naws_access_key_id = AKIAIOSFODNN7000ONE\naws_secret_access_key = not-a-real-key\n");
    let session = home.session();
    let outcomes = fetch(&session, &[format!("aws-sm:{name}?profile=one"), format!("aws-sm:{name}")]);
    assert_eq!((outcomes[0].kind(), outcomes[1].kind()), (OutcomeKind::Found, OutcomeKind::AuthFailed));
    assert!(message(&outcomes[1]).starts_with("there are no credentials for AWS"), "{}", message(&outcomes[1]));
}

#[test]
fn fifty_secrets_of_a_role_cost_one_login() {
    let prefix = unique("role");
    for number in 0..50 {
        put(&format!("{prefix}/{number}"), "hunter2-fake");
    }
    let lab = FailureLab::in_front_of(Moto::shared().endpoint());
    let session = session(&[("AWS_ENDPOINT_URL", &lab.url())]);
    let texts: Vec<String> = (0..50).map(|number| format!("aws-sm:{prefix}/{number}?role_arn={ROLE}")).collect();
    assert!(fetch(&session, &texts).iter().all(|outcome| outcome.kind() == OutcomeKind::Found));
    assert_eq!(lab.requests(), 4, "{:?}", lab.requests_log());
    assert!(lab.saw(b"Action=AssumeRole"));
    assert!(signed_with(&lab).starts_with("ASIA"), "{}", signed_with(&lab));
}

#[test]
fn a_profile_assumes_roles_in_turn() {
    let name = name_with_secret();
    let lab = FailureLab::in_front_of(Moto::shared().endpoint());
    let config = format!(
        "[profile outer]\nrole_arn = {ROLE}-outer\nsource_profile = inner\nexternal_id = shop-42\nrole_session_name = checkout\n\
         [profile inner]\nrole_arn = {ROLE}-inner\nsource_profile = base\n\
         [profile base]\naws_access_key_id = AKIAIOSFODNN700BASE\naws_secret_access_key = not-a-real-key\n"
    );
    let home = Home::new(&config, "").with("AWS_PROFILE", "outer").with("AWS_ENDPOINT_URL", &lab.url());
    let session = home.session();
    assert_eq!(text(&fetch_one(&session, &format!("aws-sm:{name}"))), "hunter2-fake");
    assert_eq!(lab.requests(), 3);
    let bodies: Vec<String> = lab.requests_seen().iter().map(|request| String::from_utf8_lossy(&request.body).into_owned()).collect();
    assert!(bodies[0].contains("reader-inner"), "{}", bodies[0]);
    assert!(bodies[1].contains("reader-outer") && bodies[1].contains("shop-42") && bodies[1].contains("checkout"), "{}", bodies[1]);
    let lease = session.lease().unwrap();
    assert!(!lease.renewable && lease.duration > Duration::from_mins(10), "{lease:?}");
    let identity = wait(session.identity()).unwrap();
    assert!(identity.name.contains("assumed-role/reader-outer/checkout") || identity.name.contains("sts"), "{identity:?}");
    assert!(identity.expires.is_some());
}

#[test]
fn a_web_identity_as_kubernetes_gives_it() {
    let name = name_with_secret();
    let lab = FailureLab::in_front_of(Moto::shared().endpoint());
    let home = Home::new("", "");
    fs::write(home.path("token"), "not-a-real.web.identity-token\n").unwrap();
    let token = home.path("token");
    let home = home.with("AWS_WEB_IDENTITY_TOKEN_FILE", &token).with("AWS_ROLE_ARN", ROLE).with("AWS_ENDPOINT_URL", &lab.url());
    let session = home.session();
    assert_eq!(session.describe(), "the web identity of AWS_WEB_IDENTITY_TOKEN_FILE");
    assert_eq!(text(&fetch_one(&session, &format!("aws-sm:{name}"))), "hunter2-fake");
    assert_eq!(lab.requests(), 2);
    let login = &lab.requests_seen()[0];
    assert_eq!(login.header("authorization"), None);
    assert!(String::from_utf8_lossy(&login.body).contains("WebIdentityToken=not-a-real.web.identity-token&") || !lab.saw(b"token%0A"));
    assert!(session.lease().is_some());

    fs::remove_file(home.path("token")).unwrap();
    let outcome = home.failure();
    assert_eq!(outcome.kind(), OutcomeKind::AuthFailed);
    assert!(message(&outcome).contains("cannot be read"), "{}", message(&outcome));
    let outcome = home.with("AWS_ROLE_ARN", "").failure();
    assert_eq!(message(&outcome), "`AWS_WEB_IDENTITY_TOKEN_FILE` is set and `AWS_ROLE_ARN` is not");
}

/// The agent of a container, which gives out keys for so long.
fn agent(valid: Duration) -> FailureLab {
    let until = SystemTime::now() + valid;
    let seconds = until.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let date = aws_smithy_types::DateTime::from_secs(i64::try_from(seconds).unwrap());
    let date = date.fmt(aws_smithy_types::date_time::Format::DateTime).unwrap();
    let body = serde_json::json!({ "AccessKeyId": "ASIAIOSFODNN7TASK", "SecretAccessKey": "not-a-real-key", "Token": "not-a-real-token", "Expiration": date });
    FailureLab::start(Fault::ok(body.to_string()))
}

#[test]
fn the_role_of_a_container_is_asked_for_once() {
    let prefix = unique("container");
    for number in 0..45 {
        put(&format!("{prefix}/{number}"), "hunter2-fake");
    }
    let (agent, lab) = (agent(Duration::from_hours(1)), FailureLab::in_front_of(Moto::shared().endpoint()));
    let home = Home::new("", "");
    fs::write(home.path("agent-token"), "not-a-real-agent-token\n").unwrap();
    let token = home.path("agent-token");
    let home = home
        .with("AWS_CONTAINER_CREDENTIALS_FULL_URI", &format!("{}/v1/credentials?x=y", agent.url()))
        .with("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", &token)
        .with("AWS_ENDPOINT_URL", &lab.url());
    let session = home.session();
    assert_eq!(session.describe(), "the role of the container");
    let mut texts: Vec<String> = (0..45).map(|number| format!("aws-sm:{prefix}/{number}")).collect();
    texts.push(format!("aws-sm:{prefix}/0?stage=AWSPENDING"));
    texts.push("aws-ssm:/nothing".to_owned());
    assert_eq!(fetch(&session, &texts).iter().filter(|outcome| outcome.kind() == OutcomeKind::Found).count(), 45);
    assert_eq!(agent.requests_log(), ["GET /v1/credentials?x=y"]);
    assert_eq!(agent.requests_seen()[0].header("authorization"), Some("not-a-real-agent-token"));
    assert_eq!(lab.requests(), 5);
    assert_eq!(signed_with(&lab), "ASIAIOSFODNN7TASK");
    let left = session.lease().unwrap().duration;
    assert!(left > Duration::from_mins(50) && left <= Duration::from_hours(1), "{left:?}");
}

#[test]
fn an_agent_is_asked_only_where_credentials_may_be() {
    for uri in [
        "http://192.0.2.1/credentials",
        "http://169.254.1.1/credentials",
        "http://user:hunter2-fake@127.0.0.1/x",
        "file:///etc/passwd",
        "x",
    ] {
        let outcome = Home::new("", "").with("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri).failure();
        assert_eq!(outcome.kind(), OutcomeKind::AuthFailed, "{uri}");
        assert!(message(&outcome).contains("AWS_CONTAINER_CREDENTIALS_FULL_URI"), "{}", message(&outcome));
        assert!(!format!("{outcome:?}").contains("hunter2"));
    }
}

#[test]
fn an_agent_that_fails_says_so() {
    for (fault, kind) in [
        (Fault::Status(403), OutcomeKind::AuthFailed),
        (Fault::Status(500), OutcomeKind::Unavailable),
        (Fault::Status(429), OutcomeKind::Throttled),
        (Fault::ok("hunter2-fake"), OutcomeKind::AuthFailed),
        (Fault::ok(r#"{"AccessKeyId":"hunter2-fake"}"#), OutcomeKind::AuthFailed),
        (Fault::Redirect { status: 302, to: "http://127.0.0.1:1".to_owned() }, OutcomeKind::AuthFailed),
        (Fault::Refuse, OutcomeKind::Unavailable),
        (Fault::NotHttp, OutcomeKind::Malformed),
    ] {
        let told = format!("{fault:?}");
        let agent = FailureLab::start(fault);
        let outcome = Home::new("", "").with("AWS_CONTAINER_CREDENTIALS_FULL_URI", &agent.url()).failure();
        assert_eq!(outcome.kind(), kind, "{told}: {outcome:?}");
        assert!(!format!("{outcome:?}").contains("hunter2"), "{outcome:?}");
    }
}

#[test]
fn the_role_of_an_instance() {
    let name = name_with_secret();
    let until = "2099-01-01T00:00:00Z";
    let machine = FailureLab::start(Fault::by(move |request| match (request.method.as_str(), request.target.as_str()) {
        ("PUT", "/latest/api/token") => Fault::StatusWith {
            status: 200,
            headers: vec![("x-aws-ec2-metadata-token-ttl-seconds".to_owned(), "21600".to_owned())],
            body: b"not-a-real-metadata-token".to_vec(),
        },
        (_, "/latest/meta-data/iam/security-credentials/") => {
            Fault::StatusWith { status: 200, headers: Vec::new(), body: b"shop-role".to_vec() }
        }
        (_, "/latest/meta-data/iam/security-credentials/shop-role") => Fault::ok(format!(
            r#"{{"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"ASIAIOSFODNN7MACHINE","SecretAccessKey":"not-a-real-key","Token":"not-a-real-token","Expiration":"{until}"}}"#
        )),
        _ => Fault::Status(404),
    }));
    let lab = FailureLab::in_front_of(Moto::shared().endpoint());
    let home = Home::new("", "")
        .with("AWS_EC2_METADATA_DISABLED", "")
        .with("AWS_EC2_METADATA_SERVICE_ENDPOINT", &machine.url())
        .with("AWS_ENDPOINT_URL", &lab.url());
    let session = home.session();
    assert_eq!(session.describe(), "the role of the instance");
    assert_eq!(text(&fetch_one(&session, &format!("aws-sm:{name}"))), "hunter2-fake");
    assert_eq!(signed_with(&lab), "ASIAIOSFODNN7MACHINE");
    assert_eq!(machine.requests(), 3);
    // Metadata that is switched off is not asked for.
    let off = FailureLab::witness();
    let home = Home::new("", "").with("AWS_EC2_METADATA_SERVICE_ENDPOINT", &off.url());
    assert_eq!(home.failure().kind(), OutcomeKind::AuthFailed);
    off.assert_untouched();
}

#[test]
fn a_program_that_prints_credentials() {
    let name = name_with_secret();
    let lab = FailureLab::in_front_of(Moto::shared().endpoint());
    let printed = r#"{"Version":1,"AccessKeyId":"ASIAIOSFODNN7PRINTED","SecretAccessKey":"not-a-real-key","SessionToken":"not-a-real-token","Expiration":"2099-01-01T00:00:00Z"}"#;
    let home = Home::new(&format!("[default]\ncredential_process = echo '{printed}'\n"), "").with("AWS_ENDPOINT_URL", &lab.url());
    let session = home.session();
    assert_eq!(text(&fetch_one(&session, &format!("aws-sm:{name}"))), "hunter2-fake");
    assert_eq!(signed_with(&lab), "ASIAIOSFODNN7PRINTED");
    let home = Home::new("[default]\ncredential_process = echo hunter2-fake; echo hunter2-fake >&2; exit 3\n", "");
    let outcome = home.failure();
    assert_eq!(outcome.kind(), OutcomeKind::AuthFailed);
    assert_eq!(message(&outcome), "the `credential_process` of the profile `default` gave no credentials");
    assert!(!format!("{outcome:?}").contains("hunter2"));
}

#[test]
fn what_is_wrong_with_a_profile_is_told() {
    for (config, profile, expected) in [
        ("", "typo", "there is no profile `typo`"),
        (
            "[profile dev]\nsso_session = corp\nsso_account_id = 1\n",
            "dev",
            "the profile `dev` logs in by IAM Identity Center (SSO), which needs a browser",
        ),
        (
            "[profile a]\nrole_arn = x\nsource_profile = b\n[profile b]\nrole_arn = x\nsource_profile = a\n",
            "a",
            "the profile `a` takes its credentials from itself",
        ),
        (
            "[profile a]\nrole_arn = x\nsource_profile = gone\n",
            "a",
            "the profile `a` takes its credentials from `gone`, which is not there",
        ),
        ("[profile a]\nrole_arn = x\n", "a", "the profile `a` has a `role_arn`, and not one way to credentials that may assume it"),
        ("[profile a]\naws_access_key_id = hunter2-fake\n", "a", "the profile `a` has no `aws_secret_access_key`"),
        ("hunter2-fake\n[profile a]\n", "a", "the files of AWS's profiles have a line that is not understood"),
    ] {
        let outcome = Home::new(config, "").with("AWS_PROFILE", profile).failure();
        assert_eq!((outcome.kind(), message(&outcome)), (OutcomeKind::AuthFailed, expected), "{config}");
        assert!(!outcome.reason().unwrap().help.is_empty(), "{config}");
        assert!(!format!("{outcome:?}").contains("hunter2"), "{outcome:?}");
    }
}

#[test]
fn nothing_at_all() {
    let outcome = Home::new("", "").failure();
    assert_eq!(outcome.kind(), OutcomeKind::AuthFailed);
    assert!(message(&outcome).contains("AWS_EC2_METADATA_DISABLED"), "{}", message(&outcome));
    assert!(Path::new("/").exists());
}

#[test]
fn credentials_that_ended_are_told_as_such() {
    let agent = agent(Duration::from_secs(0));
    let expired = r#"{"__type":"ExpiredTokenException","message":"The security token included in the request is expired hunter2-fake"}"#;
    let server = FailureLab::start(Fault::json(400, expired));
    let home = Home::new("", "").with("AWS_CONTAINER_CREDENTIALS_FULL_URI", &agent.url()).with("AWS_ENDPOINT_URL", &server.url());
    let session = home.session();
    assert_eq!(session.lease().unwrap().duration, Duration::ZERO);
    for reference in ["aws-sm:one", "aws-ssm:/one"] {
        let outcome = fetch_one(&session, reference);
        assert_eq!(
            (outcome.kind(), message(&outcome)),
            (OutcomeKind::AuthFailed, "the credentials for AWS have expired: the role of the container")
        );
    }
    assert!(fetch(&session, &["aws-sm:one", "aws-sm:two"]).iter().all(|outcome| outcome.kind() == OutcomeKind::AuthFailed));
}

#[test]
fn credentials_that_end_in_the_middle_are_asked_for_again_once() {
    let agent = agent(Duration::from_hours(1));
    let ended = AtomicBool::new(false);
    let server = FailureLab::start(Fault::by(move |_| {
        if ended.swap(true, Ordering::SeqCst) {
            Fault::ok(r#"{"Name":"one","SecretString":"hunter2-fake"}"#)
        } else {
            Fault::json(400, r#"{"__type":"ExpiredTokenException"}"#)
        }
    }));
    let home = Home::new("", "").with("AWS_CONTAINER_CREDENTIALS_FULL_URI", &agent.url()).with("AWS_ENDPOINT_URL", &server.url());
    let set = home.settings();
    let value = |name: &'static str| (name, set.iter().find(|(other, _)| *other == name).map(|(_, value)| Secret::new(value.clone())));
    let settings = AwsProvider::new().settings().iter().copied().map(value).collect();
    let surroundings = Surroundings { deadline: Instant::now() + Duration::from_secs(30), environment: None, settings };
    let engine = Engine::new(vec![Arc::new(AwsProvider::new())]);
    let resolution = wait(engine.resolve(&references(&["aws-sm:one"]), &surroundings));
    assert_eq!(text(resolution.outcomes.values().next().unwrap()), "hunter2-fake");
    assert_eq!((agent.requests(), server.requests()), (2, 2));
}
