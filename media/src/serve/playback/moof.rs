//! The samples of one fragment (`moof`, ISO/IEC 14496-12 §8.8), and access units made of them again.

use crate::{
    frame::{AccessUnit, Format, Track},
    mux::{
        Next,
        atoms::{child, children, u32_at, u64_at},
        fmp4::{AUDIO_TRACK_ID, VIDEO_TRACK_ID, ticks_to_us},
    },
};
use bytes::Bytes;
use std::sync::Arc;

/// Samples of one fragment that are read at most: 10 s at 300 a second, and sound.
pub(in crate::serve) const SAMPLES_MAX: usize = 10_000;
/// Some 25,000 years.
const TICKS_END: i64 = 1 << 56;

/// One sample: times in ticks since the segment's start, its place relative to the `moof`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    pub track: Track,
    pub dts: i64,
    pub pts: i64,
    pub ticks: i64,
    pub offset: u64,
    pub bytes: u32,
    pub key: bool,
}

/// All samples of a `moof` body, track after track; `None` if it cannot be read.
pub fn samples(moof: &[u8]) -> Option<Vec<Sample>> {
    let mut samples = Vec::new();
    for traf in children(moof).filter(|child| child.kind == *b"traf") {
        let header = child(traf.body, b"tfhd")?;
        let track = match u32_at(header, 4)? {
            VIDEO_TRACK_ID => Track::Video,
            AUDIO_TRACK_ID => Track::Audio,
            _ => continue,
        };
        let defaults = Defaults::read(header)?;
        let mut dts = decode_time(child(traf.body, b"tfdt")?)?;
        for run in children(traf.body).filter(|child| child.kind == *b"trun") {
            dts = read_run(run.body, track, &defaults, dts, &mut samples)?;
        }
    }
    Some(samples)
}

#[derive(Default)]
struct Defaults {
    ticks: u32,
    bytes: u32,
    flags: u32,
}

impl Defaults {
    fn read(tfhd: &[u8]) -> Option<Self> {
        let flags = u32_at(tfhd, 0)? & 0xff_ffff;
        let mut at = 8 + if flags & 1 != 0 { 8 } else { 0 } + if flags & 2 != 0 { 4 } else { 0 };
        let mut next = |present: bool| -> Option<u32> {
            if !present {
                return Some(0);
            }
            at += 4;
            u32_at(tfhd, at - 4)
        };
        Some(Self {
            ticks: next(flags & 8 != 0)?,
            bytes: next(flags & 0x10 != 0)?,
            flags: next(flags & 0x20 != 0)?,
        })
    }
}

/// Ticks since the segment's start; none beyond [`TICKS_END`], whose sum with the segment's time might not fit.
fn decode_time(tfdt: &[u8]) -> Option<i64> {
    match tfdt.first()? {
        1 => i64::try_from(u64_at(tfdt, 4)?).ok().filter(|ticks| *ticks < TICKS_END),
        _ => u32_at(tfdt, 4).map(i64::from),
    }
}

fn read_run(
    run: &[u8],
    track: Track,
    defaults: &Defaults,
    start: i64,
    samples: &mut Vec<Sample>,
) -> Option<i64> {
    let flags = u32_at(run, 0)? & 0xff_ffff;
    let count = u32_at(run, 4)?;
    // Samples that say nothing of themselves would be told by no byte, and be as many as somebody likes.
    let tell_nothing = flags & 0xf00 == 0;
    if samples.len().saturating_add(count as usize) > SAMPLES_MAX || flags & 1 == 0 || tell_nothing {
        return None;
    }
    let mut offset = u64::from(u32_at(run, 8)?);
    let first_flags = if flags & 4 != 0 { Some(u32_at(run, 12)?) } else { None };
    let mut at = if first_flags.is_some() { 16 } else { 12 };
    let mut dts = start;
    for index in 0..count {
        let mut field = |bit: u32, default: u32| -> Option<u32> {
            if flags & bit == 0 {
                return Some(default);
            }
            at += 4;
            u32_at(run, at - 4)
        };
        let ticks = i64::from(field(0x100, defaults.ticks)?);
        let bytes = field(0x200, defaults.bytes)?;
        let own =
            field(0x400, if index == 0 { first_flags.unwrap_or(defaults.flags) } else { defaults.flags })?;
        let composition = i64::from(field(0x800, 0)? as i32);
        let key = own & 0x0001_0000 == 0;
        samples.push(Sample { track, dts, pts: dts.checked_add(composition)?, ticks, offset, bytes, key });
        dts = dts.checked_add(ticks)?;
        offset = offset.checked_add(u64::from(bytes))?;
    }
    Some(dts)
}

/// Access units of a fragment's bytes (`moof` first), and what follows them.
pub fn units(
    fragment: &Bytes,
    format: &Arc<Format>,
    segment_start_us: i64,
) -> Option<(Vec<Arc<AccessUnit>>, Next)> {
    let moof = child(fragment, b"moof")?;
    let mut next = Next::default();
    let mut units = Vec::new();
    for sample in samples(moof)? {
        let end = Some(sample.dts + sample.ticks);
        match sample.track {
            Track::Video => next.video_dts = end,
            Track::Audio => next.audio_dts = end,
        }
        units.push(Arc::new(unit(&sample, fragment, format, segment_start_us)?));
    }
    Some((units, next))
}

/// One access unit of a fragment's bytes.
pub fn unit(
    sample: &Sample,
    fragment: &Bytes,
    format: &Arc<Format>,
    segment_start_us: i64,
) -> Option<AccessUnit> {
    let from = usize::try_from(sample.offset).ok()?;
    let to = from.checked_add(sample.bytes as usize)?;
    (to <= fragment.len()).then(|| AccessUnit {
        track: sample.track,
        pts: sample.pts,
        dts: sample.dts,
        key: sample.key,
        wall_us: segment_start_us + ticks_to_us(sample.pts),
        mono_us: 0,
        payload: fragment.slice(from..to),
        format: format.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(kind: &[u8; 4], words: impl IntoIterator<Item = u32>, rest: &[u8]) -> Vec<u8> {
        let mut body: Vec<u8> = words.into_iter().flat_map(u32::to_be_bytes).collect();
        body.extend_from_slice(rest);
        [&(body.len() as u32 + 8).to_be_bytes()[..], &kind[..], &body].concat()
    }

    /// Samples of a video track in these runs: each its number, and whether every sample tells its size.
    fn read(runs: &[(u32, bool)]) -> Option<usize> {
        let mut traf = boxed(b"tfhd", [0, VIDEO_TRACK_ID], &[]);
        traf.extend(boxed(b"tfdt", [0, 0], &[]));
        for (count, told) in runs {
            let flags = if *told { 0x201 } else { 1 };
            let sizes = vec![0; if *told { 4 * *count as usize } else { 0 }];
            traf.extend(boxed(b"trun", [flags, *count, 8], &sizes));
        }
        samples(&boxed(b"traf", [], &traf)).map(|samples| samples.len())
    }

    #[test]
    fn a_fragment_is_read_up_to_a_number_of_samples_in_however_many_runs() {
        let half = SAMPLES_MAX as u32 / 2;
        assert_eq!(read(&[(half, true), (half, true)]), Some(SAMPLES_MAX));
        assert_eq!(read(&[(half, true), (half, true), (1, true)]), None);
        assert_eq!(read(&[(1, false)]), None, "samples that no byte tells");
    }

    #[test]
    fn a_time_that_would_not_fit_with_others_is_no_time() {
        let of = |ticks: i64| decode_time(&[&[1, 0, 0, 0], &ticks.to_be_bytes()[..]].concat());
        assert_eq!(of(90_000), Some(90_000));
        assert_eq!([of(i64::MAX), of(TICKS_END), of(-1)], [None; 3]);
    }
}
