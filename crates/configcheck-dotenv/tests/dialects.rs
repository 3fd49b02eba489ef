//! Holds the readers of the named dialects, and `docs/dialects.md`, to what the real programs answered to 92 inputs.
//!
//! `UPDATE_PAGES=1 cargo test -p configcheck-dotenv --test dialects` writes the page anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::{env, fs};

use configcheck_dotenv::{Dialect, read_as};
use serde_json::Value;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/dialects.md");
const ROWS: &str = include_str!("dialects.jsonl");

const INTRODUCTION: &str = "\
# How other programs read `.env` files

Configcheck can read a file as each of these programs does, so that it can say what each makes of it. The readers
are held to the answers that the real programs gave to 92 inputs, with `OUTER=outer` in the environment. The inputs
themselves are in [How Configcheck reads `.env` files](dotenv-dialect.md).

Nothing is ever executed. Where a program would run a command, the reader says so, and takes the output as empty.

";

const RUNS: &str = "The program runs the command and takes its output. The reader runs nothing and reports it.";

/// The inputs on which a reader differs from the real program, and why.
const EXCEPTIONS: &[(Dialect, &str, &str)] = &[
    (
        Dialect::PosixSh,
        "49-unset-dollar",
        "`$$` is the number of the process that reads the file, which nobody else knows. The reader reports it.",
    ),
    (Dialect::PosixSh, "55-cmd-subst", RUNS),
    (Dialect::Ruby, "55-cmd-subst", RUNS),
];

/// The inputs of the table of traps.
const TRAPS: &[&str] = &[
    "A=x#y\n",
    "A=x #y\n",
    "A= # c\n",
    "A=x y\n",
    "A= x\n",
    "A=\"x y\"\n",
    "A='x y'\n",
    "A=`x y`\n",
    "A=x\"y\"z\n",
    "A=\"x\" y\n",
    "A=\"x\n",
    "A='it\\'s'\n",
    "A=\"l1\nl2\"\n",
    "A=\"x\\ny\"\n",
    "A=\"x\\ty\"\n",
    "A=C:\\dir\n",
    "A=x\\\ny\n",
    "A=$OUTER\n",
    "A=${OUTER}\n",
    "A='${OUTER}'\n",
    "A=\\$OUTER\n",
    "A=${NOPE:-d}\n",
    "A=pa$$w0rd\n",
    "A=\"p@ss$word1\"\n",
    "A=$(echo hi)\n",
    "export A=1\n",
    "A: 1\n",
    "A\n",
    "OUTER=1\n",
    "A=1\nA=2\n",
    "A=1\r\n",
    "\u{feff}A=1\n",
];

/// The last value of each key, where `None` is a key without a value.
type Variables = BTreeMap<String, Option<String>>;

struct Row {
    id: String,
    input: Vec<u8>,
    answers: Value,
}

/// What a program does with an input.
#[derive(Debug, PartialEq)]
struct Answer {
    /// None when it refuses the file.
    variables: Option<Variables>,
    /// Whether a shell, which never refuses a file as a whole, writes an error.
    complains: bool,
}

#[test]
fn the_readers_agree_with_the_programs_but_for_the_exceptions() {
    for dialect in programs() {
        let differing: Vec<_> = rows().into_iter().filter(|row| ours(dialect, &row.input) != row.answer(dialect)).collect();
        let differing: Vec<_> = differing.iter().map(|row| row.id.as_str()).collect();
        let explained: Vec<_> = EXCEPTIONS.iter().filter(|(of, ..)| *of == dialect).map(|(_, id, _)| *id).collect();
        assert_eq!(explained, differing, "{}", dialect.name());
        assert!(differing.len() <= 2);
    }
}

#[test]
fn the_page_of_dialects_is_fresh() {
    let page = page();
    if env::var_os("UPDATE_PAGES").is_some() {
        fs::write(PAGE, &page).expect("the page can be written");
    }
    let committed = fs::read_to_string(PAGE).unwrap_or_default().replace("\r\n", "\n");
    assert!(committed == page, "docs/dialects.md is stale; run this test with UPDATE_PAGES=1");
}

fn programs() -> impl Iterator<Item = Dialect> {
    Dialect::ALL.iter().copied().filter(|dialect| *dialect != Dialect::Configcheck)
}

fn outer(name: &str) -> Option<String> {
    (name == "OUTER").then(|| "outer".to_owned())
}

fn ours(dialect: Dialect, input: &[u8]) -> Answer {
    let reading = read_as(input, dialect, &outer);
    let refused = !reading.refusals.is_empty();
    let is_shell = dialect == Dialect::PosixSh;
    let last = reading.variables.into_iter().map(|found| (found.key.into_owned(), found.value.map(Into::into)));
    Answer { variables: (is_shell || !refused).then(|| last.collect()), complains: is_shell && refused }
}

impl Row {
    fn answer(&self, dialect: Dialect) -> Answer {
        let answer = &self.answers[dialect.name()];
        let value = |(key, value): (&String, &Value)| (key.clone(), value.as_str().map(str::to_owned));
        let variables = answer["vars"].as_object().map(|variables| variables.iter().map(value).collect());
        assert!(variables.is_some() || answer["error"] == true, "{}", self.id);
        Answer { variables, complains: answer["complains"] == true }
    }
}

fn rows() -> Vec<Row> {
    let rows: Vec<Row> = ROWS.lines().map(row).collect();
    assert_eq!(rows.len(), 92);
    rows
}

fn row(line: &str) -> Row {
    let row: Value = serde_json::from_str(line).expect("each line is JSON");
    let text = |name: &str| row[name].as_str().expect("a string");
    let input = match text("input_encoding") {
        "latin-1" => text("input").chars().map(|character| u8::try_from(character).expect("one byte")).collect(),
        _ => text("input").as_bytes().to_vec(),
    };
    Row { id: text("id").to_owned(), input, answers: row["dialects"].clone() }
}

/// What the dialect is, and what to know about it.
fn about(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::PosixSh => {
            "A shell that sources the file (`set -a; . ./.env`); the answers are those of bash 5. A line is a list of \
             assignments; a word behind them is a command, and then they set nothing. Such a line is reported, as is \
             every other place where a command would be run or a file opened. An answer agrees when the variables are the \
             same and something is reported exactly where bash writes an error. Statements (`if`, `for`, functions) end \
             the reading."
        }
        Dialect::DockerRun => {
            "`docker run --env-file`. Everything behind the `=` is the value: quotes, blanks and comments too. `export` \
             is refused. A key alone is taken from the environment."
        }
        Dialect::Compose => {
            "Docker Compose, for `.env` and `env_file:` (compose-go 2). Variables are put into unquoted and \
             double-quoted values, those of the environment first; `$$` stands for one `$`."
        }
        Dialect::Node => {
            "The npm package dotenv. A line that its expression does not match is left out and nothing is reported. \
             It puts in no variables."
        }
        Dialect::Python => {
            "The package python-dotenv 1.2.4; 1.2.2 still reads `A= # c` as `# c`, and takes a byte order mark into the \
             key. `${NAME}` is put in everywhere, also within single quotes; `$NAME` is not. \
             A line that cannot be read is left out with a warning."
        }
        Dialect::Ruby => {
            "The gem dotenv 3.2. A variable of the environment keeps its value. Backslashes are dropped, so `\\n` \
             becomes `n` outside of quotes. `$(command)` is run."
        }
        Dialect::Dotenvy => {
            "The Rust crate dotenvy 0.15, as `from_read_iter` reads; `dotenv()` skips a byte order mark as well. \
             The first mistake ends the reading. An unquoted value with a blank in it is a mistake."
        }
        Dialect::Systemd => {
            "`EnvironmentFile=` of systemd, version 254 and later. Adjacent quoted pieces are one value, an unclosed quote \
             takes up the rest of the file, and `export A` is a key. systemd leaves out keys that are no valid names when \
             it starts the service; the reader still shows them."
        }
        Dialect::Kubectl => {
            "`kubectl create configmap --from-env-file`, and the same for secrets. Like docker, but a key alone that is \
             not in the environment is empty, and no key may stand twice. At a line of 64 KiB it stops and says nothing."
        }
        _ => "",
    }
}

fn page() -> String {
    let rows = rows();
    let mut page = INTRODUCTION.to_owned();
    for dialect in programs() {
        let alike = rows.iter().filter(|row| ours(dialect, &row.input) == row.answer(dialect)).count();
        let _ = writeln!(page, "## {}\n\n{}\n", dialect.name(), about(dialect));
        let _ = writeln!(page, "The reader agrees on {alike} of {} inputs.\n", rows.len());
        for (_, id, reason) in EXCEPTIONS.iter().filter(|(of, ..)| *of == dialect) {
            let _ = writeln!(page, "- {id}: {reason}");
        }
        if EXCEPTIONS.iter().any(|(of, ..)| *of == dialect) {
            page.push('\n');
        }
    }
    page += "## Traps\n\nWhat each reader makes of a few inputs, with `OUTER=outer` in the environment. Values are JSON \
             strings; a key is shown where it is not `A`. *Refused* also stands where a program reports an error and goes on.\n\n";
    let names: Vec<_> = Dialect::ALL.iter().map(|dialect| dialect.name()).collect();
    let _ = writeln!(page, "| input | {} |\n| --- |{}", names.join(" | "), " --- |".repeat(names.len()));
    for input in TRAPS {
        let cells: Vec<_> = Dialect::ALL.iter().map(|dialect| cell(*dialect, input)).collect();
        let _ = writeln!(page, "| {} | {} |", code(&shown(input)), cells.join(" | "));
    }
    page
}

fn cell(dialect: Dialect, input: &str) -> String {
    let reading = read_as(input.as_bytes(), dialect, &outer);
    if !reading.refusals.is_empty() {
        return "*refused*".to_owned();
    }
    let mut variables = Variables::new();
    for found in reading.variables {
        variables.insert(found.key.into_owned(), found.value.map(Into::into));
    }
    let shown = variables.iter().map(|(key, value)| {
        let value = value.as_ref().map_or("no value".to_owned(), |value| Value::from(value.as_str()).to_string());
        let key = key.replace('\u{feff}', "\\ufeff");
        if key == "A" { code(&value) } else { code(&format!("{key}={value}")) }
    });
    let shown: Vec<_> = shown.collect();
    if shown.is_empty() { "nothing".to_owned() } else { shown.join("; ") }
}

/// The input on one line: backslashes doubled, line ends and what cannot be seen written as escapes.
fn shown(input: &str) -> String {
    let mut shown = String::new();
    for character in input.chars() {
        match character {
            '\\' | '\n' | '\r' | '\u{feff}' => shown.extend(character.escape_default()),
            _ => shown.push(character),
        }
    }
    shown
}

/// Code in a cell of a Markdown table.
fn code(text: &str) -> String {
    let text = text.replace('|', "\\|");
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}
