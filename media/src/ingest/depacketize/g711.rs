//! G.711 over RTP (RFC 3551 §4.5.14): the payload is the frame; one byte a sample and channel.

/// Samples of one channel in a payload.
pub fn samples(payload: &[u8], channels: u8) -> u32 {
    u32::try_from(payload.len()).unwrap_or(u32::MAX) / u32::from(channels.max(1))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_byte_is_a_sample() {
        assert_eq!(super::samples(&[0; 160], 1), 160);
        assert_eq!(super::samples(&[0; 160], 2), 80);
        assert_eq!(super::samples(&[], 0), 0);
    }
}
