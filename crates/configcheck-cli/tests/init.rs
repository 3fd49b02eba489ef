//! `configcheck init` as a process: what it writes, what it refuses, and that its Rust compiles.
#![allow(clippy::unwrap_used, missing_docs)]

use std::fmt::Write as _;
use std::path::Path;

mod project;

use project::Project;

const EXAMPLE: &str = "\
# Port the HTTP server listens on
# @required @type=port
PORT=3000

# Signs the sessions. Generate one with: openssl rand -hex 32
# @required @sensitive
SESSION_SECRET=

# @optional @type=enum(debug, info, warn)
# LOG_LEVEL=info

# @optional @type=url
# type=https://example.com/
";

#[test]
fn makes_a_struct_and_the_settings() {
    let project = Project::of(&[(".env.example", EXAMPLE), ("src/main.rs", "fn main() {}\n")]);
    let ran = project.expect(0, &["init"]);
    assert_eq!(ran.stderr, "src/settings.rs is written\nconfigcheck.toml is written\n");
    assert!(ran.stdout.contains("1. Read src/settings.rs: ") && ran.stdout.contains("      - run: configcheck check\n"), "{}", ran.stdout);
    let rust = project.read("src/settings.rs");
    for part in [
        "/// Port the HTTP server listens on\n",
        "    pub port: u16,\n",
        "    pub session_secret: Secret<String>,\n",
        "    pub log_level: LogLevel,\n",
        "    #[config(env = \"type\", ",
        "    pub r#type: Url,\n",
    ] {
        assert!(rust.contains(part), "{part}\n{rust}");
    }
    assert_eq!(
        project.read("configcheck.toml").lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect::<Vec<_>>(),
        ["schema = \".env.example\"", "environments = [\"staging\", \"production\"]"]
    );
}

#[test]
fn makes_a_schema_that_is_read_back() {
    let project = Project::of(&[("env.example", "API_PASSWORD=\nDEBUG=true\n")]);
    project.expect(0, &["init", "--as", "schema", "--yes"]);
    let schema = project.read("config.schema.json");
    assert!(schema.contains("\"guesses\": ["), "{schema}");
    assert_eq!(project.expect(0, &["schema"]).stdout, schema);
    assert!(project.read("configcheck.toml").contains("schema = \"config.schema.json\"\n"));
}

#[test]
fn nothing_is_overwritten_unless_that_is_meant() {
    let project = Project::of(&[(".env.example", "A=1\n"), ("configcheck.toml", "# mine\n")]);
    let ran = project.expect(2, &["init", "--out", "made.rs"]);
    assert!(ran.stderr.starts_with("error: configcheck.toml: the file is there already, and nothing was written"), "{}", ran.stderr);
    assert_eq!(project.files(), [".env.example", "configcheck.toml"]);
    assert!(project.expect(0, &["init", "--out", "-"]).stdout.contains("pub struct Settings"));
    assert_eq!((project.read("configcheck.toml"), project.files().len()), ("# mine\n".to_owned(), 2));
    project.expect(0, &["init", "--out", "made.rs", "--force"]);
    assert!(project.read("configcheck.toml").contains("schema = \".env.example\""));
}

#[test]
fn without_an_example_there_is_nothing_to_begin_with() {
    let project = Project::of(&[("s.json", r#"{"version":1,"name":"x","environment_variable":"APP_ENV","keys":[]}"#)]);
    assert!(project.expect(3, &["init"]).stderr.contains("no .env.example was found here"));
    project.expect(3, &["init", "--from-env-example", "missing"]);
    assert!(project.expect(2, &["init", "--from-env-example", "s.json"]).stderr.contains("this is a schema already"));
    assert_eq!(project.files(), ["s.json"]);
}

/// The structs made from a corpus of examples, each in a module of its own, compiled by the real derive.
#[test]
fn what_is_made_compiles() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus").canonicalize().unwrap();
    let mut files: Vec<_> = std::fs::read_dir(&corpus).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let project = Project::new();
    let mut program = String::from("//! Structs that were made.\n#![allow(dead_code)]\n");
    let mut count = 0;
    for (number, file) in files.iter().enumerate() {
        let out = format!("made_{number}.rs");
        let ran = project.run(&["init", "--from-env-example", file.to_str().unwrap(), "--out", &out, "--force"]);
        if ran.code != Some(0) {
            let name = file.file_name().unwrap().to_str().unwrap();
            assert!(NO_SCHEMA.contains(&name), "{name}: {}", ran.stderr);
            continue;
        }
        writeln!(program, "#[path = {:?}]\nmod made_{number};", project.path(&out)).unwrap();
        count += 1;
    }
    assert!(count > 50, "{count} files");
    program.push_str("fn main() {}\n");
    project.write("program.rs", program);
    trybuild::TestCases::new().pass(project.path("program.rs"));
}

/// Files of the corpus that are no text in UTF-8.
const NO_SCHEMA: [&str; 0] = [];
