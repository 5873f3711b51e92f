//! Real video and sound for tests, made by FFmpeg; and FFmpeg as the judge of what we made of it.
#![allow(dead_code)]

use bytes::Bytes;
use mingjing_media::frame::{
    AccessUnit, AudioCodec, AudioFormat, Format, TICKS_PER_SECOND, Track, VideoCodec, VideoFormat,
};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

/// Runs a program to its end; its standard output. Panics with its complaints if it fails.
pub fn run(program: &str, arguments: &[&str]) -> Vec<u8> {
    let out = Command::new(program).args(arguments).output().expect("program is installed");
    let complaints = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{program} {arguments:?}: {complaints}");
    out.stdout
}

/// FFmpeg decodes every frame of the file without a word of complaint.
pub fn decodes_cleanly(path: &Path) {
    let out = Command::new("ffmpeg")
        .args(["-hide_banner", "-loglevel", "warning", "-xerror", "-i", path.to_str().unwrap()])
        .args(["-f", "null", "-"])
        .output()
        .expect("ffmpeg is installed");
    let text = String::from_utf8_lossy(&out.stderr);
    let complaints: Vec<_> = text.lines().filter(|line| !line.contains("Guessed Channel Layout")).collect();
    assert!(out.status.success() && complaints.join("").trim().is_empty(), "{}: {text}", path.display());
}

/// `ffprobe -show_entries` as compact lines, e.g. `packet=pts_time,flags`.
pub fn probe(path: &Path, selection: &str, entries: &str) -> Vec<String> {
    let path = path.to_str().unwrap();
    let arguments =
        ["-v", "error", "-select_streams", selection, "-show_entries", entries, "-of", "csv=p=0", path];
    let text = String::from_utf8(run("ffprobe", &arguments)).unwrap();
    text.lines().map(|line| line.trim_end_matches(',').to_owned()).filter(|line| !line.is_empty()).collect()
}

/// A moving test picture of 320×180 as H.264 access units, a key frame every `gop` frames of 25 a second.
pub fn h264(seconds: u32, gop: u32, b_frames: u32) -> Vec<Vec<Bytes>> {
    let source = format!("testsrc2=size=320x180:rate=25:duration={seconds}");
    let parameters = format!("aud=1:keyint={gop}:min-keyint={gop}:scenecut=0:bframes={b_frames}:b-adapt=0");
    let stream = run(
        "ffmpeg",
        &[
            "-loglevel",
            "error",
            "-f",
            "lavfi",
            "-i",
            &source,
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-pix_fmt",
            "yuv420p",
            "-x264-params",
            &parameters,
            "-f",
            "h264",
            "-",
        ],
    );
    let mut units: Vec<Vec<Bytes>> = Vec::new();
    for nal in nal_units(&Bytes::from(stream)) {
        if nal[0] & 31 == 9 {
            units.push(Vec::new());
        } else {
            units.last_mut().expect("a delimiter comes first").push(nal);
        }
    }
    units
}

/// Splits Annex B at its start codes.
pub fn nal_units(stream: &Bytes) -> Vec<Bytes> {
    let starts: Vec<usize> =
        stream.windows(3).enumerate().filter(|(_, w)| *w == [0, 0, 1]).map(|(at, _)| at + 3).collect();
    let ends = starts.iter().skip(1).map(|at| at - 3).chain([stream.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(from, to)| {
            let mut to = to;
            while to > *from && stream[to - 1] == 0 {
                to -= 1;
            }
            stream.slice(*from..to)
        })
        .collect()
}

/// Access units of a stream without B frames, 25 a second, with G.711 A-law sound of 20 ms a unit if asked.
pub fn stream(seconds: u32, gop: u32, sound: bool, wall_us: i64) -> Vec<Arc<AccessUnit>> {
    let pictures = h264(seconds, gop, 0);
    let sets: Vec<Bytes> = pictures[0].iter().filter(|nal| matches!(nal[0] & 31, 7 | 8)).cloned().collect();
    let audio = sound.then(|| AudioFormat {
        codec: AudioCodec::Pcma,
        sample_rate: 8000,
        channels: 1,
        config: Bytes::new(),
    });
    let format = Arc::new(Format { video: Some(h264_format(&sets[0], &sets[1], 320, 180)), audio });
    let mut units = Vec::new();
    for (n, nals) in pictures.iter().enumerate() {
        let dts = n as i64 * TICKS_PER_SECOND / 25;
        let key = nals.iter().any(|nal| nal[0] & 31 == 5);
        units.push(unit(Track::Video, dts, key, wall_us, length_prefixed(nals), &format));
        for half in [0, 1] {
            if sound {
                let dts = dts + half * TICKS_PER_SECOND / 50;
                units.push(unit(Track::Audio, dts, true, wall_us, tone(dts), &format));
            }
        }
    }
    units
}

pub fn unit(
    track: Track,
    dts: i64,
    key: bool,
    wall_us: i64,
    payload: Bytes,
    format: &Arc<Format>,
) -> Arc<AccessUnit> {
    let us = dts * 100 / 9;
    Arc::new(AccessUnit {
        track,
        pts: dts,
        dts,
        key,
        wall_us: wall_us + us,
        mono_us: 5_000_000 + us,
        payload,
        format: format.clone(),
    })
}

/// 20 ms of a rising and falling A-law pattern that no constant predictor guesses.
pub fn tone(dts: i64) -> Bytes {
    (0..160u32).map(|n| ((n * 7 + (dts / 1800) as u32 * 13) % 251) as u8).collect::<Vec<_>>().into()
}

/// NAL units with 4-byte lengths, parameter sets left out as ingest leaves them out.
pub fn length_prefixed(nals: &[Bytes]) -> Bytes {
    let mut out = Vec::new();
    for nal in nals.iter().filter(|nal| !matches!(nal[0] & 31, 7 | 8)) {
        out.extend_from_slice(&(nal.len() as u32).to_be_bytes());
        out.extend_from_slice(nal);
    }
    out.into()
}

/// The format that ingest would make of these parameter sets.
pub fn h264_format(sps: &Bytes, pps: &Bytes, width: u32, height: u32) -> VideoFormat {
    let mut config = vec![1, sps[1], sps[2], sps[3], 0xFF, 0xE1];
    config.extend_from_slice(&(sps.len() as u16).to_be_bytes());
    config.extend_from_slice(sps);
    config.push(1);
    config.extend_from_slice(&(pps.len() as u16).to_be_bytes());
    config.extend_from_slice(pps);
    VideoFormat {
        codec: VideoCodec::H264,
        width,
        height,
        config: config.into(),
        codec_string: format!("avc1.{:02x}{:02x}{:02x}", sps[1], sps[2], sps[3]),
        parameter_sets: vec![sps.clone(), pps.clone()],
        fps: Some(25.0),
    }
}
