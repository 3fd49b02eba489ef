//! A word with a slip is offered in its right spelling.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(defualt = 8080)]
    port: u16,
}

fn main() {}
