//! One virtual camera's stream: asleep until somebody is admitted, then its file plays into its hub.

use super::{ChannelConfig, Flaky};
use crate::{
    hub::Hub,
    ingest::file::{
        Clip, Player, Schedule,
        feed::{publish, wall_us},
    },
    serve::rtsp::{Admitted, Closed},
};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{Notify, watch},
    time::{Instant, sleep_until},
};

/// Due times of all channels are rounded up to this, so that one wake-up serves them all.
const GRID: Duration = Duration::from_millis(20);
/// Longest sleep while playing, so that a jump of the wall clock is noticed.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// See the module.
pub struct Channel {
    hub: Arc<Hub>,
    clip: Arc<Clip>,
    camera: Option<String>,
    flaky: Option<Flaky>,
    viewers: AtomicUsize,
    wanted: Notify,
    /// Sessions of this up-time hold a receiver; `None` while down.
    up: Mutex<Option<watch::Sender<bool>>>,
}

impl Channel {
    pub fn new(config: &ChannelConfig, clip: Arc<Clip>) -> Arc<Self> {
        Arc::new(Self {
            hub: Hub::new(config.path.as_str().into()),
            clip,
            camera: config.number_frames.then(|| config.path.clone()),
            flaky: config.flaky,
            viewers: AtomicUsize::new(0),
            wanted: Notify::new(),
            up: Mutex::new(Some(watch::Sender::new(false))),
        })
    }

    /// Lets a viewer in; `None` while the channel is down on purpose.
    pub fn admit(self: &Arc<Self>) -> Option<Viewer> {
        let ended = self.up.lock().expect("nothing panics under this lock").as_ref()?.subscribe();
        self.viewers.fetch_add(1, Ordering::Relaxed);
        self.wanted.notify_one();
        Some(Viewer { channel: self.clone(), ended })
    }

    /// Runs for ever; dropped with the publisher.
    pub async fn run(self: Arc<Self>) {
        match self.flaky {
            None => self.play_on_demand().await,
            Some(flaky) => loop {
                let up = Duration::from_millis(flaky.up_ms.into());
                let _ = tokio::time::timeout(up, self.play_on_demand()).await; // it never ends by itself
                self.set_up(false);
                self.hub.discontinuity();
                tokio::time::sleep(Duration::from_millis(flaky.down_ms.into())).await;
                self.set_up(true);
            },
        }
    }

    fn set_up(&self, up: bool) {
        let next = up.then(|| watch::Sender::new(false));
        let former = std::mem::replace(&mut *self.up.lock().expect("nothing panics under this lock"), next);
        if let Some(former) = former {
            former.send_replace(true);
        }
    }

    async fn play_on_demand(&self) {
        let origin = Instant::now();
        let mut player = Player::new(self.clip.clone(), Schedule::Looped, self.camera.clone());
        loop {
            while self.viewers.load(Ordering::Relaxed) == 0 {
                player.rewind();
                self.hub.discontinuity(); // the cached GOP would be stale for the next viewer
                self.wanted.notified().await;
            }
            let due_us = match player.advance(wall_us(), origin.elapsed().as_micros() as i64) {
                Ok(step) => publish(step, &self.hub),
                Err(_) => None,
            };
            let wait = due_us.map_or(LOOK_EVERY, |due_us| {
                Duration::from_micros((due_us - wall_us()).max(0) as u64).min(LOOK_EVERY)
            });
            sleep_until(on_grid(origin, Instant::now() + wait)).await;
        }
    }
}

/// The next moment of the grid that all channels share, at or after `due`.
fn on_grid(origin: Instant, due: Instant) -> Instant {
    let since = due.duration_since(origin).as_micros();
    let grid = GRID.as_micros();
    origin + Duration::from_micros((since.div_ceil(grid) * grid) as u64)
}

/// A session that was let in.
pub struct Viewer {
    channel: Arc<Channel>,
    ended: watch::Receiver<bool>,
}

impl Admitted for Viewer {
    fn hub(&self) -> Arc<Hub> {
        self.channel.hub.clone()
    }

    fn ended(&self) -> watch::Receiver<bool> {
        self.ended.clone()
    }

    fn sent(&self, _bytes: u64) {}

    fn closed(&self, _reason: Closed) {}
}

impl Drop for Viewer {
    fn drop(&mut self) {
        self.channel.viewers.fetch_sub(1, Ordering::Relaxed);
    }
}
