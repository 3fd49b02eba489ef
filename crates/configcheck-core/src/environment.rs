//! Which environment a process runs in: four kinds, and names of a team's own that map to one of them.

use std::borrow::Cow;
use std::fmt;

/// What an environment is for. Rules decide by kind, so that `qa` or `prod_eu` are treated as what they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EnvironmentKind {
    /// A developer's machine.
    Development,
    /// Automated tests.
    Test,
    /// A rehearsal of production.
    Staging,
    /// What customers use.
    Production,
}

impl EnvironmentKind {
    /// The canonical name, as it is written in `APP_ENV` and in attributes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Test => "test",
            Self::Staging => "staging",
            Self::Production => "production",
        }
    }

    /// Whether `.env` files are read here unless a loader says otherwise.
    pub const fn reads_dotenv(self) -> bool {
        matches!(self, Self::Development | Self::Test)
    }

    /// Whether the kind is a deployed one, where placeholders and localhost are mistakes.
    pub const fn is_deployed(self) -> bool {
        matches!(self, Self::Staging | Self::Production)
    }
}

/// The environment that a process runs in, chosen by `APP_ENV`; there is no default.
///
/// ```
/// use configcheck_core::{Environment, EnvironmentKind};
///
/// assert_eq!(Environment::parse("prod", &[]), Some(Environment::Production));
/// let own = Environment::parse("qa", &[("qa", EnvironmentKind::Staging)]).unwrap();
/// assert_eq!((own.name(), own.kind()), ("qa", EnvironmentKind::Staging));
/// assert_eq!(Environment::parse("Production", &[]), None);
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Environment {
    /// `development` or `dev`.
    Development,
    /// `test`.
    Test,
    /// `staging` or `stage`.
    Staging,
    /// `production` or `prod`.
    Production,
    /// A name that the schema declares with its kind: `#[config(environments(qa = staging))]`.
    Named {
        /// The name as declared.
        name: Cow<'static, str>,
        /// What the named environment is treated as.
        kind: EnvironmentKind,
    },
}

impl Environment {
    /// Reads a name: the four canonical ones, `dev`, `stage` and `prod`, and the declared ones; nothing else, and no other case.
    pub fn parse(text: &str, declared: &[(&'static str, EnvironmentKind)]) -> Option<Self> {
        if let Some((name, kind)) = declared.iter().find(|(name, _)| *name == text) {
            return Some(Self::Named { name: Cow::Borrowed(name), kind: *kind });
        }
        Some(match text {
            "development" | "dev" => Self::Development,
            "test" => Self::Test,
            "staging" | "stage" => Self::Staging,
            "production" | "prod" => Self::Production,
            _ => return None,
        })
    }

    /// The canonical name: `production` for `prod`, a declared name as declared.
    pub fn name(&self) -> &str {
        match self {
            Self::Named { name, .. } => name,
            other => other.kind().name(),
        }
    }

    /// What the environment is treated as.
    pub const fn kind(&self) -> EnvironmentKind {
        match self {
            Self::Development => EnvironmentKind::Development,
            Self::Test => EnvironmentKind::Test,
            Self::Staging => EnvironmentKind::Staging,
            Self::Production => EnvironmentKind::Production,
            Self::Named { kind, .. } => *kind,
        }
    }

    /// Whether the environment is production, under whatever name.
    pub const fn is_production(&self) -> bool {
        matches!(self.kind(), EnvironmentKind::Production)
    }

    /// Whether a list of names in an attribute (`required_in(staging, qa)`) means this environment, by its name or its kind.
    pub fn is_in(&self, names: &[&str]) -> bool {
        names.iter().any(|name| *name == self.name() || *name == self.kind().name())
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
