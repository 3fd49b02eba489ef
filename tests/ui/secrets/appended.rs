//! A secret is no piece of a text.

use configcheck::Secret;

fn main() {
    let key = Secret::new(String::from("not-a-real-key"));
    let _text = String::from("key=") + &key;
}
