//! `configcheck rules`: the list of all rules.

use clap::{ArgMatches, Args};
use configcheck_checks::rules::infos;

use super::rule::{PageFormat, json};
use super::{Subcommand, arguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::findings::rule_url;
use crate::layout::{Paint, table};
use crate::session::Session;

pub(super) const COMMAND: Subcommand = Subcommand { name: "rules", about: "List all rules", arguments: Arguments::augment_args, run };

const AFTER_HELP: &str = "\
Examples:
  configcheck rules
  configcheck rules --format json";

#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
struct Arguments {
    /// The form of the output
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    format: PageFormat,
}

fn run(matches: &ArgMatches, session: &Session) -> Result<Exit, Failure> {
    let arguments: Arguments = arguments(matches)?;
    let text = match arguments.format {
        PageFormat::Text => {
            // In a pipe each rule is one line.
            let width = session.console.width().unwrap_or(usize::MAX);
            let rows = infos().map(|rule| [rule.name, rule.code, rule.severity.name(), rule.summary].map(ToOwned::to_owned));
            table(&rows.collect::<Vec<_>>(), 0, width, Paint::of(&session.console))
        }
        PageFormat::Md => {
            let rows = infos().map(|rule| {
                format!("| {} | [{}]({}) | {} | {} |\n", rule.code, rule.name, rule_url(rule.name), rule.severity, rule.summary)
            });
            format!("| Code | Rule | Severity | What it finds |\n|---|---|---|---|\n{}", rows.collect::<String>())
        }
        PageFormat::Json => json(infos(), |_, _| {}),
    };
    session.console.result(&text)?;
    Ok(Exit::Clean)
}
