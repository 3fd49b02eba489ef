//! Where a finding points in a file, and which file stands for one that points at none.

use std::path::MAIN_SEPARATOR;

use configcheck_core::Place;

use crate::findings::{Finding, Run};

/// What stands for a file where there is none.
const HERE: &str = ".";

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Location {
    /// The path with `/`, never with `./` in front.
    pub(super) path: String,
    /// From 1; `None` for the file as a whole.
    pub(super) line: Option<u32>,
    /// In characters, from 1.
    pub(super) column: Option<u32>,
    /// In bytes, from 1, where it can be known without reading the file again: at the beginning of a line and in the first one.
    pub(super) byte_column: Option<u32>,
}

impl Location {
    /// The place in a file; `None` for other places.
    pub(super) fn of(place: &Place) -> Option<Self> {
        let Place::File { path, line, column, bytes } = place else { return None };
        let path = clean(path);
        if path.is_empty() {
            return None;
        }
        let line = Some(*line).filter(|line| *line > 0);
        let column = Some(*column).filter(|column| line.is_some() && *column > 0);
        let byte_column = match (line, column, bytes) {
            (_, Some(1), _) => Some(1),
            (Some(1), Some(_), Some((start, _))) => start.checked_add(1),
            _ => None,
        };
        Some(Self { path, line, column, byte_column })
    }

    /// A file as a whole.
    pub(super) fn of_file(path: &str) -> Self {
        let path = Some(clean(path)).filter(|path| !path.is_empty()).unwrap_or_else(|| HERE.to_owned());
        Self { path, line: None, column: None, byte_column: None }
    }

    /// The first line of a file.
    fn first_line(path: String) -> Self {
        Self { path, line: Some(1), column: None, byte_column: None }
    }

    /// The place in a file; else the first line of the first source, else of the schema: there somebody has to write what is missing.
    pub(super) fn or_source(run: &Run, finding: &Finding<'_>) -> Self {
        Self::or_first(finding, [first_source(finding), schema(run)], schema(run))
    }

    /// The place in a file; else the first line of the schema, else of the first source: a change that demands a key touches the schema.
    pub(super) fn or_schema(run: &Run, finding: &Finding<'_>) -> Self {
        Self::or_first(finding, [schema(run), first_source(finding)], schema(run))
    }

    fn or_first(finding: &Finding<'_>, files: [Option<String>; 2], schema: Option<String>) -> Self {
        let place = &finding.diagnostic.place;
        let named = if *place == Place::Schema { schema } else { None };
        Self::of(place).unwrap_or_else(|| {
            let file = named.into_iter().chain(files.into_iter().flatten()).next();
            Self::first_line(file.unwrap_or_else(|| HERE.to_owned()))
        })
    }
}

/// A path with `/`, and without `./` in front. On Unix a `\` is a letter like any other, and stays.
pub(super) fn clean(path: &str) -> String {
    let path = if MAIN_SEPARATOR == '/' { path.to_owned() } else { path.replace(MAIN_SEPARATOR, "/") };
    let mut rest = path.as_str();
    while let Some(inner) = rest.strip_prefix("./") {
        rest = inner.trim_start_matches('/');
    }
    rest.to_owned()
}

fn first_source(finding: &Finding<'_>) -> Option<String> {
    finding.target.sources.iter().map(|source| clean(source)).find(|source| !source.is_empty())
}

fn schema(run: &Run) -> Option<String> {
    run.schema.as_ref().map(|schema| clean(&schema.path)).filter(|path| !path.is_empty())
}
