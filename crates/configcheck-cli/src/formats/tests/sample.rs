//! A run over two environments, with findings of each kind of place.

use configcheck_checks::{KeyVerdict, rules};
use configcheck_core::diagnostic::Tally;
use configcheck_core::display::Shown;
use configcheck_core::{Diagnostic, Place, Report, RuleInfo, Severity};

use crate::findings::{KeyState, Run, SchemaName, Target, Unread};

pub(super) fn rule(name: &str) -> &'static RuleInfo {
    rules::ALL.iter().map(|rule| rule.info()).find(|rule| rule.name == name).unwrap()
}

pub(super) fn file(path: &str, line: u32, column: u32) -> Place {
    Place::File { path: path.to_owned(), line, column, bytes: (line == 1).then_some((column, column + 5)) }
}

pub(super) fn key(variable: &str, verdict: KeyVerdict, place: Place) -> KeyState {
    KeyState { variable: variable.to_owned(), verdict, place }
}

pub(super) fn target(name: &str, findings: Vec<Diagnostic>, keys: Vec<KeyState>, sources: &[&str]) -> Target {
    let count = |verdict| keys.iter().filter(|key| key.verdict == verdict).count();
    let tally = Tally {
        ok: count(KeyVerdict::Ok),
        bad: count(KeyVerdict::Bad),
        not_checkable: count(KeyVerdict::NotCheckable),
        missing: count(KeyVerdict::Missing),
    };
    let environment = Some(name.to_owned());
    Target {
        name: name.to_owned(),
        environment: environment.clone(),
        report: Report { service: "checkout".to_owned(), environment, findings, tally },
        keys,
        sources: sources.iter().map(ToString::to_string).collect(),
    }
}

pub(super) fn run(targets: Vec<Target>) -> Run {
    let schema = SchemaName { name: "checkout".to_owned(), path: "./config.schema.json".to_owned() };
    Run { schema: Some(schema), targets, unread: Vec::new(), fail_on: Severity::Error, fleets: Vec::new(), root: std::path::PathBuf::new() }
}

/// The run that the documentation shows: one key with a mistake, one without, one that cannot be checked here.
pub(super) fn example() -> Run {
    let finding = Diagnostic::new(rule("invalid-value"), "PORT is not a whole number from 0 to 65535")
        .about(1, "PORT")
        .at(file("deploy/.env", 3, 6))
        .found(Some(Shown::of("80a80")))
        .help("an example: 8080");
    let keys = vec![
        key("DATABASE_URL", KeyVerdict::Ok, file("deploy/.env", 2, 14)),
        key("PORT", KeyVerdict::Bad, file("deploy/.env", 3, 6)),
        key("API_TOKEN", KeyVerdict::NotCheckable, Place::Reference("vault:kv/checkout#token".to_owned())),
    ];
    run(vec![target("production", vec![finding], keys, &["deploy/.env"])])
}

pub(super) fn sample() -> Run {
    let mut sample = run(vec![production(), staging()]);
    sample.unread.push(Unread {
        path: "deploy/extra.env".to_owned(),
        message: "permission denied".to_owned(),
        help: "let the user of this process read it".to_owned(),
    });
    sample
}

fn production() -> Target {
    let mut accepted = Diagnostic::new(rule("weak-secret"), "SESSION_KEY is weak").about(3, "SESSION_KEY").at(file("deploy/.env", 7, 13));
    accepted.suppressed = Some("rotated on Monday".to_owned());
    let mut deprecated =
        Diagnostic::new(rule("deprecated-key"), "CACHE_URL is deprecated").about(4, "CACHE_URL").at(Place::Source("overrides".to_owned()));
    deprecated.severity = Severity::Note;
    let findings = vec![
        Diagnostic::new(rule("missing-required"), "DATABASE_URL is not set")
            .about(0, "DATABASE_URL")
            .expected("a URL such as https://host/path")
            .help("DATABSE_URL is set: did you mean DATABASE_URL?")
            .help("searched: deploy/.env"),
        Diagnostic::new(rule("invalid-value"), "PORT is not a whole number from 0 to 65535")
            .about(1, "PORT")
            .at(file("./deploy/.env", 3, 6))
            .related(file("deploy/base.env", 2, 6), "set there too, and not used")
            .related(Place::Variable("PORT".to_owned()), "not used either")
            .expected("a whole number from 0 to 65535")
            .found(Some(Shown::of("80a80")))
            .help("an example: 8080"),
        Diagnostic::new(rule("unresolved-reference"), "API_TOKEN refers to a secret that does not exist")
            .about(2, "API_TOKEN")
            .at(Place::Reference("vault:kv/checkout#token".to_owned())),
        Diagnostic::new(rule("plaintext-secret"), "API_TOKEN stands in a file in plain text").about(2, "API_TOKEN").at(file(
            "deploy/.env",
            5,
            0,
        )),
        accepted,
        deprecated,
        Diagnostic::new(rule("invalid-policy"), "the rule `weak-secrets` does not exist").at(Place::Schema).help("weak-secret exists"),
    ];
    let keys = vec![
        key("DATABASE_URL", KeyVerdict::Missing, Place::Nowhere),
        key("PORT", KeyVerdict::Bad, file("./deploy/.env", 3, 6)),
        key("API_TOKEN", KeyVerdict::Bad, Place::Reference("vault:kv/checkout#token".to_owned())),
        key("SESSION_KEY", KeyVerdict::Ok, file("deploy/.env", 7, 13)),
        key("CACHE_URL", KeyVerdict::Ok, Place::Source("overrides".to_owned())),
    ];
    target("production", findings, keys, &["deploy/base.env", "./deploy/.env"])
}

fn staging() -> Target {
    let findings = vec![
        Diagnostic::new(rule("unreadable-source"), "the file is no UTF-8").at(file("deploy/staging, old.env", 0, 0)),
        Diagnostic::new(rule("unknown-key"), "DATABSE_URL is not declared").at(file("deploy/über staging.env", 1, 3)),
        Diagnostic::new(rule("debug-in-production"), "DEBUG is true").about(5, "DEBUG").at(Place::Variable("DEBUG".to_owned())),
        Diagnostic::new(rule("duplicate-key"), "PORT is set twice").about(1, "PORT").at(file("/etc/checkout/.env", 9, 1)),
        Diagnostic::new(rule("missing-required"), "DATABASE_URL is not set").about(0, "DATABASE_URL"),
    ];
    let keys = vec![
        key("DATABASE_URL", KeyVerdict::Missing, Place::Nowhere),
        key("PORT", KeyVerdict::Ok, file("/etc/checkout/.env", 9, 1)),
        key("API_TOKEN", KeyVerdict::NotCheckable, Place::Reference("vault:kv/checkout#token".to_owned())),
    ];
    target("staging", findings, keys, &["deploy/staging.env"])
}
