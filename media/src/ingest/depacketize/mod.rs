//! From RTP payloads to NAL units and audio frames, one file a payload format. Sans state where the
//! format allows it; time, loss and access units are [`super::access_unit`]'s and [`super::track`]'s.

pub mod aac;
pub mod g711;
pub mod h264;
pub mod h265;

use super::params::h265::nal_type;
use crate::frame::VideoCodec;

/// A NAL unit or a piece of one, lent out of the payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    Whole(&'a [u8]),
    /// The beginning of a fragmented unit, its header rebuilt (one byte for H.264, two for H.265).
    Start {
        header: [u8; 2],
        header_bytes: usize,
        data: &'a [u8],
    },
    Middle(&'a [u8]),
    End(&'a [u8]),
}

/// Whether a fragment is the first of its unit; `None`: the payload is no fragment.
pub fn fragment_begins(codec: VideoCodec, payload: &[u8]) -> Option<bool> {
    match (codec, payload) {
        (VideoCodec::H264, [first, head, ..]) if matches!(first & 0x1f, 28 | 29) => Some(head & 0x80 != 0),
        (VideoCodec::H265, [first, _, head, ..]) if nal_type(*first) == 49 => Some(head & 0x80 != 0),
        _ => None,
    }
}

/// Enough of a unit to tell what it is.
pub const HEAD_BYTES: usize = 24;

/// The first bytes of the unit that a payload carries or begins, its header rebuilt.
pub fn head_of(codec: VideoCodec, payload: &[u8]) -> Vec<u8> {
    let begins = fragment_begins(codec, payload) == Some(true);
    let (header, data) = match (codec, payload) {
        (VideoCodec::H264, [first, head, rest @ ..]) if begins => {
            let order_bytes = if first & 0x1f == 29 { 2 } else { 0 };
            (vec![first & 0xe0 | head & 0x1f], rest.get(order_bytes..).unwrap_or_default())
        }
        (VideoCodec::H265, [first, second, head, rest @ ..]) if begins => {
            (vec![first & 0x81 | (head & 0x3f) << 1, *second], rest)
        }
        _ => (Vec::new(), payload),
    };
    [&header, &data[..data.len().min(HEAD_BYTES)]].concat()
}

/// Splits at start codes (ITU-T H.264 annex B), which do not belong into RTP but are found there.
pub fn split_annex_b(bytes: &[u8], mut each: impl FnMut(&[u8])) {
    let finder = memchr::memmem::Finder::new(&[0, 0, 1]);
    let mut from = 0;
    let mut rest = bytes;
    let mut base = 0;
    while let Some(at) = finder.find(rest) {
        emit_trimmed(&bytes[from..base + at], &mut each);
        base += at + 3;
        from = base;
        rest = &bytes[base..];
    }
    emit_trimmed(&bytes[from..], &mut each);
}

/// One fragment of a unit by the bits S and E of its FU header, which stand alike in both codecs
/// (RFC 6184 §5.8, RFC 7798 §4.4.3). `start` is the piece that it is if S is set.
fn emit_fragment<'a>(fu_header: u8, start: Piece<'a>, data: &'a [u8], mut each: impl FnMut(Piece<'a>)) {
    match (fu_header & 0x80 != 0, fu_header & 0x40 != 0) {
        (true, true) => {
            each(start);
            each(Piece::End(&[]));
        }
        (true, false) => each(start),
        (false, true) => each(Piece::End(data)),
        (false, false) => each(Piece::Middle(data)),
    }
}

fn emit_trimmed(nal: &[u8], each: &mut impl FnMut(&[u8])) {
    let used = nal.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    if used > 0 {
        each(&nal[..used]);
    }
}

/// Units with 4-byte lengths in front, as MP4 has them: handed out if they fill the payload exactly.
pub fn split_lengths<'a>(payload: &'a [u8], mut each: impl FnMut(&'a [u8])) -> bool {
    let units = |each: &mut dyn FnMut(&'a [u8])| {
        let mut rest = payload;
        while let Some((length, after)) = rest.split_first_chunk() {
            let Some((unit, after)) = after.split_at_checked(u32::from_be_bytes(*length) as usize) else {
                return false;
            };
            each(unit);
            rest = after;
        }
        rest.is_empty()
    };
    let fits = payload.len() > 4 && payload[0] == 0 && units(&mut |_| {});
    fits && units(&mut each)
}

/// Whether bytes begin with a start code.
pub fn begins_with_start_code(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0, 0, 1]) || bytes.starts_with(&[0, 0, 0, 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_believed_only_where_they_fill_the_payload() {
        let mut units = Vec::new();
        assert!(split_lengths(&[0, 0, 0, 1, 7, 0, 0, 0, 2, 8, 9], |unit| units.push(unit.to_vec())));
        assert_eq!(units, [vec![7], vec![8, 9]]);
        for payload in [&[0, 0, 0, 1][..], &[0, 0, 0, 2, 7], &[0, 0, 0, 1, 7, 8], &[]] {
            assert!(!split_lengths(payload, |_| panic!("nothing is handed out")), "{payload:?}");
        }
    }

    #[test]
    fn start_codes_of_both_lengths_split() {
        let mut nals = Vec::new();
        split_annex_b(&[0, 0, 0, 1, 7, 8, 0, 0, 1, 9, 0, 0, 0, 1, 5], |nal| nals.push(nal.to_vec()));
        assert_eq!(nals, [vec![7, 8], vec![9], vec![5]]);
        nals.clear();
        split_annex_b(&[0, 0, 0], |nal| nals.push(nal.to_vec()));
        assert!(nals.is_empty());
    }
}
