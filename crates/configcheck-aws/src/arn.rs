//! Amazon Resource Names, read strictly: nothing but allow-listed characters ever comes out of one.

/// The parts of an ARN. Each is made of allow-listed characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Arn<'a> {
    pub(crate) service: &'a str,
    pub(crate) region: &'a str,
    pub(crate) account: &'a str,
    pub(crate) resource: &'a str,
}

/// The longest ARN that is read; AWS's own limit for the longest of them.
const LONGEST: usize = 2_048;

impl<'a> Arn<'a> {
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let mut parts = text.splitn(6, ':');
        let mut next = || parts.next();
        let (arn, partition, service, region, account, resource) = (next()?, next()?, next()?, next()?, next()?, next()?);
        let lower = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        let fits = arn == "arn"
            && partition.starts_with("aws")
            && lower(partition)
            && !service.is_empty()
            && lower(service)
            && (region.is_empty() || is_region(region))
            && (account.is_empty() || is_account(account))
            && !resource.is_empty()
            && resource.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-/:!".contains(&byte));
        fits.then_some(Self { service, region, account, resource })
    }
}

/// Whether text has the form of a region: `eu-west-1`, `us-gov-west-1`. It becomes part of a host's name.
pub(crate) fn is_region(text: &str) -> bool {
    let mut labels = text.split('-');
    let first = labels.next().unwrap_or_default();
    let rest: Vec<&str> = labels.collect();
    let Some((number, words)) = rest.split_last() else { return false };
    let is_word = |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_lowercase());
    text.len() <= 32
        && is_word(first)
        && !words.is_empty()
        && words.iter().all(|label| is_word(label))
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether text has the form of an account: twelve digits.
pub(crate) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn parts_of_an_arn() {
        let arn = Arn::parse("arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:a/b!c-AbCdEf").unwrap();
        assert_eq!((arn.service, arn.region, arn.account), ("secretsmanager", "us-gov-west-1", "123456789012"));
        assert_eq!(arn.resource, "secret:a/b!c-AbCdEf");
        assert_eq!(Arn::parse("arn:aws:iam::123456789012:role/x").unwrap().region, "");
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "arn:aws:iam",
            "urn:aws:iam::123456789012:role/x",
            "arn:gcp:iam::123456789012:role/x",
            "arn:aws:iam::12345678901:role/x",
            "arn:aws:iam::123456789012:",
            "arn:aws:iam::123456789012:role/x y",
            "arn:aws:iam::123456789012:role/\u{1b}[31m",
            "arn:aws:ssm:evil.example:123456789012:parameter/x",
        ] {
            assert_eq!(Arn::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn regions() {
        for good in ["us-east-1", "eu-west-1", "us-gov-west-1", "ap-southeast-12", "us-isob-east-1", "eusc-de-east-1", "mx-central-1"] {
            assert!(is_region(good), "{good}");
        }
        for bad in ["", "us", "us-1", "us-east", "US-EAST-1", "us-east-1.evil", "us-east-1/x", "-east-1", "us--1", "us-east-", "us_east_1"]
        {
            assert!(!is_region(bad), "{bad}");
        }
    }
}
