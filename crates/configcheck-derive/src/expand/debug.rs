//! `Debug` that shows no secret: of secret fields that something is there, of text the text with the userinfo of URLs masked.

use proc_macro2::TokenStream;
use quote::quote;

use super::schema::is_secret;
use crate::ast::{Field, Struct};
use crate::types::{Form, Typed};

/// The implementation.
pub(super) fn debug(tree: &Struct<'_>, root: &TokenStream) -> TokenStream {
    let ident = tree.ident;
    let title = ident.to_string();
    let fields = tree.fields.iter().map(|field| {
        let (name, shown) = (&field.name, shown_field(field));
        quote!(.field(#name, &#shown))
    });
    quote! {
        #[automatically_derived]
        impl ::core::fmt::Debug for #ident {
            fn fmt(&self, __formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                use #root as __cc;
                use #root::levels::traits::*;
                __formatter.debug_struct(#title) #(#fields)* .finish()
            }
        }
    }
}

fn shown_field(field: &Field<'_>) -> TokenStream {
    let ident = field.ident;
    if field.config.secret.is_some() {
        return quote!(::core::format_args!("Secret(…)"));
    }
    if field.is_group() || !needs_mask(&field.value) {
        return plain(&quote!(&self.#ident));
    }
    let value = shown(&field.value);
    if field.optional {
        quote!(::core::option::Option::map(::core::option::Option::as_ref(&self.#ident), |__v| #value))
    } else {
        quote!({ let __v = &self.#ident; #value })
    }
}

/// Whether text that may be a URL is in it.
fn needs_mask(typed: &Typed<'_>) -> bool {
    match &typed.form {
        Form::Text | Form::Url | Form::Path | Form::Unknown => true,
        Form::List(_, item) => needs_mask(item),
        Form::Map(key, value) => needs_mask(key) || needs_mask(value),
        _ => false,
    }
}

/// What is shown of `__v`.
fn shown(typed: &Typed<'_>) -> TokenStream {
    match &typed.form {
        Form::Text | Form::Url => quote!(__cc::display::mask_userinfo(::core::convert::AsRef::<::core::primitive::str>::as_ref(__v))),
        Form::List(_, item) if needs_mask(item) => {
            let item = shown(item);
            quote!(__cc::levels::Items::of(__v, |__v| #item))
        }
        Form::Map(key, value) if needs_mask(typed) => {
            let (key, value) = (shown(key), shown(value));
            quote! {
                __cc::levels::Pairs::of(__v, |__v| #key, |__v| #value)
            }
        }
        // What a type shows that is not known here may be a URL, and the type may be a secret of another name.
        Form::Unknown => {
            let is_secret = is_secret(typed);
            quote!(__cc::levels::Veiled(#is_secret, (&&__cc::levels::Debugged(__v)).own()))
        }
        Form::Path => quote!((&&__cc::levels::Debugged(__v)).own()),
        _ => plain(&quote!(__v)),
    }
}

/// The value's own `Debug`, if it has one.
fn plain(value: &TokenStream) -> TokenStream {
    quote!((&&__cc::levels::Debugged(#value)).plain())
}
