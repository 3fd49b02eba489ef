//! What a comment says in prose: whether a value is demanded, which words are allowed, how a secret is made.

/// Whether prose demands a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Demand {
    Required,
    Optional,
}

/// Sayings that a value may be left out. They are looked for first, since they hold words of the others.
const OPTIONAL: [&str; 14] = [
    "optional",
    "not required",
    "isn't required",
    "not mandatory",
    "not needed",
    "leave empty",
    "leave blank",
    "leave it empty",
    "leave it blank",
    "leave unset",
    "can be empty",
    "can be left empty",
    "can be left blank",
    "may be empty",
];

const REQUIRED: [&str; 6] = ["required", "mandatory", "must be set", "must set", "has to be set", "needs to be set"];

/// What follows a word that holds under a condition only, or is about something else.
const CONDITIONS: [&str; 14] =
    ["if ", "when ", "for ", "in ", "by ", "only ", "unless ", "to ", "on ", "with ", "whenever ", "while ", "once ", "until "];

/// What stands before a word that holds under a condition only.
const NARROWERS: [&str; 6] = ["only ", "if ", "when ", "are ", "unless ", "no longer "];

/// What a comment says of a value, with the word that says it. Nothing where it says both, or under a condition.
pub(super) fn demand(comment: &str) -> Option<(Demand, &'static str)> {
    let text = comment.to_lowercase();
    let optional = OPTIONAL.into_iter().find(|saying| says(&text, saying, false));
    let mut rest = text.clone();
    for saying in OPTIONAL {
        rest = rest.replace(saying, "");
    }
    let required = REQUIRED.into_iter().find(|saying| says(&rest, saying, true));
    let names_both = optional.is_some() && REQUIRED.into_iter().any(|saying| says(&rest, saying, false));
    match (optional, required) {
        (Some(word), _) if !names_both => Some((Demand::Optional, word)),
        (None, Some(word)) => Some((Demand::Required, word)),
        _ => None,
    }
}

/// Whether a saying stands in a text as words of its own.
fn says(text: &str, saying: &str, unconditionally: bool) -> bool {
    text.match_indices(saying).any(|(at, _)| {
        let (before, behind) = (&text[..at], &text[at + saying.len()..]);
        let is_joined = before.ends_with(['@', '/', '.']) || behind.strip_prefix('.').is_some_and(|behind| behind.starts_with(is_part));
        let is_word = !before.ends_with(is_part) && !behind.starts_with(is_part) && !is_joined;
        let behind = behind.trim_start_matches([' ', '(', '*', '`']);
        let narrowed = CONDITIONS.iter().any(|condition| behind.starts_with(condition))
            || NARROWERS.iter().any(|narrower| before.ends_with(narrower))
            || is_under_condition(before)
            || is_of_another(before, saying);
        is_word && !(unconditionally && narrowed)
    })
}

/// Whether the sentence so far begins with a condition: `If it exists, activation is required`.
fn is_under_condition(before: &str) -> bool {
    let start = before.rfind(". ").or_else(|| before.rfind(".\n")).map_or(0, |at| at + 1);
    ["if ", "when ", "unless ", "once "].iter().any(|condition| before[start..].trim_start().starts_with(condition))
}

/// Whether a bare "required" tells of the word before it: `trailing slash required`.
fn is_of_another(before: &str, saying: &str) -> bool {
    const LINKS: [&str; 8] = ["is", "always", "be", "and", "both", "value", "variable", "key"];
    let before = before.strip_suffix(' ').unwrap_or(before);
    let last = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    !saying.contains(' ') && !last.is_empty() && !LINKS.contains(&last)
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}

/// Whether a comment says that its key is deprecated.
pub(super) fn is_deprecated(comment: &str) -> bool {
    let text = comment.to_lowercase();
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    text.starts_with("deprecated")
        || ["(deprecated", "[deprecated", "is deprecated", "now deprecated"].iter().any(|saying| text.contains(saying))
}

/// How the comment says that a secret is made.
pub(super) fn generator(comment: &str) -> Option<String> {
    const COMMANDS: [&str; 9] = [
        "openssl rand",
        "pwgen",
        "uuidgen",
        "/dev/urandom",
        "/dev/random",
        "secrets.token",
        "crypto.randombytes",
        "gen_secret",
        "key:generate",
    ];
    let text = comment.to_ascii_lowercase();
    let at = COMMANDS.iter().filter_map(|command| text.find(command)).min()?;
    let is_shown = |c: char| c.is_ascii_alphanumeric() || " ./_-:".contains(c);
    let command: String = comment[at..].chars().take_while(|c| is_shown(*c)).take(40).collect();
    Some(command.trim().trim_end_matches('.').to_owned())
}

/// The words of which a comment says that the value is one: `one of a, b`, `(a|b)`. A value that is there is one of them.
pub(super) fn choices(comment: &str, value: &str) -> Option<Vec<String>> {
    const OPENERS: [&str; 8] =
        ["one of", "possible values", "allowed values", "valid values", "accepted values", "supported values", "valid options", "choices"];
    let lower = comment.to_ascii_lowercase();
    let opened = OPENERS.iter().find_map(|opener| Some(&comment[lower.find(opener)? + opener.len()..]));
    let listed = opened.and_then(|rest| {
        let rest = rest.trim_start_matches(" are").trim_start();
        let (rest, is_list) = rest.strip_prefix(':').map_or((rest, false), |rest| (rest, true));
        let rest = rest.split(['\n', ')', ';']).next().unwrap_or_default();
        let rest = rest.split(". ").next().unwrap_or_default().trim_end_matches('.');
        let marked = is_list || rest.contains(['`', '"', '\'', '|']);
        words(rest, &[',', '|']).filter(|words| is_one(value, words, marked))
    });
    listed.or_else(|| {
        let (_, inside) = comment.split_once('(')?;
        // Without a bar the words are prose, "(openai or azure)".
        let (inside, _) = inside.split_once(')').filter(|(inside, _)| inside.contains('|'))?;
        words(inside, &['|']).filter(|words| is_one(value, words, true))
    })
}

fn is_one(value: &str, words: &[String], without_value: bool) -> bool {
    if value.is_empty() { without_value } else { words.iter().any(|word| word == value) }
}

/// Single words with separators between them, at least two.
fn words(text: &str, separators: &[char]) -> Option<Vec<String>> {
    const MOST: usize = 24;
    let mut words = Vec::new();
    for part in text.split(separators) {
        let part = part.trim();
        let part = part.strip_prefix("or ").or_else(|| part.strip_prefix("and ")).unwrap_or(part);
        // "a, b or c": the last comma is often left out.
        for word in part.split(" or ") {
            let word = word.trim().trim_matches(['`', '"', '\'', '*']);
            if word.is_empty() || !word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')) {
                return None;
            }
            words.push(word.to_owned());
        }
    }
    ((2..=MOST).contains(&words.len())).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_demands() {
        let check = |comment: &str, expected: Option<Demand>| assert_eq!(demand(comment).map(|found| found.0), expected, "{comment}");
        for comment in [
            "REQUIRED: This should be a random string of at least 32 characters",
            "The URL of the service (mandatory)",
            "REQUIRED, no defaults. The stack will not boot until each is set",
            "This must be set.",
            "REQUIRED ENV VARS",
            "This is required.",
            "Your API key. (required)",
            "Tokens - required",
        ] {
            check(comment, Some(Demand::Required));
        }
        for comment in
            ["OPTIONAL VARIABLES", "optional, falls back to NEXTAUTH_SECRET", "[[AUTH OPTIONAL]]", "Not required", "leave blank to disable"]
        {
            check(comment, Some(Demand::Optional));
        }
        for comment in [
            "only required in hosted version",
            "required if S3 is used",
            "Required for e-mail",
            "optional, but required in production",
            "All of these are required unless marked optional",
            "requirements",
            "If this variable exists, user activation is required.",
            "trailing slash required",
            "2FA cannot be enabled or required until this is set.",
            "this must be set to a local path",
            "roomName@optional.prefixes.subdomain",
            "non-optional",
            "The port",
            "",
        ] {
            check(comment, None);
        }
    }

    #[test]
    fn reads_choices() {
        let check = |comment: &str, value: &str, expected: &[&str]| {
            assert_eq!(choices(comment, value).unwrap_or_default(), expected, "{comment}");
        };
        check("How much is logged. One of debug, info, warn.", "info", &["debug", "info", "warn"]);
        check("Possible values: `debug`, `info` or `warn`", "", &["debug", "info", "warn"]);
        check("The mailer (smtp|ses|log)", "smtp", &["smtp", "ses", "log"]);
        check("one of a | b", "", &["a", "b"]);
        check("One of debug, info, warn.", "trace", &[]);
        check("one of the following, please", "", &[]);
        check("one of a, b", "", &[]);
        check("one of these", "", &[]);
        check("a sentence (with | strange words)", "", &[]);
        check("Only without native embedding (openai or azure)", "openai", &[]);
    }

    #[test]
    fn reads_generators_and_deprecations() {
        assert_eq!(generator("Run `openssl rand -hex 32` to make one"), Some("openssl rand -hex 32".into()));
        assert_eq!(generator("made with pwgen."), Some("pwgen".into()));
        assert_eq!(generator("random"), None);
        for (comment, expected) in
            [("DEPRECATED: use B", true), ("# deprecated", true), ("this is deprecated", true), ("deprecates B", false)]
        {
            assert_eq!(is_deprecated(comment), expected, "{comment}");
        }
    }
}
