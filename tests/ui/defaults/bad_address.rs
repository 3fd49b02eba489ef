//! An address is checked when it is compiled.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    #[config(default = "127.0.0.256")]
    address: std::net::IpAddr,
}

fn main() {}
