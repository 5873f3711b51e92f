//! The engine against a server that others wrote: GStreamer's.
//!
//! Needs the system's Python with the GStreamer RTSP bindings; says so and passes where they are missing.

mod support;

use mingjing_media::{
    event::{Cause, Leg, LegState},
    frame::{AudioCodec, Track, VideoCodec},
    ingest::engine::{RtspSpec, Secret, TransportChoice},
};
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};
use support::{Recorder, engine, spec};

struct GStreamer {
    child: Child,
    port: u16,
}

impl GStreamer {
    /// Started, and its port known. Panics where GStreamer is not installed: a judge that is away must not pass.
    fn start(arguments: &[&str]) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sources/gst_rtsp.py");
        let mut child = Command::new("/usr/bin/python3")
            .arg(script)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("its first line");
        let port = line.trim().parse().unwrap_or_else(|_| {
            child.kill().ok();
            panic!("GStreamer's RTSP server or its Python bindings are missing: tools/prepare system test")
        });
        Self { child, port }
    }

    fn spec(&self, path: &str, transport: TransportChoice) -> RtspSpec {
        RtspSpec { transport, ..spec(&format!("rtsp://127.0.0.1:{}{path}", self.port)) }
    }
}

impl Drop for GStreamer {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

#[test]
fn every_codec_plays_over_tcp_and_udp() {
    let server = GStreamer::start(&[]);
    let engine = engine(|_| {});
    for (path, codec, audio) in [
        ("/h264", VideoCodec::H264, None),
        ("/h264-b", VideoCodec::H264, None),
        ("/h265", VideoCodec::H265, None),
        ("/h264-aac", VideoCodec::H264, Some(AudioCodec::Aac)),
        ("/h264-pcma", VideoCodec::H264, Some(AudioCodec::Pcma)),
        ("/h264-pcmu", VideoCodec::H264, Some(AudioCodec::Pcmu)),
    ] {
        for transport in [TransportChoice::Tcp, TransportChoice::UdpOnly] {
            let recorder = Recorder::new();
            let handle =
                engine.open("cam.main".into(), server.spec(path, transport), recorder.hub()).unwrap();
            assert!(
                recorder.wait_for_video(60, Duration::from_secs(20)),
                "{path} {transport:?}: {:?}",
                handle.stats()
            );
            recorder.assert_sound_times();
            let units = recorder.units();
            let format = units.last().unwrap().format.clone();
            let video = format.video.as_ref().unwrap();
            assert_eq!((video.codec, video.width, video.height), (codec, 320, 240), "{path}");
            assert_eq!(format.audio.as_ref().map(|audio| audio.codec), audio, "{path}");
            assert!(units[0].key && units[0].track == Track::Video);
            let reordered = recorder.video().windows(2).any(|pair| pair[1].pts < pair[0].pts);
            assert_eq!(reordered, path == "/h264-b", "{path} {transport:?}: {:?}", handle.stats());
            if audio.is_some() {
                assert!(units.iter().any(|unit| unit.track == Track::Audio), "{path} {transport:?}");
            }
            assert_eq!(handle.stats().unwrap().oddities.get("packet_lost"), None, "{path} {transport:?}");
        }
    }
}

#[test]
fn passwords_are_proved_by_digest_and_shown_only_where_allowed() {
    for (auth, allow_basic, password, expected) in [
        ("digest", false, "secret", None),
        ("digest", false, "wrong", Some(Cause::WrongPassword)),
        ("basic", true, "secret", None),
        ("basic", false, "secret", Some(Cause::BasicRefused)),
    ] {
        let server = GStreamer::start(&["--auth", auth]);
        let engine = engine(|_| {});
        let spec = RtspSpec {
            user: Some("admin".into()),
            password: Some(Secret(password.into())),
            allow_basic,
            ..server.spec("/h264", TransportChoice::Auto)
        };
        let report = engine.probe(&spec, Duration::from_secs(15)).unwrap();
        let failed = report.legs.iter().find(|leg| leg.state == LegState::Failed);
        assert_eq!(failed.and_then(|leg| leg.cause), expected, "{auth} {password}: {:?}", report.legs);
        if expected.is_none() {
            assert_eq!(report.format.as_ref().unwrap().video.as_ref().unwrap().width, 320);
            assert!(report.legs.iter().any(|leg| leg.leg == Leg::Decodable && leg.state == LegState::Ok));
        }
    }
}
