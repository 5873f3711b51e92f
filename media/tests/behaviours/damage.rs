//! Damaged streams that still give pictures, and hostile ones that must end in time with their cause.

use super::{Behaviour, all_play, answering, hostile::all_are_told, mangled, with};
use mingjing_media::{event::Cause, frame::Track};

fn is_key(picture: u64) -> bool {
    picture.is_multiple_of(10)
}

fn damaged() -> Vec<Behaviour> {
    vec![
        (
            "the first picture lost",
            mangled(|picture, packets| if picture == 0 { Vec::new() } else { packets }),
        ),
        (
            "key pictures without their first fragment, every other",
            mangled(|picture, mut packets| {
                if picture % 20 == 10 {
                    packets.remove(2);
                }
                packets
            }),
        ),
        (
            "every tenth picture cut off",
            mangled(|picture, mut packets| {
                if picture % 10 == 5 {
                    packets.pop();
                }
                packets
            }),
        ),
        (
            "a packet of noise in each picture",
            mangled(|picture, mut packets| {
                packets.insert(1, vec![picture as u8 ^ 0x5a; 50]);
                packets
            }),
        ),
        (
            "packets of one byte",
            mangled(|_, mut packets| {
                packets.insert(0, vec![0x80]);
                packets
            }),
        ),
        (
            "headers without payload",
            mangled(|_, mut packets| {
                let mut bare = packets[0][..12].to_vec();
                bare[1] = 120;
                packets.insert(0, bare);
                packets
            }),
        ),
        (
            "extensions that reach too far, on every tenth",
            mangled(|picture, mut packets| {
                if picture % 10 == 3 {
                    packets[0][0] |= 0x10;
                }
                packets
            }),
        ),
        (
            "every picture without its end",
            mangled(|_, mut packets| {
                packets.pop();
                packets
            }),
        ),
        (
            "every key picture without its middle",
            mangled(|picture, mut packets| {
                if is_key(picture) {
                    packets.remove(3);
                }
                packets
            }),
        ),
        (
            "a wrong number now and then",
            mangled(|picture, mut packets| {
                if picture % 5 == 3 {
                    packets[0][2] ^= 4;
                }
                packets
            }),
        ),
        (
            "sets that are cut off now and then",
            mangled(|picture, mut packets| {
                if picture % 20 == 10 {
                    packets.iter_mut().take(2).for_each(|packet| packet.truncate(15));
                }
                packets
            }),
        ),
        (
            "wrong stamps now and then",
            mangled(|picture, mut packets| {
                if picture % 5 == 3 {
                    packets[1][5] ^= 0x10;
                }
                packets
            }),
        ),
        (
            "wrong types now and then",
            mangled(|picture, mut packets| {
                if picture % 5 == 3 {
                    packets[1][1] ^= 2;
                }
                packets
            }),
        ),
        (
            "wrong fragment heads now and then",
            mangled(|picture, mut packets| {
                if picture % 5 == 3 {
                    packets[0][13] ^= 0x80;
                }
                packets
            }),
        ),
        ("old packets again and again", {
            let old = std::sync::Mutex::new(Vec::new());
            mangled(move |picture, mut packets| {
                let mut old = old.lock().unwrap();
                if picture == 0 {
                    *old = packets[1].clone();
                } else {
                    packets.push(old.clone());
                }
                packets
            })
        }),
        (
            "key pictures lost, all but every third",
            mangled(
                |picture, packets| {
                    if is_key(picture) && picture % 30 != 20 { Vec::new() } else { packets }
                },
            ),
        ),
    ]
}

/// What such a camera must be told for, within a few seconds.
fn hostile() -> Vec<(&'static str, Cause, super::Habits)> {
    let describe = |text: String| with(|habits| habits.describe = text);
    vec![
        (
            "an endless head",
            Cause::NoAnswer,
            describe(format!("RTSP/1.0 200 OK\r\nX: {}", "x".repeat(400_000))),
        ),
        (
            "endless fields",
            Cause::NoAnswer,
            describe(format!("RTSP/1.0 200 OK\r\n{}", "X: y\r\n".repeat(50_000))),
        ),
        ("noise", Cause::NoAnswer, describe("\u{1}\u{2}noise".repeat(20_000))),
        (
            "a length beyond all bounds",
            Cause::BadDescription,
            describe("RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\nContent-Length: 99999999999999\r\n\r\n".into()),
        ),
        (
            "a negative length",
            Cause::BadDescription,
            describe("RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\nContent-Length: -1\r\n\r\n".into()),
        ),
        (
            "an endless redirect",
            Cause::Redirected,
            answering(|request, _| {
                let host = request.split('/').nth(2)?.to_owned();
                request.starts_with("DESCRIBE").then(|| {
                    format!("RTSP/1.0 302 Found\r\nCSeq: {{cseq}}\r\nLocation: rtsp://{host}/live\r\n\r\n")
                })
            }),
        ),
        (
            "a redirect to another host",
            Cause::Redirected,
            describe(
                "RTSP/1.0 301 Moved\r\nCSeq: {cseq}\r\nLocation: rtsp://a:b@169.254.169.254/\r\n\r\n".into(),
            ),
        ),
        (
            "endless stale nonces",
            Cause::WrongPassword,
            answering(|_, at| {
                Some(format!(
                    "RTSP/1.0 401 No\r\nCSeq: {{cseq}}\r\nWWW-Authenticate: Digest realm=\"a\", nonce=\"{at}\", stale=true\r\n\r\n"
                ))
            }),
        ),
        ("a description of nothing", Cause::BadDescription, with(|habits| habits.sdp = String::new())),
        ("a description of zeros", Cause::BadDescription, with(|habits| habits.sdp = "\0".repeat(5_000))),
        (
            "a picture that we do not know",
            Cause::UnsupportedCodec,
            with(|habits| {
                habits.sdp = habits.sdp.replace("H264", "MP4V-ES");
            }),
        ),
        (
            "an encrypted picture",
            Cause::UnsupportedCodec,
            with(|habits| {
                habits.sdp = habits.sdp.replace("m=video 0 RTP/AVP", "m=video 0 RTP/SAVP");
            }),
        ),
        (
            "floods of packets before any answer",
            Cause::NoAnswer,
            describe("$\u{9}\u{0}\u{4}abcd".repeat(40_000)),
        ),
        ("packets of noise", Cause::NoPackets, mangled(|_, _| vec![vec![0x11; 900]; 4])),
        (
            "sets and never a picture",
            Cause::Undecodable,
            mangled(|_, packets| packets[..packets.len() - 3].to_vec()),
        ),
        (
            "sound alone",
            Cause::NoVideoPackets,
            with(|habits| {
                habits.channel = 2;
                habits.mangle = std::sync::Arc::new(|_, mut packets| {
                    packets.iter_mut().for_each(|packet| packet[1] = 8);
                    packets
                });
            }),
        ),
    ]
}

#[test]
fn damage_leaves_pictures() {
    all_play(damaged(), 25);
}

/// Damage that leaves each picture its beginning costs no picture (decision 0055).
#[test]
fn a_picture_that_breaks_off_is_not_lost() {
    let mut all = damaged();
    all.retain(|(name, _)| name.contains("without its"));
    for (name, units, oddities) in all_play(all, 40) {
        let stamps: Vec<i64> =
            units.iter().filter(|unit| unit.track == Track::Video).map(|unit| unit.pts).collect();
        assert!(stamps.windows(2).take(35).all(|pair| pair[1] - pair[0] < 7_200), "{name}: {oddities:?}");
    }
}

#[test]
fn hostile_cameras_are_told_for_what_they_are() {
    all_are_told(hostile());
}
