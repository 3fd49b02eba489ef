//! `configcheck docs`: reference tables and a page for each variable, from the schema.

use std::path::Path;

use clap::{ArgMatches, Args};
use configcheck_core::Schema;
use configcheck_core::display::escaped;

use super::{Subcommand, arguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::project::{Project, shown};
use crate::session::Session;
use crate::write::{self, State};

mod failures;
mod inject;
mod markdown;
mod page;
mod quiet;
mod table;
mod words;

pub(super) const COMMAND: Subcommand = Subcommand {
    name: "docs",
    about: "Write reference tables and a page for each variable, or check that they are current",
    arguments: Arguments::augment_args,
    run,
};

const AFTER_HELP: &str = "\
Examples:
  configcheck docs --out docs/configuration.md
  configcheck docs --inject README.md --check

Exit codes: 0 printed or current, 1 not current, 2 wrong arguments or schema,
3 an input could not be read";

#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
struct Arguments {
    /// The schema: a native schema or a .env.example; found by itself when there is one
    #[arg(long, value_name = "FILE")]
    schema: Option<String>,
    /// Write the tables to a file of their own; - is standard output
    #[arg(long, value_name = "FILE")]
    out: Option<String>,
    /// Write a page for each variable into a folder: its failures and what to do
    #[arg(long, value_name = "DIR")]
    pages: Option<String>,
    /// Write the tables between the markers configcheck:begin and configcheck:end of a page
    #[arg(long, value_name = "FILE")]
    inject: Option<String>,
    /// Write nothing, and exit with 1 when a file is not current
    #[arg(long)]
    check: bool,
}

/// A file and what it should hold; `None` for one that should not be there.
type Wanted = (String, Option<Vec<u8>>);

fn run(matches: &ArgMatches, session: &Session) -> Result<Exit, Failure> {
    let arguments: Arguments = arguments(matches)?;
    let schema = Project::open(session)?.schema(arguments.schema.as_deref())?.file.schema;
    let schema = quiet::without_secrets(&schema);
    let files = wanted(&arguments, &schema)?;
    let is_printed = arguments.out.as_deref().map_or(files.is_empty(), |out| out == "-");
    if arguments.check && (is_printed || files.is_empty()) {
        return Err(Failure::usage("nothing is named that could be checked").help("name a file with --out, --pages or --inject"));
    }
    if is_printed {
        session.console.result(&table::file(&schema, table::bare))?;
    }
    if files.is_empty() {
        return Ok(Exit::Clean);
    }
    if arguments.check { check(session, &files) } else { write(session, &files) }
}

/// Every file that the arguments ask for.
fn wanted(arguments: &Arguments, schema: &Schema) -> Result<Vec<Wanted>, Failure> {
    let mut files: Vec<Wanted> = Vec::new();
    if let Some(out) = arguments.out.as_ref().filter(|out| *out != "-") {
        files.push((out.clone(), Some(table::file(schema, table::bare).into_bytes())));
    }
    if let Some(page) = &arguments.inject {
        if page == "-" {
            return Err(Failure::usage("standard input is no page that could be written to").at("--inject -").help("name a file"));
        }
        let current = input::read(page)?;
        let tables = table::tables(schema, table::bare);
        files.push((page.clone(), Some(inject::inject(page, &current, &tables)?)));
    }
    if let Some(folder) = &arguments.pages {
        files.extend(pages(Path::new(folder), schema)?);
    }
    Ok(files)
}

/// The pages of a folder, and those of ours in it that are about no variable any more.
fn pages(folder: &Path, schema: &Schema) -> Result<Vec<Wanted>, Failure> {
    let mut files: Vec<Wanted> = vec![(shown(&folder.join(page::INDEX)), Some(page::index(schema).into_bytes()))];
    for (at, key) in schema.keys().iter().enumerate() {
        let Some(name) = page::file_name(key) else {
            let variable = key.variable.to_string();
            return Err(Failure::usage("a variable with this name can have no page").at(variable).help("rename it"));
        };
        files.push((shown(&folder.join(name)), Some(page::page(schema, at).into_bytes())));
    }
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(files) };
    let mut stale: Vec<String> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .map(|path| shown(&path))
        .filter(|path| !files.iter().any(|(known, _)| known == path))
        .collect();
    stale.retain(|path| input::read(path).is_ok_and(|bytes| bytes.starts_with(table::MARK.as_bytes())));
    stale.sort();
    files.extend(stale.into_iter().map(|path| (path, None)));
    Ok(files)
}

fn check(session: &Session, files: &[Wanted]) -> Result<Exit, Failure> {
    let mut lines: Vec<String> = Vec::new();
    for (path, wanted) in files {
        let what = match wanted {
            None => "is about no variable any more",
            Some(bytes) => match write::compare(path, bytes)? {
                State::Same => continue,
                State::Absent => "is missing",
                State::Differs(_) => "has drifted from the schema",
            },
        };
        lines.push(format!("{}: the page {what}\n", escaped(path)));
    }
    if lines.is_empty() {
        return Ok(Exit::Clean);
    }
    session.console.result(&lines.concat())?;
    session.console.message("  help: the same command without --check writes what has drifted");
    Ok(Exit::Findings)
}

fn write(session: &Session, files: &[Wanted]) -> Result<Exit, Failure> {
    for (path, wanted) in files {
        match wanted {
            // One that differs in its line ends alone stays as it is.
            Some(bytes) if matches!(write::compare(path, bytes)?, State::Same) => {}
            Some(bytes) => {
                if let Some(folder) = Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty()) {
                    write::create_folder(folder)?;
                }
                write::write(path, bytes)?;
            }
            None => write::remove(path)?,
        }
    }
    session.console.message(&match files.len() {
        1 => "1 file is current".to_owned(),
        count => format!("{count} files are current"),
    });
    Ok(Exit::Clean)
}
