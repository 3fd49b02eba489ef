//! Gives the bytes of libFuzzer to the check of a whole load.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| (configcheck_fuzz_oracles::LOADING.check)(bytes));
