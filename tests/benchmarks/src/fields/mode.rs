//! The enum among the fields, readable by peers that use serde and by peers that use `FromStr`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    Canary,
    Stable,
    Frozen,
}

#[derive(Debug)]
pub struct UnknownMode;

impl FromStr for Mode {
    type Err = UnknownMode;

    fn from_str(text: &str) -> Result<Self, UnknownMode> {
        match text {
            "canary" => Ok(Self::Canary),
            "stable" => Ok(Self::Stable),
            "frozen" => Ok(Self::Frozen),
            _ => Err(UnknownMode),
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Canary => "canary",
            Self::Stable => "stable",
            Self::Frozen => "frozen",
        })
    }
}

impl fmt::Display for UnknownMode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("expected canary, stable or frozen")
    }
}

impl std::error::Error for UnknownMode {}
