//! How Configcheck fetches secrets: once each, in batches, within one deadline, with retries that help.
