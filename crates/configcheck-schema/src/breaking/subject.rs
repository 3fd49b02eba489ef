//! A key in its schema, and how an operator gives it a value.

use configcheck_core::Schema;
use configcheck_core::display::Shown;
use configcheck_core::schema::{FieldSpec, Key};

/// A key in its schema.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) schema: &'a Schema,
    pub(super) index: usize,
}

impl<'a> Subject<'a> {
    pub(super) fn key(&self) -> &'a Key {
        &self.schema.keys()[self.index]
    }

    pub(super) fn spec(&self) -> &'static FieldSpec {
        self.key().spec
    }

    pub(super) fn variable(&self) -> &'a str {
        &self.key().variable
    }

    /// The path of the optional group around it.
    pub(super) fn group(&self) -> Option<&'a str> {
        let index = self.key().group?;
        self.schema.groups().get(usize::from(index)).map(|group| group.path.as_str())
    }

    /// Its own references with the name of the service put in.
    pub(super) fn references(&self) -> Vec<String> {
        self.spec().from.iter().map(|reference| reference.replace("{name}", self.schema.name())).collect()
    }
}

/// How an operator gives a key a value.
pub(super) fn how_to_provide(subject: &Subject<'_>) -> String {
    let variable = subject.variable();
    let spec = subject.spec();
    if let Some(reference) = subject.references().first() {
        return format!("store the value of {variable} at {}, or set {variable}", Shown::of(reference).as_str());
    }
    match spec.example.filter(|_| !spec.hides_value()) {
        Some(example) => format!("set {variable}, such as {variable}={}", Shown::of(example).as_str()),
        None if spec.is_secret() => format!("set {variable}, or {variable}_FILE to the file that holds it"),
        None => format!("set {variable}"),
    }
}
