//! A group is one question put to several peers: where the values lie and how many there are.

use crate::fields;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Ten fields from the process environment.
    Env10,
    /// A hundred fields from the process environment.
    Env100,
    /// Ten fields from a `.env` file of ten lines.
    Dotenv10,
    /// A hundred fields from a `.env` file of a hundred lines.
    Dotenv100,
    /// A hundred fields from a `.env` file of ten thousand lines; the other lines belong to somebody else.
    Dotenv10000,
}

const ALL: [Group; 5] = [Group::Env10, Group::Env100, Group::Dotenv10, Group::Dotenv100, Group::Dotenv10000];

impl Group {
    pub fn parse(name: &str) -> Result<Self, String> {
        ALL.into_iter().find(|group| group.name() == name).ok_or_else(|| format!("no group is called {name}"))
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Env10 => "env/10",
            Self::Env100 => "env/100",
            Self::Dotenv10 => "dotenv/10",
            Self::Dotenv100 => "dotenv/100",
            Self::Dotenv10000 => "dotenv/10000",
        }
    }

    pub fn reads_dotenv(self) -> bool {
        self.lines() > 0
    }

    /// Lines of the `.env` file.
    pub fn lines(self) -> usize {
        match self {
            Self::Env10 | Self::Env100 => 0,
            Self::Dotenv10 => 10,
            Self::Dotenv100 => 100,
            Self::Dotenv10000 => 10_000,
        }
    }

    pub fn fields(self) -> usize {
        match self {
            Self::Env10 | Self::Dotenv10 => 10,
            Self::Env100 | Self::Dotenv100 | Self::Dotenv10000 => 100,
        }
    }

    /// What every peer must have loaded, field by field, as text.
    pub fn expected_values(self) -> Vec<String> {
        (0..self.fields()).map(fields::value).collect()
    }
}
