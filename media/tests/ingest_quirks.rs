//! Cameras that misbehave: what must play plays, what cannot is named, damage costs what is damaged.

#[path = "support/camera.rs"]
mod camera;
mod support;

use camera::{Camera, Habits, SDP};
use mingjing_media::{
    event::{Cause, LegState},
    ingest::engine::{RtspSpec, TransportChoice},
};
use std::{sync::Arc, time::Duration};
use support::{Recorder, engine, spec};

fn with(change: impl FnOnce(&mut Habits)) -> Habits {
    let mut habits = Habits::default();
    change(&mut habits);
    habits
}

fn mangled(mangle: impl Fn(u64, Vec<Vec<u8>>) -> Vec<Vec<u8>> + Send + Sync + 'static) -> Habits {
    with(|habits| habits.mangle = Arc::new(mangle))
}

fn each(mut packets: Vec<Vec<u8>>, change: impl Fn(&mut Vec<u8>)) -> Vec<Vec<u8>> {
    packets.iter_mut().for_each(change);
    packets
}

/// Reproducible chance.
fn chance(seed: u64) -> u64 {
    let mut mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

/// All cameras at once on one engine: each must give so many pictures.
fn all_play(cameras: Vec<(&str, Habits, TransportChoice)>, pictures: usize) {
    let engine = engine(|_| {});
    let running: Vec<_> = cameras
        .into_iter()
        .map(|(name, habits, transport)| {
            let camera = Camera::start(habits);
            let recorder = Recorder::new();
            let spec = RtspSpec { transport, ..spec(&camera.url()) };
            let handle = engine.open(name.replace(' ', "-").into(), spec, recorder.hub()).unwrap();
            (name, camera, recorder, handle)
        })
        .collect();
    for (name, _camera, recorder, handle) in &running {
        let stats = handle.stats().unwrap();
        assert!(
            recorder.wait_for_video(pictures, Duration::from_secs(20)),
            "{name}: {} pictures, {:?}, now {:?}",
            recorder.video().len(),
            stats.oddities,
            handle.stats()
        );
        let format = recorder.video()[0].format.clone();
        assert_eq!(
            format.video.as_ref().map(|video| (video.width, video.height)),
            Some((640, 480)),
            "{name}"
        );
        assert!(recorder.video()[0].key, "{name}");
    }
}

const TCP: TransportChoice = TransportChoice::Auto;

#[test]
fn odd_conversations_play() {
    let ok = |text: &str| format!("RTSP/1.0 200 OK\r\nCSeq: {{cseq}}\r\n{text}\r\n");
    let packet_first = |habits: &mut Habits| habits.packets_before_play = 12;
    all_play(
        vec![
            ("usual", Habits::default(), TCP),
            (
                "status without a reason",
                with(|habits| habits.options = "RTSP/1.0 200\r\nCSeq: {cseq}\r\n\r\n".into()),
                TCP,
            ),
            (
                "bare line feeds",
                with(|habits| {
                    habits.describe = habits.describe.replace('\r', "");
                    habits.setup = habits.setup.replace('\r', "");
                    habits.play = habits.play.replace('\r', "");
                }),
                TCP,
            ),
            (
                "options refused",
                with(|habits| habits.options = "RTSP/1.0 501 Not Implemented\r\nCSeq: {cseq}\r\n\r\n".into()),
                TCP,
            ),
            ("options unanswered", with(|habits| habits.options = String::new()), TCP),
            (
                "no sequence numbers",
                with(|habits| {
                    for text in
                        [&mut habits.options, &mut habits.describe, &mut habits.setup, &mut habits.play]
                    {
                        *text = text.replace("CSeq: {cseq}\r\n", "");
                    }
                }),
                TCP,
            ),
            (
                "no content length",
                with(|habits| habits.describe = habits.describe.replace("Content-Length: {length}\r\n", "")),
                TCP,
            ),
            (
                "content length too large",
                with(|habits| habits.describe = habits.describe.replace("{length}", "9999")),
                TCP,
            ),
            (
                "content length too small",
                with(|habits| habits.describe = habits.describe.replace("{length}", "40")),
                TCP,
            ),
            ("no transport in the answer", with(|habits| habits.setup = ok("Session: 77\r\n")), TCP),
            (
                "no session in the answer",
                with(|habits| habits.setup = ok("Transport: RTP/AVP/TCP;interleaved=0-1\r\n")),
                TCP,
            ),
            (
                "other channels",
                with(|habits| {
                    habits.setup = ok("Session: 77\r\nTransport: RTP/AVP/TCP;interleaved=6-7\r\n");
                    habits.channel = 6;
                }),
                TCP,
            ),
            ("packets on a channel of nobody", with(|habits| habits.channel = 9), TCP),
            (
                "rtp info malformed",
                with(|habits| habits.play = ok("RTP-Info: url;;seq=x;rtptime=-3,,\r\n")),
                TCP,
            ),
            ("no rtp info", with(|habits| habits.play = ok("")), TCP),
            ("play never answered", with(|habits| habits.play = String::new()), TCP),
            ("packets before the answer", with(packet_first), TCP),
            (
                "audio refused",
                with(|habits| habits.setup_audio = "RTSP/1.0 500 Internal\r\nCSeq: {cseq}\r\n\r\n".into()),
                TCP,
            ),
            (
                "audio that cannot be parsed",
                with(|habits| {
                    habits.sdp = SDP.replace("m=audio 0 RTP/AVP 8", "m=audio x\r\na=rtpmap:?? wat/0/9999")
                }),
                TCP,
            ),
            (
                "no parameter sets in the description",
                with(|habits| habits.sdp = SDP.replace(";sprop-parameter-sets=Z0LAHtkAoD2Q,aM48gA==", "")),
                TCP,
            ),
            (
                "parameter sets only in the description",
                with(|habits| habits.parameter_sets_in_band = false),
                TCP,
            ),
            ("said to be h265", with(|habits| habits.sdp = SDP.replace("H264", "H265")), TCP),
            ("no rtpmap", with(|habits| habits.sdp = SDP.replace("a=rtpmap:96 H264/90000\r\n", "")), TCP),
            (
                "garbage before answers",
                with(|habits| habits.describe = format!("\x00\u{7f}garbage\r\n{}", habits.describe)),
                TCP,
            ),
            ("clock rate of nothing", with(|habits| habits.sdp = SDP.replace("H264/90000", "H264/0")), TCP),
        ],
        25,
    );
}

#[test]
fn odd_packets_play() {
    all_play(
        vec![
            ("no markers", mangled(|_, packets| each(packets, |packet| packet[1] &= 0x7f)), TCP),
            ("markers everywhere", mangled(|_, packets| each(packets, |packet| packet[1] |= 0x80)), TCP),
            (
                "padding",
                mangled(|_, packets| {
                    each(packets, |packet| {
                        packet[0] |= 0x20;
                        packet.extend([0, 0, 3]);
                    })
                }),
                TCP,
            ),
            (
                "header extensions",
                mangled(|_, packets| {
                    each(packets, |packet| {
                        packet[0] |= 0x10;
                        packet.splice(12..12, [0xab, 0xac, 0, 1, 1, 2, 3, 4]);
                    })
                }),
                TCP,
            ),
            (
                "another payload type",
                mangled(|_, packets| each(packets, |packet| packet[1] = packet[1] & 0x80 | 98)),
                TCP,
            ),
            (
                "a source per packet",
                mangled(|picture, packets| each(packets, move |packet| packet[8] = picture as u8)),
                TCP,
            ),
            (
                "timestamps that stand still",
                mangled(|_, packets| each(packets, |packet| packet[4..8].fill(0))),
                TCP,
            ),
            (
                "timestamps that jump",
                mangled(|picture, packets| each(packets, move |packet| packet[4] ^= (picture / 7) as u8)),
                TCP,
            ),
            (
                "sequence numbers that begin anew",
                mangled(|picture, packets| {
                    each(packets, move |packet| packet[2] ^= 0x80 * (picture / 13 % 2) as u8)
                }),
                TCP,
            ),
            (
                "every packet twice",
                mangled(|_, packets| {
                    packets.into_iter().flat_map(|packet| [packet.clone(), packet]).collect()
                }),
                TCP,
            ),
            (
                "packets in pairs the wrong way round",
                mangled(|_, mut packets| {
                    packets.chunks_mut(2).for_each(<[Vec<u8>]>::reverse);
                    packets
                }),
                TCP,
            ),
            (
                "empty packets",
                mangled(|_, mut packets| {
                    packets.insert(0, Vec::new());
                    packets
                }),
                TCP,
            ),
        ],
        25,
    );
}

#[test]
fn damage_costs_what_is_damaged() {
    all_play(
        vec![
            (
                "one packet in fifty lost",
                mangled(|picture, packets| {
                    let keep = |at: usize| !chance(picture * 97 + at as u64).is_multiple_of(50);
                    packets
                        .into_iter()
                        .enumerate()
                        .filter(|(at, _)| keep(*at))
                        .map(|(_, packet)| packet)
                        .collect()
                }),
                TCP,
            ),
            (
                "one packet in twenty cut short",
                mangled(|picture, packets| {
                    let short = |(at, mut packet): (usize, Vec<u8>)| {
                        let luck = chance(picture * 31 + at as u64);
                        if luck.is_multiple_of(20) {
                            packet.truncate((luck >> 8) as usize % packet.len());
                        }
                        packet
                    };
                    packets.into_iter().enumerate().map(short).collect()
                }),
                TCP,
            ),
            (
                "one byte in three hundred wrong",
                mangled(|picture, packets| {
                    let spoil = |(at, mut packet): (usize, Vec<u8>)| {
                        let luck = chance(picture * 11 + at as u64);
                        let place = (luck >> 16) as usize % packet.len();
                        packet[place] ^= (luck >> 8) as u8;
                        packet
                    };
                    packets.into_iter().enumerate().map(spoil).collect()
                }),
                TCP,
            ),
            (
                "every key picture damaged",
                mangled(|picture, mut packets| {
                    if picture.is_multiple_of(10) {
                        packets.remove(3);
                    }
                    packets
                }),
                TCP,
            ),
        ],
        25,
    );
}

#[test]
fn udp_is_found_by_itself_and_forgives_disorder() {
    let udp_only = |mangle: camera::Mangle| {
        with(|habits| {
            habits.setup =
                "RTSP/1.0 461 Unsupported Transport\r\nCSeq: {cseq}\r\n\r\n{udp}RTSP/1.0 200 OK\r\n\
                CSeq: {cseq}\r\nSession: 77\r\nTransport: RTP/AVP;unicast;server_port={port}\r\n\r\n"
                    .into();
            habits.setup_audio = habits.setup.clone();
            habits.mangle = mangle;
        })
    };
    all_play(
        vec![
            ("in order", udp_only(Arc::new(|_, packets| packets)), TransportChoice::Auto),
            (
                "in disorder",
                udp_only(Arc::new(|_, mut packets| {
                    packets.reverse();
                    packets
                })),
                TransportChoice::UdpOnly,
            ),
            (
                "in doubles",
                udp_only(Arc::new(|_, packets| {
                    packets.into_iter().flat_map(|packet| [packet.clone(), packet]).collect()
                })),
                TransportChoice::Udp,
            ),
        ],
        25,
    );
}

#[test]
fn what_cannot_be_played_is_named_in_time() {
    let refuse = |status: &str| format!("RTSP/1.0 {status}\r\nCSeq: {{cseq}}\r\n\r\n");
    let cases = [
        (Cause::PathUnknown, with(|habits| habits.describe = refuse("404 Not Found"))),
        (Cause::Forbidden, with(|habits| habits.describe = refuse("403 Forbidden"))),
        (
            Cause::AuthenticationMissing,
            with(|habits| {
                habits.describe = "RTSP/1.0 401 Unauthorized\r\nCSeq: {cseq}\r\nWWW-Authenticate: Digest realm=\"a\", nonce=\"b\"\r\n\r\n".into()
            }),
        ),
        (Cause::NotRtsp, with(|habits| habits.options = "HTTP/1.1 400 Bad Request\r\n\r\n".into())),
        (Cause::NoVideoTrack, with(|habits| habits.sdp = "v=0\r\nm=audio 0 RTP/AVP 8\r\n".into())),
        (Cause::UnsupportedCodec, with(|habits| habits.sdp = "v=0\r\nm=video 0 RTP/AVP 26\r\n".into())),
        (Cause::BadDescription, with(|habits| habits.sdp = "<html>no</html>".into())),
        (
            Cause::Redirected,
            with(|habits| {
                habits.describe =
                    "RTSP/1.0 302 Moved\r\nCSeq: {cseq}\r\nLocation: rtsp://10.99.99.99/x\r\n\r\n".into()
            }),
        ),
        (Cause::SessionLimit, with(|habits| habits.play = refuse("453 Not Enough Bandwidth"))),
        (Cause::NoPackets, mangled(|_, _| Vec::new())),
        (
            Cause::NoKeyFrame,
            mangled(|picture, packets| if picture.is_multiple_of(10) { Vec::new() } else { packets }),
        ),
    ];
    let engine = engine(|config| {
        config.silent_ms = 1_500;
        config.key_frame_ms = 2_000;
    });
    std::thread::scope(|scope| {
        for (cause, habits) in cases {
            let engine = &engine;
            scope.spawn(move || {
                let camera = Camera::start(habits);
                let report = engine.probe(
                    &RtspSpec { transport: TransportChoice::Tcp, ..spec(&camera.url()) },
                    Duration::from_secs(15),
                );
                let report = report.unwrap();
                let failed = report.legs.iter().find(|leg| leg.state == LegState::Failed);
                assert_eq!(failed.and_then(|leg| leg.cause), Some(cause), "{report:?}");
                assert!(failed.unwrap().took_ms.is_some());
            });
        }
    });
}

#[test]
fn a_camera_that_hangs_up_is_visited_again_with_patience() {
    let camera = Camera::start(with(|habits| habits.pictures = 12));
    let engine = engine(|_| {});
    let recorder = Recorder::new();
    let hub = recorder.hub();
    let _haste = hub.hurry();
    let handle = engine.open("cam.main".into(), spec(&camera.url()), hub).unwrap();
    assert!(recorder.wait_for_video(30, Duration::from_secs(20)), "{:?}", handle.stats());
    let visits = camera.connections.load(std::sync::atomic::Ordering::Relaxed);
    assert!((3..=4).contains(&visits), "{visits} connections for 30 pictures of 12 each");
    assert!(handle.stats().unwrap().reconnects >= 2);
}

#[test]
fn an_address_outside_the_camera_networks_is_never_connected_to() {
    let camera = Camera::start(Habits::default());
    let engine = engine(|config| config.addresses.camera_networks = vec!["10.0.0.0/8".parse().unwrap()]);
    for url in [
        camera.url(),
        camera.url().replace("127.0.0.1", "localhost"),
        camera.url().replace("127.0.0.1", "[::ffff:127.0.0.1]"),
    ] {
        let report = engine.probe(&spec(&url), Duration::from_secs(5)).unwrap();
        assert_eq!(report.legs[0].cause, Some(Cause::AddressRefused), "{url}");
    }
    assert_eq!(camera.connections.load(std::sync::atomic::Ordering::Relaxed), 0);
}
