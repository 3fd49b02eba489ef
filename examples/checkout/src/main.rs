//! A checkout service: it loads its settings, or stops with one report; then it serves its health and its flow.

use std::process::ExitCode;
use std::time::Instant;

mod health;
mod logging;
mod server;
mod settings;
mod target;

fn main() -> ExitCode {
    let start = Instant::now();
    let settings: settings::Settings = settings::loader().load_or_exit();
    logging::start(settings.log_level);
    match server::run(&settings, start.elapsed()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(kind = %error.kind(), "the server cannot run");
            ExitCode::FAILURE
        }
    }
}
