//! Not even a part of a secret is shown.

use configcheck::Secret;

fn main() {
    let key = Secret::new(String::from("not-a-real-key"));
    println!("{:.3}", key);
}
