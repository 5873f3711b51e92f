//! RTCP (RFC 3550 §6): sender reports in, receiver reports out. Nothing else of it is used.

/// The pair of clocks in a sender report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SenderReport {
    pub ssrc: u32,
    /// Seconds since 1900 in 32.32 fixed point; 0 if the camera has no clock.
    pub ntp: u64,
    pub timestamp: u32,
}

/// What a compound packet held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compound {
    pub sender_report: Option<SenderReport>,
    pub goodbye: bool,
    pub malformed: bool,
}

/// Reads a compound packet as far as it makes sense.
pub fn parse(mut bytes: &[u8]) -> Compound {
    let mut found = Compound::default();
    while bytes.len() >= 4 {
        let length = 4 + 4 * usize::from(u16::from_be_bytes([bytes[2], bytes[3]]));
        let kind = bytes[1];
        if bytes[0] >> 6 != 2 || !(192..=223).contains(&kind) {
            found.malformed = true;
            return found;
        }
        let body = &bytes[4..length.min(bytes.len())];
        match kind {
            200 if body.len() >= 24 => found.sender_report = Some(sender_report(body)),
            200 => found.malformed = true,
            203 => found.goodbye = true,
            _ => {}
        }
        if length > bytes.len() {
            found.malformed = true;
            return found;
        }
        bytes = &bytes[length..];
    }
    found.malformed |= !bytes.is_empty();
    found
}

fn sender_report(body: &[u8]) -> SenderReport {
    let word = |at: usize| u32::from_be_bytes([body[at], body[at + 1], body[at + 2], body[at + 3]]);
    SenderReport { ssrc: word(0), ntp: u64::from(word(4)) << 32 | u64::from(word(8)), timestamp: word(12) }
}

/// What a receiver report says of one source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reception {
    pub ssrc: u32,
    pub fraction_lost: u8,
    pub lost: u32,
    pub highest_sequence: u32,
    /// Middle 32 bits of the last sender report's NTP time, 0 without one.
    pub last_report: u32,
    /// 1/65536 seconds since then.
    pub delay: u32,
}

/// A receiver report with the source description that must go with it (§6.1).
pub fn write_receiver_report(own_ssrc: u32, reception: &Reception) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(52);
    bytes.extend([0x81, 201, 0, 7]);
    bytes.extend(own_ssrc.to_be_bytes());
    bytes.extend(reception.ssrc.to_be_bytes());
    bytes.extend((u32::from(reception.fraction_lost) << 24 | reception.lost.min(0x7f_ffff)).to_be_bytes());
    bytes.extend(reception.highest_sequence.to_be_bytes());
    bytes.extend(0u32.to_be_bytes()); // jitter is not measured
    bytes.extend(reception.last_report.to_be_bytes());
    bytes.extend(reception.delay.to_be_bytes());
    let name = b"mingjing";
    bytes.extend([0x81, 202, 0, 4]);
    bytes.extend(own_ssrc.to_be_bytes());
    bytes.extend([1, name.len() as u8]);
    bytes.extend_from_slice(name);
    bytes.extend([0, 0]);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Vec<u8> {
        let mut bytes = vec![0x80, 200, 0, 6];
        for word in [7u32, 0x8000_0000, 0x4000_0000, 99, 1, 2] {
            bytes.extend(word.to_be_bytes());
        }
        bytes
    }

    #[test]
    fn a_sender_report_is_read_alone_and_in_company() {
        let expected = SenderReport { ssrc: 7, ntp: 0x8000_0000_4000_0000, timestamp: 99 };
        assert_eq!(parse(&report()).sender_report, Some(expected));
        let company = [&report()[..], &[0x81, 203, 0, 1, 0, 0, 0, 7]].concat();
        let found = parse(&company);
        assert_eq!((found.sender_report, found.goodbye, found.malformed), (Some(expected), true, false));
    }

    #[test]
    fn what_is_cut_or_wrong_is_told_and_never_a_panic() {
        let whole = [&report()[..], &[0x81, 203, 0, 1, 0, 0, 0, 7]].concat();
        for length in 1..whole.len() {
            assert_eq!(parse(&whole[..length]).malformed, length != 28, "at {length}");
        }
        assert!(parse(&[0x80, 200, 0xff, 0xff]).malformed);
        assert!(parse(&[0x00, 200, 0, 0]).malformed);
    }

    #[test]
    fn our_reports_have_the_lengths_they_claim() {
        let bytes = write_receiver_report(1, &Reception { ssrc: 7, lost: u32::MAX, ..Reception::default() });
        let found = parse(&bytes);
        assert_eq!((bytes.len(), found.malformed), (52, false));
    }
}
