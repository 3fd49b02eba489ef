//! Where text goes: results to standard output, messages to standard error.

use std::io::{self, IsTerminal, Write};

use clap::ValueEnum;

use crate::failure::Failure;
use crate::process_environment::ProcessEnvironment;

/// The width of a terminal that does not say its own, in characters.
pub(crate) const USUAL_WIDTH: usize = 80;

/// When to write colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Standard output and standard error.
#[derive(Clone, Debug)]
pub(crate) struct Console {
    color: bool,
    quiet: bool,
    terminal_width: Option<usize>,
}

impl Console {
    /// Decides about colours once: the flag, then `NO_COLOR`, then `FORCE_COLOR`, then whether somebody looks at a terminal.
    pub(crate) fn new(choice: ColorChoice, quiet: bool, environment: &ProcessEnvironment) -> Self {
        let is_terminal = io::stdout().is_terminal();
        let color = match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto if environment.no_color => false,
            ColorChoice::Auto => environment.force_color || (is_terminal && !environment.dumb_terminal),
        };
        Self { color, quiet, terminal_width: is_terminal.then(|| environment.columns.unwrap_or(USUAL_WIDTH)) }
    }

    /// Whether results may have colours.
    pub(crate) const fn color(&self) -> bool {
        self.color
    }

    /// The width of the terminal in characters; `None` where the output is no terminal and no line is broken.
    pub(crate) const fn width(&self) -> Option<usize> {
        self.terminal_width
    }

    /// Writes a result to standard output. A reader that has gone away, as `head` does, is no error.
    #[expect(clippy::unused_self, reason = "results go where the console is, wherever that may be")]
    pub(crate) fn result(&self, text: &str) -> Result<(), Failure> {
        let mut output = io::stdout().lock();
        match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::incomplete(format!("standard output cannot be written to: {}", crate::io_reason::reason(&error))))
            }
            _ => Ok(()),
        }
    }

    /// Writes a message for a person to standard error, unless nobody wants to read any.
    pub(crate) fn message(&self, text: &str) {
        if !self.quiet {
            Self::error(text);
        }
    }

    /// Writes what nobody may miss to standard error.
    pub(crate) fn error(text: &str) {
        // Where standard error is closed nothing can be said.
        let _ = writeln!(io::stderr(), "{text}");
    }
}
