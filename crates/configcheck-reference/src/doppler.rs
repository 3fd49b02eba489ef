//! Doppler: `doppler:project/config/KEY`. The config is the secret, since one call delivers all of its keys.
//!
//! Names have letters, digits and `_ - .`.

use super::error::RefErrorKind;
use super::part::Part;
use super::tail::{Read, Reading, Tail};

pub(super) const SCHEME: &str = "doppler";
const FORM: RefErrorKind = RefErrorKind::Form("doppler:project/config/KEY");

/// `doppler:project/config/KEY`, or `doppler:project/config` for the whole config.
pub(super) fn read(part: Part<'_>) -> Read {
    let tail = Tail::of(part)?;
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let path = tail.path.without_url_slashes()?.without_outer_slashes();
    let path = path.of_characters(|c| is_of_name(c) || c == '/')?.of_full_steps()?;
    let steps: Vec<&str> = path.text().split('/').collect();
    let (config, key) = match (&steps[..], tail.field) {
        ([project, config], None) => (format!("{project}/{config}"), None),
        ([project, config], Some(field)) => {
            let key = field.strip_prefix("/").unwrap_or(field).of_characters(is_of_name)?.of_full_steps()?;
            (format!("{project}/{config}"), Some(key.text().to_owned()))
        }
        ([project, config, key], None) => (format!("{project}/{config}"), Some((*key).to_owned())),
        ([_, _, _], Some(field)) => return Err(field.wrong(RefErrorKind::Twice)),
        _ => return Err(path.wrong_at_end(FORM)),
    };
    Ok(Reading::new(SCHEME, config, key, tail.options))
}
