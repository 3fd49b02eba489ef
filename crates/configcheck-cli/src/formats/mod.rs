//! The output formats, one file each: a run in, text out.
//!
//! Text of the outside world passes [`wording`] or the writer of its format on its way out, so that no name and no message can break a
//! document, begin a line or steer a terminal or a CI runner.

use clap::ValueEnum;

use crate::findings::Run;

mod concise;
mod fleet;
mod github;
mod gitlab;
mod json;
pub(crate) mod json_text;
mod junit;
mod location;
mod rdjson;
mod sarif;
mod step_summary;
#[cfg(test)]
mod tests;
mod text;
mod wording;

pub(crate) use github::{Annotation, annotations};
pub(crate) use json_text::{number, object as json_object};
pub(crate) use step_summary::step_summary;

/// An output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// One line for each finding, for editors and searches
    Concise,
    /// For programs; the same as json-v1
    #[value(alias = "json-v1")]
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// Code Quality of GitLab
    Gitlab,
    #[value(help = "JUnit XML, one test for each key")]
    Junit,
    /// Reviewdog's JSON
    Rdjson,
}

/// How text for people looks.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Style {
    /// Colours, and links to the rules' pages.
    pub(crate) color: bool,
    /// The width at which lines are broken; `None` breaks none.
    pub(crate) width: Option<usize>,
    /// Everything that is known of each finding.
    pub(crate) verbose: bool,
}

/// Renders a run.
pub(crate) fn render(format: Format, run: &Run, style: Style) -> String {
    match format {
        Format::Text => text::render(run, style),
        Format::Concise => concise::render(run),
        Format::Json => json::render(run),
        Format::Sarif => sarif::render(run),
        Format::Github => github::render(run),
        Format::Gitlab => gitlab::render(run),
        Format::Junit => junit::render(run),
        Format::Rdjson => rdjson::render(run),
    }
}
