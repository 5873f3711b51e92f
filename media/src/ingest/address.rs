//! Which addresses may be connected to: the site's camera networks, and what is refused whatever they say.
//! Resolution of names lives in the engine; this is only the judgement on an address.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

/// An address prefix such as `10.0.0.0/8`, `192.168.1.7` or `fd00::/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

/// The text is no network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotANetwork(pub String);

impl fmt::Display for NotANetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is no network: write an address, or an address and a prefix such as 10.0.0.0/8",
            self.0
        )
    }
}

impl std::error::Error for NotANetwork {}

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let refuse = || NotANetwork(text.to_owned());
        let (address, prefix) = match text.trim().split_once('/') {
            Some((address, prefix)) => (address, Some(prefix.parse::<u8>().map_err(|_| refuse())?)),
            None => (text.trim(), None),
        };
        let address: IpAddr = address.parse().map_err(|_| refuse())?;
        let whole = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.unwrap_or(whole);
        if prefix > whole {
            return Err(refuse());
        }
        Ok(Self { address, prefix })
    }
}

impl Network {
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, plain(address)) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let shift = 32 - u32::from(self.prefix);
                (u64::from(u32::from(network) ^ u32::from(address)) >> shift) == 0
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let different = u128::from(network) ^ u128::from(address);
                self.prefix == 0 || different >> (128 - u32::from(self.prefix)) == 0
            }
            _ => false,
        }
    }

    fn is_one_address(&self) -> bool {
        self.prefix == if self.address.is_ipv4() { 32 } else { 128 }
    }
}

/// An IPv4 address in an IPv6 coat is judged as what it is.
fn plain(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

/// The judge. An empty list of camera networks allows every ordinary unicast address.
#[derive(Clone, Debug, Default)]
pub struct AddressRules {
    pub camera_networks: Vec<Network>,
    /// Where this program itself listens; refused unless that one address is listed by itself.
    pub own_listeners: Vec<SocketAddr>,
}

impl AddressRules {
    /// `Err` says why in a few words for the evidence of the leg.
    pub fn check(&self, target: SocketAddr) -> Result<(), &'static str> {
        self.check_as(target, is_of_this_machine)
    }

    fn check_as(
        &self,
        target: SocketAddr,
        of_this_machine: impl Fn(IpAddr) -> bool,
    ) -> Result<(), &'static str> {
        let address = plain(target.ip());
        if is_never_a_camera(address) {
            return Err("not a unicast address");
        }
        let listed = self.camera_networks.iter().any(|network| network.contains(address));
        let by_itself =
            self.camera_networks.iter().any(|network| network.is_one_address() && network.contains(address));
        if !by_itself && self.is_own(address, target.port()) {
            return Err("our own listener");
        }
        // A network of cameras holds our own address too, and behind it the console and whatever else runs here.
        if !by_itself && !address.is_loopback() && of_this_machine(address) {
            return Err("an address of this machine");
        }
        if listed {
            return Ok(());
        }
        if let Some(kind) = special(address) {
            return Err(kind);
        }
        if self.camera_networks.is_empty() { Ok(()) } else { Err("outside the camera networks") }
    }

    fn is_own(&self, address: IpAddr, port: u16) -> bool {
        self.own_listeners.iter().any(|own| {
            own.port() == port
                && (plain(own.ip()) == address || (own.ip().is_unspecified() && address.is_loopback()))
        })
    }
}

/// Only an address that an interface of this machine has can be bound to.
fn is_of_this_machine(address: IpAddr) -> bool {
    std::net::UdpSocket::bind((address, 0)).is_ok()
}

fn is_never_a_camera(address: IpAddr) -> bool {
    let broadcast = matches!(address, IpAddr::V4(v4) if v4.is_broadcast());
    broadcast || address.is_multicast() || address.is_unspecified()
}

fn special(address: IpAddr) -> Option<&'static str> {
    if address.is_loopback() {
        return Some("loopback address");
    }
    let link_local = match address {
        IpAddr::V4(v4) => v4.is_link_local() || v4.octets()[0] == 0,
        IpAddr::V6(v6) => v6.segments()[0] & 0xffc0 == 0xfe80,
    };
    link_local.then_some("link-local address")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(networks: &[&str]) -> AddressRules {
        AddressRules {
            camera_networks: networks.iter().map(|text| text.parse().unwrap()).collect(),
            own_listeners: vec!["0.0.0.0:8554".parse().unwrap()],
        }
    }

    #[test]
    fn an_address_of_this_machine_is_no_camera_unless_it_is_listed_by_itself() {
        let ours = |address: IpAddr| address == IpAddr::from([10, 0, 0, 5]);
        let wide = rules(&["10.0.0.0/8"]);
        for port in [554, 8360, 8554] {
            let target = SocketAddr::from(([10, 0, 0, 5], port));
            assert_eq!(wide.check_as(target, ours), Err("an address of this machine"));
        }
        assert_eq!(wide.check_as("10.0.0.6:8554".parse().unwrap(), ours), Ok(()));
        let listed = rules(&["10.0.0.0/8", "10.0.0.5/32"]);
        assert_eq!(listed.check_as("10.0.0.5:554".parse().unwrap(), ours), Ok(()));
        assert!(is_of_this_machine(IpAddr::from([127, 0, 0, 1])));
        assert!(!is_of_this_machine(IpAddr::from([192, 0, 2, 1])));
    }

    #[test]
    fn only_ordinary_unicast_addresses_pass_without_a_list() {
        let rules = rules(&[]);
        for (target, allowed) in [
            ("10.1.2.3:554", true),
            ("8.8.8.8:554", true),
            ("127.0.0.1:554", false),
            ("169.254.169.254:80", false),
            ("224.0.0.1:554", false),
            ("255.255.255.255:554", false),
            ("0.0.0.0:554", false),
            ("0.1.2.3:554", false),
            ("[::1]:554", false),
            ("[::ffff:127.0.0.1]:554", false),
            ("[::ffff:169.254.1.1]:554", false),
            ("[fe80::1]:554", false),
            ("[ff02::1]:554", false),
            ("[2001:db8::1]:554", true),
        ] {
            assert_eq!(rules.check(target.parse().unwrap()).is_ok(), allowed, "{target}");
        }
    }

    #[test]
    fn a_list_allows_what_it_names_and_nothing_else() {
        let rules = rules(&["127.0.0.0/8", "192.168.0.0/16", "fd00::/8"]);
        for (target, allowed) in [
            ("127.0.0.1:9000", true),
            ("127.0.0.1:8554", false),
            ("192.168.255.1:554", true),
            ("10.0.0.1:554", false),
            ("[::ffff:192.168.3.4]:554", true),
            ("[fd12::1]:554", true),
            ("[fe80::1]:554", false),
        ] {
            assert_eq!(rules.check(target.parse().unwrap()).is_ok(), allowed, "{target}");
        }
        assert!(self::rules(&["224.0.0.0/4"]).check("224.0.0.1:554".parse().unwrap()).is_err());
        assert!(self::rules(&["127.0.0.1"]).check("127.0.0.1:8554".parse().unwrap()).is_ok());
    }

    #[test]
    fn what_is_no_network_is_refused_with_a_sentence() {
        for text in ["", "10.0.0.0/33", "10.0.0/8", "camera", "::/129"] {
            assert!(text.parse::<Network>().unwrap_err().to_string().contains("no network"));
        }
        assert!("0.0.0.0/0".parse::<Network>().unwrap().contains("1.2.3.4".parse().unwrap()));
        assert!("::/0".parse::<Network>().unwrap().contains("1::2".parse().unwrap()));
    }
}
