//! A secret has no `Serialize`.

use configcheck::Secret;

fn is_serializable(_: &impl serde::Serialize) {}

fn main() {
    is_serializable(&Secret::new(String::from("not-a-real-key")));
}
