//! The process environment, or the variables that the loader was given. The only file that reads the environment.

use std::ffi::{OsStr, OsString};

use configcheck_core::origin::{Layer, Origin, SourceId, SourceKind};
use configcheck_core::snapshot::{ForeignName, SetAs};
use configcheck_core::value::{RawText, RawValue};
use configcheck_core::{Schema, Snapshot};

use crate::collect::put;
use crate::loader::Loader;
use crate::sources::key_file::KeyFile;

const CREDENTIALS_DIRECTORY: &str = "CREDENTIALS_DIRECTORY";

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
    /// Settings of the providers.
    pub(crate) provider_settings: Vec<(String, Option<String>)>,
}

impl Variables {
    /// Takes the declared variables into the snapshot, in one pass over the environment.
    pub(crate) fn read(loader: &Loader, schema: &Schema, snapshot: &mut Snapshot) -> Self {
        let source = snapshot.add_source(SourceKind::Environment, "the environment", Layer::Environment, true);
        let wanted = crate::providers::settings_of(loader);
        let mut variables = Self {
            environment: None,
            credentials_directory: None,
            key_files: Vec::new(),
            foreign: Vec::new(),
            provider_settings: wanted.into_iter().map(|name| (name.to_owned(), None)).collect(),
        };
        match &loader.variables {
            None => std::env::vars_os().for_each(|(name, value)| variables.take(schema, snapshot, source, name, value)),
            Some(given) => {
                given.iter().for_each(|(name, value)| variables.take(schema, snapshot, source, name.clone(), value.clone()));
            }
        }
        variables
    }

    fn take(&mut self, schema: &Schema, snapshot: &mut Snapshot, source: SourceId, name: OsString, value: OsString) {
        let bytes = name.as_encoded_bytes();
        let origin = Origin::of(source);
        if let Some(named) = schema.key_named(bytes) {
            let set_as = named.alias.map_or(SetAs::Name, SetAs::Alias);
            put(schema, snapshot, named.key, raw(value), origin, Layer::Environment, set_as);
            return;
        }
        if let Some(setting) = self.provider_settings.iter_mut().find(|(wanted, _)| OsStr::new(wanted) == name) {
            setting.1 = value.into_string().ok();
            return;
        }
        if let Some(named) = bytes.strip_suffix(b"_FILE").and_then(|stem| schema.key_named(stem)) {
            if !value.is_empty() {
                self.key_files.push(KeyFile { key: named.key, path: value.into(), origin });
            }
            return;
        }
        if bytes == schema.environment_variable().as_bytes() {
            if !value.is_empty() {
                self.environment = Some((raw(value), origin));
            }
            return;
        }
        if bytes == CREDENTIALS_DIRECTORY.as_bytes() {
            self.credentials_directory = Some(value);
            return;
        }
        self.foreign.push(ForeignName(name));
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

/// What `CONFIGCHECK` asks a service for, in place of starting.
pub(crate) fn asks_for_schema() -> bool {
    std::env::var_os("CONFIGCHECK").is_some_and(|value| value == "schema")
}

/// Whether a terminal's report is coloured: `FORCE_COLOR` and `NO_COLOR`, when they are not empty, before what the stream is.
pub(crate) fn wants_color(is_terminal: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if set("NO_COLOR") { false } else { set("FORCE_COLOR") || is_terminal }
}
