//! What is sent is signed as AWS wants it: moto is told to let nobody in without, and looks with the signing code of AWS's own Python library.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use configcheck_core::provider::OutcomeKind;
use configcheck_test_servers::Moto;

use crate::server::{connect, fetch, text, wait};

/// Asks moto for something in IAM, or for something of its own.
fn post(moto: &Moto, path: &str, body: &str) -> String {
    let address = moto.endpoint().strip_prefix("http://").unwrap();
    let kind = if path == "/" { "application/x-www-form-urlencoded" } else { "text/plain" };
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\
         authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=x\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    answer
}

fn between<'a>(text: &'a str, tag: &str) -> &'a str {
    text.split(&format!("<{tag}>")).nth(1).unwrap().split('<').next().unwrap()
}

#[test]
fn every_call_is_signed_as_aws_wants_it() {
    const ALL: &str = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D";
    let moto = Moto::start();
    for name in ["one", "two", "with+strange=name@x!y"] {
        moto.write(
            "secretsmanager.CreateSecret",
            &serde_json::json!({ "Name": name, "SecretString": format!("hunter2-fake {name}") }).to_string(),
        );
    }
    moto.write("AmazonSSM.PutParameter", r#"{"Name":"/shop/db","Type":"SecureString","Value":"hunter2-fake parameter"}"#);
    let iam = |action: &str| post(&moto, "/", &format!("{action}&Version=2010-05-08"));
    iam("Action=CreateUser&UserName=ci");
    let keys = iam("Action=CreateAccessKey&UserName=ci");
    let (id, secret) = (between(&keys, "AccessKeyId").to_owned(), between(&keys, "SecretAccessKey").to_owned());
    iam(&format!("Action=PutUserPolicy&UserName=ci&PolicyName=all&PolicyDocument={ALL}"));
    post(&moto, "/moto-api/reset-auth", "0");

    let settings = |secret: &str| {
        vec![
            ("AWS_ENDPOINT_URL", moto.endpoint().to_owned()),
            ("AWS_REGION", Moto::REGION.to_owned()),
            ("AWS_ACCESS_KEY_ID", id.clone()),
            ("AWS_SECRET_ACCESS_KEY", secret.to_owned()),
        ]
    };
    let texts = ["aws-sm:one", "aws-sm:two", "aws-sm:with+strange=name@x!y", "aws-ssm:/shop/db"];
    let session = connect(&settings(&secret)).unwrap();
    let found: Vec<String> = fetch(&session, &texts).iter().map(text).collect();
    assert_eq!(found, ["hunter2-fake one", "hunter2-fake two", "hunter2-fake with+strange=name@x!y", "hunter2-fake parameter"]);
    assert_eq!(fetch(&session, &["aws-ssm:/shop/"])[0].kind(), OutcomeKind::Found);
    assert_eq!(wait(session.identity()).unwrap().name, "arn:aws:iam::123456789012:user/ci");
    // Somebody with another key gets nothing: moto does look.
    let stranger = connect(&settings("not-the-secret-key-of-this-user")).unwrap();
    assert!(fetch(&stranger, &texts).iter().all(|outcome| matches!(outcome.kind(), OutcomeKind::AuthFailed | OutcomeKind::Denied)));
}
