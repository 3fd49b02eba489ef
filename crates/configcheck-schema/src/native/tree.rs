//! JSON as a tree whose nodes know their place: what a reader of the native form asks, and every answer that is not there as an error.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use configcheck_core::constraint::Number;
use configcheck_core::display::escaped;
use configcheck_core::suggest::nearest;
use serde_core::Deserialize;
use serde_core::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::SchemaError;
use crate::text::{leak, leak_all};

/// What to do about a file that has not the form of a schema.
const HELP: &str = "docs/schema-format.md describes every member; write the file anew with `configcheck schema`";

/// Longest piece of a file's name for something that an error repeats.
const LONGEST_NAME: usize = 80;

/// A value of the file.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    file: &'a str,
    raw: &'a RawValue,
}

/// The members of an object that nobody has asked for yet.
pub(super) struct Members<'a> {
    node: Node<'a>,
    /// What the object is, with its article.
    what: &'static str,
    left: Vec<(String, Node<'a>)>,
    /// The names that were asked for.
    asked: Vec<&'static str>,
}

/// The members of an object in their order.
struct Pairs<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Pairs<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

impl<'a> Node<'a> {
    /// The value that a whole file is.
    pub(super) fn of_file(file: &'a str) -> Result<Self, SchemaError> {
        serde_json::from_str(file).map(|raw| Self { file, raw }).map_err(|error| {
            let start = file.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
            let message = if error.is_eof() { "the JSON ends before it is complete" } else { "this is not JSON" };
            // The column may stand behind a text, and would tell how long it is.
            SchemaError { column: 0, ..error_at(file, start + error.column().saturating_sub(1), message.into()) }
        })
    }

    /// An error at this node.
    pub(super) fn fail(self, message: impl Into<String>) -> SchemaError {
        error_at(self.file, self.offset(), message.into())
    }

    /// An error at the line of this node, whose name in the file may be anything.
    fn fail_behind_a_name(self, message: impl Into<String>) -> SchemaError {
        SchemaError { column: 0, ..self.fail(message) }
    }

    /// Where the node starts in the file.
    pub(super) fn offset(self) -> usize {
        // The text of a node is a piece of the file's.
        (self.raw.get().as_ptr() as usize).saturating_sub(self.file.as_ptr() as usize)
    }

    /// Text that lives as long as the process.
    pub(super) fn text(self) -> Result<&'static str, SchemaError> {
        self.owned_text().map(leak)
    }

    pub(super) fn owned_text(self) -> Result<String, SchemaError> {
        let why = if self.raw.get().starts_with('"') { "this text holds an escape that is no character" } else { "a text belongs here" };
        serde_json::from_str(self.raw.get()).map_err(|_| self.fail(why))
    }

    /// A list of texts.
    pub(super) fn texts(self) -> Result<&'static [&'static str], SchemaError> {
        let texts: Result<Vec<_>, _> = self.list()?.into_iter().map(Self::text).collect();
        texts.map(leak_all)
    }

    pub(super) fn bool(self) -> Result<bool, SchemaError> {
        match self.raw.get() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(self.fail("`true` or `false` belongs here")),
        }
    }

    /// A whole number that the type can hold.
    pub(super) fn whole<T: FromStr>(self) -> Result<T, SchemaError> {
        let is_number = self.raw.get().starts_with(|c: char| c == '-' || c.is_ascii_digit());
        let why =
            if is_number { "this number is not whole, or too large or too small for its place" } else { "a whole number belongs here" };
        if is_number { self.raw.get().parse().map_err(|_| self.fail(why)) } else { Err(self.fail(why)) }
    }

    /// A bound of a range.
    pub(super) fn number(self) -> Result<Number, SchemaError> {
        let text = self.raw.get();
        if !text.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
            return Err(self.fail("a number belongs here"));
        }
        match text.parse() {
            Ok(whole) if text != "-0" => Ok(Number::Integer(whole)),
            _ => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(Number::Float(number)),
                _ => Err(self.fail("this number is too large")),
            },
        }
    }

    pub(super) fn list(self) -> Result<Vec<Self>, SchemaError> {
        let items: Vec<&RawValue> = serde_json::from_str(self.raw.get()).map_err(|_| self.fail("a list belongs here"))?;
        Ok(items.into_iter().map(|raw| Self { raw, ..self }).collect())
    }

    /// The members of an object in their order, each name once.
    pub(super) fn pairs(self) -> Result<Vec<(String, Self)>, SchemaError> {
        let why = if self.raw.get().starts_with('{') {
            "a name of a member holds an escape that is no character"
        } else {
            "an object belongs here"
        };
        let Pairs(pairs) = serde_json::from_str(self.raw.get()).map_err(|_| self.fail(why))?;
        let mut names = HashSet::with_capacity(pairs.len());
        for (name, raw) in &pairs {
            if !names.insert(name) {
                return Err(Self { raw, ..self }.fail_behind_a_name("a member stands here for the second time"));
            }
        }
        Ok(pairs.into_iter().map(|(name, raw)| (name, Self { raw, ..self })).collect())
    }

    /// An object whose members are asked for by name.
    pub(super) fn object(self, what: &'static str) -> Result<Members<'a>, SchemaError> {
        Ok(Members { node: self, what, left: self.pairs()?, asked: Vec::new() })
    }
}

impl<'a> Members<'a> {
    pub(super) fn node(&self) -> Node<'a> {
        self.node
    }

    /// A member that may be left out.
    pub(super) fn take(&mut self, name: &'static str) -> Option<Node<'a>> {
        self.asked.push(name);
        let at = self.left.iter().position(|(other, _)| other == name)?;
        Some(self.left.swap_remove(at).1)
    }

    /// A member that must be there.
    pub(super) fn demand(&mut self, name: &'static str) -> Result<Node<'a>, SchemaError> {
        self.take(name).ok_or_else(|| self.node.fail(format!("{} lacks its member `{name}`", self.what)))
    }

    pub(super) fn text(&mut self, name: &'static str) -> Result<Option<&'static str>, SchemaError> {
        self.take(name).map(Node::text).transpose()
    }

    pub(super) fn texts(&mut self, name: &'static str) -> Result<&'static [&'static str], SchemaError> {
        self.take(name).map_or(Ok(&[]), Node::texts)
    }

    /// A member that says no when it is left out.
    pub(super) fn flag(&mut self, name: &'static str) -> Result<bool, SchemaError> {
        self.take(name).map_or(Ok(false), Node::bool)
    }

    /// Nothing else may stand in the object.
    pub(super) fn finish(self) -> Result<(), SchemaError> {
        let Some((name, node)) = self.left.into_iter().min_by_key(|(_, node)| node.offset()) else { return Ok(()) };
        let meant = nearest(&name, self.asked.iter().copied());
        Err(node.fail_behind_a_name(match meant {
            Some(meant) => format!("{} has no member {}: did you mean `{meant}`?", self.what, shown(&name)),
            None => format!("{} has a member here that it cannot have", self.what),
        }))
    }
}

/// A name of the file's as an error repeats it.
pub(super) fn shown(name: &str) -> String {
    let short: String = name.chars().take(LONGEST_NAME).collect();
    let more = if short.len() < name.len() { "…" } else { "" };
    format!("`{}{more}`", escaped(&short))
}

/// A word that none of the known ones is. It is repeated only where it is near to one of them: anything may stand there.
pub(super) fn unknown_word(word: &str, known: &[&str], what: &str) -> String {
    match nearest(word, known.iter().copied()) {
        Some(meant) => format!("{} is {what}: did you mean `{meant}`?", shown(word)),
        None => format!("this is {what}"),
    }
}

/// An error at a byte of the file.
fn error_at(file: &str, offset: usize, message: String) -> SchemaError {
    let before = &file.as_bytes()[..offset.min(file.len())];
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let count =
        |bytes: &[u8], counts: fn(u8) -> bool| u32::try_from(bytes.iter().filter(|byte| counts(**byte)).count()).unwrap_or(u32::MAX);
    SchemaError {
        line: count(before, |byte| byte == b'\n').saturating_add(1),
        // Every byte that does not go on with a character starts one.
        column: count(&before[start..], |byte| byte & 0b1100_0000 != 0b1000_0000).saturating_add(1),
        message,
        help: HELP.into(),
    }
}
