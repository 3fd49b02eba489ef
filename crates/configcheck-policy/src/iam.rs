//! The policy of AWS: each secret and parameter by its ARN, the key that decrypts them, and the role that reads them.
//!
//! Where a reference is read in another role (`role_arn=`), the service itself needs only `sts:AssumeRole`; what that role needs is a policy
//! of its own, which [`Options::role`] asks for.

use std::collections::{BTreeMap, BTreeSet};

use configcheck_core::json::{Json, Object, indented};

use crate::document::{Document, Problem, Problems, Unread, grouped};
use crate::drift::Drift;
use crate::need::{Need, Needs};

mod arn;
mod drift;

use arn::{Kind, Target};

/// The schemes whose references lead to AWS.
pub const SCHEMES: [&str; 4] = ["aws-sm", "aws-ssm", "arn:aws:secretsmanager", "arn:aws:ssm"];

/// What stands for the key where none was named. No key has this name, so that it grants nothing.
const NO_KEY: &str = "KEY-ID";

/// What the references do not say themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// `aws`, `aws-cn` or `aws-us-gov`.
    pub partition: String,
    /// The region of references without one; `*` for any.
    pub region: Option<String>,
    /// The number of the account of references without one; `*` for any.
    pub account: Option<String>,
    /// The keys that decrypt.
    pub keys: Keys,
    /// The role whose policy is written; `None` for the identity that the service starts with.
    pub role: Option<String>,
    /// Whether `configcheck doctor` is to be run with the same identity, which asks for secrets without their values.
    pub doctor: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { partition: "aws".to_owned(), region: None, account: None, keys: Keys::Unnamed, role: None, doctor: false }
    }
}

/// The keys of KMS that decrypt what is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keys {
    /// Not named: a name that no key has stands in its place. A secret under the key that AWS manages needs no permission for it.
    Unnamed,
    /// No permission for any key.
    None,
    /// Any key, as far as the conditions allow it.
    Any,
    /// These, by ARN.
    Only(BTreeSet<String>),
}

impl Keys {
    /// Keys by what was written for them: ARNs, `none`, or `*` for any.
    pub fn parse(texts: &[String]) -> Result<Self, Problem> {
        match texts {
            [] => Ok(Self::Unnamed),
            [one] if one == "none" => Ok(Self::None),
            [one] if one == "*" => Ok(Self::Any),
            texts => texts.iter().map(|text| key(text)).collect::<Result<_, _>>().map(Self::Only),
        }
    }

    fn resources(&self, target: &Target, partition: &str) -> Vec<String> {
        match self {
            Self::Unnamed => vec![format!("arn:{partition}:kms:{}:{}:key/{NO_KEY}", target.region, target.account)],
            Self::None => Vec::new(),
            Self::Any => vec!["*".to_owned()],
            Self::Only(keys) => keys.iter().cloned().collect(),
        }
    }
}

/// The ARN of a key. An alias does not work as the resource of a policy.
fn key(text: &str) -> Result<String, Problem> {
    let parts: Vec<&str> = text.split(':').collect();
    let is_name = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    match parts.as_slice() {
        ["arn", partition, "kms", region, account, id]
            if is_name(partition) && is_name(region) && is_name(account) && id.strip_prefix("key/").is_some_and(is_name) =>
        {
            Ok(text.to_owned())
        }
        ["arn", _, "kms", _, _, id] if id.starts_with("alias/") => Err(Problem::option(
            "the alias of a key is no resource of a policy",
            "name the key itself: aws kms describe-key --key-id alias/NAME --query KeyMetadata.Arn",
        )),
        _ => Err(Problem::option(
            "this is not the ARN of one key",
            "write arn:aws:kms:REGION:ACCOUNT:key/ID, none where AWS manages the key, or * alone for any key that the conditions fit",
        )),
    }
}

/// One statement, before it is JSON.
struct Statement {
    sid: String,
    actions: Vec<&'static str>,
    resources: BTreeSet<String>,
    condition: Option<Condition>,
}

/// What has to hold for a key to decrypt.
struct Condition {
    /// The name of what KMS is told, and what it may be.
    context: (&'static str, BTreeSet<String>),
    /// The service that asks KMS.
    via: Vec<String>,
}

impl Statement {
    fn of(sid: &str, actions: &[&'static str], resources: impl IntoIterator<Item = String>) -> Self {
        Self { sid: sid.to_owned(), actions: actions.to_vec(), resources: resources.into_iter().collect(), condition: None }
    }

    fn write(&self, object: &mut Object<'_>) {
        object.text("Sid", &self.sid);
        object.text("Effect", "Allow");
        object.list("Action", |list| self.actions.iter().for_each(|action| list.text(action)));
        object.list("Resource", |list| self.resources.iter().for_each(|resource| list.text(resource)));
        if let Some(Condition { context: (name, contexts), via }) = &self.condition {
            object.object("Condition", |object| {
                // Patterns stand in the names of secrets, whose ARNs end in six characters that AWS chose.
                object.object("StringLike", |object| {
                    object.list(name, |list| contexts.iter().for_each(|context| list.text(context)));
                    object.list("kms:ViaService", |list| via.iter().for_each(|service| list.text(service)));
                });
            });
        }
    }
}

/// The policy of the service, or of a role that it takes.
pub fn policy(needs: &Needs, options: &Options) -> Result<Document, Problems> {
    let (mut targets, mut problems) = (Vec::new(), Vec::new());
    for need in needs.of(&SCHEMES) {
        match arn::target(&need, options) {
            Ok(target) => targets.push(target),
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(grouped(problems));
    }
    let (own, others): (Vec<Target>, Vec<Target>) = targets.into_iter().partition(|target| target.role == options.role);
    let roles: BTreeSet<String> = match options.role {
        None => others.into_iter().filter_map(|target| target.role).collect(),
        Some(_) => BTreeSet::new(),
    };
    if own.is_empty() && roles.is_empty() {
        let (message, help) = match &options.role {
            None => ("no reference leads to AWS".to_owned(), leads_to(needs)),
            Some(role) => (format!("no reference is read in the role {role}"), "see the option role_arn= of the references".to_owned()),
        };
        return Err(Problems(vec![Problem::option(message, help)]));
    }
    let statements = statements(&own, &roles, options);
    let notes = notes(&own, &roles, &statements, options);
    let policy = Json::object(|object| {
        object.text("Version", "2012-10-17");
        object.list("Statement", |list| statements.iter().for_each(|statement| list.object(|object| statement.write(object))));
    });
    Ok(Document { text: indented(&policy), notes })
}

/// Compares a policy that is in use with the one that is needed. With [`Keys::Unnamed`] any key may be named in it, and none.
pub fn compare(needs: &Needs, options: &Options, in_use: &str) -> Result<Result<Drift, Unread>, Problems> {
    let needed = policy(needs, options)?;
    Ok(drift::between(&needed.text, in_use, options.keys == Keys::Unnamed))
}

/// What one reference needs, with words where the account and the region are not known.
pub(crate) fn permission(need: &Need) -> Option<String> {
    let any = Options { region: Some("*".to_owned()), account: Some("*".to_owned()), ..Options::default() };
    let target = arn::target(need, &any).ok()?;
    let action = match target.kind {
        Kind::Secret => "secretsmanager:GetSecretValue",
        Kind::Parameter => "ssm:GetParameters",
        Kind::ParameterPath => "ssm:GetParametersByPath",
    };
    let arn = target.arn.splitn(6, ':').enumerate().map(|(at, part)| match (at, part) {
        (3, "*") => "REGION",
        (4, "*") => "ACCOUNT",
        (_, part) => part,
    });
    Some(format!("{action} on {}", arn.collect::<Vec<_>>().join(":")))
}

/// Which managers the references lead to, for whoever asked for another.
pub(crate) fn leads_to(needs: &Needs) -> String {
    let counts: Vec<String> = needs.schemes().iter().map(|(scheme, count)| format!("{count} to {scheme}")).collect();
    if counts.is_empty() {
        "a field names one with from, or a value is one".to_owned()
    } else {
        format!("of the references {} lead", counts.join(", "))
    }
}

fn statements(own: &[Target], roles: &BTreeSet<String>, options: &Options) -> Vec<Statement> {
    let arns = |kind: Kind| own.iter().filter(move |target| target.kind == kind).map(|target| target.arn.clone());
    let mut statements = vec![Statement::of("ReadSecrets", &["secretsmanager:GetSecretValue"], arns(Kind::Secret))];
    if is_batched(own) {
        // It has no permission by resource; each secret of a batch needs GetSecretValue too, which is given by resource.
        statements.push(Statement::of("ReadSecretsInBatches", &["secretsmanager:BatchGetSecretValue"], ["*".to_owned()]));
    }
    if options.doctor {
        statements.push(Statement::of("DescribeSecrets", &["secretsmanager:DescribeSecret"], arns(Kind::Secret)));
    }
    statements.push(Statement::of("ReadParameters", &["ssm:GetParameters"], arns(Kind::Parameter)));
    statements.push(Statement::of("ReadParametersByPath", &["ssm:GetParametersByPath"], arns(Kind::ParameterPath)));
    statements.extend(decrypts(own, options));
    statements.push(Statement::of("TakeRoles", &["sts:AssumeRole"], roles.iter().cloned()));
    statements.retain(|statement| !statement.resources.is_empty());
    statements
}

/// Whether the provider asks for several secrets at once: two that are not pinned to a version, of one account and region.
fn is_batched(own: &[Target]) -> bool {
    let mut counts: BTreeMap<(&str, &str, Option<&str>), usize> = BTreeMap::new();
    for target in own.iter().filter(|target| target.kind == Kind::Secret && !target.pinned) {
        *counts.entry((&target.account, &target.region, target.profile.as_deref())).or_default() += 1;
    }
    counts.values().any(|count| *count > 1)
}

/// The permission to decrypt, through the service that holds the secrets and for them alone.
fn decrypts(own: &[Target], options: &Options) -> Vec<Statement> {
    let mut groups: BTreeMap<(bool, &str), Vec<&Target>> = BTreeMap::new();
    for target in own {
        groups.entry((target.kind != Kind::Secret, &target.region)).or_default().push(target);
    }
    let regions: BTreeSet<&str> = own.iter().map(|target| target.region.as_str()).collect();
    let statement = |((is_parameter, region), targets): ((bool, &str), Vec<&Target>)| {
        let (what, service, context) = if is_parameter {
            ("DecryptParameters", "ssm", "kms:EncryptionContext:PARAMETER_ARN")
        } else {
            ("DecryptSecrets", "secretsmanager", "kms:EncryptionContext:SecretARN")
        };
        let sid = if regions.len() == 1 { what.to_owned() } else { format!("{what}{}", camel(region)) };
        let resources = targets.iter().flat_map(|target| options.keys.resources(target, &options.partition));
        let mut statement = Statement::of(&sid, &["kms:Decrypt"], resources);
        let contexts: BTreeSet<String> = targets.iter().map(|target| target.encryption_context()).collect();
        let mut via = vec![format!("{service}.{region}.amazonaws.com")];
        if options.partition == "aws-cn" {
            via.push(format!("{service}.{region}.amazonaws.com.cn"));
        }
        statement.condition = Some(Condition { context: (context, contexts), via });
        statement
    };
    groups.into_iter().map(statement).collect()
}

/// `eu-west-1` as part of a statement's name, which has letters and digits alone.
fn camel(region: &str) -> String {
    let part = |part: &str| {
        let mut chars = part.chars();
        chars.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + chars.as_str())
    };
    region.split('-').map(|text| if text == "*" { "AnyRegion".to_owned() } else { part(text) }).collect()
}

fn notes(own: &[Target], roles: &BTreeSet<String>, statements: &[Statement], options: &Options) -> Vec<String> {
    let mut notes = Vec::new();
    let has = |action: &str| statements.iter().any(|statement| statement.actions.contains(&action));
    if has("secretsmanager:BatchGetSecretValue") {
        notes.push(
            "secretsmanager:BatchGetSecretValue stands for *, since AWS offers no permission for it by resource; it delivers only secrets that ReadSecrets names"
                .to_owned(),
        );
    }
    if options.keys == Keys::Unnamed && has("kms:Decrypt") {
        notes.push(format!(
            "key/{NO_KEY} is the name of no key: put the ARN of yours in its place with --kms-key, or leave the statement out with --kms-key none where AWS manages the key"
        ));
    }
    if own.iter().any(|target| target.is_guessed) {
        notes.push("a secret named without its ARN ends in -??????: the six characters that AWS adds to its name".to_owned());
    }
    for role in roles {
        notes
            .push(format!("the role {role} needs a policy of its own: configcheck policy iam --role {role}, and must trust this identity"));
    }
    notes
}

#[cfg(test)]
mod tests;
