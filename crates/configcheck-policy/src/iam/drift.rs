//! Compares two policies of AWS by what they grant, whatever their statements are called and however they are grouped.

use serde_json::Value;

use crate::document::Unread;
use crate::drift::Drift;
use crate::pattern::covers;

/// One action on one resource, under a condition.
struct Grant {
    action: String,
    resource: String,
    /// The conditions, each as operator, key and one value of it.
    conditions: Vec<Condition>,
}

/// One key of a condition with the values that it may have.
#[derive(Clone, PartialEq, Eq)]
struct Condition {
    operator: String,
    key: String,
    values: Vec<String>,
}

impl Grant {
    fn shown(&self) -> String {
        let when = if self.conditions.is_empty() { String::new() } else { " under conditions".to_owned() };
        format!("{} on {}{when}", self.action, self.resource)
    }

    /// Whether everything that the other grants is granted by this one.
    fn covers(&self, other: &Self) -> bool {
        covers(&self.action.to_ascii_lowercase(), &other.action.to_ascii_lowercase())
            && covers(&self.resource, &other.resource)
            && self.conditions.iter().all(|condition| other.conditions.iter().any(|stricter| condition.allows(stricter)))
    }
}

impl Condition {
    /// Whether whatever fulfils the other fulfils this one.
    fn allows(&self, stricter: &Self) -> bool {
        let is_like = self.operator == "stringlike" || self.operator == "arnlike";
        let same_operator = self.operator == stricter.operator
            || (is_like && matches!(&*stricter.operator, "stringequals" | "arnequals" | "arnlike" | "stringlike"));
        let has = |value: &String| self.values.iter().any(|own| if is_like { covers(own, value) } else { own == value });
        same_operator && self.key == stricter.key && stricter.values.iter().all(has)
    }
}

/// How the policy in use differs from the one that is needed. Where no key was named, what is granted of keys by name is the reader's.
pub(super) fn between(needed: &str, in_use: &str, any_key: bool) -> Result<Drift, Unread> {
    let needed = grants(needed)?;
    let (in_use, denies) = (grants(in_use)?, denies(in_use)?);
    let is_about_keys = |grant: &Grant| any_key && grant.action.eq_ignore_ascii_case("kms:Decrypt") && !grant.resource.ends_with('*');
    let missing = needed.iter().filter(|grant| !is_about_keys(grant) && !in_use.iter().any(|has| has.covers(grant)));
    let extra = in_use.iter().filter(|grant| !is_about_keys(grant) && !needed.iter().any(|need| need.covers(grant)));
    let missing: Vec<String> = missing.map(Grant::shown).collect();
    let refused = needed.iter().filter(|grant| {
        denies.iter().any(|deny| {
            covers(&deny.action.to_ascii_lowercase(), &grant.action.to_ascii_lowercase()) && covers(&deny.resource, &grant.resource)
        })
    });
    let refused = refused.map(|grant| format!("{}, which a statement denies", grant.shown()));
    Ok(Drift::of(missing.into_iter().chain(refused), extra.map(Grant::shown)))
}

fn grants(text: &str) -> Result<Vec<Grant>, Unread> {
    of_effect(text, "Allow")
}

fn denies(text: &str) -> Result<Vec<Grant>, Unread> {
    of_effect(text, "Deny")
}

fn of_effect(text: &str, effect: &str) -> Result<Vec<Grant>, Unread> {
    let unread = |message: &str| Unread { line: 0, message: message.to_owned() };
    let policy: Value = serde_json::from_str(text).map_err(|error| Unread { line: error.line(), message: "this is no JSON".to_owned() })?;
    let statements = policy.get("Statement").ok_or_else(|| unread("the policy has no Statement"))?;
    let mut grants = Vec::new();
    for statement in one_or_many(statements) {
        let words = |name: &str| {
            let list = statement.get(name).map(|value| one_or_many(value).iter().map(Value::as_str).collect::<Option<Vec<&str>>>());
            list.flatten()
                .ok_or_else(|| unread(&format!("a statement has no {name} that is text; NotAction and NotResource are not compared")))
        };
        let (actions, resources) = (words("Action")?, words("Resource")?);
        match statement.get("Effect").and_then(Value::as_str) {
            Some("Allow" | "Deny") => {}
            _ => return Err(unread("a statement has no Effect that is Allow or Deny")),
        }
        if statement.get("Effect").and_then(Value::as_str) != Some(effect) {
            continue;
        }
        let conditions = conditions(statement).ok_or_else(|| unread("the Condition of a statement is not text by operator and key"))?;
        // A denial under conditions does not always deny.
        if effect == "Deny" && !conditions.is_empty() {
            continue;
        }
        for action in &actions {
            for resource in &resources {
                grants.push(Grant { action: (*action).to_owned(), resource: (*resource).to_owned(), conditions: conditions.clone() });
            }
        }
    }
    Ok(grants)
}

fn one_or_many(value: &Value) -> &[Value] {
    value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice)
}

fn conditions(statement: &Value) -> Option<Vec<Condition>> {
    let Some(value) = statement.get("Condition") else { return Some(Vec::new()) };
    let mut conditions = Vec::new();
    for (operator, keys) in value.as_object()? {
        for (key, values) in keys.as_object()? {
            let values = one_or_many(values).iter().map(|value| value.as_str().map(ToOwned::to_owned)).collect::<Option<Vec<String>>>()?;
            conditions.push(Condition { operator: operator.to_ascii_lowercase(), key: key.to_ascii_lowercase(), values });
        }
    }
    Some(conditions)
}
