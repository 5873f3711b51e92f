//! RTSP/1.0 messages as a server sees them (RFC 2326): requests and interleaved frames in, responses out.
//!
//! Sans-IO: bytes go in by [`Inlet::push`], messages come out of [`Inlet::message`]. No session state here.

use bytes::{Buf, Bytes, BytesMut};
use std::fmt::Write;

/// Request line and headers together ("request head 16 KiB").
pub const HEAD_MAX_BYTES: usize = 16 << 10;
/// Bodies of requests are parameters or SDP; neither has a use here beyond being skipped.
pub const BODY_MAX_BYTES: usize = 16 << 10;
/// Headers of one request.
pub const HEADERS_MAX: usize = 64;

/// Methods of RFC 2326 §10 that this server answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Options,
    Describe,
    Setup,
    Play,
    Pause,
    Teardown,
    GetParameter,
    SetParameter,
    /// Anything else: answered with 501.
    Other,
}

impl Method {
    fn parse(word: &str) -> Self {
        match word {
            "OPTIONS" => Self::Options,
            "DESCRIBE" => Self::Describe,
            "SETUP" => Self::Setup,
            "PLAY" => Self::Play,
            "PAUSE" => Self::Pause,
            "TEARDOWN" => Self::Teardown,
            "GET_PARAMETER" => Self::GetParameter,
            "SET_PARAMETER" => Self::SetParameter,
            _ => Self::Other,
        }
    }
}

/// One request.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    pub method: Method,
    /// The method as it was sent; digest proofs are computed over it.
    pub word: String,
    /// Absolute URI, or `*`, as it was sent.
    pub target: String,
    headers: Vec<(String, String)>,
    pub body: Bytes,
}

impl Request {
    /// First header of that name, compared without case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// What a client sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Inbound {
    Request(Request),
    /// RTP or RTCP within the TCP connection (RFC 2326 §10.12).
    Interleaved {
        channel: u8,
        payload: Bytes,
    },
}

/// Why a connection cannot go on. Each ends the connection after an answer of 400, 413 or 505.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageError {
    HeadTooLarge,
    TooManyHeaders,
    BodyTooLarge,
    NotUtf8,
    /// The request line is not `METHOD URI RTSP/1.0`.
    RequestLine,
    /// An RTSP version other than 1.x.
    Version,
    /// A header line without a colon.
    Header,
    ContentLength,
}

impl MessageError {
    /// Status of the answer.
    pub fn status(self) -> u16 {
        match self {
            Self::HeadTooLarge | Self::TooManyHeaders | Self::BodyTooLarge => 413,
            Self::Version => 505,
            Self::NotUtf8 | Self::RequestLine | Self::Header | Self::ContentLength => 400,
        }
    }
}

/// Cuts a client's byte stream into messages.
#[derive(Default)]
pub struct Inlet {
    buffer: BytesMut,
}

impl Inlet {
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole message, `None` if more bytes are needed. After an error the connection is lost.
    pub fn message(&mut self) -> Result<Option<Inbound>, MessageError> {
        while self.buffer.first().is_some_and(|byte| matches!(byte, b'\r' | b'\n')) {
            self.buffer.advance(1); // keep-alive blank lines between messages
        }
        match self.buffer.first() {
            None => Ok(None),
            Some(b'$') => Ok(self.interleaved()),
            Some(_) => self.request(),
        }
    }

    fn interleaved(&mut self) -> Option<Inbound> {
        if self.buffer.len() < 4 {
            return None;
        }
        let length = usize::from(u16::from_be_bytes([self.buffer[2], self.buffer[3]]));
        if self.buffer.len() < 4 + length {
            return None;
        }
        let channel = self.buffer[1];
        self.buffer.advance(4);
        Some(Inbound::Interleaved { channel, payload: self.buffer.split_to(length).freeze() })
    }

    fn request(&mut self) -> Result<Option<Inbound>, MessageError> {
        let window = &self.buffer[..self.buffer.len().min(HEAD_MAX_BYTES + 1)];
        let Some(head_length) = head_length(window) else {
            return if window.len() > HEAD_MAX_BYTES { Err(MessageError::HeadTooLarge) } else { Ok(None) };
        };
        let head = std::str::from_utf8(&self.buffer[..head_length]).map_err(|_| MessageError::NotUtf8)?;
        let (word, target, headers) = parse_head(head)?;
        let body_length = content_length(&headers)?;
        if self.buffer.len() < head_length + body_length {
            return Ok(None);
        }
        self.buffer.advance(head_length);
        let body = self.buffer.split_to(body_length).freeze();
        Ok(Some(Inbound::Request(Request { method: Method::parse(&word), word, target, headers, body })))
    }
}

/// Length of the head with its closing blank line; a bare LF is tolerated as a line's end.
fn head_length(bytes: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'\n', bytes).find_map(|at| match bytes.get(at + 1..) {
        Some([b'\n', ..]) => Some(at + 2),
        Some([b'\r', b'\n', ..]) => Some(at + 3),
        _ => None,
    })
}

type Head = (String, String, Vec<(String, String)>);

fn parse_head(head: &str) -> Result<Head, MessageError> {
    let mut lines = head.lines();
    let mut words = lines.next().unwrap_or_default().split_ascii_whitespace();
    let (Some(word), Some(target), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(MessageError::RequestLine);
    };
    let Some(version) = version.strip_prefix("RTSP/") else { return Err(MessageError::RequestLine) };
    if !version.starts_with("1.") {
        return Err(MessageError::Version);
    }
    let mut headers = Vec::new();
    for line in lines.take_while(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').ok_or(MessageError::Header)?;
        if headers.len() == HEADERS_MAX {
            return Err(MessageError::TooManyHeaders);
        }
        headers.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    Ok((word.to_owned(), target.to_owned(), headers))
}

fn content_length(headers: &[(String, String)]) -> Result<usize, MessageError> {
    let Some((_, value)) = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
    else {
        return Ok(0);
    };
    let length: usize = value.parse().map_err(|_| MessageError::ContentLength)?;
    if length > BODY_MAX_BYTES { Err(MessageError::BodyTooLarge) } else { Ok(length) }
}

/// One answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    pub status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Response {
    pub fn new(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Sets the body; its length is written by [`Response::encode`].
    pub fn with_body(mut self, kind: &str, body: String) -> Self {
        self.headers.push(("Content-Type", kind.to_owned()));
        self.body = body.into_bytes();
        self
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The bytes to send. A line break in a value cannot start a header of its own.
    pub fn encode(&self) -> Vec<u8> {
        let mut head = format!("RTSP/1.0 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            let _ = write!(head, "{name}: ");
            head.extend(value.chars().filter(|letter| !matches!(letter, '\r' | '\n')));
            head.push_str("\r\n");
        }
        if !self.body.is_empty() {
            let _ = write!(head, "Content-Length: {}\r\n", self.body.len());
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        413 => "Request Entity Too Large",
        453 => "Not Enough Bandwidth",
        454 => "Session Not Found",
        455 => "Method Not Valid in This State",
        461 => "Unsupported Transport",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        505 => "RTSP Version Not Supported",
        _ => "Error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8], cut: usize) -> Result<Vec<Inbound>, MessageError> {
        let mut inlet = Inlet::default();
        let mut found = Vec::new();
        for part in [&bytes[..cut], &bytes[cut..]] {
            inlet.push(part);
            while let Some(message) = inlet.message()? {
                found.push(message);
            }
        }
        Ok(found)
    }

    #[test]
    fn messages_come_out_alike_wherever_the_bytes_are_cut() {
        let bytes =
            b"\r\nSETUP rtsp://h/a/trackID=0 RTSP/1.0\r\nCSeq: 3\r\nTransport: RTP/AVP;unicast\r\n\r\n\
            $\x01\x00\x03abcGET_PARAMETER * RTSP/1.0\nCSeq:4\nContent-Length: 2\n\nhi";
        let whole = all(bytes, 0).unwrap();
        assert_eq!(whole.len(), 3);
        assert_eq!(whole[1], Inbound::Interleaved { channel: 1, payload: Bytes::from_static(b"abc") });
        let Inbound::Request(last) = &whole[2] else { panic!("a request was expected") };
        assert_eq!(
            (last.method, last.header("cseq"), &last.body[..]),
            (Method::GetParameter, Some("4"), &b"hi"[..])
        );
        for cut in 1..bytes.len() {
            assert_eq!(all(bytes, cut).unwrap(), whole, "cut at {cut}");
        }
    }

    #[test]
    fn a_head_without_end_is_refused_at_its_bound() {
        let mut inlet = Inlet::default();
        inlet.push(&vec![b'A'; HEAD_MAX_BYTES]);
        assert_eq!(inlet.message(), Ok(None));
        inlet.push(b"A");
        assert_eq!(inlet.message(), Err(MessageError::HeadTooLarge));
    }

    #[test]
    fn a_browser_and_a_lying_length_are_refused() {
        assert_eq!(all(b"GET / HTTP/1.1\r\n\r\n", 0), Err(MessageError::RequestLine));
        assert_eq!(all(b"PLAY * RTSP/2.0\r\n\r\n", 0), Err(MessageError::Version));
        assert_eq!(
            all(b"PLAY * RTSP/1.0\r\nContent-Length: 99999999\r\n\r\n", 0),
            Err(MessageError::BodyTooLarge)
        );
        assert_eq!(
            all(b"PLAY * RTSP/1.0\r\nContent-Length: -1\r\n\r\n", 0),
            Err(MessageError::ContentLength)
        );
    }

    #[test]
    fn a_value_cannot_smuggle_a_header() {
        let bytes = Response::new(200).with("CSeq", "1\r\nSet-Cookie: a").encode();
        assert_eq!(bytes, b"RTSP/1.0 200 OK\r\nCSeq: 1Set-Cookie: a\r\n\r\n");
    }
}
