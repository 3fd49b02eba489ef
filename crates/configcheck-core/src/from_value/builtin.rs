//! The types that every service uses: numbers, text, addresses, time spans, lists and maps.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::hash::{BuildHasher, Hash};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::num::{NonZeroI32, NonZeroI64, NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use super::{ConfigValue, Input, Mismatch, MismatchKind};
use crate::byte_size::ByteSize;
use crate::schema::TypeSpec;
use crate::secret::Secret;
use crate::value::{RawText, RawValue};

macro_rules! parsed {
    ($($type:ty => $spec:expr;)*) => {$(
        impl ConfigValue for $type {
            const TYPE: TypeSpec = $spec;

            #[inline]
            fn from_input(input: Input<'_>) -> Result<Self, Mismatch> {
                input.parse()
            }
        }
    )*};
}

macro_rules! integers {
    ($($type:ident)*) => {
        parsed! {$(
            $type => TypeSpec::Integer { min: $type::MIN as i128, max: $type::MAX as u128 };
        )*}
    };
}

macro_rules! non_zero {
    ($($type:ident($number:ident) from $min:expr;)*) => {
        parsed! {$(
            $type => TypeSpec::Integer { min: $min, max: $number::MAX as u128 };
        )*}
    };
}

integers!(u8 u16 u32 u64 usize i8 i16 i32 i64 i128 isize);
non_zero! {
    NonZeroU8(u8) from 1;
    NonZeroU16(u16) from 1;
    NonZeroU32(u32) from 1;
    NonZeroU64(u64) from 1;
    NonZeroUsize(usize) from 1;
    NonZeroI32(i32) from i32::MIN as i128;
    NonZeroI64(i64) from i64::MIN as i128;
}
parsed! {
    u128 => TypeSpec::Integer { min: 0, max: u128::MAX };
    char => TypeSpec::Char;
    IpAddr => TypeSpec::IpAddr;
    Ipv4Addr => TypeSpec::Ipv4Addr;
    Ipv6Addr => TypeSpec::Ipv6Addr;
    SocketAddr => TypeSpec::SocketAddr;
    SocketAddrV4 => TypeSpec::SocketAddr;
    SocketAddrV6 => TypeSpec::SocketAddr;
    ByteSize => TypeSpec::ByteSize;
}
#[cfg(feature = "url")]
parsed! {
    url::Url => TypeSpec::Url;
}

macro_rules! floats {
    ($($type:ident)*) => {$(
        impl ConfigValue for $type {
            const TYPE: TypeSpec = TypeSpec::Float;

            /// A finite number: what is too large for the type is no number of it, and no service means to be told `nan`.
            fn from_input(input: Input<'_>) -> Result<Self, Mismatch> {
                input.parse().and_then(|number: $type| if number.is_finite() { Ok(number) } else { Err(MismatchKind::Type.mismatch()) })
            }
        }
    )*};
}

floats!(f32 f64);

impl ConfigValue for bool {
    const TYPE: TypeSpec = TypeSpec::Bool;

    #[inline]
    fn from_input(input: Input<'_>) -> Result<Self, Mismatch> {
        match input.text()? {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            _ => Err(MismatchKind::Type.mismatch()),
        }
    }
}

impl ConfigValue for String {
    const TYPE: TypeSpec = TypeSpec::Text;

    #[inline]
    fn from_input(input: Input<'_>) -> Result<Self, Mismatch> {
        input.text().map(ToOwned::to_owned)
    }
}

impl ConfigValue for Box<str> {
    const TYPE: TypeSpec = TypeSpec::Text;

    fn from_input(input: Input<'_>) -> Result<Self, Mismatch> {
        input.text().map(Into::into)
    }
}

impl ConfigValue for PathBuf {
    const TYPE: TypeSpec = TypeSpec::Path;

    fn from_input(input: Input<'_>) -> Result<Self, Mismatch> {
        #[cfg(unix)]
        if let RawValue::Text(text) = input.value() {
            use std::os::unix::ffi::OsStringExt as _;
            return Ok(std::ffi::OsString::from_vec(text.bytes().to_vec()).into());
        }
        input.text().map(Into::into)
    }
}

impl ConfigValue for Duration {
    const TYPE: TypeSpec = TypeSpec::Duration;

    fn from_input(input: Input<'_>) -> Result<Self, Mismatch> {
        humantime::parse_duration(input.text()?).map_err(|_| MismatchKind::Type.mismatch())
    }
}

impl<T: ConfigValue> ConfigValue for Secret<T> {
    const TYPE: TypeSpec = T::TYPE;
    const IS_SECRET: bool = true;

    fn from_input(input: Input<'_>) -> Result<Self, Mismatch> {
        T::from_input(input).map(Self::new)
    }
}

macro_rules! lists {
    ($($list:ty, [$($bound:tt)*];)*) => {$(
        impl<$($bound)*> ConfigValue for $list {
            const TYPE: TypeSpec = TypeSpec::List(&T::TYPE);
            const IS_SECRET: bool = T::IS_SECRET;

            fn from_input(input: Input<'_>) -> Result<Self, Mismatch> {
                list(input, T::from_input)
            }
        }
    )*};
}

lists! {
    Vec<T>, [T: ConfigValue];
    VecDeque<T>, [T: ConfigValue];
    BTreeSet<T>, [T: ConfigValue + Ord];
    HashSet<T, S>, [T: ConfigValue + Eq + Hash, S: BuildHasher + Default];
}

macro_rules! maps {
    ($($map:ty, [$($bound:tt)*];)*) => {$(
        impl<$($bound)*> ConfigValue for $map {
            const TYPE: TypeSpec = TypeSpec::Map(&K::TYPE, &V::TYPE);
            const IS_SECRET: bool = K::IS_SECRET || V::IS_SECRET;

            fn from_input(input: Input<'_>) -> Result<Self, Mismatch> {
                map(input, K::from_input, V::from_input)
            }
        }
    )*};
}

maps! {
    BTreeMap<K, V>, [K: ConfigValue + Ord, V: ConfigValue];
    HashMap<K, V, S>, [K: ConfigValue + Eq + Hash, V: ConfigValue, S: BuildHasher + Default];
}

/// The bytes as they are, for fields of secret bytes.
///
/// # Errors
///
/// A mismatch when a list or a table stands here.
pub fn bytes(input: Input<'_>) -> Result<Vec<u8>, Mismatch> {
    match input.value() {
        RawValue::Text(text) => Ok(text.bytes().to_vec()),
        RawValue::List(_) | RawValue::Table(_) => Err(MismatchKind::NotText.mismatch()),
    }
}

/// A list: the items of a config file's list, or text split at the separator. Blanks around an item of split text are not part of it.
///
/// # Errors
///
/// The first item's mismatch, with the number of the item.
pub fn list<T, C: FromIterator<T>>(input: Input<'_>, read: impl Fn(Input<'_>) -> Result<T, Mismatch>) -> Result<C, Mismatch> {
    let numbered = |number: usize, result: Result<T, Mismatch>| result.map_err(|mismatch| Mismatch { item: Some(number + 1), ..mismatch });
    match input.value() {
        RawValue::List(items) => {
            items.iter().enumerate().map(|(number, item)| numbered(number, read(Input::new(item, input.separator())))).collect()
        }
        RawValue::Text(_) => {
            let text = input.text()?;
            let parts = (!text.is_empty()).then(|| text.split(input.separator())).into_iter().flatten();
            parts
                .enumerate()
                .map(|(number, part)| {
                    let item = part_of(part);
                    numbered(number, read(Input::new(&item, input.separator())))
                })
                .collect()
        }
        RawValue::Table(_) => Err(MismatchKind::NotText.mismatch()),
    }
}

/// A map: a config file's table, or pairs `key=value` split at the separator. Blanks around a key and a value are not part of them.
///
/// # Errors
///
/// The first pair's mismatch, with its number.
pub fn map<K, V, C: FromIterator<(K, V)>>(
    input: Input<'_>,
    key: impl Fn(Input<'_>) -> Result<K, Mismatch>,
    value: impl Fn(Input<'_>) -> Result<V, Mismatch>,
) -> Result<C, Mismatch> {
    let separator = input.separator();
    match input.value() {
        RawValue::Table(rows) => rows
            .iter()
            .map(|(name, row)| {
                let name = RawValue::Text(RawText::new(name.clone()));
                Ok((key(Input::new(&name, separator))?, value(Input::new(row, separator))?))
            })
            .collect(),
        RawValue::Text(_) => {
            let text = input.text()?;
            let parts = (!text.is_empty()).then(|| text.split(separator)).into_iter().flatten();
            parts
                .enumerate()
                .map(|(number, pair)| {
                    let at = |mismatch: Mismatch| Mismatch { item: Some(number + 1), ..mismatch };
                    let (left, right) = pair.split_once('=').ok_or_else(|| at(MismatchKind::Type.mismatch()))?;
                    let (left, right) = (part_of(left), part_of(right));
                    Ok((key(Input::new(&left, separator)).map_err(at)?, value(Input::new(&right, separator)).map_err(at)?))
                })
                .collect()
        }
        RawValue::List(_) => Err(MismatchKind::NotTable.mismatch()),
    }
}

/// An item of split text. It is wiped when dropped: the list may be a secret.
pub(super) fn part_of(part: &str) -> RawValue {
    RawValue::Text(RawText::new(part.trim_matches(' ').to_owned()).wiped_on_drop())
}
