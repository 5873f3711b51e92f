//! Session descriptions as cameras write them.

use super::{Behaviour, all_play, with};
use crate::camera::SDP;

fn sdp(change: impl FnOnce(String) -> String) -> super::Habits {
    with(|habits| habits.sdp = change(SDP.to_owned()))
}

fn swapped(from: &'static str, to: &'static str) -> super::Habits {
    sdp(|text| {
        assert!(text.contains(from));
        text.replace(from, to)
    })
}

const FMTP: &str = "a=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z0LAHtkAoD2Q,aM48gA==";

fn of_the_video() -> Vec<Behaviour> {
    vec![
        ("lower-case codec", swapped("H264", "h264")),
        ("a longer codec name", swapped("H264/", "H264-HIGH/")),
        ("no clock rate", swapped("H264/90000", "H264")),
        ("a fmtp of another type", swapped("fmtp:96", "fmtp:97")),
        ("no fmtp", swapped(FMTP, "a=x-nothing")),
        ("an empty fmtp", swapped(FMTP, "a=fmtp:96")),
        ("two types", swapped("RTP/AVP 96", "RTP/AVP 96 97")),
        ("another type first", swapped("RTP/AVP 96", "RTP/AVP 26 96")),
        ("three parameter sets", swapped("aM48gA==", "aM48gA==,aM48gA==")),
        ("a trailing comma", swapped("aM48gA==", "aM48gA==,")),
        ("sets that are no base64", swapped("Z0LAHtkAoD2Q", "!!!!")),
        ("sets that are noise", swapped("Z0LAHtkAoD2Q", "Z/////8=")),
        ("a bogus profile", swapped("packetization-mode", "profile-level-id=zzzzzz;packetization-mode")),
        ("mode 0", swapped("packetization-mode=1", "packetization-mode=0")),
        ("mode 2", swapped("packetization-mode=1", "packetization-mode=2;sprop-interleaving-depth=0")),
        (
            "frame rate and size",
            swapped("a=rtpmap", "a=framerate:25.0\r\na=x-dimensions:640,480\r\na=rtpmap"),
        ),
        ("a frame rate of nonsense", swapped("a=rtpmap", "a=framerate:-1e99\r\na=rtpmap")),
        ("said to send", swapped("a=rtpmap", "a=sendonly\r\na=rtpmap")),
        ("said to receive", swapped("a=rtpmap", "a=recvonly\r\na=rtpmap")),
        ("a port", swapped("m=video 0", "m=video 49170/2")),
        ("AVPF", swapped("m=video 0 RTP/AVP 96", "m=video 0 RTP/AVPF 96")),
        ("an unknown profile", swapped("m=video 0 RTP/AVP 96", "m=video 0 RTP/XYZ 96")),
        ("the rtpmap after the fmtp", swapped("a=rtpmap:96 H264/90000\r\n", "").clone()),
        (
            "control before all else",
            sdp(|text| {
                text.replace("a=control:trackID=0\r\n", "")
                    .replace("a=rtpmap:96", "a=control:trackID=0\r\na=rtpmap:96")
            }),
        ),
        ("no control", swapped("a=control:trackID=0\r\n", "")),
    ]
}

fn of_the_whole() -> Vec<Behaviour> {
    vec![
        ("a byte order mark", sdp(|text| format!("\u{feff}{text}"))),
        ("a name in another alphabet", swapped("s=cam", "s=\u{5927}\u{95e8}\u{b0}")),
        ("no name", swapped("s=cam\r\n", "")),
        ("a name of 4 KiB", sdp(|text| text.replace("s=cam", &format!("s={}", "x".repeat(4096))))),
        ("no origin", swapped("o=- 0 0 IN IP4 127.0.0.1\r\n", "")),
        ("no version", swapped("v=0\r\n", "")),
        ("no time", swapped("t=0 0\r\n", "")),
        ("blank lines", swapped("\r\n", "\r\n\r\n")),
        ("lines that end twice", swapped("\r\n", "\r\r\n")),
        ("zeros at the end", sdp(|text| text + "\0\0\0")),
        ("no line end at the end", sdp(|text| text.trim_end().to_owned())),
        ("blanks at line ends", swapped("\r\n", "  \r\n")),
        (
            "metadata first",
            sdp(|text| {
                text.replace("m=video", "m=application 0 RTP/AVP 107\r\na=rtpmap:107 vnd.onvif.metadata/90000\r\na=control:trackID=9\r\nm=video")
            }),
        ),
        (
            "a picture that we do not know first",
            sdp(|text| text.replace("m=video", "m=video 0 RTP/AVP 26\r\na=control:trackID=9\r\nm=video")),
        ),
        (
            "sound first",
            sdp(|text| {
                let (head, rest) = text.split_once("m=video").unwrap();
                let (video, audio) = rest.split_once("m=audio").unwrap();
                format!("{head}m=audio{audio}m=video{video}")
            }),
        ),
        (
            "the way back to the loudspeaker",
            sdp(|text| text + "m=audio 0 RTP/AVP 0\r\na=control:trackID=5\r\na=sendonly\r\n"),
        ),
        ("a hundred attributes", sdp(|text| text + &"a=x-nothing:1\r\n".repeat(100))),
        ("a session control", swapped("t=0 0\r\n", "t=0 0\r\na=control:*\r\na=range:npt=now-\r\n")),
        (
            "a session control that is an address",
            swapped("t=0 0\r\n", "t=0 0\r\na=control:rtsp://192.168.7.7/live\r\n"),
        ),
        ("sound that we do not know", swapped("RTP/AVP 8", "RTP/AVP 97\r\na=rtpmap:97 G726-32/8000")),
        (
            "sound of nonsense",
            swapped(
                "RTP/AVP 8",
                "RTP/AVP 97\r\na=rtpmap:97 MPEG4-GENERIC/0/0\r\na=fmtp:97 config=zz;sizeLength=99",
            ),
        ),
    ]
}

#[test]
fn odd_lines_of_the_video_are_read() {
    all_play(of_the_video(), 20);
}

#[test]
fn odd_descriptions_are_read() {
    all_play(of_the_whole(), 20);
}
