//! 1Password: `op://vault/item/[section/]field`, as its own command writes it.
//!
//! Names have letters, digits, blanks and `- _ .`; what is called otherwise is named by its id. The item is the secret, and the section and
//! the field are its field, so that the fields of an item are fetched together.

use super::error::RefErrorKind;
use super::part::Part;
use super::tail::{Read, Reading, Tail};

pub(super) const SCHEME: &str = "op";
const FORM: RefErrorKind = RefErrorKind::Form("op://vault/item/field or op://vault/item/section/field");

/// What stands behind `op://`.
pub(super) fn read(part: Part<'_>) -> Read {
    let tail = Tail::of(part)?;
    let path = tail.path.without_outer_slashes();
    let is_of_name = |c: char| c.is_alphanumeric() || " _-.".contains(c);
    for step in path.of_full_steps()?.split('/') {
        step.of_characters(is_of_name)?;
    }
    let steps: Vec<&str> = path.text().split('/').collect();
    let (item, field) = match (&steps[..], tail.field) {
        ([vault, item], None) => (format!("{vault}/{item}"), None),
        // vals writes the field behind a # too.
        ([vault, item], Some(field)) => {
            let field = field.without_outer_slashes();
            for step in field.of_full_steps()?.split('/') {
                step.of_characters(is_of_name)?;
            }
            if field.text().split('/').count() > 2 {
                return Err(field.wrong_at_end(FORM));
            }
            (format!("{vault}/{item}"), Some(field.text().to_owned()))
        }
        ([vault, item, field @ ..], None) if field.len() <= 2 => (format!("{vault}/{item}"), Some(field.join("/"))),
        ([_, _, _, ..], Some(field)) => return Err(field.wrong(RefErrorKind::Twice)),
        _ => return Err(path.wrong_at_end(FORM)),
    };
    Ok(Reading::new(SCHEME, item, field, tail.options))
}
