//! No library: what a service author writes without one, `std::env::var` and `parse` for each field, and for `.env`
//! files a split at the first `=` with the quotes taken off.

use std::collections::HashMap;
use std::path::Path;

use crate::fields::{Mode, fields_as_text, hundred, ten};
use crate::group::Group;
use crate::peer::{Load, Peer};

pub const PEERS: &[Peer] = &[
    Peer::new::<EnvironmentVariables, Ten>("hand-written", Group::Env10),
    Peer::new::<EnvironmentVariables, Hundred>("hand-written", Group::Env100),
    Peer::new::<SplitLines, Ten>("hand-written", Group::Dotenv10),
    Peer::new::<SplitLines, Hundred>("hand-written", Group::Dotenv100),
    Peer::new::<SplitLines, Hundred>("hand-written", Group::Dotenv10000),
];

struct EnvironmentVariables;

struct SplitLines;

macro_rules! declare {
    ($name:ident $(($field:ident $variable:tt $kind:ident))*) => {
        struct $name {
            $($field: $kind,)*
        }

        impl Load<$name> for EnvironmentVariables {
            fn load(_: &Path) -> $name {
                $name {
                    $($field: std::env::var($variable)
                        .expect("the variable is set")
                        .parse()
                        .expect("the value is well formed"),)*
                }
            }
        }

        impl Load<$name> for SplitLines {
            fn load(dir: &Path) -> $name {
                let text = std::fs::read_to_string(dir.join(".env")).expect("the file can be read");
                let values: HashMap<&str, &str> = text.lines().filter_map(|line| line.split_once('=')).collect();
                $name {
                    $($field: values[$variable]
                        .trim_matches('"')
                        .parse()
                        .expect("the value is well formed"),)*
                }
            }
        }

        fields_as_text!($name $($field)*);
    };
}

ten!(declare);
hundred!(declare);
