//! What the engine relies on, of both services.

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use configcheck_aws::AwsProvider;
use configcheck_core::Provider;
use configcheck_test_servers::{Moto, unique};
use configcheck_testkit::conformance::{self, Capability, Subject};
use configcheck_testkit::failure_lab::FailureLab;

/// Secrets Manager of moto, with a lab between that counts.
struct SecretsManager {
    prefix: String,
    lab: FailureLab,
}

/// A key without words, so that parts of it can be told from text.
const KEY: &str = "Jh3bN8rT5yGcXw6Vp0DkQz7vK2xW9pLmTq3Zu1Rf";

fn environment(lab: &FailureLab, name: &str) -> Option<String> {
    if name == "AWS_SECRET_ACCESS_KEY" {
        return Some(KEY.to_owned());
    }
    if name == "AWS_ENDPOINT_URL" {
        return Some(lab.url());
    }
    Moto::shared().environment().into_iter().find(|(other, _)| *other == name).map(|(_, value)| value)
}

impl SecretsManager {
    fn write(&self, name: &str, value: &[u8]) -> String {
        let id = format!("{}/{name}", self.prefix);
        let (key, text) = match std::str::from_utf8(value) {
            Ok(text) => ("SecretString", text.to_owned()),
            Err(_) => ("SecretBinary", BASE64_STANDARD.encode(value)),
        };
        let create = serde_json::json!({ "Name": id, key: text }).to_string();
        let put = serde_json::json!({ "SecretId": id, key: text }).to_string();
        let (status, answer) = Moto::shared().request("secretsmanager.CreateSecret", &create);
        let answer = if status == 200 { answer } else { Moto::shared().write("secretsmanager.PutSecretValue", &put) };
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        answer["VersionId"].as_str().unwrap().to_owned()
    }
}

impl Subject for SecretsManager {
    fn provider(&self) -> Arc<dyn Provider> {
        Arc::new(AwsProvider::new())
    }

    fn setting(&self, name: &str) -> Option<String> {
        environment(&self.lab, name)
    }

    fn capabilities(&self) -> Vec<Capability> {
        vec![Capability::Versions, Capability::Binary, Capability::Removal, Capability::ProbeWithoutValue]
    }

    fn store(&self, name: &str, value: &[u8]) -> String {
        self.write(name, value);
        format!("aws-sm:{}/{name}", self.prefix)
    }

    fn absent(&self, name: &str) -> String {
        format!("aws-sm:{}/{name}", self.prefix)
    }

    fn malformed(&self) -> Vec<String> {
        ["aws-sm:a?colour=red", "aws-sm:a?version=3", "aws-sm:a?region=nowhere", "aws-sm:a?role_arn=reader"].map(ToOwned::to_owned).into()
    }

    fn credentials(&self) -> Vec<String> {
        vec![KEY.to_owned()]
    }

    fn store_version(&self, name: &str, value: &[u8]) -> String {
        let version = self.write(name, value);
        format!("aws-sm:{}/{name}?version={version}", self.prefix)
    }

    fn remove(&self, name: &str) {
        let body = serde_json::json!({ "SecretId": format!("{}/{name}", self.prefix), "ForceDeleteWithoutRecovery": true });
        Moto::shared().write("secretsmanager.DeleteSecret", &body.to_string());
    }

    fn values_handed_out(&self) -> usize {
        let nothing = b"00000000-0000-0000-0000-000000000000";
        let hands_out = |request: &configcheck_testkit::failure_lab::Request| {
            let call = request.header("x-amz-target").unwrap_or_default();
            call.ends_with("GetSecretValue") && !request.body.windows(nothing.len()).any(|window| window == nothing)
        };
        self.lab.requests_seen().iter().filter(|request| hands_out(request)).count()
    }
}

/// Parameter Store of moto.
struct ParameterStore {
    prefix: String,
    lab: FailureLab,
}

impl ParameterStore {
    fn write(&self, name: &str, value: &[u8]) -> u64 {
        let body = serde_json::json!({
            "Name": format!("/{}/{name}", self.prefix),
            "Type": "SecureString",
            "Tier": "Advanced",
            "Value": String::from_utf8(value.to_vec()).unwrap(),
            "Overwrite": true,
        });
        let answer: serde_json::Value = serde_json::from_str(&Moto::shared().write("AmazonSSM.PutParameter", &body.to_string())).unwrap();
        answer["Version"].as_u64().unwrap()
    }
}

impl Subject for ParameterStore {
    fn provider(&self) -> Arc<dyn Provider> {
        Arc::new(AwsProvider::new())
    }

    fn setting(&self, name: &str) -> Option<String> {
        environment(&self.lab, name)
    }

    fn capabilities(&self) -> Vec<Capability> {
        vec![Capability::Maps, Capability::Versions, Capability::Removal]
    }

    fn longest_value(&self) -> usize {
        4_096
    }

    fn can_hold(&self, value: &[u8]) -> bool {
        !value.is_empty() && std::str::from_utf8(value).is_ok()
    }

    fn store(&self, name: &str, value: &[u8]) -> String {
        self.write(name, value);
        format!("aws-ssm:/{}/{name}", self.prefix)
    }

    fn absent(&self, name: &str) -> String {
        format!("aws-ssm:/{}/{name}", self.prefix)
    }

    fn malformed(&self) -> Vec<String> {
        ["aws-ssm:/a?colour=red", "aws-ssm:/a?version=three", "aws-ssm:/a?version=1&label=x"].map(ToOwned::to_owned).into()
    }

    fn credentials(&self) -> Vec<String> {
        vec![KEY.to_owned()]
    }

    fn store_map(&self, name: &str, fields: &[(&str, &[u8])]) -> String {
        for (field, value) in fields {
            self.write(&format!("{name}/{field}"), value);
        }
        format!("aws-ssm:/{}/{name}/", self.prefix)
    }

    fn store_version(&self, name: &str, value: &[u8]) -> String {
        let version = self.write(name, value);
        format!("aws-ssm:/{}/{name}?version={version}", self.prefix)
    }

    fn remove(&self, name: &str) {
        Moto::shared().write("AmazonSSM.DeleteParameter", &serde_json::json!({ "Name": format!("/{}/{name}", self.prefix) }).to_string());
    }
}

#[test]
fn secrets_manager_keeps_what_the_engine_relies_on() {
    let subject = SecretsManager { prefix: unique("conformance"), lab: FailureLab::in_front_of(Moto::shared().endpoint()) };
    assert!(conformance::check(&subject).passed().len() >= 24);
}

#[test]
fn parameter_store_keeps_what_the_engine_relies_on() {
    let subject = ParameterStore { prefix: unique("conformance"), lab: FailureLab::in_front_of(Moto::shared().endpoint()) };
    assert!(conformance::check(&subject).passed().len() >= 23);
}
