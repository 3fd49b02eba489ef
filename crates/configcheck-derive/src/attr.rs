//! Reading attributes: words separated by commas, each `word`, `word = …` or `word(…)`.
//!
//! After a mistake reading goes on at the next comma, so that every mistake of an attribute is told at once.

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Attribute, Error, Expr, Ident, Lit, LitBool, LitStr, Meta, Path, Result, Token, parenthesized};

use crate::error::Errors;
use crate::suggest::did_you_mean;

pub(crate) mod config;
pub(crate) mod literal;
pub(crate) mod validate;

/// Reads one word and what stands behind it.
type Read<'a> = &'a mut dyn FnMut(&Ident, ParseStream<'_>, &mut Errors) -> Result<()>;

/// Reads the words of an attribute.
fn words(attribute: &Attribute, errors: &mut Errors, read: Read<'_>) {
    let Meta::List(list) = &attribute.meta else {
        errors.on(&attribute.meta, "write the words of this attribute in brackets, such as `#[config(default = 8080)]`");
        return;
    };
    let parsed = list.parse_args_with(|input: ParseStream<'_>| {
        each(input, errors, read);
        Ok(())
    });
    if let Err(error) = parsed {
        errors.push(error);
    }
}

/// Reads words up to the end; everything is consumed, whatever it is.
fn each(input: ParseStream<'_>, errors: &mut Errors, read: Read<'_>) {
    while !input.is_empty() {
        let result = input.call(Ident::parse_any).and_then(|word| read(&word, input, errors));
        match result {
            Err(error) => errors.push(error),
            Ok(()) if !input.is_empty() && !input.peek(Token![,]) => errors.at(input.span(), "expected a comma"),
            Ok(()) => {}
        }
        while !input.is_empty() && !input.peek(Token![,]) {
            let skipped: Result<TokenTree> = input.parse();
            if skipped.is_err() {
                return;
            }
        }
        let comma: Result<Option<Token![,]>> = input.parse();
        if comma.is_err() {
            return;
        }
    }
}

/// Reads `(…)` as words; none where no bracket stands.
fn group(input: ParseStream<'_>, errors: &mut Errors, read: Read<'_>) -> Result<bool> {
    if !input.peek(syn::token::Paren) {
        return Ok(false);
    }
    let content;
    parenthesized!(content in input);
    each(&content, errors, read);
    Ok(true)
}

/// A word that nobody knows.
fn unknown(word: &Ident, known: &[&'static str], of: &str) -> Error {
    let text = word.to_string();
    let hint = did_you_mean(&text, known.iter().copied());
    let listed = if hint.is_empty() { format!("; known are {}", known.join(", ")) } else { hint };
    Error::new(word.span(), format!("unknown word `{text}` in {of}{listed}"))
}

/// Puts a value into its place, once.
fn set<T>(place: &mut Option<T>, value: T, word: &Ident) -> Result<()> {
    if place.is_some() {
        return Err(Error::new(word.span(), format!("`{word}` stands twice")));
    }
    *place = Some(value);
    Ok(())
}

/// A word without a value.
fn flag(word: &Ident, input: ParseStream<'_>) -> Result<Ident> {
    if input.peek(Token![=]) || input.peek(syn::token::Paren) {
        return Err(Error::new(input.span(), format!("`{word}` takes no value")));
    }
    Ok(word.clone())
}

fn wrong_form(input: ParseStream<'_>, word: &Ident, form: &str) -> Error {
    let span = if input.is_empty() || input.peek(Token![,]) { word.span() } else { input.span() };
    Error::new(span, format!("`{word}` is written {form}"))
}

/// `= …`
fn equals(input: ParseStream<'_>, word: &Ident, form: &str) -> Result<()> {
    if !input.peek(Token![=]) {
        return Err(wrong_form(input, word, form));
    }
    input.parse::<Token![=]>().map(drop)
}

/// `= "text"`
fn string(input: ParseStream<'_>, word: &Ident, form: &str) -> Result<LitStr> {
    equals(input, word, form)?;
    if !input.peek(LitStr) {
        return Err(wrong_form(input, word, form));
    }
    input.parse()
}

/// `= "text"` or `("text", "text")`
fn strings(input: ParseStream<'_>, word: &Ident, form: &str) -> Result<Vec<LitStr>> {
    if !input.peek(syn::token::Paren) {
        return Ok(vec![string(input, word, form)?]);
    }
    let texts = list::<LitStr>(input, word, form)?;
    if texts.is_empty() {
        return Err(Error::new(word.span(), format!("`{word}` is written {form}")));
    }
    Ok(texts)
}

/// `(name, name)`
fn names(input: ParseStream<'_>, word: &Ident, form: &str) -> Result<Vec<Ident>> {
    if !input.peek(syn::token::Paren) {
        return Err(wrong_form(input, word, form));
    }
    let names = list::<Ident>(input, word, form)?;
    if names.is_empty() {
        return Err(Error::new(word.span(), format!("`{word}` names nothing; it is written {form}")));
    }
    Ok(names)
}

fn list<T: syn::parse::Parse>(input: ParseStream<'_>, word: &Ident, form: &str) -> Result<Vec<T>> {
    let content;
    parenthesized!(content in input);
    let mut items = Vec::new();
    let mut mistake = None;
    while !content.is_empty() && mistake.is_none() {
        let span = content.span();
        match content.parse() {
            Ok(item) => items.push(item),
            Err(_) => mistake = Some(Error::new(span, format!("`{word}` is written {form}"))),
        }
        if mistake.is_none() && !content.is_empty() && content.parse::<Token![,]>().is_err() {
            mistake = Some(Error::new(content.span(), "expected a comma"));
        }
    }
    drop(content.parse::<TokenStream>());
    mistake.map_or(Ok(items), Err)
}

/// `= path` or `= "path"`
fn path(input: ParseStream<'_>, word: &Ident, form: &str) -> Result<Path> {
    equals(input, word, form)?;
    if input.peek(LitStr) {
        let text: LitStr = input.parse()?;
        return text.parse().map_err(|_| Error::new(text.span(), format!("no path; `{word}` is written {form}")));
    }
    let span = input.span();
    input.call(Path::parse_mod_style).map_err(|_| Error::new(span, format!("no path; `{word}` is written {form}")))
}

/// `= true` or `= false`
fn boolean(input: ParseStream<'_>, word: &Ident) -> Result<bool> {
    let form = format!("`{word} = true` or `{word} = false`");
    equals(input, word, &form)?;
    if !input.peek(LitBool) {
        return Err(wrong_form(input, word, &form));
    }
    input.parse::<LitBool>().map(|literal| literal.value)
}

/// `= expression`, up to the next comma.
fn expression(input: ParseStream<'_>, word: &Ident, form: &str) -> Result<TokenStream> {
    equals(input, word, form)?;
    if input.is_empty() || input.peek(Token![,]) {
        return Err(wrong_form(input, word, form));
    }
    let mut tokens = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        tokens.extend(std::iter::once(input.parse::<TokenTree>()?));
    }
    Ok(tokens)
}

/// The doc comment, lines joined, without the blank that follows `///`.
pub(crate) fn doc_of(attributes: &[Attribute]) -> String {
    let mut lines = Vec::new();
    for attribute in attributes {
        if let Meta::NameValue(pair) = &attribute.meta
            && pair.path.is_ident("doc")
            && let Expr::Lit(literal) = &pair.value
            && let Lit::Str(text) = &literal.lit
        {
            let text = text.value();
            lines.extend(text.split('\n').map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end().to_owned()));
        }
    }
    lines.join("\n").trim().to_owned()
}
