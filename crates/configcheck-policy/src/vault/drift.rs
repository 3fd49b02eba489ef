//! Compares two policies of Vault by what they let a token do.

use std::collections::BTreeSet;

use super::hcl::{PathRule, paths};
use crate::document::Unread;
use crate::drift::Drift;

/// What every token may do by the policy named default, so that to grant it again changes nothing.
const DEFAULT: [(&str, &str); 8] = [
    ("auth/token/lookup-self", "read"),
    ("auth/token/renew-self", "update"),
    ("auth/token/revoke-self", "update"),
    ("sys/capabilities-self", "update"),
    ("sys/leases/lookup", "update"),
    ("sys/leases/renew", "update"),
    ("sys/renew", "update"),
    ("sys/internal/ui/resultant-acl", "read"),
];

pub(super) fn between(needed: &str, in_use: &str) -> Result<Drift, Unread> {
    let (needed, in_use) = (paths(needed)?, paths(in_use)?);
    let grants: BTreeSet<(&str, &str)> = needed.iter().flat_map(each).collect();
    let missing = grants.iter().filter(|(path, capability)| !is_in_default(path, capability) && !is_allowed(&in_use, path, capability));
    let missing = missing.map(|(path, capability)| format!("{capability} on {path}"));
    let is_needed = |(path, capability): &(&str, &str)| grants.contains(&(*path, *capability)) || is_in_default(path, capability);
    let extra = in_use.iter().flat_map(each).filter(|grant| grant.1 != "deny" && !is_needed(grant));
    let extra = extra.map(|(path, capability)| format!("{capability} on {path}"));
    Ok(Drift::of(missing.collect::<Vec<_>>(), extra.collect::<Vec<_>>()))
}

fn each(rule: &PathRule) -> impl Iterator<Item = (&str, &str)> {
    rule.capabilities.iter().map(|capability| (rule.path.as_str(), capability.as_str()))
}

fn is_in_default(path: &str, capability: &str) -> bool {
    DEFAULT.contains(&(path, capability))
}

/// Whether a policy allows something on a path. Of the rules that fit a path Vault takes the most specific one, and of those with the same
/// path all; one that narrows parameters may refuse what is asked, so it counts for nothing.
fn is_allowed(rules: &[PathRule], path: &str, capability: &str) -> bool {
    let Some(decides) = rules.iter().filter(|rule| fits(&rule.path, path)).max_by_key(|rule| rank(&rule.path)).map(|rule| &rule.path)
    else {
        return false;
    };
    let mut same = rules.iter().filter(|rule| rule.path == *decides).peekable();
    let denies = |rule: &&PathRule| rule.capabilities.iter().any(|word| word == "deny");
    !same.clone().any(|rule| denies(&rule))
        && same.any(|rule| rule.narrowed_by.is_empty() && rule.capabilities.iter().any(|word| word == capability))
}

/// Whether a path of a policy means a path: `*` at the end stands for anything, a step `+` for one step.
fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, is_prefix) = pattern.strip_suffix('*').map_or((pattern, false), |start| (start, true));
    let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    let last = pattern.len() - 1;
    let step =
        |(at, (own, other)): (usize, (&&str, &&str))| *own == "+" || own == other || (is_prefix && at == last && other.starts_with(*own));
    (if is_prefix { path.len() >= pattern.len() } else { path.len() == pattern.len() }) && pattern.iter().zip(&path).enumerate().all(step)
}

/// How specific a path is, as Vault decides: a later first wildcard, no `*` at the end, fewer steps `+`, more characters.
fn rank(pattern: &str) -> (usize, bool, std::cmp::Reverse<usize>, usize) {
    let plus = pattern.split('/').filter(|step| *step == "+").count();
    let first_plus = pattern.split('/').position(|step| step == "+").map(|at| pattern.split('/').take(at).map(|step| step.len() + 1).sum());
    let is_prefix = pattern.ends_with('*');
    let first = first_plus.unwrap_or(if is_prefix { pattern.len() - 1 } else { usize::MAX });
    (first, !is_prefix, std::cmp::Reverse(plus), pattern.len())
}
