//! What must be refused or reported, each with its cause and in time.

use super::{answering, mangled, with};
use crate::{
    camera::{Camera, Habits},
    support::{engine, spec},
};
use mingjing_media::{
    event::{Cause, Leg, LegState},
    ingest::engine::{RtspSpec, Secret, TransportChoice},
};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

type Hostile = (&'static str, Cause, Habits);

/// Nothing is answered but by this.
fn says(greeting: &str) -> Habits {
    with(|habits| {
        habits.greeting = greeting.into();
        habits.answer = Arc::new(|_, _| Some(String::new()));
    })
}

fn refuses(method: &'static str, status: &'static str) -> Habits {
    answering(move |request, _| {
        request.starts_with(method).then(|| format!("RTSP/1.0 {status}\r\nCSeq: {{cseq}}\r\n\r\n"))
    })
}

fn challenges(challenge: &'static str) -> Habits {
    answering(move |_, _| Some(format!("RTSP/1.0 401 Unauthorized\r\nCSeq: {{cseq}}\r\n{challenge}\r\n\r\n")))
}

fn described(change: impl Fn(&str) -> String) -> Habits {
    with(|habits| habits.sdp = change(&habits.sdp))
}

fn strangers() -> Vec<Hostile> {
    vec![
        ("a shell", Cause::NotRtsp, says("SSH-2.0-OpenSSH_9.2\r\n")),
        ("a mail server", Cause::NotRtsp, says("220 mail ESMTP\r\n")),
        ("an encrypted port", Cause::NotRtsp, says("{hex:15030100020246}{close}")),
        ("an encrypted port that stays", Cause::NotRtsp, says("{hex:15030100020246}")),
        (
            "a web server",
            Cause::NotRtsp,
            answering(|_, _| {
                Some("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<p>\n".into())
            }),
        ),
        (
            "a web server that hangs up",
            Cause::NotRtsp,
            answering(|_, _| Some("HTTP/1.0 400 Bad Request\r\n\r\n<html></html>{close}".into())),
        ),
        (
            "a web server that redirects",
            Cause::NotRtsp,
            answering(|_, _| Some("HTTP/1.1 301 Moved\r\nLocation: https://127.0.0.1/\r\n\r\n".into())),
        ),
        ("nobody at home", Cause::NoAnswer, says("")),
        ("hangs up at once", Cause::NotRtsp, says("{close}")),
        ("noise without end", Cause::NotRtsp, answering(|_, _| Some("\u{1}noise".repeat(5_000)))),
        ("half an answer", Cause::NoAnswer, answering(|_, _| Some("RTSP/1.0 200".into()))),
    ]
}

fn refusals() -> Vec<Hostile> {
    vec![
        ("gone", Cause::PathUnknown, refuses("DESCRIBE", "410 Gone")),
        ("not found at SETUP", Cause::PathUnknown, refuses("SETUP", "404 Not Found")),
        ("bad request", Cause::ProtocolError, refuses("DESCRIBE", "400 Bad Request")),
        ("no such version", Cause::ServerError, refuses("DESCRIBE", "505 RTSP Version Not Supported")),
        ("broken", Cause::ServerError, refuses("DESCRIBE", "500 Internal Server Error")),
        ("busy", Cause::SessionLimit, refuses("DESCRIBE", "503 Service Unavailable")),
        ("too many at SETUP", Cause::SessionLimit, refuses("SETUP", "453 Not Enough Bandwidth")),
        ("forbidden at PLAY", Cause::Forbidden, refuses("PLAY", "403 Forbidden")),
        ("refused at PLAY whatever one says", Cause::ProtocolError, {
            let mut habits = refuses("PLAY", "455 Method Not Valid");
            habits.mangle = Arc::new(|_, _| Vec::new());
            habits
        }),
        (
            "another version of packets",
            Cause::NoPackets,
            mangled(|_, mut packets| {
                packets.iter_mut().for_each(|packet| packet[0] &= 0x3f);
                packets
            }),
        ),
        (
            "another host",
            Cause::Redirected,
            answering(|request, _| {
                request.starts_with("DESCRIBE").then(|| {
                    "RTSP/1.0 305 Use Proxy\r\nCSeq: {cseq}\r\nLocation: rtsp://10.9.9.9/x\r\n\r\n".into()
                })
            }),
        ),
        ("a redirect to nowhere", Cause::Redirected, refuses("DESCRIBE", "302 Found")),
        (
            "a redirect to a file",
            Cause::Redirected,
            answering(|request, _| {
                request.starts_with("DESCRIBE").then(|| {
                    "RTSP/1.0 302 Found\r\nCSeq: {cseq}\r\nLocation: file:///etc/passwd\r\n\r\n".into()
                })
            }),
        ),
        (
            "a redirect to a web page",
            Cause::Redirected,
            answering(|request, _| {
                request.starts_with("DESCRIBE").then(|| {
                    "RTSP/1.0 302 Found\r\nCSeq: {cseq}\r\nLocation: http://127.0.0.1/\r\n\r\n".into()
                })
            }),
        ),
        (
            "describes nothing",
            Cause::BadDescription,
            answering(|request, _| {
                request
                    .starts_with("DESCRIBE")
                    .then(|| "RTSP/1.0 204 No Content\r\nCSeq: {cseq}\r\n\r\n".into())
            }),
        ),
        ("never describes", Cause::NoAnswer, with(|habits| habits.describe = String::new())),
        ("never sets up", Cause::NoAnswer, with(|habits| habits.setup = String::new())),
        (
            "never plays",
            Cause::NoAnswer,
            with(|habits| {
                habits.play = String::new();
                habits.mangle = Arc::new(|_, _| Vec::new());
            }),
        ),
    ]
}

fn passwords() -> Vec<Hostile> {
    vec![
        (
            "never right",
            Cause::WrongPassword,
            challenges("WWW-Authenticate: Digest realm=\"a\", nonce=\"b\""),
        ),
        (
            "never right, each time anew",
            Cause::WrongPassword,
            answering(|_, at| {
                Some(format!(
                    "RTSP/1.0 401 No\r\nCSeq: {{cseq}}\r\nWWW-Authenticate: Digest realm=\"a\", nonce=\"{at}\"\r\n\r\n"
                ))
            }),
        ),
        ("never right by Basic", Cause::WrongPassword, challenges("WWW-Authenticate: Basic realm=\"a\"")),
        (
            "never right by either",
            Cause::WrongPassword,
            challenges(
                "WWW-Authenticate: Digest realm=\"a\", nonce=\"b\"\r\nWWW-Authenticate: Basic realm=\"a\"",
            ),
        ),
        ("a challenge of nothing", Cause::AuthenticationUnsupported, challenges("X: y")),
        (
            "a challenge that nobody knows",
            Cause::AuthenticationUnsupported,
            challenges("WWW-Authenticate: Negotiate"),
        ),
        (
            "a hash that nobody knows",
            Cause::AuthenticationUnsupported,
            challenges("WWW-Authenticate: Digest realm=\"a\", nonce=\"b\", algorithm=SHA3-512"),
        ),
        (
            "forbidden behind the password",
            Cause::Forbidden,
            answering(|request, _| {
                if request.contains("Authorization") {
                    return Some("RTSP/1.0 403 Forbidden\r\nCSeq: {cseq}\r\n\r\n".into());
                }
                request.starts_with("DESCRIBE").then(|| "RTSP/1.0 401 No\r\nCSeq: {cseq}\r\nWWW-Authenticate: Digest realm=\"a\", nonce=\"b\"\r\n\r\n".into())
            }),
        ),
    ]
}

fn contents() -> Vec<Hostile> {
    vec![
        (
            "sound alone",
            Cause::NoVideoTrack,
            described(|_| "v=0\r\nm=audio 0 RTP/AVP 0\r\na=control:a\r\n".into()),
        ),
        (
            "data alone",
            Cause::NoVideoTrack,
            described(|_| {
                "v=0\r\nm=application 0 RTP/AVP 107\r\na=rtpmap:107 vnd.onvif.metadata/90000\r\n".into()
            }),
        ),
        (
            "no media",
            Cause::BadDescription,
            described(|_| "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=x\r\nt=0 0\r\n".into()),
        ),
        (
            "a web page as description",
            Cause::BadDescription,
            described(|_| "<!DOCTYPE html><html><body>login</body></html>".into()),
        ),
        (
            "MJPEG",
            Cause::UnsupportedCodec,
            described(|text| text.replace("96", "26").replace("a=rtpmap:26 H264/90000\r\n", "")),
        ),
        ("MPEG-4", Cause::UnsupportedCodec, described(|text| text.replace("H264", "MP4V-ES"))),
        ("VP8", Cause::UnsupportedCodec, described(|text| text.replace("H264", "VP8"))),
        ("VP9", Cause::UnsupportedCodec, described(|text| text.replace("H264", "VP9"))),
        ("AV1", Cause::UnsupportedCodec, described(|text| text.replace("H264", "AV1"))),
        ("H.266", Cause::UnsupportedCodec, described(|text| text.replace("H264", "H266"))),
        ("H.263", Cause::UnsupportedCodec, described(|text| text.replace("H264", "H263-1998"))),
        ("a codec of the house", Cause::UnsupportedCodec, described(|text| text.replace("H264", "SVAC"))),
        (
            "encrypted",
            Cause::UnsupportedCodec,
            described(|text| text.replace("m=video 0 RTP/AVP", "m=video 0 RTP/SAVPF")),
        ),
        ("silence", Cause::NoPackets, mangled(|_, _| Vec::new())),
        (
            "never a key",
            Cause::NoKeyFrame,
            mangled(|picture, packets| if picture.is_multiple_of(10) { Vec::new() } else { packets }),
        ),
        (
            "never a set",
            Cause::NoParameterSets,
            with(|habits| {
                habits.sdp = habits.sdp.replace(";sprop-parameter-sets=Z0LAHtkAoD2Q,aM48gA==", "");
                habits.parameter_sets_in_band = false;
            }),
        ),
        (
            "filler alone",
            Cause::Undecodable,
            mangled(|_, mut packets| {
                packets.truncate(1);
                packets[0].truncate(12);
                packets[0].extend([0x0c, 0xff, 0x80]);
                packets
            }),
        ),
    ]
}

/// Every cause as a probe tells it; all cases run at once.
pub fn all_are_told(cases: Vec<Hostile>) {
    let engine = engine(|config| {
        config.answer_ms = 3_000;
        config.silent_ms = 1_500;
        config.key_frame_ms = 2_000;
    });
    let failed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for (name, expected, habits) in cases {
            let (engine, failed) = (&engine, &failed);
            scope.spawn(move || {
                let camera = Camera::start(habits);
                let spec = RtspSpec {
                    user: Some("admin".into()),
                    password: Some(Secret("wrong".into())),
                    allow_basic: true,
                    transport: TransportChoice::Tcp,
                    ..spec(&camera.url())
                };
                let report = engine.probe(&spec, Duration::from_secs(20)).unwrap();
                let leg = report.legs.iter().find(|leg| leg.state == LegState::Failed);
                let cause = leg.and_then(|leg| leg.cause);
                if cause != Some(expected) {
                    failed.lock().unwrap().push(format!("{name}: {cause:?}, not {expected:?}: {leg:?}"));
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// The probe has less time than an answer may take.
#[test]
fn what_takes_too_long_is_told_when_time_is_up() {
    let camera = Camera::start(with(|habits| habits.setup = String::new()));
    let report = engine(|_| {}).probe(&spec(&camera.url()), Duration::from_millis(4_000)).unwrap();
    let failed: Vec<_> = report
        .legs
        .iter()
        .filter(|leg| leg.state == LegState::Failed)
        .map(|leg| (leg.leg, leg.cause))
        .collect();
    assert_eq!(failed, [(Leg::SetUp, Some(Cause::NoAnswer))], "{report:?}");
}

#[test]
fn what_is_no_camera_is_told() {
    all_are_told(strangers());
}

#[test]
fn refusals_are_told() {
    all_are_told(refusals());
}

#[test]
fn passwords_that_do_not_open_are_told() {
    all_are_told(passwords());
}

#[test]
fn streams_that_cannot_be_shown_are_told() {
    all_are_told(contents());
}
