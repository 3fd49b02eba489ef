//! Whether a source itself holds a value, as opposed to a reference to it or a text that stands in for it.

use configcheck_core::SecretRef;
use configcheck_core::origin::Origin;
use configcheck_core::provider::OutcomeKind;
use configcheck_core::snapshot::Entry;
use configcheck_core::value::RawValue;

use super::KeyView;
use super::placeholder::{Within, is_placeholder};

impl<'a> KeyView<'a> {
    /// Those of its values that the sources themselves hold, lowest layer first: no references, no placeholders, and nothing that is empty.
    pub fn literals(&self) -> impl Iterator<Item = &'a Entry> + use<'a> {
        let this = *self;
        this.entries().filter(move |entry| !this.is_fetched(entry.origin) && this.is_literal(&entry.value))
    }

    /// The value that decides, when a source itself holds it.
    pub fn literal(&self) -> Option<&'a Entry> {
        self.slot.winner.as_ref().filter(|entry| !self.is_fetched(entry.origin) && self.is_literal(&entry.value))
    }

    /// Whether a value at this place was fetched, so that only its reference stands there.
    fn is_fetched(&self, origin: Origin) -> bool {
        self.slot.resolved().is_some_and(|resolved| resolved.outcome == OutcomeKind::Found) && self.slot.origin() == Some(origin)
    }

    fn is_literal(&self, value: &RawValue) -> bool {
        match value {
            RawValue::Text(text) => text.text().map_or(!text.bytes().is_empty(), |text| {
                !text.is_empty()
                    && !SecretRef::is_reference(text)
                    && !is_placeholder(text, Within::Secret)
                    && self.key.spec.example != Some(text)
            }),
            RawValue::List(items) => items.iter().any(|item| self.is_literal(item)),
            RawValue::Table(rows) => rows.iter().any(|(_, value)| self.is_literal(value)),
        }
    }
}
