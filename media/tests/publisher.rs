//! The virtual cameras' publisher, judged by FFmpeg over TCP and UDP.

use mingjing_media::{frame::VideoCodec, ingest::file::numbering::FrameNumber, publish::Publisher};
use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// Four seconds of a test picture with sound, as the virtual cameras' clips are made.
fn clip(folder: &Path, video: &str, audio: Option<&str>) -> PathBuf {
    let path = folder.join(format!("{video}-{}.mov", audio.unwrap_or("mute")));
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25:duration=4"]);
    if let Some(audio) = audio {
        let rate = if audio == "aac" { "16000" } else { "8000" };
        command.args(["-f", "lavfi", "-i", &format!("sine=frequency=440:sample_rate={rate}:duration=4")]);
        command.args(["-c:a", audio, "-ac", "1"]);
    }
    command.args(["-c:v", video, "-g", "25", "-pix_fmt", "yuv420p", "-preset", "ultrafast"]);
    if video == "libx265" {
        command.args(["-tag:v", "hvc1", "-x265-params", "log-level=error"]);
    }
    let made = command.arg(&path).output().expect("ffmpeg runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    path
}

fn publisher(channels: &str) -> Publisher {
    let config = format!(
        r#"{{"listen": "127.0.0.1:0", "user": "demo", "password": "p:w", "channels": [{channels}]}}"#
    );
    Publisher::start(&config).expect("the publisher starts")
}

fn channel(path: &str, file: &Path, more: &str) -> String {
    format!(r#"{{"path": "{path}", "file": "{}"{more}}}"#, file.display())
}

fn address(publisher: &Publisher, path: &str) -> String {
    format!("rtsp://demo:p%3Aw@{}/{path}", publisher.address())
}

/// Receives until that many frames of video were decoded; FFmpeg's complaints come in `stderr`.
fn receive(url: &str, transport: &str, seconds: &str) -> Output {
    Command::new("ffmpeg")
        .args(["-hide_banner", "-loglevel", "warning", "-rtsp_transport", transport, "-i", url])
        .args(["-t", seconds, "-f", "framecrc", "-"])
        .output()
        .expect("ffmpeg runs")
}

fn frames(output: &Output, track: &str) -> usize {
    String::from_utf8_lossy(&output.stdout).lines().filter(|line| line.starts_with(track)).count()
}

fn plays(url: &str, transport: &str, audio: bool) {
    let output = receive(url, transport, "2");
    let complaints = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        frames(&output, "0,") >= 45,
        "{transport} {url}: {} pictures; {complaints}",
        frames(&output, "0,")
    );
    assert_eq!(frames(&output, "1,") > 10, audio, "{transport} {url}: {complaints}");
    for word in ["error", "missed", "corrupt", "Invalid"] {
        assert!(!complaints.contains(word), "{transport} {url}: {complaints}");
    }
}

#[test]
fn ffmpeg_plays_every_codec_over_tcp_and_udp() {
    let folder = tempfile::tempdir().unwrap();
    let kinds = [("libx264", Some("pcm_alaw")), ("libx265", Some("aac")), ("libx264", Some("pcm_mulaw"))];
    let channels: Vec<_> = kinds
        .iter()
        .enumerate()
        .map(|(index, (video, audio))| {
            channel(&format!("c{index}/main"), &clip(folder.path(), video, *audio), "")
        })
        .collect();
    let publisher = publisher(&channels.join(","));
    for index in 0..kinds.len() {
        for transport in ["tcp", "udp"] {
            plays(&address(&publisher, &format!("c{index}/main")), transport, true);
        }
    }
}

#[test]
fn a_stranger_and_an_unknown_path_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let publisher = publisher(&channel("gate", &clip(folder.path(), "libx264", None), ""));
    for (url, why) in [
        (format!("rtsp://demo:wrong@{}/gate", publisher.address()), "401"),
        (format!("rtsp://{}/gate", publisher.address()), "401"),
        (address(&publisher, "gate/sub"), "404"),
    ] {
        let output = receive(&url, "tcp", "1");
        assert!(!output.status.success());
        assert!(String::from_utf8_lossy(&output.stderr).contains(why), "{url}: {output:?}");
    }
}

#[test]
fn a_flaky_channel_goes_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let flaky = r#", "flaky": {"up_ms": 1500, "down_ms": 1500}"#;
    let publisher = publisher(&channel("hill", &clip(folder.path(), "libx264", None), flaky));
    let (mut cut, mut refused) = (false, false);
    let deadline = Instant::now() + Duration::from_secs(30);
    while !(cut && refused) {
        assert!(Instant::now() < deadline, "cut {cut}, refused {refused}");
        let output = receive(&address(&publisher, "hill"), "tcp", "20");
        let seen = frames(&output, "0,");
        cut |= (1..400).contains(&seen);
        refused |= String::from_utf8_lossy(&output.stderr).contains("503");
    }
}

/// Plays in phase with the wall clock: the numbers in the pictures say when they were due, and follow each
/// other without a hole over the end of the clip.
#[test]
fn numbered_frames_arrive_without_a_hole_and_in_phase() {
    let folder = tempfile::tempdir().unwrap();
    let file = clip(folder.path(), "libx264", None);
    let publisher = publisher(&channel("rig/a", &file, r#", "number_frames": true"#));
    let copy = folder.path().join("copy.h264");
    let received = Command::new("ffmpeg")
        .args(["-v", "error", "-rtsp_transport", "tcp", "-i", &address(&publisher, "rig/a"), "-t", "5"])
        .args(["-c", "copy", "-f", "h264"])
        .arg(&copy)
        .output()
        .expect("ffmpeg runs");
    assert!(received.status.success(), "{}", String::from_utf8_lossy(&received.stderr));
    let now_us = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros() as i64;
    let numbers = numbers_of(&std::fs::read(&copy).unwrap());
    assert!(numbers.len() >= 100, "{} numbers", numbers.len());
    for (before, after) in numbers.iter().zip(&numbers[1..]) {
        assert_eq!(after.sequence, before.sequence + 1);
        assert!((after.wall_us - before.wall_us - 40_000).abs() <= 11, "a frame lasts 40 ms");
    }
    for number in &numbers {
        assert_eq!(number.camera, "rig/a");
        let position_us = number.wall_us.rem_euclid(4_000_000);
        let index = (number.sequence % 100) as i64;
        assert!((position_us - index * 40_000).abs() <= 11, "frame {index} at {position_us} µs");
        assert!((now_us - number.wall_us).abs() < 30_000_000, "the clock is today's");
    }
}

/// The numbers in an Annex B stream.
fn numbers_of(stream: &[u8]) -> Vec<FrameNumber> {
    let starts: Vec<usize> = stream
        .windows(3)
        .enumerate()
        .filter(|(_, three)| *three == [0, 0, 1])
        .map(|(at, _)| at + 3)
        .collect();
    let ends = starts.iter().skip(1).map(|at| at - 3).chain([stream.len()]);
    let find = |(from, to): (&usize, usize)| {
        let nal = &stream[*from..to];
        let mut payload = (nal.len() as u32).to_be_bytes().to_vec();
        payload.extend_from_slice(nal);
        FrameNumber::find(&payload, VideoCodec::H264)
    };
    starts.iter().zip(ends).filter_map(find).collect()
}
