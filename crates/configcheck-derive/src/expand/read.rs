//! How a value is read: wrappers by their own code, what is inside them by the best that its type offers.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::located_at;
use crate::ast::Field;
use crate::types::{Form, Typed};

/// An expression of type `Result<T, Mismatch>` over the input `__i`, for the type inside the `Option`.
pub(super) fn field(field: &Field<'_>) -> TokenStream {
    let Some(with) = &field.config.with else { return read(&field.value) };
    let parsed = quote_spanned! {located_at(with)=>
        match __cc::from_value::Input::text(__i) {
            ::core::result::Result::Ok(__text) => match #with(__text) {
                ::core::result::Result::Ok(__value) => ::core::result::Result::Ok(__value),
                ::core::result::Result::Err(__error) => {
                    ::core::result::Result::Err(__cc::levels::refused((&&__cc::from_value::Said(&__error)).text()))
                }
            },
            ::core::result::Result::Err(__mismatch) => ::core::result::Result::Err(__mismatch),
        }
    };
    match &field.value.form {
        Form::Secret(inner) => secret(inner, &parsed),
        _ => parsed,
    }
}

/// The same for a type, wherever it stands.
pub(super) fn read(typed: &Typed<'_>) -> TokenStream {
    let ty = typed.ty;
    match &typed.form {
        Form::Secret(inner) => secret(inner, &read(inner)),
        Form::Bytes => quote!(__cc::from_value::bytes(__i)),
        Form::List(_, item) => {
            let item = read(item);
            quote!(__cc::from_value::list::<_, #ty>(__i, |__i| #item))
        }
        Form::Map(key, value) => {
            let (key, value) = (read(key), read(value));
            quote!(__cc::from_value::map::<_, _, #ty>(__i, |__i| #key, |__i| #value))
        }
        _ => quote_spanned!(located_at(ty)=> (&&&&__cc::from_value::Probe::<#ty>::NEW).read(__i)),
    }
}

/// Takes what was read into keeping, with the way to wipe it: known types in place, others through the `String` they give back.
fn secret(inner: &Typed<'_>, read: &TokenStream) -> TokenStream {
    let ty = inner.ty;
    let new = match &inner.form {
        Form::Unknown | Form::Url => quote! {
            |__value| __cc::secret::Secret::with_wiper(__value, (&&__cc::levels::WiperOf::<#ty>::NEW).wiper())
        },
        _ => quote!(__cc::secret::Secret::new),
    };
    quote!(::core::result::Result::<#ty, _>::map(#read, #new))
}
