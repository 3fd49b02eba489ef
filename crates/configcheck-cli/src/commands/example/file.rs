//! A `.env.example` as its author wrote it: which keys stand where, and what the decorators above each say.

use std::ops::Range;

use configcheck_dotenv::{Document, Item, ItemKind};

use super::decorators::{Decorator, decorators};
use crate::key_name::may_be_shown;

/// The UTF-8 byte order mark.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// A key of the file.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// The line.
    pub(super) line: u32,
    /// Whether the line is commented out.
    pub(super) commented: bool,
    /// Whether it is surely meant as a key: no piece of a broken value, and no prose with an equals sign.
    pub(super) sure: bool,
    /// The bytes of the comment above it and of its own lines.
    pub(super) bytes: Range<usize>,
    /// The decorators in the comment above it.
    pub(super) decorators: Vec<Decorator<'a>>,
}

/// A `.env.example`.
#[derive(Debug)]
pub(super) struct ExampleFile<'a> {
    /// The keys in the order of the file.
    pub(super) entries: Vec<Entry<'a>>,
    /// What ends a line: that of the first line.
    pub(super) line_end: &'static str,
    /// Where the text starts: behind the byte order mark.
    pub(super) start: usize,
    /// Whether nothing but blanks stands in it.
    pub(super) is_blank: bool,
    /// Whether a decorator of the whole file says that keys without one are secrets, under whatever condition.
    pub(super) default_sensitive: bool,
}

impl<'a> ExampleFile<'a> {
    /// Reads a file. Lines that cannot be read are left alone.
    pub(super) fn read(bytes: &'a [u8]) -> Self {
        let document = configcheck_dotenv::parse(bytes);
        let start = if bytes.starts_with(MARK) { MARK.len() } else { 0 };
        let mut file = Self { entries: Vec::new(), line_end: line_end(bytes), start, is_blank: true, default_sensitive: false };
        // The comment lines right above the line at hand.
        let mut comment: Option<usize> = None;
        let mut above: Vec<Decorator<'a>> = Vec::new();
        for item in document.items() {
            file.is_blank &= matches!(item.kind, ItemKind::Blank);
            let item_start = item.span.start.max(start);
            let entry = match &item.kind {
                ItemKind::Comment => commented(&document, item, start),
                ItemKind::Assignment(assignment) => {
                    let is_sure = !assignment.doubtful && may_be_shown(assignment.key, Some(&assignment.value));
                    Some((assignment.key, false, is_sure))
                }
                ItemKind::Blank | ItemKind::Problem(_) => None,
            };
            if let Some((name, commented, sure)) = entry {
                let bytes = comment.take().unwrap_or(item_start)..item.span.end;
                file.entries.push(Entry { name, line: item.line, commented, sure, bytes, decorators: std::mem::take(&mut above) });
            } else if let ItemKind::Comment = item.kind {
                comment.get_or_insert(item_start);
                above.extend(decorators(text(&document, item, start), item_start, item.line));
                file.default_sensitive |=
                    above.iter().any(|decorator| decorator.name == "defaultSensitive" && decorator.value != Some("false"));
            } else {
                comment = None;
                above.clear();
            }
        }
        file
    }

    /// The place of a key: that of the line that sets it, else of one that is commented out.
    pub(super) fn entry(&self, name: &str) -> Option<&Entry<'a>> {
        let all = || self.entries.iter().filter(|entry| entry.name == name);
        all().find(|entry| !entry.commented).or_else(|| all().next())
    }
}

/// The line of a comment, as far as it is UTF-8.
fn text<'a>(document: &Document<'a>, item: &Item<'a>, start: usize) -> &'a str {
    let bytes = document.input().get(item.span.start.max(start)..item.span.end).unwrap_or_default();
    std::str::from_utf8(bytes).unwrap_or_default()
}

/// The key of a line that is commented out, and whether it is surely one: an upper-case name, and a value without blanks or in quotes.
fn commented<'a>(document: &Document<'a>, item: &Item<'a>, start: usize) -> Option<(&'a str, bool, bool)> {
    let line = text(document, item, start).trim_start_matches([' ', '\t']).strip_prefix('#')?;
    let line = line.trim_start_matches(['#', ' ', '\t']);
    let line = line.strip_prefix("export ").map_or(line, str::trim_start);
    let (name, value) = line.split_once('=')?;
    let name = name.trim_end_matches([' ', '\t']);
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'));
    let is_upper = name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    let value = value.trim();
    let value = value.split_once(" #").map_or(value, |(value, _)| value.trim_end());
    let is_value = !value.contains([' ', '\t']) || value.starts_with(['"', '\'']);
    is_name.then_some((name, true, is_upper && is_value))
}

/// What ends the first line; a file without a line end gets LF.
fn line_end(bytes: &[u8]) -> &'static str {
    match bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
        Some(at) if bytes[at] == b'\n' => "\n",
        Some(at) if bytes.get(at + 1) == Some(&b'\n') => "\r\n",
        Some(_) => "\r",
        None => "\n",
    }
}
