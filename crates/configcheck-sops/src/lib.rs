//! `sops:` references: secrets in files that are encrypted with [SOPS](https://getsops.io) and age, without any server.
//!
//! `sops:secrets.enc.yaml#/database/password` is one value of a file; `#database.password` means the same. The whole file is a layer with
//! `Loader::secrets_from("sops:secrets.enc.yaml")`: each value is there under its path, `database.password`, items of lists by their
//! number, `hosts.0`. Keys without a value (`null`) are not there.
//!
//! # Formats
//!
//! YAML, JSON, `.env`, INI and binary files, as sops 3 writes them. The end of the file's name says which, as it does for sops:
//! `.yaml` and `.yml`, `.json`, `.env`, `.ini`; of any other name the text says it, and a binary file is one value. A value is what
//! sops itself makes of it:
//!
//! - All numbers of JSON are floating-point numbers, so that `1.0` is `1`. Text, not a number, keeps the digits of what is long.
//! - A YAML date is a point in time, `2024-01-02T00:00:00Z`.
//! - Quotes in a `.env` file are part of the value. Write the values without quotes, as `sops exec-env` needs it too.
//! - Keys of an INI file that stand in no section are in `DEFAULT`.
//!
//! A YAML file is one document, without anchors. Empty text is not encrypted by sops, and needs no key to be changed; the checksum tells.
//!
//! # Who can decrypt
//!
//! The file has to be encrypted for an X25519 identity of age (`AGE-SECRET-KEY-1…`), beside others where there are. The identities are
//! those of [`configcheck_age`]: `SOPS_AGE_KEY`, `SOPS_AGE_KEY_FILE`, `CONFIGCHECK_AGE_IDENTITY`, `CONFIGCHECK_AGE_IDENTITY_FILE`,
//! [`SopsProvider::identity_file`], and the key file of sops, `~/.config/sops/age/keys.txt`. Key services of clouds, PGP, and files that
//! need several key groups together are refused with their names.
//!
//! # What is verified
//!
//! A value is handed out only when each encrypted value of the file was encrypted for the key under which it stands, when every value
//! that has to be encrypted is, and when the checksum (`mac`) fits all of them in their order and the time of the last change. What sops'
//! checksum does not cover is not protected here either: names of keys in clear, keys without a value, comments, and with
//! `mac_only_encrypted` all values in clear.
//!
//! The crate writes no file, keeps nothing after a fetch, and never passes on the text of a foreign error. Decrypted values and the keys
//! are overwritten in memory when they are dropped.

mod cipher;
mod decrypt;
mod document;
mod failure;
mod formats;
mod metadata;
mod provider;
mod rule;
mod time;

pub use provider::SopsProvider;
