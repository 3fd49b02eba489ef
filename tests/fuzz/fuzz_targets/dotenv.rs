//! Gives the bytes of libFuzzer to the check of the readers of `.env` files.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| (configcheck_fuzz_oracles::DOTENV.check)(bytes));
