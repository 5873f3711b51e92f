//! What the plane sees of the engine.

use crate::{
    event::{Cause, Event, LegReport, StreamState},
    frame::Format,
    hub::{Hub, StreamId},
    ingest::address::AddressRules,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

/// Where [`Event::Stream`] goes. Called on an engine thread: must not block.
pub type EventSink = Arc<dyn Fn(Event) + Send + Sync>;

/// A text that never shows itself in logs.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// How media may travel. `Auto` tries TCP, and UDP by itself where TCP is refused; `Udp` the other way
/// round; the other two never change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransportChoice {
    #[default]
    Auto,
    Tcp,
    Udp,
    UdpOnly,
}

/// One camera stream to pull. Credentials never stand in `url`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RtspSpec {
    pub url: String,
    #[serde(default)]
    pub user: Option<String>,
    #[serde(default)]
    pub password: Option<Secret>,
    #[serde(default)]
    pub transport: TransportChoice,
    /// Send the password in clear text (Basic) if the camera offers nothing better.
    #[serde(default)]
    pub allow_basic: bool,
    /// Take the audio track too.
    #[serde(default = "yes")]
    pub audio: bool,
}

fn yes() -> bool {
    true
}

/// What is wrong with a [`RtspSpec`], as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecError(pub String);

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SpecError {}

/// Limits and rules of the engine; all finite.
#[derive(Clone, Debug)]
pub struct EngineConfig {
    pub threads: usize,
    pub addresses: AddressRules,
    /// No video frame for so long: the stream is down.
    pub silent_ms: u32,
    /// No key frame for so long.
    pub key_frame_ms: u32,
    pub connect_ms: u32,
    /// A request without an answer for so long ends the attempt.
    pub answer_ms: u32,
    /// How often sockets of streams that nobody watches are read.
    pub batch_ms: u32,
}

impl Default for EngineConfig {
    fn default() -> Self {
        Self {
            threads: 1,
            addresses: AddressRules::default(),
            silent_ms: 10_000,
            key_frame_ms: 20_000,
            connect_ms: 5_000,
            answer_ms: 10_000,
            batch_ms: 200,
        }
    }
}

/// Where one stream stands, for `StreamStats` of the doors.
#[derive(Clone, Debug)]
pub struct IngestStats {
    pub stream: StreamId,
    pub state: StreamState,
    pub cause: Option<Cause>,
    /// Since when it is in this state, microseconds since the Unix epoch.
    pub since_us: i64,
    pub legs: Vec<LegReport>,
    pub oddities: BTreeMap<String, u64>,
    pub format: Option<Arc<Format>>,
    /// Video frames a second over the last seconds.
    pub fps: f64,
    pub bitrate_bps: u64,
    /// Wall clock of the last video frame, microseconds since the Unix epoch; 0 before the first.
    pub last_frame_us: i64,
    /// Times that it played again after having been down.
    pub reconnects: u64,
}

/// What one look at a camera found.
#[derive(Clone, Debug)]
pub struct ProbeReport {
    pub legs: Vec<LegReport>,
    pub format: Option<Arc<Format>>,
    pub oddities: BTreeMap<String, u64>,
}

/// The engine. Dropping it ends every session with a TEARDOWN and joins its threads.
pub struct Engine {}

/// A stream that is open. Dropping it closes the stream.
pub struct StreamHandle {}

impl Engine {
    /// Starts the threads.
    pub fn new(_config: EngineConfig, _events: EventSink) -> std::io::Result<Self> {
        Ok(Self {})
    }

    /// Opens a stream and keeps it open, reconnecting for ever, until the handle is closed. Units go to
    /// `hub` from one engine thread.
    pub fn open(&self, _stream: StreamId, spec: RtspSpec, _hub: Arc<Hub>) -> Result<StreamHandle, SpecError> {
        if !spec.url.to_ascii_lowercase().starts_with("rtsp://") {
            return Err(SpecError(format!("`{}` is no rtsp:// address", spec.url)));
        }
        Ok(StreamHandle {})
    }

    /// Opens the camera once, up to the first key frame that can be decoded, and closes it again. Blocks
    /// for at most `timeout`.
    pub fn probe(&self, _spec: &RtspSpec, _timeout: Duration) -> Result<ProbeReport, SpecError> {
        Ok(ProbeReport { legs: Vec::new(), format: None, oddities: BTreeMap::new() })
    }

    pub fn stats(&self) -> Vec<IngestStats> {
        Vec::new()
    }

    /// Closes every stream, sends TEARDOWN, joins the threads; waits at most `timeout`.
    pub fn stop(&self, _timeout: Duration) {}
}

impl StreamHandle {
    /// A watched stream is read as soon as packets arrive; one that is only recorded, in batches.
    pub fn set_watched(&self, _watched: bool) {}

    pub fn stats(&self) -> Option<IngestStats> {
        None
    }

    pub fn close(self) {}
}
