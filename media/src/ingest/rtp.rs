//! RTP (RFC 3550 §5.1): the header, and the order of packets of one track.

use crate::ingest::oddity::Oddities;
use std::collections::VecDeque;

/// A packet whose payload is lent out of the datagram or frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    pub payload_type: u8,
    pub marker: bool,
    pub sequence: u16,
    pub timestamp: u32,
    pub ssrc: u32,
    pub payload: &'a [u8],
}

/// Why bytes are no packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotRtp {
    TooShort,
    Version,
    /// RTCP on the channel of RTP (RFC 5761).
    Rtcp,
}

impl NotRtp {
    pub fn oddity(self) -> &'static str {
        match self {
            Self::TooShort => "rtp_too_short",
            Self::Version => "rtp_version_wrong",
            Self::Rtcp => "rtcp_on_rtp_channel",
        }
    }
}

/// Packet types of RTCP; the numbers between are payload types 68–71 and 83–95 with a marker.
pub fn is_rtcp_type(second: u8) -> bool {
    matches!(second, 192..=195 | 200..=210)
}

impl<'a> Packet<'a> {
    /// Parses; padding that is longer than the payload is taken for a mistake and left in.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, NotRtp> {
        let [first, second, ..] = *bytes else { return Err(NotRtp::TooShort) };
        if first >> 6 != 2 {
            return Err(NotRtp::Version);
        }
        if is_rtcp_type(second) {
            return Err(NotRtp::Rtcp);
        }
        if bytes.len() < 12 {
            return Err(NotRtp::TooShort);
        }
        let mut start = 12 + 4 * usize::from(first & 0x0f);
        if first & 0x10 != 0
            && let Some(words) = bytes.get(start + 2..start + 4)
        {
            let end = start + 4 + 4 * usize::from(u16::from_be_bytes([words[0], words[1]]));
            // One that reaches beyond the packet is not there: some cameras set the bit always.
            start = if end <= bytes.len() { end } else { start };
        }
        let mut payload = bytes.get(start..).ok_or(NotRtp::TooShort)?;
        if first & 0x20 != 0
            && let Some(&padding) = payload.last()
            && padding > 0
            && usize::from(padding) <= payload.len()
        {
            payload = &payload[..payload.len() - usize::from(padding)];
        }
        Ok(Self {
            payload_type: second & 0x7f,
            marker: second & 0x80 != 0,
            sequence: u16::from_be_bytes([bytes[2], bytes[3]]),
            timestamp: u32::from_be_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]),
            ssrc: u32::from_be_bytes([bytes[8], bytes[9], bytes[10], bytes[11]]),
            payload,
        })
    }
}

/// A packet that waits for an earlier one.
#[derive(Debug)]
struct Waiting {
    sequence: u16,
    arrived_us: i64,
    /// What was awaited when it came.
    awaited: u16,
    bytes: Vec<u8>,
}

/// Tells packets apart by length, stamp and end (FNV-1a); their middles need not be read.
fn trace(bytes: &[u8]) -> u64 {
    let end = &bytes[bytes.len().saturating_sub(16)..];
    let stamp = bytes.get(4..8).unwrap_or_default();
    let mix = |trace: u64, byte: &u8| (trace ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    stamp.iter().chain(end).fold(0xcbf2_9ce4_8422_2325 ^ bytes.len() as u64, mix)
}

/// What to do with a packet that just came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Take it now; `lost` packets before it will not come any more.
    Take { lost: u16 },
    /// It was copied and waits.
    Held,
    /// A duplicate, or too late.
    Drop,
}

/// Distances beyond this are a new beginning rather than a loss or a straggler (RFC 3550 A.1).
const JUMP: i32 = 3_000;

/// A packet so far ahead of those that came after it does not belong there.
const STRAY: u16 = 32;

/// Packets after which the numbering is judged.
const JUDGED: u16 = 32;

/// Whether a camera numbers its packets at all: some write one number on all, count backwards, or swap the
/// bytes. Then the order of arrival is the only order there is.
#[derive(Debug, Default)]
struct Numbering {
    last: Option<u16>,
    from: u16,
    seen: u16,
    next_in_line: u16,
    same: u16,
    back: u16,
    farthest: u16,
    senseless: bool,
}

impl Numbering {
    /// `true` while numbers mean nothing.
    fn note(&mut self, sequence: u16, oddities: &mut Oddities) -> bool {
        match self.last.replace(sequence) {
            None => self.from = sequence,
            Some(last) => match sequence.wrapping_sub(last) {
                0 => self.same += 1,
                1 => self.next_in_line += 1,
                u16::MAX => self.back += 1,
                _ => {}
            },
        }
        self.farthest = self.farthest.max((sequence.wrapping_sub(self.from) as i16).unsigned_abs());
        self.seen += 1;
        if self.seen < JUDGED {
            return self.senseless;
        }
        let wild = self.same >= JUDGED / 2 || self.back >= JUDGED - 4 || self.farthest > 16 * JUDGED;
        let senseless = wild && self.next_in_line < JUDGED / 4;
        if senseless && !self.senseless {
            oddities.count("sequence_senseless");
        }
        *self = Self { last: Some(sequence), from: sequence, senseless, ..Self::default() };
        senseless
    }
}

/// Puts packets into order. Costs nothing while they come in order.
#[derive(Debug)]
pub struct Sequencer {
    next: Option<u16>,
    held: VecDeque<Waiting>,
    held_most: usize,
    held_us: i64,
    numbering: Numbering,
    /// Packets that were late or doubled in a row; many mean that the numbers began anew.
    late_in_a_row: u16,
    /// Of the packet taken last, to tell a double from another packet with its number.
    last_trace: u64,
    pub received: u64,
    pub lost: u64,
}

impl Sequencer {
    /// Holds back at most `held_most` packets for at most `held_us`.
    pub fn new(held_most: usize, held_us: i64) -> Self {
        Self {
            next: None,
            held: VecDeque::new(),
            held_most,
            held_us,
            numbering: Numbering::default(),
            late_in_a_row: 0,
            last_trace: 0,
            received: 0,
            lost: 0,
        }
    }

    /// Judges a packet. After `Take`, call [`pop`](Self::pop) until it is empty.
    pub fn judge(&mut self, sequence: u16, bytes: &[u8], now_us: i64, oddities: &mut Oddities) -> Order {
        self.received += 1;
        let before = std::mem::replace(&mut self.last_trace, trace(bytes));
        if self.numbering.note(sequence, oddities) {
            self.held.clear();
            self.next = Some(sequence.wrapping_add(1));
            return Order::Take { lost: 0 };
        }
        let Some(next) = self.next else {
            self.next = Some(sequence.wrapping_add(1));
            return Order::Take { lost: 0 };
        };
        let distance = i32::from(sequence.wrapping_sub(next) as i16);
        if distance == 0 {
            self.late_in_a_row = 0;
            self.next = Some(sequence.wrapping_add(1));
            return Order::Take { lost: 0 };
        }
        if distance.abs() > JUMP {
            return self.begin_anew(sequence, oddities);
        }
        if distance == -1 && before != self.last_trace {
            oddities.count("sequence_repeated");
            return Order::Take { lost: 0 };
        }
        if distance < 0 {
            oddities.count("packet_late_or_doubled");
            self.late_in_a_row += 1;
            return if self.late_in_a_row > 64 { self.begin_anew(sequence, oddities) } else { Order::Drop };
        }
        self.late_in_a_row = 0;
        self.hold(sequence, bytes, now_us, oddities)
    }

    fn begin_anew(&mut self, sequence: u16, oddities: &mut Oddities) -> Order {
        oddities.count("sequence_jump");
        self.held.clear();
        self.late_in_a_row = 0;
        self.next = Some(sequence.wrapping_add(1));
        Order::Take { lost: 1 }
    }

    fn hold(&mut self, sequence: u16, bytes: &[u8], now_us: i64, oddities: &mut Oddities) -> Order {
        let next = self.next.unwrap_or(sequence);
        let key = |waiting: &Waiting| waiting.sequence.wrapping_sub(next);
        let at = self.held.partition_point(|waiting| key(waiting) < sequence.wrapping_sub(next));
        if self.held.get(at).is_some_and(|waiting| waiting.sequence == sequence) {
            oddities.count("packet_late_or_doubled");
            return Order::Drop;
        }
        self.held.insert(at, Waiting { sequence, arrived_us: now_us, awaited: next, bytes: bytes.to_vec() });
        Order::Held
    }

    /// The next packet that may be taken: its bytes, when it came, and how many were lost before it.
    pub fn pop(&mut self, now_us: i64, oddities: &mut Oddities) -> Option<(Vec<u8>, i64, u16)> {
        let next = self.next?;
        let first = self.held.front()?;
        let gap = first.sequence.wrapping_sub(next);
        let overdue = self.held.len() > self.held_most || now_us - first.arrived_us >= self.held_us;
        if gap != 0 && !overdue {
            return None;
        }
        let waiting = self.held.pop_front()?;
        if gap > STRAY && waiting.awaited != next {
            // The numbers went on without it: its own is wrong, and what it names is not lost.
            oddities.count("packet_astray");
            return self.pop(now_us, oddities);
        }
        if gap == 0 {
            oddities.count("packet_reordered");
        } else {
            self.lost += u64::from(gap);
            oddities.add("packet_lost", u64::from(gap));
        }
        self.next = Some(waiting.sequence.wrapping_add(1));
        Some((waiting.bytes, waiting.arrived_us, gap))
    }

    pub fn is_holding(&self) -> bool {
        !self.held.is_empty()
    }

    /// Highest number taken, for receiver reports.
    pub fn last(&self) -> u16 {
        self.next.unwrap_or(0).wrapping_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(head: u8, rest: &[u8]) -> Vec<u8> {
        let mut bytes = vec![head, 0xe0, 0, 7, 0, 0, 0, 9, 1, 2, 3, 4];
        bytes.extend_from_slice(rest);
        bytes
    }

    #[test]
    fn headers_are_read_with_everything_optional() {
        let bytes = packet(0x80, b"abc");
        let plain = Packet::parse(&bytes).unwrap();
        assert_eq!((plain.payload_type, plain.marker, plain.sequence, plain.timestamp), (96, true, 7, 9));
        assert_eq!((plain.ssrc, plain.payload), (0x0102_0304, &b"abc"[..]));
        for (name, bytes, payload) in [
            ("sources", packet(0x82, b"11112222abc"), &b"abc"[..]),
            ("extension", packet(0x90, b"\xbe\xde\x00\x01xxxxabc"), b"abc"),
            ("extension beyond the packet", packet(0x90, b"\xbe\xde\xff\xff"), b"\xbe\xde\xff\xff"),
            ("padding", packet(0xa0, b"abc\x00\x02"), b"abc"),
            ("padding of nothing", packet(0xa0, b"abc\x00"), b"abc\x00"),
            ("padding beyond the payload", packet(0xa0, b"abc\xff"), b"abc\xff"),
        ] {
            assert_eq!(Packet::parse(&bytes).unwrap().payload, payload, "{name}");
        }
        for (bytes, error) in [
            (packet(0x40, b""), NotRtp::Version),
            (packet(0x8f, b""), NotRtp::TooShort),
            (vec![0x80, 200, 0, 6], NotRtp::Rtcp),
            (vec![], NotRtp::TooShort),
        ] {
            assert_eq!(Packet::parse(&bytes), Err(error));
        }
    }

    /// Feeds numbers (2 ms apart) and returns what was taken, with losses.
    fn order(sequencer: &mut Sequencer, numbers: &[u16]) -> (Vec<(u16, u16)>, Oddities) {
        let (mut taken, mut oddities) = (Vec::new(), Oddities::default());
        for (at, number) in numbers.iter().enumerate() {
            let now = at as i64 * 2_000;
            if let Order::Take { lost } = sequencer.judge(*number, &number.to_be_bytes(), now, &mut oddities)
            {
                taken.push((*number, lost));
            }
            while let Some((bytes, _, lost)) = sequencer.pop(now, &mut oddities) {
                taken.push((u16::from_be_bytes([bytes[0], bytes[1]]), lost));
            }
        }
        (taken, oddities)
    }

    #[test]
    fn packets_come_out_in_order() {
        let (taken, _) = order(&mut Sequencer::new(8, 100_000), &[65534, 0, 65535, 1, 3, 2, 4]);
        assert_eq!(taken, [(65534, 0), (65535, 0), (0, 0), (1, 0), (2, 0), (3, 0), (4, 0)]);
    }

    #[test]
    fn duplicates_and_stragglers_are_dropped() {
        let (taken, oddities) = order(&mut Sequencer::new(8, 100_000), &[1, 1, 2, 2, 4, 4, 3, 1]);
        assert_eq!(taken.iter().map(|taken| taken.0).collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert_eq!(oddities.get("packet_late_or_doubled"), 4);
    }

    #[test]
    fn a_loss_is_told_after_a_bounded_wait() {
        let mut sequencer = Sequencer::new(2, 1_000_000);
        let (taken, oddities) = order(&mut sequencer, &[1, 4, 5, 6, 7]);
        assert_eq!(taken, [(1, 0), (4, 2), (5, 0), (6, 0), (7, 0)]);
        assert_eq!(oddities.get("packet_lost"), 2);
        let (taken, _) = order(&mut Sequencer::new(100, 3_000), &[1, 3, 4, 5]);
        assert_eq!(taken.first().zip(taken.get(1)), Some((&(1, 0), &(3, 1))));
    }

    #[test]
    fn a_number_that_is_wrong_costs_its_packet() {
        let mut numbers: Vec<u16> = (1..200).collect();
        numbers[50] += 1024;
        let (taken, oddities) = order(&mut Sequencer::new(16, 100_000), &numbers);
        assert_eq!(taken.len(), 198);
        assert_eq!((oddities.get("packet_astray"), oddities.get("packet_lost")), (1, 1));
    }

    #[test]
    fn numbers_may_begin_anew() {
        let (taken, oddities) = order(&mut Sequencer::new(8, 100_000), &[1, 2, 30_000, 30_001]);
        assert_eq!(taken, [(1, 0), (2, 0), (30_000, 1), (30_001, 0)]);
        assert_eq!(oddities.get("sequence_jump"), 1);
        let backwards: Vec<u16> = (1000..1010).chain(100..200).collect();
        let (taken, _) = order(&mut Sequencer::new(8, 100_000), &backwards);
        assert_eq!(taken.last(), Some(&(199, 0)), "a small step back is believed when it goes on");
    }
}
