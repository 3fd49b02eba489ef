//! The measured program: one process loads one configuration through one peer, as often as it is told to.
//!
//! run.py starts it with an exact environment and reads what it prints. It measures CPU time itself; instructions are
//! counted from outside, by valgrind, and nothing here knows about that.

mod command;
mod environment;
mod fields;
mod group;
mod peer;
mod peers;
mod timing;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match command::run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}
