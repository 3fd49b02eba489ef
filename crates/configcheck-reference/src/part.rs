//! A piece of a reference that knows its place in the whole, so that whoever reads it can say where it is wrong.

use super::error::{RefError, RefErrorKind};

/// What may stand in braces.
const TEMPLATES: [&str; 2] = ["{environment}", "{name}"];

/// A piece of a reference.
#[derive(Clone, Copy)]
pub(super) struct Part<'t> {
    text: &'t str,
    at: usize,
    /// Whether `{environment}` and `{name}` may stand for text.
    with_templates: bool,
}

impl<'t> Part<'t> {
    pub(super) const fn whole(text: &'t str, with_templates: bool) -> Self {
        Self { text, at: 0, with_templates }
    }

    pub(super) const fn text(self) -> &'t str {
        self.text
    }

    pub(super) const fn is_empty(self) -> bool {
        self.text.is_empty()
    }

    /// This kind of error, at the start of the piece.
    pub(super) const fn wrong(self, kind: RefErrorKind) -> RefError {
        RefError { kind, at: self.at }
    }

    /// This kind of error, behind the piece.
    pub(super) const fn wrong_at_end(self, kind: RefErrorKind) -> RefError {
        RefError { kind, at: self.at + self.text.len() }
    }

    /// The piece from one of its bytes on.
    pub(super) fn from(self, byte: usize) -> Self {
        Self { text: &self.text[byte..], at: self.at + byte, ..self }
    }

    /// The piece up to one of its bytes.
    pub(super) fn until(self, byte: usize) -> Self {
        Self { text: &self.text[..byte], ..self }
    }

    pub(super) fn strip_prefix(self, prefix: &str) -> Option<Self> {
        self.text.starts_with(prefix).then(|| self.from(prefix.len()))
    }

    pub(super) fn strip_suffix(self, suffix: &str) -> Option<Self> {
        self.text.ends_with(suffix).then(|| self.until(self.text.len() - suffix.len()))
    }

    /// What stands before the first separator, and what stands behind it.
    pub(super) fn split_once(self, separator: &str) -> Option<(Self, Self)> {
        let at = self.text.find(separator)?;
        Some((self.until(at), self.from(at + separator.len())))
    }

    /// What stands before the last separator, and what stands behind it.
    pub(super) fn rsplit_once(self, separator: char) -> Option<(Self, Self)> {
        let at = self.text.rfind(separator)?;
        Some((self.until(at), self.from(at + separator.len_utf8())))
    }

    pub(super) fn split(self, separator: char) -> impl Iterator<Item = Self> {
        let mut at = 0;
        self.text.split(separator).map(move |text| {
            let part = Self { text, at: self.at + at, ..self };
            at += text.len() + separator.len_utf8();
            part
        })
    }

    /// The piece without slashes at its ends.
    pub(super) fn without_outer_slashes(self) -> Self {
        let start = self.text.len() - self.text.trim_start_matches('/').len();
        let inner = self.from(start);
        inner.until(inner.text.trim_end_matches('/').len())
    }

    /// The piece without the `//` of a URL. What follows is a path: an address with a port or a user is refused.
    pub(super) fn without_url_slashes(self) -> Result<Self, RefError> {
        let Some(rest) = self.strip_prefix("//") else { return Ok(self) };
        let first = rest.split('/').next().unwrap_or(rest);
        match first.text.find(['@', ':']) {
            Some(_) if first.text.starts_with("arn:") => Ok(rest),
            Some(_) => Err(first.wrong(RefErrorKind::Address)),
            None => Ok(rest),
        }
    }

    /// Refuses every character that is not allowed, and blanks at the ends.
    pub(super) fn of_characters(self, allowed: impl Fn(char) -> bool) -> Result<Self, RefError> {
        let wrong = |at: usize, kind| Err(RefError { kind, at: self.at + at });
        let mut template_ends = 0;
        for (at, c) in self.text.char_indices() {
            if at < template_ends {
                continue;
            }
            match c {
                '{' => match TEMPLATES.iter().find(|template| self.text[at..].starts_with(**template)) {
                    Some(template) if self.with_templates => template_ends = at + template.len(),
                    Some(_) => return wrong(at, RefErrorKind::Unfilled),
                    None => return wrong(at, RefErrorKind::Template),
                },
                '}' => return wrong(at, RefErrorKind::Template),
                '%' => return wrong(at, RefErrorKind::Encoded),
                ' ' if at == 0 || at + 1 == self.text.len() => return wrong(at, RefErrorKind::Character),
                c if allowed(c) => {}
                _ => return wrong(at, RefErrorKind::Character),
            }
        }
        Ok(self)
    }

    /// Refuses steps that lead elsewhere than they seem to.
    pub(super) fn of_plain_steps(self) -> Result<Self, RefError> {
        match self.split('/').find(|step| matches!(step.text, "." | "..")) {
            Some(step) => Err(step.wrong(RefErrorKind::Traversal)),
            None => Ok(self),
        }
    }

    /// Refuses empty steps too.
    pub(super) fn of_full_steps(self) -> Result<Self, RefError> {
        let this = self.of_plain_steps()?;
        match this.split('/').find(|step| step.is_empty()) {
            Some(step) => Err(step.wrong(RefErrorKind::EmptyStep)),
            None => Ok(this),
        }
    }
}
