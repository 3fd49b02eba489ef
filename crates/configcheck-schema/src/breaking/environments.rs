//! The environments: which there are, which variable chooses one, and those in which two schemas are compared.

use configcheck_core::{Environment, EnvironmentKind, Schema};

use super::list::Changes;

/// The environments that every schema has.
const STANDARD: [EnvironmentKind; 4] =
    [EnvironmentKind::Development, EnvironmentKind::Test, EnvironmentKind::Staging, EnvironmentKind::Production];

/// An environment as each of two schemas treats it.
pub(super) struct Both {
    pub(super) old: Environment,
    pub(super) new: Environment,
}

/// The environments that both schemas know.
pub(super) fn known_to_both(old: &Schema, new: &Schema) -> Vec<Both> {
    let declared = new.environments().iter().map(|(name, _)| *name);
    let mut both: Vec<Both> = Vec::new();
    for name in STANDARD.into_iter().map(EnvironmentKind::name).chain(declared) {
        let found = (Environment::parse(name, old.environments()), Environment::parse(name, new.environments()));
        if let (Some(old), Some(new)) = found
            && !both.iter().any(|other| other.new.name() == new.name())
        {
            both.push(Both { old, new });
        }
    }
    both
}

/// The environments that the new schema knows.
pub(super) fn known_to(schema: &Schema) -> Vec<Environment> {
    known_to_both(schema, schema).into_iter().map(|both| both.new).collect()
}

pub(super) fn compare(old: &Schema, new: &Schema, changes: &mut Changes) {
    changes.about_schema();
    let (before, now) = (old.environment_variable(), new.environment_variable());
    if before != now {
        changes.error(
            "environment-variable-changed",
            format!("{now} chooses the environment now, and {before} no longer does"),
            format!("set {now} to the value of {before} in every environment before the release"),
        );
    }
    let kind_in = |schema: &Schema, name: &str| schema.environments().iter().find(|(own, _)| *own == name).map(|(_, kind)| *kind);
    for (name, kind) in old.environments() {
        changes.in_environment(Some(name), |changes| match kind_in(new, name) {
            None => changes.error(
                "environment-removed",
                format!("{name} is no environment any more"),
                format!("choose another environment where {now}={name}, or declare it again"),
            ),
            Some(other) if other != *kind => changes.warning(
                "environment-kind-changed",
                format!("{name} is treated as {} now, and was as {}", other.name(), kind.name()),
                format!("check {name} with the new schema: configcheck check --env {name}"),
            ),
            Some(_) => {}
        });
    }
    for (name, kind) in new.environments().iter().filter(|(name, _)| kind_in(old, name).is_none()) {
        changes.in_environment(Some(name), |changes| {
            changes.note(
                "environment-added",
                format!("{name} is an environment now, treated as {}", kind.name()),
                format!("set {now}={name} where it is meant"),
            );
        });
    }
}
