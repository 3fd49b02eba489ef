//! What an answer of AWS that is no success means, by its code; and the words for it.
//!
//! AWS throttles and refuses with the same HTTP status, so the code decides. Its message decides nothing but between sentences of ours.

use std::time::Duration;

use configcheck_core::provider::{Outcome, Reason, Retry};

use crate::denial::Denial;

/// What was asked of AWS, and as whom.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// The permission that the call needs.
    pub(crate) action: &'static str,
    /// Where.
    pub(crate) region: &'a str,
    /// As whom, in the words of the settings.
    pub(crate) identity: &'a str,
    /// The profile that it came from, for commands to type.
    pub(crate) profile: Option<&'a str>,
    /// What must not be told, whatever comes back.
    pub(crate) credentials: &'a [&'a str],
}

/// An answer that is no success. Its message is never told.
#[derive(Clone, Copy)]
pub(crate) struct Refusal<'a> {
    pub(crate) code: Option<&'a str>,
    pub(crate) message: Option<&'a str>,
    pub(crate) status: u16,
    pub(crate) retry_after: Option<Duration>,
}

const THROTTLED: [&str; 14] = [
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequestsException",
    "TransactionInProgressException",
];

const EXPIRED: [&str; 4] = ["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired"];

const UNKNOWN_KEY: [&str; 8] = [
    "IncompleteSignature",
    "IncompleteSignatureException",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "NotAuthorized",
    "UnrecognizedClientException",
];

const BAD_SIGNATURE: [&str; 3] = ["InvalidSignatureException", "RequestTimeTooSkewed", "SignatureDoesNotMatch"];

const DENIED: [&str; 3] = ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"];

/// Whether a refusal asks to come back later; AWS says so with status 400.
pub(crate) fn is_throttled(refusal: &Refusal<'_>) -> bool {
    refusal.status == 429 || refusal.code.is_some_and(|code| THROTTLED.contains(&bare(code)))
}

/// Whether a refusal is a denial.
pub(crate) fn is_denied(refusal: &Refusal<'_>) -> bool {
    refusal.code.is_some_and(|code| DENIED.contains(&bare(code)))
}

/// The code without the namespace before and the address behind it: `com.amazonaws.ssm#ParameterNotFound:http://…`.
fn bare(code: &str) -> &str {
    let code = code.rsplit('#').next().unwrap_or(code);
    code.split(':').next().unwrap_or(code)
}

/// What a refusal means for the one who asked.
pub(crate) fn of(refusal: &Refusal<'_>, asked: &Asked<'_>) -> Outcome {
    let message = refusal.message.unwrap_or_default();
    let code = refusal.code.map_or("", bare);
    if is_throttled(refusal) {
        return Outcome::Throttled { retry_after: refusal.retry_after, reason: throttled(asked) };
    }
    match code {
        _ if DENIED.contains(&code) => Outcome::Denied(denied(&Denial::read(message, asked.credentials), asked)),
        _ if EXPIRED.contains(&code) => Outcome::AuthFailed(expired(asked)),
        _ if UNKNOWN_KEY.contains(&code) => Outcome::AuthFailed(unknown_key(asked)),
        _ if BAD_SIGNATURE.contains(&code) => Outcome::AuthFailed(bad_signature(code, message, asked)),
        "ResourceNotFoundException" => Outcome::Absent(no_secret(message, asked)),
        "InvalidRequestException" => unusable(message, asked),
        "DecryptionFailure" | "InvalidKeyId" => Outcome::Denied(no_key(asked)),
        "ParameterNotFound" | "ParameterVersionNotFound" => Outcome::Absent(no_parameter(asked)),
        "InvalidParameterException" | "ValidationException" | "InvalidFilterKey" | "InvalidFilterOption" => Outcome::Malformed(
            Reason::new(format!("AWS does not accept the reference for `{}`", asked.action)).help("check its name and options"),
        ),
        _ if refusal.status >= 500 => Outcome::Unavailable { retry: Retry::Few, reason: failing(asked, refusal.status) },
        _ if matches!(refusal.status, 401 | 403) => Outcome::Denied(stranger(asked, refusal.status)),
        _ => Outcome::Malformed(stranger(asked, refusal.status)),
    }
}

fn throttled(asked: &Asked<'_>) -> Reason {
    Reason::new(format!("AWS throttles `{}` in {}", asked.action, asked.region))
        .help("`configcheck check --replicas N` prints what a start of the fleet costs against the quota; start fewer at once, or ask AWS for more")
}

fn failing(asked: &Asked<'_>, status: u16) -> Reason {
    Reason::new(format!("{} in {} answers with a failure of its own, status {status}", service(asked), asked.region))
        .help("https://health.aws.amazon.com/health/status shows whether AWS knows of it")
}

fn stranger(asked: &Asked<'_>, status: u16) -> Reason {
    Reason::new(format!("{} in {} answered with status {status} and not as AWS does", service(asked), asked.region))
        .help("check what `AWS_ENDPOINT_URL` or `endpoint_url` of the profile leads to, and what stands between here and there")
}

/// Denied has three readings, and AWS does not say which.
fn denied(denial: &Denial, asked: &Asked<'_>) -> Reason {
    let who = denial.user.as_deref().unwrap_or(asked.identity);
    let action = denial.action.unwrap_or(asked.action);
    if denial.key {
        return Reason::new(format!("AWS does not let {who} decrypt with the key that encrypts it"))
            .help("allow `kms:Decrypt` on that key: `configcheck policy iam` writes the policy that these references need")
            .help("a key of another account has to allow it in its own key policy too");
    }
    if let Some(policy) = denial.explicit {
        return Reason::new(format!("a {policy} denies `{action}` to {who} in so many words"))
            .help("another policy that allows it does not undo that: change the one that denies it");
    }
    let reason = Reason::new(format!("AWS does not let {who} do `{action}` in {}", asked.region))
        .help(format!("allow `{action}`: `configcheck policy iam` writes the policy that these references need"));
    if action.starts_with("sts:") {
        return reason
            .help("the role has to trust who assumes it: `aws iam get-role --query Role.AssumeRolePolicyDocument --role-name NAME`");
    }
    reason
        .help("check name, account and region: AWS denies what does not exist in the same words, and a secret of another account is read by its whole ARN")
        .help("a role or a policy of the last minutes may not be known everywhere yet: start again")
}

fn no_key(asked: &Asked<'_>) -> Reason {
    Reason::new(format!("AWS cannot decrypt it for {}: its key is disabled, deleted or not allowed", asked.identity))
        .help("`aws kms describe-key --key-id KEY` shows the state of the key")
        .help("allow `kms:Decrypt` on the key")
}

fn expired(asked: &Asked<'_>) -> Reason {
    let reason = Reason::new(format!("the credentials for AWS have expired: {}", asked.identity));
    match asked.profile {
        Some(profile) => {
            reason.help(format!("log in again: `aws sso login --profile {profile}`, or as the profile's credentials are made"))
        }
        None => reason
            .help("get new ones; where they are variables, set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN together"),
    }
}

fn unknown_key(asked: &Asked<'_>) -> Reason {
    Reason::new(format!("AWS does not know the access key: {}", asked.identity))
        .help("`aws sts get-caller-identity` with the same settings shows whether it is still active")
        .help("a key that begins with ASIA is temporary, and is known only together with its AWS_SESSION_TOKEN")
}

fn bad_signature(code: &str, message: &str, asked: &Asked<'_>) -> Reason {
    let clock = code == "RequestTimeTooSkewed" || ["Signature expired", "not yet current"].iter().any(|words| message.contains(words));
    let check_clock = "check the clock: `timedatectl`; AWS refuses what is signed more than five minutes away from its own";
    if clock {
        return Reason::new("AWS does not accept the signature: the clock of this machine is wrong").help(check_clock);
    }
    Reason::new(format!("AWS does not accept the signature: {}", asked.identity))
        .help("check the secret key: one that was cut, quoted or has a newline signs wrongly, and so does one that belongs to another access key")
        .help(check_clock)
}

fn no_secret(message: &str, asked: &Asked<'_>) -> Reason {
    let region = asked.region;
    if ["staging label", "VersionId", "AWSCURRENT"].iter().any(|words| message.contains(words)) {
        return Reason::new(format!("the secret in {region} has no such version, or no value yet")).help(format!(
            "`aws secretsmanager list-secret-version-ids --region {region} --secret-id NAME` shows its versions and their stages"
        ));
    }
    Reason::new(format!("Secrets Manager in {region} has no secret of this name"))
        .help(format!("`aws secretsmanager list-secrets --region {region} --query 'SecretList[].Name'` shows those that are there"))
        .help("one of another region is read with `?region=`, one of another account by its whole ARN")
}

fn unusable(message: &str, asked: &Asked<'_>) -> Outcome {
    if message.contains("marked") {
        return Outcome::Absent(marked_for_deletion(asked.region));
    }
    Outcome::Malformed(
        Reason::new("Secrets Manager cannot hand the secret out in its present state")
            .help(format!("`aws secretsmanager describe-secret --region {} --secret-id NAME` shows it", asked.region)),
    )
}

pub(crate) fn marked_for_deletion(region: &str) -> Reason {
    Reason::new(format!("the secret in {region} is marked for deletion")).help(format!(
        "`aws secretsmanager restore-secret --region {region} --secret-id NAME` brings it back while its recovery window lasts"
    ))
}

pub(crate) fn no_parameter(asked: &Asked<'_>) -> Reason {
    let region = asked.region;
    Reason::new(format!("Parameter Store in {region} has no parameter of this name and version"))
        .help(format!("`aws ssm describe-parameters --region {region} --query 'Parameters[].Name'` shows those that are there"))
        .help("names are case-sensitive, and one with a path begins with `/`")
}

/// The name of the service that an action belongs to.
pub(crate) fn service(asked: &Asked<'_>) -> &'static str {
    match asked.action.split(':').next() {
        Some("ssm") => "Parameter Store",
        Some("sts") => "the Security Token Service",
        _ => "Secrets Manager",
    }
}

#[cfg(test)]
mod tests {
    use configcheck_core::provider::OutcomeKind;

    use super::*;

    const SECRET: &str = "Qz7v/K2xW+9pLm/Tq3ZuJh3bN8rT5yGcXw6Vp0Dk";

    fn asked(action: &'static str) -> Asked<'static> {
        Asked { action, region: "eu-west-1", identity: "the keys of AWS_ACCESS_KEY_ID", profile: None, credentials: &[SECRET] }
    }

    fn refused(code: &str, message: &str, status: u16) -> Outcome {
        let refusal = Refusal { code: Some(code), message: Some(message), status, retry_after: None };
        of(&refusal, &asked("secretsmanager:GetSecretValue"))
    }

    #[test]
    fn codes_decide_and_not_the_status() {
        for (code, status, kind) in [
            ("ThrottlingException", 400, OutcomeKind::Throttled),
            ("TooManyRequestsException", 400, OutcomeKind::Throttled),
            ("RequestLimitExceeded", 503, OutcomeKind::Throttled),
            ("SlowDown", 503, OutcomeKind::Throttled),
            ("anything", 429, OutcomeKind::Throttled),
            ("AccessDeniedException", 400, OutcomeKind::Denied),
            ("AccessDenied", 403, OutcomeKind::Denied),
            ("DecryptionFailure", 400, OutcomeKind::Denied),
            ("ExpiredTokenException", 400, OutcomeKind::AuthFailed),
            ("ExpiredToken", 403, OutcomeKind::AuthFailed),
            ("UnrecognizedClientException", 400, OutcomeKind::AuthFailed),
            ("InvalidClientTokenId", 403, OutcomeKind::AuthFailed),
            ("InvalidSignatureException", 403, OutcomeKind::AuthFailed),
            ("ResourceNotFoundException", 400, OutcomeKind::Absent),
            ("com.amazonaws.ssm#ParameterNotFound", 400, OutcomeKind::Absent),
            ("ParameterVersionNotFound:http://internal.amazon.com/", 400, OutcomeKind::Absent),
            ("InvalidRequestException", 400, OutcomeKind::Malformed),
            ("ValidationException", 400, OutcomeKind::Malformed),
            ("InternalServiceError", 500, OutcomeKind::Unavailable),
            ("ServiceUnavailable", 503, OutcomeKind::Unavailable),
            ("", 502, OutcomeKind::Unavailable),
            ("", 403, OutcomeKind::Denied),
            ("", 404, OutcomeKind::Malformed),
            ("", 307, OutcomeKind::Malformed),
        ] {
            assert_eq!(refused(code, "", status).kind(), kind, "{code} {status}");
        }
    }

    #[test]
    fn retry_after_is_passed_on() {
        let wait = Some(Duration::from_secs(3));
        let refusal = Refusal { code: Some("ThrottlingException"), message: None, status: 400, retry_after: wait };
        let outcome = of(&refusal, &asked("ssm:GetParameters"));
        assert!(matches!(outcome, Outcome::Throttled { retry_after, .. } if retry_after == wait));
    }

    #[test]
    fn a_secret_that_is_marked_for_deletion_is_absent_and_says_so() {
        let message = "You can't perform this operation on the secret because it was marked for deletion.";
        let outcome = refused("InvalidRequestException", message, 400);
        let Outcome::Absent(reason) = outcome else { unreachable!("{outcome:?}") };
        assert!(reason.message.contains("marked for deletion"), "{}", reason.message);
    }

    #[test]
    fn a_denial_names_identity_and_permission_and_has_three_readings() {
        let message = "User: arn:aws:sts::123456789012:assumed-role/checkout/i-0abc is not authorized to perform: \
                       secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf";
        let Outcome::Denied(reason) = refused("AccessDeniedException", message, 400) else { unreachable!("denied") };
        assert_eq!(
            reason.message,
            "AWS does not let arn:aws:sts::123456789012:assumed-role/checkout/i-0abc do `secretsmanager:GetSecretValue` in eu-west-1"
        );
        assert_eq!(reason.help.len(), 3);
    }

    #[test]
    fn a_key_that_may_not_decrypt_names_the_permission() {
        let Outcome::Denied(reason) = refused("AccessDeniedException", "Access to KMS is not allowed", 400) else { unreachable!("denied") };
        assert!(reason.help[0].contains("kms:Decrypt"), "{reason:?}");
    }

    #[test]
    fn no_message_is_ever_told() {
        let codes = THROTTLED.iter().chain(&EXPIRED).chain(&UNKNOWN_KEY).chain(&BAD_SIGNATURE).chain(&DENIED).copied().chain([
            "ResourceNotFoundException",
            "InvalidRequestException",
            "DecryptionFailure",
            "ParameterNotFound",
            "ValidationException",
            "hunter2-fake",
        ]);
        for code in codes {
            for status in [200, 302, 400, 401, 403, 404, 418, 500, 503] {
                let message = format!("User: arn:aws:iam::123456789012:user/{SECRET} perform: hunter2-fake:X hunter2-fake {SECRET} marked");
                let outcome = format!("{:?}", refused(code, &message, status));
                assert!(!outcome.contains("hunter2") && !outcome.contains(SECRET), "{outcome}");
            }
        }
    }

    #[test]
    fn sentences_are_plain_and_help_says_what_to_do() {
        for code in [
            "AccessDenied",
            "ExpiredToken",
            "InvalidClientTokenId",
            "SignatureDoesNotMatch",
            "ResourceNotFoundException",
            "Throttling",
            "x",
        ] {
            let outcome = refused(code, "", 400);
            let reason = outcome.reason().cloned().unwrap_or_else(|| unreachable!("a failure"));
            assert!(!reason.message.ends_with('.') && !reason.help.is_empty(), "{reason:?}");
        }
    }
}
