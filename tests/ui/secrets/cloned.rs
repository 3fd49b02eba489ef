//! Each copy of a secret is asked for by name: `Clone` would hide it.

use configcheck::Secret;

fn main() {
    let key = Secret::new(String::from("not-a-real-key"));
    let _copy = key.clone();
}
