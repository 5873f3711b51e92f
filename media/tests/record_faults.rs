//! The recorder under every fault at every operation, on a disk that forgets (`record::sim_disk`). The
//! oracle is the list of announcements (`faults/mod.rs`). Claims: recording.md, "What goes wrong".

mod faults;

use faults::{RATE, Rig, START_US, STREAMS, gaps, hand, judge, missing, start_again, suspects};
use mingjing_media::clock::Clock;
use mingjing_media::event::{Cause, Event};
use mingjing_media::record::sim_disk::{Act, Cut, Fault, Plan, SimDisk};
use mingjing_media::record::{Disk, recovery};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const SECONDS: i64 = 6;
/// Long enough for [`NTH`] operations.
const LONG_SECONDS: i64 = 26;
/// Claim R2: each operation up to this fails once.
const NTH: u64 = 400;
/// Claim R3: seeded states of the disk after a cut at each operation, besides the four named ones. Long runs give
/// others in `SEEDS`, as `184..2184`.
fn seeds() -> Range<u64> {
    let Ok(given) = std::env::var("SEEDS") else { return 0..184 };
    let (first, end) = given.split_once("..").expect("SEEDS is FIRST..END");
    first.parse().unwrap()..end.parse().unwrap()
}

fn at(n: u64, fault: Fault) -> Option<Plan> {
    Some(Plan { first: n, last: n, fault })
}

/// Runs until the fault ends the program, or to the end.
fn run_until(plan: Option<Plan>) -> Rig {
    run_for(SECONDS, plan)
}

fn run_for(seconds: i64, plan: Option<Plan>) -> Rig {
    let disk = SimDisk::new();
    disk.plan(plan);
    let mut rig = Rig::new(disk, START_US);
    if rig.run(seconds) {
        rig.finish();
    }
    rig
}

/// What a claim counted, for `make claims`: `build/claims/<claim>.json`, as the harnesses in Python write theirs.
/// Written as failed before and as held after, so that a test that panics leaves no figure that looks well.
fn measured(claim: &str, figures: serde_json::Value) {
    let folder = std::env::var_os("CLAIMS_FOLDER")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../build/claims"), PathBuf::from);
    std::fs::create_dir_all(&folder).unwrap();
    let mut line = serde_json::json!({ "claim": claim, "holds": !figures.is_null() });
    if let serde_json::Value::Object(figures) = figures {
        line.as_object_mut().unwrap().extend(figures);
    }
    std::fs::write(folder.join(format!("{claim}.json")), format!("{line}\n")).unwrap();
}

/// Operations of a run without faults.
fn operations() -> u64 {
    let rig = run_until(None);
    assert_eq!(rig.stored().len(), 2 * SECONDS as usize / 2);
    assert!(suspects(&rig.told()).is_empty());
    rig.disk.operations()
}

#[test]
fn a_kill_at_any_operation_costs_a_fragment_and_nothing_that_was_announced() {
    let all = operations();
    let mut longest = 0;
    for n in 1..=all {
        for fault in [Fault::DieBefore, Fault::DieInside] {
            let what = format!("{fault:?} at {n}");
            let rig = run_until(at(n, fault));
            assert_eq!(rig.disk.fired().len(), 1, "{what}: did not happen");
            let fed = rig.frames.min(SECONDS * RATE);
            let found = start_again(&rig.disk.after_kill(), &rig.index.lock().unwrap(), &what);
            for stream in STREAMS {
                let tail = missing(&found, stream, fed);
                // A fragment of half a second and the frame that ends it.
                assert!((0..=RATE / 2 + 2).contains(&tail), "{what}: {tail} frames of {stream} are lost");
                longest = longest.max(tail);
            }
        }
    }
    println!("kills: {} at {all} operations, longest tail {longest} frames of {RATE} a second", all * 2);
}

#[test]
fn a_power_cut_costs_a_sync_interval_and_a_fragment_and_nothing_that_was_announced() {
    measured("R3", serde_json::Value::Null);
    let all = operations();
    let (mut states, mut longest) = (0, 0);
    for n in 1..=all {
        let rig = run_until(at(n, if n % 2 == 0 { Fault::DieBefore } else { Fault::DieInside }));
        let fed = rig.frames.min(SECONDS * RATE);
        let seeded = seeds().map(|seed| Cut::Seeded(n * 1000 + seed));
        for cut in [Cut::Forget, Cut::Keep, Cut::ZeroTail, Cut::OldNames].into_iter().chain(seeded) {
            let what = format!("{cut:?} at {n}");
            let left = rig.disk.after_power_cut(cut);
            let found = start_again(&left, &rig.index.lock().unwrap(), &what);
            for stream in STREAMS {
                let tail = missing(&found, stream, fed);
                // A second between syncs, half a second of fragment, the frame that ends it; the rig
                // looks for due syncs twice a second.
                assert!((0..=RATE * 2 + 1).contains(&tail), "{what}: {tail} frames of {stream} are lost");
                longest = longest.max(tail);
            }
            states += 1;
        }
    }
    println!("power cuts: {states} states, longest tail {longest} frames of {RATE} a second");
    assert!(states >= seeds().count() as u64 * all);
    measured(
        "R3",
        serde_json::json!({
            "n": states, "operations": all, "tail_frames_max": longest, "frames_a_second": RATE,
            "sync_ms": faults::config().sync_ms, "fragment_ms": faults::config().fragment_ms, "lost_acked": [],
        }),
    );
}

#[test]
fn recovery_may_itself_be_killed_or_cut_at_any_operation() {
    let all = operations();
    let mut states = 0;
    for n in (1..=all).step_by(9) {
        let rig = run_until(at(n, Fault::DieInside));
        let index = rig.index.lock().unwrap();
        let left = rig.disk.after_power_cut(Cut::Seeded(n));
        for m in 1.. {
            let disk = left.after_kill();
            disk.plan(at(m, Fault::DieInside));
            let shared: Arc<dyn Disk> = Arc::new(disk.clone());
            let _ended = recovery::recover(&shared);
            if disk.fired().is_empty() {
                break;
            }
            let what = format!("recovery of {n} ended at {m}");
            start_again(&disk.after_kill(), &index, &what);
            start_again(&disk.after_power_cut(Cut::Seeded(n * 7 + m)), &index, &what);
            states += 2;
        }
    }
    println!("recoveries ended: {states}");
    assert!(states > 500);
}

#[test]
fn the_nth_operation_may_be_interrupted_short_or_fail_and_nothing_is_lost_in_silence() {
    measured("R2", serde_json::Value::Null);
    let all = run_for(LONG_SECONDS, None).disk.operations();
    assert!(all >= NTH, "{all} operations");
    let interrupted = an_interrupted_or_short_operation_changes_nothing();
    let (errors, lost) = an_error_is_told_and_recording_goes_on();
    assert_eq!(errors, 2 * NTH);
    println!("of {all} operations, {interrupted} interruptions and short writes, {errors} errors");
    measured(
        "R2",
        serde_json::json!({
            "n": NTH, "operations": all, "interrupted_or_short": interrupted, "errors": errors,
            "lost_frames_max": lost, "lost_acked": [], "lost_in_silence": [],
        }),
    );
}

/// How many were interrupted or short: only some operations can be.
fn an_interrupted_or_short_operation_changes_nothing() -> usize {
    let calm = run_for(LONG_SECONDS, None);
    let mut fired = 0;
    for n in 1..=NTH {
        for fault in [Fault::Errno(libc::EINTR), Fault::Short] {
            let what = format!("{fault:?} at {n}");
            let rig = run_for(LONG_SECONDS, at(n, fault));
            fired += rig.disk.fired().len();
            assert_eq!(rig.stored(), calm.stored(), "{what}");
            assert!(suspects(&rig.told()).is_empty(), "{what}");
            judge(&rig.disk.after_power_cut(Cut::Forget), &rig.index.lock().unwrap(), &what);
        }
    }
    assert!(fired as u64 >= NTH, "each can at least be interrupted");
    fired
}

/// How many errors there were, and the most frames of a stream that one cost beyond suspect segments.
fn an_error_is_told_and_recording_goes_on() -> (u64, i64) {
    let (mut fired, mut most_lost) = (0, 0);
    for n in 1..=NTH {
        for errno in [libc::EIO, libc::ENOSPC] {
            let what = format!("error {errno} at {n}");
            let rig = run_for(LONG_SECONDS, at(n, Fault::Errno(errno)));
            let (at_n, act) = rig.disk.fired()[0];
            assert_eq!(at_n, n, "{what}: did not happen");
            fired += 1;
            let what = format!("{what} ({act:?})");
            let index = rig.index.lock().unwrap();
            let found = judge(&rig.disk.after_power_cut(Cut::Forget), &index, &what);
            let told = rig.told();
            let suspects = suspects(&told);
            assert!(suspects.iter().all(|s| !found.contains_key(&s.id)), "{what}: a suspect is believed");
            if matches!(act, Act::SyncFile | Act::SyncFolder) {
                assert_eq!(suspects.len(), 1, "{what}: a failed sync is told once");
            } else {
                assert!(suspects.is_empty(), "{what}: {suspects:?}");
            }
            for stream in STREAMS {
                let lost = missing(&found, stream, LONG_SECONDS * RATE);
                let of_suspects: i64 =
                    suspects.iter().filter(|s| s.stream == stream).map(|s| i64::from(s.video_frames)).sum();
                // A refused write costs the time to the next attempt and up to its key frame.
                assert!(lost <= of_suspects + RATE * 3, "{what}: {lost} frames of {stream} are lost");
                let told_of = suspects.iter().any(|s| s.stream == stream) || !gaps(&told, stream).is_empty();
                assert!(lost <= 0 || told_of, "{what}: {lost} frames of {stream} are lost in silence");
                most_lost = most_lost.max(lost - of_suspects);
            }
        }
    }
    (fired, most_lost)
}

#[test]
fn a_silence_in_the_middle_of_a_segment_is_told_with_both_its_ends() {
    // Between two key frames, so that the segment goes on; once where nothing of the segment is written yet.
    let befores = [3 * RATE + 2, 2 * RATE + 2];
    let cases = befores.into_iter().flat_map(|before| [4, 8, 12].map(|silent_s| (before, silent_s)));
    for ((before, silent_s), left_out) in cases.flat_map(|case| [(case, false), (case, true)]) {
        let mut rig = Rig::new(SimDisk::new(), START_US);
        (0..before).for_each(|_| assert!(rig.step()));
        match left_out {
            false => rig.wait(silent_s),
            true => rig.leave_out(silent_s),
        }
        rig.run(4);
        rig.finish();
        let told = rig.told();
        for stream in STREAMS {
            let ended: Vec<_> = gaps(&told, stream).into_iter().filter(|gap| gap.2.is_some()).collect();
            let [(_, from_us, Some(until_us), Cause::Silent)] = ended[..] else {
                panic!("{stream}, {silent_s} s after {before} pictures, left out: {left_out}: {ended:?}")
            };
            let frame_us = 1_000_000 / RATE;
            assert_eq!(from_us, START_US + (before - 1) * frame_us, "the last picture before it");
            assert_eq!(until_us, START_US + (before + silent_s * RATE) * frame_us, "the first one after it");
        }
    }
}

#[test]
fn pictures_of_a_new_format_are_told_as_lost_up_to_its_key_frame() {
    for after in 1..RATE {
        let mut rig = Rig::new(SimDisk::new(), START_US);
        (0..3 * RATE + after).for_each(|_| assert!(rig.step()));
        rig.change_format();
        rig.run(4);
        rig.finish();
        let told = rig.told();
        let at = |frame: i64| START_US + frame * 1_000_000 / RATE;
        for stream in STREAMS {
            let all = gaps(&told, stream);
            let lost: Vec<_> = all.iter().filter(|gap| gap.3 == Cause::NoKeyFrame).collect();
            let [(_, from_us, Some(until_us), _)] = lost[..] else { panic!("{stream}: {all:?}") };
            assert_eq!((*from_us, *until_us), (at(3 * RATE + after), at(4 * RATE)), "{stream}");
        }
    }
}

#[test]
fn a_single_picture_that_a_disk_refused_is_told_where_the_clock_shortens_its_time() {
    for n in 1..=operations() {
        let disk = SimDisk::new();
        disk.plan(Some(Plan { first: n, last: n + 1, fault: Fault::Errno(libc::EIO) }));
        let mut rig = Rig::new(disk, START_US);
        for _ in 0..2 * SECONDS * RATE {
            rig.step();
            rig.clock.step_wall_us(-20_000);
        }
        let fed = rig.frames;
        rig.finish();
        let told = rig.told();
        let found = judge(&rig.disk.after_power_cut(Cut::Forget), &rig.index.lock().unwrap(), "refused");
        for stream in STREAMS {
            let lost = missing(&found, stream, fed);
            let is_told = suspects(&told).iter().any(|s| s.stream == stream)
                || gaps(&told, stream).iter().any(|gap| gap.3 == Cause::DiskFault);
            assert!(lost <= 0 || is_told, "{n}: {lost} frames of {stream} are lost in silence");
        }
    }
}

#[test]
fn a_silence_is_told_though_the_disk_kept_the_writer_waiting_and_recording_ends_in_it() {
    for pending in [0, 1] {
        let mut rig = hand::Rig::new();
        rig.feed(2 * RATE + pending);
        rig.write();
        rig.wait(5); // no picture, and nobody writes or looks
        let ended_us = rig.clock.wall_us();
        rig.leave();
        rig.wait(2);
        rig.write();
        let last_us = START_US + (2 * RATE + pending) * 1_000_000 / RATE;
        let told = rig.gaps();
        let silent: Vec<_> = told.iter().filter(|gap| gap.3 == Cause::Silent).collect();
        let [(_, from_us, Some(until_us), _)] = silent[..] else { panic!("{told:?}") };
        assert_eq!((*from_us, *until_us), (last_us, ended_us), "{told:?}");
    }
}

#[test]
fn pictures_that_wait_for_a_writer_are_no_silence() {
    let mut rig = hand::Rig::new();
    rig.feed(2 * RATE);
    rig.write();
    rig.feed(5 * RATE);
    rig.tick();
    rig.write();
    rig.tick();
    assert!(rig.gaps().iter().all(|gap| gap.3 != Cause::Silent), "{:?}", rig.gaps());
}

#[test]
fn a_silence_that_begins_in_another_gap_is_told_when_recording_ends() {
    let mut rig = hand::Rig::new();
    rig.wait(4);
    rig.tick(); // no picture was ever seen: that gap is open
    rig.feed(1);
    rig.wait(6);
    rig.tick();
    let ended_us = rig.clock.wall_us();
    rig.leave();
    rig.write();
    let told = rig.gaps();
    let Some((_, from_us, Some(until_us), Cause::Silent)) = told.last() else { panic!("{told:?}") };
    assert_eq!(*until_us, ended_us, "{told:?}");
    assert!(*from_us - START_US < 4_300_000, "{told:?}");
}

#[test]
fn the_gap_of_an_overload_goes_on_though_an_older_one_ends_later() {
    let mut rig = hand::Rig::new();
    rig.wait(1);
    rig.feed(15 * RATE); // nobody writes: more than the backlog may hold
    rig.write();
    let told = rig.gaps();
    assert!(told.iter().any(|gap| gap.3 == Cause::NoVideoPackets && gap.2.is_some()), "{told:?}");
    assert!(matches!(told.last(), Some((_, _, None, Cause::WriteOverload))), "{told:?}");
}

#[test]
fn a_recording_begins_behind_a_file_that_waits_to_be_closed() {
    let mut rig = hand::Rig::new();
    rig.feed(2 * RATE - 2);
    rig.leave();
    rig.join(); // before the writer has heard that the other one is over
    rig.write();
    rig.clock.step_wall_us(-1_000_000);
    rig.hang_up();
    rig.feed(2 * RATE);
    rig.leave();
    rig.write();
    rig.store();
    let mut spans: Vec<_> = rig.stored().iter().map(|segment| (segment.start_us, segment.end_us)).collect();
    spans.sort_unstable();
    assert!(spans.len() >= 2 && spans.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{spans:?}");
}

#[test]
fn a_gap_begins_where_the_pictures_end_though_their_sound_runs_on() {
    let mut rig = hand::Rig::new();
    rig.feed(2 * RATE + 3);
    rig.sound_ahead(4);
    rig.feed_silently(1); // hands on what was pending, sound of later included
    rig.write();
    rig.disk.plan(Some(Plan { first: 1, last: u64::MAX, fault: Fault::Errno(libc::EIO) }));
    rig.feed_silently(RATE);
    rig.write();
    rig.disk.plan(None);
    rig.feed(3 * RATE);
    rig.write();
    let told = rig.gaps();
    let gap = told.iter().find(|gap| gap.3 == Cause::DiskFault).unwrap_or_else(|| panic!("{told:?}"));
    assert_eq!(gap.1, START_US + (2 * RATE + 3) * 1_000_000 / RATE, "{told:?}");
}

#[test]
fn a_file_whose_sync_failed_and_that_kept_its_name_has_none_within_its_time() {
    // The sync fails, and so do the renames that put its file aside; the connection ends before its next picture, and
    // the clock has gone back into its time.
    for n in 1..=operations() {
        for width in 2..6 {
            let disk = SimDisk::new();
            disk.plan(Some(Plan { first: n, last: n + width - 1, fault: Fault::Errno(libc::EIO) }));
            let mut rig = Rig::new(disk, START_US);
            while (rig.disk.fired().len() as u64) < width && rig.frames < SECONDS * RATE {
                rig.step();
            }
            rig.hang_up();
            rig.clock.step_wall_us(-1_000_000);
            while rig.frames % RATE != 0 {
                rig.wait_frame();
            }
            rig.run(3);
            let index = rig.index.lock().unwrap();
            let what = format!("{width} failed operations from {n}");
            start_again(&rig.disk.after_kill(), &index, &what);
            for cut in [Cut::Forget, Cut::Keep, Cut::OldNames, Cut::Seeded(n)] {
                start_again(&rig.disk.after_power_cut(cut), &index, &format!("{what}, {cut:?}"));
            }
        }
    }
}

#[test]
fn a_silence_after_the_first_pictures_since_an_outage_is_told_beside_it() {
    let mut rig = Rig::new(SimDisk::new(), START_US);
    rig.run(2);
    rig.disconnect();
    rig.wait(4);
    (0..2).for_each(|_| assert!(rig.step()));
    rig.wait(4);
    rig.run(4);
    rig.finish();
    let at = |pictures: i64| START_US + pictures * 1_000_000 / RATE;
    for stream in STREAMS {
        let told = gaps(&rig.told(), stream);
        let ended: Vec<_> = told.iter().filter_map(|gap| Some((gap.1, gap.2?, gap.3))).collect();
        let outage = (at(2 * RATE), at(6 * RATE), Cause::ClosedByCamera);
        let silence = (at(6 * RATE + 1), at(10 * RATE + 2), Cause::Silent);
        assert_eq!(ended, [outage, silence], "{stream}");
    }
}

#[test]
fn a_start_after_failed_operations_believes_what_the_disk_has_and_no_pictures_twice() {
    // A sync fails, and so does, once or twice, the rename that puts its file aside: it keeps its name, its bytes are in
    // the page cache alone, and a newer file has the same pictures.
    for n in 1..=operations() {
        for (width, more_s) in [(1, 0), (2, 0), (3, 0), (3, 2), (4, 2)] {
            let disk = SimDisk::new();
            disk.plan(Some(Plan { first: n, last: n + width - 1, fault: Fault::Errno(libc::EIO) }));
            let mut rig = Rig::new(disk, START_US);
            while (rig.disk.fired().len() as u64) < width && rig.frames < SECONDS * RATE {
                rig.step();
            }
            rig.run(more_s);
            let index = rig.index.lock().unwrap();
            let what = format!("{width} failed operations from {n}, and {more_s} s");
            start_again(&rig.disk.after_kill(), &index, &what);
            for cut in [Cut::Forget, Cut::Keep, Cut::OldNames, Cut::Seeded(n)] {
                start_again(&rig.disk.after_power_cut(cut), &index, &format!("{what}, {cut:?}"));
            }
        }
    }
}

#[test]
fn a_file_whose_pictures_run_on_into_the_next_one_is_recovered_and_ends_where_that_begins() {
    let mut seen = 0;
    for n in 1..=operations() {
        let disk = SimDisk::new();
        disk.plan(at(n, Fault::Errno(libc::EIO)));
        let mut rig = Rig::new(disk, START_US);
        let slewed = |rig: &mut Rig| {
            rig.step();
            rig.clock.step_wall_us(-20_000);
        };
        while rig.disk.fired().is_empty() && rig.frames < SECONDS * RATE {
            slewed(&mut rig);
        }
        if !matches!(rig.disk.fired().first(), Some((_, Act::Rename | Act::Write))) {
            continue;
        }
        // The close waits for its next try, and the segment after it has its first fragment.
        (0..4).for_each(|_| slewed(&mut rig));
        let index = rig.index.lock().unwrap();
        let what = format!("{:?} failed at {n}", rig.disk.fired()[0].1);
        let found = start_again(&rig.disk.after_kill(), &index, &what);
        for stream in STREAMS {
            let tail = missing(&found, stream, rig.frames);
            assert!((0..=RATE / 2 + 2).contains(&tail), "{what}: {tail} frames of {stream} are lost");
        }
        seen += 1;
    }
    assert!(seen > 20, "{seen} operations failed");
}

#[test]
fn pictures_that_a_disk_refused_are_told_though_recording_ends_at_once() {
    let mut rig = Rig::new(SimDisk::new(), START_US);
    rig.run(3);
    rig.disk.plan(Some(Plan { first: 1, last: u64::MAX, fault: Fault::Errno(libc::EIO) }));
    rig.run(1);
    rig.finish();
    for stream in STREAMS {
        let told = gaps(&rig.told(), stream);
        let faults: Vec<_> = told.iter().filter(|gap| gap.3 == Cause::DiskFault && gap.2.is_some()).collect();
        assert_eq!(faults.len(), 1, "{stream}: {told:?}");
    }
}

#[test]
fn a_silence_that_ends_with_the_recording_is_told_from_the_last_picture_on() {
    let mut rig = Rig::new(SimDisk::new(), START_US);
    // The last pictures wait for a next one, and are written when the recording ends.
    let fed = 3 * RATE + 2;
    (0..fed).for_each(|_| assert!(rig.step()));
    rig.wait(4);
    let ended_us = rig.clock.wall_us();
    rig.finish();
    for stream in STREAMS {
        let told = gaps(&rig.told(), stream);
        let silent: Vec<_> = told.iter().filter(|gap| gap.3 == Cause::Silent && gap.2.is_some()).collect();
        let [(_, from_us, Some(until_us), _)] = silent[..] else { panic!("{stream}: {told:?}") };
        assert_eq!((*from_us, *until_us), (START_US + fed * 1_000_000 / RATE, ended_us), "{stream}");
    }
}

#[test]
fn a_failed_sync_starts_a_new_file_at_once() {
    let mut seen = 0;
    for n in 1..=operations() {
        let disk = SimDisk::new();
        disk.plan(at(n, Fault::Errno(libc::EIO)));
        let mut rig = Rig::new(disk, START_US);
        while rig.disk.fired().is_empty() && rig.frames < SECONDS * RATE {
            rig.step();
        }
        if !matches!(rig.disk.fired().first(), Some((_, Act::SyncFile))) || rig.frames >= SECONDS * RATE {
            continue;
        }
        seen += 1;
        let failed_at = rig.mono_us();
        let parts = || rig.disk.files().into_keys().filter(|name| name.ends_with(".part")).count();
        assert!(parts() <= 2, "the file that failed has left its name at once");
        rig.run(2);
        let parts = rig.disk.files().into_keys().filter(|name| name.ends_with(".part")).count();
        assert_eq!(parts, 2, "both streams are recorded again within 2 s, n = {n}");
        let told = rig.told();
        let alarm = told.iter().find(|(_, event)| matches!(event, Event::SegmentSuspect { .. }));
        assert!(alarm.is_some_and(|(at, _)| at - failed_at <= 5_000_000), "n = {n}");
    }
    println!("failed file syncs: {seen}");
    assert!(seen > 10);
}

#[test]
fn a_full_disk_is_told_within_5_s_and_recording_is_back_10_s_after_there_is_space() {
    for full_at_s in [0, 1, 3] {
        for gop in [RATE, 2 * RATE] {
            let disk = SimDisk::new();
            let mut rig = Rig::new(disk, START_US);
            rig.gop = gop;
            rig.run(full_at_s);
            let full_mono_us = rig.mono_us();
            rig.disk.plan(Some(Plan { first: 1, last: u64::MAX, fault: Fault::Errno(libc::ENOSPC) }));
            rig.run(60);
            let names = rig.disk.files().len();
            assert!(names <= 12, "{names} files of a full disk");
            rig.disk.plan(None);
            let (space_us, space_mono_us) = (rig.clock.wall_us(), rig.mono_us());
            rig.run(12);
            rig.finish();
            let told = rig.told();
            for stream in STREAMS {
                let all = gaps(&told, stream);
                let begun = all.iter().find(|gap| gap.3 == Cause::DiskFull).expect("the gap is told");
                assert!(begun.0 - full_mono_us <= 5_000_000, "{stream}: told after {all:?}");
                let ended = all.iter().find(|gap| gap.3 == Cause::DiskFull && gap.2.is_some());
                let ended = ended.unwrap_or_else(|| panic!("{stream}: {all:?}"));
                assert!(ended.0 - space_mono_us <= 10_000_000, "{stream}: back after {all:?}");
                assert!(ended.2.unwrap() - space_us <= 10_000_000);
            }
            let index = rig.index.lock().unwrap();
            let found = judge(&rig.disk.after_power_cut(Cut::Forget), &index, "after a full disk");
            assert_eq!(found.len(), index.announced.len());
        }
    }
}
