//! figment: providers merged into a tree of values, serde reads the tree.

use std::path::Path;

use figment::Figment;
use figment::providers::Env;
use serde::de::DeserializeOwned;

use crate::fields::{Hundred, Ten};
use crate::group::Group;
use crate::peer::{Load, Peer};

pub const PEERS: &[Peer] =
    &[Peer::new::<FromEnvironment, Ten>("figment", Group::Env10), Peer::new::<FromEnvironment, Hundred>("figment", Group::Env100)];

struct FromEnvironment;

impl<T: DeserializeOwned> Load<T> for FromEnvironment {
    fn load(_: &Path) -> T {
        Figment::from(Env::raw()).extract().expect("the environment is complete")
    }
}
