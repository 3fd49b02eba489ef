//! What holds for every text that is read as a reference; tests and fuzzers ask it.

use configcheck_core::SecretRef;
use configcheck_core::reference::{RefTemplate, SCHEMES};

/// Asserts what holds for every text: reading it never panics, an error lies within the text, and what was read has one canonical form.
///
/// # Panics
///
/// When one of these does not hold.
pub fn assert_reference_holds(text: &str) {
    let parsed = SecretRef::parse(text);
    assert_eq!(parsed.is_some(), SecretRef::is_reference(text), "a reference is what has the form of one");
    let template = RefTemplate::parse(text);
    match parsed {
        None => assert!(template.is_none(), "a template is a reference"),
        Some(Err(error)) => {
            assert!(text.is_char_boundary(error.at), "the place is in the text, at the start of a character");
            if let Some(Err(error)) = template {
                assert!(text.is_char_boundary(error.at), "the place is in the text, at the start of a character");
            }
        }
        Some(Ok(reference)) => {
            assert_eq!(reference.as_str(), text, "what was written is kept");
            assert!(SCHEMES.contains(&reference.scheme()), "the scheme is a known one");
            assert_canonical(&reference);
            assert_canonical(&reference.without_field());
            assert_eq!(reference.id(), reference.without_field().to_string(), "the id is the text of what is fetched");
            assert!(template.is_some_and(|template| template.is_ok_and(|template| *template.unfilled() == reference)), "it is a template");
        }
    }
}

/// The canonical text is read as the same again, and has nothing in it that leads elsewhere.
fn assert_canonical(reference: &SecretRef) {
    let canonical = reference.to_string();
    let again = SecretRef::parse(&canonical).and_then(Result::ok);
    assert!(again.as_ref() == Some(reference), "the canonical text is read as the same: {canonical}");
    assert_eq!(again.map(|again| again.to_string()), Some(canonical.clone()), "the canonical text is its own");
    assert!(!canonical.chars().any(|c| c.is_control() || "\\%{}".contains(c)), "nothing in it is another character in disguise");
    assert!(!reference.path().split('/').any(|step| step == ".."), "no step leads upwards");
}
