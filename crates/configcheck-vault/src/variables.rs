//! The variables of the environment that Vault's own tools read, and those that its users' tools share: read with envy into one struct.
//!
//! A `BAO_…` variable goes before the `VAULT_…` one of the same meaning, as in OpenBao's own tool. Blanks around a value are dropped, and an
//! empty one is unset. What envy says is never passed on, since it quotes values.

use configcheck_core::Secret;
use configcheck_core::secret::ExposeSecret;
use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

/// The variables that are asked for, each `VAULT_…` one behind its `BAO_…` alias.
pub(crate) const NAMES: [&str; 47] = [
    "HOME",
    "BAO_ADDR",
    "VAULT_ADDR",
    "BAO_AGENT_ADDR",
    "VAULT_AGENT_ADDR",
    "BAO_NAMESPACE",
    "VAULT_NAMESPACE",
    "BAO_CACERT",
    "VAULT_CACERT",
    "BAO_CAPATH",
    "VAULT_CAPATH",
    "BAO_CLIENT_CERT",
    "VAULT_CLIENT_CERT",
    "BAO_CLIENT_KEY",
    "VAULT_CLIENT_KEY",
    "BAO_TLS_SERVER_NAME",
    "VAULT_TLS_SERVER_NAME",
    "BAO_SKIP_VERIFY",
    "VAULT_SKIP_VERIFY",
    "BAO_CLIENT_TIMEOUT",
    "VAULT_CLIENT_TIMEOUT",
    "BAO_AUTH_METHOD",
    "VAULT_AUTH_METHOD",
    "BAO_AUTH_MOUNT",
    "VAULT_AUTH_MOUNT",
    "BAO_TOKEN",
    "VAULT_TOKEN",
    "BAO_TOKEN_FILE",
    "VAULT_TOKEN_FILE",
    "BAO_ROLE",
    "VAULT_ROLE",
    "BAO_ROLE_ID",
    "VAULT_ROLE_ID",
    "BAO_ROLE_ID_FILE",
    "VAULT_ROLE_ID_FILE",
    "BAO_SECRET_ID",
    "VAULT_SECRET_ID",
    "BAO_SECRET_ID_FILE",
    "VAULT_SECRET_ID_FILE",
    "BAO_JWT",
    "VAULT_JWT",
    "BAO_JWT_FILE",
    "VAULT_JWT_FILE",
    "BAO_USERNAME",
    "VAULT_USERNAME",
    "BAO_PASSWORD",
    "VAULT_PASSWORD",
];

/// What the variables say, each with the name that said it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Variables {
    pub(crate) home: Option<Text>,
    #[serde(rename = "vault_addr")]
    pub(crate) address: Option<Text>,
    #[serde(rename = "vault_agent_addr")]
    pub(crate) agent_address: Option<Text>,
    #[serde(rename = "vault_namespace")]
    pub(crate) namespace: Option<Text>,
    #[serde(rename = "vault_cacert")]
    pub(crate) ca_file: Option<Text>,
    #[serde(rename = "vault_capath")]
    pub(crate) ca_directory: Option<Text>,
    #[serde(rename = "vault_client_cert")]
    pub(crate) client_certificate: Option<Text>,
    #[serde(rename = "vault_client_key")]
    pub(crate) client_key: Option<Text>,
    #[serde(rename = "vault_tls_server_name")]
    pub(crate) server_name: Option<Text>,
    #[serde(rename = "vault_skip_verify")]
    pub(crate) skip_verify: Option<Text>,
    #[serde(rename = "vault_client_timeout")]
    pub(crate) timeout: Option<Text>,
    #[serde(rename = "vault_auth_method")]
    pub(crate) method: Option<Text>,
    #[serde(rename = "vault_auth_mount")]
    pub(crate) mount: Option<Text>,
    #[serde(rename = "vault_token")]
    pub(crate) token: Option<Text>,
    #[serde(rename = "vault_token_file")]
    pub(crate) token_file: Option<Text>,
    #[serde(rename = "vault_role")]
    pub(crate) role: Option<Text>,
    #[serde(rename = "vault_role_id")]
    pub(crate) role_id: Option<Text>,
    #[serde(rename = "vault_role_id_file")]
    pub(crate) role_id_file: Option<Text>,
    #[serde(rename = "vault_secret_id")]
    pub(crate) secret_id: Option<Text>,
    #[serde(rename = "vault_secret_id_file")]
    pub(crate) secret_id_file: Option<Text>,
    #[serde(rename = "vault_jwt")]
    pub(crate) jwt: Option<Text>,
    #[serde(rename = "vault_jwt_file")]
    pub(crate) jwt_file: Option<Text>,
    #[serde(rename = "vault_username")]
    pub(crate) username: Option<Text>,
    #[serde(rename = "vault_password")]
    pub(crate) password: Option<Text>,
    /// The name of each variable that is set, by the name without its prefix.
    #[serde(skip)]
    said_by: Vec<&'static str>,
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

    /// A secret of the text without the blanks around it.
    pub(crate) fn secret(&self) -> Secret<String> {
        Secret::new(self.get().to_owned())
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
        let set = |name: &str, value: &str| if name.ends_with("SKIP_VERIFY") { !value.is_empty() } else { !value.trim().is_empty() };
        let mut said_by: Vec<&'static str> = Vec::new();
        let mut pairs = Vec::new();
        for prefix in ["BAO_", "VAULT_", "HOME"] {
            for (name, value) in NAMES.into_iter().zip(values) {
                let Some(value) = value.as_ref().map(ExposeSecret::expose_secret).filter(|value| set(name, value)) else { continue };
                if name.starts_with(prefix) && !said_by.iter().any(|other| suffix(other) == suffix(name)) {
                    said_by.push(name);
                    let name = if prefix == "HOME" { name.to_owned() } else { format!("VAULT_{}", suffix(name)) };
                    pairs.push((name, value.clone()));
                }
            }
        }
        // Every field is text, so there is nothing that envy could refuse.
        let mut variables: Self = envy::from_iter(pairs).unwrap_or_default();
        variables.said_by = said_by;
        variables
    }

    /// The name of the variable that is set: `BAO_ADDR` where both `BAO_ADDR` and `VAULT_ADDR` are.
    pub(crate) fn name(&self, canonical: &'static str) -> &'static str {
        self.said_by.iter().copied().find(|name| suffix(name) == suffix(canonical)).unwrap_or(canonical)
    }
}

fn suffix(name: &str) -> &str {
    name.strip_prefix("BAO_").or_else(|| name.strip_prefix("VAULT_")).unwrap_or(name)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{NAMES, Secret, Text, Variables};

    /// The values of an environment, as the engine hands them over.
    pub(crate) fn values(pairs: &[(&str, &str)]) -> Vec<Option<Secret<String>>> {
        assert!(pairs.iter().all(|(name, _)| NAMES.contains(name)), "a variable that is not asked for: {pairs:?}");
        let value = |name: &str| pairs.iter().find(|(other, _)| *other == name).map(|(_, value)| Secret::new((*value).to_owned()));
        NAMES.into_iter().map(value).collect()
    }

    fn read(pairs: &[(&str, &str)]) -> Variables {
        Variables::read(&values(pairs))
    }

    #[test]
    fn every_variable_has_its_field() {
        let all: Vec<(&str, &str)> = NAMES.into_iter().filter(|name| !name.starts_with("BAO_")).map(|name| (name, name)).collect();
        let read = read(&all);
        let fields = [
            ("HOME", &read.home),
            ("VAULT_ADDR", &read.address),
            ("VAULT_AGENT_ADDR", &read.agent_address),
            ("VAULT_NAMESPACE", &read.namespace),
            ("VAULT_CACERT", &read.ca_file),
            ("VAULT_CAPATH", &read.ca_directory),
            ("VAULT_CLIENT_CERT", &read.client_certificate),
            ("VAULT_CLIENT_KEY", &read.client_key),
            ("VAULT_TLS_SERVER_NAME", &read.server_name),
            ("VAULT_SKIP_VERIFY", &read.skip_verify),
            ("VAULT_CLIENT_TIMEOUT", &read.timeout),
            ("VAULT_AUTH_METHOD", &read.method),
            ("VAULT_AUTH_MOUNT", &read.mount),
            ("VAULT_TOKEN", &read.token),
            ("VAULT_TOKEN_FILE", &read.token_file),
            ("VAULT_ROLE", &read.role),
            ("VAULT_ROLE_ID", &read.role_id),
            ("VAULT_ROLE_ID_FILE", &read.role_id_file),
            ("VAULT_SECRET_ID", &read.secret_id),
            ("VAULT_SECRET_ID_FILE", &read.secret_id_file),
            ("VAULT_JWT", &read.jwt),
            ("VAULT_JWT_FILE", &read.jwt_file),
            ("VAULT_USERNAME", &read.username),
            ("VAULT_PASSWORD", &read.password),
        ];
        assert_eq!(fields.len(), all.len());
        for (name, field) in fields {
            assert_eq!(field.as_ref().map(Text::get), Some(name));
        }
    }

    #[test]
    fn every_variable_has_an_alias_of_openbao() {
        for name in NAMES.into_iter().filter_map(|name| name.strip_prefix("VAULT_")) {
            assert!(NAMES.contains(&format!("BAO_{name}").as_str()), "{name}");
        }
    }

    #[test]
    fn openbaos_own_name_goes_first() {
        let read = read(&[("BAO_ADDR", "https://bao"), ("VAULT_ADDR", "https://vault"), ("VAULT_TOKEN", "s.fake"), ("BAO_TOKEN", " ")]);
        assert_eq!((read.address.as_ref().map(Text::get), read.name("VAULT_ADDR")), (Some("https://bao"), "BAO_ADDR"));
        assert_eq!((read.token.as_ref().map(Text::get), read.name("VAULT_TOKEN")), (Some("s.fake"), "VAULT_TOKEN"));
    }

    #[test]
    fn blanks_around_a_value_are_dropped() {
        let read = read(&[("VAULT_TOKEN", " s.fake\n"), ("VAULT_NAMESPACE", "\t")]);
        assert_eq!(read.token.as_ref().map(Text::get), Some("s.fake"));
        assert!(read.namespace.is_none());
    }
}
