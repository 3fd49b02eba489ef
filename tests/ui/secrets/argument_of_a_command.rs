//! Arguments are seen by every user of the machine.

use configcheck::Secret;

fn main() {
    let key = Secret::new(String::from("not-a-real-key"));
    std::process::Command::new("true").arg(key);
}
