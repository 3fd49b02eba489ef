//! Lays text out for a terminal: lines broken at blanks, columns aligned, and the few styles that are used.

use std::fmt::Write as _;

use crate::console::{Console, USUAL_WIDTH};

/// The widest line that reads well.
const WIDEST: usize = 100;

/// The narrowest last column; where there is less room, it stands on a line of its own.
const NARROWEST: usize = 24;

/// Bold and faint text, where colours are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Paint {
    /// Whether anything is painted.
    pub(crate) color: bool,
}

impl Paint {
    /// The styles of a console.
    pub(crate) const fn of(console: &Console) -> Self {
        Self { color: console.color() }
    }

    /// A heading or a name.
    pub(crate) fn bold(self, text: &str) -> String {
        self.styled("1", text)
    }

    /// What matters less.
    pub(crate) fn faint(self, text: &str) -> String {
        self.styled("2", text)
    }

    /// Text in a style, by its number on terminals.
    pub(crate) fn styled(self, style: &str, text: &str) -> String {
        if self.color && !text.is_empty() { format!("\x1b[{style}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// The width for prose and tables that people read.
pub(crate) fn width(console: &Console) -> usize {
    console.width().map_or(USUAL_WIDTH, |width| width.clamp(USUAL_WIDTH / 2, WIDEST))
}

/// Breaks a text at its blanks into lines of at most so many characters. A word that is longer stays whole, so that a path can be copied.
pub(crate) fn broken(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let last = lines.len() - 1;
        if lines[last].is_empty() {
            lines[last].push_str(word);
        } else if length(&lines[last]) + 1 + length(word) <= width {
            lines[last].push(' ');
            lines[last].push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// A text that begins behind a mark, its further lines below its first letter; each line ends with a line end.
pub(crate) fn hanging(mark: &str, text: &str, width: usize) -> String {
    let indent = length(mark);
    let lines = broken(text, width.saturating_sub(indent).max(NARROWEST));
    let lines = lines.iter().enumerate().map(|(at, line)| match at {
        0 => format!("{}\n", format!("{mark}{line}").trim_end()),
        _ => format!("{:indent$}{line}\n", ""),
    });
    lines.collect()
}

/// Rows of columns: all but the last are aligned, the last is broken at the width. The first is painted as a name.
pub(crate) fn table<const N: usize>(rows: &[[String; N]], indent: usize, width: usize, paint: Paint) -> String {
    let widest = |column: usize| rows.iter().map(|row| length(&row[column])).max().unwrap_or_default();
    let widths: Vec<usize> = (0..N - 1).map(widest).collect();
    let start = indent + widths.iter().filter(|width| **width > 0).map(|width| width + 2).sum::<usize>();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).filter(|(_, width)| **width > 0);
        let cells = cells.enumerate().map(|(at, (cell, width))| {
            let cell_text = if at == 0 { paint.bold(cell) } else { cell.clone() };
            format!("{cell_text}{:1$}", "", width - length(cell) + 2)
        });
        let head = format!("{:indent$}{}", "", cells.collect::<String>());
        let last = &row[N - 1];
        if start + NARROWEST > width && start + length(last) > width {
            text.push_str(head.trim_end());
            text.push('\n');
            text.push_str(&hanging(&" ".repeat(indent + 4), last, width));
            continue;
        }
        let mut lines = broken(last, width.saturating_sub(start).max(1)).into_iter();
        text.push_str(format!("{head}{}", lines.next().unwrap_or_default()).trim_end());
        text.push('\n');
        for line in lines {
            // Writing to a `String` cannot fail.
            let _ = writeln!(text, "{:start$}{line}", "");
        }
    }
    text
}

fn length(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_at_blanks() {
        let check = |text: &str, width, expected: &[&str]| assert_eq!(broken(text, width), expected, "{text}");
        check("", 5, &[""]);
        check("one  two three", 13, &["one two three"]);
        check("one two three", 12, &["one two", "three"]);
        check("a /very/long/path b", 8, &["a", "/very/long/path", "b"]);
        check("ä ö ü", 3, &["ä ö", "ü"]);
    }

    #[test]
    fn aligns_columns_and_breaks_the_last() {
        let rows = |rows: &[[&str; 3]]| rows.iter().map(|row| row.map(ToOwned::to_owned)).collect::<Vec<_>>();
        let check = |given: &[[&str; 3]], width, expected: &str| assert_eq!(table(&rows(given), 2, width, Paint::default()), expected);
        check(&[["A", "x", "one"], ["LONG", "", "two"]], 80, "  A     x  one\n  LONG     two\n");
        check(&[["A", "", "one"], ["LONG", "", ""]], 80, "  A     one\n  LONG\n");
        check(&[["A", "x", "a text that is broken below itself"]], 35, "  A  x  a text that is broken below\n        itself\n");
        let narrow = "  A_LONG_NAME  x\n      the last column stands below\n      itself\n";
        check(&[["A_LONG_NAME", "x", "the last column stands below itself"]], 36, narrow);
    }

    #[test]
    fn paints_only_when_asked() {
        assert_eq!(Paint { color: true }.bold("a"), "\x1b[1ma\x1b[0m");
        assert_eq!(Paint { color: false }.bold("a"), "a");
        let row = [["A".to_owned(), "x".to_owned()], ["BCD".to_owned(), "y".to_owned()]];
        assert_eq!(table(&row, 0, 80, Paint { color: true }), "\x1b[1mA\x1b[0m    x\n\x1b[1mBCD\x1b[0m  y\n");
    }
}
