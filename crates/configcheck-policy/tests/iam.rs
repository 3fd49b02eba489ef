//! The policy for AWS, handed to the IAM of moto: its grammar is good. Whether it is exact is judged beside the code, by an evaluator of ours;
//! moto judges no resources, and AWS itself was not asked.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use configcheck_core::SecretRef;
use configcheck_policy::{Needs, iam};
use configcheck_test_servers::{Moto, unique};

/// Creates a policy, as `aws iam create-policy` does; the status and the answer.
fn create_policy(document: &str) -> (u16, String) {
    let encoded = |text: &str| -> String { text.bytes().map(|byte| format!("%{byte:02X}")).collect() };
    let name = unique("policy");
    let body = format!("Action=CreatePolicy&Version=2010-05-08&PolicyName={}&PolicyDocument={}", encoded(&name), encoded(document));
    let address = Moto::shared().endpoint().trim_start_matches("http://").trim_end_matches('/').to_owned();
    let mut stream = TcpStream::connect(&address).unwrap();
    let credential = "Credential=not-a-real-key/20260101/us-east-1/iam/aws4_request";
    write!(
        stream,
        "POST / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nAuthorization: AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=0\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
}

#[test]
fn the_grammar_of_every_form_is_accepted() {
    let role = "arn:aws:iam::210987654321:role/shared";
    let mut needs = Needs::default();
    for (at, text) in [
        "aws-sm:checkout/production#jwt",
        "aws-sm:mail?stage=AWSPREVIOUS",
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:rates-AbC123",
        "aws-ssm:/checkout/flag",
        "aws-ssm:/checkout/flags/",
        "aws-sm:shared?role_arn=arn:aws:iam::210987654321:role/shared",
    ]
    .into_iter()
    .enumerate()
    {
        if let Some(Ok(reference)) = SecretRef::parse(text) {
            needs.add(&reference, &format!("KEY_{at}"));
        }
    }
    let known = iam::Options { region: Some("eu-west-1".to_owned()), account: Some("123456789012".to_owned()), ..iam::Options::default() };
    for options in [
        known.clone(),
        iam::Options { doctor: true, keys: iam::Keys::Any, ..known.clone() },
        iam::Options { role: Some(role.to_owned()), keys: iam::Keys::None, ..known },
    ] {
        let policy = iam::policy(&needs, &options).unwrap();
        let (status, answer) = create_policy(&policy.text);
        assert_eq!(status, 200, "{answer}\n{}", policy.text);
        let broken = policy.text.replacen("\"Allow\"", "\"Perhaps\"", 1);
        let (status, answer) = create_policy(&broken);
        assert_eq!(status, 400, "a policy that is none is refused: {answer}");
    }
}
