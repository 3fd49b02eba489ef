//! Holds `docs/dotenv-dialect.md` to what the reader really answers to 92 inputs, beside the
//! commonest answer of 15 libraries.
//!
//! `UPDATE_PAGES=1 cargo test -p configcheck-dotenv --test dialect_table` writes the page anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::{env, fs};

use configcheck_dotenv::{ItemKind, Problem, parse};
use serde_json::Value;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/dotenv-dialect.md");
const ROWS: &str = include_str!("dialects.jsonl");

const INTRODUCTION: &str = "\
# How Configcheck reads `.env` files

Readers of `.env` files disagree. This page shows 92 inputs, what Configcheck reads from each, and the commonest
answer of 15 libraries (dotenv, dotenv-expand, Node's own reader in two versions, dotenvx, varlock,
python-dotenv, dotenvy, dotenv for Rust, dotenv-ng, dotenv for Ruby in two versions, godotenv, compose-go and
direnv; each was really run, with `OUTER=outer` in the environment). Where Configcheck differs, the last column
says why. In the inputs a backslash is doubled and a line end is `\\n` or `\\r`; values are JSON strings.
Configcheck hands on every line; where a key stands twice, the last value is compared.

Four rules explain nearly every difference:

- `$` is literal. Nothing is expanded or executed, so a password with a `$` in it arrives whole.
- A line that cannot be read is reported with its place. The other lines are read, but nothing is guessed.
- A `#` without a blank before it belongs to the value, so a link with a fragment arrives whole.
- Inside double quotes, `\\n`, `\\r`, `\\\"`, `\\\\` and `\\$` are decoded and every other backslash stays.

To write a value that nearly every reader reads alike: no quotes around plain words, single quotes around
everything else, and neither a `'` nor a line end inside them. [How other programs read `.env` files](dialects.md)
shows nine of them one by one.

";

const LITERAL: &str = "`$` is literal. Expansion is where readers disagree most, and it damages passwords that hold a `$`.";
const NOT_A_QUOTE: &str = "A backtick is not a quote here: only the Node libraries and varlock read it as one.";
const FRAGMENT: &str = "A `#` without a blank before it belongs to the value; otherwise a link loses its fragment.";
const UNCLOSED: &str = "A value cut off in the middle is an error. Eight libraries keep the lone quote in the value.";
const AFTER_QUOTE: &str = "Libraries read text behind a closing quote in four different ways, so it is an error.";
const NOT_A_LINE: &str = "The line sets nothing; leaving it out in silence would hide a mistake.";
const KEY: &str = "Shells and several libraries cannot read this key, so it is an error.";

/// Why the answer differs from the commonest one, for each input where it does.
const REASONS: &[(&str, &str)] = &[
    ("05-bt", NOT_A_QUOTE),
    ("10-hash-nospace", FRAGMENT),
    ("16-hash-start", FRAGMENT),
    ("21-no-equals", NOT_A_LINE),
    ("27-colon", "Nearly half of the libraries refuse a colon or pass over the line, so it is an error that says to write `=`."),
    ("31-key-dash", KEY),
    ("32-key-digit", KEY),
    ("34-key-unicode", KEY),
    ("37-expand-brace", LITERAL),
    ("38-expand-bare", LITERAL),
    ("39-expand-dq", LITERAL),
    ("41-expand-escaped", "Without quotes a backslash is literal, as in a Windows path, and so is the `$`."),
    ("43-default-unset", LITERAL),
    ("48-unset-bare", LITERAL),
    ("52-expand-os", LITERAL),
    ("53-forward-ref", LITERAL),
    ("54-self-ref", LITERAL),
    ("61-sq-escape", "Inside single quotes a backslash is literal, so the second `'` closes them and text follows."),
    ("67-line-cont", "There is no continuation with a backslash; the second line has no `=`, which is reported."),
    ("71-nul", "No environment variable can hold a NUL byte, so the value could not be handed on."),
    ("72-bad-utf8", "Replacing the bad bytes would change a secret in silence."),
    ("73-unterm-dq", UNCLOSED),
    ("74-unterm-sq", UNCLOSED),
    ("76-concat", AFTER_QUOTE),
    ("83-url", FRAGMENT),
    ("86-semi-comment", "Only `#` starts a comment; about half of the libraries refuse this line."),
    ("88-empty-key", NOT_A_LINE),
    ("89-nbsp", "Only spaces and tabs are trimmed, since a no-break space may be part of the value."),
];

/// What a reader made of an input: the last value of each key, or `None` if it refused.
type Answer = Option<BTreeMap<String, String>>;

struct Row {
    id: String,
    input: Vec<u8>,
    majority: Answer,
    majority_count: u64,
}

#[test]
fn the_dialect_page_is_fresh() {
    let page = page();
    if env::var_os("UPDATE_PAGES").is_some() {
        fs::write(PAGE, &page).expect("the page can be written");
    }
    let committed = fs::read_to_string(PAGE).unwrap_or_default().replace("\r\n", "\n");
    assert!(committed == page, "docs/dotenv-dialect.md is stale; run this test with UPDATE_PAGES=1");
}

#[test]
fn every_difference_has_a_reason_and_nothing_else_has_one() {
    let differing: Vec<_> = rows().into_iter().filter(|row| answer(&row.input) != row.majority).collect();
    let differing: Vec<_> = differing.iter().map(|row| row.id.as_str()).collect();
    let explained: Vec<_> = REASONS.iter().map(|(id, _)| *id).collect();
    assert_eq!(explained, differing);
}

fn rows() -> Vec<Row> {
    let rows: Vec<Row> = ROWS.lines().map(row).collect();
    assert_eq!(rows.len(), 92);
    rows
}

fn row(line: &str) -> Row {
    let row: Value = serde_json::from_str(line).expect("each line is JSON");
    let text = |name: &str| row[name].as_str().expect("a string");
    let input = match text("input_encoding") {
        "latin-1" => text("input").chars().map(|character| u8::try_from(character).expect("one byte")).collect(),
        _ => text("input").as_bytes().to_vec(),
    };
    let value = |value: &Value| value.as_str().expect("a string").to_owned();
    let majority = row["majority"].as_object();
    Row {
        id: text("id").to_owned(),
        input,
        majority: majority.map(|vars| vars.iter().map(|(key, found)| (key.clone(), value(found))).collect()),
        majority_count: row["majority_count"].as_u64().expect("a number"),
    }
}

fn answer(input: &[u8]) -> Answer {
    let document = parse(input);
    if document.problems().next().is_some() {
        return None;
    }
    let last = document.assignments().map(|found| (found.key.to_owned(), found.value.clone().into_owned()));
    Some(last.collect())
}

fn page() -> String {
    let rows = rows();
    let alike = rows.iter().filter(|row| answer(&row.input) == row.majority).count();
    let mut page = INTRODUCTION.to_owned();
    let _ = writeln!(page, "Configcheck gives the commonest answer to {alike} of the {} inputs.\n", rows.len());
    page += "| id | input | our answer | commonest answer (of 15) | why we differ |\n| --- | --- | --- | --- | --- |\n";
    for row in &rows {
        let reason = REASONS.iter().find(|(id, _)| *id == row.id).map_or("", |(_, reason)| reason);
        let ours = ours(&row.input);
        let theirs = row
            .majority
            .as_ref()
            .map_or_else(|| "an error".to_owned(), |vars| list(vars.iter().map(|(key, value)| (key.as_str(), value.as_str()))));
        let (id, count) = (&row.id, row.majority_count);
        let _ = writeln!(page, "| {id} | {} | {ours} | {theirs} ({count}) | {reason} |", code(&shown(&row.input)));
    }
    page
}

/// Our answer item by item, so that the page also shows which lines are read beside a problem.
fn ours(input: &[u8]) -> String {
    let document = parse(input);
    let items = document.items().iter().filter_map(|item| match &item.kind {
        ItemKind::Assignment(found) => Some(list([(found.key, found.value.as_ref())])),
        ItemKind::Problem(problem) => Some(reported(problem)),
        ItemKind::Blank | ItemKind::Comment => None,
    });
    items.collect::<Vec<_>>().join("; ")
}

fn reported(problem: &Problem) -> String {
    format!("error at {}: {}", problem.position, problem.kind.message().trim_end_matches('.'))
}

fn list<'a>(vars: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let vars: Vec<_> = vars.into_iter().map(|(key, value)| code(&format!("{key}={}", json(value)))).collect();
    if vars.is_empty() { "nothing".to_owned() } else { vars.join("; ") }
}

/// The input on one line: backslashes doubled, line ends and what cannot be seen written as escapes.
fn shown(input: &[u8]) -> String {
    let Ok(text) = str::from_utf8(input) else {
        return input.escape_ascii().to_string();
    };
    let mut shown = String::new();
    for character in text.chars() {
        match character {
            '\\' | '\n' | '\r' | '\t' | '\0' | '\u{a0}' | '\u{feff}' => {
                shown.extend(character.escape_default());
            }
            _ => shown.push(character),
        }
    }
    shown
}

fn json(text: &str) -> String {
    let json = Value::from(text).to_string();
    json.replace('\u{a0}', "\\u00a0").replace('\u{feff}', "\\ufeff").replace('\u{fffd}', "\\ufffd")
}

/// Code in a cell of a Markdown table.
fn code(text: &str) -> String {
    let text = text.replace('|', "\\|");
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}
