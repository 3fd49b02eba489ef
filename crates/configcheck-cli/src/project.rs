//! The project that a command works on: its settings, its schema and its environments.

use std::path::{Component, Path, PathBuf};

use configcheck_core::schema::ENVIRONMENT_VARIABLE;
use configcheck_core::suggest::nearest;
use configcheck_core::{Environment, Schema};
use configcheck_dotenv::{Dialect, read_as};
use configcheck_schema::SchemaFile;

use crate::failure::Failure;
use crate::git::Roots;
use crate::input;
use crate::project_file::{self, ProjectFile};
use crate::session::Session;

/// The name of the file with a project's settings.
const PROJECT_FILE: &str = "configcheck.toml";

/// The names under which a schema is looked for, the best first.
pub(crate) const SCHEMA_NAMES: [&str; 8] = [
    "configcheck.schema.json",
    "config.schema.json",
    ".env.schema",
    ".env.example",
    ".env.sample",
    ".env.template",
    ".env.dist",
    "env.example",
];

/// The project that a command works on.
#[derive(Debug)]
pub(crate) struct Project {
    /// The folder of configcheck.toml, else the current one; empty or as a person would write it.
    pub(crate) root: PathBuf,
    /// What configcheck.toml says.
    pub(crate) file: ProjectFile,
}

/// A schema and the name of its file.
#[derive(Clone, Debug)]
pub(crate) struct NamedSchema {
    /// What was read.
    pub(crate) file: SchemaFile,
    /// The file, as it was given or found.
    pub(crate) path: String,
}

impl Project {
    /// Finds the project's settings and reads them.
    pub(crate) fn open(session: &Session) -> Result<Self, Failure> {
        let path = match &session.options.config {
            Some(path) => Some(PathBuf::from(path)),
            None if session.options.no_config => None,
            None => find_upwards(),
        };
        let Some(path) = path else { return Ok(Self { root: PathBuf::new(), file: ProjectFile::default() }) };
        let name = shown(&path);
        let file = project_file::parse(&input::read(&name)?, &name)?;
        let root = path.parent().map(Path::to_owned).unwrap_or_default();
        Ok(Self { root, file })
    }

    /// How env files are read: as was asked for, else as the settings say.
    pub(crate) fn dialect(&self, asked: Option<Dialect>) -> Dialect {
        asked.or_else(|| self.file.dialect.as_deref().and_then(Dialect::parse)).unwrap_or(Dialect::Configcheck)
    }

    /// The environment that the text of an env file names for itself.
    pub(crate) fn environment_in(&self, text: &[u8], dialect: Dialect, schema: Option<&Schema>) -> Option<Environment> {
        let variable = schema.map_or(ENVIRONMENT_VARIABLE, Schema::environment_variable);
        let variables = read_as(text, dialect, &|_| None).variables;
        let mut names = variables.into_iter().filter(|found| found.key == variable).filter_map(|found| found.value);
        names.rfind(|name| !name.is_empty()).and_then(|name| self.environment(&name, schema).ok())
    }

    /// A path of the settings, from where the command was started.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// The schema that was named, or that the settings name, or that is found in the project's folder; `None` when there is none.
    pub(crate) fn find_schema(&self, named: Option<&str>) -> Result<Option<NamedSchema>, Failure> {
        match (named, &self.file.schema) {
            (Some(path), _) => read_schema(path).map(Some),
            (None, Some(path)) => read_schema(&shown(&self.path(path))).map(Some),
            (None, None) => {
                let found = schema_in(&self.root).or_else(|| {
                    folders_above(Path::new(""), &self.root, &mut Roots::default()).iter().find_map(|folder| schema_in(folder))
                });
                found.map(|path| read_schema(&shown(&path))).transpose()
            }
        }
    }

    /// The same, where a command can do nothing without one.
    pub(crate) fn schema(&self, named: Option<&str>) -> Result<NamedSchema, Failure> {
        self.find_schema(named)?.ok_or_else(Self::no_schema)
    }

    /// Why a command that needs a schema can do nothing.
    pub(crate) fn no_schema() -> Failure {
        Failure::usage("no schema was found")
            .help("name one with --schema: a native schema (configcheck schema --bin ./service --out config.schema.json) or a .env.example")
    }

    /// An environment by its name: a standard one, one that the schema declares, or one of the settings.
    pub(crate) fn environment(&self, name: &str, schema: Option<&Schema>) -> Result<Environment, Failure> {
        let declared = schema.map_or(&[][..], Schema::environments);
        let own = self.file.environments.iter().filter_map(|own| Some((own.name.as_str(), own.kind?)));
        if let Some(environment) = Environment::parse(name, declared) {
            return Ok(environment);
        }
        if let Some((name, kind)) = own.clone().find(|(own, _)| *own == name) {
            return Ok(Environment::Named { name: name.to_owned().into(), kind });
        }
        let known = ["development", "test", "staging", "production"].into_iter().chain(declared.iter().map(|(name, _)| *name));
        let known: Vec<&str> = known.chain(own.map(|(name, _)| name)).collect();
        let help = match nearest(name, known.iter().copied()) {
            Some(meant) => format!("did you mean {meant}?"),
            None => format!(
                "there are {}; another one is declared with its kind, in the struct or in {PROJECT_FILE}: [environments.qa] kind = \"staging\"",
                known.join(", ")
            ),
        };
        Err(Failure::usage(format!("{name} is not an environment")).help(help))
    }

    /// The environment that a file's name says, as `.env.production` and `production.env` do.
    pub(crate) fn environment_of_file(&self, file_name: &str, schema: Option<&Schema>) -> Option<Environment> {
        let stem =
            file_name.strip_prefix(".env.").map(|rest| rest.strip_suffix(".local").unwrap_or(rest)).or(file_name.strip_suffix(".env"))?;
        stem.split('.').find_map(|word| self.environment(word, schema).ok())
    }
}

/// The schema in a folder.
pub(crate) fn schema_in(folder: &Path) -> Option<PathBuf> {
    SCHEMA_NAMES.iter().map(|name| folder.join(name)).find(|path| input::exists(path))
}

/// The settings here or in a parent folder, up to the root of the repository.
fn find_upwards() -> Option<PathBuf> {
    let mut folder = PathBuf::new();
    let mut absolute = std::path::absolute(".").ok()?;
    loop {
        let candidate = folder.join(PROJECT_FILE);
        if input::exists(&candidate) {
            return Some(candidate);
        }
        if absolute.join(".git").exists() || !absolute.pop() {
            return None;
        }
        folder.push("..");
    }
}

/// A path from the root of the file system, without `.` and `..`.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    let here = || std::env::current_dir().unwrap_or_default();
    let mut absolute = if path.is_absolute() { PathBuf::new() } else { here() };
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                absolute.pop();
            }
            part => absolute.push(part),
        }
    }
    absolute
}

/// A folder and those above it, the nearest first, as far as they belong to the same project: up to the root of the repository; without
/// one, up to the settings or to where the command was started; else the folder alone.
pub(crate) fn folders_above(folder: &Path, root: &Path, repositories: &mut Roots) -> Vec<PathBuf> {
    let (full, here) = (absolute(folder), absolute(Path::new("")));
    let repository = repositories.of(&full);
    let own = || [absolute(root), here.clone()].into_iter().filter(|stop| full.starts_with(stop)).min_by_key(|stop| stop.as_os_str().len());
    let top = repository.or_else(own).unwrap_or_else(|| full.clone());
    full.ancestors().take_while(|folder| folder.starts_with(&top)).map(|path| from_here(path, &here, folder.is_absolute())).collect()
}

/// A path from where the command was started; one that was given from the root of the file system and leads elsewhere stays.
fn from_here(path: &Path, here: &Path, stays: bool) -> PathBuf {
    if let Ok(inside) = path.strip_prefix(here) {
        return inside.to_owned();
    }
    let above = here.ancestors().enumerate().find_map(|(up, folder)| Some((up, path.strip_prefix(folder).ok()?)));
    match above {
        Some((up, rest)) if !stays => std::iter::repeat_n(Path::new(".."), up).collect::<PathBuf>().join(rest),
        _ => path.to_owned(),
    }
}

/// Reads a schema from an input: a file, `-`, or `git:REV:PATH`.
pub(crate) fn read_schema(path: &str) -> Result<NamedSchema, Failure> {
    let bytes = input::read(path)?;
    let file = configcheck_schema::read(&bytes).map_err(|error| Failure::schema(path, &error))?;
    Ok(NamedSchema { file, path: path.to_owned() })
}

/// A path as a person would write it.
pub(crate) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    text.strip_prefix("./").map_or_else(|| text.to_string(), ToOwned::to_owned)
}
