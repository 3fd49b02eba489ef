//! Gives the bytes of libFuzzer to the check of the grammar of references.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| (configcheck_fuzz_oracles::REFERENCES.check)(bytes));
