//! Reads the arguments and calls the command that they name.

use std::ffi::OsString;

use clap::{Args, Command, FromArgMatches};

use crate::commands::{self, Subcommand};
use crate::console::Console;
use crate::exit::Exit;
use crate::session::{GlobalOptions, Session};

/// Runs the command that the arguments name.
pub(crate) fn run(arguments: Vec<OsString>) -> Exit {
    let mut matches = match definition(needed(&arguments)).try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => {
            // What cannot be printed cannot be said elsewhere either.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Clean };
        }
    };
    let Ok(options) = GlobalOptions::from_arg_matches_mut(&mut matches) else { return Exit::Usage };
    let Some((name, of_command)) = matches.subcommand() else { return Exit::Usage };
    let Some(command) = commands::by_name(name) else { return Exit::Usage };
    match (command.run)(of_command, &Session::new(options)) {
        Ok(exit) => exit,
        Err(failure) => {
            Console::error(&failure.to_string());
            failure.exit()
        }
    }
}

/// The commands that the arguments can be about: the one that comes first, none for the version, else all.
fn needed(arguments: &[OsString]) -> &'static [Subcommand] {
    let Some(first) = arguments.get(1).and_then(|first| first.to_str()) else { return commands::ALL };
    match commands::by_name(first) {
        Some(command) => std::slice::from_ref(command),
        None if matches!(first, "--version" | "-V") => &[],
        None => commands::ALL,
    }
}

/// The command line with these commands. The arguments of a command are made only when it is called, since most runs call one.
fn definition(with: &[Subcommand]) -> Command {
    let root = Command::new("configcheck")
        .version(env!("CARGO_PKG_VERSION"))
        .after_help("Exit codes: 0 clean, 1 findings, 2 wrong arguments, configuration or schema,\n3 an input could not be read")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true);
    // The options bring words of their own, so the command's come after them.
    let root = GlobalOptions::augment_args(root)
        .about("Checks configuration and secrets before a deploy, with the rules that the service checks at startup");
    with.iter().fold(root, |root, command| root.subcommand(Command::new(command.name).about(command.about).defer(command.arguments)))
}

/// The same with the arguments of every command, for those who describe it as a whole.
pub(crate) fn complete_definition() -> Command {
    let mut root = definition(commands::ALL);
    root.build();
    root
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_says_of_itself_what_the_list_says() {
        let definition = complete_definition();
        for command in commands::ALL {
            let found = definition.find_subcommand(command.name).and_then(Command::get_about).map(ToString::to_string);
            assert_eq!(found.as_deref(), Some(command.about), "{}", command.name);
        }
        definition.debug_assert();
    }
}
