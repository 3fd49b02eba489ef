//! A secret is no error.

use configcheck::Secret;

fn main() {
    let key = Secret::new(String::from("not-a-real-key"));
    let _error: Box<dyn std::error::Error> = key.into();
}
