//! References to secret managers: `age:secrets.age#JWT_SECRET` and the forms that users of other tools already know.
//!
//! A reference is recognised by its scheme. What stands behind the scheme is the provider's own to read; the field (`#key` or
//! `#/json/pointer`) and the options (`?version=3`) have one grammar for all.

use std::fmt;

/// Every scheme that is known, whether or not its provider is at hand, so that an unresolved reference is never taken for a password.
pub const SCHEMES: [&str; 19] = [
    "vault:",
    "bao:",
    "arn:aws:secretsmanager:",
    "arn:aws:ssm:",
    "aws-sm:",
    "aws-ssm:",
    "gcp-sm:",
    "sm://",
    "azure-kv:",
    "op://",
    "doppler:",
    "infisical:",
    "k8s:",
    "file:",
    "sops:",
    "age:",
    "etcd:",
    "ref+",
    "secretref+",
];

/// The longest reference, in bytes.
const LONGEST: usize = 2_048;

/// A reference in its parts. Its `Display` is what was written; a reference holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SecretRef {
    text: String,
    scheme: &'static str,
    path: (usize, usize),
    field: Option<(usize, usize)>,
    options: Vec<(String, String)>,
}

/// Why text with a known scheme is no good reference, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefError {
    /// What is wrong.
    pub kind: RefErrorKind,
    /// The byte in the reference where it is wrong.
    pub at: usize,
}

/// What is wrong with a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefErrorKind {
    /// Nothing stands behind the scheme.
    NoPath,
    /// A `#` with nothing behind it.
    NoField,
    /// A control character, a blank or a backslash.
    Character,
    /// `..` as a step of a path, plain or percent-encoded.
    Traversal,
    /// An option without a name or a value.
    Option,
    /// More than 2,048 bytes.
    TooLong,
}

impl fmt::Display for RefErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoPath => "nothing stands behind the scheme",
            Self::NoField => "a field is missing after #",
            Self::Character => "a character that a reference may not have",
            Self::Traversal => "a step to a parent folder",
            Self::Option => "an option that is not name=value",
            Self::TooLong => "more than 2,048 bytes",
        })
    }
}

impl fmt::Display for RefError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, at character {}", self.kind, self.at + 1)
    }
}

impl std::error::Error for RefError {}

impl SecretRef {
    /// Reads a reference. `None` when the text has no known scheme and so is plain text.
    pub fn parse(text: &str) -> Option<Result<Self, RefError>> {
        let scheme = scheme_of(text)?;
        Some(Self::parse_with(text, scheme))
    }

    /// Whether the text has the form of a reference.
    pub fn is_reference(text: &str) -> bool {
        scheme_of(text).is_some()
    }

    fn parse_with(text: &str, scheme: &'static str) -> Result<Self, RefError> {
        let fail = |kind, at| Err(RefError { kind, at });
        if text.len() > LONGEST {
            return fail(RefErrorKind::TooLong, LONGEST);
        }
        if let Some(at) = text.find(|c: char| c.is_control() || c == '\\' || (c.is_whitespace() && c != ' ')) {
            return fail(RefErrorKind::Character, at);
        }
        // The field comes last in what we write (`path?option=x#field`), and options may follow it in what others write.
        let start = scheme.len();
        let (before, field) = match text[start..].find('#') {
            Some(hash) => (start + hash, Some(start + hash + 1)),
            None => (text.len(), None),
        };
        let path_end = text[start..before].find('?').map_or(before, |mark| start + mark);
        let (field_end, late_options) = match field {
            Some(field) => {
                let end = text[field..].find('?').map_or(text.len(), |mark| field + mark);
                (end, (end < text.len()).then_some(end + 1))
            }
            None => (text.len(), None),
        };
        if text[start..path_end].trim_matches('/').is_empty() {
            return fail(RefErrorKind::NoPath, start);
        }
        if field.is_some_and(|field| field == field_end) {
            return fail(RefErrorKind::NoField, before);
        }
        if let Some(at) = traversal(&text[start..path_end]) {
            return fail(RefErrorKind::Traversal, start + at);
        }
        let mut options = Vec::new();
        let early = (path_end < before).then_some((path_end + 1, before));
        for (from, to) in early.into_iter().chain(late_options.map(|from| (from, text.len()))) {
            for part in text[from..to].split('&') {
                match part.split_once('=') {
                    Some((name, value)) if !name.is_empty() && !value.is_empty() => options.push((name.to_owned(), value.to_owned())),
                    _ => return fail(RefErrorKind::Option, from),
                }
            }
        }
        Ok(Self { text: text.to_owned(), scheme, path: (start, path_end), field: field.map(|field| (field, field_end)), options })
    }

    /// The scheme without its colon: `age`, `vault`, `arn:aws:ssm`.
    pub fn scheme(&self) -> &'static str {
        self.scheme.trim_end_matches('/').trim_end_matches([':', '+'])
    }

    /// What stands between the scheme and the field.
    pub fn path(&self) -> &str {
        &self.text[self.path.0..self.path.1]
    }

    /// The field: a key, or a JSON pointer where it starts with `/`.
    pub fn field(&self) -> Option<&str> {
        self.field.map(|(start, end)| &self.text[start..end])
    }

    /// The value of an option.
    pub fn option(&self, name: &str) -> Option<&str> {
        self.options.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// The names of the options, in the order in which they stand.
    pub fn option_names(&self) -> impl Iterator<Item = &str> {
        self.options.iter().map(|(name, _)| name.as_str())
    }

    /// The reference without its field: references to fields of one secret share it, and are fetched once.
    pub fn without_field(&self) -> Self {
        let mut text = self.text[..self.path.1].to_owned();
        for (at, (name, value)) in self.options.iter().enumerate() {
            text.push(if at == 0 { '?' } else { '&' });
            text.push_str(name);
            text.push('=');
            text.push_str(value);
        }
        Self { text, scheme: self.scheme, path: self.path, field: None, options: self.options.clone() }
    }

    /// The text as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for SecretRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn scheme_of(text: &str) -> Option<&'static str> {
    // The first letters rule almost every value out.
    SCHEMES.iter().copied().find(|scheme| text.starts_with(scheme))
}

/// The byte where a step to a parent folder stands.
fn traversal(path: &str) -> Option<usize> {
    let mut at = 0;
    for step in path.split('/') {
        let decoded = step.to_ascii_lowercase().replace("%2e", ".");
        if decoded == ".." || decoded.contains("%2f") || decoded.contains("%00") {
            return Some(at);
        }
        at += step.len() + 1;
    }
    None
}
