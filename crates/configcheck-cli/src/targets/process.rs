//! The sources of a process that is about to start: its env files, and its environment above them.

use std::ffi::OsString;
use std::path::PathBuf;

use configcheck_core::schema::ENVIRONMENT_VARIABLE;
use configcheck_core::{Environment, Schema};
use configcheck_dotenv::Dialect;

use super::{EnvFile, Source, TargetInput, env_files, files_of};
use crate::failure::Failure;
use crate::findings::STANDARD_INPUT;
use crate::input;
use crate::project::{Project, shown};

/// Options that say where a process gets its variables from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProcessSources<'a> {
    /// The environment that was asked for.
    pub(crate) environment: Option<&'a str>,
    /// The env files that were named, the lowest first.
    pub(crate) files: &'a [String],
    /// The sources that were named, above the files.
    pub(crate) from: &'a [String],
    /// How env files are read.
    pub(crate) dialect: Dialect,
}

/// The one target of a start. The environment is the one that was asked for, else what the process says, else what `.env` says.
pub(crate) fn of_process(
    project: &Project,
    sources: &ProcessSources<'_>,
    schema: Option<&Schema>,
    process: &[(OsString, OsString)],
) -> Result<TargetInput, Failure> {
    let mut names: Vec<String> = sources.files.to_vec();
    for text in sources.from {
        match Source::parse(text)? {
            Source::Dotenv(path) => names.push(path),
            // It lies above everything in any case.
            Source::ProcessEnvironment => {}
        }
    }
    let mut environment = sources.environment.map(|name| project.environment(name, schema)).transpose()?;
    let variable = schema.map_or(ENVIRONMENT_VARIABLE, Schema::environment_variable);
    if environment.is_none() {
        let own = process.iter().find(|(name, _)| name == variable).and_then(|(_, value)| value.to_str());
        environment = own.and_then(|name| project.environment(name, schema).ok());
    }
    if names.is_empty() {
        if environment.is_none() && !process.iter().any(|(name, value)| name == variable && !value.is_empty()) {
            environment = environment_of_base(project, schema, sources.dialect)?;
        }
        names = found(project, environment.as_ref());
    }
    let files = names.iter().map(|name| open(name)).collect::<Result<Vec<EnvFile>, Failure>>()?;
    let name = environment.as_ref().map_or_else(|| "the environment".to_owned(), ToString::to_string);
    Ok(TargetInput { name, environment, files, process_environment: true, folder: PathBuf::new() })
}

/// The environment that the project's `.env` names.
fn environment_of_base(project: &Project, schema: Option<&Schema>, dialect: Dialect) -> Result<Option<Environment>, Failure> {
    let path = project.path(".env");
    if !input::exists(&path) {
        return Ok(None);
    }
    let file = open(&shown(&path))?;
    Ok(project.environment_in(&file.bytes, dialect, schema))
}

/// The project's env files of an environment; without one those that are every environment's.
fn found(project: &Project, environment: Option<&Environment>) -> Vec<String> {
    match environment {
        Some(environment) => files_of(project, environment),
        None => env_files::BASE.iter().map(|name| project.path(name)).filter(|path| input::exists(path)).map(|path| shown(&path)).collect(),
    }
}

fn open(name: &str) -> Result<EnvFile, Failure> {
    Ok(EnvFile { name: if name == "-" { STANDARD_INPUT.to_owned() } else { name.to_owned() }, bytes: input::read(name)? })
}
