//! The SDK's requests over Configcheck's own HTTP client: its limits, its rules on where a request may go, its silence.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use configcheck_core::provider::{Outcome, Reason, Retry};
use configcheck_http::{Client, ClientSettings, Failure, FailureKind, Reach, Roots, SettingsProblem};
use zeroize::Zeroizing;

/// Twenty secrets of the largest size, 64 KiB, as base64 and with room for escapes.
const BODY_LIMIT: usize = 4 << 20;

/// Where machines and containers get their credentials. Nothing else at a link-local address is ever asked.
const METADATA: [IpAddr; 5] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 23)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23)),
];

/// The clients of one session: all its requests share their connections.
#[derive(Clone)]
pub(crate) struct Transport {
    services: Client,
    metadata: Option<Client>,
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transport(…)")
    }
}

impl Transport {
    /// A transport to AWS and this machine, which never asks for metadata.
    pub(crate) fn new(roots: Roots) -> Result<Self, SettingsProblem> {
        // AWS speaks HTTP/1.1: requests at once need not wait for the first connection to tell whether they can share it.
        let settings = ClientSettings::new().roots(roots).body_limit(BODY_LIMIT).http2(false);
        Ok(Self { services: Client::new(settings)?, metadata: None })
    }

    /// The same, that may also ask the metadata services for credentials.
    pub(crate) fn with_metadata(&self) -> Result<Self, SettingsProblem> {
        let reach = Reach { plain_http: true, link_local: true };
        let settings = ClientSettings::new().reach(reach).connect_timeout(Duration::from_secs(1));
        Ok(Self { services: self.services.clone(), metadata: Some(Client::new(settings)?) })
    }

    /// Sends a request of ours.
    pub(crate) async fn send(&self, request: http::Request<Zeroizing<Vec<u8>>>) -> Result<configcheck_http::Response, Failure> {
        let metadata = self.metadata.as_ref().filter(|_| is_metadata(request.uri()));
        metadata.unwrap_or(&self.services).send(request).await
    }
}

pub(crate) fn is_metadata(uri: &http::Uri) -> bool {
    let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host.parse().is_ok_and(|ip: IpAddr| METADATA.contains(&ip))
}

impl HttpClient for Transport {
    fn http_connector(&self, settings: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        // The SDK asks for limits where its credential providers have their own; the engine's limit holds for everything else.
        let limit = settings.read_timeout().map(|read| read + settings.connect_timeout().unwrap_or_default());
        SharedHttpConnector::new(Connector { transport: Arc::new(self.clone()), limit })
    }
}

struct Connector {
    transport: Arc<Transport>,
    limit: Option<Duration>,
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connector(…)")
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (transport, limit) = (Arc::clone(&self.transport), self.limit);
        HttpConnectorFuture::new(async move {
            let request = outgoing(request)?;
            let sent = async { transport.send(request).await.map_err(|failure| ConnectorError::io(Box::new(Broken(failure)))) };
            let response = match limit {
                None => sent.await?,
                Some(limit) => match tokio::time::timeout(limit, sent).await {
                    Ok(response) => response?,
                    Err(_) => return Err(ConnectorError::timeout(Box::new(Unanswered))),
                },
            };
            incoming(response)
        })
    }
}

/// The SDK's request as one of ours. Its bodies are text in memory.
fn outgoing(request: HttpRequest) -> Result<http::Request<Zeroizing<Vec<u8>>>, ConnectorError> {
    let request = request.try_into_http1x().map_err(|_| ConnectorError::user(Box::new(Unanswered)))?;
    let (parts, body) = request.into_parts();
    let body = Zeroizing::new(body.bytes().unwrap_or_default().to_vec());
    Ok(http::Request::from_parts(parts, body))
}

/// An answer for the SDK. Its body is wiped when the SDK has read it.
fn incoming(response: configcheck_http::Response) -> Result<HttpResponse, ConnectorError> {
    let mut answer = http::Response::new(SdkBody::from(Bytes::from_owner(Owned(response.body))));
    *answer.status_mut() = response.status;
    *answer.headers_mut() = response.headers;
    HttpResponse::try_from(answer).map_err(|_| ConnectorError::other(Box::new(Unanswered), None))
}

/// A body that is wiped when the last who holds a part of it lets go.
struct Owned(Zeroizing<Vec<u8>>);

impl AsRef<[u8]> for Owned {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// A request that could not be answered, on its way through the SDK.
#[derive(Debug)]
pub(crate) struct Broken(Failure);

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request was not answered")
    }
}

impl std::error::Error for Broken {}

/// A request that was not answered in the time that the SDK gives it.
#[derive(Debug)]
struct Unanswered;

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request was not answered in time")
    }
}

impl std::error::Error for Unanswered {}

/// Why a request was not answered, where it is our client that says so.
fn failure(error: Option<&ConnectorError>) -> Option<&Failure> {
    let mut source = error.map(|error| error as &(dyn std::error::Error + 'static));
    while let Some(error) = source {
        if let Some(Broken(failure)) = error.downcast_ref() {
            return Some(failure);
        }
        source = error.source();
    }
    None
}

/// Whether an answer was larger than any that is read.
pub(crate) fn is_too_large(error: Option<&ConnectorError>) -> bool {
    failure(error).is_some_and(|failure| failure.kind() == FailureKind::TooLarge)
}

/// What a connection that failed means for the one who asked.
pub(crate) fn outcome(error: Option<&ConnectorError>, who: &str) -> Outcome {
    if let Some(failure) = failure(error) {
        return failure.outcome(who);
    }
    Outcome::Unavailable {
        retry: Retry::Few,
        reason: Reason::new(format!("{who} did not answer in time")).help("may this machine connect to it?"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_known_by_its_exact_addresses() {
        for uri in [
            "http://169.254.169.254/latest/api/token",
            "http://169.254.170.2/v2/credentials",
            "http://169.254.170.23/v1/credentials",
            "http://[fd00:ec2::23]/v1/credentials",
            "http://[fd00:ec2::254]/latest/api/token",
        ] {
            assert!(is_metadata(&http::Uri::from_static(uri)), "{uri}");
        }
        for uri in ["http://169.254.169.253/", "http://169.254.1.1/", "http://169.254.169.254.evil.example/", "http://[fd00:ec2::1]/", "/x"]
        {
            assert!(!is_metadata(&http::Uri::from_static(uri)), "{uri}");
        }
    }
}
