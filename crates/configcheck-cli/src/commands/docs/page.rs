//! The page of one variable, for whoever is on call: what it is, where it comes from, what its failures look like and what to do.

use std::fmt::Write as _;

use configcheck_core::Schema;
use configcheck_core::schema::{Key, TypeSpec};

use super::failures::failures;
use super::markdown::{block, code, line, paragraphs};
use super::table::{self, MARK};
use super::words;

/// The name of the page that lists the others.
pub(super) const INDEX: &str = "README.md";

/// The name of a variable's page, which is never that of the index. `None` where the name cannot be that of a file.
pub(super) fn file_name(key: &Key) -> Option<String> {
    let name = &*key.variable;
    let is_name = !name.starts_with('.') && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'));
    let end = if name.eq_ignore_ascii_case("README") { "-variable.md" } else { ".md" };
    (is_name && !name.is_empty() && name.len() <= 200).then(|| format!("{name}{end}"))
}

/// The page that lists all variables.
pub(super) fn index(schema: &Schema) -> String {
    table::file(schema, |key| format!("[{}]({})", code(&key.variable), file_name(key).unwrap_or_default()))
}

/// The page of one variable.
pub(super) fn page(schema: &Schema, at: usize) -> String {
    let key = &schema.keys()[at];
    // Writing to a `String` cannot fail.
    let mut text = format!("{MARK}\n\n# {}\n\n", code(&key.variable));
    if !key.spec.doc.is_empty() {
        let _ = write!(text, "{}\n\n", paragraphs(key.spec.doc));
    }
    text.push_str(&facts(schema, at));
    text.push_str(&defaults(schema, key));
    text.push_str(&sources(schema, key));
    let failures = failures(schema, at);
    if !failures.is_empty() {
        text.push_str("## What failure looks like\n\n");
        for failing in failures {
            let _ = write!(text, "### {}\n\n{}\n\n", line(&failing.title), block(&failing.text));
        }
    }
    text.push_str(&what_to_do(schema, key));
    text
}

fn facts(schema: &Schema, at: usize) -> String {
    let key = &schema.keys()[at];
    let spec = key.spec;
    let mut rows =
        vec![("Value", words::form(schema, spec)), ("Required", words::required(schema, key)), ("Secret", words::secret(spec).to_owned())];
    let mut add = |name, text: Option<String>| rows.extend(text.map(|text| (name, text)));
    add("Example", spec.example.map(|example| words::value(spec, example)));
    add("Items are parted by", matches!(spec.type_spec, TypeSpec::List(_) | TypeSpec::Map(..)).then(|| code(spec.separator)));
    add("An empty value", spec.allow_empty.then(|| "counts as a value".to_owned()));
    let siblings = |fields: &[&str]| {
        let keys = fields.iter().filter_map(|field| schema.sibling_of(at, field));
        let names: Vec<String> = keys.map(|key| code(&schema.keys()[key].variable)).collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    add("Set it only together with", siblings(spec.requires));
    add("Do not set it together with", siblings(spec.conflicts));
    let names = |names: &[&str]| (!names.is_empty()).then(|| names.iter().map(|name| code(name)).collect::<Vec<_>>().join(", "));
    add("Old names", names(spec.aliases));
    add(
        "Deprecated",
        spec.deprecated.map(|deprecated| {
            let since = deprecated.since.map_or_else(|| "yes".to_owned(), |since| format!("since {}", line(since)));
            deprecated.note.map_or(since.clone(), |note| format!("{since}: {}", line(note)))
        }),
    );
    add("A new value is taken", spec.live.then(|| "while the service runs".to_owned()));
    let guesses: Vec<String> = spec.guesses.iter().map(|guess| format!("{}, since {}", guess.aspect.name(), line(guess.reason))).collect();
    add("Only guessed", (!guesses.is_empty()).then(|| guesses.join("; ")));
    let rows: Vec<String> = rows.into_iter().map(|(name, text)| format!("| {name} | {text} |\n")).collect();
    format!("| | |\n|---|---|\n{}\n", rows.concat())
}

/// The default in each environment, where there is any.
fn defaults(schema: &Schema, key: &Key) -> String {
    let spec = key.spec;
    if spec.defaults.is_empty() {
        return String::new();
    }
    let rows: Vec<String> = words::environments(schema)
        .iter()
        .map(|environment| {
            let default = spec.default_in(Some(environment)).map_or_else(|| "none".to_owned(), |text| words::value(spec, text));
            let forbidden = if environment.is_in(spec.forbid_default_in) { ", and it may not be what decides" } else { "" };
            format!("| {} | {default}{forbidden} |\n", line(environment.name()))
        })
        .collect();
    format!("## Default\n\n| Environment | Default |\n|---|---|\n{}\n", rows.concat())
}

/// The places that are looked at, the one that decides first.
fn sources(schema: &Schema, key: &Key) -> String {
    let spec = key.spec;
    let variable = &*key.variable;
    let mut places = vec!["what the program itself sets".to_owned(), format!("the environment variable {}", code(variable))];
    let dotenv = "`.env` files, in development and test only".to_owned();
    if schema.environment_variable() == variable {
        places.push(dotenv);
    } else {
        places.push(format!(
            "a mounted file: {} in /run/secrets, in $CREDENTIALS_DIRECTORY or in a volume, or the file that {} names",
            code(&variable.to_ascii_lowercase()),
            code(&format!("{variable}_FILE")),
        ));
        places.push("a whole map of a secret manager, where the service reads one".to_owned());
        places.extend(spec.from.iter().map(|reference| format!("the secret manager, by the reference {}", code(reference))));
        places.push(dotenv);
        places.push(format!("config files, where the service reads any, as {}", code(&key.file_path)));
    }
    if !spec.defaults.is_empty() {
        places.push("the default".to_owned());
    }
    let list: Vec<String> = places.iter().enumerate().map(|(at, place)| format!("{}. {place}\n", at + 1)).collect();
    let mut text = format!("## Where it comes from\n\nThe first of these that has a value decides:\n\n{}\n", list.concat());
    if spec.hides_value() || !spec.from.is_empty() {
        text.push_str("Instead of the value, a reference to a secret manager may stand in any of them.\n\n");
    }
    if schema.environment_variable() == variable {
        text.push_str("It chooses the environment, and so is read before everything else.\n\n");
    }
    text
}

/// What somebody does who was called at night.
fn what_to_do(schema: &Schema, key: &Key) -> String {
    let spec = key.spec;
    let variable = &*key.variable;
    let environment =
        words::most_demanding(schema, key).map_or_else(|| "production".to_owned(), |environment| environment.name().to_owned());
    let mut steps = vec![format!(
        "See which place decides, and what else holds a value: {}",
        code(&format!("configcheck explain {variable} --env {environment}"))
    )];
    for reference in spec.from {
        steps.push(format!("See that {} exists and that the identity of the service may read it.", code(reference)));
    }
    steps.push(if spec.is_secret() {
        "Put the value where it belongs, in the secret manager or in a mounted file; never into a file under version control, a ticket or \
         a chat."
            .to_owned()
    } else {
        format!("Set {} where the deploy sets the others, to {}.", code(variable), words::form(schema, spec))
    });
    steps.push(format!("Check before the deploy: {}", code(&format!("configcheck check --env {environment}"))));
    steps.push(if spec.live {
        "The service takes the new value by itself; a bad one is reported and the old one stays.".to_owned()
    } else {
        "Start the service anew: it reads its configuration once.".to_owned()
    });
    let list: Vec<String> = steps.iter().enumerate().map(|(at, step)| format!("{}. {step}\n", at + 1)).collect();
    format!(
        "## What to do\n\nA service that ends with 78 stays down until its configuration is changed; one that ends with 69 waits for a \
         secret manager, and may start by itself.\n\n{}",
        list.concat()
    )
}
