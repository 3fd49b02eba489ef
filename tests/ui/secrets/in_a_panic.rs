//! A panic cannot quote a secret.

use configcheck::Secret;

fn main() {
    let key = Secret::new(String::from("not-a-real-key"));
    panic!("bad key: {key}");
}
