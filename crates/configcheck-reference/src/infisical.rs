//! Infisical: `infisical:project/environment[/folder]#KEY`. The folder is the secret, since one call delivers all of its keys.
//!
//! Names have letters, digits and `_ - .`.

use super::error::RefErrorKind;
use super::part::Part;
use super::tail::{Read, Reading, Tail, read_field};

const SCHEME: &str = "infisical";
const FORM: RefErrorKind = RefErrorKind::Form("infisical:project/environment#KEY, with folders before the # or none");

fn is_of_path(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-./".contains(c)
}

/// `infisical:project/environment/folder#KEY`.
pub(super) fn read(part: Part<'_>) -> Read {
    let tail = Tail::of(part)?;
    let path = tail.path.without_url_slashes()?.without_outer_slashes().of_characters(is_of_path)?.of_full_steps()?;
    if !path.text().contains('/') {
        return Err(path.wrong_at_end(FORM));
    }
    let field = tail.read_field()?;
    Ok(Reading::new(SCHEME, path.text(), field, tail.options))
}

/// `ref+infisical://KEY?project=…&environment=…&path=…` of vals.
pub(super) fn read_vals(part: Part<'_>) -> Read {
    let mut tail = Tail::of(part)?;
    let key = tail.path.without_url_slashes()?;
    let project = tail.options.take("project");
    let (Some(project), Some(environment)) = (project, tail.options.take("environment")) else {
        return Err(part.wrong_at_end(RefErrorKind::Form("ref+infisical://KEY?project=project&environment=environment")));
    };
    if let Some(field) = tail.field {
        return Err(field.wrong(RefErrorKind::Form("ref+infisical://KEY?project=project&environment=environment")));
    }
    let folder = tail.options.take("path").unwrap_or_default().trim_matches('/');
    let path = format!("{project}/{environment}/{folder}");
    let path = Part::whole(path.trim_end_matches('/'), true);
    let is_good = path.of_characters(is_of_path).and_then(Part::of_full_steps).is_ok();
    if !is_good {
        return Err(key.wrong_at_end(RefErrorKind::Character));
    }
    Ok(Reading::new(SCHEME, path.text(), Some(read_field(key)?), tail.options))
}
