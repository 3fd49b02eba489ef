//! `aws-sm:` and `aws-ssm:` references: secrets in AWS Secrets Manager and parameters in Parameter Store.

mod arn;
mod denial;
mod endpoint;
mod login;
mod outcome;
mod parameters;
mod plan;
mod provider;
mod quiet;
mod reference;
mod refused;
mod same_secret;
mod secrets_manager;
mod session;
mod settings;
mod signed;
mod transport;

pub use provider::AwsProvider;
