//! Video from a file: an ordinary MP4 or MOV played in real time into a [`crate::hub::Hub`].
//!
//! [`clip`] opens files, [`tracks`] reads them by [`crate::mux::atoms`] (input is hostile: each reader is bounded),
//! [`player`] decides what is due when, [`numbering`] marks frames for tests, [`feed`] runs a player.
//! A looped clip plays in phase with the wall clock: position = wall time modulo the clip's length.

pub mod clip;
pub mod feed;
pub mod numbering;
pub mod player;
pub mod tracks;

pub use clip::{Clip, ClipError};
pub use feed::FileFeed;
pub use player::{Player, Schedule};
