//! Which tracks there are and how they are set up: descriptions, control addresses, SETUP and PLAY.

use super::{Behaviour, all_play, answering, with};
use crate::camera::{Habits, SDP};

fn sdp(change: impl FnOnce(String) -> String) -> Habits {
    with(|habits| habits.sdp = change(SDP.to_owned()))
}

fn swapped(from: &'static str, to: &'static str) -> Habits {
    sdp(|text| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    })
}

/// Refuses requests that begin so with this answer, as long as they (do not) hold a word.
fn refuses(method: &'static str, holding: &'static str, status: &'static str) -> Habits {
    answering(move |request, _| {
        (request.starts_with(method) && request.contains(holding))
            .then(|| format!("RTSP/1.0 {status}\r\nCSeq: {{cseq}}\r\n\r\n"))
    })
}

const FMTP: &str = "a=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z0LAHtkAoD2Q,aM48gA==";
const SETS: &str = "Z0LAHtkAoD2Q,aM48gA==";

fn sets() -> Vec<Behaviour> {
    let only = |text: &'static str| {
        with(|habits| {
            habits.sdp = SDP.replace(SETS, text);
            habits.parameter_sets_in_band = false;
        })
    };
    vec![
        ("sets in a box as MP4 has it", only("AULAHv/hAAlnQsAe2QCgPZABAARozjyA")),
        ("both sets in one with start codes", only("AAAAAWdCwB7ZAKA9kAAAAAFozjyA")),
        ("sets without padding", only("Z0LAHtkAoD2Q,aM48gA")),
        ("sets the other way round", only("aM48gA==,Z0LAHtkAoD2Q")),
        ("sets with blanks", only(" Z0LAHtkAoD2Q , aM48gA== ")),
        ("sets in quotes", only("\"Z0LAHtkAoD2Q,aM48gA==\"")),
        (
            "names of parameters in upper case",
            with(|habits| {
                habits.sdp = SDP.replace("sprop-parameter-sets", "SPROP-PARAMETER-SETS");
                habits.parameter_sets_in_band = false;
            }),
        ),
        (
            "parameters told by two lines",
            with(|habits| {
                habits.sdp = SDP.replace(
                    FMTP,
                    "a=fmtp:96 packetization-mode=1\r\na=fmtp:96 sprop-parameter-sets=Z0LAHtkAoD2Q,aM48gA==",
                );
                habits.parameter_sets_in_band = false;
            }),
        ),
        (
            "parameters in front of the media line",
            sdp(|text| {
                let line = format!("{FMTP}\r\n");
                text.replace(&line, "").replace("m=video", &format!("{line}m=video"))
            }),
        ),
        ("the sequence's set alone", swapped(",aM48gA==", "")),
        ("the picture's set alone", swapped("Z0LAHtkAoD2Q,", "")),
        ("sets of another camera", swapped(SETS, "Z00AKZpmA8ARPyzUBAQFAAADA+gAAOpg8YMYjA==,aO48gA==")),
        ("parameters with commas", swapped("mode=1;", "mode=1,")),
    ]
}

fn descriptions() -> Vec<Behaviour> {
    vec![
        ("lines that end in carriage returns alone", swapped("\r\n", "\r")),
        ("lines that end in every way", sdp(|text| text.replacen("\r\n", "\n", 3).replacen("\r\n", "\r", 2))),
        ("blanks behind the equals sign", swapped("=", "= ")),
        ("names in GBK", swapped("s=cam", "s={hex:c9e3cff1bbfa}")),
        ("names of attributes in upper case", swapped("a=control:trackID=0", "a=Control:trackID=0")),
        ("a codec called AVC", swapped("H264/90000", "AVC/90000")),
        ("a codec called H.264", swapped("H264/90000", "H.264/90000")),
        ("a codec called X-H264", swapped("H264/90000", "X-H264/90000")),
        ("a clock of a thousand", swapped("H264/90000", "H264/1000")),
        ("a clock with channels", swapped("H264/90000", "H264/90000/1")),
        ("a video line in upper case", swapped("m=video", "m=VIDEO")),
        ("video as an application", swapped("m=video 0 RTP/AVP 96", "m=application 0 RTP/AVP 96")),
        ("a port that is none", swapped("m=video 0", "m=video x")),
        ("a media line without a port", swapped("m=video 0 RTP/AVP 96", "m=video RTP/AVP 96")),
        ("a media line without a profile", swapped("m=video 0 RTP/AVP 96", "m=video 0 96")),
        ("UDP as a profile", swapped("m=video 0 RTP/AVP 96", "m=video 0 UDP 96")),
        ("TCP in the profile", swapped("m=video 0 RTP/AVP 96", "m=video 0 TCP/RTP/AVP 96")),
        ("a type above all", swapped("96", "127")),
        ("a static type", swapped("96", "35")),
        ("two maps for one type", swapped("a=rtpmap", "a=rtpmap:96 H264/90000\r\na=rtpmap")),
        ("no blank behind the type", swapped("a=rtpmap:96 H264", "a=rtpmap:96H264")),
        ("a description behind zeros", sdp(|text| format!("{{hex:000000}}{text}"))),
        (
            "lines of no sense",
            sdp(|text| text.replace("t=0 0\r\n", "zzz\r\n=\r\na\r\na=\r\na=:\r\n:=\r\nt=0 0\r\n")),
        ),
        (
            "a connection line at the media",
            swapped("a=rtpmap", "c=IN IP4 239.255.0.1/127\r\nb=AS:4000\r\na=rtpmap"),
        ),
        (
            "an old name of the type",
            swapped("a=rtpmap", "a=type:broadcast\r\na=tool:x\r\na=cat: \r\na=rtpmap"),
        ),
        ("a range of nonsense", swapped("a=rtpmap", "a=range:npt=abc-xyz\r\na=rtpmap")),
        ("a rate of frames as a fraction", swapped("a=rtpmap", "a=framerate:30000/1001\r\na=rtpmap")),
        ("inactive", swapped("a=rtpmap", "a=inactive\r\na=rtpmap")),
        (
            "two pictures",
            sdp(|text| {
                text.clone() + "m=video 0 RTP/AVP 97\r\na=rtpmap:97 H264/90000\r\na=control:trackID=7\r\n"
            }),
        ),
        (
            "two pictures, the first set up by nobody",
            with(|habits| {
                habits.sdp = SDP.replace(
                    "m=video",
                    "m=video 0 RTP/AVP 97\r\na=rtpmap:97 H264/90000\r\na=control:trackID=7\r\nm=video",
                );
                habits.answer = std::sync::Arc::new(|request, _| {
                    (request.starts_with("SETUP") && request.contains("trackID=7"))
                        .then(|| "RTSP/1.0 404 Not Found\r\nCSeq: {cseq}\r\n\r\n".into())
                });
            }),
        ),
        (
            "a description of the whole and of the sub-stream",
            sdp(|text| {
                text.clone() + text.split_once("m=video").map_or("", |(_, rest)| rest).trim_start_matches(' ')
            }),
        ),
        (
            "thirty texts",
            sdp(|text| text.replace("t=0 0\r\n", &format!("t=0 0\r\n{}", "i=x\r\n".repeat(3_000)))),
        ),
        (
            "forward error correction beside it",
            swapped(
                "m=audio",
                "m=application 0 RTP/AVP 110\r\na=rtpmap:110 ulpfec/90000\r\na=control:trackID=6\r\nm=audio",
            ),
        ),
        (
            "retransmission in the same line",
            sdp(|text| {
                text.replace("RTP/AVP 96", "RTP/AVP 96 97").replace(
                    "a=control:trackID=0",
                    "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\na=control:trackID=0",
                )
            }),
        ),
        (
            "retransmission first",
            sdp(|text| {
                text.replace("RTP/AVP 96", "RTP/AVP 97 96").replace(
                    "a=control:trackID=0",
                    "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\na=control:trackID=0",
                )
            }),
        ),
    ]
}

/// A camera whose control address is this, and who knows its picture by this part of a request's bytes alone.
fn controlled(control: &str, wanted: &'static str) -> Habits {
    with(|habits| {
        habits.sdp = SDP.replace("trackID=0", control);
        habits.answer = std::sync::Arc::new(move |request, _| {
            let own = request.starts_with("SETUP") && !request.contains("trackID=1");
            (own && !request.contains(wanted))
                .then(|| "RTSP/1.0 404 Not Found\r\nCSeq: {cseq}\r\n\r\n".into())
        });
    })
}

fn controls() -> Vec<Behaviour> {
    vec![
        ("a control in another alphabet", controlled("\u{89c6}\u{9891}", "/\u{89c6}\u{9891} RTSP")),
        ("a control in GBK", controlled("{hex:cad3c6b5}", "/\u{fffd}\u{fffd}\u{1b5} RTSP")),
        ("a control with a blank", controlled("track 0", "/track%200 RTSP")),
        ("a control with a query of its own", controlled("?trackID=0&x=1", "?trackID=0&x=1 RTSP")),
        ("a control in upper case", controlled("TRACKID=0", "/TRACKID=0 RTSP")),
        ("a control that begins with a slash too many", controlled("//live/t0", "//live/t0 RTSP")),
        ("a control that is the host's root", controlled("/t0", "/t0 RTSP")),
        ("a control with dots", controlled("../live/t0", "t0 RTSP")),
        (
            "one type for both tracks",
            with(|habits| {
                habits.sdp = SDP.replace("RTP/AVP 8", "RTP/AVP 96\r\na=rtpmap:96 PCMA/8000");
            }),
        ),
    ]
}

fn set_ups() -> Vec<Behaviour> {
    let audio = |text: &'static str| with(|habits| habits.setup_audio = text.into());
    let session = |from: &'static str, to: &'static str| {
        with(|habits| {
            habits.setup = habits.setup.replace(from, to);
            habits.setup_audio = habits.setup_audio.replace(from, to);
        })
    };
    vec![
        ("sound not found", refuses("SETUP", "trackID=1", "404 Not Found")),
        ("sound not allowed", refuses("SETUP", "trackID=1", "459 Aggregate Operation Not Allowed")),
        ("sound over another transport", refuses("SETUP", "trackID=1", "461 Unsupported Transport")),
        ("sound forbidden", refuses("SETUP", "trackID=1", "403 Forbidden")),
        ("sound redirected", refuses("SETUP", "trackID=1", "302 Moved")),
        ("hangs up at the sound", audio("{close}")),
        ("never answers for the sound", audio("")),
        ("sound of garbage", audio("{hex:0102030405}")),
        (
            "a session with the sound alone",
            with(|habits| {
                habits.setup = habits.setup.replace("Session: 77;timeout=60\r\n", "");
            }),
        ),
        ("an empty session", session("77;timeout=60", "")),
        ("a session of blanks and a time-out", session("77;timeout=60", " ;timeout=60")),
        (
            "another session at each SETUP, the last counts",
            with(|habits| {
                habits.setup_audio = habits.setup_audio.replace("77", "78");
                habits.answer = std::sync::Arc::new(|request, _| {
                    (request.starts_with("PLAY") && !request.contains("Session: 78"))
                        .then(|| "RTSP/1.0 454 Session Not Found\r\nCSeq: {cseq}\r\n\r\n".into())
                });
            }),
        ),
        (
            "a session told at DESCRIBE alone",
            with(|habits| {
                habits.describe = habits.describe.replace("Content-T", "Session: 5\r\nContent-T");
                for text in [&mut habits.setup, &mut habits.setup_audio] {
                    *text = text.replace("Session: 77;timeout=60\r\n", "");
                }
                habits.answer = std::sync::Arc::new(|request, _| {
                    (request.starts_with("PLAY") && !request.contains("Session: 5"))
                        .then(|| "RTSP/1.0 454 Session Not Found\r\nCSeq: {cseq}\r\n\r\n".into())
                });
            }),
        ),
        (
            "a session with a blank inside",
            with(|habits| {
                habits.setup = habits.setup.replace("77", "7 7");
                habits.answer = std::sync::Arc::new(|request, _| {
                    (request.starts_with("PLAY") && !request.contains("Session: 7 7\r"))
                        .then(|| "RTSP/1.0 454 Session Not Found\r\nCSeq: {cseq}\r\n\r\n".into())
                });
            }),
        ),
        (
            "channels swapped",
            with(|habits| {
                habits.setup = habits.setup.replace("0-1", "2-3");
                habits.setup_audio = habits.setup_audio.replace("2-3", "0-1");
            }),
        ),
        ("pictures on the channel of the sound", with(|habits| habits.channel = 2)),
        ("pictures on the channel of reports", with(|habits| habits.channel = 1)),
        ("channels the wrong way round", session("interleaved=0-1", "interleaved=1-0")),
        ("equal channels", session("interleaved=0-1", "interleaved=0-0")),
        ("channels in words", session("interleaved=0-1", "interleaved=a-b")),
        ("a transport of nothing", session("RTP/AVP/TCP;unicast;interleaved=0-1", "")),
        ("a transport of nonsense", session("RTP/AVP/TCP;unicast;interleaved=0-1", "yes")),
        (
            "the transport asked for is second",
            session(
                "RTP/AVP/TCP;unicast;interleaved=0-1",
                "RTP/AVP;unicast;client_port=5000-5001;server_port=6000-6001,RTP/AVP/TCP;unicast;interleaved=0-1",
            ),
        ),
        (
            "ports beside the channels",
            session("interleaved=0-1", "interleaved=0-1;client_port=5000-5001;server_port=6000-6001"),
        ),
        ("no TCP in the profile", session("RTP/AVP/TCP", "RTP/AVP")),
        ("a play mode of recording", session("interleaved=0-1", "interleaved=0-1;mode=record")),
        (
            "a transport twice",
            session("Transport:", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nTransport:"),
        ),
    ]
}

fn plays() -> Vec<Behaviour> {
    let info = |text: &'static str| {
        with(|habits| habits.play = habits.play.replace("url=trackID=0;seq=1;rtptime=0", text))
    };
    vec![
        (
            "PLAY with a range of nonsense",
            with(|habits| habits.play = habits.play.replace("RTP-Info", "Range: npt=x-y\r\nRTP-Info")),
        ),
        (
            "PLAY with a range of clock",
            with(|habits| {
                habits.play = habits.play.replace("RTP-Info", "Range: clock=20260101T000000Z-\r\nRTP-Info")
            }),
        ),
        (
            "PLAY with a scale",
            with(|habits| habits.play = habits.play.replace("RTP-Info", "Scale: 0\r\nSpeed: -1\r\nRTP-Info")),
        ),
        ("info of another sequence", info("url=trackID=0;seq=40000;rtptime=4000000000")),
        ("info of numbers too large", info("url=trackID=0;seq=4000000;rtptime=99999999999999999999")),
        ("info without an address", info("seq=1;rtptime=0")),
        ("info with blanks", info("url = rtsp://h/a ; seq = 1 ; rtptime = 2")),
        ("info of another host", info("url=rtsp://10.9.8.7/x;seq=1;rtptime=0")),
        ("an empty info", info("")),
        ("info that never ends", info("url=,url=,url=,;;;;,,,,=====")),
        ("PLAY refused with a range", refuses("PLAY", "Range", "400 Bad Request")),
        ("PLAY not valid with a range", refuses("PLAY", "Range", "455 Method Not Valid in This State")),
        ("PLAY refused with a slash", refuses("PLAY", "/live/ RTSP", "404 Not Found")),
        ("PLAY answered twice", with(|habits| habits.play = habits.play.repeat(2))),
        ("PLAY answered with 201", with(|habits| habits.play = habits.play.replace("200 OK", "201 Created"))),
        ("PLAY answered after a second", with(|habits| habits.play = format!("{{pause}}{}", habits.play))),
        (
            "PLAY answered by a refusal after pictures",
            with(|habits| {
                habits.packets_before_play = 12;
                habits.play = "RTSP/1.0 500 Oops\r\nCSeq: {cseq}\r\n\r\n".into();
            }),
        ),
        (
            "PLAY for the address that was asked for alone",
            answering(|request, _| {
                (request.starts_with("PLAY") && !request.contains("/live RTSP"))
                    .then(|| "RTSP/1.0 404 Not Found\r\nCSeq: {cseq}\r\n\r\n".into())
            }),
        ),
        (
            "a range header that must be there",
            answering(|request, _| {
                (request.starts_with("PLAY") && !request.contains("Range: npt=0.000-"))
                    .then(|| "RTSP/1.0 400 Bad Request\r\nCSeq: {cseq}\r\n\r\n".into())
            }),
        ),
        (
            "a time-out of a second",
            with(|habits| {
                habits.setup = habits.setup.replace("timeout=60", "timeout=1");
                habits.setup_audio = habits.setup_audio.replace("timeout=60", "timeout=1");
            }),
        ),
        (
            "keep-alives challenged for their session",
            with(|habits| {
                habits.setup = habits.setup.replace("timeout=60", "timeout=1");
                habits.setup_audio = habits.setup_audio.replace("timeout=60", "timeout=1");
                habits.other = "RTSP/1.0 454 Session Not Found\r\nCSeq: {cseq}\r\n\r\n".into();
            }),
        ),
    ]
}

#[test]
fn parameter_sets_are_found_wherever_they_stand() {
    all_play(sets(), 20);
}

#[test]
fn descriptions_of_every_kind_name_their_picture() {
    all_play(descriptions(), 20);
}

#[test]
fn controls_of_every_kind_are_given_back_as_they_came() {
    all_play(controls(), 20);
}

#[test]
fn set_ups_of_every_kind_play() {
    all_play(set_ups(), 20);
}

#[test]
fn answers_to_play_of_every_kind_play() {
    all_play(plays(), 20);
}
