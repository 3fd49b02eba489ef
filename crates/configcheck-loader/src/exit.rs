//! `load_or_exit`: the one place that prints and ends the process.
#![expect(clippy::exit, reason = "a service that cannot start says why and stops")]

use std::io::{IsTerminal as _, Write as _, stderr, stdout};
use std::process::exit;
use std::sync::Arc;

use configcheck_core::{AppConfig, Report};
use configcheck_engine::{Observer, block_on};

use crate::error::ErrorKind;
use crate::loader::Loader;
use crate::sources::environment::{asks_for_schema, wants_color};
use crate::waiting::Waiting;
use crate::{pipeline, render};

/// `EX_CONFIG` of sysexits: systemd's `RestartPreventExitStatus=78` then stops a crash loop.
const EX_CONFIG: i32 = 78;

/// `EX_IOERR` of sysexits: what was asked for could not be written.
const EX_IOERR: i32 = 74;

/// `EX_UNAVAILABLE` of sysexits: nobody has to change anything, and a service manager may start the process again.
const EX_UNAVAILABLE: i32 = 69;

/// Loads, or prints the report and exits.
pub(crate) fn load_or_exit<T: AppConfig>(loader: &Loader) -> T {
    if asks_for_schema() {
        // A schema that nobody has received whole is none.
        let written = writeln!(stdout(), "{}", T::layout().to_json()).and_then(|()| stdout().flush());
        exit(if written.is_ok() { 0 } else { EX_IOERR });
    }
    let waiting = Arc::new(Waiting::default());
    let observed = (loader.observer.is_none() && stderr().is_terminal())
        .then(|| Loader { observer: Some(Arc::clone(&waiting) as Arc<dyn Observer>), ..loader.clone() });
    let result = block_on(pipeline::load::<T>(observed.as_ref().unwrap_or(loader)));
    waiting.clear();
    match result {
        Ok(pipeline::Loaded { value, report, .. }) => {
            if report.active().next().is_some() {
                print(&report);
            }
            value
        }
        Err(error) => {
            print(error.report());
            exit(match error.kind() {
                ErrorKind::Unavailable => EX_UNAVAILABLE,
                ErrorKind::Invalid => EX_CONFIG,
            });
        }
    }
}

fn print(report: &Report) {
    let color = wants_color(stderr().is_terminal());
    // A log keeps the plain form: one line says one thing, and no code of a terminal is in it.
    let text = if color || stderr().is_terminal() {
        render::terminal(report, render::Style { color, width: None })
    } else {
        render::plain(report)
    };
    // Where nobody can be told, because the disk with the log is full or its reader is gone, the exit code still says what it is.
    writeln!(stderr(), "{}", text.trim_end()).ok();
}
