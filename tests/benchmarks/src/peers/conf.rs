//! conf: its own derive over a snapshot of the environment; the command line stays empty.

use std::path::Path;

use conf::Conf;

use crate::fields::{Mode, fields_as_text, hundred, ten};
use crate::group::Group;
use crate::peer::{Load, Peer};

pub const PEERS: &[Peer] =
    &[Peer::new::<FromEnvironment, Ten>("conf", Group::Env10), Peer::new::<FromEnvironment, Hundred>("conf", Group::Env100)];

macro_rules! declare {
    ($name:ident $(($field:ident $variable:tt $kind:ident))*) => {
        #[derive(Conf)]
        struct $name {
            $(
                #[conf(parameter, env)]
                $field: $kind,
            )*
        }

        fields_as_text!($name $($field)*);
    };
}

ten!(declare);
hundred!(declare);

struct FromEnvironment;

impl<T: Conf> Load<T> for FromEnvironment {
    fn load(_: &Path) -> T {
        T::try_parse_from(["service"], std::env::vars_os()).expect("the environment is complete")
    }
}
