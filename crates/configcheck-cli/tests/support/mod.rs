//! A folder with files of a project, and the command run in it.
#![allow(dead_code, clippy::unwrap_used, reason = "each test binary uses a part of it")]

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

/// A secret that may never be printed.
pub(crate) const SECRET: &str = "hunter2-fake-secret";

/// A schema with a key of each sort that matters to what is shown.
pub(crate) const SCHEMA: &str = r#"{"version":1,"name":"checkout","environment_variable":"APP_ENV","keys":[
{"variable":"APP_ENV","path":"app_env","file_path":"app_env","type":{"kind":"environment"},"required":true},
{"variable":"PORT","path":"port","file_path":"server.port","doc":"Port the HTTP server listens on.","type":{"kind":"integer","min":0,"max":65535},"required":true,"defaults":[{"text":"8080"}]},
{"variable":"JWT_SECRET","path":"jwt_secret","file_path":"jwt_secret","doc":"Key that signs session tokens.","type":{"kind":"text"},"required":true,"secret":true,"from":["vault:secret/data/{environment}/checkout#jwt_secret"],"aliases":["JWT_KEY"],"constraints":[{"check":"length","min":32}]},
{"variable":"PARTNER_URL","path":"partner_url","file_path":"partner_url","type":{"kind":"url"},"required":false,"hidden":true},
{"variable":"SMTP_HOST","path":"smtp_host","file_path":"smtp_host","type":{"kind":"text"},"required":false,"required_in":["production"],"deprecated":{"since":"2.0","note":"use the mail service"}}
]}"#;

/// A folder with files of a project.
pub(crate) struct Project(TempDir);

/// What a run printed and how it ended.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Project {
    /// A folder with the schema and these files.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let project = Self(tempfile::tempdir().unwrap());
        project.write("config.schema.json", SCHEMA);
        for (name, text) in files {
            project.write(name, text);
        }
        project
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    /// A command in the folder, without colours and variables of whoever runs the tests.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::cargo_bin("configcheck").unwrap();
        command.current_dir(self.path()).args(arguments.split_whitespace());
        for name in ["NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "COLUMNS", "APP_ENV", "PORT", "JWT_SECRET", "JWT_KEY"] {
            command.env_remove(name);
        }
        command
    }

    /// Runs it and makes sure that no secret is printed.
    pub(crate) fn run(&self, arguments: &str) -> Ran {
        ran(&mut self.command(arguments))
    }
}

/// Runs a command and makes sure that no secret is printed.
pub(crate) fn ran(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    let ran = Ran {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    };
    for text in [&ran.stdout, &ran.stderr] {
        assert!(!text.contains("hunter2"), "a secret is printed:\n{text}");
        assert!(!text.contains("panicked") && !text.contains("mistake of configcheck"), "{text}");
    }
    ran
}

impl Ran {
    /// Makes sure of the exit code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.stdout, self.stderr);
        self
    }

    /// Makes sure that standard output holds a text.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.stdout.contains(text), "missing: {text}\n{}", self.stdout);
        self
    }

    /// Makes sure that standard output does not hold a text.
    #[track_caller]
    pub(crate) fn does_not_say(self, text: &str) -> Self {
        assert!(!self.stdout.contains(text), "there: {text}\n{}", self.stdout);
        self
    }

    /// Makes sure that standard error holds a text.
    #[track_caller]
    pub(crate) fn complains(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "missing: {text}\n{}", self.stderr);
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap()
    }
}
