//! The configuration that every peer loads: ten or a hundred fields, five kinds in turn.

mod list;
mod mode;
mod plain;

pub(crate) use list::{hundred, ten};
pub use mode::Mode;
pub use plain::{Hundred, Ten};

/// A loaded struct that can be compared with what was put in.
pub trait Fields {
    /// The fields as text, in their order.
    fn values(&self) -> Vec<String>;
}

/// Implements [`Fields`] for a struct made from the list.
macro_rules! fields_as_text {
    ($name:ident $($field:ident)*) => {
        impl $crate::fields::Fields for $name {
            fn values(&self) -> Vec<String> {
                vec![$(self.$field.to_string()),*]
            }
        }
    };
}

pub(crate) use fields_as_text;

/// The variable of the field at `index`; agrees with the list in `list.rs`, which the `check` command proves.
pub fn variable(index: usize) -> String {
    let stem = ["SERVICE_NAME", "WORKER_COUNT", "VERBOSE_FLAG", "RELEASE_MODE", "BYTE_OFFSET"][index % 5];
    format!("{stem}_{index:02}")
}

/// The value of the field at `index`, as it is written in the environment.
pub fn value(index: usize) -> String {
    match index % 5 {
        0 => format!("orders service {index:02}"),
        1 => (4000 + index).to_string(),
        2 => index.is_multiple_of(2).to_string(),
        3 => [Mode::Canary, Mode::Stable, Mode::Frozen][index % 3].to_string(),
        _ => format!("-{index}000000007"),
    }
}
