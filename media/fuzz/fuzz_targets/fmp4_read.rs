//! Files as they may lie on a disk: any bytes as `moov`, `moof` or a whole file give an answer and no panic,
//! and every sample found has times that rise.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mingjing_media::{
    ingest::file::tracks,
    mux::atoms,
    serve::playback::moof,
};

fuzz_target!(|data: &[u8]| {
    for child in atoms::children(data) {
        assert!(child.body.len() <= data.len());
    }
    let _ = tracks::format(data);
    if let Some(table) = tracks::read(data, 1 << 20) {
        for pair in table.samples.windows(2) {
            assert!(pair[1].dts >= pair[0].dts);
        }
    }
    let bytes = bytes::Bytes::copy_from_slice(data);
    if let Some(samples) = moof::samples(data) {
        assert!(samples.iter().all(|sample| sample.ticks >= 0));
    }
    let _ = moof::units(&bytes, &Default::default(), 0);
});
