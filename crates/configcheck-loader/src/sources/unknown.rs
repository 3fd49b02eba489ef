//! Which names of unknown keys may be shown: a password may stand where a key was expected, so only those that look like a slip of a
//! declared name are; of the others the report says the place.

use configcheck_core::Schema;
use configcheck_core::suggest::nearest;

/// The number of unknown names that are compared with the declared ones; a file with more is no mistyped one.
const MOST_COMPARED: usize = 20;

/// The name of an unknown variable, `so_far` unknown ones after the first, when it is near to a declared one.
pub(super) fn variable(schema: &Schema, name: &str, so_far: usize) -> Option<String> {
    let known = || schema.keys().iter().map(|key| &*key.variable);
    (so_far < MOST_COMPARED && nearest(name, known()).is_some()).then(|| name.to_owned())
}

/// The path of an unknown key of a config file, when its last step is near to that of a declared key or table beside it, or, at the top, to
/// a declared variable. The steps before it are declared, and would make any two paths look alike.
pub(super) fn path(schema: &Schema, path: &str, so_far: usize) -> Option<String> {
    let (parent, name) = path.rsplit_once('.').unwrap_or(("", path));
    let keys = schema.keys().iter().map(|key| &*key.file_path);
    let tables = schema.groups().iter().map(|group| &*group.file_path);
    let siblings = keys.chain(tables).filter_map(|other| {
        let (other_parent, other_name) = other.rsplit_once('.').unwrap_or(("", other));
        (other_parent == parent).then_some(other_name)
    });
    let variables = schema.keys().iter().filter(|_| parent.is_empty()).map(|key| &*key.variable);
    (so_far < MOST_COMPARED && nearest(name, siblings.chain(variables)).is_some()).then(|| path.to_owned())
}
