//! How video comes in. One folder a protocol; each feeds a [`crate::hub::Hub`] with access units.

pub mod address;
pub mod engine;
pub mod file;
pub mod params;
