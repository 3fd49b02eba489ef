//! A secret has no `AsRef`.

use configcheck::Secret;

fn main() {
    let key = Secret::new(String::from("not-a-real-key"));
    let _bytes: &[u8] = key.as_ref();
}
