//! Where a request comes from.

use std::net::{IpAddr, Ipv6Addr};

/// The address that a request comes from, as far as it can be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Source(Option<IpAddr>);

impl Source {
    /// A request from an address. IPv4 written as IPv6 counts as IPv4.
    pub fn from_address(address: IpAddr) -> Self {
        Self(Some(address.to_canonical()))
    }

    /// A request whose address is unknown, such as an operator's command.
    pub const fn unknown() -> Self {
        Self(None)
    }

    /// Returns the address, whole.
    pub fn address(&self) -> Option<IpAddr> {
        self.0
    }

    /// Returns the network that attempts are counted under: the address itself, or the /64 of an IPv6 address, which
    /// is what one customer gets; the unspecified address where it is unknown.
    pub fn network(&self) -> IpAddr {
        match self.0 {
            None => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
            Some(IpAddr::V4(v4)) => IpAddr::V4(v4),
            Some(IpAddr::V6(v6)) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (!0_u128 << 64))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_ipv6_network_count_together() {
        let network = |text: &str| Source::from_address(text.parse().unwrap()).network();
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff:1"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
    }
}
