//! The `policy` command as a process: what it prints, what it compares, and what it refuses.
//!
//! What each kind of policy says is tested beside `configcheck-policy`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod project;

use project::Project;

const SCHEMA: &str = r#"{"version":1,"name":"checkout","environment_variable":"APP_ENV","keys":[
{"variable":"APP_ENV","path":"app_env","file_path":"app_env","type":{"kind":"environment"},"required":true},
{"variable":"JWT_SECRET","path":"jwt_secret","file_path":"jwt_secret","type":{"kind":"text"},"required":true,"secret":true,"from":["vault:secret/data/{environment}/{name}#jwt_secret"]},
{"variable":"STRIPE_KEY","path":"stripe_key","file_path":"stripe_key","type":{"kind":"text"},"required":true,"secret":true,"from":["vault:secret/data/{environment}/{name}#stripe","aws-sm:{name}/{environment}#stripe"]},
{"variable":"SMTP_PASSWORD","path":"smtp_password","file_path":"smtp_password","type":{"kind":"text"},"required":false,"secret":true}
]}"#;

fn project() -> Project {
    Project::of(&[
        ("config.schema.json", SCHEMA),
        (".env.production", "SMTP_PASSWORD=k8s:mail/smtp#password\n"),
        (".env.staging", "SMTP_PASSWORD=aws-ssm:/mail/smtp\n"),
    ])
}

const VAULT: &str = "\
# JWT_SECRET, STRIPE_KEY
path \"secret/data/production/checkout\" {
  capabilities = [\"read\"]
}
";

#[test]
fn prints_what_the_schema_and_the_env_files_refer_to() {
    let vault = project().line("policy vault --env production").exits(0).complains("note: the policy named default is needed too");
    assert_eq!(vault.stdout, VAULT);
    let iam = project().line("policy iam --env staging --account 123456789012 --region eu-west-1 --kms-key none").exits(0);
    let iam = iam.json();
    assert_eq!(iam["Statement"][0]["Resource"][0], "arn:aws:secretsmanager:eu-west-1:123456789012:secret:checkout/staging-??????");
    assert_eq!(iam["Statement"][1]["Resource"][0], "arn:aws:ssm:eu-west-1:123456789012:parameter/mail/smtp");
    assert_eq!(iam["Statement"].as_array().unwrap().len(), 2, "{iam}");
    let roles = project().line("policy k8s-rbac --env production").exits(0);
    roles.says("      - smtp # SMTP_PASSWORD\n").says("    name: checkout\n    namespace: mail\n");
    project().line("policy vault --env production -q").exits(0).says("path").complains("");
}

#[test]
fn the_environment_of_this_process_decides_nothing() {
    let ran = project::ran(project().command_line("policy vault --env production").env("JWT_SECRET", "vault:secret/data/other#jwt"));
    assert_eq!(ran.exits(0).stdout, VAULT);
}

#[test]
fn one_more_reference_counts() {
    let ran = project().line("policy vault --env production --reference vault:secret/data/shared").exits(0);
    ran.says("# --reference\npath \"secret/data/shared\" {\n");
    project().line("policy vault --env production --reference vault:").exits(2).complains("--reference: this is no good reference");
    let without = Project::new().line("policy vault --reference bao:kv/a").exits(0);
    without.says("path \"kv/a\"");
}

#[test]
fn writes_and_compares() {
    let project = project();
    project.line("policy vault --env production --output checkout.hcl").exits(0);
    assert_eq!(project.read("checkout.hcl"), VAULT);
    project.line("policy vault --env production --check checkout.hcl").exits(0).says("checkout.hcl: grants just what is declared\n");
    project.write("checkout.hcl", "path \"secret/data/production/*\" { capabilities = [\"list\"] }\n");
    let drifted = project.line("policy vault --env production --check checkout.hcl").exits(1);
    drifted
        .says("checkout.hcl: 1 permission is missing, 1 permission is too much\n")
        .says("  missing: read on secret/data/production/checkout\n")
        .says("  too much: list on secret/data/production/*\n");
    project.write("checkout.hcl", "\npath {\n");
    project.line("policy vault --env production --check checkout.hcl").exits(3).complains("checkout.hcl:2: a path stands in quotes");
    project.line("policy vault --env production --check nothing.hcl").exits(3).complains("nothing.hcl: the file cannot be read");
}

#[test]
fn says_what_is_not_known() {
    project()
        .line("policy vault")
        .exits(2)
        .complains("JWT_SECRET, STRIPE_KEY: the reference has a place for the environment")
        .complains("--env production");
    let iam = project().line("policy iam --env production").exits(2);
    iam.complains("STRIPE_KEY: the account and the region of the reference are not known").complains("--account 123456789012");
    project().line("policy vault --env nowhere").exits(2).complains("nowhere is not an environment");
    project().line("policy k8s-rbac --env staging").exits(2).complains("no reference leads to Kubernetes").complains("1 to vault");
    project().line("policy vault --env production --account 1").exits(2).complains("--account is no option of vault policies");
    project().line("policy iam --env production --namespace a").exits(2).complains("it is one of vault and k8s-rbac");
    project().line("policy gcp").exits(2);
    Project::new().line("policy vault").exits(2).complains("no schema was found");
    let key =
        project().line("policy iam --env production --account 123456789012 --region eu-west-1 --kms-key arn:aws:kms:eu-west-1:1:key/*");
    key.exits(2).complains("--kms-key: this is not the ARN of one key");
}

#[test]
fn a_reference_that_is_none_is_said_and_not_shown() {
    let project = project();
    project.write(".env.production", "JWT_SECRET=vault:secret/../hunter2-fake-secret\n");
    let ran = project.line("policy vault --env production").exits(0);
    ran.complains("warning: JWT_SECRET: a reference is left out").says("production/checkout");
}
