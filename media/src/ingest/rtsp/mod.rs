//! RTSP/1.0 (RFC 2326) as a client, sans-IO: bytes and time in, bytes and events out.
//!
//! [`message`] frames (`foreign` keeps text that is no UTF-8), [`digest`] answers challenges, [`sdp`] and [`transport`] read descriptions,
//! [`url`] resolves control addresses, [`session`], `answers` and `watch` are the state machine above them.

mod answers;
pub mod digest;
mod foreign;
pub mod message;
pub mod sdp;
pub mod session;
pub mod transport;
pub mod url;
mod watch;
