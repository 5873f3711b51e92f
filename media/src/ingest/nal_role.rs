//! What a NAL unit is to the access unit that it stands in, told from its first bytes. No state.

use super::params::{h264, h265};
use crate::frame::VideoCodec;

/// What a NAL unit is to the assembler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Slice {
        key: bool,
        first: bool,
        intra: bool,
        pps_id: Option<u8>,
    },
    ParameterSet,
    /// Belongs in front of a slice and is kept.
    Sei {
        recovery: bool,
    },
    Delimiter,
    Ignored,
    Other,
}

impl Role {
    pub fn of(codec: VideoCodec, nal: &[u8]) -> Self {
        match codec {
            VideoCodec::H264 => role_h264(nal),
            VideoCodec::H265 => role_h265(nal),
        }
    }
}

fn role_h264(nal: &[u8]) -> Role {
    let Some(&first) = nal.first() else { return Role::Ignored };
    match first & 0x1f {
        kind @ (1 | 2 | 5) => {
            let head = h264::parse_slice_head(nal);
            Role::Slice {
                key: kind == 5,
                first: head.is_none_or(|head| head.first_mb == 0),
                intra: head.is_some_and(|head| head.is_intra()),
                pps_id: head.map(|head| head.pps_id),
            }
        }
        3 | 4 => Role::Other,
        6 => Role::Sei { recovery: names_recovery(&nal[1..]) },
        7 | 8 | 13 | 15 => Role::ParameterSet,
        9 => Role::Delimiter,
        _ => Role::Ignored,
    }
}

/// Whether one of the messages is a recovery point (payload type 6 in both codecs; H.264 7.3.2.3.1).
fn names_recovery(mut rest: &[u8]) -> bool {
    for _ in 0..16 {
        let [kind, size, after @ ..] = rest else { return false };
        match (kind, size) {
            (6, _) => return true,
            (255, _) | (_, 255) => return false, // long messages come last where they come at all
            (_, size) => rest = after.get(usize::from(*size)..).unwrap_or_default(),
        }
    }
    false
}

fn role_h265(nal: &[u8]) -> Role {
    let Some(&first) = nal.first() else { return Role::Ignored };
    let layer = (first & 1) << 5 | nal.get(1).map_or(0, |second| second >> 3);
    if layer > 0 {
        return Role::Ignored; // of the scalable and multiview extensions (H.265 annexes F and G)
    }
    match h265::nal_type(first) {
        kind @ 0..=31 => Role::Slice {
            key: (16..=23).contains(&kind),
            first: nal.get(2).is_none_or(|byte| byte & 0x80 != 0),
            intra: (16..=23).contains(&kind),
            pps_id: None,
        },
        h265::VPS | h265::SPS | h265::PPS => Role::ParameterSet,
        35 => Role::Delimiter,
        39 => Role::Sei { recovery: names_recovery(nal.get(2..).unwrap_or_default()) },
        40 => Role::Sei { recovery: false },
        _ => Role::Ignored,
    }
}

/// The other codec, if the payload carries a parameter set that only it can have written.
pub fn other_codec(current: VideoCodec, payload: &[u8]) -> Option<VideoCodec> {
    let zeros = payload.iter().take(3).take_while(|byte| **byte == 0).count();
    let nal = if zeros >= 2 && payload.get(zeros) == Some(&1) { &payload[zeros + 1..] } else { payload };
    match (current, nal) {
        (VideoCodec::H264, [0x40, 1, ..]) if nal.len() > 8 => Some(VideoCodec::H265),
        (VideoCodec::H264, [0x42, 1, ..]) => h265::parse_sps(nal).map(|_| VideoCodec::H265),
        (VideoCodec::H264, [0x60, 1, _, _, 0x40, 1, ..]) => Some(VideoCodec::H265),
        (VideoCodec::H265, [first, ..]) if first & 0x9f == 7 => {
            h264::parse_sps(nal).map(|_| VideoCodec::H264)
        }
        (VideoCodec::H265, [first, _, _, inner, ..]) if first & 0x9f == 24 && inner & 0x9f == 7 => {
            let size = usize::from(u16::from_be_bytes([nal[1], nal[2]]));
            h264::parse_sps(nal.get(3..3 + size)?).map(|_| VideoCodec::H264)
        }
        _ => None,
    }
}
