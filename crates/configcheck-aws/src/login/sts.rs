//! The Security Token Service: roles, web identities, and who one is.

use std::time::SystemTime;

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_sdk_sts::Client;
use aws_sdk_sts::error::ProvideErrorMetadata as _;
use aws_sdk_sts::types::Credentials as Given;
use configcheck_core::provider::{Outcome, Reason};
use configcheck_files as files;
use zeroize::Zeroizing;

use super::profile::Role;
use crate::denial::{holds_one_of, is_identity};
use crate::outcome::Asked;
use crate::quiet::quietly;
use crate::refused::refused;

/// The largest file with a token.
const TOKEN_LIMIT: u64 = 64 << 10;
/// The name that shows in AWS's own log where the settings have none.
const SESSION: &str = "configcheck";

/// Assumes a role.
pub(super) async fn assume(sdk: &SdkConfig, role: &Role, asked: &Asked<'_>) -> Result<Credentials, Outcome> {
    let session = role.session.as_deref().unwrap_or(SESSION);
    let call = Client::new(sdk).assume_role().role_arn(&role.arn).role_session_name(session).set_external_id(role.external_id.clone());
    let answer = quietly(call.send()).await.map_err(|error| refused(&error, asked))?;
    given(answer.credentials)
}

/// Assumes a role with a token that somebody else signed: Kubernetes, GitHub.
pub(super) async fn web_identity(sdk: &SdkConfig, role: &str, file: &str, session: Option<&str>) -> Result<Credentials, Outcome> {
    let contents = files::read(file.as_ref(), TOKEN_LIMIT).map_err(|refusal| {
        Outcome::AuthFailed(
            Reason::new(format!("the web identity token in `{file}` cannot be read: {refusal}"))
                .help("is the projected volume of the service account mounted there, and may the user of this service read it?"),
        )
    })?;
    let Ok(token) = std::str::from_utf8(contents.bytes.trim_ascii()) else {
        return Err(Outcome::AuthFailed(Reason::new(format!("the web identity token in `{file}` is no text"))));
    };
    let token = Zeroizing::new(token.to_owned());
    let region = sdk.region().map(ToString::to_string).unwrap_or_default();
    let guarded = [token.as_str()];
    let asked = Asked {
        action: "sts:AssumeRoleWithWebIdentity",
        region: &region,
        identity: "the web identity token",
        profile: None,
        credentials: &guarded,
    };
    let call = Client::new(sdk).assume_role_with_web_identity();
    let call = call.role_arn(role).role_session_name(session.unwrap_or(SESSION)).web_identity_token(token.as_str());
    let answer = quietly(call.send()).await.map_err(|error| match error.code() {
        Some("InvalidIdentityToken" | "InvalidIdentityTokenException" | "ExpiredTokenException" | "IDPRejectedClaim") => {
            Outcome::AuthFailed(
                Reason::new(format!("AWS does not accept the web identity token in `{file}`"))
                    .help(
                        "is the issuer of the token an identity provider of the account, with the token's audience (`sts.amazonaws.com`)?",
                    )
                    .help("is the token of the past? Kubernetes renews it in the file: start again"),
            )
        }
        _ => refused(&error, &asked),
    })?;
    given(answer.credentials)
}

fn given(given: Option<Given>) -> Result<Credentials, Outcome> {
    let strange = || Outcome::Malformed(Reason::new("the Security Token Service answered without credentials"));
    let given = given.ok_or_else(strange)?;
    let expires = SystemTime::try_from(given.expiration).map_err(|_| strange())?;
    Ok(Credentials::new(given.access_key_id, given.secret_access_key, Some(given.session_token), Some(expires), "configcheck"))
}

/// Who AWS takes the credentials for: ARN and account.
pub(crate) async fn caller(sdk: &SdkConfig, asked: &Asked<'_>) -> Result<(String, Option<String>), Outcome> {
    let answer = quietly(Client::new(sdk).get_caller_identity().send()).await.map_err(|error| refused(&error, asked))?;
    let arn = answer.arn.filter(|arn| is_identity(arn) && !holds_one_of(arn, asked.credentials));
    let account = answer.account.filter(|account| crate::arn::is_account(account));
    match arn {
        Some(arn) => Ok((arn, account)),
        None => Err(Outcome::Malformed(Reason::new("the Security Token Service answered without an identity"))),
    }
}
