//! The form for people: colours, the width of the screen, the last lines, and what many replicas cost.

use configcheck_checks::KeyVerdict;
use configcheck_core::{Diagnostic, Place, Severity};
use configcheck_policy::fleet::{Cost, Quota, Requests};

use super::super::{Format, Style, render};
use super::rendered;
use super::sample::{file, key, rule, run, sample, target};
use crate::findings::{Fleet, Run, Unread, rule_url};

fn text(run: &Run, style: Style) -> String {
    render(Format::Text, run, style)
}

fn last_line(run: &Run) -> String {
    rendered(Format::Text, run).lines().last().unwrap_or_default().to_owned()
}

fn of(findings: Vec<Diagnostic>) -> Run {
    run(vec![target("production", findings, Vec::new(), &[".env"])])
}

fn weighing(severity: Severity, message: &str) -> Diagnostic {
    Diagnostic { severity, ..Diagnostic::new(rule("invalid-value"), message) }
}

#[test]
fn colours_change_nothing_but_colour() {
    let coloured = text(&sample(), Style { color: true, ..Style::default() });
    let mut plain = String::new();
    let mut rest = coloured.as_str();
    while let Some(at) = rest.find('\u{1b}') {
        plain.push_str(&rest[..at]);
        // `ESC [ code m`, or `ESC ] 8 ; ; address ESC \`.
        let end =
            if rest[at..].starts_with("\u{1b}[") { rest[at..].find('m').unwrap() + 1 } else { rest[at..].find("\u{1b}\\").unwrap() + 2 };
        rest = &rest[at + end..];
    }
    plain.push_str(rest);
    assert_eq!(plain, rendered(Format::Text, &sample()));
}

#[test]
fn colours_tell_the_weight_and_link_to_the_rule() {
    let line = |severity, code| {
        let run = of(vec![weighing(severity, "PORT is wrong").at(file(".env", 2, 6))]);
        let url = rule_url("invalid-value");
        let rule = format!("\u{1b}]8;;{url}\u{1b}\\\u{1b}[{code}m{severity}[invalid-value]\u{1b}[0m\u{1b}]8;;\u{1b}\\");
        let first = format!("\u{1b}[36m.env:2:6\u{1b}[0m: {rule}: \u{1b}[1mPORT is wrong\u{1b}[0m\n");
        let text = text(&run, Style { color: true, verbose: true, ..Style::default() });
        assert!(text.starts_with(&first), "{text:?}");
    };
    line(Severity::Error, "1;31");
    line(Severity::Warning, "1;33");
    line(Severity::Note, "1;34");
    assert!(text(&of(Vec::new()), Style { color: true, ..Style::default() }).contains("\u{1b}[32mno findings\u{1b}[0m"));
}

#[test]
fn a_help_is_cut_to_the_screen_at_a_blank() {
    let help = |text: &str, width: Option<usize>| {
        let run = of(vec![weighing(Severity::Error, "PORT is wrong").help(text)]);
        let text = self::text(&run, Style { width, ..Style::default() });
        text.lines().find_map(|line| line.strip_prefix("  help: ")).unwrap_or_default().to_owned()
    };
    let long = "set it in the environment, in .env.production, or in the file that PORT_FILE names";
    assert_eq!(long.chars().count(), 82);
    assert_eq!(help(long, None), long);
    assert_eq!(help(long, Some(90)), long);
    assert_eq!(help(long, Some(89)), "set it in the environment, in .env.production, or in the file that PORT_FILE …");
    assert_eq!(help(long, Some(60)), "set it in the environment, in .env.production, or …");
    // However narrow the screen is, 40 characters are shown.
    assert_eq!(help(long, Some(10)), "set it in the environment, in …");
    assert_eq!(help(&"x".repeat(60), Some(10)), format!("{} …", "x".repeat(38)));
}

#[test]
fn the_last_line_counts() {
    let error = || weighing(Severity::Error, "PORT is wrong");
    let more = "more about a rule: configcheck rule invalid-value";
    let accepted = |finding: Diagnostic| Diagnostic { suppressed: Some("later".to_owned()), ..finding };
    assert_eq!(last_line(&of(Vec::new())), "no findings");
    assert_eq!(last_line(&of(vec![error()])), format!("1 error; {more}"));
    assert_eq!(last_line(&of(vec![error(), error(), weighing(Severity::Warning, "HOST is odd")])), format!("2 errors, 1 warning; {more}"));
    assert_eq!(last_line(&of(vec![weighing(Severity::Note, "HOST is old")])), "1 note; notes are shown with -v");
    assert_eq!(last_line(&of(vec![accepted(error())])), "no findings; 1 accepted");

    let mut unread = of(Vec::new());
    unread.unread.push(Unread { path: ".env".to_owned(), message: "permission denied".to_owned(), help: String::new() });
    assert_eq!(last_line(&unread), "no findings in what could be read; 1 not read");
    assert!(!rendered(Format::Text, &unread).contains("help:"));

    let without_schema = |keys| Run { schema: None, ..run(vec![target("production", Vec::new(), keys, &[".env"])]) };
    assert_eq!(last_line(&without_schema(Vec::new())), "no findings; no schema: only the files themselves were checked");
    assert_eq!(last_line(&without_schema(vec![key("PORT", KeyVerdict::Ok, Place::Nowhere)])), "no findings");
}

#[test]
fn notes_are_shown_when_asked_for() {
    let run = of(vec![weighing(Severity::Note, "HOST is old")]);
    assert!(!rendered(Format::Text, &run).contains("HOST"));
    let verbose = text(&run, Style { verbose: true, ..Style::default() });
    assert!(verbose.contains("HOST is old") && verbose.ends_with("1 note\n"), "{verbose}");
}

#[test]
fn one_finding_of_several_environments_is_told_once() {
    let in_file = |line, column| weighing(Severity::Error, "PORT is wrong").at(file(".env", line, column));
    let lines = |first: Vec<Diagnostic>, second: Vec<Diagnostic>, third: Vec<Diagnostic>| {
        let targets = [("one", first), ("two", second), ("three", third)].map(|(name, findings)| target(name, findings, Vec::new(), &[]));
        let text = rendered(Format::Text, &run(targets.into()));
        text.lines().filter(|line| line.contains("PORT")).map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    let wrong = "error[invalid-value]: PORT is wrong";
    let (all, two) =
        (lines(vec![in_file(1, 2)], vec![in_file(1, 2)], vec![in_file(1, 2)]), lines(vec![in_file(1, 2)], vec![in_file(1, 2)], vec![]));
    assert_eq!(all, [format!(".env:1:2: {wrong}")]);
    assert_eq!(two, [format!(".env:1:2: {wrong} (one, two)")]);
    assert_eq!(
        lines(vec![in_file(1, 2)], vec![in_file(1, 3)], vec![]),
        [format!(".env:1:2: {wrong} (one)"), format!(".env:1:3: {wrong} (two)")]
    );
    let nowhere = || vec![weighing(Severity::Error, "PORT is wrong")];
    assert_eq!(lines(nowhere(), nowhere(), vec![]), [format!("one, two: {wrong}")]);
}

#[test]
fn no_line_is_a_command_of_a_runner() {
    let run = of(vec![weighing(Severity::Error, "##[error] x").at(Place::Source("::error::x".to_owned()))]);
    assert!(rendered(Format::Text, &run).starts_with("./::error::x: error[invalid-value]: #\\u{23}[error] x\n"));
    let indented = of(vec![weighing(Severity::Error, "x").at(Place::Source("  ::x".to_owned()))]);
    assert!(rendered(Format::Text, &indented).starts_with("./  ::x: "));
}

#[test]
fn a_target_says_as_which_environment_it_was_checked() {
    let tallied = |name: &str, environment: Option<&str>| {
        let mut target = target(name, Vec::new(), vec![key("PORT", KeyVerdict::Ok, Place::Nowhere)], &[]);
        target.environment = environment.map(ToOwned::to_owned);
        rendered(Format::Text, &run(vec![target])).lines().next().unwrap_or_default().to_owned()
    };
    assert_eq!(tallied("production", Some("production")), "production: 1 ok");
    assert_eq!(tallied("deploy", Some("production")), "deploy as production: 1 ok");
    assert_eq!(tallied("deploy (production)", Some("production")), "deploy (production): 1 ok");
    assert_eq!(tallied("deploy", None), "deploy: 1 ok");
}

fn requests(call: &'static str, per_start: u64, quota: Option<Quota>, seconds: Option<f64>) -> Requests {
    Requests { call, per_start, total: per_start * 10_000, quota, seconds, part_of_day: None, singles: None }
}

#[expect(clippy::unnecessary_wraps, reason = "as the field has it")]
fn quota(calls: u64, seconds: u64) -> Option<Quota> {
    Some(Quota { calls, seconds, per_day: None, of: "an account" })
}

/// Two managers with a limit, one of them with two kinds of request, and one without.
fn fleet() -> Fleet {
    let batch = Requests {
        singles: Some(Box::new(requests("GetSecretValue", 20, quota(10_000, 1), Some(20.0)))),
        ..requests("BatchGetSecretValue", 1, quota(100, 1), Some(100.0))
    };
    let daily = Requests { part_of_day: Some(2.5), ..requests("read", 1, quota(90, 60), Some(9_000.0)) };
    let hourly = requests("list", 2, quota(7, 3_600), Some(5.5));
    let other = requests("look", 3, quota(7, 5), Some(0.01));
    Fleet {
        target: "production".to_owned(),
        replicas: 10_000,
        costs: vec![
            Cost { manager: "1Password", scope: String::new(), secrets: 1, requests: vec![daily, hourly, other], advice: "run Connect" },
            Cost { manager: "AWS Secrets Manager", scope: "eu-west-1".to_owned(), secrets: 20, requests: vec![batch], advice: "" },
            Cost { manager: "a file", scope: String::new(), secrets: 1, requests: vec![requests("read", 1, None, None)], advice: "" },
        ],
    }
}

fn with_fleets(fleets: Vec<Fleet>) -> Run {
    Run { fleets, ..of(Vec::new()) }
}

#[test]
fn what_many_replicas_cost_is_told_after_the_findings() {
    let told = |fleets| rendered(Format::Text, &with_fleets(fleets)).split_once("\n\n").map(|(_, told)| told.to_owned());
    let expected = "\
production: when 10,000 replicas start at once
  1Password: 1 secret
    read: 1 call a start, 10,000 in all; 2.5 h at 90 a minute, and 250 % of what a day allows, an account
    list: 2 calls a start, 20,000 in all; 5.5 s at 7 an hour, an account
    look: 3 calls a start, 30,000 in all; less than 0.1 s at 7 in 5 s, an account
    help: run Connect
  AWS Secrets Manager (eu-west-1): 20 secrets
    BatchGetSecretValue: 1 call a start, 10,000 in all; 100 s at 100 a second, an account
    one by one, when that is throttled: GetSecretValue: 20 calls a start, 200,000 in all; 20 s at 10,000 a second, an account
  a file: 1 secret
    read: 1 call a start, 10,000 in all; no limit by default
  the limit of 1Password is hit first
";
    let text = told(vec![fleet()]).unwrap();
    assert!(text.starts_with(expected), "{text}");
    assert!(text[expected.len()..].starts_with("  the quotas are the defaults as of "), "{text}");

    let without = |costs| told(vec![Fleet { costs, ..fleet() }]).unwrap();
    let nothing = without(Vec::new());
    assert!(nothing.ends_with("  no reference leads to a secret manager, so that nothing limits them\n"), "{nothing}");
    assert!(!without(fleet().costs.split_off(1)).contains("1Password"));
    assert!(without(fleet().costs.split_off(1)).contains("the limit of AWS Secrets Manager (eu-west-1) is hit first"));
    assert!(!without(fleet().costs.split_off(2)).contains("hit first"));
    assert_eq!(told(Vec::new()), None);
}

#[test]
fn what_many_replicas_cost_is_written_for_programs() {
    let document: serde_json::Value = serde_json::from_str(&rendered(Format::Json, &with_fleets(vec![fleet()]))).unwrap();
    let fleet = &document["fleets"][0];
    assert_eq!((&fleet["target"], &fleet["replicas"]), (&"production".into(), &10_000.into()));
    let managers = fleet["managers"].as_array().unwrap();
    assert_eq!(
        managers.iter().map(|manager| manager["manager"].as_str().unwrap()).collect::<Vec<_>>(),
        ["1Password", "AWS Secrets Manager", "a file"]
    );
    assert_eq!((&managers[0]["help"], &managers[0]["seconds"], managers[0].get("scope")), (&"run Connect".into(), &9_000.into(), None));
    assert_eq!((&managers[1]["scope"], managers[1].get("help"), &managers[1]["secrets"]), (&"eu-west-1".into(), None, &20.into()));
    let batch = &managers[1]["requests"][0];
    assert_eq!((&batch["call"], &batch["per_start"], &batch["total"]), (&"BatchGetSecretValue".into(), &1.into(), &10_000.into()));
    assert_eq!(
        (&batch["quota"]["calls"], &batch["quota"]["seconds"], &batch["quota"]["of"]),
        (&100.into(), &1.into(), &"an account".into())
    );
    assert_eq!((&batch["singles"]["call"], &batch["singles"]["seconds"]), (&"GetSecretValue".into(), &20.into()));
    let free = &managers[2];
    assert!(free.get("seconds").is_none() && free["requests"][0].get("quota").is_none() && free["requests"][0].get("singles").is_none());
    assert!(!rendered(Format::Json, &with_fleets(Vec::new())).contains("fleets"));
}
