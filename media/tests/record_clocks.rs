//! The wall clock jumps while two streams are recorded: nothing is lost, nothing overlaps, the jump is in
//! the file. What must happen stands in recording.md, "the wall clock jumps".

mod faults;

use faults::{RATE, Rig, START_US, STREAMS, judge, missing};
use mingjing_media::event::{Event, Segment};
use mingjing_media::record::sim_disk::{Cut, SimDisk};
use mingjing_media::record::{Disk, reader};

const HOUR_US: i64 = 3_600_000_000;
const DAY_US: i64 = 24 * HOUR_US;
const STEPS_US: [i64; 4] = [HOUR_US, -HOUR_US, 3653 * DAY_US, -DAY_US];

fn facts(disk: &SimDisk, segment: &Segment) -> Vec<reader::FragmentEntry> {
    reader::read_table(&*disk.open_to_read(&segment.path).unwrap()).unwrap().fragments
}

/// Segments of one stream by the order in which they were written.
fn in_order(rig: &Rig, stream: &str) -> Vec<Segment> {
    let mut all: Vec<_> = rig.stored().into_iter().filter(|segment| segment.stream == stream).collect();
    all.sort_by_key(|s| s.id.rsplit_once('-').unwrap().1.parse::<u32>().unwrap());
    all
}

#[test]
fn a_clock_that_jumps_costs_nothing_and_is_in_the_file() {
    for step_us in STEPS_US {
        for after in 0..2 * RATE {
            let what = format!("{step_us} µs after {after} frames");
            let mut rig = Rig::new(SimDisk::new(), START_US);
            (0..3 * RATE + after).for_each(|_| assert!(rig.step()));
            rig.clock.step_wall_us(step_us);
            rig.run(7);
            let fed = rig.frames;
            rig.finish();
            let index = rig.index.lock().unwrap();
            let found = judge(&rig.disk.after_power_cut(Cut::Forget), &index, &what);
            drop(index);
            for stream in STREAMS {
                assert_eq!(missing(&found, stream, fed), 0, "{what}");
                let segments = in_order(&rig, stream);
                let all: Vec<_> = segments.iter().flat_map(|s| facts(&rig.disk, s)).collect();
                let jumps = all.iter().filter(|fragment| fragment.facts.clock_jump).count();
                assert_eq!(jumps, 1, "{what}: marked once");
                let newest = &all.last().unwrap().facts;
                let now_us = newest.clock_us - START_US - step_us;
                assert!((3_000_000..15_000_000).contains(&now_us), "{what}: both clocks are in the box");
                // Forward, and back into time that holds nothing, the clock is followed.
                assert_eq!(newest.wall_us, newest.clock_us, "{what}");
                let starts: Vec<_> = segments.iter().map(|s| s.start_us).collect();
                let (before, after) = starts.split_at(starts.len() - 3);
                assert!(before[0] == START_US && after.is_sorted(), "{what}: {starts:?}");
            }
        }
    }
}

#[test]
fn a_clock_set_back_into_recorded_time_goes_on_behind_it() {
    let mut rig = Rig::new(SimDisk::new(), START_US);
    rig.run(8);
    rig.clock.step_wall_us(-5_000_000);
    rig.run(7);
    let fed = rig.frames;
    rig.finish();
    let index = rig.index.lock().unwrap();
    let found = judge(&rig.disk, &index, "5 s back");
    drop(index);
    for stream in STREAMS {
        assert_eq!(missing(&found, stream, fed), 0);
        let segments = in_order(&rig, stream);
        assert!(segments.windows(2).all(|pair| pair[0].end_us <= pair[1].start_us), "{segments:?}");
        let newest = facts(&rig.disk, segments.last().unwrap()).pop().unwrap().facts;
        assert!((4_500_000..5_500_000).contains(&(newest.wall_us - newest.clock_us)), "{newest:?}");
    }
}

#[test]
fn a_clock_that_falls_back_before_what_was_read_at_the_start_still_overwrites_nothing() {
    let mut first = Rig::new(SimDisk::new(), START_US - 3 * DAY_US);
    first.run(8);
    first.finish();
    let old = first.stored();
    let mut rig = Rig::new(first.disk.after_kill(), START_US);
    rig.index.lock().unwrap().announced.extend(old.iter().map(|s| (s.id.clone(), s.clone())));
    rig.run(2);
    rig.clock.step_wall_us(-3 * DAY_US);
    rig.run(6);
    rig.finish();
    let index = rig.index.lock().unwrap();
    let found = judge(&rig.disk.after_power_cut(Cut::Forget), &index, "three days back");
    assert!(found.len() > old.len() + 4);
}

#[test]
fn a_clock_that_is_slewed_makes_no_jump_and_no_gap() {
    for slew_us in [-10_000, 10_000] {
        let mut rig = Rig::new(SimDisk::new(), START_US);
        for _ in 0..12 * RATE {
            rig.step();
            rig.clock.step_wall_us(slew_us);
        }
        let fed = rig.frames;
        rig.finish();
        let index = rig.index.lock().unwrap();
        let found = judge(&rig.disk, &index, "slewed");
        for stream in STREAMS {
            assert_eq!(missing(&found, stream, fed), 0);
        }
        let jumps = found.values().flat_map(|s| facts(&rig.disk, s)).filter(|f| f.facts.clock_jump).count();
        assert_eq!(jumps, 0);
        assert!(rig.told().iter().all(|(_, event)| !matches!(event, Event::Gap { until_us: Some(_), .. })));
    }
}

#[test]
fn a_camera_that_stalls_and_then_sends_all_at_once_has_set_no_clock() {
    for seconds in [1, 3] {
        let mut rig = Rig::new(SimDisk::new(), START_US);
        rig.run(4);
        rig.stall(seconds);
        rig.run(4);
        let fed = rig.frames;
        rig.finish();
        let index = rig.index.lock().unwrap();
        let found = judge(&rig.disk, &index, "stalled");
        for stream in STREAMS {
            assert_eq!(missing(&found, stream, fed), 0, "{seconds} s");
        }
        let late = |f: &reader::FragmentEntry| f.facts.mono_us - (f.facts.clock_us - START_US) > 1_500_000;
        let fragments: Vec<_> = found.values().flat_map(|s| facts(&rig.disk, s)).collect();
        assert!(fragments.iter().any(late), "the fault did not happen");
        assert_eq!(fragments.iter().filter(|f| f.facts.clock_jump).count(), 0, "{seconds} s");
    }
}
