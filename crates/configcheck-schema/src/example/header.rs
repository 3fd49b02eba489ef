//! What the header of a file says of all its keys.

use configcheck_core::display::escaped;
use configcheck_core::schema::ENVIRONMENT_VARIABLE;
use configcheck_core::suggest::nearest;

use super::decorators::{Decorator, DecoratorValue};
use super::known::{Belongs, KNOWN, known};
use super::value::Value;

/// Of keys that do not say themselves whether a value is demanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DefaultRequired {
    Yes,
    No,
    /// Where the file holds a value.
    Infer,
}

/// Of keys that do not say themselves whether they are secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum DefaultSensitive {
    Yes,
    No,
    /// Not where the name starts so.
    ButPrefix(String),
}

/// The header.
#[derive(Clone, Debug)]
pub(super) struct Header {
    /// Whether a decorator of env-spec stands in it: then its defaults hold, and prose decides nothing.
    pub(super) is_used: bool,
    pub(super) required: DefaultRequired,
    pub(super) sensitive: DefaultSensitive,
    /// The variable that chooses the environment.
    pub(super) environment: String,
}

impl Default for Header {
    fn default() -> Self {
        Self {
            is_used: false,
            required: DefaultRequired::Infer,
            sensitive: DefaultSensitive::Yes,
            environment: ENVIRONMENT_VARIABLE.to_owned(),
        }
    }
}

impl Header {
    /// Takes a decorator in; says what of it has no effect.
    pub(super) fn apply(&mut self, decorator: &Decorator) -> Option<String> {
        let name = &decorator.name;
        let Some(known) = known(name).filter(|_| decorator.value != DecoratorValue::Broken) else {
            return Some(unknown(name));
        };
        if known.belongs == Belongs::Key {
            return Some(format!("@{name} stands in the header, where it says nothing of a key"));
        }
        self.is_used = true;
        let is_taken = match name.as_str() {
            "defaultRequired" => self.default_required(decorator),
            "defaultSensitive" => self.default_sensitive(decorator),
            "currentEnv" => self.environment(decorator.text().and_then(|text| text.strip_prefix('$'))),
            "envFlag" => self.environment(decorator.text()),
            _ => return Some(without_effect(name, known.what)),
        };
        (!is_taken).then(|| format!("the value of @{name} is none that can be read here"))
    }

    fn default_required(&mut self, decorator: &Decorator) -> bool {
        let said = match decorator.flag() {
            Some(true) => Some(DefaultRequired::Yes),
            Some(false) => Some(DefaultRequired::No),
            None => decorator.text().filter(|text| *text == "infer").map(|_| DefaultRequired::Infer),
        };
        self.required = said.unwrap_or(self.required);
        said.is_some()
    }

    fn default_sensitive(&mut self, decorator: &Decorator) -> bool {
        let said = match (decorator.flag(), &decorator.value) {
            (Some(true), _) => Some(DefaultSensitive::Yes),
            (Some(false), _) => Some(DefaultSensitive::No),
            (None, DecoratorValue::Is(Value::Call(function, arguments))) if function == "inferFromPrefix" => {
                arguments.first().and_then(|prefix| prefix.value.text()).map(|prefix| DefaultSensitive::ButPrefix(prefix.to_owned()))
            }
            _ => None,
        };
        let is_taken = said.is_some();
        self.sensitive = said.unwrap_or_else(|| self.sensitive.clone());
        is_taken
    }

    fn environment(&mut self, name: Option<&str>) -> bool {
        self.environment = name.unwrap_or(&self.environment).to_owned();
        name.is_some()
    }
}

/// What to say of a decorator that env-spec does not have. It is repeated only where it is one, or near to one: anything may stand there.
pub(super) fn unknown(name: &str) -> String {
    match nearest(name, KNOWN.iter().map(|known| known.name)) {
        Some(meant) if meant == name => format!("the value of @{name} is not well formed"),
        Some(meant) => format!("@{} is no decorator of env-spec: did you mean @{meant}?", escaped(name)),
        None => "a decorator here is none of env-spec".to_owned(),
    }
}

/// What to say of a decorator that does nothing here.
pub(super) fn without_effect(name: &str, what: &str) -> String {
    format!("@{name} has no effect here: {what}")
}
