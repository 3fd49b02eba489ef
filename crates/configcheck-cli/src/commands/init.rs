//! `configcheck init`: from a `.env.example` to a first struct or schema, with every guess marked as one.

use std::io::{self, BufRead as _, IsTerminal as _};
use std::path::Path;

use clap::{ArgMatches, Args, ValueEnum};
use configcheck_core::display::escaped;
use configcheck_core::json::indented;
use configcheck_schema::SchemaKind;

use super::{Subcommand, arguments};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::project::{NamedSchema, read_schema};
use crate::session::Session;
use crate::write;

mod names;
mod project_file;
mod rust;
#[cfg(test)]
mod tests;

pub(super) const COMMAND: Subcommand = Subcommand {
    name: "init",
    about: "Begin: make a Rust struct or a schema from a .env.example, and a configcheck.toml",
    arguments: Arguments::augment_args,
    run,
};

/// The names under which an example is looked for, the best first.
const EXAMPLES: [&str; 7] = [".env.schema", ".env.example", ".env.sample", ".env.template", ".env.dist", "env.example", "example.env"];

/// The settings of the project.
const SETTINGS: &str = "configcheck.toml";

const AFTER_HELP: &str = "\
Examples:
  configcheck init
  configcheck init --from-env-example .env.example --as schema";

#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
struct Arguments {
    /// The example to begin with; found by itself when there is one
    #[arg(long, value_name = "FILE")]
    from_env_example: Option<String>,
    /// What to make
    #[arg(long = "as", value_enum, value_name = "FORM", default_value = "rust")]
    form: Form,
    /// Where to write it; - is standard output [default: src/settings.rs or config.schema.json]
    #[arg(long, value_name = "FILE")]
    out: Option<String>,
    /// Overwrite files that are there
    #[arg(long)]
    force: bool,
    /// Do not ask on a terminal
    #[arg(short, long)]
    yes: bool,
}

/// What is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A struct that derives `AppConfig`
    Rust,
    /// A native schema, for services in any language
    Schema,
}

fn run(matches: &ArgMatches, session: &Session) -> Result<Exit, Failure> {
    let arguments: Arguments = arguments(matches)?;
    let example = example(arguments.from_env_example.as_deref())?;
    let schema = &example.file.schema;
    if schema.keys().is_empty() {
        let help = "write one line KEY= for each variable, or name another file";
        return Err(Failure::usage("no key stands in the file").at(&*example.path).help(help));
    }
    for note in &example.file.notes {
        session.console.message(&format!("note: {}:{}: {}", escaped(&example.path), note.line, escaped(&note.message)));
    }
    let text = match arguments.form {
        Form::Rust => rust::file(schema, &example.path),
        Form::Schema => indented(&schema.to_json()),
    };
    let out = match (arguments.out.as_deref(), arguments.form) {
        (Some("-"), _) => {
            session.console.result(&text)?;
            return Ok(Exit::Clean);
        }
        (Some(out), _) => out,
        (None, Form::Rust) if Path::new("src").is_dir() => "src/settings.rs",
        (None, Form::Rust) => "settings.rs",
        (None, Form::Schema) => "config.schema.json",
    };
    // The struct is no schema that a command reads: until the service exports one, the example is it.
    let settings = project_file::settings(if arguments.form == Form::Rust { &example.path } else { out });
    let files = [(out, text), (SETTINGS, settings)];
    if !arguments.force {
        refuse_to_overwrite(&files)?;
    }
    if !arguments.yes && !is_agreed(&files)? {
        session.console.message("nothing is written");
        return Ok(Exit::Clean);
    }
    for (at, (path, text)) in files.iter().enumerate() {
        if let Err(failure) = write::write(path, text.as_bytes()) {
            // One file without the other is of no use, and would keep the next try from its work. What was overwritten stays new.
            if !arguments.force {
                files[..at].iter().for_each(|(written, _)| drop(write::remove(written)));
            }
            return Err(failure);
        }
        session.console.message(&format!("{} is written", escaped(path)));
    }
    let guesses = schema.keys().iter().map(|key| key.spec.guesses.len()).sum();
    session.console.result(&match arguments.form {
        Form::Rust => project_file::next_steps_of_rust(&escaped(out), guesses),
        Form::Schema => project_file::next_steps_of_schema(&escaped(out), guesses),
    })?;
    Ok(Exit::Clean)
}

/// The example that was named or found.
fn example(named: Option<&str>) -> Result<NamedSchema, Failure> {
    let found = || EXAMPLES.into_iter().find(|name| input::exists(Path::new(name)));
    let Some(path) = named.or_else(found) else {
        return Err(Failure::incomplete("no .env.example was found here").help("name one with --from-env-example"));
    };
    let example = read_schema(path)?;
    if example.file.kind == SchemaKind::Native {
        return Err(Failure::usage("this is a schema already, and no .env.example").at(path).help("use it with --schema"));
    }
    Ok(example)
}

fn refuse_to_overwrite(files: &[(&str, String)]) -> Result<(), Failure> {
    match files.iter().find(|(path, _)| std::fs::symlink_metadata(path).is_ok()) {
        None => Ok(()),
        Some((path, _)) => Err(Failure::usage("the file is there already, and nothing was written")
            .at(*path)
            .help("name another with --out, or overwrite it with --force")),
    }
}

/// Asks on a terminal; where nobody can answer, what is written overwrites nothing that was not meant.
fn is_agreed(files: &[(&str, String)]) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Ok(true);
    }
    let names: Vec<&str> = files.iter().map(|(path, _)| *path).collect();
    Console::error(&format!("write {}? [y/N]", escaped(&names.join(" and "))));
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).map_err(|error| Failure::incomplete(format!("no answer can be read: {}", error.kind())))?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
