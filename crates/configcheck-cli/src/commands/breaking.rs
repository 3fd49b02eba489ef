//! `configcheck breaking`: what changed between two schemas, and whether the release and a rollback would start as things stand.

use std::path::Path;

use clap::{ArgMatches, Args, ValueEnum};
use configcheck_core::Severity;
use configcheck_schema::SchemaKind;
use configcheck_schema::breaking::{Change, changes};

use super::{Subcommand, arguments, severity};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::findings::Unread;
use crate::input;
use crate::project::{NamedSchema, Project, read_schema};
use crate::session::Session;
use crate::targets::{SourceOptions, select};

mod allowed;
mod answers;
mod github;
mod json;
mod text;

use allowed::Allowed;
use answers::Answers;

pub(super) const COMMAND: Subcommand = Subcommand {
    name: "breaking",
    about: "Say what a new schema breaks, and whether each environment would start with it",
    arguments: Arguments::augment_args,
    run,
};

const AFTER_HELP: &str = "\
Examples:
  configcheck breaking --against git:origin/main
  configcheck breaking --against git:v1.4.0:config.schema.json --env staging,production

Exit codes: 0 nothing that breaks, 1 a change at --fail-on, or an environment that would not
start, 2 wrong arguments, configuration or schema, 3 an input could not be read";

#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
struct Arguments {
    /// The old schema: a file, git:REV:PATH, or git:REV for the new one's file at that revision
    #[arg(long, value_name = "REF")]
    against: String,
    #[command(flatten)]
    sources: SourceOptions,
    /// The lightest change that fails: error, warning or note
    #[arg(long, value_name = "LEVEL", value_parser = severity, default_value = "error")]
    fail_on: Severity,
    /// Accepted changes, one a line: RULE VARIABLE REASON, or VARIABLE@ENVIRONMENT for one
    #[arg(long, value_name = "FILE")]
    allow: Option<String>,
    /// The form of the output
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    format: BreakingFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum BreakingFormat {
    /// For people
    Text,
    /// JSON
    Json,
    /// Annotations of GitHub Actions
    Github,
}

/// All that is said of two schemas.
#[derive(Debug)]
struct Comparison {
    /// The old schema's file.
    old: String,
    /// The new schema's file.
    new: String,
    /// The changes, the worst first, each with the reason for which it is accepted.
    changes: Vec<(Change, Option<String>)>,
    /// The answers for each environment that was asked about.
    answers: Vec<Answers>,
    /// Inputs that could not be read.
    unread: Vec<Unread>,
    /// The lightest change that fails.
    fail_on: Severity,
}

impl Comparison {
    /// The changes that nobody accepted.
    fn active(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|(_, accepted)| accepted.is_none()).map(|(change, _)| change)
    }

    fn exit(&self) -> Exit {
        let fails = self.active().any(|change| change.level >= self.fail_on) || self.answers.iter().any(Answers::has_no);
        match (self.unread.is_empty(), fails) {
            (false, _) => Exit::Incomplete,
            (true, true) => Exit::Findings,
            (true, false) => Exit::Clean,
        }
    }
}

fn run(matches: &ArgMatches, session: &Session) -> Result<Exit, Failure> {
    let arguments: Arguments = arguments(matches)?;
    let project = Project::open(session)?;
    let new = project.schema(arguments.sources.schema.as_deref())?;
    let old = old_schema(&arguments.against, &new.path)?;
    let allowed = arguments.allow.as_deref().map(Allowed::read).transpose()?.unwrap_or_default();
    let (changes, unused) = allowed.apply(changed(&old, &new));
    for entry in unused {
        session.console.message(&format!("note: {entry}: this accepts no change"));
    }
    let mut comparison =
        Comparison { old: old.path, new: new.path, changes, answers: Vec::new(), unread: Vec::new(), fail_on: arguments.fail_on };
    let sources = &arguments.sources;
    if !(sources.env.is_empty() && sources.paths.is_empty() && sources.from.is_empty()) {
        let selection = select(&project, sources, Some(&new.file.schema))?;
        let dialect = project.dialect(sources.dialect);
        let policy = &project.file.policy;
        let answer = |target| Answers::of(target, &old.file.schema, &new.file.schema, policy, dialect);
        comparison.answers = selection.targets.iter().map(answer).collect();
        comparison.unread = selection.unread;
    }
    let text = match arguments.format {
        BreakingFormat::Text => text::render(&comparison, &session.console),
        BreakingFormat::Json => json::render(&comparison),
        BreakingFormat::Github => github::render(&comparison),
    };
    session.console.result(&text)?;
    for unread in &comparison.unread {
        let failure = Failure::incomplete(unread.message.clone()).at(unread.path.clone()).help(unread.help.clone());
        Console::error(&failure.to_string());
    }
    Ok(comparison.exit())
}

/// Compares two schemas. Only native ones say where a key stands in config files.
fn changed(old: &NamedSchema, new: &NamedSchema) -> Vec<Change> {
    let mut changes = changes(&old.file.schema, &new.file.schema);
    if old.file.kind != SchemaKind::Native || new.file.kind != SchemaKind::Native {
        changes.retain(|change| change.rule != "file-path-changed");
    }
    changes
}

/// Reads the old schema. Of a revision alone, the file is the one that the new schema is read from.
fn old_schema(against: &str, new: &str) -> Result<NamedSchema, Failure> {
    let is_plain = new != "-" && !new.starts_with("git:") && Path::new(new).is_relative();
    match against.strip_prefix("git:") {
        Some(revision) if !revision.contains(':') && is_plain => read_schema(&format!("git:{revision}:./{new}")),
        None if against.contains(':') && !input::exists(Path::new(against)) => {
            Err(Failure::usage("this is no file").at(format!("--against {against}")).help(format!("of a revision, write git:{against}")))
        }
        _ => read_schema(against),
    }
}
