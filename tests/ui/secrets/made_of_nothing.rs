//! There is no secret by default.

use configcheck::Secret;

fn main() {
    let key = Secret::new(String::from("not-a-real-key"));
    let _none: Secret<String> = Default::default();
    drop(key);
}
