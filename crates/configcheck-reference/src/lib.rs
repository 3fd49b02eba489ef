//! References to secret managers: `age:secrets.age#JWT_SECRET` and the forms that users of other tools already know.
//!
//! A reference is read once, into a scheme, a path, a field (`#key` or `#/json/pointer`) and options (`?version=3`). Whichever way one
//! secret is written, it has one [`SecretRef::id`], as far as that can be known without asking anybody. docs/references.md lists the forms.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

mod aws;
mod azure;
mod doppler;
mod error;
mod etcd;
mod files;
mod forms;
mod gcp;
mod infisical;
mod kubernetes;
mod onepassword;
mod part;
mod tail;
mod template;
#[cfg(test)]
mod tests;
mod vals;
mod vault;

pub use error::{RefError, RefErrorKind};
pub use template::RefTemplate;

use forms::Form;
use part::Part;
use tail::Reading;

/// Every scheme that is known, whether or not its provider is at hand, so that an unresolved reference is never taken for a password.
pub const SCHEMES: [&str; 13] =
    ["vault", "aws-sm", "aws-ssm", "gcp-sm", "azure-kv", "op", "doppler", "infisical", "k8s", "file", "sops", "age", "etcd"];

/// The options that the engine reads itself, of references of every scheme. They change what is made of a secret, not which one it is.
pub const ENGINE_OPTIONS: [&str; 3] = ["encoding", "optional", "trim_nl"];

/// The longest reference, in bytes.
const LONGEST: usize = 2_048;

/// A reference in its parts. Two are equal when they mean the same field of the same secret, however they are written.
///
/// Its `Display` is the canonical text. A reference holds no secret and no password of a server, so all of it may be shown.
///
/// ```
/// use configcheck_reference::SecretRef;
///
/// let parse = |text| SecretRef::parse(text).unwrap().unwrap();
/// let reference = parse("ref+vault://secret/data/app?version=3#/key");
/// assert_eq!(reference, parse("bao:secret/data/app#key#3"));
/// assert_eq!(reference.to_string(), "vault:secret/data/app?version=3#key");
/// assert_eq!(reference.id(), "vault:secret/data/app?version=3");
/// ```
#[derive(Clone)]
pub struct SecretRef {
    written: String,
    reading: Reading,
}

impl SecretRef {
    /// Reads a reference. `None` when the text has no known scheme and so is plain text.
    ///
    /// # Errors
    ///
    /// What is wrong with it and where. `{environment}` and `{name}` are to be filled in before; see [`RefTemplate`].
    pub fn parse(text: &str) -> Option<Result<Self, RefError>> {
        read(text, false)
    }

    /// Whether the text has the form of a reference.
    pub fn is_reference(text: &str) -> bool {
        Form::of(text).is_some()
    }

    /// The canonical scheme, one of [`SCHEMES`]: `vault` also for `bao:` and `ref+vault://`, `aws-sm` also for an ARN.
    pub fn scheme(&self) -> &'static str {
        self.reading.scheme
    }

    /// The canonical locator behind the scheme, without field and options; for an ARN the whole ARN.
    pub fn path(&self) -> &str {
        &self.reading.path
    }

    /// The field: a key, or a JSON pointer where it starts with `/`.
    pub fn field(&self) -> Option<&str> {
        self.reading.field.as_deref()
    }

    /// The value of an option.
    pub fn option(&self, name: &str) -> Option<&str> {
        self.reading.options.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// The names of the options, sorted.
    pub fn option_names(&self) -> impl Iterator<Item = &str> {
        self.reading.options.iter().map(|(name, _)| name.as_str())
    }

    /// What is fetched: the reference without its field and without the engine's own options. References to fields of one secret share it,
    /// and are fetched once.
    pub fn without_field(&self) -> Self {
        let options = self.reading.options.iter().filter(|(name, _)| !ENGINE_OPTIONS.contains(&name.as_str())).cloned().collect();
        let reading = Reading { field: None, options, scheme: self.reading.scheme, path: self.reading.path.clone() };
        Self { written: reading.text(), reading }
    }

    /// The canonical text of what is fetched: the name of the secret for caches, audit and policies.
    pub fn id(&self) -> String {
        self.without_field().written
    }

    /// The text as it was written.
    pub fn as_str(&self) -> &str {
        &self.written
    }
}

fn read(text: &str, with_templates: bool) -> Option<Result<SecretRef, RefError>> {
    let form = Form::of(text)?;
    if text.len() > LONGEST {
        return Some(Err(RefError { kind: RefErrorKind::TooLong, at: text.floor_char_boundary(LONGEST) }));
    }
    let reading = form.read(Part::whole(text, with_templates));
    Some(reading.map(|reading| SecretRef { written: text.to_owned(), reading }))
}

impl Reading {
    /// The canonical text.
    fn text(&self) -> String {
        // 1Password and Doppler write the field as a step of the path, and an ARN is its own scheme.
        let field_is_step = matches!(self.scheme, onepassword::SCHEME | doppler::SCHEME);
        let mut text = match self.scheme {
            onepassword::SCHEME => "op://".to_owned(),
            aws::SECRETS | aws::PARAMETERS if self.path.starts_with("arn:") => String::new(),
            scheme => format!("{scheme}:"),
        };
        text.push_str(&self.path);
        if let Some(field) = self.field.as_ref().filter(|_| field_is_step) {
            text.push('/');
            text.push_str(field);
        }
        for (at, (name, value)) in self.options.iter().enumerate() {
            text.push(if at == 0 { '?' } else { '&' });
            text.push_str(name);
            text.push('=');
            text.push_str(value);
        }
        if let Some(field) = self.field.as_ref().filter(|_| !field_is_step) {
            text.push('#');
            text.push_str(field);
        }
        text
    }
}

impl PartialEq for SecretRef {
    fn eq(&self, other: &Self) -> bool {
        self.reading == other.reading
    }
}

impl Eq for SecretRef {}

impl Hash for SecretRef {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.reading.hash(state);
    }
}

impl PartialOrd for SecretRef {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SecretRef {
    fn cmp(&self, other: &Self) -> Ordering {
        self.reading.cmp(&other.reading)
    }
}

impl fmt::Display for SecretRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reading.text())
    }
}

impl fmt::Debug for SecretRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretRef({self})")
    }
}
