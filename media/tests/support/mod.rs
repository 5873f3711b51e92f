//! What the ingest tests share: an engine that may reach this machine, and a sink that remembers.

#![allow(dead_code)] // each test program uses its part

use mingjing_media::{
    frame::{AccessUnit, Track},
    hub::{Hub, Sink},
    ingest::{
        address::AddressRules,
        engine::{Engine, EngineConfig, RtspSpec, TransportChoice},
    },
};
use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

pub fn engine(change: impl FnOnce(&mut EngineConfig)) -> Engine {
    let camera_networks = ["127.0.0.0/8", "::1"].map(|network| network.parse().unwrap()).to_vec();
    let addresses = AddressRules { camera_networks, own_listeners: Vec::new() };
    let mut config = EngineConfig { addresses, batch_ms: 50, ..EngineConfig::default() };
    change(&mut config);
    Engine::new(config, Arc::new(|_| {})).unwrap()
}

pub fn spec(url: &str) -> RtspSpec {
    RtspSpec {
        url: url.into(),
        user: None,
        password: None,
        transport: TransportChoice::Auto,
        allow_basic: false,
        audio: true,
    }
}

/// A hub with a sink that keeps every unit.
pub struct Recorder {
    hub: Arc<Hub>,
    units: Arc<Mutex<Vec<Arc<AccessUnit>>>>,
}

struct Keep(Arc<Mutex<Vec<Arc<AccessUnit>>>>);

impl Sink for Keep {
    fn access_unit(&mut self, unit: &Arc<AccessUnit>) -> bool {
        self.0.lock().unwrap().push(unit.clone());
        true
    }
}

impl Recorder {
    pub fn new() -> Self {
        let hub = Hub::new("cam.main".into());
        let units = Arc::new(Mutex::new(Vec::new()));
        hub.join(Box::new(Keep(units.clone())), false);
        Self { hub, units }
    }

    pub fn hub(&self) -> Arc<Hub> {
        self.hub.clone()
    }

    pub fn units(&self) -> Vec<Arc<AccessUnit>> {
        self.units.lock().unwrap().clone()
    }

    pub fn video(&self) -> Vec<Arc<AccessUnit>> {
        self.units().into_iter().filter(|unit| unit.track == Track::Video).collect()
    }

    /// Whether so many video units came in time.
    pub fn wait_for_video(&self, count: usize, most: Duration) -> bool {
        let until = Instant::now() + most;
        while self.video().len() < count {
            if Instant::now() > until {
                return false;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        true
    }

    /// What [`AccessUnit`] promises of its times, for one connection.
    pub fn assert_sound_times(&self) {
        for track in [Track::Video, Track::Audio] {
            let units = self.units();
            let own: Vec<_> = units.iter().filter(|unit| unit.track == track).collect();
            assert!(own.iter().all(|unit| unit.dts <= unit.pts));
            assert!(own.windows(2).all(|pair| pair[0].dts < pair[1].dts), "{track:?} decoding times rise");
            assert!(own.windows(2).all(|pair| pair[0].mono_us <= pair[1].mono_us));
        }
    }
}
