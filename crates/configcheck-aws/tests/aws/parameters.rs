//! Parameter Store.

use configcheck_core::provider::{Access, Outcome, OutcomeKind, Payload};
use configcheck_core::secret::ExposeSecret as _;
use configcheck_test_servers::{Moto, unique};
use configcheck_testkit::failure_lab::FailureLab;

use crate::server::{fetch, fetch_one, message, probe_one, put, session, text};

fn put_parameter(name: &str, kind: &str, value: &str) {
    let body = serde_json::json!({ "Name": name, "Type": kind, "Value": value, "Overwrite": true }).to_string();
    Moto::shared().write("AmazonSSM.PutParameter", &body);
}

#[test]
fn twenty_three_parameters_are_three_calls() {
    let prefix = format!("/{}", unique("names"));
    for number in 0..23 {
        put_parameter(&format!("{prefix}/{number}"), "SecureString", &format!("hunter2-fake-{number}"));
    }
    let lab = FailureLab::in_front_of(Moto::shared().endpoint());
    let session = session(&[("AWS_ENDPOINT_URL", &lab.url())]);
    let texts: Vec<String> = (0..24).map(|number| format!("aws-ssm:{prefix}/{number}")).collect();
    let outcomes = fetch(&session, &texts);
    for (number, outcome) in outcomes[..23].iter().enumerate() {
        assert_eq!(text(outcome), format!("hunter2-fake-{number}"));
        let Outcome::Found(fetched) = outcome else { unreachable!("found") };
        assert_eq!(fetched.version.as_deref(), Some("1"));
        assert!(fetched.created.is_some());
    }
    assert_eq!(outcomes[23].kind(), OutcomeKind::Absent);
    assert_eq!(message(&outcomes[23]), "Parameter Store in us-east-1 has no parameter of this name and version");
    assert_eq!(lab.requests(), 3);
}

#[test]
fn kinds_versions_and_labels() {
    let name = format!("/{}/db", unique("kinds"));
    put_parameter(&name, "SecureString", "hunter2-fake-1");
    Moto::shared().write(
        "AmazonSSM.LabelParameterVersion",
        &serde_json::json!({ "Name": name, "ParameterVersion": 1, "Labels": ["stable"] }).to_string(),
    );
    put_parameter(&name, "SecureString", "hunter2-fake-2");
    let list = format!("{name}-list");
    put_parameter(&list, "StringList", "a,b,c");
    let session = session(&[]);
    let outcomes = fetch(
        &session,
        &[
            format!("aws-ssm:{name}"),
            format!("aws-ssm:{name}?version=1"),
            format!("aws-ssm:{name}?version=2"),
            format!("aws-ssm:{name}?label=stable"),
            format!("aws-ssm:{list}"),
            format!("arn:aws:ssm:us-east-1:123456789012:parameter{list}"),
            format!("aws-ssm:{name}?version=9"),
        ],
    );
    let found: Vec<String> = outcomes[..6].iter().map(text).collect();
    assert_eq!(found, ["hunter2-fake-2", "hunter2-fake-1", "hunter2-fake-2", "hunter2-fake-1", "a,b,c", "a,b,c"]);
    assert_eq!(outcomes[6].kind(), OutcomeKind::Absent, "{:?}", outcomes[6]);
}

#[test]
fn all_below_a_path_are_a_map() {
    let path = format!("/{}", unique("path"));
    for number in 0..25 {
        put_parameter(&format!("{path}/key{number:02}"), "SecureString", &format!("hunter2-fake-{number}"));
    }
    put_parameter(&format!("{path}/deep/er"), "String", "nested");
    put_parameter(&format!("{path}x"), "String", "a neighbour");
    let lab = FailureLab::in_front_of(Moto::shared().endpoint());
    let session = session(&[("AWS_ENDPOINT_URL", &lab.url())]);
    let outcome = fetch_one(&session, &format!("aws-ssm:{path}/"));
    let Outcome::Found(fetched) = &outcome else { panic!("{outcome:?}") };
    let Payload::Map(values) = &fetched.payload else { panic!("one value") };
    let mut names: Vec<&str> = values.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names.len(), 26);
    assert_eq!((names[0], names[1], names[25]), ("deep/er", "key00", "key24"));
    let seven = values.iter().find(|(name, _)| name == "key07").unwrap();
    assert_eq!(seven.1.expose_secret(), b"hunter2-fake-7");
    assert_eq!(lab.requests(), 3);
    assert_eq!(fetch_one(&session, &format!("aws-ssm:{path}/nothing/")).kind(), OutcomeKind::Absent);
}

#[test]
fn secrets_can_be_read_through_parameter_store() {
    let name = unique("through");
    put(&name, "hunter2-fake");
    let outcome = fetch_one(&session(&[]), &format!("aws-ssm:/aws/reference/secretsmanager/{name}"));
    assert_eq!(text(&outcome), "hunter2-fake");
}

#[test]
fn probing_leaves_what_is_encrypted_encrypted() {
    let name = format!("/{}/db", unique("probe"));
    put_parameter(&name, "SecureString", "hunter2-fake-value");
    let lab = FailureLab::in_front_of(Moto::shared().endpoint());
    let session = session(&[("AWS_ENDPOINT_URL", &lab.url())]);
    let probe = probe_one(&session, &format!("aws-ssm:{name}"));
    assert!(matches!(probe.access, Access::Allowed(_)), "{probe:?}");
    assert_eq!(probe.version.as_deref(), Some("1"));
    assert!(lab.saw(b"\"WithDecryption\":false"));
    assert!(matches!(probe_one(&session, &format!("aws-ssm:{name}-missing")).access, Access::Failed(Outcome::Absent(_))));
    assert!(!format!("{probe:?}").contains("hunter2"));
}
