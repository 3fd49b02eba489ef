//! The output formats, one file each: a run in, text out.

use clap::ValueEnum;

use crate::findings::Run;

mod text;

/// An output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
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
    }
}
