//! One track's RTP stream: headers, sequence numbers, time stamps, sender reports (RFC 3550).
//!
//! Packets are appended to one buffer an access unit, each behind a 4-byte slot: the interleaved header
//! (RFC 2326 §10.12) is written there, and UDP skips it. So a unit costs one allocation and one write.

use super::packetize;
use crate::frame::{AccessUnit, AudioCodec, Format, Track, VideoCodec};

/// Largest RTP packet, header included: fits an Ethernet frame through PPPoE and IPv6 tunnels.
pub const PACKET_MAX_BYTES: usize = 1_420;
/// Bytes before each packet for `$`, channel and length.
pub const PREFIX_BYTES: usize = 4;
const HEADER_BYTES: usize = 12;
/// Seconds between 1900 (NTP) and 1970 (Unix).
const NTP_OFFSET_SECONDS: u64 = 2_208_988_800;

/// What the packets of a track carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayloadKind {
    H264,
    H265,
    Aac,
    G711 { channels: u8 },
}

/// State of one track's stream to one client.
pub struct RtpStream {
    pub track: Track,
    pub ssrc: u32,
    kind: PayloadKind,
    payload_type: u8,
    clock_hz: u32,
    channel: u8,
    sequence: u16,
    offset: u32,
    packets: u32,
    payload_bytes: u32,
    reported: Option<Moment>,
}

/// A time stamp and the wall clock that belongs to it.
#[derive(Clone, Copy)]
struct Moment {
    timestamp: u32,
    wall_us: i64,
}

/// Unguessable starting values (RFC 3550 §5.1).
pub struct Origin {
    pub ssrc: u32,
    pub sequence: u16,
    pub offset: u32,
}

impl RtpStream {
    /// `None` when the format has no such track. `channel` is the interleaved channel of RTP; unused on UDP.
    pub fn new(track: Track, format: &Format, channel: u8, origin: &Origin) -> Option<Self> {
        let (kind, payload_type, clock_hz) = match track {
            Track::Video => {
                let kind = match format.video.as_ref()?.codec {
                    VideoCodec::H264 => PayloadKind::H264,
                    VideoCodec::H265 => PayloadKind::H265,
                };
                (kind, super::sdp::VIDEO_PAYLOAD_TYPE, 90_000)
            }
            Track::Audio => {
                let audio = format.audio.as_ref()?;
                let kind = match audio.codec {
                    AudioCodec::Aac => PayloadKind::Aac,
                    AudioCodec::Pcma | AudioCodec::Pcmu => PayloadKind::G711 { channels: audio.channels },
                };
                (kind, super::sdp::audio_payload_type(audio), audio.sample_rate)
            }
        };
        Some(Self {
            track,
            ssrc: origin.ssrc,
            kind,
            payload_type,
            clock_hz,
            channel,
            sequence: origin.sequence,
            offset: origin.offset,
            packets: 0,
            payload_bytes: 0,
            reported: None,
        })
    }

    /// Sequence number of the next packet, for `RTP-Info`.
    pub fn next_sequence(&self) -> u16 {
        self.sequence
    }

    /// Appends the packets of one unit to `out`. `ticks` is its presentation time on the session's time line.
    pub fn packets(&mut self, unit: &AccessUnit, ticks: i64, out: &mut Vec<u8>) {
        let timestamp = self.timestamp(ticks);
        self.reported = Some(Moment { timestamp, wall_us: unit.wall_us });
        let mut writer = PacketWriter { stream: self, timestamp, out };
        packetize::unit(unit, &mut writer);
    }

    fn timestamp(&self, ticks: i64) -> u32 {
        let scaled =
            i128::from(ticks) * i128::from(self.clock_hz) / i128::from(crate::frame::TICKS_PER_SECOND);
        self.offset.wrapping_add(scaled as u32) // modulo 2^32 is the clock's own arithmetic
    }

    pub fn kind(&self) -> PayloadKind {
        self.kind
    }

    /// Appends a sender report for a unit about to be sent, so that a player can align tracks from the start.
    pub fn report_before(&mut self, unit: &AccessUnit, ticks: i64, out: &mut Vec<u8>) {
        let moment = Moment { timestamp: self.timestamp(ticks), wall_us: unit.wall_us };
        self.write_report(moment, out);
    }

    /// Appends a sender report about the last unit sent; nothing before the first.
    pub fn report(&mut self, out: &mut Vec<u8>) {
        if let Some(moment) = self.reported {
            self.write_report(moment, out);
        }
    }

    /// RFC 3550 §6.4.1 with an SDES CNAME (§6.5), as one compound packet on the RTCP channel.
    fn write_report(&self, moment: Moment, out: &mut Vec<u8>) {
        const CNAME: &[u8; 8] = b"mingjing";
        let wall_us = moment.wall_us.max(0) as u64;
        let seconds = (wall_us / 1_000_000 + NTP_OFFSET_SECONDS) as u32;
        let fraction = (((wall_us % 1_000_000) << 32) / 1_000_000) as u32;
        let start = begin(out);
        out.extend_from_slice(&[0x80, 200, 0, 6]);
        for word in [self.ssrc, seconds, fraction, moment.timestamp, self.packets, self.payload_bytes] {
            out.extend_from_slice(&word.to_be_bytes());
        }
        out.extend_from_slice(&[0x81, 202, 0, 4]);
        out.extend_from_slice(&self.ssrc.to_be_bytes());
        out.extend_from_slice(&[1, CNAME.len() as u8]);
        out.extend_from_slice(CNAME);
        out.extend_from_slice(&[0, 0]);
        finish(out, start, self.channel.wrapping_add(1));
    }
}

/// Writes the packets of one access unit.
pub struct PacketWriter<'a> {
    stream: &'a mut RtpStream,
    timestamp: u32,
    out: &'a mut Vec<u8>,
}

impl PacketWriter<'_> {
    /// Payload bytes that fit one packet.
    pub const ROOM: usize = PACKET_MAX_BYTES - HEADER_BYTES;

    pub fn kind(&self) -> PayloadKind {
        self.stream.kind
    }

    /// One packet of `head` followed by `body`; `marker` as the payload format defines it.
    pub fn packet(&mut self, marker: bool, head: &[u8], body: &[u8]) {
        let stream = &mut *self.stream;
        let start = begin(self.out);
        self.out.extend_from_slice(&[0x80, u8::from(marker) << 7 | stream.payload_type]);
        self.out.extend_from_slice(&stream.sequence.to_be_bytes());
        self.out.extend_from_slice(&self.timestamp.to_be_bytes());
        self.out.extend_from_slice(&stream.ssrc.to_be_bytes());
        self.out.extend_from_slice(head);
        self.out.extend_from_slice(body);
        finish(self.out, start, stream.channel);
        stream.sequence = stream.sequence.wrapping_add(1);
        stream.packets = stream.packets.wrapping_add(1);
        stream.payload_bytes = stream.payload_bytes.wrapping_add((head.len() + body.len()) as u32);
    }

    /// Moves the time stamp on within a unit that is cut by time (G.711).
    pub fn advance(&mut self, samples: u32) {
        self.timestamp = self.timestamp.wrapping_add(samples);
    }
}

fn begin(out: &mut Vec<u8>) -> usize {
    let start = out.len();
    out.extend_from_slice(&[b'$', 0, 0, 0]);
    start
}

fn finish(out: &mut [u8], start: usize, channel: u8) {
    let length = (out.len() - start - PREFIX_BYTES) as u16; // bounded by PACKET_MAX_BYTES
    out[start + 1] = channel;
    out[start + 2..start + 4].copy_from_slice(&length.to_be_bytes());
}

/// The packets in a buffer that [`RtpStream`] wrote, with their channels, without the prefix.
pub fn datagrams(buffer: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut rest = buffer;
    std::iter::from_fn(move || {
        let (prefix, after) = rest.split_first_chunk::<PREFIX_BYTES>()?;
        let (packet, tail) =
            after.split_at_checked(usize::from(u16::from_be_bytes([prefix[2], prefix[3]])))?;
        rest = tail;
        Some((prefix[1], packet))
    })
}
