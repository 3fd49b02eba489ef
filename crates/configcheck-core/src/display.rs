//! How text of the outside world is shown: control characters escaped, passwords in URLs masked, long text cut.

use std::borrow::Cow;
use std::fmt::Write as _;

mod mask;
mod pieces;
mod settings;

pub use mask::mask_userinfo;
pub use pieces::holds_piece_of;

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
pub(crate) fn must_escape(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(Shown::of(text).as_str(), expected);
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
