//! The shape of a struct as a constant.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::LitStr;

use super::{checks, located_at, option};
use crate::ast::{Field, Struct};
use crate::types::{Form, Typed};

/// `&Shape { … }`
pub(super) fn shape(tree: &Struct<'_>) -> TokenStream {
    let (name, doc, prefix) = (tree.name(), &tree.doc, tree.prefix());
    let environments = tree.config.environments.iter().map(|(name, kind)| {
        let name = name.to_string();
        let mut kind = kind.to_string();
        kind[..1].make_ascii_uppercase();
        let kind = format_ident!("{kind}");
        quote!((#name, __cc::environment::EnvironmentKind::#kind))
    });
    let members = tree.fields.iter().map(|field| if field.is_group() { group(tree, field) } else { value(tree, field) });
    let count = tree.fields.len();
    // In a static, a long array is no array on the stack: clippy says so of one in a constant.
    quote! {
        static __MEMBERS: [__cc::schema::Member; #count] = [#(#members),*];
        &__cc::schema::Shape {
            name: #name,
            doc: #doc,
            prefix: #prefix,
            environments: &[#(#environments),*],
            members: &__MEMBERS,
        }
    }
}

fn group(tree: &Struct<'_>, field: &Field<'_>) -> TokenStream {
    let rule = tree.config.rename_all;
    let (name, prefix, optional, ty) = (&field.name, field.group_prefix(rule), field.optional, field.value.ty);
    let file_key = option(field.config.flatten.is_none().then(|| field.file_key(rule)).map(|key| quote!(#key)));
    let shape = quote_spanned!(located_at(ty)=> <#ty as __cc::config::AppConfig>::SHAPE);
    quote! {
        __cc::schema::Member::Group(__cc::schema::GroupSpec {
            field: #name,
            file_key: #file_key,
            prefix: #prefix,
            optional: #optional,
            shape: #shape,
        })
    }
}

/// A value's specification. Only what differs from the plain one is written.
fn value(tree: &Struct<'_>, field: &Field<'_>) -> TokenStream {
    let config = &field.config;
    let rule = tree.config.rename_all;
    let (name, file_key, rust_type) = (&field.name, field.file_key(rule), field.exposed().name());
    let variable = if let Some(name) = field.exact_variable() {
        quote!(Exact(#name))
    } else {
        let name = field.derived_variable(rule);
        quote!(Derived(#name))
    };
    let type_spec = if config.with.is_some() { quote!(__cc::schema::TypeSpec::Other) } else { type_spec(&field.value) };

    let mut rest = TokenStream::new();
    let mut add = |tokens: TokenStream| rest.extend(tokens);
    if !field.doc.is_empty() {
        let doc = &field.doc;
        add(quote!(doc: #doc,));
    }
    if field.is_secret() {
        add(quote!(sensitivity: __cc::schema::Sensitivity::Secret,));
    } else {
        let shown = format_ident!("{}", if config.public.is_some() { "Public" } else { "Plain" });
        if may_be_secret(&field.value) {
            let is_secret = is_secret(&field.value);
            add(quote!(sensitivity: if #is_secret { __cc::schema::Sensitivity::Secret } else { __cc::schema::Sensitivity::#shown },));
        } else if config.public.is_some() {
            add(quote!(sensitivity: __cc::schema::Sensitivity::#shown,));
        }
    }
    if field.may_be_absent() {
        add(quote!(optional: true,));
    }
    if !config.defaults.is_empty() {
        let defaults = defaults(field);
        add(quote!(defaults: &[#(#defaults),*],));
    }
    if let Some(example) = &config.example {
        let example = example.joined(&field.separator());
        add(quote!(example: ::core::option::Option::Some(#example),));
    }
    if let Some(deprecated) = &config.deprecated {
        let text = |text: &Option<LitStr>| option(text.as_ref().map(|text| quote!(#text)));
        let (since, note) = (text(&deprecated.since), text(&deprecated.note));
        add(quote!(deprecated: ::core::option::Option::Some(__cc::schema::Deprecated { since: #since, note: #note }),));
    }
    for (member, texts) in
        [("from", &config.from), ("aliases", &config.aliases), ("requires", &config.requires), ("conflicts", &config.conflicts)]
    {
        if !texts.is_empty() {
            let member = format_ident!("{member}");
            add(quote!(#member: &[#(#texts),*],));
        }
    }
    for (member, names) in [("required_in", &config.required_in), ("forbid_default_in", &config.forbid_default_in)] {
        if !names.is_empty() {
            let member = format_ident!("{member}");
            let names = names.iter().map(ToString::to_string);
            add(quote!(#member: &[#(#names),*],));
        }
    }
    if let Some(group) = &config.one_of {
        add(quote!(one_of: ::core::option::Option::Some(#group),));
    }
    if let Some(separator) = &config.separator {
        add(quote!(separator: #separator,));
    }
    if config.allow_empty.is_some() {
        add(quote!(allow_empty: true,));
    }
    if config.live.is_some() {
        add(quote!(live: true,));
    }
    if !field.checks.checks.is_empty() {
        let constraints = field.checks.checks.iter().map(|check| checks::constraint(field, check));
        add(quote!(constraints: &[#(#constraints),*],));
    }
    quote! {
        __cc::schema::Member::Field(__cc::schema::FieldSpec {
            field: #name,
            file_key: #file_key,
            variable: __cc::schema::VariableName::#variable,
            rust_type: #rust_type,
            type_spec: #type_spec,
            #rest
            ..__cc::schema::FieldSpec::PLAIN
        })
    }
}

/// One entry for each text, with all the environments that it is for.
fn defaults(field: &Field<'_>) -> Vec<TokenStream> {
    field
        .config
        .defaults
        .iter()
        .map(|default| {
            let environment = default.environment.as_ref().map(ToString::to_string).into_iter();
            let text = default.value.joined(&field.separator());
            quote!(__cc::schema::DefaultSpec { environments: &[#(#environment),*], text: #text })
        })
        .collect()
}

/// Whether the tokens leave open that a secret of another name is in it.
fn may_be_secret(typed: &Typed<'_>) -> bool {
    match &typed.form {
        Form::Unknown => true,
        Form::List(_, item) | Form::Option(item) => may_be_secret(item),
        Form::Map(key, value) => may_be_secret(key) || may_be_secret(value),
        _ => false,
    }
}

/// Whether nothing of a type's values may be shown, as a constant expression: the type says it, since an alias may hide the word `Secret`.
pub(super) fn is_secret(typed: &Typed<'_>) -> TokenStream {
    match &typed.form {
        Form::List(_, item) | Form::Option(item) if may_be_secret(item) => is_secret(item),
        Form::Map(key, value) if may_be_secret(typed) && !typed.holds_secret() => {
            let (key, value) = (is_secret(key), is_secret(value));
            quote!(#key || #value)
        }
        Form::Unknown => {
            let ty = typed.ty;
            quote!(__cc::from_value::Probe::<#ty>::IS_SECRET || __cc::from_value::Probe::<#ty>::HOLDS_SECRET)
        }
        _ => {
            let holds = typed.holds_secret();
            quote!(#holds)
        }
    }
}

/// What text a type accepts.
pub(super) fn type_spec(typed: &Typed<'_>) -> TokenStream {
    match &typed.form {
        Form::Secret(inner) | Form::Option(inner) => type_spec(inner),
        Form::Bytes => quote!(__cc::schema::TypeSpec::Bytes),
        Form::Url => quote!(__cc::schema::TypeSpec::Url),
        Form::Environment => quote!(__cc::schema::TypeSpec::Environment),
        Form::List(_, item) => {
            let item = type_spec(item);
            quote!(__cc::schema::TypeSpec::List(&#item))
        }
        Form::Map(key, value) => {
            let (key, value) = (type_spec(key), type_spec(value));
            quote!(__cc::schema::TypeSpec::Map(&#key, &#value))
        }
        _ => {
            let ty = typed.ty;
            quote!(__cc::from_value::Probe::<#ty>::TYPE)
        }
    }
}
