//! Z3: the readers of schemas.

use configcheck_schema::{SchemaError, SchemaFile, SchemaKind, breaking, json_schema, read};
use serde_json::{Map, Value};

use crate::pieces;

/// Decorators and lines of a `.env.example`.
const EXAMPLE: &[&str] = &[
    "# ",
    "@required",
    "@optional",
    "@sensitive",
    "@public",
    "@type=",
    "string",
    "url",
    "port",
    "number",
    "boolean",
    "integer",
    "email",
    "enum(a, b)",
    "string(minLength=2, maxLength=9)",
    "number(min=1, max=5)",
    "list(number)",
    "=",
    "PORT",
    "DATABASE_URL",
    "API_KEY",
    "\n",
    "\r\n",
    "\"",
    "'",
    " ",
    "#",
    "# ---\n",
    "# @envFlag=APP_ENV\n",
    "# @defaultRequired=infer\n",
    "# @defaultSensitive=inferFromPrefix(PUB_)\n",
    "@example=",
    "@docsUrl=",
    "@deprecated",
    "@default=",
    "forEnv(production)",
    "(",
    ")",
    ",",
    "[",
    "]",
    "{",
    "}",
    "$",
    "${A}",
    "fallback(",
    "# prose of somebody.\n",
    "#KEY=value\n",
    "# KEY=value\n",
    "export ",
    "8080",
    "true",
    "vault:secret/data/app#key",
    "\t",
    "\u{e9}",
    "\0",
    "https://user:password@host/path",
    "@",
    "\\",
    "`",
    "-",
    "_",
    ".",
    "0",
    "1e9",
    "99999999999999999999",
];

/// Pieces of the native form.
const NATIVE: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\"version\":1",
    "\"name\":",
    "\"doc\":",
    "\"keys\":[",
    "\"variable\":",
    "\"PORT\"",
    "\"path\":\"a.b\"",
    "\"file_path\":\"a.b\"",
    "\"type\":",
    "{\"kind\":\"text\"}",
    "{\"kind\":\"list\",\"item\":",
    "{\"kind\":\"integer\",\"min\":0,\"max\":9}",
    "\"min\":",
    "\"max\":",
    "\"required\":true",
    "\"required\":false",
    "\"secret\":true",
    "\"defaults\":[",
    "\"text\":",
    "\"environments\":[",
    "\"production\"",
    "\"aliases\":[",
    "\"from\":[",
    "\"constraints\":[",
    "\"check\":\"length\"",
    "\"equal\":",
    "\"requires\":[",
    "\"conflicts\":[",
    "\"optional_group\":",
    "\"one_of\":",
    "\"separator\":",
    "null",
    "true",
    "false",
    "0",
    "-1",
    "1e400",
    "1.5",
    "99999999999999999999999",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\u202e\"",
    "\\n",
    "\u{e9}",
    " ",
    "\n",
    "{\"a\":",
    "[[",
    "]]",
    "}}",
    "\"a.a.a.a.a.a\"",
    "\"port\"",
    "\"api\"",
    "\".\"",
    "\"\"",
    "\"vault:secret/data/app#key\"",
    "\"postgres://u:p@h/d\"",
    "\"live\":true",
    "\"hidden\":true",
    "\"public\":true",
    "\"allow_empty\":true",
    "\"deprecated\":{}",
    "\"example\":\"x\"",
    "{\"kind\":\"duration\"}",
    "{\"kind\":\"float\"}",
    "{\"kind\":\"choice\",\"words\":[\"a\",\"a\"]}",
    "{\"kind\":\"environment\"}",
    "{\"kind\":\"byte-size\"}",
    "0.1",
    "-0.0",
    "1e308",
    "340282366920938463463374607431768211455",
];

/// A schema of every kind of key, in the native form; half of the inputs of the native form are changes of it.
const MODEL: &str = include_str!("model.schema.json");

pub(crate) fn check(bytes: &[u8]) {
    match bytes.split_first() {
        Some((b'M', changes)) => check_file(&changed(changes)),
        Some((b'N', rest)) => check_file(&[b"{".to_vec(), pieces::joined(rest, NATIVE)].concat()),
        _ => check_file(&pieces::read(bytes, EXAMPLE)),
    }
}

/// The model with pieces put in the place of its own: three bytes say where, how much goes and what comes.
fn changed(changes: &[u8]) -> Vec<u8> {
    let mut text = MODEL.as_bytes().to_vec();
    for change in changes.chunks_exact(4).take(6) {
        let start = usize::from(u16::from_le_bytes([change[0], change[1]])) % text.len();
        let end = (start + usize::from(change[2] % 40)).min(text.len());
        let piece = pieces::joined(&change[3..], NATIVE);
        text.splice(start..end, piece);
    }
    text
}

fn check_file(file: &[u8]) {
    let lines = file.split(|byte| matches!(byte, b'\n' | b'\r')).count();
    let first = match read(file) {
        Ok(read) => read,
        Err(error) => return check_error(&error, lines),
    };
    for note in &first.notes {
        assert!((1..=lines).contains(&(note.line as usize)), "a note has a line of the file");
    }
    assert_eq!(first.places.len(), first.schema.keys().len(), "each key has its place");
    for place in &first.places {
        let is_native = first.kind == SchemaKind::Native;
        assert!(is_native || (1..=lines).contains(&(place.line as usize)), "a key stands on a line of the file");
    }
    check_exports(&first);
}

fn check_error(error: &SchemaError, lines: usize) {
    assert!((error.line as usize) <= lines, "an error has a line of the file: {} of {lines}", error.line);
    assert!(!error.message.is_empty() && !error.help.is_empty(), "an error says what is wrong and what to do");
    assert!(!error.message.chars().chain(error.help.chars()).any(char::is_control), "an error has no control characters: {error:?}");
}

/// The schema is written and read back as the same; nothing is different in it, and its export is JSON.
fn check_exports(first: &SchemaFile) {
    let native = first.schema.to_json();
    let again = match read(native.as_bytes()) {
        Ok(again) => again,
        Err(error) => panic!("what is written can be read: {error:?}\n{native}"),
    };
    assert_eq!(again.kind, SchemaKind::Native, "what is written is the native form");
    assert_eq!(again.schema.to_json(), native, "what is written is read as the same");
    let changes = breaking::changes(&again.schema, &again.schema);
    assert!(changes.is_empty(), "a schema does not differ from itself");
    let exported = json_schema(&first.schema);
    let exported: Value = serde_json::from_str(&exported).unwrap_or_else(|error| panic!("the export is JSON: {error}\n{exported}"));
    let properties = exported.get("properties").and_then(Value::as_object);
    let first_step = |path: &str| path.split('.').next().unwrap_or_default().to_owned();
    let has_all =
        |properties: &Map<String, Value>| first.schema.keys().iter().all(|key| properties.contains_key(&first_step(&key.file_path)));
    assert!(properties.is_some_and(has_all), "the export has every key: {exported}");
}
