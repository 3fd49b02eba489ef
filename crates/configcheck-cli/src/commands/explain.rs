//! `configcheck explain`: what is declared of a key, which sources set it, which of them wins and what is wrong with it.

use std::collections::BTreeSet;

use clap::{ArgMatches, Args, ValueEnum};
use configcheck_core::Schema;
use configcheck_core::display::escaped;
use configcheck_core::suggest::nearest;
use configcheck_loader::References;

use super::{Subcommand, arguments};
use crate::console::Console;
use crate::examination::Examiner;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::git;
use crate::layout::{Paint, width};
use crate::project::{NamedSchema, Project};
use crate::schemas::{Found, Schemas};
use crate::session::Session;
use crate::targets::{Selection, SourceOptions, select};

mod declaration;
mod json;
mod layers;
mod outcome;
mod text;

use declaration::Declaration;
use outcome::Outcome;

pub(super) const COMMAND: Subcommand = Subcommand {
    name: "explain",
    about: "Explain a key: what is declared of it, which sources set it and which of them wins",
    arguments: Arguments::augment_args,
    run,
};

const AFTER_HELP: &str = "\
Examples:
  configcheck explain DATABASE_URL
  configcheck explain JWT_SECRET --env staging,production
  configcheck explain JWT_SECRET --env production --ask
  configcheck explain PORT deploy/ --schema config.schema.json

Exit codes: 0 explained, 1 the schema does not declare the key,
2 wrong arguments, configuration or schema, 3 an input could not be read";

#[derive(Args, Debug)]
#[command(about = COMMAND.about, after_help = AFTER_HELP)]
struct Arguments {
    /// The key: its variable, another of its names, or its path in config files
    #[arg(value_name = "KEY")]
    key: String,
    #[command(flatten)]
    sources: SourceOptions,
    /// Ask the secret manager whether the reference can be read; its value is not shown
    #[arg(long)]
    ask: bool,
    /// The form of the output
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    format: ExplainFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ExplainFormat {
    /// For people
    Text,
    /// JSON
    Json,
}

fn run(matches: &ArgMatches, session: &Session) -> Result<Exit, Failure> {
    let arguments: Arguments = arguments(matches)?;
    let (options, name) = (&arguments.sources, arguments.key.as_str());
    let project = Project::open(session)?;
    let named = project.find_schema(options.schema.as_deref())?;
    let mut selection = selected(&project, options, named.as_ref(), session)?;
    let is_named = options.schema.is_some() || project.file.schema.is_some();
    let mut schemas = Schemas::new(&project, is_named, named, std::mem::take(&mut selection.schemas))?;
    let of_targets = selection.targets.iter().map(|target| schemas.for_folder(&target.folder)).collect::<Result<Vec<usize>, Failure>>()?;
    let schemas: Vec<&Found> = schemas.all().iter().collect();
    let found = schemas.iter().filter(|found| found.path.is_some());
    if found.clone().next().is_none() {
        return Err(Project::no_schema());
    }
    if !found.clone().any(|found| key_called(&found.schema, name).is_some()) {
        let found: Vec<&Found> = found.copied().collect();
        if let Some(failure) = with_value(&found, name) {
            return Err(failure);
        }
        Console::error(&unknown(&found, name));
        return Ok(Exit::Findings);
    }
    let files = selection.targets.iter().flat_map(|target| target.files.iter().map(|file| file.name.as_str()));
    let tracked: BTreeSet<String> = git::tracked(files, &mut git::Roots::default()).files;
    let mut explained = Vec::new();
    for (number, found) in schemas.iter().enumerate() {
        let (Some(path), Some(index)) = (&found.path, key_called(&found.schema, name)) else { continue };
        let targets = selection.targets.iter().zip(&of_targets).filter(|(_, of_target)| **of_target == number);
        let examiner = examiner(&project, options, found, &tracked);
        explained.push(Explanation {
            declaration: Declaration::of(found, path, index),
            outcomes: targets.map(|(target, _)| Outcome::of(&examiner, target, index, arguments.ask)).collect(),
        });
    }
    let output = match arguments.format {
        ExplainFormat::Text => text::render(&explained, width(&session.console), Paint::of(&session.console)),
        ExplainFormat::Json => json::render(&explained, &selection.unread),
    };
    session.console.result(&output)?;
    selection.unread.iter().for_each(|unread| Console::error(&unread.to_string()));
    Ok(if selection.unread.is_empty() { Exit::Clean } else { Exit::Incomplete })
}

/// What a schema declares of the key, and what becomes of it in each environment.
#[derive(Debug)]
struct Explanation {
    declaration: Declaration,
    outcomes: Vec<Outcome>,
}

/// The sources. A project without any env file still has a schema to be explained.
fn selected(project: &Project, options: &SourceOptions, named: Option<&NamedSchema>, session: &Session) -> Result<Selection, Failure> {
    let is_free = options.paths.is_empty() && options.env.is_empty() && options.from.is_empty();
    match select(project, options, named.map(|named| &named.file.schema)) {
        Err(failure) if is_free && named.is_some() && failure.exit() == Exit::Incomplete => {
            session.console.message("no env file was found here: only what is declared is explained");
            Ok(Selection::default())
        }
        selection => selection,
    }
}

/// Examines as a check does.
fn examiner<'a>(project: &'a Project, options: &SourceOptions, found: &'a Found, tracked: &'a BTreeSet<String>) -> Examiner<'a> {
    Examiner {
        schema: &found.schema,
        policy: &project.file.policy,
        dialect: project.dialect(options.dialect),
        example: found.example.as_ref().map(|(file, path)| (file, path.as_str())),
        obeys_files: true,
        references: References::Noted,
        tracked,
        readers: project.file.readers.as_deref(),
    }
}

/// The key that somebody means: by its variable, an alias, its `KEY_FILE` or its path in config files.
fn key_called(schema: &Schema, name: &str) -> Option<usize> {
    let variable = |name: &str| schema.key_named(name.as_bytes()).map(|named| named.key);
    variable(name).or_else(|| schema.key_at(name)).or_else(|| variable(name.strip_suffix("_FILE")?))
}

/// What is wrong where a value was given with a key.
fn with_value(schemas: &[&Found], name: &str) -> Option<Failure> {
    let (before, _) = name.split_once('=')?;
    let (found, index) = schemas.iter().find_map(|found| Some((found, key_called(&found.schema, before)?)))?;
    let variable = &found.schema.keys()[index].variable;
    Some(Failure::usage("give the name of a key alone, without a value").help(format!("configcheck explain {variable}")))
}

/// Why there is nothing to explain. What is no name is not repeated: a value may have been written for it.
fn unknown(schemas: &[&Found], name: &str) -> String {
    let keys = schemas.iter().flat_map(|found| found.schema.keys());
    let names = keys.flat_map(|key| [&*key.variable, &*key.file_path].into_iter().chain(key.spec.aliases.iter().copied()));
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'));
    let meant = nearest(name, names);
    let subject = if is_name && (meant.is_some() || !name.bytes().any(|byte| byte.is_ascii_digit())) { name } else { "this key" };
    let help = match meant {
        Some(meant) => format!("did you mean {}?", escaped(meant)),
        None => "`configcheck schema` prints what is declared".to_owned(),
    };
    let paths: Vec<&str> = schemas.iter().filter_map(|found| found.path.as_deref()).collect();
    format!("error: {}: {subject} is not declared\n  help: {help}", escaped(&paths.join(", ")))
}
