//! The arithmetic, against the numbers of the managers' pages.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;

fn needs(texts: impl IntoIterator<Item = String>) -> Needs {
    let mut needs = Needs::default();
    for (at, text) in texts.into_iter().enumerate() {
        needs.add(&SecretRef::parse(&text).unwrap().unwrap(), &format!("KEY_{at}"));
    }
    needs
}

fn fleet(texts: impl IntoIterator<Item = String>) -> Vec<Cost> {
    costs(&needs(texts), 3_000, &|_, _| None)
}

fn of(prefix: &str) -> Cost {
    let mut costs = fleet((0..15).map(|at| format!("{prefix}{at}")));
    assert_eq!(costs.len(), 1, "{costs:?}");
    costs.remove(0)
}

#[test]
fn three_thousand_replicas_with_fifteen_secrets() {
    let secrets = of("aws-sm:checkout/");
    assert_eq!(secrets.requests.len(), 1);
    let batched = &secrets.requests[0];
    assert_eq!((batched.call, batched.per_start, batched.total, batched.seconds), ("BatchGetSecretValue", 1, 3_000, Some(30.0)));
    let singles = batched.singles.as_deref().unwrap();
    assert_eq!((singles.call, singles.per_start, singles.total, singles.seconds), ("GetSecretValue", 15, 45_000, Some(4.5)));

    let parameters = of("aws-ssm:/checkout/");
    assert_eq!(parameters.requests.len(), 1);
    assert_eq!((parameters.requests[0].per_start, parameters.requests[0].total, parameters.seconds()), (2, 6_000, Some(150.0)));

    let google = of("gcp-sm:projects/shop/secrets/");
    assert_eq!((google.requests[0].total, google.seconds(), &*google.scope), (45_000, Some(30.0), "project shop"));
    let azure = of("azure-kv:shop/");
    assert_eq!((azure.seconds(), &*azure.scope), (Some(112.5), "vault shop"));
    let password = fleet((0..15).map(|at| format!("op://shop/checkout{at}/password"))).remove(0);
    assert_eq!((password.seconds(), password.requests[0].part_of_day), (Some(16_200.0), Some(0.9)));
    let vault = of("vault:secret/data/checkout/");
    assert_eq!((vault.requests[0].total, vault.seconds(), vault.requests[0].quota), (45_000, None, None));
    assert_eq!(fleet(["age:secrets.age#A".to_owned(), "file:/run/secrets/a".to_owned()]), [], "files cost no manager anything");
}

#[test]
fn what_goes_into_one_request_counts_once() {
    let costs = fleet((0..15).map(|at| format!("vault:secret/data/checkout#key{at}")));
    assert_eq!((costs[0].secrets, costs[0].requests[0].total), (1, 3_000));
    let costs = fleet((0..11).map(|at| format!("aws-ssm:/checkout/{at}")));
    assert_eq!((costs[0].requests.len(), costs[0].requests[0].per_start), (1, 2), "the eleventh parameter is a request of its own");
    let costs = fleet(["aws-sm:only-one".to_owned()]);
    assert_eq!((costs[0].requests[0].call, costs[0].requests[0].total), ("GetSecretValue", 3_000));
}

#[test]
fn the_plan_of_a_provider_counts() {
    let all = needs((0..4).map(|at| format!("aws-sm:checkout/{at}")));
    let pairs = |_: &'static str, references: &[SecretRef]| Some(Batch::chunks(references, 2));
    assert_eq!(costs(&all, 10, &pairs)[0].requests[0].total, 20);
    let singles = |_: &'static str, references: &[SecretRef]| Some(Batch::singles(references));
    let cost = &costs(&all, 10, &singles)[0];
    assert_eq!((cost.requests[0].call, cost.requests[0].total), ("GetSecretValue", 40));
}

#[test]
fn quotas_are_counted_where_they_apply_and_the_tightest_comes_first() {
    let arn = |region: &str, name: &str| format!("arn:aws:ssm:{region}:123456789012:parameter/{name}");
    let costs = fleet([
        arn("eu-west-1", "a"),
        arn("us-east-1", "a"),
        arn("us-east-1", "b"),
        "vault:secret/data/a".to_owned(),
        "aws-sm:a".to_owned(),
    ]);
    let scopes: Vec<(&str, &str)> = costs.iter().map(|cost| (cost.manager, &*cost.scope)).collect();
    assert_eq!(
        scopes,
        [
            ("AWS Parameter Store", "account 123456789012, eu-west-1"),
            ("AWS Parameter Store", "account 123456789012, us-east-1"),
            ("AWS Secrets Manager", ""),
            ("Vault", ""),
        ]
    );
}
