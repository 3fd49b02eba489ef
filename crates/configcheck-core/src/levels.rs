//! What generated code has in scope: traits by which a call chooses the best that a type offers.
//!
//! A call such as `(&&TextOf(value)).as_text()` takes the implementation for the most references; each that does not apply to the type
//! is one step down. The traits are in [`traits`], exported without a name, so that bringing them into scope shadows nothing of the user's;
//! structs and functions are named by their full path.

#![allow(missing_debug_implementations, reason = "these wrappers live for one expression of generated code")]

use std::borrow::Cow;
use std::fmt::{self, Debug, Display};
use std::marker::PhantomData;
use std::ops::Deref;

use crate::config::AppConfig;
use crate::constraint::{Length, length};
use crate::construct::Construct;
use crate::display::mask_userinfo;
use crate::from_value::{Input, Mismatch, MismatchKind, Probe};
use crate::schema::TypeSpec;
use crate::suggest::nearest;
use crate::wipe::{Wiper, by_string, by_type};

pub mod traits {
    //! All that generated code brings into scope, and all of it without a name.

    pub use super::steps::{
        ConstructInside as _, ConstructNothing as _, DebugNothing as _, DebugOwn as _, LengthOfText as _, LengthOwn as _, ReadNothing as _,
        TextByDisplay as _, TextByRef as _, WipeByString as _, WipeByType as _,
    };
    #[cfg(feature = "serde")]
    pub use crate::from_value::deserialize::ReadDeserialize as _;
    pub use crate::from_value::{
        ReadConfigValue as _, ReadFromStr as _, ReadFromStrDisplay as _, SaidDisplay as _, SaidNothing as _, UnknownType as _,
    };
}

/// A mismatch with what a field's own parser said.
pub fn refused(detail: Option<String>) -> Mismatch {
    Mismatch { detail, ..MismatchKind::Type.mismatch() }
}

/// A mismatch with the nearest of the words that a type accepts.
pub fn no_such_word(text: &str, accepted: &TypeSpec) -> Mismatch {
    let nearest = match accepted {
        TypeSpec::Choice(words) => nearest(text, words.iter().copied()),
        _ => None,
    };
    Mismatch { nearest, ..MismatchKind::Type.mismatch() }
}

/// The last step of reading: nothing reads the type.
pub struct Unreadable<T>(PhantomData<fn() -> T>);

impl<T> Deref for Probe<T> {
    type Target = Unreadable<T>;

    fn deref(&self) -> &Self::Target {
        &Unreadable(PhantomData)
    }
}

/// Never implemented: its message is what a user reads who gives a field a type that cannot be read.
#[diagnostic::on_unimplemented(
    message = "no value of type `{Self}` can be read from configuration",
    label = "this type cannot be read from text",
    note = "implement `std::str::FromStr` for it, derive `configcheck::ConfigValue`, or give the field `#[config(with = path::to::function)]`",
    note = "types that implement `serde::Deserialize` are read when the `serde` feature of configcheck is on",
    note = "a struct of several values derives `AppConfig`, and its field says `#[config(nested)]`"
)]
pub trait Readable {}

/// A struct inside a struct. Where it is none, its shape says so, and nothing more is said here.
pub struct Inside<T>(PhantomData<fn() -> T>);

impl<T> Inside<T> {
    /// The one value.
    pub const NEW: Self = Self(PhantomData);
}

/// Finds how a secret of some type is wiped.
pub struct WiperOf<T>(PhantomData<fn() -> T>);

impl<T> WiperOf<T> {
    /// The one value.
    pub const NEW: Self = Self(PhantomData);
}

/// Finds the text of a value: borrowed where it can be, else as it displays.
pub struct TextOf<'a, T>(pub &'a T);

/// Finds the length of a value: its items, else the characters of its text.
pub struct Measured<'a, T>(pub &'a T);

/// Finds how a value is shown by `Debug`: by its own, with or without a mask over the userinfo of URLs, else by the name of its type.
pub struct Debugged<'a, T: ?Sized>(pub &'a T);

/// A list as `Debug` shows it.
pub struct Items<T>(Vec<T>);

impl<T: Debug> Items<T> {
    /// Shows each item.
    pub fn of<I: IntoIterator>(items: I, shown: impl FnMut(I::Item) -> T) -> Self {
        Self(items.into_iter().map(shown).collect())
    }
}

impl<T: Debug> Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.0).finish()
    }
}

/// A map as `Debug` shows it.
pub struct Pairs<K, V>(Vec<(K, V)>);

impl<K: Debug, V: Debug> Pairs<K, V> {
    /// Shows each key and value.
    pub fn of<A, B>(pairs: impl IntoIterator<Item = (A, B)>, mut key: impl FnMut(A) -> K, mut value: impl FnMut(B) -> V) -> Self {
        Self(pairs.into_iter().map(|(a, b)| (key(a), value(b))).collect())
    }
}

impl<K: Debug, V: Debug> Debug for Pairs<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.iter().map(|(key, value)| (key, value))).finish()
    }
}

/// A value by its own `Debug`, masked.
pub struct Own<'a>(&'a dyn Debug);

impl Debug for Own<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = if f.alternate() { format!("{:#?}", self.0) } else { format!("{:?}", self.0) };
        let masked: Vec<Cow<'_, str>> = text.split('\n').map(mask_userinfo).collect();
        f.write_str(&masked.join("\n"))
    }
}

/// A value of a type that may be a secret whatever it is called: the first says whether, and then nothing of the second is shown.
pub struct Veiled<T>(pub bool, pub T);

impl<T: Debug> Debug for Veiled<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 { f.write_str("Secret(…)") } else { self.1.fmt(f) }
    }
}

/// The name of a type that has no `Debug`.
pub struct NameOf(&'static str);

impl Debug for NameOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

mod steps {
    //! The traits, public and without a path.

    #[allow(clippy::wildcard_imports, reason = "the parent's imports are what these traits are made of")]
    use super::*;

    pub trait ReadNothing<T> {
        fn read(&self, input: Input<'_>) -> Result<T, Mismatch>
        where
            T: Readable;
    }

    impl<T> ReadNothing<T> for Unreadable<T> {
        fn read(&self, _: Input<'_>) -> Result<T, Mismatch>
        where
            T: Readable,
        {
            Err(MismatchKind::Type.mismatch())
        }
    }

    pub trait ConstructInside<T> {
        fn construct(&self, construct: &mut Construct<'_>) -> Option<T>;
    }

    impl<T: AppConfig> ConstructInside<T> for &Inside<T> {
        fn construct(&self, construct: &mut Construct<'_>) -> Option<T> {
            T::construct(construct)
        }
    }

    pub trait ConstructNothing<T> {
        fn construct(&self, construct: &mut Construct<'_>) -> Option<T>;
    }

    impl<T> ConstructNothing<T> for Inside<T> {
        fn construct(&self, _: &mut Construct<'_>) -> Option<T> {
            None
        }
    }

    pub trait WipeByString<T> {
        fn wiper(&self) -> Wiper<T>;
    }

    impl<T: Into<String>> WipeByString<T> for &WiperOf<T> {
        fn wiper(&self) -> Wiper<T> {
            by_string::<T>
        }
    }

    pub trait WipeByType<T> {
        fn wiper(&self) -> Wiper<T>;
    }

    impl<T: 'static> WipeByType<T> for WiperOf<T> {
        fn wiper(&self) -> Wiper<T> {
            by_type::<T>
        }
    }

    pub trait TextByRef<'a> {
        fn as_text(&self) -> Cow<'a, str>;
    }

    impl<'a, T: AsRef<str>> TextByRef<'a> for &TextOf<'a, T> {
        fn as_text(&self) -> Cow<'a, str> {
            Cow::Borrowed(self.0.as_ref())
        }
    }

    pub trait TextByDisplay<'a> {
        fn as_text(&self) -> Cow<'a, str>;
    }

    impl<'a, T: Display> TextByDisplay<'a> for TextOf<'a, T> {
        fn as_text(&self) -> Cow<'a, str> {
            Cow::Owned(self.0.to_string())
        }
    }

    pub trait LengthOwn {
        fn is_within(&self, min: Option<u64>, max: Option<u64>, equal: Option<u64>) -> bool;
    }

    impl<T: Length> LengthOwn for &Measured<'_, T> {
        fn is_within(&self, min: Option<u64>, max: Option<u64>, equal: Option<u64>) -> bool {
            length(self.0, min, max, equal)
        }
    }

    pub trait LengthOfText {
        fn is_within(&self, min: Option<u64>, max: Option<u64>, equal: Option<u64>) -> bool;
    }

    impl<T: AsRef<str>> LengthOfText for Measured<'_, T> {
        fn is_within(&self, min: Option<u64>, max: Option<u64>, equal: Option<u64>) -> bool {
            length(self.0.as_ref(), min, max, equal)
        }
    }

    pub trait DebugOwn<'a> {
        fn own(&self) -> Own<'a>;
        fn plain(&self) -> &'a dyn Debug;
    }

    impl<'a, T: Debug> DebugOwn<'a> for &Debugged<'a, T> {
        fn own(&self) -> Own<'a> {
            Own(self.0)
        }

        fn plain(&self) -> &'a dyn Debug {
            self.0
        }
    }

    pub trait DebugNothing {
        fn own(&self) -> NameOf;
        fn plain(&self) -> NameOf;
    }

    impl<T: ?Sized> DebugNothing for Debugged<'_, T> {
        fn own(&self) -> NameOf {
            NameOf(std::any::type_name::<T>())
        }

        fn plain(&self) -> NameOf {
            self.own()
        }
    }
}
