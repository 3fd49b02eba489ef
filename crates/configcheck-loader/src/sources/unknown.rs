//! Which names of unknown keys may be shown: a password may stand where a key was expected.

use configcheck_core::Schema;
use configcheck_core::suggest::nearest;

/// The name of an unknown variable, `so_far` unknown ones after the first, when it is plainly a name: near to a declared one, or words of capitals with underscores between.
pub(super) fn variable(schema: &Schema, name: &str, so_far: usize) -> Option<String> {
    let is_words = name.contains('_')
        && name.split('_').all(|word| !word.is_empty() && word.len() <= 16 && word.bytes().all(|byte| byte.is_ascii_uppercase()));
    let known = || schema.keys().iter().map(|key| &*key.variable);
    (is_words || (so_far < MOST_COMPARED && nearest(name, known()).is_some())).then(|| name.to_owned())
}

/// The number of unknown names that are compared with the declared ones; a file with more is no mistyped one.
const MOST_COMPARED: usize = 100;

/// The path of an unknown key of a config file, when it is near to a declared one or made of short words of letters.
pub(super) fn path(schema: &Schema, path: &str, so_far: usize) -> Option<String> {
    let is_words =
        path.split(['.', '_', '-']).all(|word| !word.is_empty() && word.len() <= 12 && word.bytes().all(|byte| byte.is_ascii_lowercase()));
    let known = || schema.keys().iter().map(|key| &*key.file_path);
    (is_words || (so_far < MOST_COMPARED && nearest(path, known()).is_some())).then(|| path.to_owned())
}
