//! Settings called password or token in a query, a connection string, JSON or a header: their values are masked.

/// Words that mean a secret wherever a name ends with them, as in `trustStorePassword`.
const ENDINGS: [&str; 11] =
    ["password", "passwd", "pwd", "passphrase", "secret", "token", "apikey", "accesskey", "accountkey", "secretkey", "privatekey"];

/// Words that mean a secret only on their own.
const WORDS: [&str; 3] = ["pass", "pw", "sig"];

/// Schemes of a header: the value follows after a blank.
const HEADERS: [&str; 2] = ["bearer", "basic"];

/// A text whose settings are masked.
pub(super) struct Masked {
    pub(super) text: String,
    /// Where the last masked value ends that had an `@` in it: the `@` of a URL may have been in it.
    pub(super) swallowed: Option<usize>,
}

/// What stands before the name of a setting.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Query,
    Other,
}

/// Masks every value of a secret setting; `None` when there is none. One pass over the text.
pub(super) fn mask(text: &str) -> Option<Masked> {
    let mut masked = Masked { text: String::new(), swallowed: None };
    let (mut copied, mut at, mut before, mut in_query) = (0, 0, Before::Other, false);
    while let Some(c) = text[at..].chars().next() {
        if !c.is_alphanumeric() {
            in_query |= c == '?';
            before = before_after(c, before, in_query);
            at += c.len_utf8();
            continue;
        }
        let word_end = end_of_word(text, at);
        let Some(value) = start_of_value(text, at, word_end) else {
            at = word_end;
            continue;
        };
        let end = end_of_value(text, value, before);
        masked.text.push_str(&text[copied..value]);
        masked.text.push_str(stars(&text[value..end]));
        if text[value..end].contains('@') {
            masked.swallowed = Some(masked.text.len());
        }
        (copied, at) = (end, end);
    }
    if copied == 0 {
        return None;
    }
    masked.text.push_str(&text[copied..]);
    Some(masked)
}

/// What is shown for a value; quotes stay, so that JSON stays JSON.
fn stars(value: &str) -> &'static str {
    let within = |quote| value.len() > 1 && value.starts_with(quote) && value.ends_with(quote);
    if within('"') {
        "\"***\""
    } else if within('\'') {
        "'***'"
    } else {
        "***"
    }
}

fn before_after(c: char, before: Before, in_query: bool) -> Before {
    match c {
        '?' => Before::Query,
        '&' if in_query => Before::Query,
        '=' | ';' | '&' | '#' => Before::Other,
        c if c.is_whitespace() => Before::Other,
        _ => before,
    }
}

fn end_of_word(text: &str, start: usize) -> usize {
    text[start..].find(|c: char| !c.is_alphanumeric()).map_or(text.len(), |end| start + end)
}

/// Where the value of the setting starts, when the word is the name of one, or its end.
fn start_of_value(text: &str, start: usize, end: usize) -> Option<usize> {
    let (word, rest) = (&text[start..end], &text[end..]);
    if HEADERS.iter().any(|header| word.eq_ignore_ascii_case(header)) {
        let value = rest.trim_start();
        return (value.len() < rest.len() && !value.is_empty()).then(|| text.len() - value.len());
    }
    if !is_secret(&text[..start], word) {
        return None;
    }
    let sign = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\' | ']'));
    let value = if let Some(value) = sign.strip_prefix('=') {
        value.strip_prefix('>').unwrap_or(value)
    } else {
        let value = sign.strip_prefix(':')?;
        // `secret://name` is a scheme, and in `//token:x` the authority is masked.
        if value.starts_with("//") || text[..start].ends_with("//") {
            return None;
        }
        value.strip_prefix('=').unwrap_or(value)
    };
    Some(text.len() - value.trim_start().len())
}

fn is_secret(before: &str, word: &str) -> bool {
    let ends_with = |ending: &&str| {
        word.len().checked_sub(ending.len()).and_then(|at| word.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(ending))
    };
    ENDINGS.iter().any(ends_with)
        || WORDS.iter().any(|whole| word.eq_ignore_ascii_case(whole))
        || (word.eq_ignore_ascii_case("key") && before.ends_with(['_', '-']))
}

/// Where the value ends: rather too late than within a password.
fn end_of_value(text: &str, start: usize, before: Before) -> usize {
    let mut from = start;
    if let Some(quote) = text[start..].chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let Some(end) = end_of_quoted(text, start, quote) else { return text.len() };
        if text[end..].chars().next().is_none_or(|c| c.is_whitespace() || matches!(c, ',' | ';' | '&' | '}' | ']')) {
            return end;
        }
        from = end;
    }
    match before {
        Before::Query => text[from..].find(['&', '#']).map_or(text.len(), |end| from + end),
        Before::Other => end_at_semicolon(text, from),
    }
}

/// Behind the closing quote; a doubled quote and one behind a backslash do not close.
fn end_of_quoted(text: &str, start: usize, quote: char) -> Option<usize> {
    let mut chars = text[start + 1..].char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' {
            chars.next();
        } else if c == quote && chars.next_if(|(_, next)| *next == quote).is_none() {
            return Some(start + 1 + at + 1);
        }
    }
    None
}

/// The next `;` outside quotes.
fn end_at_semicolon(text: &str, mut from: usize) -> usize {
    while let Some(at) = text[from..].find([';', '"', '\'']).map(|at| from + at) {
        match text[at..].chars().next() {
            Some(quote @ ('"' | '\'')) => match end_of_quoted(text, at, quote) {
                Some(end) => from = end,
                None => return text.len(),
            },
            _ => return at,
        }
    }
    text.len()
}
