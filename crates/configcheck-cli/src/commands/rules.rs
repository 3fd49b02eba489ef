//! `configcheck rules`: the list of all rules.

use clap::{ArgMatches, Args};
use configcheck_checks::rules::infos;

use super::{Subcommand, arguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::session::Session;

pub(super) const COMMAND: Subcommand = Subcommand { name: "rules", about: "List all rules", arguments: Arguments::augment_args, run };

#[derive(Args, Debug)]
struct Arguments {}

fn run(matches: &ArgMatches, session: &Session) -> Result<Exit, Failure> {
    let Arguments {} = arguments(matches)?;
    let lines: Vec<String> = infos().map(|rule| format!("{}  {}  {}\n", rule.code, rule.name, rule.summary)).collect();
    session.console.result(&lines.concat())?;
    Ok(Exit::Clean)
}
