//! Counting what a camera does wrong and we put up with. Names are fixed, so that nothing a camera sends
//! can become a key.

use std::collections::BTreeMap;

/// Counts by name, e.g. `rtp_info_malformed`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Oddities(BTreeMap<&'static str, u64>);

impl Oddities {
    pub fn count(&mut self, name: &'static str) {
        self.add(name, 1);
    }

    pub fn add(&mut self, name: &'static str, times: u64) {
        let slot = self.0.entry(name).or_insert(0);
        *slot = slot.saturating_add(times);
    }

    pub fn get(&self, name: &str) -> u64 {
        self.0.get(name).copied().unwrap_or(0)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As [`crate::event::Event::Stream`] carries it.
    pub fn to_map(&self) -> BTreeMap<String, u64> {
        self.0.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
    }
}
