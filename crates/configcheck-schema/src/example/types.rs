//! `@type` of env-spec: what it means here, and what of it has no effect.

use configcheck_core::constraint::{Check, Constraint, Number};
use configcheck_core::schema::TypeSpec;

use super::names::{PORT, WHOLE};
use super::value::{Argument, Value};
use crate::text::{leak, leak_all};

/// A type that was declared.
pub(super) struct Declared {
    pub(super) spec: TypeSpec,
    pub(super) constraints: Vec<Constraint>,
    pub(super) separator: Option<&'static str>,
    /// What of it has no effect, as clauses.
    pub(super) unsupported: Vec<String>,
}

/// Types that are text here: nothing looks at their form.
const TEXTS: [&str; 7] = ["domain", "semver", "isoDate", "uuid", "md5", "simple-object", "record"];

/// What varlock takes for a truth value.
const TRUTHS: [&str; 10] = ["true", "false", "1", "0", "t", "f", "yes", "no", "on", "off"];

/// Reads the value of `@type`; `None` where it is no type that can be known here. The example tells forms that only varlock reads.
pub(super) fn read(value: &Value, example: &str) -> Option<Declared> {
    let (name, arguments): (&str, &[Argument]) = match value {
        Value::Word(name) => (name, &[]),
        Value::Call(name, arguments) => (name, arguments),
        Value::Text(_) | Value::List(_) | Value::Object(_) => return None,
    };
    let mut options = Options { arguments, taken: Vec::new(), unsupported: Vec::new() };
    let mut declared = Declared { spec: TypeSpec::Text, constraints: Vec::new(), separator: None, unsupported: Vec::new() };
    match name {
        "string" => {
            let (min, max, equal) = (options.count("minLength"), options.count("maxLength"), options.count("isLength"));
            declared.constraints.extend(length(min, max, equal));
        }
        "number" => number(&mut options, &mut declared),
        "boolean" => {
            let is_loose = TRUTHS[4..].contains(&example.to_ascii_lowercase().as_str());
            declared.spec = if is_loose { TypeSpec::Choice(&TRUTHS) } else { TypeSpec::Bool };
        }
        "url" => declared.spec = TypeSpec::Url,
        "email" => declared.constraints.push(plain(Check::Email)),
        "port" => {
            let (min, max) = (options.whole("min").unwrap_or(0), options.whole("max").unwrap_or(65_535));
            declared.spec = if min < max { TypeSpec::Integer { min, max: u128::try_from(max).ok()? } } else { PORT };
        }
        "ip" => {
            declared.spec = match options.text("version") {
                Some("4") => TypeSpec::Ipv4Addr,
                Some("6") => TypeSpec::Ipv6Addr,
                _ => TypeSpec::IpAddr,
            }
        }
        // A bare number counts milliseconds for varlock, and is no time span elsewhere.
        "duration" => declared.spec = if example.parse::<f64>().is_ok() { TypeSpec::Other } else { TypeSpec::Duration },
        "enum" => {
            let words: Option<Vec<_>> = arguments.iter().map(|word| word.value.text().filter(|word| !word.starts_with('$'))).collect();
            let words: Vec<&'static str> = words?.into_iter().map(|word| leak(word.to_owned())).collect();
            options.taken.extend(0..arguments.len());
            if words.is_empty() {
                return None;
            }
            declared.spec = TypeSpec::Choice(leak_all(words));
        }
        "array" => array(&mut options, &mut declared, example)?,
        text if TEXTS.contains(&text) => {
            options.taken.extend(0..arguments.len());
            options.unsupported.push(format!("@type={text} is read as text"));
        }
        _ => return None,
    }
    declared.unsupported.extend(options.finish(name));
    Some(declared)
}

/// The options of a type that nobody has asked for yet.
struct Options<'a> {
    arguments: &'a [Argument],
    taken: Vec<usize>,
    unsupported: Vec<String>,
}

impl<'a> Options<'a> {
    fn take(&mut self, name: &str) -> Option<&'a Value> {
        let at = self.arguments.iter().position(|argument| argument.name.as_deref() == Some(name))?;
        self.taken.push(at);
        Some(&self.arguments[at].value)
    }

    fn text(&mut self, name: &str) -> Option<&'a str> {
        self.take(name).and_then(Value::text)
    }

    /// A number; one that is computed has no effect.
    fn parsed<T: std::str::FromStr>(&mut self, name: &str) -> Option<T> {
        let value = self.take(name)?;
        let number = value.text().and_then(|text| text.parse().ok());
        if number.is_none() {
            self.unsupported.push(format!("the option {name} of @type has no effect here: it is no fixed number"));
        }
        number
    }

    fn count(&mut self, name: &str) -> Option<u64> {
        self.parsed(name)
    }

    fn whole(&mut self, name: &str) -> Option<i128> {
        self.parsed(name)
    }

    fn finish(self, of: &str) -> Vec<String> {
        let left = self.arguments.iter().enumerate().filter(|(at, _)| !self.taken.contains(at));
        let name = |argument: &Argument| match &argument.name {
            Some(name) => format!("the option {name} of @type={of} has no effect here"),
            None => format!("an argument of @type={of} has no effect here"),
        };
        self.unsupported.into_iter().chain(left.map(|(_, argument)| name(argument))).collect()
    }
}

fn number(options: &mut Options<'_>, declared: &mut Declared) {
    let is_whole = options.take("isInt").and_then(Value::bool) == Some(true);
    let is_whole = options.take("precision").and_then(Value::text).is_some_and(|digits| digits == "0") || is_whole;
    if is_whole {
        let min = options.whole("min");
        let max: Option<u128> = options.parsed("max");
        let TypeSpec::Integer { min: least, max: most } = WHOLE else { return };
        // Without bounds it is a number with a sign of 64 bits, with a lower bound that is not negative one without.
        let most = if min.is_some_and(|min| min >= 0) { u128::from(u64::MAX) } else { most };
        declared.spec = TypeSpec::Integer { min: min.unwrap_or(least), max: max.unwrap_or(most) };
        return;
    }
    declared.spec = TypeSpec::Float;
    let mut bound = |name| options.parsed::<f64>(name).filter(|bound| bound.is_finite()).map(Number::Float);
    let (min, max) = (bound("min"), bound("max"));
    if min.is_some() || max.is_some() {
        declared.constraints.push(plain(Check::Range { min, max, exclusive_min: None, exclusive_max: None }));
    }
}

fn array(options: &mut Options<'_>, declared: &mut Declared, example: &str) -> Option<()> {
    let item = options.arguments.iter().position(|argument| argument.name.is_none());
    options.taken.extend(item);
    let item = match item {
        Some(at) => read(&options.arguments[at].value, "")?,
        None => Declared { spec: TypeSpec::Text, constraints: Vec::new(), separator: None, unsupported: Vec::new() },
    };
    declared.unsupported.extend(item.unsupported);
    declared.separator = options.text("separator").filter(|separator| !separator.is_empty()).map(|separator| leak(separator.to_owned()));
    // A list in brackets is JSON, or a form of varlock's own.
    if options.text("format") == Some("json") || example.starts_with('[') {
        declared.spec = TypeSpec::Other;
    } else {
        declared.spec = TypeSpec::List(Box::leak(Box::new(item.spec)));
        let (min, max, equal) = (options.count("minLength"), options.count("maxLength"), options.count("isLength"));
        declared.constraints.extend(length(min, max, equal));
    }
    Some(())
}

fn length(min: Option<u64>, max: Option<u64>, equal: Option<u64>) -> Option<Constraint> {
    (min.is_some() || max.is_some() || equal.is_some()).then_some(plain(Check::Length { min, max, equal }))
}

fn plain(check: Check) -> Constraint {
    Constraint { check, message: None, code: None }
}

/// How a type is called where no Rust type is known.
pub(super) fn rust_type(spec: &TypeSpec) -> &'static str {
    match spec {
        TypeSpec::Bool => "bool",
        TypeSpec::Integer { .. } => "integer",
        TypeSpec::Float => "f64",
        TypeSpec::Url => "Url",
        TypeSpec::Duration => "Duration",
        TypeSpec::List(_) => "Vec",
        TypeSpec::Other => "a type that only varlock reads",
        _ => "String",
    }
}
