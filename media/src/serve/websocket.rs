//! WebSocket framing (RFC 6455), sans-IO: the handshake's answer, frames out, frames in.
//!
//! Frames out are built once and shared by all viewers; servers do not mask (§5.1), so one buffer
//! serves them all. Frames in come from a viewer: bounded before anything is kept. No extensions.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::{BufMut, Bytes, BytesMut};
use sha1::{Digest, Sha1};

/// The longest message a viewer may send. A first message with a ticket has about 600 bytes.
pub const MESSAGE_MAX_BYTES: usize = 8 << 10;
/// The longest head of a frame that we send: 2 bytes and an 8-byte length.
pub const HEAD_MAX_BYTES: usize = 10;

const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// `Sec-WebSocket-Accept` for a `Sec-WebSocket-Key` (§4.2.2).
pub fn accept_key(key: &[u8]) -> String {
    let mut sha = Sha1::new();
    sha.update(key);
    sha.update(GUID);
    STANDARD.encode(sha.finalize())
}

/// Kinds of frames (§5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Opcode {
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}

/// Writes the head of one unmasked, unfragmented frame.
pub fn put_head(out: &mut BytesMut, opcode: Opcode, length: usize) {
    out.put_u8(0x80 | opcode as u8);
    match length {
        0..=125 => out.put_u8(length as u8),
        126..=0xFFFF => {
            out.put_u8(126);
            out.put_u16(length as u16);
        }
        _ => {
            out.put_u8(127);
            out.put_u64(length as u64);
        }
    }
}

/// Bytes that [`put_head`] writes for a payload of this length.
pub fn head_bytes(length: usize) -> usize {
    match length {
        0..=125 => 2,
        126..=0xFFFF => 4,
        _ => HEAD_MAX_BYTES,
    }
}

/// One whole frame.
pub fn frame(opcode: Opcode, payload: &[u8]) -> Bytes {
    let mut out = BytesMut::with_capacity(head_bytes(payload.len()) + payload.len());
    put_head(&mut out, opcode, payload.len());
    out.put_slice(payload);
    out.freeze()
}

/// A close frame with a status code (§7.4) and a short reason.
pub fn close_frame(code: u16, reason: &str) -> Bytes {
    let mut payload = code.to_be_bytes().to_vec();
    payload.extend_from_slice(&reason.as_bytes()[..reason.len().min(100)]);
    frame(Opcode::Close, &payload)
}

/// What a viewer said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    Text(String),
    /// Ping with its payload: answer with a pong.
    Ping(Vec<u8>),
    /// The viewer closes.
    Close,
}

/// Why a viewer's bytes are no WebSocket (status codes of §7.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// 1002
    Protocol,
    /// 1003: binary messages are not expected.
    Binary,
    /// 1007
    NotUtf8,
    /// 1009
    TooLong,
}

impl Broken {
    pub fn code(self) -> u16 {
        match self {
            Self::Protocol => 1002,
            Self::Binary => 1003,
            Self::NotUtf8 => 1007,
            Self::TooLong => 1009,
        }
    }
}

/// Cuts a viewer's bytes into messages. Holds at most [`MESSAGE_MAX_BYTES`] and one read.
#[derive(Default)]
pub struct Listener {
    pending: Vec<u8>,
    /// Text of a fragmented message so far.
    partial: Option<Vec<u8>>,
}

impl Listener {
    /// Takes what was read. Call [`Self::message`] until it has nothing more.
    pub fn take(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
    }

    /// The next thing said, if it is complete. After an error the connection is to be closed.
    pub fn message(&mut self) -> Result<Option<Said>, Broken> {
        loop {
            let Some(frame) = self.cut()? else { return Ok(None) };
            match (frame.opcode, frame.last) {
                (8, true) => return Ok(Some(Said::Close)),
                (9, true) => return Ok(Some(Said::Ping(frame.payload))),
                (10, true) => {}
                (1, true) if self.partial.is_none() => return text(frame.payload).map(Some),
                (1, false) if self.partial.is_none() => self.partial = Some(frame.payload),
                (0, last) => {
                    let mut whole = self.partial.take().ok_or(Broken::Protocol)?;
                    if whole.len() + frame.payload.len() > MESSAGE_MAX_BYTES {
                        return Err(Broken::TooLong);
                    }
                    whole.extend_from_slice(&frame.payload);
                    if last {
                        return text(whole).map(Some);
                    }
                    self.partial = Some(whole);
                }
                (2, _) => return Err(Broken::Binary),
                _ => return Err(Broken::Protocol),
            }
        }
    }

    fn cut(&mut self) -> Result<Option<Cut>, Broken> {
        let Some(&[first, second]) = self.pending.first_chunk() else { return Ok(None) };
        // §5.1: a client masks; §5.2: reserved bits are for extensions, and there are none.
        if second & 0x80 == 0 || first & 0x70 != 0 {
            return Err(Broken::Protocol);
        }
        let (opcode, last) = (first & 15, first & 0x80 != 0);
        let (length, head) = match second & 0x7F {
            126 => match self.pending.get(2..4) {
                Some(field) => (usize::from(u16::from_be_bytes([field[0], field[1]])), 4),
                None => return Ok(None),
            },
            127 => return Err(Broken::TooLong),
            short => (usize::from(short), 2),
        };
        if opcode >= 8 && length > 125 {
            return Err(Broken::Protocol);
        }
        if length > MESSAGE_MAX_BYTES {
            return Err(Broken::TooLong);
        }
        let whole = head + 4 + length;
        if self.pending.len() < whole {
            return Ok(None);
        }
        let mask: [u8; 4] = self.pending[head..head + 4].try_into().map_err(|_| Broken::Protocol)?;
        let payload = self.pending[head + 4..whole]
            .iter()
            .zip(mask.iter().cycle())
            .map(|(byte, key)| byte ^ key)
            .collect();
        self.pending.drain(..whole);
        Ok(Some(Cut { opcode, last, payload }))
    }
}

struct Cut {
    opcode: u8,
    last: bool,
    payload: Vec<u8>,
}

fn text(payload: Vec<u8>) -> Result<Said, Broken> {
    String::from_utf8(payload).map(Said::Text).map_err(|_| Broken::NotUtf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
        let mut out = vec![first];
        if payload.len() < 126 {
            out.push(0x80 | payload.len() as u8);
        } else {
            out.push(0x80 | 126);
            out.extend_from_slice(&(payload.len() as u16).to_be_bytes());
        }
        let mask = [1, 2, 3, 4];
        out.extend_from_slice(&mask);
        out.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, key)| byte ^ key));
        out
    }

    #[test]
    fn the_handshake_of_the_standard_is_answered_as_it_says() {
        // RFC 6455 §1.3
        assert_eq!(accept_key(b"dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn heads_have_the_three_forms_of_length() {
        for (length, head) in [(0, 2), (125, 2), (126, 4), (65_535, 4), (65_536, 10)] {
            let whole = frame(Opcode::Binary, &vec![7; length]);
            assert_eq!((whole.len(), head_bytes(length)), (length + head, head));
        }
    }

    #[test]
    fn messages_come_out_however_they_are_cut() {
        let mut bytes = masked(0x81, b"hello");
        bytes.extend(masked(0x89, b"p"));
        bytes.extend(masked(0x01, b"in "));
        bytes.extend(masked(0x8A, b"")); // a pong between fragments is allowed (§5.4)
        bytes.extend(masked(0x80, b"two"));
        bytes.extend(masked(0x88, &[3, 232]));
        for step in 1..bytes.len() {
            let mut listener = Listener::default();
            let mut said = Vec::new();
            for piece in bytes.chunks(step) {
                listener.take(piece);
                while let Some(one) = listener.message().unwrap() {
                    said.push(one);
                }
            }
            let expected = [
                Said::Text("hello".into()),
                Said::Ping(b"p".to_vec()),
                Said::Text("in two".into()),
                Said::Close,
            ];
            assert_eq!(said, expected);
        }
    }

    #[test]
    fn what_breaks_the_rules_is_named() {
        for (bytes, broken) in [
            (vec![0x81, 5], Broken::Protocol),      // not masked
            (masked(0xC1, b"x"), Broken::Protocol), // reserved bit
            (masked(0x82, b"x"), Broken::Binary),
            (masked(0x81, &[0xFF]), Broken::NotUtf8),
            (masked(0x81, &vec![b'a'; MESSAGE_MAX_BYTES + 1]), Broken::TooLong),
            (vec![0x81, 0xFF, 0, 0], Broken::TooLong), // 8-byte length
            (masked(0x80, b"x"), Broken::Protocol),    // continues nothing
            (masked(0x89, &[0; 126]), Broken::Protocol), // long control frame
            (masked(0x83, b"x"), Broken::Protocol),    // unknown opcode
        ] {
            let mut listener = Listener::default();
            listener.take(&bytes);
            assert_eq!(listener.message(), Err(broken), "{bytes:?}");
        }
    }
}
