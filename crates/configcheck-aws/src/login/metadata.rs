//! Credentials that the machine itself hands out: of an ECS task or an EKS pod, and of an EC2 instance.

use std::time::{Duration, SystemTime};

use aws_config::imds;
use aws_config::imds::client::EndpointMode;
use aws_config::imds::client::error::ImdsError;
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::Credentials;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use configcheck_core::provider::{Outcome, Reason, Retry};
use configcheck_core::secret::ExposeSecret as _;
use configcheck_files as files;
use configcheck_http::retry_after;
use http::{HeaderValue, Request};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::quiet::quietly;
use crate::settings::{Settings, check_endpoint};
use crate::transport::{Transport, is_metadata};

/// The agent of ECS.
const CONTAINER: &str = "http://169.254.170.2";
/// How long a machine may take to hand its credentials out.
const LIMIT: Duration = Duration::from_secs(5);
/// The largest file with a token for the agent.
const TOKEN_LIMIT: u64 = 64 << 10;
const ROLE: &str = "/latest/meta-data/iam/security-credentials/";

/// Credentials as the services of a machine write them. It has no `Debug`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    access_key_id: String,
    secret_access_key: String,
    token: String,
    expiration: String,
}

fn read(bytes: &[u8]) -> Option<Credentials> {
    let document: Document = serde_json::from_slice(bytes).ok()?;
    let expires = DateTime::from_str(&document.expiration, Format::DateTimeWithOffset).ok()?;
    let expires = SystemTime::try_from(expires).ok()?;
    Some(Credentials::new(document.access_key_id, document.secret_access_key, Some(document.token), Some(expires), "configcheck"))
}

/// The credentials of the container, when it has such a service.
pub(super) async fn container(settings: &Settings, transport: &Transport) -> Result<Option<Credentials>, Outcome> {
    const WHO: &str = "the credential service of the container";
    let relative = settings.aws_container_credentials_relative_uri.as_deref();
    let (name, url) = match (relative, settings.aws_container_credentials_full_uri.as_deref()) {
        (Some(path), _) => ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", format!("{CONTAINER}/{}", path.strip_prefix('/').unwrap_or(path))),
        (None, Some(url)) => ("AWS_CONTAINER_CREDENTIALS_FULL_URI", url.to_owned()),
        (None, None) => return Ok(None),
    };
    let unusable = || {
        Reason::new(format!("`{name}` is no address to get credentials from"))
            .help("it is set by ECS and EKS: remove what sets it elsewhere")
    };
    let uri: http::Uri = url.parse().map_err(|_| Outcome::AuthFailed(unusable()))?;
    if !is_metadata(&uri) {
        let origin = format!("{}://{}", uri.scheme_str().unwrap_or_default(), uri.authority().map_or("", |authority| authority.as_str()));
        check_endpoint(&format!("`{name}`"), &origin).map_err(Outcome::AuthFailed)?;
    }
    let mut request = Request::new(Zeroizing::new(Vec::new()));
    *request.uri_mut() = uri;
    request.headers_mut().insert(http::header::ACCEPT, HeaderValue::from_static("application/json"));
    if let Some(token) = authorization(settings)? {
        request.headers_mut().insert(http::header::AUTHORIZATION, token);
    }
    let Ok(answered) = tokio::time::timeout(LIMIT, transport.send(request)).await else {
        let reason = Reason::new(format!("{WHO} did not answer in time"))
            .help("look into the log of the ECS agent, or of the EKS Pod Identity agent");
        return Err(Outcome::Unavailable { retry: Retry::Few, reason });
    };
    let response = answered.map_err(|failure| failure.outcome(WHO))?;
    let status = response.status.as_u16();
    let said = |words: &str| {
        Reason::new(format!("{WHO} {words}"))
            .help("does the task or the pod have a role, and may the agent assume it? The agent's log says so")
    };
    match status {
        200 => read(&response.body).map(Some).ok_or_else(|| Outcome::AuthFailed(said("answered something that is no credentials"))),
        429 => Err(Outcome::Throttled { retry_after: retry_after(&response.headers), reason: said("asks to come back later") }),
        500.. => Err(Outcome::Unavailable { retry: Retry::Few, reason: said(&format!("answered with status {status}")) }),
        _ => Err(Outcome::AuthFailed(said(&format!("answered with status {status}")))),
    }
}

/// What the agent wants to see: read again for each login, since Kubernetes changes it.
fn authorization(settings: &Settings) -> Result<Option<HeaderValue>, Outcome> {
    let header = |text: &[u8], from: &str| {
        let text = text.trim_ascii_end();
        let mut value = HeaderValue::from_bytes(text)
            .map_err(|_| Outcome::AuthFailed(Reason::new(format!("the token of `{from}` has characters that no header can have"))))?;
        value.set_sensitive(true);
        Ok(Some(value))
    };
    if let Some(file) = &settings.aws_container_authorization_token_file {
        const NAME: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
        let contents = files::read(file.as_ref(), TOKEN_LIMIT).map_err(|refusal| {
            Outcome::AuthFailed(
                Reason::new(format!("the file of `{NAME}` cannot be read: {refusal}"))
                    .help("is the token's volume mounted into this container?"),
            )
        })?;
        return header(&contents.bytes, NAME);
    }
    match &settings.aws_container_authorization_token {
        Some(token) => header(token.expose_secret().as_bytes(), "AWS_CONTAINER_AUTHORIZATION_TOKEN"),
        None => Ok(None),
    }
}

/// The credentials of the instance, when this is one that has a role.
pub(super) async fn instance(settings: &Settings, transport: &Transport) -> Result<Option<Credentials>, Outcome> {
    if settings.is_metadata_disabled() {
        return Ok(None);
    }
    let config = ProviderConfig::empty().with_http_client(transport.clone()).with_sleep_impl(TokioSleep::new());
    let builder = imds::Client::builder().configure(&config).max_attempts(1);
    let builder = match &settings.aws_ec2_metadata_service_endpoint {
        Some(url) => {
            const NAME: &str = "`AWS_EC2_METADATA_SERVICE_ENDPOINT`";
            let own = url.parse().is_ok_and(|uri| is_metadata(&uri));
            if !own {
                check_endpoint(NAME, url).map_err(Outcome::AuthFailed)?;
            }
            builder.endpoint(url).map_err(|_| Outcome::AuthFailed(Reason::new(format!("{NAME} is no address"))))?
        }
        None if settings.aws_ec2_metadata_service_endpoint_mode.as_deref().is_some_and(|mode| mode.eq_ignore_ascii_case("ipv6")) => {
            builder.endpoint("http://[fd00:ec2::254]").map_err(|_| nobody())?
        }
        None => builder.endpoint("http://169.254.169.254").map_err(|_| nobody())?,
    };
    let client = builder.endpoint_mode(EndpointMode::IpV4).build();
    // Nothing there: this is no instance. Something that refuses: it is one without a role, or not AWS at all.
    let Ok(role) = quietly(client.get(ROLE)).await else { return Ok(None) };
    let role = role.as_ref().trim();
    let is_name =
        !role.is_empty() && role.len() <= 128 && role.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte));
    if !is_name {
        return Ok(None);
    }
    let said = |words: &str| {
        Reason::new(format!("the metadata service of the instance {words}"))
            .help("does the instance profile's role exist, and does it trust `ec2.amazonaws.com`?")
    };
    match quietly(client.get(format!("{ROLE}{role}"))).await {
        Ok(document) => {
            let document = Zeroizing::new(String::from(document));
            read(document.as_bytes()).map(Some).ok_or_else(|| Outcome::AuthFailed(said("answered something that is no credentials")))
        }
        Err(ImdsError::ErrorResponse(refused)) => {
            Err(Outcome::AuthFailed(said(&format!("answered with status {}", refused.response().status().as_u16()))))
        }
        Err(_) => Err(Outcome::Unavailable { retry: Retry::Few, reason: said("broke off") }),
    }
}

fn nobody() -> Outcome {
    Outcome::AuthFailed(Reason::new("the metadata service of the instance has no address"))
}
