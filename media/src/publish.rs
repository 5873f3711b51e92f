//! The publisher of the virtual cameras: files played in phase with the wall clock, served over RTSP.
//!
//! To whoever connects these are ordinary cameras with user and password (Digest). One thread serves all
//! channels; a file is read only while somebody watches. A flaky channel drops all its sessions, refuses
//! for a while, and comes back.

mod channel;

use crate::{
    ingest::file::{Clip, ClipError},
    serve::rtsp::{
        Admitted, Knock, Limits, Refusal, RtspDirectory,
        credentials::{Claim, Scheme},
        listener,
    },
};
use channel::Channel;
use serde::Deserialize;
use std::{
    collections::HashMap,
    fmt, io,
    net::SocketAddr,
    path::PathBuf,
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};
use tokio::sync::oneshot;

const REALM: &str = "Mingjing virtual cameras";
const SCHEMES: [Scheme; 2] = [Scheme::DigestSha256, Scheme::DigestMd5];

/// What to publish. Unknown keys are refused.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublisherConfig {
    /// `127.0.0.1:0` lets the system choose the port.
    pub listen: SocketAddr,
    pub user: String,
    pub password: String,
    pub channels: Vec<ChannelConfig>,
}

/// One virtual camera's stream.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelConfig {
    /// Path of the address, e.g. `gate/main`: letters, digits, `_`, `-`, `.`, `/`.
    pub path: String,
    /// An ordinary MP4 or MOV: H.264 or H.265, with AAC, G.711 or no sound.
    pub file: PathBuf,
    #[serde(default)]
    pub flaky: Option<Flaky>,
    /// Frames carry their number ([`crate::ingest::file::numbering`]), under the path as camera id.
    #[serde(default)]
    pub number_frames: bool,
}

/// A channel that fails on purpose: up for so long, down for so long, and again.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flaky {
    pub up_ms: u32,
    pub down_ms: u32,
}

/// Why a publisher does not start.
#[derive(Debug)]
pub enum PublishError {
    /// The JSON is not a [`PublisherConfig`].
    Config(String),
    BadPath(String),
    DoublePath(String),
    /// `up_ms` and `down_ms` must be above 0.
    BadFlaky(String),
    Clip(PathBuf, ClipError),
    Listen(SocketAddr, io::Error),
    Runtime(io::Error),
}

impl fmt::Display for PublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(why) => write!(f, "publisher configuration: {why}"),
            Self::BadPath(path) => {
                write!(f, "channel path {path:?}: use letters, digits, '_', '-', '.', and single '/' between")
            }
            Self::DoublePath(path) => write!(f, "channel path {path:?} is given twice"),
            Self::BadFlaky(path) => write!(f, "channel {path:?}: up_ms and down_ms must be above 0"),
            Self::Clip(file, why) => write!(f, "{}: {why}", file.display()),
            Self::Listen(address, why) => write!(f, "cannot listen on {address}: {why}"),
            Self::Runtime(why) => write!(f, "the publisher's thread cannot start: {why}"),
        }
    }
}

impl std::error::Error for PublishError {}

/// A publisher that runs until it is stopped or dropped.
pub struct Publisher {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Publisher {
    /// Opens all files, binds, and serves on a thread of its own.
    pub fn start(config: &str) -> Result<Self, PublishError> {
        let config: PublisherConfig =
            serde_json::from_str(config).map_err(|error| PublishError::Config(error.to_string()))?;
        let directory = Arc::new(Directory::open(&config)?);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(PublishError::Runtime)?;
        let (socket, address) = runtime
            .block_on(listener::bind(config.listen))
            .map_err(|error| PublishError::Listen(config.listen, error))?;
        let (stop, stopped) = oneshot::channel();
        let serve = async move {
            let mut tasks = tokio::task::JoinSet::new();
            for channel in directory.channels.values() {
                tasks.spawn(channel.clone().run());
            }
            tokio::select! {
                () = listener::serve(socket, directory, limits()) => {}
                _ = stopped => {}
            }
        };
        let run = move || {
            runtime.block_on(serve);
            runtime.shutdown_timeout(Duration::from_secs(1));
        };
        let thread =
            thread::Builder::new().name("publisher".into()).spawn(run).map_err(PublishError::Runtime)?;
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends all sessions and waits for the thread.
    pub fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join(); // a panic there has been reported by the panic hook already
        }
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.stop();
    }
}

/// One recorder pulls all channels, so its address may hold many connections.
fn limits() -> Limits {
    Limits { connections: 4_096, connections_per_source: 4_096, ..Limits::default() }
}

struct Directory {
    user: String,
    password: String,
    channels: HashMap<String, Arc<Channel>>,
}

impl Directory {
    fn open(config: &PublisherConfig) -> Result<Self, PublishError> {
        let mut channels = HashMap::new();
        let mut clips: HashMap<&PathBuf, Arc<Clip>> = HashMap::new();
        for one in &config.channels {
            if !is_path(&one.path) {
                return Err(PublishError::BadPath(one.path.clone()));
            }
            if one.flaky.is_some_and(|flaky| flaky.up_ms == 0 || flaky.down_ms == 0) {
                return Err(PublishError::BadFlaky(one.path.clone()));
            }
            if !clips.contains_key(&one.file) {
                let clip =
                    Clip::open(&one.file).map_err(|error| PublishError::Clip(one.file.clone(), error))?;
                clips.insert(&one.file, Arc::new(clip));
            }
            let channel = Channel::new(one, clips[&one.file].clone());
            if channels.insert(one.path.clone(), channel).is_some() {
                return Err(PublishError::DoublePath(one.path.clone()));
            }
        }
        Ok(Self { user: config.user.clone(), password: config.password.clone(), channels })
    }
}

fn is_path(path: &str) -> bool {
    let word = |part: &str| {
        let letters = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
        !part.is_empty() && letters && part.bytes().any(|byte| byte != b'.')
    };
    path.len() <= 128 && path.split('/').all(word)
}

impl RtspDirectory for Directory {
    fn realm(&self) -> &str {
        REALM
    }

    fn schemes(&self) -> &[Scheme] {
        &SCHEMES
    }

    fn admit(&self, knock: &Knock<'_>) -> Result<Box<dyn Admitted>, Refusal> {
        let claim = Claim {
            user: &self.user,
            password: &self.password,
            realm: REALM,
            nonce: knock.nonce,
            method: knock.method,
        };
        if !knock.authorization.is_some_and(|shown| shown.proves(&claim, &SCHEMES)) {
            return Err(Refusal::Unauthorized);
        }
        let channel = self.channels.get(knock.path).ok_or(Refusal::NotFound)?;
        Ok(Box::new(channel.admit().ok_or(Refusal::Unavailable)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_that_cannot_work_is_refused_in_words() {
        let refused = |config: &str| match Publisher::start(config) {
            Ok(_) => panic!("accepted: {config}"),
            Err(error) => error.to_string(),
        };
        let head = r#""listen": "127.0.0.1:0", "user": "u", "password": "p""#;
        assert!(refused("{}").contains("missing field `listen`"));
        assert!(refused(&format!(r#"{{{head}, "channels": [], "chanels": 1}}"#)).contains("chanels"));
        let one = |rest: &str| format!(r#"{{{head}, "channels": [{{"file": "/nowhere.mp4", {rest}}}]}}"#);
        assert!(refused(&one(r#""path": "gate/../main""#)).contains("gate/../main"));
        assert!(refused(&one(r#""path": "gate", "flaky": {"up_ms": 0, "down_ms": 1}"#)).contains("above 0"));
        assert!(refused(&one(r#""path": "gate""#)).contains("nowhere.mp4"));
    }
}
