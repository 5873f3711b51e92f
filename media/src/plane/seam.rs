//! What the plane asks of ingest and of the recorder, and nothing more: the two rooms are joined
//! here, and tests put a source of their own in.

use super::config::{Refused, StreamSpec};
use crate::{event::Event, hub::Hub};
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap},
    io,
    sync::Arc,
    time::Duration,
};

/// Where a room sends what happened. Never blocks.
pub type Tell = Arc<dyn Fn(Event) + Send + Sync>;

/// A thing that runs until it is dropped. Dropping asks it to stop and does not wait.
pub trait Running: Send {
    /// Oddities tolerated up to now, by name, where the room counts them.
    fn oddities(&self) -> Option<BTreeMap<String, u64>> {
        None
    }
}

/// Opens sessions to cameras.
pub trait Ingest: Send + Sync {
    /// Whether a specification can be opened at all, said when it is put and not when the first viewer
    /// comes. Looks at the words only; does not touch the camera.
    fn check(&self, _spec: &StreamSpec) -> Result<(), Refused> {
        Ok(())
    }

    /// Starts a session that publishes into `hub` until dropped, coming back for ever after failures,
    /// and tells each change as [`Event::Stream`]. Never blocks, and never tells on the calling thread.
    fn open(&self, spec: &StreamSpec, hub: Arc<Hub>) -> Result<Box<dyn Running>, Refused>;

    /// One attempt, at most `timeout` long: `{"legs", "format", "oddities"}` of doors §1.
    fn probe(&self, spec: &StreamSpec, timeout: Duration) -> Result<Value, Refused>;

    /// Ends all sessions and waits for them, at most so long.
    fn stop(&self, _timeout: Duration) {}
}

/// Writes streams to disk.
pub trait Record: Send + Sync {
    /// Records what `hub` publishes until dropped.
    fn start(&self, spec: &StreamSpec, hub: Arc<Hub>) -> io::Result<Box<dyn Running>>;

    /// The index has these segments durably.
    fn acknowledge(&self, segments: &[String]);

    /// Closes all segments, syncs, announces; at most so long. What was started is dropped before.
    fn stop(&self, timeout: Duration);

    /// Of each stream that is recorded, by name.
    fn written(&self) -> HashMap<String, Written>;
}

/// How far the recording of a stream has come.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// Payload between the camera and the disk.
    pub queued_bytes: u64,
    pub queued_jobs: u64,
    pub dropped_fragments: u64,
    /// Wall clock of the first and the last write.
    pub first_us: Option<i64>,
    pub last_us: Option<i64>,
}
