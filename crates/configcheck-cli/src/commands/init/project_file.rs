//! The first configcheck.toml, and what to do next.

use std::fmt::Write as _;

/// The settings of the project.
pub(super) fn settings(schema: &str) -> String {
    format!(
        "# The settings of configcheck for this project.\n\n\
         # The schema: a native schema or a .env.example.\n\
         schema = {}\n\n\
         # The files of each environment, lowest layer first; without any, .env, .env.NAME, .env.local and .env.NAME.local.\n\
         # [environments.staging]\n\
         # files = [\".env.staging\"]\n\n\
         # [environments.production]\n\
         # files = [\".env.production\"]\n",
        text(schema)
    )
}

/// What to do next, for a Rust service.
pub(super) fn next_steps_of_rust(file: &str, guesses: usize) -> String {
    format!(
        "Next:\n\
         1. {}\n\
         2. Call `Settings::load_or_exit()` first in `main`; the crate is `configcheck`, with the feature `url` where a field is a Url.\n\
         3. Export the schema, and name it in configcheck.toml:\n\
         \x20    cargo build\n\
         \x20    configcheck schema --bin target/debug/SERVICE --out config.schema.json\n\
         4. Check before each deploy:\n\n{CI}",
        reading(file, guesses, "as a comment")
    )
}

/// What to do next, for a service in another language.
pub(super) fn next_steps_of_schema(file: &str, guesses: usize) -> String {
    format!(
        "Next:\n\
         1. {}\n\
         2. Check what there is: configcheck check\n\
         3. Check before each deploy:\n\n{CI}",
        reading(file, guesses, "under \"guesses\"")
    )
}

/// What there is to read in what was made.
fn reading(file: &str, guesses: usize, place: &str) -> String {
    match guesses {
        0 => format!("Read {file}: nothing in it is a guess."),
        1 => format!("Read {file}: one thing in it is a guess, with its reason {place}. Remove that when it is right."),
        many => format!("Read {file}: {many} things in it are guesses, each with its reason {place}. Remove those that are right."),
    }
}

/// A pipeline that checks each change.
const CI: &str = "\
# .github/workflows/configcheck.yml
name: configcheck
on: [pull_request]
jobs:
  configcheck:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: cargo install --locked --git https://github.com/configcheck/configcheck configcheck-cli
      - run: configcheck check
";

/// Text as TOML.
fn text(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            // Writing to a `String` cannot fail.
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted + "\""
}
