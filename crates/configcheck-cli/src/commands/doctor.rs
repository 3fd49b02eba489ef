//! `configcheck doctor`: reaches every secret manager that a start would ask, and proves each reference readable without printing it.

use std::time::Duration;

use clap::{ArgMatches, Args, ValueEnum};
use configcheck_core::{Schema, SecretRef};
use configcheck_dotenv::Dialect;
use configcheck_loader::References;

use super::{Subcommand, arguments};
use crate::examination::Examiner;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::inquiry;
use crate::layout::{Paint, width};
use crate::process_environment::ProcessEnvironment;
use crate::project::Project;
use crate::references::{self, KeyReferences, Scope};
use crate::session::Session;
use crate::targets::{ProcessSources, dialect, of_process};

mod diagnosis;
mod json;
mod text;
mod time;

use diagnosis::Diagnosis;

pub(super) const COMMAND: Subcommand = Subcommand {
    name: "doctor",
    about: "Ask the secret managers whether every reference can be read, without printing any",
    arguments: Arguments::augment_args,
    run,
};

const AFTER_HELP: &str = "\
Examples:
  configcheck doctor
  configcheck doctor --env production --format json
  configcheck doctor --env staging --reference vault:secret/data/shared --deadline 10s

It asks as whom it runs: where the service runs, with the service's own identity, it says
what a start there would say.

Exit codes: 0 everything can be read, 1 something cannot, 2 wrong arguments, configuration
or schema, 3 an input could not be read, or a secret manager did not answer";

#[derive(Args, Debug)]
#[command(about = COMMAND.about, after_help = AFTER_HELP)]
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
    /// One more reference, such as that of a whole map of secrets
    #[arg(long, value_name = "REFERENCE")]
    reference: Vec<String>,
    /// How long it may take altogether, such as 10s
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = humantime::parse_duration)]
    deadline: Duration,
    /// The form of the output
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    format: DoctorFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DoctorFormat {
    /// For people
    Text,
    /// JSON
    Json,
}

fn run(matches: &ArgMatches, session: &Session) -> Result<Exit, Failure> {
    let arguments: Arguments = arguments(matches)?;
    let project = Project::open(session)?;
    let named = project.find_schema(arguments.schema.as_deref())?;
    if named.is_none() && arguments.reference.is_empty() {
        return Err(Project::no_schema());
    }
    let schema = named.map_or_else(|| Schema::of_keys("", "", &[], Vec::new(), Vec::new()), |named| named.file.schema);
    let dialect = project.dialect(arguments.dialect);
    let sources = ProcessSources { environment: arguments.env.as_deref(), files: &arguments.file, from: &arguments.from, dialect };
    let target = of_process(&project, &sources, Some(&schema), &ProcessEnvironment::all())?;
    let examiner = Examiner {
        schema: &schema,
        policy: &project.file.policy,
        dialect,
        example: None,
        obeys_files: true,
        references: References::Noted,
        tracked: &std::collections::BTreeSet::new(),
        readers: Some(&[]),
    };
    let snapshot = examiner.examine(&target).snapshot;
    let mut keys = references::of_keys(&schema, &snapshot, Scope::Asked);
    keys.extend(waiting(&schema, &keys, snapshot.environment.is_some())?);
    for text in &arguments.reference {
        let references = vec![references::parse(text)?];
        keys.push(KeyReferences { variable: "--reference".to_owned(), references, spares: false, bad: Vec::new() });
    }
    let all: Vec<SecretRef> = keys.iter().flat_map(|key| key.references.iter().cloned()).collect();
    let inquiry = inquiry::ask(&all, snapshot.environment.clone(), arguments.deadline);
    let diagnosis = Diagnosis::of(&target.name, snapshot.environment.as_ref(), &keys, &inquiry);
    let output = match arguments.format {
        DoctorFormat::Text => text::render(&diagnosis, width(&session.console), Paint::of(&session.console)),
        DoctorFormat::Json => json::render(&diagnosis),
    };
    session.console.result(&output)?;
    Ok(diagnosis.exit())
}

/// Without the environment nobody knows where some references lead.
fn waiting(schema: &Schema, keys: &[KeyReferences], is_known: bool) -> Result<Vec<KeyReferences>, Failure> {
    let waits = |text: &&&str| text.contains("{environment}");
    let declared = schema.keys().iter().filter(|key| !is_known && key.spec.from.iter().any(|text| waits(&text)));
    let waiting: Vec<&str> =
        declared.map(|key| &*key.variable).filter(|variable| !keys.iter().any(|key| key.variable == *variable)).collect();
    if waiting.is_empty() {
        return Ok(Vec::new());
    }
    let message = format!("{}: the reference has a place for the environment, which is not known", waiting.join(", "));
    Err(Failure::usage(message).help("name it: --env production"))
}
