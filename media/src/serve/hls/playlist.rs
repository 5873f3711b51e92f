//! Playlist text (RFC 8216bis), live and recorded.

use super::packager::{Packager, Segment};
use crate::serve::playback::table::Table;
use std::{fmt::Write, ops::Range};

/// Least `PART-TARGET`: parts are cut at the first picture after half a second.
const PART_TARGET_US: i64 = 560_000;
/// Segments at the live end whose parts are listed.
const WITH_PARTS: usize = 3;
/// Recorded segments are about this long.
const RECORDED_US: i64 = 6_000_000;

/// The live playlist. Addresses are relative to it: `init-{n}.mp4`, `{segment}.m4s`, `{segment}.{part}.m4s`.
pub fn live(packager: &Packager) -> String {
    let part_target = packager.part_us.max(PART_TARGET_US);
    let target = seconds_up(packager.segment_us.max(2_000_000));
    let first = packager.segments.front().map_or(0, |segment| segment.number);
    let mut text = format!(
        "#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:{target}\n\
         #EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK={}\n#EXT-X-PART-INF:PART-TARGET={}\n\
         #EXT-X-MEDIA-SEQUENCE:{first}\n#EXT-X-DISCONTINUITY-SEQUENCE:{}\n",
        seconds(part_target * 3),
        seconds(part_target),
        packager.discontinuities,
    );
    let mut init = 0;
    let with_parts_from = packager.segments.len().saturating_sub(WITH_PARTS);
    for (index, segment) in packager.segments.iter().enumerate() {
        if segment.discontinuity {
            text.push_str("#EXT-X-DISCONTINUITY\n");
        }
        if segment.init != init {
            init = segment.init;
            let _ = writeln!(text, "#EXT-X-MAP:URI=\"init-{init}.mp4\"");
        }
        let _ = writeln!(text, "#EXT-X-PROGRAM-DATE-TIME:{}", date_time(segment.wall_us));
        live_segment(&mut text, segment, index >= with_parts_from);
    }
    if let Some(last) = packager.segments.back() {
        let (segment, part) =
            if last.closed { (last.number + 1, 0) } else { (last.number, last.parts.len()) };
        let _ = writeln!(text, "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"{segment}.{part}.m4s\"");
    }
    text
}

fn live_segment(text: &mut String, segment: &Segment, with_parts: bool) {
    let number = segment.number;
    for (index, part) in segment.parts.iter().enumerate().filter(|_| with_parts) {
        let independent = if part.independent { ",INDEPENDENT=YES" } else { "" };
        let duration = seconds(part.duration_us);
        let _ = writeln!(text, "#EXT-X-PART:DURATION={duration},URI=\"{number}.{index}.m4s\"{independent}");
    }
    if segment.closed {
        let _ = writeln!(text, "#EXTINF:{},\n{number}.m4s", seconds(segment.duration_us()));
    }
}

/// The playlist of recordings: (name of the file, its table, fragments within the range). Addresses are
/// relative: `{name}/init.mp4`, `{name}/{first fragment}-{count}.m4s`.
pub fn recorded<'a>(files: impl Iterator<Item = (String, &'a Table, Range<usize>)>) -> String {
    let (mut lines, mut longest) = (String::new(), 1_000_000);
    for (index, (name, table, within)) in files.enumerate() {
        if index > 0 {
            lines.push_str("#EXT-X-DISCONTINUITY\n");
        }
        let _ = writeln!(lines, "#EXT-X-MAP:URI=\"{name}/init.mp4\"");
        for run in runs(table, within) {
            let first = &table.fragments[run.start];
            let duration: i64 = table.fragments[run.clone()].iter().map(|one| one.duration_us).sum();
            longest = longest.max(duration);
            let _ = writeln!(
                lines,
                "#EXT-X-PROGRAM-DATE-TIME:{}\n#EXTINF:{},\n{name}/{}-{}.m4s",
                date_time(first.start_us),
                seconds(duration),
                run.start,
                run.len(),
            );
        }
    }
    let target = seconds_up(longest);
    format!(
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:{target}\n#EXT-X-PLAYLIST-TYPE:VOD\n\
         #EXT-X-MEDIA-SEQUENCE:0\n{lines}#EXT-X-ENDLIST\n"
    )
}

/// Fragments gathered to about six seconds; each run but the first starts with a key frame.
fn runs(table: &Table, within: Range<usize>) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut duration_us = 0;
    for index in within {
        let fragment = &table.fragments[index];
        match runs.last_mut() {
            Some(run) if !(fragment.key && duration_us >= RECORDED_US) => run.end = index + 1,
            _ => {
                runs.push(index..index + 1);
                duration_us = 0;
            }
        }
        duration_us += fragment.duration_us;
    }
    runs
}

fn seconds(us: i64) -> String {
    format!("{}.{:03}", us / 1_000_000, us % 1_000_000 / 1_000)
}

/// Rounded up, as no segment may exceed the target.
fn seconds_up(us: i64) -> i64 {
    (us + 999_999) / 1_000_000
}

/// RFC 3339 in UTC, with milliseconds.
fn date_time(at_us: i64) -> String {
    let day = crate::record::place::day(at_us);
    let ms = at_us.rem_euclid(86_400_000_000) / 1_000;
    format!(
        "{}-{}-{}T{:02}:{:02}:{:02}.{:03}Z",
        &day[..4],
        &day[4..6],
        &day[6..8],
        ms / 3_600_000,
        ms / 60_000 % 60,
        ms / 1_000 % 60,
        ms % 1_000
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_and_durations_are_written_as_the_rfc_asks() {
        assert_eq!(date_time(1_700_000_000_123_456), "2023-11-14T22:13:20.123Z");
        assert_eq!((seconds(1_040_000), seconds_up(2_000_001)), ("1.040".to_owned(), 3));
    }
}
