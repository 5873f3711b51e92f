//! Session descriptions (RFC 8866, RFC 2326 appendix C) as cameras write them.
//! Says what a description says; which track is taken is [`choose`]'s business, what it plays the track's.

use super::foreign;
use crate::{
    frame::{AudioCodec, VideoCodec},
    ingest::{
        depacketize::{begins_with_start_code, split_annex_b},
        oddity::Oddities,
        params::h264,
    },
};
use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use bytes::Bytes;
use std::collections::BTreeMap;

/// Longer descriptions are cut here.
pub const SDP_MAX_BYTES: usize = 64 << 10;
const MEDIA_MAX: usize = 32;
const FORMATS_MAX: usize = 16;

/// Base64 with or without padding, trailing bits as they come.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Video,
    Audio,
    Other,
}

/// One payload type of a media line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PayloadFormat {
    pub payload_type: u8,
    /// Upper case; empty where nothing says it.
    pub encoding: String,
    /// Hz; 0 where nothing says it.
    pub clock_rate: u32,
    pub channels: u8,
    /// Names in lower case.
    pub fmtp: BTreeMap<String, String>,
}

/// One media line and what hangs on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Media {
    pub kind: Kind,
    pub control: Option<String>,
    pub formats: Vec<PayloadFormat>,
    /// SRTP: cannot be read without a key.
    pub secure: bool,
    pub frame_rate: Option<f64>,
    /// `a=sendonly` or `a=inactive`: nothing comes from there. ONVIF marks the way back to the camera's
    /// loudspeaker so (Streaming Specification 5.3).
    pub silent: bool,
}

/// A whole description.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Description {
    pub control: Option<String>,
    pub media: Vec<Media>,
}

impl Description {
    /// `None` if there is not one media line.
    pub fn parse(bytes: &[u8], oddities: &mut Oddities) -> Option<Self> {
        let bytes = &bytes[..bytes.len().min(SDP_MAX_BYTES)];
        let text = foreign::text_of(bytes);
        let mut description = Self::default();
        let mut rtpmaps: Vec<(u8, String)> = Vec::new();
        for line in text.split(['\n', '\r']) {
            let line = line.trim();
            let Some((key, value)) = line.split_once('=') else {
                if !line.is_empty() {
                    oddities.count("sdp_line_malformed");
                }
                continue;
            };
            match (key.trim().to_ascii_lowercase().as_str(), value.trim()) {
                ("m", value) => {
                    adopt_rtpmaps(description.media.last_mut(), &mut rtpmaps, oddities);
                    if description.media.len() == MEDIA_MAX {
                        oddities.count("sdp_media_too_many");
                        break;
                    }
                    description.media.push(parse_media(value));
                }
                ("a", value) => description.attribute(value, &mut rtpmaps, oddities),
                _ => {}
            }
        }
        adopt_rtpmaps(description.media.last_mut(), &mut rtpmaps, oddities);
        (!description.media.is_empty()).then_some(description)
    }

    fn attribute(&mut self, text: &str, rtpmaps: &mut Vec<(u8, String)>, oddities: &mut Oddities) {
        let (name, value) = text.split_once(':').unwrap_or((text, ""));
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
        let Some(media) = self.media.last_mut() else {
            if name == "control" {
                self.control = Some(value.to_owned());
            }
            return;
        };
        match name.as_str() {
            "sendonly" | "inactive" => media.silent = true,
            "recvonly" | "sendrecv" => media.silent = false,
            "control" if media.control.is_none() => media.control = Some(value.to_owned()),
            "framerate" | "x-framerate" => {
                media.frame_rate = value.parse().ok().filter(|rate| (0.1..=480.0).contains(rate))
            }
            "rtpmap" => match split_payload_type(value) {
                Some((payload_type, map)) => match media.find(payload_type) {
                    Some(format) => apply_rtpmap(format, map),
                    None if rtpmaps.len() < FORMATS_MAX => rtpmaps.push((payload_type, map.to_owned())),
                    None => {}
                },
                None => oddities.count("rtpmap_malformed"),
            },
            "fmtp" => {
                let Some((payload_type, text)) = split_payload_type(value) else {
                    oddities.count("fmtp_malformed");
                    return;
                };
                let only = media.formats.len() == 1;
                let format = match media.formats.iter().position(|format| format.payload_type == payload_type)
                {
                    Some(at) => &mut media.formats[at],
                    None if only => {
                        oddities.count("fmtp_payload_type_unknown");
                        &mut media.formats[0]
                    }
                    None => return,
                };
                format.fmtp.extend(parse_fmtp(text));
            }
            _ => {}
        }
    }
}

impl Media {
    fn find(&mut self, payload_type: u8) -> Option<&mut PayloadFormat> {
        self.formats.iter_mut().find(|format| format.payload_type == payload_type)
    }
}

/// A map for a payload type that the media line does not name belongs to one that has no map.
fn adopt_rtpmaps(media: Option<&mut Media>, rtpmaps: &mut Vec<(u8, String)>, oddities: &mut Oddities) {
    let maps = std::mem::take(rtpmaps);
    let Some(media) = media else { return };
    for (payload_type, map) in maps {
        oddities.count("rtpmap_payload_type_unknown");
        if let Some(format) = media.formats.iter_mut().find(|format| format.encoding.is_empty()) {
            apply_rtpmap(format, &map);
        } else if media.formats.is_empty() {
            let mut format = PayloadFormat { payload_type, ..PayloadFormat::default() };
            apply_rtpmap(&mut format, &map);
            media.formats.push(format);
        }
    }
}

fn parse_media(value: &str) -> Media {
    let mut words = value.split_ascii_whitespace();
    let kind = match words.next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "video" => Kind::Video,
        "audio" => Kind::Audio,
        _ => Kind::Other,
    };
    words.next(); // port
    let protocol = words.next().unwrap_or_default().to_ascii_uppercase();
    let types = words.filter_map(|word| word.parse::<u8>().ok().filter(|kind| *kind < 128)).take(FORMATS_MAX);
    Media {
        kind,
        control: None,
        formats: types.map(static_format).collect(),
        secure: protocol.contains("SAVP"),
        frame_rate: None,
        silent: false,
    }
}

/// RFC 3551 §6.
fn static_format(payload_type: u8) -> PayloadFormat {
    let (encoding, clock_rate, channels) = match payload_type {
        0 => ("PCMU", 8_000, 1),
        3 => ("GSM", 8_000, 1),
        4 => ("G723", 8_000, 1),
        8 => ("PCMA", 8_000, 1),
        9 => ("G722", 8_000, 1),
        10 => ("L16", 44_100, 2),
        11 => ("L16", 44_100, 1),
        14 => ("MPA", 90_000, 1),
        18 => ("G729", 8_000, 1),
        26 => ("JPEG", 90_000, 1),
        31 => ("H261", 90_000, 1),
        32 => ("MPV", 90_000, 1),
        33 => ("MP2T", 90_000, 1),
        34 => ("H263", 90_000, 1),
        _ => ("", 0, 1),
    };
    PayloadFormat { payload_type, encoding: encoding.to_owned(), clock_rate, channels, ..Default::default() }
}

/// `96 rest`, also with blanks before, or none between digits and rest.
fn split_payload_type(value: &str) -> Option<(u8, &str)> {
    let end = value.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(value.len());
    Some((value[..end].parse().ok()?, value[end..].trim_start()))
}

fn apply_rtpmap(format: &mut PayloadFormat, map: &str) {
    let mut parts = map.split('/');
    let encoding = parts.next().unwrap_or_default().trim().to_ascii_uppercase();
    let number = |text: Option<&str>| text.and_then(|text| text.trim().parse::<u32>().ok());
    if !encoding.is_empty() {
        format.encoding = encoding.chars().take(32).collect();
    }
    if let Some(rate) = number(parts.next()).filter(|rate| (1..=1_000_000).contains(rate)) {
        format.clock_rate = rate;
    }
    if let Some(channels) = number(parts.next()).filter(|channels| (1..=8).contains(channels)) {
        format.channels = channels as u8;
    }
}

fn parse_fmtp(text: &str) -> BTreeMap<String, String> {
    let mut parameters = BTreeMap::new();
    for part in text.split(';').take(64) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let name = name.trim().to_ascii_lowercase();
        if !name.is_empty() {
            parameters.insert(name, value.trim().trim_matches('"').to_owned());
        }
    }
    parameters
}

impl PayloadFormat {
    pub fn number(&self, name: &str) -> Option<u32> {
        self.fmtp.get(name)?.trim().parse().ok()
    }

    /// The video codec; one that nothing names is taken for H.264 until the bytes speak.
    pub fn video_codec(&self) -> Option<VideoCodec> {
        let names = |words: &[&str]| words.iter().any(|word| self.encoding.contains(word));
        match self.encoding.as_str() {
            _ if names(&["H264", "H.264"]) => Some(VideoCodec::H264),
            _ if names(&["H265", "H.265", "HEVC"]) => Some(VideoCodec::H265),
            "AVC" => Some(VideoCodec::H264),
            "" if self.fmtp.contains_key("sprop-sps") => Some(VideoCodec::H265),
            "" => Some(VideoCodec::H264),
            _ => None,
        }
    }

    /// The audio codec, and for AAC whether frames come as LATM.
    pub fn audio_codec(&self) -> Option<(AudioCodec, bool)> {
        match self.encoding.as_str() {
            "PCMA" | "G711A" => Some((AudioCodec::Pcma, false)),
            "PCMU" | "G711U" => Some((AudioCodec::Pcmu, false)),
            "MPEG4-GENERIC" | "AAC" => Some((AudioCodec::Aac, false)),
            "MP4A-LATM" => Some((AudioCodec::Aac, true)),
            _ => None,
        }
    }

    /// Parameter sets of H.264 (`sprop-parameter-sets`) and H.265 (`sprop-vps`, `-sps`, `-pps`).
    pub fn parameter_sets(&self, oddities: &mut Oddities) -> Vec<Bytes> {
        let mut sets = Vec::new();
        for name in ["sprop-parameter-sets", "sprop-vps", "sprop-sps", "sprop-pps"] {
            let Some(value) = self.fmtp.get(name) else { continue };
            for text in value.split(',').take(32) {
                let text: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
                match LENIENT.decode(&text) {
                    Ok(bytes) if bytes.len() > 1 => sets.extend(sets_of(bytes)),
                    _ => oddities.count("sprop_malformed"),
                }
            }
        }
        sets
    }

    /// Hex bytes of `config`.
    pub fn config(&self) -> Option<Vec<u8>> {
        let text: String =
            self.fmtp.get("config")?.chars().filter(|letter| !letter.is_whitespace()).collect();
        if text.is_empty() || text.len() > 512 || !text.is_ascii() || text.len() % 2 == 1 {
            return None;
        }
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
    }
}

/// A set should stand alone; some cameras write all of them with start codes, or as MP4 has them.
fn sets_of(bytes: Vec<u8>) -> Vec<Bytes> {
    if let Some(sets) = h264::sets_of_avcc(&bytes) {
        return sets;
    }
    let mut sets = Vec::new();
    if begins_with_start_code(&bytes) {
        split_annex_b(&bytes, |nal| sets.push(Bytes::copy_from_slice(nal)));
        return sets;
    }
    vec![bytes.into()]
}

/// What was chosen from a description: indices into its media, with the payload format.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    pub video: Option<(usize, PayloadFormat)>,
    pub audio: Option<(usize, PayloadFormat)>,
    /// There are video lines, but of these codecs.
    pub unsupported_video: Vec<String>,
    /// More video, for the case that the first cannot be set up.
    pub spare_video: Vec<Spare>,
}

/// A video track beside the one that was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spare {
    pub index: usize,
    pub format: PayloadFormat,
    pub control: Option<String>,
}

/// The first video that can be played, and the first audio if wanted.
pub fn choose(description: &Description, audio: bool, oddities: &mut Oddities) -> Choice {
    let mut choice = Choice::default();
    // Tracks that say that nothing comes from them are the last resort; a camera that says so of its
    // pictures confuses the sides.
    let mut order: Vec<(usize, &Media)> = description.media.iter().enumerate().collect();
    let confused = description.media.iter().any(|media| media.kind == Kind::Video && media.silent);
    order.sort_by_key(|(_, media)| (media.silent, media.kind == Kind::Other));
    for (index, media) in order {
        match media.kind {
            Kind::Video => {
                let format = media.formats.iter().find(|format| format.video_codec().is_some());
                match format.filter(|_| !media.secure) {
                    Some(format) => choice.take_video(index, format, media, oddities),
                    None => choice.unsupported_video.push(name_of(media)),
                }
            }
            Kind::Audio if !audio => {}
            Kind::Audio if media.silent && !confused => oddities.count("audio_backchannel"),
            Kind::Audio if choice.audio.is_some() => oddities.count("audio_track_surplus"),
            Kind::Audio => {
                let found = media.formats.iter().find(|format| format.audio_codec().is_some());
                match found.filter(|_| !media.secure) {
                    Some(format) => choice.audio = Some((index, format.clone())),
                    None => oddities.count("audio_codec_unsupported"),
                }
            }
            Kind::Other => {
                oddities.count("other_track");
                let is_video = |format: &&PayloadFormat| {
                    !format.encoding.is_empty() && format.video_codec().is_some() && !media.secure
                };
                // Pictures that are announced as something else.
                if let (None, Some(format)) = (&choice.video, media.formats.iter().find(is_video)) {
                    choice.take_video(index, format, media, oddities);
                }
            }
        }
    }
    choice
}

impl Choice {
    fn take_video(&mut self, index: usize, format: &PayloadFormat, media: &Media, oddities: &mut Oddities) {
        if self.video.is_none() {
            self.video = Some((index, format.clone()));
            return;
        }
        oddities.count("video_track_surplus");
        self.spare_video.push(Spare { index, format: format.clone(), control: media.control.clone() });
    }
}

fn name_of(media: &Media) -> String {
    let names: Vec<&str> = media.formats.iter().map(|format| format.encoding.as_str()).collect();
    let suffix = if media.secure { " (SRTP)" } else { "" };
    format!("{}{suffix}", names.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Option<Description>, Oddities) {
        let mut oddities = Oddities::default();
        (Description::parse(text.as_bytes(), &mut oddities), oddities)
    }

    #[test]
    fn a_usual_description_is_read() {
        let (description, oddities) = parse(
            "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=x\r\na=control:*\r\nm=video 0 RTP/AVP 96\r\n\
             a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z0LAHtkAoD2Q,aM48gA==\r\n\
             a=control:trackID=0\r\nm=audio 0 RTP/AVP 8\r\na=control:trackID=1\r\n",
        );
        let description = description.unwrap();
        assert!(oddities.is_empty());
        let choice = choose(&description, true, &mut Oddities::default());
        let (at, video) = choice.video.unwrap();
        assert_eq!((at, video.video_codec(), video.clock_rate), (0, Some(VideoCodec::H264), 90_000));
        assert_eq!(video.parameter_sets(&mut Oddities::default()).len(), 2);
        let (at, audio) = choice.audio.unwrap();
        assert_eq!((at, audio.audio_codec()), (1, Some((AudioCodec::Pcma, false))));
        assert_eq!(description.media[1].control.as_deref(), Some("trackID=1"));
    }

    #[test]
    fn odd_descriptions_still_name_their_video() {
        for (name, text) in [
            ("line feeds only", "m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\n"),
            ("no head", "a=control:*\nm=video 0 RTP/AVP 96\na=rtpmap:96 h264\n"),
            ("no rtpmap", "m=video 0 RTP/AVP 96\na=control:x\n"),
            ("rtpmap of another type", "m=video 0 RTP/AVP 96\na=rtpmap:97 H264/90000\n"),
            ("no payload type", "m=video 0 RTP/AVP\na=rtpmap:96 H264/90000\n"),
            ("blanks", " m = video 0 RTP/AVP 96 \r\n a = rtpmap: 96  H264 / 90000 \r\n"),
            ("rate of nothing", "m=video 0 RTP/AVP 96\na=rtpmap:96 H264/0\n"),
            ("second video", "m=video 0 RTP/AVP 26\nm=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\n"),
            (
                "metadata first",
                "m=application 0 RTP/AVP 107\na=rtpmap:107 vnd.onvif.metadata/90000\nm=video 0 RTP/AVP 96\n",
            ),
            ("cut short", "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpm"),
            ("a broken audio line", "m=audio\nm=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\n"),
        ] {
            let (description, _) = parse(text);
            let choice = choose(&description.expect(name), true, &mut Oddities::default());
            let (_, format) = choice.video.expect(name);
            assert_eq!(format.video_codec(), Some(VideoCodec::H264), "{name}");
        }
        assert_eq!(parse("v=0\r\ns=nothing\r\n").0, None);
        assert_eq!(parse("<html></html>").0, None);
    }

    #[test]
    fn what_cannot_be_played_is_named() {
        let (description, _) =
            parse("m=video 0 RTP/AVP 26\nm=audio 0 RTP/AVP 97\na=rtpmap:97 G726-32/8000\n");
        let mut oddities = Oddities::default();
        let choice = choose(&description.unwrap(), true, &mut oddities);
        assert_eq!((choice.video, choice.unsupported_video), (None, vec!["JPEG".to_owned()]));
        assert_eq!(oddities.get("audio_codec_unsupported"), 1);
    }

    #[test]
    fn parameter_sets_are_read_in_every_shape() {
        for (value, count, odd) in [
            ("sprop-parameter-sets=Z0LAHtkAoD2Q,aM48gA==", 2, 0),
            ("sprop-parameter-sets=Z0LAHtkAoD2Q,aM48gA", 2, 0),
            (" packetization-mode = 1 ; sprop-parameter-sets = Z0LAHtkAoD2Q, aM48gA== ; x", 2, 0),
            ("sprop-parameter-sets=\"Z0LAHtkAoD2Q,aM48gA==\"", 2, 0),
            ("sprop-parameter-sets=AAAAAWdCwB7ZAKA9kA==", 1, 0),
            ("sprop-parameter-sets=", 0, 1),
            ("sprop-parameter-sets=%%%,,aM48gA==", 1, 2),
        ] {
            let (description, _) = parse(&format!("m=video 0 RTP/AVP 96\na=fmtp:96 {value}\n"));
            let mut oddities = Oddities::default();
            let sets = description.unwrap().media[0].formats[0].parameter_sets(&mut oddities);
            assert_eq!((sets.len(), oddities.get("sprop_malformed")), (count, odd), "{value}");
            assert!(sets.iter().all(|set| matches!(set[0], 0x67 | 0x68)));
        }
    }

    #[test]
    fn floods_are_bounded() {
        let (description, oddities) = parse(&"m=video 0 RTP/AVP 96\n".repeat(5000));
        assert_eq!(description.unwrap().media.len(), MEDIA_MAX);
        assert_eq!(oddities.get("sdp_media_too_many"), 1);
        let types: String = (0..127).map(|kind| format!(" {kind}")).collect();
        let (description, _) = parse(&format!("m=video 0 RTP/AVP{types}\n"));
        assert_eq!(description.unwrap().media[0].formats.len(), FORMATS_MAX);
    }
}
