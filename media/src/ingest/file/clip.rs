//! A file opened: its format, and every access unit's place and time, in decoding order.

use super::tracks;
use crate::{
    frame::{Format, Track, VideoCodec},
    mux::atoms,
};
use bytes::Bytes;
use std::{fmt, fs::File, io, os::unix::fs::FileExt, path::Path, sync::Arc};

/// Largest `moov` that is read: a day of a camera is about 60 MiB.
const MOOV_MAX_BYTES: u64 = 128 << 20;
/// Boxes on the top level that are looked at for `moov`.
const TOP_LEVEL_MAX: usize = 10_000;

/// Why a file cannot be played.
#[derive(Debug)]
pub enum ClipError {
    Io(io::Error),
    /// No `moov` box, or one beyond the bound.
    NotMp4,
    /// The file is in fragments (`moof`), which this reader does not play.
    Fragmented,
    /// No track in a codec that the plane carries.
    NothingToPlay,
}

impl fmt::Display for ClipError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "the file cannot be read: {error}"),
            Self::NotMp4 => f.write_str("the file is no MP4 or MOV"),
            Self::Fragmented => f.write_str("the file is a fragmented MP4; give an ordinary one"),
            Self::NothingToPlay => f.write_str("the file has no H.264, H.265, AAC or G.711 track"),
        }
    }
}

impl std::error::Error for ClipError {}

impl From<io::Error> for ClipError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// One access unit in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub track: Track,
    pub sample: tracks::Sample,
    /// Its number among its track's units, in decoding order from 0.
    pub number: u32,
}

/// See the module. Units are read when they are due; nothing but their places is kept.
pub struct Clip {
    pub format: Arc<Format>,
    pub entries: Vec<Entry>,
    /// Length of the video track (of the audio track, where there is no video), in ticks; above 0.
    pub length_ticks: i64,
    pub video_frames: u32,
    file: File,
    length_field: usize,
}

impl Clip {
    /// Opens a file. Blocks on the disk.
    pub fn open(path: &Path) -> Result<Self, ClipError> {
        let file = File::open(path)?;
        let file_bytes = file.metadata()?.len();
        let moov = movie(&file)?;
        if atoms::child(&moov, b"mvex").is_some() {
            return Err(ClipError::Fragmented);
        }
        let mut format = Format::default();
        let (mut entries, mut length_ticks, mut length_field, mut video_frames) = (Vec::new(), [0, 0], 4, 0);
        for trak in atoms::children(&moov).filter(|child| child.kind == *b"trak") {
            let Some(table) = tracks::read(trak.body, file_bytes) else { continue };
            let track = match table.coding {
                tracks::Coding::Video(video, field) if format.video.is_none() => {
                    format.video = Some(video);
                    (length_field, video_frames) = (field, table.samples.len() as u32);
                    length_ticks[0] = table.end_ticks;
                    Track::Video
                }
                tracks::Coding::Audio(audio) if format.audio.is_none() => {
                    format.audio = Some(audio);
                    length_ticks[1] = table.end_ticks;
                    Track::Audio
                }
                _ => continue, // a second track of a kind
            };
            let numbered = table.samples.into_iter().zip(0..);
            entries.extend(numbered.map(|(sample, number)| Entry { track, sample, number }));
        }
        let length_ticks = if format.video.is_some() { length_ticks[0] } else { length_ticks[1] };
        entries.retain(|entry| entry.sample.dts < length_ticks);
        entries.sort_by_key(|entry| entry.sample.dts);
        if entries.is_empty() || length_ticks <= 0 {
            return Err(ClipError::NothingToPlay);
        }
        Ok(Self { format: Arc::new(format), entries, length_ticks, video_frames, file, length_field })
    }

    /// The payload of one unit, as [`crate::frame::AccessUnit`] wants it, after `before` bytes of the caller's.
    pub fn read(&self, entry: &Entry, before: &[u8]) -> io::Result<Bytes> {
        let mut bytes = vec![0; before.len() + entry.sample.bytes as usize];
        bytes[..before.len()].copy_from_slice(before);
        self.file.read_exact_at(&mut bytes[before.len()..], entry.sample.offset)?;
        match (&self.format.video, entry.track) {
            (Some(video), Track::Video) => Ok(normal(bytes, before.len(), video.codec, self.length_field)),
            _ => Ok(Bytes::from(bytes)),
        }
    }

    /// The last entry at or before `ticks` from which a player can start; the first of all if none is earlier.
    pub fn start_at(&self, ticks: i64) -> usize {
        let starts = |entry: &Entry| match self.format.video {
            Some(_) => entry.track == Track::Video && entry.sample.key,
            None => true,
        };
        let end = self.entries.partition_point(|entry| entry.sample.dts <= ticks);
        let back = self.entries[..end].iter().rposition(starts);
        back.or_else(|| self.entries.iter().position(starts)).unwrap_or(0)
    }
}

/// The body of `moov`, wherever it stands.
fn movie(file: &File) -> Result<Vec<u8>, ClipError> {
    let length = file.metadata()?.len();
    let mut at = 0;
    for _ in 0..TOP_LEVEL_MAX {
        let mut head = [0; 16];
        let room = (length.saturating_sub(at)).min(16) as usize;
        file.read_exact_at(&mut head[..room], at)?;
        let Some((kind, header, whole)) = atoms::extent(&head[..room], length.saturating_sub(at)) else {
            return Err(ClipError::NotMp4);
        };
        if kind == *b"moov" {
            if whole > MOOV_MAX_BYTES {
                return Err(ClipError::NotMp4);
            }
            let mut body = vec![0; (whole - header) as usize];
            file.read_exact_at(&mut body, at + header)?;
            return Ok(body);
        }
        at += whole;
    }
    Err(ClipError::NotMp4)
}

/// 4-byte lengths, without parameter sets (they travel in the format) and delimiters. Bytes before `from`
/// stay as they are. Copies only when something has to change.
fn normal(bytes: Vec<u8>, from: usize, codec: VideoCodec, length_field: usize) -> Bytes {
    let needed = |nal: &[u8]| match codec {
        VideoCodec::H264 => nal.first().is_some_and(|first| !matches!(first & 0x1f, 7..=9 | 13 | 15)),
        VideoCodec::H265 => nal.first().is_some_and(|first| !matches!(first >> 1 & 0x3f, 32..=35)),
    };
    if length_field == 4 && nals(&bytes[from..], 4).all(needed) {
        return Bytes::from(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len() + 64);
    out.extend_from_slice(&bytes[..from]);
    for nal in nals(&bytes[from..], length_field).filter(|nal| needed(nal)) {
        out.extend_from_slice(&(nal.len() as u32).to_be_bytes());
        out.extend_from_slice(nal);
    }
    Bytes::from(out)
}

fn nals(bytes: &[u8], length_field: usize) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (field, after) = rest.split_at_checked(length_field)?;
        let length = field.iter().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
        let (nal, tail) = after.split_at_checked(length)?;
        rest = tail;
        Some(nal)
    })
}
