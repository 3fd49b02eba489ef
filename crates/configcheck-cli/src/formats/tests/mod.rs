//! Tests of the formats: how they read, that readers of others take them, and that hostile text breaks none of them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use super::{Format, Style, render};
use crate::findings::Run;

mod details;
mod documentation;
mod generator;
mod hostile;
mod sample;
mod snapshots;
mod text;
mod validity;

fn rendered(format: Format, run: &Run) -> String {
    render(format, run, Style::default())
}
