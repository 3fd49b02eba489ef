//! `SopsProvider`: which files a reference means, and the answer for each.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use configcheck_age::Identities;
use configcheck_core::Provider;
use configcheck_core::provider::{Batch, BoxFuture, ConnectContext, Fetched, Outcome, Payload, Reason, Session, Trust};
use configcheck_core::reference::SecretRef;
use configcheck_core::secret::{ExposeSecret as _, Secret};
use configcheck_core::wipe;
use configcheck_files as files;

use crate::decrypt;
use crate::failure::Failure;
use crate::formats::Format;

/// The largest encrypted file: 2 MiB.
const FILE_LIMIT: u64 = 2 << 20;

/// The options of a reference that the engine reads; sops has none of its own.
const OPTIONS: [&str; 3] = ["encoding", "optional", "trim_nl"];

/// The variables that hold identities, and those that say where sops keeps its own key file.
const SETTINGS: [&str; 6] = {
    let [own, own_file, sops, sops_file] = Identities::VARIABLES;
    [own, own_file, sops, sops_file, "XDG_CONFIG_HOME", "HOME"]
};

/// The key file of sops below the folder of configuration, and what it is called in messages.
const KEY_FILE: &str = "sops/age/keys.txt";
const KEY_FILE_WORDS: &str = "the key file of sops (sops/age/keys.txt)";

/// Reads `sops:` references.
///
/// ```
/// use configcheck_core::Provider;
/// use configcheck_sops::SopsProvider;
///
/// let provider = SopsProvider::new().identity_file("/etc/checkout/identity.txt");
/// assert_eq!(provider.schemes(), ["sops"]);
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct SopsProvider {
    directory: PathBuf,
    identity_files: Vec<PathBuf>,
}

impl SopsProvider {
    /// A provider that has the identities of the environment, and takes paths from the current directory.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file of identities to those that the environment names.
    pub fn identity_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.identity_files.push(path.into());
        self
    }

    /// Takes relative paths, of references and of [`identity_file`](Self::identity_file), from this directory instead of the current
    /// one. Paths in variables of the environment stay relative to the current directory, where the one who set them stands.
    pub fn directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = directory.into();
        self
    }
}

impl Provider for SopsProvider {
    fn schemes(&self) -> &'static [&'static str] {
        &["sops"]
    }

    fn settings(&self) -> &'static [&'static str] {
        &SETTINGS
    }

    fn check(&self, reference: &SecretRef) -> Result<(), Reason> {
        match reference.option_names().find(|name| !OPTIONS.contains(name)) {
            Some(name) => Err(Reason::new(format!("sops has no option `{name}`")).help("remove it; a file has one version and no region")),
            None => Ok(()),
        }
    }

    fn trust(&self) -> Trust {
        Trust::Encrypted
    }

    /// Reads the identities, once for all files.
    fn connect<'a>(&'a self, context: &'a ConnectContext) -> BoxFuture<'a, Result<Arc<dyn Session>, Outcome>> {
        Box::pin(async move {
            let files = self.identity_files.iter().map(|path| self.directory.join(path));
            let mut identities = Identities::collect(&context.settings, files);
            if let Some(path) = key_file(context.settings.get(Identities::VARIABLES.len()..).unwrap_or_default()) {
                identities.add_place(KEY_FILE_WORDS, &path);
            }
            Ok(Arc::new(SopsSession { directory: self.directory.clone(), identities }) as Arc<dyn Session>)
        })
    }
}

/// Where sops keeps its key file: below `XDG_CONFIG_HOME`, or below `.config` of the home folder.
fn key_file(settings: &[Option<Secret<String>>]) -> Option<PathBuf> {
    let folder = |at: usize| {
        let value = settings.get(at)?.as_ref()?.expose_secret();
        (!value.is_empty()).then(|| PathBuf::from(value))
    };
    let configuration = folder(0).or_else(|| folder(1).map(|home| home.join(".config")))?;
    Some(configuration.join(KEY_FILE))
}

/// The identities at hand.
struct SopsSession {
    directory: PathBuf,
    identities: Identities,
}

impl SopsSession {
    fn read(&self, reference: &SecretRef) -> Result<Payload, Failure> {
        let path = Path::new(reference.path());
        let contents = files::read(&self.directory.join(path), FILE_LIMIT).map_err(Failure::File)?;
        let text = std::str::from_utf8(&contents.bytes).map_err(|_| Failure::NoText)?;
        let payload = decrypt::decrypt(Format::of(path, text), text, &self.identities);
        wipe::stack();
        payload
    }
}

impl Session for SopsSession {
    fn describe(&self) -> String {
        "the age identities of this process".to_owned()
    }

    fn fetch<'a>(&'a self, batch: &'a Batch) -> BoxFuture<'a, Vec<Outcome>> {
        Box::pin(async move {
            let one = |reference: &SecretRef| match self.read(reference) {
                Ok(payload) => Outcome::Found(Fetched::new(payload)),
                Err(failure) => failure.outcome(reference.path()),
            };
            batch.references.iter().map(one).collect()
        })
    }
}
