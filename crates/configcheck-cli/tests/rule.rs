//! `configcheck rule` and `configcheck rules`: every rule can be read, on a terminal and by programs.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod project;

use project::{Project, ran};

fn names() -> Vec<(String, String)> {
    let rules = Project::with_schema(&[]).line("rules --format json").exits(0).json();
    assert_eq!(rules["version"], 1);
    let text = |rule: &serde_json::Value, word: &str| rule[word].as_str().unwrap().to_owned();
    rules["rules"].as_array().unwrap().iter().map(|rule| (text(rule, "name"), text(rule, "code"))).collect()
}

#[test]
fn every_rule_has_a_page_that_fits_a_terminal() {
    let project = Project::with_schema(&[]);
    let names = names();
    assert!(names.len() > 20 && names.iter().any(|(name, _)| name == "same-secret-in-two-environments"), "{names:?}");
    for (name, code) in &names {
        let told = project
            .line(&format!("rule {name}"))
            .exits(0)
            .says(&format!("{name} ({code})\n"))
            .does_not_say("\x1b")
            .does_not_say("**Severity");
        let told =
            told.says("\nWhat it finds\n").says("\n  Severity: ").says("\nHow to fix it\n").does_not_say("\n\n\n").does_not_say("```");
        assert!(told.stdout.ends_with(&format!("/docs/rules/{name}.md\n")), "{}", told.stdout);
        // Code is not broken.
        assert!(
            told.stdout.lines().all(|line| line.chars().count() <= 80 || line.starts_with("      ") || line.starts_with("http")),
            "{}",
            told.stdout
        );
        assert_eq!(project.line(&format!("rule {code}")).exits(0).stdout, told.stdout);
        assert_eq!(project.line(&format!("rule {}", code.to_lowercase())).exits(0).stdout, told.stdout);
    }
}

#[test]
fn prints_several_rules_in_each_form() {
    let project = Project::with_schema(&[]);
    let told = project.line("rule CC001 weak-secret --format md").exits(0);
    assert!(
        told.stdout.starts_with("# missing-required (CC001)\n") && told.stdout.contains("\n\n# weak-secret (CC013)\n"),
        "{}",
        told.stdout
    );
    let told = project.line("rule CC001 weak-secret --format json").exits(0).json();
    let rule = &told["rules"][1];
    assert_eq!((&rule["name"], &rule["code"], &rule["severity"]), (&"weak-secret".into(), &"CC013".into(), &"error".into()));
    assert!(rule["page"].as_str().unwrap().contains("## How to fix it") && rule["url"].as_str().unwrap().ends_with("/weak-secret.md"));
    project.line("rule missing-required weak-secret").exits(0).says("missing-required (CC001)").says("weak-secret (CC013)");
}

#[test]
fn lists_rules() {
    let project = Project::with_schema(&[]);
    let list = project.line("rules").exits(0);
    for (line, (name, code)) in list.stdout.lines().zip(names()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(words[..2], [name.as_str(), &code], "{line}");
    }
    assert_eq!(list.stdout.lines().count(), names().len());
    project.line("rules --format md").exits(0).says("| CC013 | [weak-secret](https://");
}

#[test]
fn knows_rules_from_slips() {
    let project = Project::with_schema(&[]);
    project.line("rule weak-secrt").exits(2).complains("there is no rule weak-secrt\n  help: did you mean weak-secret?");
    project.line("rule missing-required nothing-like-it").exits(2).complains("`configcheck rules` lists all rules").does_not_say("missing");
    project.line("rule").exits(2).complains("<NAME>");
}

#[test]
fn is_painted_when_asked() {
    let project = Project::with_schema(&[]);
    project.line("rule CC001 --color always").says("\x1b[1mmissing-required (CC001)\x1b[0m\n").says("  \x1b[1mSeverity:\x1b[0m error");
    project.line("rules --color always").says("\x1b[1mweak-secret\x1b[0m");
    ran(project.command_line("rule CC001").env("FORCE_COLOR", "1").env("NO_COLOR", "1")).does_not_say("\x1b");
    ran(project.command_line("rule CC001 --color never").env("FORCE_COLOR", "1")).does_not_say("\x1b");
}
