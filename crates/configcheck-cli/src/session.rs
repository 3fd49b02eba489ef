//! What every command is given: the global options, the console and the process's own settings.

use clap::{ArgAction, Args};

use crate::console::{ColorChoice, Console};
use crate::process_environment::ProcessEnvironment;

/// Options that every command takes.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct GlobalOptions {
    /// When to write colours
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value = "auto", help_heading = "Global options")]
    pub(crate) color: ColorChoice,
    /// Print results and errors only
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub(crate) quiet: bool,
    /// Print more about each finding
    #[arg(short, long, global = true, action = ArgAction::SetTrue, help_heading = "Global options")]
    pub(crate) verbose: bool,
    /// The project's settings; by default configcheck.toml here or in a parent folder
    #[arg(long, global = true, value_name = "FILE", help_heading = "Global options")]
    pub(crate) config: Option<String>,
    /// Read no configcheck.toml
    #[arg(long, global = true, conflicts_with = "config", help_heading = "Global options")]
    pub(crate) no_config: bool,
}

/// What every command is given.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) options: GlobalOptions,
    pub(crate) environment: ProcessEnvironment,
    pub(crate) console: Console,
}

impl Session {
    /// Reads the process's own settings.
    pub(crate) fn new(options: GlobalOptions) -> Self {
        let environment = ProcessEnvironment::read();
        let console = Console::new(options.color, options.quiet, &environment);
        Self { options, environment, console }
    }
}
