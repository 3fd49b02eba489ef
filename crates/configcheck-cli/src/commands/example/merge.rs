//! Brings a `.env.example` up to date: everything that its author wrote stays byte for byte, except decorators that contradict the schema.

use configcheck_core::Schema;
use configcheck_core::example::entry;

use super::drift::Drift;
use super::file::ExampleFile;

/// A change of the file: the bytes from one place to another are replaced.
#[derive(Debug)]
struct Edit {
    start: usize,
    end: usize,
    text: String,
}

/// The file with every missing key put behind its neighbour in the order of the schema, and every contradiction corrected.
pub(super) fn merged(schema: &Schema, bytes: &[u8], file: &ExampleFile<'_>, drift: &Drift<'_>) -> Vec<u8> {
    let mut edits: Vec<Edit> =
        drift.contradictions.iter().map(|(_, found)| correction(bytes, found.bytes.clone(), &found.wanted)).collect();
    // Keys that follow each other in the schema and are all missing stand in one block.
    let mut at = 0;
    while let Some(first) = drift.missing.get(at) {
        let block = drift.missing[at..].iter().enumerate().take_while(|(offset, index)| **index == first + offset).count();
        edits.push(insertion(schema, bytes, file, &drift.missing[at..at + block]));
        at += block;
    }
    // The sort is stable: blocks for one place stay in the order of the schema.
    edits.sort_by_key(|edit| edit.start);
    apply(bytes, &edits)
}

/// A decorator in the place of another; one that goes takes the blank before it along.
fn correction(bytes: &[u8], at: std::ops::Range<usize>, wanted: &str) -> Edit {
    let mut start = at.start;
    if wanted.is_empty() && start > 0 && matches!(bytes.get(start - 1), Some(b' ' | b'\t')) {
        start -= 1;
    }
    Edit { start, end: at.end, text: wanted.to_owned() }
}

/// The entries of missing keys: behind the nearest key before them that the file has, else before the nearest behind them, else at the end.
fn insertion(schema: &Schema, bytes: &[u8], file: &ExampleFile<'_>, missing: &[usize]) -> Edit {
    let keys = schema.keys();
    let end_of_line = file.line_end;
    let texts: Vec<String> = missing.iter().map(|index| entry(schema, &keys[*index]).replace('\n', end_of_line)).collect();
    let entries = texts.join(end_of_line);
    let (first, last) = (missing[0], missing[missing.len() - 1]);
    let before = keys[..first].iter().rev().find_map(|key| file.entry(&key.variable));
    let behind = keys[last + 1..].iter().find_map(|key| file.entry(&key.variable));
    let at = match (before, behind) {
        (Some(before), _) => before.bytes.end,
        (None, Some(behind)) => behind.bytes.start,
        (None, None) => bytes.len(),
    };
    let mut text = String::new();
    if at > file.start {
        if !bytes[..at].ends_with(b"\n") && !bytes[..at].ends_with(b"\r") {
            text.push_str(end_of_line);
        }
        if !ends_in_blank_line(&bytes[..at]) {
            text.push_str(end_of_line);
        }
    }
    text.push_str(&entries);
    if bytes.get(at).is_some_and(|byte| !matches!(byte, b'\n' | b'\r')) {
        text.push_str(end_of_line);
    }
    Edit { start: at, end: at, text }
}

/// Whether the last of the lines is blank.
fn ends_in_blank_line(bytes: &[u8]) -> bool {
    bytes.ends_with(b"\n\n") || bytes.ends_with(b"\n\r\n") || bytes.ends_with(b"\r\r")
}

fn apply(bytes: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut merged = Vec::with_capacity(bytes.len() + edits.iter().map(|edit| edit.text.len()).sum::<usize>());
    let mut at = 0;
    for edit in edits {
        merged.extend_from_slice(&bytes[at..edit.start.max(at)]);
        merged.extend_from_slice(edit.text.as_bytes());
        at = edit.end.max(at);
    }
    merged.extend_from_slice(&bytes[at..]);
    merged
}
