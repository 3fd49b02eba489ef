//! Sources to snapshot, snapshot to findings: the one way from what is checked to what is said about it.

use std::collections::BTreeSet;

use configcheck_checks::{KeyVerdict, Policy, check, verdicts};
use configcheck_core::origin::{Layer, Origin, SourceId, SourceKind, Span};
use configcheck_core::snapshot::{ExampleKey, SourceProblem};
use configcheck_core::{Environment, Place, Report, Schema, Snapshot};
use configcheck_dotenv::Dialect;
use configcheck_loader::{Loader, References};
use configcheck_schema::SchemaFile;

use crate::findings::{KeyState, Target};
use crate::providers;
use crate::targets::{TargetInput, env_files};

/// What the sources of a target held, and what the rules say of it.
#[derive(Debug)]
pub(crate) struct Examination {
    pub(crate) snapshot: Snapshot,
    pub(crate) report: Report,
    /// The verdict on each key that is looked for, by its index in the schema.
    pub(crate) verdicts: Vec<(usize, KeyVerdict)>,
}

/// How a target is examined.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Examiner<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) policy: &'a Policy,
    pub(crate) dialect: Dialect,
    /// The example beside the schema, with the name of its file.
    pub(crate) example: Option<(&'a SchemaFile, &'a str)>,
    /// Whether `# configcheck: ignore[rule]` in a file counts.
    pub(crate) obeys_files: bool,
    /// Whether references are fetched.
    pub(crate) references: References,
    /// The files that are under version control.
    pub(crate) tracked: &'a BTreeSet<String>,
    /// The readers whose differences matter; `None` for all.
    pub(crate) readers: Option<&'a [String]>,
}

/// The loader that reads a target's sources.
fn loader(target: &TargetInput, dialect: Dialect) -> Loader {
    let mut loader = Loader::new().no_dotenv().dialect(dialect);
    if !target.process_environment {
        loader = loader.no_environment().no_standard_mounts();
    }
    for file in &target.files {
        loader = loader.dotenv_contents(file.name.clone(), file.bytes.clone());
    }
    providers::all().into_iter().fold(loader, Loader::provider)
}

impl Examiner<'_> {
    /// Reads the sources and runs the rules.
    pub(crate) fn examine(&self, target: &TargetInput) -> Examination {
        let mut snapshot = loader(target, self.dialect).survey(self.schema, target.environment.clone(), self.references);
        if !self.obeys_files {
            snapshot.suppressions.clear();
        }
        self.note_environment(target, &mut snapshot);
        self.note_tracked(&mut snapshot);
        self.note_example(&mut snapshot);
        if let Some(readers) = self.readers {
            for divergence in &mut snapshot.divergences {
                divergence.readings.retain(|reading| readers.iter().any(|reader| reader == reading.reader));
            }
            snapshot.divergences.retain(|divergence| !divergence.readings.is_empty());
        }
        let report = check(self.schema, &snapshot, self.policy);
        let verdicts = verdicts(self.schema, &snapshot, self.policy, &report.findings);
        Examination { snapshot, report, verdicts }
    }

    /// Finds a file of an environment that names another one: the service would start as that. `.env` and `.env.local` are every
    /// environment's, and say it only where the process does not. A start sets the variable itself.
    fn note_environment(&self, target: &TargetInput, snapshot: &mut Snapshot) {
        let (Some(told), Some(key), References::Noted) = (&target.environment, self.schema.environment_key(), self.references) else {
            return;
        };
        let Some(entry) = &snapshot.slots[key].winner else { return };
        let source = snapshot.source(entry.origin.source);
        let is_base = source.kind == SourceKind::Dotenv && env_files::is_base(&source.name);
        let environments = self.schema.environments();
        let says_other = |name: &str| Environment::parse(name, environments).is_some_and(|named| named != *told);
        if is_base || !matches!(source.kind, SourceKind::Dotenv | SourceKind::Environment) || !snapshot.slots[key].satisfies(says_other) {
            return;
        }
        let variable = self.schema.environment_variable();
        let problem = SourceProblem {
            origin: entry.origin,
            message: format!("{variable} is set to another environment, and this is checked as {told}"),
            help: format!("write {variable}={told}, or check it as the environment that it names"),
            key: Some(key),
            set_as: entry.set_as,
            goes_on: false,
        };
        snapshot.problems.push(problem);
    }

    fn note_tracked(&self, snapshot: &mut Snapshot) {
        let numbered = snapshot.sources.iter().zip(0_u16..);
        let tracked = numbered.filter(|(source, _)| source.kind == SourceKind::Dotenv && self.tracked.contains(&*source.name));
        snapshot.tracked = tracked.map(|(_, number)| SourceId(number)).collect();
    }

    fn note_example(&self, snapshot: &mut Snapshot) {
        let Some((example, path)) = self.example else { return };
        let source = snapshot.add_source(SourceKind::Example, path.to_owned(), Layer::Default, true);
        let places = example.places.iter();
        let keys = example.schema.keys().iter().zip(places).map(|(key, place)| ExampleKey {
            name: key.variable.clone().into_owned(),
            origin: Origin { source, span: Some(Span { line: place.line, column: place.column, start: 0, end: 0 }) },
        });
        snapshot.example = Some(keys.collect());
    }
}

impl Examination {
    /// The result in the form that the formats read.
    pub(crate) fn into_target(self, schema: &Schema, input: &TargetInput) -> Target {
        let place = |index: usize| {
            let origin = self.snapshot.slots[index].origin()?;
            let source = self.snapshot.source(origin.source);
            let span = origin.span;
            (source.kind == SourceKind::Dotenv).then(|| Place::File {
                path: source.name.to_string(),
                line: span.map_or(0, |span| span.line),
                column: span.map_or(0, |span| span.column),
                bytes: None,
            })
        };
        let keys = self.verdicts.iter().map(|(index, verdict)| KeyState {
            variable: schema.keys()[*index].variable.clone().into_owned(),
            verdict: *verdict,
            place: place(*index).unwrap_or(Place::Nowhere),
        });
        let keys = keys.collect();
        let files = self.snapshot.sources.iter().filter(|source| source.present && source.kind == SourceKind::Dotenv);
        let sources = files.map(|source| source.name.to_string()).collect();
        Target { name: input.name.clone(), environment: self.report.environment.clone(), keys, sources, report: self.report }
    }
}
