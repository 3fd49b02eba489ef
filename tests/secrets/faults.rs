//! The fault matrix F1 to F21 through everything that a start goes through: loader, engine, provider, HTTP client, and a server that plays
//! the fault.
//!
//! What is not here is where it can be made: F21, a name that leads elsewhere at the second try, in `configcheck-http`, whose tests choose what names
//! mean; the spellings of `VAULT_SKIP_VERIFY` one by one in `configcheck-vault`.

mod addresses;
mod answers;
mod echoes;
mod memory;
mod proxies;
mod redirects;
mod retries;
mod several;
mod table;
mod timing;
mod tls;
