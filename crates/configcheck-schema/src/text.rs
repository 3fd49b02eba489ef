//! Text that lives as long as the process, as a schema demands it.

/// Text for ever. A process reads few schemas, and keeps them until it ends.
pub(crate) fn leak(text: String) -> &'static str {
    if text.is_empty() { "" } else { Box::leak(text.into_boxed_str()) }
}

/// A list for ever.
pub(crate) fn leak_all<T>(items: Vec<T>) -> &'static [T] {
    if items.is_empty() { &[] } else { Box::leak(items.into_boxed_slice()) }
}

/// Whether a variable can be called so in a `.env` file.
pub(crate) fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
}
