//! The variables of the environment that `etcdctl` reads, in one struct, by envy.
//!
//! Blanks around a value are dropped, but for the password, and an empty one is unset. What envy says is never passed on, since it quotes values.

use configcheck_core::Secret;
use configcheck_core::secret::ExposeSecret as _;
use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

/// The variables that are asked for.
pub(crate) const NAMES: [&str; 6] =
    ["ETCDCTL_ENDPOINTS", "ETCDCTL_USER", "ETCDCTL_PASSWORD", "ETCDCTL_CACERT", "ETCDCTL_CERT", "ETCDCTL_KEY"];

/// What the variables say.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Variables {
    #[serde(rename = "etcdctl_endpoints")]
    pub(crate) endpoints: Option<Text>,
    #[serde(rename = "etcdctl_user")]
    pub(crate) user: Option<Text>,
    #[serde(rename = "etcdctl_password")]
    pub(crate) password: Option<Text>,
    #[serde(rename = "etcdctl_cacert")]
    pub(crate) ca_file: Option<Text>,
    #[serde(rename = "etcdctl_cert")]
    pub(crate) client_certificate: Option<Text>,
    #[serde(rename = "etcdctl_key")]
    pub(crate) client_key: Option<Text>,
}

/// The text of one variable, which may be a credential.
pub(crate) struct Text(Zeroizing<String>);

impl Text {
    /// The text without the blanks around it; never empty.
    pub(crate) fn get(&self) -> &str {
        self.0.trim()
    }

    /// The text as it stands in the environment.
    pub(crate) fn whole(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Zeroizing::new(text)))
    }
}

impl Variables {
    /// Reads the values of [`NAMES`], in their order.
    pub(crate) fn read(values: &[Option<Secret<String>>]) -> Self {
        let set = |value: &&Secret<String>| !value.expose_secret().trim().is_empty();
        let pairs = NAMES.into_iter().zip(values).filter_map(|(name, value)| {
            let value = value.as_ref().filter(set)?;
            Some((name.to_owned(), value.expose_secret().clone()))
        });
        // Every field is text, so there is nothing that envy could refuse.
        envy::from_iter(pairs).unwrap_or_default()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{NAMES, Secret, Text, Variables};

    /// The values of an environment, as the engine hands them over.
    pub(crate) fn values(pairs: &[(&str, &str)]) -> Vec<Option<Secret<String>>> {
        assert!(pairs.iter().all(|(name, _)| NAMES.contains(name)), "a variable that is not asked for");
        let value = |name: &str| pairs.iter().find(|(other, _)| *other == name).map(|(_, value)| Secret::new((*value).to_owned()));
        NAMES.into_iter().map(value).collect()
    }

    #[test]
    fn every_variable_has_its_field() {
        let read = Variables::read(&values(&NAMES.map(|name| (name, name))));
        let fields = [&read.endpoints, &read.user, &read.password, &read.ca_file, &read.client_certificate, &read.client_key];
        for (name, field) in NAMES.into_iter().zip(fields) {
            assert_eq!(field.as_ref().map(Text::get), Some(name));
        }
    }

    #[test]
    fn an_empty_variable_is_unset_and_blanks_are_dropped() {
        let read = Variables::read(&values(&[("ETCDCTL_USER", " \n"), ("ETCDCTL_ENDPOINTS", " a,b\n"), ("ETCDCTL_PASSWORD", " x ")]));
        assert!(read.user.is_none());
        assert_eq!(read.endpoints.as_ref().map(Text::get), Some("a,b"));
        assert_eq!(read.password.as_ref().map(Text::whole), Some(" x "));
    }
}
