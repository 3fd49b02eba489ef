//! Secrets Manager.

use configcheck_core::provider::{Access, Outcome, OutcomeKind, Payload};
use configcheck_core::secret::ExposeSecret as _;
use configcheck_test_servers::{Moto, unique};
use configcheck_testkit::failure_lab::{FailureLab, Request};

use crate::server::{connect, fetch, fetch_one, message, probe_one, put, session, settings, text};

/// The calls that a lab has passed on, by their names.
fn calls(lab: &FailureLab) -> Vec<String> {
    let name = |request: &Request| request.header("x-amz-target").unwrap_or("-").rsplit('.').next().unwrap_or_default().to_owned();
    lab.requests_seen().iter().map(name).collect()
}

#[test]
fn fifty_secrets_cost_three_calls() {
    let prefix = unique("fifty");
    for number in 0..50 {
        put(&format!("{prefix}/{number}"), &format!("hunter2-fake-{number}"));
    }
    let lab = FailureLab::in_front_of(Moto::shared().endpoint());
    let session = session(&[("AWS_ENDPOINT_URL", &lab.url())]);
    let texts: Vec<String> = (0..50).map(|number| format!("aws-sm:{prefix}/{number}#password")).collect();
    let outcomes = fetch(&session, &texts);
    for (number, outcome) in outcomes.iter().enumerate() {
        assert_eq!(text(outcome), format!("hunter2-fake-{number}"));
    }
    assert_eq!(calls(&lab), ["BatchGetSecretValue"; 3]);
}

#[test]
fn a_single_secret_is_read_by_name_by_arn_and_by_partial_arn() {
    let name = unique("single");
    let arn = put(&name, "hunter2-fake");
    let partial = arn.rsplit_once('-').unwrap().0.to_owned();
    let lab = FailureLab::in_front_of(Moto::shared().endpoint());
    let session = session(&[("AWS_ENDPOINT_URL", &lab.url())]);
    for reference in [format!("aws-sm:{name}"), arn.clone(), partial.clone()] {
        assert_eq!(text(&fetch_one(&session, &reference)), "hunter2-fake", "{reference}");
    }
    assert_eq!(calls(&lab), ["GetSecretValue"; 3]);
    // All three in one batch are one secret, and each has its answer.
    for outcome in fetch(&session, &[format!("aws-sm:{name}"), arn, partial]) {
        let Outcome::Found(fetched) = &outcome else { panic!("{outcome:?}") };
        assert_eq!(text(&outcome), "hunter2-fake");
        assert!(fetched.version.is_some() && fetched.created.is_some());
    }
}

#[test]
fn one_that_is_missing_does_not_keep_the_others_from_coming() {
    let prefix = unique("partial");
    for number in 0..5 {
        put(&format!("{prefix}/{number}"), "hunter2-fake");
    }
    let texts: Vec<String> = (0..7).map(|number| format!("aws-sm:{prefix}/{number}")).collect();
    let outcomes = fetch(&session(&[]), &texts);
    let kinds: Vec<OutcomeKind> = outcomes.iter().map(Outcome::kind).collect();
    assert_eq!(kinds[..5], [OutcomeKind::Found; 5]);
    assert_eq!(kinds[5..], [OutcomeKind::Absent; 2]);
    assert_eq!(message(&outcomes[5]), "Secrets Manager in us-east-1 has no secret of this name");
}

#[test]
fn versions_and_stages() {
    let name = unique("versions");
    put(&name, "hunter2-fake-old");
    let answer = Moto::shared()
        .write("secretsmanager.PutSecretValue", &serde_json::json!({ "SecretId": name, "SecretString": "hunter2-fake-new" }).to_string());
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    let new = answer["VersionId"].as_str().unwrap();
    let session = session(&[]);
    let get = |options: &str| fetch_one(&session, &format!("aws-sm:{name}{options}"));
    assert_eq!(text(&get("")), "hunter2-fake-new");
    assert_eq!(text(&get("?stage=AWSCURRENT")), "hunter2-fake-new");
    assert_eq!(text(&get("?stage=AWSPREVIOUS")), "hunter2-fake-old");
    assert_eq!(text(&get(&format!("?version={new}"))), "hunter2-fake-new");
    assert_eq!(text(&get(&format!("?version={new}&stage=AWSCURRENT"))), "hunter2-fake-new");
    // moto says of a stage that is not there only that the secret is not.
    assert_eq!(get("?stage=AWSPENDING").kind(), OutcomeKind::Absent);
    let outcome = get("?version=11111111-2222-3333-4444-555555555555");
    assert_eq!((outcome.kind(), message(&outcome)), (OutcomeKind::Absent, "the secret in us-east-1 has no such version, or no value yet"));
}

#[test]
fn the_current_stage_is_asked_for_by_name() {
    let name = unique("stage");
    put(&name, "hunter2-fake");
    let lab = FailureLab::in_front_of(Moto::shared().endpoint());
    fetch_one(&session(&[("AWS_ENDPOINT_URL", &lab.url())]), &format!("aws-sm:{name}"));
    assert!(lab.saw(b"\"VersionStage\":\"AWSCURRENT\""));
}

#[test]
fn binary_secrets_and_large_ones_arrive_byte_for_byte() {
    let (binary, large) = (unique("binary"), unique("large"));
    // 0, 1, 2, 253, 254, 255 as base64.
    Moto::shared().write("secretsmanager.CreateSecret", &format!(r#"{{"Name":"{binary}","SecretBinary":"AAEC/f7/"}}"#));
    let value = "not-a-real-key \"quoted\" \\ \n\t é ".repeat(2_000);
    let value = &value[..65_536.min(value.len())];
    put(&large, value);
    let session = session(&[]);
    for together in [false, true] {
        let texts = [format!("aws-sm:{binary}"), format!("aws-sm:{large}")];
        let outcomes = if together { fetch(&session, &texts) } else { texts.iter().map(|text| fetch_one(&session, text)).collect() };
        let Outcome::Found(fetched) = &outcomes[0] else { panic!("{outcomes:?}") };
        let Payload::Value(bytes) = &fetched.payload else { panic!("a map") };
        assert_eq!(*bytes.expose_secret(), [0, 1, 2, 253, 254, 255]);
        assert!(text(&outcomes[1]) == value, "the large secret differs");
    }
}

#[test]
fn twenty_of_the_largest_secrets_fit_into_one_answer() {
    twenty_of(&"\"\\".repeat(32_768), 1);
}

#[test]
fn twenty_that_do_not_fit_are_read_one_by_one() {
    twenty_of(&"\u{1}".repeat(65_536), 21);
}

fn twenty_of(value: &str, requests: usize) {
    let prefix = unique("largest");
    for number in 0..20 {
        put(&format!("{prefix}/{number}"), value);
    }
    let lab = FailureLab::in_front_of(Moto::shared().endpoint());
    let texts: Vec<String> = (0..20).map(|number| format!("aws-sm:{prefix}/{number}")).collect();
    for outcome in fetch(&session(&[("AWS_ENDPOINT_URL", &lab.url())]), &texts) {
        assert!(text(&outcome) == value, "a secret differs");
    }
    assert_eq!(lab.requests(), requests);
}

#[test]
fn other_regions_are_asked_where_they_are() {
    let name = unique("region");
    let lab = FailureLab::in_front_of(Moto::shared().endpoint());
    let session = session(&[("AWS_ENDPOINT_URL", &lab.url())]);
    put(&name, "hunter2-fake");
    assert_eq!(text(&fetch_one(&session, &format!("aws-sm:{name}"))), "hunter2-fake");
    // moto tells the region from the signature, as AWS does from the host.
    let elsewhere = fetch_one(&session, &format!("aws-sm:{name}?region=eu-central-1"));
    assert_eq!(message(&elsewhere), "Secrets Manager in eu-central-1 has no secret of this name");
    let elsewhere = fetch_one(&session, &format!("arn:aws:secretsmanager:ap-southeast-2:123456789012:secret:{name}-AbCdEf"));
    assert_eq!(message(&elsewhere), "Secrets Manager in ap-southeast-2 has no secret of this name");
    let scopes =
        lab.requests_seen().iter().map(|request| request.header("authorization").unwrap_or_default().to_owned()).collect::<Vec<_>>();
    for (scope, region) in scopes.iter().zip(["us-east-1", "eu-central-1", "ap-southeast-2"]) {
        assert!(scope.contains(&format!("/{region}/secretsmanager/aws4_request")), "{region}");
    }
}

#[test]
fn a_secret_that_is_marked_for_deletion_says_so() {
    let name = unique("deleted");
    put(&name, "hunter2-fake");
    put(&format!("{name}-other"), "hunter2-fake");
    Moto::shared().write("secretsmanager.DeleteSecret", &format!(r#"{{"SecretId":"{name}"}}"#));
    let session = session(&[]);
    let outcome = fetch_one(&session, &format!("aws-sm:{name}"));
    assert_eq!(outcome.kind(), OutcomeKind::Absent);
    assert_eq!(message(&outcome), "the secret in us-east-1 is marked for deletion");
    let outcomes = fetch(&session, &[format!("aws-sm:{name}"), format!("aws-sm:{name}-other")]);
    assert_eq!((outcomes[0].kind(), outcomes[1].kind()), (OutcomeKind::Absent, OutcomeKind::Found));
    assert!(matches!(probe_one(&session, &format!("aws-sm:{name}")).access, Access::Failed(Outcome::Absent(_))));
}

#[test]
fn a_region_has_to_be_named() {
    let mut settings = settings(&[]);
    settings.retain(|(name, _)| *name != "AWS_REGION");
    let session = connect(&settings).unwrap();
    let outcome = fetch_one(&session, "aws-sm:anything");
    assert_eq!((outcome.kind(), message(&outcome)), (OutcomeKind::Malformed, "no region of AWS is named"));
    assert!(outcome.reason().unwrap().help[0].contains("AWS_REGION"));
    // A reference that names its own needs none.
    assert_eq!(fetch_one(&session, "aws-sm:anything?region=eu-west-1").kind(), OutcomeKind::Absent);
}

#[test]
fn probing_takes_no_value_out() {
    let name = unique("probe");
    put(&name, "hunter2-fake-value");
    let lab = FailureLab::in_front_of(Moto::shared().endpoint());
    let session = session(&[("AWS_ENDPOINT_URL", &lab.url())]);
    let probe = probe_one(&session, &format!("aws-sm:{name}"));
    assert!(matches!(probe.access, Access::Readable), "{probe:?}");
    assert!(probe.version.is_some() && probe.created.is_some());
    assert_eq!(calls(&lab), ["GetSecretValue", "DescribeSecret"]);
    assert!(matches!(probe_one(&session, &format!("aws-sm:{name}?stage=AWSPENDING")).access, Access::Failed(Outcome::Absent(_))));
    assert!(matches!(probe_one(&session, &format!("aws-sm:{name}-missing")).access, Access::Failed(Outcome::Absent(_))));
    // No request asked for a version that there is: no answer held the value.
    let asked: Vec<_> = lab
        .requests_seen()
        .into_iter()
        .filter(|request| request.header("x-amz-target").is_some_and(|name| name.ends_with("GetSecretValue")))
        .collect();
    assert!(asked.iter().all(|request| String::from_utf8_lossy(&request.body).contains("00000000-0000-0000-0000-000000000000")));
}
