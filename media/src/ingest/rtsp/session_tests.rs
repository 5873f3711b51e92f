//! Conversations with cameras, without a socket.

use super::*;
use crate::ingest::rtsp::message::write_packet;

pub(super) const SDP: &str = "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:t0\r\nm=audio 0 RTP/AVP 8\r\na=control:t1\r\n";

fn at(ms: i64) -> Now {
    Now { mono_us: 1_000_000 + ms * 1000, wall_us: 1_700_000_000_000_000 + ms * 1000 }
}

fn session(change: impl FnOnce(&mut SessionConfig)) -> Session {
    let mut config = SessionConfig {
        url: RtspUrl::parse("rtsp://10.0.0.9/live").unwrap(),
        user: Some("admin".into()),
        password: "secret".into(),
        allow_basic: false,
        ask_options: true,
        audio: true,
        first: Lower::Tcp,
        other_allowed: true,
        silent_ms: 10_000,
        key_frame_ms: 20_000,
        answer_ms: 10_000,
        seed: 42,
    };
    change(&mut config);
    let mut session = Session::new(config, Legs::begin(at(0)));
    session.connected(at(0));
    session
}

/// The request line and fields that were sent last; everything before is forgotten.
fn sent(session: &mut Session) -> String {
    let mut last = String::new();
    while let Some(output) = session.next_output() {
        last = match output {
            Output::Send(bytes) => String::from_utf8(bytes).unwrap(),
            other => format!("{other:?}"),
        };
    }
    last
}

fn answer(session: &mut Session, status: &str, fields: &str, body: &str) -> String {
    let cseq = session.cseq;
    let text =
        format!("RTSP/1.0 {status}\r\nCSeq: {cseq}\r\n{fields}Content-Length: {}\r\n\r\n{body}", body.len());
    session.receive(text.as_bytes(), at(10), &mut Vec::new());
    sent(session)
}

fn up_to_setup(session: &mut Session) -> String {
    sent(session);
    answer(session, "200 OK", "Public: OPTIONS, GET_PARAMETER\r\n", "");
    answer(session, "200 OK", "Content-Base: rtsp://10.0.0.9/live/\r\n", SDP)
}

#[test]
fn a_usual_conversation_plays_and_keeps_alive() {
    let mut session = session(|_| {});
    assert!(sent(&mut session).starts_with("OPTIONS rtsp://10.0.0.9/live RTSP/1.0\r\n"));
    assert!(answer(&mut session, "200 OK", "Public: DESCRIBE,GET_PARAMETER\r\n", "").starts_with("DESCRIBE"));
    let text = answer(&mut session, "200 OK", "Content-Base: rtsp://10.0.0.9/live/\r\n", SDP);
    assert!(text.starts_with("SETUP rtsp://10.0.0.9/live/t0 ") && text.contains("interleaved=0-1"), "{text}");
    let text = answer(
        &mut session,
        "200 OK",
        "Session: 7;timeout=20\r\nTransport: RTP/AVP/TCP;interleaved=0-1\r\n",
        "",
    );
    assert!(text.starts_with("SETUP rtsp://10.0.0.9/live/t1 ") && text.contains("Session: 7\r\n"), "{text}");
    let text = answer(&mut session, "200 OK", "Session: 7\r\nTransport: RTP/AVP/TCP;interleaved=2-3\r\n", "");
    assert!(text.starts_with("PLAY rtsp://10.0.0.9/live/ ") && text.contains("Range: npt=0.000-"), "{text}");
    answer(&mut session, "200 OK", "RTP-Info: url=a;seq=1\r\n", "");
    assert!(session.is_playing());
    let packet = write_packet(0, &[0x80, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0x41, 0x9a]);
    session.receive(&packet, at(500), &mut Vec::new());
    session.tick(at(9_000), &mut Vec::new());
    session.receive(&packet, at(9_000), &mut Vec::new());
    session.tick(at(10_500), &mut Vec::new());
    let mut texts = Vec::new();
    while let Some(Output::Send(bytes)) = session.next_output() {
        texts.push(String::from_utf8_lossy(&bytes).into_owned());
    }
    assert!(texts.iter().any(|text| text.starts_with("GET_PARAMETER")), "{texts:?}");
    assert!(texts.iter().any(|text| text.starts_with('$')), "a receiver report goes out");
    assert_eq!(session.end(), None);
}

#[test]
fn the_strongest_challenge_is_answered_and_a_stale_nonce_tried_again() {
    let mut session = session(|_| {});
    sent(&mut session);
    let challenges = "WWW-Authenticate: Basic realm=\"c\"\r\nWWW-Authenticate: Digest realm=\"c\", nonce=\"a\"\r\n\
                      WWW-Authenticate: Digest realm=\"c\", nonce=\"b\", algorithm=SHA-256\r\n";
    let text = answer(&mut session, "401 Unauthorized", challenges, "");
    assert!(text.contains("algorithm=SHA-256") && text.contains("nonce=\"b\""), "{text}");
    let text =
        answer(&mut session, "401", "WWW-Authenticate: Digest realm=\"c\", nonce=\"d\", stale=true\r\n", "");
    assert!(text.contains("nonce=\"d\""), "{text}");
    answer(&mut session, "401", "WWW-Authenticate: Digest realm=\"c\", nonce=\"e\"\r\n", "");
    assert_eq!(session.end(), Some(End { cause: Cause::WrongPassword }));
}

#[test]
fn a_password_goes_out_in_clear_only_where_that_is_allowed() {
    for (allowed, expected) in [(false, Some(Cause::BasicRefused)), (true, None)] {
        let mut session = session(|config| config.allow_basic = allowed);
        sent(&mut session);
        let text = answer(&mut session, "401 Unauthorized", "WWW-Authenticate: Basic realm=\"c\"\r\n", "");
        assert_eq!(text.contains("Authorization: Basic"), allowed);
        assert_eq!(session.end().map(|end| end.cause), expected);
    }
    let mut session = session(|config| config.user = None);
    sent(&mut session);
    let text = answer(&mut session, "401 Unauthorized", "WWW-Authenticate: Basic realm=\"c\"\r\n", "");
    assert!(text.starts_with("DESCRIBE"), "OPTIONS may be refused: {text}");
    answer(&mut session, "401 Unauthorized", "WWW-Authenticate: Basic realm=\"c\"\r\n", "");
    assert_eq!(session.end(), Some(End { cause: Cause::AuthenticationMissing }));
}

#[test]
fn a_refused_transport_leads_to_the_other() {
    let mut session = session(|_| {});
    assert!(up_to_setup(&mut session).contains("RTP/AVP/TCP"));
    let text = answer(&mut session, "461 Unsupported Transport", "", "");
    assert_eq!(text, "BindUdp(Video)");
    session.udp_bound(Track::Video, Some((40_000, 40_001)), at(20));
    assert!(sent(&mut session).contains("Transport: RTP/AVP;unicast;client_port=40000-40001"));
    answer(&mut session, "461 Unsupported Transport", "", "");
    assert_eq!(session.end(), Some(End { cause: Cause::TransportRefused }));
}

#[test]
fn refusals_are_named() {
    for (status, cause) in [
        ("404 Not Found", Cause::PathUnknown),
        ("403 Forbidden", Cause::Forbidden),
        ("453 Not Enough Bandwidth", Cause::SessionLimit),
        ("500 Oops", Cause::ServerError),
        ("200 OK", Cause::BadDescription),
    ] {
        let mut session = session(|_| {});
        sent(&mut session);
        answer(&mut session, "501 Not Implemented", "", "");
        answer(&mut session, status, "", if status.starts_with('2') { "nothing" } else { "" });
        session.tick(at(5_000), &mut Vec::new());
        assert_eq!(session.end(), Some(End { cause }), "{status}");
    }
}

#[test]
fn a_reset_without_a_word_ends_the_attempt_and_one_who_hangs_up_is_asked_otherwise() {
    let mut down = session(|_| {});
    sent(&mut down);
    down.closed(at(20), true);
    assert!(down.end().is_some() && down.ended_on_options(), "the next attempt comes after its wait");
    assert!(sent(&mut session(|config| config.ask_options = false)).starts_with("DESCRIBE"));
    let mut picky = session(|_| {});
    sent(&mut picky);
    picky.closed(at(20), false);
    assert_eq!(sent(&mut picky), "Reconnect { port: 554 }");
    picky.connected(at(30));
    assert!(sent(&mut picky).starts_with("DESCRIBE"));
}

#[test]
fn a_redirect_is_followed_on_the_same_host_only() {
    let mut here = session(|_| {});
    sent(&mut here);
    let text = answer(&mut here, "302 Moved", "Location: rtsp://10.0.0.9:9554/other\r\n", "");
    assert_eq!(text, "Reconnect { port: 9554 }");
    here.connected(at(30));
    assert!(sent(&mut here).starts_with("OPTIONS rtsp://10.0.0.9:9554/other"));
    let mut away = session(|_| {});
    sent(&mut away);
    answer(&mut away, "302 Moved", "Location: rtsp://10.0.0.66/other\r\n", "");
    assert_eq!(away.end(), Some(End { cause: Cause::Redirected }));
}

#[test]
fn refused_sound_costs_the_sound_and_play_is_tried_in_other_words() {
    let mut session = session(|_| {});
    up_to_setup(&mut session);
    answer(&mut session, "200 OK", "Session: 1\r\n", "");
    let text = answer(&mut session, "500 No", "", "");
    assert!(text.starts_with("PLAY rtsp://10.0.0.9/live/ "), "{text}");
    let text = answer(&mut session, "457 Invalid Range", "", "");
    assert!(text.starts_with("PLAY") && !text.contains("Range"), "{text}");
    answer(&mut session, "200 OK", "", "");
    assert!(session.is_playing());
    assert_eq!(session.media().oddities.get("audio_refused"), 1);
}

#[test]
fn silence_is_noticed_at_every_stage() {
    let mut unanswered = session(|_| {});
    sent(&mut unanswered);
    unanswered.tick(at(3_000), &mut Vec::new());
    assert!(sent(&mut unanswered).starts_with("DESCRIBE"), "OPTIONS is a courtesy");
    unanswered.tick(at(14_000), &mut Vec::new());
    assert_eq!(unanswered.end(), Some(End { cause: Cause::NoAnswer }));

    let mut silent = session(|config| config.other_allowed = false);
    up_to_setup(&mut silent);
    for _ in 0..3 {
        answer(&mut silent, "200 OK", "Session: 1\r\n", "");
    }
    assert!(silent.is_playing());
    silent.tick(at(9_900), &mut Vec::new());
    assert_eq!(silent.end(), None);
    silent.tick(at(10_100), &mut Vec::new());
    assert_eq!(silent.end(), Some(End { cause: Cause::NoPackets }));
}

#[test]
fn sound_without_pictures_counts_as_down() {
    let mut session = session(|_| {});
    up_to_setup(&mut session);
    for _ in 0..3 {
        answer(&mut session, "200 OK", "Session: 1\r\n", "");
    }
    for at_ms in (0..11_000).step_by(500) {
        let sequence = (at_ms / 500) as u8;
        let packet = write_packet(2, &[0x80, 8, 0, sequence, 0, 0, sequence, 0, 0, 0, 0, 1, 0xd5, 0xd5]);
        session.receive(&packet, at(at_ms), &mut Vec::new());
        session.tick(at(at_ms), &mut Vec::new());
    }
    assert_eq!(session.end(), Some(End { cause: Cause::NoVideoPackets }));
}

#[test]
fn a_camera_may_ask_too() {
    let mut session = session(|_| {});
    sent(&mut session);
    session.receive(b"OPTIONS * RTSP/1.0\r\nCSeq: 9\r\n\r\n", at(5), &mut Vec::new());
    assert!(sent(&mut session).starts_with("RTSP/1.0 200 OK\r\nCSeq: 9\r\n"));
    session.receive(b"PAUSE * RTSP/1.0\r\nCSeq: 10\r\n\r\n", at(5), &mut Vec::new());
    assert!(sent(&mut session).starts_with("RTSP/1.0 501"));
    assert!(session.pending.is_some(), "our own request still waits");
}

#[test]
fn a_nonce_that_is_taken_once_is_no_wrong_password() {
    let mut session = session(|_| {});
    sent(&mut session);
    answer(&mut session, "401 No", "WWW-Authenticate: Digest realm=\"c\", nonce=\"a\"\r\n", "");
    answer(&mut session, "200 OK", "", "");
    for nonce in ["b", "c"] {
        let fields = format!("WWW-Authenticate: Digest realm=\"c\", nonce=\"{nonce}\"\r\n");
        let text = answer(&mut session, "401 No", &fields, "");
        assert!(text.contains(&format!("nonce=\"{nonce}\"")), "{text}");
        if nonce == "b" {
            assert!(answer(&mut session, "200 OK", "", SDP).starts_with("SETUP"));
        }
    }
    assert_eq!(session.end(), None);
}

#[test]
fn sound_that_is_never_answered_does_not_keep_the_picture_waiting() {
    let mut session = session(|_| {});
    up_to_setup(&mut session);
    assert!(answer(&mut session, "200 OK", "Session: 1\r\n", "").contains("/t1"));
    session.tick(at(4_000), &mut Vec::new());
    assert!(sent(&mut session).starts_with("PLAY"));
}
