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
    /// Positions in `entries` plus one; 0 is free. The length is a power of two.
    table: Vec<u16>,
    entries: Vec<(u64, NamedKey)>,
    collisions: Vec<(usize, usize)>,
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
        let mut index =
            Self { table: vec![0; (count * 2).next_power_of_two()], entries: Vec::with_capacity(count), collisions: Vec::new() };
        for named in names {
            let name = name_of(named).as_bytes();
            if let Some(other) = index.find(name, &name_of) {
                index.collisions.push((other.key, named.key));
                continue;
            }
            let hash = hash(name);
            let mut at = index.start(hash);
            while index.table[at] != 0 {
                at = (at + 1) & (index.table.len() - 1);
            }
            index.entries.push((hash, named));
            index.table[at] = u16::try_from(index.entries.len()).expect("a schema has fewer than 65,536 names");
        }
        index
    }

    pub(super) fn find<'a>(&self, name: &[u8], name_of: impl Fn(NamedKey) -> &'a str) -> Option<NamedKey> {
        if self.table.is_empty() {
            return None;
        }
        let hash = hash(name);
        let mut at = self.start(hash);
        while let Some(entry) = self.table[at].checked_sub(1) {
            let (entry_hash, named) = self.entries[usize::from(entry)];
            if entry_hash == hash && name_of(named).as_bytes() == name {
                return Some(named);
            }
            at = (at + 1) & (self.table.len() - 1);
        }
        None
    }

    pub(super) fn collisions(&self) -> Vec<(usize, usize)> {
        self.collisions.clone()
    }

    fn start(&self, hash: u64) -> usize {
        // The high bits of a multiplicative hash are the mixed ones; masking keeps the result within the table.
        usize::try_from(hash >> 32).unwrap_or(0) & (self.table.len() - 1)
    }
}

/// A multiplicative hash over eight bytes at a time. The names are the author's, so no attacker chooses them.
fn hash(name: &[u8]) -> u64 {
    const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut hash = u64::try_from(name.len()).unwrap_or(0);
    let mut chunks = name.chunks_exact(8);
    for chunk in &mut chunks {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(chunk);
        hash = (hash.rotate_left(5) ^ u64::from_le_bytes(bytes)).wrapping_mul(MULTIPLIER);
    }
    let mut bytes = [0; 8];
    let rest = chunks.remainder();
    bytes[..rest.len()].copy_from_slice(rest);
    (hash.rotate_left(5) ^ u64::from_le_bytes(bytes)).wrapping_mul(MULTIPLIER)
}
