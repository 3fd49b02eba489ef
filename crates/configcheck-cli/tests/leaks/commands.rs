//! The commands with their formats, and which inputs each of them reads.

/// An input in which a secret may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// Env files.
    EnvFiles,
    /// configcheck.toml.
    Settings,
    /// The schema.
    Schema,
    /// The .env.example.
    Example,
    /// The baseline.
    Baseline,
    /// Standard input.
    Stdin,
    /// The environment of the process.
    Process,
    /// The environment of the process, where a reader puts it into the values of env files.
    Expanded,
    /// A page that people write.
    Page,
    /// What a service prints.
    Service,
}

use Input::{Baseline, EnvFiles, Example, Expanded, Page, Process, Schema, Service, Settings, Stdin};

/// One command line.
pub(crate) struct Invocation {
    pub(crate) arguments: Vec<&'static str>,
    /// What it reads.
    pub(crate) reads: &'static [Input],
    /// Whether it runs with every shape, and not with one of them for each place.
    pub(crate) with_every_shape: bool,
    /// Files that are the reader's own and keep their text.
    pub(crate) keeps: &'static [&'static str],
}

impl Invocation {
    pub(crate) fn name(&self) -> String {
        self.arguments.join(" ")
    }

    /// Whether it names the keys of sound lines of an input: a comparison those of env files, and everything those of an example that is
    /// its schema or what it writes to.
    pub(crate) fn names_keys_of(&self, input: Input) -> bool {
        match input {
            EnvFiles | Stdin => self.arguments[0] == "diff",
            Schema => true,
            Example => self.arguments.contains(&".env.example") || matches!(self.arguments[0], "init" | "example"),
            _ => false,
        }
    }
}

fn invocation(arguments: &'static str, reads: &'static [Input]) -> Invocation {
    let arguments: Vec<&str> = arguments.split(' ').collect();
    Invocation { arguments, reads, with_every_shape: false, keeps: &[] }
}

/// Every format in one run.
const ALL_FORMATS: &str = "check -v --format text --format concise --output o.concise --format json --output o.json --format sarif --output \
                           o.sarif --format github --output o.github --format gitlab --output o.gitlab --format junit --output o.xml \
                           --format rdjson --output o.rdjson";

/// Where the rules run.
const CHECKED: &[Input] = &[EnvFiles, Settings, Schema, Example];

/// What is made of a schema.
const MADE: &[Input] = &[Schema, Settings];

/// Checks of env files, in every format, by every reader, with every source.
fn checks() -> Vec<Invocation> {
    let mut all = vec![
        Invocation { with_every_shape: true, ..invocation(ALL_FORMATS, CHECKED) },
        invocation("check --color always", &[EnvFiles]),
        invocation("check --color always -v --env staging,production", &[EnvFiles]),
        invocation("check --env staging,production --format json", &[EnvFiles]),
        invocation("check . --strict --format sarif", &[EnvFiles]),
        invocation("check --env staging --format github", &[EnvFiles]),
        invocation("check --write-baseline written.json", &[EnvFiles, Schema]),
        Invocation { with_every_shape: true, ..invocation("check --baseline baseline.json -v", &[Baseline]) },
        invocation("check --baseline baseline.json --format json", &[Baseline, EnvFiles]),
        invocation("check .env .env.staging --no-ignores --format concise", &[EnvFiles]),
        invocation("check --schema .env.example -v", &[Example, EnvFiles]),
        invocation("check --schema .env.example --format json", &[Example, EnvFiles]),
        invocation("check --no-config --schema config.schema.json --format junit", &[Schema, EnvFiles]),
        Invocation { with_every_shape: true, ..invocation("check - -v", &[Stdin]) },
        invocation("check - --format json", &[Stdin]),
        invocation("check .env --schema - --format json", &[Stdin]),
        Invocation { with_every_shape: true, ..invocation("check --from dotenv:.env --from env -v", &[Process]) },
        invocation("check --from env --format sarif", &[Process]),
        invocation("check --from env --env production --format gitlab", &[Process]),
    ];
    let dialects = [
        "check -v --dialect posix-sh",
        "check -v --dialect docker-run",
        "check -v --dialect compose",
        "check -v --dialect node",
        "check -v --dialect python",
        "check -v --dialect ruby",
        "check -v --dialect dotenvy",
        "check -v --dialect systemd",
        "check -v --dialect kubectl",
    ];
    all.extend(dialects.map(|line| invocation(line, &[EnvFiles])));
    all
}

/// What compares, explains and starts.
fn readers_of_env_files() -> Vec<Invocation> {
    let diff = |line| invocation(line, &[EnvFiles, Settings, Schema]);
    vec![
        diff("diff staging production"),
        diff("diff .env .env.staging --format json"),
        diff("diff .env .env.production --keys-only"),
        diff("diff .env.staging .env --show-types --color always"),
        invocation("diff - .env", &[Stdin]),
        invocation("explain PORT --dialect compose", &[EnvFiles]),
        invocation("explain PLAIN --dialect python --format json", &[EnvFiles]),
        invocation("explain PLAIN_URL --dialect ruby", &[EnvFiles]),
        invocation("explain LEVEL --dialect dotenvy", &[EnvFiles]),
        invocation("explain PORT --dialect posix-sh --format json", &[EnvFiles]),
        invocation("run --dialect compose -- true", &[EnvFiles]),
        invocation("run --dialect python -- true", &[EnvFiles]),
        invocation("run --dialect ruby -- true", &[EnvFiles]),
        invocation("run --dialect dotenvy -- true", &[EnvFiles]),
        invocation("run --dialect posix-sh -- true", &[EnvFiles]),
        invocation("explain API_KEY", CHECKED),
        invocation("explain HIDDEN -v --color always", &[EnvFiles]),
        invocation("explain PLAIN_URL --env staging,production --format json", &[EnvFiles]),
        invocation("explain LONG_KEY --format json", &[EnvFiles, Schema]),
        invocation("explain SECRET_LIST", &[EnvFiles]),
        invocation("explain APP_ENV --format json", &[EnvFiles]),
        invocation("explain API_KEY --from dotenv:.env --from env", &[Process]),
        invocation("explain API_KEY --from env --format json", &[Process]),
        invocation("explain API_KEY --schema .env.example", &[Example, EnvFiles]),
        invocation("breaking --against .env.example --env staging,production", &[EnvFiles, Settings, Schema, Example]),
        invocation("breaking --against config.schema.json --schema .env.example .env --format json", &[EnvFiles, Schema, Example]),
        invocation("breaking --against .env.example .env --format github", &[EnvFiles, Schema, Example]),
        invocation("breaking --against config.schema.json --allow page.md --color always", &[Page, Schema]),
        invocation("breaking --against .env.example --from dotenv:.env --from env --format json", &[Process]),
        invocation("check --env staging,production --replicas 100", &[EnvFiles, Schema]),
        invocation("check --env staging --replicas 100 --format json", &[EnvFiles]),
        invocation("explain API_KEY --ask --color always", &[EnvFiles, Schema]),
        invocation("doctor --deadline 2s", &[EnvFiles, Settings, Schema, Process]),
        invocation("doctor --env staging --deadline 2s --format json", &[EnvFiles, Schema, Process]),
        invocation("policy vault --env production", &[EnvFiles, Settings, Schema]),
        invocation("policy iam --env staging --account 123456789012 --region eu-west-1", &[EnvFiles, Schema, Process]),
        invocation("policy k8s-rbac --file .env --reference k8s:shop/a", &[EnvFiles, Schema]),
        invocation("policy vault --reference vault:kv/a --env staging --check page.md", &[Page]),
        invocation("run -- true", &[EnvFiles, Settings, Schema, Process]),
        invocation("run --env staging --clean --defaults -- true", &[EnvFiles, Schema, Process]),
        invocation("run --no-check -- true", &[EnvFiles, Process]),
        invocation("run --file .env --schema .env.example -- ./missing", &[EnvFiles, Example, Process]),
    ]
}

/// What reads env files as another reader does, below the environment of the process.
fn expanders() -> Vec<Invocation> {
    let lines = [
        "check -v --from dotenv:.env --from env --dialect compose",
        "check --from dotenv:.env --from env --dialect posix-sh --format json",
        "check --from dotenv:.env --from env --dialect python --format sarif",
        "check --from dotenv:.env --from env --dialect ruby --color always",
        "check --from dotenv:.env --from env --dialect dotenvy --format github",
        "explain PORT --from dotenv:.env --from env --dialect compose",
        "explain LEVEL --from dotenv:.env --from env --dialect posix-sh --format json",
        "explain API_KEY --from dotenv:.env --from env --dialect python",
        "explain LONG_KEY --from dotenv:.env --from env --dialect ruby --format json",
        "explain SECRET_URL --from dotenv:.env --from env --dialect dotenvy",
        "run --dialect compose -- true",
        "run --dialect posix-sh -- true",
        "run --dialect python -- true",
        "run --dialect ruby -- true",
        "run --dialect dotenvy -- true",
        "doctor --deadline 2s --dialect compose",
        "doctor --deadline 2s --dialect posix-sh --format json",
    ];
    let mut all = Vec::from(lines.map(|line| Invocation { with_every_shape: true, ..invocation(line, &[Expanded]) }));
    // Nothing is judged against a schema here; what a child is given is not shown.
    all.push(invocation("run --no-check --dialect compose -- true", &[Expanded]));
    all
}

/// What makes files of a schema or an example.
fn makers() -> Vec<Invocation> {
    let mut all = vec![
        invocation("example", MADE),
        invocation("example --check", &[Schema, Example]),
        Invocation { keeps: &[".env.example"], ..invocation("example --merge", &[Schema, Example]) },
        invocation("example --schema .env.example --out made.example", &[Example]),
        invocation("docs --out reference.md --pages pages", MADE),
        invocation("docs --schema .env.example --pages pages", &[Example]),
        Invocation { keeps: &["page.md"], ..invocation("docs --inject page.md", &[Schema, Page]) },
        invocation("docs --inject page.md --check", &[Page]),
        invocation("schema", MADE),
        invocation("schema --as json-schema", MADE),
        invocation("schema --schema .env.example", &[Example]),
        invocation("schema --schema .env.example --as json-schema", &[Example]),
        invocation("schema --out committed.json --check", &[Schema]),
        invocation("breaking --against committed.json", MADE),
        invocation("breaking --against .env.example --env staging --format json", &[Schema, Example, EnvFiles]),
        invocation("breaking --against config.schema.json --schema .env.example --format github", &[Schema, Example]),
        invocation("breaking --against .env.example --allow service.txt .env", &[Service, EnvFiles]),
        Invocation { with_every_shape: true, ..invocation("schema --bin sh -- service.sh", &[Service]) },
        invocation("init --out -", &[Example]),
        invocation("init --as schema --out -", &[Example]),
        invocation("init --yes --force", &[Example]),
        invocation("init --from-env-example config.schema.json", &[Schema]),
    ];
    // What reads none of it still runs beside it.
    all.extend(["rules --format json", "rule unknown-key", "completions bash", "man", "--help"].map(|line| invocation(line, &[Process])));
    all
}

/// Every command line.
pub(crate) fn all() -> Vec<Invocation> {
    let mut all = checks();
    all.extend(readers_of_env_files());
    all.extend(expanders());
    all.extend(makers());
    all
}
