//! The names come from the fields.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings(u16);

fn main() {}
