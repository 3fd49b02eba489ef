//! Which schema is for which folder: the one that was named, else the nearest one at or above the files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use configcheck_core::Schema;
use configcheck_schema::{KeyPlace, Note, SchemaFile, SchemaKind};

use crate::failure::Failure;
use crate::git::Roots;
use crate::input;
use crate::project::{NamedSchema, Project, absolute, folders_above, read_schema, schema_in, shown};

/// A schema with the example that belongs to it.
#[derive(Debug)]
pub(crate) struct Found {
    /// The schema; an empty one where there is none.
    pub(crate) schema: Schema,
    /// The file.
    pub(crate) path: Option<String>,
    /// Where each key stands in it; empty where that is not known.
    pub(crate) places: Vec<KeyPlace>,
    /// What in it has no effect, or less than its author may think.
    pub(crate) notes: Vec<Note>,
    /// The example beside it, with the name of its file.
    pub(crate) example: Option<(SchemaFile, String)>,
}

/// The schemas of a run, each read once.
pub(crate) struct Schemas<'a> {
    project: &'a Project,
    /// Whether one schema is for everything.
    is_named: bool,
    base: Option<PathBuf>,
    read: Vec<Found>,
    /// The number of each schema by its absolute path.
    by_path: HashMap<Option<PathBuf>, usize>,
    /// The schema in each folder that was looked into.
    in_folder: HashMap<PathBuf, Option<PathBuf>>,
    repositories: Roots,
}

impl<'a> Schemas<'a> {
    /// Starts with the schema that was named or found in the project's folder.
    pub(crate) fn new(
        project: &'a Project,
        is_named: bool,
        base: Option<NamedSchema>,
        in_folder: HashMap<PathBuf, Option<PathBuf>>,
    ) -> Result<Self, Failure> {
        let mut schemas = Self {
            project,
            is_named,
            base: base.as_ref().map(|base| PathBuf::from(&base.path)),
            read: Vec::new(),
            by_path: HashMap::new(),
            in_folder,
            repositories: Roots::default(),
        };
        if let Some(base) = base {
            schemas.add(base)?;
        }
        Ok(schemas)
    }

    /// The number of the schema for a folder.
    pub(crate) fn for_folder(&mut self, folder: &Path) -> Result<usize, Failure> {
        let nearest = if self.is_named { None } else { self.nearest(folder) };
        let path = nearest.or_else(|| self.base.clone().filter(|_| self.is_named || self.is_inside(folder)));
        if let Some(at) = self.by_path.get(&path.as_deref().map(absolute)) {
            return Ok(*at);
        }
        if let Some(path) = path {
            return self.add(read_schema(&shown(&path))?);
        }
        let schema = Schema::of_keys("", "", &[], Vec::new(), Vec::new());
        self.read.push(Found { schema, path: None, places: Vec::new(), notes: Vec::new(), example: None });
        self.by_path.insert(None, self.read.len() - 1);
        Ok(self.read.len() - 1)
    }

    /// The repositories of the folders that were looked into.
    pub(crate) fn repositories(&mut self) -> &mut Roots {
        &mut self.repositories
    }

    /// All schemas, by their numbers.
    pub(crate) fn all(&self) -> &[Found] {
        &self.read
    }

    fn add(&mut self, named: NamedSchema) -> Result<usize, Failure> {
        let example = if named.file.kind == SchemaKind::Native { self.example(&named.path)? } else { None };
        self.by_path.insert(Some(absolute(Path::new(&named.path))), self.read.len());
        self.read.push(Found {
            schema: named.file.schema,
            path: Some(named.path),
            places: named.file.places,
            notes: named.file.notes,
            example,
        });
        Ok(self.read.len() - 1)
    }

    /// The example that the settings name, or that stands beside the schema.
    fn example(&self, schema: &str) -> Result<Option<(SchemaFile, String)>, Failure> {
        let path = match &self.project.file.example {
            Some(name) => Some(self.project.path(name)),
            None if schema == "-" || schema.starts_with("git:") => None,
            None => Some(Path::new(schema).with_file_name(".env.example")).filter(|path| input::exists(path)),
        };
        let Some(path) = path.map(|path| shown(&path)) else { return Ok(None) };
        let named = read_schema(&path)?;
        Ok((named.file.kind == SchemaKind::Example).then_some((named.file, path)))
    }

    /// The nearest schema at or above a folder, within its project.
    fn nearest(&mut self, folder: &Path) -> Option<PathBuf> {
        folders_above(folder, &self.project.root, &mut self.repositories).into_iter().find_map(|folder| {
            let found = self.in_folder.entry(folder).or_insert_with_key(|folder| schema_in(folder));
            found.clone()
        })
    }

    /// Whether a folder lies at or below the one where the command was started, or that of the settings.
    fn is_inside(&self, folder: &Path) -> bool {
        let folder = absolute(folder);
        [Path::new(""), &self.project.root].into_iter().any(|root| folder.starts_with(absolute(root)))
    }
}
