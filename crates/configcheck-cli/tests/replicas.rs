//! `check --replicas` as a process: what a fleet's start costs, in text and in JSON. The arithmetic is tested beside `configcheck-policy`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod project;

use project::Project;

/// A schema with a secret for each reference.
fn schema(references: &[String]) -> String {
    let keys: Vec<String> = references
        .iter()
        .enumerate()
        .map(|(at, reference)| {
            format!(
                r#"{{"variable":"KEY_{at}","path":"key_{at}","file_path":"key_{at}","type":{{"kind":"text"}},"required":true,"secret":true,"from":["{reference}"]}}"#
            )
        })
        .collect();
    format!(r#"{{"version":1,"name":"checkout","environment_variable":"APP_ENV","keys":[{}]}}"#, keys.join(",\n"))
}

fn project() -> Project {
    let secrets = (0..15).map(|at| format!("aws-sm:checkout/{{environment}}/{at}"));
    let parameters = (0..15).map(|at| format!("aws-ssm:/checkout/{at}"));
    let vault = (0..3).map(|at| format!("vault:secret/data/{{environment}}/checkout#key{at}"));
    let all: Vec<String> = secrets.chain(parameters).chain(vault).collect();
    Project::of(&[("config.schema.json", &schema(&all)), (".env.production", "\n"), (".env.staging", "KEY_0=aws-sm:checkout/other\n")])
}

#[test]
fn says_what_a_fleet_costs() {
    let ran = project().line("check --env production --replicas 3000").exits(0);
    let expected = "
production: when 3,000 replicas start at once
  AWS Parameter Store: 15 secrets
    GetParameters: 2 calls a start, 6,000 in all; 150 s at 40 a second, GetParameter, GetParameters and GetParametersByPath together
    help: turn on the higher throughput of Parameter Store, or put the values into one secret of Secrets Manager
  AWS Secrets Manager: 15 secrets
    BatchGetSecretValue: 1 call a start, 3,000 in all; 30 s at 100 a second, an account and region, and not adjustable
    one by one, when that is throttled: GetSecretValue: 15 calls a start, 45,000 in all; 4.5 s at 10,000 a second, an account and region
    help: put the fields of a service into one JSON secret; when batches are throttled they are read one by one
  Vault: 1 secret
    read: 1 call a start, 3,000 in all; no limit by default
    help: an operator's rate limit counts by address, so that replicas behind one NAT share it
  the limit of AWS Parameter Store is hit first
  the quotas are the defaults as of November 2026: look them up again before you plan with them
";
    assert!(ran.stdout.ends_with(expected), "{}", ran.stdout);
    project().line("check --env production").exits(0).does_not_say("replicas");
}

#[test]
fn each_environment_has_its_fleet_in_json() {
    let json = project().line("check --env staging,production --replicas 3000 --format json").exits(0).json();
    assert_eq!((&json["fleets"][0]["target"], &json["fleets"][1]["target"]), (&"staging".into(), &"production".into()));
    let managers = &json["fleets"][1]["managers"];
    assert_eq!(managers[0]["seconds"].as_f64(), Some(150.0));
    assert_eq!(managers[1]["requests"][0]["singles"]["seconds"].as_f64(), Some(4.5));
    assert_eq!((managers[2]["seconds"].as_f64(), managers[2]["requests"][0]["total"].as_u64()), (None, Some(3_000)));
}

#[test]
fn files_are_limited_by_nobody() {
    let project = Project::of(&[("config.schema.json", &schema(&["file:/run/secrets/key".to_owned()])), (".env", "\n")]);
    project.line("check .env --replicas 10").exits(0).says("no reference leads to a secret manager");
    project.line("check .env --replicas 0").exits(2);
}
