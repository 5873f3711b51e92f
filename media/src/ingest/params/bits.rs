//! Reading of bit fields and Exp-Golomb codes (ITU-T H.264 §9.1) from an unescaped payload.
//! Knows no syntax element; running out of bits is an answer (`None`), never a panic.

/// Reads bits from the most significant end of each byte.
#[derive(Clone, Debug)]
pub struct BitReader<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> BitReader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, position: 0 }
    }

    /// Bits read so far.
    pub fn position(&self) -> usize {
        self.position
    }

    pub fn remaining(&self) -> usize {
        self.bytes.len() * 8 - self.position
    }

    pub fn flag(&mut self) -> Option<bool> {
        let byte = *self.bytes.get(self.position / 8)?;
        let bit = byte >> (7 - self.position % 8) & 1;
        self.position += 1;
        Some(bit == 1)
    }

    /// `count` ≤ 32 bits, most significant first.
    pub fn bits(&mut self, count: u32) -> Option<u32> {
        if self.remaining() < count as usize {
            return None;
        }
        let mut value = 0u64;
        for _ in 0..count {
            value = value << 1 | u64::from(self.flag()?);
        }
        u32::try_from(value).ok()
    }

    pub fn skip(&mut self, count: usize) -> Option<()> {
        if self.remaining() < count {
            return None;
        }
        self.position += count;
        Some(())
    }

    /// `ue(v)`; codes longer than 32 bits do not occur in parameter sets and answer `None`.
    pub fn ue(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while !self.flag()? {
            zeros += 1;
            if zeros > 31 {
                return None;
            }
        }
        let rest = self.bits(zeros)?;
        Some(((1u64 << zeros) - 1 + u64::from(rest)) as u32)
    }

    /// `se(v)`.
    pub fn se(&mut self) -> Option<i32> {
        let code = i64::from(self.ue()?);
        let magnitude = (code + 1) / 2;
        i32::try_from(if code % 2 == 1 { magnitude } else { -magnitude }).ok()
    }

    /// `ue(v)` that must not exceed `most`.
    pub fn ue_at_most(&mut self, most: u32) -> Option<u32> {
        self.ue().filter(|value| *value <= most)
    }
}

/// Takes emulation prevention bytes out of a NAL unit (H.264 §7.3.1, H.265 §7.3.1.1), at most
/// `most` bytes of the result.
pub fn unescape(nal: &[u8], most: usize) -> Vec<u8> {
    let mut plain = Vec::with_capacity(nal.len().min(most));
    let mut zeros = 0;
    for &byte in nal {
        if plain.len() == most {
            break;
        }
        if zeros >= 2 && byte == 3 {
            zeros = 0;
            continue;
        }
        zeros = if byte == 0 { zeros + 1 } else { 0 };
        plain.push(byte);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_golomb_codes_follow_table_9_2() {
        // 1 010 011 00100 00101
        let bytes = [0b1010_0110, 0b0100_0010, 0b1000_0000];
        let mut reader = BitReader::new(&bytes);
        let codes: Vec<_> = (0..5).map(|_| reader.ue().unwrap()).collect();
        assert_eq!(codes, [0, 1, 2, 3, 4]);
        let mut reader = BitReader::new(&bytes);
        let signed: Vec<_> = (0..5).map(|_| reader.se().unwrap()).collect();
        assert_eq!(signed, [0, 1, -1, 2, -2]);
    }

    #[test]
    fn the_end_is_an_answer() {
        let mut reader = BitReader::new(&[0]);
        assert_eq!(reader.ue(), None);
        assert_eq!(BitReader::new(&[]).flag(), None);
        assert_eq!(BitReader::new(&[1, 2]).bits(17), None);
        assert_eq!(BitReader::new(&[0xff; 4]).bits(32), Some(u32::MAX));
    }

    #[test]
    fn emulation_prevention_goes_and_the_bound_holds() {
        assert_eq!(unescape(&[1, 0, 0, 3, 1, 0, 0, 3, 0, 0, 3], 100), [1, 0, 0, 1, 0, 0, 0, 0]);
        assert_eq!(unescape(&[9; 100], 7).len(), 7);
    }
}
