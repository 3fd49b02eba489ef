//! `configcheck completions`: a script that completes commands and options in a shell.

use clap::{ArgMatches, Args};
use clap_complete::{Shell, generate};

use super::{Subcommand, arguments};
use crate::command_line;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::session::Session;

pub(super) const COMMAND: Subcommand = Subcommand {
    name: "completions",
    about: "Print a script that completes commands and options in a shell",
    arguments: Arguments::augment_args,
    run,
};

const AFTER_HELP: &str = "\
Examples:
  configcheck completions bash > ~/.local/share/bash-completion/completions/configcheck
  configcheck completions zsh > ~/.zfunc/_configcheck
  configcheck completions fish > ~/.config/fish/completions/configcheck.fish";

#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
struct Arguments {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

fn run(matches: &ArgMatches, session: &Session) -> Result<Exit, Failure> {
    let arguments: Arguments = arguments(matches)?;
    let mut script = Vec::new();
    generate(arguments.shell, &mut command_line::complete_definition(), "configcheck", &mut script);
    session.console.result(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Clean)
}
