//! The other side of the seam: takes events in batches, commits, acknowledges, as the control plane's pump does. Its
//! database goes away and comes back, and now and then it ends between commit and acknowledgement.

use crate::{
    event::{Event, Segment},
    plane::queue::EventQueue,
    record::{Recorder, sim_disk::Lot},
};
use std::collections::{BTreeMap, BTreeSet};

/// What is committed outlives every program.
#[derive(Default)]
pub struct Control {
    pub rows: BTreeMap<String, Segment>,
    /// Everything that was ever acknowledged.
    pub ever: BTreeSet<String>,
    pub away_until_us: i64,
    pub drops_told: u64,
    pub lesser: u64,
    /// It does not end between commit and acknowledgement any more.
    pub is_sure: bool,
    /// Says so to the queue and not to the recorder: a broken promise on purpose.
    pub forgets_recorder: bool,
}

impl Control {
    /// Takes one batch. `Err`: a promise is broken.
    pub fn drain(
        &mut self,
        queue: &EventQueue,
        recorder: &Recorder,
        mono_us: i64,
        lot: &mut Lot,
    ) -> Result<Vec<Event>, String> {
        // While it cannot commit it tries what it has in hand again, and takes the next only now and then.
        if mono_us < self.away_until_us && lot.below(40) != 0 {
            return Ok(Vec::new());
        }
        let batch = queue.drain(1 + lot.below(40), mono_us);
        let mut stored = Vec::new();
        for event in &batch {
            match event {
                Event::SegmentStored(segment) => {
                    if self.ever.contains(&segment.id) {
                        return Err(format!("{} was told after it was acknowledged", segment.id));
                    }
                    stored.push(segment.clone());
                }
                Event::Dropped { count } => self.drops_told += count,
                _ => self.lesser += 1,
            }
        }
        if mono_us < self.away_until_us {
            return Ok(batch); // the batch is rolled back; segments are told again, the rest is given up
        }
        for segment in &stored {
            let known = self.rows.entry(segment.id.clone()).or_insert_with(|| segment.clone());
            if known != segment {
                return Err(format!("{} was told with other facts than before", segment.id));
            }
        }
        if self.is_sure || lot.below(20) != 0 {
            let ids: Vec<String> = stored.into_iter().map(|segment| segment.id).collect();
            if !self.forgets_recorder {
                recorder.acknowledge(&ids);
            }
            queue.acknowledge(ids.iter().map(String::as_str));
            self.ever.extend(ids);
        }
        Ok(batch)
    }
}
