//! Live delivery: WebSocket with fragmented MP4 for browsers, and the same fragments as one endless
//! HTTP body for other players.
//!
//! `packer` makes the bytes once a stream, `broadcast` keeps them, `fanout` threads hand them to
//! `viewer`s. The first viewer of a stream brings its broadcast into being, the last one ends it.

pub(crate) mod broadcast;
mod fanout;
mod greeting;
pub(crate) mod packer;
mod viewer;

pub use greeting::{SUBPROTOCOL, progressive, websocket};

use self::{
    broadcast::Broadcast,
    fanout::{Interest, Thread},
    packer::Packer,
    viewer::{Beginning, Viewer},
};
use super::{
    delivery::Reason,
    problem::Problem,
    websocket::{Opcode, frame},
};
use crate::{
    clock::Clock,
    event::StreamState,
    hub::{Hub, SinkId},
    plane::{
        config::Limits,
        streams::{Status, Stream, Streams, Watch},
    },
};
use bytes::Bytes;
use serde_json::json;
use std::{
    collections::HashMap,
    io,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread::JoinHandle,
};

/// A thread takes so many before the next gets any: at 2 Mbit/s, less than a tenth of a core.
const THREAD_VIEWERS: usize = 512;

/// One stream in one form: with its sound, or without.
type Key = (Arc<str>, bool);

struct Running {
    key: Key,
    broadcast: Arc<Broadcast>,
    interests: Arc<Vec<Arc<Interest>>>,
    viewers: usize,
    sink: SinkId,
    watch: Watch,
}

#[derive(Default)]
struct Broadcasts {
    ids: HashMap<Key, u64>,
    running: HashMap<u64, Running>,
}

/// See the module. One for the whole plane.
pub struct Live {
    streams: Arc<Streams>,
    clock: Arc<dyn Clock>,
    queue_bytes: usize,
    broadcasts: Mutex<Broadcasts>,
    threads: OnceLock<Vec<Arc<Thread>>>,
    handles: Mutex<Vec<JoinHandle<()>>>,
    next_id: AtomicU64,
}

impl Live {
    /// Starts the fan-out threads.
    pub fn start(
        streams: Arc<Streams>,
        clock: Arc<dyn Clock>,
        limits: &Limits,
        threads: usize,
    ) -> io::Result<Arc<Self>> {
        let live = Arc::new(Self {
            streams: streams.clone(),
            clock: clock.clone(),
            queue_bytes: limits.viewer_queue_bytes,
            broadcasts: Mutex::default(),
            threads: OnceLock::new(),
            handles: Mutex::default(),
            next_id: AtomicU64::new(1),
        });
        let weak = Arc::downgrade(&live);
        let released: Arc<fanout::Released> = Arc::new(Box::new(move |id| {
            if let Some(live) = weak.upgrade() {
                live.release(id);
            }
        }));
        let stopped_us = i64::from(limits.viewer_stopped_ms) * 1_000;
        let started: Vec<_> = (0..threads.max(1))
            .map(|number| Thread::start(number, clock.clone(), stopped_us, released.clone()))
            .collect::<io::Result<_>>()?;
        let (threads, handles) = started.into_iter().unzip();
        let _ = live.threads.set(threads); // set once, here
        *live.handles.lock().unwrap_or_else(PoisonError::into_inner) = handles;
        let weak = Arc::downgrade(&live);
        streams.listen(Box::new(move |stream, status| {
            if let Some(live) = weak.upgrade() {
                live.stream_changed(stream, status);
            }
        }));
        Ok(live)
    }

    fn lock(&self) -> MutexGuard<'_, Broadcasts> {
        self.broadcasts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn threads(&self) -> &[Arc<Thread>] {
        self.threads.get().map_or(&[], Vec::as_slice)
    }

    /// The first thread that is not full yet, else the one with the fewest viewers. Viewers of one stream want
    /// their bytes at the same moment: spread over more threads than they need, they only contend.
    fn roomiest(&self) -> Option<(usize, &Arc<Thread>)> {
        let viewers = |thread: &Arc<Thread>| thread.viewers.load(Ordering::Relaxed);
        let threads = || self.threads().iter().enumerate();
        threads()
            .find(|(_, thread)| viewers(thread) < THREAD_VIEWERS)
            .or_else(|| threads().min_by_key(|(_, thread)| viewers(thread)))
    }

    /// Gives a viewer to a thread. The stream opens if it is not open.
    fn add(&self, begin: Beginning, audio: bool) -> Result<(), Problem> {
        let stream = begin.delivery.claims().stream.clone();
        let mut broadcasts = self.lock();
        let key: Key = (stream.as_str().into(), audio);
        let id = match broadcasts.ids.get(&key) {
            Some(id) => *id,
            None => self.begin(&mut broadcasts, key, &stream)?,
        };
        let running = broadcasts.running.get_mut(&id).ok_or(Problem::Internal)?;
        running.viewers += 1;
        let (number, thread) = self.roomiest().ok_or(Problem::Internal)?;
        let interest = running.interests[number].clone();
        let hub = running.watch.stream.hub.clone();
        let viewer = Viewer::new(begin, running.broadcast.clone(), id, interest, hub, self.clock.mono_us());
        thread.add(viewer);
        Ok(())
    }

    fn begin(&self, broadcasts: &mut Broadcasts, key: Key, stream: &str) -> Result<u64, Problem> {
        let watch = self.streams.watch(stream).ok_or(Problem::NotFound)?;
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let threads = self.threads().to_vec();
        let interests: Arc<Vec<Arc<Interest>>> = Arc::new(threads.iter().map(|_| Arc::default()).collect());
        let wake = {
            let interests = interests.clone();
            Box::new(move |pace| {
                let wanting =
                    threads.iter().zip(interests.iter()).filter(|(_, interest)| interest.wants(pace));
                wanting.for_each(|(thread, _)| thread.wake(id, pace));
            })
        };
        let broadcast = Arc::new(Broadcast::new(self.queue_bytes, wake));
        let status = watch.stream.status();
        if status.state != StreamState::Playing {
            broadcast.set_state(state_message(&status));
        }
        let packer = Packer::new(broadcast.clone(), key.1);
        let sink = watch.stream.hub.join(Box::new(packer), true);
        broadcasts.ids.insert(key.clone(), id);
        broadcasts.running.insert(id, Running { key, broadcast, interests, viewers: 0, sink, watch });
        Ok(id)
    }

    /// A viewer of this broadcast has gone.
    fn release(&self, id: u64) {
        let ended = {
            let mut broadcasts = self.lock();
            let Some(running) = broadcasts.running.get_mut(&id) else { return };
            running.viewers -= 1;
            if running.viewers > 0 {
                return;
            }
            let ended = broadcasts.running.remove(&id);
            if let Some(ended) = &ended {
                broadcasts.forget(&ended.key, id);
            }
            ended
        };
        if let Some(ended) = ended {
            ended.watch.stream.hub.leave(ended.sink);
        }
    }

    /// Tells a stream's viewers where it stands; ends them when it is no more.
    fn stream_changed(&self, stream: &Arc<Stream>, status: &Status) {
        let message = state_message(status);
        let mut broadcasts = self.lock();
        for audio in [true, false] {
            let key: Key = (stream.id.clone(), audio);
            let Some(id) = broadcasts.ids.get(&key).copied() else { continue };
            let Some(running) = broadcasts.running.get(&id) else { continue };
            // A broadcast of the stream's former life, if one of the same name was made since.
            if !Arc::ptr_eq(&running.watch.stream, stream) {
                continue;
            }
            if status.state == StreamState::Closed && stream.is_removed() {
                running.broadcast.close(Reason::StreamClosed);
                broadcasts.forget(&key, id);
            } else {
                running.broadcast.set_state(message.clone());
            }
        }
    }

    /// Says farewell to every viewer and ends the threads.
    pub fn stop(&self) {
        self.threads().iter().for_each(|thread| thread.end());
        let handles = std::mem::take(&mut *self.handles.lock().unwrap_or_else(PoisonError::into_inner));
        for handle in handles {
            let _ = handle.join(); // a panic there has ended its viewers already
        }
    }
}

impl Broadcasts {
    /// New viewers of this key get a new broadcast.
    fn forget(&mut self, key: &Key, id: u64) {
        if self.ids.get(key) == Some(&id) {
            self.ids.remove(key);
        }
    }
}

fn state_message(status: &Status) -> Bytes {
    let message = json!({"type": "state", "state": status.state, "cause": status.cause, "legs": status.legs});
    frame(Opcode::Text, message.to_string().as_bytes())
}

/// Init segment and the newest key frame as one fMP4, for the snapshot worker.
pub fn key_picture(hub: &Hub) -> Option<Bytes> {
    use crate::mux::{AudioCarriage, fmp4};
    let unit = hub.current_gop().into_iter().next()?;
    let mut picture = fmp4::init_segment(&unit.format, AudioCarriage::Left).to_vec();
    let mut fragmenter = fmp4::Fragmenter::new(unit.dts, AudioCarriage::Left);
    let fragment = fragmenter.fragment(&[unit], fmp4::Next::default())?;
    picture.extend_from_slice(&fragment.to_bytes());
    Some(picture.into())
}
