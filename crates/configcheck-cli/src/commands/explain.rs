//! `configcheck explain`: what is declared of a key, which sources set it, which of them wins and what is wrong with it.

use std::collections::BTreeSet;

use clap::{ArgMatches, Args, ValueEnum};
use configcheck_core::Schema;
use configcheck_core::display::escaped;
use configcheck_core::suggest::nearest;
use configcheck_dotenv::Dialect;
use configcheck_loader::References;

use super::{Subcommand, arguments};
use crate::console::Console;
use crate::examination::Examiner;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::git;
use crate::layout::{Paint, width};
use crate::project::{NamedSchema, Project};
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
    let project = Project::open(session)?;
    let named = project.schema(arguments.sources.schema.as_deref())?;
    let schema = &named.file.schema;
    let Some(index) = key_called(schema, &arguments.key) else {
        Console::error(&unknown(&named, &arguments.key));
        return Ok(Exit::Findings);
    };
    let selection = select(&project, &arguments.sources, Some(schema))?;
    let outcomes = examine(&project, &arguments.sources, schema, &selection, index);
    let declaration = Declaration::of(&named, index);
    let output = match arguments.format {
        ExplainFormat::Text => text::render(&declaration, &outcomes, width(&session.console), Paint::of(&session.console)),
        ExplainFormat::Json => json::render(&declaration, &outcomes, &selection.unread),
    };
    session.console.result(&output)?;
    for unread in &selection.unread {
        Console::error(&format!("error: {}: {}\n  help: {}", escaped(&unread.path), escaped(&unread.message), escaped(&unread.help)));
    }
    Ok(if selection.unread.is_empty() { Exit::Clean } else { Exit::Incomplete })
}

/// Examines each target as a check does.
fn examine(project: &Project, options: &SourceOptions, schema: &Schema, selection: &Selection, index: usize) -> Vec<Outcome> {
    let of_project = || project.file.dialect.as_deref().and_then(Dialect::parse);
    let files = || selection.targets.iter().flat_map(|target| target.files.iter().map(|file| file.name.as_str()));
    let tracked: BTreeSet<String> = git::tracked(files());
    let examiner = Examiner {
        schema,
        policy: &project.file.policy,
        dialect: options.dialect.or_else(of_project).unwrap_or(Dialect::Configcheck),
        example: None,
        references: References::Noted,
        tracked: &tracked,
        obeys_files: true,
        readers: project.file.readers.as_deref(),
    };
    selection.targets.iter().map(|target| Outcome::of(&examiner, target, index)).collect()
}

/// The key that somebody means: by its variable, an alias, its `KEY_FILE` or its path in config files.
fn key_called(schema: &Schema, name: &str) -> Option<usize> {
    let variable = |name: &str| schema.key_named(name.as_bytes()).map(|named| named.key);
    variable(name).or_else(|| schema.key_at(name)).or_else(|| variable(name.strip_suffix("_FILE")?))
}

/// Why there is nothing to explain. What is no name is not repeated: a value may have been written for it.
fn unknown(schema: &NamedSchema, name: &str) -> String {
    if let Some((before, _)) = name.split_once('=')
        && let Some(index) = key_called(&schema.file.schema, before)
    {
        let variable = &schema.file.schema.keys()[index].variable;
        return format!("error: give the name of a key alone, without a value\n  help: configcheck explain {variable}");
    }
    let keys = schema.file.schema.keys();
    let names = keys.iter().flat_map(|key| [&*key.variable, &*key.file_path].into_iter().chain(key.spec.aliases.iter().copied()));
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'));
    let meant = nearest(name, names);
    let subject = if is_name && (meant.is_some() || !name.bytes().any(|byte| byte.is_ascii_digit())) { name } else { "this key" };
    let help = match meant {
        Some(meant) => format!("did you mean {}?", escaped(meant)),
        None => "`configcheck schema` prints what is declared".to_owned(),
    };
    format!("error: {}: {subject} is not declared\n  help: {help}", escaped(&schema.path))
}
