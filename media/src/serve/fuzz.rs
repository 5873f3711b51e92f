//! Entry points for fuzzing what viewers and strangers send, and what is read to be played: bytes in, properties
//! asserted. They run under libFuzzer (`media/fuzz`) and, over seeds and mutations of them, as plain tests
//! (`media/tests/fuzz.rs`). Each may be called with anything.

use super::{
    playback::{
        moof,
        range::{self, Asked},
    },
    route::percent_decoded,
    rtsp::{
        Refusal,
        credentials::{Authorization, Claim, Scheme},
        message::{Inbound, Inlet, MessageError},
        session::{Action, Seed, Session},
        transport::Transport,
    },
    websocket::{Broken, Listener, MESSAGE_MAX_BYTES, Said},
};
use crate::{
    clock::{Clock, SystemClock},
    frame::{AudioCodec, AudioFormat, Format},
    ingest::file::tracks,
    mux::atoms,
    record::place::SegmentName,
    ticket::{Claims, TICKET_MAX_BYTES, TicketKey},
};
use bytes::Bytes;
use std::{
    io::{self, Read, Write},
    net::{Shutdown, SocketAddr, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

const NOW_US: i64 = 1_700_000_000_000_000;

/// Files as they may lie on a disk: any bytes as `moov`, `moof` or a whole file give an answer, and every sample
/// found has times that rise; a fragment's are not without end.
pub fn fmp4_read(bytes: &[u8]) {
    assert!(atoms::children(bytes).all(|child| child.body.len() <= bytes.len()));
    let _ = tracks::format(bytes);
    if let Some(table) = tracks::read(bytes, 1 << 20) {
        assert!(table.samples.windows(2).all(|pair| pair[1].dts >= pair[0].dts));
    }
    if let Some(samples) = moof::samples(bytes) {
        assert!(samples.len() <= moof::SAMPLES_MAX && samples.iter().all(|sample| sample.ticks >= 0));
    }
    let _ = moof::units(&Bytes::copy_from_slice(bytes), &Default::default(), 0);
}

/// Requests for recordings: a range lies within the file, and a segment's name has one spelling.
pub fn playback_request(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for length in [0, 1, 1_000, u64::MAX] {
        if let Asked::Part(from, to) = range::parse(Some(text), length) {
            assert!(from < to && to <= length);
        }
    }
    assert!(percent_decoded(text).is_none_or(|decoded| decoded.len() <= text.len()));
    if let Some((stream, stem)) = text.split_once('/')
        && let Some(name) = SegmentName::from_stem(stream, stem)
    {
        assert_eq!(name.id(), text);
        assert!(!stream.starts_with('.'));
    }
}

/// Tickets as strangers show them are never believed, and a genuine one with any byte changed is refused.
pub fn ticket(bytes: &[u8]) {
    let Some(key) = TicketKey::new(vec![7; 32]) else { return };
    if let Ok(text) = std::str::from_utf8(bytes) {
        assert!(key.verify(text, NOW_US).is_err(), "a forged ticket was believed");
    }
    let [at, change, rest @ ..] = bytes else { return };
    let claims = claims("live", String::from_utf8_lossy(rest).into_owned(), NOW_US);
    let ticket = key.mint(&claims);
    if ticket.len() > TICKET_MAX_BYTES {
        return assert!(key.verify(&ticket, NOW_US).is_err());
    }
    assert_eq!(key.verify(&ticket, NOW_US), Ok(claims));
    let mut bytes = ticket.into_bytes();
    let at = usize::from(*at) % bytes.len();
    bytes[at] ^= *change;
    if let (Ok(changed), true) = (String::from_utf8(bytes), *change != 0) {
        assert!(key.verify(&changed, NOW_US).is_err(), "a changed ticket was believed");
    }
}

fn claims(kind: &str, id: String, now_us: i64) -> Claims {
    Claims {
        id,
        stream: "ch_a.main".into(),
        kind: kind.into(),
        holder: String::new(),
        start_by_us: now_us + 30_000_000,
        minted_us: None,
        end_by_us: None,
        from_us: None,
        until_us: None,
    }
}

/// What a viewer may send on its WebSocket: however it is cut, the same is heard, and no message is longer than
/// the bound.
pub fn websocket(bytes: &[u8]) {
    let Some((&step, bytes)) = bytes.split_first() else { return };
    let whole = heard(std::iter::once(bytes));
    assert_eq!(whole, heard(bytes.chunks(usize::from(step).max(1))));
}

fn heard<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> (Vec<Said>, Option<Broken>) {
    let mut listener = Listener::default();
    let mut said = Vec::new();
    for piece in pieces {
        listener.take(piece);
        loop {
            match listener.message() {
                Ok(Some(one)) => {
                    assert!(!matches!(&one, Said::Text(text) if text.len() > MESSAGE_MAX_BYTES));
                    said.push(one);
                }
                Ok(None) => break,
                Err(broken) => return (said, Some(broken)),
            }
        }
    }
    (said, None)
}

/// What a stranger sends to an RTSP server: messages come out alike wherever the bytes are cut, and no order of
/// requests panics a session.
pub fn rtsp_server(bytes: &[u8]) {
    let (messages, error) = inbound(std::iter::once(bytes));
    let (first, second) = bytes.split_at(bytes.len() / 2);
    assert_eq!(inbound([first, second].into_iter()).0, messages, "cutting changed the messages");
    if error.is_none() && bytes.len() < 2_048 {
        assert_eq!(inbound(bytes.chunks(1)).0, messages, "cutting changed the messages");
    }
    let audio =
        AudioFormat { codec: AudioCodec::Pcma, sample_rate: 8_000, channels: 1, config: Default::default() };
    let format = Arc::new(Format { video: None, audio: Some(audio) });
    let seed = Seed { session: "s".into(), nonce: "n".into(), origins: [(1, 2, 3), (4, 5, 6)] };
    let mut session = Session::new(seed, 60);
    for message in messages {
        let Inbound::Request(request) = message else { continue };
        if let Some(header) = request.header("transport") {
            let _ = Transport::choose(header, 0);
        }
        let target = request.target.clone();
        let action = session.request(request);
        converse(&mut session, action, &target, &format);
    }
}

fn inbound<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> (Vec<Inbound>, Option<MessageError>) {
    let mut inlet = Inlet::default();
    let mut found = Vec::new();
    for piece in pieces {
        inlet.push(piece);
        loop {
            match inlet.message() {
                Ok(Some(message)) => found.push(message),
                Ok(None) => break,
                Err(error) => return (found, Some(error)),
            }
        }
    }
    (found, None)
}

/// Does what the session asks for until it answers. Sockets are to be had once.
fn converse(session: &mut Session, mut action: Action, target: &str, format: &Arc<Format>) {
    for turn in 0..3 {
        action = match action {
            Action::Admit(entry) => {
                let claim = Claim { user: "u", password: "p", realm: "r", nonce: "n", method: &entry.method };
                let proves = |shown: &Authorization| shown.proves(&claim, &[Scheme::DigestMd5]);
                let known = entry.authorization.as_ref().is_none_or(proves);
                let decision = if known { Ok(format.clone()) } else { Err(Refusal::Unauthorized) };
                session.admitted(decision, "r", &[Scheme::DigestMd5])
            }
            Action::Bind => session.bound((turn == 0).then_some((6_000, 6_001))),
            Action::Answer(response) | Action::Close(response) | Action::Pause(response) => {
                return assert!(response.encode().starts_with(b"RTSP/1.0 "));
            }
            Action::Play(response) => {
                let response = response.with("RTP-Info", session.rtp_info(target, &[]));
                return assert!(response.encode().starts_with(b"RTSP/1.0 "));
            }
        };
    }
}

/// A plane whose HTTP door is knocked at, and what opens it.
pub struct Door {
    pub address: SocketAddr,
    pub key: TicketKey,
}

/// Kinds of tickets and sessions that an input may hold by name, such as `{hls}`: without a genuine one nothing
/// behind the door would be reached.
const TICKETS: [&str; 4] = ["live", "hls", "playback", "keyframes"];
/// Longer than an answer takes; what asks for none is given up after it.
const ANSWER: Duration = Duration::from_millis(20);

/// One connection that sends `bytes`: what comes back is HTTP, never a fault of ours, and without a ticket never
/// a picture. Covers heads, queries, origins, playback, HLS with its children and blocking reloads, and the first
/// messages of WebSockets.
pub fn http(door: &Door, bytes: &[u8]) {
    let Ok(with) = filled(door, bytes) else { return };
    let Ok(answer) = exchange(door.address, &with) else { return };
    let Some(head) = answer.get(..12) else { return };
    assert!(head.starts_with(b"HTTP/1."), "{}", answer.escape_ascii());
    let status = std::str::from_utf8(&head[9..]).ok().and_then(|text| text.parse::<u16>().ok());
    let Some(status) = status else { panic!("no status: {}", head.escape_ascii()) };
    assert!(status < 500 || status == 503, "{}", answer.escape_ascii());
    let opened = [200, 206, 302].contains(&status);
    assert!(!opened || with != bytes, "opened without a ticket: {}", answer.escape_ascii());
}

/// The input with its names replaced by fresh tickets, and `{session}` by a session.
fn filled(door: &Door, bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut out = bytes.to_vec();
    for kind in TICKETS {
        replace(&mut out, format!("{{{kind}}}").as_bytes(), || Ok(fresh(door, kind)))?;
    }
    replace(&mut out, b"{session}", || {
        let ticket = fresh(door, "playback");
        let request = format!("POST /play HTTP/1.1\r\nHost: a\r\nAuthorization: Ticket {ticket}\r\n\r\n");
        let answer = exchange(door.address, request.as_bytes())?;
        let text = String::from_utf8_lossy(&answer).into_owned();
        let id = text.split("\"session\":\"").nth(1).and_then(|rest| rest.split('"').next());
        Ok(id.unwrap_or_default().to_owned())
    })?;
    Ok(out)
}

fn fresh(door: &Door, kind: &str) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let id = format!("t{}", NEXT.fetch_add(1, Ordering::Relaxed));
    door.key.mint(&claims(kind, id, SystemClock::new().wall_us()))
}

fn replace(bytes: &mut Vec<u8>, name: &[u8], by: impl FnOnce() -> io::Result<String>) -> io::Result<()> {
    if let Some(at) = bytes.windows(name.len()).position(|window| window == name) {
        bytes.splice(at..at + name.len(), by()?.into_bytes());
    }
    Ok(())
}

fn exchange(address: SocketAddr, bytes: &[u8]) -> io::Result<Vec<u8>> {
    let Ok(mut stream) = TcpStream::connect(address) else { panic!("nobody is at the door") };
    stream.set_read_timeout(Some(ANSWER))?;
    stream.write_all(bytes)?;
    let mut answer = vec![0; 4096];
    // An endless body is heard in part. Before a head ends, nothing is answered until the connection does.
    let mut read = if ends_a_head(bytes) { stream.read(&mut answer).unwrap_or(0) } else { 0 };
    stream.shutdown(Shutdown::Write)?;
    if read == 0 {
        read = stream.read(&mut answer).unwrap_or(0);
    }
    answer.truncate(read);
    Ok(answer)
}

fn ends_a_head(bytes: &[u8]) -> bool {
    bytes.windows(2).any(|two| two == b"\n\n") || bytes.windows(3).any(|three| three == b"\n\r\n")
}
