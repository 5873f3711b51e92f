//! What the control plane tells the plane at start and about each stream. Every limit has a default
//! here; unknown keys are refused, so that a misspelt limit is noticed and not ignored.

use crate::{record::RecordConfig, ticket::TicketKey};
use serde::{Deserialize, Serialize};
use std::{net::SocketAddr, path::PathBuf};

/// The whole configuration of a plane (doors §1, PlaneConfig).
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaneConfig {
    /// Where recordings go; the first is written to. Empty: nothing is recorded.
    #[serde(default)]
    pub storage: Vec<StorageRoot>,
    /// `127.0.0.1:8361`; port 0 lets the system choose.
    pub http_listen: SocketAddr,
    #[serde(default)]
    pub rtsp_listen: Option<SocketAddr>,
    /// Hex, at least 16 bytes.
    pub ticket_key: String,
    /// Origins whose pages may use the media ports, as `scheme://host[:port]`. Empty: no browser may.
    #[serde(default)]
    pub allowed_origins: Vec<String>,
    #[serde(default = "defaults::segment_seconds")]
    pub segment_seconds: u32,
    #[serde(default = "defaults::fragment_ms")]
    pub fragment_ms: u32,
    #[serde(default = "defaults::sync_ms")]
    pub sync_ms: u32,
    /// Networks in which cameras may be, as `address/bits`. Others are refused.
    #[serde(default)]
    pub camera_networks: Vec<String>,
    #[serde(default)]
    pub limits: Limits,
}

/// One storage root.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StorageRoot {
    pub id: String,
    pub root: PathBuf,
}

/// Every bound of the plane. `docs/design/doors.md` §1 names them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Bytes that a live viewer may be behind before it skips to the next key frame.
    pub viewer_queue_bytes: usize,
    /// A live viewer whose machine has acknowledged nothing for this long is ended as `too_slow`.
    pub viewer_stopped_ms: u32,
    pub viewers_per_stream: usize,
    pub viewers: usize,
    pub connections_per_source: usize,
    pub connections: usize,
    pub request_head_bytes: usize,
    pub head_ms: u32,
    pub idle_ms: u32,
    /// A WebSocket shows its ticket within this time.
    pub first_message_ms: u32,
    /// No access unit for this long: the stream is silent.
    pub silent_ms: u32,
    /// No key frame for this long: the stream is down.
    pub key_frame_ms: u32,
    pub connect_ms: u32,
    pub answer_ms: u32,
    /// A stream that is not always on closes this long after its last viewer.
    pub idle_close_ms: u32,
    pub write_backlog_bytes: usize,
    pub write_backlog_ms: u32,
    /// Events kept for the control plane; beyond it the lesser ones are counted and dropped.
    pub events: usize,
    pub streams: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            viewer_queue_bytes: 4 << 20,
            viewer_stopped_ms: 15_000,
            viewers_per_stream: 2_000,
            viewers: 5_000,
            connections_per_source: 64,
            connections: 10_000,
            request_head_bytes: 16 << 10,
            head_ms: 10_000,
            idle_ms: 60_000,
            first_message_ms: 5_000,
            silent_ms: 10_000,
            key_frame_ms: 20_000,
            connect_ms: 5_000,
            answer_ms: 10_000,
            idle_close_ms: 15_000,
            write_backlog_bytes: RecordConfig::default().write_backlog_bytes,
            write_backlog_ms: RecordConfig::default().write_backlog_ms,
            events: 10_000,
            streams: 4_096,
        }
    }
}

/// The rhythms of recording are the recorder's own.
mod defaults {
    use super::RecordConfig;

    pub fn segment_seconds() -> u32 {
        RecordConfig::default().segment_seconds
    }
    pub fn fragment_ms() -> u32 {
        RecordConfig::default().fragment_ms
    }
    pub fn sync_ms() -> u32 {
        RecordConfig::default().sync_ms
    }
    pub fn yes() -> bool {
        true
    }
}

/// Why a configuration or a stream's specification is refused: a sentence for the person who wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(pub String);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

impl PlaneConfig {
    /// Reads and checks a configuration.
    pub fn parse(json: &str) -> Result<Self, Refused> {
        let config: Self =
            serde_json::from_str(json).map_err(|why| Refused(format!("media configuration: {why}")))?;
        config.key()?;
        for (name, value, least, most) in [
            ("segment_seconds", config.segment_seconds, 2, 3_600),
            ("fragment_ms", config.fragment_ms, 100, 1_000),
            ("sync_ms", config.sync_ms, 100, 60_000),
            ("limits.head_ms", config.limits.head_ms, 100, 600_000),
            ("limits.idle_ms", config.limits.idle_ms, 100, 3_600_000),
            ("limits.viewer_stopped_ms", config.limits.viewer_stopped_ms, 100, 600_000),
        ] {
            if value < least || value > most {
                return Err(Refused(format!(
                    "media configuration: {name} must be between {least} and {most}, not {value}"
                )));
            }
        }
        if config.limits.request_head_bytes < 8_192 {
            return Err(Refused(
                "media configuration: limits.request_head_bytes must be at least 8192".into(),
            ));
        }
        for origin in &config.allowed_origins {
            if !origin.contains("://") || origin.ends_with('/') || origin.contains('*') {
                return Err(Refused(format!(
                    "media configuration: allowed_origins: \"{origin}\" must read scheme://host[:port], without a path or a *"
                )));
            }
        }
        Ok(config)
    }

    /// The ticket key as bytes.
    pub fn key(&self) -> Result<TicketKey, Refused> {
        let bytes = from_hex(&self.ticket_key)
            .ok_or_else(|| Refused("media configuration: ticket_key must be hexadecimal".into()))?;
        TicketKey::new(bytes)
            .ok_or_else(|| Refused("media configuration: ticket_key must have at least 16 bytes".into()))
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    digits.chunks_exact(2).map(|pair| Some((digit(pair[0])? << 4 | digit(pair[1])?) as u8)).collect()
}

/// What a stream is and how it is kept (doors §1, StreamSpec).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamSpec {
    pub stream: String,
    pub source: SourceSpec,
    #[serde(default)]
    pub always_on: bool,
    /// Implies `always_on`.
    #[serde(default)]
    pub record: bool,
    #[serde(default = "defaults::yes")]
    pub audio: bool,
}

/// Where a stream's pictures come from.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum SourceSpec {
    Rtsp {
        url: String,
        #[serde(default)]
        user: Option<String>,
        #[serde(default)]
        password: Option<String>,
        #[serde(default)]
        transport: Transport,
        #[serde(default = "defaults::yes")]
        allow_basic: bool,
    },
    File {
        path: PathBuf,
        #[serde(default, rename = "loop")]
        looped: bool,
    },
}

/// How RTP travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// TCP; UDP where TCP is refused.
    #[default]
    Auto,
    Tcp,
    /// UDP; TCP where UDP is refused or brings nothing.
    Udp,
    UdpOnly,
}

/// The password never shows.
impl std::fmt::Debug for SourceSpec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Rtsp { url, transport, .. } => {
                write!(f, "Rtsp({url}, {transport:?}, user and password ***)")
            }
            Self::File { path, looped } => write!(f, "File({}, loop {looped})", path.display()),
        }
    }
}

impl StreamSpec {
    /// Reads and checks a specification.
    pub fn parse(json: &str) -> Result<Self, Refused> {
        // serde's own message may quote the input, and the input carries a password.
        let spec: Self = serde_json::from_str(json).map_err(|why| {
            Refused(format!(
                "stream specification: {:?} error at column {}; see doors.md §1, StreamSpec",
                why.classify(),
                why.column()
            ))
        })?;
        if !is_stream_name(&spec.stream) {
            return Err(Refused(
                "stream specification: stream must be 1 to 64 letters, digits, '_', '-' or '.'".into(),
            ));
        }
        if let SourceSpec::Rtsp { url, .. } = &spec.source {
            let rest = url.strip_prefix("rtsp://").or_else(|| url.strip_prefix("RTSP://"));
            let Some(rest) = rest else {
                return Err(Refused("stream specification: source.url must begin with rtsp://".into()));
            };
            if rest.split('/').next().unwrap_or("").contains('@') {
                return Err(Refused(
                    "stream specification: put user and password in their own fields, not in source.url"
                        .into(),
                ));
            }
        }
        Ok(spec)
    }

    /// Whether the session stays up without viewers.
    pub fn stays_on(&self) -> bool {
        self.always_on || self.record
    }
}

/// Letters, digits, `_`, `-`, `.`; 1 to 64 bytes; no leading dot. Safe in paths and URLs.
pub fn is_stream_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && !name.starts_with('.')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: &str = r#"{"http_listen": "127.0.0.1:0", "ticket_key": "00112233445566778899aabbccddeeff"}"#;

    #[test]
    fn the_least_configuration_has_every_limit() {
        let config = PlaneConfig::parse(LEAST).unwrap();
        assert_eq!(config.limits, Limits::default());
        assert_eq!((config.segment_seconds, config.fragment_ms, config.sync_ms), (60, 800, 2_000));
    }

    #[test]
    fn a_misspelt_limit_is_refused_by_name() {
        let json = LEAST.replace('}', r#", "limits": {"viewrs": 3}}"#);
        let Err(Refused(why)) = PlaneConfig::parse(&json) else { panic!("accepted") };
        assert!(why.contains("viewrs"), "{why}");
    }

    #[test]
    fn short_keys_odd_origins_and_absurd_lengths_are_refused() {
        for (from, to) in [
            ("00112233445566778899aabbccddeeff", "0011"),
            ("00112233445566778899aabbccddeeff", "xx112233445566778899aabbccddeeff"),
            ("\"http_listen\"", "\"allowed_origins\": [\"*\"], \"http_listen\""),
            ("\"http_listen\"", "\"segment_seconds\": 0, \"http_listen\""),
        ] {
            assert!(PlaneConfig::parse(&LEAST.replace(from, to)).is_err(), "{from} → {to}");
        }
    }

    #[test]
    fn a_specification_never_repeats_the_password() {
        let json = r#"{"stream": "a.main", "source": {"kind": "rtsp", "url": "rtsp://10.0.0.1/", "password": "geheim", "x": 1}}"#;
        let Err(Refused(why)) = StreamSpec::parse(json) else { panic!("accepted") };
        assert!(!why.contains("geheim"), "{why}");
        let spec = StreamSpec::parse(&json.replace(r#", "x": 1"#, "")).unwrap();
        assert!(!format!("{spec:?}").contains("geheim"));
        assert!(spec.audio && !spec.stays_on());
    }

    #[test]
    fn credentials_in_the_address_and_names_that_climb_are_refused() {
        for json in [
            r#"{"stream": "a.main", "source": {"kind": "rtsp", "url": "rtsp://u:p@10.0.0.1/"}}"#,
            r#"{"stream": "../a", "source": {"kind": "rtsp", "url": "rtsp://10.0.0.1/"}}"#,
            r#"{"stream": "..", "source": {"kind": "rtsp", "url": "rtsp://10.0.0.1/"}}"#,
            r#"{"stream": "", "source": {"kind": "rtsp", "url": "rtsp://10.0.0.1/"}}"#,
            r#"{"stream": "a", "source": {"kind": "rtsp", "url": "http://10.0.0.1/"}}"#,
        ] {
            assert!(StreamSpec::parse(json).is_err(), "{json}");
        }
    }
}
