//! RTP payload of H.265 (RFC 7798): single units, AP, FU, and Annex B by mistake.

use super::{Piece, begins_with_start_code, emit_fragment, split_annex_b, split_lengths};
use crate::ingest::params::h265::nal_type;

/// Hands out the pieces of one payload; `donl`: decoding order numbers are present
/// (`sprop-max-don-diff` above 0). `false`: malformed somewhere; what came before holds.
pub fn split(payload: &[u8], donl: bool, mut each: impl FnMut(Piece<'_>)) -> bool {
    if payload.is_empty() {
        return true;
    }
    if begins_with_start_code(payload) {
        split_annex_b(payload, |nal| each(Piece::Whole(nal)));
        return true;
    }
    if split_lengths(payload, |nal| each(Piece::Whole(nal))) {
        return true;
    }
    if payload.len() < 3 {
        // A header alone is a whole unit where it ends a sequence (types 36 and 37).
        return payload.len() == 2 && nal_type(payload[0]) < 48;
    }
    match nal_type(payload[0]) {
        48 => aggregated(&payload[2..], donl, each),
        49 => fragment(payload, donl, each),
        // PACI (50) and what is reserved: a receiver ignores them (RFC 7798 §4.4).
        50.. => true,
        _ if donl => false_if_empty(payload, each),
        _ => {
            each(Piece::Whole(payload));
            true
        }
    }
}

/// A single unit with its order number between header and payload.
fn false_if_empty(payload: &[u8], mut each: impl FnMut(Piece<'_>)) -> bool {
    let Some(data) = payload.get(4..) else { return false };
    each(Piece::Start { header: [payload[0], payload[1]], header_bytes: 2, data });
    each(Piece::End(&[]));
    true
}

fn aggregated(mut rest: &[u8], donl: bool, mut each: impl FnMut(Piece<'_>)) -> bool {
    let mut order_bytes = if donl { 2 } else { 0 };
    while rest.len() > order_bytes + 2 {
        rest = &rest[order_bytes..];
        let size = usize::from(u16::from_be_bytes([rest[0], rest[1]]));
        let Some(nal) = rest.get(2..2 + size) else { return false };
        if size >= 2 {
            each(Piece::Whole(nal));
        }
        rest = &rest[2 + size..];
        order_bytes = if donl { 1 } else { 0 };
    }
    rest.iter().all(|byte| *byte == 0)
}

fn fragment(payload: &[u8], donl: bool, each: impl FnMut(Piece<'_>)) -> bool {
    let head = payload[2];
    let start = head & 0x80 != 0;
    // The order number stands in the first fragment only (RFC 7798 §4.4.3).
    let Some(data) = payload.get(if donl && start { 5 } else { 3 }..) else { return false };
    let header = [payload[0] & 0x81 | (head & 0x3f) << 1, payload[1]];
    emit_fragment(head, Piece::Start { header, header_bytes: 2, data }, data, each);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(payload: &[u8], donl: bool) -> (Vec<String>, bool) {
        let mut seen = Vec::new();
        let sound = split(payload, donl, |piece| {
            seen.push(match piece {
                Piece::Whole(nal) => format!("whole {nal:02x?}"),
                Piece::Start { header, data, .. } => format!("start {header:02x?} {data:02x?}"),
                Piece::Middle(data) => format!("middle {data:02x?}"),
                Piece::End(data) => format!("end {data:02x?}"),
            });
        });
        (seen, sound)
    }

    #[test]
    fn every_packet_type_is_taken_apart() {
        for (payload, donl, expected, sound) in [
            (&[0x26, 1, 9][..], false, vec!["whole [26, 01, 09]"], true),
            (&[0x26, 1, 0, 0, 9], true, vec!["start [26, 01] [09]", "end []"], true),
            (
                &[0x60, 1, 0, 2, 0x40, 1, 0, 3, 0x42, 1, 7],
                false,
                vec!["whole [40, 01]", "whole [42, 01, 07]"],
                true,
            ),
            (
                &[0x60, 1, 0, 0, 0, 2, 0x40, 1, 5, 0, 2, 0x42, 1],
                true,
                vec!["whole [40, 01]", "whole [42, 01]"],
                true,
            ),
            (&[0x62, 1, 0x93, 9], false, vec!["start [26, 01] [09]"], true),
            (&[0x62, 1, 0x93, 0, 0, 9], true, vec!["start [26, 01] [09]"], true),
            (&[0x62, 1, 0x13, 9], false, vec!["middle [09]"], true),
            (&[0x62, 1, 0x53, 9], true, vec!["end [09]"], true),
            (&[0, 0, 1, 0x40, 1, 2], false, vec!["whole [40, 01, 02]"], true),
            (&[0x60, 1, 0, 9, 0x40], false, vec![], false),
            (&[0x62, 1], false, vec![], false),
            (&[0x66, 1, 1], false, vec![], true),
            (&[0x48, 1], false, vec![], true),
        ] {
            let expected: Vec<String> = expected.iter().map(|&text| text.to_owned()).collect();
            assert_eq!(pieces(payload, donl), (expected, sound), "{payload:02x?}");
        }
    }
}
