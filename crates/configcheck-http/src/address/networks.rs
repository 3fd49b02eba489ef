//! Which numbers are this machine, and which give out its credentials.

use std::net::{IpAddr, Ipv4Addr};

/// Metadata services of clouds outside of 169.254.0.0/16: of Alibaba, and of Azure's host.
const METADATA_V4: [Ipv4Addr; 2] = [Ipv4Addr::new(100, 100, 100, 200), Ipv4Addr::new(168, 63, 129, 16)];

/// 127.0.0.0/8 and `::1`.
pub(crate) fn is_loopback(ip: IpAddr) -> bool {
    ip.to_canonical().is_loopback()
}

/// 169.254.0.0/16, `fe80::/10`, and what clouds serve metadata on: `fd00:ec2::/32` of AWS, `fd20:ce::254` of Google, and
/// [`METADATA_V4`]; written as IPv6 too, or behind the well-known prefix of NAT64.
pub(crate) fn is_link_local(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.is_link_local() || METADATA_V4.contains(&ip),
        IpAddr::V6(ip) => match ip.segments() {
            [0xfd00, 0x0ec2, ..] | [0xfd20, 0x00ce, 0, 0, 0, 0, 0, 0x254] => true,
            [0x64, 0xff9b, 0, 0, 0, 0, high, low] => is_link_local(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)).into()),
            // The same as IPv4-compatible addresses, which nothing routes and old code reads.
            [0, 0, 0, 0, 0, 0, high, low] if high != 0 => is_link_local(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)).into()),
            _ => ip.is_unicast_link_local(),
        },
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn addresses_that_give_out_credentials_are_known_in_every_notation() {
        for text in [
            "169.254.169.254",
            "169.254.170.2",
            "::ffff:169.254.169.254",
            "::169.254.169.254",
            "64:ff9b::169.254.169.254",
            "fe80::1",
            "febf::1",
            "fd00:ec2::254",
            "fd00:ec2::23",
            "fd20:ce::254",
            "100.100.100.200",
            "168.63.129.16",
        ] {
            assert!(is_link_local(text.parse().unwrap()), "{text}");
        }
        for text in ["169.253.0.1", "10.0.0.1", "127.0.0.1", "::1", "fd00:ec3::254", "fec0::1", "2001:db8::1", "::ffff:10.0.0.1"] {
            assert!(!is_link_local(text.parse::<IpAddr>().unwrap()), "{text}");
        }
    }

    #[test]
    fn this_machine_is_known_in_every_notation() {
        for text in ["127.0.0.1", "127.255.0.3", "::1", "::ffff:127.0.0.1"] {
            assert!(is_loopback(text.parse().unwrap()), "{text}");
        }
        for text in ["0.0.0.0", "::", "128.0.0.1", "::2"] {
            assert!(!is_loopback(text.parse().unwrap()), "{text}");
        }
    }
}
