//! `configcheck rule`: what a rule finds, why it matters and how to fix it.

use clap::{ArgMatches, Args, ValueEnum};
use configcheck_checks::rules::{info_of, infos};
use configcheck_core::RuleInfo;
use configcheck_core::json::Object;
use configcheck_core::suggest::nearest;

use super::{Subcommand, arguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::findings::rule_url;
use crate::formats::json_text;
use crate::layout::{Paint, width};
use crate::session::Session;

mod markdown;

pub(super) const COMMAND: Subcommand = Subcommand {
    name: "rule",
    about: "Explain a rule: what it finds, why it matters, how to fix it",
    arguments: Arguments::augment_args,
    run,
};

const AFTER_HELP: &str = "\
Examples:
  configcheck rule missing-required
  configcheck rule CC013 --format md

Exit codes: 0 explained, 2 there is no such rule";

#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
struct Arguments {
    /// Names or codes of rules, such as missing-required or CC001
    #[arg(value_name = "NAME", required = true)]
    names: Vec<String>,
    /// The form of the output
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    format: PageFormat,
}

/// The form in which rules are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum PageFormat {
    /// For people
    Text,
    /// Markdown
    Md,
    /// JSON
    Json,
}

fn run(matches: &ArgMatches, session: &Session) -> Result<Exit, Failure> {
    let arguments: Arguments = arguments(matches)?;
    let rules = arguments.names.iter().map(|name| named(name)).collect::<Result<Vec<&RuleInfo>, Failure>>()?;
    let text = match arguments.format {
        PageFormat::Text => {
            let (width, paint) = (width(&session.console), Paint::of(&session.console));
            let pages: Vec<String> = rules.iter().map(|rule| page(rule, width, paint)).collect();
            pages.join("\n\n")
        }
        PageFormat::Md => rules.iter().map(|rule| rule.page.trim_end()).collect::<Vec<_>>().join("\n\n") + "\n",
        PageFormat::Json => json(rules.into_iter(), |object, rule| object.text("page", rule.page)),
    };
    session.console.result(&text)?;
    Ok(Exit::Clean)
}

fn named(name: &str) -> Result<&'static RuleInfo, Failure> {
    info_of(name).or_else(|| info_of(&name.to_ascii_uppercase())).ok_or_else(|| {
        let known = infos().flat_map(|rule| [rule.name, rule.code]);
        let help = match nearest(name, known) {
            Some(meant) => format!("did you mean {meant}?"),
            None => "`configcheck rules` lists all rules".to_owned(),
        };
        Failure::usage(format!("there is no rule {name}")).help(help)
    })
}

fn page(rule: &RuleInfo, width: usize, paint: Paint) -> String {
    format!("{}\n{}\n", markdown::rendered(rule.page, width, paint), paint.faint(&rule_url(rule.name)))
}

/// Rules as JSON, each with what the caller adds.
pub(super) fn json<'a>(rules: impl Iterator<Item = &'a RuleInfo>, add: impl Fn(&mut Object<'_>, &RuleInfo)) -> String {
    json_text::object(|object| {
        object.number("version", 1);
        object.list("rules", |list| {
            for rule in rules {
                list.object(|object| {
                    object.text("name", rule.name);
                    object.text("code", rule.code);
                    object.text("severity", rule.severity.name());
                    object.text("summary", rule.summary);
                    object.text("url", &rule_url(rule.name));
                    add(object, rule);
                });
            }
        });
    })
}
