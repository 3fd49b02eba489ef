//! The roles of Kubernetes: each Secret by its name in its namespace, bound to the service account that reads it.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{Document, Problem, Problems, Unread, grouped};
use crate::drift::Drift;
use crate::iam::leads_to;
use crate::need::{Need, Needs};

mod drift;
mod yaml;

/// The schemes whose references lead to Kubernetes.
pub const SCHEMES: [&str; 1] = ["k8s"];

/// What the references do not say themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The name of the service, which the role is called after.
    pub service: String,
    /// The namespace of the service account; that of each Secret when it is not given.
    pub namespace: Option<String>,
    /// The service account that reads; the service's name when it is not given.
    pub service_account: Option<String>,
}

/// The roles and their bindings, one pair for each namespace.
pub fn policy(needs: &Needs, options: &Options) -> Result<Document, Problems> {
    let (mut by_namespace, mut problems) = (BTreeMap::<String, BTreeMap<String, BTreeSet<String>>>::new(), Vec::new());
    for need in needs.of(&SCHEMES) {
        match secret_of(&need) {
            Ok((namespace, secret)) => {
                by_namespace.entry(namespace).or_default().entry(secret).or_default().extend(need.variables.iter().cloned());
            }
            Err(problem) => problems.push(problem),
        }
    }
    let account = options.service_account.as_deref().unwrap_or(&options.service);
    if !is_name(account) {
        problems.push(Problem::option("the service account is not known", "name it: --service-account NAME"));
    }
    for name in options.namespace.iter().filter(|name| !is_name(name)) {
        problems.push(Problem::option(format!("{name} is no name of a namespace"), NAMES));
    }
    if !problems.is_empty() {
        return Err(grouped(problems));
    }
    if by_namespace.is_empty() {
        return Err(Problems(vec![Problem::option("no reference leads to Kubernetes", leads_to(needs))]));
    }
    let service = if is_name(&options.service) { &options.service } else { account };
    let role = format!("{service}-secrets");
    let documents = by_namespace.iter().map(|(namespace, secrets)| {
        let of_account = options.namespace.as_ref().unwrap_or(namespace);
        pair(&role, namespace, secrets, account, of_account)
    });
    let mut notes = vec![
        "the role lets the account read these Secrets through the API; what is mounted into a pod or set as its variables needs no role"
            .to_owned(),
    ];
    if options.namespace.is_none() && by_namespace.len() > 1 {
        notes.push("the account is taken to be in the namespace of each Secret; --namespace says where it is".to_owned());
    }
    Ok(Document { text: documents.collect::<Vec<String>>().join("---\n"), notes })
}

/// Compares roles and bindings that are in use with those that are needed.
pub fn compare(needs: &Needs, options: &Options, in_use: &str) -> Result<Result<Drift, Unread>, Problems> {
    let needed = policy(needs, options)?;
    Ok(drift::between(&needed.text, in_use))
}

const NAMES: &str = "names of Kubernetes have small letters, digits, - and .";

/// The namespace and the name of the Secret that a reference means.
fn secret_of(need: &Need) -> Result<(String, String), Problem> {
    let steps: Vec<&str> = need.reference.path().trim_matches('/').split('/').collect();
    let [namespace, secret] = steps.as_slice() else {
        return Err(Problem::of(need, "this is no Secret of a namespace", "write k8s:NAMESPACE/SECRET#KEY"));
    };
    if is_name(namespace) && is_name(secret) {
        Ok(((*namespace).to_owned(), (*secret).to_owned()))
    } else {
        Err(Problem::of(need, "Kubernetes has no such names", NAMES))
    }
}

fn is_name(text: &str) -> bool {
    let is_end = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let bytes = text.as_bytes();
    text.len() <= 253
        && is_end(bytes.first())
        && is_end(bytes.last())
        && bytes.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.'))
}

fn pair(role: &str, namespace: &str, secrets: &BTreeMap<String, BTreeSet<String>>, account: &str, of_account: &str) -> String {
    let quoted = yaml::scalar;
    let mut text = format!(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: {}\n  namespace: {}\nrules:\n  - apiGroups: [\"\"]\n    resources: [secrets]\n    resourceNames:\n",
        quoted(role),
        quoted(namespace)
    );
    for (secret, variables) in secrets {
        let variables: Vec<String> = variables.iter().map(|name| yaml::comment(name)).collect();
        text.push_str(&format!("      - {} # {}\n", quoted(secret), variables.join(", ")));
    }
    text.push_str("    verbs: [get]\n---\n");
    text.push_str(&format!(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata:\n  name: {}\n  namespace: {}\nroleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: Role\n  name: {}\nsubjects:\n  - kind: ServiceAccount\n    name: {}\n    namespace: {}\n",
        quoted(role),
        quoted(namespace),
        quoted(role),
        quoted(account),
        quoted(of_account)
    ));
    text
}

#[cfg(test)]
mod tests;
