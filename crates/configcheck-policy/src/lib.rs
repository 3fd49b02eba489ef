//! Least-privilege policies and fleet costs from a Configcheck schema.
