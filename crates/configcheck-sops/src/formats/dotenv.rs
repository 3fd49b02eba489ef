//! Reads a `.env` file as sops does, which knows neither quotes nor blanks: a line is a key, `=`, and a value with `\n` for a line end.

use crate::document::{Entry, Node, Scalar, TextProblem};

/// Keys may stand twice: of such the later counts, as in any `.env` file, and all are covered by the checksum.
pub(super) fn read(text: &str) -> Result<Vec<Entry>, TextProblem> {
    let mut entries = Vec::new();
    for (index, line) in text.split('\n').enumerate() {
        // A file that was given other line ends on its way is still the same file.
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let number = index + 1;
        let Some((key, value)) = line.split_once('=') else {
            return Err(TextProblem { line: number, message: "a `=` is missing on this line" });
        };
        let node = Node::Scalar(Scalar::text(number, value.replace("\\n", "\n")));
        entries.push(Entry { key: key.to_owned(), line: number, node });
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::{Entry, Node, Scalar, TextProblem, read};

    #[test]
    fn a_value_is_taken_as_it_stands() {
        let entry = |key: &str, line, value: &str| Entry { key: key.to_owned(), line, node: Node::Scalar(Scalar::text(line, value)) };
        let expected = vec![entry("A", 1, "\"x\" # y"), entry("export B", 4, "a\nb"), entry("A", 5, " c=d ")];
        assert_eq!(read("A=\"x\" # y\n# comment\n\nexport B=a\\nb\r\nA= c=d "), Ok(expected));
        assert_eq!(read("A=1\nB").map(|_| ()), Err(TextProblem { line: 2, message: "a `=` is missing on this line" }));
    }
}
