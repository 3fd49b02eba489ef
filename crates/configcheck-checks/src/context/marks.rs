//! What one walk over all keys saw, so that a rule which can find nothing does not walk again.

use configcheck_core::schema::{FieldSpec, Schema};
use configcheck_core::snapshot::{SetAs, Slot, Snapshot, Verdict};

/// A set of things that at least one key shows. Each is a hint for [`applies`](crate::Rule::applies); the rule itself looks again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks(u16);

impl Marks {
    /// A key without a value.
    pub const NO_VALUE: Self = Self(1);
    /// A key that was set to nothing.
    pub const EMPTY: Self = Self(1 << 1);
    /// A key that a file sets which is not read.
    pub const IGNORED: Self = Self(1 << 2);
    /// A key whose value is or was a reference.
    pub const REFERENCE: Self = Self(1 << 3);
    /// A value that is not of its type.
    pub const REFUSED: Self = Self(1 << 4);
    /// A value that violates a constraint.
    pub const VIOLATED: Self = Self(1 << 5);
    /// A key with more than one value.
    pub const SEVERAL: Self = Self(1 << 6);
    /// A key that was set under an alias.
    pub const ALIAS: Self = Self(1 << 7);
    /// A deprecated key.
    pub const DEPRECATED: Self = Self(1 << 8);
    /// A key with `requires`.
    pub const REQUIRES: Self = Self(1 << 9);
    /// A key with `conflicts` or in a `one_of` group.
    pub const EXCLUDES: Self = Self(1 << 10);
    /// A key whose default is forbidden somewhere.
    pub const FORBIDS_DEFAULT: Self = Self(1 << 11);
    /// A secret.
    pub const SECRET: Self = Self(1 << 12);

    /// Walks over all keys.
    pub(super) fn of(schema: &Schema, snapshot: &Snapshot) -> Self {
        let mut marks = Self::default();
        for (key, slot) in schema.keys().iter().zip(&snapshot.slots) {
            marks.look_at_field(key.spec);
            marks.look_at_slot(slot);
        }
        marks
    }

    /// Whether one of the given things was seen.
    pub fn any_of(self, wanted: Self) -> bool {
        self.0 & wanted.0 != 0
    }

    fn look_at_field(&mut self, spec: &FieldSpec) {
        self.add(Self::SECRET, spec.is_secret());
        self.add(Self::DEPRECATED, spec.deprecated.is_some());
        self.add(Self::REQUIRES, !spec.requires.is_empty());
        self.add(Self::EXCLUDES, !spec.conflicts.is_empty() || spec.one_of.is_some());
        self.add(Self::FORBIDS_DEFAULT, !spec.forbid_default_in.is_empty());
    }

    fn look_at_slot(&mut self, slot: &Slot) {
        let is_alias = |set_as: SetAs| matches!(set_as, SetAs::Alias(_));
        self.add(Self::NO_VALUE, slot.winner.is_none());
        self.add(Self::REFUSED, matches!(slot.verdict, Verdict::Refused(_)));
        self.add(Self::ALIAS, slot.winner.as_ref().is_some_and(|entry| is_alias(entry.set_as)));
        if slot.is_plain() {
            return;
        }
        self.add(Self::EMPTY, slot.empty().is_some());
        self.add(Self::IGNORED, slot.ignored().is_some());
        self.add(Self::REFERENCE, slot.resolved().is_some());
        self.add(Self::VIOLATED, !slot.violations().is_empty());
        self.add(Self::SEVERAL, !slot.shadowed().is_empty());
        self.add(Self::ALIAS, slot.shadowed().iter().any(|entry| is_alias(entry.set_as)));
    }

    fn add(&mut self, mark: Self, seen: bool) {
        self.0 |= if seen { mark.0 } else { 0 };
    }
}

impl std::ops::BitOr for Marks {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
