//! Gives the bytes of libFuzzer to the check of the time that the readers of `.env` files take.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| (configcheck_fuzz_oracles::DOTENV_TIME.check)(bytes));
