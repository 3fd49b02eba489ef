//! Examines every target and puts the results together.

use configcheck_checks::{Examined, Level, check_across};
use configcheck_core::diagnostic::Tally;
use configcheck_core::display::escaped;
use configcheck_core::{Diagnostic, Report, Schema, SecretRef};
use configcheck_loader::References;
use configcheck_policy::fleet::costs;

use super::Arguments;
use crate::examination::{Examination, Examiner};
use crate::failure::Failure;
use crate::findings::{Fleet, Run, SchemaName, Target, Unread};
use crate::git;
use crate::parallel;
use crate::project::{NamedSchema, Project};
use crate::providers;
use crate::references::{self, Scope};
use crate::schemas::{Found, Schemas};
use crate::session::Session;
use crate::targets::{Selection, TargetInput};

/// Examines every target.
pub(super) fn checked(
    project: &Project,
    arguments: &Arguments,
    named: Option<NamedSchema>,
    mut selection: Selection,
    session: &Session,
) -> Result<Run, Failure> {
    let policy = arguments.policy(project)?;
    let is_named = arguments.sources.schema.is_some() || project.file.schema.is_some();
    let mut schemas = Schemas::new(project, is_named, named, std::mem::take(&mut selection.schemas))?;
    let of_targets = selection.targets.iter().map(|target| schemas.for_folder(&target.folder)).collect::<Result<Vec<usize>, Failure>>()?;
    let files = selection.targets.iter().flat_map(|target| &target.files);
    let tracked = git::tracked(files.map(|file| file.name.as_str()), schemas.repositories());
    for repository in &tracked.unknown {
        session.console.message(&format!(
            "{}: git could not be asked, so nobody knows here which env files are under version control; is it installed, and may you read the repository?",
            escaped(&repository.to_string_lossy())
        ));
    }
    for found in schemas.all() {
        say_notes(found, session);
    }
    // Without a schema no key is declared, and none can be unknown.
    let without_schema = policy.clone().level("unknown-key", Level::Off);
    let inputs: Vec<(&TargetInput, usize)> = selection.targets.iter().zip(of_targets).collect();
    let examinations: Vec<(usize, Examination)> = parallel::map(&inputs, |(input, schema)| {
        let found = &schemas.all()[*schema];
        let examiner = Examiner {
            schema: &found.schema,
            policy: if found.path.is_some() { &policy } else { &without_schema },
            dialect: project.dialect(arguments.sources.dialect),
            example: found.example.as_ref().map(|(file, path)| (file, path.as_str())),
            tracked: &tracked.files,
            readers: project.file.readers.as_deref(),
            references: References::Noted,
            obeys_files: !arguments.no_ignores,
        };
        (*schema, examiner.examine(input))
    });
    let mut across = Vec::new();
    for (number, found) in schemas.all().iter().enumerate() {
        let examined: Vec<Examined<'_>> = examinations
            .iter()
            .zip(&selection.targets)
            .filter(|((schema, _), _)| *schema == number)
            .map(|((_, examination), input)| Examined { name: &input.name, snapshot: &examination.snapshot, report: &examination.report })
            .collect();
        across.extend(check_across(&found.schema, &examined, &policy));
    }
    let fleets = arguments.replicas.map_or_else(Vec::new, |replicas| {
        let named = examinations.iter().zip(&selection.targets);
        named.map(|((schema, examination), input)| fleet(&schemas.all()[*schema].schema, examination, input, replicas)).collect()
    });
    let mut targets: Vec<Target> = examinations
        .into_iter()
        .zip(&selection.targets)
        .map(|((schema, examination), input)| examination.into_target(&schemas.all()[schema].schema, input))
        .collect();
    let mut unread = selection.unread;
    if arguments.strict {
        unread.extend(targets.iter().filter(|target| target.report.tally.not_checkable > 0).map(unchecked));
    }
    targets.extend(across_target(across, targets.len()));
    let schema = match schemas.all() {
        [only] => only
            .path
            .clone()
            .map(|path| SchemaName { name: project.file.service.clone().unwrap_or_else(|| only.schema.name().to_owned()), path }),
        _ => None,
    };
    Ok(Run { schema, targets, unread, fail_on: arguments.fail_on(project), fleets, root: project.root.clone() })
}

/// What it costs when so many replicas of a target start at once. Requests are planned as a start plans them.
fn fleet(schema: &Schema, examination: &Examination, input: &TargetInput, replicas: u64) -> Fleet {
    let needs = references::needs(&references::of_keys(schema, &examination.snapshot, Scope::Asked));
    let providers = providers::all();
    let plan = |scheme: &'static str, references: &[SecretRef]| {
        let provider = providers.iter().find(|provider| provider.schemes().contains(&scheme))?;
        Some(provider.plan(references))
    };
    Fleet { target: input.name.clone(), replicas, costs: costs(&needs, replicas, &plan) }
}

/// Says what in a schema has no effect: one line, or each with `-v`.
fn say_notes(found: &Found, session: &Session) {
    let Some(path) = found.path.as_deref().map(escaped).filter(|_| !found.notes.is_empty()) else { return };
    if session.options.verbose {
        for note in &found.notes {
            session.console.message(&format!("note: {path}:{}: {}", note.line, escaped(&note.message)));
        }
    } else {
        let count = found.notes.len();
        let things = if count == 1 { "one thing in it has" } else { &format!("{count} things in it have") };
        session.console.message(&format!("note: {path}: {things} no effect, or less than it seems; -v says which"));
    }
}

/// What strictness demands of a target with values that live elsewhere.
fn unchecked(target: &Target) -> Unread {
    Unread {
        path: target.name.clone(),
        message: format!("{} keys are not checkable here, and --strict was given", target.report.tally.not_checkable),
        help: "check them where their secret managers can be reached, or leave --strict out".to_owned(),
    }
}

/// What the rules over several environments found, as one more thing that was checked.
fn across_target(findings: Vec<Diagnostic>, targets: usize) -> Option<Target> {
    if findings.is_empty() {
        return None;
    }
    let name = if targets == 1 { "files" } else { "all environments" }.to_owned();
    let report = Report { service: String::new(), environment: None, findings, tally: Tally::default() };
    Some(Target { name, environment: None, report, keys: Vec::new(), sources: Vec::new() })
}
