//! The engine: threads that own many camera sessions each, and the narrow face that the plane calls.
//!
//! Protocol and media logic are sans-IO and live elsewhere; here are sockets, timers and threads.

mod api;

pub use api::{
    Engine, EngineConfig, EventSink, IngestStats, ProbeReport, RtspSpec, Secret, SpecError, StreamHandle,
    TransportChoice,
};
