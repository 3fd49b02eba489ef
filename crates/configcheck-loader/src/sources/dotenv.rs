//! `.env` files: which are read in which environment, and what becomes of those that are not.

use std::path::Path;

use configcheck_core::origin::{Layer, Origin, SourceId, SourceKind, Span};
use configcheck_core::schema::NamedKey;
use configcheck_core::snapshot::{Duplicate, SetAs, Slot, SourceProblem, UnknownKey};
use configcheck_core::value::{RawText, RawValue};
use configcheck_core::{Schema, Snapshot};
use configcheck_dotenv::{self as dotenv, Assignment, Document, Item, ItemKind, Problem, ProblemKind};
use configcheck_files::{self as files, Contents, Refusal};

use super::unknown;
use crate::collect::{put, shown_path};
use crate::loader::Loader;
use crate::sources::environment::Variables;
use crate::sources::key_file::KeyFile;

mod suppression;

/// The largest `.env` file, in bytes.
const LARGEST: u64 = 16 << 20;

/// Reads the `.env` files of one directory; never those of its parents.
pub(crate) struct DotenvReader<'a> {
    loader: &'a Loader,
    /// `.env` itself, when it was read for the environment's name before anything else.
    base: Option<(SourceId, Contents)>,
    took_environment: bool,
    was_read: bool,
}

impl<'a> DotenvReader<'a> {
    pub(crate) fn new(loader: &'a Loader) -> Self {
        Self { loader, base: None, took_environment: false, was_read: false }
    }

    /// Looks into `.env` for the environment's name alone.
    pub(crate) fn read_environment(&mut self, schema: &Schema, snapshot: &mut Snapshot, variables: &mut Variables) {
        let Some((source, contents)) = self.open(snapshot, ".env") else { return };
        let document = dotenv::parse(&contents.bytes);
        let name = schema.environment_variable();
        if let Some(assignment) = document.assignments().filter(|assignment| assignment.key == name && !assignment.value.is_empty()).last()
        {
            let (value, origin) = (raw(assignment), origin(source, assignment));
            match schema.environment_key() {
                Some(key) => put(schema, snapshot, key, value, origin, Layer::Dotenv, SetAs::Name),
                None => variables.environment = Some((value, origin)),
            }
            self.took_environment = true;
        }
        drop(document);
        self.base = Some((source, contents));
    }

    /// Reads the files of the environment, lowest first, when they are read there at all.
    pub(crate) fn read(&mut self, schema: &Schema, snapshot: &mut Snapshot, variables: &mut Variables) {
        let applies = match &snapshot.environment {
            Some(environment) => self.loader.dotenv.everywhere || environment.kind().reads_dotenv(),
            // Without an environment the author's word for the directory decides; the standard directory is not read.
            None => self.loader.dotenv.named || self.loader.dotenv.everywhere,
        };
        if self.loader.dotenv.directory.is_none() || !applies {
            return;
        }
        self.was_read = true;
        for name in names(snapshot) {
            if let Some((source, contents)) = self.take_base(&name).or_else(|| self.open(snapshot, &name)) {
                let skip_environment = self.took_environment && name == ".env";
                let mut file = File { schema, snapshot, source, skip_environment };
                file.take(&dotenv::parse(&contents.bytes), variables);
            }
        }
    }

    /// Where the files are not read, notes which of them sets a key that nothing else sets.
    pub(crate) fn note_ignored(&mut self, schema: &Schema, snapshot: &mut Snapshot) {
        if self.was_read || self.loader.dotenv.directory.is_none() || snapshot.slots.iter().all(Slot::is_set) {
            return;
        }
        let mut first = None;
        for name in names(snapshot) {
            let Some((source, contents)) = self.take_base(&name).or_else(|| self.open(snapshot, &name)) else { continue };
            for assignment in dotenv::parse(&contents.bytes).assignments() {
                let Some(named) = schema.key_named(assignment.key.as_bytes()) else { continue };
                let slot = &mut snapshot.slots[named.key];
                if !slot.is_set() && !assignment.value.is_empty() && schema.environment_key() != Some(named.key) {
                    slot.more().ignored = Some(origin(source, assignment));
                    first.get_or_insert(origin(source, assignment));
                }
            }
        }
        // Where the schema needs the environment, its absence is an error already.
        if let Some(origin) = first
            && !schema.needs_environment()
            && snapshot.environment_origin.is_none()
        {
            let variable = schema.environment_variable();
            snapshot.problems.push(SourceProblem {
                origin,
                message: format!("{variable} is not set, so the .env files were not read"),
                help: format!("set {variable}=development, in the environment or in .env itself; there is no default environment"),
                key: schema.environment_key(),
                set_as: SetAs::Name,
            });
        }
    }

    fn take_base(&mut self, name: &str) -> Option<(SourceId, Contents)> {
        if name == ".env" { self.base.take() } else { None }
    }

    fn open(&self, snapshot: &mut Snapshot, name: &str) -> Option<(SourceId, Contents)> {
        let path = self.loader.dotenv.directory.as_deref()?.join(Path::new(name));
        let result = files::read(&path, LARGEST);
        let source = snapshot.add_source(SourceKind::Dotenv, shown_path(&path), Layer::Dotenv, result.is_ok());
        match result {
            Ok(contents) => Some((source, contents)),
            Err(Refusal::NotFound) => None,
            Err(refusal) => {
                let (message, help) = (format!("the file cannot be read: {refusal}"), refusal.help().to_owned());
                snapshot.problems.push(SourceProblem { origin: Origin::of(source), message, help, key: None, set_as: SetAs::Name });
                None
            }
        }
    }
}

/// The names of the files, lowest first.
fn names(snapshot: &Snapshot) -> Vec<String> {
    match &snapshot.environment {
        Some(environment) => {
            let name = environment.name();
            vec![".env".into(), format!(".env.{name}"), ".env.local".into(), format!(".env.{name}.local")]
        }
        None => vec![".env".into(), ".env.local".into()],
    }
}

/// One file on its way into the snapshot.
struct File<'a> {
    schema: &'a Schema,
    snapshot: &'a mut Snapshot,
    source: SourceId,
    skip_environment: bool,
}

impl File<'_> {
    fn take(&mut self, document: &Document<'_>, variables: &mut Variables) {
        // Of a key that stands twice the later counts, also when it is empty: the values are put when the whole file is known.
        let mut last: Vec<Option<&Assignment<'_>>> = vec![None; self.schema.keys().len()];
        let mut last_of_aliases: Vec<(NamedKey, &Assignment<'_>)> = Vec::new();
        for item in document.items() {
            match &item.kind {
                ItemKind::Assignment(assignment) => self.take_assignment(assignment, &mut last, &mut last_of_aliases, variables),
                ItemKind::Problem(problem) => self.take_problem(document, problem),
                ItemKind::Blank | ItemKind::Comment => {}
            }
        }
        for (named, assignment) in last_of_aliases {
            self.put(named.key, assignment, SetAs::of(named));
        }
        for (key, assignment) in last.into_iter().enumerate() {
            if let Some(assignment) = assignment {
                self.put(key, assignment, SetAs::Name);
            }
        }
        if document.items().iter().any(has_comment) {
            self.snapshot.suppressions.extend(suppression::of(document, self.source));
        }
    }

    fn take_assignment<'d>(
        &mut self,
        assignment: &'d Assignment<'d>,
        last: &mut [Option<&'d Assignment<'d>>],
        aliases: &mut Vec<(NamedKey, &'d Assignment<'d>)>,
        variables: &mut Variables,
    ) {
        let Some(named) = self.schema.key_named(assignment.key.as_bytes()) else {
            self.take_undeclared(assignment, variables);
            return;
        };
        if self.skip_environment && self.schema.environment_key() == Some(named.key) {
            return;
        }
        if named.alias.is_some() {
            match aliases.iter_mut().find(|(other, _)| *other == named) {
                Some(earlier) => earlier.1 = assignment,
                None => aliases.push((named, assignment)),
            }
            return;
        }
        if let Some(first) = last[named.key].replace(assignment) {
            self.snapshot.duplicates.push(Duplicate {
                key: Some(named.key),
                name: None,
                first: origin(self.source, first),
                second: origin(self.source, assignment),
                same_value: first.value == assignment.value,
            });
        }
    }

    fn take_undeclared(&mut self, assignment: &Assignment<'_>, variables: &mut Variables) {
        if assignment.key == self.schema.environment_variable() {
            return;
        }
        let origin = origin(self.source, assignment);
        if let Some(named) = assignment.key.strip_suffix("_FILE").and_then(|stem| self.schema.key_named(stem.as_bytes())) {
            if !assignment.value.is_empty() {
                // Of a name that stands twice in a file the later counts.
                variables.key_files.retain(|file| file.key != named.key || file.origin.source != self.source);
                variables.key_files.push(KeyFile { key: named.key, path: assignment.value.as_ref().into(), origin });
            }
            return;
        }
        let name = if assignment.doubtful { None } else { unknown::variable(self.schema, assignment.key, self.snapshot.unknown.len()) };
        let span =
            Span { start: number(assignment.key_span.start), end: number(assignment.key_span.end), ..place(assignment.key_position) };
        self.snapshot.unknown.push(UnknownKey { name, origin: Origin { source: self.source, span: Some(span) } });
    }

    fn put(&mut self, key: usize, assignment: &Assignment<'_>, set_as: SetAs) {
        put(self.schema, self.snapshot, key, raw(assignment), origin(self.source, assignment), Layer::Dotenv, set_as);
    }

    fn take_problem(&mut self, document: &Document<'_>, problem: &Problem) {
        let named = problem.key.and_then(|span| self.schema.key_named(document.source(span)));
        let mut span = Span { start: number(problem.span.start), end: number(problem.span.end), ..place(problem.position) };
        if matches!(problem.kind, ProblemKind::TextAfterQuote | ProblemKind::NulByte | ProblemKind::InvalidUtf8) {
            // Behind a value the column would tell how long it is.
            span.column = 0;
        }
        self.snapshot.problems.push(SourceProblem {
            origin: Origin { source: self.source, span: Some(span) },
            message: problem.kind.message().to_owned(),
            help: problem.kind.help().to_owned(),
            key: named.map(|named| named.key),
            set_as: named.map_or(SetAs::Name, SetAs::of),
        });
    }
}

fn has_comment(item: &Item<'_>) -> bool {
    match &item.kind {
        ItemKind::Comment => true,
        ItemKind::Assignment(assignment) => assignment.comment.is_some(),
        ItemKind::Blank | ItemKind::Problem(_) => false,
    }
}

fn raw(assignment: &Assignment<'_>) -> RawValue {
    RawValue::Text(RawText::new(assignment.value.as_ref().to_owned()))
}

fn origin(source: SourceId, assignment: &Assignment<'_>) -> Origin {
    let (start, end) = (number(assignment.value_span.start), number(assignment.value_span.end));
    Origin { source, span: Some(Span { start, end, ..place(assignment.value_position) }) }
}

fn place(position: dotenv::Position) -> Span {
    Span { line: position.line, column: position.column, start: 0, end: 0 }
}

/// Files are smaller than 4 GiB, so every offset fits.
fn number(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
