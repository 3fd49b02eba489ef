//! Patterns with `*` and `?`, as IAM writes them.

/// Whether everything that the second pattern stands for is also meant by the first. A `?` stands for one character, a `*` for any number.
pub(crate) fn covers(pattern: &str, other: &str) -> bool {
    let (pattern, other): (Vec<char>, Vec<char>) = (pattern.chars().collect(), other.chars().collect());
    let fits = |one: char, other: char| one == other || (one == '?' && other != '*');
    let (mut at, mut of_other, mut star) = (0, 0, None);
    while of_other < other.len() {
        if pattern.get(at) == Some(&'*') {
            star = Some((at, of_other));
            at += 1;
        } else if at < pattern.len() && fits(pattern[at], other[of_other]) {
            at += 1;
            of_other += 1;
        } else if let Some((star_at, taken)) = star {
            star = Some((star_at, taken + 1));
            at = star_at + 1;
            of_other = taken + 1;
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_covers_what_it_means() {
        for (pattern, other, expected) in [
            ("*", "*", true),
            ("*", "a?b*", true),
            ("a*", "a", true),
            ("a*", "ba", false),
            ("a*c", "abcbc", true),
            ("a*c", "abcb", false),
            ("a?", "a?", true),
            ("a?", "ab", true),
            ("a?", "a*", false),
            ("ab", "a?", false),
            ("ab", "a*", false),
            ("a", "a", true),
            ("", "", true),
            ("", "a", false),
            ("a", "", false),
            ("secret:checkout-*", "secret:checkout-??????", true),
            ("secret:checkout-??????", "secret:checkout-*", false),
        ] {
            assert_eq!(covers(pattern, other), expected, "{pattern} {other}");
        }
    }
}
