//! A secret is not borrowed as what it holds.

use configcheck::Secret;

fn main() {
    let key = Secret::new(String::from("not-a-real-key"));
    let _text: &str = &key;
}
