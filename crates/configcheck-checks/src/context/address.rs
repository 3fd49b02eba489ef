//! Reads addresses out of a text — `scheme://host/path` and `host:port` — without an allocation, well formed or not.
//!
//! It answers questions and hands out no text of a user's to a report.

use core::net::IpAddr;

use configcheck_core::schema::TypeSpec;

/// The longest scheme that is looked for.
const LONGEST_SCHEME: usize = 24;

/// Endings of names that only a private network resolves.
const INTERNAL_ENDINGS: [&str; 6] = [".local", ".internal", ".svc", ".cluster.local", ".localhost", ".lan"];

/// Whether the text of a type may be an address. Others are not even looked at: most fields are numbers, switches and words.
pub(crate) fn may_be_address(type_spec: &TypeSpec) -> bool {
    match type_spec {
        TypeSpec::Text | TypeSpec::Url | TypeSpec::Other => true,
        TypeSpec::List(item) => may_be_address(item),
        _ => false,
    }
}

/// An address in its parts.
#[derive(Clone, Copy)]
pub(crate) struct Address<'a> {
    scheme: Option<&'a str>,
    authority: &'a str,
}

impl<'a> Address<'a> {
    /// The address that the text is: a URL, or a host with a port.
    pub(crate) fn of(text: &'a str) -> Option<Self> {
        // Both have a colon, and most texts have none.
        if text.contains(':') { Self::of_url(text).or_else(|| Self::of_host_and_port(text)) } else { None }
    }

    /// The address of a URL.
    pub(crate) fn of_url(text: &'a str) -> Option<Self> {
        let colon = text.as_bytes().iter().take(LONGEST_SCHEME).position(|byte| *byte == b':')?;
        let rest = text[colon..].strip_prefix("://")?;
        let scheme = &text[..colon];
        let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
        let end = rest.bytes().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len());
        let authority = rest[..end].rsplit('@').next().unwrap_or_default();
        is_scheme.then_some(Self { scheme: Some(scheme), authority })
    }

    fn of_host_and_port(text: &'a str) -> Option<Self> {
        let (host, port) = text.rsplit_once(':')?;
        let is_port = (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit());
        let is_host = !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_[]:".contains(&byte));
        (is_port && is_host).then_some(Self { scheme: None, authority: text })
    }

    /// Whether its scheme is one of these, written in lower case.
    pub(crate) fn has_scheme(&self, schemes: &[&str]) -> bool {
        self.scheme.is_some_and(|scheme| schemes.iter().any(|known| known.eq_ignore_ascii_case(scheme)))
    }

    /// Its hosts: usually one; connection strings of clusters name several.
    pub(crate) fn hosts(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.authority.split(',').map(without_port)
    }
}

/// A host without its port, and without the brackets of an IPv6 address.
fn without_port(host: &str) -> &str {
    if let Some(bracketed) = host.strip_prefix('[') {
        return bracketed.split(']').next().unwrap_or_default();
    }
    match host.rsplit_once(':') {
        // More than one colon without brackets: an IPv6 address, and no port.
        Some((name, _)) if !name.contains(':') => name,
        _ => host,
    }
    .trim_end_matches('.')
}

/// Whether a host is this machine.
pub(crate) fn is_this_machine(host: &str) -> bool {
    (ends_with(host, "localhost") && (host.len() == "localhost".len() || ends_with(host, ".localhost")))
        || host.eq_ignore_ascii_case("host.docker.internal")
        || ip(host).is_some_and(|ip| ip.is_loopback())
}

/// Whether a host is every address of this machine, `0.0.0.0`: good to listen on, and nowhere to go to.
pub(crate) fn is_unspecified(host: &str) -> bool {
    ip(host).is_some_and(|ip| ip.is_unspecified())
}

/// Whether a host is reached without leaving a private network: this machine, a name without dots, a private address.
pub(crate) fn is_internal(host: &str) -> bool {
    if let Some(ip) = ip(host) {
        return match ip {
            IpAddr::V4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_unspecified(),
            IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_unspecified(),
        };
    }
    !host.contains('.') || INTERNAL_ENDINGS.iter().any(|ending| ends_with(host, ending))
}

fn ip(host: &str) -> Option<IpAddr> {
    // Names are the usual case, and end in a letter.
    let may_be_ip = host.contains(':') || host.ends_with(|c: char| c.is_ascii_digit());
    may_be_ip.then(|| host.parse().ok()).flatten()
}

fn ends_with(host: &str, ending: &str) -> bool {
    let start = host.len().checked_sub(ending.len());
    start.and_then(|start| host.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(ending))
}

/// The `name=value` settings of a URL: those in its query, or behind the semicolons that some drivers use.
pub(crate) fn settings_of_url(url: &str) -> impl Iterator<Item = (&str, &str)> {
    let start = url.bytes().position(|byte| matches!(byte, b'?' | b';')).unwrap_or(url.len());
    settings(&url[start..])
}

/// The `name=value` settings of a connection string, between blanks, semicolons or the marks of a query.
pub(crate) fn settings(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split(['?', '&', ';', ' ']).filter_map(|part| part.split_once('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, hosts: &[&str]) {
        let found: Vec<&str> = Address::of(text).map(|address| address.hosts().collect()).unwrap_or_default();
        assert_eq!(found, hosts, "{text}");
    }

    #[test]
    fn finds_hosts() {
        check("postgres://app:hunter2@db.example.com:5432/shop?sslmode=require", &["db.example.com"]);
        check("http://localhost", &["localhost"]);
        check("http://[::1]:8080/a", &["::1"]);
        check("mongodb://u:p@a:27017,b.example.com:27018/db", &["a", "b.example.com"]);
        check("localhost:9092", &["localhost"]);
        check("[::1]:80", &["::1"]);
        check("https://host.", &["host"]);
        check("localhost", &[]);
        check("a:b", &[]);
        check("a b:80", &[]);
        check("://x", &[]);
        check("größe://x", &[]);
        check("", &[]);
    }

    #[test]
    fn knows_what_is_near() {
        for host in ["localhost", "LOCALHOST", "app.localhost", "127.0.0.1", "127.8.9.1", "::1", "host.docker.internal"] {
            assert!(is_this_machine(host) && is_internal(host), "{host}");
        }
        for host in ["orders", "db.local", "db.internal", "db.prod.svc", "db.svc.cluster.local", "10.1.2.3", "169.254.169.254", "fd00::1"] {
            assert!(is_internal(host) && !is_this_machine(host), "{host}");
        }
        for host in ["example.com", "localhost.example.com", "8.8.8.8", "1270.0.0.1.example.com", "2001:db8::1"] {
            assert!(!is_internal(host), "{host}");
        }
        assert!(is_unspecified("0.0.0.0") && !is_unspecified("10.0.0.0"));
    }
}
