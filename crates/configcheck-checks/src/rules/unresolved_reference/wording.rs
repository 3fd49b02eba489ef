//! What `unresolved-reference` says: the sentence, and what to do.

use configcheck_core::display::escaped;
use configcheck_core::provider::OutcomeKind;
use configcheck_core::snapshot::Resolved;

/// How many variables a sentence names.
const MOST_NAMED: usize = 15;

/// The sentence about keys that have one cause.
pub(super) fn headline(variables: &[&str], resolved: &Resolved) -> String {
    let scheme = resolved.reference.as_ref().map_or("such", |reference| reference.scheme());
    let who = listed(variables);
    let is_one = variables.len() == 1;
    let say = |one: &str, several: &str| format!("{who} {}", if is_one { one } else { several });
    let fetched = |why: &str| format!("{who} {} not fetched, since {why}", if is_one { "was" } else { "were" });
    let manager = manager(scheme);
    let what = match resolved.outcome {
        OutcomeKind::Absent => say("refers to a secret that does not exist", "refer to secrets that do not exist"),
        OutcomeKind::Denied => say("refers to a secret that this process may not read", "refer to secrets that this process may not read"),
        OutcomeKind::Throttled => fetched(&format!("{} asks to come back later", manager.unwrap_or("the secret manager"))),
        OutcomeKind::Unavailable => match manager {
            Some(manager) => fetched(&format!("{manager} could not answer")),
            None => fetched("its place could not be reached"),
        },
        OutcomeKind::Malformed => {
            say("refers to something that is no secret of the expected form", "refer to something that is no secret of the expected form")
        }
        OutcomeKind::AuthFailed => match manager {
            Some(manager) => fetched(&format!("the login to {manager} failed")),
            None => fetched("this process is not known there"),
        },
        OutcomeKind::Misconfigured => fetched(&format!("the settings of {} are not right", manager.unwrap_or("its provider"))),
        OutcomeKind::NoProvider => {
            let (is, are) =
                (format!("is a reference, and nothing here reads {scheme} references"), "are references, and nothing here reads");
            say(&is, &format!("{are} {scheme} references"))
        }
        OutcomeKind::BadReference => say("holds a reference that is not well formed", "hold references that are not well formed"),
        _ => say("was not fetched", "were not fetched"),
    };
    match &resolved.reason {
        Some(reason) => format!("{what}: {}", escaped(reason)),
        None => what,
    }
}

/// `A`, `A and B`, `A, B and C`; of many the first ones, and how many more there are.
fn listed(variables: &[&str]) -> String {
    let (named, more) = variables.split_at(variables.len().min(MOST_NAMED));
    match (named, more.len()) {
        ([one], 0) => (*one).to_owned(),
        ([first @ .., last], 0) => format!("{} and {last}", first.join(", ")),
        (named, more) => format!("{} and {more} more", named.join(", ")),
    }
}

/// What to do, the likeliest first. A manager's "no" has more than one reading, and all of them are said.
pub(super) fn what_to_do(outcome: OutcomeKind, scheme: &str) -> Vec<String> {
    let is_file = matches!(scheme, "file" | "age" | "sops");
    match outcome {
        OutcomeKind::Absent if is_file => vec![
            "the path or the name after # may be misspelt: compare both with the file".to_owned(),
            "the file may be another environment's, or this key may not have been added to it yet".to_owned(),
            "a path that does not begin with / counts from the directory in which the process was started".to_owned(),
        ],
        OutcomeKind::Absent => vec![
            "the path or the field may be misspelt: compare both with the secret manager".to_owned(),
            "the secret may exist in another environment, region or project than this process asks".to_owned(),
            "it may not have been created yet, or have been deleted: create it".to_owned(),
        ],
        OutcomeKind::Denied if is_file => vec![
            "the user of this process may not be allowed to read the file: look at its owner and mode".to_owned(),
            "or the identity at hand may not be one of those that the file was encrypted for".to_owned(),
        ],
        OutcomeKind::Denied => vec![
            "this process's identity may have no right to read it: grant the right".to_owned(),
            "or it may have another identity than you expect: look at the role that it runs under".to_owned(),
            "or the path may be misspelt: some secret managers answer so for what does not exist".to_owned(),
        ],
        OutcomeKind::Throttled => vec!["start fewer processes at once, or raise the secret manager's limit; then start again".to_owned()],
        OutcomeKind::Unavailable if is_file => vec!["look whether the file is mounted and can be read".to_owned()],
        OutcomeKind::Unavailable => {
            vec!["look whether its address is right, whether the network lets this process through, and whether it is up".to_owned()]
        }
        OutcomeKind::Malformed => {
            vec!["compare the reference with what is stored: a map needs a name after #, one value needs none".to_owned()]
        }
        OutcomeKind::AuthFailed => vec!["renew the token or the identity that this process presents, or give it one".to_owned()],
        OutcomeKind::Misconfigured => vec!["correct the variables from which the provider has its settings".to_owned()],
        OutcomeKind::NoProvider => vec![how_to_read(scheme)],
        OutcomeKind::BadReference => vec!["correct the reference; where it is meant as plain text, it begins like a reference".to_owned()],
        _ => vec!["start again; when it stays, look at the secret manager".to_owned()],
    }
}

fn how_to_read(scheme: &str) -> String {
    let feature = match scheme {
        "vault" | "sops" | "age" | "etcd" => scheme,
        "aws-sm" | "aws-ssm" => "aws",
        _ => return format!("give the loader a provider for {scheme}: Loader::provider(…)"),
    };
    format!("turn on the feature `{feature}` of configcheck in Cargo.toml")
}

/// What people call the manager behind a scheme; `None` for files, and for what is no good reference.
fn manager(scheme: &str) -> Option<&'static str> {
    Some(match scheme {
        "vault" => "Vault",
        "aws-sm" => "AWS Secrets Manager",
        "aws-ssm" => "AWS Parameter Store",
        "gcp-sm" => "Google Secret Manager",
        "azure-kv" => "Azure Key Vault",
        "op" => "1Password",
        "doppler" => "Doppler",
        "infisical" => "Infisical",
        "k8s" => "Kubernetes",
        "etcd" => "etcd",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_says_what_to_do() {
        use OutcomeKind::{AuthFailed, Malformed, Throttled, Unavailable};
        for outcome in [Throttled, Unavailable, Malformed, AuthFailed] {
            for scheme in ["vault", "age"] {
                assert!(!what_to_do(outcome, scheme).is_empty());
            }
        }
    }

    #[test]
    fn names_as_many_as_one_can_read() {
        assert_eq!(listed(&["A"]), "A");
        assert_eq!(listed(&["A", "B"]), "A and B");
        assert_eq!(listed(&["A", "B", "C"]), "A, B and C");
        assert_eq!(listed(&["A"; 15]).matches('A').count(), 15);
        assert!(listed(&["A"; 15]).ends_with("A and A"));
        assert!(listed(&["A"; 18]).ends_with("A, A and 3 more"));
    }

    #[test]
    fn every_scheme_says_who_reads_it() {
        for scheme in configcheck_core::reference::SCHEMES {
            assert!(how_to_read(scheme).contains(if scheme.starts_with("aws") { "aws" } else { scheme }), "{scheme}");
            assert_eq!(manager(scheme).is_none(), matches!(scheme, "file" | "sops" | "age"), "{scheme}");
        }
    }
}
