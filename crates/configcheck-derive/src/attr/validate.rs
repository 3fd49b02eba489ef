//! The grammar of `#[validate(…)]`, which is the validator crate's own.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::parse::ParseStream;
use syn::{Attribute, Error, Ident, LitStr, Path, Result};

use super::{boolean, equals, expression, flag, group, path, set, string, unknown, words, wrong_form};
use crate::error::Errors;
use crate::suggest::did_you_mean;
use crate::symbols;

/// The checks of a field.
#[derive(Default)]
pub(crate) struct FieldChecks {
    pub(crate) checks: Vec<Check>,
    pub(crate) required: Option<Ident>,
}

/// One check.
pub(crate) struct Check {
    pub(crate) word: Ident,
    pub(crate) kind: CheckKind,
    pub(crate) message: Option<LitStr>,
    pub(crate) code: Option<LitStr>,
}

/// What is checked.
pub(crate) enum CheckKind {
    Length {
        min: Option<Bound>,
        max: Option<Bound>,
        equal: Option<Bound>,
    },
    Range {
        min: Option<Bound>,
        max: Option<Bound>,
        exclusive_min: Option<Bound>,
        exclusive_max: Option<Bound>,
    },
    Email,
    Url,
    /// An expression that gives an object with `is_match`.
    Regex(TokenStream),
    Contains(LitStr),
    DoesNotContain(LitStr),
    MustMatch(Ident),
    Custom(Path),
    Nested,
    NonControlCharacter,
}

/// A bound: a literal, or an expression that is constant.
pub(crate) struct Bound {
    pub(crate) word: Ident,
    pub(crate) tokens: TokenStream,
    /// The digits, sign included, when it is a number.
    pub(crate) digits: Option<String>,
}

/// A check over several fields.
pub(crate) struct SchemaCheck {
    pub(crate) function: Path,
    pub(crate) skip_on_field_errors: bool,
    pub(crate) message: Option<LitStr>,
    pub(crate) code: Option<LitStr>,
}

/// The words inside a check's brackets.
#[derive(Default)]
struct Inner {
    bounds: Vec<Bound>,
    pattern: Option<LitStr>,
    path: Option<TokenStream>,
    function: Option<Path>,
    other: Option<Path>,
    skip_on_field_errors: Option<bool>,
    message: Option<LitStr>,
    code: Option<LitStr>,
}

impl FieldChecks {
    pub(crate) fn read(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut checks = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("validate")) {
            words(attribute, errors, &mut |word, input, errors| checks.word(word, input, errors));
        }
        checks
    }

    fn word(&mut self, word: &Ident, input: ParseStream<'_>, errors: &mut Errors) -> Result<()> {
        let text = word.to_string();
        if let Some((_, reason)) = symbols::REFUSED_CHECK.iter().find(|(refused, _)| *refused == text) {
            return Err(Error::new(word.span(), reason));
        }
        if symbols::FIELD.contains(&text.as_str()) && !symbols::CHECK.contains(&text.as_str()) {
            return Err(Error::new(word.span(), format!("`{text}` is no check; write it in `#[config({text})]`")));
        }
        let known: &[&str] = match text.as_str() {
            "length" => symbols::LENGTH,
            "range" => symbols::RANGE,
            "email" | "url" | "non_control_character" => symbols::PLAIN_CHECK,
            "regex" => symbols::REGEX,
            "contains" | "does_not_contain" => symbols::CONTAINS,
            "must_match" => symbols::MUST_MATCH,
            "custom" => symbols::CUSTOM,
            "nested" => {
                flag(word, input)?;
                &[]
            }
            "required" => {
                if input.peek(syn::token::Paren) {
                    let reason = "`required` takes no words here: a missing variable has a report of its own, and `message` or `code` would not be shown";
                    return Err(Error::new(input.span(), reason));
                }
                return set(&mut self.required, flag(word, input)?, word);
            }
            _ => return Err(unknown(word, symbols::CHECK, "`#[validate(…)]`")),
        };
        let repeatable = text == "custom" || text == "contains" || text == "does_not_contain";
        if !repeatable && self.checks.iter().any(|check| check.word == *word) {
            return Err(Error::new(word.span(), format!("`{word}` stands twice")));
        }
        let Some(inner) = Inner::read(word, input, known, errors)? else { return Ok(()) };
        self.checks.push(inner.into_check(word)?);
        Ok(())
    }
}

impl Inner {
    /// The words in the brackets; nothing when one of them was wrong, and said so.
    fn read(check: &Ident, input: ParseStream<'_>, known: &[&'static str], errors: &mut Errors) -> Result<Option<Self>> {
        let mut inner = Self::default();
        let mut sound = true;
        let found = group(input, errors, &mut |word, input, _| {
            let result = inner.word(check, word, input, known);
            sound &= result.is_ok();
            result
        })?;
        if !found {
            let in_brackets = format!("the words of `{check}` stand in brackets: `{check}(…)`");
            flag(check, input).map_err(|error| Error::new(error.span(), in_brackets))?;
        }
        Ok(sound.then_some(inner))
    }

    fn word(&mut self, check: &Ident, word: &Ident, input: ParseStream<'_>, known: &[&'static str]) -> Result<()> {
        let text = word.to_string();
        if text == "use_context" {
            let reason = "`use_context` is not supported: configuration is checked at startup, when there is nothing yet to pass in";
            return Err(Error::new(word.span(), reason));
        }
        if !known.contains(&text.as_str()) {
            return Err(unknown(word, known, &format!("`{check}(…)`")));
        }
        match text.as_str() {
            "message" => set(&mut self.message, string(input, word, "`message = \"text\"`")?, word),
            "code" => set(&mut self.code, string(input, word, "`code = \"text\"`")?, word),
            "pattern" => set(&mut self.pattern, string(input, word, "`pattern = \"text\"`")?, word),
            "path" => set(&mut self.path, regex(input, word)?, word),
            "function" => set(&mut self.function, path(input, word, "`function = path::to::function`")?, word),
            "other" => set(&mut self.other, path(input, word, "`other = field`")?, word),
            "skip_on_field_errors" => set(&mut self.skip_on_field_errors, boolean(input, word)?, word),
            _ => {
                if self.bounds.iter().any(|bound| bound.word == *word) {
                    return Err(Error::new(word.span(), format!("`{word}` stands twice")));
                }
                let tokens = expression(input, word, "with a number or a constant, such as `min = 1`")?;
                let digits = digits_of(&tokens);
                self.bounds.push(Bound { word: word.clone(), tokens, digits });
                Ok(())
            }
        }
    }

    fn bound(&mut self, word: &str) -> Option<Bound> {
        let at = self.bounds.iter().position(|bound| bound.word == word)?;
        Some(self.bounds.swap_remove(at))
    }

    fn into_check(mut self, word: &Ident) -> Result<Check> {
        let needs = |what: &str| Error::new(word.span(), format!("`{word}` needs {what}"));
        let kind = match word.to_string().as_str() {
            "length" => {
                let (min, max, equal) = (self.bound("min"), self.bound("max"), self.bound("equal"));
                if min.is_none() && max.is_none() && equal.is_none() {
                    return Err(needs("a bound: `length(min = 1)`, `max` or `equal`"));
                }
                if let (Some(equal), true) = (&equal, min.is_some() || max.is_some()) {
                    return Err(Error::new(
                        equal.word.span(),
                        "`equal` stands alone: with `min` or `max` it says the same twice, or contradicts",
                    ));
                }
                CheckKind::Length { min, max, equal }
            }
            "range" => {
                let (min, max) = (self.bound("min"), self.bound("max"));
                let (exclusive_min, exclusive_max) = (self.bound("exclusive_min"), self.bound("exclusive_max"));
                if min.is_none() && max.is_none() && exclusive_min.is_none() && exclusive_max.is_none() {
                    return Err(needs("a bound: `range(min = 1)`, `max`, `exclusive_min` or `exclusive_max`"));
                }
                CheckKind::Range { min, max, exclusive_min, exclusive_max }
            }
            "email" => CheckKind::Email,
            "url" => CheckKind::Url,
            "regex" => CheckKind::Regex(self.path.ok_or_else(|| needs("the regular expression: `regex(path = *RE)`"))?),
            "contains" => CheckKind::Contains(self.pattern.ok_or_else(|| needs("the text: `contains(pattern = \"…\")`"))?),
            "does_not_contain" => {
                CheckKind::DoesNotContain(self.pattern.ok_or_else(|| needs("the text: `does_not_contain(pattern = \"…\")`"))?)
            }
            "must_match" => {
                let other = self.other.ok_or_else(|| needs("the other field: `must_match(other = field)`"))?;
                let field = other.get_ident().ok_or_else(|| Error::new_spanned(&other, "`other` is the name of a field of this struct"))?;
                CheckKind::MustMatch(field.clone())
            }
            "custom" => CheckKind::Custom(self.function.ok_or_else(|| needs("the function: `custom(function = path)`"))?),
            "nested" => CheckKind::Nested,
            _ => CheckKind::NonControlCharacter,
        };
        Ok(Check { word: word.clone(), kind, message: self.message, code: self.code })
    }
}

/// The struct-level checks.
pub(crate) fn schema_checks(attributes: &[Attribute], errors: &mut Errors) -> Vec<SchemaCheck> {
    let mut checks = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("validate")) {
        words(attribute, errors, &mut |word, input, errors| {
            let text = word.to_string();
            if let Some((_, reason)) = symbols::REFUSED_STRUCT_CHECK.iter().find(|(refused, _)| *refused == text) {
                return Err(Error::new(word.span(), reason));
            }
            if text != "schema" {
                let hint = did_you_mean(&text, symbols::STRUCT_CHECK.iter().copied());
                return Err(Error::new(
                    word.span(),
                    format!("`{text}` is no check of a whole struct{hint}; known is `schema(function = path)`"),
                ));
            }
            if !input.peek(syn::token::Paren) {
                return Err(wrong_form(input, word, "`schema(function = path)`"));
            }
            let Some(inner) = Inner::read(word, input, symbols::SCHEMA, errors)? else { return Ok(()) };
            let function =
                inner.function.ok_or_else(|| Error::new(word.span(), "`schema` needs the function: `schema(function = path)`"))?;
            let skip_on_field_errors = inner.skip_on_field_errors.unwrap_or(true);
            checks.push(SchemaCheck { function, skip_on_field_errors, message: inner.message, code: inner.code });
            Ok(())
        });
    }
    checks
}

/// `= *RE`, `= RE`, `= "RE"` or a call that gives one.
fn regex(input: ParseStream<'_>, word: &Ident) -> Result<TokenStream> {
    let form = "`path = *RE`, where `RE` is a static regular expression";
    if input.peek2(LitStr) {
        equals(input, word, form)?;
        let text: LitStr = input.parse()?;
        return text
            .parse::<Path>()
            .map(|path| path.to_token_stream())
            .map_err(|_| Error::new(text.span(), "the name of a static regular expression is expected here, not the expression itself"));
    }
    expression(input, word, form)
}

/// The digits of a literal number, with its sign.
fn digits_of(tokens: &TokenStream) -> Option<String> {
    let mut sign = "";
    let mut digits = None;
    for token in tokens.clone() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '-' && digits.is_none() && sign.is_empty() => sign = "-",
            TokenTree::Literal(literal) if digits.is_none() => {
                digits = Some(match syn::Lit::new(literal) {
                    syn::Lit::Int(number) => number.base10_digits().to_owned(),
                    syn::Lit::Float(number) => number.base10_digits().to_owned(),
                    _ => return None,
                });
            }
            _ => return None,
        }
    }
    digits.map(|digits| format!("{sign}{digits}"))
}
