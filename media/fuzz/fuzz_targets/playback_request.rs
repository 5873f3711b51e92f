//! Requests for recordings: a range lies within the file, a segment id has one spelling, and neither ever
//! panics.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mingjing_media::{
    record::place::SegmentName,
    serve::{
        playback::range::{self, Asked},
        route::percent_decoded,
    },
};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for length in [0, 1, 1_000, u64::MAX] {
        if let Asked::Part(from, to) = range::parse(Some(text), length) {
            assert!(from < to && to <= length);
        }
    }
    let _ = percent_decoded(text);
    if let Some((stream, stem)) = text.split_once('/')
        && let Some(name) = SegmentName::from_stem(stream, stem)
    {
        assert_eq!(name.id(), text);
        assert!(!text.contains("..") || !stream.starts_with('.'));
    }
});
