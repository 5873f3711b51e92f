//! H.265 (RFC 7798) as cameras send it.

use super::{Behaviour, all_play, with};
use std::sync::Arc;

const VPS: &[u8] =
    &[0x40, 1, 0x0c, 1, 0xff, 0xff, 4, 8, 0, 0, 3, 0, 0x9e, 8, 0, 0, 3, 0, 0, 0x5a, 0x95, 0x98, 9];
const SPS: &[u8] = &[
    0x42, 1, 1, 4, 8, 0, 0, 3, 0, 0x9e, 8, 0, 0, 3, 0, 0, 0x5a, 0x90, 0, 0xa0, 0x40, 0x3c, 0x2c, 0xb2, 0xb3,
    0x49, 0x26, 0x57, 0x80, 0xb7, 2, 2, 0, 4, 0, 0, 3, 0, 4, 0, 0, 3, 0, 0x64, 0x20,
];
const PPS: &[u8] = &[0x44, 1, 0xc1, 0x72, 0x86, 0x0c, 0x46, 0x24];

/// How the pictures are cut into payloads: sets or nothing, then the slice in fragments.
type Cut = fn(u64) -> Vec<Vec<u8>>;

fn slice(picture: u64) -> (u8, Vec<Vec<u8>>) {
    let kind: u8 = if picture.is_multiple_of(10) { 19 } else { 1 };
    let first = [&[0x62, 1, 0x80 | kind, 0xaf, picture as u8 | 0x40][..], &[0x55; 200]].concat();
    let middle = [&[0x62, 1, kind][..], &[0x66; 200]].concat();
    let last = [&[0x62, 1, 0x40 | kind][..], &[0x77; 200]].concat();
    (kind, vec![first, middle, last])
}

fn usual(picture: u64) -> Vec<Vec<u8>> {
    let (kind, fragments) = slice(picture);
    let sets = if kind == 19 { vec![VPS.to_vec(), SPS.to_vec(), PPS.to_vec()] } else { Vec::new() };
    [sets, fragments].concat()
}

fn camera(fmtp: &'static str, cut: Cut) -> super::Habits {
    with(|habits| {
        habits.sdp =
            format!("v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H265/90000\r\n{fmtp}a=control:trackID=0\r\n");
        let sequence = std::sync::atomic::AtomicU32::new(0);
        habits.mangle = Arc::new(move |picture, _| {
            let payloads = cut(picture);
            let count = payloads.len();
            let packet = |(at, payload): (usize, Vec<u8>)| {
                let number = sequence.fetch_add(1, std::sync::atomic::Ordering::Relaxed) as u16;
                let marker = if at + 1 == count { 0x80 } else { 0 };
                let mut packet = vec![0x80, 96 | marker];
                packet.extend(number.to_be_bytes());
                packet.extend((picture as u32 * 3600).to_be_bytes());
                packet.extend([1, 2, 3, 4]);
                packet.extend(payload);
                packet
            };
            payloads.into_iter().enumerate().map(packet).collect()
        });
    })
}

fn behaviours() -> Vec<Behaviour> {
    let sets = "a=fmtp:96 sprop-vps=QAEMAf//BAgAAAMAnggAAAMAAFqVmAk=; sprop-sps=QgEBBAgAAAMAnggAAAMAAFqQAKBAPCyys0kmV4C3AgIABAAAAwAEAAADAGQg; sprop-pps=RAHBcoYMRiQ=\r\n";
    let named = |name: &'static str| {
        let mut habits = camera("", usual);
        habits.sdp = habits.sdp.replace("H265", name);
        habits
    };
    vec![
        ("usual", camera("", usual)),
        ("called HEVC", named("HEVC")),
        ("in lower case", named("h265")),
        ("said to be H.264", named("H264")),
        ("sets in the description alone", camera(sets, |picture| slice(picture).1)),
        ("order numbers said to be off", camera("a=fmtp:96 sprop-max-don-diff=0\r\n", usual)),
        (
            "no ends of fragments",
            camera("", |picture| {
                let mut payloads = usual(picture);
                if let Some(last) = payloads.last_mut() {
                    last[2] &= !0x40;
                }
                payloads
            }),
        ),
        (
            "sets in an aggregate",
            camera("", |picture| {
                let (kind, fragments) = slice(picture);
                let mut aggregate = vec![0x60, 1];
                for set in [VPS, SPS, PPS] {
                    aggregate.extend((set.len() as u16).to_be_bytes());
                    aggregate.extend_from_slice(set);
                }
                let sets = if kind == 19 { vec![aggregate] } else { Vec::new() };
                [sets, fragments].concat()
            }),
        ),
        (
            "ends of sequences in two bytes",
            camera("", |picture| [usual(picture), vec![vec![0x48, 1]]].concat()),
        ),
        (
            "reserved packets",
            camera("", |picture| [vec![vec![0x64, 1, 0, 0, 9], vec![0x7e, 1, 1]], usual(picture)].concat()),
        ),
        (
            "delimiters and messages",
            camera("", |picture| {
                [vec![vec![0x46, 1, 0x50], vec![0x4e, 1, 5, 1, 9, 0x80]], usual(picture)].concat()
            }),
        ),
        (
            "layers beside the picture",
            camera("", |picture| {
                let layer = [&[0x02, 0x09, 0x80][..], &[9; 60]].concat();
                [usual(picture), vec![layer]].concat()
            }),
        ),
        (
            "a broken link instead of IDR",
            camera("", |picture| {
                let mut payloads = usual(picture);
                let keys =
                    payloads.iter_mut().filter(|payload| payload[0] == 0x62 && payload[2] & 0x3f == 19);
                keys.for_each(|payload| payload[2] = payload[2] & 0xc0 | 16);
                payloads
            }),
        ),
        (
            "fragments that never begin",
            camera("", |picture| {
                let mut payloads = usual(picture);
                payloads
                    .iter_mut()
                    .filter(|payload| payload[0] == 0x62)
                    .for_each(|payload| payload[2] &= 0x7f);
                payloads
            }),
        ),
        (
            "order numbers",
            camera("a=fmtp:96 sprop-max-don-diff=1;sprop-depack-buf-nalus=1\r\n", |picture| {
                let mut payloads = usual(picture);
                for payload in &mut payloads {
                    let place = if payload[0] != 0x62 { 2 } else { 3 };
                    if payload[0] != 0x62 || payload[2] & 0x80 != 0 {
                        payload.splice(place..place, (picture as u16).to_be_bytes());
                    }
                }
                payloads
            }),
        ),
        (
            "lengths as in MP4",
            camera("", |picture| {
                let (kind, fragments) = slice(picture);
                let unit = [&[kind << 1, 1][..], &fragments[0][3..]].concat();
                let sets = if kind == 19 { vec![VPS, SPS, PPS] } else { Vec::new() };
                let units = sets.into_iter().chain([&unit[..]]);
                vec![units.flat_map(|unit| [&(unit.len() as u32).to_be_bytes()[..], unit].concat()).collect()]
            }),
        ),
        ("sets in the description once, and with the first picture", {
            camera("", |picture| if picture == 0 { usual(0) } else { slice(picture).1 })
        }),
        (
            "clean random access instead of IDR",
            camera("", |picture| {
                let mut payloads = usual(picture);
                for payload in
                    payloads.iter_mut().filter(|payload| payload[0] == 0x62 && payload[2] & 0x3f == 19)
                {
                    payload[2] = payload[2] & 0xc0 | 21;
                }
                payloads
            }),
        ),
        (
            "whole pictures with start codes",
            camera("", |picture| {
                let (kind, fragments) = slice(picture);
                let mut whole = Vec::new();
                if kind == 19 {
                    for set in [VPS, SPS, PPS] {
                        whole.extend([0, 0, 0, 1]);
                        whole.extend_from_slice(set);
                    }
                }
                whole.extend([0, 0, 1, kind << 1, 1]);
                whole.extend_from_slice(&fragments[0][3..]);
                vec![whole]
            }),
        ),
    ]
}

#[test]
fn h265_of_every_kind_plays() {
    all_play(behaviours(), 25);
}
