//! Collects every mistake of one item, each with the tokens that it is about.

use proc_macro2::Span;
use quote::ToTokens;

/// The mistakes found so far. Dropping it unread is a bug, and says so.
pub(crate) struct Errors {
    found: Option<syn::Error>,
    read: bool,
}

impl Errors {
    pub(crate) fn new() -> Self {
        Self { found: None, read: false }
    }

    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.found {
            Some(found) => found.combine(error),
            None => self.found = Some(error),
        }
    }

    /// A mistake at a place.
    pub(crate) fn at(&mut self, span: Span, message: impl AsRef<str>) {
        self.push(syn::Error::new(span, message.as_ref()));
    }

    /// A mistake that some tokens make.
    pub(crate) fn on(&mut self, tokens: &dyn ToTokens, message: impl AsRef<str>) {
        self.push(syn::Error::new_spanned(tokens.to_token_stream(), message.as_ref()));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_none()
    }

    /// All mistakes as one error; nothing when there is none.
    pub(crate) fn finish(mut self) -> Result<(), syn::Error> {
        self.read = true;
        self.found.take().map_or(Ok(()), Err)
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        assert!(self.read || std::thread::panicking(), "mistakes were collected and never read");
    }
}
