//! A secret is no reference to its value.

use configcheck::Secret;

fn main() {
    let key = Secret::new(String::from("not-a-real-key"));
    let _text = *key;
}
