//! What the plane tells the control plane: one bounded queue of plain records, drained in batches.
//!
//! Everything here is serialised as JSON with a `type` field; `docs/design/doors.md` is the referee.
//! Stored segments are never lost with the queue: an announcement is repeated until acknowledged.

use serde::{Deserialize, Serialize};

/// The nine legs between an address and a stored fragment, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leg {
    Resolved,
    Connected,
    Authenticated,
    Described,
    SetUp,
    FirstPacket,
    FirstKeyFrame,
    Decodable,
    Written,
}

/// How one leg of one attempt went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegState {
    Ok,
    Failed,
    Waiting,
    NotReached,
}

/// Why a leg failed or a stream is down. The control plane has the words in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    NameUnknown,
    AddressRefused,
    Unreachable,
    ConnectionRefused,
    ConnectTimeout,
    NotRtsp,
    AuthenticationMissing,
    WrongPassword,
    AuthenticationUnsupported,
    BasicRefused,
    Forbidden,
    PathUnknown,
    Redirected,
    SessionLimit,
    ServerError,
    NoAnswer,
    BadDescription,
    NoVideoTrack,
    UnsupportedCodec,
    TransportRefused,
    NoPackets,
    NoVideoPackets,
    NoKeyFrame,
    NoParameterSets,
    Undecodable,
    Silent,
    ClosedByCamera,
    ConnectionReset,
    ProtocolError,
    DiskFull,
    DiskFault,
    WriteOverload,
    Stopped,
}

/// One leg of an attempt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LegReport {
    pub leg: Leg,
    pub state: LegState,
    /// Microseconds since the Unix epoch when the leg ended, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_us: Option<i64>,
    /// Milliseconds since the attempt began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub took_ms: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// What was seen, as short facts without secrets (`401 realm="IPC"`, `UDP 30012: 0 packets in 10 s`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
}

/// Where a stream stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StreamState {
    /// Not wanted by anybody.
    Idle,
    Opening,
    /// Video frames arrive.
    Playing,
    /// Down, waiting for the next attempt.
    Retrying,
    Closed,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    Stream {
        stream: String,
        state: StreamState,
        at_us: i64,
        #[serde(skip_serializing_if = "Option::is_none")]
        cause: Option<Cause>,
        /// Attempts since the last time it played.
        attempt: u32,
        #[serde(skip_serializing_if = "Option::is_none")]
        retry_in_ms: Option<u32>,
        legs: Vec<LegReport>,
        /// Oddities tolerated, by name, with counts (`rtp_info_malformed: 1`).
        oddities: std::collections::BTreeMap<String, u64>,
    },
    /// A segment is on disk, synced, its directory synced. Repeated until `acknowledge` names it.
    SegmentStored(Segment),
    /// A write or sync failed, or recovery found a digest that does not hold; kept aside, never believed.
    SegmentSuspect {
        segment: Segment,
        cause: Cause,
        detail: String,
    },
    /// Recording of a stream that should record stopped, or began again (`until_us` set).
    Gap {
        stream: String,
        from_us: i64,
        #[serde(skip_serializing_if = "Option::is_none")]
        until_us: Option<i64>,
        cause: Cause,
    },
    ViewerStarted {
        viewer: String,
        ticket: String,
        stream: String,
        kind: String,
        at_us: i64,
        peer: String,
    },
    ViewerEnded {
        viewer: String,
        ticket: String,
        stream: String,
        kind: String,
        from_us: i64,
        until_us: i64,
        bytes: u64,
        /// `left`, `revoked`, `expired`, `too_slow`, `stream_closed`, `shutdown`, `error`.
        reason: String,
    },
    /// The wall clock moved against the monotonic one by more than the limit (500 ms).
    ClockJump {
        at_us: i64,
        by_us: i64,
    },
    /// The queue was full and this many events of lesser weight were dropped.
    Dropped {
        count: u64,
    },
}

/// What the segment index needs to know of one closed file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// `{stream}/{start_us}-{sequence}`; the path below the storage root follows from it.
    pub id: String,
    pub stream: String,
    /// Relative to the storage root, `/` as separator.
    pub path: String,
    pub start_us: i64,
    pub end_us: i64,
    pub bytes: u64,
    /// Hex SHA-256 over the fragments' SHA-256 digests in order.
    pub digest: String,
    pub fragments: u32,
    pub video_frames: u32,
    pub key_frames: u32,
    /// RFC 6381 codec strings, video first.
    pub codecs: String,
    pub width: u32,
    pub height: u32,
    /// `recorded`, `recovered` (cut at its first bad digest) or `imported`.
    pub origin: String,
}
