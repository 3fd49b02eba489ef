//! `configcheck schema`: the schema of a service as a file, read from one or asked of the service itself.

use clap::{ArgMatches, Args, ValueEnum};
use configcheck_core::Schema;
use configcheck_core::display::escaped;
use configcheck_core::json::{compact, indented};
use configcheck_core::schema::Drift;

use super::{Subcommand, arguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::project::Project;
use crate::session::Session;
use crate::write::{self, State};

mod program;

pub(super) const COMMAND: Subcommand = Subcommand {
    name: "schema",
    about: "Print a schema, export it from a service, or check that a committed one is current",
    arguments: Arguments::augment_args,
    run,
};

const AFTER_HELP: &str = "\
Examples:
  configcheck schema --bin ./service --out config.schema.json
  configcheck schema --bin ./service --out config.schema.json --check
  configcheck schema --as json-schema

Exit codes: 0 printed or current, 1 not current, 2 wrong arguments or schema,
3 an input could not be read";

#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
struct Arguments {
    /// The schema: a native schema or a .env.example; found by itself when there is one
    #[arg(long, value_name = "FILE", conflicts_with = "bin")]
    schema: Option<String>,
    /// A built service: it is started with CONFIGCHECK=schema, prints its schema and ends
    #[arg(long, value_name = "PROGRAM")]
    bin: Option<String>,
    /// Arguments of the service
    #[arg(last = true, value_name = "ARGS", requires = "bin")]
    of_service: Vec<std::ffi::OsString>,
    /// How many seconds the service has
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600), requires = "bin")]
    time_limit: u64,
    /// The form
    #[arg(long = "as", value_enum, value_name = "FORM", default_value = "native")]
    form: Form,
    /// Write to a file instead of standard output, which is -
    #[arg(long, value_name = "FILE")]
    out: Option<String>,
    /// Write nothing, and exit with 1 when the file of --out is not current
    #[arg(long, requires = "out")]
    check: bool,
}

/// The form of a schema file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// What every command reads
    Native,
    /// JSON Schema 2020-12 of the config files, for editors and other tools
    JsonSchema,
}

fn run(matches: &ArgMatches, session: &Session) -> Result<Exit, Failure> {
    let arguments: Arguments = arguments(matches)?;
    let schema = match &arguments.bin {
        Some(program) => program::schema_of(program, &arguments.of_service, arguments.time_limit)?,
        None => Project::open(session)?.schema(arguments.schema.as_deref())?.file.schema,
    };
    let text = match arguments.form {
        Form::Native => indented(&schema.to_json()),
        Form::JsonSchema => indented(&configcheck_schema::json_schema(&schema)),
    };
    if arguments.check && arguments.out.as_deref() == Some("-") {
        return Err(Failure::usage("standard output cannot be compared with anything").help("name a file with --out"));
    }
    let Some(out) = arguments.out.as_deref().filter(|out| *out != "-") else {
        session.console.result(&text)?;
        return Ok(Exit::Clean);
    };
    if !arguments.check {
        write::write(out, text.as_bytes())?;
        session.console.message(&format!("{} is written: {} variables", escaped(out), schema.keys().len()));
        return Ok(Exit::Clean);
    }
    let Some(drift) = drift(out, arguments.form, &schema, &text)? else { return Ok(Exit::Clean) };
    session.console.result(&format!("{}: {}\n", escaped(out), escaped(&drift)))?;
    session.console.message("  help: the same command without --check writes it");
    Ok(Exit::Findings)
}

/// How a committed file differs from what it should hold; only the names of keys are told.
fn drift(path: &str, form: Form, schema: &Schema, wanted: &str) -> Result<Option<String>, Failure> {
    let bytes = match write::compare(path, wanted.as_bytes())? {
        State::Same => return Ok(None),
        State::Absent => return Ok(Some("the schema file is missing".to_owned())),
        State::Differs(bytes) => bytes,
    };
    // How the lines of a file are broken is no drift.
    if form == Form::JsonSchema {
        let is_same = std::str::from_utf8(&bytes).is_ok_and(|text| compact(text) == compact(wanted));
        return Ok((!is_same).then(|| "the JSON Schema has drifted from the schema".to_owned()));
    }
    Ok(match configcheck_schema::read(&bytes) {
        Ok(file) => Drift::between(&file.schema.to_json(), &schema.to_json()).map(|drift| format!("the schema file has drifted; {drift}")),
        Err(_) => Some("the file holds no schema any more".to_owned()),
    })
}
