//! RTP and its H.264 payload: numbering, stamps, markers, fragments, and everything in between.

use super::{Behaviour, all_play, mangled, with};
use crate::camera::{PPS, SPS};

fn each(change: impl Fn(u64, usize, &mut Vec<u8>) + Send + Sync + 'static) -> super::Habits {
    mangled(move |picture, mut packets| {
        for (at, packet) in packets.iter_mut().enumerate() {
            change(picture, at, packet);
        }
        packets
    })
}

/// Numbers run over the whole stream.
fn renumbered(packet: &mut [u8], change: impl Fn(u16) -> u16) {
    let number = u16::from_be_bytes([packet[2], packet[3]]);
    numbered(packet, change(number));
}

fn numbered(packet: &mut [u8], number: u16) {
    packet[2..4].copy_from_slice(&number.to_be_bytes());
}

/// Another packet of the same picture in front, with numbers of their own for all that follow.
fn in_front(payload: impl Fn(u64) -> Vec<Vec<u8>> + Send + Sync + 'static) -> super::Habits {
    let sequence = std::sync::atomic::AtomicU32::new(0);
    mangled(move |picture, packets| {
        let mut all: Vec<Vec<u8>> = payload(picture)
            .into_iter()
            .map(|payload| {
                let mut packet = packets[0][..12].to_vec();
                packet[1] &= 0x7f;
                packet.extend(payload);
                packet
            })
            .collect();
        all.extend(packets);
        for packet in &mut all {
            numbered(packet, sequence.fetch_add(1, std::sync::atomic::Ordering::Relaxed) as u16);
        }
        all
    })
}

fn numbering() -> Vec<Behaviour> {
    vec![
        ("one number for all", each(|_, _, packet| numbered(packet, 7))),
        (
            "numbers that count down",
            each(|_, _, packet| renumbered(packet, |number| 0u16.wrapping_sub(number))),
        ),
        ("numbers with swapped bytes", each(|_, _, packet| packet.swap(2, 3))),
        (
            "numbers that wrap early",
            each(|_, _, packet| renumbered(packet, |number| number.wrapping_add(65_500))),
        ),
        (
            "numbers that begin anew once",
            each(|picture, _, packet| {
                if picture > 8 {
                    renumbered(packet, |number| number.wrapping_sub(20_000));
                }
            }),
        ),
        ("another source once", each(|picture, _, packet| packet[11] = u8::from(picture > 8))),
        (
            "a type that changes",
            each(|picture, _, packet| {
                if picture > 12 {
                    packet[1] = packet[1] & 0x80 | 100;
                }
            }),
        ),
        (
            "four packets of another type first",
            mangled(|picture, mut packets| {
                if picture == 0 {
                    let mut strange = packets[0].clone();
                    strange[1] = 110;
                    packets.splice(0..0, vec![strange; 4]);
                }
                packets
            }),
        ),
        (
            "type 94",
            with(|habits| {
                habits.sdp = habits.sdp.replace("96", "94");
                habits.mangle = std::sync::Arc::new(|_, mut packets| {
                    packets.iter_mut().for_each(|packet| packet[1] = packet[1] & 0x80 | 94);
                    packets
                });
            }),
        ),
        (
            "reports among the packets",
            mangled(|_, mut packets| {
                packets.insert(
                    1,
                    vec![
                        0x80, 200, 0, 6, 1, 2, 3, 4, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0,
                        1,
                    ],
                );
                packets
            }),
        ),
        (
            "packets of version 0 among them",
            mangled(|_, mut packets| {
                packets.insert(0, vec![0; 40]);
                packets
            }),
        ),
        (
            "padding longer than the payload",
            each(|_, at, packet| {
                if at == 0 {
                    packet[0] |= 0x20;
                    packet.extend([0xff]);
                }
            }),
        ),
    ]
}

fn stamps() -> Vec<Behaviour> {
    let stamp = |packet: &mut Vec<u8>, stamp: u32| packet[4..8].copy_from_slice(&stamp.to_be_bytes());
    vec![
        (
            "a stamp per packet",
            each(move |picture, at, packet| stamp(packet, (picture * 3600) as u32 + at as u32 * 90)),
        ),
        (
            "stamps that go back",
            each(move |picture, _, packet| stamp(packet, 0u32.wrapping_sub(picture as u32 * 3600))),
        ),
        (
            "stamps that jump by half the range",
            each(move |picture, _, packet| {
                stamp(packet, picture as u32 * 3600 + if picture % 20 > 9 { 1 << 31 } else { 0 });
            }),
        ),
        (
            "stamps that wrap",
            each(move |picture, _, packet| stamp(packet, (picture as u32 * 3600).wrapping_sub(18_000))),
        ),
        ("stamps in milliseconds", each(move |picture, _, packet| stamp(packet, picture as u32 * 40))),
        (
            "stamps of chance",
            each(move |picture, _, packet| {
                stamp(packet, (picture as u32).wrapping_mul(2_654_435_761));
            }),
        ),
        (
            "pictures out of order, as with B pictures",
            each(move |picture, _, packet| {
                stamp(packet, (picture as u32 + [2, 0, 0, 1][(picture % 4) as usize]) * 3600);
            }),
        ),
        (
            "one picture a second",
            with(|habits| {
                habits.frame_ms = 60;
                habits.mangle = std::sync::Arc::new(move |picture, mut packets| {
                    packets.iter_mut().for_each(|packet| stamp(packet, picture as u32 * 90_000));
                    packets
                });
            }),
        ),
    ]
}

fn fragments() -> Vec<Behaviour> {
    vec![
        (
            "fragments whose end is not marked",
            each(|_, _, packet| {
                if packet[12] & 0x1f == 28 {
                    packet[13] &= !0x40;
                }
            }),
        ),
        (
            "neither ends nor markers",
            each(|_, _, packet| {
                packet[1] &= 0x7f;
                if packet[12] & 0x1f == 28 {
                    packet[13] &= !0x40;
                }
            }),
        ),
        (
            "reference bits that differ",
            each(|_, at, packet| {
                if packet[12] & 0x1f == 28 && at % 2 == 1 {
                    packet[12] &= 0x1f;
                }
            }),
        ),
        ("the forbidden bit", each(|_, _, packet| packet[12] |= 0x80)),
        ("delimiters", in_front(|_| vec![vec![0x09, 0xf0]])),
        ("a flood of filler", in_front(|_| vec![vec![0x0c, 0xff, 0xff, 0x80]; 20])),
        ("a flood of messages", in_front(|_| vec![vec![0x06, 5, 4, 1, 2, 3, 4, 0x80]; 20])),
        ("undefined units", in_front(|_| vec![vec![0x1e, 1, 2], vec![0x1f, 1], vec![0x00, 0x40, 2]])),
        ("units of extensions", in_front(|_| vec![vec![0x6e, 1, 2, 3, 4], vec![0x74, 1, 2, 3, 4]])),
        ("an aggregate with nothing in it", in_front(|_| vec![vec![0x78, 0, 0, 0, 0], vec![0x78]])),
        ("an aggregate that claims too much", in_front(|_| vec![vec![0x78, 0xff, 0xff, 9]])),
        (
            "sets in an aggregate",
            in_front(|_| {
                let sets = [&[0x78, 0, SPS.len() as u8], &SPS[..], &[0, PPS.len() as u8], &PPS].concat();
                vec![sets]
            }),
        ),
        ("sets with start codes", in_front(|_| vec![[&[0, 0, 0, 1], &SPS[..], &[0, 0, 1], &PPS].concat()])),
        (
            "a set that is broken among good ones",
            in_front(|_| vec![vec![0x67, 0x42, 0, 0x1e, 0xff], vec![0x68]]),
        ),
        ("ends of sequences", in_front(|_| vec![vec![0x0a], vec![0x0b]])),
        (
            "many slices",
            mangled(|picture, packets| {
                let sets = packets.len() - 3;
                let mut all = packets[..sets].to_vec();
                let head = packets[sets][..12].to_vec();
                let kind = if picture.is_multiple_of(10) { 0x65 } else { 0x41 };
                for slice in 0u8..40 {
                    let first = if slice == 0 { 0x88 } else { 0x44 };
                    let mut packet =
                        [&head[..], &[kind, first, 0x84, slice, picture as u8 | 0x40, 0x55]].concat();
                    if slice == 39 {
                        packet[1] |= 0x80;
                    }
                    all.push(packet);
                }
                for (at, packet) in all.iter_mut().enumerate() {
                    numbered(packet, (picture * 100) as u16 + at as u16);
                }
                all
            }),
        ),
        (
            "pictures above a mebibyte",
            mangled(|picture, mut packets| {
                let middle = packets.len() - 2;
                let mut long = packets[middle].clone();
                long.extend(vec![0x5a; 20_000]);
                let last = packets.pop().unwrap();
                packets.extend(vec![long; if picture.is_multiple_of(10) { 60 } else { 1 }]);
                packets.push(last);
                for (at, packet) in packets.iter_mut().enumerate() {
                    numbered(packet, (picture * 100) as u16 + at as u16);
                }
                packets
            }),
        ),
    ]
}

#[test]
fn numbers_and_headers_of_every_kind_play() {
    all_play(numbering(), 40);
}

#[test]
fn stamps_of_every_kind_play() {
    all_play(stamps(), 40);
}

#[test]
fn payloads_of_every_kind_play() {
    all_play(fragments(), 30);
}
