//! Configcheck itself, as a service uses it.

use std::path::Path;

use configcheck::{AppConfig, Loader};

use crate::fields::{Mode, fields_as_text, hundred, ten};
use crate::group::Group;
use crate::peer::{Load, Peer};

pub const PEERS: &[Peer] = &[
    Peer::new::<FromEnvironment, Ten>("configcheck", Group::Env10),
    Peer::new::<FromEnvironment, Hundred>("configcheck", Group::Env100),
    Peer::new::<FromDotenv, Ten>("configcheck", Group::Dotenv10),
    Peer::new::<FromDotenv, Hundred>("configcheck", Group::Dotenv100),
    Peer::new::<FromDotenv, Hundred>("configcheck", Group::Dotenv10000),
];

macro_rules! declare {
    ($name:ident $(($field:ident $variable:tt $kind:ident))*) => {
        #[derive(AppConfig)]
        struct $name {
            $($field: $kind,)*
        }

        fields_as_text!($name $($field)*);
    };
}

ten!(declare);
hundred!(declare);

struct FromEnvironment;

impl<T: AppConfig> Load<T> for FromEnvironment {
    fn load(_: &Path) -> T {
        Loader::new().no_dotenv().load().unwrap_or_else(|problem| panic!("{problem}"))
    }
}

struct FromDotenv;

impl<T: AppConfig> Load<T> for FromDotenv {
    fn load(dir: &Path) -> T {
        Loader::new()
            .environment("development")
            .dotenv_dir(dir)
            .vars(std::iter::empty::<(String, String)>())
            .load()
            .unwrap_or_else(|problem| panic!("{problem}"))
    }
}
