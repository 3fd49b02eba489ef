//! Implementations that only let the rest of the crate compile, so that one mistake gives one error.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

/// `AppConfig`, the methods and `Debug`, all empty.
pub(crate) fn app_config(input: &DeriveInput) -> TokenStream {
    let ident = &input.ident;
    let (generics, arguments, conditions) = input.generics.split_for_impl();
    let bounds = conditions.map_or_else(|| quote!(where), |conditions| quote!(#conditions,));
    let debug = (!mentions_no_debug(input)).then(|| {
        quote! {
            impl #generics ::core::fmt::Debug for #ident #arguments #conditions {
                fn fmt(&self, _: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    ::core::unreachable!()
                }
            }
        }
    });
    quote! {
        impl #generics #ident #arguments #conditions {
            pub fn load() -> ::core::result::Result<Self, ::configcheck::__private::Error> {
                ::core::unreachable!()
            }

            pub async fn load_async() -> ::core::result::Result<Self, ::configcheck::__private::Error> {
                ::core::unreachable!()
            }

            pub fn load_or_exit() -> Self {
                ::core::unreachable!()
            }

            pub fn schema() -> ::configcheck::__private::schema::Schema {
                ::core::unreachable!()
            }
        }

        impl #generics ::configcheck::__private::config::AppConfig for #ident #arguments #bounds Self: 'static {
            const SHAPE: &'static ::configcheck::__private::schema::Shape = &::configcheck::__private::schema::Shape {
                name: "",
                doc: "",
                prefix: "",
                environments: &[],
                members: &[],
            };

            fn layout() -> &'static ::configcheck::__private::schema::Schema {
                ::core::unreachable!()
            }

            fn construct(_: &mut ::configcheck::__private::construct::Construct<'_>) -> ::core::option::Option<Self> {
                ::core::option::Option::None
            }
        }

        #debug
    }
}

/// `ConfigValue`, empty.
pub(crate) fn config_value(input: &DeriveInput) -> TokenStream {
    let ident = &input.ident;
    let (generics, arguments, conditions) = input.generics.split_for_impl();
    quote! {
        impl #generics ::configcheck::__private::from_value::ConfigValue for #ident #arguments #conditions {
            const TYPE: ::configcheck::__private::schema::TypeSpec = ::configcheck::__private::schema::TypeSpec::Other;

            fn from_input(
                _: ::configcheck::__private::from_value::Input<'_>,
            ) -> ::core::result::Result<Self, ::configcheck::__private::from_value::Mismatch> {
                ::core::unreachable!()
            }
        }
    }
}

fn mentions_no_debug(input: &DeriveInput) -> bool {
    input.attrs.iter().any(|attribute| match &attribute.meta {
        syn::Meta::List(list) => list.tokens.to_string().contains("no_debug"),
        _ => false,
    })
}
