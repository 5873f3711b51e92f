//! Deliveries: what runs against a ticket, from its first byte to its last.
//!
//! The desk admits tickets, knows every running delivery, ends those that are revoked or whose time
//! is up, and tells the control plane who watched what, from when to when, how many bytes. Whoever
//! delivers holds a [`Delivery`] and looks at [`Delivery::stop_reason`] often, or awaits
//! [`Delivery::stopped`].

use crate::{
    clock::Clock,
    event::Event,
    plane::{config::Limits, seam::Tell},
    ticket::{Claims, Memory, Refusal, TicketKey},
};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering},
    },
};
use tokio::sync::watch;

/// Why a delivery ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Reason {
    /// The viewer closed, or its machine went away.
    Left = 1,
    Revoked,
    /// The ticket's end came.
    Expired,
    TooSlow,
    StreamClosed,
    Shutdown,
    /// The viewer broke the protocol, or we failed.
    Error,
}

impl Reason {
    /// As events and `end` messages carry it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
            Self::TooSlow => "too_slow",
            Self::StreamClosed => "stream_closed",
            Self::Shutdown => "shutdown",
            Self::Error => "error",
        }
    }

    fn from_code(code: u8) -> Option<Self> {
        let all = [
            Self::Left,
            Self::Revoked,
            Self::Expired,
            Self::TooSlow,
            Self::StreamClosed,
            Self::Shutdown,
            Self::Error,
        ];
        all.into_iter().find(|reason| *reason as u8 == code)
    }
}

/// The part of a delivery that both sides see.
struct Shared {
    viewer: String,
    claims: Claims,
    peer: SocketAddr,
    from_us: i64,
    bytes: AtomicU64,
    stop: AtomicU8,
    stopped: watch::Sender<bool>,
}

impl Shared {
    /// The first reason stands.
    fn stop(&self, reason: Reason) -> bool {
        let first = self.stop.compare_exchange(0, reason as u8, Ordering::AcqRel, Ordering::Acquire).is_ok();
        self.stopped.send_replace(true);
        first
    }
}

/// One running delivery, held by whoever delivers. Dropping it ends it, and tells.
pub struct Delivery {
    shared: Arc<Shared>,
    desk: Arc<Desk>,
}

impl Delivery {
    /// What the ticket said.
    pub fn claims(&self) -> &Claims {
        &self.shared.claims
    }

    /// Names this delivery in events and in `viewers()`.
    pub fn viewer(&self) -> &str {
        &self.shared.viewer
    }

    /// Counts bytes that left.
    pub fn sent(&self, bytes: u64) {
        self.shared.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// `Some` as soon as it must end. One relaxed load: cheap enough for every write.
    pub fn stop_reason(&self) -> Option<Reason> {
        Reason::from_code(self.shared.stop.load(Ordering::Relaxed))
    }

    /// Returns when it must end.
    pub async fn stopped(&self) -> Reason {
        // The sender lives as long as `self`, so waiting cannot fail before it is stopped.
        let _ = self.ended().wait_for(|ended| *ended).await;
        self.stop_reason().unwrap_or(Reason::Left)
    }

    /// Turns true when it must end.
    pub fn ended(&self) -> watch::Receiver<bool> {
        self.shared.stopped.subscribe()
    }

    /// Says why it ends, unless a reason was given before. It ends when it is dropped.
    pub fn stop(&self, reason: Reason) {
        self.shared.stop(reason);
    }

    /// Ends it with a reason, unless it was stopped for another before.
    pub fn end(self, reason: Reason) {
        self.shared.stop(reason);
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        self.desk.ended(&self.shared);
    }
}

#[derive(Default)]
struct Books {
    memory: Memory,
    running: HashMap<String, Arc<Shared>>,
    per_stream: HashMap<String, usize>,
}

/// See the module. One for the whole plane.
pub struct Desk {
    key: TicketKey,
    clock: Arc<dyn Clock>,
    tell: Tell,
    viewers_most: usize,
    viewers_per_stream: usize,
    books: Mutex<Books>,
    next: AtomicU64,
    closed: AtomicBool,
}

impl Desk {
    pub fn new(key: TicketKey, clock: Arc<dyn Clock>, tell: Tell, limits: &Limits) -> Arc<Self> {
        Arc::new(Self {
            key,
            clock,
            tell,
            viewers_most: limits.viewers,
            viewers_per_stream: limits.viewers_per_stream,
            books: Mutex::default(),
            next: AtomicU64::new(1),
            closed: AtomicBool::new(false),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at a ticket without using it up: for protocols that ask twice (RTSP's digest) or that
    /// must know the stream before they can begin.
    pub fn read(&self, ticket: &str) -> Result<Claims, Refusal> {
        self.key.verify(ticket, self.clock.wall_us())
    }

    /// Uses a ticket up and begins a delivery of `kind`, of `stream` where the request names one.
    pub fn admit(
        self: &Arc<Self>,
        ticket: &str,
        kind: &str,
        stream: Option<&str>,
        peer: SocketAddr,
    ) -> Result<Delivery, Refusal> {
        if self.closed.load(Ordering::Acquire) {
            return Err(Refusal::Closing);
        }
        let now_us = self.clock.wall_us();
        let claims = self.key.verify(ticket, now_us)?;
        if claims.kind != kind {
            return Err(Refusal::WrongKind);
        }
        if stream.is_some_and(|stream| stream != claims.stream) {
            return Err(Refusal::WrongStream);
        }
        let shared = Arc::new(Shared {
            viewer: format!("vw_{:x}", self.next.fetch_add(1, Ordering::Relaxed)),
            claims,
            peer,
            from_us: now_us,
            bytes: AtomicU64::new(0),
            stop: AtomicU8::new(0),
            stopped: watch::Sender::new(false),
        });
        self.lock().begin(&shared, now_us, self.viewers_most, self.viewers_per_stream)?;
        (self.tell)(Event::ViewerStarted {
            viewer: shared.viewer.clone(),
            ticket: shared.claims.id.clone(),
            stream: shared.claims.stream.clone(),
            kind: shared.claims.kind.clone(),
            at_us: now_us,
            peer: peer.ip().to_string(),
        });
        Ok(Delivery { shared, desk: self.clone() })
    }

    fn ended(&self, shared: &Shared) {
        {
            let mut books = self.lock();
            books.running.remove(&shared.viewer);
            if let Some(count) = books.per_stream.get_mut(&shared.claims.stream) {
                *count -= 1;
                if *count == 0 {
                    books.per_stream.remove(&shared.claims.stream);
                }
            }
        }
        let reason = Reason::from_code(shared.stop.load(Ordering::Acquire)).unwrap_or(Reason::Left);
        (self.tell)(Event::ViewerEnded {
            viewer: shared.viewer.clone(),
            ticket: shared.claims.id.clone(),
            stream: shared.claims.stream.clone(),
            kind: shared.claims.kind.clone(),
            from_us: shared.from_us,
            until_us: self.clock.wall_us(),
            bytes: shared.bytes.load(Ordering::Relaxed),
            reason: reason.as_str().to_owned(),
        });
    }

    /// Ends what runs against a ticket and keeps it from starting. Returns deliveries ended.
    pub fn revoke_ticket(&self, id: &str) -> usize {
        let mut books = self.lock();
        books.memory.revoke_ticket(id, self.clock.wall_us());
        books.stop(Reason::Revoked, |claims| claims.id == id)
    }

    /// Ends whatever a holder watches and keeps its earlier tickets from starting.
    pub fn revoke_holder(&self, holder: &str) -> usize {
        let mut books = self.lock();
        books.memory.revoke_holder(holder, self.clock.wall_us());
        books.stop(Reason::Revoked, |claims| claims.holder == holder)
    }

    /// Ends deliveries of a live stream that is no more; its recordings may still be watched.
    pub fn stream_closed(&self, stream: &str) -> usize {
        let live = |kind: &str| matches!(kind, "live" | "hls" | "rtsp");
        self.lock().stop(Reason::StreamClosed, |claims| claims.stream == stream && live(&claims.kind))
    }

    /// Ends deliveries whose time is up. Called a few times a second.
    pub fn keep_house(&self) {
        let now_us = self.clock.wall_us();
        self.lock().stop(Reason::Expired, |claims| claims.end_by_us.is_some_and(|end| end <= now_us));
    }

    /// Drops the memory of tickets that can no longer start. Called every few seconds.
    pub fn forget_old_tickets(&self) {
        let now_us = self.clock.wall_us();
        self.lock().memory.forget(now_us);
    }

    /// From now on nobody is admitted, and all that runs ends.
    pub fn close(&self) -> usize {
        self.closed.store(true, Ordering::Release);
        self.lock().stop(Reason::Shutdown, |_| true)
    }

    /// Deliveries that run.
    pub fn running(&self) -> usize {
        self.lock().running.len()
    }

    /// JSON list for `MediaPlane.viewers()`.
    pub fn viewers(&self) -> Value {
        let books = self.lock();
        let mut all: Vec<_> = books.running.values().collect();
        all.sort_by_key(|shared| shared.from_us);
        let viewers = all.into_iter().map(|shared| {
            json!({
                "viewer": shared.viewer, "ticket": shared.claims.id, "holder": shared.claims.holder,
                "stream": shared.claims.stream, "kind": shared.claims.kind, "from_us": shared.from_us,
                "bytes": shared.bytes.load(Ordering::Relaxed), "peer": shared.peer.ip().to_string(),
            })
        });
        Value::Array(viewers.collect())
    }
}

impl Books {
    fn begin(
        &mut self,
        shared: &Arc<Shared>,
        now_us: i64,
        most: usize,
        per_stream: usize,
    ) -> Result<(), Refusal> {
        let here = self.per_stream.get(&shared.claims.stream).copied().unwrap_or(0);
        if self.running.len() >= most || here >= per_stream {
            return Err(Refusal::TooManyViewers);
        }
        self.memory.take(&shared.claims, now_us)?;
        *self.per_stream.entry(shared.claims.stream.clone()).or_default() += 1;
        self.running.insert(shared.viewer.clone(), shared.clone());
        Ok(())
    }

    fn stop(&self, reason: Reason, which: impl Fn(&Claims) -> bool) -> usize {
        self.running.values().filter(|shared| which(&shared.claims) && shared.stop(reason)).count()
    }
}
