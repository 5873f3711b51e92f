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
