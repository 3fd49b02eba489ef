//! confique: its own derive, fields bound to variables, one lookup for each.

use std::path::Path;

use confique::Config;

use crate::fields::{Mode, fields_as_text, hundred, ten};
use crate::group::Group;
use crate::peer::{Load, Peer};

pub const PEERS: &[Peer] =
    &[Peer::new::<FromEnvironment, Ten>("confique", Group::Env10), Peer::new::<FromEnvironment, Hundred>("confique", Group::Env100)];

macro_rules! declare {
    ($name:ident $(($field:ident $variable:tt $kind:ident))*) => {
        #[derive(Config)]
        struct $name {
            $(
                #[config(env = $variable)]
                $field: $kind,
            )*
        }

        fields_as_text!($name $($field)*);
    };
}

ten!(declare);
hundred!(declare);

struct FromEnvironment;

impl<T: Config> Load<T> for FromEnvironment {
    fn load(_: &Path) -> T {
        T::builder().env().load().expect("the environment is complete")
    }
}
