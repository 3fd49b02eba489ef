//! envy: one pass over the process environment, serde does the rest.

use std::path::Path;

use serde::de::DeserializeOwned;

use crate::fields::{Hundred, Ten};
use crate::group::Group;
use crate::peer::{Load, Peer};

pub const PEERS: &[Peer] = &[Peer::new::<Envy, Ten>("envy", Group::Env10), Peer::new::<Envy, Hundred>("envy", Group::Env100)];

struct Envy;

impl<T: DeserializeOwned> Load<T> for Envy {
    fn load(_: &Path) -> T {
        envy::from_env().expect("the environment is complete")
    }
}
