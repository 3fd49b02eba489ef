//! A secret has no `Display`.

use configcheck::Secret;

fn main() {
    let key = Secret::new(String::from("not-a-real-key"));
    println!("{}", key);
}
