//! What a service's start does, from the user's side: through the derive, the loader and real files.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, clippy::print_stdout, missing_docs)]

#[path = "../traced.rs"]
mod all_traces;
mod deployed;
mod dotenv;
mod environment;
mod fidelity;
mod five_faults;
mod foreign;
mod mounted;
mod precedence;
mod references;
mod report;
mod survey;

use std::path::Path;

use configcheck::Report;

/// The findings as `(rule, variable, place)`, in the order of the report.
fn findings(report: &Report) -> Vec<(&str, &str, String)> {
    report.active().map(|finding| (finding.rule.name, finding.key.as_deref().unwrap_or(""), finding.place.to_string())).collect()
}

/// The rules that found an error, with their variables.
fn errors(report: &Report) -> Vec<(&str, &str)> {
    let errors = report.active().filter(|finding| finding.severity == configcheck::Severity::Error);
    errors.map(|finding| (finding.rule.name, finding.key.as_deref().unwrap_or(""))).collect()
}

fn write(folder: &Path, name: &str, text: impl AsRef<[u8]>) {
    std::fs::write(folder.join(name), text).unwrap();
}

/// A binary of the workspace, built on demand by cargo.
fn binary(name: &str) -> std::path::PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let status = std::process::Command::new(cargo).args(["build", "--quiet", "--locked", "-p", name]).current_dir(root).status().unwrap();
    assert!(status.success(), "{name} does not build");
    let mut target = std::env::current_exe().unwrap();
    while target.file_name().is_some_and(|part| part != "debug" && part != "release") {
        target.pop();
    }
    target.join(name)
}
