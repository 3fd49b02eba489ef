//! A secret is compared with a secret, in constant time; not with a text.

use configcheck::Secret;

fn main() {
    let key = Secret::new(String::from("not-a-real-key"));
    let _same = key == "not-a-real-key";
}
