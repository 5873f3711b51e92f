//! One live viewer: a nonblocking socket, a cursor into the shared ring, and what is half written.
//!
//! Bounded: besides the half-written chunk (shared with everybody else) a viewer holds a few control
//! messages. Whoever is behind stands behind in the ring, not in memory of its own.

use super::broadcast::{Broadcast, Chunk, Pace, Step};
use super::fanout::Interest;
use super::packer::Era;
use crate::{
    hub::{Haste, Hub},
    serve::{
        delivery::{Delivery, Reason},
        websocket::{self, Listener, Opcode, Said},
    },
};
use bytes::Bytes;
use serde_json::json;
use std::{
    collections::VecDeque,
    io::{self, IoSlice, Read, Write},
    net::{Shutdown, TcpStream},
    os::fd::AsRawFd,
    sync::Arc,
};

/// Control messages waiting at once; more means that the viewer talks and does not listen.
const CONTROL_MAX: usize = 32;
/// Chunks written to one viewer before the others get their turn.
const TURN_CHUNKS: usize = 64;
/// Time for a viewer to take its farewell.
const FAREWELL_US: i64 = 2_000_000;

/// How the viewer wants its bytes.
pub enum Form {
    WebSocket(Listener),
    /// A response body that ends with the connection.
    Progressive,
}

/// Where a viewer stands after its turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// All is written that there is.
    Done,
    /// The socket is full, or the turn was long: call again when it is writable.
    Blocked,
    /// The connection is over; drop the viewer.
    Gone,
}

/// The last step of the thread: viewers of one broadcast mostly ask the same question in turn.
#[derive(Default)]
pub struct Memo(Option<((u64, u64, Pace), Step)>);

/// See the module.
pub struct Viewer {
    socket: TcpStream,
    form: Form,
    /// Gone as soon as the delivery has ended, although the farewell may still be on its way.
    delivery: Option<Delivery>,
    pub broadcast: Arc<Broadcast>,
    pub broadcast_id: u64,
    pub interest: Arc<Interest>,
    hub: Arc<Hub>,
    /// While it minds delay.
    haste: Option<Haste>,
    pub pace: Pace,
    cursor: Option<u64>,
    /// A first picture was sent: it does not wait for its group.
    begun: bool,
    era: Option<Arc<Era>>,
    news: u64,
    out: VecDeque<Bytes>,
    pub blocked: bool,
    /// Its thread's poller tells when there is room.
    pub awaits_room: bool,
    written: u64,
    acknowledged: u64,
    acknowledged_at_us: i64,
    gone_by_us: Option<i64>,
    /// Whatever must live as long as the connection: its place among those of its source.
    _place: Box<dyn Send>,
}

/// What a viewer needs to begin.
pub struct Beginning {
    pub socket: TcpStream,
    pub form: Form,
    pub delivery: Delivery,
    pub pace: Pace,
    pub place: Box<dyn Send>,
}

impl Viewer {
    pub fn new(
        begin: Beginning,
        broadcast: Arc<Broadcast>,
        broadcast_id: u64,
        interest: Arc<Interest>,
        hub: Arc<Hub>,
        now_us: i64,
    ) -> Self {
        Self {
            interest,
            hub,
            haste: None,
            socket: begin.socket,
            form: begin.form,
            delivery: Some(begin.delivery),
            cursor: None,
            begun: false,
            broadcast,
            broadcast_id,
            pace: begin.pace,
            era: None,
            news: 0,
            out: VecDeque::new(),
            blocked: false,
            awaits_room: false,
            written: 0,
            acknowledged: 0,
            acknowledged_at_us: now_us,
            gone_by_us: None,
            _place: begin.place,
        }
    }

    pub fn socket(&self) -> &TcpStream {
        &self.socket
    }

    /// Writes what there is to write.
    pub fn turn(&mut self, memo: &mut Memo, now_us: i64) -> Turn {
        if self.gone_by_us.is_none() {
            if let Some(reason) = self.delivery.as_ref().and_then(Delivery::stop_reason) {
                return self.farewell(reason, now_us);
            }
            if self.news != self.broadcast.news() {
                self.hear_news(now_us);
            }
        }
        let turn = self.try_turn(memo, now_us);
        self.settle_haste();
        match turn {
            Ok(turn) => {
                self.blocked = turn == Turn::Blocked;
                turn
            }
            Err(_) => self.gone(Reason::Left),
        }
    }

    /// The camera is read without delay for who takes each frame, and for the first picture.
    fn settle_haste(&mut self) {
        let wanted = self.delivery.is_some() && (self.pace == Pace::Frame || !self.begun);
        if wanted != self.haste.is_some() {
            self.haste = wanted.then(|| self.hub.hurry());
        }
    }

    fn try_turn(&mut self, memo: &mut Memo, now_us: i64) -> io::Result<Turn> {
        if !self.flush()? {
            return Ok(Turn::Blocked);
        }
        if self.gone_by_us.is_some() {
            self.socket.shutdown(Shutdown::Write)?;
            return Ok(Turn::Done);
        }
        for _ in 0..TURN_CHUNKS {
            let Some(cursor) = self.cursor.or_else(|| self.start()) else { return Ok(Turn::Done) };
            let pace = if self.begun { self.pace } else { Pace::Frame };
            match memo.step(self, cursor, pace) {
                Step::Wait => return Ok(Turn::Done),
                Step::Skip { to, from_us, to_us } => self.skip(to, from_us, to_us),
                Step::Send { era, chunk, next } => {
                    if !self.enter(&era) {
                        return Ok(self.farewell(Reason::StreamClosed, now_us));
                    }
                    self.cursor = Some(next);
                    self.begun = true;
                    self.send(&chunk)?;
                }
            }
            if !self.flush()? {
                return Ok(Turn::Blocked);
            }
        }
        Ok(Turn::Blocked) // the socket is writable at once, and this viewer's next turn comes after the others'
    }

    /// Takes its place at the last key frame, if there is one yet.
    fn start(&mut self) -> Option<u64> {
        let (cursor, era) = self.broadcast.start()?;
        self.enter(&era);
        self.cursor = Some(cursor);
        Some(cursor)
    }

    /// Announces a new era. `false`: this form cannot carry another init segment.
    fn enter(&mut self, era: &Arc<Era>) -> bool {
        if self.era.as_ref().is_some_and(|known| Arc::ptr_eq(known, era)) {
            return true;
        }
        match &self.form {
            Form::WebSocket(_) => self.out.push_back(era.announcement.clone()),
            Form::Progressive => match &self.era {
                None => self.out.push_back(era.init.clone()),
                Some(known) if known.init == era.init => {}
                Some(_) => return false,
            },
        }
        self.era = Some(era.clone());
        true
    }

    fn skip(&mut self, to: u64, from_us: i64, to_us: i64) {
        self.cursor = Some(to);
        self.say(&json!({"type": "skip", "from_us": from_us, "to_us": to_us}));
    }

    fn say(&mut self, message: &serde_json::Value) {
        if matches!(self.form, Form::WebSocket(_)) {
            self.out.push_back(websocket::frame(Opcode::Text, message.to_string().as_bytes()));
        }
    }

    fn hear_news(&mut self, now_us: i64) {
        self.news = self.broadcast.news();
        if let Some(reason) = self.broadcast.closed() {
            self.farewell(reason, now_us);
        } else if let (Some(state), Form::WebSocket(_)) = (self.broadcast.state(), &self.form) {
            self.out.push_back(state);
        }
    }

    fn send(&mut self, chunk: &Chunk) -> io::Result<()> {
        let bytes = match self.form {
            Form::WebSocket(_) => chunk.framed().clone(),
            Form::Progressive => chunk.bare(),
        };
        if !self.out.is_empty() {
            self.out.push_back(bytes);
            return Ok(());
        }
        let sent = match (&self.socket).write(&bytes) {
            Ok(sent) => sent,
            Err(why) if would_block(&why) => 0,
            Err(why) => return Err(why),
        };
        self.count(sent);
        if sent < bytes.len() {
            self.out.push_back(bytes.slice(sent..));
        }
        Ok(())
    }

    /// Writes what waits. `false`: the socket is full.
    fn flush(&mut self) -> io::Result<bool> {
        while !self.out.is_empty() {
            let slices: Vec<IoSlice<'_>> =
                self.out.iter().take(16).map(|bytes| IoSlice::new(bytes)).collect();
            let sent = match (&self.socket).write_vectored(&slices) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(sent) => sent,
                Err(why) if would_block(&why) => return Ok(false),
                Err(why) => return Err(why),
            };
            self.count(sent);
            self.forget(sent);
        }
        Ok(true)
    }

    fn forget(&mut self, mut sent: usize) {
        while let Some(first) = self.out.front_mut() {
            if sent < first.len() {
                let _ = first.split_to(sent);
                return;
            }
            sent -= first.len();
            self.out.pop_front();
        }
    }

    fn count(&mut self, sent: usize) {
        self.written += sent as u64;
        if let Some(delivery) = &self.delivery {
            delivery.sent(sent as u64);
        }
    }

    /// Reads what the viewer says. Returns whether its pace changed, and where it stands.
    pub fn hear(&mut self, now_us: i64) -> (bool, Turn) {
        let mut room = [0; 4096];
        let read = match self.socket.read(&mut room) {
            Ok(0) => return (false, self.gone(Reason::Left)),
            Ok(read) => read,
            Err(why) if would_block(&why) => return (false, Turn::Done),
            Err(_) => return (false, self.gone(Reason::Left)),
        };
        if self.gone_by_us.is_some() {
            return (false, Turn::Done); // what it says now no longer matters
        }
        let before = self.pace;
        let turn = self.obey(&room[..read], now_us);
        (self.pace != before, turn)
    }

    fn obey(&mut self, bytes: &[u8], now_us: i64) -> Turn {
        let Form::WebSocket(listener) = &mut self.form else { return Turn::Done };
        listener.take(bytes);
        loop {
            let Form::WebSocket(listener) = &mut self.form else { return Turn::Done };
            match listener.message() {
                Ok(None) => return Turn::Done,
                Ok(Some(Said::Ping(payload))) if self.out.len() < CONTROL_MAX => {
                    self.out.push_back(websocket::frame(Opcode::Pong, &payload));
                }
                Ok(Some(Said::Text(text))) => match serde_json::from_str::<PaceWish>(&text) {
                    Ok(wish) => self.pace = wish.pace,
                    Err(_) => return self.part(1008, Reason::Error, now_us),
                },
                Ok(Some(Said::Close)) => return self.part(1000, Reason::Left, now_us),
                Ok(Some(Said::Ping(_))) => return self.part(1008, Reason::Error, now_us),
                Err(broken) => return self.part(broken.code(), Reason::Error, now_us),
            }
        }
    }

    /// Ends the delivery, says why, and leaves a moment for the words to arrive.
    pub fn farewell(&mut self, reason: Reason, now_us: i64) -> Turn {
        self.say(&json!({"type": "end", "reason": reason.as_str()}));
        let code = if reason == Reason::Shutdown { 1001 } else { 1000 };
        self.part(code, reason, now_us)
    }

    fn part(&mut self, code: u16, reason: Reason, now_us: i64) -> Turn {
        if matches!(self.form, Form::WebSocket(_)) {
            self.out.push_back(websocket::close_frame(code, reason.as_str()));
        }
        self.end(reason);
        self.gone_by_us = Some(now_us + FAREWELL_US);
        match self.flush() {
            Ok(true) => match self.socket.shutdown(Shutdown::Write) {
                Ok(()) => Turn::Done,
                Err(_) => Turn::Gone,
            },
            Ok(false) => {
                self.blocked = true;
                Turn::Blocked
            }
            Err(_) => Turn::Gone,
        }
    }

    fn gone(&mut self, reason: Reason) -> Turn {
        self.end(reason);
        Turn::Gone
    }

    /// The delivery ends now, whatever becomes of the connection.
    pub fn end(&mut self, reason: Reason) {
        self.haste = None;
        if let Some(delivery) = self.delivery.take() {
            delivery.end(reason);
        }
    }

    /// A few times a second: is it revoked, is the farewell over?
    pub fn check(&mut self, now_us: i64) -> Turn {
        match self.gone_by_us {
            Some(by) if now_us >= by => Turn::Gone,
            Some(_) => Turn::Done,
            None => match self.delivery.as_ref().and_then(Delivery::stop_reason) {
                Some(reason) => self.farewell(reason, now_us),
                None => Turn::Done,
            },
        }
    }

    /// Every few seconds: has the viewer's machine taken anything? The kernel's buffers would hide a
    /// stopped viewer of a thin stream for minutes, so the acknowledged bytes count, not the written.
    pub fn check_progress(&mut self, now_us: i64, stopped_us: i64) -> Turn {
        if self.gone_by_us.is_some() {
            return Turn::Done;
        }
        let Some(waiting) = unacknowledged(&self.socket) else { return self.gone(Reason::Left) };
        let acknowledged = self.written.saturating_sub(waiting);
        if waiting == 0 && self.out.is_empty() || acknowledged > self.acknowledged {
            self.acknowledged = acknowledged;
            self.acknowledged_at_us = now_us;
            return Turn::Done;
        }
        if now_us - self.acknowledged_at_us < stopped_us {
            return Turn::Done;
        }
        self.gone(Reason::TooSlow) // nobody reads: words of farewell would not arrive
    }
}

impl Memo {
    fn step(&mut self, viewer: &Viewer, cursor: u64, pace: Pace) -> Step {
        let asked = (viewer.broadcast_id, cursor, pace);
        if let Some((_, step)) = self.0.as_ref().filter(|(before, _)| *before == asked) {
            return step.clone();
        }
        let step = viewer.broadcast.step(cursor, pace);
        if matches!(step, Step::Send { .. }) {
            self.0 = Some((asked, step.clone()));
        }
        step
    }

    /// To be called before each round: the ring has moved on.
    pub fn forget(&mut self) {
        self.0 = None;
    }
}

#[derive(serde::Deserialize)]
struct PaceWish {
    pace: Pace,
}

fn would_block(why: &io::Error) -> bool {
    matches!(why.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

/// Bytes written that the viewer's machine has not acknowledged.
fn unacknowledged(socket: &TcpStream) -> Option<u64> {
    let mut bytes: libc::c_int = 0;
    // SAFETY: TIOCOUTQ (SIOCOUTQ for sockets) writes one int, which `bytes` is.
    let answer = unsafe { libc::ioctl(socket.as_raw_fd(), libc::TIOCOUTQ, &raw mut bytes) };
    (answer == 0).then(|| u64::try_from(bytes).unwrap_or(0))
}
