//! The channels of a process: its two streams, its exit code, and every file that it writes.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::commands::Invocation;
use crate::scene::Scene;

/// What one channel said.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Output {
    pub(crate) channel: &'static str,
    pub(crate) text: String,
}

/// How a run ended, for those who count.
pub(crate) const EXIT: &str = "exit code";

/// Runs a command in a folder that holds the scene.
pub(crate) fn observe(folder: &Path, scene: &Scene, invocation: &Invocation) -> Vec<Output> {
    scene.write(folder);
    let mut child = Command::new(env!("CARGO_BIN_EXE_configcheck"))
        .args(invocation.arguments.iter())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", folder)
        .env("GITHUB_STEP_SUMMARY", "summary.md")
        .envs(scene.variables())
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that reads no standard input closes it.
    drop(child.stdin.take().unwrap().write_all(&scene.stdin));
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    vec![
        Output { channel: "standard output", text: text(&output.stdout) },
        Output { channel: "standard error", text: text(&output.stderr) },
        Output { channel: EXIT, text: format!("{:?}", output.status.code()) },
        Output { channel: "written files", text: written(folder, folder, scene, invocation) },
    ]
}

/// The files that are new or changed, each behind its name. A file of the reader's that is merged into keeps its text.
fn written(root: &Path, folder: &Path, scene: &Scene, invocation: &Invocation) -> String {
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    let mut text = String::new();
    for path in entries {
        let name = path.strip_prefix(root).unwrap().to_str().unwrap();
        if path.is_dir() {
            text += &if name == ".git" { String::new() } else { written(root, &path, scene, invocation) };
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        if scene.before(name) != Some(&bytes) && !invocation.keeps.contains(&name) {
            text += &[name, "\n", &String::from_utf8_lossy(&bytes), "\n"].concat();
        }
    }
    text
}
