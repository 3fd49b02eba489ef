//! Why a file gave no secret, and the outcome that means: sentences of our own, made of names, numbers and paths.

use std::borrow::Cow;

use configcheck_core::provider::{Outcome, Reason, Retry};
use configcheck_files::Refusal;

use crate::document::TextProblem;
use crate::metadata::MetadataProblem;

/// Why a file gave no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The file was not read.
    File(Refusal),
    /// It is no text.
    NoText,
    /// Its text cannot be read.
    Text(TextProblem),
    /// What sops wrote about it cannot be used.
    Metadata(MetadataProblem),
    /// It is encrypted, and not with age.
    NoAge {
        /// The key services that it is encrypted for, in sops' words.
        services: Vec<String>,
    },
    /// No identity fits.
    NoKey(NoKey),
    /// Its key was changed or cut short.
    DamagedKey,
    /// A value was changed, or moved from another place.
    Tampered { line: usize },
    /// A value that has to be encrypted is not.
    InClear { line: usize },
    /// The checksum does not fit the values.
    Checksum,
    /// Two values have the same path, since a key has a dot in it.
    Ambiguous { line: usize },
}

/// What is known where no identity fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NoKey {
    /// For whom the file is encrypted, as it says itself.
    pub(crate) recipients: Vec<String>,
    /// What is wrong with where identities were looked for.
    pub(crate) fault: Option<Reason>,
    /// Whether any was tried.
    pub(crate) has_identities: bool,
}

/// How many recipients are named.
const NAMED: usize = 3;

const VARIABLES: &str = "set SOPS_AGE_KEY_FILE to the path of the file that holds the key of one of its recipients, or SOPS_AGE_KEY or \
                         CONFIGCHECK_AGE_IDENTITY to the key itself (AGE-SECRET-KEY-1…)";

impl Failure {
    /// The outcome for a file at this path.
    pub(crate) fn outcome(self, path: &str) -> Outcome {
        let reason = self.reason(&word(path));
        match self {
            Self::File(Refusal::NotFound) => Outcome::Absent(reason),
            Self::File(Refusal::Denied) => Outcome::Denied(reason),
            Self::File(Refusal::Broken) => Outcome::Unavailable { retry: Retry::Never, reason },
            Self::File(refusal) if refusal.is_passing() => Outcome::unavailable(reason),
            Self::NoKey(_) | Self::NoAge { .. } => Outcome::AuthFailed(reason),
            _ => Outcome::Malformed(reason),
        }
    }

    fn reason(&self, path: &str) -> Reason {
        match self {
            Self::File(refusal) => Reason::new(format!("the file cannot be read: {refusal}")).help(refusal.help()),
            Self::NoText => Reason::new("the file is no text in UTF-8, and so not encrypted with sops")
                .help(format!("encrypt it: sops encrypt -i {path}")),
            Self::Text(TextProblem { line, message }) => {
                Reason::new(format!("line {line} of the encrypted file cannot be read: {message}"))
                    .help("take the last good version of the file, or encrypt it again")
                    .help("sops chooses the format by the end of the file's name, and so does this reference")
            }
            Self::Metadata(problem) => metadata(problem, path),
            Self::NoAge { services } => no_age(services, path),
            Self::NoKey(no_key) => no_identity(no_key, path),
            Self::DamagedKey => Reason::new("the key of the file, encrypted with age under `sops`, is cut short or damaged")
                .help("take the last good version of the file"),
            Self::Tampered { line } => {
                Reason::new(format!("the value on line {line} was changed after sops had encrypted it, or moved from another key"))
                    .help(format!("see what was changed: git log -p -- {path}"))
                    .help(format!("change values and keys with: sops edit {path}"))
            }
            Self::InClear { line } => Reason::new(format!("the value on line {line} is not encrypted, and has to be"))
                .help(format!("write values with: sops edit {path}; a value that was written in clear may be known to others")),
            Self::Checksum => Reason::new("the file was changed after sops had written it: its checksum does not fit its values")
                .help(format!("see what was changed, added or taken away: git log -p -- {path}"))
                .help(format!("change it with: sops edit {path}")),
            Self::Ambiguous { line } => {
                Reason::new(format!("the value on line {line} has the same path as one before it, since a key has a dot in it"))
                    .help("rename one of the two keys")
            }
        }
    }
}

/// A path as a word of a command.
fn word(path: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./+=@,:".contains(c);
    if path.chars().all(is_plain) { path.into() } else { format!("'{}'", path.replace('\'', r"'\''")).into() }
}

fn metadata(problem: &MetadataProblem, path: &str) -> Reason {
    match problem {
        MetadataProblem::Missing => Reason::new("the file is not encrypted with sops").help(format!("encrypt it: sops encrypt -i {path}")),
        MetadataProblem::Version => Reason::new("the file is of a version of sops that is not known here; 1 to 3 are")
            .help("encrypt it with sops 3, or update this program"),
        MetadataProblem::KeyGroups => {
            Reason::new("the file needs keys of several key groups together, which is not supported here; its values were not read")
                .help("encrypt it with one key group: leave `key_groups` out of .sops.yaml")
        }
        MetadataProblem::Malformed(clause) => Reason::new(format!("what sops wrote about the file cannot be used: {clause}"))
            .help("take the last good version of the file, or encrypt it again"),
    }
}

fn no_age(services: &[String], path: &str) -> Reason {
    let names: Vec<&str> = services.iter().map(|service| service_name(service)).collect();
    let message = if names.is_empty() {
        "the file says nothing about who can decrypt it".to_owned()
    } else {
        format!("the file is encrypted for {} only, which is not asked here", names.join(" and "))
    };
    Reason::new(message).help(format!("add an age recipient to .sops.yaml and run: sops updatekeys {path}"))
}

fn service_name(service: &str) -> &'static str {
    match service {
        "kms" => "AWS KMS",
        "gcp_kms" => "Google Cloud KMS",
        "azure_kv" => "Azure Key Vault",
        "hc_vault" => "the transit engine of Vault",
        "hckms" => "Huawei Cloud KMS",
        "pgp" => "PGP",
        _ => "a key service that is not known here",
    }
}

fn no_identity(no_key: &NoKey, path: &str) -> Reason {
    let NoKey { recipients, fault, has_identities } = no_key;
    // Whoever changes the file writes these; only what has the form of a recipient is repeated.
    let is_recipient = |text: &&String| {
        text.len() <= 80 && text.strip_prefix("age1").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    };
    let named: Vec<&str> = recipients.iter().filter(is_recipient).take(NAMED).map(String::as_str).collect();
    let more = recipients.len() - named.len();
    let whom = match (named.is_empty(), more) {
        (true, _) => "recipients that are no X25519 keys of age".to_owned(),
        (false, 0) => named.join(", "),
        (false, more) => format!("{} and {more} more", named.join(", ")),
    };
    let what = match (fault, has_identities) {
        (Some(fault), true) => format!("none of the identities can decrypt this file, and {}", fault.message),
        (Some(fault), false) => fault.message.clone(),
        (None, true) => "none of the identities can decrypt this file".to_owned(),
        (None, false) => "no identity is set to decrypt the file with".to_owned(),
    };
    let reason = Reason::new(format!("{what}; it is encrypted for {whom}"));
    let reason = fault.iter().flat_map(|fault| &fault.help).fold(reason, |reason, help| reason.help(help.clone()));
    // What a fault says already may be the same advice for age alone.
    let reason = if fault.is_none() { reason.help(VARIABLES) } else { reason };
    if *has_identities {
        reason.help(format!("or add the recipient of this identity to .sops.yaml and run: sops updatekeys {path}"))
    } else {
        reason
    }
}

#[cfg(test)]
mod tests {
    use configcheck_core::provider::OutcomeKind;

    use super::{Failure, MetadataProblem, NoKey, Reason, Refusal, TextProblem};

    fn check(failure: Failure, kind: OutcomeKind, message: &str, help: &str) {
        let outcome = failure.outcome("secrets.enc.yaml");
        assert_eq!(outcome.kind(), kind, "{outcome:?}");
        let reason = outcome.reason().expect("every failure has a reason");
        assert!(reason.message.contains(message) && !reason.message.ends_with('.'), "{reason:?}");
        assert!(reason.help.iter().any(|text| text.contains(help)), "{reason:?}");
        assert!(reason.help.iter().all(|text| !text.is_empty() && !text.ends_with('.')), "{reason:?}");
    }

    #[test]
    fn every_failure_says_what_to_do() {
        use OutcomeKind::{Absent, AuthFailed, Denied, Malformed, Unavailable};
        check(Failure::File(Refusal::NotFound), Absent, "cannot be read", "check the path");
        check(Failure::File(Refusal::Denied), Denied, "cannot be read", "");
        check(Failure::File(Refusal::Changed), Unavailable, "cannot be read", "");
        check(Failure::File(Refusal::Directory), Malformed, "directory", "");
        check(Failure::NoText, Malformed, "no text", "sops encrypt -i secrets.enc.yaml");
        check(
            Failure::Text(TextProblem { line: 7, message: "x" }),
            Malformed,
            "line 7 of the encrypted file cannot be read: x",
            "last good",
        );
        check(Failure::Metadata(MetadataProblem::Missing), Malformed, "not encrypted with sops", "sops encrypt -i secrets.enc.yaml");
        check(Failure::Metadata(MetadataProblem::Version), Malformed, "version of sops", "sops 3");
        check(Failure::Metadata(MetadataProblem::KeyGroups), Malformed, "key groups", "one key group");
        check(Failure::Metadata(MetadataProblem::Malformed("x")), Malformed, "cannot be used: x", "last good");
        check(Failure::DamagedKey, Malformed, "damaged", "last good");
        check(Failure::Tampered { line: 3 }, Malformed, "the value on line 3 was changed", "sops edit secrets.enc.yaml");
        check(Failure::InClear { line: 3 }, Malformed, "the value on line 3 is not encrypted", "sops edit secrets.enc.yaml");
        check(Failure::Checksum, Malformed, "its checksum does not fit", "git log -p -- secrets.enc.yaml");
        check(Failure::Ambiguous { line: 3 }, Malformed, "same path", "rename");
        let services = |names: &[&str]| Failure::NoAge { services: names.iter().map(ToString::to_string).collect() };
        check(services(&["kms", "pgp"]), AuthFailed, "encrypted for AWS KMS and PGP only", "sops updatekeys secrets.enc.yaml");
        check(services(&[]), AuthFailed, "nothing about who", "sops updatekeys");
    }

    #[test]
    fn a_path_is_a_word_of_a_command() {
        let check = |path: &str, help: &str| {
            let outcome = Failure::Metadata(MetadataProblem::Missing).outcome(path);
            assert_eq!(outcome.reason().map(|reason| reason.help.clone()), Some(vec![help.to_owned()]));
        };
        check("a/b.yaml", "encrypt it: sops encrypt -i a/b.yaml");
        check("a b's.yaml", r"encrypt it: sops encrypt -i 'a b'\''s.yaml'");
    }

    #[test]
    fn who_can_decrypt_a_file_is_named_and_nothing_else() {
        let no_key = |recipients: &[&str], fault, has_identities| {
            let recipients = recipients.iter().map(ToString::to_string).collect();
            Failure::NoKey(NoKey { recipients, fault, has_identities })
        };
        let check = |failure, message: &str, help: &str| check(failure, OutcomeKind::AuthFailed, message, help);
        check(
            no_key(&["age1a"], None, false),
            "no identity is set to decrypt the file with; it is encrypted for age1a",
            "SOPS_AGE_KEY_FILE",
        );
        check(no_key(&["age1a", "age1b"], None, true), "for age1a, age1b", "updatekeys secrets.enc.yaml");
        check(no_key(&["age1a", "age1b", "age1c", "age1d"], None, true), "for age1a, age1b, age1c and 1 more", "");
        check(no_key(&["age1 \u{1b}[31m", "age1b"], None, true), "for age1b and 1 more", "");
        check(no_key(&["ssh-ed25519 AAAA"], None, true), "no X25519 keys", "");
        let fault = || Some(Reason::new("SOPS_AGE_KEY holds no identity").help("do this"));
        check(no_key(&["age1a"], fault(), false), "SOPS_AGE_KEY holds no identity; it is encrypted for age1a", "do this");
        check(no_key(&["age1a"], fault(), true), "none of the identities can decrypt this file, and SOPS_AGE_KEY holds", "do this");
    }
}
