//! Knows texts that stand where a value belongs: `changeme`, `<your key>`, `${TOKEN}`. Whole texts only, never a part of one.

/// Texts that are placeholders, letters only.
const WORDS: [&str; 17] = [
    "changeme",
    "changethis",
    "changeit",
    "replaceme",
    "replacethis",
    "placeholder",
    "example",
    "dummy",
    "todo",
    "tbd",
    "fixme",
    "yoursecret",
    "yourpassword",
    "yourtoken",
    "yourkey",
    "yourapikey",
    "yoursecretkey",
];

/// Words with which a request to the reader begins that ends in "here".
const REQUESTS: [&str; 6] = ["your", "insert", "put", "enter", "paste", "add"];

/// What a `your-…` asks for; of other words behind `your` nothing says that they are a request.
const NOUNS: [&str; 9] = ["key", "secret", "token", "password", "passwd", "domain", "bucket", "name", "api"];

/// The longest text that is compared with words: placeholders are short.
const LONGEST: usize = 64;

/// Where a text stands, which decides what it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Within {
    /// A secret: `password` is a placeholder there, so are masks, and a request may have blanks in it.
    Secret,
    /// A field that is no secret.
    Plain,
    /// An item of a list that is no secret: a single word is an item like any other.
    PlainList,
}

/// Whether a text is plainly a placeholder.
pub(crate) fn is_placeholder(text: &str, within: Within) -> bool {
    match text.as_bytes().first() {
        Some(b'<') => between(text, "<", ">").is_some_and(is_label),
        Some(b'$') => between(text, "${", "}").or_else(|| between(text, "$(", ")")).is_some_and(is_name),
        Some(b'{') => between(text, "{{", "}}").is_some_and(|inside| is_name(inside.trim_matches(' '))),
        Some(_) if text.len() > LONGEST => false,
        Some(b'x' | b'X' | b'*') if is_one_letter(text) => is_mask(text, within),
        Some(byte) if byte.is_ascii_alphabetic() => is_words(text, within) || is_request(text, within == Within::Secret),
        None | Some(_) => false,
    }
}

/// What stands between two marks that enclose the whole text.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    text.strip_prefix(open)?.strip_suffix(close)
}

/// `your key`: letters, blanks, `-` and `_`. Markup, mail addresses and random texts have more in them.
fn is_label(text: &str) -> bool {
    text.contains(char::is_alphabetic) && text.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '_'))
}

/// A name as templates write them: `TOKEN`, `.Values.token`.
fn is_name(text: &str) -> bool {
    text.strip_prefix('.').unwrap_or(text).starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}

/// `xxx` and longer, in groups or not.
fn is_one_letter(text: &str) -> bool {
    let mut letters = text.bytes().filter(|byte| *byte != b'-');
    let first = letters.next();
    letters.clone().count() >= 2 && letters.all(|byte| Some(byte) == first)
}

/// Whether a run of one letter is a mask. Outside of secrets `***` is a pattern, and groups are the form of a number.
fn is_mask(text: &str, within: Within) -> bool {
    match within {
        Within::Secret => true,
        Within::Plain => !text.contains(['*', '-']),
        Within::PlainList => false,
    }
}

fn is_words(text: &str, within: Within) -> bool {
    let first = text.as_bytes()[0].to_ascii_lowercase();
    // The first letter rules almost every word out.
    let mut words = WORDS.iter().filter(|word| word.as_bytes()[0] == first);
    within != Within::PlainList
        && (words.any(|word| has_letters(text, word)) || (within == Within::Secret && has_letters(text, "password")))
}

/// `insert-token-here`, `your-api-key`.
fn is_request(text: &str, in_secret: bool) -> bool {
    let is_separator = |byte: u8| matches!(byte, b'-' | b'_') || (in_secret && byte == b' ');
    if !in_secret && text.contains(' ') {
        return false;
    }
    let mut words = text.split(|c: char| u8::try_from(c).is_ok_and(is_separator));
    let is_one_of = |word: &str, known: &[&str]| known.iter().any(|known| known.eq_ignore_ascii_case(word));
    let first = words.next().unwrap_or_default();
    let Some(last) = words.next_back() else { return false };
    (last.eq_ignore_ascii_case("here") && is_one_of(first, &REQUESTS)) || (first.eq_ignore_ascii_case("your") && is_one_of(last, &NOUNS))
}

/// Whether the text is this word: letters of either case, with `-`, `_`, `.`, blanks and `!` between or behind, and digits behind.
fn has_letters(text: &str, word: &str) -> bool {
    let text = text.trim_end_matches(|c: char| c.is_ascii_digit() || c == '!');
    let mut letters = text.bytes().filter(|byte| !matches!(byte, b'-' | b'_' | b'.' | b' ')).map(|byte| byte.to_ascii_lowercase());
    word.bytes().all(|byte| letters.next() == Some(byte)) && letters.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, plain: bool, secret: bool) {
        assert_eq!((is_placeholder(text, Within::Plain), is_placeholder(text, Within::Secret)), (plain, secret), "{text}");
    }

    #[test]
    fn knows_placeholders() {
        for text in [
            "changeme",
            "change-me",
            "CHANGE_ME",
            "CHANGE THIS",
            "changeme123!",
            "changeit",
            "your-secret-here",
            "yoursecret",
            "your_api_key",
            "xxx",
            "XXXXXXXX",
            "<secret>",
            "<your key>",
            "${TOKEN}",
            "$(TOKEN)",
            "{{ token }}",
            "todo",
            "TBD",
            "FixMe",
            "replace-me",
            "placeholder",
            "example",
            "dummy",
            "insert-token-here",
            "your-company-domain",
            "your_bucket_name",
            "{{ .Values.token }}",
        ] {
            check(text, true, true);
        }
        for text in ["password", "Password", "your secret here", "insert token here", "xxx-xxx-xxxx", "***", "********"] {
            check(text, false, true);
        }
    }

    #[test]
    fn leaves_real_values_alone() {
        for text in [
            "",
            "x",
            "xx",
            "example.com",
            "examples",
            "todos",
            "dummy-load-balancer",
            "hunter2",
            "changemed",
            "yourself",
            "adherere-here",
            "passwordless",
            "Your shop",
            "https://example.com",
            "$2b$12$abc",
            "{\"a\":1}",
            "exchange-me-x",
            "<",
            "atmosphere",
            "$",
            "xylophone",
            "größe",
            "your-story-media",
            "yoursphere",
            "yoursphere-here-we-go",
            "insert-anywhere",
            "address-here",
            "<noreply@shop.net>",
            "<p>Maintenance</p>",
            "<k9#mQ2!vZ>",
            "<>",
            "< >",
            "{{level}} {{msg}}",
            "{{}}",
            "{{",
            "${level} ${msg}",
            "${}",
            "${",
            "${A:-b}",
            "your-mountain-glacier-orchid-7731",
            "postgres://u:a{{b@db/x",
            "https://x.io/${id}",
        ] {
            check(text, false, false);
        }
        assert!(!is_placeholder(&"x".repeat(65), Within::Secret), "a long run is no placeholder, whatever else it is");
    }

    #[test]
    fn a_word_in_a_list_is_an_item() {
        for (text, expected) in [("todo", false), ("xxx", false), ("example", false), ("<host>", true), ("your-domain", true)] {
            assert_eq!(is_placeholder(text, Within::PlainList), expected, "{text}");
        }
    }
}
