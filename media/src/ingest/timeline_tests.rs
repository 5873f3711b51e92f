//! Time lines of cameras that behave, and of those that do not.

use super::*;

const FRAME_US: i64 = 40_000;

fn run(clock: &mut TrackClock, stamps: impl IntoIterator<Item = u32>) -> (Vec<i64>, Oddities) {
    let mut oddities = Oddities::default();
    let pts = stamps
        .into_iter()
        .enumerate()
        .map(|(at, raw)| clock.pts(raw, at as i64 * FRAME_US, &mut oddities))
        .collect();
    (pts, oddities)
}

#[test]
fn timestamps_wrap_without_a_trace() {
    let start = u32::MAX - 5 * 3600;
    let (pts, oddities) = run(&mut TrackClock::new(90_000), (0..20).map(|at| start.wrapping_add(at * 3600)));
    assert!(pts.windows(2).all(|pair| pair[1] - pair[0] == 3600), "{pts:?}");
    assert!(oddities.is_empty());
}

#[test]
fn a_jump_of_the_cameras_clock_costs_nothing_but_a_count() {
    let stamps = (0..10u32).map(|at| at * 3600).chain((0..10).map(|at| 3_000_000_000 + at * 3600));
    let (pts, oddities) = run(&mut TrackClock::new(90_000), stamps);
    assert!(pts.windows(2).all(|pair| pair[1] - pair[0] == 3600), "{pts:?}");
    assert_eq!(oddities.get("timestamp_jump"), 1);
}

#[test]
fn a_clock_that_stands_still_is_replaced_by_arrival() {
    let (pts, oddities) = run(&mut TrackClock::new(90_000), [7; 50]);
    assert!(pts[4..].windows(2).all(|pair| pair[1] - pair[0] == 3600), "{pts:?}");
    assert!(oddities.get("timestamp_stuck") > 0);
}

#[test]
fn a_clock_in_milliseconds_is_found_out() {
    let (pts, oddities) = run(&mut TrackClock::new(90_000), (0..1000u32).map(|at| at * 40));
    assert_eq!(oddities.get("clock_rate_wrong"), 1);
    let last = pts[999] - pts[899];
    assert!((last - 360_000).abs() < 3600, "{last}");
    assert!(pts.windows(2).all(|pair| pair[1] >= pair[0]));
}

/// A camera of 25 pictures a second whose stamps rise by `step` a picture, and which reports its clock every 5 s from
/// picture `reports` on. Picture `at` arrives `arrives_us(at)` after the first. What a picture's stamps are apart in
/// the end, in ticks, and what was counted.
fn over_a_link(step: u32, reports: Option<u32>, arrives_us: impl Fn(i64) -> i64) -> (i64, Oddities) {
    let (mut clock, mut oddities) = (TrackClock::new(90_000), Oddities::default());
    let mut last = [0, 0];
    for at in 0..3_000u32 {
        if reports.is_some_and(|from| at >= from && (at - from) % 125 == 0) {
            let ntp = (u64::from(at) << 32) / 25 + (3_900_000_000 << 32);
            clock.report(ntp, at * step);
        }
        let pts = clock.pts(at * step, arrives_us(i64::from(at)), &mut oddities);
        last = [last[1], pts];
    }
    (last[1] - last[0], oddities)
}

#[test]
fn a_link_that_is_too_narrow_is_no_clock_that_runs_slowly() {
    let well = 20 * 25;
    let narrow_later = |at: i64| FRAME_US * (at.min(well) + (at - well).max(0) * 13 / 5);
    let (step, oddities) = over_a_link(3_600, None, narrow_later);
    assert_eq!((step, oddities.is_empty()), (3_600, true), "it kept time before");
    let (step, oddities) = over_a_link(3_600, Some(0), |at| at * FRAME_US * 13 / 5);
    assert_eq!((step, oddities.is_empty()), (3_600, true), "the camera's reports say so");
    let (step, oddities) = over_a_link(3_600, Some(1_000), |at| at * FRAME_US * 13 / 5);
    assert_eq!(
        (step, oddities.get("clock_rate_wrong")),
        (3_600, 1),
        "what was guessed before a report is taken back"
    );
}

#[test]
fn what_a_camera_leaves_out_because_its_link_is_full_is_no_jump_of_its_clock() {
    let (mut clock, mut oddities) = (TrackClock::new(90_000), Oddities::default());
    // 20 s well, 40 s of pictures over twice that time, and on from the present.
    let late = |at: i64| (at - 500).max(0) * FRAME_US;
    let mut last = 0;
    for at in 0..1_500i64 {
        last = clock.pts(at as u32 * 3_600, at * FRAME_US + late(at), &mut oddities);
    }
    let present = 1_500 + late(1_500) / FRAME_US;
    let pts = clock.pts(present as u32 * 3_600, present * FRAME_US, &mut oddities);
    assert_eq!((pts - last, oddities.is_empty()), ((present - 1_499) * 3_600, true));
    let pts = clock.pts((present as u32 + 500) * 3_600, (present + 1) * FRAME_US, &mut oddities);
    assert_eq!(
        (pts - last, oddities.get("timestamp_jump")),
        ((present - 1_498) * 3_600, 1),
        "beyond the present"
    );
}

#[test]
fn a_camera_vouches_for_its_stamps_until_they_part_from_its_clock() {
    let (mut clock, mut oddities) = (TrackClock::new(90_000), Oddities::default());
    let mut vouched = Vec::new();
    for at in 0..60u32 {
        let stalled_s = if at < 40 { 0 } else { 8 };
        clock.pts(at * 90_000, i64::from(at) * 1_000_000, &mut oddities);
        clock.report(u64::from(3_900_000_000 + at + stalled_s) << 32, at * 90_000);
        vouched.push(clock.is_vouched());
    }
    assert_eq!(vouched, [[true; 40].as_slice(), &[false; 20]].concat());
}

#[test]
fn a_clock_in_milliseconds_is_found_out_beside_reports_that_say_so_too() {
    let (step, oddities) = over_a_link(40, Some(0), |at| at * FRAME_US);
    assert_eq!((step, oddities.get("clock_rate_wrong")), (3_600, 1));
}

#[test]
fn decoding_times_rise_and_never_pass_presentation() {
    for depth in [0u8, 1, 2, 3] {
        let mut order = DecodeOrder::new();
        order.set(depth, Some(3600));
        let mut last = i64::MIN;
        let mut moved = 0;
        // I P B B P B B …, presented 0 3 1 2 6 4 5 …
        for group in 0..50i64 {
            for shown in [0, 3, 1, 2].into_iter().skip(usize::from(group > 0)) {
                let pts = (group * 3 + shown) * 3600;
                let (out, dts) = order.next(pts, &mut Oddities::default());
                assert!(dts > last && dts <= out, "depth {depth}, pts {pts}, dts {dts}");
                last = dts;
                moved += i32::from(out != pts);
            }
        }
        assert!(moved <= if depth == 0 { 4 } else { 0 }, "depth {depth}: {moved} moved");
    }
}

#[test]
fn decoding_times_rise_whatever_comes() {
    let mut order = DecodeOrder::new();
    let mut last = i64::MIN;
    let mut seed = 7u64;
    for _ in 0..5_000 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let (pts, dts) = order.next((seed >> 40) as i64 - 8_000_000, &mut Oddities::default());
        assert!(dts > last && dts <= pts);
        last = dts;
    }
}

#[test]
fn the_wall_clock_follows_the_earliest_arrivals_and_never_goes_back() {
    let mut wall = WallClock::default();
    let mut last = 0;
    for at in 0..5_000i64 {
        let dts = at * 3600;
        // arrives in batches of 200 ms
        let arrived = (at * FRAME_US / 200_000 + 1) * 200_000;
        let now = Now { mono_us: arrived, wall_us: 1_000_000_000 + arrived };
        let us = wall.wall_us(dts, dts, now, false);
        assert!(us > last);
        last = us;
    }
    let truth = 1_000_000_000 + 4_999 * FRAME_US;
    assert!((last - truth).abs() < 100_000, "{} µs off", last - truth);
}

#[test]
fn the_wall_clock_steps_forward_with_the_machine_and_back_only_where_that_is_far() {
    let hour = 3_600_000_000i64;
    for (jump, expected) in [(hour, hour), (-hour, -hour), (-30_000_000, 0)] {
        let mut wall = WallClock::default();
        let (mut last, mut before, mut back) = (0, 0, 0);
        for at in 0..2_000i64 {
            let mono = at * FRAME_US;
            let shift = if at >= 1_000 { jump } else { 0 };
            let us = wall.wall_us(
                at * 3600,
                at * 3600,
                Now { mono_us: mono, wall_us: 10_000_000_000 + mono + shift },
                false,
            );
            back += i32::from(us < last);
            last = us;
            before = 10_000_000_000 + mono;
        }
        assert_eq!(back, i32::from(expected < 0), "it goes back once, for a jump of {jump}");
        let off = last - before - expected;
        assert!(off.abs() < 5_000_000, "{off} µs off after a jump of {jump}");
    }
}

/// The most that pictures are named wrongly while `late_us` of each number says how late it arrives, from
/// number `from` on.
fn worst_us(pictures: i64, from: i64, vouched: bool, late_us: impl Fn(i64) -> i64) -> i64 {
    let mut wall = WallClock::default();
    let (mut worst, mut last) = (0, 0);
    for at in 0..pictures {
        let mono = at * FRAME_US + late_us(at);
        let now = Now { mono_us: mono, wall_us: 10_000_000_000 + mono };
        let us = wall.wall_us(at * 3600, at * 3600, now, vouched);
        assert!(us > last, "it went back at {at}");
        last = us;
        if at >= from {
            worst = worst.max((us - 10_000_000_000 - at * FRAME_US).abs());
        }
    }
    worst
}

#[test]
fn a_link_that_is_full_for_a_while_is_no_clock_that_was_set() {
    let second = 1_000_000 / FRAME_US;
    // Full from the first picture on, 8 s behind after a minute, for two minutes; then all comes at once.
    let late = |at: i64| if at < 120 * second { (at * FRAME_US / 7).min(8_000_000) } else { 0 };
    assert!(worst_us(240 * second, 0, false, late) < 2_000_000);
    assert!(worst_us(240 * second, 150 * second, false, late) < 50_000);
}

#[test]
fn pictures_keep_their_time_on_a_link_that_is_minutes_behind_where_the_camera_vouches_for_it() {
    let second = 1_000_000 / FRAME_US;
    let late = |at: i64| (at - 10 * second).max(0) * FRAME_US * 8 / 5;
    assert!(
        worst_us(200 * second, 0, true, late) < 300_000,
        "five minutes late, 500 parts per million of eight"
    );
}

#[test]
fn stamps_that_stood_still_while_the_camera_stalled_are_made_good_in_minutes() {
    let second = 1_000_000 / FRAME_US;
    let late = |at: i64| if at < 30 * second { 0 } else { 8_000_000 };
    let wrong_us = 8_000_000 - worst_us(12 * 60 * second, 12 * 60 * second - 1, false, late);
    assert!(wrong_us < 2_100_000, "{wrong_us} µs early");
}
