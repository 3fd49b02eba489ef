//! One `.env` file on its way into the snapshot.

use configcheck_core::origin::{Layer, Origin, SourceId, Span};
use configcheck_core::schema::NamedKey;
use configcheck_core::snapshot::{Duplicate, SetAs, SourceProblem, UnknownKey};
use configcheck_core::{Schema, Snapshot};
use configcheck_dotenv::Dialect;

use super::line::{self, Line, Outer, Part, Trouble};
use super::{others, suppression};
use crate::collect::put;
use crate::sources::environment::Variables;
use crate::sources::key_file::KeyFile;
use crate::sources::unknown;

/// The number of lines that are named one by one where a file cannot be read, or holds undeclared keys twice.
const MOST_NAMED: usize = 1_000;

/// One file on its way into the snapshot.
pub(super) struct File<'a> {
    pub(super) schema: &'a Schema,
    pub(super) snapshot: &'a mut Snapshot,
    pub(super) source: SourceId,
    pub(super) skip_environment: bool,
    pub(super) notes_undeclared_twice: bool,
    /// The keys into whose values this file puts others.
    pub(super) made_of_others: Vec<usize>,
}

/// Where an undeclared key and its value stand. It is told by the key: behind it the column would tell how long the key is.
struct Undeclared {
    key: Span,
    value: Span,
}

impl File<'_> {
    pub(super) fn take(mut self, input: &[u8], dialect: Dialect, outer: &Outer<'_>, variables: &mut Variables) {
        // Of a key that stands twice the later counts, also when it is empty: the values are put when the whole file is known.
        let mut last: Vec<Option<Line<'_>>> = self.schema.keys().iter().map(|_| None).collect();
        let mut last_of_aliases: Vec<(NamedKey, Line<'_>)> = Vec::new();
        let mut undeclared = Vec::new();
        let mut troubles = 0;
        for part in line::parts(input, dialect, outer) {
            match part {
                Part::Line(line) => self.take_line(line, &mut last, &mut last_of_aliases, variables, &mut undeclared),
                Part::Trouble(trouble) => {
                    troubles += 1;
                    self.take_trouble(&trouble, troubles);
                }
            }
        }
        for (named, line) in last_of_aliases {
            self.put(named.key, line, SetAs::of(named));
        }
        for (key, line) in last.into_iter().enumerate() {
            if let Some(line) = line {
                self.put(key, line, SetAs::Name);
            }
        }
        self.note_twice(input, undeclared);
        suppression::collect(input, self.source, &mut self.snapshot.suppressions);
    }

    fn take_line<'d>(
        &mut self,
        line: Line<'d>,
        last: &mut [Option<Line<'d>>],
        aliases: &mut Vec<(NamedKey, Line<'d>)>,
        variables: &mut Variables,
        undeclared: &mut Vec<Undeclared>,
    ) {
        let Some(named) = self.schema.key_named(line.key.as_bytes()) else {
            if self.notes_undeclared_twice {
                undeclared.push(Undeclared { key: line.key_span, value: line.value_span });
            }
            self.take_undeclared(&line, variables);
            return;
        };
        if line.is_made_of_others {
            self.made_of_others.push(named.key);
        }
        if self.skip_environment && self.schema.environment_key() == Some(named.key) {
            return;
        }
        if named.alias.is_some() {
            match aliases.iter_mut().find(|(other, _)| *other == named) {
                Some(earlier) => earlier.1 = line,
                None => aliases.push((named, line)),
            }
            return;
        }
        let second = line.origin(self.source);
        let slot = &mut last[named.key];
        if let Some(first) = slot.replace(line) {
            let same_value = slot.as_ref().is_some_and(|second| second.value == first.value);
            let first = first.origin(self.source);
            self.snapshot.duplicates.push(Duplicate { key: Some(named.key), name: None, first, second, same_value });
        }
    }

    fn take_undeclared(&mut self, line: &Line<'_>, variables: &mut Variables) {
        if line.key == self.schema.environment_variable() {
            return;
        }
        if let Some(named) = line.key.strip_suffix("_FILE").and_then(|stem| self.schema.key_named(stem.as_bytes())) {
            if !line.value.is_empty() {
                // Of a name that stands twice in a file the later counts.
                variables.key_files.retain(|file| file.key != named.key || file.origin.source != self.source);
                let (path, origin) = (line.value.as_ref().into(), line.origin(self.source));
                variables.key_files.push(KeyFile { key: named.key, path, is_made_of_others: line.is_made_of_others, origin });
            }
            return;
        }
        let name = if line.doubtful { None } else { unknown::variable(self.schema, &line.key, self.snapshot.unknown.len()) };
        self.snapshot.unknown.push(UnknownKey { name, origin: Origin { source: self.source, span: Some(line.key_span) } });
    }

    fn put(&mut self, key: usize, line: Line<'_>, set_as: SetAs) {
        let origin = line.origin(self.source);
        if line.is_made_of_others && !others::may_be_shown(line.raw, |name| self.is_plain(name)) {
            self.snapshot.slots[key].more().made_of_others.push(origin);
        }
        put(self.schema, self.snapshot, key, line.into_raw(), origin, Layer::Dotenv, set_as);
    }

    /// Whether a variable is declared, no secret, and holds nothing but what was written.
    fn is_plain(&self, name: &str) -> bool {
        self.schema.key_named(name.as_bytes()).is_some_and(|named| {
            let hides = self.schema.keys()[named.key].spec.hides_value();
            !hides && !self.made_of_others.contains(&named.key) && !self.snapshot.slots[named.key].has_any_made_of_others()
        })
    }

    /// Notes a line that cannot be read; of very many only how many more there are.
    fn take_trouble(&mut self, trouble: &Trouble<'_>, number: usize) {
        let origin = Origin { source: self.source, span: Some(trouble.span) };
        if number > MOST_NAMED {
            let more = number - MOST_NAMED;
            let problems = &mut self.snapshot.problems;
            if more > 1 {
                problems.pop();
            }
            let message = format!("{more} more lines here cannot be read");
            let help = "look whether this is an env file at all".to_owned();
            problems.push(SourceProblem { origin: Origin::of(self.source), message, help, key: None, set_as: SetAs::Name, goes_on: false });
            return;
        }
        let named = trouble.key.and_then(|key| self.schema.key_named(key));
        self.snapshot.problems.push(SourceProblem {
            origin,
            message: trouble.message.to_owned(),
            help: trouble.help.to_owned(),
            key: named.map(|named| named.key),
            set_as: named.map_or(SetAs::Name, SetAs::of),
            goes_on: trouble.goes_on,
        });
    }

    /// Notes undeclared keys that stand twice. They are sorted by name, so that a large file costs neither a table nor a walk for each.
    fn note_twice(&mut self, input: &[u8], mut undeclared: Vec<Undeclared>) {
        let text = |span: Span| input.get(span.start as usize..span.end as usize).unwrap_or_default();
        undeclared.sort_by(|one, other| text(one.key).cmp(text(other.key)).then(one.key.start.cmp(&other.key.start)));
        let mut found: Vec<Duplicate> = undeclared
            .windows(2)
            .filter(|pair| text(pair[0].key) == text(pair[1].key) && !text(pair[0].key).is_empty())
            .map(|pair| Duplicate {
                key: None,
                name: None,
                first: Origin { source: self.source, span: Some(pair[0].key) },
                second: Origin { source: self.source, span: Some(pair[1].key) },
                same_value: text(pair[0].value) == text(pair[1].value),
            })
            .collect();
        found.sort_by_key(|duplicate| duplicate.second.span.map(|span| span.start));
        found.truncate(MOST_NAMED);
        self.snapshot.duplicates.append(&mut found);
    }
}
