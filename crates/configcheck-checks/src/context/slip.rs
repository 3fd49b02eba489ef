//! Whether one name is a slip of another: `DATABSE_URL` of `DATABASE_URL`, and never `HTTP_PORT` of `HTTPS_PORT`.

/// Letters of a word from which on two slips in it are likelier than another word.
const LONG_WORD: usize = 8;

/// Letters of a word up to which a replaced letter makes another word: `HOST` and `POST`.
const SHORT_WORD: usize = 4;

/// The longest word that is compared letter by letter.
const LONGEST_WORD: usize = 40;

/// Words that are near to each other and mean something else, in upper case.
const OTHER_WORDS: [&str; 40] = [
    "AMQP", "AMQPS", "API", "APP", "CLIENT", "CONN", "CORS", "DEV", "EGRESS", "EXPORT", "EXTERNAL", "FTP", "FTPS", "HOST", "HTTP", "HTTPS",
    "IMPORT", "INGRESS", "INTERNAL", "LDAP", "LDAPS", "MAX", "MIN", "MTLS", "PORT", "POST", "PROD", "READ", "REDIS", "REDISS", "REST",
    "SCHEMA", "SCHEME", "SFTP", "SMTP", "SMTPS", "TEST", "TLS", "URI", "URL",
];

/// The known name of which a name is a slip; the nearest of them.
pub(crate) fn meant<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = known.into_iter().filter_map(|known| Some((slips(name, known)?, known)));
    near.min_by_key(|(slips, _)| *slips).map(|(_, known)| known)
}

/// The name among those that were written which is a slip of a known one; the nearest of them.
pub(crate) fn written_for<'a>(known: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = names.into_iter().filter_map(|name| Some((slips(name, known)?, name)));
    near.min_by_key(|(slips, _)| *slips).map(|(_, name)| name)
}

/// How many slips lead from one name to the other; `None` when it is another name.
fn slips(name: &str, known: &str) -> Option<usize> {
    if name == known {
        return None;
    }
    if letters(name).eq(letters(known)) {
        return Some(0);
    }
    let (mut words, mut known_words) = (words(name), words(known));
    let mut found = None;
    loop {
        match (words.next(), known_words.next()) {
            (None, None) => return found,
            (Some(word), Some(known)) if word.eq_ignore_ascii_case(known) => {}
            (Some(word), Some(known)) if found.is_none() => found = Some(slips_in_word(word, known)?),
            _ => return None,
        }
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, '_' | '-' | '.')
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(is_separator)
}

fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| !is_separator(*c)).map(|c| c.to_ascii_lowercase())
}

/// How many slips lead from a word to another one that it is not; `None` when they are too many.
fn slips_in_word(word: &str, known: &str) -> Option<usize> {
    let is_other = OTHER_WORDS.iter().any(|other| other.eq_ignore_ascii_case(word));
    if is_other || !word.is_ascii() || !known.is_ascii() || word.len().max(known.len()) > LONGEST_WORD {
        return None;
    }
    let (word, known) = (word.to_ascii_uppercase().into_bytes(), known.to_ascii_uppercase().into_bytes());
    if is_one_slip(&word, &known) {
        return Some(1);
    }
    // Of two slips none is in the first letter: INTERNAL and EXTERNAL are two words.
    let is_long = word.len().min(known.len()) >= LONG_WORD && word[0] == known[0];
    (is_long && without_digits(&word, &known) && distance(&word, &known) == 2).then_some(2)
}

/// One letter more, less or replaced, or two swapped. A digit is never a slip: `KEY1` and `KEY2` are two keys.
fn is_one_slip(word: &[u8], known: &[u8]) -> bool {
    let start = word.iter().zip(known).take_while(|(a, b)| a == b).count();
    let (word, known, longest) = (&word[start..], &known[start..], word.len().max(known.len()));
    let is_letter = |rest: &[u8]| rest.first().is_some_and(u8::is_ascii_alphabetic);
    match word.len().cmp(&known.len()) {
        std::cmp::Ordering::Less => word == &known[1..] && is_letter(known) && longest >= SHORT_WORD,
        std::cmp::Ordering::Greater => known == &word[1..] && is_letter(word) && longest >= SHORT_WORD,
        std::cmp::Ordering::Equal => {
            let is_replaced = longest > SHORT_WORD && word[1..] == known[1..] && is_letter(word) && is_letter(known);
            let is_swapped = word.len() >= 2 && word[..2] == [known[1], known[0]] && word[2..] == known[2..];
            is_replaced || (is_swapped && is_letter(word) && is_letter(known))
        }
    }
}

/// Whether the digits of both are the same.
fn without_digits(word: &[u8], known: &[u8]) -> bool {
    let digits = |word: &[u8]| word.iter().copied().filter(u8::is_ascii_digit).collect::<Vec<_>>();
    digits(word) == digits(known)
}

/// The number of letters to add, drop or replace, and of neighbours to swap.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, other) in b.iter().enumerate() {
            let mut cost = (last[j] + usize::from(letter != other)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *letter == b[j - 1] && a[i - 1] == *other {
                cost = cost.min(before_last[j - 1] + 1);
            }
            row.push(cost);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_slips() {
        for (name, known) in [
            ("DATABSE_URL", "DATABASE_URL"),
            ("JWT_SECRT", "JWT_SECRET"),
            ("DATABASEURL", "DATABASE_URL"),
            ("database-url", "DATABASE_URL"),
            ("log_levl", "log_level"),
            ("APP_PROT", "APP_PORT"),
            ("DATABSAE_UR", "DATABASE_URL"),
            ("CREDENTAILZ_PATH", "CREDENTIALS_PATH"),
        ] {
            let expected = (name != "DATABSAE_UR").then_some(known);
            assert_eq!(meant(name, [known]), expected, "{name}");
        }
        assert_eq!(meant("CREDENTIAL", ["CREDENTIONAL", "CREDENTIALS"]), Some("CREDENTIALS"), "the nearest one");
    }

    #[test]
    fn another_word_is_another_name() {
        for (name, known) in [
            ("DB_HOST", "DB_PORT"),
            ("POOL_MIN", "POOL_MAX"),
            ("HTTP_PORT", "HTTPS_PORT"),
            ("HTTPS_PORT", "HTTP_PORT"),
            ("MAX_CONN", "MIN_CONN"),
            ("REDIS_URI", "REDIS_URL"),
            ("KEY1", "KEY2"),
            ("REPLICA1_URL", "REPLICA2_URL"),
            ("INTERNAL_URL", "EXTERNAL_URL"),
            ("DATABASE", "DATABASE_URL"),
            ("DATABSE_UROL", "DATABASE_URL"),
            ("PORT", "PORT"),
            ("", "PORT"),
            ("größe", "GROSSE"),
        ] {
            assert_eq!(meant(name, [known]), None, "{name} {known}");
        }
    }
}
