//! The last box of a closed segment: what the index needs to know of it, in one read from the end of
//! the file, with a digest of its own. Byte layout: `docs/design/recording.md`.

use super::digest_box::{Cursor, Hash, Reader, STREAM_BYTES, padded, text};
use super::place::SegmentName;
use crate::event::Segment;
use sha2_recording::{Digest, Sha256};

/// Size of the whole box.
pub const TRAILER_BYTES: usize = 336;
/// Names the box: `uuid` extended type.
pub const TRAILER_UUID: [u8; 16] =
    [0x6d, 0x69, 0x6e, 0x67, 0x6a, 0x69, 0x4e, 0x47, 0x92, 0x5c, 0x1f, 0x0e, 0x3b, 0xd4, 0x57, 0x02];
/// Longest list of codec strings.
pub const CODECS_BYTES: usize = 128;

const VERSION: u8 = 1;
const COVERED: usize = TRAILER_BYTES - 32;

/// How a segment came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Recorded,
    /// Cut at its first bad digest after the program or the power went.
    Recovered,
    Imported,
}

impl Origin {
    pub fn name(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Recovered => "recovered",
            Self::Imported => "imported",
        }
    }

    fn from_code(code: u8) -> Option<Self> {
        [Self::Recorded, Self::Recovered, Self::Imported].get(usize::from(code)).copied()
    }
}

/// What a trailer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trailer {
    pub name: SegmentName,
    pub origin: Origin,
    pub end_us: i64,
    /// Length of everything before the trailer.
    pub body_bytes: u64,
    pub init_bytes: u32,
    pub fragments: u32,
    pub video_frames: u32,
    pub key_frames: u32,
    pub width: u32,
    pub height: u32,
    /// SHA-256 over the fragments' digests in order.
    pub digest: Hash,
    pub codecs: String,
}

impl Trailer {
    pub fn seal(&self) -> [u8; TRAILER_BYTES] {
        let mut out = [0; TRAILER_BYTES];
        let mut w = Cursor { out: &mut out[..], at: 0 };
        w.put(&(TRAILER_BYTES as u32).to_be_bytes());
        w.put(b"uuid");
        w.put(&TRAILER_UUID);
        w.put(&[VERSION, self.origin as u8, 0, 0]);
        w.put(&self.name.sequence.to_be_bytes());
        w.put(&self.name.start_us.to_be_bytes());
        w.put(&self.end_us.to_be_bytes());
        w.put(&self.body_bytes.to_be_bytes());
        for value in
            [self.init_bytes, self.fragments, self.video_frames, self.key_frames, self.width, self.height]
        {
            w.put(&value.to_be_bytes());
        }
        w.put(&self.digest);
        w.put(&padded::<STREAM_BYTES>(&self.name.stream));
        w.put(&padded::<CODECS_BYTES>(&self.codecs));
        debug_assert_eq!(w.at, COVERED);
        let digest: Hash = Sha256::digest(&out[..COVERED]).into();
        out[COVERED..].copy_from_slice(&digest);
        out
    }

    /// `None` if these are not the bytes of an intact trailer.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; TRAILER_BYTES] = bytes.try_into().ok()?;
        let digest: Hash = Sha256::digest(&bytes[..COVERED]).into();
        if digest[..] != bytes[COVERED..] {
            return None;
        }
        let mut r = Reader { bytes: &bytes[..], at: 0 };
        if r.u32() != TRAILER_BYTES as u32 || r.take::<4>() != *b"uuid" || r.take::<16>() != TRAILER_UUID {
            return None;
        }
        let [version, origin, _, _] = r.take::<4>();
        if version != VERSION {
            return None;
        }
        let sequence = r.u32();
        let (start_us, end_us, body_bytes) = (r.u64() as i64, r.u64() as i64, r.u64());
        let [init_bytes, fragments, video_frames, key_frames, width, height] =
            std::array::from_fn(|_| r.u32());
        let digest = r.take::<32>();
        let stream = text(&r.take::<STREAM_BYTES>())?;
        let codecs = text(&r.take::<CODECS_BYTES>())?;
        Some(Self {
            name: SegmentName::new(&stream, start_us, sequence)?,
            origin: Origin::from_code(origin)?,
            end_us,
            body_bytes,
            init_bytes,
            fragments,
            video_frames,
            key_frames,
            width,
            height,
            digest,
            codecs,
        })
    }

    /// The row for the index.
    pub fn segment(&self) -> Segment {
        Segment {
            id: self.name.id(),
            stream: self.name.stream.clone(),
            path: self.name.path(),
            start_us: self.name.start_us,
            end_us: self.end_us,
            bytes: self.body_bytes + TRAILER_BYTES as u64,
            digest: hex(&self.digest),
            fragments: self.fragments,
            video_frames: self.video_frames,
            key_frames: self.key_frames,
            codecs: self.codecs.clone(),
            width: self.width,
            height: self.height,
            origin: self.origin.name().to_owned(),
        }
    }
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|b| [b >> 4, b & 15])
        .map(|n| char::from_digit(u32::from(n), 16).unwrap_or('0'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trailer_comes_back_and_holds_each_of_its_bits() {
        let trailer = Trailer {
            name: SegmentName::new("ch_7a.main", 1_700_000_000_000_000, 12).unwrap(),
            origin: Origin::Imported,
            end_us: 1_700_000_060_000_000,
            body_bytes: 15_000_000,
            init_bytes: 800,
            fragments: 60,
            video_frames: 1500,
            key_frames: 30,
            width: 1920,
            height: 1080,
            digest: [3; 32],
            codecs: "hvc1.1.6.L120.90,mp4a.40.2".into(),
        };
        let sealed = trailer.seal();
        assert_eq!(Trailer::read(&sealed), Some(trailer));
        for bit in 0..sealed.len() * 8 {
            let mut bytes = sealed;
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Trailer::read(&bytes), None, "bit {bit} may be flipped unnoticed");
        }
    }
}
