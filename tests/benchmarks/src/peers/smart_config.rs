//! smart-config: two derives, a schema that interprets the sources. A service builds the schema when it starts, so
//! building it is part of the load.

mod written_out;

use std::path::Path;

use smart_config::de::Serde;
use smart_config::{ConfigRepository, ConfigSchema, DeserializeConfig, Environment};

use crate::fields::Mode;
use crate::group::Group;
use crate::peer::{Load, Peer};

use written_out::{Hundred, Ten};

pub const PEERS: &[Peer] = &[
    Peer::new::<FromEnvironment, Ten>("smart-config", Group::Env10),
    Peer::new::<FromEnvironment, Hundred>("smart-config", Group::Env100),
];

/// The enum has no deserializer known to smart-config; this names serde's.
impl smart_config::de::WellKnown for Mode {
    type Deserializer = Serde![str];
    const DE: Self::Deserializer = Serde![str];
}

struct FromEnvironment;

impl<T: DeserializeConfig> Load<T> for FromEnvironment {
    fn load(_: &Path) -> T {
        let schema = ConfigSchema::new(&T::DESCRIPTION, "");
        let repository = ConfigRepository::new(&schema).with(Environment::prefixed(""));
        let parser = repository.single::<T>().expect("the schema holds one configuration");
        parser.parse().expect("the environment is complete")
    }
}
