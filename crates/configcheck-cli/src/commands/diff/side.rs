//! One of the two that are compared: its files laid over each other, and the keys that they set.

use std::collections::BTreeMap;
use std::path::Path;

use configcheck_core::{Environment, Schema, SecretRef};
use configcheck_dotenv::{Dialect, begins_line, read_as};
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::findings::Unread;
use crate::input;
use crate::key_name::may_be_shown;
use crate::project::Project;
use crate::targets::{EnvFile, SourceOptions, TargetInput, select};

/// Which key a line sets. Declared ones come first, in the order of the schema.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Id {
    /// A key of the schema, under whichever of its names.
    Declared(usize),
    /// Another.
    Other(String),
}

/// One of the two that are compared.
#[derive(Debug)]
pub(super) struct Side {
    /// As it was given.
    pub(super) name: String,
    /// The environment that it is, when that is known.
    pub(super) environment: Option<Environment>,
    /// The files, lowest first.
    pub(super) files: Vec<String>,
    /// The keys.
    pub(super) keys: BTreeMap<Id, Found>,
    /// Places of lines whose names may be pieces of a value.
    pub(super) unnamed: Vec<Spot>,
    /// What could not be read.
    pub(super) unread: Vec<Unread>,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) path: String,
    pub(super) line: u32,
    pub(super) column: u32,
}

/// A key as one side has it.
pub(super) struct Found {
    /// The name that stands there.
    pub(super) name: String,
    /// Where the name stands.
    pub(super) spot: Spot,
    /// `None` for a key that is named without a value.
    value: Option<Zeroizing<String>>,
    is_alias: bool,
    /// Whether the name is `KEY_FILE`, and what stands there the path of a file that holds the value.
    is_file: bool,
}

impl std::fmt::Debug for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Found").field("name", &self.name).field("spot", &self.spot).finish_non_exhaustive()
    }
}

impl Found {
    /// Whether both hold the same.
    pub(super) fn same(&self, other: &Self) -> bool {
        self.value == other.value && self.is_file == other.is_file
    }

    /// Whether it is set to something that stands there itself, and is no reference to where it is.
    pub(super) fn is_literal(&self) -> bool {
        !self.is_file && self.value.as_ref().is_some_and(|value| !value.is_empty() && !SecretRef::is_reference(value))
    }

    /// Whether it is set to nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.value.as_ref().is_some_and(|value| value.is_empty())
    }
}

impl Side {
    /// Reads what a name means: a file, standard input, a file of a revision, else the files of an environment.
    pub(super) fn read(project: &Project, name: &str, schema: Option<&Schema>) -> Result<Self, Failure> {
        let mut side = Self {
            name: name.to_owned(),
            environment: None,
            files: Vec::new(),
            keys: BTreeMap::new(),
            unnamed: Vec::new(),
            unread: Vec::new(),
        };
        let is_input = name == "-" || name.starts_with("git:") || Path::new(name).exists();
        let files = if is_input {
            let file_name = name.rsplit(['/', ':']).next().unwrap_or(name);
            side.environment = project.environment_of_file(file_name, schema);
            let shown = if name == "-" { "standard input" } else { name };
            vec![EnvFile { name: shown.to_owned(), bytes: input::read(name)? }]
        } else {
            let target = side.environment_files(project, schema)?;
            side.environment = target.environment;
            target.files
        };
        let dialect = project.dialect(None);
        for file in &files {
            side.files.push(file.name.clone());
            side.take(file, dialect, schema);
        }
        if side.environment.is_none() {
            side.environment = side.environment_that_is_set(project, schema);
        }
        Ok(side)
    }

    fn environment_files(&mut self, project: &Project, schema: Option<&Schema>) -> Result<TargetInput, Failure> {
        let name = self.name.clone();
        if let Err(failure) = project.environment(&name, schema) {
            // What looks like a path is one that is missing; the file's own reader says so.
            if name.contains(['/', '.']) {
                return Err(input::read(&name).map_or_else(|failure| failure, |_| failure));
            }
            return Err(failure.incomplete_as("there is no such file, and no environment of this name").at(name));
        }
        let options = SourceOptions { env: vec![name.clone()], ..SourceOptions::default() };
        let selection = select(project, &options, schema)?;
        self.unread = selection.unread;
        match selection.targets.into_iter().next() {
            Some(target) => Ok(target),
            None => Err(match self.unread.pop() {
                Some(unread) => Failure::incomplete(unread.message).at(unread.path).help(unread.help),
                None => Failure::incomplete("no env file of this environment was found").at(name),
            }),
        }
    }

    /// The environment that the files themselves choose.
    fn environment_that_is_set(&self, project: &Project, schema: Option<&Schema>) -> Option<Environment> {
        let id = match schema {
            Some(schema) => schema.environment_key().map_or_else(|| Id::Other(schema.environment_variable().to_owned()), Id::Declared),
            None => Id::Other(configcheck_core::schema::ENVIRONMENT_VARIABLE.to_owned()),
        };
        let name = self.keys.get(&id)?.value.as_ref()?;
        project.environment(name, schema).ok()
    }

    fn take(&mut self, file: &EnvFile, dialect: Dialect, schema: Option<&Schema>) {
        let reading = read_as(&file.bytes, dialect, &|_| None);
        for refusal in &reading.refusals {
            // The column may stand behind a value, and would tell how long it is.
            self.unread.push(Unread {
                path: format!("{}:{}", file.name, refusal.position.line),
                message: refusal.message.to_owned(),
                help: refusal.help.to_owned(),
            });
        }
        let mut of_file: BTreeMap<Id, Found> = BTreeMap::new();
        for variable in reading.variables {
            // Behind another value on its line the column would tell how long that is.
            let column = if begins_line(&file.bytes, variable.key_span) { variable.key_position.column } else { 1 };
            let spot = Spot { path: file.name.clone(), line: variable.key_position.line, column };
            let key_named = |name: &str| schema.and_then(|schema| schema.key_named(name.as_bytes()));
            let own = key_named(&variable.key);
            let named = own.or_else(|| variable.key.strip_suffix("_FILE").and_then(key_named));
            if named.is_none() && (variable.doubtful || !may_be_shown(&variable.key, variable.value.as_deref())) {
                self.unnamed.push(spot);
                continue;
            }
            let name = variable.key.into_owned();
            let id = named.map_or_else(|| Id::Other(name.clone()), |named| Id::Declared(named.key));
            let is_file = own.is_none() && named.is_some();
            let is_alias = is_file || named.is_some_and(|named| named.alias.is_some());
            let found = Found { name, spot, value: variable.value.map(|value| Zeroizing::new(value.into_owned())), is_alias, is_file };
            // Within a file the later line counts, and the key's own name stands above its aliases.
            if of_file.get(&id).is_none_or(|earlier| earlier.is_alias || !is_alias) {
                of_file.insert(id, found);
            }
        }
        for (id, found) in of_file {
            // What is empty in a higher file hides nothing, as in a load.
            if self.keys.get(&id).is_none_or(Found::is_empty) || !found.is_empty() {
                self.keys.insert(id, found);
            }
        }
    }
}
