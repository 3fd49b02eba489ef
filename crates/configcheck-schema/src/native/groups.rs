//! The structs inside the root struct, put together again from the paths of the keys.

use std::collections::HashSet;

use configcheck_core::schema::{Group, Key};

use super::LARGEST;
use super::key::KeyEntry;
use super::tree::shown;
use crate::SchemaError;

/// Structs inside structs: no schema goes deeper than this.
pub(super) const DEEPEST: usize = 32;

/// The groups that the keys lie in, outer ones first. Each key is told its optional group.
pub(super) fn build(entries: &[KeyEntry<'_>], keys: &mut [Key]) -> Result<Vec<Group>, SchemaError> {
    let mut optional: HashSet<&str> = HashSet::new();
    for entry in entries {
        if let Some((node, path)) = &entry.optional_group {
            if !is_inside(entry.path, path) {
                return Err(node.fail(format!("the path of {} does not lie in {}", entry.variable, shown(path))));
            }
            optional.insert(path);
        }
    }
    let mut taken: HashSet<&str> = HashSet::with_capacity(entries.len());
    let mut groups: Vec<Group> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        while let Some(&last) = open.last().filter(|last| !is_inside(entry.path, &groups[**last].path)) {
            groups[last].keys.end = index;
            open.pop();
        }
        for (depth, (end, _)) in entry.path.match_indices('.').enumerate().skip(open.len()) {
            let path = &entry.path[..end];
            if depth == DEEPEST || groups.len() == LARGEST {
                return Err(entry.node.fail("there are too many groups, or they lie too deep"));
            }
            if !taken.insert(path) {
                return Err(entry.node.fail(format!("the keys of {} do not stand together, or it is a key itself", shown(path))));
            }
            let parent = nearest_optional(&groups, &open);
            let is_optional = optional.contains(path);
            open.push(groups.len());
            groups.push(Group { path: path.to_owned(), file_path: String::new(), optional: is_optional, keys: index..index, parent });
        }
        if !taken.insert(entry.path) {
            return Err(entry.node.fail(format!("the path {} is taken already", shown(entry.path))));
        }
        let group = nearest_optional(&groups, &open);
        let found = group.map(|group| groups[usize::from(group)].path.as_str());
        if found != entry.optional_group.as_ref().map(|(_, path)| path.as_str()) {
            let path = found.unwrap_or_default();
            return Err(entry.node.fail(format!("other keys say that {} is optional, and {} does not", shown(path), entry.variable)));
        }
        keys[index].group = group;
    }
    for group in open {
        groups[group].keys.end = entries.len();
    }
    for group in &mut groups {
        group.file_path = table_of(&group.path, &keys[group.keys.clone()]);
    }
    Ok(groups)
}

/// Whether a path lies in a group.
fn is_inside(path: &str, group: &str) -> bool {
    path.strip_prefix(group).is_some_and(|rest| rest.starts_with('.'))
}

fn nearest_optional(groups: &[Group], open: &[usize]) -> Option<u16> {
    open.iter().rev().find(|group| groups[**group].optional).and_then(|group| u16::try_from(*group).ok())
}

/// The table of config files in which all keys of a group lie. Of a struct that only holds structs the file does not say which of them
/// are flattened; then it is at most as deep as the struct.
fn table_of(path: &str, keys: &[Key]) -> String {
    let depth = path.split('.').count();
    let mut tables = keys.iter().map(|key| key.file_path.rsplit_once('.').map_or("", |(table, _)| table));
    let mut shared = tables.next().unwrap_or_default();
    for table in tables {
        while !shared.is_empty() && table != shared && !is_inside(table, shared) {
            shared = shared.rsplit_once('.').map_or("", |(outer, _)| outer);
        }
    }
    shared.split('.').take(depth).collect::<Vec<_>>().join(".")
}
