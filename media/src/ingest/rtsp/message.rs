//! Framing of a control connection: responses, requests and interleaved packets, in any mixture.
//!
//! The framer keeps the state of a half-read message; the bytes of a packet stay in the caller's buffer
//! and are lent out, so that a packet costs neither copy nor allocation here. It understands no method.

use super::foreign;
use crate::ingest::oddity::Oddities;

/// Limits of one message (`RTSP response 256 KiB, SDP 64 KiB`).
pub const HEAD_MAX_BYTES: usize = 64 << 10;
pub const BODY_MAX_BYTES: usize = 192 << 10;
const HEADERS_MAX: usize = 256;

/// Header fields in the order of arrival.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(pub Vec<(String, String)>);

impl Headers {
    /// The first field of this name, in any case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// First line of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    Response { status: u16, reason: String, http: bool },
    Request { method: String, uri: String },
}

/// A response or a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub start: Start,
    pub headers: Headers,
    pub body: Vec<u8>,
}

/// What [`Framer::next`] found at the front of the buffer.
#[derive(Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// Nothing whole; call again with more bytes behind these.
    Need,
    /// So many bytes are used up and say nothing yet.
    Used(usize),
    Packet {
        used: usize,
        channel: u8,
        payload: &'a [u8],
    },
    Message {
        used: usize,
        message: Message,
    },
}

#[derive(Debug)]
enum State {
    /// Between messages.
    Idle,
    /// The first line and some fields have been read.
    Head { message: Message, bytes: usize },
    /// A body of known length.
    Body { message: Message, wanted: usize },
    /// A body whose end only silence or the next message tells.
    OpenBody { message: Message },
}

/// See the module.
#[derive(Debug)]
pub struct Framer {
    state: State,
    /// Channels that were agreed upon; a packet on another is taken only where nothing is out of step.
    channels: [bool; 256],
    in_step: bool,
    describing: bool,
}

impl Default for Framer {
    fn default() -> Self {
        Self { state: State::Idle, channels: [false; 256], in_step: true, describing: false }
    }
}

const METHODS: [&str; 11] = [
    "OPTIONS",
    "DESCRIBE",
    "ANNOUNCE",
    "SETUP",
    "PLAY_NOTIFY",
    "PLAY",
    "PAUSE",
    "TEARDOWN",
    "GET_PARAMETER",
    "SET_PARAMETER",
    "REDIRECT",
];

impl Framer {
    pub fn agree_channel(&mut self, channel: u8) {
        self.channels[usize::from(channel)] = true;
    }

    /// While true, a response may carry a description whose length is missing or wrong.
    pub fn set_describing(&mut self, describing: bool) {
        self.describing = describing;
    }

    /// Looks at the front of `buffer`; the caller drops the used bytes and calls again until `Need`.
    pub fn next<'a>(&mut self, buffer: &'a [u8], oddities: &mut Oddities) -> Step<'a> {
        if buffer.is_empty() {
            return Step::Need;
        }
        if buffer[0] == b'$' && self.packet_may_begin(buffer) {
            return self.packet(buffer, oddities);
        }
        match self.state {
            State::Idle => self.idle(buffer, oddities),
            State::Head { .. } => self.head_line(buffer, oddities),
            State::Body { .. } => self.body(buffer, oddities),
            State::OpenBody { .. } => self.open_body(buffer),
        }
    }

    /// The connection has been silent for a while: what stands half-read is all that will come.
    pub fn flush(&mut self, oddities: &mut Oddities) -> Option<Message> {
        match std::mem::replace(&mut self.state, State::Idle) {
            State::Idle => None,
            State::Head { message, .. } => {
                oddities.count("head_unfinished");
                Some(message)
            }
            State::Body { message, .. } => {
                oddities.count("content_length_too_large");
                Some(message)
            }
            State::OpenBody { message } => Some(message),
        }
    }

    /// Whether [`flush`](Self::flush) would give something.
    pub fn is_half_read(&self) -> bool {
        !matches!(self.state, State::Idle)
    }

    /// Whether only silence or the next message will tell where the half-read message ends.
    pub fn is_open_ended(&self) -> bool {
        matches!(&self.state, State::OpenBody { message } if !message.body.is_empty())
    }

    fn packet_may_begin(&self, buffer: &[u8]) -> bool {
        match &self.state {
            State::Idle => {
                self.in_step && self.may_be_strange_packet(buffer)
                    || looks_like_packet(buffer, &self.channels)
            }
            // A camera may push packets between the lines of an answer, or before its body.
            State::Head { .. } => looks_like_packet(buffer, &self.channels),
            State::Body { message, .. } | State::OpenBody { message } => {
                (message.body.is_empty() || message.body.ends_with(b"\n"))
                    && looks_like_packet(buffer, &self.channels)
            }
        }
    }

    /// On a channel that nobody agreed on only what looks like RTP is believed: a length out of noise would
    /// swallow packets.
    fn may_be_strange_packet(&self, buffer: &[u8]) -> bool {
        let [_, channel, high, low, rest @ ..] = buffer else { return true };
        let known = self.channels[usize::from(*channel)] || !self.channels.contains(&true);
        known || (*high, *low) == (0, 0) || rest.first().is_none_or(|first| first >> 6 == 2)
    }

    fn packet<'a>(&mut self, buffer: &'a [u8], oddities: &mut Oddities) -> Step<'a> {
        let Some(head) = buffer.get(..4) else { return Step::Need };
        let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
        if length == 0 {
            oddities.count("interleaved_empty");
            return Step::Used(4);
        }
        let Some(payload) = buffer.get(4..4 + length) else { return Step::Need };
        if let State::Body { message, .. } = &self.state
            && message.body.is_empty()
            && !self.describing
        {
            oddities.count("content_length_too_large");
            return self.finish(0);
        }
        self.in_step = true;
        Step::Packet { used: 4 + length, channel: head[1], payload }
    }

    fn idle<'a>(&mut self, buffer: &'a [u8], oddities: &mut Oddities) -> Step<'a> {
        let blank = buffer.iter().take_while(|byte| matches!(byte, b'\r' | b'\n' | b' ' | b'\t')).count();
        if blank > 0 {
            return Step::Used(blank);
        }
        if !may_be_message(buffer) {
            return self.resync(buffer, oddities);
        }
        let Some(end) = memchr::memchr(b'\n', &buffer[..buffer.len().min(HEAD_MAX_BYTES)]) else {
            return if buffer.len() >= HEAD_MAX_BYTES { self.resync(buffer, oddities) } else { Step::Need };
        };
        let Some(start) = parse_start(&buffer[..end], oddities) else {
            return self.resync(buffer, oddities);
        };
        self.in_step = true;
        let message = Message { start, headers: Headers::default(), body: Vec::new() };
        self.state = State::Head { message, bytes: end + 1 };
        Step::Used(end + 1)
    }

    fn head_line<'a>(&mut self, buffer: &'a [u8], oddities: &mut Oddities) -> Step<'a> {
        let State::Head { message, bytes } = &mut self.state else { return Step::Need };
        let room = HEAD_MAX_BYTES.saturating_sub(*bytes);
        let Some(end) = memchr::memchr(b'\n', &buffer[..buffer.len().min(room)]) else {
            if buffer.len() < room {
                return Step::Need;
            }
            oddities.count("head_too_large");
            self.state = State::Idle;
            return self.resync(buffer, oddities);
        };
        let line = &buffer[..end];
        let used = line.iter().rposition(|byte| *byte != b'\r').map_or(0, |last| last + 1);
        let line = &line[..used];
        if line.is_empty() {
            return self.head_complete(end + 1, oddities);
        }
        if begins_with(line, "RTSP/") && message.start_is_response() {
            oddities.count("head_unfinished");
            return self.finish(0);
        }
        *bytes += end + 1;
        add_header(&mut message.headers, line, oddities);
        Step::Used(end + 1)
    }

    fn head_complete<'a>(&mut self, used: usize, oddities: &mut Oddities) -> Step<'a> {
        let State::Head { message, .. } = std::mem::replace(&mut self.state, State::Idle) else {
            return Step::Used(used);
        };
        let wanted = content_length(&message.headers, oddities);
        let described = self.describing
            && matches!(message.start, Start::Response { status: 200..=299, .. })
            && wanted.unwrap_or(0) == 0;
        if described {
            oddities.count("content_length_missing");
            self.state = State::OpenBody { message };
            return Step::Used(used);
        }
        match wanted {
            None | Some(0) => Step::Message { used, message },
            Some(wanted) => {
                self.state = State::Body { message, wanted: wanted.min(BODY_MAX_BYTES) };
                Step::Used(used)
            }
        }
    }

    fn body<'a>(&mut self, buffer: &'a [u8], oddities: &mut Oddities) -> Step<'a> {
        let describing = self.describing;
        let State::Body { message, wanted } = &mut self.state else { return Step::Need };
        if message.body.is_empty() && begins_with(buffer, "RTSP/") {
            oddities.count("content_length_too_large");
            return self.finish(0);
        }
        let missing = *wanted - message.body.len();
        let taken = missing.min(buffer.len());
        if taken < missing {
            // Line by line, so that packets between the lines are found.
            let taken = memchr::memchr(b'\n', buffer).map_or(taken, |at| taken.min(at + 1));
            message.body.extend_from_slice(&buffer[..taken]);
            return Step::Used(taken);
        }
        message.body.extend_from_slice(&buffer[..taken]);
        let rest = &buffer[taken..];
        let goes_on = rest.iter().skip_while(|byte| matches!(byte, b'\r' | b'\n')).nth(1) == Some(&b'=')
            || (!message.body.ends_with(b"\n")
                && rest.first().is_some_and(u8::is_ascii_graphic)
                && rest[0] != b'$');
        if describing && goes_on && !begins_with(rest, "RTSP/") {
            oddities.count("content_length_too_small");
            if let State::Body { message, .. } = std::mem::replace(&mut self.state, State::Idle) {
                self.state = State::OpenBody { message };
            }
            return Step::Used(taken);
        }
        self.finish(taken)
    }

    fn open_body<'a>(&mut self, buffer: &'a [u8]) -> Step<'a> {
        let State::OpenBody { message } = &mut self.state else { return Step::Need };
        if begins_with(buffer, "RTSP/") || message.body.len() >= BODY_MAX_BYTES {
            return self.finish(0);
        }
        let line = memchr::memchr(b'\n', buffer).map_or(buffer.len(), |at| at + 1);
        let taken = line.min(BODY_MAX_BYTES - message.body.len());
        message.body.extend_from_slice(&buffer[..taken]);
        Step::Used(taken)
    }

    fn finish<'a>(&mut self, used: usize) -> Step<'a> {
        match std::mem::replace(&mut self.state, State::Idle) {
            State::Idle => Step::Used(used),
            State::Head { message, .. } | State::Body { message, .. } | State::OpenBody { message } => {
                Step::Message { used, message }
            }
        }
    }

    /// Looks for the next place where something known may begin.
    fn resync<'a>(&mut self, buffer: &'a [u8], oddities: &mut Oddities) -> Step<'a> {
        if self.in_step {
            oddities.count("garbage_between_messages");
            self.in_step = false;
        }
        for at in 1..buffer.len() {
            let rest = &buffer[at..];
            let found = match rest[0] {
                b'$' => looks_like_packet(rest, &self.channels),
                b'R' | b'r' | b'H' => begins_with(rest, "RTSP/") || rest.len() < 5 && may_be_message(rest),
                _ => false,
            };
            if found {
                return Step::Used(at);
            }
        }
        Step::Used(buffer.len())
    }
}

impl Message {
    fn start_is_response(&self) -> bool {
        matches!(self.start, Start::Response { .. })
    }
}

fn begins_with(bytes: &[u8], word: &str) -> bool {
    bytes.get(..word.len()).is_some_and(|front| front.eq_ignore_ascii_case(word.as_bytes()))
}

/// A dollar sign, an agreed channel (any, while none is), and what may be RTP or RTCP behind it.
fn looks_like_packet(bytes: &[u8], channels: &[bool; 256]) -> bool {
    let [_, channel, high, low, rest @ ..] = bytes else { return bytes.len() < 4 };
    let known = channels[usize::from(*channel)];
    let length = u16::from_be_bytes([*high, *low]);
    known && length >= 8 && rest.first().is_none_or(|first| first >> 6 == 2)
}

/// Whether the bytes, as far as they are there, may be the first line of a message.
fn may_be_message(bytes: &[u8]) -> bool {
    ["RTSP/", "HTTP/"].iter().chain(METHODS.iter()).any(|word| {
        let length = word.len().min(bytes.len());
        bytes[..length].eq_ignore_ascii_case(&word.as_bytes()[..length])
    })
}

fn parse_start(line: &[u8], oddities: &mut Oddities) -> Option<Start> {
    let text = String::from_utf8_lossy(line);
    let text = text.trim();
    let mut words = text.split_ascii_whitespace();
    let first = words.next()?;
    if begins_with(first.as_bytes(), "RTSP/") || begins_with(first.as_bytes(), "HTTP/") {
        let digits: String = words.next()?.chars().take_while(char::is_ascii_digit).take(3).collect();
        let status = digits.parse().ok().filter(|status| (100..=999).contains(status))?;
        let reason: String = words.collect::<Vec<_>>().join(" ").chars().take(80).collect();
        if reason.is_empty() {
            oddities.count("status_without_reason");
        }
        return Some(Start::Response { status, reason, http: begins_with(first.as_bytes(), "HTTP/") });
    }
    let method = METHODS.iter().find(|method| method.eq_ignore_ascii_case(first))?;
    Some(Start::Request { method: (*method).to_owned(), uri: words.next().unwrap_or("*").to_owned() })
}

fn add_header(headers: &mut Headers, line: &[u8], oddities: &mut Oddities) {
    let text = foreign::text_of(line);
    if text.starts_with([' ', '\t'])
        && let Some((_, value)) = headers.0.last_mut()
    {
        value.push(' ');
        value.push_str(text.trim());
        return;
    }
    let Some((name, value)) = text.split_once(':') else {
        oddities.count("header_malformed");
        return;
    };
    if headers.0.len() >= HEADERS_MAX {
        oddities.count("headers_too_many");
        return;
    }
    headers.0.push((name.trim().to_owned(), value.trim().to_owned()));
}

fn content_length(headers: &Headers, oddities: &mut Oddities) -> Option<usize> {
    let text = headers.get("Content-Length").or_else(|| headers.get("l"))?;
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let parsed = digits.parse().ok();
    if parsed.is_none() {
        oddities.count("content_length_malformed");
    }
    parsed
}

/// Writes a request. Fields must not hold line ends; they are ours or were cleaned by the caller.
pub fn write_request(method: &str, uri: &str, fields: &[(&str, &str)]) -> Vec<u8> {
    write_head(format!("{method} {uri} RTSP/1.0\r\n"), fields)
}

/// Writes a response to a camera's request.
pub fn write_response(status: u16, reason: &str, fields: &[(&str, &str)]) -> Vec<u8> {
    write_head(format!("RTSP/1.0 {status} {reason}\r\n"), fields)
}

fn write_head(mut text: String, fields: &[(&str, &str)]) -> Vec<u8> {
    for (name, value) in fields {
        text.push_str(name);
        text.push_str(": ");
        text.extend(value.chars().filter(|letter| !letter.is_control()));
        text.push_str("\r\n");
    }
    text.push_str("\r\n");
    foreign::bytes_of(&text)
}

/// Puts a packet into the frame of RFC 2326 §10.12.
pub fn write_packet(channel: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len()).unwrap_or(u16::MAX);
    let mut framed = Vec::with_capacity(4 + payload.len());
    framed.extend([b'$', channel]);
    framed.extend(length.to_be_bytes());
    framed.extend_from_slice(&payload[..usize::from(length)]);
    framed
}

#[cfg(test)]
#[path = "message_tests.rs"]
mod tests;
