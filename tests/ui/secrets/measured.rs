//! The length of a secret is part of it.

use configcheck::Secret;

fn main() {
    let key = Secret::new(String::from("not-a-real-key"));
    let _length = key.len();
}
