//! Sample entries (`stsd`) of the codecs that the plane carries, and their RFC 6381 names.
//!
//! H.264 `avc1`, H.265 `hvc1` (ISO/IEC 14496-15), AAC `mp4a` (ISO/IEC 14496-14), G.711 `alaw`/`ulaw`
//! (QuickTime File Format, read by FFmpeg and GStreamer), FLAC `fLaC` (Xiph "Encapsulation of FLAC in
//! ISO Base Media File Format").

use super::boxes::BoxWriter;
use super::flac;
use crate::frame::{AudioCodec, AudioFormat, VideoCodec, VideoFormat};

/// How the audio of a stream travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AudioCarriage {
    /// As it came: recordings, players that know G.711.
    Original,
    /// G.711 as FLAC, without loss; AAC as it came. Browsers refuse G.711 in MP4 but play FLAC.
    ForBrowsers,
    /// Left out.
    Left,
}

/// A codec of an audio sample entry, after the carriage has been applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryCodec {
    Aac,
    Alaw,
    Ulaw,
    Flac,
}

pub(super) fn entry_codec(audio: &AudioFormat, carriage: AudioCarriage) -> Option<EntryCodec> {
    match (carriage, audio.codec) {
        (AudioCarriage::Left, _) => None,
        (_, AudioCodec::Aac) => Some(EntryCodec::Aac),
        (AudioCarriage::ForBrowsers, _) => Some(EntryCodec::Flac),
        (AudioCarriage::Original, AudioCodec::Pcma) => Some(EntryCodec::Alaw),
        (AudioCarriage::Original, AudioCodec::Pcmu) => Some(EntryCodec::Ulaw),
    }
}

/// RFC 6381 codec string of an audio track; `alaw` and `ulaw` are the four-character codes themselves.
pub(super) fn audio_codec_string(audio: &AudioFormat, carriage: AudioCarriage) -> Option<String> {
    Some(match entry_codec(audio, carriage)? {
        EntryCodec::Aac => format!("mp4a.40.{}", audio_object_type(&audio.config)),
        EntryCodec::Alaw => "alaw".into(),
        EntryCodec::Ulaw => "ulaw".into(),
        EntryCodec::Flac => "flac".into(),
    })
}

/// Audio object type of an AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1); 2 (AAC-LC) where unreadable.
fn audio_object_type(config: &[u8]) -> u8 {
    let (Some(first), second) = (config.first(), config.get(1).copied().unwrap_or(0)) else {
        return 2;
    };
    match first >> 3 {
        0 => 2,
        31 => 32 + ((first & 7) << 3 | second >> 5),
        kind => kind,
    }
}

pub(super) fn video_entry(w: &mut BoxWriter, video: &VideoFormat) {
    let (entry, config) = match video.codec {
        VideoCodec::H264 => (b"avc1", b"avcC"),
        VideoCodec::H265 => (b"hvc1", b"hvcC"),
    };
    w.nest(entry, |w| {
        w.zeros(6);
        w.u16(1); // data_reference_index
        w.zeros(16);
        w.u16(video.width.min(0xFFFF) as u16);
        w.u16(video.height.min(0xFFFF) as u16);
        w.u32(0x0048_0000); // 72 dpi
        w.u32(0x0048_0000);
        w.u32(0);
        w.u16(1); // frame_count
        w.zeros(32); // compressorname
        w.u16(0x0018); // depth
        w.u16(0xFFFF); // pre_defined = -1
        w.nest(config, |w| w.bytes(&video.config));
    });
}

pub(super) fn audio_entry(w: &mut BoxWriter, audio: &AudioFormat, codec: EntryCodec) {
    let kind = match codec {
        EntryCodec::Aac => b"mp4a",
        EntryCodec::Alaw => b"alaw",
        EntryCodec::Ulaw => b"ulaw",
        EntryCodec::Flac => b"fLaC",
    };
    w.nest(kind, |w| {
        w.zeros(6);
        w.u16(1); // data_reference_index
        w.zeros(8);
        w.u16(u16::from(audio.channels));
        w.u16(16); // bits a sample once decoded
        w.u32(0);
        w.u32(audio.sample_rate.min(0xFFFF) << 16);
        match codec {
            EntryCodec::Aac => elementary_stream_descriptor(w, &audio.config),
            EntryCodec::Flac => w.full(b"dfLa", 0, 0, |w| {
                w.u8(0x80); // last metadata block, STREAMINFO
                w.bytes(&[0, 0, flac::STREAM_INFO_BYTES as u8]);
                w.bytes(&flac::stream_info(audio.sample_rate, audio.channels));
            }),
            EntryCodec::Alaw | EntryCodec::Ulaw => {}
        }
    });
}

/// `esds` (ISO/IEC 14496-14 §6.7.2): ES, DecoderConfig, DecoderSpecificInfo and SLConfig descriptors.
fn elementary_stream_descriptor(w: &mut BoxWriter, config: &[u8]) {
    let config = &config[..config.len().min(64)];
    let specific = config.len();
    let decoder = 13 + 5 + specific;
    w.full(b"esds", 0, 0, |w| {
        descriptor(w, 0x03, 3 + 5 + decoder + 5 + 1);
        w.u16(0); // ES_ID
        w.u8(0);
        descriptor(w, 0x04, decoder);
        w.u8(0x40); // MPEG-4 audio
        w.u8(0x15); // audio stream
        w.zeros(3); // bufferSizeDB
        w.u32(0); // maxBitrate
        w.u32(0); // avgBitrate
        descriptor(w, 0x05, specific);
        w.bytes(config);
        descriptor(w, 0x06, 1);
        w.u8(2);
    });
}

/// Tag and length in the four-byte form that every reader takes.
fn descriptor(w: &mut BoxWriter, tag: u8, length: usize) {
    w.bytes(&[tag, 0x80, 0x80, 0x80, length as u8]);
}
