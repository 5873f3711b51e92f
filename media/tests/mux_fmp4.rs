//! Init segments and fragments, judged by FFmpeg and by a second implementation (`shiguredo_mp4`).

mod sources;

use mingjing_media::frame::{AccessUnit, TICKS_PER_SECOND, Track};
use mingjing_media::mux::flac::{alaw_to_linear, ulaw_to_linear};
use mingjing_media::mux::{AudioCarriage, Fragmenter, Next, codecs, init_segment, mime};
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn write(folder: &Path, units: &[Arc<AccessUnit>], carriage: AudioCarriage, units_each: usize) -> PathBuf {
    let mut fragmenter = Fragmenter::new(units[0].dts, carriage);
    let mut file = init_segment(&units[0].format, carriage).to_vec();
    for chunk in units.chunks(units_each) {
        if let Some(fragment) = fragmenter.fragment(chunk, Next::default()) {
            assert_eq!(fragment.to_bytes().len(), fragment.bytes);
            file.extend_from_slice(&fragment.to_bytes());
        }
    }
    let path = folder.join(format!("{carriage:?}-{units_each}.mp4"));
    std::fs::write(&path, file).unwrap();
    path
}

#[test]
fn ffmpeg_plays_one_frame_a_fragment_and_many() {
    let folder = tempfile::tempdir().unwrap();
    let units = sources::stream(4, 25, true, 0);
    for carriage in [AudioCarriage::Original, AudioCarriage::ForBrowsers, AudioCarriage::Left] {
        for units_each in [1, 75] {
            let path = write(folder.path(), &units, carriage, units_each);
            sources::decodes_cleanly(&path);
            let keys = sources::probe(&path, "v", "packet=pts_time,flags");
            assert_eq!(keys.len(), 100);
            assert_eq!(keys.iter().filter(|line| line.contains(",K")).count(), 4);
            assert!(keys[26].starts_with("1.040000"), "{}", keys[26]);
            let sound = sources::probe(&path, "a", "packet=pts_time");
            assert_eq!(sound.len(), if carriage == AudioCarriage::Left { 0 } else { 200 });
        }
    }
}

#[test]
fn composition_offsets_put_b_frames_in_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let pictures = sources::h264(2, 25, 2);
    let base = sources::stream(1, 25, false, 0);
    let units: Vec<_> = pictures
        .iter()
        .enumerate()
        .map(|(n, nals)| {
            let dts = n as i64 * 3600;
            let key = nals.iter().any(|nal| nal[0] & 31 == 5);
            let mut unit = AccessUnit::clone(&base[0]);
            (unit.dts, unit.pts, unit.key) =
                (dts, dts + 3600 * if n == 0 { 1 } else { [0, 3, 0][n % 3] }, key);
            unit.payload = sources::length_prefixed(nals);
            Arc::new(unit)
        })
        .collect();
    let path = write(folder.path(), &units, AudioCarriage::Left, 7);
    let offsets = sources::probe(&path, "v", "packet=dts_time,pts_time");
    assert_eq!(offsets.len(), 50);
    assert_eq!(offsets[0], "0.040000,0.000000");
    assert_eq!(offsets[1], "0.160000,0.040000");
    assert_eq!(offsets[2], "0.080000,0.080000");
}

#[test]
fn flac_carries_g711_without_loss() {
    let folder = tempfile::tempdir().unwrap();
    let units = sources::stream(2, 25, true, 0);
    let path = write(folder.path(), &units, AudioCarriage::ForBrowsers, 40);
    let file = path.to_str().unwrap();
    let decoded = sources::run("ffmpeg", &["-v", "error", "-i", file, "-map", "0:a", "-f", "s16le", "-"]);
    let expected: Vec<u8> = units
        .iter()
        .filter(|unit| unit.track == Track::Audio)
        .flat_map(|unit| unit.payload.iter().flat_map(|code| (alaw_to_linear(*code) as i16).to_le_bytes()))
        .collect();
    assert_eq!(decoded.len(), expected.len());
    assert!(decoded == expected, "decoded sound differs");
}

#[test]
fn linear_values_of_g711_are_those_of_ffmpeg() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("codes");
    std::fs::write(&path, (0..=255u8).collect::<Vec<_>>()).unwrap();
    for (form, expand) in [("alaw", alaw_to_linear as fn(u8) -> i32), ("mulaw", ulaw_to_linear)] {
        let file = path.to_str().unwrap();
        let decoded = sources::run(
            "ffmpeg",
            &["-v", "error", "-f", form, "-ar", "8000", "-i", file, "-f", "s16le", "-"],
        );
        let ours: Vec<u8> = (0..=255u8).flat_map(|code| (expand(code) as i16).to_le_bytes()).collect();
        assert_eq!(decoded, ours, "{form}");
    }
}

#[test]
fn a_second_implementation_reads_the_same_samples() {
    use shiguredo_mp4::demux::Fmp4SegmentDemuxer;
    let units = sources::stream(2, 25, false, 0);
    let mut fragmenter = Fragmenter::new(units[0].dts, AudioCarriage::Original);
    let mut reader = Fmp4SegmentDemuxer::new();
    reader.handle_init_segment(&init_segment(&units[0].format, AudioCarriage::Original)).unwrap();
    let mut read = Vec::new();
    for chunk in units.chunks(13) {
        let bytes = fragmenter.fragment(chunk, Next::default()).unwrap().to_bytes();
        for sample in reader.handle_media_segment(&bytes).unwrap() {
            let from = sample.data_offset as usize;
            read.push((sample.timestamp as i64, sample.keyframe, bytes.slice(from..from + sample.data_size)));
        }
    }
    let expected: Vec<_> = units.iter().map(|u| (u.dts, u.key, u.payload.clone())).collect();
    assert!(read == expected, "{} samples read, {} written", read.len(), expected.len());
}

#[test]
fn the_time_line_maps_to_the_wall_clock() {
    let units = sources::stream(1, 25, true, 1_700_000_000_000_000);
    let fragmenter = Fragmenter::new(units[0].dts, AudioCarriage::Original);
    assert!(units.iter().all(|unit| fragmenter.epoch_us(unit) == 1_700_000_000_000_000));
}

#[test]
fn next_gives_the_last_sample_its_exact_duration() {
    let units = sources::stream(1, 25, false, 0);
    let mut fragmenter = Fragmenter::new(0, AudioCarriage::Original);
    let next = Next { video_dts: Some(units[9].dts + 5000), audio_dts: None };
    let fragment = fragmenter.fragment(&units[..10], next).unwrap();
    assert_eq!(fragment.start_ticks, 0);
    assert_eq!(fragment.duration_ticks, units[9].dts + 5000);
    assert_eq!((fragment.video_frames, fragment.key_frames, fragment.starts_with_key), (10, 1, true));
    assert_eq!(fragmenter.fragment(&[], Next::default()).map(|f| f.bytes), None);
    assert_eq!(TICKS_PER_SECOND, 90_000);
}

#[test]
fn codec_strings_name_what_the_carriage_makes_of_the_sound() {
    let units = sources::stream(1, 25, true, 0);
    let format = &units[0].format;
    let video = &format.video.as_ref().unwrap().codec_string;
    assert_eq!(codecs(format, AudioCarriage::Original), format!("{video},alaw"));
    assert_eq!(mime(format, AudioCarriage::ForBrowsers), format!("video/mp4; codecs=\"{video},flac\""));
    assert_eq!(codecs(format, AudioCarriage::Left), *video);
}
