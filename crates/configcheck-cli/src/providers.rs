//! The secret managers that this build reaches; the only file here that names their features.

use std::sync::Arc;

use configcheck_core::Provider;
use configcheck_loader::FileProvider;

/// The providers whose features are on. `file:` is always read.
pub(crate) fn all() -> Vec<Arc<dyn Provider>> {
    vec![
        #[cfg(feature = "vault")]
        Arc::new(configcheck_vault::VaultProvider::new()),
        #[cfg(feature = "aws")]
        Arc::new(configcheck_aws::AwsProvider::new()),
        #[cfg(feature = "sops")]
        Arc::new(configcheck_sops::SopsProvider::new()),
        #[cfg(feature = "etcd")]
        Arc::new(configcheck_etcd::EtcdProvider::new()),
        #[cfg(feature = "age")]
        Arc::new(configcheck_age::AgeProvider::new()),
        Arc::new(FileProvider),
    ]
}

/// The schemes that they read, sorted.
pub(crate) fn schemes() -> Vec<&'static str> {
    let mut schemes: Vec<&'static str> = all().iter().flat_map(Provider::schemes).copied().collect();
    schemes.sort_unstable();
    schemes
}
