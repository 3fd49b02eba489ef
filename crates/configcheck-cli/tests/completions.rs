//! Completions work in a real shell, and the manual names every command.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod project;

use std::fs;
use std::process::{Command, Output};

use project::Project;

/// The commands, as the help lists them.
fn commands() -> Vec<String> {
    let help = Project::with_schema(&[]).line("--help").exits(0).stdout;
    let list = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    list.map(|line| line.split_whitespace().next().unwrap().to_owned()).collect()
}

fn bash(script: &str) -> Output {
    Command::new("bash").args(["--norc", "--noprofile", "-c", script]).output().unwrap_or_else(|error| panic!("bash: {error}"))
}

#[test]
fn bash_completes_commands_and_options() {
    let project = Project::with_schema(&[]);
    let script = project.line("completions bash").exits(0).stdout;
    project.write("configcheck.bash", &script);
    let file = project.path("configcheck.bash");
    let checked = Command::new("bash").arg("-n").arg(&file).output().unwrap();
    assert!(checked.status.success() && checked.stderr.is_empty(), "{}", String::from_utf8_lossy(&checked.stderr));
    let complete = |words: &[&str]| {
        let line = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
        let (last, before) = (words[words.len() - 1], words[words.len() - 2]);
        let call = format!(
            "source '{}'; COMP_WORDS=({line}); COMP_CWORD={}; _configcheck configcheck '{last}' '{before}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"; complete -p configcheck",
            file.display(),
            words.len() - 1
        );
        let output = bash(&call);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("-F _configcheck configcheck"), "{text}");
        text.lines().filter(|line| !line.starts_with("complete ")).map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    for command in commands() {
        let start: String = command.chars().take(3).collect();
        let expected: Vec<String> = commands().into_iter().filter(|name| name.starts_with(&start)).collect();
        let mut found = complete(&["configcheck", &start]);
        found.sort();
        let mut sorted = expected.clone();
        sorted.sort();
        assert_eq!(found, sorted, "{start}");
    }
    assert_eq!(complete(&["configcheck", "explain", "--sch"]), ["--schema"]);
    assert_eq!(complete(&["configcheck", "rules", "--format", "j"]), ["json"]);
}

#[test]
fn every_shell_has_a_script() {
    let project = Project::with_schema(&[]);
    for (shell, mark) in [
        ("bash", "complete -F"),
        ("zsh", "#compdef configcheck"),
        ("fish", "complete -c configcheck"),
        ("elvish", "edit:completion"),
        ("powershell", "Register-ArgumentCompleter"),
    ] {
        let script = project.line(&format!("completions {shell}")).exits(0).says(mark);
        for command in commands() {
            assert!(script.stdout.contains(&command), "{shell}: {command}");
        }
    }
    project.line("completions tcsh").exits(2).complains("possible values: bash, elvish, fish, powershell, zsh");
}

#[test]
fn the_manual_names_every_command() {
    let project = Project::with_schema(&[]);
    let page = project.line("man").exits(0).says(".TH configcheck 1").says(".SH NAME\nconfigcheck \\- Checks configuration");
    let page = page.says("Exit codes:");
    for command in commands() {
        assert!(page.stdout.contains(&format!("configcheck\\-{command}(1)")), "{command}\n{}", page.stdout);
    }
    project.line("man --out pages/man1").exits(0);
    let mut files: Vec<_> = fs::read_dir(project.path("pages/man1")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut expected: Vec<_> =
        commands().iter().map(|command| format!("configcheck-{command}.1")).chain(["configcheck.1".to_owned()]).collect();
    expected.sort();
    let names: Vec<_> = files.iter().map(|file| file.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(names, expected);
    for file in &files {
        let text = fs::read_to_string(file).unwrap();
        assert!(text.contains(".SH NAME\n") && text.contains(".SH SYNOPSIS\n") && text.contains(".SH OPTIONS\n"), "{text}");
        // Where a formatter is installed, it finds nothing to complain of.
        if let Ok(output) = Command::new("man").args(["--warnings", "-E", "UTF-8", "-l"]).arg(file).env("MANWIDTH", "100").output() {
            let (shown, complaints) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            assert!(output.status.success() && complaints.is_empty() && shown.contains("SYNOPSIS"), "{complaints}\n{shown}");
        }
    }
    project.write("file", "");
    project.line("man --out file").exits(3).complains("file: the folder cannot be made");
}
