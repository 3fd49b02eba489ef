//! Fields of any `serde::Deserialize` type, read from raw values without guessing: a type that asks for a number gets the text parsed,
//! one that asks for text gets the text, one that asks for a list gets the list or the text split at the separator.

use std::fmt::{self, Display};
use std::str::FromStr;

use serde_core::de::{self, DeserializeOwned, DeserializeSeed, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde_core::forward_to_deserialize_any;

use super::builtin::part_of;
use super::{ConfigValue as _, Input, Mismatch, MismatchKind, Probe};
use crate::value::{RawText, RawValue};

/// Reads a type that is neither a `ConfigValue` nor `FromStr`.
#[doc(hidden)]
pub trait ReadDeserialize<T> {
    /// Reads the value.
    ///
    /// # Errors
    ///
    /// A mismatch with what the type said.
    fn read(&self, input: Input<'_>) -> Result<T, Mismatch>;
}

impl<T: DeserializeOwned> ReadDeserialize<T> for Probe<T> {
    fn read(&self, input: Input<'_>) -> Result<T, Mismatch> {
        T::deserialize(Value(input)).map_err(|Refusal(mismatch)| mismatch)
    }
}

/// A mismatch on its way through serde.
#[derive(Debug)]
struct Refusal(Mismatch);

impl Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value does not fit the type")
    }
}

impl std::error::Error for Refusal {}

impl de::Error for Refusal {
    fn custom<T: Display>(message: T) -> Self {
        Self(super::said(&message))
    }
}

impl From<Mismatch> for Refusal {
    fn from(mismatch: Mismatch) -> Self {
        Self(mismatch)
    }
}

/// A raw value as serde asks it.
struct Value<'a>(Input<'a>);

impl<'a> Value<'a> {
    fn parse<T: FromStr>(&self) -> Result<T, Refusal> {
        Ok(self.0.parse()?)
    }

    fn inner(&self, value: &'a RawValue) -> Self {
        Self(Input::new(value, self.0.separator()))
    }

    /// The items: of a list, or of split text.
    fn with_items<T>(&self, take: impl FnOnce(Items<'_>) -> Result<T, Refusal>) -> Result<T, Refusal> {
        let separator = self.0.separator();
        match self.0.value() {
            RawValue::List(items) => take(Items { all: items, separator, number: 0 }),
            RawValue::Text(_) => {
                let text = self.0.text()?;
                let parts: Vec<RawValue> = if text.is_empty() { Vec::new() } else { text.split(separator).map(part_of).collect() };
                take(Items { all: &parts, separator, number: 0 })
            }
            RawValue::Table(_) => Err(MismatchKind::NotText.mismatch().into()),
        }
    }

    /// The rows: of a table, or of text split into pairs.
    fn with_rows<T>(&self, take: impl FnOnce(Rows<'_>) -> Result<T, Refusal>) -> Result<T, Refusal> {
        let separator = self.0.separator();
        match self.0.value() {
            RawValue::Table(rows) => take(Rows { left: rows, separator, value: None }),
            RawValue::Text(_) => {
                let text = self.0.text()?;
                let pairs = (!text.is_empty()).then(|| text.split(separator)).into_iter().flatten();
                let pairs = pairs.map(|pair| {
                    let (key, value) = pair.split_once('=').ok_or(MismatchKind::Type.mismatch())?;
                    Ok((key.trim_matches(' ').to_owned(), part_of(value)))
                });
                let rows = pairs.collect::<Result<Vec<_>, Mismatch>>()?;
                take(Rows { left: &rows, separator, value: None })
            }
            RawValue::List(_) => Err(MismatchKind::NotTable.mismatch().into()),
        }
    }
}

macro_rules! parsed {
    ($($method:ident => $visit:ident;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
            visitor.$visit(self.parse()?)
        }
    )*};
}

impl<'de> de::Deserializer<'de> for Value<'_> {
    type Error = Refusal;

    parsed! {
        deserialize_u8 => visit_u8;
        deserialize_u16 => visit_u16;
        deserialize_u32 => visit_u32;
        deserialize_u64 => visit_u64;
        deserialize_u128 => visit_u128;
        deserialize_i8 => visit_i8;
        deserialize_i16 => visit_i16;
        deserialize_i32 => visit_i32;
        deserialize_i64 => visit_i64;
        deserialize_i128 => visit_i128;
        deserialize_f32 => visit_f32;
        deserialize_f64 => visit_f64;
        deserialize_char => visit_char;
    }

    /// A type that does not say what it wants gets what there is: text stays text.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self.0.value() {
            RawValue::Text(_) => visitor.visit_str(self.0.text()?),
            RawValue::List(_) => self.deserialize_seq(visitor),
            RawValue::Table(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_bool(bool::from_input(self.0)?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_str(self.0.text()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_str(self.0.text()?)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_str(self.0.text()?)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self.0.value() {
            RawValue::Text(text) => visitor.visit_bytes(text.bytes()),
            RawValue::List(_) | RawValue::Table(_) => self.deserialize_seq(visitor),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.deserialize_bytes(visitor)
    }

    /// What is read is set; an `Option` that is not set never comes here.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.with_items(|items| visitor.visit_seq(items))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Refusal> {
        self.with_items(|items| {
            if items.all.len() != length {
                return Err(super::said(&format_args!("{length} items are expected")).into());
            }
            visitor.visit_seq(items)
        })
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(self, _: &'static str, length: usize, visitor: V) -> Result<V::Value, Refusal> {
        self.deserialize_tuple(length, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.with_rows(|rows| visitor.visit_map(rows))
    }

    fn deserialize_struct<V: Visitor<'de>>(self, _: &'static str, _: &'static [&'static str], visitor: V) -> Result<V::Value, Refusal> {
        match self.0.value() {
            RawValue::Table(_) => self.deserialize_map(visitor),
            RawValue::Text(_) | RawValue::List(_) => Err(MismatchKind::NotTable.mismatch().into()),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        match self.0.value() {
            RawValue::Text(_) => {
                let word = self.0.text()?;
                let result = visitor.visit_enum(Variant { word, value: None });
                // serde's own message would quote the text; the list of variants says the same without it.
                result.map_err(|refusal| if variants.contains(&word) { refusal } else { no_variant(word, variants) })
            }
            RawValue::Table(rows) => match rows.as_slice() {
                [(word, value)] => visitor.visit_enum(Variant { word, value: Some(self.inner(value)) }),
                _ => Err(super::said(&"a table with one key, the variant, is expected").into()),
            },
            RawValue::List(_) => Err(MismatchKind::NotText.mismatch().into()),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        if self.0.value().is_empty() { visitor.visit_unit() } else { Err(MismatchKind::Type.mismatch().into()) }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Refusal> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_unit()
    }
}

fn no_variant(word: &str, variants: &'static [&'static str]) -> Refusal {
    let mut mismatch = super::said(&format_args!("one of {} is expected", variants.join(", ")));
    mismatch.nearest = crate::suggest::nearest(word, variants.iter().copied());
    Refusal(mismatch)
}

/// Items in order.
struct Items<'a> {
    all: &'a [RawValue],
    separator: &'a str,
    number: usize,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Refusal;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Refusal> {
        let Some(item) = self.all.get(self.number) else { return Ok(None) };
        self.number += 1;
        let number = self.number;
        seed.deserialize(Value(Input::new(item, self.separator)))
            .map(Some)
            .map_err(|Refusal(mismatch)| Refusal(Mismatch { item: Some(number), ..mismatch }))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.all.len() - self.number)
    }
}

/// Rows in order.
struct Rows<'a> {
    left: &'a [(String, RawValue)],
    separator: &'a str,
    value: Option<&'a RawValue>,
}

impl<'de> MapAccess<'de> for Rows<'_> {
    type Error = Refusal;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Refusal> {
        let Some(((key, value), rest)) = self.left.split_first() else { return Ok(None) };
        self.left = rest;
        self.value = Some(value);
        let key = RawValue::Text(RawText::new(key.clone()));
        seed.deserialize(Value(Input::new(&key, self.separator))).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Refusal> {
        let value = self.value.take().ok_or(MismatchKind::NotTable.mismatch())?;
        seed.deserialize(Value(Input::new(value, self.separator)))
    }
}

/// A variant: a word, or a table with the word as its only key.
struct Variant<'a> {
    word: &'a str,
    value: Option<Value<'a>>,
}

/// A name, as serde asks it.
struct Word<'a>(&'a str);

impl<'de> de::Deserializer<'de> for Word<'_> {
    type Error = Refusal;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_str(self.0)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'a, 'de> EnumAccess<'de> for Variant<'a> {
    type Error = Refusal;
    type Variant = Content<'a>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Content<'a>), Refusal> {
        Ok((seed.deserialize(Word(self.word))?, Content(self.value)))
    }
}

/// What stands behind a variant.
struct Content<'a>(Option<Value<'a>>);

impl<'a> Content<'a> {
    fn value(self) -> Result<Value<'a>, Refusal> {
        self.0.ok_or_else(|| Refusal(MismatchKind::NotTable.mismatch()))
    }
}

impl<'de> VariantAccess<'de> for Content<'_> {
    type Error = Refusal;

    fn unit_variant(self) -> Result<(), Refusal> {
        if self.0.is_none() { Ok(()) } else { Err(MismatchKind::NotText.mismatch().into()) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Refusal> {
        seed.deserialize(self.value()?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Refusal> {
        de::Deserializer::deserialize_tuple(self.value()?, length, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Refusal> {
        de::Deserializer::deserialize_struct(self.value()?, "", fields, visitor)
    }
}
