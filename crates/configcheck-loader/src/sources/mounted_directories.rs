//! Directories of mounted secrets: those that the loader names, `/run/secrets`, and systemd's credentials.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use configcheck_core::origin::{Layer, Origin, SourceKind};
use configcheck_core::snapshot::{Duplicate, SetAs, SourceProblem};
use configcheck_core::{Schema, Snapshot};
use configcheck_files::{self as files, Refusal};

use crate::collect::{note_access, put, shown_path};
use crate::loader::Loader;
use crate::sources::mounted::{self, Mounted};

/// Where Docker and Podman mount secrets.
const RUN_SECRETS: &str = "/run/secrets";

/// Reads every directory; of two that hold one key the later wins, and those that the loader names come last.
pub(crate) fn read_all(loader: &Loader, schema: &Schema, snapshot: &mut Snapshot, credentials: Option<OsString>) {
    // Where higher layers set every key, nothing that is found there could decide.
    let may_decide = snapshot.slots.iter().any(|slot| slot.layer() < Some(Layer::Mounted));
    if loader.standard_mounts && may_decide {
        read(schema, snapshot, Path::new(RUN_SECRETS), false);
        if let Some(directory) = credentials {
            read(schema, snapshot, &PathBuf::from(directory), true);
        }
    }
    for directory in &loader.mounted {
        read(schema, snapshot, directory, true);
    }
}

fn read(schema: &Schema, snapshot: &mut Snapshot, directory: &Path, must_exist: bool) {
    match mounted::read(directory, files::DEFAULT_LIMIT, schema) {
        Ok(mounted) => take(schema, snapshot, directory, mounted),
        Err(Refusal::NotFound) if !must_exist => {
            snapshot.add_source(SourceKind::Mounted, shown_path(directory), Layer::Mounted, false);
        }
        Err(refusal) => {
            let source = snapshot.add_source(SourceKind::Mounted, shown_path(directory), Layer::Mounted, false);
            snapshot.problems.push(SourceProblem {
                origin: Origin::of(source),
                message: format!("the directory of mounted secrets cannot be read: {refusal}"),
                help: refusal.help().to_owned(),
                key: None,
                set_as: SetAs::Name,
                goes_on: false,
            });
        }
    }
}

/// Puts what a directory holds into the slots. Each file is a source of its own, so that a finding names it.
fn take(schema: &Schema, snapshot: &mut Snapshot, directory: &Path, mounted: Mounted) {
    snapshot.add_source(SourceKind::Mounted, shown_path(directory), Layer::Mounted, true);
    for file in mounted.files {
        let source = snapshot.add_source(SourceKind::Mounted, shown_path(&directory.join(&file.file)), Layer::Mounted, true);
        let origin = Origin::of(source);
        match file.contents {
            Ok((value, access)) => {
                note_access(snapshot, source, access);
                let set_as = SetAs::of(file.named);
                put(schema, snapshot, file.named.key, value, origin, Layer::Mounted, set_as);
            }
            Err(refusal) => snapshot.problems.push(SourceProblem {
                origin,
                message: format!("the mounted file of {} cannot be read: {refusal}", schema.keys()[file.named.key].variable),
                help: refusal.help().to_owned(),
                key: Some(file.named.key),
                set_as: SetAs::Name,
                goes_on: false,
            }),
        }
    }
    for twice in mounted.duplicates {
        let mut origin =
            |file: &str| Origin::of(snapshot.add_source(SourceKind::Mounted, shown_path(&directory.join(file)), Layer::Mounted, true));
        // The file that decides is named as the later one, as the line that decides is in a `.env` file.
        let (second, first) = (origin(&twice.first), origin(&twice.second));
        snapshot.duplicates.push(Duplicate { key: Some(twice.key), name: None, first, second, same_value: twice.same_value });
    }
}
