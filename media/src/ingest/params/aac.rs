//! AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1) and StreamMuxConfig of LATM (§1.7.3).

use super::bits::BitReader;
use bytes::Bytes;

/// Sampling frequency by index (table 1.18).
pub const SAMPLE_RATES: [u32; 13] =
    [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];

/// What is known of an AudioSpecificConfig.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AacConfig {
    pub object_type: u8,
    /// Of the core coder, Hz.
    pub sample_rate: u32,
    /// 0 where a program configuration element says it.
    pub channels: u8,
    /// PCM samples of the core coder a frame.
    pub frame_samples: u32,
    /// The configuration itself.
    pub bytes: Bytes,
}

/// Parses a configuration that starts at a byte. `None` unless it names a codec of the AAC family.
pub fn parse_config(bytes: &[u8]) -> Option<AacConfig> {
    let mut reader = BitReader::new(bytes);
    let mut config = read_config(&mut reader)?;
    config.bytes = Bytes::copy_from_slice(&bytes[..bytes.len().min(64)]);
    Some(config)
}

/// Makes the two bytes of a plain AAC-LC configuration; the nearest listed rate is taken.
pub fn plain_config(sample_rate: u32, channels: u8) -> AacConfig {
    let nearest = |index: &usize| SAMPLE_RATES[*index].abs_diff(sample_rate);
    let index = (0..SAMPLE_RATES.len()).min_by_key(nearest).unwrap_or(4);
    let channels = channels.clamp(1, 7);
    let bytes = [2 << 3 | (index >> 1) as u8, ((index & 1) << 7) as u8 | channels << 3];
    AacConfig {
        object_type: 2,
        sample_rate: SAMPLE_RATES[index],
        channels,
        frame_samples: 1024,
        bytes: Bytes::copy_from_slice(&bytes),
    }
}

fn read_object_type(r: &mut BitReader<'_>) -> Option<u8> {
    match r.bits(5)? {
        31 => Some(32 + r.bits(6)? as u8),
        small => Some(small as u8),
    }
}

fn read_rate(r: &mut BitReader<'_>) -> Option<u32> {
    match r.bits(4)? {
        15 => r.bits(24),
        index => SAMPLE_RATES.get(index as usize).copied(),
    }
    .filter(|rate| (1_000..=768_000).contains(rate))
}

fn read_config(r: &mut BitReader<'_>) -> Option<AacConfig> {
    let mut object_type = read_object_type(r)?;
    let sample_rate = read_rate(r)?;
    let channels = match r.bits(4)? {
        count @ 0..=6 => count as u8,
        7 | 12 | 14 => 8,
        11 => 7,
        _ => return None,
    };
    if matches!(object_type, 5 | 29) {
        read_rate(r)?; // rate after spectral band replication
        object_type = read_object_type(r)?;
    }
    if !matches!(object_type, 1..=4 | 6 | 17 | 19 | 20 | 23 | 39 | 42) {
        return None;
    }
    let short = r.flag().unwrap_or(false);
    let long_frame = match object_type {
        23 | 39 => 512,
        _ => 1024,
    };
    let frame_samples = if !short {
        long_frame
    } else if long_frame == 512 {
        480
    } else {
        960
    };
    if r.flag() == Some(true) {
        r.skip(14)?; // delay of the core coder
    }
    let extension = r.flag().unwrap_or(false);
    if matches!(object_type, 6 | 20) {
        r.skip(3)?;
    }
    if extension {
        if matches!(object_type, 17 | 19 | 20 | 23) {
            r.skip(3)?;
        }
        r.flag()?;
    }
    Some(AacConfig { object_type, sample_rate, channels, frame_samples, bytes: Bytes::new() })
}

/// How frames lie in an AudioMuxElement (§1.7.3): one program, one layer, as cameras send it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LatmConfig {
    pub aac: AacConfig,
    pub sub_frames: u32,
    /// Bits of other data behind each AudioMuxElement.
    pub other_data_bits: u32,
}

/// Parses a StreamMuxConfig at the reader, and leaves the reader behind it. Answers `None` for the
/// shapes that no camera sends: several programs or layers, fixed frame lengths.
pub fn read_stream_mux_config(whole: &[u8], r: &mut BitReader<'_>) -> Option<LatmConfig> {
    let version = r.flag()?;
    if version && r.flag()? {
        return None; // audioMuxVersionA is reserved
    }
    if version {
        read_latm_value(r)?;
    }
    let all_same_time = r.flag()?;
    let sub_frames = r.bits(6)? + 1;
    let (programs, layers) = (r.bits(4)?, r.bits(3)?);
    if !all_same_time || programs != 0 || layers != 0 {
        return None;
    }
    let told_bits = if version { Some(read_latm_value(r)? as usize) } else { None };
    let from = r.position();
    let mut aac = read_config(r)?;
    let used = r.position() - from;
    let config_bits = told_bits.unwrap_or(used);
    aac.bytes = copy_bits(whole, from, config_bits.min(64 * 8))?;
    if let Some(told) = told_bits {
        r.skip(told.checked_sub(used)?)?;
    }
    if r.bits(3)? != 0 {
        return None; // frameLengthType
    }
    r.skip(8)?; // latmBufferFullness
    let mut other_data_bits = 0u32;
    if r.flag()? {
        if version {
            other_data_bits = read_latm_value(r)?;
        } else {
            loop {
                let more = r.flag()?;
                other_data_bits = other_data_bits.checked_mul(256)?.checked_add(r.bits(8)?)?;
                if !more {
                    break;
                }
            }
        }
    }
    if r.flag()? {
        r.skip(8)?; // crcCheckSum
    }
    Some(LatmConfig { aac, sub_frames, other_data_bits })
}

fn read_latm_value(r: &mut BitReader<'_>) -> Option<u32> {
    let bytes = r.bits(2)? + 1;
    r.bits(8 * bytes)
}

/// Copies `count` bits from bit `from` to a byte boundary, padded with zeros.
pub fn copy_bits(whole: &[u8], from: usize, count: usize) -> Option<Bytes> {
    let mut reader = BitReader::new(whole);
    reader.skip(from)?;
    let mut copied = Vec::with_capacity(count.div_ceil(8));
    for _ in 0..count / 8 {
        copied.push(reader.bits(8)? as u8);
    }
    let rest = (count % 8) as u32;
    if rest > 0 {
        copied.push((reader.bits(rest)? << (8 - rest)) as u8);
    }
    Some(copied.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_configurations_round_trip() {
        for (rate, channels, bytes) in [(44_100, 2, [0x12, 0x10]), (8_000, 1, [0x15, 0x88])] {
            let made = plain_config(rate, channels);
            assert_eq!(made.bytes[..], bytes);
            assert_eq!(parse_config(&made.bytes).unwrap(), made);
        }
    }

    #[test]
    fn band_replication_names_the_core() {
        // AOT 5, 22.05 kHz core, stereo, 44.1 kHz out, AOT 2
        let config = parse_config(&[0x2b, 0x92, 0x08, 0x00]).unwrap();
        assert_eq!((config.object_type, config.sample_rate, config.channels), (2, 22_050, 2));
    }

    #[test]
    fn what_is_no_aac_is_refused() {
        for bytes in [&[][..], &[0x12], &[0xff, 0xff, 0xff, 0xff], &[0x00, 0x00]] {
            assert_eq!(parse_config(bytes), None);
        }
    }

    #[test]
    fn a_stream_mux_config_as_fmtp_carries_it_is_read() {
        // RFC 6416 §7.4: config=400026203fc0, 24 kHz mono AAC-LC
        let bytes = [0x40, 0x00, 0x26, 0x20, 0x3f, 0xc0];
        let mut reader = BitReader::new(&bytes);
        let config = read_stream_mux_config(&bytes, &mut reader).unwrap();
        assert_eq!((config.aac.sample_rate, config.aac.channels, config.sub_frames), (24_000, 2, 1));
        assert_eq!(config.aac.object_type, 2);
        assert_eq!(parse_config(&config.aac.bytes).unwrap().sample_rate, 24_000);
    }
}
