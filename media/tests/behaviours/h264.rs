//! H.264 payloads (RFC 6184) as cameras cut them.

use super::{Behaviour, all_play, with};
use crate::camera::{Habits, PPS, SPS};
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

/// What one picture becomes: payloads with their markers.
type Cut = fn(u64) -> Vec<Vec<u8>>;

/// A camera whose pictures are cut so; every payload but the last goes without a marker.
pub fn camera(cut: Cut) -> Habits {
    with(|habits| {
        let sequence = AtomicU32::new(0);
        habits.mangle = Arc::new(move |picture, _| {
            let payloads = cut(picture);
            let last = payloads.len().saturating_sub(1);
            let number = || sequence.fetch_add(1, Ordering::Relaxed) as u16;
            let packet = |(at, payload)| rtp(number(), at == last, picture, payload);
            payloads.into_iter().enumerate().map(packet).collect()
        });
    })
}

fn rtp(sequence: u16, marker: bool, picture: u64, payload: Vec<u8>) -> Vec<u8> {
    let mut packet = vec![0x80, 96 | if marker { 0x80 } else { 0 }];
    packet.extend(sequence.to_be_bytes());
    packet.extend((picture as u32).wrapping_mul(3600).to_be_bytes());
    packet.extend([1, 2, 3, 4]);
    packet.extend(payload);
    packet
}

fn is_key(picture: u64) -> bool {
    picture.is_multiple_of(10)
}

/// A whole slice that begins a picture.
pub fn slice(picture: u64) -> Vec<u8> {
    let number = (picture as u32).to_be_bytes().map(|byte| byte | 0x40);
    let head: &[u8] = if is_key(picture) { &[0x65, 0x88, 0x84] } else { &[0x41, 0x9a, 0x24] };
    [head, &number, &[0x55; 300]].concat()
}

/// The slice that follows in the same picture.
fn second(picture: u64) -> Vec<u8> {
    [&[if is_key(picture) { 0x65 } else { 0x41 }, 0x44, 0x84][..], &[0x66; 200]].concat()
}

fn sets(picture: u64) -> Vec<Vec<u8>> {
    if is_key(picture) { vec![SPS.to_vec(), PPS.to_vec()] } else { Vec::new() }
}

fn with_sets(picture: u64, rest: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    [sets(picture), rest].concat()
}

/// FU-A fragments of this unit, at most `most` bytes each.
fn fragments(unit: &[u8], most: usize) -> Vec<Vec<u8>> {
    let count = unit[1..].chunks(most).count();
    let piece = |(at, data): (usize, &[u8])| {
        let edge = if at == 0 { 0x80 } else { 0 } | if at + 1 == count { 0x40 } else { 0 };
        [&[unit[0] & 0xe0 | 28, edge | unit[0] & 0x1f], data].concat()
    };
    unit[1..].chunks(most).enumerate().map(piece).collect()
}

/// An aggregate of this kind with `order` bytes behind its header and `extra` behind each size.
fn aggregate(kind: u8, order: usize, extra: usize, units: &[Vec<u8>]) -> Vec<u8> {
    let mut payload = vec![0x60 | kind];
    payload.extend(vec![0; order]);
    for unit in units {
        payload.extend((unit.len() as u16).to_be_bytes());
        payload.extend(vec![0; extra]);
        payload.extend(unit);
    }
    payload
}

fn annex_b(units: &[Vec<u8>]) -> Vec<u8> {
    units.iter().flat_map(|unit| [&[0, 0, 0, 1], &unit[..]].concat()).collect()
}

fn whole(picture: u64) -> Vec<Vec<u8>> {
    with_sets(picture, vec![slice(picture), second(picture)])
}

fn shapes() -> Vec<Behaviour> {
    vec![
        ("whole units", camera(whole)),
        ("an aggregate a picture", camera(|picture| vec![aggregate(24, 0, 0, &whole(picture))])),
        ("aggregates with order", camera(|picture| vec![aggregate(25, 2, 0, &whole(picture))])),
        ("aggregates of several times", camera(|picture| vec![aggregate(26, 2, 3, &whole(picture))])),
        ("aggregates of several long times", camera(|picture| vec![aggregate(27, 2, 4, &whole(picture))])),
        ("a picture a packet with start codes", camera(|picture| vec![annex_b(&whole(picture))])),
        (
            "units with lengths as in MP4",
            camera(|picture| {
                let lengths = |unit: Vec<u8>| [&(unit.len() as u32).to_be_bytes()[..], &unit].concat();
                whole(picture).into_iter().map(lengths).collect()
            }),
        ),
        (
            "a picture a packet with lengths as in MP4",
            camera(|picture| {
                let lengths = |unit: Vec<u8>| [&(unit.len() as u32).to_be_bytes()[..], &unit].concat();
                vec![whole(picture).into_iter().flat_map(lengths).collect()]
            }),
        ),
        ("fragments of a byte", camera(|picture| with_sets(picture, fragments(&slice(picture)[..40], 1)))),
        (
            "sets in fragments",
            camera(|picture| {
                let all = sets(picture).iter().flat_map(|set| fragments(set, 4)).collect::<Vec<_>>();
                [all, vec![slice(picture)]].concat()
            }),
        ),
        (
            "one fragment that is beginning and end",
            camera(|picture| with_sets(picture, fragments(&slice(picture), 4_000))),
        ),
        (
            "fragments with order",
            camera(|picture| {
                let mut pieces = fragments(&slice(picture), 100);
                pieces[0][0] = pieces[0][0] & 0xe0 | 29;
                pieces[0].splice(2..2, [0, 0]);
                with_sets(picture, pieces)
            }),
        ),
        (
            "fragments that never begin",
            camera(|picture| {
                let mut pieces = fragments(&slice(picture), 100);
                pieces[0][1] &= 0x7f;
                with_sets(picture, pieces)
            }),
        ),
        (
            "fragments that all begin",
            camera(|picture| {
                let mut pieces = fragments(&slice(picture), 100);
                pieces.iter_mut().for_each(|piece| piece[1] |= 0x80);
                with_sets(picture, pieces)
            }),
        ),
        (
            "empty fragments between",
            camera(|picture| {
                let mut pieces = fragments(&slice(picture), 100);
                let bare = vec![pieces[1][0], pieces[1][1]];
                pieces.insert(1, bare);
                with_sets(picture, pieces)
            }),
        ),
        (
            "start codes within fragments",
            camera(|picture| {
                let unit = [&[0x65, 0, 0, 1][..], &slice(picture)].concat();
                let unit = if is_key(picture) { unit } else { slice(picture) };
                with_sets(picture, fragments(&unit, 100))
            }),
        ),
        (
            "everything in one unit of fragments",
            camera(|picture| {
                let stream = annex_b(&whole(picture));
                let unit = stream[4..].to_vec();
                fragments(&unit, 100)
            }),
        ),
        (
            "zeros behind units",
            camera(|picture| {
                whole(picture).into_iter().map(|unit| [&unit[..], &[0, 0, 0]].concat()).collect()
            }),
        ),
        (
            "a zero byte behind start codes of three",
            camera(|picture| {
                vec![whole(picture).iter().flat_map(|unit| [&[0, 0, 1], &unit[..]].concat()).collect()]
            }),
        ),
    ]
}

fn contents() -> Vec<Behaviour> {
    vec![
        (
            "sets once",
            camera(|picture| if picture == 0 { whole(0) } else { vec![slice(picture), second(picture)] }),
        ),
        ("sets before every picture", camera(|picture| vec![SPS.to_vec(), PPS.to_vec(), slice(picture)])),
        ("sets behind the picture", camera(|picture| [vec![slice(picture)], sets(picture)].concat())),
        (
            "delimiters, messages, filler and ends",
            camera(|picture| {
                let front = vec![vec![0x09, 0x30], vec![0x06, 1, 1, 0, 0x80]];
                let back = vec![vec![0x0c, 0xff, 0x80], vec![0x0a], vec![0x0b]];
                [front, with_sets(picture, vec![slice(picture)]), back].concat()
            }),
        ),
        (
            "a message behind the picture",
            camera(|picture| with_sets(picture, vec![slice(picture), vec![0x06, 5, 2, 1, 2, 0x80]])),
        ),
        (
            "recovery points instead of keys",
            camera(|picture| {
                let mut unit = slice(picture);
                if is_key(picture) {
                    unit[0] = 0x61;
                    return vec![SPS.to_vec(), PPS.to_vec(), vec![0x06, 6, 1, 0xc4, 0x80], unit];
                }
                vec![unit]
            }),
        ),
        (
            "pictures of intra slices instead of keys",
            camera(|picture| {
                let mut unit = slice(picture);
                unit[0] = unit[0] & 0x60 | 1;
                with_sets(picture, vec![unit])
            }),
        ),
        (
            "sets of an extension",
            camera(|picture| [vec![vec![0x6f, 0x42, 0xc0, 0x1e], vec![0x6d, 1]], whole(picture)].concat()),
        ),
        (
            "a layer of depth beside it",
            camera(|picture| [whole(picture), vec![[&[0x74, 0x80, 1, 2][..], &[9; 100]].concat()]].concat()),
        ),
        (
            "a prefix before each slice",
            camera(|picture| with_sets(picture, vec![vec![0x6e, 0x40, 1, 2], slice(picture)])),
        ),
        (
            "reference bits of zero on keys",
            camera(|picture| {
                let mut unit = slice(picture);
                unit[0] &= 0x1f;
                with_sets(picture, vec![unit])
            }),
        ),
        ("slices out of order", camera(|picture| with_sets(picture, vec![second(picture), slice(picture)]))),
        (
            "partitions",
            camera(|picture| {
                if is_key(picture) {
                    return whole(picture);
                }
                let mut first = slice(picture);
                first[0] = 0x42;
                vec![first, vec![0x43, 0x84, 1, 2, 3], vec![0x44, 0x84, 1, 2, 3]]
            }),
        ),
        (
            "redundant sets with other ids",
            camera(|picture| [whole(picture), vec![vec![0x68, 0x4e, 0x3c, 0x80]]].concat()),
        ),
        (
            "empty units in an aggregate",
            camera(|picture| {
                let units = [vec![Vec::new()], whole(picture), vec![Vec::new()]].concat();
                vec![aggregate(24, 0, 0, &units)]
            }),
        ),
        (
            "an aggregate in an aggregate",
            camera(|picture| {
                let inner = aggregate(24, 0, 0, &sets(picture));
                [
                    if is_key(picture) { vec![aggregate(24, 0, 0, &[inner])] } else { Vec::new() },
                    vec![slice(picture)],
                ]
                .concat()
            }),
        ),
    ]
}

#[test]
fn units_are_found_in_every_shape() {
    all_play(shapes(), 30);
}

#[test]
fn units_of_every_kind_make_pictures() {
    all_play(contents(), 30);
}
