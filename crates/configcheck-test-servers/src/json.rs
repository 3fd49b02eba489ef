//! As much of JSON as setting up a server needs: text into it, and a text out of it.

/// A text as a JSON string, with its quotes.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control < ' ' => quoted.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// Texts as a JSON list.
pub(crate) fn list(texts: &[&str]) -> String {
    format!("[{}]", texts.iter().map(|text| quote(text)).collect::<Vec<_>>().join(","))
}

/// The first text of this name, of what a server wrote without spaces and with no escapes in it; of a list of texts the first.
pub(crate) fn text<'a>(body: &'a str, name: &str) -> Option<&'a str> {
    let rest = &body[body.find(&format!("\"{name}\":"))? + name.len() + 3..];
    rest.trim_start_matches('[').strip_prefix('"')?.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_goes_in_and_comes_out() {
        assert_eq!(quote("a\"b\\c\nd"), r#""a\"b\\c\u000ad""#);
        assert_eq!(list(&["a", "b"]), r#"["a","b"]"#);
        let body = r#"{"keys":["6f","70"],"auth":{"client_token":"s.fake"},"sealed":true}"#;
        assert_eq!(text(body, "client_token"), Some("s.fake"));
        assert_eq!(text(body, "keys"), Some("6f"));
        assert_eq!(text(body, "sealed"), None);
        assert_eq!(text(body, "missing"), None);
    }
}
