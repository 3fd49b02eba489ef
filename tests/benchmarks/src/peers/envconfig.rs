//! envconfig: its own derive, one lookup in the process environment for each field.

use std::path::Path;

use envconfig::Envconfig;

use crate::fields::{Mode, fields_as_text, hundred, ten};
use crate::group::Group;
use crate::peer::{Load, Peer};

pub const PEERS: &[Peer] =
    &[Peer::new::<FromEnvironment, Ten>("envconfig", Group::Env10), Peer::new::<FromEnvironment, Hundred>("envconfig", Group::Env100)];

macro_rules! declare {
    ($name:ident $(($field:ident $variable:tt $kind:ident))*) => {
        #[derive(Envconfig)]
        struct $name {
            $(
                #[envconfig(from = $variable)]
                $field: $kind,
            )*
        }

        fields_as_text!($name $($field)*);
    };
}

ten!(declare);
hundred!(declare);

struct FromEnvironment;

impl<T: Envconfig> Load<T> for FromEnvironment {
    fn load(_: &Path) -> T {
        T::init_from_env().expect("the environment is complete")
    }
}
