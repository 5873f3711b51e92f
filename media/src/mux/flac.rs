//! G.711 → linear PCM → FLAC, without loss, so that browsers can hear it (Chromium refuses G.711 in
//! MP4 and plays FLAC in MP4).
//!
//! One access unit becomes one FLAC frame (RFC 9639) of variable block size with fixed predictors and
//! one Rice partition. About 3 µs for 20 ms of 8 kHz sound. Stateless: any unit can be the first.

use crate::frame::{AccessUnit, AudioCodec, TICKS_PER_SECOND};
use bytes::Bytes;

/// Body length of a STREAMINFO block (RFC 9639 §8.2).
pub const STREAM_INFO_BYTES: usize = 34;
/// Samples a frame can hold; longer units are refused (8 s of telephone sound in one packet).
pub const MAX_BLOCK: usize = 65_535;

/// STREAMINFO for frames of this module: any block size, 16 bits, unknown length and MD5.
pub fn stream_info(sample_rate: u32, channels: u8) -> [u8; STREAM_INFO_BYTES] {
    let mut info = [0; STREAM_INFO_BYTES];
    info[0..2].copy_from_slice(&16u16.to_be_bytes()); // smallest block
    info[2..4].copy_from_slice(&(MAX_BLOCK as u16).to_be_bytes());
    let packed =
        u64::from(sample_rate & 0xF_FFFF) << 44 | u64::from(channels.clamp(1, 8) - 1) << 41 | 15 << 36;
    info[10..18].copy_from_slice(&packed.to_be_bytes());
    info
}

/// One G.711 access unit as one FLAC frame. `None` if the unit is not G.711, empty or too long.
///
/// `origin` is the tick at which sample 0 of the stream would lie; it only numbers the frame.
pub fn frame(unit: &AccessUnit, origin: i64) -> Option<Bytes> {
    let audio = unit.format.audio.as_ref()?;
    let channels = usize::from(audio.channels.clamp(1, 2));
    let block = unit.payload.len() / channels;
    if block == 0 || block > MAX_BLOCK {
        return None;
    }
    let expand: fn(u8) -> i32 = match audio.codec {
        AudioCodec::Pcma => alaw_to_linear,
        AudioCodec::Pcmu => ulaw_to_linear,
        AudioCodec::Aac => return None,
    };
    let number = (unit.pts - origin).max(0) * i64::from(audio.sample_rate) / TICKS_PER_SECOND;
    let mut bits = BitWriter::with_capacity(unit.payload.len() * 2 + 32);
    frame_header(&mut bits, block, channels, number as u64);
    let mut samples = Vec::with_capacity(block);
    for channel in 0..channels {
        samples.clear();
        samples.extend(unit.payload.iter().skip(channel).step_by(channels).take(block).map(|&b| expand(b)));
        subframe(&mut bits, &mut samples);
    }
    bits.align();
    let check = crc16(&bits.out);
    bits.out.extend_from_slice(&check.to_be_bytes());
    Some(Bytes::from(bits.out))
}

/// ITU-T G.711 A-law, as 16-bit linear.
pub fn alaw_to_linear(code: u8) -> i32 {
    let code = code ^ 0x55;
    let exponent = i32::from(code >> 4 & 7);
    let mantissa = i32::from(code & 15) << 4;
    let magnitude = if exponent == 0 { mantissa + 8 } else { (mantissa + 0x108) << (exponent - 1) };
    if code & 0x80 != 0 { magnitude } else { -magnitude }
}

/// ITU-T G.711 µ-law, as 16-bit linear.
pub fn ulaw_to_linear(code: u8) -> i32 {
    let code = !code;
    let magnitude = (((i32::from(code & 15) << 3) + 0x84) << (code >> 4 & 7)) - 0x84;
    if code & 0x80 != 0 { -magnitude } else { magnitude }
}

/// RFC 9639 §9.1: sync code, variable block size, size in 16 bits, rate from STREAMINFO, 16 bits.
fn frame_header(bits: &mut BitWriter, block: usize, channels: usize, number: u64) {
    bits.put(0b1111_1111_1111_1001, 16);
    bits.put(0b0111, 4);
    bits.put(0, 4);
    bits.put(channels as u32 - 1, 4);
    bits.put(0b1000, 4); // 16 bits, reserved 0
    coded_number(bits, number & 0xF_FFFF_FFFF);
    bits.put(block as u32 - 1, 16);
    let check = crc8(&bits.out);
    bits.put(u32::from(check), 8);
}

/// UTF-8-like number of up to 36 bits (§9.1.5).
fn coded_number(bits: &mut BitWriter, number: u64) {
    if number < 0x80 {
        return bits.put(number as u32, 8);
    }
    let width = 64 - number.leading_zeros();
    let followers = (2..=7).find(|n| width <= n * 5 + 1 || *n == 7).map_or(6, |n| n - 1);
    let lead = (0xFF00u32 >> (followers + 1)) & 0xFF;
    bits.put(lead | (number >> (6 * followers)) as u32, 8);
    for n in (0..followers).rev() {
        bits.put(0x80 | (number >> (6 * n)) as u32 & 0x3F, 8);
    }
}

/// §9.2: constant, or fixed predictor of order 0–4 with one Rice partition; verbatim where that is longer.
fn subframe(bits: &mut BitWriter, samples: &mut [i32]) {
    let wasted = samples.iter().fold(0, |all, s| all | s).trailing_zeros().min(15);
    if samples.iter().all(|s| *s == samples[0]) {
        bits.put(0, 8);
        return bits.put(samples[0] as u32 & 0xFFFF, 16);
    }
    for sample in samples.iter_mut() {
        *sample >>= wasted;
    }
    let width = 16 - wasted;
    let (order, rice, cost) = best_order(samples);
    let verbatim = samples.len() * width as usize <= cost + 10 + order * width as usize;
    let kind = if verbatim { 1 } else { 8 + order as u32 };
    bits.put(kind << 1 | u32::from(wasted > 0), 8);
    if wasted > 0 {
        bits.put(1, wasted); // unary: wasted - 1 zeros, then one
    }
    if verbatim {
        samples.iter().for_each(|s| bits.put_signed(*s, width));
        return;
    }
    samples[..order].iter().for_each(|s| bits.put_signed(*s, width));
    bits.put(0, 2); // 4-bit Rice parameters
    bits.put(0, 4); // one partition
    bits.put(rice, 4);
    for at in order..samples.len() {
        bits.rice(zigzag(residual(samples, at, order)), rice);
    }
}

fn best_order(samples: &[i32]) -> (usize, u32, usize) {
    let most = (samples.len() - 1).min(4);
    let mut best = (0, 0, usize::MAX);
    for order in 0..=most {
        let count = samples.len() - order;
        let sum: u64 = (order..samples.len()).map(|at| u64::from(zigzag(residual(samples, at, order)))).sum();
        let mean = sum / count as u64;
        let rice = (64 - mean.leading_zeros()).saturating_sub(1).min(14);
        let cost = count * (rice as usize + 1) + (sum >> rice) as usize;
        if cost < best.2 {
            best = (order, rice, cost);
        }
    }
    best
}

/// §9.2.5, table of fixed predictors.
fn residual(s: &[i32], at: usize, order: usize) -> i32 {
    match order {
        0 => s[at],
        1 => s[at] - s[at - 1],
        2 => s[at] - 2 * s[at - 1] + s[at - 2],
        3 => s[at] - 3 * s[at - 1] + 3 * s[at - 2] - s[at - 3],
        _ => s[at] - 4 * s[at - 1] + 6 * s[at - 2] - 4 * s[at - 3] + s[at - 4],
    }
}

fn zigzag(value: i32) -> u32 {
    ((value << 1) ^ (value >> 31)) as u32
}

struct BitWriter {
    out: Vec<u8>,
    held: u64,
    count: u32,
}

impl BitWriter {
    fn with_capacity(bytes: usize) -> Self {
        Self { out: Vec::with_capacity(bytes), held: 0, count: 0 }
    }

    fn put(&mut self, value: u32, width: u32) {
        self.held = self.held << width | u64::from(value) & ((1 << width) - 1);
        self.count += width;
        while self.count >= 8 {
            self.count -= 8;
            self.out.push((self.held >> self.count) as u8);
        }
    }

    fn put_signed(&mut self, value: i32, width: u32) {
        self.put(value as u32, width);
    }

    fn rice(&mut self, value: u32, parameter: u32) {
        let mut zeros = value >> parameter;
        while zeros > 31 {
            self.put(0, 31);
            zeros -= 31;
        }
        self.put(1, zeros + 1);
        self.put(value, parameter);
    }

    fn align(&mut self) {
        if self.count > 0 {
            self.put(0, 8 - self.count);
        }
    }
}

/// Polynomial x^8 + x^2 + x + 1.
fn crc8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ byte, |crc, _| if crc & 0x80 != 0 { crc << 1 ^ 0x07 } else { crc << 1 })
    })
}

const CRC16: [u16; 256] = crc16_table();

/// Polynomial x^16 + x^15 + x^2 + 1.
const fn crc16_table() -> [u16; 256] {
    let mut table = [0; 256];
    let mut n = 0;
    while n < 256 {
        let mut crc = (n as u16) << 8;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 0x8000 != 0 { crc << 1 ^ 0x8005 } else { crc << 1 };
            bit += 1;
        }
        table[n] = crc;
        n += 1;
    }
    table
}

fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| crc << 8 ^ CRC16[usize::from((crc >> 8) as u8 ^ byte)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_law_and_mu_law_reach_the_known_extremes() {
        assert_eq!(alaw_to_linear(0xD5), 8);
        assert_eq!(alaw_to_linear(0x55), -8);
        assert_eq!(alaw_to_linear(0xAA), 32_256);
        assert_eq!(ulaw_to_linear(0xFF), 0);
        assert_eq!(ulaw_to_linear(0x80), 32_124);
        assert_eq!(ulaw_to_linear(0x00), -32_124);
    }

    #[test]
    fn frame_numbers_are_coded_like_utf_8() {
        let coded = |n| {
            let mut bits = BitWriter::with_capacity(8);
            coded_number(&mut bits, n);
            bits.out
        };
        assert_eq!(coded(0x7F), [0x7F]);
        assert_eq!(coded(0x80), [0xC2, 0x80]);
        assert_eq!(coded(0x7FF), [0xDF, 0xBF]);
        assert_eq!(coded(0x20AC), [0xE2, 0x82, 0xAC]);
        assert_eq!(coded(0x1_0348), [0xF0, 0x90, 0x8D, 0x88]);
        assert_eq!(coded(0xF_FFFF_FFFF).len(), 7);
        assert_eq!(coded(0xF_FFFF_FFFF)[0], 0xFE);
    }
}
