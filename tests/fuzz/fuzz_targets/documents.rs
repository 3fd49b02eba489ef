//! Fuzzes files in TOML, YAML and JSON; what has to hold stands in the oracles.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| (configcheck_fuzz_oracles::DOCUMENTS.check)(bytes));
