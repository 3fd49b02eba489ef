//! Profiles: what `~/.aws/config` and `~/.aws/credentials` say of where credentials come from.
//!
//! The files are opened by Configcheck's own opener and read by the SDK's reader.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use aws_credential_types::Credentials;
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_runtime::env_config::section::EnvConfigSections;
use aws_types::os_shim_internal::{Env, Fs};
use configcheck_core::provider::{Outcome, Reason};
use configcheck_files::{self as files, Refusal};

use crate::arn::is_region;
use crate::quiet::quietly;
use crate::settings::Settings;

/// The largest file of profiles.
const LIMIT: u64 = 1 << 20;

/// A profile and all that it may lead to.
pub(crate) struct Profile {
    name: String,
    sections: EnvConfigSections,
}

/// Where credentials begin, and the roles that are assumed with them in turn.
pub(crate) struct Chain {
    pub(super) source: Source,
    pub(super) roles: Vec<Role>,
}

/// Where the first credentials come from.
pub(super) enum Source {
    Keys(Credentials),
    Environment,
    Container,
    Instance,
    Process(String),
    WebIdentity { role: String, file: String, session: Option<String> },
}

/// A role to assume.
pub(crate) struct Role {
    pub(crate) arn: String,
    pub(crate) external_id: Option<String>,
    pub(crate) session: Option<String>,
}

impl Profile {
    /// Reads the files. A profile that somebody named has to be there.
    pub(crate) async fn load(settings: &Settings, named: Option<&str>) -> Result<Self, Outcome> {
        let config = contents(settings, settings.aws_config_file.as_deref(), "AWS_CONFIG_FILE", ".aws/config")?;
        let credentials =
            contents(settings, settings.aws_shared_credentials_file.as_deref(), "AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials")?;
        let files = EnvConfigFiles::builder()
            .with_contents(EnvConfigFileKind::Config, config)
            .with_contents(EnvConfigFileKind::Credentials, credentials)
            .build();
        let chosen = named.or(settings.aws_profile.as_deref());
        let name = chosen.unwrap_or("default").to_owned();
        let (fs, env) = (Fs::from_slice(&[]), Env::from_slice(&[]));
        let loaded = quietly(aws_config::profile::load(&fs, &env, &files, Some(Cow::Owned(name.clone())))).await;
        // What the reader says of a broken file can quote a line of it.
        let Ok(sections) = loaded else {
            return Err(Outcome::AuthFailed(
                Reason::new("the files of AWS's profiles have a line that is not understood")
                    .help("`aws configure list` says which: `~/.aws/config` and `~/.aws/credentials` hold `[section]`, `name = value` and comments only"),
            ));
        };
        if chosen.is_some() && sections.get_profile(&name).is_none() {
            return Err(Outcome::AuthFailed(
                Reason::new(format!("there is no profile `{name}`"))
                    .help("`aws configure list-profiles` shows those that are there; `~/.aws/config` begins one with `[profile NAME]`"),
            ));
        }
        Ok(Self { name, sections })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn sections(&self) -> &EnvConfigSections {
        &self.sections
    }

    /// A setting of the profile.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.of(&self.name, key)
    }

    pub(crate) fn region(&self) -> Option<&str> {
        self.get("region").filter(|region| is_region(region))
    }

    fn of(&self, profile: &str, key: &str) -> Option<&str> {
        self.sections.get_profile(profile)?.get(key).filter(|value| !value.is_empty())
    }

    pub(super) fn has_no_credentials(&self) -> Reason {
        Reason::new(format!("the profile `{}` says nothing of credentials", self.name))
            .help(format!("`aws configure --profile {}` sets them", self.name))
    }

    /// Where the profile's credentials come from; `None` when it says nothing of them.
    pub(super) fn chain(&self) -> Result<Option<Chain>, Reason> {
        let (mut name, mut roles, mut visited) = (self.name.as_str(), Vec::new(), Vec::new());
        let source = loop {
            if self.sections.get_profile(name).is_none() {
                if roles.is_empty() {
                    return Ok(None);
                }
                return Err(Reason::new(format!("the profile `{}` takes its credentials from `{name}`, which is not there", self.name))
                    .help("correct `source_profile`; `aws configure list-profiles` shows the profiles"));
            }
            if visited.contains(&name) {
                return Err(Reason::new(format!("the profile `{}` takes its credentials from itself", self.name))
                    .help("follow `source_profile` from profile to profile: one of them has to hold credentials"));
            }
            visited.push(name);
            // Behind the first profile its keys stand above a role of its own, as for AWS's own tools.
            if visited.len() > 1
                && let Some(keys) = self.keys(name)?
            {
                break Some(Source::Keys(keys));
            }
            let role = self.of(name, "role_arn").filter(|_| self.of(name, "web_identity_token_file").is_none());
            let Some(role) = role else { break self.source(name)? };
            roles.push(Role {
                arn: role.to_owned(),
                external_id: self.of(name, "external_id").map(ToOwned::to_owned),
                session: self.of(name, "role_session_name").map(ToOwned::to_owned),
            });
            match (self.of(name, "source_profile"), self.of(name, "credential_source")) {
                (Some(next), None) if next == name => break self.source(name)?,
                (Some(next), None) => name = next,
                (None, Some(_)) => break self.source(name)?,
                _ => {
                    return Err(Reason::new(format!(
                        "the profile `{name}` has a `role_arn`, and not one way to credentials that may assume it"
                    ))
                    .help("give it either `source_profile` or `credential_source`"));
                }
            }
        };
        roles.reverse();
        match source {
            Some(source) => Ok(Some(Chain { source, roles })),
            None if roles.is_empty() => Ok(None),
            None => Err(Reason::new(format!("the profile `{name}` says nothing of credentials, and `{}` needs some", self.name))
                .help(format!("`aws configure --profile {name}` sets them"))),
        }
    }

    /// What a profile itself says of credentials.
    fn source(&self, name: &str) -> Result<Option<Source>, Reason> {
        if let Some(source) = self.of(name, "credential_source") {
            return match source {
                "Environment" => Ok(Some(Source::Environment)),
                "EcsContainer" => Ok(Some(Source::Container)),
                "Ec2InstanceMetadata" => Ok(Some(Source::Instance)),
                _ => Err(Reason::new(format!("`credential_source` of the profile `{name}` is none that AWS knows"))
                    .help("it is `Environment`, `EcsContainer` or `Ec2InstanceMetadata`")),
            };
        }
        if let Some(file) = self.of(name, "web_identity_token_file") {
            let Some(role) = self.of(name, "role_arn") else {
                return Err(Reason::new(format!("the profile `{name}` has a `web_identity_token_file` and no `role_arn`"))
                    .help("name the role that the token may assume"));
            };
            let session = self.of(name, "role_session_name").map(ToOwned::to_owned);
            return Ok(Some(Source::WebIdentity { role: role.to_owned(), file: file.to_owned(), session }));
        }
        let sso = ["sso_session", "sso_start_url", "sso_account_id"].iter().any(|key| self.of(name, key).is_some());
        if sso || self.of(name, "login_session").is_some() {
            let how = if sso { "IAM Identity Center (SSO)" } else { "`aws login`" };
            return Err(Reason::new(format!("the profile `{name}` logs in by {how}, which needs a browser"))
                .help(format!(
                    "`aws sso login --profile {name}`, then `eval \"$(aws configure export-credentials --profile {name} --format env)\"`"
                ))
                .help(format!("or let a second profile have `credential_process = aws configure export-credentials --profile {name}`")));
        }
        if let Some(command) = self.of(name, "credential_process") {
            return Ok(Some(Source::Process(command.to_owned())));
        }
        Ok(self.keys(name)?.map(Source::Keys))
    }

    fn keys(&self, name: &str) -> Result<Option<Credentials>, Reason> {
        match (self.of(name, "aws_access_key_id"), self.of(name, "aws_secret_access_key")) {
            (Some(id), Some(secret)) => {
                let token = self.of(name, "aws_session_token").map(ToOwned::to_owned);
                Ok(Some(Credentials::new(id, secret, token, None, "configcheck")))
            }
            (None, None) => Ok(None),
            (id, _) => {
                let missing = if id.is_none() { "aws_access_key_id" } else { "aws_secret_access_key" };
                Err(Reason::new(format!("the profile `{name}` has no `{missing}`"))
                    .help(format!("`aws configure --profile {name}` sets both keys")))
            }
        }
    }
}

/// The text of a file of profiles. One that nobody named may be missing.
fn contents(settings: &Settings, named: Option<&str>, variable: &str, usual: &str) -> Result<String, Outcome> {
    let Some(path) = path_of(settings, named, usual) else { return Ok(String::new()) };
    let told = if named.is_some() { format!("the file of `{variable}`") } else { format!("`~/{usual}`") };
    match files::read(&path, LIMIT) {
        Ok(contents) => String::from_utf8(contents.bytes.to_vec()).map_err(|_| {
            Outcome::AuthFailed(Reason::new(format!("{told} is not text in UTF-8")).help("make it anew with `aws configure`"))
        }),
        // AWS's own tools take a missing file for an empty one, also where a variable names it.
        Err(Refusal::NotFound) => Ok(String::new()),
        Err(refusal) => Err(Outcome::AuthFailed(
            Reason::new(format!("{told} cannot be read: {refusal}")).help("let the user of this service read it, or name another one"),
        )),
    }
}

fn path_of(settings: &Settings, named: Option<&str>, usual: &str) -> Option<PathBuf> {
    let home = settings.home().map(Path::new);
    match named {
        None => home.map(|home| home.join(usual)),
        Some(path) => match (path.strip_prefix("~/"), home) {
            (Some(rest), Some(home)) => Some(home.join(rest)),
            _ => Some(PathBuf::from(path)),
        },
    }
}
