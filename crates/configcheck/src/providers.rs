//! The providers that this build has; the only file that names their features.

use std::sync::Arc;

#[cfg(feature = "age")]
pub use configcheck_age::AgeProvider;
use configcheck_core::Provider;
pub use configcheck_loader::FileProvider;

/// The providers whose features are on. Every load asks them, after those that its loader was given; `file:` is always read.
pub fn compiled_in() -> Vec<Arc<dyn Provider>> {
    vec![
        #[cfg(feature = "age")]
        Arc::new(AgeProvider::new()),
    ]
}
