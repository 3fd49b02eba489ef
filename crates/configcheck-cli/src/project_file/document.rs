//! The text of a `configcheck.toml` as tables with places, and the list of what is wrong in it.
//!
//! Nothing of the file is quoted: a secret may have been pasted into it.

use std::cell::RefCell;
use std::ops::Range;

use configcheck_checks::rules::info_of;
use configcheck_core::suggest::nearest;
use ignore::overrides::OverrideBuilder;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::failure::Failure;

/// The number of problems that are said one by one.
const MOST_SAID: usize = 20;

/// The byte order mark that some editors put in front.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The file, read.
pub(super) struct Document<'t> {
    text: &'t str,
    path: &'t str,
    root: Spanned<DeTable<'t>>,
    problems: RefCell<Vec<Problem>>,
}

/// Something wrong at a byte of the text.
struct Problem {
    at: usize,
    message: String,
    help: String,
}

/// A table of the file.
#[derive(Clone)]
pub(super) struct Row<'d, 't> {
    document: &'d Document<'t>,
    table: &'d DeTable<'t>,
    at: Range<usize>,
}

impl<'t> Document<'t> {
    /// Reads the text as TOML.
    pub(super) fn read(bytes: &'t [u8], path: &'t str) -> Result<Self, Failure> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            Failure::usage("the file is not UTF-8").at(place(path, &valid, valid.len())).help("save it as UTF-8")
        })?;
        let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
        let (root, errors) = DeTable::parse_recoverable(text);
        let document = Self { text, path, root, problems: RefCell::default() };
        for error in errors {
            let is_twice = error.message() == "duplicate key";
            let (message, help) = if is_twice {
                ("a key stands here for the second time", "keep one of them")
            } else {
                ("this is not TOML", "write NAME = \"text\", lists as [\"a\", \"b\"], and tables as [name]")
            };
            document.wrong(error.span().map_or(0, |span| span.start), message, help);
        }
        // What is recovered of a broken file would give problems that are none.
        if document.problems.borrow().is_empty() { Ok(document) } else { Err(document.failure()) }
    }

    /// The table of the file itself.
    pub(super) fn root(&self) -> Row<'_, 't> {
        Row { document: self, table: self.root.get_ref(), at: 0..0 }
    }

    /// What was read, when nothing was wrong.
    pub(super) fn finish<T>(&self, read: T) -> Result<T, Failure> {
        if self.problems.borrow().is_empty() { Ok(read) } else { Err(self.failure()) }
    }

    fn wrong(&self, at: usize, message: impl Into<String>, help: impl Into<String>) {
        self.problems.borrow_mut().push(Problem { at, message: message.into(), help: help.into() });
    }

    fn failure(&self) -> Failure {
        let mut problems = self.problems.borrow_mut();
        problems.sort_by_key(|problem| problem.at);
        let mut failures = problems.iter().take(MOST_SAID).map(|problem| {
            Failure::usage(problem.message.as_str()).at(place(self.path, self.text, problem.at)).help(problem.help.as_str())
        });
        let first = failures.next().unwrap_or_else(|| Failure::usage("the file is wrong").at(self.path));
        let failure = failures.fold(first, Failure::and);
        match problems.len().checked_sub(MOST_SAID) {
            Some(more @ 1..) => failure.and(Failure::usage(format!("{more} more problems")).at(self.path)),
            _ => failure,
        }
    }
}

impl<'d, 't> Row<'d, 't> {
    /// Says that something is wrong with the table.
    pub(super) fn wrong(&self, message: &str, help: &str) {
        self.document.wrong(self.at.start, message, help);
    }

    /// Says so when the table has no such key.
    pub(super) fn lacks(&self, key: &str, help: &str) {
        if !self.table.contains_key(key) {
            self.wrong(&format!("{key} is missing here"), help);
        }
    }

    /// Says that a name is not known, and which known one is near to it.
    pub(super) fn unknown<'n>(&self, at: usize, message: &str, name: &str, known: impl Iterator<Item = &'n str>, help: &str) {
        let help = nearest(name, known).map_or_else(|| help.to_owned(), |near| format!("did you mean {near}?"));
        self.document.wrong(at, message, help);
    }

    /// Finds the keys that nobody reads.
    pub(super) fn knows(&self, known: &[&str]) {
        for (name, at) in self.keys().filter(|(name, _)| !known.contains(name)) {
            let help = format!("the keys here are {}", known.join(", "));
            self.unknown(at, "this key is not known", name, known.iter().copied(), &help);
        }
    }

    /// The keys and where they stand.
    pub(super) fn keys(&self) -> impl Iterator<Item = (&'d str, usize)> + use<'d, 't> {
        self.table.iter().map(|(key, _)| (&**key.get_ref(), key.span().start))
    }

    /// Where the value of a key stands; the table, when there is none.
    pub(super) fn place(&self, key: &str) -> usize {
        self.table.get(key).map_or(self.at.start, |value| value.span().start)
    }

    /// A text with something in it.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.table.get(key).and_then(|value| self.as_text(value)).map(ToOwned::to_owned)
    }

    /// A list of texts.
    pub(super) fn texts(&self, key: &str) -> Option<Vec<String>> {
        self.items(key).map(|items| items.into_iter().map(|(text, _)| text.to_owned()).collect())
    }

    /// One of some words.
    pub(super) fn word(&self, key: &str, what: &str, words: &[&str]) -> Option<String> {
        let text = self.table.get(key).and_then(|value| self.as_text(value))?;
        self.is_word(text, self.place(key), what, words).then(|| text.to_owned())
    }

    /// A list of some words.
    pub(super) fn words(&self, key: &str, what: &str, words: &[&str]) -> Option<Vec<String>> {
        let items = self.items(key)?;
        Some(items.into_iter().filter(|(text, at)| self.is_word(text, *at, what, words)).map(|(text, _)| text.to_owned()).collect())
    }

    /// What one of some words stands for.
    pub(super) fn choice<T: Copy>(&self, key: &str, what: &str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.table.get(key).and_then(|value| self.as_text(value))?;
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        self.is_word(text, self.place(key), what, &words);
        choices.iter().find(|(word, _)| *word == text).map(|(_, choice)| *choice)
    }

    /// A list of globs.
    pub(super) fn globs(&self, key: &str) -> Vec<String> {
        let items = self.items(key).unwrap_or_default();
        for (_, at) in items.iter().filter(|(text, _)| OverrideBuilder::new(".").add(text).is_err()) {
            self.document.wrong(*at, "this is no pattern of file names", "write one as in .gitignore, such as \"legacy/**\"");
        }
        items.into_iter().map(|(text, _)| text.to_owned()).collect()
    }

    /// A table in it.
    pub(super) fn table(&self, key: &str, expected: &str) -> Option<Row<'d, 't>> {
        self.as_table(self.table.get(key)?, expected)
    }

    /// Tables in it by their names, in the order of the file.
    pub(super) fn tables_by_name(&self, key: &str, expected: &str) -> Vec<(&'d str, Row<'d, 't>)> {
        let Some(row) = self.table(key, expected) else { return Vec::new() };
        let mut tables: Vec<_> = row
            .table
            .iter()
            .filter_map(|(name, value)| Some((name.span().start, &**name.get_ref(), self.as_table(value, expected)?)))
            .collect();
        tables.sort_by_key(|(at, ..)| *at);
        tables.into_iter().map(|(at, name, table)| (name, Row { at: at..at, ..table })).collect()
    }

    /// A list of tables.
    pub(super) fn tables(&self, key: &str, expected: &str) -> Vec<Row<'d, 't>> {
        match self.table.get(key) {
            None => Vec::new(),
            Some(value) => match value.get_ref() {
                DeValue::Array(items) => items.iter().filter_map(|item| self.as_table(item, expected)).collect(),
                _ => {
                    self.expected(value, expected);
                    Vec::new()
                }
            },
        }
    }

    fn items(&self, key: &str) -> Option<Vec<(&'d str, usize)>> {
        let value = self.table.get(key)?;
        let DeValue::Array(items) = value.get_ref() else {
            self.expected(value, "a list of texts, as in [\"a\", \"b\"]");
            return None;
        };
        Some(items.iter().filter_map(|item| Some((self.as_text(item)?, item.span().start))).collect())
    }

    fn as_text(&self, value: &'d Spanned<DeValue<'t>>) -> Option<&'d str> {
        match value.get_ref() {
            DeValue::String(text) if text.trim().is_empty() => {
                self.document.wrong(value.span().start, "this is empty", "write something, or remove the key");
                None
            }
            DeValue::String(text) => Some(text),
            _ => {
                self.expected(value, "a text in quotes");
                None
            }
        }
    }

    fn as_table(&self, value: &'d Spanned<DeValue<'t>>, expected: &str) -> Option<Row<'d, 't>> {
        match value.get_ref() {
            DeValue::Table(table) => Some(Row { document: self.document, table, at: value.span() }),
            _ => {
                self.expected(value, expected);
                None
            }
        }
    }

    fn is_word(&self, text: &str, at: usize, what: &str, words: &[&str]) -> bool {
        let is_word = words.contains(&text);
        if !is_word {
            let near = nearest(text, words.iter().copied()).map_or_else(String::new, |near| format!("did you mean {near}? "));
            self.document.wrong(at, format!("this is not {what}"), format!("{near}write one of {}", words.join(", ")));
        }
        is_word
    }

    fn expected(&self, value: &Spanned<DeValue<'_>>, what: &str) {
        self.document.wrong(
            value.span().start,
            format!("this is {}, and something else belongs here", name(value.get_ref())),
            format!("write {what}"),
        );
    }
}

/// What a value is, in words.
fn name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// A byte of the text as `path:line:col`. Behind text of its author's the column is left out: it would tell how long that is.
fn place(path: &str, text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let before = before.rsplit('\n').next().unwrap_or_default();
    if before.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').all(is_ours) && !before.contains(['"', '\'']) {
        format!("{path}:{line}:{}", before.chars().count() + 1)
    } else {
        format!("{path}:{line}")
    }
}

/// Whether a word is one that every file may have.
fn is_ours(word: &str) -> bool {
    word.is_empty() || super::KEYS.contains(&word) || ["kind", "files", "rule", "key", "reason"].contains(&word) || info_of(word).is_some()
}
