//! `AwsProvider`: which references it reads, and how it logs in.

use std::sync::Arc;

use configcheck_core::Provider;
use configcheck_core::provider::{Batch, BoxFuture, ConnectContext, Outcome, Reason, Retry, Session};
use configcheck_core::reference::SecretRef;
use configcheck_files as files;
use configcheck_http::{Roots, runtime};

use crate::arn::is_region;
use crate::login::Logins;
use crate::plan;
use crate::reference::{Item, is_profile};
use crate::session::AwsSession;
use crate::settings::{Settings, VARIABLES};
use crate::transport::Transport;

/// The largest file of authorities.
const BUNDLE_LIMIT: u64 = 4 << 20;

/// Reads `aws-sm:` and `aws-ssm:` references.
///
/// ```
/// use configcheck_aws::AwsProvider;
/// use configcheck_core::Provider;
///
/// let provider = AwsProvider::new().region("eu-west-1");
/// assert_eq!(provider.schemes(), ["aws-sm", "aws-ssm"]);
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct AwsProvider {
    region: Option<String>,
    profile: Option<String>,
    endpoint: Option<String>,
}

impl AwsProvider {
    /// A provider with the settings of the environment and of the profile, as AWS's own tools read them.
    pub fn new() -> Self {
        Self::default()
    }

    /// The region of references that name none, instead of that of the settings.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// The profile whose credentials are used, instead of those of the environment.
    pub fn profile(mut self, profile: impl Into<String>) -> Self {
        self.profile = Some(profile.into());
        self
    }

    /// The address of all services, instead of AWS's own: `https`, or `http` on this machine.
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoint = Some(url.into());
        self
    }

    fn logins(&self, context: &ConnectContext) -> Result<Logins, Reason> {
        if self.region.as_deref().is_some_and(|region| !is_region(region)) {
            return Err(Reason::new("the region that the program names is none").help("name one such as `eu-west-1`"));
        }
        if self.profile.as_deref().is_some_and(|profile| !is_profile(profile)) {
            return Err(
                Reason::new("the profile that the program names is no name of one").help("`aws configure list-profiles` shows them")
            );
        }
        let settings = Settings::read(&context.settings)?;
        let roots = match &settings.aws_ca_bundle {
            None => Roots::System,
            Some(path) => match files::read(path.as_ref(), BUNDLE_LIMIT) {
                Ok(contents) => Roots::Only(contents.bytes.to_vec()),
                Err(refusal) => {
                    return Err(Reason::new(format!("the file of `AWS_CA_BUNDLE` cannot be read: {refusal}"))
                        .help("name a PEM file of certificates, or remove the variable to trust those of the machine"));
                }
            },
        };
        let told = |problem: configcheck_http::SettingsProblem| {
            Reason::new(format!("`AWS_CA_BUNDLE` cannot be used: {problem}")).help(problem.help())
        };
        let services = Transport::new(roots).map_err(told)?;
        let metadata = services.with_metadata().map_err(told)?;
        Ok(Logins::new(settings, services, metadata, self.endpoint.clone(), self.profile.clone()))
    }
}

impl Provider for AwsProvider {
    fn schemes(&self) -> &'static [&'static str] {
        &["aws-sm", "aws-ssm"]
    }

    fn settings(&self) -> &'static [&'static str] {
        &VARIABLES
    }

    fn check(&self, reference: &SecretRef) -> Result<(), Reason> {
        Item::of(reference).map(|_| ())
    }

    /// Secrets in batches of 20, those with a version or a stage by themselves, parameters ten a call.
    fn plan(&self, references: &[SecretRef]) -> Vec<Batch> {
        plan::plan(references)
    }

    /// AWS speaks HTTP/1.1: each request that is on its way has a connection of its own.
    fn concurrency(&self) -> usize {
        16
    }

    /// Looks for credentials, once; requests share them.
    fn connect<'a>(&'a self, context: &'a ConnectContext) -> BoxFuture<'a, Result<Arc<dyn Session>, Outcome>> {
        Box::pin(async move {
            let logins = self.logins(context).map_err(Outcome::Misconfigured)?;
            let region = self.region.clone();
            match runtime::spawn(AwsSession::begin(logins, region)).await {
                Ok(session) => session.map(|session| Arc::new(session) as Arc<dyn Session>),
                Err(stopped) => {
                    let reason = Reason::new(stopped.to_string()).help("report it, with this message");
                    Err(Outcome::Unavailable { retry: Retry::Never, reason })
                }
            }
        })
    }
}
