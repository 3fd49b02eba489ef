//! `age:` references: secrets in files that are encrypted with [age](https://age-encryption.org), without any server.
//!
//! `age:secrets.env.age#JWT_SECRET` is the value of `JWT_SECRET` in `secrets.env.age`. The file may be binary or armoured. Its name
//! without `.age` says what is in it: `*.env`, `*.env.*` and `.env*` hold named values; of any other file the whole text is the value,
//! and a `#field` of it is looked up in JSON.
//!
//! Identities are X25519 keys (`AGE-SECRET-KEY-1…`). They come from the variables `CONFIGCHECK_AGE_IDENTITY` (the keys themselves, one a
//! line) and `CONFIGCHECK_AGE_IDENTITY_FILE`, from `SOPS_AGE_KEY` and `SOPS_AGE_KEY_FILE` as sops reads them, and from
//! [`AgeProvider::identity_file`]. All that are there are tried, as age itself does; a broken one is reported when no other one fits.
//! Files with a passphrase, SSH keys and plugins are not read: a service that starts by itself has nobody to ask.
//!
//! The crate writes no file, keeps nothing after a fetch, and never passes on the text of a foreign error. Decrypted text and
//! identity files are overwritten in memory when they are dropped.

mod decrypt;
mod failure;
mod identity;
mod payload;
mod provider;

pub use decrypt::Locked;
pub use identity::Identities;
pub use provider::AgeProvider;
