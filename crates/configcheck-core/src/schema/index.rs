//! An index of names: open addressing over the names that the keys hold, so that a variable is found without comparing it to all.

use super::Key;

/// The key that a name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedKey {
    /// Index into the keys.
    pub key: usize,
    /// Index into the key's aliases; `None` for its own name.
    pub alias: Option<usize>,
}

#[derive(Clone, Default)]
pub(super) struct NameIndex {
    /// The length is a power of two.
    table: Vec<Cell>,
    collisions: Vec<(usize, usize)>,
}

/// A place of the table: the upper half of the name's hash, the key plus one (0 is free), and the alias plus one.
#[derive(Clone, Copy, Default)]
struct Cell {
    hash: u32,
    key: u16,
    alias: u16,
}

impl Cell {
    fn named(self) -> NamedKey {
        NamedKey { key: usize::from(self.key) - 1, alias: usize::from(self.alias).checked_sub(1) }
    }
}

impl NameIndex {
    pub(super) fn of_variables(keys: &[Key]) -> Self {
        let name_of = |named: NamedKey| match named.alias {
            None => &*keys[named.key].variable,
            Some(alias) => keys[named.key].spec.aliases[alias],
        };
        let own = (0..keys.len()).map(|key| NamedKey { key, alias: None });
        let aliases =
            (0..keys.len()).flat_map(|key| (0..keys[key].spec.aliases.len()).map(move |alias| NamedKey { key, alias: Some(alias) }));
        Self::build(keys.len() + keys.iter().map(|key| key.spec.aliases.len()).sum::<usize>(), own.chain(aliases), name_of)
    }

    pub(super) fn of_paths(keys: &[Key]) -> Self {
        Self::build(keys.len(), (0..keys.len()).map(|key| NamedKey { key, alias: None }), |named| &*keys[named.key].file_path)
    }

    fn build<'a>(count: usize, names: impl Iterator<Item = NamedKey>, name_of: impl Fn(NamedKey) -> &'a str) -> Self {
        let mut index = Self { table: vec![Cell::default(); (count * 2).next_power_of_two()], collisions: Vec::new() };
        for named in names {
            let name = name_of(named).as_bytes();
            match index.probe(name, &name_of) {
                Ok(other) => index.collisions.push((other.key, named.key)),
                Err(free) => index.table[free] = Cell { hash: hash(name), key: number(named.key), alias: named.alias.map_or(0, number) },
            }
        }
        index
    }

    #[inline]
    pub(super) fn find<'a>(&self, name: &[u8], name_of: impl Fn(NamedKey) -> &'a str) -> Option<NamedKey> {
        if self.table.is_empty() { None } else { self.probe(name, name_of).ok() }
    }

    pub(super) fn collisions(&self) -> Vec<(usize, usize)> {
        self.collisions.clone()
    }

    /// The key with the name, or the free place where the search for it ended. The table is never full.
    #[inline]
    fn probe<'a>(&self, name: &[u8], name_of: impl Fn(NamedKey) -> &'a str) -> Result<NamedKey, usize> {
        let hash = hash(name);
        let mask = self.table.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let cell = self.table[at];
            if cell.key == 0 {
                return Err(at);
            }
            if cell.hash == hash {
                let named = cell.named();
                if name_of(named).as_bytes() == name {
                    return Ok(named);
                }
            }
            at = (at + 1) & mask;
        }
    }
}

/// A position plus one, as the table keeps it.
fn number(position: usize) -> u16 {
    u16::try_from(position + 1).expect("a schema has fewer than 65,535 names")
}

/// A multiplicative hash of the length, the first and the last eight bytes and those in the middle. The names are the author's, so no
/// attacker chooses them.
#[inline]
fn hash(name: &[u8]) -> u32 {
    const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
    let length = name.len();
    let word = |at: usize| name.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_le_bytes);
    let mixed = if length >= 8 {
        word(0).wrapping_mul(MULTIPLIER).rotate_left(29) ^ word(length - 8).wrapping_mul(MULTIPLIER).rotate_left(7) ^ word(length / 2 - 4)
    } else {
        name.iter().fold(0, |word, byte| word << 8 | u64::from(*byte))
    };
    let mixed = (mixed ^ length as u64).wrapping_mul(MULTIPLIER);
    // The upper half of a product holds the mixed bits.
    (mixed >> 32) as u32
}
