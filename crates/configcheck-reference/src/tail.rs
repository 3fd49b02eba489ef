//! The part that all references share: `path?option=value#field`, and what a reader of it makes of them.

use super::error::{RefError, RefErrorKind};
use super::part::Part;

/// What was read of a reference: the same for every spelling of it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Reading {
    pub(super) scheme: &'static str,
    pub(super) path: String,
    pub(super) field: Option<String>,
    /// Sorted by name.
    pub(super) options: Vec<(String, String)>,
}

pub(super) type Read = Result<Reading, RefError>;

impl Reading {
    pub(super) fn new(scheme: &'static str, path: impl Into<String>, field: Option<String>, options: Options<'_>) -> Self {
        let mut options: Vec<(String, String)> =
            options.0.into_iter().map(|option| (option.name.to_owned(), option.value.to_owned())).collect();
        options.sort();
        Self { scheme, path: path.into(), field, options }
    }
}

/// What stands behind a scheme, in its parts.
pub(super) struct Tail<'t> {
    pub(super) path: Part<'t>,
    pub(super) options: Options<'t>,
    pub(super) field: Option<Part<'t>>,
}

impl<'t> Tail<'t> {
    /// The field comes last in what we write (`path?option=x#field`), and options may follow it in what others write.
    pub(super) fn of(part: Part<'t>) -> Result<Self, RefError> {
        let (before, field) = part.split_once("#").map_or((part, None), |(before, field)| (before, Some(field)));
        let (path, early) = before.split_once("?").map_or((before, None), |(path, options)| (path, Some(options)));
        let (field, late) = match field.and_then(|field| field.split_once("?")) {
            Some((field, options)) => (Some(field), Some(options)),
            None => (field, None),
        };
        if path.text().trim_matches('/').is_empty() {
            return Err(path.wrong(RefErrorKind::NoPath));
        }
        let mut options = Options(Vec::new());
        for part in early.into_iter().chain(late).flat_map(|options| options.split('&')) {
            options.read(part)?;
        }
        if let Some(field) = field.filter(|field| field.is_empty()) {
            return Err(field.wrong(RefErrorKind::NoField));
        }
        Ok(Self { path, options, field })
    }

    /// The field as a key, or as a JSON pointer where it starts with `/`. A pointer of one step is the key.
    pub(super) fn read_field(&self) -> Result<Option<String>, RefError> {
        self.field.map(read_field).transpose()
    }
}

/// Reads a field.
pub(super) fn read_field(part: Part<'_>) -> Result<String, RefError> {
    let part = part.of_characters(is_of_field)?.of_plain_steps()?;
    match part.text().strip_prefix('/') {
        Some("") => Err(part.wrong(RefErrorKind::NoField)),
        Some(step) if !step.contains(['/', '~']) => Ok(part.from(1).of_characters(is_of_field).map(|_| step.to_owned())?),
        _ => Ok(part.text().to_owned()),
    }
}

/// A key as a field, where the key is no pointer even when it starts with `/`.
pub(super) fn field_of_key(part: Part<'_>) -> Result<String, RefError> {
    let key = read_field(part)?;
    Ok(match part.text().strip_prefix('/') {
        Some(rest) => format!("/~1{}", rest.replace('~', "~0").replace('/', "~1")),
        None => key,
    })
}

/// Keys of JSON and names of variables: letters, digits and most of the marks that people put into names.
pub(super) fn is_of_field(c: char) -> bool {
    c.is_alphanumeric() || " _-./~+=@:,()[]*!'".contains(c)
}

/// The options of a reference, with their places.
#[derive(Clone)]
pub(super) struct Options<'t>(Vec<RefOption<'t>>);

#[derive(Clone, Copy)]
struct RefOption<'t> {
    name: &'t str,
    value: &'t str,
}

impl<'t> Options<'t> {
    fn read(&mut self, part: Part<'t>) -> Result<(), RefError> {
        let Some((name, value)) = part.split_once("=").filter(|(name, value)| !name.is_empty() && !value.is_empty()) else {
            return Err(part.wrong(RefErrorKind::Option));
        };
        name.of_characters(|c| c.is_ascii_alphanumeric() || "_-".contains(c))?;
        if is_credential(name.text()) {
            return Err(name.wrong(RefErrorKind::Credential));
        }
        self.set(name.text(), value)
    }

    /// Sets an option, which must not be set to something else already. Whichever way a value came, it has the characters of one.
    pub(super) fn set(&mut self, name: &'t str, value: Part<'t>) -> Result<(), RefError> {
        value.of_characters(|c| c.is_alphanumeric() || " _-./:+=@,~".contains(c))?;
        if value.text().split_once("//").is_some_and(|(_, rest)| rest.contains('@')) {
            return Err(value.wrong(RefErrorKind::Credential));
        }
        match self.0.iter().find(|option| option.name == name) {
            Some(option) if option.value == value.text() => Ok(()),
            Some(_) => Err(value.wrong(RefErrorKind::Twice)),
            None => {
                self.0.push(RefOption { name, value: value.text() });
                Ok(())
            }
        }
    }

    /// The value of an option.
    pub(super) fn of(&self, name: &str) -> Option<&'t str> {
        self.0.iter().find(|option| option.name == name).map(|option| option.value)
    }

    /// Removes an option and gives its value.
    pub(super) fn take(&mut self, name: &str) -> Option<&'t str> {
        let at = self.0.iter().position(|option| option.name == name)?;
        Some(self.0.remove(at).value)
    }

    /// Gives an option the name that it has here.
    pub(super) fn rename(&mut self, from: &str, to: &'static str, place: Part<'_>) -> Result<(), RefError> {
        if let Some(value) = self.take(from) {
            match self.of(to) {
                Some(other) if other != value => return Err(place.wrong_at_end(RefErrorKind::Twice)),
                Some(_) => {}
                None => self.0.push(RefOption { name: to, value }),
            }
        }
        Ok(())
    }
}

/// Whether an option of this name holds what nobody may see. `token_file` and `password_env` only say where it is.
fn is_credential(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["token", "password", "secret", "secret_id", "secret_key", "client_secret", "api_key", "access_key"]
        .iter()
        .any(|end| name.ends_with(end))
}
