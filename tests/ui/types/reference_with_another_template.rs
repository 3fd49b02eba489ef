//! Only the names of the environment and the service are put into a reference.

use configcheck::{AppConfig, Secret};

#[derive(AppConfig)]
struct Settings {
    #[config(from = "vault:secret/data/{region}/app#key")]
    key: Secret<String>,
}

fn main() {}
