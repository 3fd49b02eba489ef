//! Text of a schema as Markdown: whatever it holds, it stays text and breaks neither a table nor a page.

use configcheck_core::display::escaped;

/// Text within a line or a cell of a table. Line ends become blanks, and spans of code stay what they are.
pub(super) fn line(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    if has_spans(&text) {
        for (at, piece) in text.split('`').enumerate() {
            if at % 2 == 1 { safe.push_str(&code(piece)) } else { push_plain(&mut safe, piece) }
        }
    } else {
        push_plain(&mut safe, &text);
    }
    // What would begin a heading or a list.
    let number = safe.bytes().take_while(u8::is_ascii_digit).count();
    if safe.starts_with(['#', '-', '+', '=', ':']) {
        safe.insert(0, '\\');
    } else if number > 0 && safe[number..].starts_with(['.', ')']) {
        safe.insert(number, '\\');
    }
    safe
}

/// Whether each backtick opens or closes a span. Two side by side are another mark, and a `|` is written otherwise in a table than outside.
fn has_spans(text: &str) -> bool {
    let pieces: Vec<&str> = text.split('`').collect();
    let inner = pieces.get(1..pieces.len() - 1).unwrap_or_default().iter().enumerate();
    pieces.len() % 2 == 1
        && inner.clone().all(|(_, piece)| !piece.is_empty())
        && inner.step_by(2).all(|(_, piece)| !piece.trim().is_empty() && !piece.contains('|'))
}

fn push_plain(safe: &mut String, text: &str) {
    for c in escaped(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => safe.extend(['\\', c]),
            c => safe.push(c),
        }
    }
}

/// Text as paragraphs: a blank line begins a new one.
pub(super) fn paragraphs(text: &str) -> String {
    let mut paragraphs: Vec<String> = Vec::new();
    let mut begins = true;
    for part in text.lines().map(line) {
        match paragraphs.last_mut() {
            _ if part.is_empty() => begins = true,
            Some(last) if !begins => {
                last.push('\n');
                last.push_str(&part);
            }
            _ => {
                paragraphs.push(part);
                begins = false;
            }
        }
    }
    paragraphs.join("\n\n")
}

/// The first paragraph of a text, within a line.
pub(super) fn summary(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
    line(&lines.join(" "))
}

/// A span of code, fit for a cell of a table.
pub(super) fn code(text: &str) -> String {
    let text = escaped(text).replace('|', "\\|");
    let fence = "`".repeat(longest_run(&text) + 1);
    let blank = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{blank}{text}{blank}{fence}")
}

/// A block of code.
pub(super) fn block(text: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    format!("{fence}text\n{}\n{fence}", text.trim_end())
}

/// The longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_schema_stays_text() {
        for (text, expected) in [
            ("a | b\n<script>alert(1)</script>", r"a \| b &lt;script&gt;alert(1)&lt;/script&gt;"),
            ("`x *y* _z_ [l](javascript:x) ~~s~~ $m$", r"\`x \*y\* \_z\_ \[l\](javascript:x) \~\~s\~\~ \$m\$"),
            ("`memory://` needs *no* `<b>\u{1b}`", r"`memory://` needs \*no\* `<b>\u{1b}`"),
            ("`a|b`", r"\`a\|b\`"),
            ("``x`` and `<b>", r"\`\`x\`\` and \`&lt;b&gt;"),
            ("` ` <b>", r"\` \` &lt;b&gt;"),
            ("`a``b`", r"\`a\`\`b\`"),
            ("# heading", r"\# heading"),
            ("12. list", r"12\. list"),
            ("- item", r"\- item"),
            ("&lt;b\u{1b}[31m", r"&amp;lt;b\\u{1b}\[31m"),
        ] {
            assert_eq!(line(text), expected);
        }
        assert_eq!(paragraphs("one\ntwo\n\n# three"), "one\ntwo\n\n\\# three");
        assert_eq!(summary("one\ntwo\n\nthree"), "one two");
    }

    #[test]
    fn code_ends_where_it_should() {
        for (text, expected) in [("a|b", r"`a\|b`"), ("a``b", "```a``b```"), ("`a", "`` `a ``"), ("a\nb", r"`a\nb`")] {
            assert_eq!(code(text), expected);
        }
        assert_eq!(block("a\n```\nb\n"), "````text\na\n```\nb\n````");
    }
}
