//! Checks between the fields of a struct: relations that name other fields, and names that two fields share.

use syn::LitStr;

use crate::ast::{Field, Struct};
use crate::error::Errors;
use crate::suggest::did_you_mean;

pub(super) fn check(tree: &Struct<'_>, errors: &mut Errors) {
    for field in tree.fields.iter().filter(|field| !field.is_group()) {
        for other in &field.config.requires {
            named(tree, field, "requires", other, errors);
        }
        for other in &field.config.conflicts {
            if let Some(found) = named(tree, field, "conflicts", other, errors) {
                conflict(field, found, other, errors);
            }
        }
    }
    groups(tree, errors);
    variables(tree, errors);
    file_keys(tree, errors);
}

/// The field that a relation names.
fn named<'t, 'a>(tree: &'t Struct<'a>, field: &Field<'_>, word: &str, other: &LitStr, errors: &mut Errors) -> Option<&'t Field<'a>> {
    let name = other.value();
    let Some(found) = tree.field(&name) else {
        let hint = did_you_mean(&name, tree.fields.iter().map(|field| field.name.as_str()));
        errors.on(other, format!("no field `{name}` in this struct{hint}"));
        return None;
    };
    if found.name == field.name {
        errors.on(other, format!("a field that `{word}` itself says nothing"));
        return None;
    }
    if found.is_group() {
        errors.on(other, format!("`{name}` is a struct; a relation names a field that is a value"));
        return None;
    }
    Some(found)
}

fn conflict(field: &Field<'_>, other: &Field<'_>, name: &LitStr, errors: &mut Errors) {
    let is_mandatory = |field: &Field<'_>| !field.may_be_absent() && field.config.defaults.is_empty();
    if is_mandatory(field) && is_mandatory(other) {
        errors.on(
            name,
            format!(
                "`{}` and `{}` are both required, so that one of them is always too much; make one an `Option`",
                field.name, other.name
            ),
        );
    }
    if field.config.requires.iter().any(|required| required.value() == other.name) {
        errors.on(name, format!("`{}` both requires `{}` and conflicts with it", field.name, other.name));
    }
}

/// A group of one has nothing to choose from.
fn groups(tree: &Struct<'_>, errors: &mut Errors) {
    let groups: Vec<&LitStr> = tree.fields.iter().filter_map(|field| field.config.one_of.as_ref()).collect();
    for group in &groups {
        let name = group.value();
        if groups.iter().filter(|other| other.value() == name).count() == 1 {
            let hint = did_you_mean(
                &name,
                groups.iter().map(|other| other.value()).filter(|other| *other != name).collect::<Vec<_>>().iter().map(String::as_str),
            );
            errors.on(group, format!("`one_of` group \"{name}\" has only this field; exactly one of several must be set{hint}"));
        }
    }
}

/// No variable means two fields.
fn variables(tree: &Struct<'_>, errors: &mut Errors) {
    let mut seen: Vec<(String, &str)> = Vec::new();
    // A second field for the environment is a mistake of its own, and told as that.
    for field in tree
        .fields
        .iter()
        .filter(|field| !field.is_group() && (!field.is_environment() || field.config.env.is_some() || first_environment(tree, field)))
    {
        let own = field.exact_variable().unwrap_or_else(|| format!("{}{}", tree.prefix(), field.derived_variable(tree.config.rename_all)));
        let place: &dyn quote::ToTokens = match &field.config.env {
            Some(env) => env,
            None => field.ident,
        };
        claim(&mut seen, own, &field.name, place, errors);
        for alias in &field.config.aliases {
            claim(&mut seen, alias.value(), &field.name, alias, errors);
        }
    }
}

fn first_environment(tree: &Struct<'_>, field: &Field<'_>) -> bool {
    tree.fields.iter().find(|field| field.is_environment()).is_some_and(|first| first.name == field.name)
}

fn claim<'a>(seen: &mut Vec<(String, &'a str)>, variable: String, field: &'a str, place: &dyn quote::ToTokens, errors: &mut Errors) {
    match seen.iter().find(|(other, _)| *other == variable) {
        Some((_, other)) if *other == field => errors.on(place, format!("the alias `{variable}` is a name of this field already")),
        Some((_, other)) => errors.on(place, format!("the variable `{variable}` belongs to the field `{other}` already")),
        None => seen.push((variable, field)),
    }
}

/// No key of a config file means two fields.
fn file_keys(tree: &Struct<'_>, errors: &mut Errors) {
    let mut seen: Vec<(String, &str)> = Vec::new();
    for field in tree.fields.iter().filter(|field| field.config.flatten.is_none()) {
        let key = field.file_key(tree.config.rename_all);
        let place: &dyn quote::ToTokens = match &field.config.rename {
            Some(rename) => rename,
            None => field.ident,
        };
        match seen.iter().find(|(other, _)| *other == key) {
            Some((_, other)) => errors.on(place, format!("the key `{key}` of config files belongs to the field `{other}` already")),
            None => seen.push((key, &field.name)),
        }
    }
}
