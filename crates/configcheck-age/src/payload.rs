//! What the decrypted text is: named values or one value, by the name of the file.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::Path;

use configcheck_core::Secret;
use configcheck_core::provider::Payload;
use configcheck_dotenv::{self as dotenv, ItemKind};

use crate::failure::Failure;

/// The payload of a decrypted file.
pub(crate) fn of(path: &Path, plaintext: &[u8]) -> Result<Payload, Failure> {
    if holds_named_values(path) {
        return named_values(plaintext);
    }
    Ok(Payload::Value(Secret::new(plaintext.to_vec())))
}

/// Whether a file is a `.env` file by its name without `.age`: `*.env`, `*.env.*` and `.env*`, but no `*.json`.
fn holds_named_values(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return false };
    let words = name.strip_suffix(".age").unwrap_or(name).split('.').skip(1);
    // `.env*` starts with the dot; elsewhere `env` is one of the words behind a dot.
    let is_env = name.starts_with(".env") || words.clone().any(|word| word == "env");
    is_env && words.last() != Some("json")
}

/// The values by name. One line that cannot be read refuses the file: it may be the one that is asked for.
fn named_values(plaintext: &[u8]) -> Result<Payload, Failure> {
    let mut rows: Vec<(String, Secret<Vec<u8>>)> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut failure = None;
    for item in dotenv::parse(plaintext).into_items() {
        match item.kind {
            ItemKind::Assignment(assignment) => {
                // Every value is taken into keeping, also of a file that is refused, so that all are overwritten.
                let value = Secret::new(assignment.value.into_owned().into_bytes());
                match places.entry(assignment.key) {
                    // Of a name that stands twice the later counts, as in any `.env` file.
                    Entry::Occupied(place) => rows[*place.get()].1 = value,
                    Entry::Vacant(place) => {
                        place.insert(rows.len());
                        rows.push((assignment.key.to_owned(), value));
                    }
                }
            }
            ItemKind::Problem(problem) => {
                failure.get_or_insert(Failure::Text { line: problem.position.line, message: problem.kind.message() });
            }
            ItemKind::Blank | ItemKind::Comment => {}
        }
    }
    if let Some(failure) = failure {
        return Err(failure);
    }
    Ok(Payload::Map(rows))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use configcheck_core::provider::Payload;
    use configcheck_core::secret::ExposeSecret as _;

    use super::{Failure, holds_named_values, of};

    fn check(path: &str, plaintext: &str, expected: Result<&[(&str, &str)], u32>) {
        match (of(Path::new(path), plaintext.as_bytes()), expected) {
            (Ok(Payload::Map(rows)), Ok(expected)) => {
                let rows: Vec<_> =
                    rows.iter().map(|(name, value)| (name.as_str(), std::str::from_utf8(value.expose_secret()).unwrap_or("?"))).collect();
                assert_eq!(rows, expected);
            }
            (Ok(Payload::Value(value)), Ok([("", expected)])) => assert_eq!(value.expose_secret(), expected.as_bytes()),
            (Err(Failure::Text { line, .. }), Err(expected)) => assert_eq!(line, expected),
            (other, expected) => unreachable!("{other:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn the_name_says_what_is_in_the_file() {
        for name in [".env.age", "a/.env.staging.age", "secrets.env.age", "secrets.env.local.age", ".envrc", "secrets.env"] {
            assert!(holds_named_values(Path::new(name)), "{name}");
        }
        for name in ["secrets.json.age", "secrets.env.json.age", "jwt.age", "jwt.txt.age", "env.age", "environment.age", "a.env/jwt.age"] {
            assert!(!holds_named_values(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn named_values_are_read_as_any_env_file() {
        let text = "# keys\nJWT_SECRET='not $a real # key'\nexport EMPTY=\nA=\"1\\n2\"\nJWT_SECRET=later\n";
        check("s.env.age", text, Ok(&[("JWT_SECRET", "later"), ("EMPTY", ""), ("A", "1\n2")]));
        check("s.env.age", "", Ok(&[]));
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named_by_its_number() {
        check("s.env.age", "A=1\nnot-a-real-secret\nB=2\n", Err(2));
        check("s.env.age", "A=1\n\nB=\"not closed\n", Err(3));
    }

    #[test]
    fn a_value_is_kept_to_the_letter() {
        check("jwt.age", "not-a-real-key\r\n", Ok(&[("", "not-a-real-key\r\n")]));
        check("s.json.age", "{\"A\": 1}\n", Ok(&[("", "{\"A\": 1}\n")]));
        check("jwt.age", "", Ok(&[("", "")]));
    }
}
