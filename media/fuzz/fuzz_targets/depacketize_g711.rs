//! G.711 payloads beside a picture: properties stand in `mingjing_media::ingest::fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| mingjing_media::ingest::fuzz::depacketize_g711(data));
