//! Where requests go: an address that is checked before anything connects to it.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub(crate) mod networks;
mod problem;

pub use problem::AddressProblem;

/// What is allowed beyond `https`, and `http` to this machine. By default, nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Whether `http`, which anybody on the way can read, may leave this machine.
    pub plain_http: bool,
    /// Whether link-local addresses and those of clouds' metadata services are reached, by `http` too. For the credential providers of
    /// those clouds alone.
    pub link_local: bool,
}

/// How an address is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// In the clear.
    Http,
    /// Over TLS.
    Https,
}

impl Scheme {
    /// As an address begins.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// A host by name or by number.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum Host {
    Name(String),
    Ip(IpAddr),
}

/// The address of a server: scheme, host, port and the path that its requests begin with. It holds no credentials, query or fragment.
///
/// ```
/// use configcheck_http::{Address, Reach};
///
/// let address = Address::parse("https://vault.internal:8200/", Reach::default())?;
/// assert_eq!(address.to_string(), "https://vault.internal:8200");
/// assert_eq!(address.join("v1/sys/health"), "https://vault.internal:8200/v1/sys/health");
///
/// let problem = Address::parse("http://vault.internal:8200", Reach::default()).unwrap_err();
/// assert_eq!(problem.to_string(), "http to vault.internal would send secrets in the clear");
/// # Ok::<(), configcheck_http::AddressProblem>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Address {
    scheme: Scheme,
    host: Host,
    port: u16,
    base_path: String,
}

impl Address {
    /// Reads an address, and refuses one that is out of reach. Nothing is connected to or looked up.
    ///
    /// # Errors
    ///
    /// What is wrong with it, without the parts that could be credentials.
    pub fn parse(text: &str, reach: Reach) -> Result<Self, AddressProblem> {
        let address = Self::read(text)?;
        address.within(reach).map(|()| address)
    }

    fn read(text: &str) -> Result<Self, AddressProblem> {
        if text.is_empty() {
            return Err(AddressProblem::Empty);
        }
        let (scheme, rest) = text.split_once("://").ok_or(AddressProblem::NoScheme)?;
        let scheme = match scheme {
            "https" => Scheme::Https,
            "http" => Scheme::Http,
            _ => return Err(AddressProblem::Scheme),
        };
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        if authority.contains('@') || path.contains('@') {
            return Err(AddressProblem::Userinfo);
        }
        let base_path = base_path(path)?;
        let (host, port) = match authority.strip_prefix('[') {
            Some(rest) => {
                let (number, port) = rest.split_once(']').ok_or(AddressProblem::Host)?;
                let number: Ipv6Addr = number.parse().map_err(|_| AddressProblem::Host)?;
                let port = if port.is_empty() { None } else { Some(port.strip_prefix(':').ok_or(AddressProblem::Host)?) };
                (Host::Ip(number.into()), port)
            }
            None => match authority.split_once(':') {
                Some((host, port)) => (read_host(host)?, Some(port)),
                None => (read_host(authority)?, None),
            },
        };
        let port = port.map_or(Ok(scheme.default_port()), read_port)?;
        Ok(Self { scheme, host, port, base_path })
    }

    /// Whether the address as it is written may be connected to. What a name stands for is checked where it is looked up.
    pub(crate) fn within(&self, reach: Reach) -> Result<(), AddressProblem> {
        if let Host::Ip(ip) = self.host
            && networks::is_link_local(ip)
        {
            return if reach.link_local { Ok(()) } else { Err(AddressProblem::LinkLocal(self.bare_host())) };
        }
        let in_the_clear = self.scheme == Scheme::Http && !reach.plain_http && !self.is_loopback();
        // A name may stand for the metadata service of a cloud; what it stands for is seen when it is looked up.
        if in_the_clear && !(reach.link_local && matches!(self.host, Host::Name(_))) {
            return Err(AddressProblem::InTheClear(self.bare_host()));
        }
        Ok(())
    }

    /// Whether what its host was found to stand for may be connected to.
    pub(crate) fn may_lead_to(&self, ip: IpAddr, reach: Reach) -> Result<(), AddressProblem> {
        if networks::is_link_local(ip) {
            return if reach.link_local { Ok(()) } else { Err(AddressProblem::NameOfLinkLocal(self.bare_host())) };
        }
        if self.scheme == Scheme::Http && !reach.plain_http && !networks::is_loopback(ip) {
            return Err(AddressProblem::InTheClear(self.bare_host()));
        }
        Ok(())
    }

    /// Whether it is this machine: `localhost`, 127.0.0.0/8 or `::1`.
    pub fn is_loopback(&self) -> bool {
        match &self.host {
            Host::Name(name) => name == "localhost" || name == "localhost.",
            Host::Ip(ip) => networks::is_loopback(*ip),
        }
    }

    /// The scheme.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The host, in lower case; an IPv6 address without its brackets.
    pub fn host(&self) -> String {
        self.bare_host()
    }

    /// The port, said or not.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The path that requests begin with, without a slash at its end; most often empty.
    pub fn base_path(&self) -> &str {
        &self.base_path
    }

    /// The text of a URI: this address, its base path, and a path with or without a query.
    pub fn join(&self, path_and_query: &str) -> String {
        format!("{self}/{}", path_and_query.strip_prefix('/').unwrap_or(path_and_query))
    }

    pub(crate) fn named(&self) -> &Host {
        &self.host
    }

    /// Host and port, as a person and a proxy read them.
    pub(crate) fn host_and_port(&self) -> String {
        format!("{}:{}", self.bracketed(), self.port)
    }

    /// The `host` header: without the port where it is the usual one, and without the dot at the end of a full name.
    pub(crate) fn authority(&self) -> String {
        let host = self.bracketed();
        let host = host.strip_suffix('.').unwrap_or(&host);
        if self.port == self.scheme.default_port() { host.to_owned() } else { format!("{host}:{}", self.port) }
    }

    fn bare_host(&self) -> String {
        match &self.host {
            Host::Name(name) => name.clone(),
            Host::Ip(ip) => ip.to_string(),
        }
    }

    fn bracketed(&self) -> String {
        match &self.host {
            Host::Ip(IpAddr::V6(ip)) => format!("[{ip}]"),
            _ => self.bare_host(),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme.name(), self.bracketed())?;
        if self.port != self.scheme.default_port() {
            write!(f, ":{}", self.port)?;
        }
        f.write_str(&self.base_path)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

fn base_path(path: &str) -> Result<String, AddressProblem> {
    if path.contains(['?', '#']) {
        return Err(AddressProblem::Query);
    }
    let path = path.trim_end_matches('/');
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=:".contains(&byte);
    let dots = path.split('/').any(|segment| segment == "." || segment == "..");
    if dots || path.contains("//") || !path.bytes().all(allowed) { Err(AddressProblem::Path) } else { Ok(path.to_owned()) }
}

fn read_port(text: &str) -> Result<u16, AddressProblem> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|port| digits && *port != 0).ok_or(AddressProblem::Port)
}

/// A host without brackets. What looks like a number is one, as it is written in full: resolvers read `2130706433` and `0x7f.1` too.
fn read_host(text: &str) -> Result<Host, AddressProblem> {
    if let Ok(ip) = text.parse::<Ipv4Addr>() {
        return Ok(Host::Ip(ip.into()));
    }
    let name = text.strip_suffix('.').unwrap_or(text);
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = name.rsplit('.').next().unwrap_or_default();
    let number = last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x") || last.starts_with("0X");
    if name.len() > 253 || number || !name.split('.').all(label) {
        return Err(AddressProblem::Host);
    }
    Ok(Host::Name(text.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests;
