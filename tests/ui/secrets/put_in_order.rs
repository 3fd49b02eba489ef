//! The order of two secrets tells of both.

use configcheck::Secret;

fn main() {
    let key = Secret::new(String::from("not-a-real-key"));
    let _less = key < Secret::new(String::new());
}
