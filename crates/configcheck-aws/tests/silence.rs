//! Nothing that is secret is heard by whoever listens to all events, at the level where most are told, nor stands in any outcome.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::use_debug, reason = "what Debug shows is looked at")]

use std::fmt::{self, Write as _};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use configcheck_aws::AwsProvider;
use configcheck_core::provider::{Batch, ConnectContext};
use configcheck_core::{Provider, Secret, SecretRef};
use configcheck_engine::block_on;
use configcheck_testkit::failure_lab::{FailureLab, Fault};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Everything that was told, on whichever thread.
static HEARD: Mutex<String> = Mutex::new(String::new());

struct Everything;

struct Writing<'a>(&'a mut String);

impl Visit for Writing<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
}

impl Everything {
    fn note(target: &str, record: impl FnOnce(&mut dyn Visit)) {
        let mut heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = write!(heard, "\n{target}");
        record(&mut Writing(&mut heard));
    }
}

impl Subscriber for Everything {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        Self::note(span.metadata().target(), |visit| span.record(visit));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        Self::note("record", |visit| values.record(visit));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        Self::note(event.metadata().target(), |visit| event.record(visit));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

const SECRETS: [&str; 8] = [
    "Qz7vK2xW9pLmTq3Zu",
    "Jh3bN8rT5yGcXw6Vp0Dk",
    "Vd6mX4sE1uZkHt8Bq2Ny",
    "Rf9wC2tA7nYqKv5Js3Lm",
    "Lk5pB8gM3jHvUd7Xc1Wr",
    "Ws1xD6cF4vQzPn9Gy4Et",
    "Ty8nU2iK7oPaZb6Rf3Hj",
    "Eg4hJ9lZ1xMbCs2Kw8Vd",
];

/// What AWS and everything beside it answers, with secrets in every place.
fn server(answer: &'static str) -> FailureLab {
    let [value, _, token, web, agent, task_secret, task_token, _] = SECRETS;
    FailureLab::start(Fault::by(move |request| {
        let target = request.header("x-amz-target").unwrap_or_default();
        let is_login = request.method == "GET" || String::from_utf8_lossy(&request.body).contains("AssumeRole");
        match answer {
            "echo" if !is_login => Fault::Echo,
            "refused" => {
                Fault::json(400, serde_json::json!({ "__type": value, "message": format!("{value} {token} {web} {agent}") }).to_string())
            }
            // An ARN that is made of what was sent.
            "denied" if !is_login => {
                let sent = request.header("x-amz-security-token").unwrap_or_default();
                let message = format!("User: arn:aws:iam::123456789012:user/{sent} is not authorized to perform: {value}");
                Fault::json(400, serde_json::json!({ "__type": "AccessDeniedException", "message": message }).to_string())
            }
            "broken" if !is_login => Fault::ok(format!("{{\"SecretString\":\"{value}\",\"Value\":{value}")),
            "typed" if !is_login => {
                Fault::ok(format!(r#"{{"SecretString":{{"a":"{value}"}},"Parameters":[{{"Name":"{value}","Value":["{value}"]}}]}}"#))
            }
            "named" if !is_login => Fault::ok(format!(
                r#"{{"Name":"{value}","VersionId":"{value} {value}","SecretString":"{value}","Parameters":[{{"Name":"/{value}","Value":"{value}"}}],"InvalidParameters":["{value}"]}}"#
            )),
            _ if request.method == "GET" => Fault::ok(format!(
                r#"{{"AccessKeyId":"ASIAIOSFODNN7TASK","SecretAccessKey":"{task_secret}","Token":"{task_token}","Expiration":"2099-01-01T00:00:00Z"}}"#
            )),
            _ if is_login => {
                let kind =
                    if String::from_utf8_lossy(&request.body).contains("WebIdentity") { "AssumeRoleWithWebIdentity" } else { "AssumeRole" };
                let body = format!(
                    "<{kind}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{kind}Result><Credentials><AccessKeyId>ASIAIOSFODNN7ROLE</AccessKeyId>\
                     <SecretAccessKey>{task_secret}</SecretAccessKey><SessionToken>{task_token}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>\
                     </Credentials></{kind}Result></{kind}Response>"
                );
                Fault::StatusWith {
                    status: 200,
                    headers: vec![("content-type".to_owned(), "text/xml".to_owned())],
                    body: body.into_bytes(),
                }
            }
            _ if target.ends_with("BatchGetSecretValue") => Fault::ok(format!(
                r#"{{"SecretValues":[{{"Name":"one","SecretString":"{value}"}}],"Errors":[{{"SecretId":"two","ErrorCode":"{value}","Message":"{value}"}}]}}"#
            )),
            _ if target.ends_with("GetParameters") => Fault::ok(format!(
                r#"{{"Parameters":[{{"Name":"/one","Type":"String","Value":"{value}","Version":1}}],"InvalidParameters":[]}}"#
            )),
            _ => Fault::ok(format!(r#"{{"Name":"one","SecretString":"{value}"}}"#)),
        }
    }))
}

/// Six bytes in a row of a secret count.
fn shown(text: &str) -> Option<&'static str> {
    SECRETS.into_iter().find(|secret| secret.as_bytes().windows(6).any(|part| text.as_bytes().windows(6).any(|window| window == part)))
}

#[test]
fn nothing_secret_is_told() {
    tracing::subscriber::set_global_default(Everything).unwrap();
    let [_, access_secret, session_token, web, agent, .., argument] = SECRETS;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::create_dir_all(folder.path().join(".aws")).unwrap();
    std::fs::write(folder.path().join("web"), web).unwrap();
    std::fs::write(folder.path().join("agent"), agent).unwrap();
    let printed = format!(r#"{{"Version":1,"AccessKeyId":"ASIAIOSFODNN7PRINTED","SecretAccessKey":"{access_secret}"}}"#);
    let config = format!(
        "[profile printed]\ncredential_process = : --password {argument}; echo '{printed}'\n\
         [profile silent]\ncredential_process = echo {argument}; echo {argument} >&2; exit 1\n\
         [profile keys]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = {access_secret}\naws_session_token = {session_token}\n\
         [profile role]\nrole_arn = arn:aws:iam::123456789012:role/reader\nsource_profile = keys\n"
    );
    std::fs::write(folder.path().join(".aws/config"), config).unwrap();
    let mut told = String::new();
    for answer in ["good", "echo", "refused", "denied", "broken", "typed", "named"] {
        let lab = server(answer);
        let always = [
            ("AWS_ENDPOINT_URL", lab.url()),
            ("AWS_REGION", "eu-west-1".to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
            ("HOME", path("")),
        ];
        let ways: [Vec<(&str, String)>; 7] = [
            vec![
                ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE".to_owned()),
                ("AWS_SECRET_ACCESS_KEY", access_secret.to_owned()),
                ("AWS_SESSION_TOKEN", session_token.to_owned()),
            ],
            vec![("AWS_PROFILE", "printed".to_owned())],
            vec![("AWS_PROFILE", "silent".to_owned())],
            vec![("AWS_PROFILE", "keys".to_owned())],
            vec![("AWS_PROFILE", "role".to_owned())],
            vec![("AWS_WEB_IDENTITY_TOKEN_FILE", path("web")), ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/reader".to_owned())],
            vec![("AWS_CONTAINER_CREDENTIALS_FULL_URI", lab.url()), ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", path("agent"))],
        ];
        for way in ways {
            let provider = AwsProvider::new();
            let set: Vec<_> = always.iter().chain(&way).collect();
            let value = |name: &&str| set.iter().find(|(other, _)| other == name).map(|(_, value)| Secret::new(value.clone()));
            let settings = provider.settings().iter().map(value).collect();
            let context = ConnectContext::new(Instant::now() + Duration::from_secs(30), None, settings);
            let _ = write!(told, "{provider:?} {context:?}");
            let session = match block_on(provider.connect(&context)) {
                Ok(session) => session,
                Err(outcome) => {
                    let _ = write!(told, "{outcome:?}");
                    continue;
                }
            };
            let _ = write!(told, "{session:?} {}", session.describe());
            for texts in [
                &["aws-sm:one"][..],
                &["aws-sm:one", "aws-sm:two"],
                &["aws-ssm:/one"],
                &["aws-ssm:/one/"],
                &["aws-sm:one?role_arn=arn:aws:iam::123456789012:role/x"],
            ] {
                let references = texts.iter().map(|text| SecretRef::parse(text).unwrap().unwrap()).collect();
                let batch = Batch { references };
                let _ = write!(told, "{:?} {:?}", block_on(session.fetch(&batch)), block_on(session.probe(&batch)));
            }
            let _ = write!(told, "{:?} {:?}", block_on(session.identity()), session.lease());
        }
    }
    assert!(told.contains("Found(Fetched"), "values were fetched");
    assert_eq!(shown(&told), None, "an outcome or a Debug shows a secret");
    let heard = HEARD.lock().unwrap().clone();
    assert_eq!(shown(&heard), None, "an event shows a secret");
    // Whoever listens does hear, so that silence means something.
    let before = heard.len();
    drop(heard);
    tracing::trace!(password = SECRETS[0], "a mistake");
    let heard = HEARD.lock().unwrap().clone();
    assert!(heard.len() > before && shown(&heard).is_some());
}
