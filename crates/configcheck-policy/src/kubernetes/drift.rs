//! Compares roles and bindings by what they let an account do with Secrets.

use std::collections::BTreeSet;

use serde_json::Value;

use super::yaml::documents;
use crate::document::Unread;
use crate::drift::Drift;

/// What one account may do: a verb on a Secret of a namespace. `*` stands for all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Grant {
    account: String,
    namespace: String,
    secret: String,
    verb: String,
}

impl Grant {
    fn shown(&self) -> String {
        let Self { account, namespace, secret, verb } = self;
        let secret = if secret == "*" { "every Secret".to_owned() } else { format!("the Secret {secret}") };
        let namespace = if namespace == "*" { "every namespace".to_owned() } else { format!("the namespace {namespace}") };
        format!("{verb} of {secret} in {namespace} for {account}")
    }

    fn covers(&self, other: &Self) -> bool {
        let has = |own: &str, other: &str| own == "*" || own == other;
        self.account == other.account
            && has(&self.namespace, &other.namespace)
            && has(&self.secret, &other.secret)
            && has(&self.verb, &other.verb)
    }
}

pub(super) fn between(needed: &str, in_use: &str) -> Result<Drift, Unread> {
    let (needed, in_use) = (grants(&documents(needed)?), grants(&documents(in_use)?));
    let missing = needed.iter().filter(|grant| !in_use.iter().any(|has| has.covers(grant)));
    let extra = in_use.iter().filter(|grant| !needed.iter().any(|need| need.covers(grant)));
    Ok(Drift::of(missing.map(Grant::shown), extra.map(Grant::shown)))
}

/// What the bindings of the documents grant by the roles of the documents. A `List` counts as its items.
fn grants(documents: &[Value]) -> BTreeSet<Grant> {
    let all: Vec<&Value> = documents
        .iter()
        .flat_map(|document| match document.get("items").and_then(Value::as_array) {
            Some(items) => items.iter().collect(),
            None => vec![document],
        })
        .collect();
    let of_kind = |kinds: &'static [&'static str]| all.iter().filter(move |one| kinds.contains(&text(one, &["kind"])));
    let mut grants = BTreeSet::new();
    for binding in of_kind(&["RoleBinding", "ClusterRoleBinding"]) {
        let namespace = text(binding, &["metadata", "namespace"]);
        let namespace = if text(binding, &["kind"]) == "ClusterRoleBinding" { "*" } else { namespace };
        let role = |one: &&&Value| {
            text(one, &["kind"]) == text(binding, &["roleRef", "kind"])
                && text(one, &["metadata", "name"]) == text(binding, &["roleRef", "name"])
                && (text(one, &["kind"]) == "ClusterRole" || text(one, &["metadata", "namespace"]) == namespace)
        };
        for rule in of_kind(&["Role", "ClusterRole"]).filter(role).flat_map(|role| list(role, "rules")) {
            let has = |name: &str, wanted: &str| list(rule, name).iter().any(|word| word == wanted || word == "*");
            if !has("apiGroups", "") || !has("resources", "secrets") {
                continue;
            }
            let names = words(rule, "resourceNames");
            let names = if names.is_empty() { vec!["*".to_owned()] } else { names };
            for subject in list(binding, "subjects") {
                for secret in &names {
                    for verb in words(rule, "verbs") {
                        let (account, namespace) = (account(subject), namespace.to_owned());
                        grants.insert(Grant { account, namespace, secret: secret.clone(), verb });
                    }
                }
            }
        }
    }
    grants
}

fn account(subject: &Value) -> String {
    match text(subject, &["namespace"]) {
        "" => format!("{} {}", text(subject, &["kind"]), text(subject, &["name"])),
        namespace => format!("{} {namespace}/{}", text(subject, &["kind"]), text(subject, &["name"])),
    }
}

fn text<'v>(value: &'v Value, path: &[&str]) -> &'v str {
    path.iter().try_fold(value, |value, step| value.get(step)).and_then(Value::as_str).unwrap_or_default()
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn words(value: &Value, name: &str) -> Vec<String> {
    list(value, name).iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect()
}
