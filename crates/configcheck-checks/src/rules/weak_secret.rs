//! `weak-secret`: a signing key or password that a list of common ones would guess.
//!
//! What is weak about it is not said: "one letter repeated" would give half of it away.

use configcheck_core::schema::{Aspect, FieldSpec, TypeSpec};
use configcheck_core::{Diagnostic, RuleInfo, Severity};

use super::Rule;
use crate::context::placeholder::{Within, is_placeholder};
use crate::context::{Context, KeyView, Marks};

pub(super) struct WeakSecret;

static INFO: RuleInfo = RuleInfo {
    name: "weak-secret",
    code: "CC013",
    severity: Severity::Error,
    summary: "A secret is a repeated or well-known text in production; a warning in staging.",
    page: include_str!("weak_secret.md"),
};

/// The longest text that is read word by word.
const LONGEST_WORDS: usize = 256;

/// The longest piece that is tried as a repeated one.
const LONGEST_PIECE: usize = 4;

/// Digits and punctuation behind words that make them no stronger; more of them do.
const MOST_BEHIND: usize = 4;

/// The shortest text of digits only that is judged: shorter ones are numbers that somebody types.
const SHORTEST_NUMBER: usize = 8;

/// Letters of a sequence from which on it counts as one.
const SHORTEST_SEQUENCE: usize = 3;

/// Words that weak secrets are made of, in lower case.
const WORDS: [&str; 58] = [
    "access",
    "admin",
    "api",
    "app",
    "apple",
    "asdf",
    "asdfgh",
    "auth",
    "base",
    "data",
    "database",
    "default",
    "demo",
    "dev",
    "dragon",
    "encryption",
    "foobar",
    "guest",
    "hello",
    "iloveyou",
    "jwt",
    "key",
    "letmein",
    "local",
    "login",
    "master",
    "monkey",
    "my",
    "passphrase",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "password",
    "passwd",
    "postgres",
    "private",
    "prod",
    "production",
    "qazwsx",
    "qwerty",
    "qwertyuiop",
    "root",
    "secret",
    "secure",
    "server",
    "service",
    "session",
    "sign",
    "signing",
    "staging",
    "super",
    "test",
    "token",
    "user",
    "very",
    "welcome",
    "world",
    "zxcvbn",
];

/// Words of names whose secrets are keys.
const KEYS: [&str; 11] = ["PASSWORD", "PASSWD", "PASS", "SECRET", "KEY", "APIKEY", "TOKEN", "SALT", "SIGNING", "JWT", "COOKIE"];

/// Words of names that say so with something before them too, as in `PGPASSWORD`.
const ENDINGS: [&str; 3] = ["PASSWORD", "PASSWD", "SECRET"];

/// Ends of names whose secrets are no keys: a user's name may be `admin`.
const NO_KEYS: [&str; 7] = ["USER", "USERNAME", "LOGIN", "NAME", "ID", "EMAIL", "HOST"];

impl Rule for WeakSecret {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn applies(&self, context: &Context<'_>) -> bool {
        context.is_deployed() && context.saw(Marks::SECRET)
    }

    fn rests_on(&self) -> &'static [Aspect] {
        &[Aspect::Secret]
    }

    fn check(&self, context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
        for view in context.keys() {
            if is_key(view.key.spec) && view.slot.satisfies(is_weak) && names_key(&view.key.variable) && !names_no_key(&view) {
                findings.push(finding(context, &view));
            }
        }
    }
}

fn is_key(spec: &FieldSpec) -> bool {
    spec.is_secret() && matches!(spec.type_spec, TypeSpec::Text | TypeSpec::Bytes)
}

/// Whether the name says that the secret is a key: a realm, a channel or a user's name may be any word.
fn names_key(variable: &str) -> bool {
    let ends = |word: &str, ending: &str| {
        let start = word.len().checked_sub(ending.len());
        start.and_then(|start| word.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(ending))
    };
    variable
        .split('_')
        .any(|word| KEYS.iter().any(|known| known.eq_ignore_ascii_case(word)) || ENDINGS.iter().any(|ending| ends(word, ending)))
}

fn names_no_key(view: &KeyView<'_>) -> bool {
    NO_KEYS.iter().any(|word| view.ends_in(word))
}

fn finding(context: &Context<'_>, view: &KeyView<'_>) -> Diagnostic {
    let mut finding = context
        .finding(&INFO, view, format!("{} can be guessed: it is a repeated or well-known text", view.key.variable))
        .expected("a random text")
        .help("make a new one, for example with `openssl rand -base64 48`")
        .help("set the new one wherever the old one is in use; the old one must count as known");
    if !context.is_production() {
        finding.severity = Severity::Warning;
    }
    finding
}

/// Whether a text is one that lists of common passwords and a little patience find.
fn is_weak(text: &str) -> bool {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let is_known = if is_number { is_weak_number(text.as_bytes()) } else { is_repeated(text.as_bytes()) || is_well_known(text) };
    is_known && !is_placeholder(text, Within::Secret)
}

/// One digit over and over, or one sequence from end to end.
fn is_weak_number(digits: &[u8]) -> bool {
    digits.len() >= SHORTEST_NUMBER && sequence(digits) == digits.len()
}

/// One letter, or a short piece, over and over.
fn is_repeated(text: &[u8]) -> bool {
    (1..=LONGEST_PIECE).any(|piece| text.len() >= 2 * piece && text[piece..].iter().zip(text).all(|(later, earlier)| later == earlier))
}

/// Nothing but words and sequences, with a few digits and marks behind.
fn is_well_known(text: &str) -> bool {
    if text.len() > LONGEST_WORDS || !text.is_ascii() {
        return false;
    }
    let text = text.as_bytes();
    let behind = text.iter().rev().take(MOST_BEHIND).take_while(|byte| byte.is_ascii_digit() || byte.is_ascii_punctuation()).count();
    // A text of nothing but words may end in a sequence of digits, so that every number of them is tried.
    (0..=behind).any(|behind| is_words(&text[..text.len() - behind]))
}

/// Whether the text can be cut into words and sequences without a rest.
fn is_words(text: &[u8]) -> bool {
    let mut reached = [false; LONGEST_WORDS + 1];
    reached[0] = true;
    let mut furthest = 0;
    let mut has_word = false;
    for at in 0..text.len() {
        if at > furthest {
            return false;
        }
        if !reached[at] {
            continue;
        }
        let rest = &text[at..];
        let mut reach = |length: usize| {
            reached[at + length] = true;
            furthest = furthest.max(at + length);
        };
        if matches!(rest[0], b'-' | b'_' | b'.' | b' ' | b':') {
            reach(1);
        }
        let first = rest[0].to_ascii_lowercase();
        if first.is_ascii_lowercase() && FIRST_LETTERS & bit(first) != 0 {
            for word in WORDS.iter().filter(|word| starts_with(rest, first, word)) {
                has_word = true;
                reach(word.len());
            }
        }
        for length in SHORTEST_SEQUENCE..=sequence(rest) {
            has_word = true;
            reach(length);
        }
    }
    has_word && reached[text.len()]
}

/// A bit for each letter with which a word begins.
const FIRST_LETTERS: u32 = {
    let (mut letters, mut at) = (0, 0);
    while at < WORDS.len() {
        letters |= bit(WORDS[at].as_bytes()[0]);
        at += 1;
    }
    letters
};

const fn bit(letter: u8) -> u32 {
    1 << (letter - b'a')
}

/// Whether the text, whose first letter is given in lower case, starts with the word.
fn starts_with(text: &[u8], first: u8, word: &str) -> bool {
    first == word.as_bytes()[0] && text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
}

/// How many letters at the start follow each other upwards or downwards, 0 after 9, or are the same.
fn sequence(text: &[u8]) -> usize {
    let number = |byte: u8| match byte.to_ascii_lowercase() {
        digit @ b'0'..=b'9' => Some((digit - b'0', 10)),
        letter @ b'a'..=b'z' => Some((letter - b'a', 26)),
        _ => None,
    };
    let step = |pair: &[u8]| {
        let ((first, base), (second, other_base)) = (number(pair[0])?, number(pair[1])?);
        let step = (second + base - first % base) % base;
        (base == other_base && (step <= 1 || step == base - 1)).then_some(step)
    };
    let mut steps = text.windows(2).map(step);
    match steps.next() {
        Some(Some(first)) => 2 + steps.take_while(|step| *step == Some(first)).count(),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use configcheck_core::schema::Sensitivity;

    use super::*;
    use crate::rules::testing::{Case, check, check_value, secret, text, url};

    #[test]
    fn says_nothing_of_what_is_weak_about_it() {
        let expected = |severity: &str| {
            format!(
                "\
{severity}: JWT_SECRET can be guessed: it is a repeated or well-known text
  about JWT_SECRET #0, at environment variable JWT_SECRET
  expected: a random text
  help: make a new one, for example with `openssl rand -base64 48`
  help: set the new one wherever the old one is in use; the old one must count as known"
            )
        };
        let case = |environment: &str| Case::new(&[secret("JWT_SECRET")]).in_environment(environment).set("JWT_SECRET", "supersecretkey");
        check(&WeakSecret, case("production"), &expected("error"));
        check(&WeakSecret, case("staging"), &expected("warning"));
        check(&WeakSecret, case("development"), "");
    }

    #[test]
    fn knows_weak_texts() {
        for weak in [
            "aa",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "abababababab",
            "a1b2a1b2a1b2",
            "secret",
            "Secret123!",
            "supersecretkey",
            "my_super_secret_jwt_key",
            "MySecretToken2024",
            "letmein",
            "qwerty",
            "00000000",
            "0123456789012345",
            "12345678901234567890123456789012",
            "9876543210",
            "abcdefghijklmnopqrstuvwxyz",
            "abcdefgh12345678",
            "test-test-test-key",
            "p@ssw0rd",
            "admin:admin",
        ] {
            check_value(&WeakSecret, &secret("JWT_SECRET"), "production", weak, true);
        }
    }

    #[test]
    fn leaves_good_ones_alone() {
        for good in [
            "k3Jq0Zx9vT7mB2nR5wY8sD1fG4hL6pCu",
            "correct-horse-battery-staple",
            "8877665544",
            "0123a56",
            "secretary-of-state",
            "tokenizer",
            "f00ba4c0ffee5eed",
            "sEcReT-xk29",
            "größegröße",
            "-",
            "----x",
            "null",
            "true",
            "1e5",
            "prod-4829104857362910",
            "user-20948573920485739204857392",
            "admin:8273649182736491",
            "abc66503",
            "123890",
            "2121",
            "0123456",
            "123456",
            "0000",
            "1212121212",
        ] {
            check_value(&WeakSecret, &secret("JWT_SECRET"), "production", good, false);
        }
    }

    #[test]
    fn asks_only_of_keys() {
        check_value(&WeakSecret, &secret("DB_USER"), "production", "admin", false);
        check_value(&WeakSecret, &text("ROLE"), "production", "admin", false);
        for (name, value) in [("PGUSER", "postgres"), ("KEYCLOAK_REALM", "master"), ("SLACK_CHANNEL", "prod"), ("PIN", "12345678")] {
            check_value(&WeakSecret, &secret(name), "production", value, false);
        }
        for name in ["PGPASSWORD", "DB_PASS", "api_key", "COOKIE_SECRET", "SESSION_COOKIE", "PASSWORD_SALT"] {
            check_value(&WeakSecret, &secret(name), "production", "admin", true);
        }
        let field = FieldSpec { sensitivity: Sensitivity::Secret, ..url("DATABASE_URL") };
        check_value(&WeakSecret, &field, "production", "postgres://app:secret@db/shop", false);
        check_value(&WeakSecret, &FieldSpec { type_spec: TypeSpec::Bytes, ..secret("KEY") }, "production", "secret", true);
        // What stands in for a secret is not a weak one.
        check_value(&WeakSecret, &secret("JWT_SECRET"), "production", "xxxxxxxx", false);
    }
}
