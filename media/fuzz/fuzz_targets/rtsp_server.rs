//! What a stranger sends to an RTSP server: messages come out alike wherever the bytes are cut, memory
//! stays within its bounds, and no order of requests panics a session.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mingjing_media::{
    frame::{AudioCodec, AudioFormat, Format},
    serve::rtsp::{
        Refusal,
        credentials::{Authorization, Claim, Scheme},
        message::{Inbound, Inlet, MessageError},
        session::{Action, Seed, Session},
        transport::Transport,
    },
};
use std::sync::Arc;

fn read(parts: &[&[u8]]) -> (Vec<Inbound>, Option<MessageError>) {
    let mut inlet = Inlet::default();
    let mut found = Vec::new();
    for part in parts {
        inlet.push(part);
        loop {
            match inlet.message() {
                Ok(Some(message)) => found.push(message),
                Ok(None) => break,
                Err(error) => return (found, Some(error)),
            }
        }
    }
    (found, None)
}

fuzz_target!(|data: &[u8]| {
    let (messages, error) = read(&[data]);
    let (first, second) = data.split_at(data.len() / 2);
    assert_eq!(read(&[first, second]).0, messages, "cutting changed the messages");
    if error.is_none() {
        let bytes: Vec<&[u8]> = data.chunks(1).collect();
        if data.len() < 2_048 {
            assert_eq!(read(&bytes).0, messages);
        }
    }
    let audio =
        AudioFormat { codec: AudioCodec::Pcma, sample_rate: 8_000, channels: 1, config: Default::default() };
    let format = Arc::new(Format { video: None, audio: Some(audio) });
    let seed = Seed { session: "s".into(), nonce: "n".into(), origins: [(1, 2, 3), (4, 5, 6)] };
    let mut session = Session::new(seed, 60);
    for message in messages {
        let Inbound::Request(request) = message else { continue };
        if let Some(header) = request.header("transport") {
            let _ = Transport::choose(header, 0);
        }
        let target = request.target.clone();
        let mut action = session.request(request);
        for turn in 0..3 {
            action = match action {
                Action::Admit(entry) => {
                    let claim = Claim { user: "u", password: "p", realm: "r", nonce: "n", method: &entry.method };
                    let known = entry
                        .authorization
                        .as_ref()
                        .is_none_or(|shown: &Authorization| shown.proves(&claim, &[Scheme::DigestMd5]));
                    let decision = if known { Ok(format.clone()) } else { Err(Refusal::Unauthorized) };
                    session.admitted(decision, "r", &[Scheme::DigestMd5])
                }
                Action::Bind => session.bound((turn == 0).then_some((6_000, 6_001))),
                Action::Answer(response) | Action::Close(response) | Action::Pause(response) => {
                    assert!(response.encode().starts_with(b"RTSP/1.0 "));
                    break;
                }
                Action::Play(response) => {
                    let encoded = response.with("RTP-Info", session.rtp_info(&target, &[])).encode();
                    assert!(encoded.starts_with(b"RTSP/1.0 "));
                    break;
                }
            };
        }
    }
});
