//! `file:path`: a secret in a file of its own.

use std::path::Path;
use std::sync::Arc;

use configcheck_core::Provider;
use configcheck_core::display::escaped;
use configcheck_core::provider::{Batch, BoxFuture, ConnectContext, Fetched, Outcome, Reason, Retry, Session, Trust};
use configcheck_core::reference::{ENGINE_OPTIONS, SecretRef};
use configcheck_files::{self as files, Refusal};

/// Reads `file:` references. One final line end is taken off the value later, unless the reference says `trim_nl=false`.
#[derive(Clone, Copy, Debug, Default)]
pub struct FileProvider;

impl Provider for FileProvider {
    fn schemes(&self) -> &'static [&'static str] {
        &["file"]
    }

    fn check(&self, reference: &SecretRef) -> Result<(), Reason> {
        match reference.option_names().find(|name| !ENGINE_OPTIONS.contains(name)) {
            Some(name) => Err(Reason::new(format!("file has no option `{}`", escaped(name))).help("remove it from the reference")),
            None => Ok(()),
        }
    }

    fn trust(&self) -> Trust {
        Trust::Plain
    }

    fn connect<'a>(&'a self, _: &'a ConnectContext) -> BoxFuture<'a, Result<Arc<dyn Session>, Outcome>> {
        Box::pin(async { Ok(Arc::new(FileSession) as Arc<dyn Session>) })
    }
}

/// Files need no login.
#[derive(Debug)]
struct FileSession;

impl Session for FileSession {
    fn describe(&self) -> String {
        "the user of this process".to_owned()
    }

    fn fetch<'a>(&'a self, batch: &'a Batch) -> BoxFuture<'a, Vec<Outcome>> {
        Box::pin(async move { batch.references.iter().map(read).collect() })
    }
}

fn read(reference: &SecretRef) -> Outcome {
    match files::read(Path::new(reference.path()), files::DEFAULT_LIMIT) {
        Ok(contents) => Outcome::Found(Fetched::value(contents.bytes.to_vec())),
        Err(refusal) => {
            let reason = Reason::new(format!("the file cannot be read: {refusal}")).help(refusal.help());
            match refusal {
                Refusal::NotFound => Outcome::Absent(reason),
                Refusal::Denied => Outcome::Denied(reason),
                Refusal::Broken => Outcome::Unavailable { retry: Retry::Never, reason },
                refusal if refusal.is_passing() => Outcome::unavailable(reason),
                _ => Outcome::Malformed(reason),
            }
        }
    }
}
