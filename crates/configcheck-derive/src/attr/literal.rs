//! Literals of `default` and `example`: text, numbers, bools, characters, and lists of these.

use proc_macro2::Span;
use syn::parse::ParseStream;
use syn::{Error, Lit, Result, Token, bracketed};

/// A literal as it was written.
pub(crate) struct Literal {
    pub(crate) kind: LiteralKind,
    /// The text, as it would stand in the variable; empty for a list, whose separator is not known here.
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// What kind of literal.
pub(crate) enum LiteralKind {
    Text,
    Integer,
    Float,
    Bool,
    Char,
    List(Vec<Literal>),
}

impl Literal {
    /// The text as it would stand in the variable.
    pub(crate) fn joined(&self, separator: &str) -> String {
        match &self.kind {
            LiteralKind::List(items) => items.iter().map(|item| item.text.as_str()).collect::<Vec<_>>().join(separator),
            _ => self.text.clone(),
        }
    }
}

/// Reads a literal or a list of literals.
pub(super) fn literal(input: ParseStream<'_>) -> Result<Literal> {
    if input.peek(syn::token::Bracket) {
        let content;
        let bracket = bracketed!(content in input);
        let mut items = Vec::new();
        while !content.is_empty() {
            match single(&content) {
                Ok(item) => items.push(item),
                Err(error) => {
                    drop(content.parse::<proc_macro2::TokenStream>());
                    return Err(error);
                }
            }
            let _: Option<Token![,]> = content.parse()?;
        }
        return Ok(Literal { kind: LiteralKind::List(items), text: String::new(), span: bracket.span.join() });
    }
    single(input)
}

fn single(input: ParseStream<'_>) -> Result<Literal> {
    let span = input.span();
    let literal: Lit = input.parse().map_err(|_| {
        Error::new(span, "a literal is expected here: text in quotes, a number, `true`, `false`, a character, or a list `[…]` of these")
    })?;
    let span = literal.span();
    let (kind, text) = match literal {
        Lit::Str(text) => (LiteralKind::Text, text.value()),
        Lit::Char(c) => (LiteralKind::Char, c.value().to_string()),
        Lit::Int(number) => (LiteralKind::Integer, number.base10_digits().to_owned()),
        Lit::Float(number) => (LiteralKind::Float, number.base10_digits().to_owned()),
        Lit::Bool(bool) => (LiteralKind::Bool, bool.value.to_string()),
        _ => return Err(Error::new(span, "bytes are no text; write the literal without `b` or `c`")),
    };
    Ok(Literal { kind, text, span })
}
