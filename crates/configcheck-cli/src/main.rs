//! The `configcheck` command: arguments in, results out, and the exit code of the contract. It holds no rules.

use std::process::ExitCode;

mod baseline;
mod bug;
mod command_line;
mod commands;
mod console;
mod examination;
mod exit;
mod failure;
mod findings;
mod formats;
mod git;
mod input;
mod inquiry;
mod io_reason;
mod key_name;
mod layout;
mod parallel;
mod process_environment;
mod project;
mod project_file;
mod providers;
mod references;
mod schemas;
mod session;
mod targets;
mod write;

fn main() -> ExitCode {
    bug::install_hook();
    command_line::run(std::env::args_os().collect()).into()
}
