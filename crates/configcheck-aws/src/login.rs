//! `Logins`: the credentials of a session, looked for once for each identity.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use aws_config::identity::IdentityCache;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::SystemTimeSource;
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use configcheck_core::provider::{Outcome, Reason};
use configcheck_core::secret::ExposeSecret as _;
use tokio::sync::OnceCell;

use crate::endpoint::{Endpoints, Service};
use crate::outcome::Asked;
use crate::reference::Place;
use crate::settings::Settings;
use crate::transport::Transport;

mod metadata;
mod process;
mod profile;
mod sts;

pub(crate) use profile::Profile;
pub(crate) use sts::caller;

/// The region in which STS is asked where nothing names one: its answers do not depend on it.
const ANY_REGION: &str = "us-east-1";

/// Credentials, and how they are used.
pub(crate) struct Login {
    pub(crate) credentials: Credentials,
    /// Those that were used on the way to them.
    on_the_way: Vec<Credentials>,
    /// Where they are from, in words: `the keys of AWS_ACCESS_KEY_ID`.
    pub(crate) identity: String,
    /// The profile that they are from.
    pub(crate) profile: Option<String>,
    /// The region of their settings.
    pub(crate) region: Option<String>,
    pub(crate) endpoints: Endpoints,
    transport: Transport,
}

impl Login {
    /// What the SDK's clients need to ask one service in one region.
    pub(crate) fn sdk(&self, service: Service, region: &str) -> SdkConfig {
        let provider = SharedCredentialsProvider::new(self.credentials.clone());
        sdk(&self.transport, &self.endpoints, service, region).to_builder().credentials_provider(provider).build()
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.transport
    }

    /// What must not be told, whatever AWS answers.
    pub(crate) fn guarded(&self) -> Vec<&str> {
        let all = self.on_the_way.iter().chain([&self.credentials]);
        all.flat_map(|credentials| [credentials.secret_access_key(), credentials.session_token().unwrap_or_default()]).collect()
    }

    /// Until when they hold.
    pub(crate) fn expires(&self) -> Option<SystemTime> {
        self.credentials.expiry()
    }

    /// What is asked with them, for the words of a failure.
    pub(crate) fn asked<'a>(&'a self, action: &'static str, region: &'a str, guarded: &'a [&'a str]) -> Asked<'a> {
        Asked { action, region, identity: &self.identity, profile: self.profile.as_deref(), credentials: guarded }
    }
}

/// The settings of the SDK: it neither retries nor waits by itself, and it has no other way out than ours.
fn sdk(transport: &Transport, endpoints: &Endpoints, service: Service, region: &str) -> SdkConfig {
    let mut builder = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(transport.clone())
        .identity_cache(IdentityCache::no_cache())
        .region(Region::new(region.to_owned()))
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::disabled())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .time_source(SystemTimeSource::new());
    builder.set_app_name(AppName::new("configcheck").ok());
    builder.set_use_fips(endpoints.fips);
    builder.set_use_dual_stack(endpoints.dual_stack);
    builder.set_endpoint_url(endpoints.of(service).map(ToOwned::to_owned));
    builder.build()
}

/// A profile, or that of the settings; and a role to assume, where one is named.
type Key = (Option<String>, Option<String>);

/// A login that was tried. What will not change by asking again is kept, so that it is asked once.
type Tried = Arc<OnceCell<Result<Arc<Login>, Outcome>>>;

/// The logins of a session.
pub(crate) struct Logins {
    settings: Settings,
    services: Transport,
    metadata: Transport,
    /// An endpoint that the program names, instead of those of settings and profiles.
    endpoint: Option<String>,
    /// The profile that the program names, instead of that of the settings.
    profile: Option<String>,
    tried: Mutex<HashMap<Key, Tried>>,
}

impl Logins {
    pub(crate) fn new(
        settings: Settings,
        services: Transport,
        metadata: Transport,
        endpoint: Option<String>,
        profile: Option<String>,
    ) -> Self {
        Self { settings, services, metadata, endpoint, profile, tried: Mutex::default() }
    }

    /// The login that a place asks for.
    pub(crate) async fn of(&self, place: &Place) -> Result<Arc<Login>, Outcome> {
        let base = self.once((place.profile.clone(), None), Box::pin(self.base(place.profile.as_deref()))).await?;
        match &place.role {
            None => Ok(base),
            Some(role) => {
                let region = place.region.clone().or_else(|| base.region.clone());
                self.once((place.profile.clone(), Some(role.clone())), Box::pin(self.assumed(&base, role, region.as_deref()))).await
            }
        }
    }

    /// The login of the settings.
    pub(crate) async fn usual(&self) -> Result<Arc<Login>, Outcome> {
        self.of(&Place::default()).await
    }

    async fn once(&self, key: Key, login: impl Future<Output = Result<Login, Outcome>>) -> Result<Arc<Login>, Outcome> {
        let cell = Arc::clone(self.tried.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default());
        let tried = cell
            .get_or_try_init(|| async {
                match login.await {
                    Ok(login) => Ok(Ok(Arc::new(login))),
                    Err(passing @ (Outcome::Throttled { .. } | Outcome::Unavailable { .. })) => Err(passing),
                    Err(lasting) => Ok(Err(lasting)),
                }
            })
            .await?;
        match tried {
            Ok(login) => Ok(Arc::clone(login)),
            Err(failure) => Err(failure.failure().unwrap_or_else(|| nothing_found(&self.settings))),
        }
    }

    /// The credentials of a profile, or of whatever the settings lead to, in the order of AWS's own tools.
    async fn base(&self, named: Option<&str>) -> Result<Login, Outcome> {
        let by_program = named.or(self.profile.as_deref());
        let profile = Profile::load(&self.settings, by_program).await?;
        let endpoints = Endpoints::new(&self.settings, &profile, self.endpoint.as_deref()).map_err(Outcome::Misconfigured)?;
        let region =
            self.settings.region().filter(|_| named.is_none()).or(profile.region()).or(self.settings.region()).map(ToOwned::to_owned);
        let found = |credentials: Credentials, identity: String, from_profile: bool| Login {
            credentials,
            on_the_way: Vec::new(),
            identity,
            profile: from_profile.then(|| profile.name().to_owned()),
            region: region.clone(),
            endpoints: endpoints.clone(),
            transport: self.services.clone(),
        };
        let asking = Asking {
            settings: &self.settings,
            metadata: &self.metadata,
            sts: sdk(&self.services, &endpoints, Service::Sts, region.as_deref().unwrap_or(ANY_REGION)),
        };
        if by_program.is_none()
            && let Some(keys) = asking.keys()
        {
            return Ok(found(keys, "the keys of AWS_ACCESS_KEY_ID".to_owned(), false));
        }
        if let Some(chain) = profile.chain().map_err(Outcome::AuthFailed)? {
            let identity = format!("the profile `{}`", profile.name());
            let (credentials, on_the_way) = asking.chain(&chain, &identity).await?;
            return Ok(Login { on_the_way, ..found(credentials, identity, true) });
        }
        if by_program.is_some() {
            return Err(Outcome::AuthFailed(profile.has_no_credentials()));
        }
        if let Some(credentials) = asking.web_identity().await? {
            return Ok(found(credentials, "the web identity of AWS_WEB_IDENTITY_TOKEN_FILE".to_owned(), false));
        }
        if let Some(credentials) = asking.container().await? {
            return Ok(found(credentials, "the role of the container".to_owned(), false));
        }
        if let Some(credentials) = asking.instance().await? {
            return Ok(found(credentials, "the role of the instance".to_owned(), false));
        }
        Err(nothing_found(&self.settings))
    }

    /// The credentials of a role that another login assumes.
    async fn assumed(&self, base: &Login, role: &str, region: Option<&str>) -> Result<Login, Outcome> {
        let region = region.unwrap_or(ANY_REGION);
        let guarded = base.guarded();
        let asked = base.asked("sts:AssumeRole", region, &guarded);
        let role = profile::Role { arn: role.to_owned(), external_id: None, session: self.settings.aws_role_session_name.clone() };
        let credentials = sts::assume(&base.sdk(Service::Sts, region), &role, &asked).await?;
        Ok(Login {
            credentials,
            on_the_way: base.on_the_way.iter().chain([&base.credentials]).cloned().collect(),
            identity: format!("{}, as the role `{}`", base.identity, role.arn),
            profile: base.profile.clone(),
            region: base.region.clone(),
            endpoints: base.endpoints.clone(),
            transport: self.services.clone(),
        })
    }
}

/// What the ways to credentials have in common.
struct Asking<'a> {
    settings: &'a Settings,
    metadata: &'a Transport,
    sts: SdkConfig,
}

impl Asking<'_> {
    /// The keys of the environment.
    fn keys(&self) -> Option<Credentials> {
        let (id, secret) = (self.settings.aws_access_key_id.as_ref()?, self.settings.aws_secret_access_key.as_ref()?);
        let token = self.settings.aws_session_token.as_ref().map(|token| token.expose_secret().clone());
        Some(Credentials::new(id, secret.expose_secret(), token, None, "configcheck"))
    }

    async fn web_identity(&self) -> Result<Option<Credentials>, Outcome> {
        let Some(file) = &self.settings.aws_web_identity_token_file else { return Ok(None) };
        let Some(role) = &self.settings.aws_role_arn else {
            return Err(Outcome::AuthFailed(
                Reason::new("`AWS_WEB_IDENTITY_TOKEN_FILE` is set and `AWS_ROLE_ARN` is not")
                    .help("set `AWS_ROLE_ARN`; on Kubernetes the annotation `eks.amazonaws.com/role-arn` of the service account does it"),
            ));
        };
        let session = self.settings.aws_role_session_name.as_deref();
        sts::web_identity(&self.sts, role, file, session).await.map(Some)
    }

    async fn container(&self) -> Result<Option<Credentials>, Outcome> {
        metadata::container(self.settings, self.metadata).await
    }

    async fn instance(&self) -> Result<Option<Credentials>, Outcome> {
        metadata::instance(self.settings, self.metadata).await
    }

    /// The credentials of a profile: those that it begins with, and the roles that are assumed with them in turn; and all on the way.
    async fn chain(&self, chain: &profile::Chain, identity: &str) -> Result<(Credentials, Vec<Credentials>), Outcome> {
        let nothing = |what: &str| {
            Outcome::AuthFailed(
                Reason::new(format!("{identity} takes its credentials from {what}, where there are none"))
                    .help("change `credential_source` of the profile, or run the service where they are"),
            )
        };
        let mut credentials = match &chain.source {
            profile::Source::Keys(credentials) => credentials.clone(),
            profile::Source::Environment => self.keys().ok_or_else(|| nothing("the environment"))?,
            profile::Source::Container => self.container().await?.ok_or_else(|| nothing("the container"))?,
            profile::Source::Instance => self.instance().await?.ok_or_else(|| nothing("the instance"))?,
            profile::Source::Process(command) => process::run(command, identity).await?,
            profile::Source::WebIdentity { role, file, session } => sts::web_identity(&self.sts, role, file, session.as_deref()).await?,
        };
        let mut on_the_way = Vec::new();
        for role in &chain.roles {
            let sdk = self.sts.to_builder().credentials_provider(SharedCredentialsProvider::new(credentials.clone())).build();
            let region = self.sts.region().map_or(ANY_REGION, AsRef::as_ref).to_owned();
            let guarded = [credentials.secret_access_key(), credentials.session_token().unwrap_or_default()];
            let asked = Asked { action: "sts:AssumeRole", region: &region, identity, profile: None, credentials: &guarded };
            let assumed = sts::assume(&sdk, role, &asked).await?;
            on_the_way.push(std::mem::replace(&mut credentials, assumed));
        }
        Ok((credentials, on_the_way))
    }
}

fn nothing_found(settings: &Settings) -> Outcome {
    let instance =
        if settings.is_metadata_disabled() { "; AWS_EC2_METADATA_DISABLED keeps the instance from being asked" } else { " or instance" };
    Outcome::AuthFailed(
        Reason::new(format!(
            "there are no credentials for AWS: none in AWS_ACCESS_KEY_ID, in the profile, in AWS_WEB_IDENTITY_TOKEN_FILE or from a container{instance}"
        ))
        .help("on AWS, give the task, pod or instance a role")
        .help("elsewhere choose a profile with AWS_PROFILE (`aws configure list-profiles` shows them), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"),
    )
}
