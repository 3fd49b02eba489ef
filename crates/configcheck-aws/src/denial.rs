//! What AWS says of a denial: the identity and the permission, and nothing else of its message.
//!
//! A message is a stranger's text. Only an ARN and an action of our own list are taken out of it, by a strict grammar; the rest is dropped.

use configcheck_core::display::holds_piece_of;

use crate::arn::Arn;

/// Every action that this crate asks for, and those that AWS asks for in its place.
const ACTIONS: [&str; 12] = [
    "kms:Decrypt",
    "secretsmanager:BatchGetSecretValue",
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetSecretValue",
    "secretsmanager:ListSecrets",
    "ssm:DescribeParameters",
    "ssm:GetParameter",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
    "sts:AssumeRole",
    "sts:AssumeRoleWithWebIdentity",
    "sts:GetCallerIdentity",
];

/// Kinds of policies that can deny, as AWS names them.
const POLICIES: [&str; 6] = [
    "identity-based policy",
    "permissions boundary",
    "resource-based policy",
    "resource control policy",
    "service control policy",
    "session policy",
];

/// The longest name of an identity that is told.
const LONGEST: usize = 256;

/// What could be read out of a message. None of it is free text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Denial {
    /// The ARN of who asked.
    pub(crate) user: Option<String>,
    /// What they may not do.
    pub(crate) action: Option<&'static str>,
    /// The kind of policy that says no in so many words, where one does.
    pub(crate) explicit: Option<&'static str>,
    /// Whether it is the key that may not be used.
    pub(crate) key: bool,
}

impl Denial {
    /// Reads a message. What holds one of the `credentials` is not told: a hostile answer may repeat what it was sent.
    pub(crate) fn read(message: &str, credentials: &[&str]) -> Self {
        let user = message.split("User: ").nth(1).and_then(|rest| rest.split_ascii_whitespace().next());
        let user = user.filter(|user| is_identity(user) && !holds_one_of(user, credentials)).map(ToOwned::to_owned);
        let action = message.split("perform: ").nth(1).and_then(|rest| rest.split_ascii_whitespace().next());
        let action = action.and_then(|action| ACTIONS.iter().copied().find(|known| *known == action));
        let explicit = message.split("explicit deny in").nth(1);
        let explicit = explicit.map(|rest| POLICIES.iter().copied().find(|kind| rest.contains(kind)).unwrap_or("policy"));
        let key = action == Some("kms:Decrypt")
            || ["Access to KMS is not allowed", "kms:Decrypt", "The ciphertext refers to"].iter().any(|words| message.contains(words));
        Self { user, action, explicit, key }
    }
}

/// Whether text is the ARN of a user, a role or a session of one.
pub(crate) fn is_identity(text: &str) -> bool {
    let kinds = ["user/", "role/", "assumed-role/", "federated-user/", "root"];
    text.len() <= LONGEST
        && Arn::parse(text).is_some_and(|arn| {
            ["iam", "sts"].contains(&arn.service)
                && arn.region.is_empty()
                && !arn.account.is_empty()
                && kinds.iter().any(|kind| arn.resource.starts_with(kind))
        })
}

/// Whether text holds a piece of a credential.
pub(crate) fn holds_one_of(text: &str, credentials: &[&str]) -> bool {
    credentials.iter().any(|credential| holds_piece_of(text, credential.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "Qz7v/K2xW+9pLm/Tq3ZuJh3bN8rT5yGcXw6Vp0Dk";

    fn read(message: &str) -> Denial {
        Denial::read(message, &[SECRET])
    }

    #[test]
    fn identity_and_permission_are_read() {
        let denial = read(
            "User: arn:aws:sts::123456789012:assumed-role/checkout/i-0abc is not authorized to perform: secretsmanager:GetSecretValue on \
             resource: arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf because no identity-based policy allows the \
             secretsmanager:GetSecretValue action",
        );
        assert_eq!(denial.user.as_deref(), Some("arn:aws:sts::123456789012:assumed-role/checkout/i-0abc"));
        assert_eq!(denial.action, Some("secretsmanager:GetSecretValue"));
        assert_eq!((denial.explicit, denial.key), (None, false));
    }

    #[test]
    fn an_explicit_deny_names_the_kind_of_policy() {
        let denial = read(
            "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: ssm:GetParameters on resource: arn:aws:ssm:eu-west-1:\
             123456789012:parameter/db with an explicit deny in a service control policy",
        );
        assert_eq!(denial.explicit, Some("service control policy"));
    }

    #[test]
    fn a_key_that_may_not_be_used_is_told_from_a_secret() {
        assert!(read("Access to KMS is not allowed").key);
        assert!(read("User: arn:aws:iam::123456789012:user/ci is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:x").key);
    }

    #[test]
    fn strange_text_is_never_told() {
        for message in [
            "User: hunter2-fake is not authorized to perform: secretsmanager:Hunter2Fake on resource: x",
            "User: arn:aws:iam::123456789012:user/\u{1b}[31m is not authorized to perform: ssm:GetParameters\u{1b}[0m",
            "User: arn:aws:s3::123456789012:user/hunter2-fake perform: hunter2-fake:Action",
            "User: arn:aws:iam::123456789012:hunter2-fake perform: x",
            "",
            "User: ",
            "perform: ",
        ] {
            assert_eq!(read(message), Denial::default(), "{message:?}");
        }
        let long = format!("User: arn:aws:iam::123456789012:user/{} perform: x", "a".repeat(300));
        assert_eq!(read(&long).user, None);
    }

    #[test]
    fn an_echoed_credential_is_never_told() {
        for echoed in [SECRET, &SECRET[..30], &SECRET[10..], &SECRET[12..18]] {
            let message = format!("User: arn:aws:iam::123456789012:user/{echoed} is not authorized to perform: ssm:GetParameters on x");
            let denial = read(&message);
            assert_eq!(denial.user, None, "{echoed}");
            assert_eq!(denial.action, Some("ssm:GetParameters"));
        }
    }
}
