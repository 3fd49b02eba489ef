//! What a secret holds is its own.

use configcheck::Secret;

fn main() {
    let key = Secret::new(String::from("not-a-real-key"));
    let _cell = key.cell;
}
