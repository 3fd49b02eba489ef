//! An item cannot contain what separates items.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(default = ["a,b"])]
    names: Vec<String>,
}

fn main() {}
