//! Files of other codecs brought in and judged by ffprobe: every picture and every sound is there.

mod sources;

use mingjing_media::record::{face, verify::Depth};
use std::path::{Path, PathBuf};

const START_US: i64 = 1_700_000_040_000_000;
const SECONDS: usize = 6;

/// A file as FFmpeg writes it, 25 pictures a second, a key frame a second.
fn film(folder: &Path, name: &str, video: &str, audio: &str) -> PathBuf {
    let path = folder.join(name);
    let picture = format!("testsrc2=size=320x180:rate=25:duration={SECONDS}");
    let rate = if audio == "aac" { 44_100 } else { 8000 };
    let sound = format!("sine=frequency=440:sample_rate={rate}:duration={SECONDS}");
    let tag = if video == "libx265" { "hvc1" } else { "avc1" };
    let out = path.to_str().unwrap();
    let mut arguments =
        vec!["-loglevel", "error", "-f", "lavfi", "-i", &picture, "-f", "lavfi", "-i", &sound];
    arguments.extend(["-c:v", video, "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "25"]);
    arguments.extend(["-tag:v", tag, "-c:a", audio]);
    if video == "libx265" {
        arguments.extend(["-x265-params", "log-level=none:keyint=25:min-keyint=25:scenecut=0"]);
    }
    arguments.push(out);
    sources::run("ffmpeg", &arguments);
    path
}

/// Seconds of sound by ffprobe, from its packets.
fn sound_s(path: &Path) -> f64 {
    let lines = sources::probe(path, "a", "packet=duration_time");
    // Packets with side data have more fields behind.
    lines.iter().filter_map(|line| line.split(',').next()?.parse::<f64>().ok()).sum()
}

#[test]
fn h265_and_h264_with_each_sound_are_brought_in_whole() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root");
    std::fs::create_dir(&root).unwrap();
    let films = [
        ("a.mov", "libx265", "pcm_alaw", "hvc1.", "alaw"),
        ("b.mov", "libx264", "pcm_mulaw", "avc1.", "ulaw"),
    ];
    for (name, video, audio, video_codec, audio_codec) in films {
        let source = film(folder.path(), name, video, audio);
        let stream = format!("ch_{}.main", &name[..1]);
        let made = face::import_file(&root, &source, &stream, START_US, 2).unwrap();
        assert!(made.len() >= SECONDS / 2, "{name}: {made:?}");
        assert!(made.windows(2).all(|pair| pair[0].end_us == pair[1].start_us), "{name}: {made:?}");
        let (mut pictures, mut sound) = (0, 0.0);
        for segment in &made {
            let path = root.join(&segment.path);
            assert!(segment.codecs.starts_with(video_codec), "{name}: {}", segment.codecs);
            assert!(segment.codecs.ends_with(audio_codec), "{name}: {}", segment.codecs);
            assert!(face::verify_segment(&path, Depth::Hash).unwrap().ok);
            sources::decodes_cleanly(&path);
            let counted = sources::probe(&path, "v", "frame=pict_type").len();
            assert_eq!(counted as u32, segment.video_frames, "{name}: {}", segment.path);
            pictures += counted;
            sound += sound_s(&path);
        }
        assert_eq!(pictures, SECONDS * 25, "{name}");
        assert!((sound - SECONDS as f64).abs() < 0.1, "{name}: {sound} s of sound");
    }
}

/// Hashes of the sound's packets, in the file's order.
fn sound_packets(path: &Path) -> Vec<String> {
    let file = path.to_str().unwrap();
    let arguments = ["-v", "error", "-select_streams", "a", "-show_data_hash", "sha256"];
    let shown = ["-show_entries", "packet=data_hash", "-of", "csv=p=0", file];
    let text = String::from_utf8(sources::run("ffprobe", &[&arguments[..], &shown].concat())).unwrap();
    let hash = |line: &str| line.split(',').find(|field| field.starts_with("SHA256:")).map(str::to_owned);
    text.lines().filter_map(hash).collect()
}

#[test]
fn every_packet_of_sound_is_brought_in_once_over_the_cuts() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root");
    std::fs::create_dir(&root).unwrap();
    let path = folder.path().join("noise.mp4");
    let picture = "testsrc2=size=320x180:rate=25:duration=9";
    let sound = "anoisesrc=sample_rate=48000:duration=9"; // no two packets are alike
    let mut arguments = vec!["-loglevel", "error", "-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound];
    arguments.extend(["-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "50", "-bf", "2", "-c:a", "aac"]);
    arguments.push(path.to_str().unwrap());
    sources::run("ffmpeg", &arguments);
    let all = sound_packets(&path);
    let made = face::import_file(&root, &path, "ch_n.main", START_US, 2).unwrap();
    assert!(made.len() > 3, "three cuts at least: {made:?}");
    let kept: Vec<String> =
        made.iter().flat_map(|segment| sound_packets(&root.join(&segment.path))).collect();
    let first = all.iter().position(|hash| *hash == kept[0]).expect("a packet of the film");
    // What precedes the first picture, and what follows the last, is no part of the film.
    assert!(first <= 5, "{first} packets are missing at the start");
    let last = first + kept.len();
    assert!(all.len() - last <= 2, "{} packets are missing at the end", all.len() - last);
    assert_eq!(kept, all[first..last], "lost, doubled or out of order");
}
