//! The fields `Transport`, `Session`, `Public` and `RTP-Info` as cameras write them.

/// What a camera answered to the transport that was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transport {
    /// `TCP` stands in the profile, or channels are named.
    pub tcp: bool,
    pub multicast: bool,
    pub interleaved: Option<(u8, u8)>,
    pub server_port: Option<(u16, u16)>,
    pub client_port: Option<(u16, u16)>,
    pub source: Option<String>,
    pub ssrc: Option<u32>,
}

impl Transport {
    /// Of the transports in the field the first of the kind that was asked for, else the first.
    pub fn choose(field: &str, tcp: bool) -> Self {
        let mut all = field.split(',').take(16).map(Self::parse);
        let first = all.next().unwrap_or_default();
        if first.tcp == tcp { first } else { all.find(|other| other.tcp == tcp).unwrap_or(first) }
    }

    /// Reads one transport; every part may be missing or malformed.
    pub fn parse(text: &str) -> Self {
        let mut transport = Self::default();
        for part in text.split(';') {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let value = value.trim().trim_matches('"');
            match name.trim().to_ascii_lowercase().as_str() {
                "rtp/avp/tcp" | "rtp/avpf/tcp" | "tcp" => transport.tcp = true,
                "multicast" => transport.multicast = true,
                "interleaved" => {
                    transport.interleaved = pair(value)
                        .and_then(|(low, high)| Some((u8::try_from(low).ok()?, u8::try_from(high).ok()?)));
                    transport.tcp |= transport.interleaved.is_some();
                }
                "server_port" => transport.server_port = pair(value).filter(|ports| ports.0 != 0),
                "client_port" => transport.client_port = pair(value),
                "source" => transport.source = Some(value.chars().take(253).collect()),
                "ssrc" => transport.ssrc = u32::from_str_radix(value.trim_start_matches("0x"), 16).ok(),
                _ => {}
            }
        }
        transport
    }
}

/// `4-5` or `4`; a second number that is missing or malformed follows the first.
fn pair(text: &str) -> Option<(u16, u16)> {
    let (first, second) = text.split_once('-').unwrap_or((text, ""));
    let first: u16 = first.trim().parse().ok()?;
    Some((first, second.trim().parse().unwrap_or(first.saturating_add(1))))
}

/// Session id and time-out in seconds.
pub fn parse_session(field: &str) -> (String, Option<u32>) {
    let mut parts = field.split(';');
    let id = parts
        .next()
        .unwrap_or_default()
        .trim()
        .chars()
        .filter(|letter| !letter.is_control())
        .take(256)
        .collect();
    let timeout = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let digits: String = value.trim().chars().take_while(char::is_ascii_digit).collect();
        name.trim().eq_ignore_ascii_case("timeout").then(|| digits.parse().ok())?
    });
    (id, timeout.filter(|seconds| *seconds > 0))
}

/// Whether `Public` (or `Allow`) names the method.
pub fn offers(field: &str, method: &str) -> bool {
    field.split([',', ' ']).any(|word| word.trim().eq_ignore_ascii_case(method))
}

/// `RTP-Info` is not used, only judged: a `url=` and numbers that are numbers.
pub fn is_rtp_info_sound(field: &str) -> bool {
    field.split(',').all(|entry| {
        let numbers_hold = entry.split(';').all(|part| match part.trim().split_once('=') {
            Some((name, value)) if name.eq_ignore_ascii_case("seq") => value.trim().parse::<u16>().is_ok(),
            Some((name, value)) if name.eq_ignore_ascii_case("rtptime") => {
                value.trim().parse::<u32>().is_ok()
            }
            _ => true,
        });
        numbers_hold && entry.to_ascii_lowercase().contains("url=")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transports_are_read_in_every_shape() {
        let read = Transport::parse;
        let usual = read("RTP/AVP/TCP;unicast;interleaved=2-3;ssrc=1A2B3C4D;mode=\"PLAY\"");
        assert_eq!((usual.tcp, usual.interleaved, usual.ssrc), (true, Some((2, 3)), Some(0x1a2b_3c4d)));
        assert_eq!(read("RTP/AVP/TCP;interleaved=4").interleaved, Some((4, 5)));
        assert_eq!(read("RTP/AVP/TCP;interleaved=300-301").interleaved, None);
        assert_eq!(read("RTP/AVP/TCP; interleaved = 0 - 1").interleaved, Some((0, 1)));
        let udp = read("RTP/AVP;unicast;client_port=5000-5001;server_port=6000;source=10.0.0.9;ssrc=oops");
        assert_eq!((udp.tcp, udp.server_port, udp.ssrc), (false, Some((6000, 6001)), None));
        assert_eq!(udp.source.as_deref(), Some("10.0.0.9"));
        assert_eq!(read("RTP/AVP;server_port=0-0").server_port, None);
        assert_eq!(read(""), Transport::default());
        let two = "RTP/AVP;server_port=7-8,RTP/AVP/TCP;interleaved=0-1";
        assert_eq!(Transport::choose(two, true).interleaved, Some((0, 1)));
        assert_eq!(Transport::choose(two, false).server_port, Some((7, 8)));
        assert!(read("RTP/AVP;multicast;destination=224.1.1.1").multicast);
    }

    #[test]
    fn sessions_keep_their_time_out() {
        assert_eq!(parse_session("1234;timeout=60"), ("1234".into(), Some(60)));
        assert_eq!(parse_session(" ab-c ; Timeout = 15s "), ("ab-c".into(), Some(15)));
        assert_eq!(parse_session("x;timeout=0"), ("x".into(), None));
        assert_eq!(parse_session("x;timeout=soon"), ("x".into(), None));
        assert_eq!(parse_session("a\r\nb"), ("ab".into(), None));
        assert_eq!(parse_session(" 7 7 ;timeout=9"), ("7 7".into(), Some(9)));
    }

    #[test]
    fn methods_and_rtp_info_are_judged() {
        assert!(offers("OPTIONS,DESCRIBE, get_parameter", "GET_PARAMETER"));
        assert!(!offers("OPTIONS", "GET_PARAMETER"));
        assert!(is_rtp_info_sound("url=rtsp://h/a;seq=1;rtptime=2,url=b"));
        assert!(!is_rtp_info_sound("url=rtsp://h/a;seq=99999;rtptime=-1"));
        assert!(!is_rtp_info_sound("nonsense"));
    }
}
