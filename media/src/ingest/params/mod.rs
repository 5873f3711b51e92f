//! What a decoder must know before the first frame, read from the stream's own bytes: parameter sets,
//! audio configurations, and the sample descriptions that are built from them.
//!
//! Nothing here does I/O or keeps time. Input is hostile: each reader is bounded and answers `None`.

pub mod aac;
pub mod bits;
pub mod h264;
pub mod h265;
mod sets;

pub use sets::{Change, ParameterSets};

use crate::frame::{VideoCodec, VideoFormat};
use bytes::Bytes;

/// Builds a [`VideoFormat`] from bare parameter set NAL units in any order (VPS for H.265 only).
///
/// The picture's size is 0×0 where the SPS cannot be read but the codec can still be named (H.264).
/// `None` if a needed kind is missing.
pub fn video_format(codec: VideoCodec, parameter_sets: &[Bytes]) -> Option<VideoFormat> {
    let of_type = |wanted: u8| -> Vec<Bytes> {
        let matches = |nal: &&Bytes| match codec {
            VideoCodec::H264 => nal.first().is_some_and(|first| first & 0x1f == wanted),
            VideoCodec::H265 => nal.first().is_some_and(|first| h265::nal_type(*first) == wanted),
        };
        parameter_sets.iter().filter(matches).cloned().collect()
    };
    match codec {
        VideoCodec::H264 => h264_format(of_type(7), of_type(8)),
        VideoCodec::H265 => h265_format(of_type(h265::VPS), of_type(h265::SPS), of_type(h265::PPS)),
    }
}

fn h264_format(sps: Vec<Bytes>, pps: Vec<Bytes>) -> Option<VideoFormat> {
    let config = h264::avcc(&sps, &pps)?;
    let parsed = h264::parse_sps(sps.first()?);
    Some(VideoFormat {
        codec: VideoCodec::H264,
        width: parsed.as_ref().map_or(0, |sps| sps.width),
        height: parsed.as_ref().map_or(0, |sps| sps.height),
        config,
        codec_string: h264::codec_string(sps.first()?)?,
        fps: parsed.and_then(|sps| sps.fps),
        parameter_sets: [sps, pps].concat(),
    })
}

fn h265_format(vps: Vec<Bytes>, sps: Vec<Bytes>, pps: Vec<Bytes>) -> Option<VideoFormat> {
    let parsed = h265::parse_sps(sps.first()?)?;
    Some(VideoFormat {
        codec: VideoCodec::H265,
        width: parsed.width,
        height: parsed.height,
        config: h265::hvcc(&vps, &sps, &pps)?,
        codec_string: h265::codec_string(&parsed),
        fps: parsed.fps,
        parameter_sets: [vps, sps, pps].concat(),
    })
}

/// Pictures that may be decoded before one that is shown earlier; `None` where the sets do not say.
pub fn reorder_frames(format: &VideoFormat) -> Option<u8> {
    match format.codec {
        VideoCodec::H264 => format.parameter_sets.iter().find_map(|nal| h264::parse_sps(nal))?.reorder_frames,
        VideoCodec::H265 => format.parameter_sets.iter().find_map(|nal| h265::parse_sps(nal))?.reorder_frames,
    }
}
