//! A secret is not made a text in passing.

use configcheck::Secret;

fn main() {
    let key = Secret::new(String::from("not-a-real-key"));
    let _text = key.to_string();
}
