//! The one currency of the media plane: the access unit.
//!
//! Everything that ingest produces and everything that a hub hands on is an [`AccessUnit`] behind an
//! `Arc`; fan-out never copies a payload.

use bytes::Bytes;
use std::sync::Arc;

/// Ticks of [`AccessUnit::pts`] and [`AccessUnit::dts`] per second, for every track.
///
/// One timescale for video and audio keeps the two comparable without a conversion; 90 kHz is the
/// clock of RTP video (RFC 6184 §8.2.1) and divides audio clocks closely enough (±5.6 µs).
pub const TICKS_PER_SECOND: i64 = 90_000;

/// Which of a stream's tracks an access unit belongs to. A stream has at most one of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Track {
    Video,
    Audio,
}

/// Codecs that the plane carries without decoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VideoCodec {
    H264,
    H265,
}

/// Audio codecs that the plane carries without decoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AudioCodec {
    Aac,
    /// G.711 A-law (RFC 3551 payload type 8).
    Pcma,
    /// G.711 µ-law (RFC 3551 payload type 0).
    Pcmu,
}

/// What a decoder must know before the first video access unit.
#[derive(Clone, Debug, PartialEq)]
pub struct VideoFormat {
    pub codec: VideoCodec,
    /// Luma samples after cropping.
    pub width: u32,
    pub height: u32,
    /// Body of the `avcC` or `hvcC` box (ISO/IEC 14496-15 §5.3.3.1, §8.3.3.1), 4-byte NAL lengths.
    pub config: Bytes,
    /// RFC 6381 codec string, e.g. `avc1.640028` or `hvc1.1.6.L120.90`.
    pub codec_string: String,
    /// Parameter sets as bare NAL units in the order VPS, SPS, PPS (VPS only for H.265).
    pub parameter_sets: Vec<Bytes>,
    /// Nominal frames per second from VUI timing or SDP, where stated.
    pub fps: Option<f64>,
}

/// What a decoder must know before the first audio access unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudioFormat {
    pub codec: AudioCodec,
    /// Hz.
    pub sample_rate: u32,
    pub channels: u8,
    /// AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1) for AAC, empty for G.711.
    pub config: Bytes,
}

/// The formats in force. A new `Arc<Format>` means: new init segment, new recording segment.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Format {
    pub video: Option<VideoFormat>,
    pub audio: Option<AudioFormat>,
}

/// One coded picture, or one audio frame.
///
/// Video payload: NAL units each preceded by a 4-byte big-endian length, in stream order. Parameter
/// sets equal to those of `format` and access unit delimiters are left out; SEI is kept (cameras sign
/// in it, tests number frames in it). Audio payload: one raw AAC frame without ADTS, or G.711 bytes.
#[derive(Clone, Debug)]
pub struct AccessUnit {
    pub track: Track,
    /// Presentation time in [`TICKS_PER_SECOND`], from an origin that holds for one connection.
    pub pts: i64,
    /// Decoding time, strictly rising within a track of one connection, never above `pts`.
    pub dts: i64,
    /// A decoder can start here (H.264 IDR or recovery point with parameter sets, H.265 IRAP).
    /// Always true for audio.
    pub key: bool,
    /// Wall clock of `pts`: microseconds since the Unix epoch, UTC, as this machine judged it.
    pub wall_us: i64,
    /// Monotonic clock at arrival of the last packet: microseconds from an arbitrary origin.
    pub mono_us: i64,
    pub payload: Bytes,
    /// Formats in force at this unit; compare with `Arc::ptr_eq` to notice a change.
    pub format: Arc<Format>,
}
