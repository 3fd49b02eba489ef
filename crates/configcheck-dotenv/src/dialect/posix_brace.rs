//! `${NAME}` of a shell, with the operators of POSIX for unset variables and for lengths.

use super::posix_word::{Fault, NOT_FOLLOWED, Place, UNKNOWN_VALUE, Words, name};
use super::record::Why;

const BAD_REFERENCE: Why = Why {
    message: "a shell does not take what stands behind a `${` here, and reads nothing behind it",
    help: "put single quotes around a value that is meant as it stands",
    goes_on: true,
};

const REQUIRED: Why = Why {
    message: "a shell ends here, since a variable that the value requires is not set",
    help: "set the variable above this line",
    goes_on: true,
};

const TOO_DEEP: Why = Why { message: "the `${}` are nested too deep here", help: "write the value out", goes_on: false };

/// How deep `${}` may be nested.
const DEPTH: u32 = 100;

impl Words<'_, '_, '_> {
    pub(super) fn braced(&mut self, quoted: bool, output: &mut String) -> Result<(), Fault> {
        let start = self.at;
        let inner = &self.rest()[2..];
        if let Some(counted) = inner.strip_prefix('#')
            && let name = name(counted)
            && !name.is_empty()
            && counted[name.len()..].starts_with('}')
        {
            self.at += 4 + name.len();
            let value = self.find(name, start);
            let value = value.as_deref().unwrap_or_default();
            // Counting costs as much as putting in.
            self.put(start, value, &mut String::new());
            output.push_str(&value.chars().count().to_string());
            return Ok(());
        }
        let name = name(inner);
        let behind = &inner[name.len()..];
        if name.is_empty() {
            return self.special(start, quoted);
        }
        if behind.starts_with('}') {
            self.at += 3 + name.len();
            let found = self.find(name, start);
            self.put(start, found.as_deref().unwrap_or_default(), output);
            return Ok(());
        }
        let colon = behind.starts_with(':');
        let operator = behind.as_bytes().get(usize::from(colon)).copied();
        let is_followed = matches!(operator, Some(b'-' | b'=' | b'?' | b'+'));
        let is_known = colon || matches!(operator, Some(b'%' | b'#' | b'/' | b'^' | b',' | b'@' | b'['));
        if !is_followed && !is_known {
            return self.bad_reference(start);
        }
        let word_start = start + 2 + name.len() + usize::from(is_followed) + usize::from(colon);
        self.at = word_start;
        let found = self.find(name, start);
        let is_set = found.as_ref().is_some_and(|found| !colon || !found.is_empty());
        let needed = is_followed && is_set == (operator == Some(b'+'));
        let word = self.nested(start, quoted, needed)?;
        let value = found.as_deref().unwrap_or_default();
        if !is_followed {
            self.refuse(start, self.at, NOT_FOLLOWED);
        } else if !needed {
            self.put(start, if operator == Some(b'+') { "" } else { value }, output);
        } else if operator == Some(b'?') {
            self.refuse(start, self.at, REQUIRED);
            return Err(Fault::Exit);
        } else {
            if operator == Some(b'=') {
                let key_span = self.span(start + 2, start + 2 + name.len());
                let value_span = self.span(word_start, self.at - 1);
                self.set(name.to_owned(), word.clone(), key_span, value_span);
            }
            output.push_str(&word);
        }
        Ok(())
    }

    /// The word behind an operator. What it refuses counts only if the word is needed.
    fn nested(&mut self, start: usize, quoted: bool, needed: bool) -> Result<String, Fault> {
        if self.depth == DEPTH {
            return Err(Fault::Syntax(start, Some(TOO_DEEP)));
        }
        self.depth += 1;
        let (mark, commands) = (self.record.mark(), self.commands);
        let mut word = String::new();
        if !quoted {
            self.tilde(Place::Brace { quoted }, &mut word);
        }
        let read = self.part(Place::Brace { quoted }, &mut word);
        self.depth -= 1;
        if !needed {
            self.record.take_back_refusals(mark);
            self.record.take_back_variables(mark);
            self.commands = commands;
        }
        match read {
            Err(Fault::Exit) if !needed => Err(Fault::Syntax(start, Some(NOT_FOLLOWED))),
            read => read.map(|()| word),
        }
    }

    /// `${1}`, `${@}`, `${#}` and the like, or something that is no reference at all.
    fn special(&mut self, start: usize, quoted: bool) -> Result<(), Fault> {
        let inner = &self.rest()[2..];
        let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
        let length = if digits > 0 { digits } else { usize::from(inner.starts_with(['@', '*', '#', '?', '-', '$', '!'])) };
        if length == 0 {
            return self.bad_reference(start);
        }
        self.at += 2 + length;
        self.nested(start, quoted, false)?;
        self.refuse(start, self.at, UNKNOWN_VALUE);
        Ok(())
    }

    fn bad_reference(&mut self, start: usize) -> Result<(), Fault> {
        self.refuse(start, start + 2, BAD_REFERENCE);
        Err(Fault::Exit)
    }
}
