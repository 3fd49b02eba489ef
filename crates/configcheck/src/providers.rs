//! The providers that this build has; the only file that names their features.

use std::sync::Arc;

#[cfg(feature = "age")]
pub use configcheck_age::AgeProvider;
#[cfg(feature = "aws")]
pub use configcheck_aws::AwsProvider;
use configcheck_core::Provider;
#[cfg(feature = "etcd")]
pub use configcheck_etcd::EtcdProvider;
pub use configcheck_loader::FileProvider;
#[cfg(feature = "sops")]
pub use configcheck_sops::SopsProvider;
#[cfg(feature = "vault")]
pub use configcheck_vault::{Credential as VaultCredential, Login as VaultLogin, VaultProvider};

/// The providers whose features are on. Every load asks them, after those that its loader was given; `file:` is always read.
pub fn compiled_in() -> Vec<Arc<dyn Provider>> {
    vec![
        #[cfg(feature = "vault")]
        Arc::new(VaultProvider::new()),
        #[cfg(feature = "aws")]
        Arc::new(AwsProvider::new()),
        #[cfg(feature = "sops")]
        Arc::new(SopsProvider::new()),
        #[cfg(feature = "etcd")]
        Arc::new(EtcdProvider::new()),
        #[cfg(feature = "age")]
        Arc::new(AgeProvider::new()),
    ]
}
