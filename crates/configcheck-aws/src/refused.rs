//! What the SDK's errors mean. None of their text is told: it can hold the answer's body.

use std::error::Error;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use configcheck_core::provider::{Outcome, Reason};
use configcheck_http::retry_after;

use crate::outcome::{self, Asked, Refusal, service};
use crate::transport;

/// The refusal in an error, when AWS answered.
pub(crate) fn refusal<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> Option<Refusal<'_>> {
    let (code, message) = match error {
        SdkError::ServiceError(error) => (error.err().code(), error.err().message()),
        _ => (None, None),
    };
    let response = error.raw_response()?;
    let headers: http::HeaderMap = response
        .headers()
        .get("retry-after")
        .and_then(|value| value.parse().ok())
        .map(|value| (http::header::RETRY_AFTER, value))
        .into_iter()
        .collect();
    Some(Refusal { code, message, status: response.status().as_u16(), retry_after: retry_after(&headers) })
}

/// What an error of the SDK means for the one who asked.
pub(crate) fn refused<E: ProvideErrorMetadata + Error + 'static>(error: &SdkError<E, HttpResponse>, asked: &Asked<'_>) -> Outcome {
    match error {
        SdkError::DispatchFailure(failure) => {
            let who = format!("{} in {}", service(asked), asked.region);
            transport::outcome(failure.as_connector_error(), &who)
        }
        _ => match refusal(error) {
            Some(refusal) if refusal.status < 300 => Outcome::Malformed(
                Reason::new(format!("{} in {} answered something that is not understood", service(asked), asked.region))
                    .help("check what `AWS_ENDPOINT_URL` or `endpoint_url` of the profile leads to"),
            ),
            Some(refusal) => outcome::of(&refusal, asked),
            None => Outcome::Malformed(
                Reason::new(format!("the request for `{}` in {} could not be made", asked.action, asked.region))
                    .help("check the region, and the endpoint where one is named"),
            ),
        },
    }
}
