//! Where a reference leads in AWS: the ARN of a secret, of a parameter or of a path of parameters.

use crate::document::Problem;
use crate::iam::Options;
use crate::need::Need;

/// What a reference leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A secret of Secrets Manager.
    Secret,
    /// A parameter.
    Parameter,
    /// All parameters below a path.
    ParameterPath,
}

/// Where a reference leads.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) kind: Kind,
    /// The ARN, with `??????` where AWS chose characters.
    pub(super) arn: String,
    /// Whether the name had no such characters.
    pub(super) is_guessed: bool,
    /// Whether it is a certain version, which is fetched alone.
    pub(super) pinned: bool,
    pub(super) region: String,
    pub(super) account: String,
    /// The role that reads it.
    pub(super) role: Option<String>,
    /// The profile whose credentials ask, which share no request with others.
    pub(super) profile: Option<String>,
}

impl Target {
    /// What KMS is told of the secret that is decrypted.
    pub(super) fn encryption_context(&self) -> String {
        match self.kind {
            Kind::ParameterPath => format!("{}/*", self.arn),
            _ => self.arn.clone(),
        }
    }
}

/// Where a reference leads; a problem where that is not known exactly.
pub(super) fn target(need: &Need, options: &Options) -> Result<Target, Problem> {
    let reference = &need.reference;
    let (scheme, path) = (reference.scheme(), reference.path());
    // Bare ARNs may come as a scheme with its rest, or whole.
    let whole = if scheme.starts_with("arn:") { Some(format!("{scheme}:{path}")) } else { None };
    let whole = whole.or_else(|| path.starts_with("arn:").then(|| path.to_owned()));
    let role = reference.option("role_arn").map(ToOwned::to_owned);
    if let Some(role) = &role {
        is_role(role)
            .then_some(())
            .ok_or_else(|| Problem::of(need, "the role is not the ARN of one role", "write role_arn=arn:aws:iam::ACCOUNT:role/NAME"))?;
    }
    let is_pinned = ["version", "stage", "version_id", "version_stage"].iter().any(|name| reference.option(name).is_some());
    let (partition, region, account, is_parameter, name) = match &whole {
        Some(arn) => split(need, arn)?,
        None => {
            let region = reference.option("region").map(ToOwned::to_owned).or_else(|| options.region.clone());
            let (Some(region), Some(account)) = (region, options.account.clone()) else { return Err(nowhere(need)) };
            (options.partition.clone(), region, account, scheme == "aws-ssm", path.to_owned())
        }
    };
    for (what, text) in [("partition", &partition), ("region", &region), ("account", &account)] {
        let is_name = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let is_any = text == "*" && whole.is_none() && what != "partition";
        let is_number = what != "account" || (text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()));
        if !(is_any || (is_name && is_number)) {
            return Err(Problem::of(need, format!("its {what} is none"), "an account has 12 digits, a region is like eu-west-1"));
        }
    }
    let target = Target {
        kind: Kind::Secret,
        arn: String::new(),
        is_guessed: false,
        pinned: is_pinned,
        region,
        account,
        role,
        profile: reference.option("profile").map(ToOwned::to_owned),
    };
    if is_parameter { parameter(need, target, &partition, &name) } else { secret(need, target, &partition, &name, whole.is_some()) }
}

/// An ARN in its parts: partition, region, account, whether it is a parameter, and the name.
fn split(need: &Need, arn: &str) -> Result<(String, String, String, bool, String), Problem> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let owned = |text: &str| text.to_owned();
    match parts.as_slice() {
        // What ECS writes behind the name are the field, the stage and the version.
        ["arn", partition, "secretsmanager", region, account, rest] if let Some(name) = rest.strip_prefix("secret:") => {
            Ok((owned(partition), owned(region), owned(account), false, owned(name.split(':').next().unwrap_or_default())))
        }
        ["arn", partition, "ssm", region, account, rest] if let Some(name) = rest.strip_prefix("parameter") => {
            Ok((owned(partition), owned(region), owned(account), true, owned(name)))
        }
        _ => Err(Problem::of(
            need,
            "this is the ARN of no secret and of no parameter",
            "write arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-xxxxxx or arn:aws:ssm:REGION:ACCOUNT:parameter/NAME",
        )),
    }
}

fn secret(need: &Need, target: Target, partition: &str, name: &str, is_arn: bool) -> Result<Target, Problem> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"/_+=.@!-".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_allowed) {
        return Err(Problem::of(
            need,
            "a secret of AWS cannot have this name, and a policy might mean more by it",
            "its names have letters, digits and /_+=.@!-",
        ));
    }
    let is_complete = is_arn && has_ending(name);
    let arn = format!("arn:{partition}:secretsmanager:{}:{}:secret:{name}", target.region, target.account);
    let arn = if is_complete { arn } else { format!("{arn}-??????") };
    Ok(Target { arn, is_guessed: !is_complete, ..target })
}

/// Whether a name ends in the six characters that AWS adds.
fn has_ending(name: &str) -> bool {
    name.len() > 7 && name.as_bytes()[name.len() - 7] == b'-' && name.bytes().rev().take(6).all(|byte| byte.is_ascii_alphanumeric())
}

fn parameter(need: &Need, target: Target, partition: &str, name: &str) -> Result<Target, Problem> {
    // A version or a label may stand behind the name.
    let name = name.split(':').next().unwrap_or_default();
    let is_path = name.ends_with('/');
    let bare = name.trim_matches('/');
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"/_.-".contains(&byte);
    if bare.is_empty() || bare.contains("//") || !bare.bytes().all(is_allowed) {
        return Err(Problem::of(
            need,
            "a parameter of AWS cannot have this name, and a policy might mean more by it",
            "its names have letters, digits and /_.-",
        ));
    }
    let arn = format!("arn:{partition}:ssm:{}:{}:parameter/{bare}", target.region, target.account);
    Ok(Target { kind: if is_path { Kind::ParameterPath } else { Kind::Parameter }, arn, ..target })
}

fn is_role(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"/_+=,.@-".contains(&byte);
    matches!(parts.as_slice(), ["arn", partition, "iam", "", account, role]
        if partition.starts_with("aws") && account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit())
            && role.strip_prefix("role/").is_some_and(|name| !name.is_empty() && name.bytes().all(is_allowed)))
}

fn nowhere(need: &Need) -> Problem {
    Problem {
        variables: need.variables.iter().cloned().collect(),
        message: "the account and the region of the reference are not known".to_owned(),
        help: "name them: --account 123456789012 --region eu-west-1; * stands for any".to_owned(),
    }
}
