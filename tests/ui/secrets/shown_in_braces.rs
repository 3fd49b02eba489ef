//! A secret has no `Display`, whichever way it is put into a text.

use configcheck::Secret;

fn main() {
    let key = Secret::new(String::from("not-a-real-key"));
    let _text = format!("the key is {key}");
}
