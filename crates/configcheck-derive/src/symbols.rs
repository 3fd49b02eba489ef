//! Every word that the attributes know. A word that stands here stands in `docs/attributes.md` too; a test holds both together.

/// Words of `#[config(…)]` on a struct.
pub(crate) const STRUCT: &[&str] = &["name", "prefix", "rename_all", "environments", "crate", "no_debug"];

/// Words of `#[config(…)]` on a field.
pub(crate) const FIELD: &[&str] = &[
    "env",
    "prefix",
    "default",
    "example",
    "secret",
    "public",
    "from",
    "alias",
    "deprecated",
    "required_in",
    "forbid_default_in",
    "requires",
    "conflicts",
    "one_of",
    "separator",
    "nested",
    "flatten",
    "with",
    "allow_empty",
    "live",
    "rename",
];

/// Words inside `deprecated(…)`.
pub(crate) const DEPRECATED: &[&str] = &["since", "note"];

/// Words of `#[config(…)]` on an enum that derives `ConfigValue`.
pub(crate) const ENUM: &[&str] = &["rename_all", "crate"];

/// Words of `#[config(…)]` on a variant.
pub(crate) const VARIANT: &[&str] = &["rename", "alias"];

/// Words of `#[validate(…)]` on a field.
pub(crate) const CHECK: &[&str] = &[
    "length",
    "range",
    "email",
    "url",
    "regex",
    "contains",
    "does_not_contain",
    "must_match",
    "custom",
    "nested",
    "required",
    "non_control_character",
];

/// Words of `#[validate(…)]` that validator knows and configuration has no use for, each with the reason.
pub(crate) const REFUSED_CHECK: &[(&str, &str)] = &[
    ("credit_card", "`credit_card` is not supported: a card number is no configuration; use `custom` for a check of your own"),
    ("ip", "`ip` is not supported: give the field the type `std::net::IpAddr`, and every address is checked when it is read"),
    ("skip", "`skip` is not supported: a field without `#[validate(…)]` is not checked; remove the other rules instead"),
];

/// Words of `#[validate(…)]` on a struct.
pub(crate) const STRUCT_CHECK: &[&str] = &["schema"];

/// Words of `#[validate(…)]` on a struct that validator knows and configuration has no use for, each with the reason.
pub(crate) const REFUSED_STRUCT_CHECK: &[(&str, &str)] = &[
    ("context", "`context` is not supported: configuration is checked at startup, when there is nothing yet to pass in"),
    ("mutable", "`mutable` is not supported: it belongs to `context`, which configuration has no use for"),
    ("nest_all_fields", "`nest_all_fields` is not supported: write `#[config(nested)]` on each field that is a struct"),
    ("crate", "`crate` of `validate` is not supported: the checks here are Configcheck's own"),
];

/// Words inside `schema(…)`.
pub(crate) const SCHEMA: &[&str] = &["function", "skip_on_field_errors", "message", "code"];

/// Words inside `length(…)`.
pub(crate) const LENGTH: &[&str] = &["min", "max", "equal", "message", "code"];

/// Words inside `range(…)`.
pub(crate) const RANGE: &[&str] = &["min", "max", "exclusive_min", "exclusive_max", "message", "code"];

/// Words inside `regex(…)`.
pub(crate) const REGEX: &[&str] = &["path", "message", "code"];

/// Words inside `contains(…)` and `does_not_contain(…)`.
pub(crate) const CONTAINS: &[&str] = &["pattern", "message", "code"];

/// Words inside `must_match(…)`.
pub(crate) const MUST_MATCH: &[&str] = &["other", "message", "code"];

/// Words inside `custom(…)`.
pub(crate) const CUSTOM: &[&str] = &["function", "message", "code"];

/// Words inside any other check.
pub(crate) const PLAIN_CHECK: &[&str] = &["message", "code"];

/// The kinds of environments, which every schema knows.
pub(crate) const ENVIRONMENTS: &[&str] = &["development", "test", "staging", "production"];

/// Shorter spellings that `APP_ENV` accepts and attributes do not, with the name to write.
pub(crate) const ENVIRONMENT_SPELLINGS: &[(&str, &str)] = &[("dev", "development"), ("stage", "staging"), ("prod", "production")];

/// What `rename_all` accepts.
pub(crate) const RENAME_RULES: &[&str] =
    &["SCREAMING_SNAKE_CASE", "snake_case", "UPPERCASE", "lowercase", "kebab-case", "SCREAMING-KEBAB-CASE", "camelCase", "PascalCase"];

/// Ends of names that plainly say secret, as whole words.
pub(crate) const SECRET_ENDINGS: &[&str] = &["password", "passwd", "secret", "token", "api_key", "private_key", "dsn"];
