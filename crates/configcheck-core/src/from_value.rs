//! From raw values to typed ones: directed by the field's type, never guessed from the text.
//!
//! Nothing is trimmed, lower-cased or expanded. An error holds no text of a secret field.

use std::fmt::Display;
use std::marker::PhantomData;
use std::str::FromStr;

use crate::environment::Environment;
use crate::schema::{Schema, TypeSpec};
use crate::snapshot::{Snapshot, StructViolation, Verdict, Violation};
use crate::value::RawValue;

mod builtin;
#[cfg(feature = "serde")]
pub mod deserialize;

pub use builtin::{bytes, list, map};

/// A type that reads itself from configuration text. `#[derive(ConfigValue)]` implements it for enums; any `FromStr` type works without it.
pub trait ConfigValue: Sized {
    /// What text is accepted.
    const TYPE: TypeSpec;

    /// Reads the value.
    ///
    /// # Errors
    ///
    /// A mismatch, which says why and holds no text of the value.
    fn from_input(input: Input<'_>) -> Result<Self, Mismatch>;
}

/// A raw value on its way to a field.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    value: &'a RawValue,
    separator: &'a str,
}

/// Why a raw value is no value of the field's type. What it says comes from the schema; `detail` only ever holds what a parser said of
/// a field that is no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// What kind of mismatch.
    pub kind: MismatchKind,
    /// Number of the item in a list, from 1.
    pub item: Option<usize>,
    /// What the type's own parser said.
    pub detail: Option<String>,
    /// The nearest of the accepted words.
    pub nearest: Option<&'static str>,
}

/// What kind of mismatch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MismatchKind {
    /// The text is not of the type.
    Type,
    /// The bytes are not UTF-8.
    NotUtf8,
    /// A table or a list stands where text was expected.
    NotText,
    /// Text stands where a table was expected.
    NotTable,
}

impl MismatchKind {
    /// The mismatch without anything else.
    pub const fn mismatch(self) -> Mismatch {
        Mismatch { kind: self, item: None, detail: None, nearest: None }
    }
}

impl<'a> Input<'a> {
    /// A value with the separator of its field.
    pub const fn new(value: &'a RawValue, separator: &'a str) -> Self {
        Self { value, separator }
    }

    /// The raw value.
    pub const fn value(self) -> &'a RawValue {
        self.value
    }

    /// What stands between items of a list in text.
    pub const fn separator(self) -> &'a str {
        self.separator
    }

    /// The text.
    ///
    /// # Errors
    ///
    /// A mismatch when the bytes are not UTF-8, or a list or table stands here.
    pub fn text(self) -> Result<&'a str, Mismatch> {
        match self.value {
            RawValue::Text(text) => text.text().ok_or(MismatchKind::NotUtf8.mismatch()),
            RawValue::List(_) | RawValue::Table(_) => Err(MismatchKind::NotText.mismatch()),
        }
    }

    /// Reads the text with a parser.
    ///
    /// # Errors
    ///
    /// A mismatch when there is no text, or the parser refuses it.
    pub fn parse<T: FromStr>(self) -> Result<T, Mismatch> {
        self.text()?.parse().map_err(|_| MismatchKind::Type.mismatch())
    }
}

/// Finds, for a field's type, the best way to read it: `ConfigValue`, else `FromStr`, else `serde::Deserialize`. Generated code calls
/// `(&&&&Probe::<T>::NEW).read(input)`, where each reference taken off is one step down that list.
#[doc(hidden)]
#[allow(missing_debug_implementations)]
pub struct Probe<T>(PhantomData<fn() -> T>);

impl<T> Probe<T> {
    pub const NEW: Self = Self(PhantomData);
}

impl<T: ConfigValue> Probe<T> {
    pub const TYPE: TypeSpec = T::TYPE;
}

/// What a type accepts when it is no `ConfigValue`. An inherent constant of the same name hides this one.
#[doc(hidden)]
pub trait UnknownType {
    const TYPE: TypeSpec = TypeSpec::Other;
}

impl<T> UnknownType for Probe<T> {}

#[doc(hidden)]
pub trait ReadConfigValue<T> {
    fn read(&self, input: Input<'_>) -> Result<T, Mismatch>;
}

impl<T: ConfigValue> ReadConfigValue<T> for &&&Probe<T> {
    #[inline]
    fn read(&self, input: Input<'_>) -> Result<T, Mismatch> {
        T::from_input(input)
    }
}

#[doc(hidden)]
pub trait ReadFromStrDisplay<T> {
    fn read(&self, input: Input<'_>) -> Result<T, Mismatch>;
}

impl<T: FromStr<Err: Display>> ReadFromStrDisplay<T> for &&Probe<T> {
    fn read(&self, input: Input<'_>) -> Result<T, Mismatch> {
        input.text()?.parse().map_err(|error: T::Err| said(&error))
    }
}

#[doc(hidden)]
pub trait ReadFromStr<T> {
    fn read(&self, input: Input<'_>) -> Result<T, Mismatch>;
}

impl<T: FromStr> ReadFromStr<T> for &Probe<T> {
    fn read(&self, input: Input<'_>) -> Result<T, Mismatch> {
        input.parse()
    }
}

/// A mismatch with what a parser said.
#[doc(hidden)]
pub fn said(error: &dyn Display) -> Mismatch {
    Mismatch { detail: Some(error.to_string()), ..MismatchKind::Type.mismatch() }
}

/// What a user's function said of a failure: its `Display`, where it has one.
#[doc(hidden)]
#[derive(Debug)]
pub struct Said<'a, E>(pub &'a E);

#[doc(hidden)]
pub trait SaidDisplay {
    fn text(&self) -> Option<String>;
}

impl<E: Display> SaidDisplay for &Said<'_, E> {
    fn text(&self) -> Option<String> {
        Some(self.0.to_string())
    }
}

#[doc(hidden)]
pub trait SaidNothing {
    fn text(&self) -> Option<String> {
        None
    }
}

impl<E> SaidNothing for Said<'_, E> {}

/// Walks the keys of a schema in order and makes typed values of their slots. Generated code drives it.
#[derive(Debug)]
pub struct Construct<'a> {
    schema: &'a Schema,
    snapshot: &'a mut Snapshot,
    next: usize,
}

impl<'a> Construct<'a> {
    /// Starts at the first key.
    pub fn new(schema: &'a Schema, snapshot: &'a mut Snapshot) -> Self {
        Self { schema, snapshot, next: 0 }
    }

    /// The key that comes next.
    #[doc(hidden)]
    pub fn next_key(&self) -> usize {
        self.next
    }

    /// A field that is no `Option`. `None` when it has no value or no good one.
    #[doc(hidden)]
    #[inline]
    pub fn required<T>(&mut self, read: impl FnOnce(Input<'_>) -> Result<T, Mismatch>) -> Option<T> {
        let key = self.advance();
        let read = read(self.input(key)?);
        self.judge(key, read)
    }

    /// A field that is an `Option`. `Some(None)` when it is not set, `None` when it is set to no good value.
    #[doc(hidden)]
    #[inline]
    pub fn optional<T>(&mut self, read: impl FnOnce(Input<'_>) -> Result<T, Mismatch>) -> Option<Option<T>> {
        let key = self.advance();
        let Some(input) = self.input(key) else { return self.unset(key).then_some(None) };
        let read = read(input);
        self.judge(key, read).map(Some)
    }

    /// A field of type `Environment`.
    #[doc(hidden)]
    pub fn environment(&mut self) -> Option<Environment> {
        self.advance();
        self.snapshot.environment.clone()
    }

    /// A struct inside the struct.
    #[doc(hidden)]
    pub fn group<T>(&mut self, construct: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        construct(self)
    }

    /// A struct that may be absent as a whole. `Some(None)` when none of its keys is set.
    #[doc(hidden)]
    pub fn optional_group<T>(&mut self, construct: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        let start = self.next;
        let group = self.schema.groups().iter().find(|group| group.optional && group.keys.start == start);
        let keys = group.map_or(start..start, |group| group.keys.clone());
        if !self.snapshot.sets_any(keys.clone()) {
            self.next = keys.end;
            return Some(None);
        }
        construct(self).map(Some)
    }

    /// Records whether a value satisfies one of its field's constraints.
    #[doc(hidden)]
    pub fn verify(&mut self, key: usize, constraint: usize, satisfied: bool) {
        if !satisfied {
            self.snapshot.slots[key].more().violations.push(Violation { constraint, message: None });
        }
    }

    /// Records what the service's own function said of a value. Nothing of it is kept for a secret.
    #[doc(hidden)]
    pub fn verify_custom(&mut self, key: usize, constraint: usize, result: Result<(), Option<String>>) {
        if let Err(message) = result {
            let message = message.filter(|_| !self.schema.keys()[key].spec.is_secret());
            self.snapshot.slots[key].more().violations.push(Violation { constraint, message });
        }
    }

    /// Records what a check over several fields said. The function's own words are kept only when no field of the struct is a secret.
    #[doc(hidden)]
    pub fn verify_struct(&mut self, first_key: usize, said: Option<String>, message: Option<&str>, code: Option<&str>) {
        let keys = &self.schema.keys()[first_key..self.next];
        let said = said.filter(|_| !keys.iter().any(|key| key.spec.is_secret()));
        let message = message.map(ToOwned::to_owned).or(said).unwrap_or_else(|| "a check over several fields failed".to_owned());
        let path = keys.first().and_then(|key| key.path.rsplit_once('.')).map_or_else(String::new, |(parent, _)| parent.to_owned());
        self.snapshot.struct_violations.push(StructViolation { path, first_key, message, code: code.map(ToOwned::to_owned) });
    }

    /// Whether no key from the given one on has failed a check, so that a check over several fields may build on each.
    #[doc(hidden)]
    pub fn is_sound_since(&self, first_key: usize) -> bool {
        self.snapshot.slots[first_key..self.next].iter().all(|slot| slot.violations().is_empty())
    }

    fn advance(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }

    /// The value of a key; `None` when it has none, or none that may be used yet.
    fn input(&self, key: usize) -> Option<Input<'_>> {
        let entry = self.snapshot.slots[key].winner.as_ref()?;
        Some(Input::new(&entry.value, self.schema.keys()[key].spec.separator))
    }

    /// Whether the key is rightly without a value, as opposed to one whose reference failed.
    fn unset(&self, key: usize) -> bool {
        self.snapshot.slots[key].resolved().is_none()
    }

    #[inline]
    fn judge<T>(&mut self, key: usize, read: Result<T, Mismatch>) -> Option<T> {
        match read {
            Ok(value) => {
                self.snapshot.slots[key].verdict = Verdict::Accepted;
                Some(value)
            }
            Err(mismatch) => {
                self.refuse(key, mismatch);
                None
            }
        }
    }

    #[cold]
    fn refuse(&mut self, key: usize, mut mismatch: Mismatch) {
        if self.schema.keys()[key].spec.is_secret() {
            mismatch.detail = None;
            mismatch.nearest = None;
            mismatch.item = None;
        }
        self.snapshot.slots[key].verdict = Verdict::Refused(Box::new(mismatch));
    }
}
