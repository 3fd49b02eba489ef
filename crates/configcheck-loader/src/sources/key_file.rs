//! `KEY_FILE=/path`: the value of `KEY` stands in a file.

use std::path::{Path, PathBuf};

use configcheck_core::origin::{Layer, Origin, SourceKind};
use configcheck_core::provider::OutcomeKind;
use configcheck_core::snapshot::{Entry, Resolved, SetAs, SourceProblem};
use configcheck_core::value::{RawText, RawValue};
use configcheck_core::{Schema, Snapshot};
use configcheck_files as files;

use crate::collect::{note_access, put, shown_path};
use crate::sources::mounted::value_of_file;

/// The longest name of a folder or file in a path that is shown; keys in base64 have longer runs of letters.
const LONGEST_STEP: usize = 32;

/// A variable that names the file of a key's value.
pub(crate) struct KeyFile {
    pub(crate) key: usize,
    pub(crate) path: PathBuf,
    /// Whether other variables were put into the path: a secret may be among them.
    pub(crate) is_made_of_others: bool,
    /// Where the variable itself stood.
    pub(crate) origin: Origin,
}

/// Reads the files.
pub(crate) fn read_all(schema: &Schema, snapshot: &mut Snapshot, key_files: Vec<KeyFile>) {
    for KeyFile { key, path, is_made_of_others, origin } in key_files {
        // A file matters where no higher layer sets the key, and of a secret, which two places would set then.
        if !schema.keys()[key].spec.is_secret() && snapshot.slots[key].layer() > Some(Layer::Mounted) {
            continue;
        }
        match files::read(&path, files::DEFAULT_LIMIT) {
            Ok(contents) => {
                let name = if is_made_of_others { format!("{}_FILE", schema.keys()[key].variable) } else { shown_path(&path) };
                let source = snapshot.add_source(SourceKind::KeyFile, name, Layer::Mounted, true);
                note_access(snapshot, source, contents.access);
                let value = value_of_file(contents);
                put(schema, snapshot, key, value, Origin::of(source), Layer::Mounted, SetAs::FileVariable);
            }
            Err(refusal) => snapshot.problems.push(SourceProblem {
                origin,
                message: format!("the file that {}_FILE names cannot be read: {refusal}", schema.keys()[key].variable),
                help: match plain_path(&path) {
                    _ if is_made_of_others => {
                        format!("{}; the path is not shown, since other variables are put into it", refusal.help())
                    }
                    Some(path) => format!("{} ({path})", refusal.help()),
                    None => format!("{}; the path is not shown, since it does not have the form of one", refusal.help()),
                },
                key: Some(key),
                set_as: SetAs::FileVariable,
                goes_on: false,
            }),
        }
    }
}

/// Notes the files without opening any: the path of an env file is meant for the machine where the service runs. Here it may lead to
/// nothing, or to a file that is nobody's business. The value lives elsewhere.
pub(crate) fn note_all(schema: &Schema, snapshot: &mut Snapshot, key_files: Vec<KeyFile>) {
    for KeyFile { key, origin, .. } in key_files {
        let spec = schema.keys()[key].spec;
        let slot = &mut snapshot.slots[key];
        if slot.layer() > Some(Layer::Mounted) {
            if spec.is_secret() {
                // Two places set it. What the file holds is not known, and need not be.
                let value = RawValue::Text(RawText::new(String::new()));
                slot.more().shadowed.push(Entry { value, origin, layer: Layer::Mounted, set_as: SetAs::FileVariable });
            }
            continue;
        }
        let hidden = slot.winner.take().filter(|entry| entry.layer != Layer::Default);
        let more = slot.more();
        more.shadowed.extend(hidden);
        more.resolved = Some(Resolved { reference: None, origin, outcome: OutcomeKind::NotFetched, reason: None, help: Vec::new() });
    }
}

/// The path, when it is plainly one: somebody may have put the secret itself into `KEY_FILE`.
fn plain_path(path: &Path) -> Option<&str> {
    let text = path.to_str()?;
    let begins = ["/", "./", "../"].iter().any(|start| text.starts_with(start));
    let is_step =
        |step: &str| step.len() <= LONGEST_STEP && step.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    (begins && text.split('/').all(is_step)).then_some(text)
}
