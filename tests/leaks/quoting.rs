//! A secret in quotes, as the formats read it.

/// In double quotes, as JSON, YAML and TOML read it; bytes that are no text stay as they are.
pub(crate) fn quoted(secret: &[u8]) -> Vec<u8> {
    let mut text = vec![b'"'];
    for byte in secret {
        match byte {
            b'"' | b'\\' => text.extend([b'\\', *byte]),
            b'\n' => text.extend(b"\\n"),
            0..0x20 => text.extend(format!("\\u{byte:04x}").bytes()),
            _ => text.push(*byte),
        }
    }
    text.push(b'"');
    text
}

/// In double quotes, as `.env` files read it.
pub(crate) fn quoted_for_env(secret: &[u8]) -> Vec<u8> {
    let mut text = vec![b'"'];
    for byte in secret {
        if b"\"\\$`".contains(byte) {
            text.push(b'\\');
        }
        text.push(*byte);
    }
    text.push(b'"');
    text
}
