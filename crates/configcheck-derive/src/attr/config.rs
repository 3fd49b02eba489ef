//! The grammar of `#[config(…)]` on structs, fields, enums and variants.

use syn::parse::ParseStream;
use syn::{Attribute, Error, Ident, LitStr, Path, Result};

use super::literal::{Literal, literal};
use super::{equals, flag, group, names, path, set, string, strings, unknown, words, wrong_form};
use crate::error::Errors;
use crate::naming::RenameRule;
use crate::suggest::did_you_mean;
use crate::symbols;

/// The words on a struct.
#[derive(Default)]
pub(crate) struct StructConfig {
    pub(crate) name: Option<LitStr>,
    pub(crate) prefix: Option<LitStr>,
    pub(crate) rename_all: Option<RenameRule>,
    pub(crate) environments: Vec<(Ident, Ident)>,
    pub(crate) krate: Option<Path>,
    pub(crate) no_debug: Option<Ident>,
}

/// The words on a field.
#[derive(Default)]
pub(crate) struct FieldConfig {
    pub(crate) env: Option<LitStr>,
    pub(crate) prefix: Option<LitStr>,
    pub(crate) defaults: Vec<DefaultValue>,
    pub(crate) example: Option<Literal>,
    pub(crate) secret: Option<Ident>,
    pub(crate) public: Option<Ident>,
    pub(crate) from: Vec<LitStr>,
    pub(crate) aliases: Vec<LitStr>,
    pub(crate) deprecated: Option<Deprecated>,
    pub(crate) required_in: Vec<Ident>,
    pub(crate) forbid_default_in: Vec<Ident>,
    pub(crate) requires: Vec<LitStr>,
    pub(crate) conflicts: Vec<LitStr>,
    pub(crate) one_of: Option<LitStr>,
    pub(crate) separator: Option<LitStr>,
    pub(crate) nested: Option<Ident>,
    pub(crate) flatten: Option<Ident>,
    pub(crate) with: Option<Path>,
    pub(crate) allow_empty: Option<Ident>,
    pub(crate) live: Option<Ident>,
    pub(crate) rename: Option<LitStr>,
    /// Every word that stands there, in order.
    pub(crate) words: Vec<Ident>,
}

/// A default, for one environment or for all.
pub(crate) struct DefaultValue {
    pub(crate) word: Ident,
    pub(crate) environment: Option<Ident>,
    pub(crate) value: Literal,
}

/// What `deprecated` says.
#[derive(Default)]
pub(crate) struct Deprecated {
    pub(crate) since: Option<LitStr>,
    pub(crate) note: Option<LitStr>,
}

/// The words on an enum that derives `ConfigValue`.
#[derive(Default)]
pub(crate) struct EnumConfig {
    pub(crate) rename_all: Option<RenameRule>,
    pub(crate) krate: Option<Path>,
}

/// The words on a variant.
#[derive(Default)]
pub(crate) struct VariantConfig {
    pub(crate) rename: Option<LitStr>,
    pub(crate) aliases: Vec<LitStr>,
}

fn each_config(attributes: &[Attribute], errors: &mut Errors, mut read: impl FnMut(&Ident, ParseStream<'_>, &mut Errors) -> Result<()>) {
    for attribute in attributes {
        if attribute.path().is_ident("config") {
            words(attribute, errors, &mut read);
        }
    }
}

impl StructConfig {
    pub(crate) fn read(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut config = Self::default();
        each_config(attributes, errors, |word, input, errors| config.word(word, input, errors));
        config
    }

    fn word(&mut self, word: &Ident, input: ParseStream<'_>, errors: &mut Errors) -> Result<()> {
        match word.to_string().as_str() {
            "name" => set(&mut self.name, string(input, word, "`name = \"checkout\"`")?, word),
            "prefix" => set(&mut self.prefix, string(input, word, "`prefix = \"APP_\"`")?, word),
            "rename_all" => set(&mut self.rename_all, rename_rule(input, word)?, word),
            "environments" => self.environments(word, input, errors),
            "crate" => set(&mut self.krate, path(input, word, "`crate = \"path\"`")?, word),
            "no_debug" => set(&mut self.no_debug, flag(word, input)?, word),
            text if symbols::FIELD.contains(&text) => {
                Err(Error::new(word.span(), format!("`{text}` belongs on a field, not on the struct")))
            }
            _ => Err(unknown(word, symbols::STRUCT, "`#[config(…)]` on a struct")),
        }
    }

    /// `environments(qa = staging, prod_eu = production)`
    fn environments(&mut self, word: &Ident, input: ParseStream<'_>, errors: &mut Errors) -> Result<()> {
        let form = "`environments(qa = staging)`";
        let environments = &mut self.environments;
        let found = group(input, errors, &mut |name, input, _| {
            equals(input, name, "with its kind: `environments(qa = staging)`")?;
            let kind: Ident = input.parse()?;
            let text = kind.to_string();
            if !symbols::ENVIRONMENTS.contains(&text.as_str()) {
                let known = symbols::ENVIRONMENTS.join(", ");
                return Err(Error::new(
                    kind.span(),
                    format!("`{text}` is no kind of environment{}", hint_or(&text, symbols::ENVIRONMENTS, &known)),
                ));
            }
            if symbols::ENVIRONMENTS.contains(&name.to_string().as_str())
                || symbols::ENVIRONMENT_SPELLINGS.iter().any(|(short, _)| name == short)
            {
                return Err(Error::new(name.span(), format!("`{name}` is known already; only environments of your own are declared")));
            }
            if environments.iter().any(|(other, _)| other == name) {
                return Err(Error::new(name.span(), format!("environment `{name}` stands twice")));
            }
            environments.push((name.clone(), kind));
            Ok(())
        })?;
        if found { Ok(()) } else { Err(wrong_form(input, word, form)) }
    }
}

fn hint_or(word: &str, known: &[&'static str], otherwise: &str) -> String {
    let spelling = symbols::ENVIRONMENT_SPELLINGS.iter().find(|(short, _)| *short == word);
    let hint = spelling.map_or_else(|| did_you_mean(word, known.iter().copied()), |(_, name)| format!("; did you mean `{name}`?"));
    if hint.is_empty() { format!("; known are {otherwise}") } else { hint }
}

impl FieldConfig {
    pub(crate) fn read(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut config = Self::default();
        each_config(attributes, errors, |word, input, errors| {
            config.words.push(word.clone());
            config.word(word, input, errors)
        });
        config
    }

    fn word(&mut self, word: &Ident, input: ParseStream<'_>, errors: &mut Errors) -> Result<()> {
        match word.to_string().as_str() {
            "env" => set(&mut self.env, string(input, word, "`env = \"NAME\"`")?, word),
            "prefix" => set(&mut self.prefix, string(input, word, "`prefix = \"NAME_\"`")?, word),
            "default" => self.default_value(word, input, errors),
            "example" => {
                equals(input, word, "`example = \"text\"`")?;
                set(&mut self.example, literal(input)?, word)
            }
            "secret" => set(&mut self.secret, flag(word, input)?, word),
            "public" => set(&mut self.public, flag(word, input)?, word),
            "from" => several(&mut self.from, strings(input, word, "`from = \"reference\"` or `from(\"first\", \"second\")`")),
            "alias" => several(&mut self.aliases, strings(input, word, "`alias = \"NAME\"` or `alias(\"A\", \"B\")`")),
            "deprecated" => self.deprecated(word, input, errors),
            "required_in" => several(&mut self.required_in, names(input, word, "`required_in(staging, production)`")),
            "forbid_default_in" => several(&mut self.forbid_default_in, names(input, word, "`forbid_default_in(production)`")),
            "requires" => several(&mut self.requires, strings(input, word, "`requires = \"field\"` or `requires(\"a\", \"b\")`")),
            "conflicts" => several(&mut self.conflicts, strings(input, word, "`conflicts = \"field\"` or `conflicts(\"a\", \"b\")`")),
            "one_of" => set(&mut self.one_of, string(input, word, "`one_of = \"group\"`")?, word),
            "separator" => set(&mut self.separator, string(input, word, "`separator = \";\"`")?, word),
            "nested" => set(&mut self.nested, flag(word, input)?, word),
            "flatten" => set(&mut self.flatten, flag(word, input)?, word),
            "with" => set(&mut self.with, path(input, word, "`with = path::to::function`")?, word),
            "allow_empty" => set(&mut self.allow_empty, flag(word, input)?, word),
            "live" => set(&mut self.live, flag(word, input)?, word),
            "rename" => set(&mut self.rename, string(input, word, "`rename = \"key\"`")?, word),
            text if symbols::STRUCT.contains(&text) => {
                Err(Error::new(word.span(), format!("`{text}` belongs on the struct, not on a field")))
            }
            text if symbols::CHECK.contains(&text) => {
                Err(Error::new(word.span(), format!("`{text}` is a check; write it in `#[validate({text})]`")))
            }
            _ => Err(unknown(word, symbols::FIELD, "`#[config(…)]`")),
        }
    }

    /// `default = 8080` or `default(development = 8080)`
    fn default_value(&mut self, word: &Ident, input: ParseStream<'_>, errors: &mut Errors) -> Result<()> {
        let defaults = &mut self.defaults;
        let found = group(input, errors, &mut |environment, input, _| {
            equals(input, environment, "with its value: `default(development = …)`")?;
            let value = literal(input)?;
            if defaults.iter().any(|default| default.environment.as_ref() == Some(environment)) {
                return Err(Error::new(environment.span(), format!("the default for `{environment}` stands twice")));
            }
            defaults.push(DefaultValue { word: word.clone(), environment: Some(environment.clone()), value });
            Ok(())
        })?;
        if found {
            return Ok(());
        }
        equals(input, word, "`default = 8080` or `default(development = 8080)`")?;
        let value = literal(input)?;
        if self.defaults.iter().any(|default| default.environment.is_none()) {
            return Err(Error::new(word.span(), "`default` stands twice"));
        }
        self.defaults.push(DefaultValue { word: word.clone(), environment: None, value });
        Ok(())
    }

    /// `deprecated` or `deprecated(since = "1.2", note = "use OTHER")`
    fn deprecated(&mut self, word: &Ident, input: ParseStream<'_>, errors: &mut Errors) -> Result<()> {
        let mut deprecated = Deprecated::default();
        let found = group(input, errors, &mut |word, input, _| match word.to_string().as_str() {
            "since" => set(&mut deprecated.since, string(input, word, "`since = \"1.2\"`")?, word),
            "note" => set(&mut deprecated.note, string(input, word, "`note = \"use OTHER\"`")?, word),
            _ => Err(unknown(word, symbols::DEPRECATED, "`deprecated(…)`")),
        })?;
        if !found {
            flag(word, input)?;
        }
        set(&mut self.deprecated, deprecated, word)
    }
}

/// Adds to what other words of the same name said.
fn several<T>(place: &mut Vec<T>, values: Result<Vec<T>>) -> Result<()> {
    place.extend(values?);
    Ok(())
}

impl EnumConfig {
    pub(crate) fn read(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut config = Self::default();
        each_config(attributes, errors, |word, input, _| match word.to_string().as_str() {
            "rename_all" => set(&mut config.rename_all, rename_rule(input, word)?, word),
            "crate" => set(&mut config.krate, path(input, word, "`crate = \"path\"`")?, word),
            _ => Err(unknown(word, symbols::ENUM, "`#[config(…)]` on a type that derives `ConfigValue`")),
        });
        config
    }
}

impl VariantConfig {
    pub(crate) fn read(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut config = Self::default();
        each_config(attributes, errors, |word, input, _| match word.to_string().as_str() {
            "rename" => set(&mut config.rename, string(input, word, "`rename = \"word\"`")?, word),
            "alias" => several(&mut config.aliases, strings(input, word, "`alias = \"word\"` or `alias(\"a\", \"b\")`")),
            _ => Err(unknown(word, symbols::VARIANT, "`#[config(…)]` on a variant")),
        });
        config
    }
}

fn rename_rule(input: ParseStream<'_>, word: &Ident) -> Result<RenameRule> {
    let text = string(input, word, "`rename_all = \"kebab-case\"`")?;
    RenameRule::parse(&text.value()).ok_or_else(|| {
        let hint = did_you_mean(&text.value(), symbols::RENAME_RULES.iter().copied());
        let listed = if hint.is_empty() { format!("; known are {}", symbols::RENAME_RULES.join(", ")) } else { hint };
        Error::new(text.span(), format!("unknown rule \"{}\"{listed}", text.value()))
    })
}

/// Whether a declared or known environment is meant; else what to say.
pub(crate) fn check_environment(name: &Ident, declared: &[(Ident, Ident)]) -> Option<String> {
    let text = name.to_string();
    if symbols::ENVIRONMENTS.contains(&text.as_str()) || declared.iter().any(|(own, _)| own == name) {
        return None;
    }
    let own: Vec<String> = declared.iter().map(|(own, _)| own.to_string()).collect();
    let spelling = symbols::ENVIRONMENT_SPELLINGS.iter().find(|(short, _)| *short == text);
    let hint = spelling.map_or_else(
        || did_you_mean(&text, symbols::ENVIRONMENTS.iter().copied().chain(own.iter().map(String::as_str))),
        |(_, name)| format!("; did you mean `{name}`?"),
    );
    let help = if hint.is_empty() {
        format!("; declare it on the struct with its kind: `#[config(environments({text} = staging))]`")
    } else {
        hint
    };
    Some(format!("unknown environment `{text}`{help}"))
}
