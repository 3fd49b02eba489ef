//! Names in Rust for variables and words: fields, types and variants, none of them twice and none of them a keyword.

/// Words that a field cannot be called, each of which can be written `r#word`.
const KEYWORDS: [&str; 47] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum", "extern", "false",
    "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while",
];

/// Keywords that cannot be written raw.
const NEVER_RAW: [&str; 4] = ["self", "super", "crate", "_"];

/// Types that the generated file names, and those that every file knows.
const TYPES: [&str; 22] = [
    "AppConfig",
    "ByteSize",
    "BTreeMap",
    "Box",
    "ConfigValue",
    "Copy",
    "Debug",
    "Clone",
    "Duration",
    "Environment",
    "Err",
    "IpAddr",
    "None",
    "Ok",
    "Option",
    "PathBuf",
    "Secret",
    "Self",
    "Settings",
    "Some",
    "String",
    "Url",
];

/// Names that were given already.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: Vec<String>,
}

impl Names {
    /// The field for a variable, and whether the variable's name follows from it.
    pub(super) fn field(&mut self, variable: &str) -> (String, bool) {
        let lower: String = variable.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
        let mut name = if lower.starts_with(|c: char| c.is_ascii_digit()) { format!("n{lower}") } else { lower };
        if NEVER_RAW.contains(&name.as_str()) || name.bytes().all(|byte| byte == b'_') {
            name.push_str("value");
        }
        let name = self.free(name, "_");
        let derives = name.to_ascii_uppercase() == variable;
        (if KEYWORDS.contains(&name.as_str()) { format!("r#{name}") } else { name }, derives)
    }

    /// The type for the words of a variable.
    pub(super) fn ty(&mut self, variable: &str) -> String {
        let name = pascal(variable);
        let name = if TYPES.contains(&name.as_str()) { format!("{name}Value") } else { name };
        self.free(name, "")
    }

    /// The variant for a word.
    pub(super) fn variant(&mut self, word: &str) -> String {
        let name = pascal(word);
        let name = if name == "Self" { "SelfWord".to_owned() } else { name };
        self.free(name, "")
    }

    /// The name, with a number where it was given already.
    fn free(&mut self, name: String, before_number: &str) -> String {
        let numbered = (2..).map(|number: u32| format!("{name}{before_number}{number}"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|name| !self.taken.contains(name)).unwrap_or(name);
        self.taken.push(free.clone());
        free
    }
}

/// A name in `PascalCase`: `LOG_LEVEL` and `log-level` become `LogLevel`.
fn pascal(text: &str) -> String {
    let is_shouted = !text.bytes().any(|byte| byte.is_ascii_lowercase());
    let mut name = String::new();
    for part in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()) {
        let (first, rest) = part.split_at(1);
        name.push_str(&first.to_ascii_uppercase());
        name.push_str(&if is_shouted { rest.to_ascii_lowercase() } else { rest.to_owned() });
    }
    match name.bytes().next() {
        None => "Other".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("N{name}"),
        Some(_) => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_called_as_their_variables() {
        let mut names = Names::default();
        for (variable, field, derives) in [
            ("DATABASE_URL", "database_url", true),
            ("TYPE", "r#type", true),
            ("SELF", "selfvalue", false),
            ("npm_token", "npm_token", false),
            ("NPM_TOKEN", "npm_token_2", false),
            ("app.name", "app_name", false),
            ("_", "_value", false),
            ("_PORT", "_port", true),
        ] {
            assert_eq!(names.field(variable), (field.to_owned(), derives), "{variable}");
        }
    }

    #[test]
    fn types_and_variants_are_in_pascal_case() {
        let mut names = Names::default();
        assert_eq!(["LOG_LEVEL", "ENVIRONMENT", "LOGLEVEL"].map(|name| names.ty(name)), ["LogLevel", "EnvironmentValue", "Loglevel"]);
        let mut names = Names::default();
        let words = ["debug", "s3", "eu-west", "EU_WEST", "self", "2fa", "…"].map(|word| names.variant(word));
        assert_eq!(words, ["Debug", "S3", "EuWest", "EuWest2", "SelfWord", "N2fa", "Other"]);
    }
}
