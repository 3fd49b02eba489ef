//! `.env` files: which are read in which environment, and what becomes of those that are not.

use std::path::Path;
use std::sync::Arc;

use configcheck_core::origin::{Layer, Origin, SourceId, SourceKind};
use configcheck_core::snapshot::{SetAs, Slot, SourceProblem};
use configcheck_core::{Schema, Snapshot};
use configcheck_files::{self as files, Refusal};
use zeroize::Zeroizing;

use crate::collect::{note_access, put, shown_path};
use crate::loader::Loader;
use crate::sources::environment::{self, Variables};

mod divergence;
mod file;
mod line;
mod others;
mod suppression;

use file::File;
use line::Part;

/// The largest `.env` file, in bytes.
const LARGEST: u64 = 16 << 20;

/// Reads the `.env` files of one directory, never those of its parents; or those that the caller has opened.
pub(crate) struct DotenvReader<'a> {
    loader: &'a Loader,
    /// The files that were read for the environment's name before anything else.
    base: Vec<Opened>,
    took_environment: bool,
    was_read: bool,
}

/// A file with its number.
struct Opened {
    source: SourceId,
    name: String,
    bytes: Arc<Zeroizing<Vec<u8>>>,
}

impl<'a> DotenvReader<'a> {
    pub(crate) fn new(loader: &'a Loader) -> Self {
        Self { loader, base: Vec::new(), took_environment: false, was_read: false }
    }

    /// Looks for the environment's name alone: into `.env`, or into the files that the caller has opened.
    pub(crate) fn read_environment(&mut self, schema: &Schema, snapshot: &mut Snapshot, variables: &mut Variables) {
        self.base = if self.loader.contents.is_empty() {
            self.open(snapshot, ".env".to_owned()).into_iter().collect()
        } else {
            self.given(snapshot)
        };
        let name = schema.environment_variable();
        let outer = |name: &str| environment::outer(self.loader, name);
        for opened in &self.base {
            let lines = line::parts(&opened.bytes, self.loader.dialect, &outer).filter_map(|part| match part {
                Part::Line(line) if line.key == name && !line.value.is_empty() => Some(line),
                _ => None,
            });
            let Some(line) = lines.last() else { continue };
            let origin = line.origin(opened.source);
            match schema.environment_key() {
                Some(key) if line.is_made_of_others => {
                    snapshot.slots[key].more().made_of_others.push(origin);
                    put(schema, snapshot, key, line.into_raw(), origin, Layer::Dotenv, SetAs::Name);
                }
                Some(key) => put(schema, snapshot, key, line.into_raw(), origin, Layer::Dotenv, SetAs::Name),
                None => variables.environment = Some((line.into_raw(), origin)),
            }
            self.took_environment = true;
        }
    }

    /// Reads the files of the environment, lowest first, when they are read there at all.
    pub(crate) fn read(&mut self, schema: &Schema, snapshot: &mut Snapshot, variables: &mut Variables) {
        let applies = match &snapshot.environment {
            Some(environment) => self.loader.dotenv.everywhere || environment.kind().reads_dotenv(),
            // Without an environment the author's word for the directory decides; the standard directory is not read.
            None => self.loader.dotenv.named || self.loader.dotenv.everywhere,
        };
        if !self.loader.contents.is_empty() {
            self.was_read = true;
            let opened = if self.base.is_empty() { self.given(snapshot) } else { std::mem::take(&mut self.base) };
            for opened in opened {
                self.take(schema, snapshot, variables, &opened, self.took_environment);
                divergence::note(schema, snapshot, &opened, self.loader.dialect);
            }
            return;
        }
        if self.loader.dotenv.directory.is_none() || !applies {
            return;
        }
        self.was_read = true;
        for name in names(snapshot) {
            let skip_environment = self.took_environment && name == ".env";
            if let Some(opened) = self.take_base(&name).or_else(|| self.open(snapshot, name)) {
                self.take(schema, snapshot, variables, &opened, skip_environment);
            }
        }
    }

    fn take(&self, schema: &Schema, snapshot: &mut Snapshot, variables: &mut Variables, opened: &Opened, skip_environment: bool) {
        let notes_undeclared_twice = !self.loader.contents.is_empty();
        let made_of_others = Vec::new();
        let file = File { schema, snapshot, source: opened.source, skip_environment, notes_undeclared_twice, made_of_others };
        file.take(&opened.bytes, self.loader.dialect, &|name| environment::outer(self.loader, name), variables);
    }

    /// Where the files are not read, notes which of them sets a key that nothing else sets.
    pub(crate) fn note_ignored(&mut self, schema: &Schema, snapshot: &mut Snapshot) {
        if self.was_read || self.loader.dotenv.directory.is_none() || snapshot.slots.iter().all(Slot::is_set) {
            return;
        }
        let mut first = None;
        let outer = |name: &str| environment::outer(self.loader, name);
        for name in names(snapshot) {
            let Some(opened) = self.take_base(&name).or_else(|| self.open(snapshot, name)) else { continue };
            for part in line::parts(&opened.bytes, self.loader.dialect, &outer) {
                let Part::Line(line) = part else { continue };
                let Some(named) = schema.key_named(line.key.as_bytes()) else { continue };
                let slot = &mut snapshot.slots[named.key];
                if !slot.is_set() && !line.value.is_empty() && schema.environment_key() != Some(named.key) {
                    let origin = line.origin(opened.source);
                    slot.more().ignored = Some(origin);
                    first.get_or_insert(origin);
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
                goes_on: false,
            });
        }
    }

    /// The file that was read already for the environment's name.
    fn take_base(&mut self, name: &str) -> Option<Opened> {
        let at = self.base.iter().position(|opened| opened.name == name)?;
        Some(self.base.remove(at))
    }

    /// The files that the caller has opened.
    fn given(&self, snapshot: &mut Snapshot) -> Vec<Opened> {
        let add = |contents: &crate::loader::DotenvContents| Opened {
            source: snapshot.add_source(SourceKind::Dotenv, contents.name.clone(), Layer::Dotenv, true),
            name: contents.name.clone(),
            bytes: Arc::clone(&contents.bytes),
        };
        self.loader.contents.iter().map(add).collect()
    }

    fn open(&self, snapshot: &mut Snapshot, name: String) -> Option<Opened> {
        let path = self.loader.dotenv.directory.as_deref()?.join(Path::new(&name));
        let result = files::read(&path, LARGEST);
        let source = snapshot.add_source(SourceKind::Dotenv, shown_path(&path), Layer::Dotenv, result.is_ok());
        match result {
            Ok(contents) => {
                note_access(snapshot, source, contents.access);
                Some(Opened { source, name, bytes: Arc::new(contents.bytes) })
            }
            Err(Refusal::NotFound) => None,
            Err(refusal) => {
                let (message, help) = (format!("the file cannot be read: {refusal}"), refusal.help().to_owned());
                snapshot.problems.push(SourceProblem {
                    origin: Origin::of(source),
                    message,
                    help,
                    key: None,
                    set_as: SetAs::Name,
                    goes_on: false,
                });
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
