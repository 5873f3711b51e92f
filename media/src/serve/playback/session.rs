//! Playback sessions: opened with one ticket, then named by an unguessable id.
//!
//! A session ends by revocation, by its ticket's end, or [`IDLE`] after its last request.

use crate::serve::{
    delivery::{Delivery, Reason},
    hls::live::LiveHls,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// Without a request for so long, a session ends.
pub const IDLE: Duration = Duration::from_secs(300);
/// A follower of live HLS asks each few seconds; one that does not has left.
const IDLE_LIVE: Duration = Duration::from_secs(30);

/// What a session may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    Playback,
    /// Tables and single pictures only.
    KeyFrames,
    /// Live, as HLS.
    Live,
}

/// One session.
pub struct Session {
    pub id: String,
    pub purpose: Use,
    pub delivery: Delivery,
    /// What a session of live HLS follows.
    pub live: OnceLock<Arc<LiveHls>>,
    last: Mutex<Instant>,
}

impl Session {
    pub fn stream(&self) -> &str {
        &self.delivery.claims().stream
    }

    /// The recorded time that it may read, half-open, microseconds since the Unix epoch.
    pub fn range_us(&self) -> (i64, i64) {
        let claims = self.delivery.claims();
        (claims.from_us.unwrap_or(0), claims.until_us.unwrap_or(i64::MAX))
    }

    fn touch(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn idle_at(&self) -> Instant {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
            + if self.purpose == Use::Live { IDLE_LIVE } else { IDLE }
    }
}

/// All sessions. Their number is bounded by the desk's limit of viewers.
#[derive(Default)]
pub struct Sessions {
    by_id: Mutex<HashMap<String, Arc<Session>>>,
}

impl Sessions {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<Session>>> {
        self.by_id.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens one and looks after its end. `None` if the system gives no randomness.
    pub fn open(self: &Arc<Self>, purpose: Use, delivery: Delivery) -> Option<Arc<Session>> {
        let mut random = [0; 24];
        getrandom::fill(&mut random).ok()?;
        let id: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let session = Arc::new(Session {
            id,
            purpose,
            delivery,
            live: OnceLock::new(),
            last: Mutex::new(Instant::now()),
        });
        self.lock().insert(session.id.clone(), session.clone());
        tokio::spawn(self.clone().look_after(session.clone()));
        Some(session)
    }

    /// A running session, for one more request.
    pub fn find(&self, id: &str) -> Option<Arc<Session>> {
        let session = self.lock().get(id).cloned()?;
        if session.delivery.stop_reason().is_some() {
            return None;
        }
        session.touch();
        Some(session)
    }

    async fn look_after(self: Arc<Self>, session: Arc<Session>) {
        loop {
            let idle_at = session.idle_at();
            tokio::select! {
                _ = session.delivery.stopped() => break,
                () = tokio::time::sleep_until(idle_at) => {}
            }
            if session.idle_at() <= Instant::now() {
                session.delivery.stop(Reason::Left);
                break;
            }
        }
        self.lock().remove(&session.id);
    }
}
