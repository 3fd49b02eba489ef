//! Reads the native schema file: what `Schema::to_json` writes, version 1.

use std::borrow::Cow;
use std::collections::HashMap;

use configcheck_core::Schema;
use configcheck_core::environment::{Environment, EnvironmentKind};
use configcheck_core::schema::{ENVIRONMENT_VARIABLE, Key};

use crate::text::{leak, leak_all};
use crate::{KeyPlace, Note, SchemaError, SchemaFile, SchemaKind};

mod constraint;
#[cfg(test)]
mod format;
mod groups;
mod key;
#[cfg(test)]
mod tests;
mod tree;
mod types;

use key::{Environments, KeyEntry};
use tree::{Node, shown};

/// The version of the form that is read.
const VERSION: u64 = 1;

/// The most names of variables, and the most groups: an index of names holds fewer than 65,535.
const LARGEST: usize = 60_000;

/// Reads a native schema file.
pub(crate) fn read(file: &str) -> Result<SchemaFile, SchemaError> {
    let root = Node::of_file(file)?;
    let mut members = root.object("a schema")?;
    check_version(members.demand("version")?)?;
    let name = members.demand("name")?.text()?;
    let doc = members.text("doc")?.unwrap_or_default();
    let environment_variable = members.demand("environment_variable")?;
    let environments = members.take("environments").map_or(Ok(&[][..]), environments)?;
    let keys = members.demand("keys")?;
    members.finish()?;

    let mut entries = Vec::new();
    for node in keys.list()? {
        entries.push(key::read(node, environments)?);
    }
    let notes = unknown_environments(file, &entries);
    let names = names(keys, &entries)?;
    let schema = compose(name, doc, environments, &entries, &names)?;
    let variable = environment_variable.owned_text()?;
    if variable != schema.environment_variable() {
        let message = match schema.environment_key() {
            Some(_) => format!("the key of type environment is {}, and this names {}", schema.environment_variable(), shown(&variable)),
            None => format!("no key has the type environment, so this can only be {ENVIRONMENT_VARIABLE}"),
        };
        return Err(environment_variable.fail(message));
    }
    let places = vec![KeyPlace::default(); schema.keys().len()];
    Ok(SchemaFile { schema, kind: SchemaKind::Native, notes, places })
}

fn check_version(node: Node<'_>) -> Result<(), SchemaError> {
    let version: u64 = node.whole()?;
    if version == VERSION {
        return Ok(());
    }
    let message = format!("this schema is of version {version}, and this configcheck reads version {VERSION}: update configcheck");
    Err(SchemaError {
        help: "update configcheck, or write the file with the version of configcheck that reads it".into(),
        ..node.fail(message)
    })
}

/// The environments of the team's own, with their kinds.
fn environments(node: Node<'_>) -> Result<Environments, SchemaError> {
    let mut environments = Vec::new();
    for (name, node) in node.pairs()? {
        let kind = node.owned_text()?;
        let kind = [EnvironmentKind::Development, EnvironmentKind::Test, EnvironmentKind::Staging, EnvironmentKind::Production]
            .into_iter()
            .find(|known| known.name() == kind)
            .ok_or_else(|| node.fail("an environment is treated as development, test, staging or production"))?;
        if name.is_empty() || Environment::parse(&name, &[]).is_some() {
            return Err(node.fail("this environment is known already, or its name is none"));
        }
        environments.push((leak(name), kind));
    }
    Ok(leak_all(environments))
}

/// Environments that nothing declares, so that what is said of them never holds.
fn unknown_environments(file: &str, entries: &[KeyEntry<'_>]) -> Vec<Note> {
    let starts: Vec<usize> = std::iter::once(0).chain(file.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let unknown = entries.iter().flat_map(|entry| entry.unknown_environments.iter().map(move |(node, name)| (entry, node, name)));
    unknown
        .map(|(entry, node, name)| Note {
            line: u32::try_from(starts.partition_point(|start| *start <= node.offset())).unwrap_or(u32::MAX),
            message: format!("{} names the environment {}, which the schema does not declare", entry.variable, shown(name)),
        })
        .collect()
}

/// The keys by the names of their variables; no name means two things.
fn names<'a>(keys: Node<'_>, entries: &'a [KeyEntry<'_>]) -> Result<HashMap<&'a str, usize>, SchemaError> {
    let count = entries.len() + entries.iter().map(|entry| entry.aliases.len()).sum::<usize>();
    if count > LARGEST {
        return Err(keys.fail(format!("a schema has at most {LARGEST} names of variables")));
    }
    let mut names = HashMap::with_capacity(count);
    let mut own = HashMap::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        own.insert(entry.variable, index);
        let all = std::iter::once((entry.node, entry.variable)).chain(entry.aliases.iter().copied());
        for (node, name) in all {
            if names.insert(name, index).is_some() {
                return Err(node.fail(format!("the variable {name} is named twice")));
            }
        }
    }
    Ok(own)
}

fn compose(
    name: &'static str,
    doc: &'static str,
    environments: Environments,
    entries: &[KeyEntry<'_>],
    names: &HashMap<&str, usize>,
) -> Result<Schema, SchemaError> {
    let mut keys = Vec::with_capacity(entries.len());
    for entry in entries {
        let mut spec = entry.spec;
        spec.requires = siblings(entry, &entry.requires, entries, names)?;
        spec.conflicts = siblings(entry, &entry.conflicts, entries, names)?;
        keys.push(Key {
            variable: Cow::Borrowed(entry.variable),
            path: Cow::Borrowed(entry.path),
            file_path: Cow::Borrowed(entry.file_path),
            group: None,
            spec: Box::leak(Box::new(spec)),
        });
    }
    let groups = groups::build(entries, &mut keys)?;
    Ok(Schema::of_keys(name, doc, environments, keys, groups))
}

/// The fields behind variables of the same struct.
fn siblings(
    entry: &KeyEntry<'_>,
    variables: &[(Node<'_>, String)],
    entries: &[KeyEntry<'_>],
    names: &HashMap<&str, usize>,
) -> Result<&'static [&'static str], SchemaError> {
    let parent = |path: &'static str| path.rsplit_once('.').map(|(parent, _)| parent);
    let mut fields = Vec::with_capacity(variables.len());
    for (node, variable) in variables {
        let other = names.get(variable.as_str()).map(|index| &entries[*index]);
        match other.filter(|other| parent(other.path) == parent(entry.path)) {
            Some(other) => fields.push(other.spec.field),
            None => return Err(node.fail(format!("{} is no key beside {}", shown(variable), entry.variable))),
        }
    }
    Ok(leak_all(fields))
}
