//! `configcheck init` as a process: what it writes, what it refuses, and that its Rust compiles.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that cannot go on has failed, and its name says what it is")]

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
type=https://example.com/
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
        "    #[config(example = \"info\")]\n    pub log_level: Option<LogLevel>,\n",
        "    #[config(env = \"type\", ",
        "    pub r#type: Option<Url>,\n",
    ] {
        assert!(rust.contains(part), "{part}\n{rust}");
    }
    assert_eq!(
        project.read("configcheck.toml").lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect::<Vec<_>>(),
        ["schema = \".env.example\""]
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

/// The structs made from real examples are committed, and the derive compiles them in `tests/ui/pass/made_by_init.rs`.
#[test]
fn what_is_made_of_real_examples_is_what_the_derive_compiles() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let project = Project::new();
    for name in ["forum", "spring-orders", "token-service"] {
        let example = format!("{name}.env.example");
        project.write(&example, std::fs::read(root.join("tests/corpus").join(&example)).unwrap());
        let made = project.expect(0, &["init", "--from-env-example", &example, "--out", "-"]).stdout;
        let committed = root.join(format!("tests/made/{}.rs", name.replace('-', "_")));
        if std::env::var_os("UPDATE_MADE").is_some() {
            std::fs::write(&committed, &made).unwrap();
        }
        let committed = std::fs::read_to_string(&committed).unwrap();
        assert_eq!(made, committed, "{name}: UPDATE_MADE=1 writes it anew, and `cargo test -p configcheck-tests --test ui` compiles it");
    }
}

#[test]
fn every_example_of_the_corpus_becomes_a_struct_or_says_why_not() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus");
    let mut files: Vec<_> = std::fs::read_dir(&corpus).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.to_str().is_some_and(|name| name.ends_with(".env.example")));
    assert!(files.len() > 50, "{} files", files.len());
    let project = Project::new();
    for file in files {
        let ran = project.run(&["init", "--from-env-example", file.to_str().unwrap(), "--out", "-"]);
        let name = file.file_name().unwrap().to_str().unwrap();
        if NO_SCHEMA.contains(&name) {
            let said = if name.starts_with("power-shell") { "UTF-16" } else { "no key stands in the file" };
            assert!(ran.code == Some(2) && ran.stderr.contains(said), "{name}: {:?} {}", ran.code, ran.stderr);
        } else {
            assert!(ran.code == Some(0) && ran.stdout.ends_with("}\n"), "{name}: {}", ran.stderr);
        }
    }
}

/// Files of the corpus that hold no key that is read, and one in UTF-16, which is refused.
const NO_SCHEMA: [&str; 5] = [
    "blank-lines-only.env.example",
    "landing-page.env.example",
    "nothing-to-configure.env.example",
    "power-shell.env.example",
    "reverse-proxy.env.example",
];
