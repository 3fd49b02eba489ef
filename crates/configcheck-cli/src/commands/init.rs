//! `configcheck init`.
use clap::{ArgMatches, Args};

use super::{Subcommand, arguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::session::Session;

pub(super) const COMMAND: Subcommand = Subcommand { name: "init", about: "x", arguments: Arguments::augment_args, run };

#[derive(Args, Debug)]
struct Arguments {}

fn run(matches: &ArgMatches, _session: &Session) -> Result<Exit, Failure> {
    let Arguments {} = arguments(matches)?;
    Ok(Exit::Clean)
}
