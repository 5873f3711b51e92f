//! Requests to the RTSP server: properties stand in `mingjing_media::serve::fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| mingjing_media::serve::fuzz::rtsp_server(data));
