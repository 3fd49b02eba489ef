//! What can be wrong with a reference, and where.

use std::fmt;

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
    /// A character that references of this scheme may not have.
    Character,
    /// A percent-encoded character.
    Encoded,
    /// `..` or `.` as a step of a path.
    Traversal,
    /// Nothing between two slashes.
    EmptyStep,
    /// The parts are not those of this scheme; holds the form that is expected.
    Form(&'static str),
    /// An option without a name or a value.
    Option,
    /// Something that is said twice: an option, a version, a field.
    Twice,
    /// An option that would hold a password or a token.
    Credential,
    /// The address of a server in place of a path.
    Address,
    /// Text beside the reference.
    Inline,
    /// A reference to a program or a web address, or one that writes.
    NeverFollowed,
    /// A backend of vals that has no scheme here.
    Backend,
    /// `{environment}` or `{name}`, where a whole reference is needed.
    Unfilled,
    /// Braces around something else than `environment` or `name`.
    Template,
    /// More than 2,048 bytes.
    TooLong,
}

impl fmt::Display for RefErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoPath => "nothing stands behind the scheme",
            Self::NoField => "a field is missing after #",
            Self::Character => "a character that a reference of this scheme may not have",
            Self::Encoded => "a percent-encoded character; write the character itself",
            Self::Traversal => "a step to a parent folder",
            Self::EmptyStep => "nothing between two slashes",
            Self::Form(form) => return write!(f, "it is not of the form {form}"),
            Self::Option => "an option that is not name=value",
            Self::Twice => "something that is said twice",
            Self::Credential => "a password or a token; a reference is shown in reports, so it holds none",
            Self::Address => "the address of a server; it belongs in the settings of the secret manager",
            Self::Inline => "text beside the reference; the value has to be the reference alone",
            Self::NeverFollowed => "it runs a program, calls a web address or writes; such a reference is never followed",
            Self::Backend => "a backend of vals that is not known here",
            Self::Unfilled => "{environment} or {name} is not filled in",
            Self::Template => "braces that hold neither environment nor name",
            Self::TooLong => "more than 2,048 bytes",
        })
    }
}

impl fmt::Display for RefError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, at byte {}", self.kind, self.at + 1)
    }
}

impl std::error::Error for RefError {}
