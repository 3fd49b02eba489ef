//! `aws-sm:` and `aws-ssm:` references: secrets in AWS Secrets Manager and parameters in Parameter Store.
//!
//! | reference | is |
//! |---|---|
//! | `aws-sm:checkout/db` | the current value of a secret |
//! | `aws-sm:checkout/db#password` | a key of it, where it is JSON |
//! | `aws-sm:checkout/db?stage=AWSPREVIOUS` | the value at a stage; `?version=` has the id of a version |
//! | `arn:aws:secretsmanager:eu-west-1:123456789012:secret:checkout/db-AbCdEf` | the same by ARN, also without the six characters, also of another account |
//! | `arn:aws:secretsmanager:…:secret:checkout/db-AbCdEf:password:AWSPREVIOUS:` | as task definitions of ECS write it |
//! | `aws-ssm:/checkout/db` | a parameter, decrypted; `?version=3` or `?label=stable` chooses one |
//! | `aws-ssm:/checkout/` | all parameters below a path, as named values |
//! | `arn:aws:ssm:eu-west-1:123456789012:parameter/checkout/db` | a parameter by ARN |
//! | `aws-ssm:/aws/reference/secretsmanager/checkout/db` | a secret, through Parameter Store |
//!
//! Each may have `?region=eu-central-1`, `?profile=prod` and `?role_arn=arn:aws:iam::123456789012:role/reader`.
//!
//! ```no_run
//! use std::time::{Duration, Instant};
//!
//! use configcheck_aws::AwsProvider;
//! use configcheck_core::provider::{Batch, ConnectContext, Provider};
//! use configcheck_core::{Secret, SecretRef};
//!
//! # async fn fetch() -> Option<()> {
//! let provider = AwsProvider::new().region("eu-west-1");
//! let variables = |name: &&str| std::env::var(name).ok().map(Secret::new);
//! let settings = provider.settings().iter().map(variables).collect();
//! let context = ConnectContext::new(Instant::now() + Duration::from_secs(30), None, settings);
//! let session = provider.connect(&context).await.ok()?;
//! let reference = SecretRef::parse("aws-sm:checkout/db")?.ok()?;
//! let outcomes = session.fetch(&Batch::of(reference)).await;
//! # let _ = outcomes; Some(()) }
//! ```
//!
//! # Requests
//!
//! Current values go out 20 a call, parameters 10 a call. `BatchGetSecretValue` knows neither versions nor stages, so that references
//! with one are asked for by themselves; so are two versions of one parameter. An identity that may not use the batch call is found out
//! once: its secrets are read one by one, eight at a time, from then on. One parameter that may not be read makes AWS refuse a whole
//! call; then each is asked for by itself, so that the others arrive.
//!
//! # Credentials
//!
//! They are looked for once in a session, in the order of AWS's own tools: `AWS_ACCESS_KEY_ID`; the profile, with roles in turn and
//! `credential_process`; `AWS_WEB_IDENTITY_TOKEN_FILE`; the container, of ECS or EKS; the instance. A profile that a reference or the
//! program names stands above all of these, and one that somebody named has to be there. Profiles that log in by a browser (SSO) are
//! not followed: the report says how to hand their credentials on.
//!
//! # Settings
//!
//! | variable | for |
//! |---|---|
//! | `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN` | keys |
//! | `AWS_REGION`, `AWS_DEFAULT_REGION` | the region of references that name none; otherwise `region` of the profile |
//! | `AWS_PROFILE`, `AWS_CONFIG_FILE`, `AWS_SHARED_CREDENTIALS_FILE`, `HOME` | profiles |
//! | `AWS_WEB_IDENTITY_TOKEN_FILE`, `AWS_ROLE_ARN`, `AWS_ROLE_SESSION_NAME` | web identity |
//! | `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI`, `…_FULL_URI`, `AWS_CONTAINER_AUTHORIZATION_TOKEN`, `…_FILE` | ECS and EKS set them |
//! | `AWS_EC2_METADATA_DISABLED`, `AWS_EC2_METADATA_SERVICE_ENDPOINT`, `…_MODE` | the instance |
//! | `AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_SECRETS_MANAGER`, `…_SSM`, `…_STS`, `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` | other addresses: `https`, or `http` on this machine |
//! | `AWS_USE_FIPS_ENDPOINT`, `AWS_USE_DUALSTACK_ENDPOINT` | AWS's other addresses |
//! | `AWS_CA_BUNDLE` | the authorities that are trusted, in place of the machine's |
//!
//! Link-local addresses are asked for credentials only, and only those of AWS. Proxies in the environment are not used.
//!
//! # Permissions
//!
//! | for | permission | on |
//! |---|---|---|
//! | secrets | `secretsmanager:GetSecretValue` | each secret |
//! | several in a call | `secretsmanager:BatchGetSecretValue` | `*`, as AWS knows no other; without it they are read one by one |
//! | parameters by name | `ssm:GetParameters` | each parameter |
//! | parameters below a path | `ssm:GetParametersByPath` | the path |
//! | a KMS key of one's own | `kms:Decrypt` | the key |
//! | a role | `sts:AssumeRole`, and the role has to trust the identity | the role |
//! | versions and dates in `configcheck doctor` | `secretsmanager:DescribeSecret` | each secret; a start does not need it |
//!
//! # What is told
//!
//! Nothing of an answer of AWS but the identity, by a strict grammar, and a permission of a list of our own. The events of the SDK are not
//! passed on, whatever the level: at `TRACE` they hold whole secrets and session tokens. Of what the SDK has read, the body of the answer
//! and the values that are handed out are overwritten when they are dropped; what its JSON reader copied in between is not.

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
