//! What goes wrong between here and AWS, and what AWS refuses.

use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use configcheck_aws::AwsProvider;
use configcheck_core::provider::{Outcome, OutcomeKind, Retry};
use configcheck_core::{Provider, Secret};
use configcheck_engine::{Engine, Surroundings};
use configcheck_test_servers::{Authority, Moto};
use configcheck_testkit::failure_lab::{FailureLab, Fault, Request, RetryAfter};

use crate::server::{connect, fetch, fetch_one, message, references, session, settings, text, wait};

/// What AWS answers when it refuses: status, code and message.
fn refusal(status: u16, code: &str, message: &str) -> Fault {
    Fault::json(status, serde_json::json!({ "__type": code, "message": message }).to_string())
}

fn call(request: &Request) -> &str {
    request.header("x-amz-target").unwrap_or_default().rsplit('.').next().unwrap_or_default()
}

fn against(lab: &FailureLab) -> std::sync::Arc<dyn configcheck_core::provider::Session> {
    session(&[("AWS_ENDPOINT_URL", &lab.url())])
}

/// A server that answers each secret with its name as the value; batches as it is told.
fn server(batch: impl Fn() -> Fault + Send + Sync + 'static) -> FailureLab {
    FailureLab::start(Fault::by(move |request| match call(request) {
        "BatchGetSecretValue" => batch(),
        "GetSecretValue" => {
            let asked: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
            let name = asked["SecretId"].as_str().unwrap();
            Fault::ok(serde_json::json!({ "Name": name, "SecretString": format!("hunter2-fake {name}") }).to_string())
        }
        _ => Fault::Status(500),
    }))
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("aws-sm:secret-{number}")).collect()
}

#[test]
fn without_the_permission_for_batches_secrets_are_read_one_by_one() {
    let lab = server(|| {
        refusal(
            400,
            "AccessDeniedException",
            "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: secretsmanager:BatchGetSecretValue",
        )
    });
    let session = against(&lab);
    for _ in 0..2 {
        for (number, outcome) in fetch(&session, &names(12)).iter().enumerate() {
            assert_eq!(text(outcome), format!("hunter2-fake secret-{number}"));
        }
    }
    let seen = lab.requests_seen();
    let batches = seen.iter().filter(|request| call(request) == "BatchGetSecretValue").count();
    assert_eq!((batches, seen.len()), (1, 25), "the denial of the batch is remembered");
    assert!(lab.connections() <= 10, "{} connections", lab.connections());
}

#[test]
fn throttling_is_known_by_its_code() {
    let throttled = || Fault::StatusWith {
        status: 400,
        headers: vec![("retry-after".to_owned(), "7".to_owned())],
        body: br#"{"__type":"ThrottlingException","message":"Rate exceeded"}"#.to_vec(),
    };
    let lab = server(throttled);
    let outcomes = fetch(&against(&lab), &names(5));
    for outcome in &outcomes {
        let Outcome::Throttled { retry_after, reason } = outcome else { panic!("{outcome:?}") };
        assert_eq!(*retry_after, Some(Duration::from_secs(7)));
        assert_eq!(reason.message, "AWS throttles `secretsmanager:BatchGetSecretValue` in us-east-1");
    }
    assert_eq!(lab.requests(), 1);
    let lab = FailureLab::start(throttled());
    for reference in ["aws-sm:one", "aws-ssm:/one", "aws-ssm:/all/"] {
        assert_eq!(fetch_one(&against(&lab), reference).kind(), OutcomeKind::Throttled, "{reference}");
    }
    let lab = FailureLab::start(Fault::RetryAfter { status: 429, after: RetryAfter::Seconds(3) });
    assert!(
        matches!(fetch_one(&against(&lab), "aws-ssm:/one"), Outcome::Throttled { retry_after: Some(after), .. } if after == Duration::from_secs(3))
    );
}

#[test]
fn the_engine_reads_one_by_one_what_is_throttled_in_batches() {
    let lab = server(|| refusal(400, "ThrottlingException", "Rate exceeded"));
    let engine = Engine::new(vec![std::sync::Arc::new(AwsProvider::new())]);
    let all = settings(&[("AWS_ENDPOINT_URL", &lab.url())]);
    let values = AwsProvider::new().settings().iter().map(|name| {
        let value = all.iter().find(|(other, _)| other == name).map(|(_, value)| Secret::new(value.clone()));
        (*name, value)
    });
    let surroundings = Surroundings { deadline: Instant::now() + Duration::from_secs(30), environment: None, settings: values.collect() };
    let resolution = wait(engine.resolve(&references(&names(25)), &surroundings));
    assert_eq!(resolution.outcomes.len(), 25);
    for (reference, outcome) in &resolution.outcomes {
        assert_eq!(text(outcome), format!("hunter2-fake {}", reference.path()));
    }
}

#[test]
fn one_denied_parameter_does_not_deny_the_others() {
    // AWS refuses the whole call and names the first that may not be read.
    let lab = FailureLab::start(Fault::by(|request| {
        let asked: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        let names: Vec<&str> = asked["Names"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        if names.contains(&"/3") {
            return refusal(
                400,
                "AccessDeniedException",
                "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: ssm:GetParameters on resource: arn:aws:ssm:us-east-1:123456789012:parameter/3",
            );
        }
        let found: Vec<_> =
            names.iter().map(|name| serde_json::json!({ "Name": name, "Type": "String", "Value": "hunter2-fake", "Version": 1 })).collect();
        Fault::ok(serde_json::json!({ "Parameters": found, "InvalidParameters": [] }).to_string())
    }));
    let texts: Vec<String> = (0..8).map(|number| format!("aws-ssm:/{number}")).collect();
    let outcomes = fetch(&against(&lab), &texts);
    for (number, outcome) in outcomes.iter().enumerate() {
        assert_eq!(outcome.kind(), if number == 3 { OutcomeKind::Denied } else { OutcomeKind::Found }, "{number}");
    }
    assert_eq!(message(&outcomes[3]), "AWS does not let arn:aws:iam::123456789012:user/ci do `ssm:GetParameters` in us-east-1");
    assert_eq!(lab.requests(), 9);
}

#[test]
fn errors_of_single_secrets_in_a_batch() {
    let lab = server(|| {
        let codes = [
            ("secret-0", "AccessDeniedException"),
            ("secret-1", "DecryptionFailure"),
            ("secret-2", "InvalidRequestException"),
            ("secret-3", "ResourceNotFoundException"),
            ("secret-4", "ThrottlingException"),
            ("secret-5", "hunter2-fake"),
        ];
        let errors: Vec<_> =
            codes.iter().map(|(id, code)| serde_json::json!({ "SecretId": id, "ErrorCode": code, "Message": "hunter2-fake" })).collect();
        let values = [serde_json::json!({ "Name": "secret-6" }), serde_json::json!({ "Name": "secret-8", "SecretString": "hunter2-fake" })];
        Fault::ok(serde_json::json!({ "SecretValues": values, "Errors": errors }).to_string())
    });
    let outcomes = fetch(&against(&lab), &names(9));
    let kinds: Vec<OutcomeKind> = outcomes.iter().map(Outcome::kind).collect();
    let expected = [
        OutcomeKind::Denied,
        OutcomeKind::Denied,
        OutcomeKind::Malformed,
        OutcomeKind::Absent,
        OutcomeKind::Throttled,
        OutcomeKind::Malformed,
        // One without a value, one that the answer does not name at all.
        OutcomeKind::Malformed,
        OutcomeKind::Malformed,
        OutcomeKind::Found,
    ];
    assert_eq!(kinds, expected, "{outcomes:?}");
    assert!(!format!("{outcomes:?}").contains("hunter2"));
}

#[test]
fn a_batch_of_several_pages() {
    let lab = FailureLab::start(Fault::by(|request| {
        let asked: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        let (name, next) = if asked["NextToken"].is_null() { ("secret-0", Some("more")) } else { ("secret-1", None) };
        let values = [serde_json::json!({ "Name": name, "SecretString": "hunter2-fake" })];
        Fault::ok(serde_json::json!({ "SecretValues": values, "Errors": [], "NextToken": next }).to_string())
    }));
    assert!(fetch(&against(&lab), &names(2)).iter().all(|outcome| outcome.kind() == OutcomeKind::Found));
    assert_eq!(lab.requests(), 2);
}

#[test]
fn refusals_read_as_what_they_are() {
    for (status, code, text, kind, words) in [
        (
            400,
            "UnrecognizedClientException",
            "",
            OutcomeKind::AuthFailed,
            "AWS does not know the access key: the keys of AWS_ACCESS_KEY_ID",
        ),
        (
            403,
            "InvalidSignatureException",
            "Signature expired: hunter2-fake",
            OutcomeKind::AuthFailed,
            "the clock of this machine is wrong",
        ),
        (403, "SignatureDoesNotMatch", "", OutcomeKind::AuthFailed, "AWS does not accept the signature: the keys of AWS_ACCESS_KEY_ID"),
        (400, "AccessDeniedException", "Access to KMS is not allowed", OutcomeKind::Denied, "decrypt with the key that encrypts it"),
        (400, "AccessDeniedException", "hunter2-fake", OutcomeKind::Denied, "AWS does not let the keys of AWS_ACCESS_KEY_ID do `"),
        (500, "InternalServiceError", "hunter2-fake", OutcomeKind::Unavailable, "answers with a failure of its own, status 500"),
        (503, "hunter2-fake", "hunter2-fake", OutcomeKind::Unavailable, "status 503"),
        (418, "hunter2-fake", "hunter2-fake", OutcomeKind::Malformed, "answered with status 418 and not as AWS does"),
    ] {
        let lab = FailureLab::start(refusal(status, code, text));
        let session = against(&lab);
        for reference in ["aws-sm:one", "aws-ssm:/one"] {
            let outcome = fetch_one(&session, reference);
            assert_eq!(outcome.kind(), kind, "{code}: {outcome:?}");
            assert!(message(&outcome).contains(words), "{code}: {}", message(&outcome));
            assert!(!format!("{outcome:?}").contains("hunter2"), "{outcome:?}");
        }
        assert_eq!(lab.requests(), 2, "{code}: nothing is tried again here");
    }
}

#[test]
fn faults_of_the_network() {
    let away = FailureLab::witness();
    for (fault, kind) in [
        (Fault::Refuse, OutcomeKind::Unavailable),
        (Fault::CloseAtOnce, OutcomeKind::Unavailable),
        (Fault::Truncated, OutcomeKind::Unavailable),
        (Fault::ChunkedTruncated, OutcomeKind::Unavailable),
        (Fault::ResetMidBody, OutcomeKind::Unavailable),
        (Fault::Status(502), OutcomeKind::Unavailable),
        (Fault::Status(403), OutcomeKind::Denied),
        (Fault::Status(401), OutcomeKind::Denied),
        (Fault::Status(404), OutcomeKind::Malformed),
        (Fault::Redirect { status: 301, to: away.url() }, OutcomeKind::Malformed),
        (Fault::Redirect { status: 307, to: away.url() }, OutcomeKind::Malformed),
        (Fault::HugeBody { declared: true, bytes: 1 << 30 }, OutcomeKind::Malformed),
        (Fault::HugeBody { declared: false, bytes: 1 << 30 }, OutcomeKind::Malformed),
        (Fault::GzipBomb, OutcomeKind::Malformed),
        (Fault::ManyHeaders(100_000), OutcomeKind::Malformed),
        (Fault::LongHeader(1 << 20), OutcomeKind::Malformed),
        (Fault::NotHttp, OutcomeKind::Malformed),
        (Fault::ok("hunter2-fake"), OutcomeKind::Malformed),
        (Fault::ok("{}"), OutcomeKind::Malformed),
        (Fault::ok("[]"), OutcomeKind::Malformed),
        (Fault::ok("null"), OutcomeKind::Malformed),
        (Fault::ok(r#"{"Name":"one","SecretString":7,"Parameters":7}"#), OutcomeKind::Malformed),
        (Fault::ok(r#"{"Name":"one","SecretString":null,"Parameters":null}"#), OutcomeKind::Malformed),
        (Fault::Echo, OutcomeKind::Unavailable),
    ] {
        let told = format!("{fault:?}");
        let lab = FailureLab::start(fault);
        let session = session(&[("AWS_ENDPOINT_URL", &lab.url()), ("AWS_SESSION_TOKEN", "not-a-real-session-token")]);
        for reference in ["aws-sm:one", "aws-ssm:/one"] {
            let outcome = fetch_one(&session, reference);
            assert_eq!(outcome.kind(), kind, "{told} {reference}: {outcome:?}");
            let shown = format!("{outcome:?}");
            assert!(!shown.contains("hunter2") && !shown.contains("session-token") && !shown.contains(Moto::SECRET_ACCESS_KEY), "{shown}");
        }
    }
    away.assert_untouched();
}

#[test]
fn what_never_answers_ends_when_it_is_let_go() {
    let lab = FailureLab::start(Fault::Silent);
    let session = against(&lab);
    let batch = AwsProvider::new().plan(&references(&["aws-sm:one"])).remove(0);
    let began = Instant::now();
    let ended = wait(async { tokio::time::timeout(Duration::from_millis(300), session.fetch(&batch)).await });
    assert!(ended.is_err());
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[test]
fn an_endpoint_has_to_be_safe() {
    let away = FailureLab::witness();
    for (url, words) in [
        ("http://192.0.2.1", "AWS_ENDPOINT_URL"),
        ("http://169.254.169.254", "AWS_ENDPOINT_URL"),
        ("https://169.254.169.254", "AWS_ENDPOINT_URL"),
        ("https://user:hunter2-fake@aws.example", "AWS_ENDPOINT_URL"),
        ("file:///etc/passwd", "AWS_ENDPOINT_URL"),
    ] {
        let Err(outcome) = connect(&settings(&[("AWS_ENDPOINT_URL", url)])) else { panic!("{url} is refused") };
        assert_eq!(outcome.kind(), OutcomeKind::Misconfigured, "{url}");
        assert!(message(&outcome).contains(words), "{}", message(&outcome));
        assert!(!format!("{outcome:?}").contains("hunter2"));
    }
    away.assert_untouched();
}

#[test]
fn a_server_that_is_not_there_may_come_back() {
    let lab = FailureLab::start(Fault::Refuse);
    let outcome = fetch_one(&against(&lab), "aws-sm:one");
    assert!(matches!(outcome, Outcome::Unavailable { retry: Retry::UntilDeadline, .. }), "{outcome:?}");
    assert!(message(&outcome).starts_with("Secrets Manager in us-east-1 cannot be reached"), "{}", message(&outcome));
}

/// No batch waits for the handshake of another: that would be two more ways there and back at each start.
#[test]
fn requests_at_once_connect_at_once() {
    // It takes connections and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let (url, authority) = (format!("https://{}", silent.local_addr().unwrap()), Authority::new());
    let session = session(&[("AWS_ENDPOINT_URL", &url), ("AWS_CA_BUNDLE", authority.file().to_str().unwrap())]);
    let batches = AwsProvider::new().plan(&references(&names(50)));
    thread::scope(|scope| {
        for batch in &batches {
            scope.spawn(|| wait(session.fetch(batch)).iter().for_each(|outcome| assert_eq!(outcome.kind(), OutcomeKind::Unavailable)));
        }
    });
    silent.set_nonblocking(true).unwrap();
    assert_eq!(silent.incoming().map_while(Result::ok).count(), 3);
}
