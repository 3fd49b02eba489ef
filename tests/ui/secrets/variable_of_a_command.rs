//! A child is given a secret only where it is exposed.

use configcheck::Secret;

fn main() {
    let key = Secret::new(String::from("not-a-real-key"));
    std::process::Command::new("true").env("KEY", key);
}
