//! A secret is not written as it is.

use configcheck::Secret;

fn main() {
    let key = Secret::new(String::from("not-a-real-key"));
    let _ = std::fs::write("key.txt", key);
}
