//! The `Transport` header (RFC 2326 §12.39): which of a client's offers is taken.

/// How one track is to travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Within the TCP connection, on this channel and the next.
    Interleaved { rtp: u8, rtcp: u8 },
    /// To these ports of the peer's address. A `destination` of another host is never obeyed.
    Udp { rtp: u16, rtcp: u16 },
}

impl Transport {
    /// The first offer of the header that can be served. `free_channel` is taken when an interleaved offer
    /// names no channels.
    pub fn choose(header: &str, free_channel: u8) -> Option<Self> {
        header.split(',').find_map(|offer| Self::parse(offer, free_channel))
    }

    fn parse(offer: &str, free_channel: u8) -> Option<Self> {
        let mut fields = offer.trim().split(';').map(str::trim);
        let profile = fields.next()?.to_ascii_uppercase();
        let over_tcp = match profile.as_str() {
            "RTP/AVP/TCP" => true,
            "RTP/AVP" | "RTP/AVP/UDP" => false,
            _ => return None,
        };
        let mut pair = None;
        for field in fields {
            let (name, value) = field.split_once('=').unwrap_or((field, ""));
            match name.to_ascii_lowercase().as_str() {
                "multicast" => return None,
                "mode" if !value.trim_matches('"').eq_ignore_ascii_case("play") => return None,
                "interleaved" if over_tcp => pair = Some(range(value)?),
                "client_port" if !over_tcp => pair = Some(range(value)?),
                _ => {}
            }
        }
        if over_tcp {
            let (rtp, rtcp) = pair.unwrap_or((u16::from(free_channel), u16::from(free_channel) + 1));
            return Some(Self::Interleaved { rtp: rtp.try_into().ok()?, rtcp: rtcp.try_into().ok()? });
        }
        let (rtp, rtcp) = pair?;
        (rtp != 0 && rtcp != 0 && rtp != rtcp).then_some(Self::Udp { rtp, rtcp })
    }

    /// The header of the answer. `server` are our own UDP ports.
    pub fn answer(self, ssrc: u32, server: Option<(u16, u16)>) -> String {
        match self {
            Self::Interleaved { rtp, rtcp } => {
                format!("RTP/AVP/TCP;unicast;interleaved={rtp}-{rtcp};ssrc={ssrc:08X};mode=\"PLAY\"")
            }
            Self::Udp { rtp, rtcp } => {
                let (own_rtp, own_rtcp) = server.unwrap_or_default();
                format!(
                    "RTP/AVP;unicast;client_port={rtp}-{rtcp};server_port={own_rtp}-{own_rtcp};\
                     ssrc={ssrc:08X};mode=\"PLAY\""
                )
            }
        }
    }
}

/// `a-b`, or `a` alone, which means `a` and the next.
fn range(text: &str) -> Option<(u16, u16)> {
    match text.split_once('-') {
        Some((first, second)) => Some((first.trim().parse().ok()?, second.trim().parse().ok()?)),
        None => {
            let first: u16 = text.trim().parse().ok()?;
            Some((first, first.checked_add(1)?))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_offer_that_can_be_served_is_taken() {
        let offers = "RTP/AVP;multicast;port=3456-3457,RTP/SAVP;unicast;client_port=1-2,\
            RTP/AVP/TCP;unicast;interleaved=4-5;mode=play,RTP/AVP;unicast;client_port=6000-6001";
        assert_eq!(Transport::choose(offers, 0), Some(Transport::Interleaved { rtp: 4, rtcp: 5 }));
        assert_eq!(
            Transport::choose("RTP/AVP/UDP;unicast;client_port=6000", 0),
            Some(Transport::Udp { rtp: 6000, rtcp: 6001 })
        );
        assert_eq!(
            Transport::choose("RTP/AVP/TCP;unicast", 2),
            Some(Transport::Interleaved { rtp: 2, rtcp: 3 })
        );
    }

    #[test]
    fn offers_that_make_no_sense_are_passed_over() {
        for offer in [
            "",
            "RTP/AVP",
            "RTP/AVP;unicast;client_port=0-1",
            "RTP/AVP;unicast;client_port=65535",
            "RTP/AVP;unicast;client_port=70000-70001",
            "RTP/AVP/TCP;interleaved=256-257",
            "RTP/AVP;unicast;client_port=6000-6001;mode=record",
        ] {
            assert_eq!(Transport::choose(offer, 0), None, "{offer}");
        }
    }
}
