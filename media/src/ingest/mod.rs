//! How video comes in. One folder a protocol; each feeds a [`crate::hub::Hub`] with access units.

pub mod access_unit;
pub mod address;
mod block;
pub mod depacketize;
pub mod engine;
pub mod file;
#[doc(hidden)]
pub mod fuzz;
pub mod legs;
pub mod media;
mod nal_role;
pub mod oddity;
pub mod params;
pub mod rtcp;
pub mod rtp;
pub mod rtsp;
pub mod timeline;
