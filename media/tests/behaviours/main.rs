//! Behaviours of real cameras, by family: each plays here. `MINGJING_COMPARE=1` also shows each to the
//! `ffprobe` on the PATH and prints which of the two plays it.

#[path = "../support/camera.rs"]
mod camera;
mod challenges;
mod conversation;
mod damage;
mod description;
mod dialogue;
mod h264;
mod h265;
mod hostile;
mod network;
mod packets;
mod sound;
#[path = "../support/mod.rs"]
mod support;
mod tracks;
mod wire;

use camera::{Camera, Habits};
use mingjing_media::{
    frame::AccessUnit,
    ingest::engine::{RtspSpec, Secret, TransportChoice},
};
use std::{collections::BTreeMap, process::Command, sync::Arc, time::Duration};
use support::{Recorder, engine, spec};

pub type Behaviour = (&'static str, Habits);

pub fn with(change: impl FnOnce(&mut Habits)) -> Habits {
    let mut habits = Habits::default();
    change(&mut habits);
    habits
}

pub fn answering(answer: impl Fn(&str, usize) -> Option<String> + Send + Sync + 'static) -> Habits {
    with(|habits| habits.answer = Arc::new(answer))
}

pub fn mangled(mangle: impl Fn(u64, Vec<Vec<u8>>) -> Vec<Vec<u8>> + Send + Sync + 'static) -> Habits {
    with(|habits| habits.mangle = Arc::new(mangle))
}

/// A behaviour, what came of it, and the oddities that were counted.
pub type Played = (&'static str, Vec<Arc<AccessUnit>>, BTreeMap<String, u64>);

/// All cameras at once on one engine: each must give so many pictures. All failures are named together.
pub fn all_play(behaviours: Vec<Behaviour>, pictures: usize) -> Vec<Played> {
    compare(&behaviours);
    let engine = engine(|_| {});
    let running: Vec<_> = behaviours
        .into_iter()
        .enumerate()
        .map(|(at, (name, habits))| {
            let camera = Camera::start(habits);
            let recorder = Recorder::new();
            let spec = RtspSpec {
                user: Some("admin".into()),
                password: Some(Secret("pass".into())),
                allow_basic: true,
                transport: TransportChoice::Auto,
                ..spec(&camera.url())
            };
            let handle = engine.open(format!("cam{at}").into(), spec, recorder.hub()).unwrap();
            (name, camera, recorder, handle)
        })
        .collect();
    let (mut failed, mut played) = (Vec::new(), Vec::new());
    for (name, _camera, recorder, handle) in &running {
        if !recorder.wait_for_video(pictures, Duration::from_secs(25)) {
            failed.push(format!("{name}: {} pictures, {:?}", recorder.video().len(), handle.stats()));
            continue;
        }
        let first = recorder.video()[0].clone();
        let size = first.format.video.as_ref().map(|video| (video.width, video.height));
        if size != Some((640, 480)) || !first.key {
            failed.push(format!("{name}: begins with {size:?}, key {}", first.key));
        }
        played.push((*name, recorder.units(), handle.stats().unwrap().oddities));
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    played
}

/// Shows each behaviour to `ffprobe`, eight at a time.
fn compare(behaviours: &[Behaviour]) {
    if std::env::var_os("MINGJING_COMPARE").is_none() {
        return;
    }
    for some in behaviours.chunks(8) {
        std::thread::scope(|scope| {
            for (name, habits) in some {
                scope.spawn(move || println!("{name}\tffmpeg {}", judged_by_ffmpeg(habits)));
            }
        });
    }
}

fn judged_by_ffmpeg(habits: &Habits) -> &'static str {
    let camera = Camera::start(habits.clone());
    let url = camera.url().replace("rtsp://", "rtsp://admin:pass@");
    // Packets, not pictures: the slices of these cameras hold nothing that could be decoded.
    let ran = Command::new("timeout")
        .args(["10", "ffprobe", "-v", "quiet", "-rtsp_transport", "tcp", "-allowed_media_types", "video"])
        .args(["-probesize", "200000", "-analyzeduration", "1000000", "-read_intervals", "%+#10"])
        .args(["-show_entries", "packet=size", "-of", "csv=p=0", &url])
        .output();
    let plays = ran.is_ok_and(|ran| ran.stdout.split(|byte| *byte == b'\n').count() > 10);
    if plays { "plays" } else { "does not play" }
}
