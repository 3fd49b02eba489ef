//! What the derive implements: the shape of a struct, and how it is constructed from a snapshot.

use std::sync::Arc;

use crate::construct::Construct;
use crate::provider::Provider;
use crate::schema::{Schema, Shape};

/// A struct that can be loaded. Implemented by `#[derive(AppConfig)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no configuration struct",
    label = "this struct does not derive `AppConfig`",
    note = "add `#[derive(AppConfig)]` to it, or remove `nested` or `flatten` from the field"
)]
pub trait AppConfig: Sized + 'static {
    /// The struct as the derive laid it out.
    #[doc(hidden)]
    const SHAPE: &'static Shape;

    /// The composed schema, made once for each process.
    #[doc(hidden)]
    fn layout() -> &'static Schema;

    /// Constructs the struct; `None` when a field could not be, in which case the snapshot says why. Every field is visited.
    #[doc(hidden)]
    fn construct(construct: &mut Construct<'_>) -> Option<Self>;

    /// The providers that the facade was compiled with; they are asked after those that a loader was given.
    #[doc(hidden)]
    fn providers() -> Vec<Arc<dyn Provider>> {
        Vec::new()
    }

    /// All that the service declares.
    fn schema() -> Schema {
        Self::layout().clone()
    }
}
