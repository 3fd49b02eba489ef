//! The leak oracle of the command: shapes of secrets, times places where a secret may stand, times commands and formats. Nothing of a secret
//! may be in what a run prints or writes.
//!
//! Every cell runs with two secrets of one shape that differ in every byte and in length and are equally valid. A cell leaks when an output
//! holds a piece of the secret in any encoding ([`search`]), or when the two runs differ in a single byte ([`judge`]): what does not depend
//! on the secret can disclose neither its length nor a prefix nor a hash. The search, the judge, the shapes and the planted leaks are those
//! of the library's oracle.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test that cannot go on has failed, and its names say what it is"
)]
#![allow(clippy::print_stdout, clippy::use_debug, reason = "the oracle says what it searched")]

mod channels;
mod commands;
mod derived;
mod injection;
#[path = "../../../../tests/leaks/judge.rs"]
mod judge;
mod matrix;
mod mutants;
#[path = "../../../../tests/leaks/pairs.rs"]
mod pairs;
mod places;
#[path = "../../../../tests/leaks/planted.rs"]
mod planted;
#[path = "../../../../tests/leaks/quoting.rs"]
mod quoting;
mod scene;
#[path = "../../../../tests/leaks/search.rs"]
mod search;
#[path = "../../../../tests/leaks/shapes.rs"]
mod shapes;
