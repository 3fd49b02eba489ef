//! Fuzzes the time that `.env` files take; what has to hold stands in the oracles.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| (configcheck_fuzz_oracles::DOTENV_TIME.check)(bytes));
