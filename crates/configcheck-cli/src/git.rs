//! What we ask git: the text of a file at a revision, and which files are under version control.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::failure::Failure;

mod index;

/// The text of `REV:PATH`; a path counts from the root of the repository, or from here when it begins with `./`.
pub(crate) fn show(revision: &str) -> Result<Vec<u8>, Failure> {
    let name = format!("git:{revision}");
    let Some((rev, path)) = revision.split_once(':').filter(|(rev, path)| !rev.is_empty() && !path.is_empty() && !rev.starts_with('-'))
    else {
        return Err(Failure::usage("this is not git:REV:PATH")
            .at(name)
            .help("write a revision and a path, as in git:main:config.schema.json"));
    };
    let output = run(Path::new("."), ["show".as_ref(), "--end-of-options".as_ref(), OsStr::new(&format!("{rev}:{path}"))])
        .ok_or_else(|| Failure::incomplete("git cannot be started").at(&*name).help("install git, or give a file"))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(Failure::incomplete("git does not know this file at this revision")
        .at(name)
        .help("see that the revision exists here (a pipeline may have fetched only one commit) and that the path counts from the root of the repository"))
}

/// The most paths that git is asked about one by one; of more, it lists all files that it knows.
const FEW_PATHS: usize = 500;

/// Which files are under version control, as far as git says it.
#[derive(Debug, Default)]
pub(crate) struct Tracked {
    /// Those that are.
    pub(crate) files: BTreeSet<String>,
    /// Repositories of which git said nothing: it is not installed, or does not trust the folder, as in containers.
    pub(crate) unknown: Vec<PathBuf>,
}

/// Those of the files that are under version control. Nothing where a repository is missing.
pub(crate) fn tracked<'a>(paths: impl Iterator<Item = &'a str>, roots: &mut Roots) -> Tracked {
    let mut repositories: BTreeMap<PathBuf, Vec<(PathBuf, &str)>> = BTreeMap::new();
    let here = std::env::current_dir().unwrap_or_default();
    for path in paths {
        let absolute = here.join(path.strip_prefix("./").unwrap_or(path));
        let Some(root) = absolute.parent().and_then(|folder| roots.of(folder)) else { continue };
        if let Ok(inside) = absolute.strip_prefix(&root) {
            repositories.entry(root.clone()).or_default().push((inside.to_owned(), path));
        }
    }
    let mut tracked = Tracked::default();
    for (root, files) in repositories {
        let wanted: BTreeSet<&[u8]> = files.iter().map(|(inside, _)| inside.as_os_str().as_encoded_bytes()).collect();
        let Some(known) = index::tracked(&root, &wanted).or_else(|| listed(&root, &files)) else {
            tracked.unknown.push(root);
            continue;
        };
        let is_known = |inside: &Path| known.contains(inside.as_os_str().as_encoded_bytes());
        tracked.files.extend(files.iter().filter(|(inside, _)| is_known(inside)).map(|(_, path)| (*path).to_owned()));
    }
    tracked
}

/// What git says of the files of a repository.
fn listed(root: &Path, files: &[(PathBuf, &str)]) -> Option<BTreeSet<Vec<u8>>> {
    let named = files.iter().map(|(inside, _)| inside.as_os_str()).take(if files.len() > FEW_PATHS { 0 } else { FEW_PATHS });
    let arguments = ["ls-files", "-z", "--full-name", "--"].into_iter().map(OsStr::new).chain(named);
    let output = run_in(root, arguments).filter(|output| output.status.success())?;
    Some(output.stdout.split(|byte| *byte == 0).map(<[u8]>::to_vec).collect())
}

/// The folders of repositories, each looked for once.
#[derive(Debug, Default)]
pub(crate) struct Roots {
    by_folder: HashMap<OsString, Option<PathBuf>>,
}

impl Roots {
    /// The folder of the repository that a folder lies in.
    pub(crate) fn of(&mut self, folder: &Path) -> Option<PathBuf> {
        if let Some(known) = self.by_folder.get(folder.as_os_str()) {
            return known.clone();
        }
        let root = if folder.join(".git").exists() { Some(folder.to_owned()) } else { folder.parent().and_then(|parent| self.of(parent)) };
        self.by_folder.insert(folder.as_os_str().to_owned(), root.clone());
        root
    }
}

/// Runs git without its messages, which may quote what it was given. `None` when it cannot be started.
fn run<'a>(folder: &Path, arguments: impl IntoIterator<Item = &'a OsStr>) -> Option<Output> {
    command(folder, arguments).output().ok()
}

/// The same in a repository that is known by its folder, whatever repository the environment names, as it does in hooks.
fn run_in<'a>(repository: &Path, arguments: impl IntoIterator<Item = &'a OsStr>) -> Option<Output> {
    command(repository, arguments).env_remove("GIT_DIR").env_remove("GIT_WORK_TREE").output().ok()
}

fn command<'a>(folder: &Path, arguments: impl IntoIterator<Item = &'a OsStr>) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).arg("--literal-pathspecs").args(arguments);
    command.stdin(Stdio::null()).stderr(Stdio::null());
    command
}
