//! The construction of a struct: every field in order, then the checks, then the struct, then the checks over several fields.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::{Ident, LitStr};

use super::{checks, located_at, option, read};
use crate::ast::{Field, Struct};
use crate::attr::validate::SchemaCheck;

/// The body of `AppConfig::construct`.
pub(super) fn construct(tree: &Struct<'_>) -> TokenStream {
    let visits = tree.fields.iter().enumerate().map(|(at, field)| visit(at, field));
    let checks = tree.fields.iter().enumerate().map(|(at, field)| checks::verify(tree, at, field));
    let members = tree.fields.iter().enumerate().map(|(at, field)| {
        let (ident, value) = (field.ident, value_of(at));
        quote!(#ident: #value?)
    });
    let start = (!tree.checks.is_empty()).then(|| quote!(let __start = __c.next_key();));
    let whole = quote!(Self { #(#members),* });
    let result = if tree.checks.is_empty() {
        quote!(::core::option::Option::Some(#whole))
    } else {
        let schema_checks = tree.checks.iter().map(schema_check);
        quote! {
            let __whole = #whole;
            #(#schema_checks)*
            ::core::option::Option::Some(__whole)
        }
    };
    quote! {
        #start
        #(#visits)*
        #(#checks)*
        #result
    }
}

/// The variable that holds the value of a field: `Option<T>`, empty when there is no good value.
pub(super) fn value_of(at: usize) -> Ident {
    format_ident!("__f{at}")
}

/// The variable that holds the key of a field.
pub(super) fn key_of(at: usize) -> Ident {
    format_ident!("__k{at}")
}

fn visit(at: usize, field: &Field<'_>) -> TokenStream {
    let (value, ty) = (value_of(at), field.ty);
    let key = (!field.checks.checks.is_empty() && !field.is_group()).then(|| {
        let key = key_of(at);
        quote!(let #key = __c.next_key();)
    });
    let inner = field.value.ty;
    let visit = if field.is_group() {
        let method = format_ident!("{}", if field.optional { "optional_group" } else { "group" });
        quote_spanned!(located_at(inner)=> __c.#method(|__c| (&&__cc::levels::Inside::<#inner>::NEW).construct(__c)))
    } else if field.is_environment() {
        if field.optional { quote!(::core::option::Option::Some(__c.environment())) } else { quote!(__c.environment()) }
    } else {
        let read = read::field(field);
        if field.may_be_absent() {
            quote!(__c.optional(|__i| #read))
        } else if field.optional {
            quote!(__c.required(|__i| #read).map(::core::option::Option::Some))
        } else {
            quote!(__c.required(|__i| #read))
        }
    };
    quote! {
        #key
        let #value: ::core::option::Option<#ty> = #visit;
    }
}

/// A check over several fields; it runs when every field is good, unless it says that it need not be.
fn schema_check(check: &SchemaCheck) -> TokenStream {
    let function = &check.function;
    let text = |text: &Option<LitStr>| option(text.as_ref().map(|text| quote!(#text)));
    let (message, code) = (text(&check.message), text(&check.code));
    let run = quote_spanned! {located_at(function)=>
        if let ::core::result::Result::Err(__error) = #function(&__whole) {
            __c.verify_struct(__start, (&&__cc::from_value::Said(&__error)).text(), #message, #code);
        }
    };
    if check.skip_on_field_errors { quote!(if __c.is_sound_since(__start) { #run }) } else { run }
}
