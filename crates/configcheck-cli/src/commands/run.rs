//! `configcheck run`: resolves the configuration, checks it, and becomes the program that it is for.

use std::ffi::OsString;
use std::io::{self, IsTerminal as _};

use clap::{ArgMatches, Args};
use configcheck_checks::{Level, Policy};
use configcheck_core::provider::OutcomeKind;
use configcheck_core::suggest::nearest;
use configcheck_core::{Report, Schema, Severity};
use configcheck_dotenv::Dialect;
use configcheck_loader::{References, render};

use super::{Subcommand, arguments};
use crate::console::{ColorChoice, Console};
use crate::examination::{Examination, Examiner};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::process_environment::ProcessEnvironment;
use crate::project::Project;
use crate::providers;
use crate::session::Session;
use crate::targets::{ProcessSources, TargetInput, dialect, of_process};

mod child_environment;
mod program;

use child_environment::{Parts, Scope, Unsettable, child_environment, variables_of};

pub(super) const COMMAND: Subcommand =
    Subcommand { name: "run", about: "Start a program with the checked configuration", arguments: Arguments::augment_args, run };

/// What stops a start before the program is looked for, and is neither a finding nor an input.
const OWN_FAILURE: u8 = 125;

/// The rules that say a value could not be read. Without it there is nothing to hand over, whether or not anything is checked.
const UNREAD: [&str; 2] = ["unreadable-source", "unresolved-reference"];

const AFTER_HELP: &str = "\
Examples:
  configcheck run -- ./service
  configcheck run --env staging --clean -- ./service --port 8080
  configcheck run -f .env.ci --only DATABASE_URL -- ./migrate

Exit codes: those of the program, once it runs; before, 1 findings, 2 wrong arguments,
configuration or schema, 3 an input could not be read, 125 another failure, 126 the program
cannot be run, 127 there is no such program";

#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
struct Arguments {
    /// The environment, such as staging [default: what the process says, else .env]
    #[arg(short, long, value_name = "NAME")]
    env: Option<String>,
    /// An env file, the lowest first [default: the project's env files of the environment]
    #[arg(short, long, value_name = "FILE")]
    file: Vec<String>,
    /// A source, the lowest first: dotenv:FILE; the process's environment always lies above
    #[arg(long, value_name = "KIND[:PATH]")]
    from: Vec<String>,
    /// Read the env files as another tool does: configcheck, posix-sh, docker-run,
    /// compose, node, python, ruby, dotenvy, systemd or kubectl
    #[arg(long, value_name = "DIALECT", value_parser = dialect, verbatim_doc_comment)]
    dialect: Option<Dialect>,
    /// A native schema file, a .env.example, - or git:REV:PATH [default: found in the project]
    #[arg(short, long, value_name = "FILE")]
    schema: Option<String>,
    /// Hand over the declared variables that are set, and nothing else
    #[arg(long)]
    clean: bool,
    /// Of the declared variables only these, and nothing else of the env files
    #[arg(long, value_name = "KEYS", value_delimiter = ',')]
    only: Vec<String>,
    /// Set the defaults of the schema too; a schema file holds none of secrets
    #[arg(long)]
    defaults: bool,
    /// Start whatever the rules say, as long as every value can be read
    #[arg(long)]
    no_check: bool,
    /// The program and its arguments
    #[arg(last = true, required = true, value_name = "CMD")]
    command: Vec<OsString>,
}

fn run(matches: &ArgMatches, session: &Session) -> Result<Exit, Failure> {
    let arguments: Arguments = arguments(matches)?;
    let project = Project::open(session)?;
    let named = project.find_schema(arguments.schema.as_deref())?;
    let has_schema = named.is_some();
    if !has_schema {
        session.console.message("note: no schema was found, so only the env files themselves are checked");
    }
    let schema = named.map_or_else(|| Schema::of_keys("", "", &[], Vec::new(), Vec::new()), |named| named.file.schema);
    let only = known_keys(&arguments.only, has_schema.then_some(&schema))?;
    let process = ProcessEnvironment::all();
    let dialect = project.dialect(arguments.dialect);
    let sources = ProcessSources { environment: arguments.env.as_deref(), files: &arguments.file, from: &arguments.from, dialect };
    let target = of_process(&project, &sources, has_schema.then_some(&schema), &process)?;
    let policy = project.file.policy.clone();
    // Where nothing is declared, nothing is unknown.
    let policy = if has_schema { policy } else { policy.level("unknown-key", Level::Off) };
    let mut examination = examined(&policy, &schema, dialect, &target);
    if arguments.no_check {
        examination.report.findings.retain(|finding| UNREAD.contains(&finding.rule.name));
    }
    say_how_to_read(&mut examination);
    print(&examination.report, session);
    if examination.report.has_errors() {
        return Ok(Exit::Findings);
    }
    let forced = target.environment.as_ref().filter(|_| arguments.env.is_some());
    let parts = Parts {
        schema: &schema,
        has_schema,
        snapshot: &examination.snapshot,
        files: variables_of(&target.files, dialect, &process),
        process: &process,
        environment: forced,
    };
    let scope = Scope { clean: arguments.clean, only: only.as_deref(), defaults: arguments.defaults };
    let environment = child_environment(parts, scope).map_err(unsettable)?;
    // One is demanded by the grammar of the arguments.
    let Some((program, rest)) = arguments.command.split_first() else { return Err(Failure::usage("no program is named")) };
    program::start(program, rest, environment, &process)
}

/// The names of `--only`, as the schema spells them; `None` when nothing is left out.
fn known_keys(names: &[String], schema: Option<&Schema>) -> Result<Option<Vec<String>>, Failure> {
    if names.is_empty() {
        return Ok(None);
    }
    let Some(schema) = schema else { return Ok(Some(names.to_vec())) };
    let known = names.iter().map(|name| {
        if let Some(found) = schema.key_named(name.as_bytes()) {
            return Ok(schema.keys()[found.key].variable.clone().into_owned());
        }
        let meant = nearest(name, schema.keys().iter().map(|key| &*key.variable));
        let help = meant.map_or_else(|| "--only takes variables of the schema".to_owned(), |meant| format!("did you mean {meant}?"));
        // Somebody may have written the value too.
        let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'));
        let subject = if is_name { name } else { "one of these" };
        Err(Failure::usage(format!("{subject} is not declared")).at("--only").help(help))
    });
    known.collect::<Result<Vec<String>, Failure>>().map(Some)
}

/// Examines as a start does: references are fetched, and what matters only to files under review is left out.
fn examined(policy: &Policy, schema: &Schema, dialect: Dialect, target: &TargetInput) -> Examination {
    let examiner = Examiner {
        schema,
        policy,
        dialect,
        example: None,
        references: References::Fetched,
        tracked: &std::collections::BTreeSet::new(),
        readers: Some(&[]),
        obeys_files: true,
    };
    examiner.examine(target)
}

/// Says of references that this command cannot follow what somebody who runs a program can do about it.
fn say_how_to_read(examination: &mut Examination) {
    let slots = &examination.snapshot.slots;
    let is_unknown = |index: usize| slots[index].resolved().is_some_and(|resolved| resolved.outcome == OutcomeKind::NoProvider);
    for finding in &mut examination.report.findings {
        if finding.rule.name == "unresolved-reference" && finding.key_index.is_some_and(is_unknown) {
            let schemes = providers::schemes().join(", ");
            finding.help =
                vec![format!("configcheck run follows {schemes}: put the value of this one into the environment or a file before")];
        }
    }
}

/// Prints the report of a start: always when it stops, else when somebody should look and wants to.
fn print(report: &Report, session: &Session) {
    let is_wanted = report.active().any(|finding| finding.severity >= Severity::Warning) && !session.options.quiet;
    if !report.has_errors() && !is_wanted {
        return;
    }
    let is_terminal = io::stderr().is_terminal();
    let color = session.console.color() && (is_terminal || session.options.color == ColorChoice::Always);
    let text = if is_terminal || color {
        let style = render::Style::default().color(color);
        render::terminal(report, session.console.width().map_or(style, |width| style.width(width)))
    } else {
        render::plain(report)
    };
    Console::error(text.trim_end());
}

fn unsettable(unsettable: Unsettable) -> Failure {
    let failure = match unsettable.name {
        Some(name) => Failure::start(OWN_FAILURE, format!("{name} {}", unsettable.why)),
        None => Failure::start(OWN_FAILURE, format!("a variable of an env file {}", unsettable.why)),
    };
    failure.help("hand it over in a file, which KEY_FILE names, or in another form, such as base64")
}
