//! What is wrong with an address, in words that hold nothing of it but a checked host.

use std::fmt;

/// Why an address is refused. It names the host where that was read; never what could be credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AddressProblem {
    /// There is none.
    Empty,
    /// It does not say `https://` or `http://`.
    NoScheme,
    /// Its scheme is another one.
    Scheme,
    /// It holds credentials, or an `@` that could end them.
    Userinfo,
    /// Its host is no name and no number.
    Host,
    /// Its port is none.
    Port,
    /// Its path has characters or steps that none should have.
    Path,
    /// It has a query or a fragment.
    Query,
    /// It is `http` and leaves this machine.
    InTheClear(String),
    /// It is link-local, or the metadata service of a cloud.
    LinkLocal(String),
    /// It is a name for such an address.
    NameOfLinkLocal(String),
}

impl AddressProblem {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Empty | Self::NoScheme | Self::Scheme => "write it as `https://HOST:PORT`",
            Self::Userinfo => "take the credentials out of the address; they have settings of their own",
            Self::Host => "write a host name (`vault.internal`), an IPv4 address (`10.0.0.1`) or an IPv6 address (`[fd00::1]`)",
            Self::Port => "write a port from 1 to 65535, or none",
            Self::Path => "write the path without `.`, `..`, `//`, spaces and escapes, or without a path",
            Self::Query => "take out everything from the `?` or `#` on",
            Self::InTheClear(_) => "write `https://`; `http` goes to this machine alone, unless plain http is allowed explicitly",
            Self::LinkLocal(_) | Self::NameOfLinkLocal(_) => {
                "write the address of the server itself; such addresses give out credentials of the machine"
            }
        }
    }
}

impl fmt::Display for AddressProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the address is empty"),
            Self::NoScheme => f.write_str("the address does not begin with `https://`"),
            Self::Scheme => f.write_str("the address begins with neither `https://` nor `http://`"),
            Self::Userinfo => f.write_str("the address holds an `@`, as if it held credentials"),
            Self::Host => f.write_str("the host of the address is neither a name nor a number"),
            Self::Port => f.write_str("the port of the address is no number from 1 to 65535"),
            Self::Path => f.write_str("the path of the address has characters or steps that are not allowed there"),
            Self::Query => f.write_str("the address has a query or a fragment"),
            Self::InTheClear(host) => write!(f, "http to {host} would send secrets in the clear"),
            Self::LinkLocal(host) => write!(f, "{host} is link-local or the metadata service of a cloud"),
            Self::NameOfLinkLocal(host) => write!(f, "{host} stands for an address that is link-local or the metadata service of a cloud"),
        }
    }
}

impl std::error::Error for AddressProblem {}
