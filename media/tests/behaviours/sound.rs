//! Sound beside the picture: heard where it can be, and never in the picture's way.

use super::{Behaviour, Played, all_play, with};
use crate::camera::{Habits, SDP, framed};
use mingjing_media::frame::{AccessUnit, AudioCodec, Track};
use std::sync::Arc;

const RAW: [u8; 6] = [0x21, 0x10, 4, 0x60, 0x8c, 0x1c];

/// A camera with this audio description (behind `m=audio 0 RTP/AVP `) and these payloads.
fn camera(audio: &str, payload: fn(u64) -> Vec<u8>) -> Habits {
    let (head, _) = SDP.split_once("8\r\na=control:trackID=1").unwrap();
    let kind: u8 = audio.split(|letter: char| !letter.is_ascii_digit()).next().unwrap().parse().unwrap();
    let described = format!("{head}{audio}\r\na=control:trackID=1\r\n");
    with(|habits| {
        habits.sdp = described;
        habits.wire = Some(Arc::new(move |picture, packets| {
            let mut sound = vec![0x80, 0x80 | kind, (picture >> 8) as u8, picture as u8];
            sound.extend((picture as u32 * 1024).to_be_bytes());
            sound.extend([5, 6, 7, 8]);
            sound.extend(payload(picture));
            let pictures = packets.iter().flat_map(|packet| framed(0, packet));
            framed(2, &sound).into_iter().chain(pictures).collect()
        }));
    })
}

const HBR: &str = "97\r\na=rtpmap:97 MPEG4-GENERIC/16000/1\r\na=fmtp:97 streamtype=5;mode=AAC-hbr;\
    sizelength=13;indexlength=3;indexdeltalength=3;config=1408";

fn one_frame(_: u64) -> Vec<u8> {
    [&[0, 16, 0, 6 << 3][..], &RAW].concat()
}

fn two_frames(_: u64) -> Vec<u8> {
    [&[0, 32, 0, 6 << 3, 0, 6 << 3][..], &RAW, &RAW].concat()
}

/// ADTS of 16 kHz, mono, 13 bytes with its header.
const ADTS: [u8; 7] = [0xff, 0xf1, 0x60, 0x40, 1, 0xbf, 0xfc];

fn heard() -> Vec<Behaviour> {
    let changed = |from: &str, to: &str, payload| camera(&HBR.replace(from, to), payload);
    vec![
        ("AAC", camera(HBR, one_frame)),
        ("AAC, two frames a packet", camera(HBR, two_frames)),
        ("AAC without a configuration", changed(";config=1408", "", one_frame)),
        ("AAC with a configuration of nonsense", changed("1408", "zz", one_frame)),
        (
            "AAC with a configuration in upper case and quotes",
            changed("config=1408", "Config=\"1408\"", one_frame),
        ),
        ("AAC with a longer configuration", changed("1408", "140856E500", one_frame)),
        ("AAC without a mode", changed("mode=AAC-hbr;", "", one_frame)),
        (
            "AAC without lengths of fields",
            changed("sizelength=13;indexlength=3;indexdeltalength=3;", "", one_frame),
        ),
        ("AAC without any parameter", camera("97\r\na=rtpmap:97 mpeg4-generic/16000/1", one_frame)),
        (
            "AAC of low rate",
            changed(
                "AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3",
                "AAC-lbr;sizelength=6;indexlength=2;indexdeltalength=2",
                |_| [&[0, 8, 6 << 2][..], &RAW].concat(),
            ),
        ),
        ("AAC with ADTS within", camera(HBR, |_| [&[0, 16, 0, 13 << 3][..], &ADTS, &RAW].concat())),
        ("AAC with ADTS alone", camera(HBR, |_| [&ADTS[..], &RAW].concat())),
        ("AAC with a wrong clock", changed("16000", "90000", one_frame)),
        ("AAC with blanks in its parameters", changed(";", " ; ", one_frame)),
        (
            "AAC that now and then breaks",
            camera(HBR, |picture| if picture % 5 == 1 { vec![0xff; 9] } else { one_frame(0) }),
        ),
        (
            "AAC in LATM",
            camera("97\r\na=rtpmap:97 MP4A-LATM/24000/2\r\na=fmtp:97 cpresent=0;config=400026203fc0", |_| {
                vec![3, 7, 8, 9]
            }),
        ),
        ("A-law by its number", camera("8", |_| vec![0xd5; 160])),
        ("A-law by name", camera("97\r\na=rtpmap:97 PCMA/8000", |_| vec![0xd5; 160])),
        ("A-law in odd sizes", camera("8", |picture| vec![0xd5; 1 + (picture * 37 % 700) as usize])),
        ("A-law with a rate of 16 kHz", camera("97\r\na=rtpmap:97 PCMA/16000/1", |_| vec![0xd5; 320])),
        ("µ-law by its number", camera("0", |_| vec![0xff; 160])),
        ("µ-law by name in lower case", camera("97\r\na=rtpmap:97 pcmu/8000/1", |_| vec![0xff; 160])),
        ("a choice of kinds of sound", camera("8 0 97\r\na=rtpmap:97 G726-32/8000", |_| vec![0xd5; 160])),
    ]
}

fn unheard() -> Vec<Behaviour> {
    let silent = |audio: &str| camera(audio, |_| vec![0x11; 80]);
    vec![
        ("G.726", silent("97\r\na=rtpmap:97 G726-32/8000")),
        ("G.722", silent("9")),
        ("G.729", silent("18")),
        ("Opus", silent("97\r\na=rtpmap:97 opus/48000/2")),
        ("L16", silent("97\r\na=rtpmap:97 L16/16000/1")),
        ("MP3", silent("14")),
        ("Vorbis", silent("97\r\na=rtpmap:97 vorbis/44100/2\r\na=fmtp:97 configuration=AAAA")),
        ("AMR", silent("97\r\na=rtpmap:97 AMR/8000\r\na=fmtp:97 octet-align=1")),
        ("a kind without a map", silent("97")),
        ("a kind of nonsense", silent("97\r\na=rtpmap:97 ////\r\na=fmtp:97 ;;;=;=;")),
        ("encrypted sound", {
            let mut habits = silent("97\r\na=rtpmap:97 PCMA/8000");
            habits.sdp = habits.sdp.replace("m=audio 0 RTP/AVP", "m=audio 0 RTP/SAVP");
            habits
        }),
        ("the loudspeaker alone", silent("8\r\na=sendonly")),
        (
            "LATM without a configuration",
            silent("97\r\na=rtpmap:97 MP4A-LATM/24000/2\r\na=fmtp:97 cpresent=0"),
        ),
    ]
}

fn sound_of(units: &[Arc<AccessUnit>]) -> impl Iterator<Item = &Arc<AccessUnit>> {
    units.iter().filter(|unit| unit.track == Track::Audio)
}

#[test]
fn sound_that_can_be_heard_is_there() {
    let played: Vec<Played> = all_play(heard(), 30);
    let mute: Vec<_> =
        played.iter().filter(|(_, units, _)| sound_of(units).count() < 10).map(|(name, ..)| name).collect();
    assert!(mute.is_empty(), "no sound: {mute:?}");
    for (name, units, _) in &played {
        let format = units.last().unwrap().format.audio.clone().expect(name);
        if format.codec != AudioCodec::Aac {
            continue;
        }
        assert!(
            sound_of(units).all(|unit| !unit.payload.starts_with(&[0xff, 0xf1])),
            "{name}: ADTS is left in"
        );
        assert!(!format.config.is_empty(), "{name}");
    }
}

#[test]
fn sound_that_cannot_be_heard_costs_the_sound_alone() {
    for (name, units, oddities) in all_play(unheard(), 30) {
        assert_eq!(sound_of(&units).count(), 0, "{name}");
        assert!(!oddities.is_empty(), "{name}: what is left out is counted");
    }
}
