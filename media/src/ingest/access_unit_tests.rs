//! Where access units end when cameras do not say it well, and what damage costs.

use super::*;

const SPS: [u8; 9] = [0x67, 0x42, 0xc0, 0x1e, 0xd9, 0x00, 0xa0, 0x3d, 0x90];
const PPS: [u8; 4] = [0x68, 0xce, 0x3c, 0x80];
const IDR: [u8; 6] = [0x65, 0x88, 0x84, 1, 2, 3];
const IDR_SECOND: [u8; 6] = [0x65, 0x44, 0x84, 1, 2, 3];
const P: [u8; 5] = [0x41, 0x9a, 0x24, 7, 8];

struct Camera {
    assembler: Assembler,
    sequence: u16,
    units: Vec<Unit>,
    oddities: Oddities,
}

impl Camera {
    fn new() -> Self {
        let assembler = Assembler::new(VideoCodec::H264, false);
        Self { assembler, sequence: 0, units: Vec::new(), oddities: Oddities::default() }
    }

    fn send(&mut self, timestamp: u32, marker: bool, payload: &[u8]) {
        self.send_after(0, timestamp, marker, payload);
    }

    fn send_after(&mut self, lost: u16, timestamp: u32, marker: bool, payload: &[u8]) {
        self.sequence += 1 + lost;
        let packet =
            Packet { payload_type: 96, marker, sequence: self.sequence, timestamp, ssrc: 1, payload };
        self.assembler.push(&packet, i64::from(timestamp), lost, &mut self.oddities, &mut self.units);
    }

    fn finish(mut self) -> (Vec<Unit>, Oddities) {
        self.assembler.finish(&mut self.oddities, &mut self.units);
        (self.units, self.oddities)
    }
}

fn nals(unit: &Unit) -> Vec<Vec<u8>> {
    let (mut found, mut rest) = (Vec::new(), &unit.payload[..]);
    while !rest.is_empty() {
        let size = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
        found.push(rest[4..4 + size].to_vec());
        rest = &rest[4 + size..];
    }
    found
}

#[test]
fn parameter_sets_and_delimiters_are_left_out_and_sei_stays() {
    let mut camera = Camera::new();
    for nal in [&[0x09, 0x10][..], &SPS, &PPS, &[0x06, 5, 1, 9, 0x80]] {
        camera.send(0, false, nal);
    }
    camera.send(0, true, &IDR);
    camera.send(3600, true, &P);
    let (units, _) = camera.finish();
    assert_eq!(nals(&units[0]), [vec![0x06, 5, 1, 9, 0x80], IDR.to_vec()]);
    assert!(units[0].key && units[0].new_sets && !units[1].key && !units[1].new_sets);
    assert_eq!(units.len(), 2);
}

#[test]
fn markers_are_believed_only_when_they_prove_right() {
    for (name, marks) in [("right", [false, true]), ("missing", [false, false]), ("everywhere", [true, true])]
    {
        let mut camera = Camera::new();
        for at in 0..6u32 {
            camera.send(at * 3600, marks[0], &IDR);
            camera.send(at * 3600, marks[1], &IDR_SECOND);
        }
        let (units, oddities) = camera.finish();
        assert_eq!(units.len(), 6, "{name}");
        assert!(units.iter().all(|unit| nals(unit).len() == 2), "{name}: {oddities:?}");
        assert_eq!(oddities.is_empty(), name == "right", "{name}: {oddities:?}");
    }
}

#[test]
fn units_that_share_a_timestamp_are_told_apart_by_their_first_slice() {
    let mut camera = Camera::new();
    for _ in 0..5 {
        camera.send(7, true, &IDR);
        camera.send(7, true, &IDR_SECOND);
    }
    let (units, _) = camera.finish();
    assert_eq!(units.iter().map(|unit| nals(unit).len()).collect::<Vec<_>>(), [2; 5]);
}

#[test]
fn a_fragmented_unit_is_put_together_and_a_broken_one_keeps_its_beginning() {
    let fragments: [&[u8]; 3] = [&[0x7c, 0x85, 0x88, 0x84], &[0x7c, 0x05, 1], &[0x7c, 0x45, 2, 3]];
    let mut camera = Camera::new();
    for at in 0..8u32 {
        for (index, fragment) in fragments.iter().enumerate() {
            if at == 4 && index == 1 {
                continue;
            }
            let lost = u16::from(at == 4 && index == 2);
            camera.send_after(lost, at * 3600, index == 2, fragment);
        }
    }
    let (units, oddities) = camera.finish();
    assert_eq!(units.len(), 8);
    for (at, unit) in units.iter().enumerate() {
        let kept = if at == 4 { &IDR[..3] } else { &IDR };
        assert_eq!(nals(unit), [kept.to_vec()], "unit {at}");
    }
    assert_eq!((oddities.get("unit_damaged"), oddities.get("damaged_key_frame_used")), (1, 1));
}

#[test]
fn a_lost_beginning_or_end_never_leaks_into_the_neighbour() {
    for missing in 0..3usize {
        let fragments: [&[u8]; 3] = [&[0x5c, 0x81, 0x9a, 0x24], &[0x5c, 0x01, 7], &[0x5c, 0x41, 8]];
        let mut camera = Camera::new();
        let mut lost = 0;
        for at in 0..8u32 {
            for (index, fragment) in fragments.iter().enumerate() {
                if at == 5 && index == missing {
                    lost = 1;
                    continue;
                }
                camera.send_after(std::mem::take(&mut lost), at * 3600, index == 2, fragment);
            }
        }
        let (units, _) = camera.finish();
        let (flawed, whole): (Vec<_>, Vec<_>) = units.iter().partition(|unit| unit.timestamp == 5 * 3600);
        assert_eq!(whole.len(), 7, "fragment {missing} missing");
        assert!(whole.iter().all(|unit| nals(unit) == [P.to_vec()]), "fragment {missing} missing");
        let kept: Vec<_> = flawed.into_iter().flat_map(nals).collect();
        let expected = [vec![], vec![P[..3].to_vec()], vec![P[..4].to_vec()]][missing].clone();
        assert_eq!(kept, expected, "fragment {missing} missing");
    }
}

#[test]
fn a_key_frame_without_its_first_slice_is_better_than_none() {
    let mut camera = Camera::new();
    for at in 0..5u32 {
        camera.send_after(1, at * 3600, true, &IDR_SECOND);
    }
    let (units, oddities) = camera.finish();
    assert_eq!((units.len(), oddities.get("damaged_key_frame_used")), (5, 5));
    assert!(units[0].key);
}

#[test]
fn start_codes_inside_are_split() {
    let blob = [&SPS[..], &[0, 0, 0, 1], &PPS, &[0, 0, 1], &IDR].concat();
    let mut camera = Camera::new();
    camera.send(0, true, &blob);
    let annex_b = [&[0, 0, 0, 1][..], &blob].concat();
    camera.send(3600, true, &annex_b);
    let (units, oddities) = camera.finish();
    assert_eq!(units.len(), 2);
    assert!(units.iter().all(|unit| nals(unit) == [IDR.to_vec()] && unit.key));
    assert!(oddities.get("start_code_inside") > 0);
}

#[test]
fn the_bytes_name_the_codec_when_the_description_lies() {
    let vps = [0x40, 1, 0x0c, 1, 0xff, 0xff, 1, 0x60, 0, 0, 3];
    let mut camera = Camera::new();
    camera.send(0, false, &vps);
    camera.send(0, true, &[0x26, 1, 0xaf, 9]);
    assert_eq!(camera.assembler.sets().codec(), VideoCodec::H265);
    camera.assembler = Assembler::new(VideoCodec::H265, false);
    camera.send(3600, false, &SPS);
    assert_eq!(camera.assembler.sets().codec(), VideoCodec::H264);
    assert_eq!(camera.oddities.get("codec_differs_from_description"), 2);
}

#[test]
fn a_unit_has_a_bound() {
    let mut camera = Camera::new();
    camera.send(0, false, &[0x7c, 0x85, 0x88, 0x84]);
    let fragment = [&[0x7c, 0x05][..], &[1; 60_000]].concat();
    for _ in 0..200 {
        camera.send(0, false, &fragment);
        assert!(camera.assembler.buffer.len() <= UNIT_MAX_BYTES);
    }
    camera.send(3600, true, &P);
    let (units, oddities) = camera.finish();
    assert_eq!((units.len(), oddities.get("unit_too_large")), (1, 1));
}

#[test]
fn a_camera_without_key_frames_is_believed_its_intra_pictures_in_the_end() {
    let mut camera = Camera::new();
    let intra = [0x41, 0x88, 0x84, 1, 2]; // slice type 7, not IDR
    for at in 0..300u32 {
        camera.send(at * 3600, true, if at % 50 == 0 { &intra } else { &P });
    }
    let (units, oddities) = camera.finish();
    let keys: Vec<_> = units.iter().filter(|unit| unit.key).map(|unit| unit.timestamp / 3600).collect();
    assert_eq!(keys, [100, 250]);
    assert_eq!(oddities.get("key_frame_guessed"), 2);
}
