//! `configcheck diff`: which keys two environments have, and which differ. No value is shown.

use clap::{ArgMatches, Args, ValueEnum};

use super::{Subcommand, arguments};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::findings::Unread;
use crate::layout::{Paint, width};
use crate::project::Project;
use crate::session::Session;

mod comparison;
mod json;
mod side;
mod text;

use comparison::Comparison;
use side::Side;

pub(super) const COMMAND: Subcommand =
    Subcommand { name: "diff", about: "Compare the keys of two environments; no value is shown", arguments: Arguments::augment_args, run };

const AFTER_HELP: &str = "\
Examples:
  configcheck diff staging production
  configcheck diff .env.staging .env.production --keys-only
  configcheck diff git:main:.env.production .env.production

Exit codes: 0 the same, 1 different, 2 wrong arguments, configuration or schema,
3 an input could not be read";

#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
struct Arguments {
    /// An env file, - or git:REV:PATH, or the name of an environment
    #[arg(value_name = "A")]
    a: String,
    /// What it is compared with
    #[arg(value_name = "B")]
    b: String,
    /// A native schema file, a .env.example, - or git:REV:PATH [default: found in the project]
    #[arg(short, long, value_name = "FILE")]
    schema: Option<String>,
    /// Compare which keys there are, not whether their values are the same
    #[arg(long)]
    keys_only: bool,
    /// Print what the schema says of each key's type
    #[arg(long)]
    show_types: bool,
    /// The form of the output
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    format: DiffFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DiffFormat {
    /// For people
    Text,
    /// JSON
    Json,
}

fn run(matches: &ArgMatches, session: &Session) -> Result<Exit, Failure> {
    let arguments: Arguments = arguments(matches)?;
    let inputs = [Some(arguments.a.as_str()), Some(&arguments.b), arguments.schema.as_deref()];
    if inputs.iter().filter(|input| **input == Some("-")).count() > 1 {
        return Err(Failure::usage("standard input can be read only once").at("-").help("give a file for the other one"));
    }
    let project = Project::open(session)?;
    let named = project.find_schema(arguments.schema.as_deref())?;
    if arguments.show_types && named.is_none() {
        return Err(Failure::usage("--show-types needs a schema").help("name one with --schema"));
    }
    let schema = named.as_ref().map(|named| &named.file.schema);
    let a = Side::read(&project, &arguments.a, schema)?;
    let b = Side::read(&project, &arguments.b, schema)?;
    let comparison = Comparison::of(&a, &b, schema, arguments.keys_only, arguments.show_types);
    let output = match arguments.format {
        DiffFormat::Text => text::render(&a, &b, &comparison, width(&session.console), Paint::of(&session.console)),
        DiffFormat::Json => json::render(&a, &b, &comparison),
    };
    session.console.result(&output)?;
    let mut unread: Vec<&Unread> = a.unread.iter().collect();
    // One file may be both.
    unread.extend(b.unread.iter().filter(|unread| !a.unread.contains(unread)));
    for unread in &unread {
        Console::error(&unread.to_string());
    }
    Ok(match (unread.is_empty(), comparison.differs()) {
        (false, _) => Exit::Incomplete,
        (true, true) => Exit::Findings,
        (true, false) => Exit::Clean,
    })
}
