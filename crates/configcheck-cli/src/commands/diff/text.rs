//! The comparison for people.

use std::fmt::Write as _;

use configcheck_core::Environment;
use configcheck_core::display::escaped;

use super::comparison::{Absence, Comparison, Row};
use super::side::{Side, Spot};
use crate::layout::{Paint, hanging, table};

const INDENT: usize = 2;

pub(super) fn render(a: &Side, b: &Side, comparison: &Comparison, width: usize, paint: Paint) -> String {
    let mut text = [("A", a), ("B", b)].map(|(label, side)| format!("{}  {}\n", paint.bold(label), described(side))).concat();
    let headings = [
        ("Only in A", &comparison.only_in_a),
        ("Only in B", &comparison.only_in_b),
        ("Different", &comparison.different),
        ("The same secret in both", &comparison.same_secrets),
    ];
    for (heading, rows) in headings {
        if !rows.is_empty() {
            // Writing to a `String` cannot fail.
            let _ = write!(text, "\n{} ({})\n{}", paint.bold(heading), rows.len(), section(rows, [a, b], width, paint));
        }
    }
    if !comparison.same_secrets.is_empty() {
        let advice = "give each environment its own (configcheck rule CC025)";
        text.push_str(&hanging(&" ".repeat(INDENT), advice, width));
    }
    let unnamed: Vec<String> = a.unnamed.iter().chain(&b.unnamed).map(spot).collect();
    if !unnamed.is_empty() {
        let _ = writeln!(text, "\n{} ({})", paint.bold("Not compared"), unnamed.len());
        let why = "names that may be pieces of a value are not shown:";
        text.push_str(&hanging(&" ".repeat(INDENT), &format!("{why} {}", unnamed.join(", ")), width));
    }
    text.push('\n');
    text.push_str(&hanging("", &summary(comparison), width));
    text
}

/// A side in words: its name, its environment and its files, where they say more.
fn described(side: &Side) -> String {
    let environment = side.environment.as_ref().map(Environment::name).filter(|name| *name != side.name);
    let files = side.files.join(", ");
    let files = Some(files.as_str()).filter(|files| *files != side.name);
    let more: Vec<&str> = environment.into_iter().chain(files).collect();
    let more = if more.is_empty() { String::new() } else { format!(" ({})", more.join("; ")) };
    escaped(&format!("{}{more}", side.name)).into_owned()
}

fn section(rows: &[Row], sides: [&Side; 2], width: usize, paint: Paint) -> String {
    let cells = rows.iter().map(|row| {
        let at = |place: &Option<Spot>| place.as_ref().map(spot).unwrap_or_default();
        [row.name.clone(), at(&row.in_a), at(&row.in_b), notes(row, sides)]
    });
    let cells: Vec<[String; 4]> = cells.collect();
    let widest = |column: usize| cells.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    if INDENT + widest(0) + widest(1) + widest(2) + 4 <= width {
        return table(&cells, INDENT, width, paint);
    }
    // Long paths stand below the name.
    let stacked = |[name, in_a, in_b, notes]: &[String; 4]| {
        let mut text = table(&[[name.clone(), notes.clone()]], INDENT, width, paint);
        for (label, place) in [("A", in_a), ("B", in_b)].into_iter().filter(|(_, place)| !place.is_empty()) {
            let _ = writeln!(text, "{:1$}{label} {place}", "", INDENT * 2);
        }
        text
    };
    cells.iter().map(stacked).collect()
}

fn notes(row: &Row, [a, b]: [&Side; 2]) -> String {
    let lacking = if row.in_a.is_none() { ("A", a) } else { ("B", b) };
    let there = || lacking.1.environment.as_ref().map_or_else(|| lacking.0.to_owned(), |environment| environment.name().to_owned());
    let absence = row.absence.map(|absence| match absence {
        Absence::Required => format!("required in {}", there()),
        Absence::Default => format!("has a default in {}", there()),
        Absence::Reference => format!("comes from its reference in {}", there()),
        Absence::Optional => format!("optional in {}", there()),
    });
    let kind = match row.declared {
        Some(false) => Some("undeclared".to_owned()),
        _ => row.secret.then(|| "secret".to_owned()),
    };
    let parts = row.type_name.clone().into_iter().chain(kind).chain(absence).chain(row.notes.iter().cloned());
    escaped(&parts.collect::<Vec<_>>().join("; ")).into_owned()
}

fn spot(spot: &Spot) -> String {
    escaped(&format!("{}:{}", spot.path, spot.line)).into_owned()
}

fn summary(comparison: &Comparison) -> String {
    let count = |count: usize, what: &str| (count > 0).then(|| format!("{count} {what}"));
    let in_common = if comparison.keys_only { "in both" } else { "the same in both" };
    let parts = [
        count(comparison.only_in_a.len(), "only in A"),
        count(comparison.only_in_b.len(), "only in B"),
        count(comparison.different.len(), "different"),
        count(comparison.in_common, in_common),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let secrets = comparison.same_secrets.len();
    let of_them = if secrets == 0 { String::new() } else { format!(", {secrets} of them secret") };
    if parts.is_empty() { "no keys on either side".to_owned() } else { format!("keys: {}{of_them}", parts.join(", ")) }
}
