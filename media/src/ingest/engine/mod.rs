//! The engine: threads that own many camera sessions each, and the narrow face that the plane calls.
//!
//! Protocol and media logic are sans-IO and live elsewhere, and so is a stream with its attempts (`pull`) over a
//! `wire`; here are sockets, timers and threads.
//! A stream that somebody watches is read when the kernel says so; one that is only recorded is not
//! registered with the poller at all but read with all others on a tick (`batch_ms`), which costs one
//! wake-up and one read for many packets.

mod api;
mod figures;
mod pull;
mod resolve;
mod sockets;
mod wire;
mod worker;

#[cfg(test)]
pub(crate) use self::{api::Shared, pull::Pull, resolve::Resolved, wire::Wire, worker::Order};
pub use api::{
    Engine, EngineConfig, EventSink, IngestStats, ProbeReport, RtspSpec, Secret, SpecError, StreamHandle,
    TransportChoice,
};
