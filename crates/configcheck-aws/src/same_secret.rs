//! Whether an answer is the one that a reference asked for: by name, by ARN, or by ARN without the six characters that AWS adds.

use crate::arn::Arn;

/// Whether what was asked for as `id` is the secret with this ARN and name.
pub(crate) fn is_same(id: &str, arn: Option<&str>, name: Option<&str>) -> bool {
    if id.starts_with("arn:") {
        return arn.is_some_and(|arn| arn == id || without_suffix(arn) == Some(id));
    }
    name == Some(id)
        || arn.and_then(Arn::parse).and_then(|arn| arn.resource.strip_prefix("secret:")).is_some_and(|own| without_suffix(own) == Some(id))
}

/// An ARN or the name at its end, without the hyphen and the six characters behind it.
fn without_suffix(text: &str) -> Option<&str> {
    let (rest, suffix) = text.rsplit_once('-')?;
    (suffix.len() == 6 && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:checkout/db-AbCdEf";

    #[test]
    fn a_secret_is_known_by_name_and_by_both_forms_of_its_arn() {
        for id in ["checkout/db", ARN, "arn:aws:secretsmanager:eu-west-1:123456789012:secret:checkout/db"] {
            assert!(is_same(id, Some(ARN), Some("checkout/db")), "{id}");
        }
        assert!(is_same("checkout/db", Some(ARN), None));
        assert!(is_same("checkout/db", None, Some("checkout/db")));
    }

    #[test]
    fn another_secret_is_not() {
        for id in [
            "checkout",
            "checkout/db2",
            "checkout/db-AbCdEf",
            "arn:aws:secretsmanager:eu-west-1:999999999999:secret:checkout/db",
            "arn:aws:secretsmanager:us-east-1:123456789012:secret:checkout/db-AbCdEf",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:checkout",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:checkout/db-XXXXXX",
        ] {
            assert!(!is_same(id, Some(ARN), Some("checkout/db")), "{id}");
        }
        assert!(!is_same("db", None, None));
    }
}
