//! How access units become bytes for players and files.
//!
//! [`fmp4`] is the face: init segments, fragments, codec strings. [`flac`] turns G.711 into something
//! that browsers play; [`boxes`] and `entries` are its tools. [`atoms`] reads boxes,
//! of our files and of others'; what the files mean is [`crate::record`]'s and [`crate::ingest::file`]'s.

pub mod atoms;
pub mod boxes;
mod entries;
pub mod flac;
pub mod fmp4;

pub use entries::AudioCarriage;
pub use fmp4::{Fragment, Fragmenter, Next, codecs, init_segment, mime};
