//! `schema` needs the function.

use configcheck::{AppConfig};

#[derive(AppConfig)]
#[validate(schema(message = "wrong"))]
struct Settings {
    port: u16,
}

fn main() {}
