//! Addresses and networks as an operator types them: properties stand in `mingjing_media::ingest::fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| mingjing_media::ingest::fuzz::address(data));
