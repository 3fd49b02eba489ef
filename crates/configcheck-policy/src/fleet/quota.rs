//! What managers allow by default, as their own pages say.

use configcheck_core::SecretRef;

/// When the pages were read.
pub const READ: &str = "November 2026";

/// How many calls a manager answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quota {
    /// So many calls …
    pub calls: u64,
    /// … in so many seconds.
    pub seconds: u64,
    /// And so many a day, where that is limited too.
    pub per_day: Option<u64>,
    /// What the limit is of, in words.
    pub of: &'static str,
}

impl Quota {
    const fn new(calls: u64, seconds: u64, of: &'static str) -> Self {
        Self { calls, seconds, per_day: None, of }
    }

    /// The calls in a second.
    #[expect(clippy::cast_precision_loss, reason = "quotas are far below 2^52")]
    pub fn per_second(self) -> f64 {
        self.calls as f64 / self.seconds as f64
    }
}

/// A manager and its limits.
pub(super) struct Manager {
    pub(super) name: &'static str,
    schemes: &'static [&'static str],
    /// The call for one secret.
    pub(super) single: (&'static str, Option<Quota>),
    /// The call for several.
    pub(super) batched: Option<(&'static str, Option<Quota>)>,
    /// How many secrets one request may ask for.
    pub(super) batch: usize,
    /// What the quota counts together.
    pub(super) scope: fn(&SecretRef) -> String,
    pub(super) advice: &'static str,
}

/// Parameter Store counts all its reads together.
const PARAMETERS: (&str, Option<Quota>) =
    ("GetParameters", Some(Quota::new(40, 1, "GetParameter, GetParameters and GetParametersByPath together")));

const MANAGERS: &[Manager] = &[
    Manager {
        name: "AWS Secrets Manager",
        schemes: &["aws-sm", "arn:aws:secretsmanager"],
        single: ("GetSecretValue", Some(Quota::new(10_000, 1, "an account and region"))),
        batched: Some(("BatchGetSecretValue", Some(Quota::new(100, 1, "an account and region, and not adjustable")))),
        batch: 20,
        scope: aws_scope,
        advice: "put the fields of a service into one JSON secret; when batches are throttled they are read one by one",
    },
    Manager {
        name: "AWS Parameter Store",
        schemes: &["aws-ssm", "arn:aws:ssm"],
        single: PARAMETERS,
        batched: Some(PARAMETERS),
        batch: 10,
        scope: aws_scope,
        advice: "turn on the higher throughput of Parameter Store, or put the values into one secret of Secrets Manager",
    },
    Manager {
        name: "Google Secret Manager",
        schemes: &["gcp-sm", "sm"],
        single: ("AccessSecretVersion", Some(Quota::new(90_000, 60, "a project"))),
        batched: None,
        batch: 1,
        scope: |reference| after(reference.path(), "projects/").map_or_else(|| first(reference), |project| format!("project {project}")),
        advice: "put the fields of a service into one JSON secret, or ask for a higher quota",
    },
    Manager {
        name: "Azure Key Vault",
        schemes: &["azure-kv"],
        single: ("GET secret", Some(Quota::new(4_000, 10, "a vault"))),
        batched: None,
        batch: 1,
        scope: |reference| format!("vault {}", first(reference)),
        advice: "put the fields of a service into one JSON secret, or spread services over vaults",
    },
    Manager {
        name: "1Password",
        schemes: &["op"],
        single: ("read", Some(Quota { per_day: Some(50_000), ..Quota::new(10_000, 3_600, "a service account of 1Password Business") })),
        batched: None,
        batch: 1,
        scope: |_| String::new(),
        advice: "run 1Password Connect beside the service, which has no such limit; Teams and Families allow 1,000 an hour",
    },
    Manager {
        name: "Vault",
        schemes: &["vault", "bao"],
        single: ("read", None),
        batched: None,
        batch: 1,
        scope: |_| String::new(),
        advice: "an operator's rate limit counts by address, so that replicas behind one NAT share it",
    },
    Manager { name: "etcd", schemes: &["etcd"], single: ("range", None), batched: None, batch: 1, scope: |_| String::new(), advice: "" },
    Manager {
        name: "Kubernetes",
        schemes: &["k8s"],
        single: ("GET secret", None),
        batched: None,
        batch: 1,
        scope: |_| String::new(),
        advice: "the API server queues by priority and fairness; a mounted Secret costs it nothing at the start",
    },
    Manager {
        name: "Doppler",
        schemes: &["doppler"],
        single: ("download", None),
        batched: None,
        batch: 1,
        scope: |_| String::new(),
        advice: "its limit depends on the plan and is not known here",
    },
    Manager {
        name: "Infisical",
        schemes: &["infisical"],
        single: ("read", None),
        batched: None,
        batch: 1,
        scope: |_| String::new(),
        advice: "its limit depends on the plan and is not known here",
    },
];

/// The manager that a reference leads to; `None` for files.
pub(super) fn manager(reference: &SecretRef) -> Option<&'static Manager> {
    MANAGERS.iter().find(|manager| manager.schemes.contains(&reference.scheme()))
}

/// The account and the region, as far as the reference says them.
fn aws_scope(reference: &SecretRef) -> String {
    let text = if reference.scheme().starts_with("arn:") {
        format!("{}:{}", reference.scheme(), reference.path())
    } else {
        reference.path().to_owned()
    };
    let parts: Vec<&str> = text.split(':').collect();
    match (parts.as_slice(), reference.option("region")) {
        (["arn", _, _, region, account, ..], _) => format!("account {account}, {region}"),
        (_, Some(region)) => region.to_owned(),
        _ => String::new(),
    }
}

fn after<'t>(text: &'t str, start: &str) -> Option<&'t str> {
    text.split_once(start)?.1.split('/').next()
}

fn first(reference: &SecretRef) -> String {
    reference.path().split('/').next().unwrap_or_default().to_owned()
}
