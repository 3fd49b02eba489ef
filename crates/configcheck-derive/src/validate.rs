//! Checks across words and fields: what each word alone cannot know.

use configcheck_reference::{RefTemplate, SCHEMES};
use syn::Ident;

use crate::ast::{Field, Struct};
use crate::attr::config::check_environment;
use crate::error::Errors;
use crate::naming::{is_variable, secret_ending};
use crate::suggest::did_you_mean;
use crate::types::{Form, Typed};

mod checks;
mod defaults;
mod siblings;

/// Checks a struct.
pub(crate) fn check(tree: &Struct<'_>, errors: &mut Errors) {
    check_struct(tree, errors);
    for field in &tree.fields {
        if field.is_group() {
            check_group(field, errors);
            continue;
        }
        check_type(field, errors);
        check_sensitivity(field, errors);
        check_words(tree, field, errors);
        defaults::check(tree, field, errors);
        checks::check(tree, field, errors);
    }
    siblings::check(tree, errors);
}

fn check_struct(tree: &Struct<'_>, errors: &mut Errors) {
    if let Some(name) = tree.config.name.as_ref().filter(|name| name.value().trim().is_empty()) {
        errors.on(name, "a service without a name cannot be told from another");
    }
    if let Some(prefix) = tree.config.prefix.as_ref().filter(|prefix| !is_variable(&prefix.value())) {
        errors.on(prefix, "a prefix consists of letters, digits and underscores, and does not start with a digit");
    }
    let mut environments = tree.fields.iter().filter(|field| field.is_environment());
    if let (Some(_), Some(second)) = (environments.next(), environments.next()) {
        errors.on(second.ty, "a process runs in one environment: only one field can have this type");
    }
}

/// Words that say something of a struct inside the struct.
fn check_group(field: &Field<'_>, errors: &mut Errors) {
    let config = &field.config;
    if let (Some(_), Some(flatten)) = (&config.nested, &config.flatten) {
        errors.on(
            flatten,
            "`nested` and `flatten` contradict each other: the keys of the struct stand in a table of their own, or beside the others",
        );
    }
    let (word, allowed): (&str, &[&str]) =
        if config.nested.is_some() { ("nested", &["nested", "flatten", "prefix", "rename"]) } else { ("flatten", &["flatten"]) };
    for other in config.words.iter().filter(|other| !allowed.contains(&other.to_string().as_str())) {
        let reason = if other == "prefix" || other == "rename" {
            format!("`{other}` has no effect with `flatten`, whose keys stand beside the others; use `nested`")
        } else {
            format!("`{other}` is for a value, and a `{word}` field is a struct; write it on a field of that struct")
        };
        errors.on(other, reason);
    }
    if let Some(prefix) = config.prefix.as_ref().filter(|prefix| !prefix.value().is_empty() && !is_variable(&prefix.value())) {
        errors.on(prefix, "a prefix consists of letters, digits and underscores, and does not start with a digit");
    }
    if !matches!(field.value.form, Form::Unknown) {
        errors.on(
            field.ty,
            format!("`{word}` is for a struct that derives `AppConfig`, or an `Option` of one; `{}` is a value", field.value.name()),
        );
    }
    for check in field.checks.checks.iter().filter(|check| check.word != "nested") {
        errors.on(
            &check.word,
            format!("`{}` checks a value, and a `{word}` field is a struct; write it on a field of that struct", check.word),
        );
    }
    if let Some(required) = &field.checks.required {
        errors.on(required, format!("`required` checks a value; a `{word}` struct is required when its type is no `Option`"));
    }
}

/// Wrappers in an order that nothing can read.
fn check_type(field: &Field<'_>, errors: &mut Errors) {
    fn inner(typed: &Typed<'_>, around: &str, errors: &mut Errors) {
        match &typed.form {
            Form::Option(_) if around == "Secret" => errors.on(typed.ty, "an `Option` stands outside `Secret`: `Option<Secret<…>>`"),
            Form::Option(_) => errors.on(typed.ty, format!("an `Option` inside `{around}` is never empty: text has no way to say so")),
            Form::Secret(_) if around == "Secret" => errors.on(typed.ty, "a `Secret` inside a `Secret` hides nothing more"),
            Form::Secret(item) => inner(item, "Secret", errors),
            Form::List(_, item) => inner(item, "a list", errors),
            Form::Map(key, value) => {
                inner(key, "a map", errors);
                inner(value, "a map", errors);
            }
            _ => {}
        }
    }
    if field.config.with.is_none() {
        inner(&field.value, if field.optional { "Option" } else { "" }, errors);
    }
}

fn check_sensitivity(field: &Field<'_>, errors: &mut Errors) {
    let config = &field.config;
    if let (Some(_), Some(public)) = (&config.secret, &config.public) {
        errors.on(public, "`secret` and `public` contradict each other");
        return;
    }
    if let Some(public) = config.public.as_ref().filter(|_| field.value.holds_secret()) {
        errors.on(public, "`public` contradicts the type `Secret`, which is never shown");
    }
    if let Some(secret) = config.secret.as_ref().filter(|_| field.value.holds_secret()) {
        errors.on(secret, "`secret` says nothing new: the type is `Secret` already");
    }
    let is_plain = !field.is_secret() && config.public.is_none() && !matches!(field.value.form, Form::Bool | Form::Environment);
    let variable = config.env.as_ref().map(syn::LitStr::value);
    let ending = secret_ending(&field.name).or_else(|| variable.as_deref().and_then(secret_ending));
    if let (true, Some(ending)) = (is_plain, ending) {
        let secret =
            if field.optional { format!("Option<Secret<{}>>", field.value.name()) } else { format!("Secret<{}>", field.value.name()) };
        errors.on(
            field.ty,
            format!("a name that ends in `{ending}` says secret, and this type prints its value; write `{secret}`, or `#[config(public)]` if it is no secret"),
        );
    }
}

/// Words that need something of the field's type, or exclude each other.
fn check_words(tree: &Struct<'_>, field: &Field<'_>, errors: &mut Errors) {
    let config = &field.config;
    let word = |name: &str| config.words.iter().find(|word| *word == name);
    if let Some(env) = config.env.as_ref().filter(|env| !is_variable(&env.value())) {
        errors.on(env, "the name of a variable consists of letters, digits and underscores, and does not start with a digit");
    }
    for alias in config.aliases.iter().filter(|alias| !is_variable(&alias.value())) {
        errors.on(alias, "the name of a variable consists of letters, digits and underscores, and does not start with a digit");
    }
    if let Some(prefix) = word("prefix") {
        errors.on(prefix, "`prefix` is for `nested` structs; a value's variable is named with `env`");
    }
    if let Some(rename) = config.rename.as_ref().filter(|rename| rename.value().is_empty() || rename.value().contains('.')) {
        errors.on(rename, "a key of a config file is not empty and has no dot in it");
    }
    for reference in &config.from {
        if let Some(mistake) = reference_mistake(&reference.value()) {
            errors.on(reference, mistake);
        }
    }
    if let Some(separator) = &config.separator {
        let is_several = matches!(field.exposed().form, Form::List(..) | Form::Map(..));
        if config.with.is_some() {
            errors.on(separator, "`separator` has no effect beside `with`, which gets the whole text");
        } else if !is_several {
            errors.on(separator, "`separator` is for lists and maps; this field is one value");
        } else if separator.value().is_empty() {
            errors.on(separator, "an empty separator separates nothing");
        } else if separator.value() == "=" && matches!(field.exposed().form, Form::Map(..)) {
            errors.on(separator, "`=` stands between a key and its value already");
        }
    }
    if field.is_environment() {
        let allowed = ["env", "alias", "example", "rename", "live"];
        for other in config.words.iter().filter(|other| !allowed.contains(&other.to_string().as_str())) {
            let reason = match other.to_string().as_str() {
                "default" => "the environment has no default: a process that does not know where it runs must not start".to_owned(),
                "secret" => "the environment is no secret: every report names it".to_owned(),
                other => format!("`{other}` has no meaning for the environment, which is known before anything else is read"),
            };
            errors.on(other, reason);
        }
        return;
    }
    if let (Some(secret), Some(_)) = (&config.secret, &tree.config.no_debug) {
        errors.on(secret, "with `no_debug` a `Debug` of your own would show this field; give it the type `Secret`");
    }
    if let Some(required_in) = word("required_in").filter(|_| !field.optional) {
        errors.on(required_in, "`required_in` is for `Option` fields; this field is required in every environment already");
    } else if let (Some(required_in), Some(_)) = (word("required_in"), &field.checks.required) {
        errors.on(required_in, "`required_in` says less than `#[validate(required)]`, which demands the field in every environment");
    }
    if let Some(forbid) = word("forbid_default_in").filter(|_| config.defaults.is_empty()) {
        errors.on(forbid, "`forbid_default_in` needs a `default` that it forbids");
    }
    if let Some(one_of) = word("one_of").filter(|_| !field.optional) {
        errors.on(one_of, "`one_of` is for `Option` fields: all but one of the group are absent");
    }
    check_environments(tree, &config.required_in, errors);
    check_environments(tree, &config.forbid_default_in, errors);
}

fn check_environments(tree: &Struct<'_>, names: &[Ident], errors: &mut Errors) {
    for (at, name) in names.iter().enumerate() {
        if let Some(mistake) = check_environment(name, &tree.config.environments) {
            errors.on(name, mistake);
        } else if names[..at].contains(name) {
            errors.on(name, format!("`{name}` stands twice"));
        }
    }
}

/// What is wrong with a reference, by the grammar that reads it when the service starts.
fn reference_mistake(text: &str) -> Option<String> {
    match RefTemplate::parse(text) {
        Some(Ok(_)) => None,
        Some(Err(error)) => Some(format!("this reference is not well formed: {error}")),
        None => {
            let meant = text.split_once(':').map_or_else(String::new, |(scheme, _)| did_you_mean(scheme, SCHEMES));
            Some(format!(
                "this is no reference to a secret manager; one starts with its scheme, such as `vault:mount/path#key` or `file:path`{meant}"
            ))
        }
    }
}
