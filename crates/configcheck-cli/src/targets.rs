//! What is checked: env files and the process's environment, grouped by environment and laid in layers.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use clap::Args;
use configcheck_core::{Environment, Schema};
use configcheck_dotenv::Dialect;
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::findings::Unread;
use crate::input;
use crate::project::{Project, shown};

mod env_files;
mod process;
mod source;

pub(crate) use process::{ProcessSources, of_process};
use source::Source;

// Options that say what is checked. This is no doc comment: clap would print it in place of what the command says of itself.
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
#[derive(Debug)]
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

/// An env file that was opened.
#[derive(Debug)]
pub(crate) struct EnvFile {
    /// Its name, as it was given or found.
    pub(crate) name: String,
    /// Its text.
    pub(crate) bytes: Zeroizing<Vec<u8>>,
}

/// What is checked, and what could not be read.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    /// What is checked.
    pub(crate) targets: Vec<TargetInput>,
    /// What could not be read.
    pub(crate) unread: Vec<Unread>,
    /// The schema in each folder that was walked over, as far as there is one.
    pub(crate) schemas: HashMap<PathBuf, Option<PathBuf>>,
}

/// Finds what the options name. No input at all is a failure: a slip in a path must not look green.
pub(crate) fn select(project: &Project, options: &SourceOptions, schema: Option<&Schema>) -> Result<Selection, Failure> {
    let environments = options.env.iter().map(|name| project.environment(name, schema)).collect::<Result<Vec<Environment>, Failure>>()?;
    let mut selection = Selection::default();
    if !options.from.is_empty() {
        from_sources(options, environments, &mut selection)?;
    } else if options.paths.is_empty() {
        from_project(project, environments, schema, &mut selection)?;
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
        let walked = env_files::in_folder(&project.root)?;
        group(project, &walked.files, &[], schema, selection);
        return Ok(());
    }
    for environment in environments {
        let names = files_of(project, &environment);
        if names.is_empty() {
            selection.unread.push(Unread {
                path: environment.name().to_owned(),
                message: "no env file of this environment was found".to_owned(),
                help: format!(
                    "looked for {}; name the files, or give them in configcheck.toml",
                    env_files::layered(environment.name()).join(", ")
                ),
            });
            continue;
        }
        let files: Vec<EnvFile> = names.iter().filter_map(|name| open(name, selection)).collect();
        if !files.is_empty() {
            let name = environment.name().to_owned();
            let target =
                TargetInput { name, environment: Some(environment), files, process_environment: false, folder: project.root.clone() };
            selection.targets.push(target);
        }
    }
    Ok(())
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
    let mut found: Vec<PathBuf> = Vec::new();
    for path in &options.paths {
        let folder = Path::new(path);
        if folder.is_dir() {
            let walked = env_files::below(folder, &project.file.exclude)?;
            if walked.files.is_empty() {
                selection.unread.push(Unread {
                    path: path.clone(),
                    message: "no env file is in this folder".to_owned(),
                    help: "env files are called .env, .env.NAME or NAME.env".to_owned(),
                });
            }
            found.extend(walked.files);
            selection.schemas.extend(walked.schemas);
        } else {
            found.push(folder.to_owned());
        }
    }
    group(project, &found, environments, schema, selection);
    Ok(())
}

/// Groups files by folder and environment, and lays those of a group over each other as a load would.
fn group(project: &Project, files: &[PathBuf], environments: &[Environment], schema: Option<&Schema>, selection: &mut Selection) {
    let mut groups: Vec<(PathBuf, Option<Environment>, Vec<PathBuf>)> = Vec::new();
    let mut by_folder: HashMap<(PathBuf, Option<String>), usize> = HashMap::new();
    let mut add = |folder: PathBuf, environment: Option<Environment>, path: &Path| {
        let name = environment.as_ref().map(|environment| environment.name().to_owned());
        let at = *by_folder.entry((folder, name)).or_insert_with_key(|(folder, _)| {
            groups.push((folder.clone(), environment, Vec::new()));
            groups.len() - 1
        });
        if !groups[at].2.iter().any(|other| other == path) {
            groups[at].2.push(path.to_owned());
        }
    };
    for path in files {
        let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        let of_name = project.environment_of_file(&file_name, schema);
        if environments.is_empty() {
            add(folder, of_name, path);
            continue;
        }
        // A file that is another environment's by its name says nothing about this one.
        for environment in environments.iter().filter(|environment| of_name.as_ref().is_none_or(|own| own == *environment)) {
            add(folder.clone(), Some(environment.clone()), path);
        }
    }
    for environment in environments.iter().filter(|environment| !groups.iter().any(|group| group.1.as_ref() == Some(environment))) {
        selection.unread.push(Unread {
            path: environment.name().to_owned(),
            message: "none of the files is of this environment".to_owned(),
            help: format!("name its files, such as .env.{environment}"),
        });
    }
    let is_single = groups.iter().all(|group| group.0 == groups[0].0);
    for (folder, environment, mut paths) in groups {
        paths.sort_by_key(|path| env_files::layer(path));
        let files: Vec<EnvFile> = paths.iter().filter_map(|path| open(&shown(path), selection)).collect();
        if files.is_empty() {
            continue;
        }
        let names = || files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join(", ");
        let name = match &environment {
            Some(environment) if is_single => environment.name().to_owned(),
            Some(environment) => format!("{} ({environment})", shown(&folder)),
            None => names(),
        };
        selection.targets.push(TargetInput { name, environment, files, process_environment: false, folder });
    }
}

/// Opens an env file, or notes why it cannot be.
fn open(name: &str, selection: &mut Selection) -> Option<EnvFile> {
    match input::read(name) {
        Ok(bytes) => Some(EnvFile { name: if name == "-" { "standard input".to_owned() } else { name.to_owned() }, bytes }),
        Err(failure) => {
            selection.unread.push(failure.into_unread(name));
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
