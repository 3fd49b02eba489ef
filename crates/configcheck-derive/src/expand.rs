//! From the checked tree to tokens. Generated code names everything by its full path, or through the alias `__cc` for the private
//! module of the facade, so that it compiles whatever the user's module has imported, renamed or left out.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::Path;
use syn::spanned::Spanned as _;

use crate::ast::Struct;

mod checks;
mod construct;
mod debug;
mod methods;
mod read;
mod schema;
pub(crate) mod value_enum;

/// The implementations for a struct.
pub(crate) fn app_config(tree: &Struct<'_>) -> TokenStream {
    let root = root_of(tree.config.krate.as_ref());
    let ident = tree.ident;
    let shape = schema::shape(tree);
    let construct = construct::construct(tree);
    let methods = methods::methods(ident, &root);
    let debug = tree.config.no_debug.is_none().then(|| debug::debug(tree, &root));
    quote! {
        #[automatically_derived]
        impl #root::config::AppConfig for #ident {
            const SHAPE: &'static #root::schema::Shape = {
                use #root as __cc;
                use #root::levels::traits::*;
                #shape
            };

            fn layout() -> &'static #root::schema::Schema {
                static LAYOUT: ::std::sync::OnceLock<#root::schema::Schema> = ::std::sync::OnceLock::new();
                LAYOUT.get_or_init(|| #root::schema::Schema::of(<#ident as #root::config::AppConfig>::SHAPE))
            }

            fn providers() -> ::std::vec::Vec<::std::sync::Arc<dyn #root::provider::Provider>> {
                #root::providers()
            }

            fn construct(__c: &mut #root::construct::Construct<'_>) -> ::core::option::Option<Self> {
                use #root as __cc;
                use #root::levels::traits::*;
                #construct
            }
        }
        #methods
        #debug
    }
}

/// The private module of the facade.
pub(crate) fn root_of(krate: Option<&Path>) -> TokenStream {
    krate.map_or_else(|| quote!(::configcheck::__private), |path| quote!(#path::__private))
}

/// Where a mistake in some tokens is shown, without their hygiene.
fn located_at(tokens: &dyn ToTokens) -> Span {
    Span::call_site().located_at(tokens.to_token_stream().span())
}

/// `Some(…)` or `None`.
fn option(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(|| quote!(::core::option::Option::None), |value| quote!(::core::option::Option::Some(#value)))
}
