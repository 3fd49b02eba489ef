//! SARIF 2.1.0, for code scanning: one run for each target. It holds no text of a file, since a line may hold a secret.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use configcheck_checks::rules::ALL;
use configcheck_core::RuleInfo;
use configcheck_core::json::{Json, List, Object};

use super::json_text;
use super::location::Location;
use super::wording::{line, lines, unread_lines};
use crate::findings::{Finding, Run, Target, rule_url};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// All rules of the tool, also those that found nothing; the same in each run.
pub(super) static RULES: LazyLock<String> = LazyLock::new(|| {
    let rules: Vec<String> = ALL.iter().map(|rule| Json::object(|o| write_rule(o, rule.info()))).collect();
    format!("[{}]", rules.join(","))
});

pub(super) fn render(run: &Run) -> String {
    let findings = run.findings();
    json_text::object(|o| {
        o.text("$schema", SCHEMA);
        o.text("version", "2.1.0");
        o.list("runs", |list| {
            let mut ids = HashMap::new();
            for target in &run.targets {
                let of_target: Vec<&Finding<'_>> = findings.iter().filter(|finding| std::ptr::eq(finding.target, target)).collect();
                let id = id(target, &mut ids);
                list.object(|o| write_run(o, run, &id, &of_target));
            }
            if run.targets.is_empty() {
                list.object(|o| write_run(o, run, "configcheck/", &[]));
            }
        });
    })
}

/// What tells the uploads of one commit apart. GitHub takes two runs with the same one for the same run.
fn id(target: &Target, seen: &mut HashMap<String, u32>) -> String {
    let name = encoded(target.environment.as_deref().unwrap_or(&target.name)).replace('/', "%2F");
    let number = *seen.entry(name.clone()).and_modify(|number| *number += 1).or_insert(1);
    if number == 1 { format!("configcheck/{name}/") } else { format!("configcheck/{name}/{number}/") }
}

fn write_run(o: &mut Object<'_>, run: &Run, id: &str, findings: &[&Finding<'_>]) {
    o.object("tool", |o| {
        o.object("driver", |o| {
            o.text("name", "configcheck");
            o.text("version", env!("CARGO_PKG_VERSION"));
            o.text("informationUri", env!("CARGO_PKG_REPOSITORY"));
            o.raw("rules", &RULES);
        });
    });
    o.list("invocations", |list| list.object(|o| write_invocation(o, run)));
    o.object("automationDetails", |o| o.text("id", id));
    o.text("columnKind", "unicodeCodePoints");
    // The standard wants suppressions on all results of a run or on none.
    let has_accepted = findings.iter().any(|finding| finding.is_accepted());
    o.list("results", |list| {
        for finding in findings {
            let index = ALL.iter().position(|rule| rule.info().name == finding.diagnostic.rule.name);
            list.object(|o| write_result(o, run, finding, index, has_accepted));
        }
    });
}

fn write_rule(o: &mut Object<'_>, rule: &RuleInfo) {
    let url = rule_url(rule.name);
    o.text("id", rule.name);
    o.text("name", &pascal_case(rule.name));
    o.object("shortDescription", |o| o.text("text", rule.summary));
    o.object("fullDescription", |o| o.text("text", rule.summary));
    o.object("help", |o| {
        o.text("text", &format!("{}. See {url}", rule.summary.trim_end_matches('.')));
        o.text("markdown", rule.page);
    });
    o.text("helpUri", &url);
    o.object("defaultConfiguration", |o| o.text("level", rule.severity.name()));
    o.object("properties", |o| {
        o.text("code", rule.code);
        o.text("precision", "high");
        o.texts_if("tags", &["configuration"]);
    });
}

fn write_invocation(o: &mut Object<'_>, run: &Run) {
    o.bool("executionSuccessful", run.unread.is_empty());
    if run.unread.is_empty() {
        return;
    }
    o.list("toolExecutionNotifications", |list| {
        for unread in &run.unread {
            list.object(|o| {
                o.text("level", "error");
                let location = Location::of_file(&unread.path);
                o.object("message", |o| o.text("text", &plain(&format!("{}: {}", line(&location.path), unread_lines(unread).join("\n")))));
                o.list("locations", |list| list.object(|o| write_location(o, &location)));
            });
        }
    });
}

fn write_result(o: &mut Object<'_>, run: &Run, finding: &Finding<'_>, index: Option<usize>, has_accepted: bool) {
    let diagnostic = finding.diagnostic;
    o.text("ruleId", diagnostic.rule.name);
    if let Some(index) = index {
        o.number("ruleIndex", json_text::number(index));
    }
    o.text("level", diagnostic.severity.name());
    o.object("message", |o| o.text("text", &plain(&lines(diagnostic).join("\n"))));
    o.list("locations", |list| list.object(|o| write_location(o, &Location::or_source(run, finding))));
    let related: Vec<(Location, &str)> =
        diagnostic.related.iter().filter_map(|(place, what)| Some((Location::of(place)?, what.as_str()))).collect();
    if !related.is_empty() {
        o.list("relatedLocations", |list| related.iter().for_each(|(location, what)| write_related(list, location, what)));
    }
    o.object("partialFingerprints", |o| o.text("configcheck/v1", &finding.fingerprint));
    if has_accepted {
        o.list("suppressions", |list| {
            if let Some(reason) = &diagnostic.suppressed {
                list.object(|o| {
                    o.text("kind", "external");
                    o.text("status", "accepted");
                    o.text("justification", &line(reason));
                });
            }
        });
    }
}

fn write_related(list: &mut List<'_>, location: &Location, what: &str) {
    list.object(|o| {
        write_location(o, location);
        o.object("message", |o| o.text("text", &plain(&line(what))));
    });
}

/// A place with at least a line, since GitHub shows no result without one. Its end stays out: it tells how long a value is.
fn write_location(o: &mut Object<'_>, location: &Location) {
    o.object("physicalLocation", |o| {
        o.object("artifactLocation", |o| {
            if is_absolute(&location.path) {
                o.text("uri", &format!("file:///{}", encoded(location.path.trim_start_matches('/'))));
            } else {
                o.text("uri", &encoded(&location.path));
                o.text("uriBaseId", "%SRCROOT%");
            }
        });
        o.object("region", |o| {
            o.number("startLine", location.line.unwrap_or(1));
            if let Some(column) = location.column {
                o.number("startColumn", column);
            }
        });
    });
}

fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || (cfg!(windows) && path.get(1..3) == Some(":/"))
}

/// A path as a URI: everything percent-encoded but letters, digits, `-._~` and `/`.
fn encoded(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a `String` cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

/// A message without links: `[text](target)` is one even in a plain message.
fn plain(text: &str) -> String {
    text.replace("](", "] (")
}

fn pascal_case(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    };
    name.split('-').map(word).collect()
}
