//! What a service reads: its references, each once, with the variables that they are for.

use std::collections::{BTreeMap, BTreeSet};

use configcheck_core::SecretRef;

/// A secret that a service reads, whatever fields of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The reference, without a field.
    pub reference: SecretRef,
    /// The variables that it is for.
    pub variables: BTreeSet<String>,
}

impl Need {
    /// The variables in one line.
    pub fn variables(&self) -> String {
        self.variables.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}

/// Everything that a service reads, sorted by reference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    by_reference: BTreeMap<SecretRef, BTreeSet<String>>,
}

impl Needs {
    /// Adds a reference and the variable that it is for.
    pub fn add(&mut self, reference: &SecretRef, variable: &str) {
        self.by_reference.entry(reference.without_field()).or_default().insert(variable.to_owned());
    }

    /// Whether nothing is read.
    pub fn is_empty(&self) -> bool {
        self.by_reference.is_empty()
    }

    /// All of them, sorted.
    pub fn iter(&self) -> impl Iterator<Item = Need> + '_ {
        self.by_reference.iter().map(|(reference, variables)| Need { reference: reference.clone(), variables: variables.clone() })
    }

    /// Those of some schemes.
    pub fn of(&self, schemes: &[&str]) -> Vec<Need> {
        self.iter().filter(|need| schemes.contains(&need.reference.scheme())).collect()
    }

    /// How many references each scheme has.
    pub fn schemes(&self) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        for reference in self.by_reference.keys() {
            *counts.entry(reference.scheme()).or_default() += 1;
        }
        counts
    }
}
