//! Any figment provider as a layer: its values become text without places, and its errors a clause of ours.

use configcheck_core::origin::Span;
use configcheck_core::value::RawText;
use figment::value::{Dict, Num, Value};
use figment::{Profile, Provider};

use crate::formats::{Node, NodeKind};

/// How deep lists and dictionaries may stand in each other, as in config files.
const DEPTH_LIMIT: usize = 64;

/// Stands for the place that figment does not tell. Such a source has origins without spans.
const NOWHERE: Span = Span { line: 0, column: 0, start: 0, end: 0 };

/// Why a provider gave nothing: a clause of ours. The provider's own error is dropped, since it quotes values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ProviderError {
    pub(crate) message: &'static str,
    pub(crate) help: &'static str,
}

/// How the provider calls itself.
pub(crate) fn name_of(provider: &dyn Provider) -> String {
    provider.metadata().name.into_owned()
}

/// All that a provider holds for an environment, as one table.
///
/// As in figment, the provider's global profile stands over the profile of the environment and that over the default one. A provider that
/// selects a profile of its own, as a whole `Figment` does, has that one between the default and the environment's. Keys are taken as
/// they are written.
pub(crate) fn node_of(provider: &dyn Provider, environment: Option<&str>) -> Result<Node, ProviderError> {
    let mut data = provider.data().map_err(|_| ProviderError {
        message: "this figment provider could not be read",
        help: "check its file and its settings; its own message is not shown, since it may quote a value",
    })?;
    let mut profiles = vec![Profile::Default];
    profiles.extend(provider.profile());
    profiles.extend(environment.map(Profile::new));
    profiles.push(Profile::Global);
    let mut merged = Dict::new();
    for profile in profiles {
        if let Some(layer) = data.remove(&profile) {
            merge(&mut merged, layer, 0)?;
        }
    }
    table(merged, 0)
}

/// Puts the values of a higher layer over those of a lower; dictionaries become one.
fn merge(lower: &mut Dict, higher: Dict, depth: usize) -> Result<(), ProviderError> {
    within(depth)?;
    for (key, value) in higher {
        match (lower.get_mut(&key), value) {
            (Some(Value::Dict(_, lower)), Value::Dict(_, higher)) => merge(lower, higher, depth + 1)?,
            (_, value) => {
                lower.insert(key, value);
            }
        }
    }
    Ok(())
}

fn table(dict: Dict, depth: usize) -> Result<Node, ProviderError> {
    within(depth)?;
    let rows = dict.into_iter().map(|(key, value)| Ok((key, NOWHERE, node(value, depth + 1)?)));
    Ok(Node { span: NOWHERE, kind: NodeKind::Table(rows.collect::<Result<_, _>>()?) })
}

fn node(value: Value, depth: usize) -> Result<Node, ProviderError> {
    within(depth)?;
    let kind = match value {
        Value::String(_, text) => scalar(text),
        Value::Char(_, character) => scalar(character.to_string()),
        Value::Bool(_, true) => scalar("true".to_owned()),
        Value::Bool(_, false) => scalar("false".to_owned()),
        Value::Num(_, number) => scalar(digits(number)),
        Value::Empty(..) => NodeKind::Null,
        Value::Dict(_, dict) => return table(dict, depth),
        Value::Array(_, items) => NodeKind::List(items.into_iter().map(|item| node(item, depth + 1)).collect::<Result<_, _>>()?),
    };
    Ok(Node { span: NOWHERE, kind })
}

fn within(depth: usize) -> Result<(), ProviderError> {
    if depth > DEPTH_LIMIT {
        return Err(ProviderError { message: "this figment provider nests values deeper than 64 levels", help: "make its values flatter" });
    }
    Ok(())
}

fn scalar(text: String) -> NodeKind {
    NodeKind::Scalar(RawText::new(text).wiped_on_drop())
}

fn digits(number: Num) -> String {
    match number {
        Num::U8(number) => number.to_string(),
        Num::U16(number) => number.to_string(),
        Num::U32(number) => number.to_string(),
        Num::U64(number) => number.to_string(),
        Num::U128(number) => number.to_string(),
        Num::USize(number) => number.to_string(),
        Num::I8(number) => number.to_string(),
        Num::I16(number) => number.to_string(),
        Num::I32(number) => number.to_string(),
        Num::I64(number) => number.to_string(),
        Num::I128(number) => number.to_string(),
        Num::ISize(number) => number.to_string(),
        Num::F32(number) => number.to_string(),
        Num::F64(number) => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use figment::value::{Dict, Empty, Map, Value};
    use figment::{Error, Figment, Metadata, Profile, Provider};

    use super::{name_of, node_of};
    use crate::formats::{Node, NodeKind};

    struct Fixed(Vec<(Profile, Dict)>);

    impl Provider for Fixed {
        fn metadata(&self) -> Metadata {
            Metadata::named("fixed")
        }

        fn data(&self) -> Result<Map<Profile, Dict>, Error> {
            Ok(self.0.iter().cloned().collect())
        }
    }

    struct Broken;

    impl Provider for Broken {
        fn metadata(&self) -> Metadata {
            Metadata::named("broken")
        }

        fn data(&self) -> Result<Map<Profile, Dict>, Error> {
            Err("found string \"not-a-real-secret\"".to_owned().into())
        }
    }

    fn dict(rows: impl IntoIterator<Item = (&'static str, Value)>) -> Dict {
        rows.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }

    fn show(node: &Node) -> String {
        match &node.kind {
            NodeKind::Null => "null".to_owned(),
            NodeKind::Scalar(text) => format!("{:?}", text.text().unwrap_or("not text")),
            NodeKind::List(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(", ")),
            NodeKind::Table(rows) => {
                let rows: Vec<_> = rows.iter().map(|(key, _, value)| format!("{key}: {}", show(value))).collect();
                format!("{{{}}}", rows.join(", "))
            }
        }
    }

    fn check(provider: &dyn Provider, environment: Option<&str>, expected: &str) {
        let node = node_of(provider, environment).expect("the provider has data");
        assert_eq!(show(&node), expected);
    }

    #[test]
    fn values_become_text() {
        let values = dict([
            ("a", Value::from("0123456")),
            ("b", Value::from('x')),
            ("c", Value::from(true)),
            ("d", Value::from(-5_i8)),
            ("e", Value::from(u128::MAX)),
            ("f", Value::from(0.5_f64)),
            ("g", Value::from(0.1_f32)),
            ("h", Value::from(Empty::None)),
            ("i", Value::from(vec![1_u8, 2])),
            ("j", Value::from(dict([("K-k", Value::from(false))]))),
        ]);
        check(
            &Fixed(vec![(Profile::Default, values)]),
            None,
            "{a: \"0123456\", b: \"x\", c: \"true\", d: \"-5\", e: \"340282366920938463463374607431768211455\", f: \"0.5\", g: \"0.1\", \
             h: null, i: [\"1\", \"2\"], j: {K-k: \"false\"}}",
        );
    }

    #[test]
    fn profiles_are_layers() {
        let of = |name: &str, only: &'static str| {
            let pool = Value::from(dict([("all", Value::from(name)), (only, Value::from(name))]));
            (Profile::new(name), dict([("pool", pool)]))
        };
        let provider = Fixed(vec![of("default", "d"), of("staging", "s"), of("production", "p")]);
        check(&provider, None, "{pool: {all: \"default\", d: \"default\"}}");
        check(&provider, Some("staging"), "{pool: {all: \"staging\", d: \"default\", s: \"staging\"}}");
        check(&provider, Some("Production"), "{pool: {all: \"production\", d: \"default\", p: \"production\"}}");
        check(&provider, Some("test"), "{pool: {all: \"default\", d: \"default\"}}");
        let mut provider = provider;
        provider.0.push(of("global", "g"));
        check(&provider, Some("staging"), "{pool: {all: \"global\", d: \"default\", g: \"global\", s: \"staging\"}}");
    }

    #[test]
    fn a_whole_figment_keeps_its_own_profile() {
        let provider = Fixed(vec![
            (Profile::Default, dict([("port", Value::from(1_u16))])),
            (Profile::new("own"), dict([("port", Value::from(2_u16))])),
        ]);
        check(&Figment::from(&provider).select("own"), None, "{port: \"2\"}");
        check(&Figment::from(&provider).select("own"), Some("staging"), "{port: \"2\"}");
        check(&Figment::from(&provider), Some("own"), "{port: \"2\"}");
    }

    #[test]
    fn an_error_is_dropped() {
        let error = node_of(&Broken, None).expect_err("the provider is broken");
        assert!(!format!("{error:?}").contains("not-a-real"));
        assert_eq!(name_of(&Broken), "broken");
    }

    #[test]
    fn deep_values_are_refused() {
        let deep = |levels: usize| {
            let value = (0..levels).fold(Value::from(1_u8), |value, _| Value::from(vec![value]));
            Fixed(vec![(Profile::Default, dict([("a", value)]))])
        };
        assert!(node_of(&deep(60), None).is_ok());
        assert!(node_of(&deep(1000), None).is_err());
    }
}
