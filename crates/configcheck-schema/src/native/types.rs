//! The form of a value in the native file: its kind, and what belongs to the kind.

use configcheck_core::schema::TypeSpec;

use super::tree::{Node, unknown_word};
use crate::SchemaError;

/// Lists of lists of lists: no schema goes deeper than this.
const DEEPEST: usize = 8;

/// The kinds by their words.
const KINDS: [&str; 19] = [
    "text",
    "bytes",
    "bool",
    "integer",
    "float",
    "char",
    "path",
    "url",
    "ip-address",
    "ipv4-address",
    "ipv6-address",
    "socket-address",
    "duration",
    "byte-size",
    "environment",
    "choice",
    "list",
    "map",
    "other",
];

/// A type and how Rust calls it.
pub(super) fn read(node: Node<'_>) -> Result<(TypeSpec, &'static str), SchemaError> {
    let mut rust = None;
    let spec = read_nested(node, DEEPEST, &mut rust)?;
    Ok((spec, rust.unwrap_or_else(|| rust_type(&spec))))
}

fn read_nested(node: Node<'_>, depth: usize, rust: &mut Option<&'static str>) -> Result<TypeSpec, SchemaError> {
    if depth == 0 {
        return Err(node.fail(format!("a type lies at most {DEEPEST} deep")));
    }
    let mut members = node.object("a type")?;
    let kind = members.demand("kind")?;
    let spec = match kind.owned_text()?.as_str() {
        "text" => TypeSpec::Text,
        "bytes" => TypeSpec::Bytes,
        "bool" => TypeSpec::Bool,
        "integer" => {
            let (min, max) = (members.demand("min")?.whole()?, members.demand("max")?.whole()?);
            if u128::try_from(min).is_ok_and(|min| min > max) {
                return Err(node.fail("no number lies in this range: its `min` is above its `max`"));
            }
            TypeSpec::Integer { min, max }
        }
        "float" => TypeSpec::Float,
        "char" => TypeSpec::Char,
        "path" => TypeSpec::Path,
        "url" => TypeSpec::Url,
        "ip-address" => TypeSpec::IpAddr,
        "ipv4-address" => TypeSpec::Ipv4Addr,
        "ipv6-address" => TypeSpec::Ipv6Addr,
        "socket-address" => TypeSpec::SocketAddr,
        "duration" => TypeSpec::Duration,
        "byte-size" => TypeSpec::ByteSize,
        "environment" => TypeSpec::Environment,
        "choice" => {
            let words = members.demand("words")?;
            match words.texts()? {
                [] => return Err(words.fail("a choice has at least one word")),
                words => TypeSpec::Choice(words),
            }
        }
        "list" => TypeSpec::List(boxed(read_nested(members.demand("item")?, depth - 1, rust)?)),
        "map" => TypeSpec::Map(
            boxed(read_nested(members.demand("key")?, depth - 1, rust)?),
            boxed(read_nested(members.demand("value")?, depth - 1, rust)?),
        ),
        "other" => {
            let name = members.demand("rust")?;
            let text = name.text()?;
            if rust.replace(text).is_some_and(|other| other != text) {
                return Err(name.fail("the types of one key name one Rust type"));
            }
            TypeSpec::Other
        }
        unknown => return Err(kind.fail(unknown_word(unknown, &KINDS, "no kind of type that this configcheck knows"))),
    };
    members.finish()?;
    Ok(spec)
}

fn boxed(spec: TypeSpec) -> &'static TypeSpec {
    Box::leak(Box::new(spec))
}

/// How Rust would call a type of which the file does not say it.
fn rust_type(spec: &TypeSpec) -> &'static str {
    match spec {
        TypeSpec::Bytes => "Vec<u8>",
        TypeSpec::Bool => "bool",
        TypeSpec::Integer { .. } => "integer",
        TypeSpec::Float => "f64",
        TypeSpec::Char => "char",
        TypeSpec::Path => "PathBuf",
        TypeSpec::Url => "Url",
        TypeSpec::IpAddr => "IpAddr",
        TypeSpec::Ipv4Addr => "Ipv4Addr",
        TypeSpec::Ipv6Addr => "Ipv6Addr",
        TypeSpec::SocketAddr => "SocketAddr",
        TypeSpec::Duration => "Duration",
        TypeSpec::ByteSize => "ByteSize",
        TypeSpec::Environment => "Environment",
        TypeSpec::List(_) => "Vec",
        TypeSpec::Map(..) => "BTreeMap",
        _ => "String",
    }
}
