//! Access units cut into RTP payloads: H.264 (RFC 6184), H.265 (RFC 7798), AAC-hbr (RFC 3640), G.711 (RFC 3551).

use super::rtp::{PacketWriter, PayloadKind};
use crate::frame::AccessUnit;

/// Writes all packets of one unit. Before a key frame the format's parameter sets are sent in band, so that a
/// player that lost the description, or joined late, can decode.
pub fn unit(unit: &AccessUnit, writer: &mut PacketWriter<'_>) {
    match writer.kind() {
        PayloadKind::H264 => video(unit, writer, &H264),
        PayloadKind::H265 => video(unit, writer, &H265),
        PayloadKind::Aac => aac(&unit.payload, writer),
        PayloadKind::G711 { channels } => g711(&unit.payload, channels, writer),
    }
}

/// How a codec's NAL units are fragmented.
trait Fragmenting {
    /// Bytes of the NAL unit's own header, which the fragment header replaces.
    const HEADER_BYTES: usize;
    /// Fragment header without its start and end bits, and the index of the byte that has them.
    fn fragment_header(nal: &[u8]) -> ([u8; 3], usize);
}

struct H264;
struct H265;

impl Fragmenting for H264 {
    const HEADER_BYTES: usize = 1;

    /// FU indicator (type 28) and FU header, RFC 6184 §5.8. The third byte is unused.
    fn fragment_header(nal: &[u8]) -> ([u8; 3], usize) {
        ([nal[0] & 0xe0 | 28, nal[0] & 0x1f, 0], 1)
    }
}

impl Fragmenting for H265 {
    const HEADER_BYTES: usize = 2;

    /// Payload header (type 49) and FU header, RFC 7798 §4.4.3.
    fn fragment_header(nal: &[u8]) -> ([u8; 3], usize) {
        ([nal[0] & 0x81 | 49 << 1, nal[1], nal[0] >> 1 & 0x3f], 2)
    }
}

fn video<C: Fragmenting>(unit: &AccessUnit, writer: &mut PacketWriter<'_>, _codec: &C) {
    if unit.key
        && let Some(format) = &unit.format.video
    {
        for set in &format.parameter_sets {
            nal::<C>(set, false, writer);
        }
    }
    let mut nals = nal_units(&unit.payload).filter(|nal| nal.len() > C::HEADER_BYTES).peekable();
    while let Some(one) = nals.next() {
        nal::<C>(one, nals.peek().is_none(), writer);
    }
}

fn nal<C: Fragmenting>(nal: &[u8], last: bool, writer: &mut PacketWriter<'_>) {
    if nal.len() <= C::HEADER_BYTES {
        return;
    }
    if nal.len() <= PacketWriter::ROOM {
        writer.packet(last, &[], nal);
        return;
    }
    let (header, flags) = C::fragment_header(nal);
    let body = &nal[C::HEADER_BYTES..];
    let room = PacketWriter::ROOM - (flags + 1);
    let pieces = body.len().div_ceil(room);
    for (index, piece) in body.chunks(room).enumerate() {
        let (first, end) = (index == 0, index + 1 == pieces);
        let mut header = header;
        header[flags] |= u8::from(first) << 7 | u8::from(end) << 6;
        writer.packet(last && end, &header[..=flags], piece);
    }
}

/// NAL units behind their 4-byte lengths; stops at a length that lies.
pub fn nal_units(payload: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = payload;
    std::iter::from_fn(move || {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let (nal, tail) = after.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        rest = tail;
        Some(nal)
    })
}

/// RFC 3640 §3.3.6: one AU-header of 13 bits size and 3 bits index; a frame that does not fit is cut, each
/// piece with the size of the whole (§3.2.3.1).
fn aac(frame: &[u8], writer: &mut PacketWriter<'_>) {
    const SIZE_MAX: usize = (1 << 13) - 1;
    if frame.is_empty() || frame.len() > SIZE_MAX {
        return;
    }
    let size = (frame.len() as u16) << 3;
    let [high, low] = size.to_be_bytes();
    let pieces = frame.chunks(PacketWriter::ROOM - 4);
    let count = pieces.len();
    for (index, piece) in pieces.enumerate() {
        writer.packet(index + 1 == count, &[0, 16, high, low], piece);
    }
}

/// RFC 3551 §4.5.14: samples as they are, cut on whole sample frames.
fn g711(samples: &[u8], channels: u8, writer: &mut PacketWriter<'_>) {
    let frame = usize::from(channels.max(1));
    let room = PacketWriter::ROOM / frame * frame;
    for piece in samples.chunks(room) {
        writer.packet(false, &[], piece);
        writer.advance((piece.len() / frame) as u32);
    }
}
