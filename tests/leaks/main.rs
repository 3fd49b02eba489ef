//! The leak oracle: shapes of secrets, times kinds of failures, times channels of output. Nothing of a secret may be in any of them.
//!
//! Every case runs three times, with three secrets of one shape: two of them have different lengths, and all are equally valid. An output
//! leaks when it holds a piece of the secret in any encoding ([`search`]), or when the three runs differ in a single byte ([`judge`]):
//! what does not depend on the secret can disclose neither its length nor a prefix nor a hash.
//!
//! A panic in a service's own function says what the service wrote, and nothing of ours beside it ([`panics`]).
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::exit,
    clippy::use_debug
)]
#![allow(missing_docs)]

#[path = "../traced.rs"]
mod all_traces;
mod channels;
mod derived;
mod failures;
mod injection;
mod judge;
mod matrix;
mod mutants;
mod pairs;
mod panics;
mod planted;
mod process;
mod quoting;
mod search;
mod settings;
mod shapes;
