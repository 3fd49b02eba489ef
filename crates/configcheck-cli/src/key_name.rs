//! Which names of undeclared keys a comparison may show.

/// Whether the name of an undeclared key may be shown: not where it may be a piece of a value.
pub(crate) fn may_be_shown(name: &str, value: Option<&str>) -> bool {
    let is_name = !name.starts_with(|first: char| first.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'));
    // Text in base64 ends with `=`, as an assignment of nothing does.
    let holds = |is_one: fn(&u8) -> bool| name.bytes().any(|byte| is_one(&byte));
    let may_be_encoded = value.is_none_or(|value| value.bytes().all(|byte| byte == b'='))
        && holds(u8::is_ascii_lowercase)
        && holds(u8::is_ascii_uppercase)
        && holds(u8::is_ascii_digit);
    is_name && !may_be_encoded
}
