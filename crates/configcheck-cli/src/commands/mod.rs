//! The commands, one file each. [`ALL`] is the only list of them.

use clap::{ArgMatches, Args, FromArgMatches};
use configcheck_core::Severity;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::session::Session;

mod breaking;
mod check;
mod completions;
mod diff;
mod docs;
mod doctor;
mod example;
mod explain;
mod init;
mod man;
mod policy;
mod rule;
mod rules;
mod run;
mod schema;

/// A command: its name, what it says of itself, its arguments and its work.
pub(crate) struct Subcommand {
    /// The word on the command line.
    pub(crate) name: &'static str,
    /// One line for the list of commands.
    pub(crate) about: &'static str,
    /// Adds its arguments.
    pub(crate) arguments: fn(clap::Command) -> clap::Command,
    /// Does its work.
    pub(crate) run: fn(&ArgMatches, &Session) -> Result<Exit, Failure>,
}

/// Every command, in the order of the help.
pub(crate) const ALL: &[Subcommand] = &[
    check::COMMAND,
    diff::COMMAND,
    explain::COMMAND,
    schema::COMMAND,
    example::COMMAND,
    docs::COMMAND,
    breaking::COMMAND,
    run::COMMAND,
    doctor::COMMAND,
    policy::COMMAND,
    init::COMMAND,
    rule::COMMAND,
    rules::COMMAND,
    completions::COMMAND,
    man::COMMAND,
];

/// A command by its name.
pub(crate) fn by_name(name: &str) -> Option<&'static Subcommand> {
    ALL.iter().find(|command| command.name == name)
}

/// The arguments of a command as its struct.
fn arguments<T: Args + FromArgMatches>(matches: &ArgMatches) -> Result<T, Failure> {
    T::from_arg_matches(matches).map_err(|error| Failure::usage(error.kind().to_string()))
}

/// Reads a level by its name.
fn severity(text: &str) -> Result<Severity, String> {
    match text {
        "error" => Ok(Severity::Error),
        "warning" => Ok(Severity::Warning),
        "note" | "info" => Ok(Severity::Note),
        _ => Err("the levels are error, warning and note".to_owned()),
    }
}
