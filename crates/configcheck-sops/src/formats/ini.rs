//! Reads an INI file as sops does: tables of one level, quotes only where they are needed. Keys before the first section are in `DEFAULT`.

use crate::document::{Entry, NODE_LIMIT, Node, Scalar, TOO_MANY, TextProblem, refuse_duplicates};

const NOT_CLOSED: &str = "a quote is opened here and never closed";

/// The section of keys that stand in none.
const DEFAULT: &str = "DEFAULT";

pub(super) fn read(text: &str) -> Result<Vec<Entry>, TextProblem> {
    let mut lines = Lines { rest: text, number: 0 };
    let mut sections: Vec<(String, usize, Vec<Entry>)> = vec![(DEFAULT.to_owned(), 1, Vec::new())];
    let mut count = 0;
    while let Some((number, line)) = lines.next() {
        let line = line.trim_start();
        count += 1;
        if count > NODE_LIMIT {
            return Err(TextProblem { line: number, message: TOO_MANY });
        }
        match line.bytes().next() {
            None | Some(b'#' | b';') => {}
            Some(b'[') => {
                let Some(close) = line.rfind(']') else {
                    return Err(TextProblem { line: number, message: "the closing bracket of the section is missing" });
                };
                sections.push((line[1..close].to_owned(), number, Vec::new()));
            }
            Some(_) => {
                let (key, value) = key(line).map_err(|message| TextProblem { line: number, message })?;
                let value = lines.value(value, number)?;
                if let Some((_, _, entries)) = sections.last_mut() {
                    entries.push(Entry { key: key.to_owned(), line: number, node: Node::Scalar(Scalar::text(number, value)) });
                }
            }
        }
    }
    let mut tables = Vec::with_capacity(sections.len());
    for (key, line, entries) in sections {
        refuse_duplicates(&entries)?;
        if key != DEFAULT || line != 1 || !entries.is_empty() {
            tables.push(Entry { key, line, node: Node::Table(entries) });
        }
    }
    refuse_duplicates(&tables)?;
    Ok(tables)
}

/// The key of a line, and what stands behind its `=` or `:`.
fn key(line: &str) -> Result<(&str, &str), &'static str> {
    let quote = ["\"\"\"", "\"", "`"].into_iter().find(|quote| line.starts_with(quote));
    if let Some(quote) = quote {
        let (key, rest) = line[quote.len()..].split_once(quote).ok_or("the quote of the key is not closed")?;
        let at = rest.find(['=', ':']).ok_or("a `=` is missing on this line")?;
        return Ok((key, &rest[at + 1..]));
    }
    match line.find(['=', ':']) {
        Some(0) => Err("a key is missing on this line"),
        Some(at) => Ok((line[..at].trim(), &line[at + 1..])),
        None => Err("a `=` is missing on this line"),
    }
}

/// The lines that are left, each with its end.
struct Lines<'a> {
    rest: &'a str,
    number: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Option<(usize, &'a str)> {
        if self.rest.is_empty() {
            return None;
        }
        let (line, rest) = self.rest.split_at(self.rest.find('\n').map_or(self.rest.len(), |end| end + 1));
        self.rest = rest;
        self.number += 1;
        Some((self.number, line))
    }

    /// A value from what stands behind its `=`, and from the lines after it where it goes over several.
    fn value(&mut self, text: &str, number: usize) -> Result<String, TextProblem> {
        let text = text.trim_start();
        if let Some(quote) = ["\"\"\"", "`"].into_iter().find(|quote| text.starts_with(quote)) {
            let mut value = text[quote.len()..].to_owned();
            let mut from = 0;
            loop {
                if let Some(end) = value[from..].rfind(quote) {
                    value.truncate(from + end);
                    return Ok(value);
                }
                from = value.len();
                let (_, line) = self.next().ok_or(TextProblem { line: number, message: NOT_CLOSED })?;
                value.push_str(line);
            }
        }
        let text = text.trim_end();
        if text.ends_with('\\') {
            return Err(TextProblem { line: number, message: "a value that goes on after a backslash is not read" });
        }
        let text = text.find(['#', ';']).map_or(text, |comment| text[..comment].trim_end());
        // Quotes that stand in the text too are part of it.
        let inside = |quote| text.strip_prefix(quote)?.strip_suffix(quote).filter(|inside: &&str| !inside.contains(quote));
        Ok(inside('"').or_else(|| inside('\'')).unwrap_or(text).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, NOT_CLOSED, read};

    fn rows(text: &str) -> Vec<(String, String, String)> {
        let row = |section: &str, entry: &Entry| (section.to_owned(), entry.key.clone(), entry.node.as_text().unwrap_or("?").to_owned());
        let tables = read(text).unwrap_or_default();
        tables.iter().flat_map(|table| table.node.as_table().iter().map(|entry| row(&table.key, entry))).collect()
    }

    #[test]
    fn values_are_read_with_their_quotes() {
        let text = "; c\ng = 1\n\n[a b]\n# c\nx   = \"  sp \"\ny=`a # b`\nz = a ; c\nw = \"\"\"1\n2\"\"\"\r\n`k:1` : v\ne =\nq = 'x'\nr = 'it''s'\nt = \"\n[s]\r\nx = %(a)s\r\n";
        let expected = [
            ("DEFAULT", "g", "1"),
            ("a b", "x", "  sp "),
            ("a b", "y", "a # b"),
            ("a b", "z", "a"),
            ("a b", "w", "1\n2"),
            ("a b", "k:1", "v"),
            ("a b", "e", ""),
            ("a b", "q", "x"),
            ("a b", "r", "'it''s'"),
            ("a b", "t", "\""),
            ("s", "x", "%(a)s"),
        ];
        assert_eq!(rows(text), expected.map(|(section, key, value)| (section.to_owned(), key.to_owned(), value.to_owned())));
    }

    #[test]
    fn what_is_wrong_is_told_by_its_line() {
        let check = |text: &str, line, message: &str| {
            let problem = read(text).map(|_| ()).expect_err("it is refused");
            assert_eq!((problem.line, problem.message.contains(message)), (line, true), "{problem:?}");
        };
        check("a = 1\nb\n", 2, "`=`");
        check("= 1\n", 1, "a key");
        check("[a\n", 1, "closing bracket");
        check("\na = `1\n2\n", 2, NOT_CLOSED);
        check("a = 1\\\n2\n", 1, "backslash");
        check("[a]\nx = 1\nx = 2\n", 3, "second time");
        check("[a]\n[b]\n[a]\n", 3, "second time");
    }
}
