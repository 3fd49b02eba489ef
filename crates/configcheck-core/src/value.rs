//! Raw values as sources deliver them: text, lists and tables, not yet of any type. Nothing here can be printed.

use std::fmt;

use zeroize::Zeroize;

/// What a source holds for one key, before the field's type is asked.
pub enum RawValue {
    /// Text, byte for byte.
    Text(RawText),
    /// A list of a config file.
    List(Vec<RawValue>),
    /// A table of a config file, in the order of the file.
    Table(Vec<(String, RawValue)>),
}

impl RawValue {
    /// Text that the program holds for ever: a default of the schema.
    pub const fn fixed(text: &'static str) -> Self {
        Self::Text(RawText(Repr::Fixed(text)))
    }

    /// Whether this is text with nothing in it.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Text(text) if text.bytes().is_empty())
    }

    /// Whether two values hold the same, for telling a harmless duplicate from a conflict.
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => a.bytes() == b.bytes(),
            (Self::List(a), Self::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b)),
            (Self::Table(a), Self::Table(b)) => a.len() == b.len() && a.iter().zip(b).all(|((ka, a), (kb, b))| ka == kb && a.same(b)),
            _ => false,
        }
    }

    /// Overwrites everything in it when it is dropped, and everything that it is made of.
    pub fn wiped_on_drop(self) -> Self {
        match self {
            Self::Text(text) => Self::Text(text.wiped_on_drop()),
            Self::List(items) => Self::List(items.into_iter().map(Self::wiped_on_drop).collect()),
            Self::Table(rows) => Self::Table(rows.into_iter().map(|(key, value)| (key, value.wiped_on_drop())).collect()),
        }
    }
}

impl fmt::Debug for RawValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text(…)",
            Self::List(_) => "List(…)",
            Self::Table(_) => "Table(…)",
        })
    }
}

/// Text or, where a source gave bytes that are not UTF-8, those bytes.
pub struct RawText(Repr);

enum Repr {
    Fixed(&'static str),
    Text(String),
    Wiped(String),
    Bytes(Vec<u8>),
}

impl RawText {
    /// Text that is not known to be secret.
    pub const fn new(text: String) -> Self {
        Self(Repr::Text(text))
    }

    /// Bytes: text where they are UTF-8, else bytes that only a byte field can take.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self(Repr::Text(text)),
            Err(error) => Self(Repr::Bytes(error.into_bytes())),
        }
    }

    /// The bytes, whatever they are.
    pub fn bytes(&self) -> &[u8] {
        match &self.0 {
            Repr::Fixed(text) => text.as_bytes(),
            Repr::Text(text) | Repr::Wiped(text) => text.as_bytes(),
            Repr::Bytes(bytes) => bytes,
        }
    }

    /// The text; `None` where the bytes are not UTF-8.
    pub fn text(&self) -> Option<&str> {
        match &self.0 {
            Repr::Fixed(text) => Some(text),
            Repr::Text(text) | Repr::Wiped(text) => Some(text),
            Repr::Bytes(_) => None,
        }
    }

    /// Overwrites the text when it is dropped. Bytes that are not UTF-8 are always overwritten.
    pub fn wiped_on_drop(mut self) -> Self {
        if let Repr::Text(text) = &mut self.0 {
            let text = std::mem::take(text);
            self.0 = Repr::Wiped(text);
        }
        self
    }
}

impl Drop for RawText {
    fn drop(&mut self) {
        match &mut self.0 {
            Repr::Wiped(text) => text.zeroize(),
            Repr::Bytes(bytes) => bytes.zeroize(),
            Repr::Fixed(_) | Repr::Text(_) => {}
        }
    }
}

impl fmt::Debug for RawText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RawText(…)")
    }
}

#[cfg(test)]
mod tests;
