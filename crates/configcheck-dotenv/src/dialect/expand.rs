//! What the dialects with variables share: where a variable is looked up, and how much may be put in.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;

use super::record::Why;

/// How many bytes the variables of one file may put into its values, all together.
const LIMIT: usize = 1 << 20;

pub(super) const TOO_LONG: Why = Why {
    message: "the variables here would put more than 1 MiB of text into the values of this file",
    help: "write the value out, or quote the `$` so that it stays",
    goes_on: false,
};

pub(super) const RUNS_A_COMMAND: Why = Why {
    message: "this dialect would run a command here",
    help: "write its output as the value; if the text is meant as it stands, put single quotes around the value",
    goes_on: false,
};

/// The variables that a value can refer to: those of the file so far, and those of the environment.
pub(super) struct Scope<'o> {
    outer: &'o dyn Fn(&str) -> Option<String>,
    own: HashMap<String, Rc<str>>,
    left: Cell<usize>,
}

/// More was put in than the limit allows.
pub(super) struct TooLong;

impl<'o> Scope<'o> {
    pub(super) fn new(outer: &'o dyn Fn(&str) -> Option<String>) -> Self {
        Self { outer, own: HashMap::new(), left: Cell::new(LIMIT) }
    }

    pub(super) fn set(&mut self, key: &str, value: &str) {
        self.own.insert(key.to_owned(), value.into());
    }

    /// Puts a variable back to what it was.
    pub(super) fn restore(&mut self, key: &str, old: Option<Rc<str>>) {
        match old {
            Some(old) => self.own.insert(key.to_owned(), old),
            None => self.own.remove(key),
        };
    }

    pub(super) fn own(&self, key: &str) -> Option<&str> {
        self.own.get(key).map(AsRef::as_ref)
    }

    /// A variable of the file, without a copy of its text.
    pub(super) fn shared(&self, key: &str) -> Option<Rc<str>> {
        self.own.get(key).map(Rc::clone)
    }

    /// A variable of the environment. No environment has one whose name is empty or holds a `=` or a NUL.
    pub(super) fn outer(&self, key: &str) -> Option<String> {
        if key.is_empty() || key.contains(['=', '\0']) { None } else { (self.outer)(key) }
    }

    pub(super) fn own_first(&self, key: &str) -> Option<Cow<'_, str>> {
        self.own(key).map(Cow::Borrowed).or_else(|| self.outer(key).map(Cow::Owned))
    }

    pub(super) fn outer_first(&self, key: &str) -> Option<Cow<'_, str>> {
        self.outer(key).map(Cow::Owned).or_else(|| self.own(key).map(Cow::Borrowed))
    }

    /// Puts the value of a variable behind `output`, if the limit allows it.
    pub(super) fn put(&self, output: &mut String, value: &str) -> Result<(), TooLong> {
        let left = self.left.get().checked_sub(value.len()).ok_or(TooLong)?;
        self.left.set(left);
        output.push_str(value);
        Ok(())
    }
}
