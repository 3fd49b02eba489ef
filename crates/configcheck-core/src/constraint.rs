//! What a value must satisfy beyond its type: validator's grammar, with messages that hold no value.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::fmt::Display;
use std::path::PathBuf;

mod email;
mod url;

pub use email::is_email;
pub use url::is_url;

/// A bound of a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A whole number.
    Integer(i128),
    /// Any other.
    Float(f64),
}

impl Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Integer(number) => number.fmt(f),
            Self::Float(number) => number.fmt(f),
        }
    }
}

/// One constraint of a field, as declared in `#[validate(…)]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Constraint {
    /// What is checked.
    pub check: Check,
    /// The author's own words for a failure; never a value.
    pub message: Option<&'static str>,
    /// The author's own code for a failure.
    pub code: Option<&'static str>,
}

/// What a constraint checks.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Check {
    /// Characters of a text, items of a list.
    Length {
        /// At least.
        min: Option<u64>,
        /// At most.
        max: Option<u64>,
        /// Exactly.
        equal: Option<u64>,
    },
    /// Bounds of a number.
    Range {
        /// At least.
        min: Option<Number>,
        /// At most.
        max: Option<Number>,
        /// More than.
        exclusive_min: Option<Number>,
        /// Less than.
        exclusive_max: Option<Number>,
    },
    /// An e-mail address.
    Email,
    /// A URL.
    Url,
    /// A match of the regular expression with this name.
    Regex(&'static str),
    /// The text stands in it.
    Contains(&'static str),
    /// The text does not stand in it.
    DoesNotContain(&'static str),
    /// The same as another field.
    MustMatch(&'static str),
    /// What the function with this name checks.
    Custom(&'static str),
    /// What the value's own validation checks.
    Nested,
    /// No control character.
    NonControlCharacter,
}

impl Constraint {
    /// What is expected, in words.
    pub fn expectation(&self) -> String {
        if let Some(message) = self.message {
            return message.to_owned();
        }
        match self.check {
            Check::Length { min, max, equal } => bounds("a length of", &[("exactly", equal), ("at least", min), ("at most", max)]),
            Check::Range { min, max, exclusive_min, exclusive_max } => {
                bounds("a number of", &[("at least", min), ("at most", max), ("more than", exclusive_min), ("less than", exclusive_max)])
            }
            Check::Email => "an e-mail address".into(),
            Check::Url => "a URL".into(),
            Check::Regex(name) => format!("a match of the regular expression {name}"),
            Check::Contains(text) => format!("text that contains \"{text}\""),
            Check::DoesNotContain(text) => format!("text that does not contain \"{text}\""),
            Check::MustMatch(field) => format!("the same value as {field}"),
            Check::Custom(function) => format!("a value that {function} accepts"),
            Check::Nested => "a value that passes its own validation".into(),
            Check::NonControlCharacter => "text without control characters".into(),
        }
    }

    /// Whether text satisfies it, without the type: for checks of files; `None` where only the service itself could say.
    pub fn accepts(&self, text: &str) -> Option<bool> {
        match self.check {
            Check::Length { min, max, equal } => Some(length(text, min, max, equal)),
            Check::Range { min, max, exclusive_min, exclusive_max } => number_within(text, min, max, exclusive_min, exclusive_max),
            Check::Email => Some(is_email(text)),
            Check::Url => Some(is_url(text)),
            Check::Contains(part) => Some(text.contains(part)),
            Check::DoesNotContain(part) => Some(!text.contains(part)),
            Check::NonControlCharacter => Some(no_control_character(text)),
            Check::Regex(_) | Check::MustMatch(_) | Check::Custom(_) | Check::Nested => None,
        }
    }
}

fn bounds<T: Display>(what: &str, parts: &[(&str, Option<T>)]) -> String {
    let parts: Vec<String> = parts.iter().filter_map(|(word, bound)| bound.as_ref().map(|bound| format!("{word} {bound}"))).collect();
    format!("{what} {}", parts.join(" and "))
}

fn number_within(
    text: &str,
    min: Option<Number>,
    max: Option<Number>,
    exclusive_min: Option<Number>,
    exclusive_max: Option<Number>,
) -> Option<bool> {
    let compare = |bound: Number| match (text.parse::<i128>(), bound) {
        (Ok(number), Number::Integer(bound)) => Some(number.cmp(&bound)),
        (_, bound) => {
            #[expect(clippy::cast_precision_loss, reason = "a bound beyond 2^53 is compared as closely as the float can")]
            let bound = match bound {
                Number::Integer(bound) => bound as f64,
                Number::Float(bound) => bound,
            };
            text.parse::<f64>().ok()?.partial_cmp(&bound)
        }
    };
    let holds = |bound: Option<Number>, good: fn(Ordering) -> bool| bound.is_none_or(|bound| compare(bound).is_some_and(good));
    text.parse::<f64>().ok()?;
    Some(
        holds(min, Ordering::is_ge)
            && holds(max, Ordering::is_le)
            && holds(exclusive_min, Ordering::is_gt)
            && holds(exclusive_max, Ordering::is_lt),
    )
}

/// What has a length: characters of a text, items of a collection.
pub trait Length {
    /// The number of characters or items.
    fn length(&self) -> u64;
}

fn count(items: usize) -> u64 {
    u64::try_from(items).unwrap_or(u64::MAX)
}

impl Length for str {
    fn length(&self) -> u64 {
        count(self.chars().count())
    }
}

impl Length for String {
    fn length(&self) -> u64 {
        self.as_str().length()
    }
}

impl Length for PathBuf {
    fn length(&self) -> u64 {
        self.to_string_lossy().length()
    }
}

macro_rules! lengths {
    ($($collection:ty, [$($generic:ident),*];)*) => {$(
        impl<$($generic),*> Length for $collection {
            fn length(&self) -> u64 {
                count(self.len())
            }
        }
    )*};
}

lengths! {
    Vec<T>, [T];
    [T], [T];
    VecDeque<T>, [T];
    BTreeSet<T>, [T];
    HashSet<T, S>, [T, S];
    BTreeMap<K, V>, [K, V];
    HashMap<K, V, S>, [K, V, S];
}

/// Whether the length is within the bounds.
pub fn length<T: Length + ?Sized>(value: &T, min: Option<u64>, max: Option<u64>, equal: Option<u64>) -> bool {
    let length = value.length();
    equal.is_none_or(|equal| length == equal) && min.is_none_or(|min| length >= min) && max.is_none_or(|max| length <= max)
}

/// Whether the value is within the bounds.
pub fn range<T: PartialOrd>(value: &T, min: Option<&T>, max: Option<&T>, exclusive_min: Option<&T>, exclusive_max: Option<&T>) -> bool {
    min.is_none_or(|min| value >= min)
        && max.is_none_or(|max| value <= max)
        && exclusive_min.is_none_or(|min| value > min)
        && exclusive_max.is_none_or(|max| value < max)
}

/// What can contain a text: a text, or a map by its keys.
pub trait Contains {
    /// Whether it stands in it.
    fn contains_text(&self, text: &str) -> bool;
}

impl Contains for str {
    fn contains_text(&self, text: &str) -> bool {
        self.contains(text)
    }
}

impl Contains for String {
    fn contains_text(&self, text: &str) -> bool {
        self.contains(text)
    }
}

impl<V> Contains for BTreeMap<String, V> {
    fn contains_text(&self, text: &str) -> bool {
        self.contains_key(text)
    }
}

impl<V, S: std::hash::BuildHasher> Contains for HashMap<String, V, S> {
    fn contains_text(&self, text: &str) -> bool {
        self.contains_key(text)
    }
}

impl<T: AsRef<str>> Contains for [T] {
    fn contains_text(&self, text: &str) -> bool {
        self.iter().any(|item| item.as_ref() == text)
    }
}

/// Whether no character is a control character.
pub fn no_control_character(text: &str) -> bool {
    !text.chars().any(char::is_control)
}
