//! The walk over the keys of a schema that makes typed values of a snapshot's slots. Generated code drives it.

use crate::environment::Environment;
use crate::from_value::{Input, Mismatch};
use crate::schema::Schema;
use crate::snapshot::{Snapshot, StructViolation, Verdict, Violation};

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
            let message = message.filter(|_| !self.hides(key));
            self.snapshot.slots[key].more().violations.push(Violation { constraint, message });
        }
    }

    /// Records what a check over several fields said. The function's own words are kept only when no field of the struct is a secret.
    #[doc(hidden)]
    pub fn verify_struct(&mut self, first_key: usize, said: Option<String>, message: Option<&str>, code: Option<&str>) {
        let keys = &self.schema.keys()[first_key..self.next];
        let said = said.filter(|_| !(first_key..self.next).any(|key| self.hides(key)));
        let message = message.map(ToOwned::to_owned).or(said).unwrap_or_else(|| "a check over several fields failed".to_owned());
        let path = keys.first().and_then(|key| key.path.rsplit_once('.')).map_or_else(String::new, |(parent, _)| parent.to_owned());
        self.snapshot.struct_violations.push(StructViolation { path, first_key, message, code: code.map(ToOwned::to_owned) });
    }

    /// Whether no key from the given one on has failed a check, so that a check over several fields may build on each.
    #[doc(hidden)]
    pub fn is_sound_since(&self, first_key: usize) -> bool {
        self.snapshot.slots[first_key..self.next].iter().all(|slot| slot.violations().is_empty())
    }

    /// Whether nothing of a key's value may be told, be it because of what the key is or of what was put into the value.
    fn hides(&self, key: usize) -> bool {
        self.schema.keys()[key].spec.hides_value() || self.snapshot.slots[key].is_winner_made_of_others()
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
        if self.hides(key) {
            mismatch = mismatch.kind.mismatch();
        }
        self.snapshot.slots[key].verdict = Verdict::Refused(Box::new(mismatch));
    }
}
