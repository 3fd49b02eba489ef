//! The variables of Docker Compose: `$NAME`, `${NAME}`, six operators, and `$$` for a `$`.

use super::expand::{Scope, TOO_LONG};
use super::record::Why;

const INVALID: Why = Why {
    message: "Compose does not take what stands behind a `${` here",
    help: "write `${NAME}`, or `$$` for each `$` that should stay",
    goes_on: false,
};

const REQUIRED: Why = Why {
    message: "a variable that this value requires has no value",
    help: "set the variable, or give it a default with `:-`",
    goes_on: false,
};

/// Puts in the variables. The outer environment is asked first.
///
/// Defaults can hold variables again. A default that is needed is read in place: its end is kept, and reading
/// goes on behind its closing brace once it is reached.
pub(super) fn substitute(template: &str, scope: &Scope<'_>) -> Result<String, Why> {
    let braces = Braces::new(template);
    let mut output = String::with_capacity(template.len());
    // The ends of the defaults that are being read, and where to go on behind each.
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    loop {
        let end = open.last().map_or(template.len(), |(end, _)| *end);
        let Some(found) = template[at..end].find('$') else {
            output.push_str(&template[at..end]);
            match open.pop() {
                Some((_, next)) => at = next,
                None => return Ok(output),
            }
            continue;
        };
        output.push_str(&template[at..at + found]);
        at += found + 1;
        let behind = &template[at..end];
        if behind.starts_with('$') {
            output.push('$');
            at += 1;
        } else if behind.starts_with('{') {
            let reference = Reference::new(template, at + 1, end, &braces)?;
            match reference.text(scope)? {
                Text::Value(value) => {
                    scope.put(&mut output, &value).map_err(|_| TOO_LONG)?;
                    at = reference.next;
                }
                Text::Word => {
                    at = reference.word.0;
                    open.push((reference.word.1, reference.next));
                }
            }
        } else {
            let name = &behind[..name_length(behind)];
            if name.is_empty() {
                output.push('$');
                continue;
            }
            let found = scope.outer_first(name).unwrap_or_default();
            scope.put(&mut output, &found).map_err(|_| TOO_LONG)?;
            at += name.len();
        }
    }
}

fn name_length(text: &str) -> usize {
    let starts_well = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let is_part = |part: char| part.is_ascii_alphanumeric() || part == '_';
    if starts_well { text.find(|part| !is_part(part)).unwrap_or(text.len()) } else { 0 }
}

#[derive(Clone, Copy)]
enum Operator {
    None,
    Required,
    Default,
    Alternative,
}

/// What stands between the braces of `${}`.
struct Reference<'t> {
    name: &'t str,
    operator: Operator,
    /// Whether the operator has a colon and so takes an empty variable for an unset one.
    colon: bool,
    /// The start and the end of the text behind the operator.
    word: (usize, usize),
    /// Behind the closing brace.
    next: usize,
}

enum Text {
    Value(String),
    Word,
}

impl<'t> Reference<'t> {
    /// The reference whose name starts at `start`, behind the opening brace.
    fn new(template: &'t str, start: usize, end: usize, braces: &Braces) -> Result<Self, Why> {
        let inner = &template[start..end];
        let name = &inner[..name_length(inner)];
        let behind = &inner[name.len()..];
        let colon = behind.starts_with(':');
        let operator = match behind.as_bytes().get(usize::from(colon)) {
            _ if name.is_empty() => return Err(INVALID),
            Some(b'}') if !colon => Operator::None,
            Some(b'?') => Operator::Required,
            Some(b'-') => Operator::Default,
            Some(b'+') => Operator::Alternative,
            _ => return Err(INVALID),
        };
        let behind_name = start + name.len();
        if matches!(operator, Operator::None) {
            return Ok(Self { name, operator, colon, word: (behind_name, behind_name), next: behind_name + 1 });
        }
        let word = behind_name + usize::from(colon) + 1;
        let last = braces.last_on_line(word, end).ok_or(INVALID)?;
        let closing = braces.closing(start - 1).filter(|closing| *closing <= last).unwrap_or(last);
        Ok(Self { name, operator, colon, word: (word, closing), next: closing + 1 })
    }

    fn text(&self, scope: &Scope<'_>) -> Result<Text, Why> {
        let value = scope.outer_first(self.name);
        let is_set = value.as_ref().is_some_and(|value| !self.colon || !value.is_empty());
        match self.operator {
            Operator::Required if !is_set => Err(REQUIRED),
            Operator::Default if !is_set => Ok(Text::Word),
            Operator::Alternative if is_set => Ok(Text::Word),
            _ => Ok(Text::Value(value.unwrap_or_default().into_owned())),
        }
    }
}

/// Where the braces of a template are.
struct Braces {
    /// The places of all closing braces.
    closing: Vec<usize>,
    line_feeds: Vec<usize>,
    /// Opening braces and those that close them, in the order of the opening ones.
    pairs: Vec<(usize, usize)>,
}

impl Braces {
    fn new(template: &str) -> Self {
        let (mut closing, mut line_feeds) = (Vec::new(), Vec::new());
        let mut pairs = Vec::new();
        let mut open = Vec::new();
        let mut skipped = false;
        for (at, byte) in template.bytes().enumerate() {
            match byte {
                b'}' => closing.push(at),
                b'\n' => line_feeds.push(at),
                _ => {}
            }
            match byte {
                // The character behind an opening brace counts for nothing.
                _ if skipped => skipped = false,
                b'{' => {
                    open.push(at);
                    skipped = true;
                }
                b'}' => pairs.extend(open.pop().map(|opening| (opening, at))),
                _ => {}
            }
        }
        pairs.sort_unstable();
        Self { closing, line_feeds, pairs }
    }

    fn closing(&self, opening: usize) -> Option<usize> {
        let at = self.pairs.binary_search_by_key(&opening, |(opening, _)| *opening).ok()?;
        Some(self.pairs[at].1)
    }

    /// The last closing brace behind `start` and before both `end` and the end of the line.
    fn last_on_line(&self, start: usize, end: usize) -> Option<usize> {
        let line_feed = self.line_feeds.get(self.line_feeds.partition_point(|at| *at < start));
        let end = line_feed.map_or(end, |line_feed| end.min(*line_feed));
        let behind = self.closing.partition_point(|at| *at < end);
        self.closing[..behind].last().copied().filter(|at| *at >= start)
    }
}
