//! Streams of a plane: put, changed, removed; what the control plane hears of it.

mod stage;

use mingjing_media::{
    clock::{Clock, SystemClock},
    event::{Event, StreamState},
    hub::Hub,
    plane::{
        Plane, PlaneError, Rooms,
        config::{PlaneConfig, Refused, StreamSpec},
        seam::{Ingest, Running},
    },
};
use serde_json::{Value, json};
use stage::{Stage, format, picture, until};
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

const STREAM: &str = "ch_test.main";

fn spec(change: &[(&str, Value)]) -> String {
    let mut spec = json!({
        "stream": STREAM, "always_on": true,
        "source": {"kind": "rtsp", "url": "rtsp://10.0.0.1/", "user": "u", "password": "geheim"},
    });
    for (pointer, value) in change {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        spec.pointer_mut(parent).unwrap()[name] = value.clone();
    }
    spec.to_string()
}

fn counts(stage: &Stage) -> (u64, u64) {
    (stage.cameras.opened.load(Ordering::SeqCst), stage.cameras.closed.load(Ordering::SeqCst))
}

#[test]
fn putting_a_stream_again_restarts_only_what_changed() {
    let stage = Stage::new(json!({}));
    stage.plane.put_stream(&spec(&[])).unwrap();
    stage.plane.put_stream(&spec(&[])).unwrap();
    assert_eq!(counts(&stage), (1, 0), "the same is no change");
    stage.plane.put_stream(&spec(&[("/record", json!(true))])).unwrap();
    assert_eq!(counts(&stage), (1, 0), "recording needs no new session");
    stage.plane.put_stream(&spec(&[("/source/password", json!("new"))])).unwrap();
    assert_eq!(counts(&stage), (2, 1), "another password does");
    assert_eq!(stage.plane.streams().unwrap().as_array().unwrap().len(), 1);
}

#[test]
fn viewers_stay_while_the_source_changes() {
    let stage = Stage::new(json!({}));
    stage.plane.put_stream(&spec(&[])).unwrap();
    stage.tell_state(STREAM, StreamState::Playing);
    stage.hub(STREAM).publish(picture(0, 100, &format(1280), stage.now_us()));
    let mut viewer = stage.watch(json!({"ticket": stage.ticket(STREAM), "pace": "frame"}));
    viewer.text("init");
    assert_eq!(viewer.pictures_until(0), [0]);
    stage.plane.put_stream(&spec(&[("/source/url", json!("rtsp://10.0.0.2/"))])).unwrap();
    let hub = stage.hub(STREAM);
    hub.discontinuity();
    hub.publish(picture(50, 100, &format(640), stage.now_us()));
    assert_eq!(viewer.text("init")["video"]["width"], 640);
    assert_eq!(viewer.pictures_until(50), [50]);
}

#[test]
fn what_cannot_be_is_refused_in_a_sentence_without_the_password() {
    let stage = Stage::new(json!({"streams": 1}));
    for change in [
        ("/source/url", json!("http://10.0.0.1/")),
        ("/source/url", json!("rtsp://u:p@10.0.0.1/")),
        ("/stream", json!("../etc")),
        ("/colour", json!("red")),
    ] {
        let Err(PlaneError::Refused(why)) = stage.plane.put_stream(&spec(&[change])) else {
            panic!("accepted")
        };
        assert!(why.to_string().len() > 40 && !why.to_string().contains("geheim"), "{why}");
    }
    stage.plane.put_stream(&spec(&[])).unwrap();
    let Err(why) = stage.plane.put_stream(&spec(&[("/stream", json!("ch_b.main"))])) else {
        panic!("accepted")
    };
    assert!(why.to_string().contains("limit"), "{why}");
}

#[test]
fn statistics_follow_the_source_and_show_no_secret() {
    let stage = Stage::new(json!({}));
    stage.plane.put_stream(&spec(&[])).unwrap();
    stage.tell_state(STREAM, StreamState::Playing);
    stage.tell_state(STREAM, StreamState::Retrying);
    stage.tell_state(STREAM, StreamState::Playing);
    let (hub, format, began) = (stage.hub(STREAM), format(1280), stage.now_us());
    (0..25).for_each(|n| hub.publish(picture(n, 1_000, &format, began)));
    let stats = stage.plane.streams().unwrap();
    assert!(!stats.to_string().contains("geheim"));
    let stats = &stats[0];
    assert_eq!(
        (&stats["stream"], &stats["state"], &stats["reconnects"]),
        (&json!(STREAM), &json!("playing"), &json!(1))
    );
    assert_eq!(stats["format"]["video"]["codec_string"], "avc1.640028");
    assert_eq!(stats["format"]["audio"], json!({"codec": "pcma", "sample_rate": 8_000, "channels": 1}));
    assert_eq!(stats["last_frame_us"], json!(began + 24 * 40_000));
    assert!(stats["arrived_us"].is_i64());
    let mut number = 25;
    until("its speed is measured", || {
        (number..number + 5).for_each(|n| hub.publish(picture(n, 1_000, &format, began)));
        number += 5;
        let stats = stage.plane.streams().unwrap();
        let speed = |name: &str| stats[0][name].as_f64().unwrap();
        (speed("fps") > 0.0 && speed("bitrate_bps") > 8_000.0 * speed("fps")).then_some(())
    });
}

#[test]
fn the_newest_key_frame_is_a_picture_by_itself_and_asking_opens_the_stream() {
    let stage = Stage::new(json!({}));
    assert_eq!(stage.plane.latest_key_frame("ch_none.main").unwrap(), None);
    stage.put(STREAM);
    assert_eq!(stage.plane.latest_key_frame(STREAM).unwrap(), None);
    let (hub, format, began) = (stage.hub(STREAM), format(1280), stage.now_us());
    (0..60).for_each(|n| hub.publish(picture(n, 100, &format, began)));
    let picture = stage.plane.latest_key_frame(STREAM).unwrap().unwrap();
    assert_eq!(stage::numbers(&picture), [50]);
    let boxes: Vec<_> = [b"ftyp", b"moov", b"moof", b"mdat"]
        .map(|kind| picture.windows(4).position(|four| four == kind).unwrap())
        .into();
    assert!(boxes.is_sorted());
}

#[test]
fn a_removed_stream_is_told_closed_once_and_echoes_of_its_session_are_not_told() {
    let stage = Stage::new(json!({}));
    stage.plane.put_stream(&spec(&[])).unwrap();
    stage.tell_state(STREAM, StreamState::Playing);
    stage.plane.remove_stream(STREAM).unwrap();
    stage.plane.remove_stream(STREAM).unwrap();
    stage.tell_state(STREAM, StreamState::Closed);
    assert_eq!(counts(&stage), (1, 1));
    let states: Vec<StreamState> = stage
        .plane
        .events(100)
        .into_iter()
        .filter_map(|event| match event {
            Event::Stream { state, .. } => Some(state),
            _ => None,
        })
        .collect();
    assert_eq!(states, [StreamState::Playing, StreamState::Closed]);
    assert_eq!(stage.plane.streams().unwrap(), json!([]));
    stage.plane.stop(std::time::Duration::from_secs(5));
    assert!(matches!(stage.plane.streams(), Err(PlaneError::NotRunning)));
    assert_eq!(stage.plane.events(100), []);
}

/// The machine's clocks, with a wall clock that can be moved.
struct Moved {
    real: SystemClock,
    by_us: AtomicI64,
}

impl Clock for Moved {
    fn wall_us(&self) -> i64 {
        self.real.wall_us() + self.by_us.load(Ordering::SeqCst)
    }

    fn mono_us(&self) -> i64 {
        self.real.mono_us()
    }
}

struct NoCameras;

impl Ingest for NoCameras {
    fn open(&self, _: &StreamSpec, _: Arc<Hub>) -> Result<Box<dyn Running>, Refused> {
        Err(Refused("there are no cameras here".into()))
    }

    fn probe(&self, _: &StreamSpec, _: Duration) -> Result<Value, Refused> {
        Err(Refused("there are no cameras here".into()))
    }
}

#[test]
fn a_wall_clock_that_jumps_is_told_once_a_jump() {
    let config = json!({"http_listen": "127.0.0.1:0", "ticket_key": stage::KEY}).to_string();
    let clock = Arc::new(Moved { real: SystemClock::new(), by_us: AtomicI64::new(0) });
    let plane = Plane::with_clock(PlaneConfig::parse(&config).unwrap(), clock.clone()).unwrap();
    plane.start_with(|_| Ok(Rooms { ingest: Arc::new(NoCameras), record: None })).unwrap();
    let mut told = Vec::new();
    for by_us in [3_600_000_000, -7_200_000_000] {
        clock.by_us.fetch_add(by_us, Ordering::SeqCst);
        until("the jump is told", || {
            told.extend(plane.events(10));
            matches!(told.last(), Some(Event::ClockJump { by_us: told, .. }) if (told - by_us).abs() < 1_000_000)
                .then_some(())
        });
    }
    assert_eq!(told.len(), 2, "{told:?}");
}
