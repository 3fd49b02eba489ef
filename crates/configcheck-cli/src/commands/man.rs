//! `configcheck man`: the manual, one page for the command and one for each of its commands.

use std::fs;
use std::path::Path;

use clap::{ArgMatches, Args};
use clap_mangen::Man;

use super::{Subcommand, arguments};
use crate::command_line;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::session::Session;

pub(super) const COMMAND: Subcommand =
    Subcommand { name: "man", about: "Print the manual page, or write all of them to a folder", arguments: Arguments::augment_args, run };

const AFTER_HELP: &str = "\
Examples:
  configcheck man | man -l -
  configcheck man --out ~/.local/share/man/man1";

#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
struct Arguments {
    /// Write a page for each command to this folder, which is made when it is not there
    #[arg(long, value_name = "DIR")]
    out: Option<String>,
}

fn run(matches: &ArgMatches, session: &Session) -> Result<Exit, Failure> {
    let arguments: Arguments = arguments(matches)?;
    let root = command_line::complete_definition();
    let Some(out) = arguments.out else {
        session.console.result(&page(root)?)?;
        return Ok(Exit::Clean);
    };
    let unwritable = |error: &std::io::Error| {
        Failure::incomplete(format!("the pages cannot be written: {}", error.kind())).at(&*out).help("name a folder that can be written to")
    };
    fs::create_dir_all(&out).map_err(|error| unwritable(&error))?;
    let commands: Vec<clap::Command> = root.get_subcommands().filter(|command| !command.is_hide_set()).cloned().collect();
    for command in std::iter::once(root).chain(commands) {
        let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
        let page = page(command)?;
        fs::write(Path::new(&out).join(format!("{name}.1")), page).map_err(|error| unwritable(&error))?;
    }
    Ok(Exit::Clean)
}

fn page(command: clap::Command) -> Result<String, Failure> {
    let mut page = Vec::new();
    let rendered = Man::new(command).section("1").render(&mut page);
    rendered.map_err(|error| Failure::incomplete(format!("the page cannot be made: {}", error.kind())))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}
