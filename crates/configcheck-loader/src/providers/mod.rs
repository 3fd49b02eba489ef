//! The providers of a load: those that the loader was given, then the one for plain files.

use std::sync::Arc;

use configcheck_core::Provider;
use configcheck_core::reference::SecretRef;

use crate::loader::Loader;

mod file;

pub use file::FileProvider;

/// All providers, in the order in which they are asked whether a scheme is theirs.
pub(crate) fn of(loader: &Loader) -> Vec<Arc<dyn Provider>> {
    let mut providers = loader.providers.clone();
    providers.push(Arc::new(FileProvider));
    providers
}

/// The provider for a reference's scheme.
pub(crate) fn index_for(providers: &[Arc<dyn Provider>], reference: &SecretRef) -> Option<usize> {
    providers.iter().position(|provider| provider.schemes().contains(&reference.scheme()))
}

/// The variables that hold the providers' own settings.
pub(crate) fn settings_of(loader: &Loader) -> Vec<&'static str> {
    loader.providers.iter().flat_map(|provider| provider.settings().iter().copied()).collect()
}
