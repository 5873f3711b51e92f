//! RTP payload of H.264 (RFC 6184): single units, STAP-A/B, MTAP16/24, FU-A/B, and Annex B by mistake.

use super::{Piece, begins_with_start_code, emit_fragment, split_annex_b, split_lengths};

/// Hands out the pieces of one payload. `false`: malformed somewhere; what came before holds.
pub fn split(payload: &[u8], mut each: impl FnMut(Piece<'_>)) -> bool {
    let Some(&first) = payload.first() else { return true };
    if begins_with_start_code(payload) {
        split_annex_b(payload, |nal| each(Piece::Whole(nal)));
        return true;
    }
    if split_lengths(payload, |nal| each(Piece::Whole(nal))) {
        return true;
    }
    match first & 0x1f {
        1..=23 => {
            each(Piece::Whole(payload));
            true
        }
        24 => aggregated(&payload[1..], 0, each),
        25 => aggregated(payload.get(3..).unwrap_or_default(), 0, each),
        26 => aggregated(payload.get(3..).unwrap_or_default(), 3, each),
        27 => aggregated(payload.get(3..).unwrap_or_default(), 4, each),
        28 => fragment(payload, 2, each),
        29 => {
            fragment(payload, if payload.get(1).is_some_and(|head| head & 0x80 != 0) { 4 } else { 2 }, each)
        }
        // 0, 30 and 31 mean nothing (RFC 6184 table 1): a receiver ignores them.
        _ => true,
    }
}

/// Units each with a 16-bit size, then `skip` bytes of order number and time offset within the size.
fn aggregated(mut rest: &[u8], skip: usize, mut each: impl FnMut(Piece<'_>)) -> bool {
    while rest.len() > 2 {
        let size = usize::from(u16::from_be_bytes([rest[0], rest[1]])) + skip;
        let Some(nal) = rest.get(2 + skip..2 + size) else {
            // A size beyond the packet: some cameras miscount the last unit, what is there is all of it.
            let last = rest.get(2 + skip..).unwrap_or_default();
            let plausible = !last.is_empty() && last[0] & 0x80 == 0 && (1..=23).contains(&(last[0] & 0x1f));
            if plausible {
                each(Piece::Whole(last));
            }
            return false;
        };
        if !nal.is_empty() {
            each(Piece::Whole(nal));
        }
        rest = &rest[2 + size..];
    }
    rest.iter().all(|byte| *byte == 0)
}

fn fragment(payload: &[u8], data_from: usize, each: impl FnMut(Piece<'_>)) -> bool {
    let (Some(&head), Some(data)) = (payload.get(1), payload.get(data_from..)) else { return false };
    let header = [payload[0] & 0xe0 | head & 0x1f, 0];
    emit_fragment(head, Piece::Start { header, header_bytes: 1, data }, data, each);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(payload: &[u8]) -> (Vec<String>, bool) {
        let mut seen = Vec::new();
        let sound = split(payload, |piece| {
            seen.push(match piece {
                Piece::Whole(nal) => format!("whole {nal:02x?}"),
                Piece::Start { header, data, .. } => format!("start {:02x} {data:02x?}", header[0]),
                Piece::Middle(data) => format!("middle {data:02x?}"),
                Piece::End(data) => format!("end {data:02x?}"),
            });
        });
        (seen, sound)
    }

    #[test]
    fn every_packet_type_is_taken_apart() {
        for (payload, expected, sound) in [
            (&[0x65, 1][..], vec!["whole [65, 01]"], true),
            (&[0x78, 0, 1, 0x67, 0, 2, 0x68, 9], vec!["whole [67]", "whole [68, 09]"], true),
            (&[0x79, 0, 0, 0, 1, 0x67], vec!["whole [67]"], true),
            (&[0x7a, 0, 0, 0, 1, 9, 9, 9, 0x67], vec!["whole [67]"], true),
            (&[0x7c, 0x85, 1, 2], vec!["start 65 [01, 02]"], true),
            (&[0x7c, 0x05, 3], vec!["middle [03]"], true),
            (&[0x7c, 0x45, 4], vec!["end [04]"], true),
            (&[0x7c, 0xc5, 4], vec!["start 65 [04]", "end []"], true),
            (&[0x7d, 0x85, 0, 0, 1], vec!["start 65 [01]"], true),
            (&[0, 0, 0, 1, 0x67, 1, 0, 0, 1, 0x68, 2], vec!["whole [67, 01]", "whole [68, 02]"], true),
            (&[0x78, 0, 9, 0x67], vec!["whole [67]"], false),
            (&[0x7c], vec![], false),
            (&[0x1f, 1], vec![], true),
            (&[], vec![], true),
        ] {
            assert_eq!(
                pieces(payload),
                (expected.iter().map(|&text| text.to_owned()).collect(), sound),
                "{payload:02x?}"
            );
        }
    }
}
