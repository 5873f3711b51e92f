//! What lies on the connection between and around packets.

use super::{Behaviour, all_play, mangled, with};
use crate::camera::{Habits, framed};
use std::sync::Arc;

fn wired(wire: impl Fn(u64, Vec<Vec<u8>>) -> Vec<u8> + Send + Sync + 'static) -> Habits {
    with(|habits| habits.wire = Some(Arc::new(wire)))
}

/// Frames of the usual form with these bytes in front of each packet.
fn before_each(noise: &'static [u8]) -> Habits {
    wired(move |_, packets| packets.iter().flat_map(|packet| [noise, &framed(0, packet)].concat()).collect())
}

/// These bytes in front of every fifth picture.
fn now_and_then(noise: &'static [u8]) -> Habits {
    wired(move |picture, packets| {
        let mut bytes = if picture % 5 == 4 { noise.to_vec() } else { Vec::new() };
        packets.iter().for_each(|packet| bytes.extend(framed(0, packet)));
        bytes
    })
}

fn reports(kind: u8) -> Vec<u8> {
    let mut bytes = vec![0x80, kind, 0, 6];
    bytes.extend([1; 24]);
    bytes
}

fn noise() -> Vec<Behaviour> {
    vec![
        ("line ends before packets", before_each(b"\r\n")),
        ("zeros before packets", before_each(&[0, 0, 0])),
        ("a byte before packets", before_each(b"x")),
        ("empty frames", before_each(b"$\x00\x00\x00")),
        ("empty frames of nobody", before_each(b"$\x63\x00\x00")),
        ("packets of nobody", before_each(b"$\x09\x00\x04abcd")),
        ("a dollar in the noise", now_and_then(b"abc$def$$ghi")),
        ("a dollar and a length beyond", now_and_then(b"$\x40\xff\xff")),
        ("an answer among packets", now_and_then(b"RTSP/1.0 200 OK\r\nCSeq: 3\r\n\r\n")),
        ("a refusal among packets", now_and_then(b"RTSP/1.0 454 Session Not Found\r\nCSeq: 99\r\n\r\n")),
        ("a question among packets", now_and_then(b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n")),
        (
            "an announcement among packets",
            now_and_then(b"ANNOUNCE * RTSP/1.0\r\nCSeq: 1\r\nContent-Length: 5\r\n\r\nv=0\r\n"),
        ),
        ("half an answer among packets", now_and_then(b"RTSP/1.0 200 OK\r\nCSeq: 5")),
        ("a web page among packets", now_and_then(b"HTTP/1.1 200 OK\r\nCSeq: 5\r\n\r\n")),
        ("a kilobyte of noise", now_and_then(&[0xa5; 1024])),
        ("text among packets", now_and_then(b"error: encoder restarted\r\n")),
    ]
}

fn frames() -> Vec<Behaviour> {
    vec![
        (
            "byte by byte",
            with(|habits| {
                habits.frame_ms = 0;
                habits.wire = None;
                habits.play = format!("{}{{crumbs}}", habits.play);
            }),
        ),
        (
            "every fiftieth frame too long",
            wired(|picture, packets| {
                let mut bytes = Vec::new();
                for (at, packet) in packets.iter().enumerate() {
                    let mut frame = framed(0, packet);
                    if at == 0 && picture % 10 == 5 {
                        frame[3] = frame[3].wrapping_add(6);
                    }
                    bytes.extend(frame);
                }
                bytes
            }),
        ),
        (
            "every fiftieth frame too short",
            wired(|picture, packets| {
                let mut bytes = Vec::new();
                for (at, packet) in packets.iter().enumerate() {
                    let mut frame = framed(0, packet);
                    if at == 0 && picture % 10 == 5 {
                        frame[3] = frame[3].wrapping_sub(6);
                    }
                    bytes.extend(frame);
                }
                bytes
            }),
        ),
        (
            "a frame that lacks its end",
            wired(|picture, packets| {
                let mut bytes = Vec::new();
                for (at, packet) in packets.iter().enumerate() {
                    let mut frame = framed(0, packet);
                    if at == 1 && picture % 10 == 5 {
                        frame.truncate(frame.len() - 40);
                    }
                    bytes.extend(frame);
                }
                bytes
            }),
        ),
        (
            "the largest frame there is",
            mangled(|picture, mut packets| {
                if !picture.is_multiple_of(10) {
                    packets[1].resize(65_535, 0x66);
                }
                packets
            }),
        ),
        (
            "reports on the channel of pictures",
            wired(|_, packets| {
                let mut bytes = framed(0, &reports(200));
                packets.iter().for_each(|packet| bytes.extend(framed(0, packet)));
                bytes
            }),
        ),
        (
            "reports of every kind on their channel",
            wired(|_, packets| {
                let mut bytes: Vec<u8> = (200..208).flat_map(|kind| framed(1, &reports(kind))).collect();
                packets.iter().for_each(|packet| bytes.extend(framed(0, packet)));
                bytes
            }),
        ),
        (
            "broken reports",
            wired(|_, packets| {
                let mut bytes = framed(1, &[0x80, 200, 0xff, 0xff, 1]);
                bytes.extend(framed(1, &[0x80]));
                packets.iter().for_each(|packet| bytes.extend(framed(0, packet)));
                bytes
            }),
        ),
        (
            "a good-bye that is none",
            wired(|_, packets| {
                let mut bytes = framed(1, &[0x81, 203, 0, 1, 1, 2, 3, 4]);
                packets.iter().for_each(|packet| bytes.extend(framed(0, packet)));
                bytes
            }),
        ),
        (
            "pictures in turn on two channels",
            wired(|picture, packets| {
                packets.iter().flat_map(|packet| framed((picture % 2) as u8, packet)).collect()
            }),
        ),
        (
            "an unknown type on an unknown channel",
            wired(|_, packets| {
                packets
                    .iter()
                    .flat_map(|packet| {
                        let mut packet = packet.clone();
                        packet[1] = packet[1] & 0x80 | 107;
                        framed(6, &packet)
                    })
                    .collect()
            }),
        ),
        (
            "an extension that is said to be there",
            mangled(|_, mut packets| {
                packets.iter_mut().for_each(|packet| packet[0] |= 0x10);
                packets
            }),
        ),
        (
            "sources that are said to be there",
            mangled(|_, mut packets| {
                packets.iter_mut().for_each(|packet| {
                    packet[0] |= 2;
                    packet.splice(12..12, [9; 8]);
                });
                packets
            }),
        ),
        (
            "extensions of two words and padding",
            mangled(|_, mut packets| {
                packets.iter_mut().for_each(|packet| {
                    packet[0] |= 0x30;
                    packet.splice(12..12, [0xbe, 0xde, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8]);
                    packet.extend([0, 0, 0, 4]);
                });
                packets
            }),
        ),
        (
            "a type that reports have",
            with(|habits| {
                habits.sdp = habits.sdp.replace("96", "72");
                habits.mangle = Arc::new(|_, mut packets| {
                    packets.iter_mut().for_each(|packet| packet[1] = packet[1] & 0x80 | 72);
                    packets
                });
            }),
        ),
    ]
}

#[test]
fn noise_between_packets_costs_no_stream() {
    all_play(noise(), 40);
}

#[test]
fn frames_and_headers_of_every_kind_play() {
    all_play(frames(), 40);
}
