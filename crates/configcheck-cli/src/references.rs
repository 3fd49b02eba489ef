//! What the keys of a schema refer to, in one environment.

use configcheck_core::origin::SourceKind;
use configcheck_core::provider::OutcomeKind;
use configcheck_core::reference::RefTemplate;
use configcheck_core::schema::Key;
use configcheck_core::{Environment, Schema, SecretRef, Snapshot};
use configcheck_policy::Needs;

use crate::failure::Failure;

/// The references of one key.
#[derive(Clone, Debug)]
pub(crate) struct KeyReferences {
    /// Its variable.
    pub(crate) variable: String,
    /// Those that are asked, in this order.
    pub(crate) references: Vec<SecretRef>,
    /// Whether the key does without them when they are absent: it has a default, or nobody demands a value.
    pub(crate) spares: bool,
    /// Those that are none, each with the reason; their text is not repeated, since it may be a password.
    pub(crate) bad: Vec<String>,
}

/// Which references count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Those that a start would ask: what a source sets hides what the field names itself.
    Asked,
    /// Whatever the schema names, and what the sources name beside it.
    Declared,
}

/// The references of a schema's keys, in its order; keys without any are left out.
pub(crate) fn of_keys(schema: &Schema, snapshot: &Snapshot, scope: Scope) -> Vec<KeyReferences> {
    let keys = schema.keys().iter().enumerate();
    let all = keys.map(|(index, key)| of_key(schema, snapshot, scope, index, key));
    all.filter(|found| !found.references.is_empty() || !found.bad.is_empty()).collect()
}

fn of_key(schema: &Schema, snapshot: &Snapshot, scope: Scope, index: usize, key: &Key) -> KeyReferences {
    let environment = snapshot.environment.as_ref();
    let spares = key.spec.default_in(environment).is_some() || !key.spec.is_required_in(environment);
    let mut found = KeyReferences { variable: key.variable.to_string(), references: Vec::new(), spares, bad: Vec::new() };
    let resolved = snapshot.slots[index].resolved();
    let asks_itself = resolved.is_some_and(|resolved| snapshot.source(resolved.origin.source).kind == SourceKind::From);
    if let Some(resolved) = resolved.filter(|_| !asks_itself) {
        match (&resolved.reference, resolved.outcome) {
            (Some(reference), outcome) if outcome != OutcomeKind::BadReference => found.references.push(reference.clone()),
            _ => found.bad.push(resolved.reason.clone().unwrap_or_else(|| "this is no good reference".to_owned())),
        }
    }
    // A reference that waits for the environment is not asked without it, and is declared all the same.
    if scope == Scope::Declared || asks_itself {
        for text in key.spec.from {
            let environment = snapshot.environment.as_ref().map(Environment::name);
            let filled = |template: RefTemplate| match environment {
                None if template.needs_environment() => Ok(template.unfilled().clone()),
                environment => template.fill(environment, schema.name()),
            };
            match RefTemplate::parse(text).map(|template| template.and_then(filled)) {
                Some(Ok(reference)) if !found.references.contains(&reference) => found.references.push(reference),
                Some(Ok(_)) => {}
                Some(Err(error)) => found.bad.push(error.kind.to_string()),
                None => found.bad.push("its scheme is not known".to_owned()),
            }
        }
    }
    found
}

/// The references by what they lead to, with the variables that they are for.
pub(crate) fn needs(found: &[KeyReferences]) -> Needs {
    let mut needs = Needs::default();
    for key in found {
        key.references.iter().for_each(|reference| needs.add(reference, &key.variable));
    }
    needs
}

/// The variables whose references wait for the environment.
pub(crate) fn waiting(found: &[KeyReferences]) -> Vec<&str> {
    let waits = |key: &&KeyReferences| key.references.iter().any(|reference| reference.as_str().contains("{environment}"));
    found.iter().filter(waits).map(|key| key.variable.as_str()).collect()
}

/// A reference that somebody wrote on the command line.
pub(crate) fn parse(text: &str) -> Result<SecretRef, Failure> {
    match SecretRef::parse(text) {
        Some(Ok(reference)) => Ok(reference),
        Some(Err(error)) => Err(Failure::usage(format!("this is no good reference: {error}")).at("--reference")),
        None => Err(Failure::usage("this is no reference: its scheme is not known")
            .at("--reference")
            .help("write vault:secret/data/app, for one")),
    }
}
