//! Gives the bytes of libFuzzer to the check of the readers of config files, encrypted files and policies.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| (configcheck_fuzz_oracles::DOCUMENTS.check)(bytes));
