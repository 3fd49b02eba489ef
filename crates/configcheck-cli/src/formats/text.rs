//! The form for people: the worst first, each with its place and what to do next.

use std::fmt::Write as _;

use super::Style;
use crate::findings::Run;

pub(super) fn render(run: &Run, style: Style) -> String {
    let _ = style;
    let mut text = String::new();
    for finding in run.findings() {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "{}: {}", finding.diagnostic.severity, finding.diagnostic.message);
    }
    text
}
