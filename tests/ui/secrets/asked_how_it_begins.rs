//! How a secret begins is part of it.

use configcheck::Secret;

fn main() {
    let key = Secret::new(String::from("not-a-real-key"));
    let _known = key.starts_with("not");
}
