//! The promises, as they are looked at: some after each step, some when the program has ended, all at rest.

use super::{
    Broken,
    camera::{FRAME_US, pictures},
    program::{EVENTS, QUEUE_BYTES, TICK_US, record_config, stream_of},
    viewer::Passed,
    world::{Track, World, explains},
};
use crate::{
    clock::Clock,
    event::{Event, Segment, StreamState},
    hub::{GOP_MAX_BYTES, GOP_MAX_TICKS},
    mux::fmp4::ticks_to_us,
    record::{
        scan,
        verify::{Depth, verify},
    },
};
use std::collections::{BTreeMap, BTreeSet};

const SECOND_US: i64 = 1_000_000;
/// Breaks that the recorder does not tell, and a picture on each side.
const HOLE_US: i64 = 200_000 + 2 * FRAME_US + 50_000;
/// What of the time before an end may be lost where the disk was disturbed: the longest backlog and a GOP.
const DISTURBED_US: i64 = 16 * SECOND_US;

/// What the files say.
pub struct Found {
    pub segments: BTreeMap<String, Segment>,
    /// How often each picture is there, by the camera's letter.
    pub pictures: BTreeMap<u8, BTreeMap<u64, u32>>,
    /// From when until when the segment lasts that holds a picture.
    homes: BTreeMap<(u8, u64), (i64, i64)>,
}

impl Found {
    /// By how much recording time is ahead of the wall clock at each picture that is there: a segment lies behind those
    /// before it, and within it time is the camera's.
    fn leads(&self, letter: u8, passed: &[Passed]) -> BTreeMap<u64, i64> {
        let mut leads = BTreeMap::new();
        let mut first = None;
        for picture in passed {
            let Some(number) = picture.number else { continue };
            let Some(home) = self.homes.get(&(letter, number)) else { continue };
            first = first.filter(|(of, _)| of == home);
            let (_, dts) = *first.get_or_insert((*home, picture.dts));
            leads.insert(number, home.0 + ticks_to_us(picture.dts - dts) - picture.wall_us);
        }
        leads
    }

    /// Whether a picture is missing between two segments that touch: after a clock was set back, recording time leads,
    /// and what is lost is taken from the lead.
    fn is_of_the_lead(&self, letter: u8, number: u64) -> bool {
        let before = self.homes.range((letter, 0)..(letter, number)).next_back();
        let after = self.homes.range((letter, number + 1)..(letter + 1, 0)).next();
        before.zip(after).is_some_and(|((_, before), (_, after))| before.1 == after.0)
    }
}

/// After each step.
pub fn step(world: &mut World) -> Result<(), Broken> {
    bounds(world)?;
    attempts(world)?;
    let mut lengths = BTreeMap::new();
    let rows = &world.control.rows;
    world.disk.lengths(|name, bytes| {
        lengths.insert(name.to_owned(), bytes as u64);
    });
    for row in rows.values() {
        if lengths.get(&row.path) != Some(&row.bytes) {
            return Err(format!("{} is in the index and not whole on disk", row.id));
        }
    }
    if world.disk.unlinked() > 0 {
        return Err("something was unlinked that nobody decided about".into());
    }
    Ok(())
}

fn bounds(world: &World) -> Result<(), Broken> {
    let config = record_config();
    for stream in world.program.recorder.stats().streams {
        if stream.queued_bytes > config.write_backlog_bytes {
            return Err(format!("{} has {} bytes queued", stream.stream, stream.queued_bytes));
        }
    }
    let (events, announced) = world.program.queue.depths();
    if events > EVENTS + announced {
        return Err(format!("{events} events wait"));
    }
    for lane in &world.program.lanes {
        let gop = lane.hub.current_gop();
        let bytes: usize = gop.iter().map(|unit| unit.payload.len()).sum();
        let ticks = gop.last().map_or(0, |last| last.dts - gop[0].dts);
        if bytes > GOP_MAX_BYTES || ticks > GOP_MAX_TICKS {
            return Err(format!("the hub of {} keeps {bytes} bytes, {ticks} ticks", lane.stream));
        }
        if let Some((ring, _)) = &lane.live {
            let (held, before_gop) = ring.held();
            if held > QUEUE_BYTES as u64 && before_gop > 0 {
                return Err(format!("the ring of {} keeps {held} bytes", lane.stream));
            }
        }
    }
    for camera in world.cameras() {
        if camera.link().beside > 0 {
            return Err("a camera was asked for a second session".into());
        }
    }
    Ok(())
}

/// At most one attempt a second, of each stream by itself.
fn attempts(world: &mut World) -> Result<(), Broken> {
    let mut last: BTreeMap<String, i64> = BTreeMap::new();
    let mut count = 0;
    for told in world.heard_now() {
        let Event::Stream { stream, state: StreamState::Opening, .. } = &told.event else { continue };
        count += 1;
        if let Some(before) = last.insert(stream.clone(), told.mono_us)
            && told.mono_us - before < SECOND_US
            && !world.reopened_between(stream, before, told.mono_us)
        {
            return Err(format!("{stream}: two attempts within {} ms", (told.mono_us - before) / 1000));
        }
    }
    world.counts.attempts = world.counts.attempts.max(count);
    Ok(())
}

/// Reads the disk as a start would: what was announced is there and unaltered, what is there holds, nothing of a
/// stream overlaps, no picture is there twice.
pub fn disk(world: &World, when: &str) -> Result<Found, Broken> {
    let disk = world.disk.after_kill();
    let scanned = scan::scan(&disk, |_| false).map_err(|why| format!("{when}: {why}"))?;
    if let Some(damaged) = scanned.damaged.first() {
        return Err(format!("{when}: {} {}", damaged.path, damaged.problem));
    }
    let segments: BTreeMap<_, _> =
        scanned.segments.into_iter().map(|segment| (segment.id.clone(), segment)).collect();
    for told in world.heard.lock().unwrap().iter() {
        if let Event::SegmentStored(segment) = &told.event
            && segments.get(&segment.id) != Some(segment)
        {
            return Err(format!("{when}: {} was announced and is lost or altered", segment.id));
        }
    }
    for row in world.control.rows.values() {
        if segments.get(&row.id) != Some(row) {
            return Err(format!("{when}: {} is in the index and is lost or altered", row.id));
        }
    }
    let mut found = Found { segments, pictures: BTreeMap::new(), homes: BTreeMap::new() };
    let files = disk.files();
    for segment in found.segments.values() {
        let verdict = verify(&disk, &segment.path, Depth::Hash).map_err(|why| format!("{when}: {why}"))?;
        if !verdict.ok {
            return Err(format!("{when}: {} {:?}", segment.id, verdict.problems));
        }
        let track = world.tracks.iter().find(|track| stream_of(track.letter) == segment.stream);
        let letter = track.ok_or_else(|| format!("{} is of no camera", segment.id))?.letter;
        let counts = found.pictures.entry(letter).or_default();
        for number in pictures(&files[&segment.path], letter) {
            *counts.entry(number).or_default() += 1;
            found.homes.insert((letter, number), (segment.start_us, segment.end_us));
        }
    }
    for track in &world.tracks {
        let stream = stream_of(track.letter);
        let mut spans: Vec<_> = found.segments.values().filter(|one| one.stream == stream).collect();
        spans.sort_by_key(|one| one.start_us);
        if let Some(pair) = spans.windows(2).find(|pair| pair[0].end_us > pair[1].start_us) {
            return Err(format!("{when}: {:?} overlaps {:?}", pair[0], pair[1]));
        }
        let doubled = found.pictures.get(&track.letter).into_iter().flatten().find(|(_, count)| **count > 1);
        if let Some((number, _)) = doubled {
            return Err(format!("{when}: picture {number} of {stream} is recorded twice"));
        }
    }
    Ok(found)
}

/// Of what an end of the program may cost a tail and no more: the last picture of each undisturbed stream.
pub fn tails(world: &World) -> Vec<(u8, Passed)> {
    let mut expected = Vec::new();
    for track in world.tracks.iter().filter(|track| world.is_calm(track)) {
        if track.wanted.last().is_none_or(|wanted| wanted.until.is_some()) {
            continue;
        }
        let book = track.book.lock().unwrap();
        let Some(last) = book.pictures.iter().rev().find(|picture| picture.number.is_some()) else {
            continue;
        };
        expected.push((track.letter, last.clone()));
    }
    expected
}

/// `power`: it was cut, or was while what a kill had left was recovered.
pub fn judge_tails(
    world: &mut World,
    expected: &[(u8, Passed)],
    found: &Found,
    mono_us: i64,
    power: bool,
) -> Result<(), Broken> {
    let config = record_config();
    // A fragment, the picture that ends it, sound that is waited for at a cut, a step of time.
    let fragment_us = i64::from(config.fragment_ms) * 1000 + FRAME_US + 500_000 + 200_000;
    // Who looks for due syncs does so twice a second.
    let sync_us = i64::from(config.sync_ms) * 1000 + 500_000 + 200_000;
    let most_us = if power { sync_us + fragment_us } else { fragment_us };
    for (letter, last) in expected {
        let newest = found.pictures.get(letter).and_then(|counts| counts.keys().next_back());
        let track = world.tracks.iter().find(|track| track.letter == *letter).expect("a track");
        let book = track.book.lock().unwrap();
        let kept =
            book.pictures.iter().rev().find(|picture| picture.number.as_ref() == newest && newest.is_some());
        let tail_us = last.mono_us - kept.map_or(0, |kept| kept.mono_us);
        if tail_us > most_us {
            return Err(format!(
                "{} lost its last {} ms at {} ms: at most {} were promised",
                stream_of(*letter),
                tail_us / 1000,
                mono_us / 1000,
                most_us / 1000
            ));
        }
        drop(book);
        world.counts.tails += 1;
        world.counts.tail_ms_max = world.counts.tail_ms_max.max((tail_us / 1000) as u64);
    }
    Ok(())
}

/// At rest: nothing waits, everything is acknowledged.
pub fn rest(world: &World) -> Result<(), Broken> {
    let stats = world.program.recorder.stats();
    let (events, announced) = world.program.queue.depths();
    if stats.unacknowledged + announced + stats.closing + events > 0 {
        return Err(format!(
            "at rest {} segments are not acknowledged, {announced} announced, {} not closed, {events} events wait",
            stats.unacknowledged, stats.closing
        ));
    }
    if let Some(stuck) = stats.streams.iter().find(|one| one.queued_jobs + one.queued_bytes > 0) {
        return Err(format!("at rest {} jobs of {} wait", stuck.queued_jobs, stuck.stream));
    }
    Ok(())
}

/// Once all is told: what passed the hub while it was to be recorded is there, or it was said that it is not.
pub fn whole(world: &mut World, found: &Found) -> Result<(), Broken> {
    let heard = world.heard.lock().unwrap().clone();
    world.counts.segments = found.segments.len() as u64;
    world.counts.gaps = heard.iter().filter(|told| matches!(told.event, Event::Gap { .. })).count() as u64;
    world.counts.suspects =
        heard.iter().filter(|told| matches!(told.event, Event::SegmentSuspect { .. })).count() as u64;
    let (mut pictures, mut lost) = (0, 0);
    for track in &world.tracks {
        let stream = stream_of(track.letter);
        let empty = BTreeMap::new();
        let there = found.pictures.get(&track.letter).unwrap_or(&empty);
        let explained = explanations(world, track);
        let book = track.book.lock().unwrap();
        order(&stream, &book.pictures)?;
        let leads = found.leads(track.letter, &book.pictures);
        for wanted in &track.wanted {
            let (_, until_at) = wanted.until.unwrap_or((i64::MAX, book.pictures.len()));
            let of = &book.pictures[wanted.from_at..until_at];
            for picture in of.iter().skip_while(|picture| !picture.key) {
                let Some(number) = picture.number.filter(|_| picture.shown) else { continue };
                pictures += 1;
                if there.contains_key(&number) {
                    continue;
                }
                lost += 1;
                let in_an_end = world
                    .ends
                    .iter()
                    .any(|end| (end.mono_us - DISTURBED_US..=end.mono_us).contains(&picture.mono_us));
                let told = if world.jumps {
                    found.is_of_the_lead(track.letter, number)
                        || heard.iter().any(|told| {
                            explains(&told.event, &stream)
                                && (picture.mono_us - 15 * SECOND_US..picture.mono_us + 20 * SECOND_US)
                                    .contains(&told.mono_us)
                        })
                } else {
                    // What is told is told in recording time: that of the picture before it, or after it, went on.
                    let before = leads.range(..number).next_back();
                    let after = leads.range(number..).next();
                    let leads = [before, after].into_iter().flatten().map(|(_, lead_us)| *lead_us);
                    leads.chain([0]).any(|lead_us| {
                        let at_us = picture.wall_us + lead_us;
                        explained.iter().any(|(from_us, until_us)| {
                            (from_us - FRAME_US..=until_us + FRAME_US).contains(&at_us)
                        })
                    })
                };
                if !told && !in_an_end {
                    return Err(format!(
                        "picture {number} of {stream} is lost in silence: {} ms, {} ms by the wall clock",
                        picture.mono_us / 1000,
                        (picture.wall_us - super::world::START_US) / 1000
                    ));
                }
            }
            if !world.jumps {
                covered(
                    &stream,
                    wanted.from_us,
                    wanted.until.map_or(i64::MAX, |until| until.0),
                    found,
                    &explained,
                )?;
            }
        }
    }
    (world.counts.pictures, world.counts.lost) = (pictures, lost);
    Ok(())
}

/// Pictures pass a hub in the order of their numbers, with rising times of decoding.
fn order(stream: &str, passed: &[Passed]) -> Result<(), Broken> {
    let mut seen = BTreeSet::new();
    for pair in passed.windows(2) {
        if pair[0].connection == pair[1].connection && pair[0].dts >= pair[1].dts {
            return Err(format!("{stream}: decoding times do not rise: {} {}", pair[0].dts, pair[1].dts));
        }
    }
    for number in passed.iter().filter_map(|picture| picture.number) {
        if !seen.insert(number) || seen.last() != Some(&number) {
            return Err(format!("{stream}: picture {number} passed its hub twice or late"));
        }
    }
    Ok(())
}

/// Times of a stream for which somebody said that they are not kept: gaps, suspect files, ends of the program.
fn explanations(world: &World, track: &Track) -> Vec<(i64, i64)> {
    let stream = stream_of(track.letter);
    let stops = track.wanted.iter().filter_map(|wanted| wanted.until.map(|until| until.0));
    let stops: Vec<i64> = stops.chain(world.ends.iter().map(|end| end.again_us)).collect();
    let mut spans: Vec<(i64, i64)> =
        world.ends.iter().map(|end| (end.wall_us - DISTURBED_US, end.again_us)).collect();
    let heard = world.heard.lock().unwrap();
    for (n, told) in heard.iter().enumerate() {
        match &told.event {
            Event::Gap { stream: of, from_us, until_us, .. } if *of == stream => {
                let later = heard[n + 1..].iter().find_map(|later| match &later.event {
                    Event::Gap { stream: of, until_us: Some(until_us), .. } if *of == stream => {
                        Some(*until_us)
                    }
                    _ => None,
                });
                // An open gap lasts until it is ended, or nobody wants the recording any more.
                let stopped = stops.iter().copied().filter(|stop| *stop >= told.wall_us).min();
                let ended = [later, stopped].into_iter().flatten().min().unwrap_or(world.clock.wall_us());
                spans.push((*from_us, until_us.unwrap_or(ended)));
            }
            Event::SegmentSuspect { segment, .. } if segment.stream == stream => {
                spans.push((segment.start_us, segment.end_us));
            }
            _ => {}
        }
    }
    spans
}

/// A stretch of time in which a stream was to be recorded holds segments and explanations, and nothing between.
fn covered(
    stream: &str,
    from_us: i64,
    until_us: i64,
    found: &Found,
    explained: &[(i64, i64)],
) -> Result<(), Broken> {
    let of = found.segments.values().filter(|segment| segment.stream == stream);
    let mut spans: Vec<_> = of.map(|segment| (segment.start_us, segment.end_us)).collect();
    spans.extend(explained);
    spans.sort_unstable();
    let mut at_us = from_us;
    for (start_us, end_us) in spans {
        if start_us - at_us > HOLE_US && at_us < until_us {
            break;
        }
        at_us = at_us.max(end_us);
    }
    // A recording that ends before silence is one: the index explains what lies before the next segment.
    let untold_us = i64::from(record_config().silent_ms + record_config().fragment_ms) * 1000 + TICK_US;
    if until_us != i64::MAX && until_us - at_us > HOLE_US + untold_us {
        return Err(format!(
            "{stream}: nothing is said of the time from {} ms on (until {} ms)",
            (at_us - super::world::START_US) / 1000,
            (until_us - super::world::START_US) / 1000
        ));
    }
    Ok(())
}
