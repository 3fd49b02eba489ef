//! `configcheck man`: the manual, one page for the command and one for each of its commands.

use std::path::Path;

use clap::{ArgMatches, Args};
use clap_mangen::Man;

use super::{Subcommand, arguments};
use crate::command_line;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::session::Session;
use crate::write;

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
    let folder = Path::new(&out);
    write::create_folder(folder)?;
    let commands: Vec<clap::Command> = root.get_subcommands().filter(|command| !command.is_hide_set()).cloned().collect();
    for command in std::iter::once(root).chain(commands) {
        let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
        let page = page(command)?;
        write::write(&folder.join(format!("{name}.1")).to_string_lossy(), page.as_bytes())?;
    }
    Ok(Exit::Clean)
}

fn page(command: clap::Command) -> Result<String, Failure> {
    let mut page = Vec::new();
    let rendered = Man::new(command).section("1").render(&mut page);
    rendered.map_err(|error| Failure::incomplete(format!("the page cannot be made: {}", error.kind())))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}
