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
const REQUESTS: [&str; 7] = ["your", "insert", "put", "enter", "paste", "add", "place"];

/// The longest text that is compared with words: placeholders are short.
const LONGEST: usize = 64;

/// Whether a text is plainly a placeholder. In a secret, `password` is one too, and so is a request with blanks in it.
pub(crate) fn is_placeholder(text: &str, in_secret: bool) -> bool {
    match text.as_bytes().first() {
        Some(b'<') => text.ends_with('>'),
        Some(b'$') => (text.starts_with("${") && text.ends_with('}')) || (text.starts_with("$(") && text.ends_with(')')),
        Some(b'{') => text.starts_with("{{") && text.ends_with("}}"),
        Some(_) if text.len() > LONGEST => false,
        Some(b'x' | b'X' | b'*') if is_one_letter(text) => true,
        Some(byte) if byte.is_ascii_alphabetic() => is_words(text, in_secret),
        None | Some(_) => false,
    }
}

/// Whether a URL still has a template's marks in it.
pub(crate) fn has_template_marks(text: &str) -> bool {
    text.contains("${") || text.contains("{{")
}

/// `xxx` and longer, in groups or not.
fn is_one_letter(text: &str) -> bool {
    let mut letters = text.bytes().filter(|byte| *byte != b'-');
    let first = letters.next();
    letters.clone().count() >= 2 && letters.all(|byte| Some(byte) == first)
}

fn is_words(text: &str, in_secret: bool) -> bool {
    let first = text.as_bytes()[0].to_ascii_lowercase();
    // The first letter rules almost every word out.
    let mut words = WORDS.iter().filter(|word| word.as_bytes()[0] == first);
    if words.any(|word| has_letters(text, word)) || (in_secret && has_letters(text, "password")) {
        return true;
    }
    let has_blanks = || text.contains(' ');
    let begins = |word: &str| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let ends_here = || text.len() > 4 && text.get(text.len() - 4..).is_some_and(|end| end.eq_ignore_ascii_case("here"));
    (ends_here() && (in_secret || !has_blanks()) && REQUESTS.iter().any(|word| begins(word)))
        || ((begins("your-") || begins("your_")) && !has_blanks())
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
        assert_eq!((is_placeholder(text, false), is_placeholder(text, true)), (plain, secret), "{text}");
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
            "xxxx-xxxx",
            "********",
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
        ] {
            check(text, true, true);
        }
        for text in ["password", "Password", "your secret here", "insert token here"] {
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
        ] {
            check(text, false, false);
        }
        assert!(!is_placeholder(&"x".repeat(65), true), "a long run is no placeholder, whatever else it is");
    }

    #[test]
    fn sees_marks_of_templates() {
        assert!(has_template_marks("postgres://app:${PASSWORD}@db/shop"));
        assert!(!has_template_marks("postgres://app@db/shop"));
    }
}
