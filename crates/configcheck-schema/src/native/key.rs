//! One key of the native file.

use configcheck_core::environment::{Environment, EnvironmentKind};
use configcheck_core::schema::{Aspect, DefaultSpec, Deprecated, FieldSpec, Guess, Sensitivity, VariableName};

use super::tree::{Members, Node};
use super::{constraint, groups, types};
use crate::SchemaError;
use crate::text::{is_variable, leak_all};

/// A key as it stands in the file; what it says of others is not looked up yet.
pub(super) struct KeyEntry<'a> {
    pub(super) node: Node<'a>,
    pub(super) variable: &'static str,
    pub(super) path: &'static str,
    pub(super) file_path: &'static str,
    pub(super) optional_group: Option<(Node<'a>, String)>,
    /// Names that must not be taken: those of the key's aliases.
    pub(super) aliases: Vec<(Node<'a>, &'static str)>,
    pub(super) requires: Vec<(Node<'a>, String)>,
    pub(super) conflicts: Vec<(Node<'a>, String)>,
    pub(super) spec: FieldSpec,
    /// Names of environments that nothing declares.
    pub(super) unknown_environments: Vec<(Node<'a>, &'static str)>,
}

/// The environments of the team's own that the file declares.
pub(super) type Environments = &'static [(&'static str, EnvironmentKind)];

pub(super) fn read<'a>(node: Node<'a>, environments: Environments) -> Result<KeyEntry<'a>, SchemaError> {
    let mut members = node.object("a key")?;
    let variable = variable(members.demand("variable")?)?;
    let path = dotted(members.demand("path")?)?;
    let file_path = dotted(members.demand("file_path")?)?;
    let (type_spec, rust_type) = types::read(members.demand("type")?)?;
    let optional = !members.demand("required")?.bool()?;
    let sensitivity = sensitivity(&mut members)?;
    let hides_value = matches!(sensitivity, Sensitivity::Secret | Sensitivity::Hidden);
    let mut unknown_environments = Vec::new();
    let mut named = |node: Option<Node<'a>>| known_environments(node, environments, &mut unknown_environments);
    let (required_in, forbid_default_in) = (named(members.take("required_in"))?, named(members.take("forbid_default_in"))?);
    let defaults = members.take("defaults").map_or(Ok(Vec::new()), |node| defaults(node, hides_value, &mut named))?;
    let aliases = listed(members.take("aliases"), |node| Ok((node, self::variable(node)?)))?;
    let separator = members.take("separator").map(separator).transpose()?;
    let spec = FieldSpec {
        field: last(path),
        file_key: last(file_path),
        variable: VariableName::Exact(variable),
        doc: members.text("doc")?.unwrap_or_default(),
        rust_type,
        type_spec,
        sensitivity,
        optional,
        defaults: leak_all(defaults),
        example: members.text("example")?,
        from: members.texts("from")?,
        aliases: leak_all(aliases.iter().map(|(_, name)| *name).collect()),
        deprecated: members.take("deprecated").map(deprecated).transpose()?,
        required_in,
        forbid_default_in,
        // What names other keys is looked up when all are known.
        requires: &[],
        conflicts: &[],
        one_of: members.text("one_of")?,
        separator: separator.unwrap_or(FieldSpec::PLAIN.separator),
        allow_empty: members.flag("allow_empty")?,
        constraints: leak_all(listed(members.take("constraints"), constraint::read)?),
        live: members.flag("live")?,
        guesses: leak_all(listed(members.take("guesses"), guess)?),
    };
    let name = |node: Node<'a>| Ok((node, node.owned_text()?));
    let entry = KeyEntry {
        node,
        variable,
        path,
        file_path,
        optional_group: members.take("optional_group").map(name).transpose()?,
        aliases,
        requires: listed(members.take("requires"), name)?,
        conflicts: listed(members.take("conflicts"), name)?,
        spec,
        unknown_environments,
    };
    members.finish()?;
    Ok(entry)
}

/// The items of a list that may be left out.
fn listed<'a, T>(node: Option<Node<'a>>, read: impl Fn(Node<'a>) -> Result<T, SchemaError>) -> Result<Vec<T>, SchemaError> {
    node.map_or(Ok(Vec::new()), |node| node.list()?.into_iter().map(read).collect())
}

/// The name of a variable.
pub(super) fn variable(node: Node<'_>) -> Result<&'static str, SchemaError> {
    let name = node.text()?;
    if is_variable(name) { Ok(name) } else { Err(node.fail("this cannot be the name of a variable")) }
}

/// A path from the root struct: names with dots between them.
fn dotted(node: Node<'_>) -> Result<&'static str, SchemaError> {
    let path = node.text()?;
    if path.split('.').any(str::is_empty) {
        return Err(node.fail("a path is names with dots between them"));
    }
    // The tables of a config file lie in each other as the structs do, and are written so.
    match path.split('.').nth(groups::DEEPEST + 1) {
        Some(_) => Err(node.fail("this path lies too deep")),
        None => Ok(path),
    }
}

/// The last name of a path.
fn last(path: &'static str) -> &'static str {
    path.rsplit_once('.').map_or(path, |(_, last)| last)
}

fn sensitivity(members: &mut Members<'_>) -> Result<Sensitivity, SchemaError> {
    Ok(match (members.flag("secret")?, members.flag("public")?, members.flag("hidden")?) {
        (false, false, false) => Sensitivity::Plain,
        (true, false, false) => Sensitivity::Secret,
        (false, true, false) => Sensitivity::Public,
        (false, false, true) => Sensitivity::Hidden,
        _ => return Err(members.node().fail("a key is one of `secret`, `public` and `hidden`, or none of them")),
    })
}

/// Names of environments; those that nothing declares are told apart.
fn known_environments<'a>(
    node: Option<Node<'a>>,
    declared: Environments,
    unknown: &mut Vec<(Node<'a>, &'static str)>,
) -> Result<&'static [&'static str], SchemaError> {
    let names = listed(node, |node| Ok((node, node.text()?)))?;
    let is_known = |name: &str| Environment::parse(name, declared).is_some_and(|environment| environment.name() == name);
    unknown.extend(names.iter().filter(|(_, name)| !is_known(name)));
    Ok(leak_all(names.into_iter().map(|(_, name)| name).collect()))
}

fn defaults<'a>(
    node: Node<'a>,
    hides_value: bool,
    named: &mut impl FnMut(Option<Node<'a>>) -> Result<&'static [&'static str], SchemaError>,
) -> Result<Vec<DefaultSpec>, SchemaError> {
    let mut defaults = Vec::new();
    for node in node.list()? {
        let mut members = node.object("a default")?;
        let environments = named(members.take("environments"))?;
        let text = match members.take("text") {
            Some(text) if hides_value => return Err(text.fail("the text of a default that may not be shown does not belong in a file")),
            Some(text) => text.text()?,
            None if hides_value => "",
            None => members.demand("text")?.text()?,
        };
        members.finish()?;
        defaults.push(DefaultSpec { environments, text });
    }
    Ok(defaults)
}

fn separator(node: Node<'_>) -> Result<&'static str, SchemaError> {
    let text = node.text()?;
    if text.is_empty() { Err(node.fail("a separator has at least one character")) } else { Ok(text) }
}

fn deprecated(node: Node<'_>) -> Result<Deprecated, SchemaError> {
    let mut members = node.object("`deprecated`")?;
    let deprecated = Deprecated { since: members.text("since")?, note: members.text("note")? };
    members.finish()?;
    Ok(deprecated)
}

fn guess(node: Node<'_>) -> Result<Guess, SchemaError> {
    let mut members = node.object("a guess")?;
    let aspect = members.demand("aspect")?;
    let name = aspect.owned_text()?;
    let known = Aspect::ALL.into_iter().find(|aspect| aspect.name() == name);
    let aspect = known.ok_or_else(|| aspect.fail("this is nothing that can be guessed"))?;
    let guess = Guess { aspect, reason: members.demand("reason")?.text()? };
    members.finish()?;
    Ok(guess)
}
