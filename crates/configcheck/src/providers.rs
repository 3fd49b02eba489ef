//! The providers that this build has; the only file that names their features.

#[cfg(feature = "age")]
pub use configcheck_age::AgeProvider;
pub use configcheck_loader::FileProvider;
