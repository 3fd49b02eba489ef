//! Hostile names and values through every command: nothing that steers a terminal, a log or a pipeline gets out, one line stays one line, and
//! what is for machines is read back by machines. The formats of `check` have a test of 10,000 runs of their own, beside their code.

use std::path::Path;

use crate::channels::{Output, observe};
use crate::commands::{Input, Invocation};
use crate::scene::Scene;

/// How many hostile texts are tried, all of them by each command.
const TEXTS: usize = 10_000;

/// How many of them one run meets.
const IN_ONE: usize = 500;

const PIECES: [&str; 28] = [
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
    "PORT",
    "5",
    "=",
    "]]>",
    "${PORT}",
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

/// The commands that show something of what they read.
const LINES: [&str; 7] = [
    "check -v",
    "check --format github",
    "diff .env .env.staging",
    "diff .env .env.staging --format json",
    "explain PLAIN --format json",
    "doctor --deadline 1s --format json",
    "run -- true",
];

fn is_json(line: &str) -> bool {
    ["json", "sarif", "gitlab"].iter().any(|format| line.ends_with(format))
}

/// Control characters other than the end of a line, and what turns or hides text.
fn steers(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A project with hostile texts as names, as values of plain and of secret keys, in two environments, and in the schema.
fn scene(texts: &[String]) -> Scene {
    let mut scene = Scene::usual();
    for text in texts {
        let plain: String = text.chars().filter(|c| *c != '\'').collect();
        scene = scene.append(".env", &[b"PLAIN='", plain.as_bytes(), b"'\n", text.as_bytes(), b"=1\nX_", text.as_bytes(), b"\n"]).append(
            ".env.staging",
            &[
                b"LEVEL='",
                plain.as_bytes(),
                b"'\nPLAIN_URL='https://",
                plain.as_bytes(),
                b"'\n",
                text.as_bytes(),
                b"=2\nAPI_KEY='vault:",
                plain.as_bytes(),
                b"#x'\n",
            ],
        );
    }
    let doc = serde_json::to_string(&texts[0]).unwrap();
    scene.in_schema("\"Where it is.\"", doc.as_bytes())
}

fn check(line: &str, numbers: usize, outputs: &[Output]) {
    let place = format!("`{line}` with the texts from {numbers} on");
    for output in outputs.iter().filter(|output| output.channel.starts_with("standard")) {
        let text = &output.text;
        // Bytes first: most of the text is plain.
        let may_steer = text.bytes().any(|byte| byte >= 0x7f || (byte < 0x20 && byte != b'\n'));
        if let Some(at) = text.find(steers).filter(|_| may_steer) {
            let before: String = text[..at].chars().rev().take(80).collect::<Vec<_>>().into_iter().rev().collect();
            panic!("{place}, {}: {:?} gets out behind {before:?}", output.channel, text[at..].chars().next());
        }
        let commands = text.lines().filter(|line| line.starts_with("::") || line.starts_with("##"));
        let ours = |command: &str| {
            ["::error title=configcheck", "::warning title=configcheck", "::notice title=configcheck"]
                .iter()
                .any(|start| command.starts_with(start))
        };
        for command in commands {
            assert!(line.ends_with("github") && ours(command), "{place}: a command to a pipeline: {command}");
        }
    }
    let printed = &outputs[0].text;
    if is_json(line) {
        assert!(serde_json::from_str::<serde_json::Value>(printed).is_ok(), "{place}: no JSON\n{}\n{printed}", outputs[1].text);
    }
}

fn run(folder: &Path, line: &'static str, scene: &Scene) -> Vec<Output> {
    const NOTHING: &[Input] = &[];
    let invocation = Invocation { arguments: line.split(' ').collect(), reads: NOTHING, with_every_shape: false, keeps: &[] };
    observe(folder, scene, &invocation)
}

#[test]
fn hostile_names_and_values_steer_no_command() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("project");
    for start in (0..TEXTS).step_by(IN_ONE) {
        let texts: Vec<String> = (start..start + IN_ONE).map(hostile).collect();
        let scene = scene(&texts);
        for line in LINES {
            check(line, start, &run(&folder, line, &scene));
        }
    }
    println!("figure: L5.commands texts={TEXTS} commands={} hits=0", LINES.len());
}
