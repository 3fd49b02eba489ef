//! What a policy of AWS says, that it means exactly that, and what a comparison finds.
//!
//! Exactness is judged by an evaluator of the documented rules below: an allow whose action, resource and conditions fit, and no deny. That
//! AWS itself judges alike is not proven here.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use configcheck_core::SecretRef;
use serde_json::{Value, json};

use super::*;

const KEY: &str = "arn:aws:kms:eu-west-1:123456789012:key/11112222-3333-4444-5555-666677778888";

fn needs(references: &[(&str, &str)]) -> Needs {
    let mut needs = Needs::default();
    for (variable, text) in references {
        needs.add(&SecretRef::parse(text).unwrap().unwrap(), variable);
    }
    needs
}

fn options() -> Options {
    Options { region: Some("eu-west-1".to_owned()), account: Some("123456789012".to_owned()), ..Options::default() }
}

fn written(references: &[(&str, &str)], options: &Options) -> Value {
    serde_json::from_str(&policy(&needs(references), options).unwrap().text).unwrap()
}

/// A request, as the evaluator sees it.
struct Request<'a> {
    action: &'a str,
    resource: &'a str,
    context: &'a [(&'a str, &'a str)],
}

fn words(value: &Value) -> Vec<&str> {
    value.as_array().map_or_else(|| vec![value.as_str().unwrap()], |list| list.iter().map(|word| word.as_str().unwrap()).collect())
}

/// The pattern language of IAM: `*` is any text, `?` one character.
fn like(pattern: &str, text: &str) -> bool {
    match pattern.chars().next() {
        None => text.is_empty(),
        Some('*') => (0..=text.len()).any(|at| text.is_char_boundary(at) && like(&pattern[1..], &text[at..])),
        Some(first) => {
            text.chars().next().is_some_and(|c| (first == '?' || first == c) && like(&pattern[first.len_utf8()..], &text[c.len_utf8()..]))
        }
    }
}

fn allows(policy: &Value, request: &Request<'_>) -> bool {
    assert_eq!(policy["Version"], "2012-10-17");
    policy["Statement"].as_array().unwrap().iter().any(|statement| {
        assert_eq!(statement["Effect"], "Allow");
        let fulfils = |(operator, keys): (&String, &Value)| {
            assert_eq!(operator, "StringLike");
            keys.as_object().unwrap().iter().all(|(key, values)| {
                let has = request.context.iter().find(|(name, _)| name == key);
                has.is_some_and(|(_, value)| words(values).iter().any(|pattern| like(pattern, value)))
            })
        };
        words(&statement["Action"]).contains(&request.action)
            && words(&statement["Resource"]).iter().any(|pattern| like(pattern, request.resource))
            && statement.get("Condition").is_none_or(|condition| condition.as_object().unwrap().iter().all(fulfils))
    })
}

fn secret(name: &str) -> String {
    format!("arn:aws:secretsmanager:eu-west-1:123456789012:secret:{name}")
}

fn parameter(name: &str) -> String {
    format!("arn:aws:ssm:eu-west-1:123456789012:parameter/{name}")
}

const SHOP: [(&str, &str); 5] = [
    ("JWT_SECRET", "aws-sm:checkout/production#jwt"),
    ("STRIPE_KEY", "aws-sm:checkout/production#stripe"),
    ("SMTP", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:mail-AbC123"),
    ("RATES", "aws-ssm:/checkout/rates"),
    ("FLAGS", "aws-ssm:/checkout/flags/"),
];

#[test]
fn everything_declared_is_allowed_and_its_neighbours_are_not() {
    let options = Options { keys: Keys::parse(&[KEY.to_owned()]).unwrap(), ..options() };
    let policy = written(&SHOP, &options);
    let can = |action: &str, resource: &str| allows(&policy, &Request { action, resource, context: &[] });
    for allowed in ["checkout/production-Zz9aB1", "mail-AbC123"] {
        assert!(can("secretsmanager:GetSecretValue", &secret(allowed)), "{allowed}");
        for action in ["DescribeSecret", "PutSecretValue", "DeleteSecret", "ListSecretVersionIds"] {
            assert!(!can(&format!("secretsmanager:{action}"), &secret(allowed)), "{action}");
        }
    }
    for neighbour in [
        "checkout/production",
        "checkout/production-2-Zz9aB1",
        "checkout/production/x-Zz9aB1",
        "checkout/staging-Zz9aB1",
        "mail-AbC124",
        "mail",
    ] {
        assert!(!can("secretsmanager:GetSecretValue", &secret(neighbour)), "{neighbour}");
    }
    assert!(!can("secretsmanager:GetSecretValue", &secret("mail-AbC123").replace("eu-west-1", "us-east-1")));
    assert!(can("secretsmanager:BatchGetSecretValue", "*"));
    assert!(!can("secretsmanager:ListSecrets", "*"));
    assert!(can("ssm:GetParameters", &parameter("checkout/rates")));
    assert!(can("ssm:GetParametersByPath", &parameter("checkout/flags")));
    for (action, name) in [
        ("GetParameters", "checkout/flags"),
        ("GetParameters", "checkout/rates/x"),
        ("GetParametersByPath", "checkout"),
        ("GetParametersByPath", "checkout/rates"),
        ("GetParameterHistory", "checkout/rates"),
    ] {
        assert!(!can(&format!("ssm:{action}"), &parameter(name)), "{action} {name}");
    }
}

#[test]
fn keys_decrypt_only_for_these_secrets_and_through_their_service() {
    let options = Options { keys: Keys::parse(&[KEY.to_owned()]).unwrap(), ..options() };
    let policy = written(&SHOP, &options);
    let can = |key: &str, via: &str, context: &str, arn: &str| {
        let context = [("kms:ViaService", via), (context, arn)];
        allows(&policy, &Request { action: "kms:Decrypt", resource: key, context: &context })
    };
    let (manager, store) = ("secretsmanager.eu-west-1.amazonaws.com", "ssm.eu-west-1.amazonaws.com");
    let (of_secret, of_parameter) = ("kms:EncryptionContext:SecretARN", "kms:EncryptionContext:PARAMETER_ARN");
    assert!(can(KEY, manager, of_secret, &secret("mail-AbC123")));
    assert!(can(KEY, store, of_parameter, &parameter("checkout/rates")));
    assert!(can(KEY, store, of_parameter, &parameter("checkout/flags/new")));
    assert!(!can(KEY, manager, of_secret, &secret("other-AbC123")));
    assert!(!can(KEY, store, of_secret, &secret("mail-AbC123")));
    assert!(!can(KEY, "s3.eu-west-1.amazonaws.com", of_secret, &secret("mail-AbC123")));
    assert!(!can(KEY, store, of_parameter, &parameter("checkout/other")));
    assert!(!can(&KEY.replace("8888", "8889"), manager, of_secret, &secret("mail-AbC123")));
    assert!(!allows(&policy, &Request { action: "kms:Decrypt", resource: KEY, context: &[] }), "without the service nothing is decrypted");
}

#[test]
fn the_document_is_stable_and_has_only_what_is_needed() {
    let one = policy(&needs(&[("A", "aws-sm:a#k")]), &Options { keys: Keys::None, ..options() }).unwrap();
    let expected = "\
{
  \"Version\": \"2012-10-17\",
  \"Statement\": [
    {
      \"Sid\": \"ReadSecrets\",
      \"Effect\": \"Allow\",
      \"Action\": [\"secretsmanager:GetSecretValue\"],
      \"Resource\": [\"arn:aws:secretsmanager:eu-west-1:123456789012:secret:a-??????\"]
    }
  ]
}
";
    assert_eq!(one.text, expected);
    let sids = |references: &[(&str, &str)], options: &Options| -> Vec<String> {
        let policy = written(references, options);
        policy["Statement"].as_array().unwrap().iter().map(|statement| statement["Sid"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        sids(&SHOP, &Options { doctor: true, ..options() }),
        [
            "ReadSecrets",
            "ReadSecretsInBatches",
            "DescribeSecrets",
            "ReadParameters",
            "ReadParametersByPath",
            "DecryptSecrets",
            "DecryptParameters"
        ]
    );
    let regions = [("A", "aws-sm:a?region=eu-west-1"), ("B", "aws-sm:a?region=us-east-1")];
    assert_eq!(sids(&regions, &options()), ["ReadSecrets", "DecryptSecretsEuWest1", "DecryptSecretsUsEast1"]);
    let pinned = [("A", "aws-sm:a?stage=AWSPREVIOUS"), ("B", "aws-sm:b")];
    assert!(!sids(&pinned, &options()).contains(&"ReadSecretsInBatches".to_owned()), "what is pinned is in no batch");
}

#[test]
fn a_role_has_a_policy_of_its_own() {
    const ROLE: &str = "arn:aws:iam::210987654321:role/shared-secrets";
    let remote = format!("arn:aws:secretsmanager:eu-west-1:210987654321:secret:shared-AbC123?role_arn={ROLE}");
    let references = [("A", "aws-sm:a"), ("B", remote.as_str())];
    let own = written(&references, &options());
    let can = |policy: &Value, action: &str, resource: &str| allows(policy, &Request { action, resource, context: &[] });
    assert!(can(&own, "sts:AssumeRole", ROLE));
    assert!(!can(&own, "sts:AssumeRole", "arn:aws:iam::210987654321:role/other"));
    let shared = "arn:aws:secretsmanager:eu-west-1:210987654321:secret:shared-AbC123";
    assert!(!can(&own, "secretsmanager:GetSecretValue", shared), "the role reads it, not the service");
    let of_role = written(&references, &Options { role: Some(ROLE.to_owned()), ..options() });
    assert!(can(&of_role, "secretsmanager:GetSecretValue", shared));
    assert!(!can(&of_role, "secretsmanager:GetSecretValue", &secret("a-AbC123")) && !can(&of_role, "sts:AssumeRole", ROLE));
    let notes = policy(&needs(&references), &options()).unwrap().notes;
    assert!(notes.iter().any(|note| note.contains(&format!("--role {ROLE}"))), "{notes:?}");
}

#[test]
fn what_is_not_known_exactly_is_refused() {
    let problems = policy(&needs(&[("A", "aws-sm:a"), ("B", "aws-ssm:/b")]), &Options::default()).unwrap_err();
    assert_eq!(problems.0.len(), 1, "{problems}");
    assert_eq!(problems.0[0].variables, ["A", "B"]);
    assert!(problems.0[0].help.contains("--account 123456789012 --region eu-west-1"));
    for hostile in
        ["aws-sm:a*", "aws-sm:a${aws:username}", "aws-sm:a\"b", "aws-ssm:/a/*", "aws-ssm:/a\"]}", "aws-sm:a b", "aws-sm:a?role_arn=*"]
    {
        let Some(Ok(reference)) = SecretRef::parse(hostile) else { continue };
        let mut needs = Needs::default();
        needs.add(&reference, "KEY");
        assert!(policy(&needs, &options()).is_err(), "{hostile}");
    }
    for (region, account) in
        [("eu-west-1\"", "123456789012"), ("eu-west-1", "1234"), ("eu-*", "123456789012"), ("eu-west-1", "12345678901*")]
    {
        let options = Options { region: Some(region.to_owned()), account: Some(account.to_owned()), ..Options::default() };
        assert!(policy(&needs(&[("A", "aws-sm:a")]), &options).is_err(), "{region} {account}");
    }
    let any = Options { region: Some("*".to_owned()), account: Some("*".to_owned()), ..Options::default() };
    assert!(policy(&needs(&[("A", "aws-sm:a")]), &any).unwrap().text.contains("arn:aws:secretsmanager:*:*:secret:a-??????"));
    for bad in ["arn:aws:kms:eu-west-1:123456789012:key/*", "arn:aws:kms:eu-west-1:123456789012:alias/a", "key", "arn:aws:s3:::b", "none"] {
        assert!(Keys::parse(&[bad.to_owned(), KEY.to_owned()]).is_err(), "{bad}");
    }
    assert!(policy(&needs(&[("A", "vault:secret/data/a#k")]), &options()).unwrap_err().0[0].help.contains("1 to vault"));
}

#[track_caller]
fn drift(in_use: &Value) -> Drift {
    let needs = needs(&[("A", "aws-sm:a"), ("B", "aws-sm:b")]);
    compare(&needs, &options(), &in_use.to_string()).unwrap().unwrap()
}

#[test]
fn names_grouping_and_keys_are_no_drift() {
    let same = json!({"Statement": [
        {"Effect": "Allow", "Action": "secretsmanager:getsecretvalue", "Resource": secret("a-??????")},
        {"Sid": "x", "Effect": "Allow", "Action": ["secretsmanager:GetSecretValue"], "Resource": [secret("b-??????")]},
        {"Effect": "Allow", "Action": "secretsmanager:BatchGetSecretValue", "Resource": "*"},
        {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": KEY},
    ]});
    assert_eq!(drift(&same), Drift::default());
    let own = policy(&needs(&SHOP), &options()).unwrap().text;
    assert_eq!(compare(&needs(&SHOP), &options(), &own).unwrap().unwrap(), Drift::default());
}

#[test]
fn what_is_missing_and_what_is_too_much() {
    let wide = json!({"Statement": {"Effect": "Allow", "Action": "secretsmanager:*", "Resource": "*"}});
    assert_eq!((drift(&wide).missing, drift(&wide).extra), (vec![], vec!["secretsmanager:* on *".to_owned()]));
    let exact = json!({"Statement": [
        {"Effect": "Allow", "Action": ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"], "Resource": secret("a-??????")},
        {"Effect": "Allow", "Action": "secretsmanager:BatchGetSecretValue", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}},
        {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"},
    ]});
    let found = drift(&exact);
    assert_eq!(
        found.missing,
        ["secretsmanager:BatchGetSecretValue on *".to_owned(), format!("secretsmanager:GetSecretValue on {}", secret("b-??????"))],
        "a statement under a condition may not allow it"
    );
    assert_eq!(found.extra, ["kms:Decrypt on *".to_owned(), format!("secretsmanager:PutSecretValue on {}", secret("a-??????"))]);
    let denied = json!({"Statement": [
        {"Effect": "Allow", "Action": ["secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue"], "Resource": "*"},
        {"Effect": "Deny", "Action": "*", "Resource": secret("b-*")},
    ]});
    assert_eq!(drift(&denied).missing, [format!("secretsmanager:GetSecretValue on {}, which a statement denies", secret("b-??????"))]);
    let keyed = Options { keys: Keys::parse(&[KEY.to_owned()]).unwrap(), ..options() };
    let other = policy(&needs(&SHOP), &Options { keys: Keys::None, ..options() }).unwrap().text;
    let found = compare(&needs(&SHOP), &keyed, &other).unwrap().unwrap();
    assert!(found.missing.iter().all(|line| line.starts_with("kms:Decrypt on ") && line.ends_with(" under conditions")), "{found:?}");
    assert!(!found.missing.is_empty() && found.extra.is_empty());
}

#[test]
fn what_is_no_policy_is_told() {
    for (text, line) in [
        ("{\n\n", 3),
        ("{}", 0),
        ("{\"Statement\": [{}]}", 0),
        ("{\"Statement\": {\"Effect\": \"Allow\", \"NotAction\": \"a\", \"Resource\": \"*\"}}", 0),
    ] {
        let unread = compare(&needs(&[("A", "aws-sm:a")]), &options(), text).unwrap().unwrap_err();
        assert_eq!(unread.line, line, "{text} {unread}");
    }
}
