//! H.265 video, sequence and picture parameter sets, `hvcC` and codec string.
//! Source: ITU-T H.265 §7.3.2, §7.3.3, annex E; ISO/IEC 14496-15 §8.3.3.1 and annex E.3.

use super::bits::{BitReader, unescape};
use bytes::Bytes;

const SET_MAX_BYTES: usize = 4096;

/// NAL unit types (table 7-1).
pub const VPS: u8 = 32;
pub const SPS: u8 = 33;
pub const PPS: u8 = 34;

/// Type of a NAL unit from its first byte.
pub fn nal_type(first: u8) -> u8 {
    first >> 1 & 0x3f
}

/// What is known of a sequence parameter set.
#[derive(Clone, Debug, PartialEq)]
pub struct Sps {
    pub id: u8,
    /// `general_profile_space` … `general_level_idc`, 12 bytes as they stand in `hvcC`.
    pub profile_tier_level: [u8; 12],
    pub temporal_layers: u8,
    pub temporal_id_nested: bool,
    pub chroma_format: u8,
    pub bit_depth_luma: u8,
    pub bit_depth_chroma: u8,
    pub width: u32,
    pub height: u32,
    pub fps: Option<f64>,
    pub reorder_frames: Option<u8>,
}

/// Parses a whole NAL unit with its 2-byte header. Damage after the picture's size costs only what
/// stands there.
pub fn parse_sps(nal: &[u8]) -> Option<Sps> {
    if nal.len() < 3 || nal_type(nal[0]) != SPS {
        return None;
    }
    let plain = unescape(&nal[2..], SET_MAX_BYTES);
    let mut reader = BitReader::new(&plain);
    let r = &mut reader;
    r.skip(4)?;
    let max_sub_layers_minus1 = r.bits(3).filter(|layers| *layers <= 6)?;
    let temporal_id_nested = r.flag()?;
    let profile_tier_level: [u8; 12] = plain.get(1..13)?.try_into().ok()?;
    r.skip(96)?;
    skip_sub_layer_profiles(r, max_sub_layers_minus1)?;
    let id = r.ue_at_most(15)? as u8;
    let chroma_format = r.ue_at_most(3)? as u8;
    let separate_colour_planes = chroma_format == 3 && r.flag()?;
    let coded_width = r.ue_at_most(65_535).filter(|width| *width > 0)?;
    let coded_height = r.ue_at_most(65_535).filter(|height| *height > 0)?;
    let (mut width, mut height) = (coded_width, coded_height);
    if r.flag()? {
        let unit_x = if !separate_colour_planes && matches!(chroma_format, 1 | 2) { 2 } else { 1 };
        let unit_y = if !separate_colour_planes && chroma_format == 1 { 2 } else { 1 };
        let (left, right, top, bottom) = (r.ue()?, r.ue()?, r.ue()?, r.ue()?);
        width = cropped(width, left, right, unit_x);
        height = cropped(height, top, bottom, unit_y);
    }
    let mut sps = Sps {
        id,
        profile_tier_level,
        temporal_layers: max_sub_layers_minus1 as u8 + 1,
        temporal_id_nested,
        chroma_format,
        bit_depth_luma: 8,
        bit_depth_chroma: 8,
        width,
        height,
        fps: None,
        reorder_frames: None,
    };
    let _ = read_rest(r, &mut sps, max_sub_layers_minus1); // what was read before its damage stays
    Some(sps)
}

fn cropped(size: u32, before: u32, after: u32, unit: u32) -> u32 {
    let crop = (u64::from(before) + u64::from(after)) * u64::from(unit);
    if crop < u64::from(size) { size - crop as u32 } else { size }
}

fn skip_sub_layer_profiles(r: &mut BitReader<'_>, max_sub_layers_minus1: u32) -> Option<()> {
    let mut present = [(false, false); 8];
    for slot in present.iter_mut().take(max_sub_layers_minus1 as usize) {
        *slot = (r.flag()?, r.flag()?);
    }
    if max_sub_layers_minus1 > 0 {
        r.skip(2 * (8 - max_sub_layers_minus1 as usize))?;
    }
    for (profile, level) in present.into_iter().take(max_sub_layers_minus1 as usize) {
        r.skip(if profile { 88 } else { 0 } + if level { 8 } else { 0 })?;
    }
    Some(())
}

fn read_rest(r: &mut BitReader<'_>, sps: &mut Sps, max_sub_layers_minus1: u32) -> Option<()> {
    sps.bit_depth_luma = 8 + r.ue_at_most(8)? as u8;
    sps.bit_depth_chroma = 8 + r.ue_at_most(8)? as u8;
    let log2_max_poc_lsb = 4 + r.ue_at_most(12)?;
    let first = if r.flag()? { 0 } else { max_sub_layers_minus1 };
    let mut reorder = 0;
    for _ in first..=max_sub_layers_minus1 {
        r.ue()?;
        reorder = r.ue_at_most(16)?;
        r.ue()?;
    }
    sps.reorder_frames = Some(reorder as u8);
    for _ in 0..6 {
        r.ue()?; // coding block, transform block sizes and depths
    }
    if r.flag()? && r.flag()? {
        skip_scaling_lists(r)?;
    }
    r.skip(2)?; // amp, sample adaptive offset
    if r.flag()? {
        r.skip(8)?;
        r.ue()?;
        r.ue()?;
        r.flag()?;
    }
    let sets = r.ue_at_most(64)?;
    let mut pictures = Vec::with_capacity(sets as usize);
    for index in 0..sets {
        let count = skip_short_term_set(r, index, &pictures)?;
        pictures.push(count);
    }
    if r.flag()? {
        for _ in 0..r.ue_at_most(32)? {
            r.skip(log2_max_poc_lsb as usize + 1)?;
        }
    }
    r.skip(2)?; // temporal mvp, strong intra smoothing
    if r.flag()? {
        sps.fps = read_vui_rate(r)?;
    }
    Some(())
}

fn skip_scaling_lists(r: &mut BitReader<'_>) -> Option<()> {
    for size in 0..4 {
        for _ in (0..6).step_by(if size == 3 { 3 } else { 1 }) {
            if !r.flag()? {
                r.ue()?;
                continue;
            }
            if size > 1 {
                r.se()?;
            }
            for _ in 0..64.min(1 << (4 + (size << 1))) {
                r.se()?;
            }
        }
    }
    Some(())
}

/// Answers how many pictures the set names (§7.3.7).
fn skip_short_term_set(r: &mut BitReader<'_>, index: u32, before: &[u32]) -> Option<u32> {
    if index > 0 && r.flag()? {
        r.flag()?;
        r.ue()?;
        let mut count = 0;
        for _ in 0..=*before.last()? {
            let used = r.flag()?;
            if used || r.flag()? {
                count += 1;
            }
        }
        return Some(count);
    }
    let (negative, positive) = (r.ue_at_most(16)?, r.ue_at_most(16)?);
    for _ in 0..negative + positive {
        r.ue()?;
        r.flag()?;
    }
    Some(negative + positive)
}

fn read_vui_rate(r: &mut BitReader<'_>) -> Option<Option<f64>> {
    if r.flag()? && r.bits(8)? == 255 {
        r.skip(32)?;
    }
    if r.flag()? {
        r.flag()?;
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
    r.skip(3)?; // neutral chroma, field sequence, frame/field info
    if r.flag()? {
        for _ in 0..4 {
            r.ue()?; // default display window
        }
    }
    if !r.flag()? {
        return Some(None);
    }
    let units_in_tick = r.bits(32)?;
    let time_scale = r.bits(32)?;
    let fps = f64::from(time_scale) / f64::from(units_in_tick);
    Some(Some(fps).filter(|fps| (0.1..=480.0).contains(fps)))
}

/// Identity of a picture parameter set: its own id and that of its SPS.
pub fn parse_pps(nal: &[u8]) -> Option<(u8, u8)> {
    if nal.len() < 3 || nal_type(nal[0]) != PPS {
        return None;
    }
    let plain = unescape(&nal[2..], 16);
    let mut reader = BitReader::new(&plain);
    Some((reader.ue_at_most(63)? as u8, reader.ue_at_most(15)? as u8))
}

/// Identity of a video parameter set.
pub fn parse_vps(nal: &[u8]) -> Option<u8> {
    if nal.len() < 3 || nal_type(nal[0]) != VPS {
        return None;
    }
    Some(nal[2] >> 4)
}

/// Body of `hvcC` with 4-byte lengths, all arrays complete (`hvc1`). `None` if a kind is missing or the
/// SPS cannot be read.
pub fn hvcc(vps: &[Bytes], sps: &[Bytes], pps: &[Bytes]) -> Option<Bytes> {
    let parsed = parse_sps(sps.first()?)?;
    if vps.is_empty() || pps.is_empty() {
        return None;
    }
    let mut body = vec![1];
    body.extend(parsed.profile_tier_level);
    body.extend([0xf0, 0, 0xfc, 0xfc | parsed.chroma_format]);
    body.extend([0xf8 | (parsed.bit_depth_luma - 8), 0xf8 | (parsed.bit_depth_chroma - 8), 0, 0]);
    body.push(parsed.temporal_layers << 3 | u8::from(parsed.temporal_id_nested) << 2 | 3);
    body.push(3);
    for (kind, nals) in [(VPS, vps), (SPS, sps), (PPS, pps)] {
        body.push(0x80 | kind);
        body.extend(u16::try_from(nals.len()).ok()?.to_be_bytes());
        for nal in nals {
            body.extend(u16::try_from(nal.len()).ok()?.to_be_bytes());
            body.extend_from_slice(nal);
        }
    }
    Some(body.into())
}

/// `hvc1.…` as ISO/IEC 14496-15 annex E.3 spells it.
pub fn codec_string(sps: &Sps) -> String {
    let tier = &sps.profile_tier_level;
    let space = ["", "A", "B", "C"][usize::from(tier[0] >> 6)];
    let compatibility = u32::from_be_bytes([tier[1], tier[2], tier[3], tier[4]]).reverse_bits();
    let letter = if tier[0] & 0x20 == 0 { 'L' } else { 'H' };
    let mut text = format!("hvc1.{space}{}.{compatibility:x}.{letter}{}", tier[0] & 0x1f, tier[11]);
    let constraints = &tier[5..11];
    let used = constraints.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    for byte in &constraints[..used] {
        text.push_str(&format!(".{byte:x}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    }

    /// x265, 320x180 at 25 f/s, Main, level 2.0.
    const X265: &str =
        "42010101600000030090000003000003003ca00a080b9f796564924caf016808000003000800000300c840";

    #[test]
    fn sizes_rates_and_codec_string_are_read() {
        let sps = parse_sps(&hex(X265)).unwrap();
        assert_eq!((sps.width, sps.height), (320, 180));
        assert_eq!(sps.fps, Some(25.0));
        assert_eq!(sps.reorder_frames, Some(2));
        assert_eq!(codec_string(&sps), "hvc1.1.6.L60.90");
    }

    #[test]
    fn a_truncated_sps_is_refused_or_partly_known_but_never_a_panic() {
        let whole = hex(X265);
        for length in 0..whole.len() {
            if let Some(sps) = parse_sps(&whole[..length]) {
                assert_eq!(sps.width, 320, "at {length}");
            }
        }
    }

    #[test]
    fn hvcc_needs_all_three_kinds() {
        let sps = Bytes::from(hex(X265));
        let (vps, pps) = (Bytes::from_static(&[0x40, 1, 0x0c]), Bytes::from_static(&[0x44, 1, 0xc1]));
        let body = hvcc(std::slice::from_ref(&vps), std::slice::from_ref(&sps), &[pps]).unwrap();
        assert_eq!((body[0], body[22]), (1, 3));
        assert_eq!(hvcc(&[vps], &[sps], &[]), None);
    }
}
