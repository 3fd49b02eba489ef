//! What a service declares: its keys with their types, defaults, constraints and relations.
//!
//! The derive lays a [`Shape`] out as constants; [`Schema::of`] composes the shapes of nested structs into one flat list of keys
//! with an index of their names. Text is `'static` throughout: a schema lives as long as its process.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use crate::constraint::Constraint;
use crate::environment::{Environment, EnvironmentKind};

mod drift;
mod export;
mod index;
mod type_spec;

pub use drift::Drift;
pub(crate) use export::is_made_up;
pub use export::masked;
use index::NameIndex;
pub use index::NamedKey;
pub use type_spec::TypeSpec;

/// The variable that chooses the environment, unless a field of type `Environment` names another.
pub const ENVIRONMENT_VARIABLE: &str = "APP_ENV";

/// How a field's environment variable is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VariableName {
    /// Made from the field's name: the prefixes of the structs around it come before.
    Derived(&'static str),
    /// Written in full by the author.
    Exact(&'static str),
}

/// What may be shown of a field's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sensitivity {
    /// Nothing.
    Secret,
    /// The value; userinfo of URLs masked.
    Plain,
    /// The value, and the author said so: `#[config(public)]`.
    Public,
    /// Nothing, since nobody said what it is; nothing is demanded of it as of a secret.
    Hidden,
}

/// What a schema says of a key without having been told: read out of prose, a name or an example value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guess {
    /// What was guessed.
    pub aspect: Aspect,
    /// Why, as a clause: `its example is a number`.
    pub reason: &'static str,
}

/// What can be guessed of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aspect {
    /// Whether a value is demanded.
    Required,
    /// The form of the text.
    Type,
    /// Whether it is a secret.
    Secret,
    /// Its default.
    Default,
    /// That it is deprecated.
    Deprecated,
}

impl Aspect {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Required, Self::Type, Self::Secret, Self::Default, Self::Deprecated];

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Type => "type",
            Self::Secret => "secret",
            Self::Default => "default",
            Self::Deprecated => "deprecated",
        }
    }
}

/// A default, for every environment or for the named ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DefaultSpec {
    /// The environments that it is for; empty means all.
    pub environments: &'static [&'static str],
    /// The text, as it would stand in the variable.
    pub text: &'static str,
}

/// Since when a key is not to be used any more, and what to do instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deprecated {
    /// The release that deprecated it.
    pub since: Option<&'static str>,
    /// What to do instead.
    pub note: Option<&'static str>,
}

/// One field as the derive read it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FieldSpec {
    /// Name of the field in the struct.
    pub field: &'static str,
    /// Its key in config files.
    pub file_key: &'static str,
    /// Its environment variable.
    pub variable: VariableName,
    /// Its doc comment, lines joined.
    pub doc: &'static str,
    /// The type as it is written in Rust, `Option` and `Secret` taken off.
    pub rust_type: &'static str,
    /// What text is accepted.
    pub type_spec: TypeSpec,
    /// What may be shown.
    pub sensitivity: Sensitivity,
    /// Whether the field is an `Option`.
    pub optional: bool,
    /// Defaults; the first that fits the environment by name, then by kind, then the one for all.
    pub defaults: &'static [DefaultSpec],
    /// A value that shows the form.
    pub example: Option<&'static str>,
    /// References to secret managers that are asked when no source sets the key, in this order.
    pub from: &'static [&'static str],
    /// Other names of the variable, in full.
    pub aliases: &'static [&'static str],
    /// Whether the key is deprecated.
    pub deprecated: Option<Deprecated>,
    /// Environments where an optional field must be set.
    pub required_in: &'static [&'static str],
    /// Environments where the default may not be what decides.
    pub forbid_default_in: &'static [&'static str],
    /// Fields of the same struct that must be set when this one is.
    pub requires: &'static [&'static str],
    /// Fields of the same struct that must not be set when this one is.
    pub conflicts: &'static [&'static str],
    /// The group of fields of the same struct of which exactly one must be set.
    pub one_of: Option<&'static str>,
    /// What stands between the items of a list in text.
    pub separator: &'static str,
    /// Whether an empty value counts as a value.
    pub allow_empty: bool,
    /// What a value must satisfy beyond its type.
    pub constraints: &'static [Constraint],
    /// Whether a running service may take a new value.
    pub live: bool,
    /// What of all this is a guess. A finding that rests on one is a warning at most.
    pub guesses: &'static [Guess],
}

impl FieldSpec {
    /// A required text field without any attribute; generated code starts from it.
    pub const PLAIN: Self = Self {
        field: "",
        file_key: "",
        variable: VariableName::Exact(""),
        doc: "",
        rust_type: "String",
        type_spec: TypeSpec::Text,
        sensitivity: Sensitivity::Plain,
        optional: false,
        defaults: &[],
        example: None,
        from: &[],
        aliases: &[],
        deprecated: None,
        required_in: &[],
        forbid_default_in: &[],
        requires: &[],
        conflicts: &[],
        one_of: None,
        separator: ",",
        allow_empty: false,
        constraints: &[],
        live: false,
        guesses: &[],
    };

    /// Whether nothing of the value may be shown.
    pub const fn is_secret(&self) -> bool {
        matches!(self.sensitivity, Sensitivity::Secret)
    }

    /// Whether nothing of the value may be shown: it is a secret, or nobody said that it is none.
    pub const fn hides_value(&self) -> bool {
        matches!(self.sensitivity, Sensitivity::Secret | Sensitivity::Hidden)
    }

    /// The example, when it was written to be shown; passwords in URLs are masked.
    pub fn shown_example(&self) -> Option<Cow<'static, str>> {
        self.example.filter(|_| is_made_up(self)).map(masked)
    }

    /// Why something said of the field is only a guess.
    pub fn guess(&self, aspect: Aspect) -> Option<&'static str> {
        self.guesses.iter().find(|guess| guess.aspect == aspect).map(|guess| guess.reason)
    }

    /// The default that decides in an environment; with an unknown environment only one that is for all.
    pub fn default_in(&self, environment: Option<&Environment>) -> Option<&'static str> {
        let named = |name: &str| self.defaults.iter().find(|default| default.environments.contains(&name));
        environment
            .and_then(|environment| named(environment.name()).or_else(|| named(environment.kind().name())))
            .or_else(|| self.defaults.iter().find(|default| default.environments.is_empty()))
            .map(|default| default.text)
    }

    /// Whether an environment demands a value: a field that is no `Option` always, an optional one where `required_in` says so.
    pub fn is_required_in(&self, environment: Option<&Environment>) -> bool {
        !self.optional || environment.is_some_and(|environment| environment.is_in(self.required_in))
    }

    /// Whether what is demanded depends on the environment.
    fn depends_on_environment(&self) -> bool {
        matches!(self.type_spec, TypeSpec::Environment)
            || self.defaults.iter().any(|default| !default.environments.is_empty())
            || !self.required_in.is_empty()
            || !self.forbid_default_in.is_empty()
            || self.from.iter().any(|reference| reference.contains("{environment}"))
    }
}

/// A struct inside a struct.
#[derive(Clone, Copy, Debug)]
pub struct GroupSpec {
    /// Name of the field.
    pub field: &'static str,
    /// The table in config files; `None` for a flattened struct, whose keys stand beside the others.
    pub file_key: Option<&'static str>,
    /// What comes before the names of its variables.
    pub prefix: &'static str,
    /// Whether the field is an `Option`: nothing is demanded then until one key of the group is set.
    pub optional: bool,
    /// The struct.
    pub shape: &'static Shape,
}

/// A member of a struct. Members are constants, so that their size costs nothing at run time.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::large_enum_variant, reason = "members are constants")]
pub enum Member {
    /// A value.
    Field(FieldSpec),
    /// A struct.
    Group(GroupSpec),
}

/// One struct as the derive laid it out.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Name of the service or of the struct.
    pub name: &'static str,
    /// Its doc comment.
    pub doc: &'static str,
    /// What comes before the derived names of all its variables.
    pub prefix: &'static str,
    /// Environments of the team's own, with what they are treated as.
    pub environments: &'static [(&'static str, EnvironmentKind)],
    /// Its fields in the order of the struct.
    pub members: &'static [Member],
}

/// One key of a composed schema.
#[derive(Clone, Debug)]
pub struct Key {
    /// Name of its environment variable, prefixes included.
    pub variable: Cow<'static, str>,
    /// Path of the field from the root struct, `redis.pool_size`.
    pub path: Cow<'static, str>,
    /// Path in config files.
    pub file_path: Cow<'static, str>,
    /// The optional group around it, as an index into [`Schema::groups`].
    pub group: Option<u16>,
    /// The field.
    pub spec: &'static FieldSpec,
}

impl Key {
    /// The path of a field of the same struct.
    fn sibling(&self, field: &str) -> String {
        match self.path.rsplit_once('.') {
            Some((parent, _)) => format!("{parent}.{field}"),
            None => field.to_owned(),
        }
    }
}

/// A struct inside the root struct, with the keys that it covers.
#[derive(Clone, Debug)]
pub struct Group {
    /// Path of the field from the root struct.
    pub path: String,
    /// Path of its table in config files; the parent's for a flattened struct.
    pub file_path: String,
    /// Whether it may be absent as a whole.
    pub optional: bool,
    /// Its keys, as indices into [`Schema::keys`].
    pub keys: Range<usize>,
    /// The optional group around it.
    pub parent: Option<u16>,
}

/// All that a service declares, as one flat list in the order of the structs.
#[derive(Clone)]
pub struct Schema {
    name: &'static str,
    doc: &'static str,
    environments: &'static [(&'static str, EnvironmentKind)],
    keys: Vec<Key>,
    groups: Vec<Group>,
    names: OnceLock<NameIndex>,
    paths: OnceLock<NameIndex>,
    environment_key: Option<usize>,
    needs_environment: bool,
}

impl Schema {
    /// Composes a struct and the structs inside it.
    pub fn of(shape: &'static Shape) -> Self {
        let mut schema = Self {
            name: shape.name,
            doc: shape.doc,
            environments: shape.environments,
            keys: Vec::with_capacity(shape.members.len()),
            groups: Vec::new(),
            names: OnceLock::new(),
            paths: OnceLock::new(),
            environment_key: None,
            needs_environment: false,
        };
        schema.add(shape, "", "", "", None);
        schema.environment_key = schema.keys.iter().position(|key| matches!(key.spec.type_spec, TypeSpec::Environment));
        schema.needs_environment = schema.keys.iter().any(|key| key.spec.depends_on_environment());
        schema
    }

    /// Composes a schema that was read from a file: its keys in their order, and the groups that they name. The caller has made sure that
    /// the groups' ranges lie within the keys.
    pub fn of_keys(
        name: &'static str,
        doc: &'static str,
        environments: &'static [(&'static str, EnvironmentKind)],
        keys: Vec<Key>,
        groups: Vec<Group>,
    ) -> Self {
        let environment_key = keys.iter().position(|key| matches!(key.spec.type_spec, TypeSpec::Environment));
        let needs_environment = keys.iter().any(|key| key.spec.depends_on_environment());
        let (names, paths) = (OnceLock::new(), OnceLock::new());
        Self { name, doc, environments, keys, groups, names, paths, environment_key, needs_environment }
    }

    fn add(&mut self, shape: &'static Shape, prefix: &str, path: &str, file_path: &str, group: Option<u16>) {
        let prefix = join(prefix, shape.prefix);
        for member in shape.members {
            match member {
                Member::Field(spec) => self.keys.push(Key {
                    variable: match spec.variable {
                        VariableName::Exact(name) => Cow::Borrowed(name),
                        VariableName::Derived(name) => join(&prefix, name),
                    },
                    path: dotted(path, spec.field),
                    file_path: dotted(file_path, spec.file_key),
                    group,
                    spec,
                }),
                Member::Group(inner) => self.add_group(inner, &prefix, path, file_path, group),
            }
        }
    }

    fn add_group(&mut self, inner: &'static GroupSpec, prefix: &str, path: &str, file_path: &str, parent: Option<u16>) {
        let index = self.groups.len();
        let path = dotted(path, inner.field).into_owned();
        let file_path = inner.file_key.map_or_else(|| file_path.to_owned(), |key| dotted(file_path, key).into_owned());
        let start = self.keys.len();
        let group = if inner.optional { u16::try_from(index).ok() } else { parent };
        self.groups.push(Group { path: path.clone(), file_path: file_path.clone(), optional: inner.optional, keys: start..start, parent });
        self.add(inner.shape, &format!("{prefix}{}", inner.prefix), &path, &file_path, group);
        self.groups[index].keys.end = self.keys.len();
    }

    /// Name of the service.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What the service says of its configuration.
    pub fn doc(&self) -> &'static str {
        self.doc
    }

    /// Environments of the team's own, with what they are treated as.
    pub fn environments(&self) -> &'static [(&'static str, EnvironmentKind)] {
        self.environments
    }

    /// The keys in the order of the structs.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// The structs inside the root struct.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The key that a variable name means, under its own name or an alias.
    pub fn key_named(&self, name: &[u8]) -> Option<NamedKey> {
        self.names().find(name, |named| match named.alias {
            None => &self.keys[named.key].variable,
            Some(alias) => self.keys[named.key].spec.aliases[alias],
        })
    }

    /// The index of names; a load that only looks declared variables up never makes it.
    fn names(&self) -> &NameIndex {
        self.names.get_or_init(|| NameIndex::of_variables(&self.keys))
    }

    /// The key at a path of a config file.
    pub fn key_at(&self, file_path: &str) -> Option<usize> {
        let paths = self.paths.get_or_init(|| NameIndex::of_paths(&self.keys));
        paths.find(file_path.as_bytes(), |named| &self.keys[named.key].file_path).map(|named| named.key)
    }

    /// Whether a path of a config file is a table that holds keys.
    pub fn is_table(&self, file_path: &str) -> bool {
        self.groups.iter().any(|group| group.file_path == file_path)
    }

    /// The key of a field of the same struct.
    pub fn sibling_of(&self, key: usize, field: &str) -> Option<usize> {
        let path = self.keys[key].sibling(field);
        self.keys.iter().position(|other| other.path == path)
    }

    /// The key whose type is [`Environment`].
    pub fn environment_key(&self) -> Option<usize> {
        self.environment_key
    }

    /// The variable that chooses the environment.
    pub fn environment_variable(&self) -> &str {
        self.environment_key.map_or(ENVIRONMENT_VARIABLE, |key| &self.keys[key].variable)
    }

    /// Whether anything declared depends on the environment, so that it must be known.
    pub fn needs_environment(&self) -> bool {
        self.needs_environment
    }

    /// Two keys that nothing could tell apart: the same variable name twice, through structs inside structs. A schema without any is sound;
    /// within one struct the derive refuses them.
    pub fn collisions(&self) -> Vec<(usize, usize)> {
        if self.groups.is_empty() { Vec::new() } else { self.names().collisions() }
    }
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schema").field("name", &self.name).field("keys", &self.keys.len()).finish_non_exhaustive()
    }
}

/// Both texts as one, without a copy when there is no prefix.
fn join(prefix: &str, name: &'static str) -> Cow<'static, str> {
    if prefix.is_empty() { Cow::Borrowed(name) } else { Cow::Owned(format!("{prefix}{name}")) }
}

fn dotted(parent: &str, name: &'static str) -> Cow<'static, str> {
    if parent.is_empty() { Cow::Borrowed(name) } else { Cow::Owned(format!("{parent}.{name}")) }
}
