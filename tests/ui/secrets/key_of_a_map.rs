//! A secret is no key of a map.

use configcheck::Secret;

fn main() {
    let key = Secret::new(String::from("not-a-real-key"));
    let mut names = std::collections::HashMap::new();
    names.insert(key, 1);
}
