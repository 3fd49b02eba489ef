//! A real process that cannot start: what it writes to its two streams, and its exit code. The process is this test program itself, run
//! again with the variables of the case.

use std::ffi::OsString;
use std::fmt::Debug;
use std::os::unix::ffi::OsStringExt as _;
use std::path::Path;
use std::process::Command;

use configcheck::{AppConfig, Loader};

use crate::channels::Output;
use crate::judge::{Runs, leaks};
use crate::search::Needles;
use crate::{settings, shapes};

/// Names the settings that the second run loads.
const CHILD: &str = "LEAKS_TEST_SETTINGS";

const SETTINGS: [(&str, fn()); 6] = [
    ("number", start::<settings::Number>),
    ("text", start::<settings::Token>),
    ("production", start::<settings::Deployed>),
    ("length", start::<settings::Long>),
    ("quoting", start::<settings::Own>),
    ("struct", start::<settings::Whole>),
];

/// Starts as a service does, and shows its settings if it can.
fn start<T: AppConfig + Debug>() {
    let settings: T = Loader::new().no_standard_mounts().load_or_exit();
    println!("{settings:?}");
    std::process::exit(0);
}

/// No test of its own: what the second run does.
#[test]
fn child() {
    if let Some(name) = std::env::var_os(CHILD) {
        let (_, start) = SETTINGS.iter().find(|(other, _)| *other == name).expect("the settings are in the list");
        start();
    }
}

fn run(folder: &Path, settings: &str, variables: &[(&str, OsString)]) -> Vec<Output> {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "process::child", "--nocapture"])
        .env_clear()
        .env(CHILD, settings)
        .envs(variables.iter().cloned())
        .current_dir(folder)
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    vec![
        Output { channel: "standard output", text: text(&output.stdout) },
        Output { channel: "standard error", text: text(&output.stderr) },
        Output { channel: "exit code", text: format!("{:?}", output.status.code()) },
    ]
}

#[test]
fn nothing_of_a_secret_is_in_what_a_process_writes() {
    let folder = tempfile::tempdir().unwrap();
    let mut cells = 0;
    for shape in shapes::all() {
        let needles = Needles::of(&shape.canary);
        for (settings, _) in SETTINGS {
            for (name, form) in [("environment", ""), ("in colour", "1"), (".env", "1")] {
                let run = |secret: &[u8]| {
                    let path = folder.path().join(".env");
                    let mut variables = vec![("APP_ENV", "dev".into()), ("SIZE", "1".into())];
                    if name == ".env" {
                        std::fs::write(&path, [b"TOKEN=\"", secret, b"\nnonsense ", secret, b"\n", secret, b"=1\n"].concat()).unwrap();
                    } else {
                        drop(std::fs::remove_file(&path));
                        variables.push(("TOKEN", OsString::from_vec(secret.to_vec())));
                    }
                    if !form.is_empty() {
                        variables.push(("FORCE_COLOR", form.into()));
                    }
                    run(folder.path(), settings, &variables)
                };
                let runs = Runs { canary: run(&shape.canary), control: run(&shape.control), longer: run(&shape.longer) };
                let code = &runs.canary[2].text;
                assert!(code == "Some(78)" || code == "Some(0)", "{settings}, {name}, {}: {code}\n{}", shape.name, runs.canary[1].text);
                cells += runs.canary.len();
                let leaks = leaks(&needles, &runs);
                assert!(leaks.is_empty(), "{settings}, {name}, {}: {leaks:?}", shape.name);
            }
        }
    }
    println!("figure: L1.process cells={cells} hits=0");
}
