//! `Item`: what a reference asks AWS for, and where.

use configcheck_core::provider::Reason;
use configcheck_core::reference::SecretRef;

use crate::arn::{Arn, is_region};

/// Options of every reference that the engine reads.
const OF_THE_ENGINE: [&str; 3] = ["encoding", "optional", "trim_nl"];
/// Options that say where and as whom.
const OF_PLACE: [&str; 3] = ["region", "role_arn", "profile"];

/// Where a request goes, and as whom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    /// The region that the reference names; otherwise that of the settings.
    pub(crate) region: Option<String>,
    /// The profile whose credentials are used instead of those of the settings.
    pub(crate) profile: Option<String>,
    /// The role that is assumed with them.
    pub(crate) role: Option<String>,
}

/// What a reference asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A secret of Secrets Manager, by name or ARN.
    Secret { id: String, version: Option<String>, stage: Option<String> },
    /// A parameter, by name or ARN, with `:version` or `:label` behind it.
    Parameter { name: String },
    /// All parameters below a path, which ends with `/`.
    Parameters { path: String },
}

/// A reference as AWS understands it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) place: Place,
    pub(crate) target: Target,
}

impl Item {
    /// Reads a reference.
    pub(crate) fn of(reference: &SecretRef) -> Result<Self, Reason> {
        match reference.scheme() {
            "aws-sm" => secret(reference),
            "aws-ssm" => parameter(reference),
            _ => Err(Reason::new("this is no reference to AWS").help("begin it with `aws-sm:`, `aws-ssm:` or `arn:aws:`")),
        }
    }

    /// The name or ARN of a secret.
    pub(crate) fn secret(&self) -> Option<&str> {
        match &self.target {
            Target::Secret { id, .. } => Some(id),
            _ => None,
        }
    }

    /// The name or ARN of a parameter, with its selector.
    pub(crate) fn parameter(&self) -> Option<&str> {
        match &self.target {
            Target::Parameter { name, .. } => Some(name),
            _ => None,
        }
    }

    /// Whether both mean one parameter, whatever the version: AWS's answer to a call does not always tell them apart.
    pub(crate) fn shares_name(&self, other: &Self) -> bool {
        let base = |item: &Self| item.parameter().map(|name| bare_parameter(name).to_owned());
        base(self).is_some_and(|name| base(other).as_ref() == Some(&name))
    }
}

fn secret(reference: &SecretRef) -> Result<Item, Reason> {
    allow_options(reference, "Secrets Manager", &["version", "stage"])?;
    let id = reference.path();
    let mut place = place(reference)?;
    if id.starts_with("arn:") {
        let Some(arn) = Arn::parse(id).filter(|arn| arn.service == "secretsmanager" && !arn.region.is_empty() && !arn.account.is_empty())
        else {
            return Err(Reason::new("this is no ARN of a secret")
                .help("write it as AWS shows it: `arn:aws:secretsmanager:eu-west-1:123456789012:secret:name-AbCdEf`"));
        };
        if !arn.resource.strip_prefix("secret:").is_some_and(is_secret_name) {
            return Err(Reason::new("the ARN names no secret").help("behind the account it goes on with `secret:` and the name"));
        }
        place.region.get_or_insert_with(|| arn.region.to_owned());
    } else if !is_secret_name(id) {
        return Err(Reason::new("a secret's name in Secrets Manager has letters, digits and `/_+=.@!-` only, at most 512")
            .help("`aws secretsmanager list-secrets --query 'SecretList[].Name'` shows the names"));
    }
    let version = option(reference, "version", is_version_id, "the version id that AWS gave it, 32 to 64 letters, digits and hyphens")?;
    let stage = option(reference, "stage", is_stage, "a staging label such as `AWSCURRENT` or `AWSPREVIOUS`")?;
    Ok(Item { place, target: Target::Secret { id: id.to_owned(), version, stage } })
}

fn parameter(reference: &SecretRef) -> Result<Item, Reason> {
    allow_options(reference, "Parameter Store", &["version", "label"])?;
    let path = reference.path();
    let mut place = place(reference)?;
    if path.starts_with("arn:") {
        let Some(arn) = Arn::parse(path).filter(|arn| arn.service == "ssm" && !arn.region.is_empty() && !arn.account.is_empty()) else {
            return Err(Reason::new("this is no ARN of a parameter")
                .help("write it as AWS shows it: `arn:aws:ssm:eu-west-1:123456789012:parameter/path/name`"));
        };
        if !arn.resource.strip_prefix("parameter").is_some_and(|name| name.starts_with('/') && is_parameter_name(name)) {
            return Err(Reason::new("the ARN names no parameter").help("behind the account it goes on with `parameter/` and the name"));
        }
        place.region.get_or_insert_with(|| arn.region.to_owned());
    } else if !is_parameter_name(path) {
        return Err(Reason::new("a parameter's name has letters, digits and `_.-/` only, at most 1,011")
            .help("`aws ssm describe-parameters --query 'Parameters[].Name'` shows the names"));
    }
    let version = option(reference, "version", is_number, "a number")?;
    let label =
        option(reference, "label", is_label, "a label of at most 100 letters, digits and `_.-`, which does not begin with a digit")?;
    let target = match (version.or(label), path.ends_with('/')) {
        _ if reference.option("version").is_some() && reference.option("label").is_some() => {
            return Err(Reason::new("a parameter is chosen by version or by label, not by both").help("remove `version=` or `label=`"));
        }
        (Some(_), true) => {
            return Err(Reason::new("all parameters below a path have no version in common")
                .help("remove `version=` and `label=`, or name one parameter"));
        }
        (None, true) if path.starts_with("arn:") => {
            return Err(Reason::new("an ARN names one parameter").help("for all below a path write the path: `aws-ssm:/checkout/`"));
        }
        (None, true) => Target::Parameters { path: path.to_owned() },
        (Some(selector), false) => Target::Parameter { name: format!("{path}:{selector}") },
        (None, false) => Target::Parameter { name: path.to_owned() },
    };
    Ok(Item { place, target })
}

/// The name of a parameter without selector, also of one that is named by its ARN.
pub(crate) fn bare_parameter(asked: &str) -> &str {
    let name = asked
        .strip_prefix("arn:")
        .and_then(|rest| rest.splitn(5, ':').nth(4))
        .map_or(asked, |resource| resource.trim_start_matches("parameter"));
    name.split(':').next().unwrap_or(name)
}

fn allow_options(reference: &SecretRef, service: &str, own: &[&str]) -> Result<(), Reason> {
    let unknown = reference.option_names().find(|name| {
        let known = OF_THE_ENGINE.iter().chain(&OF_PLACE).chain(own);
        !known.copied().any(|other| other == *name)
    });
    match unknown {
        None => Ok(()),
        Some(name) => {
            let all: Vec<String> = own.iter().chain(&OF_PLACE).map(|name| format!("`{name}`")).collect();
            Err(Reason::new(format!("{service} has no option `{name}`")).help(format!("it has {}", all.join(", "))))
        }
    }
}

fn place(reference: &SecretRef) -> Result<Place, Reason> {
    Ok(Place {
        region: option(reference, "region", is_region, "a region such as `eu-west-1`")?,
        profile: option(reference, "profile", is_profile, "a profile of `~/.aws/config`")?,
        role: option(reference, "role_arn", is_role, "the ARN of a role: `arn:aws:iam::123456789012:role/name`")?,
    })
}

/// The value of an option, when it is one.
fn option(reference: &SecretRef, name: &str, fits: fn(&str) -> bool, expected: &str) -> Result<Option<String>, Reason> {
    match reference.option(name) {
        None => Ok(None),
        Some(value) if fits(value) => Ok(Some(value.to_owned())),
        Some(_) => {
            Err(Reason::new(format!("`{name}=` is not {expected}")).help(format!("write `{name}=` with {expected}, or leave it out")))
        }
    }
}

fn is_made_of(text: &str, most: usize, others: &[u8]) -> bool {
    !text.is_empty() && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || others.contains(&byte))
}

/// `!` stands in the names of secrets that other services of AWS keep.
fn is_secret_name(text: &str) -> bool {
    is_made_of(text, 512, b"/_+=.@!-")
}

fn is_parameter_name(text: &str) -> bool {
    is_made_of(text, 1_011, b"_.-/")
}

fn is_version_id(text: &str) -> bool {
    text.len() >= 32 && is_made_of(text, 64, b"-")
}

fn is_stage(text: &str) -> bool {
    is_made_of(text, 256, b"_+=.@-/")
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_label(text: &str) -> bool {
    is_made_of(text, 100, b"_.-") && !text.starts_with(|first: char| first.is_ascii_digit())
}

pub(crate) fn is_profile(text: &str) -> bool {
    is_made_of(text, 128, b"_.@+=-/")
}

pub(crate) fn is_role(text: &str) -> bool {
    Arn::parse(text).is_some_and(|arn| arn.service == "iam" && !arn.account.is_empty() && arn.resource.starts_with("role/"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn item(text: &str) -> Result<Item, Reason> {
        let reference = SecretRef::parse(text).unwrap().map_err(|error| Reason::new(error.to_string()))?;
        Item::of(&reference.without_field())
    }

    const ARN: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:checkout/db-AbCdEf";

    #[test]
    fn names_of_secrets() {
        for name in ["db", "prod/checkout/db", "/prod/db", "rds!cluster-1a2b", "a_b+c=d.e@f-g"] {
            let item = item(&format!("aws-sm:{name}#password")).unwrap();
            assert_eq!(item.target, Target::Secret { id: name.to_owned(), version: None, stage: None });
            assert_eq!(item.place, Place::default());
        }
        assert!(item("aws-sm:a b").is_err());
        assert!(item("aws-sm:a,b").is_err());
        assert!(item(&format!("aws-sm:{}", "a".repeat(513))).is_err());
    }

    #[test]
    fn options_of_secrets() {
        let text = "aws-sm:db?stage=AWSPREVIOUS&version=0123456789abcdef0123456789abcdef&region=eu-central-1\
                    &role_arn=arn:aws:iam::123456789012:role/reader&profile=prod&optional=true";
        let item = item(text).unwrap();
        let Target::Secret { version, stage, .. } = item.target else { unreachable!("a secret") };
        assert_eq!(stage.as_deref(), Some("AWSPREVIOUS"));
        assert_eq!(version.as_deref(), Some("0123456789abcdef0123456789abcdef"));
        let expected = ("eu-central-1", "prod", "arn:aws:iam::123456789012:role/reader");
        assert_eq!(
            (item.place.region.unwrap().as_str(), item.place.profile.unwrap().as_str(), item.place.role.unwrap().as_str()),
            expected
        );
    }

    #[test]
    fn the_region_of_an_arn_holds_unless_an_option_says_otherwise() {
        assert_eq!(item(ARN).unwrap().place.region.as_deref(), Some("eu-west-1"));
        assert_eq!(item(&format!("{ARN}?region=us-east-1")).unwrap().place.region.as_deref(), Some("us-east-1"));
        let parameter = item("arn:aws:ssm:eu-west-1:123456789012:parameter/checkout/db").unwrap();
        assert_eq!(parameter.place.region.as_deref(), Some("eu-west-1"));
        assert!(parameter.shares_name(&item("aws-ssm:/checkout/db?version=3").unwrap()));
        assert!(!parameter.shares_name(&item("aws-ssm:/checkout/db2").unwrap()));
    }

    #[test]
    fn the_tail_of_ecs_is_a_stage_and_a_version() {
        let Target::Secret { id, version, stage } = item(&format!("{ARN}:password:AWSPREVIOUS:")).unwrap().target else {
            unreachable!("a secret")
        };
        assert_eq!((id.as_str(), version, stage.as_deref()), (ARN, None, Some("AWSPREVIOUS")));
    }

    #[test]
    fn bad_options_are_named() {
        for (text, word) in [
            ("aws-sm:db?colour=red", "`colour`"),
            ("aws-sm:db?label=x", "`label`"),
            ("aws-ssm:/db?stage=x", "`stage`"),
            ("aws-sm:db?region=evil.example", "`region="),
            ("aws-sm:db?region=us-east-1.evil", "`region="),
            ("aws-sm:db?version=3", "`version="),
            ("aws-ssm:/db?version=three", "`version="),
            ("aws-ssm:/db?label=1st", "`label="),
            ("aws-sm:db?role_arn=arn:aws:iam::1:role/x", "`role_arn="),
            ("aws-sm:db?role_arn=reader", "`role_arn="),
        ] {
            let reason = item(text).unwrap_err();
            assert!(reason.message.contains(word), "{text}: {}", reason.message);
            assert!(!reason.help.is_empty(), "{text}");
            assert!(!reason.message.contains("evil"), "{text}: {}", reason.message);
        }
    }

    #[test]
    fn parameters() {
        let name = |text: &str| match item(text).unwrap().target {
            Target::Parameter { name } => name,
            Target::Parameters { path } => format!("all below {path}"),
            Target::Secret { .. } => unreachable!("a parameter"),
        };
        assert_eq!(name("aws-ssm:/checkout/db"), "/checkout/db");
        assert_eq!(name("aws-ssm:plain"), "plain");
        assert_eq!(name("aws-ssm:/checkout/db?version=3"), "/checkout/db:3");
        assert_eq!(name("aws-ssm:/checkout/db?label=stable"), "/checkout/db:stable");
        assert_eq!(name("aws-ssm:/checkout/"), "all below /checkout/");
        assert!(item("aws-ssm:/checkout/db?label=stable&version=3").is_err());
        assert!(item("aws-ssm:/checkout/?version=3").is_err());
        assert!(item("aws-ssm:/checkout/{x}").is_err());
    }
}
