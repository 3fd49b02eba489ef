//! The variables of the process that the command itself obeys. The only file here that reads the environment.

use std::ffi::OsString;

use configcheck_core::Secret;

/// The variables of the process that the command itself obeys.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one variable of the environment")]
pub(crate) struct ProcessEnvironment {
    /// `NO_COLOR` is set to something.
    pub(crate) no_color: bool,
    /// `FORCE_COLOR` or `CLICOLOR_FORCE` is set to something other than 0.
    pub(crate) force_color: bool,
    /// `TERM` is `dumb`.
    pub(crate) dumb_terminal: bool,
    /// `COLUMNS`, when it is a number.
    pub(crate) columns: Option<usize>,
    /// `GITHUB_ACTIONS` is `true`.
    pub(crate) github_actions: bool,
    /// `GITHUB_STEP_SUMMARY`: the file for the summary of a step.
    pub(crate) github_step_summary: Option<OsString>,
}

impl ProcessEnvironment {
    /// Reads them.
    pub(crate) fn read() -> Self {
        let text = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let is = |name: &str, wanted: &str| text(name).is_some_and(|value| value == wanted);
        let forces = |name: &str| text(name).is_some_and(|value| value != "0");
        Self {
            no_color: text("NO_COLOR").is_some(),
            force_color: forces("FORCE_COLOR") || forces("CLICOLOR_FORCE"),
            dumb_terminal: is("TERM", "dumb"),
            columns: text("COLUMNS").and_then(|value| value.to_str()?.parse().ok()),
            github_actions: is("GITHUB_ACTIONS", "true"),
            github_step_summary: text("GITHUB_STEP_SUMMARY"),
        }
    }

    /// Whether git is told by `GIT_INDEX_FILE` that another index counts, as in hooks of a commit.
    pub(crate) fn names_git_index() -> bool {
        std::env::var_os("GIT_INDEX_FILE").is_some()
    }

    /// The settings of secret managers, by name; one that is not UTF-8 counts as not set. They may be credentials.
    pub(crate) fn settings(names: impl Iterator<Item = &'static str>) -> Vec<(&'static str, Option<Secret<String>>)> {
        names.map(|name| (name, std::env::var(name).ok().map(Secret::new))).collect()
    }

    /// All variables, for a child process that gets them.
    pub(crate) fn all() -> Vec<(OsString, OsString)> {
        std::env::vars_os().collect()
    }
}
