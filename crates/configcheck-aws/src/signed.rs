//! Calls of AWS's JSON protocol that are signed here: Parameter Store has an SDK of 348,000 lines, for the two that are needed.

use std::time::SystemTime;

use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::identity::Identity;
use configcheck_core::provider::{Outcome, Reason};
use configcheck_http::{Response, retry_after};
use http::{HeaderValue, Method, Request};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::login::Login;
use crate::outcome::{self, Asked, Refusal, service};
use crate::quiet::quietly;

/// What a call that failed says. Its message is never told.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Failed {
    #[serde(rename = "__type")]
    code: Option<String>,
    #[serde(alias = "Message")]
    message: Option<String>,
}

/// Asks Parameter Store: `target` is the name of the call, `body` its JSON.
pub(crate) async fn parameter_store(login: &Login, target: &'static str, body: Vec<u8>, asked: &Asked<'_>) -> Result<Response, Outcome> {
    let address = format!("{}/", login.endpoints.parameter_store(asked.region));
    let unsigned = || Outcome::Malformed(Reason::new(format!("the request for `{}` in {} could not be made", asked.action, asked.region)));
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(&address)
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", HeaderValue::from_static(target))
        .body(Zeroizing::new(body))
        .map_err(|_| unsigned())?;
    quietly(async { signed(&mut request, login, asked.region) }).await.ok_or_else(unsigned)?;
    let response = login.transport().send(request).await;
    let response = response.map_err(|failure| failure.outcome(&format!("{} in {}", service(asked), asked.region)))?;
    if response.status.is_success() { Ok(response) } else { Err(refused(&response, asked)) }
}

/// Signs a request; `None` where that cannot be done.
fn signed(request: &mut Request<Zeroizing<Vec<u8>>>, login: &Login, region: &str) -> Option<()> {
    let identity: Identity = login.credentials.clone().into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name("ssm")
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()
        .ok()?;
    let uri = request.uri().to_string();
    let headers = request.headers().iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    let signable = SignableRequest::new("POST", uri, headers, SignableBody::Bytes(request.body())).ok()?;
    let (instructions, _) = sign(signable, &params.into()).ok()?.into_parts();
    instructions.apply_to_request_http1x(request);
    for name in ["authorization", "x-amz-security-token"] {
        if let Some(value) = request.headers_mut().get_mut(name) {
            value.set_sensitive(true);
        }
    }
    Some(())
}

fn refused(response: &Response, asked: &Asked<'_>) -> Outcome {
    let said: Failed = serde_json::from_slice(&response.body).unwrap_or_default();
    let header = response.headers.get("x-amzn-errortype").and_then(|value| value.to_str().ok());
    let refusal = Refusal {
        code: header.or(said.code.as_deref()),
        message: said.message.as_deref(),
        status: response.status.as_u16(),
        retry_after: retry_after(&response.headers),
    };
    outcome::of(&refusal, asked)
}
