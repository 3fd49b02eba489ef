//! Whether text is an absolute URL, as the WHATWG standard parses it, without keeping anything of it.

use std::net::Ipv6Addr;

/// Whether the text is an absolute URL. International host names are not looked into.
///
/// ```
/// use configcheck_core::constraint::is_url;
///
/// assert!(is_url("postgres://user:pass%40word@db:5432/orders"));
/// assert!(!is_url("postgres://db:54a32/orders"));
/// assert!(!is_url("db/orders"));
/// ```
pub fn is_url(text: &str) -> bool {
    let trimmed = text.trim_matches(|c: char| c <= ' ');
    if trimmed.contains(['\t', '\n', '\r']) {
        return is_url(&trimmed.replace(['\t', '\n', '\r'], ""));
    }
    let Some((scheme, rest)) = trimmed.split_once(':') else { return false };
    if !scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        || !scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    {
        return false;
    }
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" | "ws" | "wss" | "ftp" => is_special_authority(rest.trim_start_matches(['/', '\\'])),
        "file" => is_file(rest),
        _ => rest.strip_prefix("//").is_none_or(is_opaque_authority),
    }
}

fn is_special_authority(rest: &str) -> bool {
    let (host, port) = split_authority(rest.split(['/', '\\', '?', '#']).next().unwrap_or_default());
    !host.is_empty() && is_domain_or_address(host) && is_port(port)
}

fn is_opaque_authority(rest: &str) -> bool {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = split_authority(authority);
    if host.is_empty() {
        return authority.is_empty();
    }
    let host_is_good = if host.starts_with('[') { is_ipv6(host) } else { !host.chars().any(is_forbidden_in_host) };
    host_is_good && is_port(port)
}

fn is_file(rest: &str) -> bool {
    let slashes = rest.bytes().take_while(|byte| matches!(byte, b'/' | b'\\')).count();
    if slashes != 2 {
        return true;
    }
    let host = rest[2..].split(['/', '\\', '?', '#']).next().unwrap_or_default();
    let is_drive = host.len() == 2 && host.starts_with(|c: char| c.is_ascii_alphabetic()) && host.ends_with([':', '|']);
    host.is_empty() || is_drive || is_domain_or_address(host)
}

/// The host and the text behind its colon, userinfo taken off.
fn split_authority(authority: &str) -> (&str, Option<&str>) {
    let host_and_port = authority.rsplit_once('@').map_or(authority, |(_, after)| after);
    let after_bracket = host_and_port.rfind(']').map_or(0, |at| at + 1);
    match host_and_port[after_bracket..].find(':') {
        Some(colon) => (&host_and_port[..after_bracket + colon], Some(&host_and_port[after_bracket + colon + 1..])),
        None => (host_and_port, None),
    }
}

fn is_port(port: Option<&str>) -> bool {
    port.is_none_or(|port| port.bytes().all(|byte| byte.is_ascii_digit()) && port.bytes().fold(0_u32, next_digit) <= 65_535)
}

fn next_digit(number: u32, digit: u8) -> u32 {
    (number * 10 + u32::from(digit - b'0')).min(100_000)
}

fn is_domain_or_address(host: &str) -> bool {
    if host.starts_with('[') {
        return is_ipv6(host);
    }
    let host = percent_decoded(host);
    if host.is_empty() || host.chars().any(|c| is_forbidden_in_host(c) || c == '%' || c.is_ascii_control()) {
        return false;
    }
    let labels: Vec<&str> = host.strip_suffix('.').unwrap_or(&host).split('.').collect();
    let last = labels.last().copied().unwrap_or_default();
    let ends_in_number = !last.is_empty() && (last.bytes().all(|byte| byte.is_ascii_digit()) || ipv4_part(last).is_some());
    !ends_in_number || is_ipv4(&labels)
}

fn is_forbidden_in_host(c: char) -> bool {
    matches!(c, '\0' | '\t' | '\n' | '\r' | ' ' | '#' | '/' | ':' | '<' | '>' | '?' | '@' | '[' | '\\' | ']' | '^' | '|')
}

fn is_ipv6(host: &str) -> bool {
    host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).is_some_and(|address| address.parse::<Ipv6Addr>().is_ok())
}

/// An IPv4 address of one to four parts, each decimal, octal or hexadecimal; the last fills the remaining bytes.
fn is_ipv4(labels: &[&str]) -> bool {
    if labels.len() > 4 {
        return false;
    }
    let Some(parts) = labels.iter().map(|label| ipv4_part(label)).collect::<Option<Vec<u64>>>() else { return false };
    let (last, first) = parts.split_last().expect("a host has at least one label");
    let bytes_left = u32::try_from(5 - labels.len()).unwrap_or(1);
    first.iter().all(|part| *part <= 255) && *last < 256_u64.pow(bytes_left)
}

fn ipv4_part(label: &str) -> Option<u64> {
    let (digits, radix) = if let Some(hex) = label.strip_prefix("0x").or_else(|| label.strip_prefix("0X")) {
        (hex, 16)
    } else if label.len() > 1 && label.starts_with('0') {
        (&label[1..], 8)
    } else {
        (label, 10)
    };
    if label.is_empty() || !digits.bytes().all(|byte| char::from(byte).is_digit(radix)) {
        return None;
    }
    if digits.is_empty() { Some(0) } else { Some(u64::from_str_radix(digits, radix).unwrap_or(u64::MAX)) }
}

fn percent_decoded(host: &str) -> String {
    let mut bytes = Vec::with_capacity(host.len());
    let mut rest = host.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = |at: usize| after.get(at).and_then(|digit| char::from(*digit).to_digit(16)).and_then(|digit| u8::try_from(digit).ok());
        if let (b'%', Some(high), Some(low)) = (byte, hex(0), hex(1)) {
            bytes.push(high * 16 + low);
            rest = &after[2..];
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
