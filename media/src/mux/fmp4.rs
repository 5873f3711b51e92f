//! Fragmented MP4 (ISO/IEC 14496-12, CMAF style): init segments, and fragments of one or many access
//! units. Payloads are never copied: a [`Fragment`] is header bytes and a list of slices for `writev`.
//!
//! Every track has the timescale of [`TICKS_PER_SECOND`]; media time 0 is the fragmenter's origin.
//! Cost: two allocations a fragment (header, list) plus one a FLAC frame where sound is turned.

use super::boxes::BoxWriter;
use super::entries::{AudioCarriage, audio_codec_string, audio_entry, entry_codec, video_entry};
use super::flac;
use crate::frame::{AccessUnit, AudioCodec, AudioFormat, Format, TICKS_PER_SECOND, Track};
use bytes::Bytes;
use std::sync::Arc;

pub const VIDEO_TRACK_ID: u32 = 1;
pub const AUDIO_TRACK_ID: u32 = 2;

/// `sample_depends_on = 2` (ISO/IEC 14496-12 §8.8.3.1): decodable by itself.
const SYNC_SAMPLE: u32 = 0x0200_0000;
/// `sample_depends_on = 1`, `sample_is_non_sync_sample = 1`.
const NON_SYNC_SAMPLE: u32 = 0x0101_0000;
/// Longest duration a single sample may claim when it is measured: 10 s. A longer silence is a gap.
const MAX_SAMPLE_TICKS: i64 = 10 * TICKS_PER_SECOND;

/// RFC 6381 codec strings of both tracks, video first, e.g. `avc1.640028,mp4a.40.2`.
pub fn codecs(format: &Format, audio: AudioCarriage) -> String {
    let video = format.video.as_ref().map(|video| video.codec_string.clone());
    let sound = format.audio.as_ref().and_then(|format| audio_codec_string(format, audio));
    video.into_iter().chain(sound).collect::<Vec<_>>().join(",")
}

/// MIME type as `MediaSource.isTypeSupported` takes it.
pub fn mime(format: &Format, audio: AudioCarriage) -> String {
    let kind = if format.video.is_some() { "video" } else { "audio" };
    format!("{kind}/mp4; codecs=\"{}\"", codecs(format, audio))
}

/// `ftyp` and `moov` for fragments of this format.
pub fn init_segment(format: &Format, audio: AudioCarriage) -> Bytes {
    let config = format.video.as_ref().map_or(0, |video| video.config.len());
    let mut w = BoxWriter::with_capacity(1200 + config);
    w.nest(b"ftyp", |w| {
        w.bytes(b"iso6");
        w.u32(0);
        w.bytes(b"iso6cmfcmp41");
    });
    let sound = format.audio.as_ref().and_then(|f| entry_codec(f, audio).map(|codec| (f, codec)));
    w.nest(b"moov", |w| {
        movie_header(w);
        if let Some(video) = &format.video {
            track(w, VIDEO_TRACK_ID, (video.width, video.height), |w| video_entry(w, video));
        }
        if let Some((format, codec)) = sound {
            track(w, AUDIO_TRACK_ID, (0, 0), |w| audio_entry(w, format, codec));
        }
        w.nest(b"mvex", |w| {
            if format.video.is_some() {
                track_extends(w, VIDEO_TRACK_ID);
            }
            if sound.is_some() {
                track_extends(w, AUDIO_TRACK_ID);
            }
        });
    });
    Bytes::from(w.into_vec())
}

fn movie_header(w: &mut BoxWriter) {
    w.full(b"mvhd", 0, 0, |w| {
        w.u32(0);
        w.u32(0);
        w.u32(TICKS_PER_SECOND as u32);
        w.u32(0); // duration: in fragments
        w.u32(0x0001_0000); // rate 1.0
        w.u16(0x0100); // volume
        w.zeros(10);
        unity_matrix(w);
        w.zeros(24);
        w.u32(AUDIO_TRACK_ID + 1);
    });
}

pub(crate) fn unity_matrix(w: &mut BoxWriter) {
    for value in [0x0001_0000, 0, 0, 0, 0x0001_0000, 0, 0, 0, 0x4000_0000] {
        w.u32(value);
    }
}

fn track(w: &mut BoxWriter, id: u32, (width, height): (u32, u32), entry: impl FnOnce(&mut BoxWriter)) {
    let video = id == VIDEO_TRACK_ID;
    w.nest(b"trak", |w| {
        w.full(b"tkhd", 0, 3, |w| {
            w.u32(0);
            w.u32(0);
            w.u32(id);
            w.zeros(4);
            w.u32(0); // duration
            w.zeros(8);
            w.u16(0); // layer
            w.u16(u16::from(!video)); // alternate group
            w.u16(if video { 0 } else { 0x0100 }); // volume
            w.zeros(2);
            unity_matrix(w);
            w.u32(width << 16);
            w.u32(height << 16);
        });
        w.nest(b"mdia", |w| {
            w.full(b"mdhd", 0, 0, |w| {
                w.u32(0);
                w.u32(0);
                w.u32(TICKS_PER_SECOND as u32);
                w.u32(0);
                w.u16(0x55C4); // "und"
                w.u16(0);
            });
            handler(w, video);
            w.nest(b"minf", |w| {
                media_header(w, video);
                w.nest(b"stbl", |w| {
                    w.full(b"stsd", 0, 0, |w| {
                        w.u32(1);
                        entry(w);
                    });
                    w.full(b"stts", 0, 0, |w| w.u32(0));
                    w.full(b"stsc", 0, 0, |w| w.u32(0));
                    w.full(b"stsz", 0, 0, |w| w.zeros(8));
                    w.full(b"stco", 0, 0, |w| w.u32(0));
                });
            });
        });
    });
}

pub(crate) fn handler(w: &mut BoxWriter, video: bool) {
    w.full(b"hdlr", 0, 0, |w| {
        w.u32(0);
        w.bytes(if video { b"vide" } else { b"soun" });
        w.zeros(12);
        w.bytes(if video { b"video\0" } else { b"sound\0" });
    });
}

/// `vmhd` or `smhd`, and a `dinf` that says: the samples are in this file.
pub(crate) fn media_header(w: &mut BoxWriter, video: bool) {
    if video {
        w.full(b"vmhd", 0, 1, |w| w.zeros(8));
    } else {
        w.full(b"smhd", 0, 0, |w| w.zeros(4));
    }
    w.nest(b"dinf", |w| {
        w.full(b"dref", 0, 0, |w| {
            w.u32(1);
            w.full(b"url ", 0, 1, |_| {});
        });
    });
}

fn track_extends(w: &mut BoxWriter, id: u32) {
    w.full(b"trex", 0, 0, |w| {
        w.u32(id);
        w.u32(1);
        w.zeros(12);
    });
}

/// Decoding times of the units that follow a fragment, where known: the last samples' durations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Next {
    pub video_dts: Option<i64>,
    pub audio_dts: Option<i64>,
}

/// `moof` and `mdat` of one or more access units.
#[derive(Clone, Debug)]
pub struct Fragment {
    /// `moof`, and the header of `mdat`.
    pub head: Bytes,
    /// What `mdat` holds, in order.
    pub payloads: Vec<Bytes>,
    /// Length of head and payloads together.
    pub bytes: usize,
    /// Decoding time of its first sample, in ticks from the origin.
    pub start_ticks: i64,
    /// From `start_ticks` to the end of its longer track.
    pub duration_ticks: i64,
    /// Where its last picture ends, if it has one.
    pub pictures_end: Option<i64>,
    pub video_frames: u32,
    pub key_frames: u32,
    /// Its first video sample is a key frame.
    pub starts_with_key: bool,
}

impl Fragment {
    /// One contiguous buffer, for senders that cannot gather. Copies.
    pub fn to_bytes(&self) -> Bytes {
        let mut all = Vec::with_capacity(self.bytes);
        all.extend_from_slice(&self.head);
        self.payloads.iter().for_each(|payload| all.extend_from_slice(payload));
        Bytes::from(all)
    }
}

/// Turns access units of one time line into fragments. One a viewer group, a segment or a playlist.
#[derive(Clone, Debug)]
pub struct Fragmenter {
    origin_dts: i64,
    audio: AudioCarriage,
    sequence: u32,
    video_ticks: i64,
    audio_ticks: i64,
}

impl Fragmenter {
    /// `origin_dts`: the decoding time of the stream that becomes media time 0, usually that of the
    /// first key frame. So wall clock 0 of the time line is `wall_us - (pts - origin_dts) * 100 / 9`.
    pub fn new(origin_dts: i64, audio: AudioCarriage) -> Self {
        Self { origin_dts, audio, sequence: 0, video_ticks: 0, audio_ticks: 0 }
    }

    /// As if it had made `fragments` before: sequence numbers rise along a time line that is made piece by
    /// piece (ISO/IEC 14496-12 §8.8.5).
    pub fn continuing(self, fragments: u32) -> Self {
        Self { sequence: fragments, ..self }
    }

    pub fn origin_dts(&self) -> i64 {
        self.origin_dts
    }

    /// Wall clock of media time 0 as this unit sees it, microseconds since the Unix epoch.
    pub fn epoch_us(&self, unit: &AccessUnit) -> i64 {
        unit.wall_us - ticks_to_us(unit.pts.saturating_sub(self.origin_dts))
    }

    /// One fragment of these units: decoding order within each track, one format, at most 64 MiB.
    ///
    /// `next` gives the last samples their exact duration; without it they get the one before theirs,
    /// or a nominal one. Units of a track that is left out are skipped, as is sound from before the
    /// origin. `None` if nothing remains.
    pub fn fragment(&mut self, units: &[Arc<AccessUnit>], next: Next) -> Option<Fragment> {
        let format = units.first()?.format.clone();
        let sound = format.audio.as_ref().filter(|f| entry_codec(f, self.audio).is_some());
        let mut payloads = Vec::with_capacity(units.len());
        let video = self.video_run(units, next, &mut payloads);
        let video_bytes: usize = payloads.iter().map(Bytes::len).sum();
        let audio = sound.map_or_else(Run::default, |f| self.audio_run(f, units, next, &mut payloads));
        if payloads.is_empty() {
            return None;
        }
        let data_bytes: usize = payloads.iter().map(Bytes::len).sum();
        if data_bytes > 64 << 20 {
            return None;
        }
        self.sequence = self.sequence.wrapping_add(1);
        let head = head(self.sequence, &video, &audio, video_bytes, data_bytes);
        let runs = || [&video, &audio].into_iter().filter(|run| !run.samples.is_empty());
        let start_ticks = runs().map(|run| run.start).min().unwrap_or(0);
        let end_ticks = runs().map(|run| run.end).max().unwrap_or(0);
        let key = |sample: &Sample| sample.flags == SYNC_SAMPLE;
        Some(Fragment {
            bytes: head.len() + data_bytes,
            head,
            payloads,
            start_ticks,
            duration_ticks: end_ticks - start_ticks,
            pictures_end: (!video.samples.is_empty()).then_some(video.end),
            video_frames: video.samples.len() as u32,
            key_frames: video.samples.iter().filter(|sample| key(sample)).count() as u32,
            starts_with_key: video.samples.first().is_some_and(key),
        })
    }

    fn video_run(&mut self, units: &[Arc<AccessUnit>], next: Next, payloads: &mut Vec<Bytes>) -> Run {
        let mut run = Run::default();
        let mut of_track = units.iter().filter(|unit| unit.track == Track::Video).peekable();
        while let Some(unit) = of_track.next() {
            let following = of_track.peek().map(|unit| unit.dts).or(next.video_dts);
            let nominal = if self.video_ticks > 0 { self.video_ticks } else { nominal_video_ticks(unit) };
            let ticks = sample_ticks(unit.dts, following, nominal);
            self.video_ticks = ticks;
            run.push(
                unit.dts - self.origin_dts,
                Sample {
                    ticks: ticks as u32,
                    bytes: unit.payload.len() as u32,
                    flags: if unit.key { SYNC_SAMPLE } else { NON_SYNC_SAMPLE },
                    composition: (unit.pts - unit.dts).clamp(-MAX_SAMPLE_TICKS, MAX_SAMPLE_TICKS) as i32,
                },
            );
            payloads.push(unit.payload.clone());
        }
        run
    }

    fn audio_run(
        &mut self,
        format: &AudioFormat,
        units: &[Arc<AccessUnit>],
        next: Next,
        payloads: &mut Vec<Bytes>,
    ) -> Run {
        let turned = self.audio == AudioCarriage::ForBrowsers && format.codec != AudioCodec::Aac;
        let mut run = Run::default();
        let mut of_track = units.iter().filter(|unit| unit.track == Track::Audio).peekable();
        while let Some(unit) = of_track.next() {
            let payload =
                if turned { flac::frame(unit, self.origin_dts) } else { Some(unit.payload.clone()) };
            let Some(payload) = payload.filter(|payload| !payload.is_empty()) else { continue };
            if unit.dts < self.origin_dts {
                continue;
            }
            let following = of_track.peek().map(|unit| unit.dts).or(next.audio_dts);
            let nominal = nominal_audio_ticks(format, unit).unwrap_or(self.audio_ticks.max(1));
            let ticks = sample_ticks(unit.dts, following, nominal);
            self.audio_ticks = ticks;
            run.push(
                unit.dts - self.origin_dts,
                Sample {
                    ticks: ticks as u32,
                    bytes: payload.len() as u32,
                    flags: SYNC_SAMPLE,
                    composition: 0,
                },
            );
            payloads.push(payload);
        }
        run
    }
}

/// Ticks of [`TICKS_PER_SECOND`] as microseconds.
pub fn ticks_to_us(ticks: i64) -> i64 {
    (i128::from(ticks) * 100 / 9).clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
}

/// Microseconds as ticks of [`TICKS_PER_SECOND`].
pub fn us_to_ticks(us: i64) -> i64 {
    (i128::from(us) * 9 / 100) as i64
}

struct Sample {
    ticks: u32,
    bytes: u32,
    flags: u32,
    composition: i32,
}

/// The samples of one track in one fragment.
#[derive(Default)]
struct Run {
    start: i64,
    end: i64,
    samples: Vec<Sample>,
}

impl Run {
    fn push(&mut self, dts: i64, sample: Sample) {
        if self.samples.is_empty() {
            self.start = dts.max(0);
            self.end = self.start;
        }
        self.end += i64::from(sample.ticks);
        self.samples.push(sample);
    }
}

fn sample_ticks(dts: i64, following: Option<i64>, nominal: i64) -> i64 {
    match following.map(|next| next.saturating_sub(dts)) {
        Some(ticks) if (1..=MAX_SAMPLE_TICKS).contains(&ticks) => ticks,
        _ => nominal,
    }
}

fn nominal_video_ticks(unit: &AccessUnit) -> i64 {
    let fps =
        unit.format.video.as_ref().and_then(|video| video.fps).filter(|fps| (0.5..=1000.0).contains(fps));
    (TICKS_PER_SECOND as f64 / fps.unwrap_or(25.0)) as i64
}

fn nominal_audio_ticks(format: &AudioFormat, unit: &AccessUnit) -> Option<i64> {
    let samples = match format.codec {
        AudioCodec::Aac => 1024,
        AudioCodec::Pcma | AudioCodec::Pcmu => {
            (unit.payload.len() / usize::from(format.channels.max(1))) as i64
        }
    };
    let ticks = samples * TICKS_PER_SECOND / i64::from(format.sample_rate.max(1));
    (1..=MAX_SAMPLE_TICKS).contains(&ticks).then_some(ticks)
}

fn head(sequence: u32, video: &Run, audio: &Run, video_bytes: usize, data_bytes: usize) -> Bytes {
    let mut w = BoxWriter::with_capacity(160 + 16 * video.samples.len() + 8 * audio.samples.len());
    let mut offsets = [None; 2];
    w.nest(b"moof", |w| {
        w.full(b"mfhd", 0, 0, |w| w.u32(sequence));
        if !video.samples.is_empty() {
            offsets[0] = Some(track_fragment(w, VIDEO_TRACK_ID, video));
        }
        if !audio.samples.is_empty() {
            offsets[1] = Some(track_fragment(w, AUDIO_TRACK_ID, audio));
        }
    });
    let data = w.len() + 8;
    for (at, before) in offsets.into_iter().zip([0, video_bytes]) {
        if let Some(at) = at {
            w.patch_u32(at, (data + before) as u32);
        }
    }
    w.u32((data_bytes + 8) as u32);
    w.bytes(b"mdat");
    Bytes::from(w.into_vec())
}

/// Returns where the data offset stands, to be patched once the size of `moof` is known.
fn track_fragment(w: &mut BoxWriter, id: u32, run: &Run) -> usize {
    let video = id == VIDEO_TRACK_ID;
    let mut offset_at = 0;
    w.nest(b"traf", |w| {
        // default-base-is-moof, default-sample-flags
        w.full(b"tfhd", 0, 0x02_0020, |w| {
            w.u32(id);
            w.u32(if video { NON_SYNC_SAMPLE } else { SYNC_SAMPLE });
        });
        w.full(b"tfdt", 1, 0, |w| w.i64(run.start));
        // data offset, duration, size; video also flags and signed composition offset
        let flags = if video { 0x0F01 } else { 0x0301 };
        w.full(b"trun", 1, flags, |w| {
            w.u32(run.samples.len() as u32);
            offset_at = w.len();
            w.u32(0);
            for sample in &run.samples {
                w.u32(sample.ticks);
                w.u32(sample.bytes);
                if video {
                    w.u32(sample.flags);
                    w.i32(sample.composition);
                }
            }
        });
    });
    offset_at
}

/// A fragment of one key frame that lies in a file.
pub(crate) fn single_picture(key: &crate::record::reader::KeyEntry, picture: &[u8]) -> Bytes {
    let sample =
        Sample { ticks: 3600, bytes: picture.len() as u32, flags: SYNC_SAMPLE, composition: key.composition };
    let run = Run { start: key.start_ticks, end: key.start_ticks, samples: vec![sample] };
    let head = head(1, &run, &Run::default(), picture.len(), picture.len());
    [&head[..], picture].concat().into()
}
