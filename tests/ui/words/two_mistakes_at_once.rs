//! Every mistake of a struct is told at once.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(evn = "PORT")]
    port: u16,
    #[config(defualt = 1)]
    size: u16,
}

fn main() {}
