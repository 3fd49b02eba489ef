//! The process environment, or the variables that the loader was given. The only file that reads the environment.

use std::ffi::OsString;
use std::sync::Arc;

use configcheck_core::origin::{Layer, Origin, SourceId, SourceKind};
use configcheck_core::schema::NamedKey;
use configcheck_core::snapshot::{ForeignName, SetAs};
use configcheck_core::value::{RawText, RawValue};
use configcheck_core::wipe::wipe_os_string;
use configcheck_core::{Provider, Schema, Secret, Snapshot};

use crate::collect::put;
use crate::loader::Loader;
use crate::sources::key_file::KeyFile;

const CREDENTIALS_DIRECTORY: &str = "CREDENTIALS_DIRECTORY";

const FILE_SUFFIX: &str = "_FILE";

/// What the environment held apart from the values of declared keys.
pub(crate) struct Variables {
    /// The variable that chooses the environment, for a schema that has no field for it.
    pub(crate) environment: Option<(RawValue, Origin)>,
    /// systemd's directory of credentials.
    pub(crate) credentials_directory: Option<OsString>,
    /// `KEY_FILE` variables of declared keys.
    pub(crate) key_files: Vec<KeyFile>,
    /// Names of all other variables.
    pub(crate) foreign: Vec<ForeignName>,
    /// Settings of the providers, by name.
    pub(crate) provider_settings: ProviderSettings,
}

/// Settings of the providers, by name. They may be credentials.
pub(crate) type ProviderSettings = Vec<(&'static str, Option<Secret<String>>)>;

/// The largest schema whose variables are looked up one by one. A look-up walks over the environment without a copy, a pass over all of it
/// copies every variable; for larger schemas the pass is cheaper.
const FEW_KEYS: usize = 128;

impl Variables {
    /// Takes the declared variables into the snapshot.
    pub(crate) fn read(loader: &Loader, providers: &[Arc<dyn Provider>], schema: &Schema, snapshot: &mut Snapshot) -> Self {
        let wanted = providers.iter().map(Arc::as_ref).flat_map(Provider::settings);
        let variables = Self {
            environment: None,
            credentials_directory: None,
            key_files: Vec::new(),
            foreign: Vec::new(),
            provider_settings: wanted.map(|name| (*name, None)).collect(),
        };
        if !loader.reads_environment {
            return variables;
        }
        let source = snapshot.add_source(SourceKind::Environment, "the environment", Layer::Environment, true);
        let mut reader = Reader { loader, schema, snapshot, source, variables };
        match &loader.variables {
            Some(given) => given.iter().for_each(|(name, value)| reader.take(name.clone(), OsString::clone(value))),
            None if schema.keys().len() <= FEW_KEYS => reader.look_up(),
            None => {
                std::env::vars_os().for_each(|(name, value)| reader.take(name, value));
                taken(loader).for_each(|(name, value)| reader.take(name.clone(), value));
            }
        }
        reader.finish()
    }

    /// Adds the names of the variables that are somebody else's, for finding the mistyped one, unless they are known already.
    pub(crate) fn collect_foreign(&mut self, loader: &Loader, schema: &Schema) {
        if self.foreign.is_empty() && loader.variables.is_none() && loader.reads_environment {
            let names = std::env::vars_os().map(|(name, value)| {
                wipe_os_string(value);
                name
            });
            let names = names.chain(loader.taken.iter().map(|(name, _)| name.clone()));
            self.foreign = names.filter(|name| schema.key_named(name.as_encoded_bytes()).is_none()).map(ForeignName).collect();
        }
    }
}

/// Looks up the settings of providers, above what a `.env` file says of them. Only a load with references needs them.
pub(crate) fn look_up_settings(loader: &Loader, settings: &mut ProviderSettings) {
    if loader.variables.is_some() || !loader.reads_environment {
        return;
    }
    for (name, setting) in settings {
        if let Some(value) = variable(loader, name).and_then(|value| value.into_string().ok()) {
            *setting = Some(Secret::new(value));
        }
    }
}

/// Takes variables, by name or one after the other.
struct Reader<'a> {
    loader: &'a Loader,
    schema: &'a Schema,
    snapshot: &'a mut Snapshot,
    source: SourceId,
    variables: Variables,
}

impl Reader<'_> {
    /// Looks up each name that means something.
    fn look_up(&mut self) {
        let (loader, schema) = (self.loader, self.schema);
        let mut file_variable = String::new();
        for (index, key) in schema.keys().iter().enumerate() {
            let own = variable(loader, &key.variable);
            let is_set = own.as_ref().is_some_and(|value| !value.is_empty());
            if let Some(value) = own {
                self.put(NamedKey { key: index, alias: None }, value);
            }
            for (alias, name) in key.spec.aliases.iter().enumerate() {
                if let Some(value) = variable(loader, name) {
                    self.put(NamedKey { key: index, alias: Some(alias) }, value);
                }
            }
            if !is_set || key.spec.is_secret() {
                for name in std::iter::once(&*key.variable).chain(key.spec.aliases.iter().copied()) {
                    file_variable.clear();
                    file_variable.push_str(name);
                    file_variable.push_str(FILE_SUFFIX);
                    if let Some(path) = variable(loader, &file_variable)
                        && schema.key_named(file_variable.as_bytes()).is_none()
                    {
                        self.put_file(index, path);
                    }
                }
            }
        }
        if schema.environment_key().is_none() {
            self.put_environment(variable(loader, schema.environment_variable()));
        }
        self.variables.credentials_directory = variable(loader, CREDENTIALS_DIRECTORY).filter(|directory| !directory.is_empty());
    }

    /// Takes one variable for what its name means.
    fn take(&mut self, name: OsString, value: OsString) {
        let bytes = name.as_encoded_bytes();
        if let Some(named) = self.schema.key_named(bytes) {
            self.put(named, value);
        } else if let Some(setting) = self.variables.provider_settings.iter_mut().find(|(wanted, _)| wanted.as_bytes() == bytes) {
            setting.1 = value.into_string().ok().map(Secret::new);
        } else if let Some(named) = bytes.strip_suffix(FILE_SUFFIX.as_bytes()).and_then(|stem| self.schema.key_named(stem)) {
            self.put_file(named.key, value);
        } else if bytes == self.schema.environment_variable().as_bytes() {
            self.put_environment(Some(value));
        } else if bytes == CREDENTIALS_DIRECTORY.as_bytes() {
            self.variables.credentials_directory = Some(value).filter(|directory| !directory.is_empty());
        } else {
            // Somebody else's variable may be a secret of theirs.
            wipe_os_string(value);
            self.variables.foreign.push(ForeignName(name));
        }
    }

    fn put(&mut self, named: NamedKey, value: OsString) {
        let origin = Origin::of(self.source);
        let slot = &mut self.snapshot.slots[named.key];
        let holder = slot.winner.as_ref().filter(|entry| entry.layer == Layer::Environment).map(|entry| entry.set_as);
        if holder == Some(SetAs::of(named)) {
            // Of a name that stands twice in the environment the first counts, as for `getenv`.
            wipe_os_string(value);
            return;
        }
        put(self.schema, self.snapshot, named.key, raw(value), origin, Layer::Environment, SetAs::of(named));
        // The key's own name stands above its aliases, in whatever order they come.
        let slot = &mut self.snapshot.slots[named.key];
        if holder == Some(SetAs::Name)
            && let Some(below) = slot.more().shadowed.pop()
            && let Some(alias) = slot.winner.replace(below)
        {
            slot.more().shadowed.push(alias);
        }
    }

    fn put_file(&mut self, key: usize, path: OsString) {
        if !path.is_empty() {
            self.variables.key_files.push(KeyFile { key, path: path.into(), is_made_of_others: false, origin: Origin::of(self.source) });
        }
    }

    fn put_environment(&mut self, value: Option<OsString>) {
        let value = value.filter(|value| !value.is_empty());
        self.variables.environment = value.map(|value| (raw(value), Origin::of(self.source)));
    }

    /// A file that a variable names matters where the key is not set, and where it is a secret, which two places would set then.
    fn finish(mut self) -> Variables {
        let (schema, snapshot) = (self.schema, &*self.snapshot);
        self.variables.key_files.retain(|file| schema.keys()[file.key].spec.is_secret() || snapshot.slots[file.key].winner.is_none());
        self.variables
    }
}

/// A variable of the process environment, or one that was taken out of it.
fn variable(loader: &Loader, name: &str) -> Option<OsString> {
    std::env::var_os(name).or_else(|| {
        let (_, value) = loader.taken.iter().find(|(other, _)| other == name)?;
        Some(os_string(value.to_vec()))
    })
}

/// The variables that were taken out of the process environment, but for those that were set anew since.
fn taken(loader: &Loader) -> impl Iterator<Item = (&OsString, OsString)> {
    let is_gone = |name: &OsString| std::env::var_os(name).map(wipe_os_string).is_none();
    loader.taken.iter().filter(move |(name, _)| is_gone(name)).map(|(name, value)| (name, os_string(value.to_vec())))
}

/// What was taken out of the environment, as it stood there.
fn os_string(value: Vec<u8>) -> OsString {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt as _;
        OsString::from_vec(value)
    }
    #[cfg(not(unix))]
    {
        // Only texts can be taken out of such an environment.
        String::from_utf8(value).unwrap_or_default().into()
    }
}

/// The value of a variable, byte for byte.
fn raw(value: OsString) -> RawValue {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt as _;
        RawValue::Text(RawText::from_bytes(value.into_vec()))
    }
    #[cfg(not(unix))]
    {
        RawValue::Text(match value.into_string() {
            Ok(text) => RawText::new(text),
            Err(value) => RawText::from_bytes(value.into_encoded_bytes()),
        })
    }
}

/// A variable as another reader of `.env` files may put it into a value, where the environment is read at all.
pub(crate) fn outer(loader: &Loader, name: &str) -> Option<String> {
    match &loader.variables {
        _ if !loader.reads_environment => None,
        Some(given) => given.iter().find(|(other, _)| other == name).and_then(|(_, value)| value.to_str().map(ToOwned::to_owned)),
        None => variable(loader, name).and_then(|value| value.into_string().ok()),
    }
}

/// What `CONFIGCHECK` asks a service for, in place of starting.
pub(crate) fn asks_for_schema() -> bool {
    std::env::var_os("CONFIGCHECK").is_some_and(|value| value == "schema")
}

/// Whether a terminal's report is coloured: `FORCE_COLOR` and `NO_COLOR`, when they are not empty, before what the stream is.
pub(crate) fn wants_color(is_terminal: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if set("NO_COLOR") { false } else { set("FORCE_COLOR") || is_terminal }
}
