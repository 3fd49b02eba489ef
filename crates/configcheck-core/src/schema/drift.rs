//! Which keys two native schema files say different things of.

use std::collections::BTreeMap;

use crate::json::compact;

/// What begins the text of a key.
const KEY: &str = "{\"variable\":";

/// How one native schema file differs from another, by the names of the keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drift {
    /// Only in the new one.
    pub added: Vec<String>,
    /// Only in the old one.
    pub removed: Vec<String>,
    /// In both, and not the same.
    pub changed: Vec<String>,
    /// Whether anything beside the keys differs: the name of the service, its environments, the order of the keys.
    pub beside: bool,
}

impl Drift {
    /// Compares two texts of the native form; how they are broken into lines does not matter. `None` when they say the same.
    ///
    /// ```
    /// use configcheck_core::schema::Drift;
    ///
    /// let old = r#"{"version":1,"keys":[{"variable":"A"},{"variable":"B","required":true}]}"#;
    /// let new = r#"{"version":1,"keys":[{"variable":"B","required":false},{"variable":"C"}]}"#;
    /// let drift = Drift::between(old, new).expect("they differ");
    /// assert_eq!((drift.removed, drift.changed, drift.added), (vec!["A".into()], vec!["B".into()], vec!["C".into()]));
    /// assert_eq!(Drift::between(old, &old.replace(',', ",\n ")), None);
    /// ```
    pub fn between(old: &str, new: &str) -> Option<Self> {
        let (old, new) = (compact(old), compact(new));
        if old == new {
            return None;
        }
        let (old_keys, new_keys) = (keys(&old), keys(&new));
        let mut drift = Self::default();
        for (name, text) in &new_keys {
            match old_keys.get(name) {
                None => drift.added.push((*name).to_owned()),
                Some(other) if other != text => drift.changed.push((*name).to_owned()),
                Some(_) => {}
            }
        }
        drift.removed.extend(old_keys.keys().filter(|name| !new_keys.contains_key(*name)).map(|name| (*name).to_owned()));
        drift.beside = drift.added.is_empty() && drift.removed.is_empty() && drift.changed.is_empty();
        Some(drift)
    }
}

impl std::fmt::Display for Drift {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts = [("added", &self.added), ("removed", &self.removed), ("changed", &self.changed)];
        let mut parts: Vec<String> =
            parts.iter().filter(|(_, names)| !names.is_empty()).map(|(word, names)| format!("{word}: {}", names.join(", "))).collect();
        if self.beside {
            parts.push("changed: what stands beside the keys, or their order".to_owned());
        }
        f.write_str(&parts.join("; "))
    }
}

/// The keys of a compact document with their texts. A text within it cannot hold what begins a key, since its quotes are escaped.
fn keys(json: &str) -> BTreeMap<&str, &str> {
    let Some((_, list)) = json.split_once("\"keys\":[") else { return BTreeMap::new() };
    let list = list.strip_suffix("]}").unwrap_or(list);
    let of_keys = list.split(KEY).skip(1).map(|text| text.strip_suffix(',').unwrap_or(text));
    of_keys.filter_map(|text| Some((text.strip_prefix('"')?.split_once('"')?.0, text))).collect()
}
