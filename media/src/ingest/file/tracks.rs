//! One `trak` box: which codec, and where its samples are (ISO/IEC 14496-12 §8).

use crate::mux::atoms::{child, children, descend, u16_at, u32_at, u64_at};
use crate::{
    frame::{AudioCodec, AudioFormat, Format, TICKS_PER_SECOND, VideoCodec, VideoFormat},
    ingest::params,
};
use bytes::Bytes;

/// Samples of one track that are read at most: a day of video at 25 frames a second, twice.
const SAMPLES_MAX: usize = 5_000_000;
/// Some 25,000 years: sums of two times and an offset fit.
const TICKS_END: i128 = 1 << 56;
/// "Access unit 8 MiB".
const SAMPLE_MAX_BYTES: u32 = 8 << 20;
/// Samples of G.711 to a unit: 40 ms at 8 kHz, as cameras send it.
const G711_UNIT_SAMPLES: u32 = 320;

/// Where one access unit lies, and when it is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    pub offset: u64,
    pub bytes: u32,
    /// Ticks of [`TICKS_PER_SECOND`] on the movie's time line.
    pub dts: i64,
    pub pts: i64,
    pub key: bool,
}

/// What a track holds.
#[derive(Clone, Debug)]
pub enum Coding {
    /// With the number of bytes of a NAL unit's length field.
    Video(VideoFormat, usize),
    Audio(AudioFormat),
}

/// One readable track.
#[derive(Clone, Debug)]
pub struct TrackTable {
    pub coding: Coding,
    pub samples: Vec<Sample>,
    /// Where the last sample ends, in presentation order.
    pub end_ticks: i64,
}

/// The formats that a `moov` body describes, also one that has no samples of its own (fragmented files).
pub fn format(moov: &[u8]) -> Format {
    let mut format = Format::default();
    for trak in children(moov).filter(|child| child.kind == *b"trak") {
        let Some(entry) = descend(trak.body, &[b"mdia", b"minf", b"stbl", b"stsd"]) else { continue };
        match coding(entry) {
            Some(Coding::Video(video, _)) if format.video.is_none() => format.video = Some(video),
            Some(Coding::Audio(audio)) if format.audio.is_none() => format.audio = Some(audio),
            _ => {}
        }
    }
    format
}

/// Reads a `trak` body; `None` for tracks that the plane does not carry or that cannot be read.
/// `file_bytes` bounds what may be claimed: samples together are no longer than their file.
pub fn read(trak: &[u8], file_bytes: u64) -> Option<TrackTable> {
    let media = child(trak, b"mdia")?;
    let (timescale, _) = media_header(child(media, b"mdhd")?)?;
    let tables = descend(media, &[b"minf", b"stbl"])?;
    let coding = coding(child(tables, b"stsd")?)?;
    let shift = edit_shift(trak);
    let places = places(tables, file_bytes)?;
    let clock = Clock { timescale, shift };
    let samples = match &coding {
        Coding::Video(..) => video_samples(tables, &places, &clock)?,
        Coding::Audio(format) if format.codec == AudioCodec::Aac => timed_samples(tables, &places, &clock)?,
        Coding::Audio(format) => g711_samples(&places, format, &clock),
    };
    let end_ticks = match &coding {
        Coding::Audio(format) if format.codec != AudioCodec::Aac => clock.ticks(
            places.iter().map(|place| i64::from(place.bytes)).sum::<i64>()
                / i64::from(format.channels.max(1)),
        ),
        _ => presentation_end(tables, &samples, &clock)?,
    };
    Some(TrackTable { coding, samples, end_ticks })
}

struct Clock {
    timescale: u32,
    /// Media time that is shown at the movie's start.
    shift: i64,
}

impl Clock {
    /// At most [`TICKS_END`] from the movie's start.
    fn ticks(&self, media_time: i64) -> i64 {
        let from_start = i128::from(media_time) - i128::from(self.shift);
        let ticks = from_start * i128::from(TICKS_PER_SECOND) / i128::from(self.timescale);
        ticks.clamp(-TICKS_END, TICKS_END) as i64
    }
}

fn media_header(mdhd: &[u8]) -> Option<(u32, u64)> {
    let (timescale, duration) = match mdhd.first()? {
        1 => (u32_at(mdhd, 20)?, u64_at(mdhd, 24)?),
        _ => (u32_at(mdhd, 12)?, u64::from(u32_at(mdhd, 16)?)),
    };
    (timescale > 0).then_some((timescale, duration))
}

/// `media_time` of the first edit that shows anything (§8.6.6); 0 without edits.
fn edit_shift(trak: &[u8]) -> i64 {
    let Some(list) = descend(trak, &[b"edts", b"elst"]) else { return 0 };
    let wide = list.first() == Some(&1);
    let count = u32_at(list, 4).unwrap_or(0).min(64) as usize;
    let media_time = |index: usize| {
        if wide {
            u64_at(list, 8 + index * 20 + 8).map(|time| time as i64)
        } else {
            u32_at(list, 8 + index * 12 + 4).map(|time| i64::from(time as i32))
        }
    };
    (0..count).filter_map(media_time).find(|time| *time >= 0).unwrap_or(0)
}

fn coding(stsd: &[u8]) -> Option<Coding> {
    let entry = children(stsd.get(8..)?).next()?;
    match &entry.kind {
        b"avc1" | b"avc3" => video(entry.body, VideoCodec::H264, b"avcC"),
        b"hvc1" | b"hev1" => video(entry.body, VideoCodec::H265, b"hvcC"),
        b"mp4a" => audio(entry.body, AudioCodec::Aac),
        b"alaw" => audio(entry.body, AudioCodec::Pcma),
        b"ulaw" => audio(entry.body, AudioCodec::Pcmu),
        _ => None,
    }
}

fn video(entry: &[u8], codec: VideoCodec, config_kind: &[u8; 4]) -> Option<Coding> {
    let config = child(entry.get(78..)?, config_kind)?;
    let (sets, length_bytes) = match codec {
        VideoCodec::H264 => avc_sets(config)?,
        VideoCodec::H265 => hevc_sets(config)?,
    };
    let mut format = params::video_format(codec, &sets)?;
    if format.width == 0 {
        (format.width, format.height) = (u32::from(u16_at(entry, 24)?), u32::from(u16_at(entry, 26)?));
    }
    Some(Coding::Video(format, length_bytes))
}

/// Parameter sets of an `avcC` (ISO/IEC 14496-15 §5.3.3.1) and the size of a length field.
fn avc_sets(config: &[u8]) -> Option<(Vec<Bytes>, usize)> {
    let length_bytes = usize::from(config.get(4)? & 3) + 1;
    let mut sets = Vec::new();
    let mut at = 6;
    let counts = [usize::from(config.get(5)? & 0x1f), 0];
    for (round, mut count) in counts.into_iter().enumerate() {
        if round == 1 {
            count = usize::from(*config.get(at)?);
            at += 1;
        }
        for _ in 0..count {
            let length = usize::from(u16_at(config, at)?);
            sets.push(Bytes::copy_from_slice(config.get(at + 2..at + 2 + length)?));
            at += 2 + length;
        }
    }
    Some((sets, length_bytes))
}

/// Parameter sets of an `hvcC` (ISO/IEC 14496-15 §8.3.3.1) and the size of a length field.
fn hevc_sets(config: &[u8]) -> Option<(Vec<Bytes>, usize)> {
    let length_bytes = usize::from(config.get(21)? & 3) + 1;
    let mut sets = Vec::new();
    let mut at = 23;
    for _ in 0..*config.get(22)? {
        let kind = config.get(at)? & 0x3f;
        let count = u16_at(config, at + 1)?;
        at += 3;
        for _ in 0..count {
            let length = usize::from(u16_at(config, at)?);
            let set = config.get(at + 2..at + 2 + length)?;
            if (32..=34).contains(&kind) {
                sets.push(Bytes::copy_from_slice(set));
            }
            at += 2 + length;
        }
    }
    Some((sets, length_bytes))
}

fn audio(entry: &[u8], codec: AudioCodec) -> Option<Coding> {
    let version = u16_at(entry, 8)?;
    let (channels, sample_rate) = (u16_at(entry, 16)?, u32_at(entry, 24)? >> 16);
    // QuickTime's version 1 has four more words before its extensions.
    let extensions = entry.get(if version == 1 { 44 } else { 28 }..)?;
    if codec != AudioCodec::Aac {
        let channels = u8::try_from(channels).ok().filter(|count| (1..=2).contains(count))?;
        return (sample_rate > 0).then_some(Coding::Audio(AudioFormat {
            codec,
            sample_rate,
            channels,
            config: Bytes::new(),
        }));
    }
    let descriptor = child(extensions, b"esds").or_else(|| descend(extensions, &[b"wave", b"esds"]))?;
    let config = decoder_specific(descriptor.get(4..)?)?;
    let parsed = params::aac::parse_config(config)?;
    Some(Coding::Audio(AudioFormat {
        codec,
        sample_rate: parsed.sample_rate,
        channels: parsed.channels,
        config: Bytes::copy_from_slice(config),
    }))
}

/// The DecoderSpecificInfo within an ES descriptor (ISO/IEC 14496-1 §7.2.6).
fn decoder_specific(es: &[u8]) -> Option<&[u8]> {
    let (tag, body) = descriptor(es)?;
    if tag != 3 {
        return None;
    }
    let flags = *body.get(2)?;
    let mut at = 3;
    at += if flags & 0x80 != 0 { 2 } else { 0 };
    at += if flags & 0x40 != 0 { 1 + usize::from(*body.get(at)?) } else { 0 };
    at += if flags & 0x20 != 0 { 2 } else { 0 };
    let (tag, body) = descriptor(body.get(at..)?)?;
    if tag != 4 {
        return None;
    }
    let (tag, config) = descriptor(body.get(13..)?)?;
    (tag == 5).then_some(config)
}

fn descriptor(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let tag = *bytes.first()?;
    let mut length = 0_usize;
    for at in 1..5 {
        let byte = *bytes.get(at)?;
        length = length << 7 | usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((tag, bytes.get(at + 1..at + 1 + length)?));
        }
    }
    None
}

/// Where a sample lies, without its time.
struct Place {
    offset: u64,
    bytes: u32,
}

/// Chunks and sizes put together (§8.7).
fn places(tables: &[u8], file_bytes: u64) -> Option<Vec<Place>> {
    let sizes = child(tables, b"stsz")?;
    let (fixed, count) = (u32_at(sizes, 4)?, u32_at(sizes, 8)? as usize);
    let chunks = ChunkOffsets::read(tables)?;
    let runs = child(tables, b"stsc")?;
    let run_count = u32_at(runs, 4)? as usize;
    // Samples of one size that are many and small (G.711) are taken a chunk at a time.
    let whole_chunks = fixed > 0 && fixed <= 8;
    let too_many = !whole_chunks && count > SAMPLES_MAX;
    if too_many || chunks.count > SAMPLES_MAX || run_count > chunks.count.max(1) {
        return None;
    }
    let mut places = Vec::new();
    let (mut sample, mut claimed) = (0, 0);
    let mut within_file = |bytes: u32| {
        claimed += u64::from(bytes);
        claimed <= file_bytes
    };
    for run in 0..run_count {
        let first = u32_at(runs, 8 + run * 12)? as usize;
        let each = u32_at(runs, 12 + run * 12)? as usize;
        let is_last = run + 1 == run_count;
        let next = if is_last { chunks.count + 1 } else { u32_at(runs, 20 + run * 12)? as usize };
        if next < first && !is_last {
            return None; // back and forth, every chunk would be read as often as there are runs
        }
        for chunk in first..next {
            let mut offset = chunks.get(chunk.checked_sub(1)?)?;
            let each = each.min(count - sample);
            if whole_chunks {
                let bytes = u32::try_from(each).ok()?.checked_mul(fixed)?;
                if !within_file(bytes) {
                    return None;
                }
                offset.checked_add(u64::from(bytes))?;
                places.push(Place { offset, bytes });
                sample += each;
                continue;
            }
            for _ in 0..each {
                let bytes = if fixed > 0 { fixed } else { u32_at(sizes, 12 + sample * 4)? };
                if bytes > SAMPLE_MAX_BYTES || places.len() == SAMPLES_MAX || !within_file(bytes) {
                    return None;
                }
                places.push(Place { offset, bytes });
                offset = offset.checked_add(u64::from(bytes))?;
                sample += 1;
            }
        }
    }
    Some(places)
}

struct ChunkOffsets<'a> {
    table: &'a [u8],
    wide: bool,
    count: usize,
}

impl<'a> ChunkOffsets<'a> {
    fn read(tables: &'a [u8]) -> Option<Self> {
        let narrow = child(tables, b"stco").map(|table| (table, false));
        let (table, wide) = narrow.or_else(|| child(tables, b"co64").map(|table| (table, true)))?;
        Some(Self { table, wide, count: u32_at(table, 4)? as usize })
    }

    fn get(&self, index: usize) -> Option<u64> {
        if self.wide {
            u64_at(self.table, 8 + index * 8)
        } else {
            u32_at(self.table, 8 + index * 4).map(u64::from)
        }
    }
}

/// Runs of (count, value) as `stts` and `ctts` have them.
fn runs(table: &[u8]) -> Option<impl Iterator<Item = (u32, u32)> + '_> {
    let count = (u32_at(table, 4)? as usize).min(table.len() / 8);
    Some((0..count).filter_map(|index| Some((u32_at(table, 8 + index * 8)?, u32_at(table, 12 + index * 8)?))))
}

/// Where the picture that is shown last ends: with B frames that is later than decoding ends.
fn presentation_end(tables: &[u8], samples: &[Sample], clock: &Clock) -> Option<i64> {
    let (_, last_delta) = runs(child(tables, b"stts")?)?.last()?;
    let shown_last = samples.iter().map(|sample| sample.pts).max()?;
    Some(shown_last + i64::from(last_delta) * TICKS_PER_SECOND / i64::from(clock.timescale))
}

/// Samples with decoding times; each a place to start.
fn timed_samples(tables: &[u8], places: &[Place], clock: &Clock) -> Option<Vec<Sample>> {
    let deltas = runs(child(tables, b"stts")?)?;
    let mut each = deltas.flat_map(|(count, delta)| std::iter::repeat_n(delta, count as usize));
    let mut time = 0_i64;
    let mut samples = Vec::with_capacity(places.len());
    for place in places {
        let dts = clock.ticks(time);
        samples.push(Sample { offset: place.offset, bytes: place.bytes, dts, pts: dts, key: true });
        time += i64::from(each.next().unwrap_or(0));
    }
    Some(samples)
}

fn video_samples(tables: &[u8], places: &[Place], clock: &Clock) -> Option<Vec<Sample>> {
    let mut samples = timed_samples(tables, places, clock)?;
    if let Some(composition) = child(tables, b"ctts") {
        let offsets = runs(composition)?;
        let each = offsets.flat_map(|(count, offset)| std::iter::repeat_n(offset as i32, count as usize));
        let scale = |offset: i32| i64::from(offset) * TICKS_PER_SECOND / i64::from(clock.timescale);
        samples.iter_mut().zip(each).for_each(|(sample, offset)| sample.pts = sample.dts + scale(offset));
        let lead = samples.iter().map(|sample| sample.pts - sample.dts).min().unwrap_or(0).min(0);
        samples.iter_mut().for_each(|sample| sample.dts += lead); // dts never above pts
    }
    if let Some(sync) = child(tables, b"stss") {
        samples.iter_mut().for_each(|sample| sample.key = false);
        let count = (u32_at(sync, 4)? as usize).min(sync.len() / 4);
        for index in 0..count {
            let number = u32_at(sync, 8 + index * 4)? as usize;
            samples.get_mut(number.checked_sub(1)?)?.key = true;
        }
    }
    Some(samples)
}

/// Chunks cut into units of 40 ms.
fn g711_samples(places: &[Place], format: &AudioFormat, clock: &Clock) -> Vec<Sample> {
    let frame = u32::from(format.channels.max(1));
    let unit = G711_UNIT_SAMPLES * frame;
    let mut samples = Vec::new();
    let mut time = 0_i64;
    for place in places {
        let mut done = 0;
        while done < place.bytes && samples.len() < SAMPLES_MAX {
            let bytes = unit.min(place.bytes - done);
            let dts = clock.ticks(time);
            samples.push(Sample { offset: place.offset + u64::from(done), bytes, dts, pts: dts, key: true });
            time += i64::from(bytes / frame);
            done += bytes;
        }
    }
    samples
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(kind: &[u8; 4], words: &[u32]) -> Vec<u8> {
        let body: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        [&(body.len() as u32 + 8).to_be_bytes()[..], &kind[..], &body].concat()
    }

    /// Places of samples of one byte, a thousand, in two chunks; the runs are (first chunk, samples of each).
    fn read(runs: &[(u32, u32)], chunks: &[u8]) -> Option<Vec<(u64, u32)>> {
        let runs = runs.iter().flat_map(|(first, each)| [*first, *each, 1]);
        let words: Vec<u32> = [0, runs.clone().count() as u32 / 3].into_iter().chain(runs).collect();
        let tables = [&boxed(b"stsz", &[0, 1, 1000]), &boxed(b"stsc", &words), chunks].concat();
        Some(places(&tables, 1000)?.iter().map(|place| (place.offset, place.bytes)).collect())
    }

    #[test]
    fn runs_of_chunks_go_on_and_never_back() {
        let chunks = boxed(b"stco", &[0, 2, 100, 900]);
        assert_eq!(read(&[(1, 700), (2, 300)], &chunks), Some(vec![(100, 700), (900, 300)]));
        assert_eq!(read(&[(2, 1), (1, 1)], &chunks), None);
    }

    #[test]
    fn a_chunk_that_ends_behind_all_offsets_is_none() {
        let last = |low: u32| boxed(b"co64", &[0, 1, u32::MAX, low]);
        assert_eq!(read(&[(1, 1000)], &last(0)), Some(vec![(0xffff_ffff_0000_0000, 1000)]));
        assert_eq!(read(&[(1, 1000)], &last(u32::MAX - 10)), None);
    }

    #[test]
    fn times_stay_where_sums_of_them_fit() {
        let clock = Clock { timescale: 1, shift: i64::MAX };
        assert_eq!([clock.ticks(0), clock.ticks(i64::MAX)].map(i128::from), [-TICKS_END, 0]);
    }
}
