//! Text of cameras that is not UTF-8: kept so that it can be given back byte by byte.
//!
//! Chinese firmware writes realms in GBK, and a digest is computed over their bytes. A byte that is no
//! part of UTF-8 becomes a letter of a private plane, which no camera means, and comes back as that byte.

/// First of the 256 letters that stand for bytes.
const FIRST: u32 = 0x10_fe00;

/// Text of bytes, of which none is lost.
pub fn text_of(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().filter_map(|byte| char::from_u32(FIRST + u32::from(*byte))));
    }
    text
}

/// The bytes that [`text_of`] was given.
pub fn bytes_of(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for letter in text.chars() {
        match u32::from(letter).checked_sub(FIRST).and_then(|byte| u8::try_from(byte).ok()) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    bytes
}

/// For people: what is no text is a mark.
pub fn shown(text: &str) -> String {
    text.chars().map(|letter| if u32::from(letter) >= FIRST { '\u{fffd}' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_comes_back() {
        let gbk: &[u8] = &[b'"', 0xc9, 0xe3, 0xcf, 0xf1, b'"'];
        let all: Vec<u8> = (0..=255).collect();
        for bytes in [gbk, &all, "\u{6444}\u{50cf}".as_bytes(), b""] {
            assert_eq!(bytes_of(&text_of(bytes)), bytes);
        }
        assert_eq!(text_of("\u{6444}".as_bytes()), "\u{6444}");
    }
}
