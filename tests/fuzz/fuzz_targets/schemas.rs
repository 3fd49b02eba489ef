//! Gives the bytes of libFuzzer to the check of the readers of schemas.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| (configcheck_fuzz_oracles::SCHEMAS.check)(bytes));
