//! References with `{environment}` and `{name}` in them, as a schema declares them: `vault:secret/data/{environment}/{name}#key`.

use std::fmt;

use super::error::{RefError, RefErrorKind};
use super::part::Part;
use super::{LONGEST, SecretRef, read};

/// A reference that waits for the names of the environment and the service.
///
/// ```
/// use configcheck_reference::RefTemplate;
///
/// let template = RefTemplate::parse("vault:secret/data/{environment}/{name}#key").unwrap().unwrap();
/// assert!(template.needs_environment());
/// let reference = template.fill(Some("staging"), "checkout").unwrap();
/// assert_eq!(reference.path(), "secret/data/staging/checkout");
/// assert!(template.fill(None, "checkout").is_err());
/// assert!(template.fill(Some("../sys"), "checkout").is_err());
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RefTemplate(SecretRef);

impl RefTemplate {
    /// Reads a reference in which `{environment}` and `{name}` may stand for text. `None` when the text has no known scheme.
    ///
    /// # Errors
    ///
    /// What is wrong with it, whatever the names will be.
    pub fn parse(text: &str) -> Option<Result<Self, RefError>> {
        Some(read(text, true)?.map(Self))
    }

    /// The reference with the braces in it. It is good for naming and comparing, and not for fetching.
    pub fn unfilled(&self) -> &SecretRef {
        &self.0
    }

    /// Whether it cannot be filled without the environment.
    pub fn needs_environment(&self) -> bool {
        self.0.as_str().contains("{environment}")
    }

    /// The reference with the names put in.
    ///
    /// # Errors
    ///
    /// A name that is needed is not known, or has other characters than letters, digits and `- _ .`, so that it would lead elsewhere.
    pub fn fill(&self, environment: Option<&str>, name: &str) -> Result<SecretRef, RefError> {
        let mut text = self.0.as_str().to_owned();
        for (template, value) in [("{environment}", environment), ("{name}", Some(name))] {
            let Some(at) = text.find(template) else { continue };
            let Some(value) = value else { return Err(RefError { kind: RefErrorKind::Unfilled, at }) };
            if value.is_empty() || Part::whole(value, false).of_characters(|c| c.is_alphanumeric() || "-_.".contains(c)).is_err() {
                return Err(RefError { kind: RefErrorKind::Character, at });
            }
            text = text.replace(template, value);
        }
        match SecretRef::parse(&text) {
            Some(result) => result,
            None => Err(RefError { kind: RefErrorKind::TooLong, at: LONGEST.min(text.len()) }),
        }
    }
}

impl fmt::Display for RefTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for RefTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RefTemplate({self})")
    }
}
