//! The session description of a stream (RFC 8866) with the payload formats of RFC 6184, 7798, 3640, 3551.

use crate::frame::{AudioCodec, AudioFormat, Format, Track, VideoCodec, VideoFormat};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use std::fmt::Write;

/// Dynamic payload type of video.
pub const VIDEO_PAYLOAD_TYPE: u8 = 96;
const AUDIO_PAYLOAD_TYPE: u8 = 97;

/// The tracks of a format in the order of their `trackID`.
pub fn tracks(format: &Format) -> Vec<Track> {
    let video = format.video.as_ref().map(|_| Track::Video);
    let audio = format.audio.as_ref().map(|_| Track::Audio);
    video.into_iter().chain(audio).collect()
}

/// RTP payload type of an audio track: the static ones of RFC 3551 where they fit.
pub fn audio_payload_type(audio: &AudioFormat) -> u8 {
    match (audio.codec, audio.sample_rate, audio.channels) {
        (AudioCodec::Pcmu, 8_000, 1) => 0,
        (AudioCodec::Pcma, 8_000, 1) => 8,
        _ => AUDIO_PAYLOAD_TYPE,
    }
}

/// The description. `name` is shown as the session's name; control addresses are relative to `Content-Base`.
pub fn describe(format: &Format, name: &str) -> String {
    let name: String = name.chars().filter(|letter| !letter.is_control()).collect();
    let mut text = format!(
        "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns={name}\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\na=control:*\r\na=range:npt=now-\r\n"
    );
    for (index, track) in tracks(format).into_iter().enumerate() {
        match (track, &format.video, &format.audio) {
            (Track::Video, Some(video), _) => video_section(&mut text, video),
            (Track::Audio, _, Some(audio)) => audio_section(&mut text, audio),
            _ => continue,
        }
        let _ = write!(text, "a=control:trackID={index}\r\n");
    }
    text
}

fn video_section(text: &mut String, video: &VideoFormat) {
    let payload_type = VIDEO_PAYLOAD_TYPE;
    let _ = write!(text, "m=video 0 RTP/AVP {payload_type}\r\n");
    let (encoding, parameters) = match video.codec {
        VideoCodec::H264 => ("H264", h264_parameters(&video.parameter_sets)),
        VideoCodec::H265 => ("H265", h265_parameters(&video.parameter_sets)),
    };
    let _ = write!(text, "a=rtpmap:{payload_type} {encoding}/90000\r\n");
    if !parameters.is_empty() {
        let _ = write!(text, "a=fmtp:{payload_type} {parameters}\r\n");
    }
    if video.width > 0 && video.height > 0 {
        let _ = write!(text, "a=x-dimensions:{},{}\r\n", video.width, video.height);
    }
    if let Some(fps) = video.fps {
        let _ = write!(text, "a=framerate:{fps:.3}\r\n");
    }
}

/// RFC 6184 §8.1; `profile-level-id` are the three bytes behind the SPS's NAL header.
fn h264_parameters(sets: &[Bytes]) -> String {
    let list = sets.iter().map(|set| STANDARD.encode(set)).collect::<Vec<_>>().join(",");
    let sequence = sets.iter().find(|set| set.len() >= 4 && set[0] & 0x1f == 7);
    let mut parameters = String::from("packetization-mode=1");
    if let Some(set) = sequence {
        let _ = write!(parameters, ";profile-level-id={:02X}{:02X}{:02X}", set[1], set[2], set[3]);
    }
    if !list.is_empty() {
        let _ = write!(parameters, ";sprop-parameter-sets={list}");
    }
    parameters
}

/// RFC 7798 §7.1: NAL unit types 32, 33, 34 are VPS, SPS, PPS.
fn h265_parameters(sets: &[Bytes]) -> String {
    let of_type = |kind: u8| {
        let found = sets.iter().filter(|set| set.first().is_some_and(|byte| byte >> 1 & 0x3f == kind));
        found.map(|set| STANDARD.encode(set)).collect::<Vec<_>>().join(",")
    };
    [("sprop-vps", 32), ("sprop-sps", 33), ("sprop-pps", 34)]
        .into_iter()
        .map(|(name, kind)| (name, of_type(kind)))
        .filter(|(_, list)| !list.is_empty())
        .map(|(name, list)| format!("{name}={list}"))
        .collect::<Vec<_>>()
        .join(";")
}

fn audio_section(text: &mut String, audio: &AudioFormat) {
    let payload_type = audio_payload_type(audio);
    let _ = write!(text, "m=audio 0 RTP/AVP {payload_type}\r\n");
    let (rate, channels) = (audio.sample_rate, audio.channels);
    match audio.codec {
        AudioCodec::Pcma => {
            let _ = write!(text, "a=rtpmap:{payload_type} PCMA/{rate}/{channels}\r\n");
        }
        AudioCodec::Pcmu => {
            let _ = write!(text, "a=rtpmap:{payload_type} PCMU/{rate}/{channels}\r\n");
        }
        AudioCodec::Aac => {
            let config = audio.config.iter().fold(String::new(), |mut hex, byte| {
                let _ = write!(hex, "{byte:02X}");
                hex
            });
            let _ = write!(
                text,
                "a=rtpmap:{payload_type} mpeg4-generic/{rate}/{channels}\r\n\
                 a=fmtp:{payload_type} streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;\
                 indexlength=3;indexdeltalength=3;config={config}\r\n"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_tracks_are_described_with_what_a_decoder_needs() {
        let video = VideoFormat {
            codec: VideoCodec::H264,
            width: 1920,
            height: 1080,
            config: Bytes::new(),
            codec_string: String::new(),
            parameter_sets: vec![Bytes::from_static(&[0x67, 0x64, 0, 0x28]), Bytes::from_static(&[0x68, 1])],
            fps: Some(25.0),
        };
        let audio = AudioFormat {
            codec: AudioCodec::Aac,
            sample_rate: 16_000,
            channels: 1,
            config: Bytes::from_static(&[0x14, 0x08]),
        };
        let text = describe(&Format { video: Some(video), audio: Some(audio) }, "gate\r\na=evil");
        assert!(text.contains("s=gatea=evil\r\n"), "a line break in the name starts no line");
        assert!(text.contains(
            "a=fmtp:96 packetization-mode=1;profile-level-id=640028;sprop-parameter-sets=Z2QAKA==,aAE=\r\n"
        ));
        assert!(text.contains("m=audio 0 RTP/AVP 97\r\na=rtpmap:97 mpeg4-generic/16000/1\r\n"));
        assert!(text.contains("config=1408\r\na=control:trackID=1\r\n"));
    }

    #[test]
    fn g711_at_8_khz_has_its_static_payload_type() {
        let audio =
            AudioFormat { codec: AudioCodec::Pcma, sample_rate: 8_000, channels: 1, config: Bytes::new() };
        let text = describe(&Format { video: None, audio: Some(audio) }, "x");
        assert!(text.contains("m=audio 0 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000/1\r\na=control:trackID=0\r\n"));
    }
}
