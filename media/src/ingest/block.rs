//! Memory of payloads. They are put together one behind the other in blocks that they share, so that a
//! picture costs no allocation of its own: it is freed on another thread than the one that made it, and
//! that is where an allocator is slowest.
//!
//! A block lives as long as the last payload in it. Payloads are kept and dropped in the order of their
//! making, so whoever keeps some of them holds at most a block more at either end.

use bytes::{Bytes, BytesMut};

/// A block of pictures: a quarter of a second at 2 Mbit/s.
pub const PICTURES_BYTES: usize = 64 << 10;
/// A block of sound: a second at 64 kbit/s.
pub const SOUND_BYTES: usize = 8 << 10;

/// Prepares an empty `block` for a payload of about so many bytes, which may still grow beyond them.
pub fn make_room(block: &mut BytesMut, bytes: usize, block_bytes: usize) {
    if block.capacity() < bytes.max(1) {
        *block = BytesMut::with_capacity(block_bytes.max(bytes));
    }
}

/// What was put into `block` becomes a payload. One that outgrew a block takes its memory with it: the room
/// behind it would keep it alive.
pub fn cut(block: &mut BytesMut, block_bytes: usize) -> Bytes {
    if block.len() > block_bytes { std::mem::take(block).freeze() } else { block.split().freeze() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload(block: &mut BytesMut, byte: u8, bytes: usize) -> Bytes {
        make_room(block, bytes, 1024);
        block.extend(std::iter::repeat_n(byte, bytes));
        cut(block, 1024)
    }

    #[test]
    fn payloads_share_a_block_until_it_is_full() {
        let mut block = BytesMut::new();
        let payloads: Vec<Bytes> = (0..4).map(|byte| payload(&mut block, byte, 400)).collect();
        for (byte, payload) in (0..).zip(&payloads) {
            assert_eq!(payload[..], [byte; 400]);
        }
        let behind = |at: usize| payloads[at].as_ptr().wrapping_add(400) == payloads[at + 1].as_ptr();
        assert!(behind(0) && behind(2) && !behind(1), "two fit into a block");
    }

    #[test]
    fn a_payload_larger_than_a_block_leaves_nothing_behind() {
        let mut block = BytesMut::new();
        let small = payload(&mut block, 1, 10);
        block.extend(std::iter::repeat_n(2, 5_000));
        let large = cut(&mut block, 1024);
        assert_eq!((small.len(), large.len(), block.capacity()), (10, 5_000, 0));
    }
}
