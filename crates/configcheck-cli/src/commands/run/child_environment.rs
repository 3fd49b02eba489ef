//! What environment the child process gets: pure, from what was read and what was asked for.

use std::collections::BTreeMap;
use std::ffi::OsString;

use configcheck_core::origin::Layer;
use configcheck_core::snapshot::{SetAs, Slot};
use configcheck_core::value::RawValue;
use configcheck_core::{Environment, Schema, Snapshot};
use configcheck_dotenv::{Dialect, read_as};

use crate::targets::EnvFile;

/// The variables of a process, by name.
pub(super) type ChildEnvironment = BTreeMap<OsString, OsString>;

/// What was read.
pub(super) struct Parts<'a> {
    pub(super) schema: &'a Schema,
    /// Whether the schema is one; else every variable of the env files counts as declared.
    pub(super) has_schema: bool,
    pub(super) snapshot: &'a Snapshot,
    /// All variables of the env files, the later above the earlier.
    pub(super) files: BTreeMap<String, String>,
    /// The environment of this process.
    pub(super) process: &'a [(OsString, OsString)],
    /// The environment that was asked for, whatever the sources say.
    pub(super) environment: Option<&'a Environment>,
}

/// What the child may see.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Scope<'a> {
    /// Nothing but declared variables.
    pub(super) clean: bool,
    /// Of the declared variables only these.
    pub(super) only: Option<&'a [String]>,
    /// Defaults of the schema too.
    pub(super) defaults: bool,
}

/// A variable that no process can have. The name is there when the schema declares it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unsettable {
    pub(super) name: Option<String>,
    pub(super) why: &'static str,
}

/// All variables of env files, the later above the earlier. Pieces of a value that is broken are none, unless it is another reader's way to
/// take them for variables.
pub(super) fn variables_of(files: &[EnvFile], dialect: Dialect, process: &[(OsString, OsString)]) -> BTreeMap<String, String> {
    let mut variables = BTreeMap::new();
    let outer = |name: &str| process.iter().find(|(other, _)| other == name).and_then(|(_, value)| value.to_str().map(ToOwned::to_owned));
    for file in files {
        for variable in read_as(&file.bytes, dialect, &outer).variables {
            if let Some(value) = variable.value.filter(|_| !variable.doubtful || dialect != Dialect::Configcheck) {
                variables.insert(variable.key.into_owned(), value.into_owned());
            }
        }
    }
    variables
}

/// The environment of the child: the process's own, below it what the env files add, and every declared variable with its resolved value.
pub(super) fn child_environment(parts: Parts<'_>, scope: Scope<'_>) -> Result<ChildEnvironment, Unsettable> {
    let Parts { schema, has_schema, snapshot, files, process, environment } = parts;
    let mut child = ChildEnvironment::new();
    for (name, value) in process {
        let stays =
            !scope.clean || (!has_schema && name.to_str().is_some_and(|name| files.contains_key(name) && is_asked_for(scope, name)));
        if stays {
            // Of a name that stands twice the first counts, as for `getenv`.
            child.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
    for (name, value) in files {
        let is_wanted = if has_schema { !scope.clean && scope.only.is_none() } else { is_asked_for(scope, &name) };
        if is_wanted && !is_declared(schema, &name) {
            if name.is_empty() || name.contains(['=', '\0']) {
                return Err(Unsettable { name: None, why: "has a name that no process can take" });
            }
            if value.contains('\0') {
                return Err(Unsettable { name: None, why: NUL });
            }
            child.entry(name.into()).or_insert_with(|| value.into());
        }
    }
    for (index, (key, slot)) in schema.keys().iter().zip(&snapshot.slots).enumerate() {
        let names = || std::iter::once(&*key.variable).chain(key.spec.aliases.iter().copied());
        if !is_asked_for(scope, &key.variable) {
            for name in names() {
                child.remove(&OsString::from(name));
                child.remove(&OsString::from(file_variable(name)));
            }
            continue;
        }
        if let Some(environment) = environment.filter(|_| schema.environment_key() == Some(index)) {
            child.insert((&*key.variable).into(), environment.name().into());
            continue;
        }
        let is_default = slot.layer() == Some(Layer::Default);
        // A default would set a group that is absent as a whole; the text of a secret's is not in a schema file.
        if is_default && !(scope.defaults && !key.spec.hides_value() && is_active(schema, snapshot, key.group)) {
            continue;
        }
        let Some(value) = value_of(slot).map_err(|why| Unsettable { name: Some(key.variable.clone().into_owned()), why })? else {
            continue;
        };
        if slot.winner.as_ref().is_some_and(|entry| entry.set_as == SetAs::FileVariable) {
            // Programs that read both refuse to have both.
            names().for_each(|name| drop(child.remove(&OsString::from(file_variable(name)))));
        }
        child.insert((&*key.variable).into(), value);
    }
    if let Some(environment) = environment.filter(|_| schema.environment_key().is_none() && !scope.clean) {
        child.insert(schema.environment_variable().into(), environment.name().into());
    }
    Ok(child)
}

const NUL: &str = "holds a NUL byte, which ends a variable of a process";

fn is_asked_for(scope: Scope<'_>, name: &str) -> bool {
    scope.only.is_none_or(|only| only.iter().any(|own| own == name))
}

fn file_variable(name: &str) -> String {
    format!("{name}_FILE")
}

/// Whether a name of an env file says something about a declared key; its resolved value stands for it then.
fn is_declared(schema: &Schema, name: &str) -> bool {
    let is_named = |name: &str| schema.key_named(name.as_bytes()).is_some();
    is_named(name) || name.strip_suffix("_FILE").is_some_and(is_named)
}

/// Whether every optional group around a key is there.
fn is_active(schema: &Schema, snapshot: &Snapshot, mut group: Option<u16>) -> bool {
    while let Some(around) = group.and_then(|index| schema.groups().get(usize::from(index))) {
        if around.optional && !snapshot.sets_any(around.keys.clone()) {
            return false;
        }
        group = around.parent;
    }
    true
}

/// The value that decides, byte for byte; `None` when there is none.
fn value_of(slot: &Slot) -> Result<Option<OsString>, &'static str> {
    match slot.winner.as_ref().map(|entry| &entry.value) {
        None => Ok(None),
        Some(RawValue::Text(text)) if text.bytes().contains(&0) => Err(NUL),
        Some(RawValue::Text(text)) => os_string(text.bytes()).map(Some),
        Some(RawValue::List(_) | RawValue::Table(_)) => Err("is a list or a table, and a variable of a process is text"),
    }
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems have bytes that no variable can hold")]
fn os_string(bytes: &[u8]) -> Result<OsString, &'static str> {
    use std::os::unix::ffi::OsStringExt as _;
    Ok(OsString::from_vec(bytes.to_vec()))
}

#[cfg(not(unix))]
fn os_string(bytes: &[u8]) -> Result<OsString, &'static str> {
    std::str::from_utf8(bytes).map(Into::into).map_err(|_| "is not UTF-8, which variables have to be on this system")
}

#[cfg(test)]
mod tests;
