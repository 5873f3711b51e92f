//! The recorder behind the seam: one storage root, recovered before anything is written to it.

use super::{
    Ground, PlaneError,
    config::{Refused, StorageRoot, StreamSpec},
    seam::{Record, Running, Written},
};
use crate::{
    clock::{Clock, SystemClock},
    hub::{Hub, SinkId},
    record::{
        RealDisk, RecordConfig, Recorder,
        identity::{self, StorageLock},
    },
};
use std::{
    collections::HashMap,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// Opens the first storage root, closes what an earlier run left unfinished and announces it. `None`
/// without storage: nothing is recorded then.
pub fn open(ground: &Ground<'_>) -> Result<Option<Arc<dyn Record>>, PlaneError> {
    let Some(storage) = ground.config.storage.first() else { return Ok(None) };
    let named = |why: io::Error| {
        io::Error::new(why.kind(), format!("storage {} {}: {why}", storage.id, storage.root.display()))
    };
    let clock = SystemClock::default();
    let claim = |storage: &StorageRoot| {
        identity::claim(&storage.root, &storage.id, clock.wall_us())
            .map_err(|why| Refused(format!("storage {} at {}: {why}", storage.id, storage.root.display())))
    };
    let locks = ground.config.storage.iter().map(claim).collect::<Result<Vec<_>, _>>()?;
    let disk = Arc::new(RealDisk::open_storage(&storage.root, &storage.id).map_err(named)?);
    let config = RecordConfig {
        segment_seconds: ground.config.segment_seconds,
        fragment_ms: ground.config.fragment_ms,
        sync_ms: ground.config.sync_ms,
        write_backlog_bytes: ground.config.limits.write_backlog_bytes,
        write_backlog_ms: ground.config.limits.write_backlog_ms,
        ..RecordConfig::default()
    };
    let recorder = Recorder::new(config, disk, Arc::new(clock), ground.tell.clone()).map_err(named)?;
    recorder.recover().map_err(named)?;
    Ok(Some(Arc::new(Storage { recorder, locks: Mutex::new(locks) })))
}

struct Storage {
    recorder: Arc<Recorder>,
    /// Every configured root stays claimed while the plane runs.
    locks: Mutex<Vec<StorageLock>>,
}

/// A recording that runs; leaving the hub hands what was gathered to the recorder.
struct Recording {
    hub: Arc<Hub>,
    sink: SinkId,
}

impl Running for Recording {}

impl Drop for Recording {
    fn drop(&mut self) {
        self.hub.leave(self.sink);
    }
}

impl Record for Storage {
    fn start(&self, spec: &StreamSpec, hub: Arc<Hub>) -> io::Result<Box<dyn Running>> {
        let sink = self.recorder.sink_for(&spec.stream)?;
        // Without the cached GOP: a recording that is stopped and begun again holds no second twice.
        let sink = hub.join(sink, false);
        Ok(Box::new(Recording { hub, sink }))
    }

    fn acknowledge(&self, segments: &[String]) {
        self.recorder.acknowledge(segments);
    }

    fn stop(&self, timeout: Duration) {
        // What did not finish in time is recovered at the next start, as after a power cut; until this
        // process has gone its threads may still write, so the roots stay claimed.
        if self.recorder.stop(timeout) {
            self.locks.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }

    fn written(&self) -> HashMap<String, Written> {
        let of = |one: crate::record::stats::StreamRecordStats| {
            let written = Written {
                queued_bytes: one.queued_bytes as u64,
                queued_jobs: one.queued_jobs as u64,
                dropped_fragments: one.dropped_fragments,
                first_us: one.first_write_us,
                last_us: one.last_write_us,
            };
            (one.stream, written)
        };
        self.recorder.stats().streams.into_iter().map(of).collect()
    }
}
