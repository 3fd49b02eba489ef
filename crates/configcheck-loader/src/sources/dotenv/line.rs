//! The lines of a `.env` file in one form, whatever the dialect that reads them.

use std::borrow::Cow;
use std::mem;

use configcheck_core::origin::{Origin, SourceId, Span};
use configcheck_core::value::{RawText, RawValue};
use configcheck_dotenv::{self as dotenv, Assignment, Dialect, ItemKind, Problem, ProblemKind, Refusal, Variable};
use zeroize::Zeroize as _;

/// A part of a `.env` file that matters.
pub(super) enum Part<'a> {
    /// A key and its value.
    Line(Line<'a>),
    /// Something that cannot be read.
    Trouble(Trouble<'a>),
}

/// A key, its value and where both stand. A value of its own, as one with escapes has, is overwritten when it is dropped.
pub(super) struct Line<'a> {
    pub(super) key: Cow<'a, str>,
    pub(super) value: Cow<'a, str>,
    pub(super) key_span: Span,
    pub(super) value_span: Span,
    pub(super) doubtful: bool,
    /// Whether other variables may have been put into the value.
    pub(super) is_made_of_others: bool,
    /// What is written where the value stands.
    pub(super) raw: &'a [u8],
}

/// Something that cannot be read.
pub(super) struct Trouble<'a> {
    pub(super) message: &'static str,
    pub(super) help: &'static str,
    pub(super) span: Span,
    pub(super) key: Option<&'a [u8]>,
    /// Whether the reader says so and goes on.
    pub(super) goes_on: bool,
}

impl Line<'_> {
    /// Where the value stands.
    pub(super) fn origin(&self, source: SourceId) -> Origin {
        Origin { source, span: Some(self.value_span) }
    }

    /// The value.
    pub(super) fn into_raw(mut self) -> RawValue {
        RawValue::Text(RawText::new(mem::take(&mut self.value).into_owned()))
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        if let Cow::Owned(text) = &mut self.value {
            text.zeroize();
        }
    }
}

/// Answers for the variables of the surrounding environment, which some dialects put into values.
pub(super) type Outer<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// The parts of a file in its order.
pub(super) fn parts<'a>(input: &'a [u8], dialect: Dialect, outer: &Outer<'_>) -> Box<dyn Iterator<Item = Part<'a>> + 'a> {
    if dialect == Dialect::Configcheck {
        return Box::new(dotenv::items(input).filter_map(move |item| match item.kind {
            ItemKind::Assignment(assignment) => Some(Part::Line(line(assignment))),
            ItemKind::Problem(problem) => Some(Part::Trouble(trouble(input, &problem))),
            ItemKind::Blank | ItemKind::Comment => None,
        }));
    }
    let reading = dotenv::read_as(input, dialect, outer);
    let variables = reading.variables.into_iter().filter_map(move |found| variable(input, found)).map(Part::Line);
    Box::new(reading.refusals.into_iter().map(move |refusal| Part::Trouble(refused(input, &refusal))).chain(variables))
}

fn line(assignment: Assignment<'_>) -> Line<'_> {
    Line {
        key: Cow::Borrowed(assignment.key),
        value: assignment.value,
        key_span: place(assignment.key_position, assignment.key_span),
        value_span: place(assignment.value_position, assignment.value_span),
        doubtful: assignment.doubtful,
        is_made_of_others: false,
        raw: b"",
    }
}

fn trouble<'a>(input: &'a [u8], problem: &Problem) -> Trouble<'a> {
    let mut span = place(problem.position, problem.span);
    if matches!(problem.kind, ProblemKind::TextAfterQuote | ProblemKind::NulByte | ProblemKind::InvalidUtf8) {
        // Behind a value the column would tell how long it is.
        span.column = 0;
    }
    let key = problem.key.and_then(|span| input.get(span.range()));
    Trouble { message: problem.kind.message(), help: problem.kind.help(), span, key, goes_on: false }
}

/// A variable of another dialect; one that is named without a value sets nothing.
fn variable<'a>(input: &'a [u8], variable: Variable<'a>) -> Option<Line<'a>> {
    // Behind another value on its line the column would tell how long that is.
    let columns = u32::from(dotenv::begins_line(input, variable.key_span));
    let place = |position, span| {
        let place = place(position, span);
        Span { column: place.column * columns, ..place }
    };
    let raw = input.get(variable.value_span.range()).unwrap_or_default();
    Some(Line {
        is_made_of_others: raw.contains(&b'$'),
        raw,
        value: variable.value?,
        key: variable.key,
        key_span: place(variable.key_position, variable.key_span),
        value_span: place(variable.value_position, variable.value_span),
        doubtful: variable.doubtful,
    })
}

fn refused<'a>(input: &'a [u8], refusal: &Refusal) -> Trouble<'a> {
    // The column of what another reader refuses may stand behind a value.
    let span = Span { column: 0, ..place(refusal.position, refusal.span) };
    let key = refusal.key.and_then(|span| input.get(span.range()));
    Trouble { message: refusal.message, help: refusal.help, span, key, goes_on: refusal.goes_on }
}

fn place(position: dotenv::Position, span: dotenv::Span) -> Span {
    Span { line: position.line, column: position.column, start: number(span.start), end: number(span.end) }
}

/// Files are smaller than 4 GiB, so every offset fits.
fn number(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
