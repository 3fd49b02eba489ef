//! A secret is exposed for as long as it lives, and no longer.

use configcheck::{ExposeSecret, Secret};

fn main() {
    let key = Secret::new(String::from("not-a-real-key"));
    let text: &String = key.expose_secret();
    drop(key);
    println!("{text}");
}
