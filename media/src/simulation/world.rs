//! What happens in one seed: time, cameras, disk, viewers, the database, ends of the program. Each step is judged.

use super::{
    Broken, Teeth,
    camera::{Camera, FRAME_US, Mood},
    control::Control,
    judge,
    program::{Heard, Program, Told, stream_of},
    viewer::{Book, Falling, Viewer},
};
use crate::{
    clock::{Clock, ManualClock},
    event::Event,
    record::{
        scan,
        sim_disk::{Cut, Fault, Lot, Plan, SimDisk},
    },
    serve::live::broadcast::Pace,
};
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex};

pub const START_US: i64 = 1_700_000_040_000_000;
const SECOND_US: i64 = 1_000_000;
const JUMPS_US: [i64; 8] = [
    600_000,
    -700_000,
    4 * SECOND_US,
    -5 * SECOND_US,
    3600 * SECOND_US,
    -3600 * SECOND_US,
    26 * 3600 * SECOND_US,
    -26 * 3600 * SECOND_US,
];
/// Undisturbed for so long, a stream is recorded as promised.
pub const CALM_US: i64 = 8 * SECOND_US;

/// From when until when a stream was to be recorded: wall clock, and places in its book.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub from_us: i64,
    pub from_at: usize,
    pub until: Option<(i64, usize)>,
}

/// An end of the program.
#[derive(Clone, Debug)]
pub struct End {
    pub mono_us: i64,
    pub wall_us: i64,
    /// When the next one recorded again.
    pub again_us: i64,
}

/// What is known of one camera's stream beyond its program.
pub struct Track {
    pub letter: u8,
    pub book: Arc<Mutex<Book>>,
    pub wanted: Vec<Wanted>,
    /// Monotonic time since which nothing was done to it.
    pub calm_us: i64,
    /// Its last picture, and how many connections had ended, when this was looked at last.
    noticed: (usize, u32),
    well_us: i64,
    /// Monotonic times at which somebody took the stream out and in.
    reopened_us: Vec<i64>,
}

/// What came of a seed.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    pub steps: u64,
    pub pictures: u64,
    pub lost: u64,
    pub segments: u64,
    pub acknowledged: u64,
    pub gaps: u64,
    pub suspects: u64,
    pub attempts: u64,
    pub seen: u64,
    pub kills: u64,
    pub cuts: u64,
    pub tails: u64,
    pub tail_ms_max: u64,
    pub adopted: u64,
    pub dropped: u64,
}

impl Counts {
    pub fn add(&mut self, other: &Self) {
        let most = self.tail_ms_max.max(other.tail_ms_max);
        for (mine, theirs) in self.each().into_iter().zip(other.clone().each()) {
            *mine += *theirs;
        }
        self.tail_ms_max = most;
    }

    fn each(&mut self) -> [&mut u64; 15] {
        [
            &mut self.steps,
            &mut self.pictures,
            &mut self.lost,
            &mut self.segments,
            &mut self.acknowledged,
            &mut self.gaps,
            &mut self.suspects,
            &mut self.attempts,
            &mut self.seen,
            &mut self.kills,
            &mut self.cuts,
            &mut self.tails,
            &mut self.adopted,
            &mut self.dropped,
            &mut self.tail_ms_max,
        ]
    }

    /// Each kind of thing has happened: a simulation in which nothing happens proves nothing.
    pub fn happened(&self) -> bool {
        self.clone().each().into_iter().all(|count| *count > 0)
    }
}

/// See the module.
pub struct World {
    pub disk: SimDisk,
    pub clock: Arc<ManualClock>,
    pub control: Control,
    pub heard: Heard,
    pub tracks: Vec<Track>,
    pub ends: Vec<End>,
    pub program: Program,
    /// The wall clock is set by somebody in this seed.
    pub jumps: bool,
    pub counts: Counts,
    lot: Lot,
    cameras: Vec<Camera>,
    teeth: Teeth,
    scratch: Vec<u8>,
    trace: Sha256,
    traced: usize,
    calm_us: i64,
    stalled_us: i64,
    slow_us: i64,
    mend_us: Option<i64>,
    mischief: usize,
    begun_heard: usize,
    /// Prints what happens: `MINGJING_TELL=1`, for a seed that broke a promise.
    tells: bool,
}

impl World {
    pub fn new(seed: u64, teeth: Teeth) -> Result<Self, Broken> {
        let mut lot = Lot(seed);
        let clock = Arc::new(ManualClock::new(START_US));
        let disk = SimDisk::new();
        if teeth == Teeth::LyingDisk {
            disk.lie();
        }
        let cameras: Vec<_> =
            (0..1 + lot.below(3)).map(|n| Camera::new(b'a' + n as u8, lot.next())).collect();
        let tracks = (0..cameras.len()).map(|n| Track {
            letter: b'a' + n as u8,
            book: Arc::default(),
            wanted: Vec::new(),
            calm_us: clock.mono_us(),
            noticed: (0, 0),
            well_us: 0,
            reopened_us: Vec::new(),
        });
        let heard = Heard::default();
        let program = Program::new(&disk, &clock, &heard, teeth == Teeth::ForgetGap);
        let mut world = Self {
            program,
            jumps: lot.below(3) == 0,
            mischief: 1 + lot.below(15),
            tracks: tracks.collect(),
            ends: Vec::new(),
            control: Control { forgets_recorder: teeth == Teeth::HalfAcknowledged, ..Control::default() },
            counts: Counts::default(),
            calm_us: clock.mono_us(),
            stalled_us: 0,
            slow_us: 0,
            mend_us: None,
            traced: 0,
            trace: Sha256::new(),
            scratch: vec![0; 128 << 10],
            begun_heard: 0,
            tells: std::env::var_os("MINGJING_TELL").is_some(),
            disk,
            clock,
            heard,
            cameras,
            teeth,
            lot,
        };
        world.begin()?;
        Ok(world)
    }

    /// The whole of it: so many steps of mischief, then time to come to rest.
    pub fn play(mut self, steps: u64) -> Result<(Counts, String), Broken> {
        for _ in 0..steps {
            self.step(true)?;
        }
        self.come_to_rest()?;
        self.counts.acknowledged = self.control.ever.len() as u64;
        self.counts.dropped = self.control.drops_told;
        for (name, bytes) in self.disk.files() {
            self.trace.update(name);
            self.trace.update(bytes);
        }
        self.trace_heard();
        let digest = self.trace.finalize();
        Ok((self.counts, digest.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// What the program has told since it began.
    pub fn heard_now(&self) -> Vec<Told> {
        self.heard.lock().unwrap()[self.begun_heard..].to_vec()
    }

    fn mono_us(&self) -> i64 {
        self.clock.mono_us()
    }

    fn say(&self, what: &str) {
        if self.tells {
            println!("{:>8} ms  {what}", self.mono_us() / 1000);
        }
    }

    fn step(&mut self, mischief: bool) -> Result<(), Broken> {
        self.counts.steps += 1;
        let step_us = [50_000, 100_000, 200_000][self.lot.below(3)];
        self.clock.advance_us(step_us);
        self.trace.update(step_us.to_be_bytes());
        self.mend();
        if mischief && self.lot.below(100) < self.mischief {
            self.do_mischief()?;
        }
        self.cameras.iter_mut().for_each(|camera| camera.act(&self.clock));
        self.program.ingest(&mut self.cameras, &self.clock, &mut self.scratch);
        self.show()?;
        self.store();
        for _ in 0..self.lot.below(4) {
            let mono_us = self.mono_us();
            let events =
                self.control.drain(&self.program.queue, &self.program.recorder, mono_us, &mut self.lot)?;
            for event in events {
                self.say(&format!("taken: {}", serde_json::json!(event)));
                self.trace.update(serde_json::to_vec(&event).map_err(|why| why.to_string())?);
            }
        }
        self.notice();
        if self.disk.dead() {
            let cut = self.lot.below(2) == 0;
            self.crash(cut)?;
        }
        judge::step(self)
    }

    /// Writers and storers, as far as the disk lets them.
    fn store(&mut self) {
        let now_us = self.mono_us();
        let writes = now_us >= self.stalled_us;
        if writes {
            self.program.write();
        }
        if self.teeth != Teeth::NeverSync {
            let slow = now_us < self.slow_us;
            while (!slow || self.lot.below(12) == 0) && self.program.store_one() {}
        }
        self.program.tick(&self.clock, writes);
    }

    /// Viewers take their turns, some more slowly than others.
    fn show(&mut self) -> Result<(), Broken> {
        for lane in &mut self.program.lanes {
            let Some((ring, _)) = &lane.live else { continue };
            let book = lane.book.lock().unwrap();
            for (n, viewer) in lane.viewers.iter_mut().enumerate() {
                if n % 2 == 1 && self.lot.below(20) != 0 {
                    continue;
                }
                let seen = viewer.turn(ring, &book, lane.letter, 1 + self.lot.below(8))?;
                self.counts.seen += seen.len() as u64;
                seen.iter().for_each(|number| self.trace.update(number.to_be_bytes()));
            }
        }
        Ok(())
    }

    /// What a disturbance does to a stream ends its calm.
    fn notice(&mut self) {
        let now_us = self.mono_us();
        for track in &mut self.tracks {
            let book = track.book.lock().unwrap();
            let seen = (book.pictures.len(), book.connection);
            let late = book.pictures.last().is_none_or(|last| now_us - last.mono_us > 3 * FRAME_US);
            if seen.1 != track.noticed.1 || late {
                track.calm_us = now_us;
            }
            track.noticed = seen;
        }
    }

    // ---- mischief

    fn do_mischief(&mut self) -> Result<(), Broken> {
        let now_us = self.mono_us();
        let what = self.lot.below(100);
        let at = self.lot.below(self.cameras.len());
        self.trace.update([what as u8, at as u8]);
        self.say(&format!("mischief {what} to camera {at}"));
        let mut soon = |most_s: usize| now_us + 200_000 + (self.lot.below(most_s * 1000) as i64) * 1000;
        match what {
            0..=4 => {
                let reset = soon(1) % 2 == 0;
                self.cameras[at].hang_up(reset);
            }
            5..=12 => {
                self.tracks[at].well_us = soon(14);
                let mood = [
                    Mood::Away,
                    Mood::Refusing,
                    Mood::Unanswering,
                    Mood::Mute,
                    Mood::Denying([401, 404, 453, 500][self.lot.below(4)]),
                    Mood::Babbling,
                ][self.lot.below(6)];
                self.cameras[at].link().mood = mood;
                if self.lot.below(2) == 0 {
                    self.cameras[at].hang_up(true);
                }
            }
            13..=18 => self.cameras[at].mischief.still_until_us = soon(8),
            19..=22 => self.cameras[at].mischief.stalled_until_us = soon(3),
            23..=25 => self.cameras[at].babble(),
            26..=29 => self.cameras[at].change_sets(),
            30..=32 => {
                let ticks = self.lot.next() as u32;
                self.cameras[at].jump(ticks);
            }
            33..=37 => {
                let lossy = self.lot.below(2) == 0;
                (self.cameras[at].mischief.lost, self.cameras[at].mischief.swapped) =
                    if lossy { (self.lot.below(60), self.lot.below(40)) } else { (0, 0) };
            }
            38..=49 => self.move_viewers(at),
            50..=52 => {
                let after = self.lot.below(9) as u32;
                self.program.lanes[at].hub.join(Box::new(Falling(after)), self.lot.below(2) == 0);
            }
            53..=57 => self.switch_recording(at)?,
            58..=59 => {
                self.tracks[at].reopened_us.push(now_us);
                self.program.reopen(at, &self.cameras[at], &self.clock, &mut self.lot);
            }
            60..=69 => self.disturb_disk(),
            70..=73 => self.slow_us = soon(7),
            74..=77 => self.stalled_us = soon(6),
            78..=83 => self.control.away_until_us = soon(25),
            84..=86 => return self.crash(false),
            87..=90 => return self.crash(true),
            91..=93 => {
                let n = 1 + self.lot.below(60) as u64;
                let fault = if self.lot.below(2) == 0 { Fault::DieBefore } else { Fault::DieInside };
                self.disk.plan(Some(Plan { first: n, last: n, fault }));
                self.mend_us = None;
            }
            94..=96 if self.jumps => {
                self.clock.step_wall_us(JUMPS_US[self.lot.below(JUMPS_US.len())]);
                self.calm_us = now_us;
            }
            _ => self.bite(),
        }
        if what <= 37 || (53..=59).contains(&what) {
            self.tracks[at].calm_us = now_us;
        }
        Ok(())
    }

    /// The broken promise of this run, if it is one that the world breaks.
    fn bite(&mut self) {
        match self.teeth {
            Teeth::TwiceToViewer => {
                self.program
                    .lanes
                    .iter_mut()
                    .flat_map(|lane| &mut lane.viewers)
                    .for_each(|viewer| viewer.twice = true);
            }
            Teeth::DeleteAcknowledged => {
                if let Some(id) = self.control.ever.first() {
                    let _nobody_asked_for_it = crate::record::delete::delete_segment(&self.disk, id);
                }
            }
            _ => {}
        }
    }

    fn move_viewers(&mut self, at: usize) {
        let viewers = self.program.lanes[at].viewers.len();
        let pace = if self.lot.below(2) == 0 { Pace::Frame } else { Pace::Economy };
        match self.lot.below(4) {
            0 if viewers > 0 => {
                let which = self.lot.below(viewers);
                self.program.unwatch(at, which);
            }
            1 if viewers > 0 => {
                let which = self.lot.below(viewers);
                let lane = &mut self.program.lanes[at];
                lane.viewers[which].set_pace(pace, &lane.hub);
            }
            _ if viewers < 4 => self.program.watch(at, Viewer::new(), pace),
            _ => {}
        }
    }

    fn switch_recording(&mut self, at: usize) -> Result<(), Broken> {
        if self.program.lanes[at].recording.is_none() {
            return self.record(at);
        }
        self.stop_recording(at);
        Ok(())
    }

    fn record(&mut self, at: usize) -> Result<(), Broken> {
        self.program.record(at).map_err(|why| format!("a recording cannot begin: {why}"))?;
        let track = &mut self.tracks[at];
        let from_at = track.book.lock().unwrap().pictures.len();
        track.wanted.push(Wanted { from_us: self.clock.wall_us(), from_at, until: None });
        track.calm_us = self.clock.mono_us();
        Ok(())
    }

    fn stop_recording(&mut self, at: usize) {
        self.program.stop_recording(at);
        self.tracks[at].close(self.clock.wall_us());
    }

    fn disturb_disk(&mut self) {
        let number = if self.lot.below(2) == 0 { libc::EIO } else { libc::ENOSPC };
        let first = 1 + self.lot.below(20) as u64;
        let (last, mend_ms) = match self.lot.below(3) {
            0 => (first, 5_000),
            1 => (first + self.lot.below(8) as u64, 5_000),
            _ => (u64::MAX, 500 + self.lot.below(9_000) as i64),
        };
        let fault = match self.lot.below(6) {
            0 => Fault::Short,
            1 => Fault::Errno(libc::EINTR),
            _ => Fault::Errno(number),
        };
        // What is interrupted for ever is a disk that hangs: that is what slow storers are for.
        let last = if fault == Fault::Errno(libc::EINTR) { first } else { last };
        self.say(&format!("disk: {fault:?} at {first}..={last} for {mend_ms} ms"));
        self.disk.plan(Some(Plan { first, last, fault }));
        self.mend_us = Some(self.mono_us() + mend_ms * 1000);
    }

    fn mend(&mut self) {
        let now_us = self.mono_us();
        if self.mend_us.is_some_and(|at| now_us >= at) {
            self.disk.plan(None);
            self.mend_us = None;
        }
        let busy = self.mend_us.is_some() || now_us < self.slow_us.max(self.stalled_us);
        if busy {
            self.calm_us = now_us;
        }
        for (camera, track) in self.cameras.iter_mut().zip(&mut self.tracks) {
            if camera.link().mood != Mood::Well {
                track.calm_us = now_us;
                if now_us >= track.well_us {
                    camera.link().mood = Mood::Well;
                }
            }
        }
    }

    // ---- ends and beginnings

    /// Opens every stream, after what was left unfinished is closed.
    fn begin(&mut self) -> Result<(), Broken> {
        self.begun_heard = self.heard.lock().unwrap().len();
        self.program.recorder.recover().map_err(|why| format!("recovery: {why}"))?;
        for (track, camera) in self.tracks.iter().zip(&self.cameras) {
            self.program.open(camera, track.letter, track.book.clone(), &self.clock, &mut self.lot);
        }
        (0..self.cameras.len()).try_for_each(|at| self.record(at))
    }

    fn crash(&mut self, power: bool) -> Result<(), Broken> {
        let (mono_us, wall_us) = (self.mono_us(), self.clock.wall_us());
        let calm_us = self.calm_us;
        let expected = judge::tails(self);
        // Nothing is left to write with; what the program still holds is gone with it.
        let dead = self.disk.clone();
        let cuts = [Cut::Forget, Cut::Keep, Cut::ZeroTail, Cut::OldNames];
        let lot = self.lot.next();
        let cut = cuts.get(lot as usize % 12).copied().unwrap_or(Cut::Seeded(lot));
        self.disk = if power { dead.after_power_cut(cut) } else { dead.after_kill() };
        for track in &mut self.tracks {
            track.close(wall_us);
            let mut book = track.book.lock().unwrap();
            book.connection += 1;
            book.end();
        }
        self.say(&format!("end: {}", if power { format!("{cut:?}") } else { "killed".into() }));
        let power = self.recover_with_accidents()? || power;
        self.clock.advance_us(300_000 + self.lot.below(20_000) as i64 * 1000);
        self.program = Program::new(&self.disk, &self.clock, &self.heard, self.teeth == Teeth::ForgetGap);
        (self.mend_us, self.slow_us, self.stalled_us) = (None, 0, 0);
        self.begin()?;
        let found = judge::disk(self, "after an end")?;
        judge::judge_tails(self, &expected, &found, mono_us, power)?;
        self.adopt()?;
        self.ends.push(End { mono_us, wall_us, again_us: self.clock.wall_us() });
        (self.counts.kills, self.counts.cuts) =
            (self.counts.kills + u64::from(!power), self.counts.cuts + u64::from(power));
        self.calm_us = self.mono_us().max(calm_us);
        Ok(())
    }

    /// Now and then recovery itself is ended, by a kill or a cut, and begins anew. `true`: the power was cut.
    fn recover_with_accidents(&mut self) -> Result<bool, Broken> {
        let mut power = false;
        while self.lot.below(4) == 0 {
            let n = 1 + self.lot.below(30) as u64;
            self.disk.plan(Some(Plan { first: n, last: n, fault: Fault::DieInside }));
            let shared: Arc<dyn crate::record::Disk> = Arc::new(self.disk.clone());
            let _it_may_have_died = crate::record::recovery::recover_on(&shared, 1);
            let seed = self.lot.next();
            self.say(&format!("recovery ended at {n}, {seed}"));
            self.disk = match seed % 2 {
                0 => self.disk.after_kill(),
                _ => self.disk.after_power_cut(Cut::Seeded(seed)),
            };
            power |= seed % 2 == 1;
        }
        Ok(power)
    }

    /// A file that was closed and never announced is found by the control plane's look at the archive.
    fn adopt(&mut self) -> Result<(), Broken> {
        let rows = &mut self.control.rows;
        let found =
            scan::scan(&self.disk, |name| rows.contains_key(&name.id())).map_err(|why| why.to_string())?;
        self.counts.adopted += found.segments.len() as u64;
        rows.extend(found.segments.into_iter().map(|segment| (segment.id.clone(), segment)));
        Ok(())
    }

    /// Everything is mended, time passes, recordings end: now all must be told, acknowledged and there.
    fn come_to_rest(&mut self) -> Result<(), Broken> {
        self.disk.plan(None);
        (self.mend_us, self.slow_us, self.stalled_us, self.control.away_until_us) = (None, 0, 0, 0);
        for (camera, track) in self.cameras.iter_mut().zip(&mut self.tracks) {
            camera.link().mood = Mood::Well;
            camera.mischief = Default::default();
            track.well_us = 0;
        }
        self.rest_for(70 * SECOND_US)?;
        for track in &self.tracks {
            let last_us = track.book.lock().unwrap().pictures.last().map_or(0, |last| last.mono_us);
            if self.mono_us() - last_us > 2 * SECOND_US {
                return Err(format!("{} does not play a minute after all is well", stream_of(track.letter)));
            }
        }
        (0..self.tracks.len()).for_each(|at| self.stop_recording(at));
        self.control.is_sure = true;
        self.rest_for(40 * SECOND_US)?;
        judge::rest(self)?;
        self.disk = self.disk.after_power_cut(Cut::Forget);
        let found = judge::disk(self, "after a last cut")?;
        self.adopt()?;
        judge::whole(self, &found)
    }

    fn rest_for(&mut self, us: i64) -> Result<(), Broken> {
        let until_us = self.mono_us() + us;
        while self.mono_us() < until_us {
            self.step(false)?;
        }
        Ok(())
    }

    fn trace_heard(&mut self) {
        let heard = self.heard.lock().unwrap();
        for told in &heard[self.traced..] {
            self.trace.update(told.mono_us.to_be_bytes());
            self.trace.update(serde_json::to_vec(&told.event).expect("an event is JSON"));
        }
        self.traced = heard.len();
    }

    /// Whether nothing has disturbed the disk for long enough that what is promised of a tail holds.
    pub fn is_calm(&self, track: &Track) -> bool {
        self.mono_us() - self.calm_us.max(track.calm_us) >= CALM_US
    }

    pub fn cameras(&self) -> &[Camera] {
        &self.cameras
    }

    /// Whether somebody took a stream out and in between two moments.
    pub fn reopened_between(&self, stream: &str, from_us: i64, until_us: i64) -> bool {
        let track = self.tracks.iter().find(|track| stream_of(track.letter) == stream);
        track.is_some_and(|track| track.reopened_us.iter().any(|at| (from_us..=until_us).contains(at)))
    }
}

impl Track {
    fn close(&mut self, wall_us: i64) {
        let at = self.book.lock().unwrap().pictures.len();
        if let Some(wanted) = self.wanted.last_mut().filter(|wanted| wanted.until.is_none()) {
            wanted.until = Some((wall_us, at));
        }
    }
}

/// Whether an event says that something of a stream is not kept.
pub fn explains(event: &Event, of: &str) -> bool {
    match event {
        Event::Gap { stream, .. } => stream == of,
        Event::SegmentSuspect { segment, .. } => segment.stream == of,
        _ => false,
    }
}
