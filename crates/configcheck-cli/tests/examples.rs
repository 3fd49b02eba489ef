//! The policies that lie beside the examples are those that the command prints for their schemas.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod project;

use std::fs;
use std::path::{Path, PathBuf};

use project::Project;

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name)
}

/// Runs the command beside the schema of an example, and holds the file of its policy to what it prints. `UPDATE_PAGES=1` writes the file.
fn check(name: &str, file: &str, arguments: &str) {
    let (folder, project) = (example(name), Project::new());
    project.write("config.schema.json", &fs::read_to_string(folder.join("config.schema.json")).unwrap());
    let printed = project.line(&format!("{arguments} --quiet")).exits(0).stdout;
    if std::env::var_os("UPDATE_PAGES").is_some() {
        fs::write(folder.join(file), &printed).unwrap();
    }
    assert_eq!(fs::read_to_string(folder.join(file)).unwrap(), printed);
    project.write(file, &printed);
    project.line(&format!("{arguments} --check {file}")).exits(0).says("grants just what is declared");
}

#[test]
fn the_policy_of_the_service_with_vault() {
    check("vault", "orders.hcl", "policy vault --env production");
}

#[test]
fn the_policy_of_the_service_with_aws() {
    check("aws", "orders.iam.json", "policy iam --env production --account 123456789012 --region eu-west-1 --kms-key none");
}
