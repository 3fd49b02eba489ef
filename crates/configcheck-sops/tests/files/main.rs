//! `sops:` references on files that the real sops makes, which is asked in every case of doubt.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod arbitrary;
mod conformance;
mod outcomes;
mod real;
mod tampering;
mod values;
