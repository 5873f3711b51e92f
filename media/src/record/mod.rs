//! How fragments reach the disk, survive, and are read again. The write path, the file's layout and the
//! meaning of "acknowledged" stand in `docs/design/recording.md`.
//!
//! Writing: [`recorder`] → `gather` → `stream` → [`segment`] → `storer` → [`announce`]. Reading:
//! [`reader`], [`recovery`], [`scan`], [`verify`]; [`import`] brings files in, [`delete`] takes one away.

pub mod announce;
pub mod config;
pub mod delete;
pub mod digest_box;
pub mod disk;
pub mod face;
pub mod format_of;
pub mod fuzz;
pub mod gather;
pub mod hands;
pub mod identity;
pub mod import;
pub mod place;
pub mod reader;
pub mod recorder;
pub mod recovery;
pub mod scan;
pub mod segment;
pub mod sim_disk;
pub mod stats;
pub mod storer;
pub mod stream;
pub mod trailer;
pub mod verify;

pub use announce::EventSink;
pub use config::RecordConfig;
pub use disk::{Disk, RealDisk};
pub use recorder::Recorder;
pub use recovery::Recovered;
pub use stats::RecordStats;
