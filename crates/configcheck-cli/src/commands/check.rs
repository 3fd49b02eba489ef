//! `configcheck check`: env files against a schema, for one or several environments.

use std::path::Path;

use clap::{ArgMatches, Args};
use configcheck_checks::rules::{info_of, infos};
use configcheck_checks::{Level, Policy};
use configcheck_core::display::escaped;
use configcheck_core::suggest::nearest;
use configcheck_core::{RuleInfo, Severity};

use super::{Subcommand, arguments, severity};
use crate::baseline;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::findings::Run;
use crate::input;
use crate::project::{Project, shown};
use crate::session::Session;
use crate::targets::{SourceOptions, select};
use crate::write::write;

mod output;
mod run;

use output::Outputs;

pub(super) const COMMAND: Subcommand =
    Subcommand { name: "check", about: "Check env files against the schema", arguments: Arguments::augment_args, run };

const AFTER_HELP: &str = "\
Examples:
  configcheck check --env staging,production
  configcheck check .env.production --schema config.schema.json
  configcheck check --env production --replicas 3000
  configcheck check deploy/ --format sarif --output results.sarif

Exit codes: 0 clean, 1 findings, 2 wrong arguments, configuration or schema,
3 an input could not be read, or there was none";

#[derive(Args, Debug)]
#[command(about = COMMAND.about, after_help = AFTER_HELP)]
pub(super) struct Arguments {
    #[command(flatten)]
    sources: SourceOptions,
    #[command(flatten)]
    outputs: output::OutputOptions,
    /// The lightest finding that fails the check
    #[arg(long, value_name = "LEVEL", value_parser = severity)]
    fail_on: Option<Severity>,
    /// Warnings fail too, and so does what cannot be checked here
    #[arg(long)]
    strict: bool,
    /// Rules that do not run, by name or code
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    ignore: Vec<String>,
    /// The only rules that run, by name or code
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    select: Vec<String>,
    /// Findings that are known and accepted: a file that --write-baseline wrote
    #[arg(long, value_name = "FILE")]
    baseline: Option<String>,
    /// Write all findings of this run as a baseline, and end clean
    #[arg(long, value_name = "FILE")]
    write_baseline: Option<String>,
    /// Count what is ignored in the files themselves
    #[arg(long)]
    no_ignores: bool,
    /// Say what it costs when so many replicas start at once, against the quotas of
    /// the secret managers; in text and JSON
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..), verbatim_doc_comment)]
    replicas: Option<u64>,
    /// End with 0 whatever is found
    #[arg(long)]
    exit_zero: bool,
}

fn run(matches: &ArgMatches, session: &Session) -> Result<Exit, Failure> {
    let arguments: Arguments = arguments(matches)?;
    let outputs = Outputs::read(matches, &arguments.outputs)?;
    let project = Project::open(session)?;
    let named = project.find_schema(arguments.sources.schema.as_deref())?;
    let selection = select(&project, &arguments.sources, named.as_ref().map(|named| &named.file.schema))?;
    let mut found = run::checked(&project, &arguments, named, selection, session)?;
    apply_baseline(&project, &arguments, &mut found, session)?;
    if let Some(path) = &arguments.write_baseline {
        // What could not be read has findings that nobody knows: a baseline without them would take the place of one with them.
        let unread = found.unread.iter().map(|unread| Failure::incomplete(&*unread.message).at(&*unread.path).help(&*unread.help));
        if let Some(failure) = unread.reduce(Failure::and) {
            return Err(failure.and(Failure::incomplete("the baseline is not written").at(path)));
        }
        write(path, baseline::write(&found).as_bytes())?;
        return Ok(Exit::Clean);
    }
    outputs.write(&found, session)?;
    if arguments.exit_zero { Ok(Exit::Clean) } else { Ok(found.exit()) }
}

impl Arguments {
    /// What the settings and the flags decide about the rules; the flags have the last word.
    fn policy(&self, project: &Project) -> Result<Policy, Failure> {
        if let Some(unknown) = self.ignore.iter().chain(&self.select).find(|name| info_of(name).is_none()) {
            let help = nearest(unknown, infos().map(|info| info.name))
                .map_or_else(|| "configcheck rules lists all rules".to_owned(), |meant| format!("did you mean {meant}?"));
            return Err(Failure::usage(format!("there is no rule {unknown}")).help(help));
        }
        let mut policy = project.file.policy.clone();
        if !self.select.is_empty() {
            let is_selected = |info: &&RuleInfo| self.select.iter().any(|name| name == info.name || name == info.code);
            policy = infos().filter(|info| !is_selected(info)).fold(policy, |policy, info| policy.level(info.name, Level::Off));
        }
        Ok(self.ignore.iter().fold(policy, |policy, rule| policy.level(rule, Level::Off)))
    }

    fn fail_on(&self, project: &Project) -> Severity {
        match self.fail_on.or(project.file.fail_on) {
            Some(severity) => severity,
            None if self.strict => Severity::Warning,
            None => Severity::Error,
        }
    }
}

/// Accepts what the baseline accepts, and says what of it is no longer found.
fn apply_baseline(project: &Project, arguments: &Arguments, found: &mut Run, session: &Session) -> Result<(), Failure> {
    let of_project = project.file.baseline.as_deref().map(|path| shown(&project.path(path)));
    // The one that the settings name is not there before it is written for the first time.
    let of_project = of_project.filter(|path| arguments.write_baseline.is_none() || input::exists(Path::new(path)));
    let Some(path) = arguments.baseline.clone().or(of_project) else { return Ok(()) };
    let baseline = baseline::parse(&input::read(&path)?, &path)?;
    let stale = baseline.apply(found).len();
    if stale > 0 {
        let path = escaped(&path);
        session
            .console
            .message(&format!("{path}: {stale} of its findings are no longer found: write it anew with --write-baseline {path}"));
    }
    Ok(())
}
