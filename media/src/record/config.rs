//! What can be set about recording, with its defaults and bounds.

use serde::Deserialize;

/// Limits and rhythms of one recorder. Every field has a default; [`RecordConfig::bounded`] keeps
/// hostile or mistaken values within what the design holds for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct RecordConfig {
    /// Segments are cut at the first key frame at or after each wall-clock multiple of this.
    pub segment_seconds: u32,
    /// Longest media time in one fragment: what a kill may cost.
    pub fragment_ms: u32,
    /// Between two syncs of one stream: what a power cut may cost, plus a fragment.
    pub sync_ms: u32,
    /// Payload of one stream that may wait for the disk.
    pub write_backlog_bytes: usize,
    /// How long the disk may keep one stream waiting.
    pub write_backlog_ms: u32,
    /// A segment that grows past this is cut at the next key frame.
    pub segment_max_bytes: u64,
    /// Between two attempts to write again after the disk was full or failed.
    pub retry_ms: u32,
    /// A stream without video for this long is a gap.
    pub silent_ms: u32,
    /// An unacknowledged segment is announced again after this.
    pub announce_ms: u32,
    pub writer_threads: usize,
    pub sync_threads: usize,
}

impl Default for RecordConfig {
    fn default() -> Self {
        Self {
            segment_seconds: 60,
            fragment_ms: 800,
            sync_ms: 2000,
            write_backlog_bytes: 64 << 20,
            write_backlog_ms: 10_000,
            segment_max_bytes: 1 << 30,
            retry_ms: 2000,
            silent_ms: 3000,
            announce_ms: 30_000,
            writer_threads: 1,
            sync_threads: 4,
        }
    }
}

impl RecordConfig {
    /// The same, with every value inside its bounds.
    pub fn bounded(mut self) -> Self {
        self.segment_seconds = self.segment_seconds.clamp(2, 3600);
        self.fragment_ms = self.fragment_ms.clamp(40, 1000);
        self.sync_ms = self.sync_ms.clamp(200, 60_000);
        self.write_backlog_bytes = self.write_backlog_bytes.clamp(1 << 20, 1 << 30);
        self.write_backlog_ms = self.write_backlog_ms.clamp(1000, 120_000);
        self.segment_max_bytes = self.segment_max_bytes.clamp(1 << 20, 2 << 30);
        self.retry_ms = self.retry_ms.clamp(100, 5000);
        self.silent_ms = self.silent_ms.clamp(500, 4000);
        self.announce_ms = self.announce_ms.clamp(100, 600_000);
        self.writer_threads = self.writer_threads.clamp(1, 16);
        self.sync_threads = self.sync_threads.clamp(1, 32);
        self
    }

    /// Longest time that one segment covers, with room for a long GOP.
    pub fn segment_room_us(&self) -> i64 {
        i64::from(self.segment_seconds) * 2_000_000 + 20_000_000
    }
}
