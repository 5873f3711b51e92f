//! Tickets: every byte that leaves the plane leaves against one.
//!
//! A ticket is `base64url(claims JSON) "." base64url(HMAC-SHA256(key, first part))`, minted by the
//! control plane with the key it gave to [`crate::plane`] at start. It starts one delivery, once.

use serde::{Deserialize, Serialize};

/// What a ticket allows. All fields are the control plane's words; the plane only compares them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Unguessable, unique; used once.
    pub id: String,
    pub stream: String,
    /// `live`, `hls`, `rtsp`, `playback`, `keyframes`.
    pub kind: String,
    /// Opaque to the plane: whom revocation by holder reaches (a session id).
    pub holder: String,
    /// Last moment at which it may start a delivery, microseconds since the Unix epoch.
    pub start_by_us: i64,
    /// The delivery ends at this moment at the latest; absent means until revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_by_us: Option<i64>,
    /// Playback: the range of recorded time that may be read, half-open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_us: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_us: Option<i64>,
}
