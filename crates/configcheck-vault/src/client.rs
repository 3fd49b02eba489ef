//! The transport: rustify's `Client` over our own HTTP client, so that the requests of vaultrs are sent within our bounds of time, size and
//! reach.
//!
//! rustify's own way of executing a request traces it, turns every refusal into an error with the body in it, and reads bodies into
//! buffers that nobody wipes. Here rustify writes the request, and gets an empty answer back; the true one stays with us.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use configcheck_core::display::holds_piece_of;
use configcheck_core::provider::{Outcome, Reason};
use configcheck_http as ours;
use http::{HeaderValue, Request, Uri};
use rustify::endpoint::{Endpoint, MiddleWare};
use rustify::errors::ClientError;
use zeroize::Zeroizing;

use crate::answer::Answer;

/// The server, as far as connections go.
#[derive(Clone)]
pub(crate) struct Server {
    http: ours::Client,
    address: String,
}

/// What is sent with a request beside it.
#[derive(Clone, Default)]
pub(crate) struct Headers {
    token: Option<HeaderValue>,
    namespace: Option<HeaderValue>,
}

impl Headers {
    /// The token that requests are sent with. `None` when it cannot stand in a header: the check is ours, since vaultrs panics there.
    pub(crate) fn with_token(mut self, token: &str) -> Option<Self> {
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        self.token = Some(ours::secret_header(token)?);
        Some(self)
    }

    /// Whether there is a token; an agent puts in its own where there is none.
    pub(crate) fn has_token(&self) -> bool {
        self.token.is_some()
    }

    /// Whether text that a server chose holds a piece of the token.
    pub(crate) fn are_repeated_by(&self, text: &str) -> bool {
        self.token.as_ref().is_some_and(|token| holds_piece_of(text, token.as_bytes()))
    }

    /// The namespace that requests are meant for.
    pub(crate) fn with_namespace(mut self, namespace: Option<&str>) -> Self {
        if let Some(namespace) = namespace {
            // A namespace is checked where it is read; one that no header can carry is none.
            self.namespace = HeaderValue::from_str(namespace).ok();
        }
        self
    }
}

impl Server {
    /// A server at an address without a slash at its end: `https://vault.example.com:8200`.
    pub(crate) fn new(http: ours::Client, address: String) -> Self {
        Self { http, address }
    }

    /// The address, which has no userinfo.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// What is known of the connection.
    pub(crate) fn http(&self) -> &ours::Client {
        &self.http
    }

    /// Sends one request. The outcome of one that was not answered.
    pub(crate) async fn ask<E: Endpoint>(&self, endpoint: E, headers: &Headers) -> Result<Answer, Outcome> {
        let wire = Wire { server: self, received: Mutex::new(None) };
        let written = endpoint.with_middleware(&Letterhead { address: &self.address, headers }).exec(&wire).await;
        let received = wire.received.into_inner().unwrap_or_else(PoisonError::into_inner);
        match (received, written) {
            (Some(Ok(response)), _) => Ok(Answer { status: response.status, headers: response.headers, body: response.body }),
            (Some(Err(failure)), _) => Err(untrusted(failure.outcome("vault"))),
            // Its error can hold what was to be sent: it is dropped unread.
            (None, _) => Err(Outcome::Malformed(
                Reason::new("a request to vault could not be written")
                    .help("check VAULT_ADDR, VAULT_NAMESPACE and the reference for unusual characters"),
            )),
        }
    }
}

/// Names the variable where a certificate is of an authority that is not known.
fn untrusted(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Unavailable { retry, reason } if reason.help.iter().any(|help| help.contains("authority that signed it")) => {
            let reason = reason.help("the file is named by VAULT_CACERT, or is one in the folder of VAULT_CAPATH");
            Outcome::Unavailable { retry, reason }
        }
        other => other,
    }
}

/// Takes one request from rustify, and keeps its answer.
struct Wire<'a> {
    server: &'a Server,
    received: Mutex<Option<Result<ours::Response, ours::Failure>>>,
}

#[async_trait]
impl rustify::client::Client for Wire<'_> {
    async fn send(&self, request: Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, ClientError> {
        let result = self.server.http.send(request.map(Zeroizing::new)).await;
        *self.received.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
        Ok(http::Response::new(Vec::new()))
    }

    fn base(&self) -> &str {
        &self.server.address
    }

    /// Only sends: what an answer means is read elsewhere.
    async fn execute(&self, request: Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, ClientError> {
        self.send(request).await
    }
}

/// Writes address and headers of a request. That of vaultrs unwraps URLs and header values, and prints the token in its `Debug`.
struct Letterhead<'a> {
    address: &'a str,
    headers: &'a Headers,
}

impl MiddleWare for Letterhead<'_> {
    fn request<E: Endpoint>(&self, endpoint: &E, request: &mut Request<Vec<u8>>) -> Result<(), ClientError> {
        // Some paths of vaultrs begin with a slash, and two of them with a tab.
        let path = endpoint.path();
        let path = path.trim().trim_start_matches('/').replace(' ', "%20");
        let url = match request.uri().query() {
            Some(query) if !query.is_empty() => format!("{}/v1/{path}?{query}", self.address),
            _ => format!("{}/v1/{path}", self.address),
        };
        *request.uri_mut() = url.parse::<Uri>().map_err(|source| ClientError::UrlBuildError { source })?;
        let headers = request.headers_mut();
        // Agents refuse requests without it, which keeps other programs from being lured to them.
        headers.insert("x-vault-request", HeaderValue::from_static("true"));
        if let Some(token) = &self.headers.token {
            headers.insert("x-vault-token", token.clone());
        }
        if let Some(namespace) = &self.headers.namespace {
            headers.insert("x-vault-namespace", namespace.clone());
        }
        Ok(())
    }

    fn response<E: Endpoint>(&self, _: &E, _: &mut http::Response<Vec<u8>>) -> Result<(), ClientError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use rustify::endpoint::Endpoint;

    use super::{Headers, Letterhead};
    use crate::endpoint::{LookUpSelf, Post, RenewSelf, RevokeSelf, Unwrap, object};

    fn written(endpoint: impl Endpoint, headers: &Headers) -> http::Request<Vec<u8>> {
        endpoint.with_middleware(&Letterhead { address: "https://v:8200/base", headers }).request("https://v:8200/base").unwrap()
    }

    /// vaultrs 0.8: "\t/auth/token/renew-self".
    #[test]
    fn tabs_and_slashes_before_the_paths_of_vaultrs_do_no_harm() {
        let headers = Headers::default();
        let url = |request: http::Request<Vec<u8>>| request.uri().to_string();
        assert_eq!(url(written(RenewSelf::default(), &headers)), "https://v:8200/base/v1/auth/token/renew-self");
        assert_eq!(url(written(RevokeSelf {}, &headers)), "https://v:8200/base/v1/auth/token/revoke-self");
        assert_eq!(url(written(LookUpSelf {}, &headers)), "https://v:8200/base/v1/auth/token/lookup-self");
        assert_eq!(url(written(Unwrap { token: None }, &headers)), "https://v:8200/base/v1/sys/wrapping/unwrap");
    }

    /// vaultrs 0.8: a token with a line break at its end panics in a header.
    #[test]
    fn a_token_that_no_header_can_carry_is_refused() {
        for token in ["", "s.fake\n", "s.fa ke", "s.fake\u{0}", "s.fäke"] {
            assert!(Headers::default().with_token(token).is_none(), "{token:?}");
        }
    }

    /// vaultrs 0.8: the middleware prints the token in its `Debug`, and a request holds it in plain.
    #[test]
    fn a_token_is_not_shown_by_the_request_that_carries_it() {
        let headers = Headers::default().with_token("s.not-a-real-token").unwrap().with_namespace(Some("team1"));
        let request = written(Post::new("sys/leases/renew", object(&[("lease_id", "a")])), &headers);
        assert_eq!(request.headers()["x-vault-token"], "s.not-a-real-token");
        assert_eq!(request.headers()["x-vault-namespace"], "team1");
        assert_eq!(request.headers()["x-vault-request"], "true");
        assert_eq!(request.body(), br#"{"lease_id":"a"}"#);
        assert!(!format!("{:?}", request.headers()).contains("not-a-real-token"));
    }
}
