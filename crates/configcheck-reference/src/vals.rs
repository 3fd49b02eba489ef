//! The references of vals and helmfile: `ref+vault://mount/path#/key`. Each leads to the scheme that it has here.

use super::error::RefErrorKind;
use super::part::Part;
use super::tail::Read;
use super::{aws, azure, doppler, files, gcp, infisical, kubernetes, onepassword, vault};

type Reader = fn(Part<'_>) -> Read;

/// Backends of vals that have a scheme here.
const BACKENDS: &[(&str, Reader)] = &[
    ("vault", vault::read_vals),
    ("openbao", vault::read_vals),
    ("awssecrets", aws::read_secret),
    ("awsssm", aws::read_vals_parameter),
    ("gcpsecrets", gcp::read),
    ("azurekeyvault", azure::read),
    ("op", read_onepassword),
    ("onepasswordconnect", read_onepassword),
    ("doppler", doppler::read),
    ("infisical", infisical::read_vals),
    ("k8s", kubernetes::read_vals),
    ("sops", files::read_sops),
    ("file", files::read_plain),
];

/// Backends that run something, ask anybody on the network, or say what the value is.
const NEVER_FOLLOWED: [&str; 6] = ["exec", "http", "https", "httpjson", "envsubst", "echo"];

/// What stands behind `ref+` or `secretref+`. A `+` ends the reference.
pub(super) fn read(part: Part<'_>) -> Read {
    let part = match part.split_once("+") {
        Some((part, rest)) if rest.is_empty() => part,
        Some((_, rest)) => return Err(rest.wrong(RefErrorKind::Inline)),
        None => part,
    };
    let Some((backend, _)) = part.split_once("://") else {
        return Err(part.wrong(RefErrorKind::Form("ref+backend://path#/key")));
    };
    if NEVER_FOLLOWED.contains(&backend.text()) {
        return Err(backend.wrong(RefErrorKind::NeverFollowed));
    }
    match BACKENDS.iter().find(|(name, _)| *name == backend.text()) {
        Some((_, read)) => read(part.from(backend.text().len() + 1)),
        None => Err(backend.wrong(RefErrorKind::Backend)),
    }
}

fn read_onepassword(part: Part<'_>) -> Read {
    onepassword::read(part.strip_prefix("//").unwrap_or(part))
}
