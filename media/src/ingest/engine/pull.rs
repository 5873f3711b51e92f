//! One stream on its engine thread: attempts, back-off, ends. Sans-IO: bytes go over a [`Wire`], protocol is
//! [`Session`]'s.

use super::{
    api::{EngineConfig, TransportChoice},
    resolve::Resolved,
    sockets,
    wire::{UdpPair, Wire},
    worker::Order,
};
use crate::{
    clock::Now,
    event::{Cause, Leg, StreamState},
    frame::{AccessUnit, Track},
    ingest::{
        legs::Legs,
        rtsp::session::{Lower, Output, Session, SessionConfig},
    },
};
use std::{
    net::SocketAddr,
    sync::{Arc, atomic::Ordering},
};

const BACKOFF_FIRST_MS: i64 = 1_000;
const BACKOFF_MAX_MS: i64 = 30_000;
/// Playing for so long makes the next failure the first one again.
const STABLE_MS: i64 = 30_000;
const OUTGOING_MAX_BYTES: usize = 256 << 10;
const FIGURES_MS: i64 = 1_000;

enum Stage {
    Waiting { until_us: i64 },
    Resolving { since_us: i64 },
    Connecting { since_us: i64 },
    Running,
    Over,
}

/// See the module.
pub struct Pull<W> {
    pub(super) slot: usize,
    pub(super) order: Order,
    stage: Stage,
    pub(super) attempt: u64,
    pub(super) failures: u32,
    pub(super) prefer_other: bool,
    /// Attempts in a row that saw no key frame: each waits longer, for cameras with very long GOPs.
    pub(super) keyless: u32,
    /// The camera has let us in by a digest before: asked for Basic now, somebody else is asking.
    pub(super) digest_taken: bool,
    /// The last attempt ended on the very first question: the next one begins with the second.
    pub(super) options_disliked: bool,
    pub(super) session: Option<Box<Session>>,
    pub(super) addresses: Vec<SocketAddr>,
    pub(super) wire: W,
    /// Bytes of a frame that was not whole at the last read.
    pub(super) carry: Vec<u8>,
    pub(super) outgoing: Vec<u8>,
    pub(super) udp: Vec<UdpPair>,
    pub(super) units: Vec<AccessUnit>,
    pub(super) played_since_us: Option<i64>,
    pub(super) has_played: bool,
    pub(super) bytes: u64,
    pub(super) figures_us: i64,
    pub(super) figures_frames: u64,
    pub(super) figures_bytes: u64,
    pub(super) state: StreamState,
}

impl<W: Wire> Pull<W> {
    pub fn new(slot: usize, order: Order, wire: W, now: Now) -> Self {
        Self {
            slot,
            order,
            stage: Stage::Waiting { until_us: now.mono_us },
            attempt: 0,
            failures: 0,
            prefer_other: false,
            keyless: 0,
            digest_taken: false,
            options_disliked: false,
            session: None,
            addresses: Vec::new(),
            wire,
            carry: Vec::new(),
            outgoing: Vec::new(),
            udp: Vec::new(),
            units: Vec::new(),
            played_since_us: None,
            has_played: false,
            bytes: 0,
            figures_us: now.mono_us,
            figures_frames: 0,
            figures_bytes: 0,
            state: StreamState::Idle,
        }
    }

    pub fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Over)
    }

    // ---- attempts

    fn begin_attempt(&mut self, now: Now, config: &EngineConfig) {
        self.attempt += 1;
        let first = match (self.order.spec.transport, self.prefer_other) {
            (TransportChoice::Auto, false) | (TransportChoice::Udp, true) | (TransportChoice::Tcp, _) => {
                Lower::Tcp
            }
            (TransportChoice::Auto, true) | (TransportChoice::Udp, false) | (TransportChoice::UdpOnly, _) => {
                Lower::Udp
            }
        };
        let session = SessionConfig {
            url: self.order.url.clone(),
            user: self.order.spec.user.clone().filter(|user| !user.is_empty()),
            password: self.order.spec.password.clone().unwrap_or_default().0,
            allow_basic: self.order.spec.allow_basic && !self.digest_taken,
            ask_options: !self.options_disliked,
            audio: self.order.spec.audio,
            first,
            other_allowed: matches!(self.order.spec.transport, TransportChoice::Auto | TransportChoice::Udp),
            silent_ms: config.silent_ms,
            key_frame_ms: config.key_frame_ms << self.keyless.min(3),
            answer_ms: config.answer_ms,
            seed: self.wire.chance() ^ now.mono_us as u64,
        };
        self.session = Some(Box::new(Session::new(session, Legs::begin(now))));
        self.tell(StreamState::Opening, None, None, now);
        self.look_up(now, config);
    }

    fn look_up(&mut self, now: Now, config: &EngineConfig) {
        let url = &self.order.url;
        let (found, started) = self.wire.look_up(&url.host, url.port, &config.addresses, self.attempt);
        self.stage = Stage::Resolving { since_us: now.mono_us };
        match found {
            Some(found) => self.resolved(self.attempt, found, now),
            None if started => {}
            None => self.end(Cause::NameUnknown, now),
        }
    }

    pub fn resolved(&mut self, attempt: u64, found: Resolved, now: Now) {
        if attempt != self.attempt || !matches!(self.stage, Stage::Resolving { .. }) {
            return;
        }
        let Some(session) = &mut self.session else { return };
        match found {
            Err((cause, evidence)) => {
                session.legs_mut().note(Leg::Resolved, &evidence);
                self.end(cause, now);
            }
            Ok(addresses) => {
                session.legs_mut().reached(Leg::Resolved, now);
                self.addresses = addresses;
                self.addresses.reverse();
                self.connect(Cause::Unreachable, now);
            }
        }
    }

    /// Connects to the next address, if there is one.
    fn connect(&mut self, otherwise: Cause, now: Now) {
        let mut cause = otherwise;
        while let Some(&address) = self.addresses.last() {
            match self.wire.connect(address) {
                Ok(()) => {
                    self.stage = Stage::Connecting { since_us: now.mono_us };
                    return;
                }
                Err(error) => {
                    self.note(Leg::Connected, &format!("{address}: {error}"));
                    cause = sockets::cause_of(&error);
                    self.addresses.pop();
                }
            }
        }
        self.end(cause, now);
    }

    pub(super) fn note(&mut self, leg: Leg, fact: &str) {
        if let Some(session) = &mut self.session {
            session.legs_mut().note(leg, fact);
        }
    }

    /// The connection is made, or failed.
    fn connected(&mut self, now: Now, config: &EngineConfig) {
        match self.wire.connected() {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                self.note(Leg::Connected, &error.to_string());
                self.drop_control();
                self.addresses.pop();
                return self.connect(sockets::cause_of(&error), now);
            }
        }
        self.stage = Stage::Running;
        if let Some(session) = &mut self.session {
            session.connected(now);
        }
        self.settle(now, config);
    }

    // ---- readiness

    pub fn ready(&mut self, kind: usize, now: Now, scratch: &mut [u8], config: &EngineConfig) {
        match (&self.stage, kind) {
            (Stage::Connecting { .. }, 0) => self.connected(now, config),
            (Stage::Running, 0) => {
                self.read_control(now, scratch);
                self.settle(now, config);
            }
            (Stage::Running, kind) => {
                self.read_udp(kind - 1, now, scratch);
                self.settle(now, config);
            }
            _ => {}
        }
    }

    /// Called each `batch_ms`.
    pub fn tick(&mut self, now: Now, scratch: &mut [u8], config: &EngineConfig) {
        self.heed_flags(now);
        match self.stage {
            Stage::Waiting { until_us } if now.mono_us >= until_us => self.begin_attempt(now, config),
            Stage::Resolving { since_us } if now.ms_since(since_us) > i64::from(config.answer_ms) => {
                self.note(Leg::Resolved, "the resolver does not answer");
                self.end(Cause::NameUnknown, now);
            }
            Stage::Connecting { since_us } if now.ms_since(since_us) > i64::from(config.connect_ms) => {
                self.drop_control();
                self.addresses.pop();
                self.connect(Cause::ConnectTimeout, now);
            }
            Stage::Running => {
                if !self.wire.is_waited_for() {
                    self.read_control(now, scratch);
                }
                if let Some(session) = &mut self.session {
                    session.tick(now, &mut self.units);
                }
                self.settle(now, config);
            }
            _ => {}
        }
        if now.ms_since(self.figures_us) >= FIGURES_MS {
            self.figures(now);
        }
    }

    /// In haste or not, closed or not.
    pub fn heed_flags(&mut self, now: Now) {
        if self.order.shared.closed.load(Ordering::Relaxed) {
            return self.close(now);
        }
        let playing = self.session.as_ref().is_some_and(|session| session.is_playing());
        let batched = playing && !self.order.hub.is_hurried();
        if batched == self.wire.is_waited_for() && matches!(self.stage, Stage::Running) {
            self.wire.wait_for(!batched);
        }
    }

    // ---- what the session wants

    /// Publishes units, does what the session asks, ends the attempt if it is over.
    fn settle(&mut self, now: Now, config: &EngineConfig) {
        self.publish(now);
        while let Some(output) = self.session.as_mut().and_then(|session| session.next_output()) {
            match output {
                Output::Send(bytes) if self.outgoing.len() + bytes.len() <= OUTGOING_MAX_BYTES => {
                    self.outgoing.extend(bytes);
                }
                Output::Send(_) => {}
                Output::BindUdp(track) => self.bind_udp(track, now),
                Output::UdpPeer { track, ports, source } => {
                    self.meet_udp_peer(track, ports, source, config);
                }
                Output::SendUdp { track, rtcp, bytes } => self.send_udp(track, rtcp, &bytes),
                Output::Reconnect { port } => return self.reconnect(port, now, config),
            }
        }
        self.write_control();
        if let Some(end) = self.session.as_ref().and_then(|session| session.end()) {
            return self.end(end.cause, now);
        }
        if !self.wire.is_open() && matches!(self.stage, Stage::Running) && self.udp.is_empty() {
            return self.end(Cause::ClosedByCamera, now);
        }
        self.heed_flags(now);
    }

    fn publish(&mut self, now: Now) {
        if self.units.is_empty() {
            return;
        }
        let last_video = self.units.iter().rfind(|unit| unit.track == Track::Video);
        let last_wall = last_video.map(|unit| unit.wall_us);
        // Datagrams are read as they come, whoever watches.
        let batched = !self.wire.is_waited_for() && self.udp.is_empty();
        self.order.hub.publish_all(self.units.drain(..).map(Arc::new), batched);
        let Some(wall_us) = last_wall else { return };
        self.order.shared.stats().last_frame_us = wall_us;
        if self.played_since_us.is_none() {
            self.played_since_us = Some(now.mono_us);
            if self.has_played {
                self.order.shared.stats().reconnects += 1;
            }
            self.has_played = true;
            self.tell(StreamState::Playing, None, None, now);
            self.report_probe();
        }
    }

    /// Connects again for the same attempt: to the address that was judged, no other.
    fn reconnect(&mut self, port: u16, now: Now, config: &EngineConfig) {
        self.write_control();
        self.drop_control();
        let Some(address) = self.addresses.last_mut() else { return };
        address.set_port(port);
        if let Err(why) = config.addresses.check(*address) {
            self.note(Leg::Authenticated, &format!("port {port}: {why}"));
            return self.end(Cause::Redirected, now);
        }
        self.connect(Cause::Unreachable, now);
    }

    // ---- ends

    fn end(&mut self, cause: Cause, now: Now) {
        let Some(mut session) = self.session.take() else { return };
        self.digest_taken |= session.took_digest();
        self.options_disliked = session.ended_on_options();
        session.fail(cause, now);
        session.tear_down(now);
        while let Some(output) = session.next_output() {
            if let Output::Send(bytes) = output {
                self.outgoing.extend(bytes);
            }
        }
        self.write_control();
        self.drop_control();
        self.drop_udp();
        let may_change = matches!(self.order.spec.transport, TransportChoice::Auto | TransportChoice::Udp);
        let try_other = cause == Cause::NoPackets && may_change;
        self.prefer_other ^= try_other;
        self.keyless = if cause == Cause::NoKeyFrame { self.keyless + 1 } else { 0 };
        let stable = self.played_since_us.take().is_some_and(|since| now.ms_since(since) >= STABLE_MS);
        self.failures = if stable { 1 } else { self.failures + 1 };
        self.units.clear();
        self.order.hub.discontinuity();
        self.session = Some(session);
        if self.order.probe.is_some() {
            self.tell(StreamState::Retrying, Some(cause), None, now);
            if (try_other || self.options_disliked) && self.failures == 1 {
                self.stage = Stage::Waiting { until_us: now.mono_us };
                return;
            }
            self.report_probe();
            self.stage = Stage::Over;
            return;
        }
        let wait_ms =
            if try_other && self.failures == 1 { BACKOFF_FIRST_MS } else { self.backoff_ms(cause, now) };
        self.stage = Stage::Waiting { until_us: now.mono_us + wait_ms * 1000 };
        self.tell(StreamState::Retrying, Some(cause), Some(wait_ms as u32), now);
    }

    /// 1 s … 30 s, doubling, up to a quarter longer by chance; never less than a second.
    fn backoff_ms(&self, cause: Cause, now: Now) -> i64 {
        let doubled = BACKOFF_FIRST_MS << self.failures.saturating_sub(1).min(5);
        let least = match cause {
            // Cameras lock an account after a handful of wrong passwords.
            Cause::WrongPassword | Cause::AuthenticationMissing | Cause::BasicRefused => BACKOFF_MAX_MS,
            // Busy for a moment, or the session that we lost must expire first.
            Cause::SessionLimit if self.failures > 1 => 10_000,
            _ => BACKOFF_FIRST_MS,
        };
        let wait = doubled.clamp(least, BACKOFF_MAX_MS);
        let mixed = (now.mono_us as u64 ^ (self.slot as u64) << 32).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        wait + wait / 4 * (mixed as i64 % 1000) / 1000
    }

    pub fn panicked(&mut self, now: Now) {
        if let Some(session) = &mut self.session {
            session.media_mut().oddities.count("panic_caught");
        }
        self.end(Cause::ProtocolError, now);
    }

    pub fn close(&mut self, now: Now) {
        if self.is_over() {
            return;
        }
        if let Some(session) = &mut self.session {
            session.tear_down(now);
            while let Some(output) = session.next_output() {
                if let Output::Send(bytes) = output {
                    self.outgoing.extend(bytes);
                }
            }
        }
        self.write_control();
        self.drop_control();
        self.drop_udp();
        self.order.hub.discontinuity();
        self.stage = Stage::Over;
        self.tell(StreamState::Closed, Some(Cause::Stopped), None, now);
    }
}
