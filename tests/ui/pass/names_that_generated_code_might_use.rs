//! Constants, functions and fields with names that generated code might use for its own variables do not meet them.

#![allow(non_upper_case_globals, dead_code)]

use configcheck::AppConfig;

const c: u8 = 0;
const i: u8 = 0;
const v: u8 = 0;
const key: u8 = 0;
const value: u8 = 0;
const error: u8 = 0;
fn load() {}
fn schema() {}

#[derive(AppConfig)]
struct Settings {
    r#type: String,
    self_: u8,
    schema: String,
    load: String,
    f0: u8,
    #[validate(range(max = 5), custom(function = check))]
    key: u8,
}

fn check(_: u8) -> Result<(), &'static str> {
    Ok(())
}

fn main() {
    let _ = Settings::schema();
}
