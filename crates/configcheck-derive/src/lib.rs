//! The derives of Configcheck: `AppConfig` for the struct that a service loads, `ConfigValue` for its enums and newtypes.
//!
//! A small compiler in stages: `attr` reads the grammar of each attribute, `ast` makes a typed tree of a struct, `validate` checks it
//! across fields, `expand` writes the code. Where a stage finds mistakes, all of them are told, and `fallback` stands in for the code.

use proc_macro::TokenStream;
use quote::quote;
use syn::{DeriveInput, parse_macro_input};

use crate::ast::Struct;
use crate::error::Errors;

mod ast;
mod attr;
mod error;
mod expand;
mod fallback;
mod naming;
mod suggest;
mod symbols;
mod types;
mod validate;

/// Declares a struct as the configuration of a service. Every attribute is explained in `docs/attributes.md`.
#[proc_macro_derive(AppConfig, attributes(config, validate))]
pub fn derive_app_config(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let mut errors = Errors::new();
    let tree = Struct::read(&input, &mut errors);
    if let Some(tree) = &tree {
        validate::check(tree, &mut errors);
    }
    let (sound, errors) = (errors.is_empty(), errors.finish());
    let expanded = match &tree {
        Some(tree) if sound => expand::app_config(tree),
        _ => fallback::app_config(&input),
    };
    with_errors(errors, &expanded)
}

/// Lets configuration hold an enum, written as one word, or a newtype, written as what is inside it.
#[proc_macro_derive(ConfigValue, attributes(config))]
pub fn derive_config_value(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let mut errors = Errors::new();
    let expanded = expand::value_enum::config_value(&input, &mut errors);
    let (sound, errors) = (errors.is_empty(), errors.finish());
    let expanded = expanded.filter(|_| sound).unwrap_or_else(|| fallback::config_value(&input));
    with_errors(errors, &expanded)
}

fn with_errors(errors: Result<(), syn::Error>, expanded: &proc_macro2::TokenStream) -> TokenStream {
    let errors = errors.err().map(|errors| errors.to_compile_error());
    quote!(#errors #expanded).into()
}
