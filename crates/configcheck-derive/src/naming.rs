//! How names are made: rename rules, variable names, and which names plainly say secret.

use crate::symbols;

/// A value of `rename_all`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum RenameRule {
    ScreamingSnake,
    Snake,
    Upper,
    Lower,
    Kebab,
    ScreamingKebab,
    Camel,
    Pascal,
}

impl RenameRule {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        const RULES: [RenameRule; 8] = [
            RenameRule::ScreamingSnake,
            RenameRule::Snake,
            RenameRule::Upper,
            RenameRule::Lower,
            RenameRule::Kebab,
            RenameRule::ScreamingKebab,
            RenameRule::Camel,
            RenameRule::Pascal,
        ];
        symbols::RENAME_RULES.iter().position(|rule| *rule == text).map(|at| RULES[at])
    }

    /// The key in config files of a field written in `snake_case`.
    pub(crate) fn of_field(self, field: &str) -> String {
        self.join(&field.split('_').map(ToOwned::to_owned).collect::<Vec<_>>(), "_")
    }

    /// The word for a variant written in `PascalCase`.
    pub(crate) fn of_variant(self, variant: &str) -> String {
        self.join(&words_of(variant), "")
    }

    /// Joins words. `UPPERCASE` and `lowercase` keep what stood between them, as serde does.
    fn join(self, words: &[String], plain: &str) -> String {
        match self {
            Self::ScreamingSnake => words.join("_").to_ascii_uppercase(),
            Self::Snake => words.join("_").to_ascii_lowercase(),
            Self::Upper => words.join(plain).to_ascii_uppercase(),
            Self::Lower => words.join(plain).to_ascii_lowercase(),
            Self::Kebab => words.join("-").to_ascii_lowercase(),
            Self::ScreamingKebab => words.join("-").to_ascii_uppercase(),
            Self::Camel => {
                let mut text = words.iter().map(|word| capitalised(word)).collect::<String>();
                if let Some(first) = text.get_mut(..1) {
                    first.make_ascii_lowercase();
                }
                text
            }
            Self::Pascal => words.iter().map(|word| capitalised(word)).collect(),
        }
    }
}

/// The variable of a field: the rule decides its case where a variable can have it, else it is in capitals.
pub(crate) fn variable_of(field: &str, rule: Option<RenameRule>) -> String {
    match rule {
        Some(RenameRule::Snake | RenameRule::Lower) => field.to_ascii_lowercase(),
        _ => field.to_ascii_uppercase(),
    }
}

/// A prefix ends in an underscore, written or not.
pub(crate) fn prefix_of(text: &str) -> String {
    if text.is_empty() || text.ends_with('_') { text.to_owned() } else { format!("{text}_") }
}

/// Whether an environment variable can be called so in every shell.
pub(crate) fn is_variable(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The end of a name that plainly says secret, when it has one.
pub(crate) fn secret_ending(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    symbols::SECRET_ENDINGS
        .iter()
        .find(|ending| name.strip_suffix(**ending).is_some_and(|before| before.is_empty() || before.ends_with('_')))
        .copied()
}

/// The words of a name in `PascalCase`: `HTTPServer2` is `HTTP`, `Server2`.
fn words_of(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    for (at, letter) in letters.iter().enumerate() {
        let after_lower = at > 0 && !letters[at - 1].is_uppercase();
        let before_lower = letters.get(at + 1).is_some_and(|next| next.is_lowercase());
        if words.is_empty() || (letter.is_uppercase() && (after_lower || before_lower)) {
            words.push(String::new());
        }
        if let (Some(word), true) = (words.last_mut(), *letter != '_') {
            word.push(*letter);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn capitalised(word: &str) -> String {
    let mut word = word.to_ascii_lowercase();
    if let Some(first) = word.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renames_fields_and_variants() {
        let check = |rule: &str, field: &str, variant: &str| {
            let rule = RenameRule::parse(rule).expect("the rule is known");
            assert_eq!((rule.of_field("pool_size").as_str(), rule.of_variant("PoolSize").as_str()), (field, variant));
        };
        check("SCREAMING_SNAKE_CASE", "POOL_SIZE", "POOL_SIZE");
        check("snake_case", "pool_size", "pool_size");
        check("UPPERCASE", "POOL_SIZE", "POOLSIZE");
        check("lowercase", "pool_size", "poolsize");
        check("kebab-case", "pool-size", "pool-size");
        check("SCREAMING-KEBAB-CASE", "POOL-SIZE", "POOL-SIZE");
        check("camelCase", "poolSize", "poolSize");
        check("PascalCase", "PoolSize", "PoolSize");
        assert_eq!(RenameRule::Kebab.of_variant("HTTPServer2"), "http-server2");
        assert!(symbols::RENAME_RULES.iter().all(|rule| RenameRule::parse(rule).is_some()));
    }

    #[test]
    fn knows_names_that_say_secret() {
        for name in ["password", "DB_PASSWORD", "jwt_secret", "token", "stripe_api_key", "dsn"] {
            assert!(secret_ending(name).is_some(), "{name}");
        }
        for name in ["secretary", "token_count", "api_keys", "key", "password_file", "compasswd"] {
            assert!(secret_ending(name).is_none(), "{name}");
        }
    }
}
