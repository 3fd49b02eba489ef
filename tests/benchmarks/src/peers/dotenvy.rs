//! dotenvy: its parser alone, and with envy behind it, which is how typed services use it without touching globals.

use std::path::Path;

use serde::de::DeserializeOwned;

use crate::fields::{Fields, Hundred, Ten};
use crate::group::Group;
use crate::peer::{Load, Peer};

pub const PEERS: &[Peer] = &[
    Peer::new::<DotenvyAndEnvy, Ten>("dotenvy + envy", Group::Dotenv10),
    Peer::new::<DotenvyAndEnvy, Hundred>("dotenvy + envy", Group::Dotenv100),
    Peer::new::<DotenvyAndEnvy, Hundred>("dotenvy + envy", Group::Dotenv10000),
    Peer::new::<DotenvyAlone, Pairs>("dotenvy, parse only", Group::Dotenv10),
    Peer::new::<DotenvyAlone, Pairs>("dotenvy, parse only", Group::Dotenv100),
    Peer::new::<DotenvyAlone, Pairs>("dotenvy, parse only", Group::Dotenv10000),
];

struct DotenvyAndEnvy;

impl<T: DeserializeOwned> Load<T> for DotenvyAndEnvy {
    fn load(dir: &Path) -> T {
        envy::from_iter(pairs(dir)).expect("the file is complete")
    }
}

struct DotenvyAlone;

/// All that a parser alone can give: names and text.
struct Pairs(Vec<(String, String)>);

impl Load<Pairs> for DotenvyAlone {
    fn load(dir: &Path) -> Pairs {
        Pairs(pairs(dir).collect())
    }
}

impl Fields for Pairs {
    fn values(&self) -> Vec<String> {
        let ours = |(name, _): &&(String, String)| !name.starts_with("SOMEBODY_ELSE_");
        self.0.iter().filter(ours).map(|(_, value)| value.clone()).collect()
    }
}

fn pairs(dir: &Path) -> impl Iterator<Item = (String, String)> {
    dotenvy::from_path_iter(dir.join(".env")).expect("the file can be opened").map(|pair| pair.expect("every line is well formed"))
}
