//! Parameter Store: parameters by name, ten a call, and all below a path.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use configcheck_core::Secret;
use configcheck_core::provider::{Access, Fetched, Outcome, Payload, Probe, Reason};
use configcheck_core::secret::ExposeSecret as _;
use serde::{Deserialize, Deserializer};

use crate::login::Login;
use crate::outcome::{Asked, no_parameter};
use crate::reference::bare_parameter;
use crate::signed::parameter_store;

const BY_NAME: &str = "ssm:GetParameters";
const BY_PATH: &str = "ssm:GetParametersByPath";
/// The most parameters below a path are ten times as many.
const PAGES: usize = 200;
/// The path through which Parameter Store reads Secrets Manager. Some answers name the secret without it.
const SECRETS: &str = "/aws/reference/secretsmanager/";

/// Parameter Store in one region, as one identity.
pub(crate) struct Parameters {
    login: Arc<Login>,
    region: String,
}

/// Why a call has no answer for each of its parameters.
pub(crate) enum NoBatch {
    /// AWS refuses the whole call for one parameter: each is asked for by itself to see which.
    Singles,
    /// The same for all of them.
    All(Outcome),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page {
    #[serde(default)]
    parameters: Vec<Parameter>,
    #[serde(default)]
    invalid_parameters: Vec<String>,
    next_token: Option<String>,
}

/// A parameter as AWS answers it. It has no `Debug`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Parameter {
    name: String,
    #[serde(rename = "ARN")]
    arn: Option<String>,
    selector: Option<String>,
    r#type: Option<String>,
    #[serde(deserialize_with = "secret")]
    value: Secret<Vec<u8>>,
    version: Option<u64>,
    last_modified_date: Option<f64>,
}

fn secret<'de, D: Deserializer<'de>>(value: D) -> Result<Secret<Vec<u8>>, D::Error> {
    String::deserialize(value).map(|text| Secret::new(text.into_bytes()))
}

impl Parameters {
    pub(crate) fn new(login: Arc<Login>, region: String) -> Self {
        Self { login, region }
    }

    /// Parameters by name.
    pub(crate) async fn by_name(&self, names: &[&str]) -> Result<Vec<Outcome>, NoBatch> {
        let guarded = self.login.guarded();
        let asked = self.login.asked(BY_NAME, &self.region, &guarded);
        let page = self.page(names, true, &asked).await?;
        Ok(names.iter().map(|name| page.find(name).map_or_else(|| self.missing(&page, name, &asked), Parameter::fetched)).collect())
    }

    /// Whether parameters could be read: those that are encrypted are asked for as they are.
    pub(crate) async fn probe(&self, names: &[&str]) -> Result<Vec<Probe>, NoBatch> {
        let guarded = self.login.guarded();
        let asked = self.login.asked(BY_NAME, &self.region, &guarded);
        let page = self.page(names, false, &asked).await?;
        let of = |name: &&str| match page.find(name) {
            Some(parameter) => parameter.probe(),
            None => Probe::new(Access::Failed(self.missing(&page, name, &asked))),
        };
        Ok(names.iter().map(of).collect())
    }

    /// All parameters below a path, by their names behind it.
    pub(crate) async fn by_path(&self, path: &str) -> Outcome {
        let guarded = self.login.guarded();
        let asked = self.login.asked(BY_PATH, &self.region, &guarded);
        let below = if path == "/" { path } else { path.trim_end_matches('/') };
        let (mut values, mut seen, mut next) = (Vec::new(), BTreeSet::new(), None::<String>);
        for _ in 0..PAGES {
            let mut body = serde_json::json!({ "Path": below, "Recursive": true, "WithDecryption": true, "MaxResults": 10 });
            if let Some(token) = next.take() {
                body["NextToken"] = token.into();
            }
            let page = match self.ask("AmazonSSM.GetParametersByPath", &body, &asked).await {
                Ok(page) => page,
                Err(outcome) => return outcome,
            };
            for parameter in page.parameters {
                let Some(name) = parameter.name.strip_prefix(path) else { return self.strange() };
                if !seen.insert(name.to_owned()) {
                    return self.strange();
                }
                values.push((name.to_owned(), parameter.value));
            }
            next = page.next_token.filter(|token| !token.is_empty());
            if next.is_none() {
                break;
            }
        }
        if next.is_some() {
            return Outcome::Malformed(
                Reason::new(format!("there are more than {} parameters below the path", PAGES * 10)).help("name a longer path"),
            );
        }
        if values.is_empty() {
            let region = &self.region;
            return Outcome::Absent(
                Reason::new(format!("Parameter Store in {region} has no parameters below this path")).help(format!(
                    "`aws ssm describe-parameters --region {region} --query 'Parameters[].Name'` shows those that are there"
                )),
            );
        }
        Outcome::Found(Fetched::new(Payload::Map(values)))
    }

    async fn page(&self, names: &[&str], decrypted: bool, asked: &Asked<'_>) -> Result<Page, NoBatch> {
        let body = serde_json::json!({ "Names": names, "WithDecryption": decrypted });
        self.ask("AmazonSSM.GetParameters", &body, asked).await.map_err(|outcome| match outcome {
            Outcome::Denied(_) | Outcome::Absent(_) | Outcome::Malformed(_) if names.len() > 1 => NoBatch::Singles,
            other => NoBatch::All(other),
        })
    }

    async fn ask(&self, target: &'static str, body: &serde_json::Value, asked: &Asked<'_>) -> Result<Page, Outcome> {
        let response = parameter_store(&self.login, target, body.to_string().into_bytes(), asked).await?;
        serde_json::from_slice(&response.body).map_err(|_| self.strange())
    }

    fn missing(&self, page: &Page, name: &str, asked: &Asked<'_>) -> Outcome {
        if page.invalid_parameters.iter().any(|other| other == name || bare_parameter(other) == bare_parameter(name)) {
            return Outcome::Absent(no_parameter(asked));
        }
        self.strange()
    }

    fn strange(&self) -> Outcome {
        Outcome::Malformed(
            Reason::new(format!("Parameter Store in {} answered something that was not asked for", self.region))
                .help("check what `AWS_ENDPOINT_URL` or `endpoint_url` of the profile leads to"),
        )
    }
}

impl Page {
    /// The parameter of a name. Of two it cannot be told which is meant, and so there is none.
    fn find(&self, name: &str) -> Option<&Parameter> {
        let mut those = self.parameters.iter().filter(|parameter| parameter.is(name));
        those.next().filter(|_| those.next().is_none())
    }
}

impl Parameter {
    /// Whether it is what was asked for by this name or ARN, with a version or a label behind it. No call asks for two versions of one.
    fn is(&self, asked: &str) -> bool {
        let (bare, selector) = match bare_parameter(asked) {
            bare if asked.starts_with("arn:") => (bare, asked.splitn(6, ':').nth(5).and_then(|resource| resource.split(':').nth(1))),
            bare => (bare, asked.split(':').nth(1)),
        };
        let by_arn = asked.starts_with("arn:")
            && self.arn.as_deref().is_some_and(|arn| asked == arn || asked.strip_prefix(arn).is_some_and(|rest| rest.starts_with(':')));
        let by_name = !asked.starts_with("arn:") && (self.name == bare || bare.strip_prefix(SECRETS) == Some(self.name.as_str()));
        let told = self.selector.as_deref().map(|selector| selector.trim_start_matches(':')).filter(|selector| !selector.is_empty());
        // AWS says which selector it followed; what imitates it may not.
        (by_arn || by_name) && (told.is_none() || told == selector)
    }

    fn fetched(&self) -> Outcome {
        let mut fetched = Fetched::new(Payload::Value(Secret::new(self.value.expose_secret().clone())));
        fetched.version = self.version.map(|version| version.to_string());
        fetched.created = self.changed();
        Outcome::Found(fetched)
    }

    fn probe(&self) -> Probe {
        let access = match self.r#type.as_deref() {
            Some("SecureString") => Access::Allowed(
                Reason::new("it is there and may be asked for; whether its key may decrypt it shows only when it is read")
                    .help("`configcheck policy iam` writes `kms:Decrypt` for it"),
            ),
            _ => Access::Read,
        };
        let mut probe = Probe::new(access);
        probe.version = self.version.map(|version| version.to_string());
        probe.created = self.changed();
        probe
    }

    fn changed(&self) -> Option<SystemTime> {
        let seconds = Duration::try_from_secs_f64(self.last_modified_date?).ok()?;
        SystemTime::UNIX_EPOCH.checked_add(seconds)
    }
}
