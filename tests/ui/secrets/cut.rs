//! A piece of a secret is a secret.

use configcheck::Secret;

fn main() {
    let key = Secret::new(String::from("not-a-real-key"));
    let _start = &key[..3];
}
