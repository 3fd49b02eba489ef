//! `Loader`: which sources a load reads, said in one chain.

use std::ffi::OsString;
use std::mem;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use configcheck_core::wipe::wipe_os_string;
use configcheck_core::{AppConfig, Environment, Provider, Report, Schema, Snapshot};
use configcheck_dotenv::Dialect;
use configcheck_engine::{Leases, Observer, block_on};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::pipeline;
use crate::survey::{self, References};
use crate::{Acceptance, Level, Policy, exit};

/// Which sources a load reads, and how it checks them.
///
/// `Loader::new()` reads what `Settings::load()` reads: the process environment, the `.env` files of the current directory in development
/// and test, `/run/secrets` and `$CREDENTIALS_DIRECTORY`. A loader can be used more than once.
#[derive(Clone)]
#[must_use]
pub struct Loader {
    pub(crate) environment: Option<String>,
    pub(crate) dotenv: DotenvFiles,
    /// `.env` files that the caller opened, lowest layer first; the directory is not looked into then.
    pub(crate) contents: Vec<DotenvContents>,
    pub(crate) dialect: Dialect,
    pub(crate) documents: Vec<DocumentSource>,
    pub(crate) mounted: Vec<PathBuf>,
    pub(crate) standard_mounts: bool,
    pub(crate) secret_maps: Vec<String>,
    pub(crate) providers: Vec<Arc<dyn Provider>>,
    pub(crate) variables: Option<Vec<(OsString, Given)>>,
    /// Variables of the process environment that stand there no more.
    pub(crate) taken: Arc<Vec<(OsString, Zeroizing<Vec<u8>>)>>,
    pub(crate) reads_environment: bool,
    pub(crate) overrides: Vec<(String, Zeroizing<String>)>,
    pub(crate) deadline: Duration,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    pub(crate) policy: Policy,
}

/// Where `.env` files are looked for.
#[derive(Clone, Debug)]
pub(crate) struct DotenvFiles {
    /// The directory; `None` when they are not read at all.
    pub(crate) directory: Option<PathBuf>,
    /// Whether the author named the directory.
    pub(crate) named: bool,
    /// Whether they are read in staging and production too.
    pub(crate) everywhere: bool,
}

/// A `.env` file that the caller opened.
#[derive(Clone)]
pub(crate) struct DotenvContents {
    pub(crate) name: String,
    pub(crate) bytes: Arc<Zeroizing<Vec<u8>>>,
}

/// The value of a variable that the caller gave, which may be a secret. It is overwritten when it is dropped.
#[derive(Clone)]
pub(crate) struct Given(OsString);

impl Deref for Given {
    type Target = OsString;

    fn deref(&self) -> &OsString {
        &self.0
    }
}

impl Drop for Given {
    fn drop(&mut self) {
        wipe_os_string(mem::take(&mut self.0));
    }
}

/// A config file or a provider of figment's.
#[derive(Clone)]
pub(crate) enum DocumentSource {
    File {
        path: PathBuf,
        optional: bool,
    },
    #[cfg(feature = "figment")]
    Provider(Arc<dyn figment::Provider + Send + Sync>),
}

impl Default for Loader {
    fn default() -> Self {
        Self::new()
    }
}

impl Loader {
    /// The sources that `Settings::load()` reads.
    pub fn new() -> Self {
        Self {
            environment: None,
            dotenv: DotenvFiles { directory: Some(PathBuf::new()), named: false, everywhere: false },
            contents: Vec::new(),
            dialect: Dialect::Configcheck,
            documents: Vec::new(),
            mounted: Vec::new(),
            standard_mounts: true,
            secret_maps: Vec::new(),
            providers: Vec::new(),
            variables: None,
            taken: Arc::default(),
            reads_environment: true,
            overrides: Vec::new(),
            deadline: Duration::from_secs(30),
            observer: None,
            policy: Policy::new(),
        }
    }

    /// Says which environment this is, in place of `APP_ENV`.
    pub fn environment(mut self, name: impl Into<String>) -> Self {
        self.environment = Some(name.into());
        self
    }

    /// Looks for `.env` files in this directory instead of the current one; never in its parents.
    pub fn dotenv_dir(mut self, directory: impl Into<PathBuf>) -> Self {
        self.dotenv.directory = Some(directory.into());
        self.dotenv.named = true;
        self
    }

    /// Reads no `.env` file.
    pub fn no_dotenv(mut self) -> Self {
        self.dotenv.directory = None;
        self
    }

    /// Reads no variable of the environment, as for a check of files.
    pub fn no_environment(mut self) -> Self {
        self.reads_environment = false;
        self
    }

    /// Takes a `.env` file that the caller has opened, under the name that reports call it by. Files that are given like this are read in
    /// every environment, a later one above the earlier, and no directory is looked into.
    pub fn dotenv_contents(mut self, name: impl Into<String>, bytes: impl Into<Zeroizing<Vec<u8>>>) -> Self {
        self.contents.push(DotenvContents { name: name.into(), bytes: Arc::new(bytes.into()) });
        self
    }

    /// Reads `.env` files as another reader of such files does.
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// Reads `.env` files in every environment, not only in development and test.
    pub fn dotenv_everywhere(mut self) -> Self {
        self.dotenv.everywhere = true;
        self
    }

    /// Adds a config file, TOML, YAML or JSON by its extension; it must exist. `{environment}` in the path becomes the environment's name.
    /// Of two files that set one key the later wins.
    pub fn file(mut self, path: impl Into<PathBuf>) -> Self {
        self.documents.push(DocumentSource::File { path: path.into(), optional: false });
        self
    }

    /// Adds a config file that need not exist.
    pub fn optional_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.documents.push(DocumentSource::File { path: path.into(), optional: true });
        self
    }

    /// Adds a provider of figment's as a layer, in order with the config files.
    #[cfg(feature = "figment")]
    pub fn layer(mut self, provider: impl figment::Provider + Send + Sync + 'static) -> Self {
        self.documents.push(DocumentSource::Provider(Arc::new(provider)));
        self
    }

    /// Adds a directory of mounted secrets, one file for each key; it must exist. Kubernetes volumes are read as one generation.
    pub fn mounted_dir(mut self, directory: impl Into<PathBuf>) -> Self {
        self.mounted.push(directory.into());
        self
    }

    /// Does not look into `/run/secrets` and `$CREDENTIALS_DIRECTORY`.
    pub fn no_standard_mounts(mut self) -> Self {
        self.standard_mounts = false;
        self
    }

    /// Adds all values of one secret as a layer: `vault:secret/data/{environment}/checkout`, `age:secrets.env.age`.
    pub fn secrets_from(mut self, reference: impl Into<String>) -> Self {
        self.secret_maps.push(reference.into());
        self
    }

    /// Adds a secret manager.
    pub fn provider(mut self, provider: impl Provider + 'static) -> Self {
        self.providers.push(Arc::new(provider));
        self
    }

    /// Reads these variables instead of the process environment; tests need no global then.
    pub fn vars<K: Into<OsString>, V: Into<OsString>>(mut self, variables: impl IntoIterator<Item = (K, V)>) -> Self {
        let variables = variables.into_iter().map(|(name, value)| (name.into(), Given(value.into())));
        self.variables.get_or_insert_with(Vec::new).extend(variables);
        self
    }

    /// Takes variables that were taken out of the process environment, as by `configcheck::memory::take_secrets`: they count as if they still
    /// stood there. Their values are overwritten when the loader is dropped.
    pub fn taken(mut self, variables: impl IntoIterator<Item = (OsString, Zeroizing<Vec<u8>>)>) -> Self {
        Arc::make_mut(&mut self.taken).extend(variables);
        self
    }

    /// Sets a variable, above everything else.
    pub fn set(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.overrides.push((key.into(), Zeroizing::new(value.into())));
        self
    }

    /// How long the whole load may take; 30 seconds unless said otherwise.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Tells somebody how far it is while secret managers answer. [`Loader::load_or_exit`] tells a terminal by itself.
    pub fn observer(mut self, observer: impl Observer + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Sets how much the findings of a rule weigh.
    pub fn level(mut self, rule: impl Into<String>, level: Level) -> Self {
        self.policy = self.policy.level(rule, level);
        self
    }

    /// Accepts the findings of a rule for a variable, and says why.
    pub fn accept(mut self, rule: impl Into<String>, key: impl Into<String>, reason: impl Into<String>) -> Self {
        self.policy = self.policy.accept(Acceptance { rule: rule.into(), key: Some(key.into()), reason: reason.into() });
        self
    }

    /// Replaces levels and acceptances by a policy.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Loads the settings. Works with or without a runtime around it, and blocks.
    ///
    /// # Errors
    ///
    /// The report of everything that is wrong.
    pub fn load<T: AppConfig>(&self) -> Result<T, Error> {
        block_on(pipeline::load(self)).map(|loaded| loaded.value)
    }

    /// Loads the settings without blocking the runtime while secret managers answer.
    ///
    /// # Errors
    ///
    /// The report of everything that is wrong.
    pub async fn load_async<T: AppConfig>(&self) -> Result<T, Error> {
        pipeline::load(self).await.map(|loaded| loaded.value)
    }

    /// Loads the settings together with the leases of the secrets that a manager made for this process, such as a user of a database: they are
    /// prolonged as long as the [`Leases`] live, and given back by [`Leases::revoke`]. Without it such a secret ends when its first lease does.
    ///
    /// # Errors
    ///
    /// The report of everything that is wrong.
    pub fn load_with_leases<T: AppConfig>(&self) -> Result<(T, Leases), Error> {
        let loaded = block_on(pipeline::load(self))?;
        Ok((loaded.value, Leases::keep(loaded.held)))
    }

    /// Loads the settings, or prints the report and exits: with 78 (`EX_CONFIG`), or with 69 (`EX_UNAVAILABLE`) when nothing is wrong but that
    /// a secret manager did not answer.
    ///
    /// With `CONFIGCHECK=schema` in the environment it prints the schema as JSON and exits with 0 before anything else happens.
    pub fn load_or_exit<T: AppConfig>(&self) -> T {
        exit::load_or_exit(self)
    }

    /// Reads the sources for a schema that no struct stands behind, as for a check of files before a deploy: what a type or a constraint
    /// says of a value is judged by the schema. The given environment counts, whatever the sources say; without one it is chosen as in a load.
    pub fn survey(&self, schema: &Schema, environment: Option<Environment>, references: References) -> Snapshot {
        survey::survey(self, schema, environment, references)
    }

    /// Checks everything and constructs nothing that is handed out.
    pub fn inspect<T: AppConfig>(&self) -> Report {
        block_on(pipeline::inspect::<T>(self))
    }
}

impl std::fmt::Debug for Loader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Overrides and explicit variables may hold secrets.
        f.debug_struct("Loader").field("environment", &self.environment).field("dotenv", &self.dotenv).finish_non_exhaustive()
    }
}
