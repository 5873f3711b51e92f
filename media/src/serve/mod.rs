//! What leaves the plane, always against a ticket. One file or folder a protocol.
//!
//! `http` listens and reads heads, `route` says which room answers, the rooms answer. `delivery`
//! admits tickets and ends deliveries.

pub mod delivery;
pub mod fuzz;
pub mod hls;
pub mod http;
pub mod live;
pub mod playback;
pub mod problem;
pub mod republish;
pub mod route;
pub mod rtsp;
pub mod websocket;

use crate::{
    clock::Clock,
    plane::{config::PlaneConfig, streams::Streams},
    serve::{delivery::Desk, live::Live},
};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};
use std::{io, sync::Arc};

/// What the kernel may hold for one live viewer. More would only hide how far behind it is.
const SEND_BUFFER_BYTES: usize = 512 << 10;

/// What every room of this folder may use.
pub struct Serving {
    pub config: Arc<PlaneConfig>,
    pub clock: Arc<dyn Clock>,
    pub desk: Arc<Desk>,
    pub streams: Arc<Streams>,
    pub live: Arc<Live>,
    pub play: playback::Playback,
    pub hls: hls::live::Running,
}

/// A response's body; an error in it cuts the connection.
pub type Body = UnsyncBoxBody<Bytes, io::Error>;

/// A body that is there at once.
pub fn full(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed_unsync()
}
