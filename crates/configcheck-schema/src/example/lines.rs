//! The lines of a `.env.example`: blank ones, comments by what they are, keys, and what cannot be read.

use configcheck_dotenv::{Assignment, Document, Item, ItemKind, Quote};

use super::{commented, decorators};
use crate::KeyPlace;

/// A key with its value, set or commented out.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) value: String,
    pub(super) quoted: bool,
    pub(super) commented: bool,
    /// The comment behind the value, its mark taken off.
    pub(super) comment: Option<String>,
    pub(super) place: KeyPlace,
}

/// What a line is.
#[derive(Debug)]
pub(super) enum Line {
    /// Nothing, or a line that parts sections without a word.
    Break,
    /// The heading of a section.
    Heading(String),
    /// A line of decorators.
    Decorators(String),
    /// Any other comment.
    Prose(String),
    /// A key.
    Key(Entry),
    /// Something that has no effect, as a clause.
    Unread(&'static str),
}

/// What an item is.
pub(super) fn classify(document: &Document<'_>, item: &Item<'_>, lower_case: bool) -> Line {
    match &item.kind {
        ItemKind::Blank => Line::Break,
        ItemKind::Problem(problem) => Line::Unread(problem.kind.message()),
        ItemKind::Assignment(assignment) if assignment.doubtful && !commented::is_in_capitals(assignment.key) => {
            Line::Unread("this line may be a piece of the value before it, and is no key of the schema")
        }
        ItemKind::Assignment(assignment) => Line::Key(entry(document, assignment)),
        ItemKind::Comment => {
            let text = String::from_utf8_lossy(document.source(item.span));
            comment(text.trim_start_matches('\u{feff}'), item.line, lower_case)
        }
    }
}

fn entry(document: &Document<'_>, assignment: &Assignment<'_>) -> Entry {
    let comment = assignment.comment.map(|span| String::from_utf8_lossy(document.source(span)).into_owned());
    Entry {
        key: assignment.key.to_owned(),
        value: assignment.value.clone().into_owned(),
        quoted: assignment.quote != Quote::None,
        commented: false,
        comment: comment.map(|comment| bare(&comment).to_owned()).filter(|comment| !comment.is_empty()),
        place: KeyPlace { line: assignment.key_position.line, column: assignment.key_position.column },
    }
}

/// A comment without its marks.
fn bare(comment: &str) -> &str {
    comment.trim().trim_start_matches('#').trim()
}

fn comment(line: &str, number: u32, lower_case: bool) -> Line {
    let written = line.trim();
    let text = bare(written);
    if decorators::is_decorated(text) {
        return Line::Decorators(text.to_owned());
    }
    if let Some(found) = commented::read(text, lower_case) {
        let start = line.len() - line.trim_start().trim_start_matches('#').trim_start().len();
        let before = if text.starts_with("export ") { line[start..].find(&found.key).unwrap_or(0) } else { 0 };
        let column = u32::try_from(line[..start + before].chars().count() + 1).unwrap_or(u32::MAX);
        return Line::Key(Entry {
            key: found.key,
            value: found.value,
            quoted: found.quote != Quote::None,
            commented: true,
            comment: found.comment.map(|comment| bare(&comment).to_owned()).filter(|comment| !comment.is_empty()),
            place: KeyPlace { line: number, column },
        });
    }
    let is_rule = |c: char| "-=#*~_+<>|/\\ \t.".contains(c) || ('\u{2500}'..='\u{259f}').contains(&c);
    let inner = written.trim_matches(is_rule);
    if inner.is_empty() {
        // A lone mark is an empty line of a comment.
        return if text.is_empty() && written.len() < 3 { Line::Prose(String::new()) } else { Line::Break };
    }
    if is_heading(written, text, inner) {
        Line::Heading(inner.trim_matches(['[', ']', ' ']).to_owned())
    } else {
        Line::Prose(text.to_owned())
    }
}

/// Whether a comment heads a section: it is ruled off, boxed, or all in capitals.
fn is_heading(written: &str, text: &str, inner: &str) -> bool {
    const MOST_WORDS: usize = 8;
    let ruled = ["----", "====", "****"].into_iter().any(|rule| text.ends_with(rule))
        || text.starts_with("---")
        || text.starts_with("===")
        || written.starts_with("###")
        || text.starts_with("***");
    let boxed = (written.ends_with('#') && written.len() > 2) || (text.starts_with('[') && text.ends_with(']'));
    let words = inner.split_whitespace().count();
    let in_capitals = words > 1 && !inner.contains(char::is_lowercase) && inner.contains(char::is_uppercase) && !inner.contains('=');
    words <= MOST_WORDS && (ruled || boxed || in_capitals)
}
