//! A shell that sources the file with `set -a`: lists of assignments are followed, and no command is ever run.

use super::Reading;
use super::expand::{RUNS_A_COMMAND, Scope, TOO_LONG};
use super::posix_ansi::closing_parenthesis;
use super::posix_word::{Fault, Words};
use super::record::{Mark, Record, Why};
use super::text::{Change, Text};

const SYNTAX: Why = Why {
    message: "a shell cannot read this, and reads nothing behind it",
    help: "put single quotes around values that hold blanks or `;&|<>()`",
    goes_on: true,
};

const COMPOUND: Why = Why {
    message: "a statement of the shell starts here, and what it and the lines behind it set is not known",
    help: "keep statements out of this file",
    goes_on: false,
};

const REDIRECTS: Why = Why {
    message: "a shell would read or write a file here",
    help: "put single quotes around a value that holds `<` or `>`",
    goes_on: false,
};

const ARRAY: Why = Why {
    message: "a shell takes this for an array, which no environment can hold",
    help: "put single quotes around the value",
    goes_on: false,
};

/// A word behind an assignment: what the command does is not known, and the assignment is for it alone.
const RUNS_THE_WORD: Why = Why { goes_on: true, ..RUNS_A_COMMAND };

const READ_ONLY: Why = Why { message: "a shell does not let this variable be set", help: "choose another name", goes_on: true };

/// Variables that bash lets nobody set.
const READ_ONLY_NAMES: &[&str] = &["BASHOPTS", "BASH_VERSINFO", "EUID", "PPID", "SHELLOPTS", "UID"];

/// Words that start a statement of more than one line when they come first.
const RESERVED: &[&str] = &[
    "!", "[[", "{", "}", "case", "coproc", "do", "done", "elif", "else", "esac", "fi", "for", "function", "if", "in", "select", "then",
    "time", "until", "while",
];

pub(super) fn read<'a>(input: &'a [u8], scope: Scope<'_>) -> Reading<'a> {
    let text = Text::new(input, 0, Change { line_ends: false, nul: true });
    let mut shell = Shell { words: Words::new(&text, scope, Record::new(input)) };
    while !shell.words.is_at_end() {
        let start = shell.words.record.mark();
        match shell.unit() {
            Ok(()) => shell.words.undo.clear(),
            Err(Fault::Syntax(at, why)) => {
                // A list that cannot be read to its end is not run at all.
                shell.words.record.take_back_variables(start);
                shell.words.record.take_back_refusals(start);
                let span = shell.words.span(at, shell.words.behind_character(at));
                shell.words.record.refuse(span, why.unwrap_or(SYNTAX), None);
                break;
            }
            Err(Fault::Exit) => break,
        }
    }
    shell.words.record.finish()
}

struct Shell<'t, 'a, 'o> {
    words: Words<'t, 'a, 'o>,
}

/// A point to go back to.
#[derive(Clone, Copy)]
struct Point {
    mark: Mark,
    undo: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Operator {
    /// A line feed or the end of the file.
    End,
    Semicolon,
    Background,
    And,
    Or,
    Pipe,
}

impl Shell<'_, '_, '_> {
    /// One list: all that stands before a line feed outside of quotes.
    fn unit(&mut self) -> Result<(), Fault> {
        self.words.skip_blanks();
        if self.words.skip_line_feed() || self.words.is_at_end() {
            return Ok(());
        }
        let mut list = self.point();
        let mut good = true;
        let mut before = Operator::Semicolon;
        loop {
            let command = self.point();
            let mut result = self.command()?;
            let operator = self.operator()?;
            let skipped = (before == Operator::And && !good) || (before == Operator::Or && good);
            if skipped {
                self.back(command, true);
                result = good;
            }
            if before == Operator::Pipe || operator == Operator::Pipe {
                // Each side of a pipe is a process of its own.
                self.back(command, false);
            }
            good = result;
            match operator {
                Operator::Background => self.back(list, false),
                Operator::And | Operator::Or | Operator::Pipe => while self.words.skip_line_feed() {},
                Operator::End | Operator::Semicolon => {}
            }
            if matches!(operator, Operator::Background | Operator::Semicolon) {
                if self.words.skip_line_feed() || self.words.is_at_end() {
                    return Ok(());
                }
                list = self.point();
                good = true;
            }
            if operator == Operator::End {
                return Ok(());
            }
            before = operator;
        }
    }

    /// A simple command. Returns whether it succeeds; a command that is not run counts as failed.
    fn command(&mut self) -> Result<bool, Fault> {
        let start = self.point();
        let mut good = true;
        let mut seen = false;
        loop {
            self.words.skip_blanks();
            if let Some(key) = self.words.assignment_key() {
                good = self.assign(key)?;
            } else if let Some(reads) = self.words.redirect()? {
                self.redirected(start, reads);
                good = !reads;
            } else {
                break;
            }
            seen = true;
        }
        if !self.words.starts_word() {
            return if seen { Ok(good) } else { Err(Fault::Syntax(self.words.at, None)) };
        }
        // The words are read before the assignments are made.
        let held = self.words.hold(start.mark, start.undo);
        while self.words.starts_word() {
            let at = self.words.at;
            let word = self.words.word()?;
            let is_reserved = !seen && word.literal && RESERVED.contains(&word.text.as_str());
            if is_reserved || self.words.is_at("(") {
                return Err(Fault::Syntax(at, Some(COMPOUND)));
            }
            seen = true;
            match word.text.as_str() {
                _ if word.vanishes => {}
                "export" => return self.export(),
                ":" | "true" => return self.arguments().map(|()| true),
                _ => {
                    let span = self.words.last_span();
                    self.words.record.refuse(span, RUNS_THE_WORD, None);
                    return self.arguments().map(|()| false);
                }
            }
            self.words.skip_blanks();
            while let Some(reads) = self.words.redirect()? {
                self.redirected(start, reads);
                self.words.skip_blanks();
            }
        }
        // Nothing is left of the words, so the assignments hold.
        self.words.release(held);
        Ok(good)
    }

    /// A file that is read is taken to be missing, and then the assignments before it are not made.
    fn redirected(&mut self, start: Point, reads: bool) {
        let span = self.words.last_span();
        self.words.record.refuse(span, REDIRECTS, None);
        if reads {
            self.back(start, false);
        }
    }

    /// The words behind `export`.
    fn export(&mut self) -> Result<bool, Fault> {
        loop {
            self.words.skip_blanks();
            if let Some(key) = self.words.assignment_key() {
                self.assign(key)?;
            } else if self.words.redirect()?.is_some() {
                let span = self.words.last_span();
                self.words.record.refuse(span, REDIRECTS, None);
            } else if self.words.starts_word() {
                let word = self.words.word()?;
                let is_name = !word.text.is_empty() && !word.text.starts_with(|first: char| first.is_ascii_digit());
                let is_name = is_name && word.text.chars().all(|part| part.is_ascii_alphanumeric() || part == '_');
                if !is_name {
                    let span = self.words.last_span();
                    self.words.record.refuse(span, RUNS_THE_WORD, None);
                }
            } else {
                return Ok(true);
            }
        }
    }

    /// The words behind the name of a command, of which only the side effects matter.
    fn arguments(&mut self) -> Result<(), Fault> {
        loop {
            self.words.skip_blanks();
            if self.words.redirect()?.is_none() {
                if !self.words.starts_word() {
                    return Ok(());
                }
                self.words.word()?;
            }
        }
    }

    /// An assignment whose key was found; the value comes next.
    fn assign(&mut self, key: super::posix_word::Key) -> Result<bool, Fault> {
        let before = self.words.commands;
        let is_list = self.words.is_at("(");
        if is_list || key.indexed {
            if is_list {
                let list = &self.words.source[self.words.at..];
                let length = closing_parenthesis(list).ok_or(Fault::Syntax(self.words.at, None))?;
                self.words.at += length + 1;
            } else {
                self.words.value()?;
            }
            let span = self.words.span(key.start, self.words.at);
            self.words.record.refuse(span, ARRAY, None);
            return Ok(true);
        }
        let key_span = self.words.span(key.start, key.start + key.name.len());
        self.words.key = Some(key_span);
        let value = self.words.value();
        self.words.key = None;
        let value = value?;
        let value_span = self.words.last_span();
        if READ_ONLY_NAMES.contains(&key.name.as_str()) {
            self.words.record.refuse(key_span, READ_ONLY, Some(key_span));
            return Ok(false);
        }
        let mut whole = String::new();
        if key.appends {
            let old = self.words.scope.own_first(&key.name).unwrap_or_default();
            if self.words.scope.put(&mut whole, &old).is_err() {
                self.words.record.refuse(value_span, TOO_LONG, Some(key_span));
                return Ok(false);
            }
        }
        whole.push_str(&value);
        self.words.set(key.name, whole, key_span, value_span);
        Ok(self.words.commands == before)
    }

    fn operator(&mut self) -> Result<Operator, Fault> {
        self.words.skip_blanks();
        if self.words.is_at_end() || self.words.skip_line_feed() {
            return Ok(Operator::End);
        }
        for (text, operator) in [
            ("&&", Operator::And),
            ("&", Operator::Background),
            ("||", Operator::Or),
            ("|&", Operator::Pipe),
            ("|", Operator::Pipe),
            (";", Operator::Semicolon),
        ] {
            if self.words.is_at(text) {
                self.words.skip(text.len());
                self.words.skip_blanks();
                return Ok(operator);
            }
        }
        Err(Fault::Syntax(self.words.at, None))
    }

    fn point(&self) -> Point {
        Point { mark: self.words.record.mark(), undo: self.words.undo.len() }
    }

    /// Takes back what was set since, and what was refused since if it never happened.
    fn back(&mut self, point: Point, refusals: bool) {
        self.words.record.take_back_variables(point.mark);
        if refusals {
            self.words.record.take_back_refusals(point.mark);
        }
        self.words.take_back(point.undo);
    }
}
