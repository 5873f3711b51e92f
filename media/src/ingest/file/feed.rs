//! A thread that plays one file into a hub until it is dropped.

use super::{
    clip::{Clip, ClipError},
    player::{Player, Schedule, Step},
};
use crate::hub::Hub;
use std::{
    path::Path,
    sync::{
        Arc,
        mpsc::{self, RecvTimeoutError, Sender},
    },
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// Longest sleep between two looks at the wall clock, so that a jump of it is noticed.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A file that plays. Dropping it ends the thread within a second.
pub struct FileFeed {
    _stop: Sender<()>,
}

impl FileFeed {
    /// Opens the file and starts to play. A file that is played once ends by itself, with a discontinuity.
    pub fn start(path: &Path, schedule: Schedule, hub: Arc<Hub>) -> Result<Self, ClipError> {
        let clip = Arc::new(Clip::open(path)?);
        let (stop, stopped) = mpsc::channel::<()>();
        let mut player = Player::new(clip, schedule, None);
        let origin = Instant::now();
        let run = move || {
            loop {
                let wait = match player.advance(wall_us(), origin.elapsed().as_micros() as i64) {
                    Ok(step) => publish(step, &hub),
                    Err(_) => None, // the file shrank or the disk failed: the stream ends
                };
                let Some(due_us) = wait else { break };
                let wait = Duration::from_micros((due_us - wall_us()).max(0) as u64).min(LOOK_EVERY);
                if !matches!(stopped.recv_timeout(wait), Err(RecvTimeoutError::Timeout)) {
                    break;
                }
            }
            hub.discontinuity();
        };
        thread::Builder::new().name("file-feed".into()).spawn(run)?;
        Ok(Self { _stop: stop })
    }
}

/// Hands a step to the hub; the wall clock of the next one, `None` at the end.
pub fn publish(step: Step, hub: &Hub) -> Option<i64> {
    let (units, due_us) = match step {
        Step::Units(units, due_us) => (units, Some(due_us)),
        Step::Restarted(units, due_us) => {
            hub.discontinuity();
            (units, Some(due_us))
        }
        Step::Ended(units) => (units, None),
    };
    hub.publish_all(units, false);
    due_us
}

/// This machine's wall clock.
pub fn wall_us() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros() as i64)
}
