//! A type that nothing reads says what to do.

use configcheck::{AppConfig};

#[derive(AppConfig)]
struct Settings {
    pool: Pool,
}

struct Pool;

fn main() {}
