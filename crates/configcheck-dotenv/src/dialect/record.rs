//! Collects what a reader finds, and adds the positions and the doubt when it is done.

use std::borrow::Cow;

use super::{Reading, Refusal, Variable};
use crate::item::{Item, ItemKind};
use crate::position::{Position, Span, ends_line, text_start};
use crate::problem::ProblemKind;

/// Why a line is refused: what is wrong and what to do, as clauses without a full stop.
#[derive(Clone, Copy)]
pub(super) struct Why {
    pub(super) message: &'static str,
    pub(super) help: &'static str,
    /// Whether the program says so and goes on, so that what it sets is known all the same.
    pub(super) goes_on: bool,
}

/// What has been found so far. Both lists are in the order of the file.
pub(super) struct Record<'a> {
    input: &'a [u8],
    variables: Vec<Variable<'a>>,
    refusals: Vec<Refusal>,
}

const NOWHERE: Position = Position { line: 1, column: 1 };

impl<'a> Record<'a> {
    pub(super) const fn new(input: &'a [u8]) -> Self {
        Self { input, variables: Vec::new(), refusals: Vec::new() }
    }

    pub(super) fn set(&mut self, key: impl Into<Cow<'a, str>>, value: Option<Cow<'a, str>>, key_span: Span, value_span: Span) {
        let (key, key_position, value_position) = (key.into(), NOWHERE, NOWHERE);
        self.variables.push(Variable { key, value, key_span, value_span, key_position, value_position, doubtful: false });
    }

    pub(super) fn refuse(&mut self, span: Span, why: Why, key: Option<Span>) {
        self.refusals.push(Refusal { position: NOWHERE, span, message: why.message, help: why.help, key, goes_on: why.goes_on });
    }

    /// How many variables and refusals there are, so that later ones can be taken back.
    pub(super) const fn mark(&self) -> Mark {
        Mark { variables: self.variables.len(), refusals: self.refusals.len() }
    }

    pub(super) fn take_back_variables(&mut self, mark: Mark) {
        self.variables.truncate(mark.variables);
    }

    pub(super) fn split_off_variables(&mut self, mark: Mark) -> Vec<Variable<'a>> {
        self.variables.split_off(mark.variables.min(self.variables.len()))
    }

    pub(super) fn extend_variables(&mut self, variables: Vec<Variable<'a>>) {
        self.variables.extend(variables);
    }

    pub(super) fn take_back_refusals(&mut self, mark: Mark) {
        self.refusals.truncate(mark.refusals);
    }

    pub(super) fn finish(mut self) -> Reading<'a> {
        let variables = self.variables.iter_mut();
        let mut wanted: Vec<_> = variables
            .flat_map(|found| [(found.key_span.start, &mut found.key_position), (found.value_span.start, &mut found.value_position)])
            .chain(self.refusals.iter_mut().map(|found| (found.span.start, &mut found.position)))
            .collect();
        locate(self.input, &mut wanted);

        let document = crate::parse(self.input);
        let mut keys: Vec<_> = self.variables.iter_mut().map(|found| (found.key_span.start, &mut found.doubtful)).collect();
        keys.sort_by_key(|(key, _)| *key);
        let mut doubt = Doubt { items: document.items() };
        for (key, doubtful) in keys {
            *doubtful = doubt.about(key);
        }
        let mut keys: Vec<_> = self.refusals.iter_mut().filter_map(|found| Some((found.key?.start, &mut found.key))).collect();
        keys.sort_by_key(|(key, _)| *key);
        let mut doubt = Doubt { items: document.items() };
        for (start, key) in keys {
            *key = key.filter(|_| !doubt.about(start));
        }
        Reading { variables: self.variables, refusals: self.refusals }
    }
}

#[derive(Clone, Copy)]
pub(super) struct Mark {
    variables: usize,
    refusals: usize,
}

/// Finds the lines and columns of places in one pass.
fn locate(input: &[u8], wanted: &mut [(usize, &mut Position)]) {
    wanted.sort_by_key(|(offset, _)| *offset);
    let mut at = text_start(input);
    let mut position = NOWHERE;
    for (offset, found) in wanted {
        while at < (*offset).min(input.len()) {
            if ends_line(input, at) {
                position = Position { line: position.line.saturating_add(1), column: 1 };
            } else if input[at] & 0b1100_0000 != 0b1000_0000 {
                position.column = position.column.saturating_add(1);
            }
            at += 1;
        }
        **found = position;
    }
}

/// Tells whether what a dialect takes for a key may be a piece of a value.
///
/// The judge is the reader of this crate: a key it sees in the same place, or a line that it refuses for its
/// key only, is good. A key inside what it takes for a value, a comment or a broken quote is doubtful.
struct Doubt<'d> {
    items: &'d [Item<'d>],
}

impl Doubt<'_> {
    /// The keys must come in the order of the file.
    fn about(&mut self, key: usize) -> bool {
        while let Some((first, rest)) = self.items.split_first()
            && first.span.end <= key
        {
            self.items = rest;
        }
        match self.items.first().map(|item| &item.kind) {
            Some(ItemKind::Assignment(found)) => found.doubtful || key > found.key_span.start,
            Some(ItemKind::Problem(problem)) => {
                let end = match problem.kind {
                    ProblemKind::InvalidKey | ProblemKind::ColonForEquals => problem.span.end,
                    ProblemKind::MissingEquals | ProblemKind::Utf16 => 0,
                    _ => problem.key.map_or(0, |span| span.end),
                };
                problem.doubtful || key >= end
            }
            Some(ItemKind::Blank | ItemKind::Comment) | None => true,
        }
    }
}
