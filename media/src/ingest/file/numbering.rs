//! Frames that carry their own number, so that a fault test can count the lost and the doubled.
//!
//! Layout of the SEI message `user_data_unregistered` (H.264 and H.265 Annex D, payload type 5), before the
//! first slice of each picture, integers big-endian:
//!
//! | bytes | what |
//! | --- | --- |
//! | 16 | UUID: the ASCII text `mingjing-frame-1` |
//! | 8 | sequence number, unsigned: rises by one a frame of the channel for ever, also over reconnects |
//! | 8 | wall clock of the frame, signed, microseconds since the Unix epoch |
//! | 1 | length of the camera's id |
//! | … | the id, UTF-8 |

use crate::frame::VideoCodec;

/// See the module.
pub const UUID: &[u8; 16] = b"mingjing-frame-1";
/// Ids are cut to this.
const CAMERA_MAX_BYTES: usize = 64;

/// What one frame says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameNumber {
    pub camera: String,
    pub sequence: u64,
    pub wall_us: i64,
}

impl FrameNumber {
    /// The SEI NAL unit behind its 4-byte length, ready to precede a picture's payload.
    pub fn encode(&self, codec: VideoCodec) -> Vec<u8> {
        let fits = |at: &usize| *at <= CAMERA_MAX_BYTES && self.camera.is_char_boundary(*at);
        let camera = &self.camera[..(0..=self.camera.len()).rev().find(fits).unwrap_or(0)];
        let mut message = vec![5, (33 + camera.len()) as u8];
        message.extend_from_slice(UUID);
        message.extend_from_slice(&self.sequence.to_be_bytes());
        message.extend_from_slice(&self.wall_us.to_be_bytes());
        message.push(camera.len() as u8);
        message.extend_from_slice(camera.as_bytes());
        message.push(0x80); // rbsp_trailing_bits
        let header: &[u8] = match codec {
            VideoCodec::H264 => &[6],
            VideoCodec::H265 => &[39 << 1, 1],
        };
        let mut nal = vec![0; 4];
        nal.extend_from_slice(header);
        escape(&message, &mut nal);
        let length = (nal.len() - 4) as u32;
        nal[..4].copy_from_slice(&length.to_be_bytes());
        nal
    }

    /// Finds the number in a picture's payload (NAL units behind 4-byte lengths).
    pub fn find(payload: &[u8], codec: VideoCodec) -> Option<Self> {
        let mut rest = payload;
        while let Some((length, after)) = rest.split_first_chunk::<4>() {
            let (nal, tail) = after.split_at_checked(u32::from_be_bytes(*length) as usize)?;
            let body = match (codec, nal.first()?) {
                (VideoCodec::H264, 6) => nal.get(1..),
                (VideoCodec::H265, 78) => nal.get(2..),
                _ => None,
            };
            if let Some(found) = body.and_then(Self::read) {
                return Some(found);
            }
            rest = tail;
        }
        None
    }

    fn read(message: &[u8]) -> Option<Self> {
        let message = unescape(&message[..message.len().min(256)]);
        let fields = message.strip_prefix(&[5])?.get(1..)?.strip_prefix(UUID)?;
        let (sequence, fields) = fields.split_first_chunk::<8>()?;
        let (wall_us, fields) = fields.split_first_chunk::<8>()?;
        let (length, fields) = fields.split_first()?;
        let camera = std::str::from_utf8(fields.get(..usize::from(*length))?).ok()?;
        Some(Self {
            camera: camera.to_owned(),
            sequence: u64::from_be_bytes(*sequence),
            wall_us: i64::from_be_bytes(*wall_us),
        })
    }
}

/// Emulation prevention (H.264 §7.4.1): no 00 00 0x within a NAL unit.
fn escape(bytes: &[u8], out: &mut Vec<u8>) {
    let mut zeros = 0;
    for &byte in bytes {
        if zeros >= 2 && byte <= 3 {
            out.push(3);
            zeros = 0;
        }
        zeros = if byte == 0 { zeros + 1 } else { 0 };
        out.push(byte);
    }
}

fn unescape(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut zeros = 0;
    for &byte in bytes {
        if zeros >= 2 && byte == 3 {
            zeros = 0;
            continue;
        }
        zeros = if byte == 0 { zeros + 1 } else { 0 };
        out.push(byte);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_again_and_forms_no_start_code() {
        for codec in [VideoCodec::H264, VideoCodec::H265] {
            for sequence in [0, 1, 0x0000_0100_0003, u64::MAX] {
                let number = FrameNumber { camera: "ch_gate".into(), sequence, wall_us: 3 };
                let mut payload = number.encode(codec);
                assert!(!payload[4..].windows(3).any(|three| three[..2] == [0, 0] && three[2] < 3));
                payload.extend_from_slice(&[0, 0, 0, 2, 0x65, 0x88]);
                assert_eq!(FrameNumber::find(&payload, codec), Some(number));
            }
        }
        assert_eq!(FrameNumber::find(&[0, 0, 0, 9, 6, 5], VideoCodec::H264), None);
    }
}
