//! Datagrams of RTP in any order: properties stand in `mingjing_media::ingest::fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| mingjing_media::ingest::fuzz::rtp(data));
