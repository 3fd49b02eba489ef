//! A secret is not turned into a text by its type.

use configcheck::Secret;

fn main() {
    let key = Secret::new(String::from("not-a-real-key"));
    let _text: String = key.into();
}
