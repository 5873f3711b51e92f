//! One stream through the recorder's own hands: its writer and its storer work when they are told to, so that a disk
//! may keep them waiting while the camera goes on.

use super::{RATE, START_US, STEP_US, STREAMS, config, format, gaps, units};
use mingjing_media::clock::{Clock, ManualClock};
use mingjing_media::event::{Cause, Event, Segment};
use mingjing_media::frame::Format;
use mingjing_media::hub::Sink;
use mingjing_media::record::Recorder;
use mingjing_media::record::hands::Hands;
use mingjing_media::record::sim_disk::SimDisk;
use std::sync::{Arc, Mutex};

/// See the module.
pub struct Rig {
    pub disk: SimDisk,
    pub clock: Arc<ManualClock>,
    recorder: Recorder,
    hands: Hands,
    sink: Option<Box<dyn Sink>>,
    told: Arc<Mutex<Vec<(i64, Event)>>>,
    format: Arc<Format>,
    frames: i64,
}

impl Rig {
    pub fn new() -> Self {
        let (disk, clock) = (SimDisk::new(), Arc::new(ManualClock::new(START_US)));
        let told: Arc<Mutex<Vec<(i64, Event)>>> = Arc::default();
        let (heard, at) = (told.clone(), clock.clone());
        let events = Arc::new(move |event| heard.lock().unwrap().push((at.mono_us(), event)));
        let (recorder, hands) =
            Recorder::by_hand(config(), Arc::new(disk.clone()), clock.clone(), events.clone());
        let mut rig = Self { disk, clock, recorder, hands, sink: None, told, format: format(), frames: 0 };
        rig.join();
        rig
    }

    /// Somebody wants the stream recorded.
    pub fn join(&mut self) {
        self.sink = Some(self.recorder.sink_for(STREAMS[0]).unwrap());
    }

    /// Nobody does any more.
    pub fn leave(&mut self) {
        self.sink = None;
    }

    pub fn hang_up(&mut self) {
        self.sink.as_mut().unwrap().discontinuity();
        self.frames = 0;
    }

    /// So many pictures with their sound, each after its time.
    pub fn feed(&mut self, frames: i64) {
        self.send(frames, &[0, 1]);
    }

    /// Pictures whose sound has come already.
    pub fn feed_silently(&mut self, frames: i64) {
        self.send(frames, &[0]);
    }

    /// Sound of pictures that are still on their way.
    pub fn sound_ahead(&mut self, frames: i64) {
        for n in self.frames..self.frames + frames {
            let [_, sound] = units(&self.format, 0, n, self.clock.wall_us(), self.clock.mono_us(), RATE);
            self.sink.as_mut().unwrap().access_unit(&sound);
        }
    }

    fn send(&mut self, frames: i64, which: &[usize]) {
        for _ in 0..frames {
            let (wall_us, mono_us) = (self.clock.wall_us(), self.clock.mono_us());
            let both = units(&self.format, 0, self.frames, wall_us, mono_us, RATE);
            which.iter().for_each(|one| {
                self.sink.as_mut().unwrap().access_unit(&both[*one]);
            });
            self.frames += 1;
            self.clock.advance_us(STEP_US);
        }
    }

    /// Time passes in which nobody does anything.
    pub fn wait(&mut self, seconds: i64) {
        self.clock.advance_us(seconds * 1_000_000);
    }

    /// The writer does what waits for it.
    pub fn write(&mut self) {
        for writer in &mut self.hands.writers {
            while let Ok(order) = writer.orders.try_recv() {
                writer.obey(order);
            }
        }
    }

    /// The writer looks at what nobody told it.
    pub fn tick(&mut self) {
        self.hands.writers.iter_mut().for_each(|writer| writer.tick());
    }

    /// The storer syncs and closes what waits for it.
    pub fn store(&mut self) {
        while let Ok(job) = self.hands.storer.jobs.try_recv() {
            self.hands.storer.store(job);
        }
    }

    pub fn gaps(&self) -> Vec<(i64, i64, Option<i64>, Cause)> {
        gaps(&self.told.lock().unwrap(), STREAMS[0])
    }

    pub fn stored(&self) -> Vec<Segment> {
        let stored = |(_, event): &(i64, Event)| match event {
            Event::SegmentStored(segment) => Some(segment.clone()),
            _ => None,
        };
        self.told.lock().unwrap().iter().filter_map(stored).collect()
    }
}
