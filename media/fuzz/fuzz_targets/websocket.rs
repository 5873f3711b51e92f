//! What a viewer may send on its WebSocket. However the bytes are cut, the same is heard, and no
//! message is longer than the bound.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mingjing_media::serve::websocket::{Broken, Listener, MESSAGE_MAX_BYTES, Said};

fn heard(pieces: impl Iterator<Item = Vec<u8>>) -> (Vec<Said>, Option<Broken>) {
    let mut listener = Listener::default();
    let mut said = Vec::new();
    for piece in pieces {
        listener.take(&piece);
        loop {
            match listener.message() {
                Ok(Some(Said::Text(text))) => {
                    assert!(text.len() <= MESSAGE_MAX_BYTES);
                    said.push(Said::Text(text));
                }
                Ok(Some(one)) => said.push(one),
                Ok(None) => break,
                Err(broken) => return (said, Some(broken)),
            }
        }
    }
    (said, None)
}

fuzz_target!(|data: &[u8]| {
    let Some((&step, bytes)) = data.split_first() else { return };
    let whole = heard(std::iter::once(bytes.to_vec()));
    let cut = heard(bytes.chunks(usize::from(step).max(1)).map(<[u8]>::to_vec));
    assert_eq!(whole, cut);
});
