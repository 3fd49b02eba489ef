//! How a `.env.example` differs from the schema: keys that are missing, keys that are not declared, decorators that say something else.

use configcheck_core::Schema;
use configcheck_core::schema::Key;
use configcheck_core::suggest::nearest;

use super::decorators::{Contradiction, contradictions};
use super::file::{Entry, ExampleFile};

/// How a `.env.example` differs from the schema.
#[derive(Debug, Default)]
pub(super) struct Drift<'a> {
    /// Declared keys that are not in the file, as indices into the keys.
    pub(super) missing: Vec<usize>,
    /// Keys of the file that are not declared.
    pub(super) undeclared: Vec<&'a Entry<'a>>,
    /// What decorators say that the schema does not, each with its key.
    pub(super) contradictions: Vec<(usize, Contradiction)>,
}

impl<'a> Drift<'a> {
    /// Compares a file with a schema; `wanted` says which keys must be there.
    pub(super) fn of(schema: &Schema, file: &'a ExampleFile<'a>, wanted: impl Fn(&Key) -> bool) -> Self {
        let mut drift = Self::default();
        for (index, key) in schema.keys().iter().enumerate() {
            match file.entry(&key.variable) {
                None if wanted(key) => drift.missing.push(index),
                None => {}
                Some(entry) => {
                    let found = contradictions(schema, key, &entry.decorators, file.default_sensitive);
                    drift.contradictions.extend(found.into_iter().map(|contradiction| (index, contradiction)));
                }
            }
        }
        drift.undeclared = file.entries.iter().filter(|entry| entry.sure && !is_declared(schema, entry.name)).collect();
        drift
    }

    /// Whether both say the same.
    pub(super) fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.undeclared.is_empty() && self.contradictions.is_empty()
    }

    /// The differences, one a line, in the order of the file; what is missing comes last.
    pub(super) fn lines(&self, schema: &Schema, path: &str) -> Vec<String> {
        let missing = || self.missing.iter().map(|index| &*schema.keys()[*index].variable);
        let undeclared = self.undeclared.iter().map(|entry| {
            let hint = nearest(entry.name, missing()).map_or_else(String::new, |name| format!(": did you mean {name}?"));
            (entry.line, format!("{} is not declared in the schema{hint}", entry.name))
        });
        let contradictions = self.contradictions.iter().map(|(index, found)| {
            let wanted = if found.wanted.is_empty() { "nothing of it" } else { found.wanted.trim_start() };
            (found.line, format!("{} has {}, and the schema says {wanted}", schema.keys()[*index].variable, found.said))
        });
        let mut lines: Vec<(u32, String)> = undeclared.chain(contradictions).collect();
        lines.sort();
        let lines = lines.into_iter().map(|(line, text)| format!("{path}:{line}: {text}"));
        lines.chain(missing().map(|name| format!("{path}: {name} is missing"))).collect()
    }
}

/// Whether a name is that of a key, an alias of one, the variable of a file that holds one, or what chooses the environment.
fn is_declared(schema: &Schema, name: &str) -> bool {
    let is_key = |name: &str| schema.key_named(name.as_bytes()).is_some();
    is_key(name) || name.strip_suffix("_FILE").is_some_and(is_key) || name == schema.environment_variable()
}
