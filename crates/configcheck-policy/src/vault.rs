//! The policy of Vault and `OpenBao`: each path that is read, and nothing beside it.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{Document, Problem, Problems, Unread, grouped};
use crate::drift::Drift;
use crate::iam::leads_to;
use crate::need::{Need, Needs};

mod drift;
mod hcl;

/// The schemes whose references lead to Vault.
pub const SCHEMES: [&str; 2] = ["vault", "bao"];

/// What the references do not say themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The namespace whose policy is written; `None` for references without one.
    pub namespace: Option<String>,
    /// Whether `configcheck doctor` is to be run with the same token, which asks for secrets without their values.
    pub doctor: bool,
}

/// What a policy allows on one path, and for whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Rule {
    capabilities: BTreeSet<&'static str>,
    /// The variables, or why the path is there.
    serves: BTreeSet<String>,
}

/// The policy that lets the references be read.
pub fn policy(needs: &Needs, options: &Options) -> Result<Document, Problems> {
    let all = needs.of(&SCHEMES);
    let (own, others): (Vec<Need>, Vec<Need>) = all.into_iter().partition(|need| namespace(need) == options.namespace.as_deref());
    let problems: Vec<Problem> = own.iter().filter_map(inexact).collect();
    if !problems.is_empty() {
        return Err(grouped(problems));
    }
    let other_namespaces: BTreeSet<&str> = others.iter().map(|need| namespace(need).unwrap_or_default()).collect();
    if own.is_empty() {
        let help = match other_namespaces.first() {
            Some(&"") => "all references to Vault are without a namespace: leave --namespace out".to_owned(),
            Some(name) => format!("all references to Vault are in a namespace: --namespace {name}"),
            None => leads_to(needs),
        };
        return Err(Problems(vec![Problem::option("no reference leads to Vault, as far as was asked for", help)]));
    }
    let rules = rules(&own, options);
    Ok(Document { text: text(&rules, options), notes: notes(&own, &other_namespaces) })
}

/// Compares a policy that is in use with the one that is needed.
pub fn compare(needs: &Needs, options: &Options, in_use: &str) -> Result<Result<Drift, Unread>, Problems> {
    let needed = policy(needs, options)?;
    Ok(drift::between(&needed.text, in_use))
}

fn namespace(need: &Need) -> Option<&str> {
    need.reference
        .option("ns")
        .or_else(|| need.reference.option("namespace"))
        .map(|name| name.trim_matches('/'))
        .filter(|name| !name.is_empty())
}

/// Why a path would mean more in a policy than in a reference.
fn inexact(need: &Need) -> Option<Problem> {
    let path = need.reference.path();
    let is_wild = path.contains('*') || path.split('/').any(|step| step == "+");
    let is_template = path.contains("{{") || path.contains("}}") || path.contains("${") || path.contains("%{");
    let is_unfilled = path.contains("{environment}") || path.contains("{name}");
    if is_unfilled {
        return Some(Problem::option("a reference has a place for the environment, which is not known", "name it: --env production"))
            .map(|problem| Problem { variables: need.variables.iter().cloned().collect(), ..problem });
    }
    (is_wild || is_template || path.is_empty()).then(|| {
        Problem::of(
            need,
            "a policy would mean more paths by this one",
            "a path of a policy has no *, no step that is +, and no {{ or ${ of templates",
        )
    })
}

/// The statement that lets a path be read, in one line.
pub(crate) fn statement(path: &str) -> String {
    format!("path {} {{ capabilities = [\"read\"] }}", hcl::quoted(path.trim_matches('/')))
}

/// The path as Vault checks it: without slashes around it.
fn path_of(need: &Need) -> &str {
    need.reference.path().trim_matches('/')
}

/// The path of what is known of a secret beside its value; `None` where Vault keeps no such thing.
fn metadata_of(path: &str) -> Option<String> {
    let steps: Vec<&str> = path.split('/').collect();
    let data = (1..steps.len().saturating_sub(1)).find(|at| steps[*at] == "data")?;
    let mut steps = steps;
    steps[data] = "metadata";
    Some(steps.join("/"))
}

/// Whether Vault makes the secret when it is asked, for as long as a lease lasts.
fn is_leased(path: &str) -> bool {
    let steps: Vec<&str> = path.split('/').collect();
    metadata_of(path).is_none() && steps.len() > 2 && steps[1..steps.len() - 1].iter().any(|step| matches!(*step, "creds" | "sts"))
}

fn rules(own: &[Need], options: &Options) -> BTreeMap<String, Rule> {
    let mut rules: BTreeMap<String, Rule> = BTreeMap::new();
    let mut allow = |path: &str, capability: &'static str, serves: &str| {
        let rule = rules.entry(path.to_owned()).or_default();
        rule.capabilities.insert(capability);
        rule.serves.insert(serves.to_owned());
    };
    for need in own {
        let path = path_of(need);
        need.variables.iter().for_each(|variable| allow(path, "read", variable));
        if let Some(metadata) = metadata_of(path).filter(|_| options.doctor) {
            need.variables.iter().for_each(|variable| allow(&metadata, "read", variable));
        }
        if is_leased(path) {
            allow("sys/leases/renew", "update", "keeps secrets that Vault makes for this process");
            allow("sys/leases/revoke", "update", "gives them back when the process ends");
        }
    }
    rules
}

fn text(rules: &BTreeMap<String, Rule>, options: &Options) -> String {
    let mut text = String::new();
    if let Some(namespace) = &options.namespace {
        text.push_str(&format!("# Written into the namespace {}; its paths are those within it.\n\n", hcl::comment(namespace)));
    }
    let blocks = rules.iter().map(|(path, rule)| {
        let serves: Vec<String> = rule.serves.iter().map(|word| hcl::comment(word)).collect();
        let capabilities: Vec<String> = rule.capabilities.iter().map(|word| hcl::quoted(word)).collect();
        format!("# {}\npath {} {{\n  capabilities = [{}]\n}}\n", serves.join(", "), hcl::quoted(path), capabilities.join(", "))
    });
    text.push_str(&blocks.collect::<Vec<_>>().join("\n"));
    text
}

fn notes(own: &[Need], others: &BTreeSet<&str>) -> Vec<String> {
    let mut notes =
        vec!["the policy named default is needed too, as every token has it unless it was taken away: a token looks itself up with it and prolongs itself".to_owned()];
    if own.iter().any(|need| metadata_of(path_of(need)).is_none() && !is_leased(path_of(need))) {
        notes.push("a path without data/ is taken for one of a KV version 1; of a version 2 write the reference as the API has it, vault:MOUNT/data/PATH".to_owned());
    }
    if own.iter().any(|need| is_leased(path_of(need))) {
        notes.push(
            "sys/leases/revoke lets a token end any lease whose id it knows; Vault offers no permission for its own alone".to_owned(),
        );
    }
    for name in others {
        notes.push(if name.is_empty() {
            "references without a namespace need a policy of their own: leave --namespace out".to_owned()
        } else {
            format!("references in the namespace {name} need a policy of their own: --namespace {name}")
        });
    }
    notes
}

#[cfg(test)]
mod tests;
