//! The stages for a schema without a struct: collect, resolve or note the references, judge. The rules come after it, as in a load.

use std::sync::Arc;

use configcheck_core::wiping::Wiping;
use configcheck_core::{Environment, Provider, Schema, Snapshot};
use configcheck_engine::block_on;

use crate::collect::collect;
use crate::events;
use crate::judge::judge;
use crate::loader::Loader;
use crate::resolve::{Resolution, note_unfetched};
use crate::sources::key_file;

/// What becomes of references to secret managers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum References {
    /// They are fetched, as in a load.
    Fetched,
    /// Nobody is asked, and no file is opened that an env file names: their keys are not checkable here.
    Noted,
}

pub(crate) fn survey(loader: &Loader, schema: &Schema, environment: Option<Environment>, references: References) -> Snapshot {
    let _wiping = Wiping::begin();
    let providers: Vec<Arc<dyn Provider>> = if references == References::Fetched { loader.providers.clone() } else { Vec::new() };
    let mut collected = collect(loader, &providers, schema, environment, references);
    match references {
        References::Noted => {
            key_file::note_all(schema, &mut collected.snapshot, std::mem::take(&mut collected.unread_key_files));
            note_unfetched(loader, schema, &mut collected.snapshot);
        }
        References::Fetched => {
            if let Some(resolution) = Resolution::plan(loader, providers, schema, &mut collected) {
                let answers = block_on(resolution.fetch());
                events::accesses(&answers);
                resolution.apply(schema, &mut collected.snapshot, &answers);
            }
        }
    }
    let mut snapshot = collected.snapshot;
    judge(schema, &mut snapshot);
    snapshot
}
