//! H.264 sequence and picture parameter sets, `avcC`, codec string, and the head of a slice header.
//! Source: ITU-T H.264 §7.3.2.1, §7.3.2.2, §7.3.3, annex E; ISO/IEC 14496-15 §5.3.3.1; RFC 6381 §3.3.

use super::bits::{BitReader, unescape};
use bytes::Bytes;

/// More of a parameter set than any real one has; the rest is not read.
const SET_MAX_BYTES: usize = 4096;

/// What is known of a sequence parameter set.
#[derive(Clone, Debug, PartialEq)]
pub struct Sps {
    pub id: u8,
    pub profile: u8,
    pub constraints: u8,
    pub level: u8,
    pub chroma_format: u8,
    pub bit_depth_luma: u8,
    pub bit_depth_chroma: u8,
    /// Luma samples after cropping.
    pub width: u32,
    pub height: u32,
    pub frame_mbs_only: bool,
    pub separate_colour_planes: bool,
    pub log2_max_frame_num: u8,
    pub poc_type: u8,
    /// From VUI timing, where stated and plausible.
    pub fps: Option<f64>,
    /// Pictures that may precede another in decoding and follow it in output. `None`: not stated and
    /// not excluded by profile or picture order count type.
    pub reorder_frames: Option<u8>,
}

/// Profiles whose SPS carries chroma and depth (§7.3.2.1.1).
fn has_chroma_fields(profile: u8) -> bool {
    matches!(profile, 100 | 110 | 122 | 244 | 44 | 83 | 86 | 118 | 128 | 138 | 139 | 134 | 135)
}

/// Parses a whole NAL unit with header. `None` if it cannot be understood up to the picture's size;
/// a damaged VUI only costs what stands in it.
pub fn parse_sps(nal: &[u8]) -> Option<Sps> {
    if nal.first()? & 0x1f != 7 {
        return None;
    }
    let plain = unescape(&nal[1..], SET_MAX_BYTES);
    let mut reader = BitReader::new(&plain);
    let r = &mut reader;
    let profile = r.bits(8)? as u8;
    let constraints = r.bits(8)? as u8;
    let level = r.bits(8)? as u8;
    let id = r.ue_at_most(31)? as u8;
    let (mut chroma_format, mut bit_depth_luma, mut bit_depth_chroma) = (1, 8, 8);
    let mut separate_colour_planes = false;
    if has_chroma_fields(profile) {
        chroma_format = r.ue_at_most(3)? as u8;
        if chroma_format == 3 {
            separate_colour_planes = r.flag()?;
        }
        bit_depth_luma = 8 + r.ue_at_most(6)? as u8;
        bit_depth_chroma = 8 + r.ue_at_most(6)? as u8;
        r.flag()?; // qpprime_y_zero_transform_bypass
        if r.flag()? {
            for list in 0..if chroma_format == 3 { 12 } else { 8 } {
                if r.flag()? {
                    skip_scaling_list(r, if list < 6 { 16 } else { 64 })?;
                }
            }
        }
    }
    let log2_max_frame_num = 4 + r.ue_at_most(12)? as u8;
    let poc_type = r.ue_at_most(2)? as u8;
    if poc_type == 0 {
        r.ue_at_most(12)?;
    } else if poc_type == 1 {
        r.flag()?;
        r.se()?;
        r.se()?;
        for _ in 0..r.ue_at_most(255)? {
            r.se()?;
        }
    }
    r.ue_at_most(16)?; // max_num_ref_frames
    r.flag()?; // gaps_in_frame_num_value_allowed
    let width_mbs = r.ue_at_most(1023)? + 1;
    let height_units = r.ue_at_most(1023)? + 1;
    let frame_mbs_only = r.flag()?;
    if !frame_mbs_only {
        r.flag()?; // mb_adaptive_frame_field
    }
    r.flag()?; // direct_8x8_inference
    let mut width = width_mbs * 16;
    let mut height = height_units * 16 * if frame_mbs_only { 1 } else { 2 };
    if r.flag()? {
        let chroma_array_type = if separate_colour_planes { 0 } else { chroma_format };
        let unit_x = if matches!(chroma_array_type, 1 | 2) { 2 } else { 1 };
        let unit_y = if chroma_array_type == 1 { 2 } else { 1 } * if frame_mbs_only { 1 } else { 2 };
        let (left, right, top, bottom) = (r.ue()?, r.ue()?, r.ue()?, r.ue()?);
        // Cropping that leaves nothing is a camera's mistake: the uncropped size is nearer the truth.
        width = cropped(width, left, right, unit_x);
        height = cropped(height, top, bottom, unit_y);
    }
    let mut sps = Sps {
        id,
        profile,
        constraints,
        level,
        chroma_format,
        bit_depth_luma,
        bit_depth_chroma,
        width,
        height,
        frame_mbs_only,
        separate_colour_planes,
        log2_max_frame_num,
        poc_type,
        fps: None,
        reorder_frames: None,
    };
    if r.flag() == Some(true) {
        let _ = read_vui(r, &mut sps); // what was read before its damage stays
    }
    let never_reorders = poc_type == 2
        || profile == 66
        || (constraints & 0x10 != 0 && matches!(profile, 44 | 86 | 100 | 110 | 122 | 244));
    if never_reorders {
        sps.reorder_frames = Some(0);
    }
    Some(sps)
}

fn cropped(size: u32, before: u32, after: u32, unit: u32) -> u32 {
    let crop = (u64::from(before) + u64::from(after)) * u64::from(unit);
    if crop < u64::from(size) { size - crop as u32 } else { size }
}

fn skip_scaling_list(r: &mut BitReader<'_>, size: usize) -> Option<()> {
    let (mut last, mut next) = (8i32, 8i32);
    for _ in 0..size {
        if next != 0 {
            next = last.wrapping_add(r.se()?) & 0xff;
        }
        if next != 0 {
            last = next;
        }
    }
    Some(())
}

fn read_vui(r: &mut BitReader<'_>, sps: &mut Sps) -> Option<()> {
    if r.flag()? && r.bits(8)? == 255 {
        r.skip(32)?; // sample aspect ratio
    }
    if r.flag()? {
        r.flag()?; // overscan
    }
    if r.flag()? {
        r.skip(4)?;
        if r.flag()? {
            r.skip(24)?;
        }
    }
    if r.flag()? {
        r.ue()?;
        r.ue()?;
    }
    if r.flag()? {
        let units_in_tick = r.bits(32)?;
        let time_scale = r.bits(32)?;
        r.flag()?; // fixed_frame_rate
        let fps = f64::from(time_scale) / (2.0 * f64::from(units_in_tick));
        sps.fps = Some(fps).filter(|fps| (0.1..=480.0).contains(fps));
    }
    let nal_hrd = r.flag()?;
    if nal_hrd {
        skip_hrd(r)?;
    }
    let vcl_hrd = r.flag()?;
    if vcl_hrd {
        skip_hrd(r)?;
    }
    if nal_hrd || vcl_hrd {
        r.flag()?;
    }
    r.flag()?; // pic_struct_present
    if r.flag()? {
        r.flag()?;
        r.ue()?;
        r.ue()?;
        r.ue()?;
        r.ue()?;
        sps.reorder_frames = Some(r.ue_at_most(16)? as u8);
    }
    Some(())
}

fn skip_hrd(r: &mut BitReader<'_>) -> Option<()> {
    let count = r.ue_at_most(31)? + 1;
    r.skip(8)?;
    for _ in 0..count {
        r.ue()?;
        r.ue()?;
        r.flag()?;
    }
    r.skip(20)
}

/// What is known of a picture parameter set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pps {
    pub id: u8,
    pub sps_id: u8,
}

/// Parses a whole NAL unit with header.
pub fn parse_pps(nal: &[u8]) -> Option<Pps> {
    if nal.first()? & 0x1f != 8 {
        return None;
    }
    let plain = unescape(&nal[1..], 16);
    let mut reader = BitReader::new(&plain);
    Some(Pps { id: reader.ue_at_most(255)? as u8, sps_id: reader.ue_at_most(31)? as u8 })
}

/// The head of a slice header (§7.3.3): enough to tell where a picture begins and which sets it uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SliceHead {
    pub first_mb: u32,
    pub slice_type: u8,
    pub pps_id: u8,
}

impl SliceHead {
    /// Intra only (slice types I and SI, also in their "all slices alike" forms).
    pub fn is_intra(&self) -> bool {
        matches!(self.slice_type % 5, 2 | 4)
    }
}

/// Parses the head of a slice NAL unit (types 1, 2, 5); needs its first few bytes only.
pub fn parse_slice_head(nal: &[u8]) -> Option<SliceHead> {
    let plain = unescape(nal.get(1..nal.len().min(20))?, 16);
    let mut reader = BitReader::new(&plain);
    Some(SliceHead {
        first_mb: reader.ue()?,
        slice_type: reader.ue_at_most(9)? as u8,
        pps_id: reader.ue_at_most(255)? as u8,
    })
}

/// Body of `avcC` with 4-byte lengths. `None` without an SPS of at least 4 bytes or without a PPS.
pub fn avcc(sps: &[Bytes], pps: &[Bytes]) -> Option<Bytes> {
    let first = sps.first().filter(|nal| nal.len() >= 4)?;
    if pps.is_empty() {
        return None;
    }
    let mut body = vec![1, first[1], first[2], first[3], 0xff];
    let sps_count = sps.len().min(31);
    body.push(0xe0 | sps_count as u8);
    for nal in &sps[..sps_count] {
        push_sized(&mut body, nal)?;
    }
    let pps_count = pps.len().min(255);
    body.push(pps_count as u8);
    for nal in &pps[..pps_count] {
        push_sized(&mut body, nal)?;
    }
    if matches!(first[1], 100 | 110 | 122 | 144) {
        let (chroma, luma_depth, chroma_depth) = parse_sps(first)
            .map_or((1, 8, 8), |sps| (sps.chroma_format, sps.bit_depth_luma, sps.bit_depth_chroma));
        body.extend([0xfc | chroma, 0xf8 | (luma_depth - 8), 0xf8 | (chroma_depth - 8), 0]);
    }
    Some(body.into())
}

/// The sets of an `avcC` body; `None` if the bytes are none.
pub fn sets_of_avcc(body: &[u8]) -> Option<Vec<Bytes>> {
    let [1, _, _, _, _, sps_count, rest @ ..] = body else { return None };
    let (mut sets, mut rest) = (Vec::new(), rest);
    for _ in 0..sps_count & 0x1f {
        sets.push(take_sized(&mut rest)?);
    }
    let (pps_count, after) = rest.split_first()?;
    rest = after;
    for _ in 0..*pps_count {
        sets.push(take_sized(&mut rest)?);
    }
    (!sets.is_empty()).then_some(sets)
}

fn take_sized(rest: &mut &[u8]) -> Option<Bytes> {
    let (size, after) = rest.split_first_chunk()?;
    let (nal, after) = after.split_at_checked(usize::from(u16::from_be_bytes(*size)))?;
    *rest = after;
    Some(Bytes::copy_from_slice(nal))
}

fn push_sized(body: &mut Vec<u8>, nal: &[u8]) -> Option<()> {
    body.extend(u16::try_from(nal.len()).ok()?.to_be_bytes());
    body.extend_from_slice(nal);
    Some(())
}

/// `avc1.PPCCLL` from the first bytes of an SPS.
pub fn codec_string(sps: &[u8]) -> Option<String> {
    let bytes = sps.get(1..4)?;
    Some(format!("avc1.{:02x}{:02x}{:02x}", bytes[0], bytes[1], bytes[2]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    }

    #[test]
    fn sizes_and_rates_are_read() {
        // made by x264: 1920x1080, High 4.0, 25 f/s, two reordered frames
        let sps = parse_sps(&hex("67640028acd940780227e5c044000003000400000300c83c60c658")).unwrap();
        assert_eq!((sps.width, sps.height, sps.profile, sps.level), (1920, 1080, 100, 40));
        assert_eq!(sps.fps, Some(25.0));
        assert_eq!(sps.reorder_frames, Some(2));
        assert_eq!(codec_string(&hex("67640028")).unwrap(), "avc1.640028");
        // Baseline, 640x480, no VUI
        let sps = parse_sps(&hex("6742c01ed900a03d90")).unwrap();
        assert_eq!((sps.width, sps.height), (640, 480));
        assert_eq!((sps.fps, sps.reorder_frames), (None, Some(0)));
    }

    #[test]
    fn a_truncated_sps_is_refused_or_partly_known_but_never_a_panic() {
        let whole = hex("67640028acd940780227e5c044000003000400000300c83c60c658");
        for length in 0..whole.len() {
            if let Some(sps) = parse_sps(&whole[..length]) {
                assert_eq!((sps.width, sps.height), (1920, 1080), "at {length}");
            }
        }
    }

    #[test]
    fn a_scaling_list_that_leaps_beyond_any_number_is_read_on() {
        // High, one scaling list, whose first delta is 2^31 - 1
        assert_eq!(parse_sps(&hex("6764000aad80000000fffffffeff")), None);
    }

    #[test]
    fn avcc_carries_depth_for_high_and_refuses_half_a_set() {
        let sps = Bytes::from(hex("67640028acd940780227e5c044000003000400000300c83c60c658"));
        let pps = Bytes::from_static(&[0x68, 0xeb, 0xe3, 0xcb]);
        let body = avcc(std::slice::from_ref(&sps), std::slice::from_ref(&pps)).unwrap();
        assert_eq!(&body[..6], [1, 0x64, 0, 0x28, 0xff, 0xe1]);
        assert_eq!(&body[body.len() - 4..], [0xfd, 0xf8, 0xf8, 0]);
        assert_eq!(sets_of_avcc(&body).unwrap(), [sps.clone(), pps.clone()]);
        assert_eq!(sets_of_avcc(&body[..20]), None);
        assert_eq!(avcc(std::slice::from_ref(&sps), &[]), None);
        assert_eq!(avcc(&[Bytes::from_static(&[0x67])], &[pps]), None);
    }

    #[test]
    fn slice_heads_tell_where_a_picture_begins() {
        let head = parse_slice_head(&[0x65, 0x88, 0x84, 0x00]).unwrap();
        assert_eq!(head, SliceHead { first_mb: 0, slice_type: 7, pps_id: 0 });
        assert!(head.is_intra());
        assert_eq!(parse_slice_head(&[0x65]), None);
    }
}
