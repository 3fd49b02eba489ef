//! What can be known of a field's type from its tokens alone: wrappers are taken off by the last segment of their path.

use quote::ToTokens as _;
use syn::{GenericArgument, PathArguments, Type};

/// A type with what its tokens say of it.
pub(crate) struct Typed<'a> {
    pub(crate) ty: &'a Type,
    pub(crate) form: Form<'a>,
}

/// The form of a type's values.
pub(crate) enum Form<'a> {
    Text,
    Path,
    Url,
    Bool,
    Char,
    Integer(Integer),
    Float,
    IpAddr,
    Ipv4Addr,
    Ipv6Addr,
    SocketAddr,
    Duration,
    ByteSize,
    Environment,
    /// `Vec<u8>` inside `Secret`.
    Bytes,
    List(ListKind, Box<Typed<'a>>),
    Map(Box<Typed<'a>>, Box<Typed<'a>>),
    Secret(Box<Typed<'a>>),
    Option(Box<Typed<'a>>),
    Unknown,
}

/// Which list.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ListKind {
    Vec,
    Other,
}

/// An integer type.
#[derive(Clone, Copy)]
pub(crate) struct Integer {
    pub(crate) name: &'static str,
    pub(crate) min: i128,
    pub(crate) max: u128,
    /// Whether it is one of the language's own, which can be compared with a literal.
    pub(crate) primitive: bool,
}

impl<'a> Typed<'a> {
    pub(crate) fn of(ty: &'a Type) -> Self {
        Self { ty, form: form_of(ty) }
    }

    /// The type inside `Secret`, or itself.
    pub(crate) fn exposed(&self) -> &Self {
        match &self.form {
            Form::Secret(inner) => inner,
            _ => self,
        }
    }

    /// Whether a secret is anywhere in it.
    pub(crate) fn holds_secret(&self) -> bool {
        match &self.form {
            Form::Secret(_) => true,
            Form::List(_, item) | Form::Option(item) => item.holds_secret(),
            Form::Map(key, value) => key.holds_secret() || value.holds_secret(),
            _ => false,
        }
    }

    /// The type as a person writes it.
    pub(crate) fn name(&self) -> String {
        let mut name = self.ty.to_token_stream().to_string();
        for (spaced, tight) in
            [(" < ", "<"), (" <", "<"), ("< ", "<"), (" >", ">"), (" :: ", "::"), (":: ", "::"), (" ::", "::"), (" ,", ","), ("& ", "&")]
        {
            name = name.replace(spaced, tight);
        }
        name
    }
}

fn form_of(ty: &Type) -> Form<'_> {
    let path = match ty {
        Type::Group(group) => return form_of(&group.elem),
        Type::Paren(paren) => return form_of(&paren.elem),
        Type::Path(path) if path.qself.is_none() => &path.path,
        _ => return Form::Unknown,
    };
    let Some(last) = path.segments.last() else { return Form::Unknown };
    let name = last.ident.to_string();
    let arguments: Vec<&Type> = match &last.arguments {
        PathArguments::AngleBracketed(arguments) => arguments
            .args
            .iter()
            .filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    };
    let typed = |at: usize| Box::new(Typed::of(arguments[at]));
    match (name.as_str(), arguments.len()) {
        ("Option", 1) => Form::Option(typed(0)),
        ("Secret", 1) => Form::Secret(Box::new(inside_secret(arguments[0]))),
        ("Vec", 1) => Form::List(ListKind::Vec, typed(0)),
        ("VecDeque" | "BTreeSet", 1) | ("HashSet", 1 | 2) => Form::List(ListKind::Other, typed(0)),
        ("BTreeMap", 2) | ("HashMap", 2 | 3) => Form::Map(typed(0), typed(1)),
        (_, 0) => simple(&name),
        _ => Form::Unknown,
    }
}

/// Bytes in a secret are bytes, not a list of numbers.
fn inside_secret(ty: &Type) -> Typed<'_> {
    let mut inner = Typed::of(ty);
    if let Form::List(ListKind::Vec, item) = &inner.form
        && let Form::Integer(Integer { name: "u8", .. }) = item.form
    {
        inner.form = Form::Bytes;
    }
    inner
}

fn simple(name: &str) -> Form<'static> {
    match name {
        "String" => Form::Text,
        "PathBuf" => Form::Path,
        "Url" => Form::Url,
        "bool" => Form::Bool,
        "char" => Form::Char,
        "f32" | "f64" => Form::Float,
        "IpAddr" => Form::IpAddr,
        "Ipv4Addr" => Form::Ipv4Addr,
        "Ipv6Addr" => Form::Ipv6Addr,
        "SocketAddr" => Form::SocketAddr,
        "Duration" => Form::Duration,
        "ByteSize" => Form::ByteSize,
        "Environment" => Form::Environment,
        _ => integer(name).map_or(Form::Unknown, Form::Integer),
    }
}

fn integer(name: &str) -> Option<Integer> {
    let signed = |name, min: i128, max: i128| Integer { name, min, max: max.unsigned_abs(), primitive: true };
    let unsigned = |name, max: u128| Integer { name, min: 0, max, primitive: true };
    let non_zero = |name, max: u128| Integer { name, min: 1, max, primitive: false };
    Some(match name {
        "u8" => unsigned("u8", u8::MAX.into()),
        "u16" => unsigned("u16", u16::MAX.into()),
        "u32" => unsigned("u32", u32::MAX.into()),
        "u64" => unsigned("u64", u64::MAX.into()),
        "usize" => unsigned("usize", u64::MAX.into()),
        "u128" => unsigned("u128", u128::MAX),
        "i8" => signed("i8", i8::MIN.into(), i8::MAX.into()),
        "i16" => signed("i16", i16::MIN.into(), i16::MAX.into()),
        "i32" => signed("i32", i32::MIN.into(), i32::MAX.into()),
        "i64" => signed("i64", i64::MIN.into(), i64::MAX.into()),
        "isize" => signed("isize", i64::MIN.into(), i64::MAX.into()),
        "i128" => signed("i128", i128::MIN, i128::MAX),
        "NonZeroU8" => non_zero("NonZeroU8", u8::MAX.into()),
        "NonZeroU16" => non_zero("NonZeroU16", u16::MAX.into()),
        "NonZeroU32" => non_zero("NonZeroU32", u32::MAX.into()),
        "NonZeroU64" => non_zero("NonZeroU64", u64::MAX.into()),
        "NonZeroUsize" => non_zero("NonZeroUsize", u64::MAX.into()),
        _ => return None,
    })
}
