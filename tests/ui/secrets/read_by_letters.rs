//! The letters of a secret are reached only where it is exposed.

use configcheck::Secret;

fn main() {
    let key = Secret::new(String::from("not-a-real-key"));
    let _letters = key.chars();
}
