//! The process environment itself, read by a real process, and the exit code of one that cannot start.

use std::process::{Command, Output};

/// Runs the quickstart example with these variables and no others.
fn quickstart(variables: &[(&str, &str)]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let binary = super::binary("quickstart");
    Command::new(binary).env_clear().envs(variables.iter().copied()).current_dir(folder.path()).output().unwrap()
}

#[test]
fn a_process_that_cannot_start_exits_with_78_and_says_why() {
    let output = quickstart(&[("PORT", "80a80")]);
    assert_eq!(output.status.code(), Some(78));
    let text = String::from_utf8(output.stderr).unwrap();
    for part in ["APP_ENV is not set", "80a80", "environment variable PORT"] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    assert!(output.stdout.is_empty());
    assert!(!text.contains('\u{1b}'), "no colour in a log:\n{text}");
}

#[test]
fn colour_is_shown_when_it_is_asked_for() {
    let colour = quickstart(&[("FORCE_COLOR", "1")]);
    assert!(String::from_utf8(colour.stderr).unwrap().contains('\u{1b}'));
    let none = quickstart(&[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]);
    assert!(!String::from_utf8(none.stderr).unwrap().contains('\u{1b}'));
}

#[test]
fn the_schema_is_printed_on_request_before_anything_else() {
    let output = quickstart(&[("CONFIGCHECK", "schema"), ("PORT", "80a80")]);
    assert_eq!(output.status.code(), Some(0));
    let schema: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(schema["version"], 1);
    assert!(schema["keys"].as_array().unwrap().iter().any(|key| key["variable"] == "PORT"));
}
