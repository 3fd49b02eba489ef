//! Reads a `.env.example`: every key with what its decorators say, and what the file suggests without them, marked as a guess.

use std::collections::{HashMap, HashSet};

use configcheck_core::Schema;
use configcheck_core::display::escaped;
use configcheck_core::schema::{Aspect, Key};
use configcheck_dotenv::{ItemKind, ProblemKind, parse};

use crate::text::leak;
use crate::{Note, SchemaError, SchemaFile, SchemaKind};

mod commented;
mod decorators;
mod header;
mod key;
mod known;
mod lines;
mod names;
mod prose;
#[cfg(test)]
mod tests;
mod types;
mod value;
#[cfg(test)]
mod written;

use header::Header;
use key::Above;
use lines::{Entry, Line};
use value::Broken;

/// The most keys: an index of names holds fewer than 65,535.
const LARGEST: usize = 60_000;

/// The most lines that the brackets of one line of decorators may take, and the most bytes.
const LONGEST_BRACKET: (usize, usize) = (64, 8 * 1024);

/// What our own examples begin with.
const TITLE: &str = "Configuration of ";

/// Reads a `.env.example`.
pub(crate) fn read(bytes: &[u8]) -> Result<SchemaFile, SchemaError> {
    let document = parse(bytes);
    if document.problems().any(|problem| problem.kind == ProblemKind::Utf16) {
        return Err(SchemaError::of_file(ProblemKind::Utf16.message(), ProblemKind::Utf16.help()));
    }
    let lower_case = document.assignments().any(|found| !found.doubtful && found.key.bytes().any(|byte| byte.is_ascii_lowercase()));
    let mut reader = Reader::default();
    for item in document.items() {
        let is_comment = matches!(item.kind, ItemKind::Comment);
        reader.add(lines::classify(&document, item, lower_case), item.line, is_comment);
    }
    reader.finish()
}

/// What was read so far.
#[derive(Default)]
struct Reader {
    name: Option<String>,
    header: Header,
    above: Above,
    /// Decorators whose bracket is not closed yet: the text, the line where it starts and how many lines it has.
    open: Option<(String, u32, usize)>,
    found: Vec<(Entry, Above)>,
    places: HashMap<String, usize>,
    notes: Vec<Note>,
}

impl Reader {
    fn add(&mut self, line: Line, number: u32, is_comment: bool) {
        if let Some((text, start, count)) = self.open.take() {
            // Inside of brackets every comment goes on with them, whatever it looks like.
            let goes_on = count < LONGEST_BRACKET.0 && text.len() < LONGEST_BRACKET.1;
            match line {
                Line::Prose(more) | Line::Decorators(more) | Line::Heading(more) if goes_on => {
                    return self.decorators(format!("{text}\n{more}"), start, count + 1);
                }
                Line::Break if is_comment && goes_on => {
                    self.open = Some((text, start, count + 1));
                    return;
                }
                _ => self.note(start, "a bracket of these decorators is never closed".into()),
            }
        }
        match line {
            Line::Break => self.part(),
            Line::Heading(heading) => {
                self.part();
                self.section(&heading);
            }
            Line::Decorators(text) => self.decorators(text, number, 1),
            Line::Prose(text) => self.above.prose.push(text),
            Line::Key(entry) => self.key(entry),
            Line::Unread(why) => {
                self.note(number, why.into());
                self.part();
            }
        }
    }

    fn note(&mut self, line: u32, message: String) {
        self.notes.push(Note { line, message });
    }

    fn decorators(&mut self, text: String, line: u32, count: usize) {
        match decorators::read(&text) {
            Ok(found) => {
                // A line on which nothing is known is prose that begins with an @.
                if !found.iter().any(|decorator| known::known(&decorator.name).is_some()) {
                    self.above.prose.push(text);
                }
                self.above.decorators.extend(found.into_iter().map(|decorator| (line, decorator)));
            }
            Err(Broken::Open) => self.open = Some((text, line, count)),
            Err(Broken::Wrong) => self.note(line, "these decorators are not well formed".into()),
        }
    }

    /// Ends a comment that stands above no key.
    fn part(&mut self) {
        let section = self.above.section.clone();
        let above = std::mem::replace(&mut self.above, Above { section, ..Above::default() });
        let is_header = self.found.is_empty();
        for (line, decorator) in &above.decorators {
            let message = if is_header {
                self.header.apply(decorator)
            } else if known::known(&decorator.name).is_some() {
                Some(format!("@{} stands above no key: a blank line or a rule follows", decorator.name))
            } else {
                Some(header::unknown(&decorator.name))
            };
            if let Some(message) = message {
                self.note(*line, message);
            }
        }
        if let Some(name) = above.prose.first().and_then(|line| line.strip_prefix(TITLE)).filter(|_| is_header) {
            self.name = Some(name.trim_end_matches('.').to_owned());
        } else if is_short(&above.prose) && above.decorators.is_empty() {
            self.section(&above.prose.join(" "));
        }
    }

    fn section(&mut self, heading: &str) {
        self.above.section = prose::demand(heading).map(|(demand, _)| (demand, escaped(heading).into_owned()));
    }

    fn key(&mut self, mut entry: Entry) {
        let section = self.above.section.clone();
        let mut above = std::mem::replace(&mut self.above, Above { section, ..Above::default() });
        if let Some(comment) = entry.comment.take_if(|comment| decorators::is_decorated(comment)) {
            match decorators::read(&comment) {
                Ok(found) => above.decorators.extend(found.into_iter().map(|decorator| (entry.place.line, decorator))),
                Err(_) => self.note(entry.place.line, "these decorators are not well formed".into()),
            }
        }
        let Some(&index) = self.places.get(&entry.key) else {
            self.places.insert(entry.key.clone(), self.found.len());
            self.found.push((entry, above));
            return;
        };
        let (first, first_above) = &mut self.found[index];
        if entry.commented {
            // Another value of the same key.
            return;
        }
        if first.commented {
            if above.prose.is_empty() && above.decorators.is_empty() {
                above = std::mem::take(first_above);
            }
            self.found[index] = (entry, above);
        } else {
            let message = format!("{} stands on line {} already, which counts", entry.key, first.place.line);
            self.note(entry.place.line, message);
        }
    }

    fn finish(mut self) -> Result<SchemaFile, SchemaError> {
        if let Some((_, start, _)) = self.open.take() {
            self.note(start, "a bracket of these decorators is never closed".into());
        }
        self.part();
        // A value may come from the file that KEY_FILE names, whatever the key: that is no key of its own.
        let is_file = |key: &str| key.strip_suffix("_FILE").is_some_and(|of| self.places.contains_key(of));
        let found: Vec<_> = self.found.iter().filter(|(entry, _)| !is_file(&entry.key)).collect();
        if found.is_empty() {
            // A service without settings is one as well.
            self.notes.push(Note { line: 1, message: "no key stands in the file, so that nothing is declared".into() });
        }
        if found.len() > LARGEST {
            let message = format!("a schema has at most {LARGEST} keys");
            return Err(SchemaError::of_file(&message, "name the file that the services of this project share"));
        }
        let (mut keys, mut places) = (Vec::with_capacity(found.len()), Vec::with_capacity(found.len()));
        let mut paths = HashSet::with_capacity(found.len());
        for (entry, above) in found {
            let mut path = entry.key.to_ascii_lowercase().replace('.', "_");
            while !paths.insert(path.clone()) {
                path.push('_');
            }
            keys.push(key::make(entry, above, &self.header, path, &mut self.notes));
            places.push(entry.place);
        }
        self.notes.sort_by_key(|note| note.line);
        let is_guessed = |key: &Key| key.variable == self.header.environment.as_str() && key.spec.guess(Aspect::Type).is_some();
        let environments = if keys.iter().any(is_guessed) { key::ENVIRONMENTS } else { &[] };
        let schema = Schema::of_keys(leak(self.name.unwrap_or_default()), "", environments, keys, Vec::new());
        Ok(SchemaFile { schema, kind: SchemaKind::Example, notes: self.notes, places })
    }
}

/// Whether a comment that stands alone is short enough to be a heading.
fn is_short(prose: &[String]) -> bool {
    let words = |line: &String| line.split_whitespace().count();
    let lines = prose.iter().filter(|line| !line.is_empty());
    (1..=2).contains(&lines.clone().count()) && lines.map(words).all(|count| count <= 8)
}
