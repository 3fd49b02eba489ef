//! Reads what a project decides about the rules: `[rules]` and `[[accept]]`.

use configcheck_checks::rules::{info_of, infos};
use configcheck_checks::{Acceptance, Level, Policy};
use configcheck_core::Severity;

use super::document::Row;

/// The levels of a rule, by name.
const LEVELS: [(&str, Level); 4] = [
    ("error", Level::At(Severity::Error)),
    ("warning", Level::At(Severity::Warning)),
    ("note", Level::At(Severity::Note)),
    ("off", Level::Off),
];

/// Reads both tables.
pub(super) fn read(root: &Row<'_, '_>) -> Policy {
    let mut policy = Policy::new();
    if let Some(rules) = root.table("rules", "a table of rules, as in [rules]") {
        for (name, at) in rules.keys() {
            match info_of(name) {
                Some(info) => {
                    if let Some(level) = rules.choice(name, "a level", &LEVELS) {
                        policy = policy.level(info.name, level);
                    }
                }
                None => rules.unknown(at, "this is no rule", name, infos().map(|info| info.name), RULES),
            }
        }
    }
    for table in root.tables("accept", "tables of findings, as in [[accept]]") {
        if let Some(acceptance) = acceptance(&table) {
            policy = policy.accept(acceptance);
        }
    }
    policy
}

/// Where the names of rules stand.
const RULES: &str = "write a rule's name or its code CC…: configcheck rules lists them";

fn acceptance(table: &Row<'_, '_>) -> Option<Acceptance> {
    table.knows(&["rule", "key", "reason"]);
    let rule = table.text("rule");
    let info = rule.as_deref().and_then(|name| {
        let info = info_of(name);
        if info.is_none() {
            table.unknown(table.place("rule"), "this is no rule", name, infos().map(|info| info.name), RULES);
        }
        info
    });
    table.lacks("rule", RULES);
    table.lacks("reason", "say why the finding is accepted: who reads it later must know when the reason is gone");
    let (key, reason) = (table.text("key"), table.text("reason"));
    Some(Acceptance { rule: info?.name.to_owned(), key, reason: reason? })
}
