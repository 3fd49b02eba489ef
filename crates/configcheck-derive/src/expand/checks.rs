//! The checks of a field: as constraints of the schema, and as code over the typed value.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::LitStr;

use super::construct::{key_of, value_of};
use super::{located_at, option};
use crate::ast::{Field, Struct, unraw};
use crate::attr::validate::{Bound, Check, CheckKind};
use crate::types::{Form, Typed};

/// `Constraint { … }` for the schema.
pub(super) fn constraint(field: &Field<'_>, check: &Check) -> TokenStream {
    let bound = |bound: &Option<Bound>| option(bound.as_ref().map(|bound| bound.tokens.clone()));
    let number = |bound: &Option<Bound>| option(bound.as_ref().map(|bound| number(field.exposed(), bound)));
    let kind = match &check.kind {
        CheckKind::Length { min, max, equal } => {
            let (min, max, equal) = (bound(min), bound(max), bound(equal));
            quote!(Length { min: #min, max: #max, equal: #equal })
        }
        CheckKind::Range { min, max, exclusive_min, exclusive_max } => {
            let (min, max, exclusive_min, exclusive_max) = (number(min), number(max), number(exclusive_min), number(exclusive_max));
            quote!(Range { min: #min, max: #max, exclusive_min: #exclusive_min, exclusive_max: #exclusive_max })
        }
        CheckKind::Email => quote!(Email),
        CheckKind::Url => quote!(Url),
        CheckKind::Regex(expression) => {
            let name = name_of(expression);
            quote!(Regex(#name))
        }
        CheckKind::Contains(text) => quote!(Contains(#text)),
        CheckKind::DoesNotContain(text) => quote!(DoesNotContain(#text)),
        CheckKind::MustMatch(other) => {
            let other = unraw(other);
            quote!(MustMatch(#other))
        }
        CheckKind::Custom(function) => {
            let name = name_of(&function.to_token_stream());
            quote!(Custom(#name))
        }
        CheckKind::Nested => quote!(Nested),
        CheckKind::NonControlCharacter => quote!(NonControlCharacter),
    };
    let text = |text: &Option<LitStr>| option(text.as_ref().map(|text| quote!(#text)));
    let (message, code) = (text(&check.message), text(&check.code));
    quote! {
        __cc::constraint::Constraint { check: __cc::constraint::Check::#kind, message: #message, code: #code }
    }
}

/// A path as a person reads it: `crate::rules::RE` without blanks and dereference.
fn name_of(tokens: &TokenStream) -> String {
    tokens.to_string().replace(' ', "").trim_start_matches(['*', '&']).to_owned()
}

fn number(typed: &Typed<'_>, bound: &Bound) -> TokenStream {
    let tokens = &bound.tokens;
    let is_integer = matches!(typed.form, Form::Integer(_));
    match &bound.digits {
        Some(digits) if is_integer || digits.parse::<i128>().is_ok() => {
            let number = digits.parse::<i128>().unwrap_or_default();
            let number = Literal::i128_unsuffixed(number);
            quote!(__cc::constraint::Number::Integer(#number))
        }
        Some(digits) => {
            let number = Literal::f64_unsuffixed(digits.parse().unwrap_or_default());
            quote!(__cc::constraint::Number::Float(#number))
        }
        None if is_integer => quote!(__cc::constraint::Number::Integer((#tokens) as i128)),
        None => quote!(__cc::constraint::Number::Float((#tokens) as f64)),
    }
}

/// The code that runs a field's checks once every field was visited.
pub(super) fn verify(tree: &Struct<'_>, at: usize, field: &Field<'_>) -> TokenStream {
    if field.checks.checks.is_empty() || field.is_group() {
        return TokenStream::new();
    }
    let (key, value) = (key_of(at), value_of(at));
    let checks = field.checks.checks.iter().enumerate().map(|(number, check)| one(tree, field, &key, number, check));
    let some = if field.optional { quote!(::core::option::Option::Some(__v)) } else { quote!(__v) };
    let expose = expose(field);
    quote! {
        if let ::core::option::Option::Some(#some) = &#value {
            #expose
            #(#checks)*
        }
    }
}

/// Takes `Secret` off the value `__v`; `__own` keeps it for a comparison.
fn expose(field: &Field<'_>) -> Option<TokenStream> {
    let is_secret = matches!(field.value.form, Form::Secret(_));
    let compares = field.checks.checks.iter().any(|check| matches!(check.kind, CheckKind::MustMatch(_)));
    let own = compares.then(|| quote!(let __own = __v;));
    is_secret.then(|| quote!(#own let __v = __cc::secret::ExposeSecret::expose_secret(__v);))
}

fn one(tree: &Struct<'_>, field: &Field<'_>, key: &syn::Ident, number: usize, check: &Check) -> TokenStream {
    let typed = field.exposed();
    let text = text(typed);
    let holds = match &check.kind {
        CheckKind::Length { min, max, equal } => {
            let bound = |bound: &Option<Bound>| option(bound.as_ref().map(|bound| bound.tokens.clone()));
            let (min, max, equal) = (bound(min), bound(max), bound(equal));
            quote!((&&__cc::levels::Measured(__v)).is_within(#min, #max, #equal))
        }
        CheckKind::Range { min, max, exclusive_min, exclusive_max } => {
            let bound = |bound: &Option<Bound>| option(bound.as_ref().map(|bound| typed_bound(typed, bound)));
            let (min, max, exclusive_min, exclusive_max) = (bound(min), bound(max), bound(exclusive_min), bound(exclusive_max));
            quote!(__cc::constraint::range(__v, #min, #max, #exclusive_min, #exclusive_max))
        }
        CheckKind::Email => quote!(__cc::constraint::is_email(&#text)),
        CheckKind::Url => quote!(__cc::constraint::is_url(&#text)),
        CheckKind::Regex(expression) => quote_spanned!(located_at(expression)=> (#expression).is_match(&#text)),
        CheckKind::Contains(part) => contains(typed, part),
        CheckKind::DoesNotContain(part) => {
            let contains = contains(typed, part);
            quote!(!#contains)
        }
        CheckKind::NonControlCharacter => quote!(__cc::constraint::no_control_character(&#text)),
        CheckKind::MustMatch(other) => must_match(tree, field, other),
        CheckKind::Custom(function) => {
            let argument = match &typed.form {
                Form::Float => quote!(*__v),
                Form::Integer(integer) if integer.primitive => quote!(*__v),
                _ => quote!(__v),
            };
            let call = quote_spanned!(located_at(function)=> #function(#argument));
            return custom(key, number, &call);
        }
        CheckKind::Nested => return custom(key, number, &quote_spanned!(located_at(typed.ty)=> ::validator::Validate::validate(__v))),
    };
    quote!(__c.verify(#key, #number, #holds);)
}

fn custom(key: &syn::Ident, number: usize, call: &TokenStream) -> TokenStream {
    quote! {
        __c.verify_custom(#key, #number, match #call {
            ::core::result::Result::Ok(()) => ::core::result::Result::Ok(()),
            ::core::result::Result::Err(__error) => ::core::result::Result::Err((&&__cc::from_value::Said(&__error)).text()),
        });
    }
}

/// The value as text that dereferences to `str`.
fn text(typed: &Typed<'_>) -> TokenStream {
    if matches!(typed.form, Form::Text) { quote!(*__v) } else { quote!(*(&&__cc::levels::TextOf(__v)).as_text()) }
}

fn contains(typed: &Typed<'_>, part: &LitStr) -> TokenStream {
    match &typed.form {
        Form::List(..) => quote!(__cc::constraint::Contains::contains_text(__v.as_slice(), #part)),
        Form::Map(..) | Form::Text => quote!(__cc::constraint::Contains::contains_text(__v, #part)),
        _ => {
            let text = text(typed);
            quote!(__cc::constraint::Contains::contains_text(&#text, #part))
        }
    }
}

/// A literal is written anew, so that `min = 1` fits a float too; any other expression has the field's type already.
fn typed_bound(typed: &Typed<'_>, bound: &Bound) -> TokenStream {
    if let (Some(digits), Form::Float) = (&bound.digits, &typed.form) {
        let number = Literal::f64_unsuffixed(digits.parse().unwrap_or_default());
        quote!(&#number)
    } else {
        let tokens = &bound.tokens;
        quote!(&(#tokens))
    }
}

/// Whether the other field holds the same; secrets compare themselves, in constant time. A value that could not be read was reported already.
fn must_match(tree: &Struct<'_>, field: &Field<'_>, other: &syn::Ident) -> TokenStream {
    let at = tree.fields.iter().position(|field| field.ident == other).unwrap_or_default();
    let value = value_of(at);
    let own = if matches!(field.value.form, Form::Secret(_)) { quote!(__own) } else { quote!(__v) };
    let (some, absent) = if tree.fields[at].optional {
        let absent = quote!(::core::option::Option::Some(::core::option::Option::None) => false,);
        (quote!(::core::option::Option::Some(::core::option::Option::Some(__other))), absent)
    } else {
        (quote!(::core::option::Option::Some(__other)), TokenStream::new())
    };
    quote! {
        match &#value {
            #some => #own == __other,
            #absent
            ::core::option::Option::None => true,
        }
    }
}
