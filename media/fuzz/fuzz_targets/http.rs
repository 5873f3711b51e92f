//! The HTTP door of a running plane: properties stand in `mingjing_media::serve::fuzz`.
#![no_main]

#[path = "../../tests/door/mod.rs"]
mod door;

use std::sync::OnceLock;

libfuzzer_sys::fuzz_target!(init: {
    // A Rust program does so before `main`, which is libFuzzer's here: a viewer that leaves ends no process.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_IGN) };
}, |data: &[u8]| {
    static STANDING: OnceLock<door::Standing> = OnceLock::new();
    mingjing_media::serve::fuzz::http(&STANDING.get_or_init(door::Standing::new).door, data);
});
