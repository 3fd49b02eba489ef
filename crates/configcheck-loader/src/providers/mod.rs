//! The providers of a load: those that the loader was given, then the one for plain files.

use std::sync::Arc;

use configcheck_core::{AppConfig, Provider};

use crate::loader::Loader;

mod file;

pub use file::FileProvider;

/// All providers, in the order in which they are asked whether a scheme is theirs: the loader's, those that were compiled in, files.
pub(crate) fn of<T: AppConfig>(loader: &Loader) -> Vec<Arc<dyn Provider>> {
    let mut providers = loader.providers.clone();
    providers.extend(T::providers());
    providers
}
