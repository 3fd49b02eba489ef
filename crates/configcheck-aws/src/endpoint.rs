//! Where the services are: AWS's own addresses, or those that settings and profiles name instead.

use aws_runtime::env_config::EnvConfigValue;
use aws_types::os_shim_internal::Env;
use configcheck_core::provider::Reason;

use crate::login::Profile;
use crate::settings::{Settings, check_endpoint, is_true};

/// The services that are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    SecretsManager,
    ParameterStore,
    Sts,
}

impl Service {
    /// AWS's name for it, as settings of one service are looked up.
    const fn id(self) -> &'static str {
        match self {
            Self::SecretsManager => "Secrets Manager",
            Self::ParameterStore => "SSM",
            Self::Sts => "STS",
        }
    }
}

/// The endpoints of one identity. Each was checked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Endpoints {
    secrets_manager: Option<String>,
    parameter_store: Option<String>,
    sts: Option<String>,
    pub(crate) fips: Option<bool>,
    pub(crate) dual_stack: Option<bool>,
}

impl Endpoints {
    /// The endpoint that the program names, else those of the environment, else those of the profile.
    pub(crate) fn new(settings: &Settings, profile: &Profile, by_program: Option<&str>) -> Result<Self, Reason> {
        let flag = |name| profile.get(name).map(|text| is_true(Some(text)));
        let ignored = settings.ignores_configured_endpoints() || flag("ignore_configured_endpoint_urls") == Some(true);
        let of = |service: Service| {
            if let Some(url) = by_program {
                return check_endpoint("the endpoint that the program names", url).map(|()| Some(url.to_owned()));
            }
            if ignored {
                return Ok(None);
            }
            let own = match service {
                Service::SecretsManager => &settings.aws_endpoint_url_secrets_manager,
                Service::ParameterStore => &settings.aws_endpoint_url_ssm,
                Service::Sts => &settings.aws_endpoint_url_sts,
            };
            if let Some(url) = own.as_ref().or(settings.aws_endpoint_url.as_ref()) {
                return Ok(Some(url.clone()));
            }
            let nothing = Env::from_slice(&[]);
            let value = EnvConfigValue::new().profile("endpoint_url").service_id(service.id());
            let Some((url, _)) = value.load(&nothing, Some(profile.sections())) else { return Ok(None) };
            check_endpoint(&format!("`endpoint_url` of the profile `{}`", profile.name()), &url).map(|()| Some(url.into_owned()))
        };
        Ok(Self {
            secrets_manager: of(Service::SecretsManager)?,
            parameter_store: of(Service::ParameterStore)?,
            sts: of(Service::Sts)?,
            fips: settings.uses_fips().or(flag("use_fips_endpoint")),
            dual_stack: settings.uses_dual_stack().or(flag("use_dualstack_endpoint")),
        })
    }

    /// The endpoint that stands in for AWS's own.
    pub(crate) fn of(&self, service: Service) -> Option<&str> {
        match service {
            Service::SecretsManager => self.secrets_manager.as_deref(),
            Service::ParameterStore => self.parameter_store.as_deref(),
            Service::Sts => self.sts.as_deref(),
        }
    }

    /// The address of Parameter Store in a region.
    pub(crate) fn parameter_store(&self, region: &str) -> String {
        if let Some(url) = &self.parameter_store {
            return url.trim_end_matches('/').to_owned();
        }
        let fips = if self.fips == Some(true) { "-fips" } else { "" };
        let (plain, dual) = match region.rsplit_once('-').map_or(region, |(area, _)| area) {
            area if area.starts_with("cn-") => ("amazonaws.com.cn", "api.amazonwebservices.com.cn"),
            area if area.starts_with("eusc-") => ("amazonaws.eu", "api.amazonwebservices.eu"),
            area if area.starts_with("us-isob-") => ("sc2s.sgov.gov", "api.aws.scloud"),
            area if area.starts_with("us-iso-") => ("c2s.ic.gov", "api.aws.ic.gov"),
            area if area.starts_with("eu-isoe-") => ("cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
            area if area.starts_with("us-isof-") => ("csp.hci.ic.gov", "api.aws.hci.ic.gov"),
            _ => ("amazonaws.com", "api.aws"),
        };
        let suffix = if self.dual_stack == Some(true) { dual } else { plain };
        format!("https://ssm{fips}.{region}.{suffix}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_parameter_store() {
        let plain = Endpoints::default();
        assert_eq!(plain.parameter_store("eu-west-1"), "https://ssm.eu-west-1.amazonaws.com");
        assert_eq!(plain.parameter_store("cn-north-1"), "https://ssm.cn-north-1.amazonaws.com.cn");
        assert_eq!(plain.parameter_store("us-gov-west-1"), "https://ssm.us-gov-west-1.amazonaws.com");
        assert_eq!(plain.parameter_store("us-isob-east-1"), "https://ssm.us-isob-east-1.sc2s.sgov.gov");
        let other = Endpoints { fips: Some(true), dual_stack: Some(true), ..Endpoints::default() };
        assert_eq!(other.parameter_store("us-east-1"), "https://ssm-fips.us-east-1.api.aws");
        let own = Endpoints { parameter_store: Some("http://127.0.0.1:4566/".to_owned()), ..Endpoints::default() };
        assert_eq!(own.parameter_store("us-east-1"), "http://127.0.0.1:4566");
    }
}
