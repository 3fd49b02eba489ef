//! A test in a process of its own: for what a whole process has, such as its environment, its peak of memory, or its exit status.

use std::process::{Command, Output};

/// The variable that tells a test that it is that process.
const ALONE: &str = "CONFIGCHECK_TEST_ALONE";

/// Runs the test of this name once more, in a process of its own with these variables. `None` in that process.
pub(crate) fn alone(name: &str, variables: &[(&str, String)]) -> Option<Output> {
    if std::env::var_os(ALONE).is_some() {
        return None;
    }
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", name, "--nocapture"]).env(ALONE, "1").envs(variables.iter().map(|(name, value)| (name, value)));
    Some(child.output().unwrap())
}

/// The same for a test that has to pass there.
pub(crate) fn passes_alone(name: &str, variables: &[(&str, String)]) -> bool {
    let Some(output) = alone(name, variables) else { return false };
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    // What it measured is told here too.
    said.lines().filter_map(|line| line.find("figure: ").map(|start| &line[start..])).for_each(|figure| println!("{figure}"));
    true
}
