//! Where segments lie on disk and in time: names, paths, and the rule that segments of one stream never
//! overlap whatever the wall clock does.

use std::collections::BTreeMap;

/// Suffix of a closed segment.
pub const CLOSED: &str = "mp4";
/// Suffix of a segment that is being written.
pub const UNFINISHED: &str = "part";
/// Suffix of a file that is kept aside and never believed.
pub const SUSPECT: &str = "suspect";

/// Identity of one segment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SegmentName {
    pub stream: String,
    /// Recording time of media time 0, microseconds since the Unix epoch.
    pub start_us: i64,
    /// Tells segments of one stream apart even if two had the same start.
    pub sequence: u32,
}

impl SegmentName {
    /// `None` unless the stream id is plain and the start lies in the years 1970–2999.
    pub fn new(stream: &str, start_us: i64, sequence: u32) -> Option<Self> {
        (plain_stream(stream) && (0..32_500_000_000_000_000).contains(&start_us)).then(|| Self {
            stream: stream.to_owned(),
            start_us,
            sequence,
        })
    }

    /// `{stream}/{start_us}-{sequence}`.
    pub fn id(&self) -> String {
        format!("{}/{}-{}", self.stream, self.start_us, self.sequence)
    }

    /// `{stream}/{YYYYMMDD}`, the day in UTC.
    pub fn folder(&self) -> String {
        format!("{}/{}", self.stream, day(self.start_us))
    }

    /// Relative to the storage root.
    pub fn path(&self) -> String {
        self.path_as(CLOSED)
    }

    pub fn path_as(&self, suffix: &str) -> String {
        format!("{}/{}-{}.{suffix}", self.folder(), self.start_us, self.sequence)
    }

    /// `{start_us}-{sequence}`: the file's name without its suffix.
    pub fn stem(&self) -> String {
        format!("{}-{}", self.start_us, self.sequence)
    }

    pub fn from_stem(stream: &str, stem: &str) -> Option<Self> {
        Self::from_id(&format!("{stream}/{stem}"))
    }

    /// From `{stream}/{start_us}-{sequence}`.
    pub fn from_id(id: &str) -> Option<Self> {
        let (stream, stem) = id.split_once('/')?;
        let (start_us, sequence) = stem.split_once('-')?;
        let name = Self::new(stream, start_us.parse().ok()?, sequence.parse().ok()?)?;
        (name.id() == id).then_some(name)
    }

    /// From a path, with its suffix. `None` if the recorder would not have written this path.
    pub fn from_path(path: &str) -> Option<(Self, &str)> {
        let (rest, file) = path.rsplit_once('/')?;
        let (stream, _) = rest.split_once('/')?;
        let (stem, suffix) = file.rsplit_once('.')?;
        let name = Self::from_id(&format!("{stream}/{stem}"))?;
        (name.path_as(suffix) == path).then_some((name, suffix))
    }
}

/// Letters, digits, `_`, `-`, `.`; at most 64 bytes; no leading dot.
pub fn plain_stream(stream: &str) -> bool {
    (1..=64).contains(&stream.len())
        && !stream.starts_with('.')
        && stream.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
}

/// `YYYYMMDD` in UTC (H. Hinnant's days-to-civil arithmetic).
pub fn day(at_us: i64) -> String {
    let days = at_us.div_euclid(86_400_000_000) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}{month:02}{day:02}")
}

/// Spans that are remembered; older ones are forgotten first.
const MOST_RUNS: usize = 4096;

/// The time of one stream that holds recordings already, as half-open spans.
#[derive(Clone, Debug, Default)]
pub struct TimeLine {
    runs: BTreeMap<i64, i64>,
}

impl TimeLine {
    /// The recording time for a new segment that the clock puts at `wall_us`: that time itself, or the
    /// end of what is recorded there, so that at least `room_us` are free behind it.
    pub fn place(&self, wall_us: i64, room_us: i64) -> i64 {
        let mut at = wall_us;
        if let Some((_, end)) = self.runs.range(..=at).next_back() {
            at = at.max(*end);
        }
        while let Some((_, end)) = self.runs.range(at..at.saturating_add(room_us)).next() {
            at = *end;
        }
        at
    }

    /// Where the next span after `from_us` begins.
    pub fn next_start(&self, from_us: i64) -> Option<i64> {
        self.runs.range(from_us + 1..).next().map(|(start, _)| *start)
    }

    /// Marks a span as recorded; touching spans become one.
    pub fn occupy(&mut self, from_us: i64, until_us: i64) {
        if until_us <= from_us {
            return;
        }
        let (mut from, mut until) = (from_us, until_us);
        while let Some((start, end)) = self.runs.range(..=until).next_back().map(|(s, e)| (*s, *e)) {
            if end < from {
                break;
            }
            from = from.min(start);
            until = until.max(end);
            self.runs.remove(&start);
        }
        self.runs.insert(from, until);
        while self.runs.len() > MOST_RUNS {
            self.runs.pop_first();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_made_of_our_own_ids_and_read_back() {
        let name = SegmentName::new("ch_7a.main", 1_700_000_000_000_000, 12).unwrap();
        assert_eq!(name.path(), "ch_7a.main/20231114/1700000000000000-12.mp4");
        assert_eq!(SegmentName::from_path(&name.path()), Some((name.clone(), CLOSED)));
        assert_eq!(SegmentName::from_id(&name.id()), Some(name));
        for bad in [
            "ch/20231115/1700000000000000-12.mp4",
            "ch/20231114/+1700000000000000-12.mp4",
            "ch/20231114/01700000000000000-12.mp4",
            "../20231114/1700000000000000-12.mp4",
            "a/b/20231114/1700000000000000-12.mp4",
            "ch/20231114/x.mp4",
            "",
        ] {
            assert_eq!(SegmentName::from_path(bad), None, "{bad}");
        }
        for (stream, stem) in [
            ("..", "1-1"),
            (".a", "1-1"),
            ("a/b", "1-1"),
            ("a", "../1-1"),
            ("a", "01-1"),
            ("a", "+1-1"),
            ("a", "-1-1"),
            ("a", "1-1.mp4"),
            ("a", "1"),
            ("a", "99999999999999999999-1"),
        ] {
            assert_eq!(SegmentName::from_stem(stream, stem), None, "{stream}/{stem}");
        }
        assert_eq!(SegmentName::new("../x", 0, 0), None);
        assert_eq!(SegmentName::new(".x", 0, 0), None);
        assert_eq!(SegmentName::new("x", -1, 0), None);
    }

    #[test]
    fn days_follow_the_calendar() {
        assert_eq!(day(0), "19700101");
        assert_eq!(day(951_782_400_000_000), "20000229");
        assert_eq!(day(1_735_689_599_999_999), "20241231");
        assert_eq!(day(1_735_689_600_000_000), "20250101");
    }

    #[test]
    fn a_new_segment_never_lies_on_a_recorded_span() {
        let mut line = TimeLine::default();
        assert_eq!(line.place(500, 100), 500);
        line.occupy(1000, 2000);
        line.occupy(2000, 3000);
        line.occupy(5000, 6000);
        assert_eq!(line.place(900, 100), 900);
        assert_eq!(line.place(950, 100), 3000, "too little room before");
        assert_eq!(line.place(1500, 100), 3000);
        assert_eq!(line.place(1500, 2500), 6000);
        assert_eq!(line.place(3000, 2000), 3000);
        assert_eq!(line.next_start(3000), Some(5000));
        line.occupy(2500, 5500);
        assert_eq!(line.place(1000, 1), 6000);
    }
}
