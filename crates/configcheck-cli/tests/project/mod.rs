//! A folder with a project in it, and the command run there.
#![allow(dead_code, unreachable_pub, reason = "each test program uses a part of it")]
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that cannot go on has failed, and its names say what it is")]

use std::path::PathBuf;
use std::process::Output;

use tempfile::TempDir;

/// A secret of the environment that no output may hold.
pub const PLANTED: &str = "hunter2-fake-planted-secret";

/// A secret in a file that no output may hold.
pub const SECRET: &str = "hunter2-fake-secret";

/// A schema with a key of each sort that matters to what is shown.
pub const SCHEMA: &str = r#"{"version":1,"name":"checkout","environment_variable":"APP_ENV","keys":[
{"variable":"APP_ENV","path":"app_env","file_path":"app_env","type":{"kind":"environment"},"required":true},
{"variable":"PORT","path":"port","file_path":"server.port","doc":"Port the HTTP server listens on.","type":{"kind":"integer","min":0,"max":65535},"required":true,"defaults":[{"text":"8080"}]},
{"variable":"JWT_SECRET","path":"jwt_secret","file_path":"jwt_secret","doc":"Key that signs session tokens.","type":{"kind":"text"},"required":true,"secret":true,"from":["vault:secret/data/{environment}/checkout#jwt_secret"],"aliases":["JWT_KEY"],"constraints":[{"check":"length","min":32}]},
{"variable":"PARTNER_URL","path":"partner_url","file_path":"partner_url","type":{"kind":"url"},"required":false,"hidden":true},
{"variable":"SMTP_HOST","path":"smtp_host","file_path":"smtp_host","type":{"kind":"text"},"required":false,"required_in":["production"],"deprecated":{"since":"2.0","note":"use the mail service"}}
]}"#;

/// A folder that is removed with the test.
pub struct Project {
    folder: TempDir,
}

/// What a run of the command gave.
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Project {
    /// An empty folder.
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A folder with these files.
    pub fn of(files: &[(&str, &str)]) -> Self {
        let project = Self::new();
        for (name, text) in files {
            project.write(name, text);
        }
        project
    }

    /// A folder with [`SCHEMA`] and these files.
    pub fn with_schema(files: &[(&str, &str)]) -> Self {
        let project = Self::of(files);
        project.write("config.schema.json", SCHEMA);
        project
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        String::from_utf8(std::fs::read(self.path(name)).unwrap()).unwrap()
    }

    /// The names of all files, sorted.
    pub fn files(&self) -> Vec<String> {
        let mut names: Vec<String> =
            std::fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The command in the folder, with a secret in its environment that it must not show, and nothing there that paints.
    pub fn command(&self, arguments: &[&str]) -> assert_cmd::Command {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_configcheck"));
        command.current_dir(self.folder.path()).env("PLANTED_PASSWORD", PLANTED).args(arguments);
        for name in ["NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "COLUMNS", "APP_ENV", "PORT", "JWT_SECRET", "JWT_KEY"] {
            command.env_remove(name);
        }
        command
    }

    /// Runs the command in the folder.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        ran(self.command(arguments).env("NO_COLOR", "1"))
    }

    /// Runs the command with arguments that have no blanks in them.
    pub fn line(&self, arguments: &str) -> Ran {
        ran(&mut self.command_line(arguments))
    }

    /// The command with arguments that have no blanks in them.
    pub fn command_line(&self, arguments: &str) -> assert_cmd::Command {
        self.command(&arguments.split_whitespace().collect::<Vec<_>>())
    }

    /// Runs the command and expects an exit code.
    pub fn expect(&self, code: i32, arguments: &[&str]) -> Ran {
        let ran = self.run(arguments);
        assert_eq!(ran.code, Some(code), "{arguments:?}\n{}\n{}", ran.stdout, ran.stderr);
        ran
    }
}

/// Runs a command and makes sure that it shows no secret.
pub fn ran(command: &mut assert_cmd::Command) -> Ran {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let ran = Ran { code: status.code(), stdout: text(stdout), stderr: text(stderr) };
    for text in [&ran.stdout, &ran.stderr] {
        assert!(!text.contains(PLANTED) && !text.contains(SECRET), "a planted secret is shown:\n{text}");
        assert!(!text.contains("this is a mistake of configcheck"), "{text}");
    }
    ran
}

impl Ran {
    /// Expects an exit code.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.stdout, self.stderr);
        self
    }

    /// Expects a text on standard output.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(self.stdout.contains(text), "missing: {text}\n{}", self.stdout);
        self
    }

    /// Expects a text not to be on standard output.
    #[track_caller]
    pub fn does_not_say(self, text: &str) -> Self {
        assert!(!self.stdout.contains(text), "there: {text}\n{}", self.stdout);
        self
    }

    /// Expects a text on standard error.
    #[track_caller]
    pub fn complains(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "missing: {text}\n{}", self.stderr);
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap()
    }
}
