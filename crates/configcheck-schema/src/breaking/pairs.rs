//! Which key of the old schema is which of the new: by its name, by an alias, else by its place in the structs.

use configcheck_core::Schema;

/// How a key is called now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming {
    /// As before.
    Same,
    /// Otherwise, and its old name is an alias.
    Alias,
    /// Otherwise, and its old name means nothing.
    Lost,
}

/// The keys of two schemas, side by side.
pub(super) struct Pairs {
    /// For each key of the new schema the old one.
    of_new: Vec<Option<(usize, Naming)>>,
    /// For each key of the old schema the new one.
    of_old: Vec<Option<usize>>,
}

impl Pairs {
    pub(super) fn of(old: &Schema, new: &Schema) -> Self {
        let mut pairs = Self { of_new: vec![None; new.keys().len()], of_old: vec![None; old.keys().len()] };
        let own =
            |schema: &Schema, name: &str| schema.key_named(name.as_bytes()).filter(|named| named.alias.is_none()).map(|named| named.key);
        for (index, key) in new.keys().iter().enumerate() {
            if let Some(other) = own(old, &key.variable) {
                pairs.join(other, index, Naming::Same);
            }
        }
        for (index, key) in new.keys().iter().enumerate() {
            if let Some(other) = key.spec.aliases.iter().filter_map(|alias| own(old, alias)).find(|other| pairs.of_old[*other].is_none()) {
                pairs.join(other, index, Naming::Alias);
            }
        }
        for (index, key) in new.keys().iter().enumerate() {
            // A name of the old schema now stands for itself, or the field is the same and only its variable is not.
            let by_alias = old.key_named(key.variable.as_bytes()).map(|named| named.key);
            let by_path = old.keys().iter().position(|other| other.path == key.path);
            let is_free = |other: &usize| pairs.of_old[*other].is_none() && new.key_named(old.keys()[*other].variable.as_bytes()).is_none();
            if let Some(other) = by_alias.filter(is_free).or(by_path.filter(is_free)) {
                pairs.join(other, index, Naming::Lost);
            }
        }
        pairs
    }

    fn join(&mut self, old: usize, new: usize, naming: Naming) {
        if self.of_old[old].is_none() && self.of_new[new].is_none() {
            self.of_new[new] = Some((old, naming));
            self.of_old[old] = Some(new);
        }
    }

    pub(super) fn of_new(&self, index: usize) -> Option<(usize, Naming)> {
        self.of_new[index]
    }

    pub(super) fn of_old(&self, index: usize) -> Option<usize> {
        self.of_old[index]
    }
}
