//! What other readers of `.env` files make of a file, and how they differ; never what they read.

use std::collections::HashMap;

use configcheck_core::origin::{Origin, Span};
use configcheck_core::schema::NamedKey;
use configcheck_core::snapshot::{Divergence, DivergentReading};
use configcheck_core::{Schema, Snapshot};
use configcheck_dotenv::{Dialect, Reading, read_as};

use super::Opened;
use super::line::{Line, Part, parts};

/// The largest file that is read in every dialect, in bytes.
const LARGEST: usize = 4 << 20;

/// Those of the dialects that are tools which set variables from a file, not libraries that a service reads its own `.env` with.
const TOOLS: [&str; 4] = ["docker-run", "kubectl", "systemd", "posix-sh"];

/// What a shell does where it finds no plain value.
const IN_SHELL: &str = "finds more than a plain value here, such as a command or a ~, until it is quoted";

/// Notes the lines of a file that others read differently than the dialect in which it is checked.
pub(super) fn note(schema: &Schema, snapshot: &mut Snapshot, opened: &Opened, dialect: Dialect) {
    let input = opened.bytes.as_slice();
    if input.len() > LARGEST || input.split(|byte| *byte == b'\n').all(is_read_alike) {
        return;
    }
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut last: HashMap<String, usize> = HashMap::new();
    for part in parts(input, dialect, &|_| None) {
        if let Part::Line(line) = part {
            // Of a key that stands twice the later counts.
            if let Some(at) = last.get(&*line.key) {
                lines[*at] = line;
            } else {
                last.insert(line.key.clone().into_owned(), lines.len());
                lines.push(line);
            }
        }
    }
    let mut readings: Vec<Vec<DivergentReading>> = vec![Vec::new(); lines.len()];
    for other in Dialect::ALL.iter().copied().filter(|other| *other != dialect && *other != Dialect::Configcheck) {
        let reading = read_as(input, other, &|_| None);
        compare(input, &lines, other, &reading, |at, how| {
            readings[at].push(DivergentReading { reader: other.name(), is_library: !TOOLS.contains(&other.name()), how });
        });
    }
    // The names of undeclared keys, where they may be shown.
    let unknown = &snapshot.unknown;
    let shown: HashMap<Span, &String> = unknown.iter().filter_map(|unknown| Some((unknown.origin.span?, unknown.name.as_ref()?))).collect();
    for (line, readings) in lines.iter().zip(readings).filter(|(_, readings)| !readings.is_empty()) {
        let key = schema.key_named(line.key.as_bytes());
        let name = key
            .map(|NamedKey { key, .. }| schema.keys()[key].variable.clone().into_owned())
            .or_else(|| shown.get(&line.key_span).map(|name| (*name).clone()));
        // Behind an undeclared key the column would tell how long it is, and a password may stand there.
        let span = if key.is_some() { line.value_span } else { line.key_span };
        let origin = Origin { source: opened.source, span: Some(span) };
        snapshot.divergences.push(Divergence { key: key.map(|named| named.key), name, origin, readings });
    }
}

/// Says for each line that another reader reads differently how it differs.
fn compare(input: &[u8], lines: &[Line<'_>], reader: Dialect, reading: &Reading<'_>, mut differs: impl FnMut(usize, &'static str)) {
    let mut theirs: HashMap<&str, Option<&str>> = HashMap::with_capacity(reading.variables.len());
    for variable in &reading.variables {
        theirs.insert(&variable.key, variable.value.as_deref());
    }
    // A shell runs a file: what is no plain value there is a command, a redirection, or something that only it knows.
    let refusal = if reader == Dialect::PosixSh { IN_SHELL } else { "refuses the file at this line" };
    let mut refused: Vec<u32> = reading.refusals.iter().map(|refusal| refusal.position.line).collect();
    refused.sort_unstable();
    let stops = reading.refusals.iter().any(|refusal| !refusal.goes_on);
    for (at, line) in lines.iter().enumerate() {
        let last_line = line.value_span.line;
        let first_at_or_behind = refused.partition_point(|refused| *refused < line.key_span.line);
        if refused.get(first_at_or_behind).is_some_and(|refused| *refused <= last_line) {
            differs(at, refusal);
            continue;
        }
        // A reader that refuses the file somewhere reads nothing of it; it is said once, at that line.
        if stops {
            continue;
        }
        match theirs.get(&*line.key) {
            None => differs(at, "does not see this key"),
            Some(None) => differs(at, "sees no value"),
            Some(Some(value)) if *value == line.value => {}
            Some(Some(value)) => {
                let raw = input.get(line.value_span.start as usize..line.value_span.end as usize).unwrap_or_default();
                differs(at, how(&line.value, &String::from_utf8_lossy(raw), value));
            }
        }
    }
}

/// How a reading differs, from the three texts: ours, as it is written, theirs.
fn how(ours: &str, raw: &str, theirs: &str) -> &'static str {
    let is_quoted = raw.starts_with(['"', '\'', '`']);
    if theirs.is_empty() {
        return "reads it as empty";
    }
    if is_quoted && theirs.starts_with(raw) {
        return if theirs.len() == raw.len() { "keeps the quotes" } else { "keeps the quotes and what stands behind them" };
    }
    if is_quoted && theirs.starts_with(&raw[..1]) && ours.contains(['\n', '\r']) && !theirs.contains('\n') {
        return "reads only the first of the lines, with the quote";
    }
    if let Some(rest) = theirs.strip_prefix(ours) {
        return match rest.trim_start().chars().next() {
            None => "keeps the blanks at the end",
            Some('#') => "keeps the comment as part of the value",
            Some(_) => "reads more than this",
        };
    }
    if let Some(rest) = ours.strip_prefix(theirs) {
        return match rest.trim_start().chars().next() {
            Some('#') => "cuts the value at the #",
            Some('$') => "drops what the $ stands for",
            _ if rest.starts_with([' ', '\t']) => "cuts the value at the blank",
            _ if raw.contains('\\') => "reads the backslash differently",
            _ => "cuts the value short",
        };
    }
    if raw.contains('$') {
        return "puts something else in place of the $";
    }
    if raw.contains('\\') {
        return "reads the backslash differently";
    }
    if raw.contains(['"', '\'', '`']) {
        return "takes quotes away or keeps them";
    }
    if ours.contains('\r') || theirs.contains('\r') {
        return "reads the line end differently";
    }
    "reads something else"
}

/// Whether every reader makes the same of a line: nothing, a comment, or a plain name and a value without anything special.
fn is_read_alike(line: &[u8]) -> bool {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let Some(first) = line.first() else { return true };
    if *first == b'#' {
        return !line.contains(&b'\r');
    }
    let Some(equals) = line.iter().position(|byte| *byte == b'=') else { return false };
    let (key, value) = (&line[..equals], &line[equals + 1..]);
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-./:@%+,=?".contains(byte);
    !key.is_empty() && !first.is_ascii_digit() && key.iter().all(is_name) && value.iter().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_lines_are_read_alike() {
        let check = |line: &str, expected: bool| assert_eq!(is_read_alike(line.as_bytes()), expected, "{line}");
        for line in ["", "A=1", "# x", "A_b9=https://h:1/p?x=1", "A=a=b", "A=1\r"] {
            check(line, true);
        }
        for line in ["A=x y", "A='x'", " A=1", "export A=1", "A=$B", "A=a#b", "A-B=1", "9=1", "A", "A= 1", "A=~"] {
            check(line, false);
        }
    }

    #[test]
    fn a_shell_runs_what_others_refuse() {
        let check = |text: &str, reader: Dialect, expected: &str| {
            let lines: Vec<Line<'_>> = parts(text.as_bytes(), Dialect::Configcheck, &|_| None)
                .filter_map(|part| if let Part::Line(line) = part { Some(line) } else { None })
                .collect();
            let mut found = Vec::new();
            compare(text.as_bytes(), &lines, reader, &read_as(text.as_bytes(), reader, &|_| None), |_, how| found.push(how));
            assert_eq!(found, [expected], "{text}");
        };
        check("CONFIG=~/.config\n", Dialect::PosixSh, IN_SHELL);
        check("NAME=Default Organization\n", Dialect::PosixSh, IN_SHELL);
        check("NAME=Default Organization\n", Dialect::Dotenvy, "refuses the file at this line");
    }

    #[test]
    fn says_how_and_not_what() {
        let check = |ours: &str, raw: &str, theirs: &str, expected: &str| assert_eq!(how(ours, raw, theirs), expected);
        check("x y", "'x y'", "'x y'", "keeps the quotes");
        check("x#y", "x#y", "x", "cuts the value at the #");
        check("x", "x", "x # c", "keeps the comment as part of the value");
        check("x", "x", "x  ", "keeps the blanks at the end");
        check("p$w", "p$w", "p", "drops what the $ stands for");
        check("p$w", "p$w", "pz", "puts something else in place of the $");
        check("a\\b", "a\\b", "ab", "reads the backslash differently");
        check("a", "a", "", "reads it as empty");
    }
}
