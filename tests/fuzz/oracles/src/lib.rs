//! The fuzz targets without the fuzzer: how bytes become an input of each target, and what has to hold for it.
//!
//! The programs in `tests/fuzz/fuzz_targets` give the bytes of libFuzzer to [`Target::check`]; the test `replay` gives it the committed corpus.
//! A target fails by panicking.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a target fails by panicking")]

mod documents;
mod dotenv;
mod dotenv_time;
mod loading;
mod pieces;
mod references;
mod schemas;

// The readers of documents, which their crates keep to themselves, compiled once more.
#[allow(dead_code, unused_imports, unreachable_pub, reason = "the targets need only the readers")]
#[path = "../../../../crates/configcheck-loader/src/formats/mod.rs"]
mod formats;

#[allow(dead_code, unreachable_pub, reason = "the targets need only the readers")]
#[path = "../../../../crates/configcheck-sops/src/document.rs"]
mod document;

#[allow(dead_code, unreachable_pub, reason = "the targets need only the readers")]
#[path = "../../../../crates/configcheck-sops/src/formats/mod.rs"]
mod sops;

#[allow(dead_code, unreachable_pub, reason = "the targets need only the readers")]
#[path = "../../../../crates/configcheck-sops/src/time.rs"]
mod time;

#[allow(dead_code, clippy::pedantic, reason = "the targets need only the search")]
#[path = "../../../leaks/search.rs"]
mod search;

/// A target: its row in the table of figures, its name, and its check.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The row in the table of figures.
    pub row: &'static str,
    /// The name of the program and of the folder of its corpus.
    pub name: &'static str,
    /// Checks one input; panics when something does not hold.
    pub check: fn(&[u8]),
}

/// The reader of `.env` files, ours and those of other programs.
pub const DOTENV: Target = Target { row: "Z1", name: "dotenv", check: dotenv::check };

/// The time that the readers of `.env` files take, which grows as the file does.
pub const DOTENV_TIME: Target = Target { row: "Z1.time", name: "dotenv_time", check: dotenv_time::check };

/// The grammar of references.
pub const REFERENCES: Target = Target { row: "Z2", name: "references", check: references::check };

/// The readers of schemas.
pub const SCHEMAS: Target = Target { row: "Z3", name: "schemas", check: schemas::check };

/// The readers of config files, of encrypted files and of policies.
pub const DOCUMENTS: Target = Target { row: "Z4", name: "documents", check: documents::check };

/// A whole load.
pub const LOADING: Target = Target { row: "Z5", name: "loading", check: loading::check };

/// Every target.
pub const ALL: &[Target] = &[DOTENV, DOTENV_TIME, REFERENCES, SCHEMAS, DOCUMENTS, LOADING];
