//! Changes that somebody has accepted: a file with one on each line, and why.

use configcheck_core::suggest::nearest;
use configcheck_schema::breaking::{Change, RULES};

use crate::failure::Failure;
use crate::input;

/// Changes that are accepted.
#[derive(Debug, Default)]
pub(super) struct Allowed {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    /// The file and the line.
    place: String,
    rule: String,
    /// The variable; `-` for the schema as a whole.
    key: String,
    environment: Option<String>,
    reason: String,
}

impl Allowed {
    /// Reads a file of lines `RULE VARIABLE[@ENVIRONMENT] REASON`. Blank lines and those that begin with # say nothing.
    pub(super) fn read(path: &str) -> Result<Self, Failure> {
        let bytes = input::read(path)?;
        let Ok(text) = std::str::from_utf8(&bytes) else {
            return Err(Failure::usage("the file is not UTF-8").at(path).help("write one accepted change on each line"));
        };
        let lines = text.lines().zip(1..).map(|(line, number): (&str, u32)| (line.trim(), format!("{path}:{number}")));
        let entries = lines.filter(|(line, _)| !line.is_empty() && !line.starts_with('#')).map(|(line, place)| entry(line, place));
        Ok(Self { entries: entries.collect::<Result<Vec<Entry>, Failure>>()? })
    }

    /// The changes with the reasons for which they are accepted, and the places of what accepts none.
    pub(super) fn apply(&self, changes: Vec<Change>) -> (Vec<(Change, Option<String>)>, Vec<&str>) {
        let unused = self.entries.iter().filter(|entry| !changes.iter().any(|change| entry.accepts(change)));
        let unused = unused.map(|entry| entry.place.as_str()).collect();
        let reason = |change: &Change| self.entries.iter().find(|entry| entry.accepts(change)).map(|entry| entry.reason.clone());
        let changes = changes.into_iter().map(|change| {
            let reason = reason(&change);
            (change, reason)
        });
        (changes.collect(), unused)
    }
}

impl Entry {
    fn accepts(&self, change: &Change) -> bool {
        self.rule == change.rule
            && self.key == change.key.as_deref().unwrap_or("-")
            && (self.environment.is_none() || self.environment == change.environment)
    }
}

fn entry(line: &str, place: String) -> Result<Entry, Failure> {
    let mut words = line.splitn(3, char::is_whitespace).map(str::trim);
    let (Some(rule), Some(key), Some(reason)) = (words.next(), words.next(), words.next().filter(|reason| !reason.is_empty())) else {
        return Err(Failure::usage("this line does not say what is accepted and why")
            .at(place)
            .help("write RULE VARIABLE[@ENVIRONMENT] REASON, such as: became-required SENTRY_DSN@staging set with the release"));
    };
    if !RULES.contains(&rule) {
        let help = nearest(rule, RULES)
            .map_or_else(|| format!("the kinds of change are {}", RULES.join(", ")), |meant| format!("did you mean {meant}?"));
        return Err(Failure::usage("this line begins with no kind of change").at(place).help(help));
    }
    let (key, environment) = key.split_once('@').map_or((key, None), |(key, environment)| (key, Some(environment.to_owned())));
    Ok(Entry { place, rule: rule.to_owned(), key: key.to_owned(), environment, reason: reason.to_owned() })
}
