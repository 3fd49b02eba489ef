//! What failure looks like: the rules run on values that are missing or wrong, so that a page shows the very text of the report.

use configcheck_checks::{Policy, check};
use configcheck_core::constraint::{Check, Constraint};
use configcheck_core::example::sample;
use configcheck_core::from_value::MismatchKind;
use configcheck_core::origin::{Layer, Origin, SourceId, SourceKind};
use configcheck_core::schema::{FieldSpec, TypeSpec};
use configcheck_core::snapshot::{Entry, SetAs, Snapshot, Verdict, Violation};
use configcheck_core::value::{RawText, RawValue};
use configcheck_core::{Environment, Report, Schema};

use super::words;

/// A value that is not of most types.
const WRONG: &str = "not-a-valid-value";

/// The source of the values: the first behind the defaults.
const FROM_ENVIRONMENT: Origin = Origin::of(SourceId(1));

/// A way in which a key can be wrong, and what the report says of it.
#[derive(Debug)]
pub(super) struct Failing {
    /// What is wrong, as a heading.
    pub(super) title: String,
    /// The finding, as a log shows it.
    pub(super) text: String,
}

/// The ways in which a key can be wrong that its declaration tells of. The schema holds no text of a secret.
pub(super) fn failures(schema: &Schema, index: usize) -> Vec<Failing> {
    let case = Case { schema, index };
    let key = &schema.keys()[index];
    let spec = key.spec;
    let environment = words::most_demanding(schema, key);
    let mut found = Vec::new();
    let mut add = |title: &str, text: Option<String>| found.extend(text.map(|text| Failing { title: title.to_owned(), text }));
    if let Some(environment) = environment {
        add("It is not set", case.missing(&environment));
    }
    if spec.one_of.is_some() {
        add("None of its group is set", case.related("conflicting-keys", &[], false));
    }
    if spec.type_spec.accepts(WRONG, spec.separator) != Some(true) {
        add("It is not of its type", case.wrong_type());
    }
    for (number, constraint) in spec.constraints.iter().enumerate() {
        let title = match (constraint.message, constraint.check) {
            (Some(_), _) => "It does not satisfy its constraint".to_owned(),
            (None, Check::Length { .. }) => format!("It does not have {}", constraint.expectation()),
            (None, _) => format!("It is not {}", constraint.expectation()),
        };
        add(&title, case.violation(number, constraint));
    }
    if spec.is_secret() && matches!(spec.type_spec, TypeSpec::Text) {
        add("It is still a placeholder", case.set(SetAs::Name, "changeme", "placeholder-value"));
    }
    let siblings = |fields: &[&str]| fields.iter().filter_map(|field| schema.sibling_of(index, field)).collect::<Vec<usize>>();
    for other in siblings(spec.conflicts) {
        add(&format!("It is set together with {}", schema.keys()[other].variable), case.related("conflicting-keys", &[other], true));
    }
    for other in siblings(spec.requires) {
        add(&format!("It is set without {}", schema.keys()[other].variable), case.related("requires", &[], true));
    }
    if spec.deprecated.is_some() {
        add("It is set although it is deprecated", case.set(SetAs::Name, &case.good_value(), "deprecated-key"));
    }
    if !spec.aliases.is_empty() {
        add("It is set under an old name", case.set(SetAs::Alias(0), &case.good_value(), "deprecated-key"));
    }
    found
}

struct Case<'a> {
    schema: &'a Schema,
    index: usize,
}

impl Case<'_> {
    fn spec(&self) -> &'static FieldSpec {
        self.schema.keys()[self.index].spec
    }

    /// The environment of most pages.
    const fn production() -> Environment {
        Environment::Production
    }

    /// A snapshot of a service that found nothing but what makes the struct of the key count.
    fn snapshot(&self, environment: Option<Environment>) -> Snapshot {
        let keys = self.schema.keys();
        let mut snapshot = Snapshot::new(keys.len());
        snapshot.add_source(SourceKind::Environment, "the environment", Layer::Environment, true);
        // The environment is chosen before mounted files are looked at.
        if self.spec().type_spec != TypeSpec::Environment {
            snapshot.add_source(SourceKind::Mounted, "/run/secrets", Layer::Mounted, true);
        }
        let mut group = keys[self.index].group;
        while let Some(at) = group.and_then(|group| self.schema.groups().get(usize::from(group))) {
            if let Some(other) = at.keys.clone().find(|other| *other != self.index) {
                snapshot.slots[other].put(entry("x", SetAs::Name));
            }
            group = at.parent;
        }
        snapshot.environment = environment;
        snapshot
    }

    fn missing(&self, environment: &Environment) -> Option<String> {
        let is_environment = self.spec().type_spec == TypeSpec::Environment;
        let snapshot = self.snapshot((!is_environment).then(|| environment.clone()));
        self.finding(&snapshot, &["missing-required"], true)
    }

    fn wrong_type(&self) -> Option<String> {
        let is_environment = self.spec().type_spec == TypeSpec::Environment;
        let mut snapshot = self.snapshot((!is_environment).then(Self::production));
        let slot = &mut snapshot.slots[self.index];
        slot.put(entry(WRONG, SetAs::Name));
        if !is_environment {
            let mut mismatch = MismatchKind::Type.mismatch();
            mismatch.item = matches!(self.spec().type_spec, TypeSpec::List(_)).then_some(1);
            slot.verdict = Verdict::Refused(Box::new(mismatch));
        }
        self.finding(&snapshot, &["invalid-value"], true)
    }

    fn violation(&self, number: usize, constraint: &Constraint) -> Option<String> {
        let mut snapshot = self.snapshot(Some(Self::production()));
        let wrong = self.value_against(constraint);
        let slot = &mut snapshot.slots[self.index];
        slot.put(entry(wrong.as_deref().unwrap_or("x"), SetAs::Name));
        slot.more().violations.push(Violation { constraint: number, message: None });
        self.finding(&snapshot, &["constraint-violated"], wrong.is_some())
    }

    /// What a rule about several keys says when this one is set or not, and others are.
    fn related(&self, rule: &str, others: &[usize], is_set: bool) -> Option<String> {
        let mut snapshot = self.snapshot(Some(Self::production()));
        for index in others.iter().copied().chain(is_set.then_some(self.index)) {
            snapshot.slots[index].put(entry("x", SetAs::Name));
        }
        // Such a finding is about the first of the keys.
        let parent = words::parent(&self.schema.keys()[self.index].path);
        let group = self.spec().one_of;
        let is_about = |at: usize| {
            let key = &self.schema.keys()[at];
            at == self.index || others.contains(&at) || (group.is_some() && key.spec.one_of == group && words::parent(&key.path) == parent)
        };
        self.finding_about(&snapshot, &[rule], false, is_about)
    }

    fn set(&self, set_as: SetAs, value: &str, rule: &str) -> Option<String> {
        let mut snapshot = self.snapshot(Some(Self::production()));
        snapshot.slots[self.index].put(entry(value, set_as));
        self.finding(&snapshot, &[rule], true)
    }

    /// A value of the type that does not satisfy a constraint. `None` where only the service could tell.
    fn value_against(&self, constraint: &Constraint) -> Option<String> {
        let spec = self.spec();
        let candidates =
            ["0", "-1", "1", "100", "1000000", "100000000000", "x", WRONG, "", "x x x x x x x x x x x x x x x x x x x x", "a\u{7}"];
        candidates
            .into_iter()
            .find(|text| constraint.accepts(text) == Some(false) && spec.type_spec.accepts(text, spec.separator) != Some(false))
            .map(ToOwned::to_owned)
    }

    fn good_value(&self) -> String {
        sample(&self.schema.keys()[self.index], &Self::production()).unwrap_or_else(|| "x".to_owned())
    }

    /// What the report says of the key by these rules.
    fn finding(&self, snapshot: &Snapshot, rules: &[&str], shows_value: bool) -> Option<String> {
        self.finding_about(snapshot, rules, shows_value, |at| at == self.index)
    }

    /// What the report says of some keys by these rules, without the lines around it.
    fn finding_about(&self, snapshot: &Snapshot, rules: &[&str], shows_value: bool, is_about: impl Fn(usize) -> bool) -> Option<String> {
        let report = check(self.schema, snapshot, &Policy::new());
        let mut findings: Vec<_> =
            report.findings.into_iter().filter(|finding| finding.indexes().any(&is_about) && rules.contains(&finding.rule.name)).collect();
        if !shows_value {
            for finding in &mut findings {
                finding.found = None;
            }
        }
        if findings.is_empty() {
            return None;
        }
        let text = configcheck_loader::render::plain(&Report { findings, ..report });
        // A blank line parts the findings from the first line and from the sum.
        let parts: Vec<&str> = text.split("\n\n").collect();
        Some(parts.get(1..parts.len().saturating_sub(1)).unwrap_or_default().join("\n\n"))
    }
}

fn entry(text: &str, set_as: SetAs) -> Entry {
    let value = RawValue::Text(RawText::new(text.to_owned()));
    Entry { value, origin: FROM_ENVIRONMENT, layer: Layer::Environment, set_as }
}
