//! Files from elsewhere: properties stand in `mingjing_media::record::fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| mingjing_media::record::fuzz::import(data));
