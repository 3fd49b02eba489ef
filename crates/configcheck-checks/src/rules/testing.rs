//! What the tests of the rules share: a schema and a snapshot made from a few lines, and one `check`.

use std::fmt::Write as _;

use configcheck_core::environment::Environment;
use configcheck_core::from_value::MismatchKind;
use configcheck_core::origin::{Layer, Origin, SourceId, SourceKind, Span};
use configcheck_core::provider::OutcomeKind;
use configcheck_core::schema::{FieldSpec, Member, Schema, Sensitivity, Shape, TypeSpec, VariableName};
use configcheck_core::snapshot::{
    Divergence, DivergentReading, Duplicate, Entry, ExampleKey, ForeignName, Resolved, SetAs, Snapshot, SourceProblem, StructViolation,
    Suppression, UnknownKey, Verdict, Violation,
};
use configcheck_core::value::{RawText, RawValue};
use configcheck_core::{Diagnostic, SecretRef};

use super::{AcrossRule, Rule};
use crate::across::Examined;
use crate::context::Context;
use crate::policy::Policy;

/// The shortest secret that is searched for in findings; a shorter one may be a word of the finding's own.
const SHORTEST_SEARCHED: usize = 9;

/// A required text field.
pub(crate) fn text(variable: &'static str) -> FieldSpec {
    let field: &'static str = variable.to_ascii_lowercase().leak();
    FieldSpec { field, file_key: field, variable: VariableName::Exact(variable), ..FieldSpec::PLAIN }
}

/// A required port.
pub(crate) fn integer(variable: &'static str) -> FieldSpec {
    FieldSpec { rust_type: "u16", type_spec: TypeSpec::Integer { min: 0, max: 65_535 }, ..text(variable) }
}

/// A required secret text.
pub(crate) fn secret(variable: &'static str) -> FieldSpec {
    FieldSpec { sensitivity: Sensitivity::Secret, ..text(variable) }
}

/// A required URL.
pub(crate) fn url(variable: &'static str) -> FieldSpec {
    FieldSpec { rust_type: "Url", type_spec: TypeSpec::Url, ..text(variable) }
}

/// The field that chooses the environment.
pub(crate) fn environment(variable: &'static str) -> FieldSpec {
    FieldSpec { rust_type: "Environment", type_spec: TypeSpec::Environment, ..text(variable) }
}

/// A schema and a snapshot under construction.
pub(crate) struct Case {
    schema: Schema,
    snapshot: Snapshot,
    policy: Policy,
}

impl Case {
    /// A struct of these fields, and an environment without variables.
    pub(crate) fn new(fields: &[FieldSpec]) -> Self {
        let members: Vec<Member> = fields.iter().copied().map(Member::Field).collect();
        Self::of(Shape { name: "shop", doc: "", prefix: "", environments: &[], members: members.leak() })
    }

    /// A struct with structs in it, or with environments of its own.
    pub(crate) fn of(shape: Shape) -> Self {
        let schema = Schema::of(Box::leak(Box::new(shape)));
        let mut snapshot = Snapshot::new(schema.keys().len());
        snapshot.add_source(SourceKind::Environment, "the environment", Layer::Environment, true);
        Self { schema, snapshot, policy: Policy::new() }
    }

    /// Says in which environment the process runs.
    pub(crate) fn in_environment(mut self, name: &str) -> Self {
        let environment = Environment::parse(name, self.schema.environments()).expect("the test names an environment");
        self.snapshot.environment = Some(environment);
        self
    }

    /// Gives an environment that is none.
    pub(crate) fn given_environment(self, variable: &str, name: &str) -> Self {
        self.set(variable, name).with(|snapshot| snapshot.environment_origin = Some(Origin::of(SourceId(1))))
    }

    /// Sets a policy.
    pub(crate) fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Sets a variable of the environment, under any of a key's names.
    pub(crate) fn set(self, name: &str, value: &str) -> Self {
        self.put(Origin::of(SourceId(1)), Layer::Environment, name, value)
    }

    /// Sets a variable by `NAME_FILE`.
    pub(crate) fn key_file(mut self, name: &str, path: &str, value: &str) -> Self {
        let source = self.source(SourceKind::KeyFile, path, Layer::Mounted);
        let key = self.key(name);
        self.snapshot.slots[key].put(entry(value, Origin::of(source), Layer::Mounted, SetAs::FileVariable));
        self
    }

    /// Writes a line of a `.env` file.
    pub(crate) fn dotenv(mut self, file: &str, line: u32, name: &str, value: &str) -> Self {
        let source = self.source(SourceKind::Dotenv, file, Layer::Dotenv);
        self.put(at(source, line), Layer::Dotenv, name, value)
    }

    /// Writes a line of a config file, by the key's variable.
    pub(crate) fn config(mut self, file: &str, line: u32, name: &str, value: &str) -> Self {
        let source = self.source(SourceKind::File, file, Layer::File);
        let key = self.key(name);
        self.snapshot.slots[key].put(entry(value, at(source, line), Layer::File, SetAs::Path));
        self
    }

    /// A source that was looked for and is not there.
    pub(crate) fn absent(mut self, kind: SourceKind, name: &str, layer: Layer) -> Self {
        self.snapshot.add_source(kind, name.to_owned(), layer, false);
        self
    }

    /// A source that is there and holds nothing of interest.
    pub(crate) fn present(mut self, kind: SourceKind, name: &str, layer: Layer) -> Self {
        self.source(kind, name, layer);
        self
    }

    /// A line of a `.env` file that is not read here.
    pub(crate) fn ignored(mut self, file: &str, line: u32, name: &str) -> Self {
        // A file that is not read is known all the same, so that a finding can point into it.
        let source = self.source(SourceKind::Dotenv, file, Layer::Dotenv);
        let key = self.key(name);
        self.snapshot.slots[key].more().ignored = Some(at(source, line));
        self
    }

    /// A reference, by where it stands and what became of it.
    pub(crate) fn reference(mut self, name: &str, reference: &str, outcome: OutcomeKind, reason: Option<&str>) -> Self {
        let source = self.source(SourceKind::Dotenv, ".env", Layer::Dotenv);
        self.resolve(name, reference, at(source, 2), outcome, reason);
        self
    }

    /// A reference that the field itself names.
    pub(crate) fn from(mut self, name: &str, reference: &str, outcome: OutcomeKind) -> Self {
        let source = self.source(SourceKind::From, reference, Layer::From);
        self.resolve(name, reference, Origin::of(source), outcome, None);
        self
    }

    /// A key that is not declared.
    pub(crate) fn unknown(mut self, file: &str, line: u32, name: Option<&str>) -> Self {
        let kind = if file.starts_with(".env") { SourceKind::Dotenv } else { SourceKind::File };
        let source = self.source(kind, file, Layer::Dotenv);
        self.snapshot.unknown.push(UnknownKey { name: name.map(Into::into), origin: at(source, line) });
        self
    }

    /// A variable of the environment that is not declared.
    pub(crate) fn foreign(mut self, name: &str) -> Self {
        self.snapshot.foreign.push(ForeignName(name.into()));
        self
    }

    /// Two lines of `.env` for one key.
    pub(crate) fn duplicate(mut self, name: &str, first: u32, second: u32, same_value: bool) -> Self {
        let source = self.source(SourceKind::Dotenv, ".env", Layer::Dotenv);
        let key = self.key(name);
        self.snapshot.duplicates.push(Duplicate {
            key: Some(key),
            name: None,
            first: at(source, first),
            second: at(source, second),
            same_value,
        });
        self
    }

    /// Something wrong with a file.
    pub(crate) fn problem(mut self, file: &str, line: u32, message: &str, name: Option<&str>) -> Self {
        let source = self.source(SourceKind::Dotenv, file, Layer::Dotenv);
        let key = name.map(|name| self.key(name));
        let help = "write NAME=value".to_owned();
        self.snapshot.problems.push(SourceProblem {
            origin: at(source, line),
            message: message.into(),
            help,
            key,
            set_as: SetAs::Name,
            goes_on: false,
        });
        self
    }

    /// What a check over several fields said.
    pub(crate) fn struct_violation(mut self, path: &str, first_key: usize, message: &str) -> Self {
        self.snapshot.struct_violations.push(StructViolation { path: path.into(), first_key, message: message.into(), code: None });
        self
    }

    /// What the service's own function said of a value.
    pub(crate) fn violation(mut self, name: &str, constraint: usize, message: Option<&str>) -> Self {
        let key = self.key(name);
        self.snapshot.slots[key].more().violations.push(Violation { constraint, message: message.map(Into::into) });
        self
    }

    /// A line that accepts findings.
    pub(crate) fn suppressed(mut self, file: &str, line: u32, rules: &[&str], reason: &str) -> Self {
        let source = self.source(SourceKind::Dotenv, file, Layer::Dotenv);
        let rules = rules.iter().map(ToString::to_string).collect();
        self.snapshot.suppressions.push(Suppression { source, line, rules, reason: reason.into() });
        self
    }

    /// Says that a file is under version control.
    pub(crate) fn tracked(mut self, file: &str) -> Self {
        let source = self.source(SourceKind::Dotenv, file, Layer::Dotenv);
        self.snapshot.tracked.push(source);
        self
    }

    /// The keys of the example, line by line.
    pub(crate) fn example(mut self, names: &[&str]) -> Self {
        let source = self.source(SourceKind::Dotenv, ".env.example", Layer::Dotenv);
        let keys = (1..).zip(names).map(|(line, name)| ExampleKey { name: (*name).to_owned(), origin: at(source, line) });
        self.snapshot.example = Some(keys.collect());
        self
    }

    /// A line that others read differently: each reader, whether it is a library, and how.
    pub(crate) fn divergent(mut self, line: u32, name: Option<&str>, readings: &[(&'static str, bool, &'static str)]) -> Self {
        let source = self.source(SourceKind::Dotenv, ".env", Layer::Dotenv);
        let key = name.and_then(|name| self.schema.key_named(name.as_bytes())).map(|named| named.key);
        let readings = readings.iter().map(|(reader, is_library, how)| DivergentReading { reader, is_library: *is_library, how });
        self.snapshot.divergences.push(Divergence {
            key,
            name: name.map(ToOwned::to_owned),
            origin: at(source, line),
            readings: readings.collect(),
        });
        self
    }

    /// Puts the defaults in and judges the values as far as the schema alone can.
    pub(crate) fn finish(mut self) -> (Schema, Snapshot) {
        for (key, slot) in self.schema.keys().iter().zip(&mut self.snapshot.slots) {
            let default = key.spec.default_in(self.snapshot.environment.as_ref());
            if let Some(default) = default {
                slot.put(entry(default, Origin::of(SourceId(0)), Layer::Default, SetAs::Name));
            }
            let Some(Entry { value: RawValue::Text(text), .. }) = &slot.winner else { continue };
            let Some(text) = text.text() else { continue };
            if key.spec.type_spec.accepts(text, key.spec.separator) == Some(false) {
                slot.verdict = Verdict::Refused(Box::new(MismatchKind::Type.mismatch()));
                continue;
            }
            let violated = key.spec.constraints.iter().enumerate().filter(|(_, declared)| declared.accepts(text) == Some(false));
            let violations: Vec<_> = violated.map(|(constraint, _)| Violation { constraint, message: None }).collect();
            if !violations.is_empty() {
                slot.more().violations = violations;
            }
        }
        (self.schema, self.snapshot)
    }

    /// Changes the snapshot in a way that has no method of its own.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Snapshot)) -> Self {
        change(&mut self.snapshot);
        self
    }

    fn put(mut self, origin: Origin, layer: Layer, name: &str, value: &str) -> Self {
        let named = self.schema.key_named(name.as_bytes()).expect("the test declares the key");
        let set_as = SetAs::of(named);
        if value.is_empty() {
            self.snapshot.slots[named.key].more().empty = Some(origin);
        } else {
            self.snapshot.slots[named.key].put(entry(value, origin, layer, set_as));
        }
        self
    }

    fn resolve(&mut self, name: &str, reference: &str, origin: Origin, outcome: OutcomeKind, reason: Option<&str>) {
        let reference = SecretRef::parse(reference).and_then(Result::ok).filter(|_| outcome != OutcomeKind::BadReference);
        let key = self.key(name);
        self.snapshot.slots[key].more().resolved =
            Some(Resolved { reference, origin, outcome, reason: reason.map(Into::into), help: Vec::new() });
    }

    fn key(&self, name: &str) -> usize {
        self.schema.key_named(name.as_bytes()).expect("the test declares the key").key
    }

    fn source(&mut self, kind: SourceKind, name: &str, layer: Layer) -> SourceId {
        match self.snapshot.sources.iter().position(|source| source.name == name) {
            Some(at) => SourceId(u16::try_from(at).expect("a test has few sources")),
            None => self.snapshot.add_source(kind, name.to_owned(), layer, true),
        }
    }
}

fn entry(value: &str, origin: Origin, layer: Layer, set_as: SetAs) -> Entry {
    Entry { value: RawValue::Text(RawText::new(value.to_owned())), origin, layer, set_as }
}

fn at(source: SourceId, line: u32) -> Origin {
    Origin { source, span: Some(Span { line, column: 1, start: 0, end: 1 }) }
}

/// Runs one rule and compares what it finds, written out as lines. Whatever it finds, no secret of the case is in it.
pub(crate) fn check(rule: &dyn Rule, case: Case, expected: &str) {
    let policy = case.policy.clone();
    let (schema, snapshot) = case.finish();
    let context = Context::new(&schema, &snapshot, &policy);
    let mut findings = Vec::new();
    if rule.applies(&context) {
        rule.check(&context, &mut findings);
    }
    let found: String = findings.iter().map(written).collect();
    assert!(found.trim_end() == expected, "expected:\n{expected}\nfound:\n{found}");
    assert!(findings.iter().all(|finding| std::ptr::eq(finding.rule, rule.info())), "a rule reports under its own name");
    assert_no_secret(&schema, &snapshot, &findings);
}

/// Checks each case by itself, then all of them together. Whatever is found, no secret of a case is in it.
pub(crate) fn examine(cases: Vec<(&str, Case)>, policy: &Policy) -> Vec<Diagnostic> {
    let made: Vec<_> = cases.into_iter().map(|(name, case)| (name, case.finish())).collect();
    let reports: Vec<_> = made.iter().map(|(_, (schema, snapshot))| crate::run::check(schema, snapshot, policy)).collect();
    let examined: Vec<_> = made.iter().zip(&reports).map(|((name, (_, snapshot)), report)| Examined { name, snapshot, report }).collect();
    let (schema, _) = &made[0].1;
    let findings = crate::across::check_across(schema, &examined, policy);
    for (_, (schema, snapshot)) in &made {
        assert_no_secret(schema, snapshot, &findings);
    }
    findings
}

/// Runs the rules across environments and compares what one of them finds, written out as lines.
pub(crate) fn check_across(rule: &dyn AcrossRule, cases: Vec<(&str, Case)>, policy: &Policy, expected: &str) {
    let findings = examine(cases, policy);
    let found: String = findings.iter().filter(|finding| std::ptr::eq(finding.rule, rule.info())).map(written).collect();
    assert!(found.trim_end() == expected, "expected:\n{expected}\nfound:\n{found}");
}

/// Runs one rule on one field with one value in an environment, and compares whether it finds something.
pub(crate) fn check_value(rule: &dyn Rule, field: &FieldSpec, environment: &str, value: &str, expected: bool) {
    let VariableName::Exact(name) = field.variable else { return };
    let (schema, snapshot) = Case::new(&[*field]).in_environment(environment).set(name, value).finish();
    let policy = Policy::new();
    let context = Context::new(&schema, &snapshot, &policy);
    let mut findings = Vec::new();
    if rule.applies(&context) {
        rule.check(&context, &mut findings);
    }
    assert_eq!(!findings.is_empty(), expected, "{name}={value} in {environment}");
    assert_no_secret(&schema, &snapshot, &findings);
}

fn assert_no_secret(schema: &Schema, snapshot: &Snapshot, findings: &[Diagnostic]) {
    let everything = format!("{findings:?}").to_ascii_lowercase();
    for (key, slot) in schema.keys().iter().zip(&snapshot.slots) {
        for entry in slot.shadowed().iter().chain(&slot.winner).filter(|_| key.spec.hides_value()) {
            if let RawValue::Text(text) = &entry.value {
                let text = text.text().unwrap_or_default().to_ascii_lowercase();
                let is_found = text.len() >= SHORTEST_SEARCHED && everything.contains(&text);
                assert!(!is_found, "{} is a secret and is in a finding", key.variable);
            }
        }
    }
}

/// A finding as lines.
fn written(finding: &Diagnostic) -> String {
    let mut lines = format!("{}: {}\n", finding.severity, finding.message);
    let key = finding.key.as_deref().unwrap_or("-");
    let index = finding.key_index.map_or_else(String::new, |index| format!(" #{index}"));
    // Writing to a `String` cannot fail.
    let _ = writeln!(lines, "  about {key}{index}, at {}", finding.place);
    for (place, what) in &finding.related {
        let _ = writeln!(lines, "  related: {place}: {what}");
    }
    if let Some(expected) = &finding.expected {
        let _ = writeln!(lines, "  expected: {expected}");
    }
    if let Some(found) = &finding.found {
        let _ = writeln!(lines, "  found: {}", found.as_str());
    }
    for help in &finding.help {
        let _ = writeln!(lines, "  help: {help}");
    }
    lines
}
