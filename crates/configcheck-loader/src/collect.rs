//! The first stage: every source is read once, and what it holds for a key is put into the key's slot.

use std::path::Path;
use std::sync::Arc;

use configcheck_core::from_value::MismatchKind;
use configcheck_core::origin::{Layer, Origin, SourceId, SourceKind};
use configcheck_core::schema::Aspect;
use configcheck_core::snapshot::{Entry, SetAs, SourceProblem, Verdict};
use configcheck_core::value::{RawText, RawValue};
use configcheck_core::{Environment, Provider, Schema, Snapshot};
use configcheck_files::Access;

use crate::loader::Loader;
use crate::sources::dotenv::DotenvReader;
use crate::sources::environment::{ProviderSettings, Variables};
use crate::sources::key_file::{self, KeyFile};
use crate::sources::{document, mounted_directories};
use crate::survey::References;

/// The snapshot, and what later stages need of the environment.
pub(crate) struct Collected {
    pub(crate) snapshot: Snapshot,
    /// Values of the settings that providers asked for, by name.
    pub(crate) provider_settings: ProviderSettings,
    /// Files that an env file names for a key, where they are not read.
    pub(crate) unread_key_files: Vec<KeyFile>,
}

/// Reads every source of the loader. An environment that the caller is sure of counts, whatever the sources say.
pub(crate) fn collect(
    loader: &Loader,
    providers: &[Arc<dyn Provider>],
    schema: &Schema,
    environment: Option<Environment>,
    references: References,
) -> Collected {
    let mut snapshot = Snapshot::new(schema.keys().len());
    note_collisions(schema, &mut snapshot);
    let mut variables = Variables::read(loader, providers, schema, &mut snapshot);
    apply_overrides(loader, schema, &mut snapshot, &mut variables);
    let mut dotenv = DotenvReader::new(loader);
    match environment {
        Some(_) => snapshot.environment = environment,
        None => choose_environment(loader, schema, &mut snapshot, &mut variables, &mut dotenv),
    }
    document::read_all(loader, schema, &mut snapshot);
    dotenv.read(schema, &mut snapshot, &mut variables);
    mounted_directories::read_all(loader, schema, &mut snapshot, variables.credentials_directory.take());
    let is_read = |file: &KeyFile| references == References::Fetched || snapshot.source(file.origin.source).kind != SourceKind::Dotenv;
    let (key_files, unread_key_files) = std::mem::take(&mut variables.key_files).into_iter().partition(is_read);
    key_file::read_all(schema, &mut snapshot, key_files);
    apply_defaults(schema, &mut snapshot);
    dotenv.note_ignored(schema, &mut snapshot);
    if schema.keys().iter().zip(&snapshot.slots).any(|(key, slot)| slot.winner.is_none() && !key.spec.optional) {
        variables.collect_foreign(loader, schema);
    }
    snapshot.foreign = variables.foreign;
    Collected { snapshot, provider_settings: variables.provider_settings, unread_key_files }
}

/// Two fields with one variable: only the first could get its value, so that nothing is loaded until the author has told them apart.
fn note_collisions(schema: &Schema, snapshot: &mut Snapshot) {
    for (first, second) in schema.collisions() {
        let (first, second) = (&schema.keys()[first], &schema.keys()[second]);
        snapshot.problems.push(SourceProblem {
            origin: Origin::of(SourceId(0)),
            message: format!("the fields {} and {} read the same variable, {}", first.path, second.path, first.variable),
            help: "give one of them another name: `env` on the field, or `prefix` on the struct that holds it".to_owned(),
            key: None,
            set_as: SetAs::Name,
            goes_on: false,
        });
    }
}

/// Puts a value into a key's slot. Nothing is nothing: an empty value only leaves a mark, unless the field allows it.
pub(crate) fn put(schema: &Schema, snapshot: &mut Snapshot, key: usize, value: RawValue, origin: Origin, layer: Layer, set_as: SetAs) {
    let spec = schema.keys()[key].spec;
    if schema.environment_key() == Some(key) && matches!(layer, Layer::File | Layer::SecretMap | Layer::Mounted) {
        snapshot.problems.push(SourceProblem {
            origin,
            message: format!("{} is set here, where it chooses nothing", schema.environment_variable()),
            help: "set it in the environment of the process or in .env: it says which sources are read, and is needed before them"
                .to_owned(),
            key: Some(key),
            set_as,
            goes_on: false,
        });
        return;
    }
    let slot = &mut snapshot.slots[key];
    if value.is_empty() && !spec.allow_empty {
        slot.more().empty = Some(origin);
        return;
    }
    let value = if spec.hides_value() { value.wiped_on_drop() } else { value };
    slot.put(Entry { value, origin, layer, set_as });
}

fn apply_overrides(loader: &Loader, schema: &Schema, snapshot: &mut Snapshot, variables: &mut Variables) {
    if loader.overrides.is_empty() {
        return;
    }
    let source = snapshot.add_source(SourceKind::Override, "Loader::set", Layer::Override, true);
    for (name, value) in &loader.overrides {
        let origin = Origin::of(source);
        match schema.key_named(name.as_bytes()) {
            Some(named) => {
                let set_as = SetAs::of(named);
                put(schema, snapshot, named.key, text(value), origin, Layer::Override, set_as);
            }
            None if name == schema.environment_variable() => variables.environment = Some((text(value), origin)),
            None => snapshot.problems.push(SourceProblem {
                origin,
                message: "Loader::set names a variable that the schema does not declare".to_owned(),
                help: "correct the name in the call of `Loader::set`, or declare the field".to_owned(),
                key: None,
                set_as: SetAs::Name,
                goes_on: false,
            }),
        }
    }
}

/// The environment: what the loader was told, else the variable, else the `.env` file. There is no default.
fn choose_environment(loader: &Loader, schema: &Schema, snapshot: &mut Snapshot, variables: &mut Variables, dotenv: &mut DotenvReader<'_>) {
    let key = schema.environment_key();
    if let Some(name) = &loader.environment {
        let source = snapshot.add_source(SourceKind::Override, "Loader::environment", Layer::Override, true);
        match key {
            Some(key) => put(schema, snapshot, key, text(name), Origin::of(source), Layer::Override, SetAs::Name),
            None => variables.environment = Some((RawValue::Text(RawText::new(name.clone())), Origin::of(source))),
        }
    } else if key.map_or(variables.environment.is_none(), |key| snapshot.slots[key].winner.is_none()) {
        dotenv.read_environment(schema, snapshot, variables);
    }
    let (value, origin) = match key {
        Some(key) => match &snapshot.slots[key].winner {
            Some(entry) => (&entry.value, entry.origin),
            None => return,
        },
        None => match &variables.environment {
            Some((value, origin)) => (value, *origin),
            None => return,
        },
    };
    let RawValue::Text(name) = value else { return };
    snapshot.environment = name.text().and_then(|name| Environment::parse(name, schema.environments()));
    snapshot.environment_origin = Some(origin);
    if snapshot.environment.is_none() {
        let mismatch = MismatchKind::Type.mismatch();
        match key {
            Some(key) => snapshot.slots[key].verdict = Verdict::Refused(Box::new(mismatch)),
            // The name of a framework's own: nothing in the schema says that this key chooses the environment.
            None if is_guessed(schema) => {}
            None => snapshot.problems.push(SourceProblem {
                origin,
                message: format!("{} is not the name of an environment", schema.environment_variable()),
                help: "write development, test, staging or production, or declare the name with its kind: \
                       #[config(environments(qa = staging))]"
                    .to_owned(),
                key: None,
                set_as: SetAs::Name,
                goes_on: false,
            }),
        }
    }
}

/// Whether the variable that would choose the environment is a key of which the schema only guesses what it holds.
fn is_guessed(schema: &Schema) -> bool {
    let named = schema.key_named(schema.environment_variable().as_bytes());
    named.is_some_and(|named| schema.keys()[named.key].spec.guess(Aspect::Type).is_some())
}

fn apply_defaults(schema: &Schema, snapshot: &mut Snapshot) {
    let origin = Origin::of(SourceId(0));
    for (key, slot) in schema.keys().iter().zip(&mut snapshot.slots) {
        if slot.winner.is_none()
            && let Some(default) = key.spec.default_in(snapshot.environment.as_ref())
        {
            slot.winner = Some(Entry { value: RawValue::fixed(default), origin, layer: Layer::Default, set_as: SetAs::Name });
        }
    }
}

/// Text as a raw value.
fn text(text: &str) -> RawValue {
    RawValue::Text(RawText::new(text.to_owned()))
}

/// Notes of a file that was read whether anybody may write to it.
pub(crate) fn note_access(snapshot: &mut Snapshot, source: SourceId, access: Access) {
    if access.is_world_writable() {
        snapshot.writable_by_all.push(source);
    }
}

/// A path as a report shows it: as it was given, joined as a person would write it, and masked, since a URL may have been given for it.
pub(crate) fn shown_path(path: &Path) -> String {
    configcheck_core::display::mask_userinfo(&path.to_string_lossy()).into_owned()
}
