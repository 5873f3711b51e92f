//! The `uuid` box that stands before every fragment and says what must follow: whose it is, when it
//! was, how long it is, and its SHA-256. Players skip it; recovery believes nothing else.
//!
//! The digest covers the box itself up to the digest field, and the `moof` and `mdat` that follow. As
//! the box holds the digest of the fragment before (for the first: of the init segment), the digests of
//! one file form a chain. Byte layout: `docs/design/recording.md`.

use crate::mux::fmp4::us_to_ticks;
use sha2_recording::{Digest, Sha256};

/// SHA-256.
pub type Hash = [u8; 32];

/// Size of the whole box.
pub const DIGEST_BOX_BYTES: usize = 210;
/// Names the box: `uuid` extended type.
pub const DIGEST_BOX_UUID: [u8; 16] =
    [0x6d, 0x69, 0x6e, 0x67, 0x6a, 0x69, 0x4e, 0x47, 0x92, 0x5c, 0x1f, 0x0e, 0x3b, 0xd4, 0x57, 0x01];
/// Longest stream id.
pub const STREAM_BYTES: usize = 64;
/// Longest fragment that a reader takes.
pub const MAX_FRAGMENT_BYTES: u64 = 80 << 20;

/// What no clock of ours says any more, the year 10,000: what claims a time beyond was not written here, and its sums
/// with other times would not fit.
const END_US: i64 = 253_402_300_800_000_000;
const VERSION: u8 = 1;
const COVERED: usize = DIGEST_BOX_BYTES - 32;
const KEY: u8 = 1;
const CLOCK_JUMP: u8 = 2;
const ANEW: u8 = 4;

/// What a digest box says, its digest aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FragmentFacts {
    pub stream: String,
    /// Number of the segment among those of its stream.
    pub segment: u32,
    /// Number of the fragment in its segment, from 0.
    pub number: u32,
    /// Starts with a key frame.
    pub key: bool,
    /// The machine's wall clock moved against the monotonic one since the fragment before.
    pub clock_jump: bool,
    /// Pictures that were kept in memory: what a file before it has of them is not believed.
    pub anew: bool,
    pub video_frames: u16,
    pub key_frames: u16,
    /// Decoding time of the first sample, ticks since the segment's start.
    pub start_ticks: u64,
    pub duration_ticks: u32,
    /// Recording time of the fragment's start: the segment's start plus `start_ticks`.
    pub wall_us: i64,
    /// What the machine's wall clock said of the first unit. Differs from `wall_us` after a clock was
    /// set back over time that was recorded already.
    pub clock_us: i64,
    /// Monotonic clock at arrival of the first unit.
    pub mono_us: i64,
    /// Length of `moof` and `mdat`.
    pub length: u64,
    /// Digest of the fragment before, or of the init segment.
    pub previous: Hash,
}

impl FragmentFacts {
    /// The box for these facts and these bytes, and its digest. One pass over the bytes.
    pub fn seal<'a>(&self, bytes: impl Iterator<Item = &'a [u8]>) -> ([u8; DIGEST_BOX_BYTES], Hash) {
        let mut out = [0; DIGEST_BOX_BYTES];
        self.write(&mut out);
        let mut hasher = Sha256::new();
        hasher.update(&out[..COVERED]);
        bytes.for_each(|part| hasher.update(part));
        let digest: Hash = hasher.finalize().into();
        out[COVERED..].copy_from_slice(&digest);
        (out, digest)
    }

    fn write(&self, out: &mut [u8; DIGEST_BOX_BYTES]) {
        let mut w = Cursor { out: &mut out[..], at: 0 };
        w.put(&(DIGEST_BOX_BYTES as u32).to_be_bytes());
        w.put(b"uuid");
        w.put(&DIGEST_BOX_UUID);
        let flag = |set: bool, bit: u8| if set { bit } else { 0 };
        let flags = flag(self.key, KEY) | flag(self.clock_jump, CLOCK_JUMP) | flag(self.anew, ANEW);
        w.put(&[VERSION, flags]);
        w.put(&self.video_frames.to_be_bytes());
        w.put(&self.key_frames.to_be_bytes());
        w.put(&self.number.to_be_bytes());
        w.put(&self.segment.to_be_bytes());
        w.put(&self.start_ticks.to_be_bytes());
        w.put(&self.duration_ticks.to_be_bytes());
        w.put(&self.wall_us.to_be_bytes());
        w.put(&self.clock_us.to_be_bytes());
        w.put(&self.mono_us.to_be_bytes());
        w.put(&self.length.to_be_bytes());
        w.put(&padded::<STREAM_BYTES>(&self.stream));
        w.put(&self.previous);
    }

    /// What the bytes say if they are a digest box. Its digest, which is returned beside, still has to be
    /// compared with [`digest_of`].
    pub fn read(bytes: &[u8]) -> Result<(Self, Hash), DigestBoxError> {
        let bytes: &[u8; DIGEST_BOX_BYTES] =
            bytes.get(..DIGEST_BOX_BYTES).and_then(|b| b.try_into().ok()).ok_or(DigestBoxError::Short)?;
        let mut r = Reader { bytes: &bytes[..], at: 0 };
        if r.u32() != DIGEST_BOX_BYTES as u32
            || r.take::<4>() != *b"uuid"
            || r.take::<16>() != DIGEST_BOX_UUID
        {
            return Err(DigestBoxError::NotOne);
        }
        let [version, flags] = r.take::<2>();
        if version != VERSION {
            return Err(DigestBoxError::Version(version));
        }
        let (video_frames, key_frames, number, segment) = (r.u16(), r.u16(), r.u32(), r.u32());
        let (start_ticks, duration_ticks) = (r.u64(), r.u32());
        let (wall_us, clock_us, mono_us, length) = (r.u64() as i64, r.u64() as i64, r.u64() as i64, r.u64());
        let stream = text(&r.take::<STREAM_BYTES>()).ok_or(DigestBoxError::NotOne)?;
        let previous = r.take::<32>();
        let digest = r.take::<32>();
        let timely = (0..END_US).contains(&wall_us) && start_ticks < us_to_ticks(END_US) as u64;
        if length > MAX_FRAGMENT_BYTES || !timely {
            return Err(DigestBoxError::NotOne);
        }
        let facts = Self {
            stream,
            segment,
            number,
            key: flags & KEY != 0,
            clock_jump: flags & CLOCK_JUMP != 0,
            anew: flags & ANEW != 0,
            video_frames,
            key_frames,
            start_ticks,
            duration_ticks,
            wall_us,
            clock_us,
            mono_us,
            length,
            previous,
        };
        Ok((facts, digest))
    }
}

/// What the digest of a box and the fragment after it must be.
pub fn digest_of(digest_box: &[u8], fragment: &[u8]) -> Option<Hash> {
    let mut hasher = Sha256::new();
    hasher.update(digest_box.get(..COVERED)?);
    hasher.update(fragment);
    Some(hasher.finalize().into())
}

/// Why bytes are not a digest box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestBoxError {
    Short,
    NotOne,
    Version(u8),
}

impl std::fmt::Display for DigestBoxError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Short => f.write_str("the file ends inside a digest box"),
            Self::NotOne => f.write_str("no digest box where one must be"),
            Self::Version(version) => write!(f, "digest box of version {version}, this program reads 1"),
        }
    }
}

/// Text padded with zeros to a fixed field; cut if longer.
pub(super) fn padded<const N: usize>(text: &str) -> [u8; N] {
    let mut field = [0; N];
    let length = text.len().min(N);
    field[..length].copy_from_slice(&text.as_bytes()[..length]);
    field
}

/// Printable ASCII before the padding, or `None`.
pub(super) fn text(field: &[u8]) -> Option<String> {
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    let (text, padding) = field.split_at(end);
    let plain = text.iter().all(|b| (0x20..0x7F).contains(b)) && padding.iter().all(|b| *b == 0);
    plain.then(|| String::from_utf8_lossy(text).into_owned())
}

/// Fills a fixed field list from the front.
pub(super) struct Cursor<'a> {
    pub out: &'a mut [u8],
    pub at: usize,
}

impl Cursor<'_> {
    pub fn put(&mut self, bytes: &[u8]) {
        self.out[self.at..self.at + bytes.len()].copy_from_slice(bytes);
        self.at += bytes.len();
    }
}

/// Reads fields of a buffer whose length was checked before.
pub(super) struct Reader<'a> {
    pub bytes: &'a [u8],
    pub at: usize,
}

impl Reader<'_> {
    pub fn take<const N: usize>(&mut self) -> [u8; N] {
        let mut field = [0; N];
        field.copy_from_slice(&self.bytes[self.at..self.at + N]);
        self.at += N;
        field
    }

    pub fn u16(&mut self) -> u16 {
        u16::from_be_bytes(self.take())
    }

    pub fn u32(&mut self) -> u32 {
        u32::from_be_bytes(self.take())
    }

    pub fn u64(&mut self) -> u64 {
        u64::from_be_bytes(self.take())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> FragmentFacts {
        FragmentFacts {
            stream: "ch_7a.main".into(),
            segment: 9,
            number: 3,
            key: true,
            clock_jump: false,
            anew: true,
            video_frames: 25,
            key_frames: 1,
            start_ticks: 270_000,
            duration_ticks: 90_000,
            wall_us: 1_700_000_003_000_000,
            clock_us: 1_700_000_003_000_001,
            mono_us: 77,
            length: 5,
            previous: [7; 32],
        }
    }

    #[test]
    fn what_is_sealed_is_read_back() {
        let (sealed, digest) = facts().seal([&b"he"[..], b"llo"].into_iter());
        assert_eq!(FragmentFacts::read(&sealed), Ok((facts(), digest)));
        assert_eq!(digest_of(&sealed, b"hello"), Some(digest));
    }

    #[test]
    fn every_bit_of_box_and_fragment_is_held_by_the_digest() {
        let (sealed, _) = facts().seal(std::iter::once(&b"hello"[..]));
        let whole: Vec<u8> = sealed.iter().chain(b"hello").copied().collect();
        for bit in 0..whole.len() * 8 {
            let mut bytes = whole.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let (head, body) = bytes.split_at(DIGEST_BOX_BYTES);
            let believed =
                FragmentFacts::read(head).is_ok_and(|(_, digest)| digest_of(head, body) == Some(digest));
            assert!(!believed, "bit {bit} may be flipped unnoticed");
        }
    }

    #[test]
    fn a_time_that_no_clock_of_ours_says_is_not_believed() {
        let of = |wall_us: i64, start_ticks: u64| {
            let facts = FragmentFacts { wall_us, start_ticks, ..facts() };
            FragmentFacts::read(&facts.seal(std::iter::once(&b"hello"[..])).0).is_ok()
        };
        assert!(of(0, 0) && of(END_US - 1, 90_000));
        assert!(!of(i64::MIN, 0) && !of(-1, 0) && !of(END_US, 0) && !of(0, u64::MAX) && !of(0, 1 << 62));
    }

    #[test]
    fn zeros_and_short_tails_are_no_digest_box() {
        assert_eq!(FragmentFacts::read(&[0; 300]), Err(DigestBoxError::NotOne));
        assert_eq!(FragmentFacts::read(&[0; 209]), Err(DigestBoxError::Short));
    }
}
