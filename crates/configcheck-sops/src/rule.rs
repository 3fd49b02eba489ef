//! Which values of a file are encrypted: sops decides by the names of the keys on the way to a value.

use regex_lite::{Regex, RegexBuilder};

/// What sops leaves in clear when nobody told it otherwise.
const DEFAULT_SUFFIX: &str = "_unencrypted";

/// The largest pattern, in bytes, and the largest program that one may become.
const PATTERN_LIMIT: usize = 4 << 10;
const PROGRAM_LIMIT: usize = 1 << 20;

/// Which values are encrypted.
pub(crate) enum Rule {
    /// All but those under a key with this end.
    AllBut(String),
    /// Those under a key with this end.
    Only(String),
    /// All but those under a key that matches.
    AllButMatching(Regex),
    /// Those under a key that matches.
    OnlyMatching(Regex),
    /// Those that have the form of an encrypted value: sops went by comments, and the checksum covers all values.
    ByForm,
}

impl Rule {
    /// The rule of a file from what sops wrote of it, at most one of which is there.
    pub(crate) fn of(rules: &[(String, String)], is_mac_of_encrypted_only: bool) -> Result<Self, &'static str> {
        let (name, pattern) = match rules {
            [] => return Ok(Self::AllBut(DEFAULT_SUFFIX.to_owned())),
            [(name, pattern)] => (name.as_str(), pattern),
            _ => return Err("it has more than one rule of what is encrypted"),
        };
        match name {
            "unencrypted_suffix" => Ok(Self::AllBut(pattern.clone())),
            "encrypted_suffix" => Ok(Self::Only(pattern.clone())),
            "unencrypted_regex" => regex(pattern).map(Self::AllButMatching),
            "encrypted_regex" => regex(pattern).map(Self::OnlyMatching),
            "unencrypted_comment_regex" | "encrypted_comment_regex" if !is_mac_of_encrypted_only => Ok(Self::ByForm),
            "unencrypted_comment_regex" | "encrypted_comment_regex" => {
                Err("what is encrypted goes by comments, and the checksum covers only that; this is not supported")
            }
            _ => Err("it has a rule of what is encrypted that is not known"),
        }
    }

    /// Whether the value at the end of these keys is encrypted.
    pub(crate) fn is_encrypted(&self, keys: &[&str], has_form: bool) -> bool {
        match self {
            Self::AllBut(suffix) => !keys.iter().any(|key| key.ends_with(suffix)),
            Self::Only(suffix) => keys.iter().any(|key| key.ends_with(suffix)),
            Self::AllButMatching(regex) => !keys.iter().any(|key| regex.is_match(key)),
            Self::OnlyMatching(regex) => keys.iter().any(|key| regex.is_match(key)),
            Self::ByForm => has_form,
        }
    }
}

fn regex(pattern: &str) -> Result<Regex, &'static str> {
    const PROBLEM: &str = "its pattern of what is encrypted cannot be read";
    if pattern.len() > PATTERN_LIMIT {
        return Err(PROBLEM);
    }
    RegexBuilder::new(pattern).size_limit(PROGRAM_LIMIT).build().map_err(|_| PROBLEM)
}

#[cfg(test)]
mod tests {
    use super::Rule;

    fn check(name: &str, pattern: &str, keys: &[&str], expected: bool) {
        let rule = Rule::of(&[(name.to_owned(), pattern.to_owned())], false).expect("the rule is one of sops");
        assert_eq!(rule.is_encrypted(keys, false), expected, "{name} {pattern} {keys:?}");
    }

    #[test]
    fn every_key_on_the_way_counts() {
        check("unencrypted_suffix", "_u", &["a", "b_u", "c"], false);
        check("unencrypted_suffix", "_u", &["a", "b_ux"], true);
        check("encrypted_suffix", "_e", &["a_e", "b"], true);
        check("encrypted_suffix", "_e", &["a", "b"], false);
        check("encrypted_regex", "^(data|stringData)$", &["data", "x"], true);
        check("encrypted_regex", "^(data|stringData)$", &["metadata", "x"], false);
        check("unencrypted_regex", "(?i)PUB", &["my_pub_key"], false);
        check("encrypted_comment_regex", "x", &["x"], false);
        let default = Rule::of(&[], true).expect("a file needs no rule");
        assert!(default.is_encrypted(&["a"], false) && !default.is_encrypted(&["a_unencrypted"], true));
    }

    #[test]
    fn a_rule_that_cannot_be_kept_is_refused() {
        let rule = |name: &str, pattern: &str| (name.to_owned(), pattern.to_owned());
        assert!(Rule::of(&[rule("encrypted_regex", "(")], false).is_err());
        assert!(Rule::of(&[rule("encrypted_regex", &"a".repeat(5_000))], false).is_err());
        assert!(Rule::of(&[rule("encrypted_regex", "a{1000}{1000}{1000}")], false).is_err());
        assert!(Rule::of(&[rule("encrypted_comment_regex", "a")], true).is_err());
        assert!(Rule::of(&[rule("other_regex", "a")], false).is_err());
        assert!(Rule::of(&[rule("encrypted_suffix", "a"), rule("encrypted_regex", "a")], false).is_err());
    }
}
