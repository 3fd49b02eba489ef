//! How the programs of this package tell what they measured: `report.py` reads these lines and nothing else.

use std::fmt::Display;

/// A line `figure: ROW NAME=VALUE NAME=VALUE`, whose row is one of the table of `docs/security.md`.
pub fn figure(row: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut line = format!("figure: {row}");
    for (name, value) in values {
        line.push_str(&format!(" {name}={value}"));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_one_line() {
        assert_eq!(figure("L1.envy", &[("cells", &12), ("hits", &3)]), "figure: L1.envy cells=12 hits=3");
    }
}
