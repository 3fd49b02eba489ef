//! Which files belong together: those that a load would lay over each other are one target, any other file is one by itself.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use configcheck_core::{Environment, Schema};
use configcheck_dotenv::Dialect;

use super::{Selection, TargetInput, env_files, open_all};
use crate::findings::Unread;
use crate::input;
use crate::project::{Project, shown};

/// A file that was named, or that lies in a folder that was.
#[derive(Debug)]
pub(super) struct FoundFile {
    pub(super) path: PathBuf,
    /// Whether the file itself was named.
    pub(super) is_named: bool,
}

/// Files that become one target.
#[derive(Debug)]
struct Group {
    folder: PathBuf,
    environment: Option<Environment>,
    /// The file, when nothing lies over or under it.
    alone: Option<PathBuf>,
    paths: Vec<PathBuf>,
}

/// Groups files by folder and environment, and lays those of a group over each other as a load would. Files that no load lays over each
/// other, as `web.env` and `worker.env`, are not: the one would hide what is wrong in the other.
pub(super) fn group(
    project: &Project,
    dialect: Dialect,
    files: Vec<FoundFile>,
    environments: &[Environment],
    schema: Option<&Schema>,
    selection: &mut Selection,
) {
    let mut groups = Groups::default();
    for FoundFile { path, is_named } in files {
        let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let of_name = project.environment_of_file(&file_name, schema);
        let is_layer = env_files::BASE.contains(&&*file_name) || (file_name.starts_with(".env.") && of_name.is_some());
        if environments.is_empty() {
            groups.add(of_name, !is_layer, path);
            continue;
        }
        // A file that is another environment's by its name says nothing about this one.
        for environment in environments.iter().filter(|environment| of_name.as_ref().is_none_or(|own| own == *environment)) {
            groups.add(Some(environment.clone()), !is_layer && !is_named, path.clone());
        }
    }
    let mut groups = groups.all;
    for environment in environments.iter().filter(|environment| !groups.iter().any(|group| group.environment.as_ref() == Some(environment)))
    {
        selection.unread.push(Unread {
            path: environment.name().to_owned(),
            message: "none of the files is of this environment".to_owned(),
            help: format!("name its files, such as .env.{environment}"),
        });
    }
    lay_over_base(project, dialect, schema, &mut groups);
    let is_single = groups.iter().all(|group| group.folder == groups[0].folder);
    let mut of_environment: HashMap<Option<String>, usize> = HashMap::new();
    let name_of = |group: &Group| group.environment.as_ref().map(ToString::to_string);
    for group in &groups {
        *of_environment.entry(name_of(group)).or_default() += 1;
    }
    let is_plain = |group: &Group| is_single && (group.alone.is_none() || of_environment[&name_of(group)] == 1);
    let is_plain: Vec<bool> = groups.iter().map(is_plain).collect();
    for group in &mut groups {
        group.paths.sort_by_key(|path| env_files::layer(path));
    }
    let names: Vec<Vec<String>> = groups.iter().map(|group| group.paths.iter().map(|path| shown(path)).collect()).collect();
    let opened = open_all(&names, selection);
    for ((Group { folder, environment, alone, .. }, is_plain), files) in groups.into_iter().zip(is_plain).zip(opened) {
        if files.is_empty() {
            continue;
        }
        let names = || files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join(", ");
        let name = match &environment {
            Some(environment) if is_plain || (alone.is_none() && folder.as_os_str().is_empty()) => environment.name().to_owned(),
            Some(environment) => format!("{} ({environment})", shown(alone.as_ref().unwrap_or(&folder))),
            None => names(),
        };
        selection.targets.push(TargetInput { name, environment, files, process_environment: false, folder });
    }
}

/// Groups in the order of their first files, each found again at once: a repository may hold thousands.
#[derive(Default)]
struct Groups {
    all: Vec<Group>,
    by_identity: HashMap<(PathBuf, Option<String>, Option<PathBuf>), usize>,
}

impl Groups {
    fn add(&mut self, environment: Option<Environment>, is_alone: bool, path: PathBuf) {
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        let alone = is_alone.then(|| path.clone());
        let identity = (folder.clone(), environment.as_ref().map(ToString::to_string), alone.clone());
        let at = *self.by_identity.entry(identity).or_insert_with(|| {
            self.all.push(Group { folder, environment, alone, paths: Vec::new() });
            self.all.len() - 1
        });
        if !self.all[at].paths.contains(&path) {
            self.all[at].paths.push(path);
        }
    }
}

/// Lays the files of each environment over those that every environment has. These are a target too, unless they say themselves that they
/// are one of these environments.
fn lay_over_base(project: &Project, dialect: Dialect, schema: Option<&Schema>, groups: &mut Vec<Group>) {
    let is_base = |group: &Group| group.environment.is_none() && group.alone.is_none();
    let is_layered = |group: &Group| group.environment.is_some() && group.alone.is_none();
    let layered: HashSet<PathBuf> = groups.iter().filter(|group| is_layered(group)).map(|group| group.folder.clone()).collect();
    let bases = groups.iter().filter(|group| is_base(group) && layered.contains(&group.folder));
    let bases: HashMap<PathBuf, (Vec<PathBuf>, Option<Environment>)> =
        bases.map(|base| (base.folder.clone(), (base.paths.clone(), environment_of(base, project, dialect, schema)))).collect();
    let mut covered: HashSet<PathBuf> = HashSet::new();
    for group in groups.iter_mut().filter(|group| is_layered(group)) {
        let Some((paths, own)) = bases.get(&group.folder) else { continue };
        group.paths.extend(paths.iter().cloned());
        if own.is_some() && group.environment == *own {
            covered.insert(group.folder.clone());
        }
    }
    groups.retain(|group| !is_base(group) || !covered.contains(&group.folder));
}

/// The environment that the files themselves name.
fn environment_of(base: &Group, project: &Project, dialect: Dialect, schema: Option<&Schema>) -> Option<Environment> {
    let path = base.paths.iter().find(|path| path.ends_with(".env"))?;
    let bytes = input::read(&shown(path)).ok()?;
    project.environment_in(&bytes, dialect, schema)
}
