//! Secrets are not sorted.

use configcheck::Secret;

fn main() {
    let key = Secret::new(String::from("not-a-real-key"));
    let mut keys = vec![key];
    keys.sort();
}
