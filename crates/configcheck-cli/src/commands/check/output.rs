//! Where the results of a check go: one or several formats, each to standard output or to a file.

use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io::Write as _;

use clap::{ArgMatches, Args};

use crate::failure::Failure;
use crate::findings::Run;
use crate::formats::{Format, Style, render, step_summary};
use crate::io_reason::reason;
use crate::session::Session;
use crate::write::write;

// Which formats go where. This is no doc comment: clap would print it in place of what the command says of itself.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct OutputOptions {
    /// The format; several can be given, each followed by its --output [default: auto]
    #[arg(long = "format", value_name = "FORMAT", value_enum)]
    format: Vec<FormatChoice>,
    /// The file for the format before it; without one it goes to standard output
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    output: Vec<String>,
}

/// A format, or the one that fits the place where the command runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FormatChoice {
    /// Text, and annotations where GitHub Actions reads them.
    Auto,
    /// This one.
    One(Format),
}

impl clap::ValueEnum for FormatChoice {
    fn value_variants<'a>() -> &'a [Self] {
        const {
            &[
                Self::Auto,
                Self::One(Format::Text),
                Self::One(Format::Concise),
                Self::One(Format::Json),
                Self::One(Format::Sarif),
                Self::One(Format::Github),
                Self::One(Format::Gitlab),
                Self::One(Format::Junit),
                Self::One(Format::Rdjson),
            ]
        }
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        match self {
            Self::Auto => Some(clap::builder::PossibleValue::new("auto").help("Text, and annotations in GitHub Actions")),
            Self::One(format) => format.to_possible_value(),
        }
    }
}

/// Which formats go where.
#[derive(Debug)]
pub(super) struct Outputs {
    places: Vec<(FormatChoice, Option<String>)>,
}

impl Outputs {
    /// Puts each file to the format that stands before it on the command line.
    pub(super) fn read(matches: &ArgMatches, options: &OutputOptions) -> Result<Self, Failure> {
        let indices = |name: &str| matches.indices_of(name).map(Iterator::collect::<Vec<usize>>).unwrap_or_default();
        let (formats, outputs) = (indices("format"), indices("output"));
        let mut places: Vec<(FormatChoice, Option<String>)> = options.format.iter().map(|format| (*format, None)).collect();
        for (index, path) in outputs.iter().zip(&options.output) {
            let before = formats.iter().rposition(|format| format < index);
            match before {
                None if places.is_empty() => places.push((FormatChoice::One(Format::Text), Some(path.clone()))),
                None => {
                    return Err(Failure::usage("--output stands before its --format").help("write --format sarif --output results.sarif"));
                }
                Some(at) if places[at].1.is_some() => {
                    return Err(Failure::usage("one --format has two --output").help("repeat --format before each --output"));
                }
                Some(at) => places[at].1 = Some(path.clone()),
            }
        }
        // As everywhere, - is the standard stream.
        for (_, path) in &mut places {
            path.take_if(|path| path == "-");
        }
        if places.is_empty() {
            places.push((FormatChoice::Auto, None));
        }
        if places.iter().filter(|(_, path)| path.is_none()).count() > 1 {
            return Err(Failure::usage("two formats cannot both go to standard output").help("give all but one an --output"));
        }
        Ok(Self { places })
    }

    /// Writes the run in each format. What cannot be written keeps nothing else from being written.
    pub(super) fn write(&self, run: &Run, session: &Session) -> Result<(), Failure> {
        let plain = Style { color: false, width: None, verbose: session.options.verbose };
        let on_screen = Style { color: session.console.color(), width: session.console.width(), ..plain };
        let mut failed = None;
        for (choice, path) in &self.places {
            let formats: &[Format] = match choice {
                FormatChoice::One(format) => &[*format],
                FormatChoice::Auto if session.environment.github_actions => &[Format::Text, Format::Github],
                FormatChoice::Auto => &[Format::Text],
            };
            if formats.contains(&Format::Github)
                && let Some(summary) = &session.environment.github_step_summary
            {
                // Nobody asked for the summary, so that its file decides nothing.
                if let Err(failure) = append(summary, &step_summary(run)) {
                    session.console.message(&failure.to_string());
                }
            }
            let style = if path.is_some() { plain } else { on_screen };
            let text: String = formats.iter().map(|format| render(*format, run, style)).collect();
            let written = match path {
                Some(path) => write(path, text.as_bytes()),
                None => session.console.result(&text),
            };
            if let Err(failure) = written {
                failed = Some(match failed {
                    None => failure,
                    Some(first) => Failure::and(first, failure),
                });
            }
        }
        failed.map_or(Ok(()), Err)
    }
}

/// Adds the summary of this run to the file of the step.
fn append(path: &OsStr, text: &str) -> Result<(), Failure> {
    let appended = OpenOptions::new().append(true).create(true).open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    appended.map_err(|error| Failure::incomplete(format!("the file cannot be written: {}", reason(&error))).at("$GITHUB_STEP_SUMMARY"))
}
