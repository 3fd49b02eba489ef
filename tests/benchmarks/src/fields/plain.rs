//! The struct for the peers that bring no derive of their own and build on serde's.

use serde::Deserialize;

use super::{Mode, fields_as_text, hundred, ten};

macro_rules! declare {
    ($name:ident $(($field:ident $variable:tt $kind:ident))*) => {
        #[derive(Deserialize)]
        pub struct $name {
            $(pub $field: $kind,)*
        }

        fields_as_text!($name $($field)*);
    };
}

ten!(declare);
hundred!(declare);
