//! Which variables a line puts into its value, and whether the value may be shown with them in it.

/// Whether every variable that stands in a value is one that may be shown. Whatever is more than a name behind a `$` may not: a command, a
/// part of a value, a default.
pub(super) fn may_be_shown(raw: &[u8], is_plain: impl Fn(&str) -> bool) -> bool {
    let Ok(raw) = str::from_utf8(raw) else { return false };
    raw.split('$').skip(1).all(|behind| name(behind).is_some_and(&is_plain))
}

/// The name behind a `$`, in braces or not.
fn name(behind: &str) -> Option<&str> {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if let Some(inside) = behind.strip_prefix('{') {
        let (name, _) = inside.split_once('}')?;
        return (!name.is_empty() && name.chars().all(is_of_name)).then_some(name);
    }
    let end = behind.find(|c| !is_of_name(c)).unwrap_or(behind.len());
    // Some readers take more into a name than others.
    let is_clear = !behind[end..].starts_with(|c: char| ".-:[".contains(c) || !c.is_ascii());
    (end > 0 && is_clear).then(|| &behind[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_of_plain_variables_may_be_shown() {
        let check = |raw: &str, expected| {
            assert_eq!(may_be_shown(raw.as_bytes(), |name| matches!(name, "PORT" | "HOST_2")), expected, "{raw}");
        };
        check("", true);
        check("$PORT", true);
        check("http://${HOST_2}/$PORT/x", true);
        check("\"$PORT\"", true);
        check("$KEY", false);
        check("$PORT$KEY", false);
        check("${PORT:-$KEY}", false);
        check("${PORT#x}", false);
        check("${!PORT}", false);
        check("${PORT", false);
        check("$(PORT)", false);
        check("$$PORT", false);
        check("$PORT.KEY", false);
        check("$", false);
        check("$1", false);
        assert!(!may_be_shown(b"\xff$PORT", |_| true));
    }
}
