//! Files as they are read to be played: properties stand in `mingjing_media::serve::fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| mingjing_media::serve::fuzz::fmp4_read(data));
