//! The typed tree of a configuration struct: what its tokens and attributes say, before anything is checked across fields.

use syn::{Data, DeriveInput, Fields, Ident, Type};

use crate::attr::config::{FieldConfig, StructConfig};
use crate::attr::doc_of;
use crate::attr::validate::{FieldChecks, SchemaCheck, schema_checks};
use crate::error::Errors;
use crate::naming::{RenameRule, prefix_of, variable_of};
use crate::types::{Form, Typed};

/// A struct that derives `AppConfig`.
pub(crate) struct Struct<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) doc: String,
    pub(crate) config: StructConfig,
    pub(crate) checks: Vec<SchemaCheck>,
    pub(crate) fields: Vec<Field<'a>>,
}

/// A field of it.
pub(crate) struct Field<'a> {
    pub(crate) ident: &'a Ident,
    /// Its name without `r#`.
    pub(crate) name: String,
    pub(crate) doc: String,
    /// The whole type.
    pub(crate) ty: &'a Type,
    /// Whether the type is an `Option`.
    pub(crate) optional: bool,
    /// The type inside the `Option`, or the whole.
    pub(crate) value: Typed<'a>,
    pub(crate) config: FieldConfig,
    pub(crate) checks: FieldChecks,
}

impl<'a> Struct<'a> {
    /// Reads the struct; nothing where the item is none that can be configured.
    pub(crate) fn read(input: &'a DeriveInput, errors: &mut Errors) -> Option<Self> {
        let data = match &input.data {
            Data::Struct(data) => data,
            Data::Enum(data) => {
                let help = "`AppConfig` is derived for structs; an enum is the type of a field: derive `ConfigValue` for it";
                errors.at(data.enum_token.span, help);
                return None;
            }
            Data::Union(data) => {
                errors.at(data.union_token.span, "`AppConfig` is derived for structs with named fields, not for unions");
                return None;
            }
        };
        let Fields::Named(named) = &data.fields else {
            errors.on(&input.ident, "`AppConfig` needs a struct with named fields: the names of its variables come from them");
            return None;
        };
        if !input.generics.params.is_empty() {
            errors.on(&input.generics, "`AppConfig` is derived for structs without generics: a schema has one type for each key");
            return None;
        }
        let config = StructConfig::read(&input.attrs, errors);
        let checks = schema_checks(&input.attrs, errors);
        let fields = named.named.iter().filter_map(|field| Field::read(field, errors)).collect();
        Some(Self { ident: &input.ident, doc: doc_of(&input.attrs), config, checks, fields })
    }

    /// What comes before the derived names of its variables.
    pub(crate) fn prefix(&self) -> String {
        self.config.prefix.as_ref().map_or_else(String::new, |prefix| prefix_of(&prefix.value()))
    }

    /// Name of the service: as given, else the struct's in kebab-case.
    pub(crate) fn name(&self) -> String {
        match &self.config.name {
            Some(name) => name.value(),
            None => RenameRule::Kebab.of_variant(&unraw(self.ident)),
        }
    }

    /// The kind of an environment, as it is written in attributes.
    pub(crate) fn kind_of(&self, environment: &Ident) -> String {
        self.config.environments.iter().find(|(own, _)| own == environment).map_or(environment, |(_, kind)| kind).to_string()
    }

    pub(crate) fn field(&self, name: &str) -> Option<&Field<'a>> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl<'a> Field<'a> {
    fn read(field: &'a syn::Field, errors: &mut Errors) -> Option<Self> {
        let ident = field.ident.as_ref()?;
        let config = FieldConfig::read(&field.attrs, errors);
        let checks = FieldChecks::read(&field.attrs, errors);
        let whole = Typed::of(&field.ty);
        let (optional, value) = match whole.form {
            Form::Option(inner) => (true, *inner),
            _ => (false, whole),
        };
        Some(Self { ident, name: unraw(ident), doc: doc_of(&field.attrs), ty: &field.ty, optional, value, config, checks })
    }

    /// Whether the field is a struct whose keys are its own.
    pub(crate) fn is_group(&self) -> bool {
        self.config.nested.is_some() || self.config.flatten.is_some()
    }

    /// Whether the loader gives the value: the environment itself.
    pub(crate) fn is_environment(&self) -> bool {
        matches!(self.value.form, Form::Environment) && self.config.with.is_none() && !self.is_group()
    }

    /// Whether nothing of the value may be shown.
    pub(crate) fn is_secret(&self) -> bool {
        self.config.secret.is_some() || self.value.holds_secret()
    }

    /// Whether the schema demands nothing: validator's `required` turns an `Option` into a demand.
    pub(crate) fn may_be_absent(&self) -> bool {
        self.optional && self.checks.required.is_none()
    }

    /// The variable as written in full, when it is.
    pub(crate) fn exact_variable(&self) -> Option<String> {
        match &self.config.env {
            Some(name) => Some(name.value()),
            None => self.is_environment().then(|| "APP_ENV".to_owned()),
        }
    }

    /// The variable without the prefixes of the structs around it.
    pub(crate) fn derived_variable(&self, rule: Option<RenameRule>) -> String {
        variable_of(&self.name, rule)
    }

    /// The key in config files.
    pub(crate) fn file_key(&self, rule: Option<RenameRule>) -> String {
        match (&self.config.rename, rule) {
            (Some(rename), _) => rename.value(),
            (None, Some(rule)) => rule.of_field(&self.name),
            (None, None) => self.name.clone(),
        }
    }

    /// What comes before the variables of a group.
    pub(crate) fn group_prefix(&self, rule: Option<RenameRule>) -> String {
        match &self.config.prefix {
            Some(prefix) => prefix_of(&prefix.value()),
            None if self.config.flatten.is_some() => String::new(),
            None => format!("{}_", self.derived_variable(rule)),
        }
    }

    pub(crate) fn separator(&self) -> String {
        self.config.separator.as_ref().map_or_else(|| ",".to_owned(), syn::LitStr::value)
    }

    /// The type that checks and the schema speak of: `Option` and `Secret` taken off.
    pub(crate) fn exposed(&self) -> &Typed<'a> {
        self.value.exposed()
    }
}

/// A name without `r#`.
pub(crate) fn unraw(ident: &Ident) -> String {
    let name = ident.to_string();
    name.strip_prefix("r#").map(ToOwned::to_owned).unwrap_or(name)
}
