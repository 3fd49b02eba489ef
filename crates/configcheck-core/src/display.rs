//! How text of the outside world is shown: control characters escaped, passwords in URLs masked, long text cut.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The longest text that a report shows of one value, in characters.
const LONGEST_SHOWN: usize = 120;

/// A value fit for a report: made from the text of a field that is no secret, and from nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown(String);

impl Shown {
    /// Masks, escapes and cuts. The caller has made sure that the field is no secret.
    pub fn of(text: &str) -> Self {
        let masked = mask_userinfo(text);
        let mut shown = String::with_capacity(masked.len() + 2);
        for (count, c) in masked.chars().enumerate() {
            if count == LONGEST_SHOWN {
                shown.push('…');
                break;
            }
            push_escaped(&mut shown, c);
        }
        Self(shown)
    }

    /// The text as it may be printed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A name of the outside world — a variable, a file — with everything escaped that could steer a terminal or a log.
pub fn escaped(name: &str) -> Cow<'_, str> {
    if !name.chars().any(must_escape) {
        return Cow::Borrowed(name);
    }
    let mut text = String::with_capacity(name.len() + 8);
    name.chars().for_each(|c| push_escaped(&mut text, c));
    Cow::Owned(text)
}

fn push_escaped(text: &mut String, c: char) {
    if must_escape(c) {
        match c {
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            // Writing to a `String` cannot fail.
            c => {
                let _ = write!(text, "\\u{{{:x}}}", u32::from(c));
            }
        }
    } else {
        text.push(c);
    }
}

/// Control characters of both sets, and the characters that turn the direction of text or hide in it.
fn must_escape(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Masks the userinfo of everything in the text that looks like a URL, well formed or not: `scheme://user:password@host` becomes
/// `scheme://***@host`. What stands between `//` and the last `@` before the host's end is userinfo, so that a password with `/`, `?`
/// or `@` in it is covered too; key-value settings called password or token are masked as well.
pub fn mask_userinfo(text: &str) -> Cow<'_, str> {
    let mut masked = Cow::Borrowed(text);
    if text.contains("//") || text.contains('@') {
        masked = Cow::Owned(mask_authorities(&masked));
    }
    if has_secret_setting(&masked) {
        masked = Cow::Owned(mask_settings(&masked));
    }
    masked
}

/// Masks from the first `//` (or the first colon, where there is none) to the last `@` of the whole text: rather too much than a password
/// with a blank or a quote in it. Without an `@` a port that is no number is masked, since a password may stand there.
fn mask_authorities(text: &str) -> String {
    let slashes = text.find("//").map(|at| at + 2);
    if let Some(at) = text.rfind('@') {
        let start = match slashes.filter(|start| *start <= at) {
            Some(start) => start,
            // `user:password@host` is an address with a password; `ops@example.com` stays.
            None => match text[..at].find(':') {
                Some(colon) => colon + 1,
                None => return text.to_owned(),
            },
        };
        return format!("{}***{}", &text[..start], &text[at..]);
    }
    let Some(start) = slashes else { return text.to_owned() };
    let end = text[start..].find(['/', '?', '#']).map_or(text.len(), |end| start + end);
    match text[start..end].find(':') {
        Some(colon) if !text[start..].starts_with('[') && !text[start + colon + 1..end].bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("{}***{}", &text[..=start + colon], &text[end..])
        }
        _ => text.to_owned(),
    }
}

const SECRET_SETTINGS: [&str; 9] =
    ["password=", "passwd=", "pwd=", "secret=", "token=", "api_key=", "apikey=", "access_key=", "accountkey="];

fn has_secret_setting(text: &str) -> bool {
    text.contains('=') && {
        let lower = text.to_ascii_lowercase();
        SECRET_SETTINGS.iter().any(|setting| lower.contains(setting))
    }
}

/// Masks the values of settings in a query or a connection string, `?password=…&` or `Password=…;`.
fn mask_settings(text: &str) -> String {
    let mut masked = text.to_owned();
    for setting in SECRET_SETTINGS {
        let mut from = 0;
        while let Some(at) = masked[from..].to_ascii_lowercase().find(setting) {
            let start = from + at + setting.len();
            let end = masked[start..].find(['&', ';', '#', ' ', '\n']).map_or(masked.len(), |end| start + end);
            masked.replace_range(start..end, "***");
            from = start + 3;
        }
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(Shown::of(text).as_str(), expected);
    }

    #[test]
    fn masks_userinfo_of_good_and_bad_urls() {
        check("postgres://app:hunter2@db:54a32/shop", "postgres://***@db:54a32/shop");
        check("postgres://app:p@ss/w?o#rd@db/shop", "postgres://***@db/shop");
        check("//app:hunter2@db", "//***@db");
        check("app:hunter2@db", "app:***@db");
        check("https://token@host/", "https://***@host/");
        check("redis://:hunter2@h, redis://:other@i", "redis://***@i");
        check("postgres://app:hun ter\"2@db/shop", "postgres://***@db/shop");
        check("postgres://app:hunter2", "postgres://app:***");
        check("http://[::1]:8080/a", "http://[::1]:8080/a");
        check("http://localhost:8080/a", "http://localhost:8080/a");
        check("https://host/a?password=hunter2&x=1", "https://host/a?password=***&x=1");
        check("Host=db;Password=hunter2;Port=1", "Host=db;Password=***;Port=1");
        check("ops@example.com", "ops@example.com");
        check("https://host/path", "https://host/path");
        check("plain", "plain");
    }

    #[test]
    fn escapes_what_steers_a_terminal() {
        check("a\u{1b}[31mb\nc\r\t\u{202e}\u{9b}", "a\\u{1b}[31mb\\nc\\r\\t\\u{202e}\\u{9b}");
        assert_eq!(escaped("PLAIN"), "PLAIN");
        assert_eq!(escaped("A\u{0}"), "A\\u{0}");
    }

    #[test]
    fn cuts_long_text() {
        let shown = Shown::of(&"x".repeat(500));
        assert_eq!(shown.as_str().chars().count(), LONGEST_SHOWN + 1);
        assert!(shown.as_str().ends_with('…'));
    }
}
