//! config: sources merged into a tree of values, serde reads the tree.

use std::path::Path;

use config::{Config, Environment};
use serde::de::DeserializeOwned;

use crate::fields::{Hundred, Ten};
use crate::group::Group;
use crate::peer::{Load, Peer};

pub const PEERS: &[Peer] =
    &[Peer::new::<FromEnvironment, Ten>("config", Group::Env10), Peer::new::<FromEnvironment, Hundred>("config", Group::Env100)];

struct FromEnvironment;

impl<T: DeserializeOwned> Load<T> for FromEnvironment {
    fn load(_: &Path) -> T {
        Config::builder().add_source(Environment::default()).build().and_then(Config::try_deserialize).expect("the environment is complete")
    }
}
