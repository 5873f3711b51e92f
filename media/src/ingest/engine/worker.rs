//! One engine thread: its mailbox, its poller, its tick. What happens to one stream is [`Pull`]'s.

use super::{
    api::{EngineConfig, EventSink, ProbeReport, RtspSpec, Shared},
    pull::Pull,
    resolve::Resolved,
    sockets::SocketWire,
};
use crate::{
    clock::Clock,
    hub::Hub,
    ingest::rtsp::url::RtspUrl,
    ready::{Poller, Round},
};
use crossbeam_channel::Sender;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// Poller keys a stream: control, then RTP and RTCP of video and audio.
pub const KEYS: usize = 8;
/// Bytes read from one socket at once.
const SCRATCH_BYTES: usize = 512 << 10;

/// What an engine thread is told.
pub enum Command {
    Open(Box<Order>),
    /// Flags of a stream changed.
    Wake,
    Resolved {
        slot: usize,
        attempt: u64,
        found: Resolved,
    },
    Stop,
}

/// A stream to be pulled.
pub struct Order {
    pub shared: Arc<Shared>,
    pub spec: RtspSpec,
    pub url: RtspUrl,
    pub hub: Arc<Hub>,
    /// `None`: nobody is told.
    pub events: Option<EventSink>,
    /// One attempt only, reported here.
    pub probe: Option<Sender<ProbeReport>>,
}

/// How commands reach the thread. Bounded by what the plane opens.
pub struct Mailbox {
    commands: Mutex<Vec<Command>>,
    poller: Poller,
}

impl Mailbox {
    pub fn send(&self, command: Command) {
        self.commands.lock().unwrap_or_else(PoisonError::into_inner).push(command);
        self.poller.ring();
    }

    fn take(&self) -> Vec<Command> {
        std::mem::take(&mut *self.commands.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn poller(&self) -> &Poller {
        &self.poller
    }
}

/// See the module.
pub struct Worker {
    pub mailbox: Arc<Mailbox>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Worker {
    pub fn start(index: usize, config: &EngineConfig, clock: Arc<dyn Clock>) -> std::io::Result<Self> {
        let mailbox = Arc::new(Mailbox { commands: Mutex::new(Vec::new()), poller: Poller::new()? });
        let (config, own) = (config.clone(), mailbox.clone());
        let thread = thread::Builder::new().name(format!("ingest-{index}")).spawn(move || {
            Run { config, mailbox: own, clock, pulls: Vec::new(), scratch: vec![0; SCRATCH_BYTES] }.run();
        })?;
        Ok(Self { mailbox, thread: Mutex::new(Some(thread)) })
    }

    /// Waits for the thread to end, at most `timeout`.
    pub fn join(&self, timeout: Duration) {
        let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
        let until = Instant::now() + timeout;
        while !thread.is_finished() && Instant::now() < until {
            thread::sleep(Duration::from_millis(5));
        }
        if thread.is_finished() {
            thread.join().ok(); // its panics were caught one by one
        }
    }
}

struct Run {
    config: EngineConfig,
    mailbox: Arc<Mailbox>,
    clock: Arc<dyn Clock>,
    pulls: Vec<Option<Pull<SocketWire>>>,
    scratch: Vec<u8>,
}

impl Run {
    fn run(mut self) {
        let batch_us = i64::from(self.config.batch_ms.clamp(10, 1_000)) * 1000;
        let mut round = Round::default();
        let mut tick_at = self.clock.now().mono_us + batch_us;
        loop {
            let wait_us = (tick_at - self.clock.now().mono_us).clamp(0, batch_us) as u64;
            let mailbox = self.mailbox.clone();
            let events = mailbox.poller.wait(&mut round, Duration::from_micros(wait_us));
            if events.is_err() {
                thread::sleep(Duration::from_millis(5)); // out of kernel memory: no busy loop
            }
            let now = self.clock.now();
            for command in self.mailbox.take() {
                if matches!(command, Command::Stop) {
                    return self.stop();
                }
                self.command(command);
            }
            for event in events.into_iter().flatten() {
                let kind = event.key % KEYS;
                self.guard(event.key / KEYS, |pull, scratch, config| pull.ready(kind, now, scratch, config));
            }
            if now.mono_us >= tick_at {
                tick_at = (tick_at + batch_us).max(now.mono_us + batch_us / 2);
                self.tick();
            }
        }
    }

    fn command(&mut self, command: Command) {
        let now = self.clock.now();
        match command {
            Command::Open(order) => {
                let free = self.pulls.iter().position(Option::is_none);
                let slot = free.unwrap_or_else(|| {
                    self.pulls.push(None);
                    self.pulls.len() - 1
                });
                self.pulls[slot] =
                    Some(Pull::new(slot, *order, SocketWire::new(slot, self.mailbox.clone()), now));
                self.guard(slot, |pull, scratch, config| pull.tick(now, scratch, config));
            }
            Command::Wake => {
                for slot in 0..self.pulls.len() {
                    self.guard(slot, |pull, _, _| pull.heed_flags(now));
                    self.reap(slot);
                }
            }
            Command::Resolved { slot, attempt, found } => {
                self.guard(slot, |pull, _, _| pull.resolved(attempt, found, now));
            }
            Command::Stop => {}
        }
    }

    fn tick(&mut self) {
        for slot in 0..self.pulls.len() {
            // Streams take time: each is given the time of its own turn.
            let now = self.clock.now();
            self.guard(slot, |pull, scratch, config| pull.tick(now, scratch, config));
            self.reap(slot);
        }
    }

    fn reap(&mut self, slot: usize) {
        if self.pulls[slot].as_ref().is_some_and(Pull::is_over) {
            self.pulls[slot] = None;
        }
    }

    /// A panic ends the attempt of one stream and nothing else.
    fn guard(&mut self, slot: usize, act: impl FnOnce(&mut Pull<SocketWire>, &mut [u8], &EngineConfig)) {
        let Some(Some(pull)) = self.pulls.get_mut(slot) else { return };
        let (scratch, config) = (&mut self.scratch, &self.config);
        if catch_unwind(AssertUnwindSafe(|| act(pull, scratch, config))).is_err() {
            let now = self.clock.now();
            if catch_unwind(AssertUnwindSafe(|| pull.panicked(now))).is_err() {
                self.pulls[slot] = None;
            }
        }
    }

    fn stop(mut self) {
        let now = self.clock.now();
        for slot in 0..self.pulls.len() {
            self.guard(slot, |pull, _, _| pull.close(now));
        }
    }
}
