//! `AgeProvider`: which files a reference means, and the answer for each.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use configcheck_core::Provider;
use configcheck_core::provider::{Batch, BoxFuture, ConnectContext, Fetched, Outcome, Payload, Reason, Session, Trust};
use configcheck_core::reference::{ENGINE_OPTIONS, SecretRef};
use configcheck_files as files;

use crate::decrypt::{EncryptedFile, PLAINTEXT_LIMIT};
use crate::failure::Failure;
use crate::identity::Identities;
use crate::payload;

/// The largest encrypted file: the armour of the largest text takes a third more than the text.
const FILE_LIMIT: u64 = 2 * PLAINTEXT_LIMIT;

/// Reads `age:` references.
///
/// ```
/// use configcheck_age::AgeProvider;
/// use configcheck_core::Provider;
///
/// let provider = AgeProvider::new().identity_file("/etc/checkout/identity.txt");
/// assert_eq!(provider.schemes(), ["age"]);
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct AgeProvider {
    directory: PathBuf,
    identity_files: Vec<PathBuf>,
}

impl AgeProvider {
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

impl Provider for AgeProvider {
    fn schemes(&self) -> &'static [&'static str] {
        &["age"]
    }

    fn settings(&self) -> &'static [&'static str] {
        &Identities::VARIABLES
    }

    fn check(&self, reference: &SecretRef) -> Result<(), Reason> {
        match reference.option_names().find(|name| !ENGINE_OPTIONS.contains(name)) {
            Some(name) => Err(Reason::new(format!("age has no option `{name}`")).help("remove it; a file has one version and no region")),
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
            let identities = Identities::collect(&context.settings, files);
            Ok(Arc::new(AgeSession { directory: self.directory.clone(), identities }) as Arc<dyn Session>)
        })
    }
}

/// The identities at hand.
struct AgeSession {
    directory: PathBuf,
    identities: Identities,
}

impl AgeSession {
    fn read(&self, reference: &SecretRef) -> Result<Payload, Failure> {
        let path = Path::new(reference.path());
        let contents = files::read(&self.directory.join(path), FILE_LIMIT).map_err(Failure::File)?;
        let plaintext = EncryptedFile::read(&contents.bytes)?.decrypt(&self.identities)?;
        payload::of(path, &plaintext)
    }
}

impl Session for AgeSession {
    fn describe(&self) -> String {
        "the age identities of this process".to_owned()
    }

    fn fetch<'a>(&'a self, batch: &'a Batch) -> BoxFuture<'a, Vec<Outcome>> {
        Box::pin(async move {
            let one = |reference| match self.read(reference) {
                Ok(payload) => Outcome::Found(Fetched::new(payload)),
                Err(failure) => failure.into(),
            };
            batch.references.iter().map(one).collect()
        })
    }
}
