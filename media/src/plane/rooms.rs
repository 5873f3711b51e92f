//! The real rooms behind the seam: the ingest engine, files that play, and the recorder.

use super::{
    Ground, PlaneError, Rooms,
    config::{PlaneConfig, Refused, SourceSpec, StreamSpec, Transport},
    recording,
    seam::{Ingest, Running, Tell},
    streams::format_json,
};
use crate::{
    event::{Event, StreamState},
    hub::Hub,
    ingest::{
        address::{AddressRules, Network},
        engine::{Engine, EngineConfig, RtspSpec, Secret, StreamHandle, TransportChoice},
        file::{Clip, ClipError, FileFeed, Schedule, feed::wall_us},
        rtsp::url::RtspUrl,
    },
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, net::SocketAddr, path::Path, sync::Arc, time::Duration};

/// Makes the rooms that the configuration asks for.
pub fn real(ground: &Ground<'_>) -> Result<Rooms, PlaneError> {
    let engine = Engine::new(engine_config(ground.config, ground.own)?, ground.tell.clone())?;
    let cameras = Cameras { engine, tell: ground.tell.clone() };
    Ok(Rooms { ingest: Arc::new(cameras), record: recording::open(ground)? })
}

fn engine_config(config: &PlaneConfig, own: &[SocketAddr]) -> Result<EngineConfig, Refused> {
    let camera_networks = config
        .camera_networks
        .iter()
        .map(|text| {
            text.parse::<Network>()
                .map_err(|why| Refused(format!("media configuration: camera_networks: {why}")))
        })
        .collect::<Result<_, _>>()?;
    let limits = &config.limits;
    Ok(EngineConfig {
        addresses: AddressRules { camera_networks, own_listeners: own.to_vec() },
        silent_ms: limits.silent_ms,
        key_frame_ms: limits.key_frame_ms,
        connect_ms: limits.connect_ms,
        answer_ms: limits.answer_ms,
        ..EngineConfig::default()
    })
}

struct Cameras {
    engine: Engine,
    tell: Tell,
}

impl Running for StreamHandle {
    fn oddities(&self) -> Option<BTreeMap<String, u64>> {
        self.stats().map(|stats| stats.oddities)
    }
}

impl Ingest for Cameras {
    fn check(&self, spec: &StreamSpec) -> Result<(), Refused> {
        match &spec.source {
            SourceSpec::Rtsp { url, .. } => RtspUrl::parse(url).map(drop).map_err(refused),
            SourceSpec::File { path, .. } => {
                Clip::open(path).map(drop).map_err(|why| refused_file(path, &why))
            }
        }
    }

    fn open(&self, spec: &StreamSpec, hub: Arc<Hub>) -> Result<Box<dyn Running>, Refused> {
        if let SourceSpec::File { path, looped } = &spec.source {
            return self.play(path, *looped, hub);
        }
        let handle = self.engine.open(hub.id.clone(), rtsp(spec)?, hub).map_err(refused)?;
        Ok(Box::new(handle))
    }

    fn probe(&self, spec: &StreamSpec, timeout: Duration) -> Result<Value, Refused> {
        let report = self.engine.probe(&rtsp(spec)?, timeout).map_err(refused)?;
        let format = report.format.as_deref().map_or(Value::Null, format_json);
        Ok(json!({"legs": report.legs, "format": format, "oddities": report.oddities}))
    }

    fn stop(&self, timeout: Duration) {
        self.engine.stop(timeout);
    }
}

impl Cameras {
    fn play(&self, path: &Path, looped: bool, hub: Arc<Hub>) -> Result<Box<dyn Running>, Refused> {
        let schedule = if looped { Schedule::Looped } else { Schedule::Once };
        let stream = hub.id.to_string();
        let feed = FileFeed::start(path, schedule, hub).map_err(|why| refused_file(path, &why))?;
        let tell = self.tell.clone();
        // Told from a thread of its own: the caller holds the stream that the event is about.
        std::thread::spawn(move || {
            tell(Event::Stream {
                stream,
                state: StreamState::Playing,
                at_us: wall_us(),
                cause: None,
                attempt: 0,
                retry_in_ms: None,
                legs: Vec::new(),
                oddities: BTreeMap::new(),
            });
        });
        Ok(Box::new(Playing { _feed: feed }))
    }
}

fn refused(why: impl std::fmt::Display) -> Refused {
    Refused(format!("stream specification: {why}"))
}

fn refused_file(path: &Path, why: &ClipError) -> Refused {
    refused(format!("source.path {}: {why}", path.display()))
}

fn rtsp(spec: &StreamSpec) -> Result<RtspSpec, Refused> {
    let SourceSpec::Rtsp { url, user, password, transport, allow_basic } = &spec.source else {
        return Err(Refused("stream specification: only a source of kind rtsp can be probed".into()));
    };
    Ok(RtspSpec {
        url: url.clone(),
        user: user.clone(),
        password: password.clone().map(Secret),
        transport: match transport {
            Transport::Auto => TransportChoice::Auto,
            Transport::Tcp => TransportChoice::Tcp,
            Transport::Udp => TransportChoice::Udp,
            Transport::UdpOnly => TransportChoice::UdpOnly,
        },
        allow_basic: *allow_basic,
        audio: spec.audio,
    })
}

/// A file that plays as if it were a camera.
struct Playing {
    _feed: FileFeed,
}

impl Running for Playing {}
