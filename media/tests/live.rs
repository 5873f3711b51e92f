//! Live delivery over real sockets: what a viewer gets, and what a viewer can do to others.

mod stage;

use mingjing_media::event::StreamState;
use serde_json::json;
use stage::{Heard, ORIGIN, PATIENCE, Stage, Viewer, format, numbers, picture, silence, until};
use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

const STREAM: &str = "ch_test.main";

#[test]
fn the_first_picture_comes_from_the_cache_and_nothing_is_missed_or_doubled() {
    let stage = Stage::new(json!({}));
    let hub = stage.put_always_on(STREAM);
    let (format, began) = (format(1280), stage.now_us());
    (0..70).for_each(|n| hub.publish(picture(n, 100, &format, began)));
    for pace in ["frame", "economy"] {
        let mut viewer = stage.watch(json!({"ticket": stage.ticket(STREAM), "pace": pace, "audio": false}));
        let Heard::Text(init) = viewer.hear() else { panic!("no init message") };
        assert_eq!(init["type"], "init");
        assert_eq!(init["mime"], "video/mp4; codecs=\"avc1.640028\"");
        assert_eq!((&init["video"]["width"], &init["audio"]), (&json!(1280), &json!(null)));
        let Heard::Binary(segment) = viewer.hear() else { panic!("no init segment") };
        assert_eq!(&segment[4..8], b"ftyp");
        // Picture 50 began this GOP; what is not there yet comes as it is published.
        (70..75).for_each(|n| hub.publish(picture(n, 100, &format, began)));
        assert_eq!(viewer.pictures_until(74), (50..75).collect::<Vec<_>>(), "{pace}");
        (75..100).for_each(|n| hub.publish(picture(n, 100, &format, began)));
        assert_eq!(viewer.pictures_until(99), (75..100).collect::<Vec<_>>(), "{pace}");
        hub.discontinuity();
        (0..70).for_each(|n| hub.publish(picture(n, 100, &format, began + 4_000_000)));
    }
}

#[test]
fn economy_sends_a_fifth_of_the_messages_and_pace_changes_while_playing() {
    let stage = Stage::new(json!({}));
    let hub = stage.put_always_on(STREAM);
    let (format, began) = (format(1280), stage.now_us());
    hub.publish(picture(0, 100, &format, began));
    let mut viewer = stage.watch(json!({"ticket": stage.ticket(STREAM), "pace": "economy"}));
    viewer.text("init");
    assert!(matches!(viewer.hear(), Heard::Binary(_)));
    assert_eq!(viewer.pictures_until(0), [0], "the first picture waits for no group");
    (1..10).for_each(|n| hub.publish(picture(n, 100, &format, began)));
    assert_eq!(viewer.pictures_until(4), [1, 2, 3, 4]);
    let Heard::Binary(fragment) = viewer.hear() else { panic!("no fragment") };
    assert_eq!(numbers(&fragment), [5, 6, 7, 8, 9]);
    viewer.say(r#"{"pace": "frame"}"#);
    viewer.socket.send(tungstenite::Message::Ping(vec![1].into())).unwrap();
    assert_eq!(viewer.hear(), Heard::Pong(vec![1]));
    for n in 10..13 {
        hub.publish(picture(n, 100, &format, began));
        let Heard::Binary(fragment) = viewer.hear() else { panic!("no fragment") };
        assert_eq!(numbers(&fragment), [n]);
    }
    viewer.say(r#"{"pace": "economy"}"#);
    (13..20).for_each(|n| hub.publish(picture(n, 100, &format, began)));
    assert_eq!(viewer.pictures_until(19), (13..20).collect::<Vec<_>>());
}

#[test]
fn a_camera_is_read_in_batches_while_all_take_economy_and_each_batch_is_a_message() {
    let stage = Stage::new(json!({}));
    let hub = stage.put_always_on(STREAM);
    let (format, began) = (format(1280), stage.now_us());
    let pictures = |numbers: std::ops::Range<u32>| numbers.map(|n| picture(n, 100, &format, began));
    hub.publish_all(pictures(0..1), true);
    let mut viewer = stage.watch(json!({"ticket": stage.ticket(STREAM), "pace": "economy"}));
    assert_eq!(viewer.pictures_until(0), [0]);
    until("nobody minds delay", || (!hub.is_hurried()).then_some(()));
    hub.publish_all(pictures(1..5), true);
    assert_eq!(
        viewer.pictures_until(4),
        [1, 2, 3, 4],
        "who begins within a group gets the rest of it one by one"
    );
    for batch in [5..9, 9..15, 15..16] {
        hub.publish_all(pictures(batch.clone()), true);
        loop {
            let Heard::Binary(fragment) = viewer.hear() else { continue };
            assert_eq!(numbers(&fragment), batch.collect::<Vec<_>>());
            break;
        }
    }
    hub.publish_all(pictures(16..30), true);
    assert_eq!(viewer.pictures_until(29), (16..30).collect::<Vec<_>>(), "no group grows beyond 400 ms");
    viewer.say(r#"{"pace": "frame"}"#);
    until("somebody minds delay", || hub.is_hurried().then_some(()));
    viewer.say(r#"{"pace": "economy"}"#);
    until("nobody does any more", || (!hub.is_hurried()).then_some(()));
    let other = stage.watch(json!({"ticket": stage.ticket(STREAM), "pace": "frame"}));
    until("the other one does", || hub.is_hurried().then_some(()));
    drop(other);
    until("the other one has left", || (!hub.is_hurried()).then_some(()));
}

#[test]
fn telephone_sound_is_carried_as_flac_beside_the_pictures() {
    let stage = Stage::new(json!({}));
    let hub = stage.put_always_on(STREAM);
    let (format, began) = (format(1280), stage.now_us());
    hub.publish(picture(0, 100, &format, began));
    let mut viewer = stage.watch(json!({"ticket": stage.ticket(STREAM), "pace": "frame"}));
    let init = viewer.text("init");
    assert_eq!((&init["codecs"], &init["audio"]["codec"]), (&json!("avc1.640028,flac"), &json!("pcma")));
    assert!(matches!(viewer.hear(), Heard::Binary(_)));
    (1..3).for_each(|n| hub.publish(silence(n, &format, began)));
    hub.publish(picture(1, 100, &format, began));
    assert_eq!(viewer.pictures_until(0), [0]);
    let Heard::Binary(fragment) = viewer.hear() else { panic!("no fragment") };
    let tracks = fragment.windows(4).filter(|kind| kind == b"traf").count();
    assert_eq!((numbers(&fragment), tracks), (vec![1], 2), "picture and sound in one message");
}

#[test]
fn a_change_of_format_brings_a_new_init_segment() {
    let stage = Stage::new(json!({}));
    let hub = stage.put_always_on(STREAM);
    let began = stage.now_us();
    hub.publish(picture(0, 100, &format(1280), began));
    let mut viewer = stage.watch(json!({"ticket": stage.ticket(STREAM), "pace": "frame"}));
    let first = viewer.text("init");
    (1..3).for_each(|n| hub.publish(picture(n, 100, &format(1280), began)));
    // Between key frames of the new format there is nothing to decode.
    let larger = format(1920);
    (3..4).chain(50..52).for_each(|n| hub.publish(picture(n, 100, &larger, began)));
    let second = viewer.text("init");
    assert_eq!((&first["video"]["width"], &second["video"]["width"]), (&json!(1280), &json!(1920)));
    assert_eq!(viewer.pictures_until(51), [50, 51]);
}

#[test]
fn after_a_reconnect_media_time_goes_on_and_the_epoch_tells_the_wall_clock() {
    let stage = Stage::new(json!({}));
    let hub = stage.put_always_on(STREAM);
    let (format, began) = (format(1280), stage.now_us());
    (0..10).for_each(|n| hub.publish(picture(n, 100, &format, began)));
    let mut viewer = stage.watch(json!({"ticket": stage.ticket(STREAM), "pace": "frame"}));
    let first = viewer.text("init")["epoch_us"].as_i64().unwrap();
    assert_eq!(first, began);
    hub.discontinuity();
    stage.tell_state(STREAM, StreamState::Retrying);
    assert_eq!(viewer.text("state")["state"], "retrying");
    // The camera's clock begins at 0 again, seven seconds later.
    hub.publish(picture(0, 100, &format, began + 7_000_000));
    let second = viewer.text("init")["epoch_us"].as_i64().unwrap();
    assert_eq!(second, began, "seven seconds of silence are seven seconds of media time");
    assert!(matches!(viewer.hear(), Heard::Binary(init) if &init[4..8] == b"ftyp"));
    let Heard::Binary(fragment) = viewer.hear() else { panic!("no fragment") };
    let at = fragment.windows(4).position(|kind| kind == b"tfdt").unwrap() + 8;
    assert_eq!(i64::from_be_bytes(fragment[at..at + 8].try_into().unwrap()), 7 * 90_000);
}

#[test]
fn a_ticket_starts_one_delivery_of_its_kind_and_stream() {
    let stage = Stage::new(json!({"first_message_ms": 300}));
    let hub = stage.put_always_on(STREAM);
    hub.publish(picture(0, 100, &format(1280), stage.now_us()));
    let good = stage.ticket(STREAM);
    let refusal = |ticket: Option<&str>| {
        let mut viewer = Viewer::connect(stage.http, None).unwrap();
        if let Some(ticket) = ticket {
            viewer.say(&json!({"ticket": ticket}).to_string());
        }
        let end = viewer.text("end");
        assert_eq!(end["reason"], "refused");
        assert_eq!(viewer.hear(), Heard::Close(1008));
        end["code"].as_str().unwrap().to_owned()
    };
    stage.watch(json!({"ticket": good})).text("init");
    assert_eq!(refusal(Some(&good)), "MEDIA-002", "used");
    let late = mingjing_media::ticket::Claims { start_by_us: stage.now_us() - 1, ..stage.claims(STREAM) };
    assert_eq!(refusal(Some(&stage.mint(&late))), "MEDIA-002", "expired");
    assert_eq!(refusal(Some("nonsense")), "MEDIA-002");
    let playback = mingjing_media::ticket::Claims { kind: "playback".into(), ..stage.claims(STREAM) };
    assert_eq!(refusal(Some(&stage.mint(&playback))), "MEDIA-003", "another kind");
    assert_eq!(refusal(None), "MEDIA-001", "silence");
    let ticket = stage.ticket("ch_other.main");
    let answer = stage.raw(&format!(
        "GET /live/{STREAM}.mp4?ticket={ticket} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
    ));
    assert!(answer.starts_with("HTTP/1.1 404 ") && answer.contains("MEDIA-003"), "{answer}");
}

#[test]
fn revocation_ends_running_deliveries_and_says_so() {
    let stage = Stage::new(json!({}));
    let hub = stage.put_always_on(STREAM);
    hub.publish(picture(0, 100, &format(1280), stage.now_us()));
    let (one, two) = (stage.claims(STREAM), stage.claims(STREAM));
    let mut viewers: Vec<Viewer> =
        [&one, &two].map(|claims| stage.watch(json!({"ticket": stage.mint(claims)}))).into();
    viewers.iter_mut().for_each(|viewer| drop(viewer.text("init")));
    assert_eq!(stage.plane.revoke_ticket(&one.id).unwrap(), 1);
    assert_eq!(viewers[0].text("end")["reason"], "revoked");
    assert_eq!(viewers[0].hear(), Heard::Close(1000));
    let (bytes, reason) = stage.ended(&one.id);
    assert!(reason == "revoked" && bytes > 500, "{bytes} {reason}");
    let unused = stage.claims(STREAM);
    assert_eq!(stage.plane.revoke_holder("session-1").unwrap(), 1, "the first has ended already");
    assert_eq!(viewers[1].text("end")["reason"], "revoked");
    assert_eq!(stage.ended(&two.id).1, "revoked");
    assert_eq!(stage.watch(json!({"ticket": stage.mint(&unused)})).text("end")["code"], "MEDIA-002");
    until("nobody is left", || (stage.plane.viewers().unwrap() == json!([])).then_some(()));
}

#[test]
fn a_delivery_ends_when_its_time_is_up() {
    let stage = Stage::new(json!({}));
    stage.put_always_on(STREAM).publish(picture(0, 100, &format(1280), stage.now_us()));
    let short =
        mingjing_media::ticket::Claims { end_by_us: Some(stage.now_us() + 400_000), ..stage.claims(STREAM) };
    let mut viewer = stage.watch(json!({"ticket": stage.mint(&short)}));
    assert_eq!(viewer.text("end")["reason"], "expired");
    assert_eq!(stage.ended(&short.id).1, "expired");
}

#[test]
fn a_stopped_viewer_delays_nobody_is_told_of_its_skip_and_ends() {
    let stage = Stage::new(json!({"viewer_queue_bytes": 1 << 20, "viewer_stopped_ms": 1_500}));
    let hub = stage.put_always_on(STREAM);
    let (format, began) = (format(1280), stage.now_us());
    hub.publish(picture(0, 20_000, &format, began));
    let (stopped, paused) = (stage.claims(STREAM), stage.claims(STREAM));
    let mut stopped_viewer = stage.watch(json!({"ticket": stage.mint(&stopped), "pace": "frame"}));
    let mut paused_viewer = stage.watch(json!({"ticket": stage.mint(&paused), "pace": "frame"}));
    let mut lively = stage.watch(json!({"ticket": stage.ticket(STREAM), "pace": "frame"}));
    for viewer in [&mut stopped_viewer, &mut paused_viewer, &mut lively] {
        viewer.text("init");
        assert_eq!(viewer.pictures_until(0), [0]);
    }
    // Far more than two kernels' buffers hold, while two of three do not read.
    for n in 1..1_000 {
        hub.publish(picture(n, 20_000, &format, began));
        assert_eq!(lively.pictures_until(n), [n]);
    }
    let skip = paused_viewer.text("skip");
    assert!(skip["from_us"].as_i64().unwrap() < skip["to_us"].as_i64().unwrap());
    hub.publish(picture(1_000, 100, &format, began));
    let rest = paused_viewer.pictures_until(1_000);
    assert_eq!(rest[0] % 50, 0, "it goes on at a key frame");
    assert_eq!(rest, (rest[0]..=1_000).collect::<Vec<_>>());
    assert_eq!(stage.ended(&stopped.id).1, "too_slow");
    drop(paused_viewer);
    assert_eq!(stage.ended(&paused.id).1, "left");
}

#[test]
fn pages_of_strangers_get_nothing() {
    let stage = Stage::new(json!({}));
    stage.put_always_on(STREAM);
    let Err(refused) = Viewer::connect(stage.http, Some("http://evil.example")) else { panic!("let in") };
    assert!(refused.to_string().contains("403"), "{refused}");
    let ask = |headers: &str| {
        stage
            .raw(&format!("GET /live/{STREAM}.mp4 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}\r\n"))
    };
    for headers in
        ["origin: null\r\n", "origin: http://console.example\r\n", "sec-fetch-site: cross-site\r\n"]
    {
        let answer = ask(headers);
        assert!(answer.starts_with("HTTP/1.1 403 ") && !answer.contains("allow-origin"), "{answer}");
    }
    let answer = ask(&format!("origin: {ORIGIN}\r\n"));
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert!(answer.contains(&format!("access-control-allow-origin: {ORIGIN}\r\n")), "{answer}");
    for header in ["nosniff", "no-referrer", "no-store", "frame-ancestors 'none'"] {
        assert!(answer.contains(header), "{header} is missing: {answer}");
    }
}

#[test]
fn the_progressive_body_is_init_and_fragments_until_it_is_revoked() {
    let stage = Stage::new(json!({}));
    let hub = stage.put_always_on(STREAM);
    let (format, began) = (format(1280), stage.now_us());
    (0..3).for_each(|n| hub.publish(picture(n, 100, &format, began)));
    let claims = stage.claims(STREAM);
    let mut socket = TcpStream::connect(stage.http).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    let ticket = stage.mint(&claims);
    write!(
        socket,
        "GET /live/{STREAM}.mp4?pace=frame HTTP/1.1\r\nhost: x\r\nauthorization: Ticket {ticket}\r\n\r\n"
    )
    .unwrap();
    let mut body = Vec::new();
    let mut room = [0; 4096];
    while !numbers(&body).contains(&2) {
        let read = socket.read(&mut room).unwrap();
        assert!(read > 0, "ended early: {}", String::from_utf8_lossy(&body));
        body.extend_from_slice(&room[..read]);
    }
    assert!(body.starts_with(b"HTTP/1.1 200 OK\r\ncontent-type: video/mp4\r\nconnection: close\r\n"));
    assert_eq!(numbers(&body), [0, 1, 2]);
    assert_eq!(stage.plane.revoke_ticket(&claims.id).unwrap(), 1);
    assert_eq!(socket.read_to_end(&mut body).map_err(|why| why.kind()), Ok(0));
    assert_eq!(stage.ended(&claims.id).1, "revoked");
}

#[test]
fn the_first_viewer_opens_a_stream_and_it_closes_after_the_last_has_left() {
    let stage = Stage::new(json!({"idle_close_ms": 300}));
    stage.put(STREAM);
    stage.put(STREAM);
    assert_eq!(stage.cameras.opened.load(Ordering::SeqCst), 0);
    let mut viewer = stage.watch(json!({"ticket": stage.ticket(STREAM)}));
    assert_eq!(viewer.text("state")["state"], "idle");
    let hub = stage.hub(STREAM);
    until("the first picture is waited for", || hub.is_hurried().then_some(()));
    stage.tell_state(STREAM, StreamState::Playing);
    hub.publish(picture(0, 100, &format(1280), stage.now_us()));
    viewer.text("init");
    let stats = stage.plane.streams().unwrap();
    assert_eq!((&stats[0]["state"], &stats[0]["viewers"]), (&json!("playing"), &json!(1)));
    drop(viewer);
    until("it closes", || (stage.cameras.closed.load(Ordering::SeqCst) == 1).then_some(()));
    assert_eq!(stage.plane.streams().unwrap()[0]["state"], "idle");
    assert_eq!(stage.cameras.opened.load(Ordering::SeqCst), 1);
}

#[test]
fn removing_a_stream_ends_its_viewers_and_stopping_ends_all() {
    let stage = Stage::new(json!({}));
    for stream in [STREAM, "ch_other.main"] {
        stage.put_always_on(stream).publish(picture(0, 100, &format(1280), stage.now_us()));
    }
    let (one, two) = (stage.claims(STREAM), stage.claims("ch_other.main"));
    let mut first = stage.watch(json!({"ticket": stage.mint(&one)}));
    let mut second = stage.watch(json!({"ticket": stage.mint(&two)}));
    first.text("init");
    second.text("init");
    stage.plane.remove_stream(STREAM).unwrap();
    assert_eq!(first.text("end")["reason"], "stream_closed");
    assert_eq!(stage.ended(&one.id).1, "stream_closed");
    stage.plane.stop(Duration::from_secs(5));
    assert_eq!(second.text("end")["reason"], "shutdown");
    assert_eq!(stage.ended(&two.id).1, "shutdown");
    assert!(TcpStream::connect(stage.http).is_err(), "still listening");
}

#[test]
fn heads_that_are_slow_long_or_many_end() {
    let stage = Stage::new(json!({"head_ms": 300, "idle_ms": 600, "connections_per_source": 4}));
    let ends = |bytes: &str| {
        let answer = stage.raw(bytes);
        until("its place is free", || {
            let probe = stage.raw("GET /x HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
            probe.starts_with("HTTP/1.1 404").then_some(())
        });
        answer
    };
    assert_eq!(ends("GET / HTTP/1.1\r\nx: "), "", "a head that never ends");
    assert!(ends("GET /x HTTP/1.1\r\nhost: x\r\n\r\n").starts_with("HTTP/1.1 404"), "idle after an answer");
    let long = format!("GET / HTTP/1.1\r\nx: {}\r\n\r\n", "a".repeat(40_000));
    assert!(ends(&long).starts_with("HTTP/1.1 431"));
    let held: Vec<TcpStream> = (0..4).map(|_| TcpStream::connect(stage.http).unwrap()).collect();
    assert!(stage.raw("GET /x HTTP/1.1\r\nhost: x\r\n\r\n").starts_with("HTTP/1.1 429"));
    drop(held);
}

#[test]
fn a_viewer_that_breaks_the_protocol_is_closed_with_the_codes_of_the_standard() {
    let stage = Stage::new(json!({}));
    stage.put_always_on(STREAM).publish(picture(0, 100, &format(1280), stage.now_us()));
    for (message, code) in [
        (tungstenite::Message::binary(vec![1]), 1003),
        (tungstenite::Message::text("no JSON"), 1008),
        (tungstenite::Message::text("x".repeat(9_000)), 1009),
    ] {
        let claims = stage.claims(STREAM);
        let mut viewer = stage.watch(json!({"ticket": stage.mint(&claims)}));
        viewer.text("init");
        viewer.socket.send(message).unwrap();
        let close = loop {
            match viewer.hear() {
                Heard::Close(code) => break code,
                Heard::Gone => panic!("no close frame"),
                _ => {}
            }
        };
        assert_eq!(close, code);
        assert_eq!(stage.ended(&claims.id).1, "error");
    }
}

#[test]
fn many_viewers_that_come_and_go_leave_nothing_behind() {
    let stage = Arc::new(Stage::new(json!({"connections_per_source": 200})));
    let hub = stage.put_always_on(STREAM);
    let over = Arc::new(AtomicBool::new(false));
    let camera = {
        let (hub, over, format, began) = (hub.clone(), over.clone(), format(1280), stage.now_us());
        std::thread::spawn(move || {
            for n in 0.. {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                hub.publish(picture(n, 500, &format, began));
                std::thread::sleep(Duration::from_millis(1));
            }
        })
    };
    for round in 0..3 {
        let mut viewers: Vec<Viewer> = (0..30)
            .map(|n| {
                let pace = if n % 2 == 0 { "frame" } else { "economy" };
                stage.watch(json!({"ticket": stage.ticket(STREAM), "pace": pace, "audio": n % 3 == 0}))
            })
            .collect();
        for viewer in &mut viewers {
            viewer.text("init");
            let mut seen = Vec::new();
            while seen.len() < 40 {
                if let Heard::Binary(bytes) = viewer.hear() {
                    seen.extend(numbers(&bytes));
                }
            }
            assert_eq!(seen, (seen[0]..seen[0] + seen.len() as u32).collect::<Vec<_>>(), "round {round}");
        }
        drop(viewers);
        until("all have left", || (stage.plane.viewers().unwrap() == json!([])).then_some(()));
    }
    until("the hub is alone", || (hub.sinks() == 0 && !hub.is_hurried()).then_some(()));
    over.store(true, Ordering::SeqCst);
    camera.join().unwrap();
}
