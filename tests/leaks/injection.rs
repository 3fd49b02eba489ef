//! Hostile names and values in fields that are no secret: nothing that steers a terminal, a log or a pipeline gets out.

use std::ffi::OsString;
use std::fmt::Debug;

use configcheck::AppConfig;

use crate::channels::{Output, observe};
use crate::failures::base;
use crate::settings;

/// How many hostile texts are tried.
const TEXTS: usize = 10_000;

/// What an attacker would put into a name or a value.
const PIECES: [&str; 26] = [
    "\u{1b}[31m",
    "\u{1b}]0;title\u{7}",
    "\u{1b}[2J",
    "\u{9b}2K",
    "\n::error::",
    "\n::add-mask::",
    "\r\n",
    "\r",
    "\u{8}\u{8}",
    "\u{7f}",
    "\t",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    "##vso[task.setvariable]",
    "%0A::error::",
    "</testcase>",
    "\",\"x\":\"",
    "name",
    "TOKEN",
    "5",
    "=",
];

/// Hostile text, the same on every run.
fn hostile(number: usize) -> String {
    let mut state = u64::try_from(number).unwrap().wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    let count = 1 + next(6);
    (0..count).map(|_| PIECES[next(PIECES.len())]).collect()
}

/// Control characters other than the end of a line, and what turns or hides text.
fn steers(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The codes of colours that the report itself sets.
fn without_colour(text: &str) -> String {
    let colour = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    colour.replace_all(text, "").into_owned()
}

fn check(number: usize, case: &str, outputs: &[Output]) {
    for output in outputs {
        let text = if output.channel.contains("colour") { without_colour(&output.text) } else { output.text.clone() };
        let place = format!("text {number} as {case}, {}", output.channel);
        if let Some(c) = text.chars().find(|c| steers(*c)) {
            panic!("{place}: {c:?} gets out\n{text}");
        }
        assert!(!text.lines().any(|line| line.starts_with("::") || line.starts_with("##")), "{place}: a command to a pipeline\n{text}");
        if output.channel.starts_with("JSON") {
            assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{place}: not JSON\n{text}");
        }
    }
}

/// A text as every value of the environment.
fn as_values<T: AppConfig + Debug>(text: &str) -> Vec<Output> {
    let names = ["DATABASE_URL", "SIZE", "ADDRESS", "LEVEL", "SIZES", "MAP_OF_SIZES", "REPLICAS", "HOSTS", "OTHER", "CHOICE", "APP_ENV"];
    observe::<T>(&base().vars(names.map(|name| (name, text))))
}

/// A text as names, keys and values of files.
fn in_files(folder: &std::path::Path, text: &str) -> Vec<Output> {
    let quoted = serde_json::to_string(text).unwrap();
    let flat: String = text.chars().filter(|c| !"/\0".contains(*c)).collect();
    let directory = folder.join(&flat);
    std::fs::create_dir_all(&directory).unwrap();
    std::fs::write(
        directory.join(".env"),
        format!("SIZE='{text}'\n{text}=1\nSIZE={text}\nSISE={text}\n# configcheck: ignore[{text}] {text}\nX=1\n"),
    )
    .unwrap();
    std::fs::write(directory.join("a.toml"), format!("size = {quoted}\n{quoted} = 1\n[database_url]\n{quoted} = 2\n")).unwrap();
    std::fs::write(directory.join("a.json"), format!("{{\"size\": {quoted}, {quoted}: 1, \"sise\": 2}}")).unwrap();
    std::fs::write(directory.join("a.yaml"), format!("size: {text}\n? {quoted}\n: 1\n")).unwrap();
    let loader = base()
        .dotenv_dir(&directory)
        .file(directory.join("a.toml"))
        .file(directory.join("a.json"))
        .file(directory.join("a.yaml"))
        .file(directory.join("none.toml"))
        .mounted_dir(&directory)
        .accept("invalid-value", text, text)
        .accept("missing-required", "DATABASE_URL", text)
        .vars([(OsString::from(text), OsString::from("1")), ("DATABASE_URL_FILE".into(), directory.into_os_string())])
        .set(text, text);
    observe::<settings::PlainText>(&loader)
}

#[test]
fn hostile_names_and_values_steer_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..TEXTS {
        let text = hostile(number);
        match number % 4 {
            0 => check(number, "values", &as_values::<settings::PlainTyped>(&text)),
            1 => check(number, "values of quoting parsers", &as_values::<settings::PlainQuoting>(&text)),
            2 => check(number, "values of checks", &as_values::<settings::PlainChecked>(&text)),
            _ => check(number, "files", &in_files(&folder.path().join(number.to_string()), &text)),
        }
    }
    println!("figure: L5.library texts={TEXTS} hits=0");
}

#[test]
fn an_environment_may_be_hostile_too() {
    for number in 0..200 {
        let text = hostile(number);
        let loader =
            configcheck::Loader::new().no_dotenv().no_standard_mounts().vars([("APP_ENV", text.as_str()), ("TOKEN", "not-a-real-one")]);
        check(number, "the environment", &observe::<settings::Deployed>(&loader));
        check(number, "the environment by name", &observe::<settings::Deployed>(&loader.environment(text)));
    }
}
