//! `configcheck.toml`: the settings of a project.

use configcheck_checks::Policy;
use configcheck_core::Severity;
use configcheck_core::environment::EnvironmentKind;

/// The settings of a project.
#[derive(Clone, Debug, Default)]
pub(crate) struct ProjectFile {
    pub(crate) path: String,
    pub(crate) schema: Option<String>,
    pub(crate) example: Option<String>,
    pub(crate) dialect: Option<String>,
    pub(crate) readers: Option<Vec<String>>,
    pub(crate) fail_on: Option<Severity>,
    pub(crate) exclude: Vec<String>,
    pub(crate) baseline: Option<String>,
    pub(crate) environments: Vec<EnvironmentFiles>,
    pub(crate) policy: Policy,
}

/// The files of an environment.
#[derive(Clone, Debug)]
pub(crate) struct EnvironmentFiles {
    pub(crate) name: String,
    pub(crate) kind: Option<EnvironmentKind>,
    pub(crate) files: Vec<String>,
}

pub(crate) fn parse(_bytes: &[u8], path: &str) -> Result<ProjectFile, crate::failure::Failure> {
    Err(crate::failure::Failure::usage("settings cannot be read yet").at(path))
}
