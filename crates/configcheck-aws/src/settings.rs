//! `Settings`: the variables of the environment that AWS's own tools read, as far as they mean something here.

use std::fmt;

use configcheck_core::Secret;
use configcheck_core::provider::Reason;
use configcheck_core::secret::ExposeSecret;
use configcheck_http::{Address, Reach};
use serde::{Deserialize, Deserializer};

use crate::arn::is_region;
use crate::reference::is_profile;

/// Every variable that is asked for.
pub(crate) const VARIABLES: [&str; 28] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_PROFILE",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_EC2_METADATA_DISABLED",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_SECRETS_MANAGER",
    "AWS_ENDPOINT_URL_SSM",
    "AWS_ENDPOINT_URL_STS",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_CA_BUNDLE",
    "HOME",
    "USERPROFILE",
];

/// The variables that are set and not empty. It has no derived `Debug`: some are credentials.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Settings {
    pub(crate) aws_access_key_id: Option<String>,
    #[serde(deserialize_with = "secret")]
    pub(crate) aws_secret_access_key: Option<Secret<String>>,
    #[serde(deserialize_with = "secret")]
    pub(crate) aws_session_token: Option<Secret<String>>,
    pub(crate) aws_region: Option<String>,
    pub(crate) aws_default_region: Option<String>,
    pub(crate) aws_profile: Option<String>,
    pub(crate) aws_config_file: Option<String>,
    pub(crate) aws_shared_credentials_file: Option<String>,
    pub(crate) aws_role_arn: Option<String>,
    pub(crate) aws_role_session_name: Option<String>,
    pub(crate) aws_web_identity_token_file: Option<String>,
    pub(crate) aws_container_credentials_relative_uri: Option<String>,
    pub(crate) aws_container_credentials_full_uri: Option<String>,
    #[serde(deserialize_with = "secret")]
    pub(crate) aws_container_authorization_token: Option<Secret<String>>,
    pub(crate) aws_container_authorization_token_file: Option<String>,
    aws_ec2_metadata_disabled: Option<String>,
    pub(crate) aws_ec2_metadata_service_endpoint: Option<String>,
    pub(crate) aws_ec2_metadata_service_endpoint_mode: Option<String>,
    pub(crate) aws_endpoint_url: Option<String>,
    pub(crate) aws_endpoint_url_secrets_manager: Option<String>,
    pub(crate) aws_endpoint_url_ssm: Option<String>,
    pub(crate) aws_endpoint_url_sts: Option<String>,
    aws_ignore_configured_endpoint_urls: Option<String>,
    aws_use_fips_endpoint: Option<String>,
    aws_use_dualstack_endpoint: Option<String>,
    pub(crate) aws_ca_bundle: Option<String>,
    home: Option<String>,
    userprofile: Option<String>,
}

fn secret<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Secret<String>>, D::Error> {
    String::deserialize(value).map(|text| Some(Secret::new(text)))
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Settings(…)")
    }
}

impl Settings {
    /// The settings in the values of [`VARIABLES`], which stand in the same order.
    pub(crate) fn read(values: &[Option<Secret<String>>]) -> Result<Self, Reason> {
        let set = VARIABLES.iter().zip(values).filter_map(|(name, value)| {
            let text = value.as_ref()?.expose_secret();
            (!text.is_empty()).then(|| ((*name).to_owned(), text.clone()))
        });
        // Every field is optional text, so that there is nothing to refuse; what envy could say would quote a value.
        let settings: Self = envy::from_iter(set).map_err(|_| Reason::new("the variables AWS_* cannot be read"))?;
        settings.check()?;
        Ok(settings)
    }

    /// What can be seen to be wrong without asking anybody.
    fn check(&self) -> Result<(), Reason> {
        for (name, value) in [("AWS_REGION", &self.aws_region), ("AWS_DEFAULT_REGION", &self.aws_default_region)] {
            if value.as_ref().is_some_and(|region| !is_region(region)) {
                return Err(Reason::new(format!("`{name}` is no region")).help(format!("set `{name}` to one such as `eu-west-1`")));
            }
        }
        if self.aws_profile.as_ref().is_some_and(|profile| !is_profile(profile)) {
            return Err(
                Reason::new("`AWS_PROFILE` is no name of a profile").help("`aws configure list-profiles` shows those that are there")
            );
        }
        for (name, value) in [
            ("AWS_ENDPOINT_URL", &self.aws_endpoint_url),
            ("AWS_ENDPOINT_URL_SECRETS_MANAGER", &self.aws_endpoint_url_secrets_manager),
            ("AWS_ENDPOINT_URL_SSM", &self.aws_endpoint_url_ssm),
            ("AWS_ENDPOINT_URL_STS", &self.aws_endpoint_url_sts),
        ] {
            if let Some(url) = value {
                check_endpoint(&format!("`{name}`"), url)?;
            }
        }
        if self.aws_access_key_id.is_some() != self.aws_secret_access_key.is_some() {
            let (set, missing) = match self.aws_access_key_id {
                Some(_) => ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
                None => ("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"),
            };
            return Err(Reason::new(format!("`{set}` is set and `{missing}` is not"))
                .help(format!("set `{missing}` too, or remove `{set}` so that the profile or the role of the machine is used")));
        }
        Ok(())
    }

    /// The region of the environment.
    pub(crate) fn region(&self) -> Option<&str> {
        self.aws_region.as_deref().or(self.aws_default_region.as_deref())
    }

    /// The user's folder, where the files of AWS stand.
    pub(crate) fn home(&self) -> Option<&str> {
        self.home.as_deref().or(self.userprofile.as_deref().filter(|_| cfg!(windows)))
    }

    pub(crate) fn is_metadata_disabled(&self) -> bool {
        is_true(self.aws_ec2_metadata_disabled.as_deref())
    }

    pub(crate) fn ignores_configured_endpoints(&self) -> bool {
        is_true(self.aws_ignore_configured_endpoint_urls.as_deref())
    }

    pub(crate) fn uses_fips(&self) -> Option<bool> {
        self.aws_use_fips_endpoint.as_deref().map(|text| is_true(Some(text)))
    }

    pub(crate) fn uses_dual_stack(&self) -> Option<bool> {
        self.aws_use_dualstack_endpoint.as_deref().map(|text| is_true(Some(text)))
    }
}

pub(crate) fn is_true(text: Option<&str>) -> bool {
    text.is_some_and(|text| text.eq_ignore_ascii_case("true"))
}

/// Whether an endpoint is one that requests may go to: `https`, or `http` on this machine.
pub(crate) fn check_endpoint(name: &str, url: &str) -> Result<(), Reason> {
    match Address::parse(url, Reach::default()) {
        Ok(_) => Ok(()),
        Err(problem) => Err(Reason::new(format!("{name} cannot be used: {problem}")).help(problem.help())),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn read(set: &[(&str, &str)]) -> Result<Settings, Reason> {
        for (name, _) in set {
            assert!(VARIABLES.contains(name), "{name}");
        }
        let value = |name: &&str| set.iter().find(|(other, _)| other == name).map(|(_, value)| Secret::new((*value).to_owned()));
        Settings::read(&VARIABLES.iter().map(value).collect::<Vec<_>>())
    }

    #[test]
    fn every_variable_has_a_field() {
        let all: Vec<(&str, &str)> = VARIABLES
            .iter()
            .map(|name| match *name {
                "AWS_REGION" | "AWS_DEFAULT_REGION" => (*name, "eu-west-1"),
                name if name.starts_with("AWS_ENDPOINT_URL") => (name, "https://aws.example"),
                name => (name, "value"),
            })
            .collect();
        let settings = read(&all).unwrap();
        assert_eq!(settings.aws_ca_bundle.as_deref(), Some("value"));
        assert_eq!(settings.home(), Some("value"));
        assert!(settings.aws_container_authorization_token.is_some());
        assert!(!settings.is_metadata_disabled() && !settings.ignores_configured_endpoints());
        assert_eq!((settings.uses_fips(), settings.uses_dual_stack()), (Some(false), Some(false)));
        assert_eq!(format!("{settings:?}"), "Settings(…)");
    }

    #[test]
    fn empty_is_unset() {
        let settings = read(&[("AWS_PROFILE", ""), ("AWS_REGION", ""), ("AWS_DEFAULT_REGION", "eu-west-1")]).unwrap();
        assert_eq!(settings.aws_profile, None);
        assert_eq!(settings.region(), Some("eu-west-1"));
    }

    #[test]
    fn what_is_wrong_is_named_and_never_quoted() {
        for (set, name) in [
            (vec![("AWS_REGION", "hunter2.fake")], "AWS_REGION"),
            (vec![("AWS_PROFILE", "hunter2 fake\n")], "AWS_PROFILE"),
            (vec![("AWS_ENDPOINT_URL", "http://aws.example/hunter2")], "AWS_ENDPOINT_URL"),
            (vec![("AWS_ENDPOINT_URL_SSM", "https://user:hunter2-fake@aws.example")], "AWS_ENDPOINT_URL_SSM"),
            (vec![("AWS_ENDPOINT_URL_STS", "http://169.254.169.254/hunter2")], "AWS_ENDPOINT_URL_STS"),
            (vec![("AWS_ENDPOINT_URL_SECRETS_MANAGER", "file:///hunter2")], "AWS_ENDPOINT_URL_SECRETS_MANAGER"),
            (vec![("AWS_ACCESS_KEY_ID", "hunter2")], "AWS_SECRET_ACCESS_KEY"),
            (vec![("AWS_SECRET_ACCESS_KEY", "hunter2")], "AWS_ACCESS_KEY_ID"),
        ] {
            let reason = read(&set).unwrap_err();
            assert!(reason.message.contains(name), "{reason:?}");
            assert!(!format!("{reason:?}").contains("hunter2"), "{reason:?}");
            assert!(!reason.help.is_empty(), "{reason:?}");
        }
    }

    #[test]
    fn endpoints_on_this_machine_may_be_plain() {
        read(&[("AWS_ENDPOINT_URL", "http://127.0.0.1:4566"), ("AWS_ENDPOINT_URL_STS", "http://localhost:4566")]).unwrap();
    }
}
