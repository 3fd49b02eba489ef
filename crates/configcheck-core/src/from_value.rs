//! From raw values to typed ones: directed by the field's type, never guessed from the text.
//!
//! Nothing is trimmed, lower-cased or expanded. An error holds no text of a secret field.

use std::fmt::Display;
use std::marker::PhantomData;
use std::str::FromStr;

use crate::schema::TypeSpec;
use crate::secret::Secret;
use crate::value::RawValue;

mod builtin;
#[cfg(feature = "serde")]
pub mod deserialize;

pub use builtin::{bytes, list, map};

/// A type that reads itself from configuration text. `#[derive(ConfigValue)]` implements it for enums; any `FromStr` type works without it.
pub trait ConfigValue: Sized {
    /// What text is accepted.
    const TYPE: TypeSpec;

    /// Whether nothing of a value may be shown: true of `Secret<T>` and of what holds one, under whatever name.
    const IS_SECRET: bool = false;

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
#[allow(missing_debug_implementations, reason = "it lives for one expression of generated code")]
pub struct Probe<T>(PhantomData<fn() -> T>);

impl<T> Probe<T> {
    pub const NEW: Self = Self(PhantomData);
}

impl<T: ConfigValue> Probe<T> {
    pub const TYPE: TypeSpec = T::TYPE;
    pub const IS_SECRET: bool = T::IS_SECRET;
}

// A function of the author's own reads these whatever is inside them.

impl<T> Probe<Secret<T>> {
    pub const HOLDS_SECRET: bool = true;
}

impl<T> Probe<Option<Secret<T>>> {
    pub const HOLDS_SECRET: bool = true;
}

impl<T> Probe<Vec<Secret<T>>> {
    pub const HOLDS_SECRET: bool = true;
}

/// What is known of a type that is no `ConfigValue`. An inherent constant of the same name hides the one here.
#[doc(hidden)]
pub trait UnknownType {
    const TYPE: TypeSpec = TypeSpec::Other;
    const IS_SECRET: bool = false;
    const HOLDS_SECRET: bool = false;
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
