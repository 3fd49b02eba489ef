//! The methods that a service calls on its struct.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

/// The inherent methods.
pub(super) fn methods(ident: &Ident, root: &TokenStream) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl #ident {
            /// Loads the configuration from every source.
            ///
            /// # Errors
            ///
            /// One error with a report that names every problem.
            pub fn load() -> ::core::result::Result<Self, #root::Error> {
                #root::Loader::new().load::<Self>()
            }

            /// Loads the configuration from every source, without blocking the thread on secret managers.
            ///
            /// # Errors
            ///
            /// One error with a report that names every problem.
            pub async fn load_async() -> ::core::result::Result<Self, #root::Error> {
                #root::Loader::new().load_async::<Self>().await
            }

            /// Loads the configuration, or prints the report and exits: with 78 when it is invalid, with 69 when only a secret manager did
            /// not answer.
            #[must_use]
            pub fn load_or_exit() -> Self {
                #root::Loader::new().load_or_exit::<Self>()
            }

            /// All that the service declares.
            #[must_use]
            pub fn schema() -> #root::schema::Schema {
                ::core::clone::Clone::clone(<Self as #root::config::AppConfig>::layout())
            }
        }
    }
}
