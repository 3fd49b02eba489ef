//! Assignments that are commented out, told from prose: `# PORT=8080` is a key, `# FOO=bar is the default` is none.

use configcheck_dotenv::{ItemKind, Quote, parse};

/// Words that a sentence has and a value hardly ever.
const SENTENCE: [&str; 30] = [
    "a", "an", "and", "are", "as", "be", "by", "can", "default", "for", "from", "if", "in", "is", "it", "means", "must", "not", "of", "or",
    "set", "should", "that", "the", "this", "to", "when", "will", "with", "you",
];

/// The most words that a value without quotes has in a comment.
const MOST_WORDS: usize = 4;

/// An assignment in a comment.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Commented {
    pub(super) key: String,
    pub(super) value: String,
    pub(super) quote: Quote,
    /// The comment behind the value, with its `#`.
    pub(super) comment: Option<String>,
}

/// The assignment that a comment holds, the marks at its start taken off.
pub(super) fn read(text: &str, lower_case: bool) -> Option<Commented> {
    let bare = text.strip_prefix("export ").unwrap_or(text);
    let (key, rest) = bare.split_once('=')?;
    let is_name = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'));
    if !is_name || !key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') || !(is_in_capitals(key) || lower_case) {
        return None;
    }
    let document = parse(text.as_bytes());
    let [item] = document.items() else { return None };
    let quoted = rest.starts_with(['"', '\'']);
    match &item.kind {
        ItemKind::Assignment(found) if quoted || !is_sentence(&found.value) => Some(Commented {
            key: found.key.to_owned(),
            value: found.value.clone().into_owned(),
            quote: found.quote,
            comment: found.comment.map(|span| String::from_utf8_lossy(document.source(span)).into_owned()),
        }),
        // A value over several lines begins here, or its quotes went wrong: the key is there all the same.
        ItemKind::Problem(_) if quoted => Some(Commented { key: key.to_owned(), value: String::new(), quote: Quote::None, comment: None }),
        _ => None,
    }
}

/// Whether a key is in capitals, which a word of prose or a piece of a value hardly ever is.
pub(super) fn is_in_capitals(key: &str) -> bool {
    key.len() > 1 && !key.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// Whether a value without quotes reads as a sentence.
fn is_sentence(value: &str) -> bool {
    let words: Vec<&str> = value.split_whitespace().collect();
    let is_of_sentence = |word: &&str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase();
        SENTENCE.contains(&word.as_str())
    };
    words.len() > 1 && (words.len() > MOST_WORDS || words.iter().skip(1).any(is_of_sentence) || value.ends_with(['.', ':', ',']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_assignments_from_prose() {
        let check = |text: &str, expected: Option<(&str, &str)>| {
            let found = read(text, false);
            assert_eq!(found.as_ref().map(|found| (found.key.as_str(), found.value.as_str())), expected, "{text}");
        };
        check("PORT=8080", Some(("PORT", "8080")));
        check("PORT=", Some(("PORT", "")));
        check("export PORT=1 # why", Some(("PORT", "1")));
        check("APP_NAME=My App", Some(("APP_NAME", "My App")));
        check("GREETING=\"it is the default.\"", Some(("GREETING", "it is the default.")));
        check("KEY=\"-----BEGIN", Some(("KEY", "")));
        check("URL=postgres://u:p@host/db?a=b", Some(("URL", "postgres://u:p@host/db?a=b")));
        check("FOO=bar is the default", None);
        check("FOO=bar or FOO=baz", None);
        check("FOO=1 turns every cache off here", None);
        check("FOO=bar baz.", None);
        check("see https://x?a=b", None);
        check("https://x?A=b", None);
        check("FOO = bar", None);
        check("A=b", None);
        check("note=this", None);
        check("c2VjcmV0=", None);
        check("- FOO=bar", None);
        check("use FOO=bar", None);
        assert!(read("note=this", true).is_some());
    }
}
