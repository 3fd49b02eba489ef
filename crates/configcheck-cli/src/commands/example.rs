//! `configcheck example`: the `.env.example` of a schema, printed, compared with the committed one, or merged into it.

use clap::{ArgMatches, Args, ValueEnum};
use configcheck_core::display::escaped;
use configcheck_core::example::dotenv_example_of;
use configcheck_core::schema::Key;

use super::{Subcommand, arguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::project::{NamedSchema, Project};
use crate::session::Session;
use crate::write;

mod decorators;
mod drift;
mod file;
mod merge;
#[cfg(test)]
mod tests;

use drift::Drift;
use file::ExampleFile;

pub(super) const COMMAND: Subcommand = Subcommand {
    name: "example",
    about: "Print a .env.example, check that the committed one is current, or bring it up to date",
    arguments: Arguments::augment_args,
    run,
};

/// The file that is checked and merged unless another is named.
const USUAL: &str = ".env.example";

const AFTER_HELP: &str = "\
Examples:
  configcheck example > .env.example
  configcheck example --check
  configcheck example --merge

Exit codes: 0 printed or current, 1 not current, 2 wrong arguments or schema,
3 an input could not be read";

#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
struct Arguments {
    /// The schema: a native schema; found by itself when there is one
    #[arg(long, value_name = "FILE")]
    schema: Option<String>,
    /// The file that is written, checked or merged [default: standard output, or .env.example]
    #[arg(long, value_name = "FILE")]
    out: Option<String>,
    /// Write nothing, and exit with 1 when the file is not current
    #[arg(long, conflicts_with = "merge")]
    check: bool,
    /// Add what is missing and correct what has drifted; everything else stays as it is
    #[arg(long)]
    merge: bool,
    /// Which keys beside the required ones; all by default
    #[arg(long, value_enum, value_name = "KINDS", value_delimiter = ',')]
    include: Vec<Kind>,
}

/// Keys that may be left out of an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// No others
    Required,
    /// Keys that need not be set
    Optional,
    /// Keys that are deprecated
    Deprecated,
}

impl Arguments {
    /// Whether a key belongs into the example.
    fn wants(&self, key: &Key) -> bool {
        let includes = |kind| self.include.is_empty() || self.include.contains(&kind);
        let is_optional = key.spec.optional || !key.spec.defaults.is_empty() || key.group.is_some();
        (key.spec.deprecated.is_none() || includes(Kind::Deprecated))
            && (!is_optional || key.spec.deprecated.is_some() || includes(Kind::Optional))
    }
}

fn run(matches: &ArgMatches, session: &Session) -> Result<Exit, Failure> {
    let arguments: Arguments = arguments(matches)?;
    let schema = Project::open(session)?.schema(arguments.schema.as_deref())?;
    if arguments.out.as_deref() == Some("-") && (arguments.check || arguments.merge) {
        return Err(Failure::usage("standard output is no file that could be compared or merged")
            .at("--out -")
            .help("name a file with --out"));
    }
    let out = arguments.out.as_deref().filter(|out| *out != "-");
    let path = out.unwrap_or(USUAL);
    if arguments.check {
        not_the_schema(&schema, path)?;
        return check(&arguments, session, &schema, path);
    }
    if arguments.merge {
        not_the_schema(&schema, path)?;
        return merge(&arguments, session, &schema, path);
    }
    let text = whole(&arguments, &schema);
    if let Some(out) = out {
        not_the_schema(&schema, out)?;
        write::write(out, text.as_bytes())?;
        session.console.message(&format!("{} is written", escaped(out)));
    } else {
        session.console.result(&text)?;
    }
    Ok(Exit::Clean)
}

/// An example that is itself the schema can neither drift from it nor be made from it.
fn not_the_schema(schema: &NamedSchema, path: &str) -> Result<(), Failure> {
    let real = |path: &str| std::fs::canonicalize(path).ok();
    if schema.path != path && (real(path).is_none() || real(&schema.path) != real(path)) {
        return Ok(());
    }
    Err(Failure::usage("this file is the schema itself")
        .at(path)
        .help("name the schema that the service exports with --schema: configcheck schema --bin ./service --out config.schema.json"))
}

fn whole(arguments: &Arguments, schema: &NamedSchema) -> String {
    let schema = &schema.file.schema;
    dotenv_example_of(schema, schema.keys().iter().filter(|key| arguments.wants(key)))
}

fn check(arguments: &Arguments, session: &Session, schema: &NamedSchema, path: &str) -> Result<Exit, Failure> {
    let Some(bytes) = write::current(path)? else {
        session.console.result(&format!("{}: the example is missing\n", escaped(path)))?;
        session.console.message("  help: configcheck example --merge writes it");
        return Ok(Exit::Findings);
    };
    is_readable(path, &bytes)?;
    let file = ExampleFile::read(&bytes);
    let drift = Drift::of(&schema.file.schema, &file, |key| arguments.wants(key));
    if drift.is_empty() {
        return Ok(Exit::Clean);
    }
    let lines: Vec<String> = drift.lines(&schema.file.schema, path).iter().map(|line| format!("{}\n", escaped(line))).collect();
    session.console.result(&lines.concat())?;
    session.console.message("  help: configcheck example --merge adds and corrects; remove what is not declared, or declare it");
    Ok(Exit::Findings)
}

fn merge(arguments: &Arguments, session: &Session, schema: &NamedSchema, path: &str) -> Result<Exit, Failure> {
    let bytes = write::current(path)?.unwrap_or_default();
    is_readable(path, &bytes)?;
    let file = ExampleFile::read(&bytes);
    let drift = Drift::of(&schema.file.schema, &file, |key| arguments.wants(key));
    for entry in &drift.undeclared {
        session.console.message(&format!("{}:{}: {} is not declared in the schema, and is kept", escaped(path), entry.line, entry.name));
    }
    let merged = if file.is_blank {
        [&bytes[..file.start], whole(arguments, schema).as_bytes()].concat()
    } else {
        merge::merged(&schema.file.schema, &bytes, &file, &drift)
    };
    write::write(path, &merged)?;
    if merged != **bytes {
        let (added, corrected) = (drift.missing.len(), drift.contradictions.len());
        session.console.message(&format!("{}: {added} added, {corrected} corrected", escaped(path)));
    }
    Ok(Exit::Clean)
}

/// UTF-16 holds a NUL for each ASCII letter; nothing in it could be told from anything else.
fn is_readable(path: &str, bytes: &[u8]) -> Result<(), Failure> {
    if bytes.contains(&0) {
        return Err(Failure::incomplete("a NUL character stands in the file, which is none of a text in UTF-8")
            .at(path)
            .help("save it as UTF-8"));
    }
    Ok(())
}
