//! The schema without any text of a secret, so that no page made from it can show one.

use configcheck_core::Schema;
use configcheck_core::display::mask_userinfo;
use configcheck_core::schema::{DefaultSpec, FieldSpec, Key};

/// The same schema; defaults and examples of what hides its value are gone, and passwords in those of other keys are masked. Its text
/// lives as long as the process, as that of every schema does.
pub(super) fn without_secrets(schema: &Schema) -> Schema {
    let keys = schema.keys().iter().map(|key| Key { spec: Box::leak(Box::new(quiet(key.spec))), ..key.clone() }).collect();
    Schema::of_keys(schema.name(), schema.doc(), schema.environments(), keys, schema.groups().to_vec())
}

fn quiet(spec: &FieldSpec) -> FieldSpec {
    let hides = spec.hides_value();
    let shown = |text: &'static str| -> &'static str { if hides { "" } else { mask_userinfo(text).into_owned().leak() } };
    let defaults: Vec<DefaultSpec> = spec.defaults.iter().map(|default| DefaultSpec { text: shown(default.text), ..*default }).collect();
    FieldSpec { defaults: defaults.leak(), example: spec.example.filter(|_| !hides).map(shown), ..*spec }
}
