//! What we ask git: the text of a file at a revision, and which files are under version control.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::failure::Failure;

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

/// Those of the files that are under version control. Nothing where git or a repository is missing.
pub(crate) fn tracked(paths: &[PathBuf]) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut by_folder: Vec<(&Path, Vec<&Path>)> = Vec::new();
    for path in paths {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        match by_folder.iter_mut().find(|(other, _)| *other == folder) {
            Some((_, files)) => files.push(path),
            None => by_folder.push((folder, vec![path])),
        }
    }
    for (folder, files) in by_folder.into_iter().filter(|(folder, _)| is_in_repository(folder)) {
        let names = files.iter().filter_map(|path| path.file_name());
        let arguments = [OsStr::new("ls-files"), OsStr::new("-z"), OsStr::new("--")].into_iter().chain(names);
        let Some(output) = run(folder, arguments).filter(|output| output.status.success()) else { continue };
        let known: BTreeSet<&[u8]> = output.stdout.split(|byte| *byte == 0).collect();
        found.extend(
            files
                .into_iter()
                .filter(|path| path.file_name().is_some_and(|name| known.contains(name.as_encoded_bytes())))
                .map(Path::to_owned),
        );
    }
    found
}

/// Whether the folder or one above it has a `.git`, so that git is not started for nothing.
fn is_in_repository(folder: &Path) -> bool {
    folder.canonicalize().is_ok_and(|folder| folder.ancestors().any(|folder| folder.join(".git").exists()))
}

/// Runs git without its messages, which may quote what it was given. `None` when it cannot be started.
fn run<'a>(folder: &Path, arguments: impl IntoIterator<Item = &'a OsStr>) -> Option<Output> {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).arg("--literal-pathspecs").args(arguments);
    command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()
}
