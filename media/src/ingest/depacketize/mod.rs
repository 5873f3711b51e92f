//! From RTP payloads to NAL units and audio frames, one file a payload format. Sans state where the
//! format allows it; time, loss and access units are [`super::access_unit`]'s and [`super::track`]'s.

pub mod aac;
pub mod g711;
pub mod h264;
pub mod h265;

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

fn emit_trimmed(nal: &[u8], each: &mut impl FnMut(&[u8])) {
    let used = nal.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    if used > 0 {
        each(&nal[..used]);
    }
}

/// Whether bytes begin with a start code.
pub fn begins_with_start_code(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0, 0, 1]) || bytes.starts_with(&[0, 0, 0, 1])
}

#[cfg(test)]
mod tests {
    use super::*;

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
