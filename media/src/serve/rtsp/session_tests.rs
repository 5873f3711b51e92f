//! The session's state machine, driven without sockets.

use super::*;
use crate::{
    frame::{AudioCodec, AudioFormat},
    serve::rtsp::message::{Inbound, Inlet},
};
use bytes::Bytes;

fn session() -> Session {
    let seed = Seed { session: "s1".into(), nonce: "n1".into(), origins: [(0xabcd, 7, 100), (0xef, 9, 200)] };
    Session::new(seed, 60)
}

fn request(text: &str) -> Request {
    let mut inlet = Inlet::default();
    inlet.push(text.replace('\n', "\r\n").as_bytes());
    match inlet.message() {
        Ok(Some(Inbound::Request(request))) => request,
        other => panic!("not a request: {other:?}"),
    }
}

fn audio_only() -> Arc<Format> {
    let audio =
        AudioFormat { codec: AudioCodec::Pcma, sample_rate: 8_000, channels: 1, config: Bytes::new() };
    Arc::new(Format { video: None, audio: Some(audio) })
}

fn answer(action: Action) -> Response {
    match action {
        Action::Answer(response)
        | Action::Close(response)
        | Action::Play(response)
        | Action::Pause(response) => response,
        Action::Admit(_) | Action::Bind => panic!("an answer was expected"),
    }
}

fn described(session: &mut Session) {
    let action = session.request(request("DESCRIBE rtsp://h:1/gate/main?ticket=t RTSP/1.0\nCSeq: 2\n\n"));
    let Action::Admit(entry) = action else { panic!("the directory must be asked") };
    assert_eq!((entry.path.as_str(), entry.query.as_deref()), ("gate/main", Some("ticket=t")));
    let response = answer(session.admitted(Ok(audio_only()), "r", &[]));
    assert_eq!(response.status, 200);
    assert_eq!(response.header("content-base"), Some("rtsp://h:1/gate/main/"), "the ticket is left behind");
}

#[test]
fn describe_set_up_play_and_leave() {
    let mut session = session();
    described(&mut session);
    let setup =
        "SETUP rtsp://h:1/gate/main/trackID=0 RTSP/1.0\nCSeq: 3\nTransport: RTP/AVP/TCP;interleaved=0-1\n\n";
    let response = answer(session.request(request(setup)));
    assert_eq!(response.header("session"), Some("s1;timeout=60"));
    assert_eq!(
        response.header("transport"),
        Some("RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=000000EF;mode=\"PLAY\"")
    );
    assert_eq!(answer(session.request(request(setup))).status, 455, "a track is set up once");
    let play = session.request(request("PLAY rtsp://h:1/gate/main/ RTSP/1.0\nCSeq: 4\nSession: s1\n\n"));
    assert!(matches!(play, Action::Play(_)));
    let foreign = session.request(request("TEARDOWN * RTSP/1.0\nCSeq: 5\nSession: other\n\n"));
    assert_eq!(answer(foreign).status, 454);
    let leave = session.request(request("TEARDOWN * RTSP/1.0\nCSeq: 6\nSession: s1;timeout=60\n\n"));
    assert!(matches!(leave, Action::Close(response) if response.status == 200));
}

#[test]
fn wrong_passwords_are_challenged_and_then_cut_off() {
    let mut session = session();
    let describe = "DESCRIBE rtsp://h/a RTSP/1.0\nCSeq: 1\nAuthorization: Basic YTpi\n\n";
    for last in [false, false, true] {
        let Action::Admit(_) = session.request(request(describe)) else {
            panic!("the directory must be asked")
        };
        let action =
            session.admitted(Err(Refusal::Unauthorized), "r", &[Scheme::DigestSha256, Scheme::DigestMd5]);
        assert_eq!(matches!(action, Action::Close(_)), last);
        let response = answer(action);
        assert_eq!(response.status, 401);
        assert_eq!(
            response.header("www-authenticate"),
            Some("Digest realm=\"r\", nonce=\"n1\", algorithm=SHA-256")
        );
    }
}

#[test]
fn nothing_is_played_before_it_is_set_up_nor_set_up_elsewhere() {
    let mut session = session();
    assert_eq!(answer(session.request(request("PLAY rtsp://h/a RTSP/1.0\n\n"))).status, 455);
    described(&mut session);
    let udp = "SETUP rtsp://h:1/gate/main/trackID=0 RTSP/1.0\nTransport: RTP/AVP;client_port=5000-5001\n\n";
    assert!(matches!(session.request(request(udp)), Action::Bind));
    assert_eq!(answer(session.bound(None)).status, 503);
    assert!(matches!(session.request(request(udp)), Action::Bind));
    let bound = answer(session.bound(Some((6000, 6001))));
    assert!(bound.header("transport").is_some_and(|value| value.contains("server_port=6000-6001")));
    let elsewhere = session.request(request("SETUP rtsp://h:1/other/trackID=0 RTSP/1.0\n\n"));
    assert_eq!(answer(elsewhere).status, 455);
    let missing = session.request(request("SETUP rtsp://h:1/gate/main/trackID=1 RTSP/1.0\n\n"));
    assert_eq!(answer(missing).status, 404);
}

#[test]
fn targets_are_taken_apart_however_players_write_them() {
    let parsed = |text: &str| Target::parse(text).map(|t| (t.path, t.query, t.track));
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(parsed("rtsp://h/a/b/"), Some(("a/b".to_owned(), None, None)));
    assert_eq!(parsed("rtsp://h/a?ticket=x/trackID=1"), Some(("a".to_owned(), some("ticket=x"), Some(1))));
    assert_eq!(parsed("rtsp://h/a/trackID=0"), Some(("a".to_owned(), None, Some(0))));
    assert_eq!(parsed("rtsp://h"), Some((String::new(), None, None)));
    assert_eq!(parsed("rtsp://h/a/trackID=x"), None);
    assert_eq!(parsed("*"), None);
}
