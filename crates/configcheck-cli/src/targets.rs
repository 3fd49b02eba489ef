//! What is checked: env files and the process's environment, grouped by environment and laid in layers.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use clap::Args;
use configcheck_core::{Environment, Schema};
use configcheck_dotenv::Dialect;
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::findings::{STANDARD_INPUT, Unread};
use crate::input;
use crate::parallel;
use crate::project::{Project, absolute, shown};

pub(crate) mod env_files;
mod grouping;
mod process;
mod source;

use env_files::{Excluded, Walked};
use grouping::{FoundFile, group};
pub(crate) use process::{ProcessSources, of_process};
use source::Source;

// Options that say what is checked. No doc comment: clap would take it for what a command says of itself.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct SourceOptions {
    /// Env files or folders; - is standard input [default: the env files of the project]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<String>,
    /// The environments to check, such as staging,production
    #[arg(short, long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) env: Vec<String>,
    /// A source, the lowest first: dotenv:FILE, or env for the environment of this process
    #[arg(long, value_name = "KIND[:PATH]")]
    pub(crate) from: Vec<String>,
    /// Read the env files as another tool does: configcheck, posix-sh, docker-run,
    /// compose, node, python, ruby, dotenvy, systemd or kubectl
    #[arg(long, value_name = "DIALECT", value_parser = dialect, verbatim_doc_comment)]
    pub(crate) dialect: Option<Dialect>,
    /// A native schema file, a .env.example, - or git:REV:PATH [default: found in the project]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) schema: Option<String>,
}

/// One environment, or one group of files without any.
pub(crate) struct TargetInput {
    /// What a person calls it.
    pub(crate) name: String,
    /// The environment that it is checked as; `None` when the sources themselves say.
    pub(crate) environment: Option<Environment>,
    /// The env files, lowest first.
    pub(crate) files: Vec<EnvFile>,
    /// Whether the environment of this process lies above them.
    pub(crate) process_environment: bool,
    /// The folder of the files.
    pub(crate) folder: PathBuf,
}

/// An env file that was opened. It has no `Debug`, which would print what is in it.
pub(crate) struct EnvFile {
    /// Its name, as it was given or found.
    pub(crate) name: String,
    /// Its text.
    pub(crate) bytes: Zeroizing<Vec<u8>>,
}

/// What is checked, and what could not be read.
#[derive(Default)]
pub(crate) struct Selection {
    /// What is checked.
    pub(crate) targets: Vec<TargetInput>,
    /// What could not be read.
    pub(crate) unread: Vec<Unread>,
    /// The schema in each folder that was walked over, as far as there is one.
    pub(crate) schemas: HashMap<PathBuf, Option<PathBuf>>,
    /// What standard input held: it can be read only once, and several environments may lie above it.
    standard_input: Option<Zeroizing<Vec<u8>>>,
}

/// Finds what the options name. No input at all is a failure: a slip in a path must not look green.
pub(crate) fn select(project: &Project, options: &SourceOptions, schema: Option<&Schema>) -> Result<Selection, Failure> {
    let environments = options.env.iter().map(|name| project.environment(name, schema)).collect::<Result<Vec<Environment>, Failure>>()?;
    let mut selection = Selection::default();
    let is_standard_input = |path: &String| path == "-" || path == "dotenv:-";
    if options.schema.as_deref() == Some("-") && options.paths.iter().chain(&options.from).any(is_standard_input) {
        return Err(Failure::usage("standard input cannot be both the schema and an env file").help("give one of them as a file"));
    }
    if !options.from.is_empty() {
        from_sources(options, environments, &mut selection)?;
    } else if options.paths.is_empty() {
        from_project(project, project.dialect(options.dialect), environments, schema, &mut selection)?;
    } else {
        from_paths(project, options, &environments, schema, &mut selection)?;
    }
    if selection.targets.is_empty() && selection.unread.is_empty() {
        return Err(Failure::incomplete("there is nothing to check")
            .help("name env files or a folder that holds some, or --from env for the environment of this process"));
    }
    Ok(selection)
}

/// The sources that `--from` lays over each other, above the files that were named.
fn from_sources(options: &SourceOptions, environments: Vec<Environment>, selection: &mut Selection) -> Result<(), Failure> {
    let named = options.paths.iter().map(|path| Ok(Source::Dotenv(path.clone())));
    let sources = named.chain(options.from.iter().map(|text| Source::parse(text))).collect::<Result<Vec<Source>, Failure>>()?;
    let process_environment = sources.iter().any(|source| matches!(source, Source::ProcessEnvironment));
    let paths: Vec<&str> =
        sources.iter().filter_map(|source| if let Source::Dotenv(path) = source { Some(path.as_str()) } else { None }).collect();
    let name = if paths.is_empty() { "the environment".to_owned() } else { paths.join(", ") };
    let environments = if environments.is_empty() { vec![None] } else { environments.into_iter().map(Some).collect() };
    for environment in environments {
        let files: Vec<EnvFile> = paths.iter().filter_map(|name| open(name, selection)).collect();
        if !files.is_empty() || process_environment {
            let name = environment.as_ref().map_or_else(|| name.clone(), ToString::to_string);
            selection.targets.push(TargetInput { name, environment, files, process_environment, folder: PathBuf::new() });
        }
    }
    Ok(())
}

/// What is checked when nothing is named: the files that the settings or their names give to each environment.
fn from_project(
    project: &Project,
    dialect: Dialect,
    environments: Vec<Environment>,
    schema: Option<&Schema>,
    selection: &mut Selection,
) -> Result<(), Failure> {
    let environments = if environments.is_empty() {
        let own = project.file.environments.iter().filter(|own| !own.files.is_empty());
        own.map(|own| project.environment(&own.name, schema)).collect::<Result<Vec<Environment>, Failure>>()?
    } else {
        environments
    };
    if environments.is_empty() {
        let walked = env_files::in_folder(&project.root, Excluded::of(project)?)?;
        let found = note_walked(walked, selection);
        group(project, dialect, found, &[], schema, selection);
        return Ok(());
    }
    for environment in environments {
        add_environment(project, environment, selection);
    }
    Ok(())
}

/// One environment with the files that the settings or its name give to it.
fn add_environment(project: &Project, environment: Environment, selection: &mut Selection) {
    let names = files_of(project, &environment);
    if names.is_empty() {
        let searched = env_files::layered(environment.name()).join(", ");
        selection.unread.push(Unread {
            path: environment.name().to_owned(),
            message: "no env file of this environment was found".to_owned(),
            help: format!("looked for {searched}; name the files, or give them in configcheck.toml"),
        });
        return;
    }
    let files: Vec<EnvFile> = names.iter().filter_map(|name| open(name, selection)).collect();
    if !files.is_empty() {
        let name = environment.name().to_owned();
        let folder = project.root.clone();
        selection.targets.push(TargetInput { name, environment: Some(environment), files, process_environment: false, folder });
    }
}

/// The env files of an environment, lowest first: those that the settings give to it, else those that its name gives.
fn files_of(project: &Project, environment: &Environment) -> Vec<String> {
    let own = project.file.environments.iter().filter(|own| own.name == environment.name());
    let own: Vec<String> = own.flat_map(|own| own.files.iter().map(|name| shown(&project.path(name)))).collect();
    if !own.is_empty() {
        return own;
    }
    let layered = env_files::layered(environment.name()).into_iter().map(|name| project.path(&name));
    layered.filter(|path| input::exists(path)).map(|path| shown(&path)).collect()
}

/// The files and folders that were named.
fn from_paths(
    project: &Project,
    options: &SourceOptions,
    environments: &[Environment],
    schema: Option<&Schema>,
    selection: &mut Selection,
) -> Result<(), Failure> {
    let mut found: Vec<FoundFile> = Vec::new();
    for path in &options.paths {
        let folder = Path::new(path);
        if folder.is_dir() {
            let walked = env_files::below(folder, Excluded::of(project)?)?;
            if walked.files.is_empty() && walked.unnamable.is_empty() {
                selection.unread.push(Unread {
                    path: path.clone(),
                    message: "no env file is in this folder".to_owned(),
                    help: "env files are called .env, .env.NAME or NAME.env".to_owned(),
                });
            }
            found.extend(note_walked(walked, selection));
        } else {
            found.push(FoundFile { path: folder.to_owned(), is_named: true });
        }
    }
    if environments.is_empty() {
        add_own_environments(project, schema, &mut found, selection)?;
    }
    group(project, project.dialect(options.dialect), found, environments, schema, selection);
    Ok(())
}

/// Keeps what a walk came upon beside the files, and hands back the files.
fn note_walked(walked: Walked, selection: &mut Selection) -> Vec<FoundFile> {
    selection.schemas.extend(walked.schemas);
    selection.unread.extend(walked.unnamable.iter().map(|path| Unread {
        path: shown(path),
        message: "the file's path is not UTF-8".to_owned(),
        help: "give it another name".to_owned(),
    }));
    walked.files.into_iter().map(|path| FoundFile { path, is_named: false }).collect()
}

/// Checks files that a walk came upon as what the settings say they are: as layers of their environment, not one by one.
fn add_own_environments(
    project: &Project,
    schema: Option<&Schema>,
    found: &mut Vec<FoundFile>,
    selection: &mut Selection,
) -> Result<(), Failure> {
    for own in &project.file.environments {
        let files: Vec<PathBuf> = own.files.iter().map(|name| absolute(&project.path(name))).collect();
        let is_own = |file: &FoundFile| !file.is_named && files.contains(&absolute(&file.path));
        if found.iter().any(is_own) {
            add_environment(project, project.environment(&own.name, schema)?, selection);
        }
    }
    if project.file.environments.is_empty() {
        return Ok(());
    }
    let all: Vec<PathBuf> = project.file.environments.iter().flat_map(|own| &own.files).map(|name| absolute(&project.path(name))).collect();
    found.retain(|file| file.is_named || !all.contains(&absolute(&file.path)));
    Ok(())
}

/// Opens an env file, or notes why it cannot be.
fn open(name: &str, selection: &mut Selection) -> Option<EnvFile> {
    let opened = match &selection.standard_input {
        Some(bytes) if name == "-" => Ok(bytes.clone()),
        _ => input::read(name),
    };
    note_opened(name, opened, selection)
}

/// Opens the env files of many targets at once; standard input is read once, so they wait for it one by one.
fn open_all(names: &[Vec<String>], selection: &mut Selection) -> Vec<Vec<EnvFile>> {
    let on_disk = |name: &String| (name != "-").then(|| input::read(name));
    let opened = parallel::map(names, |names| names.iter().map(on_disk).collect::<Vec<_>>());
    let mut of_target = |(names, opened): (&Vec<String>, Vec<_>)| {
        let opened = names.iter().zip(opened).filter_map(|(name, opened)| match opened {
            Some(opened) => note_opened(name, opened, selection),
            None => open(name, selection),
        });
        opened.collect()
    };
    names.iter().zip(opened).map(&mut of_target).collect()
}

fn note_opened(name: &str, opened: Result<Zeroizing<Vec<u8>>, Failure>, selection: &mut Selection) -> Option<EnvFile> {
    match opened {
        Ok(bytes) if name == "-" => {
            selection.standard_input.get_or_insert_with(|| bytes.clone());
            Some(EnvFile { name: STANDARD_INPUT.to_owned(), bytes })
        }
        Ok(bytes) => Some(EnvFile { name: name.to_owned(), bytes }),
        Err(failure) => {
            if !selection.unread.iter().any(|unread| unread.path == name) {
                selection.unread.push(failure.into_unread(name));
            }
            None
        }
    }
}

/// Reads the name of a dialect.
pub(crate) fn dialect(name: &str) -> Result<Dialect, String> {
    Dialect::parse(name).ok_or_else(|| {
        let names: Vec<&str> = Dialect::ALL.iter().map(|dialect| dialect.name()).collect();
        format!("the dialects are {}", names.join(", "))
    })
}
