//! `credential_process`: credentials that a program of the machine prints.

use aws_config::credential_process::CredentialProcessProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials as _;
use configcheck_core::provider::{Outcome, Reason};

use crate::quiet::quietly;

/// Runs the command of a profile. Neither it nor what it prints is told: both can hold credentials.
pub(super) async fn run(command: &str, identity: &str) -> Result<Credentials, Outcome> {
    let provider = CredentialProcessProvider::new(command.to_owned());
    quietly(provider.provide_credentials()).await.map_err(|_| {
        Outcome::AuthFailed(
            Reason::new(format!("the `credential_process` of {identity} gave no credentials"))
                .help("run it by hand as the user of this service: it has to end with 0 and print JSON with `Version`, `AccessKeyId` and `SecretAccessKey`"),
        )
    })
}
