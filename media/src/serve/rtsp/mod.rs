//! RTSP/1.0 server (RFC 2326): live streams re-published to players and other platforms, TCP and UDP.
//!
//! Protocol and session state ([`message`], [`session`], [`transport`], [`credentials`], [`sdp`], [`rtp`],
//! [`packetize`]) know no sockets; [`listener`] and [`connection`] are the rim. Which paths exist and who may
//! see them is decided behind [`RtspDirectory`]: by tickets in the plane, by user and password in
//! [`crate::publish`].

pub mod connection;
pub mod credentials;
pub mod listener;
pub mod message;
pub mod packetize;
pub mod queue;
pub mod rtp;
pub mod sdp;
pub mod session;
pub mod transport;

use crate::hub::Hub;
use credentials::{Authorization, Scheme};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::sync::watch;

/// A client at the door: what it wants and what it shows.
pub struct Knock<'a> {
    /// Without leading `/`, query and track; as it was sent, not percent-decoded.
    pub path: &'a str,
    pub query: Option<&'a str>,
    /// Method word of the request (digest proofs are over it).
    pub method: &'a str,
    pub authorization: Option<&'a Authorization>,
    /// The nonce that this connection was challenged with.
    pub nonce: &'a str,
    pub peer: SocketAddr,
}

/// Why a client is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing or the wrong thing was shown; answered with a challenge, ended after the third.
    Unauthorized,
    Forbidden,
    NotFound,
    /// A limit of viewers is reached.
    Busy,
    /// The stream is known and does not run.
    Unavailable,
}

/// What exists behind a listener, and for whom. Called on the server's threads: must answer at once.
pub trait RtspDirectory: Send + Sync + 'static {
    fn realm(&self) -> &str;
    /// Offered in challenges, strongest first.
    fn schemes(&self) -> &[Scheme];
    /// Lets a client in once a connection and path; the answer lives as long as the delivery.
    fn admit(&self, knock: &Knock<'_>) -> Result<Box<dyn Admitted>, Refusal>;
}

/// One delivery that was let in. Dropped when it ends.
pub trait Admitted: Send + Sync + 'static {
    fn hub(&self) -> Arc<Hub>;
    /// Turns `true` (or its sender goes) when the delivery must end, e.g. by revocation.
    fn ended(&self) -> watch::Receiver<bool>;
    /// Media bytes handed to the network.
    fn sent(&self, bytes: u64);
    /// Said once, as the delivery ends.
    fn closed(&self, reason: Closed);
}

/// Why a delivery ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// TEARDOWN, or the client closed the connection.
    Left,
    /// [`Admitted::ended`] said so.
    Ended,
    /// Nothing could be written for [`Limits::write`].
    TooSlow,
    /// No sign of life for [`Limits::idle`].
    Silent,
    /// The client spoke no RTSP.
    Malformed,
    /// The codec changed: the client has to ask for a new description.
    FormatChanged,
}

/// Bounds of one listener. All finite.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at once; more are closed at once.
    pub connections: usize,
    /// From one address.
    pub connections_per_source: usize,
    /// Live backlog of one client; beyond it the client continues at the next key frame.
    pub queue_bytes: usize,
    /// How long DESCRIBE waits for a stream's first frame.
    pub describe: Duration,
    /// How long one write may take.
    pub write: Duration,
    /// Without a request or RTCP, for clients that are not fed over TCP. Told in `Session: …;timeout=`.
    pub idle: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1_024,
            connections_per_source: 256,
            queue_bytes: 4 << 20,
            describe: Duration::from_secs(10),
            write: Duration::from_secs(10),
            idle: Duration::from_secs(60),
        }
    }
}
