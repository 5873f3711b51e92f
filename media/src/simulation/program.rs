//! One life of the program: streams with their hubs, the recorder, the queue of events. Every part is the product's
//! own; here is only who is called when, which in the product is threads.

use super::{
    camera::{Camera, MemoryWire},
    viewer::{Book, Clerk, Viewer},
};
use crate::{
    clock::{Clock, JumpWatch, ManualClock},
    event::Event,
    hub::{Hub, SinkId},
    ingest::{
        address::AddressRules,
        engine::{EngineConfig, Order, Pull, RtspSpec, Shared, TransportChoice},
        rtsp::url::RtspUrl,
    },
    plane::queue::EventQueue,
    record::{
        RecordConfig, Recorder,
        hands::Hands,
        sim_disk::{Lot, SimDisk},
    },
    serve::live::{
        broadcast::{Broadcast, Pace},
        packer::Packer,
    },
};
use std::{
    io,
    sync::{Arc, Mutex, atomic::Ordering},
};

pub const TICK_US: i64 = 500_000;
const BATCH_US: i64 = 200_000;
const REPEAT_US: i64 = 1_000_000;
/// What viewers may be behind: less than a minute of these pictures, so that slow ones skip.
pub const QUEUE_BYTES: usize = 6_000;
/// Lesser events that may wait.
pub const EVENTS: usize = 12;

/// An event as it was told, with the clocks at that moment.
#[derive(Clone, Debug)]
pub struct Told {
    pub mono_us: i64,
    pub wall_us: i64,
    pub event: Event,
}

/// What is told is heard here first; it outlives the program.
pub type Heard = Arc<Mutex<Vec<Told>>>;

/// One stream.
pub struct Lane {
    pub stream: String,
    pub letter: u8,
    pub hub: Arc<Hub>,
    pub book: Arc<Mutex<Book>>,
    pub recording: Option<SinkId>,
    pub live: Option<(Arc<Broadcast>, SinkId)>,
    pub viewers: Vec<Viewer>,
    pull: Pull<MemoryWire>,
    shared: Arc<Shared>,
    spec: RtspSpec,
    config: EngineConfig,
    slot: usize,
    ticked_us: i64,
}

/// See the module.
pub struct Program {
    pub lanes: Vec<Lane>,
    pub recorder: Recorder,
    pub queue: Arc<EventQueue>,
    pub hands: Hands,
    events: Arc<dyn Fn(Event) + Send + Sync>,
    jumps: JumpWatch,
    ticked_us: i64,
    repeated_us: i64,
}

pub fn record_config() -> RecordConfig {
    RecordConfig {
        segment_seconds: 3,
        fragment_ms: 500,
        sync_ms: 1000,
        retry_ms: 1000,
        announce_ms: 5_000,
        write_backlog_ms: 4_000,
        ..RecordConfig::default()
    }
}

pub fn stream_of(letter: u8) -> String {
    format!("ch_{}.main", char::from(letter))
}

impl Program {
    /// Nothing is read or recorded yet.
    pub fn new(disk: &SimDisk, clock: &Arc<ManualClock>, heard: &Heard, forgets_gaps: bool) -> Self {
        let queue = Arc::new(EventQueue::new(EVENTS).expect("an eventfd"));
        let (to, at, keep) = (queue.clone(), clock.clone(), heard.clone());
        let events: Arc<dyn Fn(Event) + Send + Sync> = Arc::new(move |event: Event| {
            if forgets_gaps && matches!(event, Event::Gap { .. }) {
                return;
            }
            let told = Told { mono_us: at.mono_us(), wall_us: at.wall_us(), event: event.clone() };
            keep.lock().unwrap().push(told);
            to.tell(event);
        });
        let (recorder, hands) =
            Recorder::by_hand(record_config(), Arc::new(disk.clone()), clock.clone(), events.clone());
        let jumps = JumpWatch::new(&**clock);
        Self { lanes: Vec::new(), recorder, queue, hands, events, jumps, ticked_us: 0, repeated_us: 0 }
    }

    /// Opens the camera's stream.
    pub fn open(
        &mut self,
        camera: &Camera,
        letter: u8,
        book: Arc<Mutex<Book>>,
        clock: &ManualClock,
        lot: &mut Lot,
    ) {
        let hub = Hub::new(stream_of(letter).as_str().into());
        hub.join(Box::new(Clerk { letter, book: book.clone() }), false);
        let spec = RtspSpec {
            url: "rtsp://10.1.1.7/live".into(),
            user: None,
            password: None,
            transport: if camera.udp { TransportChoice::UdpOnly } else { TransportChoice::Tcp },
            allow_basic: true,
            audio: true,
        };
        let slot = self.lanes.len();
        let by_itself = "10.1.1.7/32".parse().expect("a network");
        let config = EngineConfig {
            addresses: AddressRules { camera_networks: vec![by_itself], own_listeners: Vec::new() },
            silent_ms: 6_000,
            ..EngineConfig::default()
        };
        let shared = Shared::new(hub.id.clone());
        let order = order(&spec, &shared, &hub, &self.events);
        let pull = Pull::new(slot, order, MemoryWire::new(camera, lot.next()), clock.now());
        self.lanes.push(Lane {
            stream: stream_of(letter),
            letter,
            hub,
            book,
            recording: None,
            live: None,
            viewers: Vec::new(),
            pull,
            shared,
            spec,
            config,
            slot,
            ticked_us: 0,
        });
    }

    /// Somebody takes the stream out and puts it in again.
    pub fn reopen(&mut self, at: usize, camera: &Camera, clock: &ManualClock, lot: &mut Lot) {
        let lane = &mut self.lanes[at];
        lane.shared.closed.store(true, Ordering::Relaxed);
        lane.pull.heed_flags(clock.now());
        assert!(lane.pull.is_over(), "a stream that is closed is over");
        lane.shared = Shared::new(lane.hub.id.clone());
        let order = order(&lane.spec, &lane.shared, &lane.hub, &self.events);
        lane.pull = Pull::new(lane.slot, order, MemoryWire::new(camera, lot.next()), clock.now());
    }

    pub fn record(&mut self, at: usize) -> io::Result<()> {
        let lane = &mut self.lanes[at];
        let sink = self.recorder.sink_for(&lane.stream)?;
        lane.recording = Some(lane.hub.join(sink, false));
        Ok(())
    }

    pub fn stop_recording(&mut self, at: usize) {
        let lane = &mut self.lanes[at];
        if let Some(sink) = lane.recording.take() {
            lane.hub.leave(sink);
        }
    }

    pub fn watch(&mut self, at: usize, mut viewer: Viewer, pace: Pace) {
        let lane = &mut self.lanes[at];
        lane.live.get_or_insert_with(|| {
            let ring = Arc::new(Broadcast::new(QUEUE_BYTES, Box::new(|_| {})));
            let sink = lane.hub.join(Box::new(Packer::new(ring.clone(), true)), true);
            (ring, sink)
        });
        viewer.set_pace(pace, &lane.hub);
        lane.viewers.push(viewer);
    }

    /// The last one to leave ends the broadcast.
    pub fn unwatch(&mut self, at: usize, which: usize) {
        let lane = &mut self.lanes[at];
        lane.viewers.swap_remove(which);
        if lane.viewers.is_empty()
            && let Some((_, sink)) = lane.live.take()
        {
            lane.hub.leave(sink);
        }
    }

    /// What the engine's thread does in this moment.
    pub fn ingest(&mut self, cameras: &mut [Camera], clock: &ManualClock, scratch: &mut [u8]) {
        let now = clock.now();
        for (lane, camera) in self.lanes.iter_mut().zip(cameras) {
            for kind in camera.datagrams() {
                lane.pull.ready(kind + 1, now, scratch, &lane.config);
            }
            if camera.wakes() {
                lane.pull.ready(0, now, scratch, &lane.config);
            }
            if now.mono_us - lane.ticked_us >= BATCH_US {
                lane.ticked_us = now.mono_us;
                lane.pull.tick(now, scratch, &lane.config);
            }
        }
    }

    pub fn write(&mut self) {
        for writer in &mut self.hands.writers {
            while let Ok(order) = writer.orders.try_recv() {
                writer.obey(order);
            }
        }
    }

    /// `false`: there was nothing to sync or to close.
    pub fn store_one(&mut self) -> bool {
        let Ok(job) = self.hands.storer.jobs.try_recv() else { return false };
        self.hands.storer.store(job);
        true
    }

    /// What the writers', the recorder's and the plane's threads do as time goes by.
    pub fn tick(&mut self, clock: &ManualClock, writes: bool) {
        let mono_us = clock.mono_us();
        if mono_us - self.ticked_us >= TICK_US {
            self.ticked_us = mono_us;
            if writes {
                self.hands.writers.iter_mut().for_each(|writer| writer.tick());
            }
            self.hands.ticker.tick();
        }
        if mono_us - self.repeated_us >= REPEAT_US {
            self.repeated_us = mono_us;
            if let Some(by_us) = self.jumps.jumped_by_us(clock) {
                (self.events)(Event::ClockJump { at_us: clock.wall_us(), by_us });
            }
            self.queue.repeat(mono_us);
        }
    }
}

fn order(
    spec: &RtspSpec,
    shared: &Arc<Shared>,
    hub: &Arc<Hub>,
    events: &Arc<dyn Fn(Event) + Send + Sync>,
) -> Order {
    Order {
        shared: shared.clone(),
        spec: spec.clone(),
        url: RtspUrl::parse(&spec.url).expect("an address"),
        hub: hub.clone(),
        events: Some(events.clone()),
        probe: None,
    }
}
