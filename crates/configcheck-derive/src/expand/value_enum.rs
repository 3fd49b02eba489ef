//! `#[derive(ConfigValue)]`: enums as words, newtypes as what is inside them.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DataEnum, DeriveInput, Fields, Ident, LitStr, Type};

use super::read::read;
use super::root_of;
use super::schema::{is_secret, type_spec};
use crate::ast::unraw;
use crate::attr::config::{EnumConfig, VariantConfig};
use crate::error::Errors;
use crate::naming::RenameRule;
use crate::types::Typed;

/// The implementation; nothing when a mistake was found.
pub(crate) fn config_value(input: &DeriveInput, errors: &mut Errors) -> Option<TokenStream> {
    if !input.generics.params.is_empty() {
        errors.on(&input.generics, "`ConfigValue` is derived for types without generics: what text a type accepts is one constant");
        return None;
    }
    let config = EnumConfig::read(&input.attrs, errors);
    let root = root_of(config.krate.as_ref());
    match &input.data {
        Data::Enum(data) => words(&input.ident, data, &config, &root, errors),
        Data::Struct(data) => match &data.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                if config.rename_all.is_some() {
                    errors.on(&input.ident, "`rename_all` is for enums: a newtype accepts what the type inside it accepts");
                }
                fields.unnamed.first().map(|field| newtype(&input.ident, &field.ty, &root))
            }
            _ => {
                let help = "`ConfigValue` is derived for enums and for newtypes such as `struct Port(u16)`; a struct of several values derives `AppConfig` and is `nested`";
                errors.on(&input.ident, help);
                None
            }
        },
        Data::Union(data) => {
            errors.at(data.union_token.span, "`ConfigValue` is derived for enums and newtypes, not for unions");
            None
        }
    }
}

fn words(ident: &Ident, data: &DataEnum, config: &EnumConfig, root: &TokenStream, errors: &mut Errors) -> Option<TokenStream> {
    if data.variants.is_empty() {
        errors.on(ident, "an enum without variants accepts nothing");
        return None;
    }
    let rule = config.rename_all.unwrap_or(RenameRule::Kebab);
    let mut known: Vec<String> = Vec::new();
    let mut arms = TokenStream::new();
    for variant in &data.variants {
        let own = VariantConfig::read(&variant.attrs, errors);
        if !matches!(variant.fields, Fields::Unit) {
            errors.on(&variant.fields, "a variant with fields cannot be written as one word; only unit variants can");
            continue;
        }
        let word = own.rename.as_ref().map_or_else(|| rule.of_variant(&unraw(&variant.ident)), LitStr::value);
        let mut accepted = vec![(word, own.rename.as_ref().map_or_else(|| variant.ident.span(), LitStr::span))];
        accepted.extend(own.aliases.iter().map(|alias| (alias.value(), alias.span())));
        for (word, span) in &accepted {
            if word.is_empty() {
                errors.at(*span, "an empty word cannot be told from an unset variable");
            } else if known.contains(word) {
                errors.at(*span, format!("the word \"{word}\" means another variant already"));
            }
            known.push(word.clone());
        }
        let (variant, accepted) = (&variant.ident, accepted.iter().map(|(word, _)| word));
        arms.extend(quote!(#(#accepted)|* => ::core::result::Result::Ok(Self::#variant),));
    }
    Some(quote! {
        #[automatically_derived]
        impl #root::from_value::ConfigValue for #ident {
            const TYPE: #root::schema::TypeSpec = #root::schema::TypeSpec::Choice(&[#(#known),*]);

            fn from_input(__input: #root::from_value::Input<'_>) -> ::core::result::Result<Self, #root::from_value::Mismatch> {
                match __input.text()? {
                    #arms
                    __other => ::core::result::Result::Err(#root::levels::no_such_word(
                        __other,
                        &<Self as #root::from_value::ConfigValue>::TYPE,
                    )),
                }
            }
        }
    })
}

/// A newtype accepts what the type inside it accepts, read as a field of that type is.
fn newtype(ident: &Ident, ty: &Type, root: &TokenStream) -> TokenStream {
    let inner = Typed::of(ty);
    let (accepted, secret, read) = (type_spec(&inner), is_secret(&inner), read(&inner));
    quote! {
        #[automatically_derived]
        impl #root::from_value::ConfigValue for #ident {
            const TYPE: #root::schema::TypeSpec = {
                use #root as __cc;
                use #root::levels::traits::*;
                #accepted
            };

            const IS_SECRET: bool = {
                use #root as __cc;
                use #root::levels::traits::*;
                #secret
            };

            fn from_input(__i: #root::from_value::Input<'_>) -> ::core::result::Result<Self, #root::from_value::Mismatch> {
                use #root as __cc;
                use #root::levels::traits::*;
                ::core::result::Result::map(#read, Self)
            }
        }
    }
}
