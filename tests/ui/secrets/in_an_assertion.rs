//! Nor can the message of an assertion.

use configcheck::Secret;

fn main() {
    let key = Secret::new(String::from("not-a-real-key"));
    assert!(1 > 2, "bad key: {key}");
}
