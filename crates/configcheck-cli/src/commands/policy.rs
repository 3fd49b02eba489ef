//! `configcheck policy`: the least that a service must be allowed so that it can read what it declares.

use clap::{ArgMatches, Args, ValueEnum};
use configcheck_core::Schema;
use configcheck_core::display::escaped;
use configcheck_dotenv::Dialect;
use configcheck_loader::References;
use configcheck_policy::{Document, Drift, Needs, Problems, Unread, iam, kubernetes, vault};

use super::{Subcommand, arguments};
use crate::examination::Examiner;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input;
use crate::project::Project;
use crate::references::{self, Scope};
use crate::session::Session;
use crate::targets::{ProcessSources, dialect, of_process};
use crate::write::write;

mod drift;

pub(super) const COMMAND: Subcommand = Subcommand {
    name: "policy",
    about: "Print the policy that lets a service read what it declares, or compare one with it",
    arguments: Arguments::augment_args,
    run,
};

const AFTER_HELP: &str = "\
Examples:
  configcheck policy vault --env production
  configcheck policy iam --env production --account 123456789012 --region eu-west-1
  configcheck policy k8s-rbac --env production --service-account checkout
  configcheck policy vault --env production --check deploy/checkout.hcl

Exit codes: 0 printed, or the policy grants just this, 1 it grants less or more,
2 wrong arguments, configuration or schema, 3 an input could not be read";

#[derive(Args, Debug)]
#[command(about = COMMAND.about, after_help = AFTER_HELP)]
struct Arguments {
    /// The form of the policy
    #[arg(value_enum, value_name = "KIND")]
    kind: Kind,
    /// The environment, such as production [default: what .env says]
    #[arg(short, long, value_name = "NAME")]
    env: Option<String>,
    /// An env file whose references count too [default: the project's of the environment]
    #[arg(short, long, value_name = "FILE")]
    file: Vec<String>,
    /// Read the env files as another tool does: configcheck, posix-sh, docker-run,
    /// compose, node, python, ruby, dotenvy, systemd or kubectl
    #[arg(long, value_name = "DIALECT", value_parser = dialect, verbatim_doc_comment)]
    dialect: Option<Dialect>,
    /// A native schema file, a .env.example, - or git:REV:PATH [default: found in the project]
    #[arg(short, long, value_name = "FILE")]
    schema: Option<String>,
    /// One more reference, such as that of a whole map of secrets
    #[arg(long, value_name = "REFERENCE")]
    reference: Vec<String>,
    /// Allow what `configcheck doctor` asks for, which is more than a start does
    #[arg(long)]
    doctor: bool,
    /// Write the policy to a file
    #[arg(short, long, value_name = "FILE", conflicts_with = "check")]
    output: Option<String>,
    /// Compare a policy that is in use, and say what it lacks and what is too much
    #[arg(long, value_name = "FILE")]
    check: Option<String>,
    /// The account of secrets without an ARN; * for any
    #[arg(long, value_name = "NUMBER", help_heading = "Options of iam")]
    account: Option<String>,
    /// The region of secrets without an ARN; * for any
    #[arg(long, value_name = "NAME", help_heading = "Options of iam")]
    region: Option<String>,
    /// Which AWS: aws, aws-cn or aws-us-gov [default: aws]
    #[arg(long, value_name = "NAME", help_heading = "Options of iam")]
    partition: Option<String>,
    /// The key that encrypts, by ARN; none where AWS manages it; * for any
    #[arg(long, value_name = "ARN", help_heading = "Options of iam")]
    kms_key: Vec<String>,
    /// The role whose policy is written, which some references are read in
    #[arg(long, value_name = "ARN", help_heading = "Options of iam")]
    role: Option<String>,
    /// The namespace: that of the references to Vault, or of the service account
    #[arg(long, value_name = "NAME", help_heading = "Options of vault and k8s-rbac")]
    namespace: Option<String>,
    /// The service account of k8s-rbac [default: the service's name]
    #[arg(long, value_name = "NAME", help_heading = "Options of vault and k8s-rbac")]
    service_account: Option<String>,
}

/// A form of policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// AWS, as JSON
    Iam,
    /// Vault and `OpenBao`, as HCL
    Vault,
    /// Kubernetes, as a Role and its binding in YAML
    K8sRbac,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Iam => "iam",
            Self::Vault => "vault",
            Self::K8sRbac => "k8s-rbac",
        }
    }
}

fn run(matches: &ArgMatches, session: &Session) -> Result<Exit, Failure> {
    let arguments: Arguments = arguments(matches)?;
    arguments.fit()?;
    let project = Project::open(session)?;
    let named = project.find_schema(arguments.schema.as_deref())?;
    if named.is_none() && arguments.reference.is_empty() {
        return Err(Project::no_schema());
    }
    let schema = named.map_or_else(|| Schema::of_keys("", "", &[], Vec::new(), Vec::new()), |named| named.file.schema);
    let needs = declared(&project, &arguments, &schema, session)?;
    let writer = Writer { arguments: &arguments, service: project.file.service.as_deref().unwrap_or(schema.name()), needs: &needs };
    let Some(path) = &arguments.check else {
        let policy = writer.policy()?.map_err(|problems| failure(&problems))?;
        policy.notes.iter().for_each(|note| session.console.message(&format!("note: {}", escaped(note))));
        return match arguments.output.as_deref().filter(|output| *output != "-") {
            Some(output) => write(output, policy.text.as_bytes()).map(|()| Exit::Clean),
            None => session.console.result(&policy.text).map(|()| Exit::Clean),
        };
    };
    let in_use = input::read(path)?;
    let in_use = std::str::from_utf8(&in_use).map_err(|_| Failure::incomplete("the policy is not UTF-8").at(path))?;
    let drift = writer.compare(in_use)?.map_err(|problems| failure(&problems))?;
    let drift = drift.map_err(|unread| {
        let place = if unread.line == 0 { path.clone() } else { format!("{path}:{}", unread.line) };
        Failure::incomplete(unread.message).at(place).help(format!("see that it is a policy of {}", arguments.kind.name()))
    })?;
    session.console.result(&drift::render(path, &drift))?;
    Ok(if drift.is_none() { Exit::Clean } else { Exit::Findings })
}

/// What the schema and the env files of the environment refer to.
fn declared(project: &Project, arguments: &Arguments, schema: &Schema, session: &Session) -> Result<Needs, Failure> {
    let dialect = project.dialect(arguments.dialect);
    let sources = ProcessSources { environment: arguments.env.as_deref(), files: &arguments.file, from: &[], dialect };
    let mut target = of_process(project, &sources, Some(schema), &[])?;
    // A policy is the same wherever it is written: what this process has in its environment decides nothing.
    target.process_environment = false;
    let examiner = Examiner {
        schema,
        policy: &project.file.policy,
        dialect,
        example: None,
        obeys_files: true,
        references: References::Noted,
        tracked: &std::collections::BTreeSet::new(),
        readers: Some(&[]),
    };
    let found = references::of_keys(schema, &examiner.examine(&target).snapshot, Scope::Declared);
    let waiting = references::waiting(&found);
    if !waiting.is_empty() {
        let message = format!("{}: the reference has a place for the environment, which is not known", waiting.join(", "));
        return Err(Failure::usage(message).help("name it: --env production"));
    }
    for key in &found {
        for reason in &key.bad {
            session.console.message(&format!("warning: {}: a reference is left out: {}", escaped(&key.variable), escaped(reason)));
        }
    }
    let mut needs = references::needs(&found);
    for text in &arguments.reference {
        needs.add(&references::parse(text)?, "--reference");
    }
    Ok(needs)
}

/// Writes the policy of the kind that was asked for.
struct Writer<'a> {
    arguments: &'a Arguments,
    service: &'a str,
    needs: &'a Needs,
}

impl Writer<'_> {
    fn policy(&self) -> Result<Result<Document, Problems>, Failure> {
        Ok(match self.arguments.kind {
            Kind::Iam => iam::policy(self.needs, &self.iam()?),
            Kind::Vault => vault::policy(self.needs, &self.vault()),
            Kind::K8sRbac => kubernetes::policy(self.needs, &self.kubernetes()),
        })
    }

    fn compare(&self, in_use: &str) -> Result<Result<Result<Drift, Unread>, Problems>, Failure> {
        Ok(match self.arguments.kind {
            Kind::Iam => iam::compare(self.needs, &self.iam()?, in_use),
            Kind::Vault => vault::compare(self.needs, &self.vault(), in_use),
            Kind::K8sRbac => kubernetes::compare(self.needs, &self.kubernetes(), in_use),
        })
    }

    fn iam(&self) -> Result<iam::Options, Failure> {
        let options = self.arguments;
        let keys = iam::Keys::parse(&options.kms_key);
        let keys = keys.map_err(|problem| Failure::usage(problem.message).at("--kms-key").help(problem.help))?;
        Ok(iam::Options {
            partition: options.partition.clone().unwrap_or_else(|| "aws".to_owned()),
            region: options.region.clone(),
            account: options.account.clone(),
            keys,
            role: options.role.clone(),
            doctor: options.doctor,
        })
    }

    fn vault(&self) -> vault::Options {
        vault::Options { namespace: self.arguments.namespace.clone(), doctor: self.arguments.doctor }
    }

    fn kubernetes(&self) -> kubernetes::Options {
        kubernetes::Options {
            service: self.service.to_owned(),
            namespace: self.arguments.namespace.clone(),
            service_account: self.arguments.service_account.clone(),
        }
    }
}

impl Arguments {
    /// An option that says nothing to this kind of policy is a slip.
    fn fit(&self) -> Result<(), Failure> {
        let given = [
            ("--account", self.account.is_some(), &[Kind::Iam][..]),
            ("--region", self.region.is_some(), &[Kind::Iam]),
            ("--partition", self.partition.is_some(), &[Kind::Iam]),
            ("--kms-key", !self.kms_key.is_empty(), &[Kind::Iam]),
            ("--role", self.role.is_some(), &[Kind::Iam]),
            ("--namespace", self.namespace.is_some(), &[Kind::Vault, Kind::K8sRbac]),
            ("--service-account", self.service_account.is_some(), &[Kind::K8sRbac]),
        ];
        match given.iter().find(|(_, is_given, kinds)| *is_given && !kinds.contains(&self.kind)) {
            Some((option, _, kinds)) => {
                let kinds: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
                let message = format!("{option} is no option of {} policies", self.kind.name());
                Err(Failure::usage(message).help(format!("it is one of {}", kinds.join(" and "))))
            }
            None => Ok(()),
        }
    }
}

/// Everything that keeps a policy from being written, as one failure.
fn failure(problems: &Problems) -> Failure {
    let failures = problems.0.iter().map(|problem| Failure::usage(problem.to_string()).help(problem.help.clone()));
    failures.reduce(Failure::and).unwrap_or_else(|| Failure::usage("no policy can be written"))
}
