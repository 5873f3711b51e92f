//! The threads that own live viewers' sockets. Each waits for sockets and for news of broadcasts,
//! then gives every viewer concerned its turn. No viewer's turn blocks, so none delays another.

use super::broadcast::Pace;
use super::viewer::{Memo, Turn, Viewer};
use crate::{
    clock::Clock,
    ready::{Interest as Wish, Poller, Ready, Round},
    serve::delivery::Reason,
};
use std::{
    collections::HashMap,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

/// How often revocation and farewells are looked at: well within the second that revocation may take.
const CHECK_US: i64 = 200_000;
/// How often the progress of each viewer is looked at, at most: one system call a viewer.
const PROGRESS_US: i64 = 2_500_000;

/// Called with a broadcast's id whenever a viewer of it is gone.
pub type Released = Box<dyn Fn(u64) + Send + Sync>;

#[derive(Default)]
struct Inbox {
    arrivals: Vec<Viewer>,
    /// Broadcasts with something new, and for which pace.
    news: Vec<(u64, Pace)>,
}

/// One thread, as others see it.
pub struct Thread {
    poller: Poller,
    inbox: Mutex<Inbox>,
    pub viewers: AtomicUsize,
    ending: AtomicBool,
}

impl Thread {
    /// Starts a thread of this number.
    pub fn start(
        number: usize,
        clock: Arc<dyn Clock>,
        stopped_us: i64,
        released: Arc<Released>,
    ) -> io::Result<(Arc<Self>, JoinHandle<()>)> {
        let thread = Arc::new(Self {
            poller: Poller::new()?,
            inbox: Mutex::default(),
            viewers: AtomicUsize::new(0),
            ending: AtomicBool::new(false),
        });
        let mut fan = Fan {
            thread: thread.clone(),
            clock,
            stopped_us,
            released,
            viewers: Vec::new(),
            free: Vec::new(),
            members: HashMap::new(),
            memo: Memo::default(),
        };
        let handle = std::thread::Builder::new().name(format!("live-{number}")).spawn(move || {
            // Viewers are shielded one by one; should the loop itself panic, its viewers end and
            // those who come later are served.
            while catch_unwind(AssertUnwindSafe(|| fan.run())).is_err() {
                fan.remove_all();
            }
        })?;
        Ok((thread, handle))
    }

    /// Hands a viewer over.
    pub fn add(&self, viewer: Viewer) {
        self.viewers.fetch_add(1, Ordering::Relaxed);
        self.lock().arrivals.push(viewer);
        self.poller.ring();
    }

    /// A broadcast has something new for viewers of a pace. Never blocks for long.
    pub fn wake(&self, broadcast: u64, pace: Pace) {
        {
            let mut inbox = self.lock();
            if inbox.news.contains(&(broadcast, pace)) {
                return; // it will be looked at anyway
            }
            inbox.news.push((broadcast, pace));
        }
        self.poller.ring();
    }

    /// Says farewell to every viewer and ends the thread.
    pub fn end(&self) {
        self.ending.store(true, Ordering::Release);
        self.poller.ring();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inbox> {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts of a broadcast's viewers on one thread, by pace: whom to wake.
#[derive(Default)]
pub struct Interest([AtomicUsize; 2]);

impl Interest {
    pub fn wants(&self, pace: Pace) -> bool {
        self.0[pace as usize].load(Ordering::Acquire) > 0
    }

    pub fn change(&self, pace: Pace, came: bool) {
        let count = &self.0[pace as usize];
        if came {
            count.fetch_add(1, Ordering::AcqRel);
        } else {
            count.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

/// The thread's own side.
struct Fan {
    thread: Arc<Thread>,
    clock: Arc<dyn Clock>,
    stopped_us: i64,
    released: Arc<Released>,
    viewers: Vec<Option<Viewer>>,
    free: Vec<usize>,
    /// Viewers of each broadcast, by pace.
    members: HashMap<u64, [Vec<usize>; 2]>,
    memo: Memo,
}

impl Fan {
    fn run(&mut self) {
        let thread = self.thread.clone();
        let mut round = Round::default();
        let (mut check_at, mut progress_at) = (0, 0);
        loop {
            let events = thread.poller.wait(&mut round, Duration::from_micros(CHECK_US as u64));
            if events.is_err() {
                std::thread::sleep(Duration::from_millis(1)); // out of kernel memory: no hot loop
            }
            let now_us = self.clock.mono_us();
            self.memo.forget();
            for event in events.into_iter().flatten() {
                self.socket_event(event, now_us);
            }
            let inbox = std::mem::take(&mut *self.thread.lock());
            inbox.arrivals.into_iter().for_each(|viewer| self.arrive(viewer, now_us));
            inbox.news.into_iter().for_each(|(broadcast, pace)| self.news(broadcast, pace, now_us));
            if now_us >= check_at {
                check_at = now_us + CHECK_US;
                self.each(|viewer| viewer.check(now_us));
            }
            if now_us >= progress_at {
                progress_at = now_us + PROGRESS_US.min(self.stopped_us / 4);
                let stopped_us = self.stopped_us;
                self.each(|viewer| viewer.check_progress(now_us, stopped_us));
            }
            if self.thread.ending.load(Ordering::Acquire) {
                self.each(|viewer| viewer.farewell(Reason::Shutdown, now_us));
                return self.remove_all();
            }
        }
    }

    fn arrive(&mut self, viewer: Viewer, now_us: i64) {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.viewers.push(None);
            self.viewers.len() - 1
        });
        let added = self.thread.poller.add(viewer.socket(), slot, Wish::Read);
        self.members.entry(viewer.broadcast_id).or_default()[viewer.pace as usize].push(slot);
        viewer.interest.change(viewer.pace, true);
        self.viewers[slot] = Some(viewer);
        if added.is_err() {
            return self.remove(slot);
        }
        self.turn(slot, now_us);
    }

    /// A broadcast has something new: those who are not blocked get their turn.
    fn news(&mut self, broadcast: u64, pace: Pace, now_us: i64) {
        self.memo.forget();
        let Some(members) = self.members.get_mut(&broadcast) else { return };
        let slots = std::mem::take(&mut members[pace as usize]);
        let mut gone = Vec::new();
        for &slot in &slots {
            let Some(viewer) = &mut self.viewers[slot] else { continue };
            if viewer.blocked {
                continue;
            }
            match shielded(|| viewer.turn(&mut self.memo, now_us)) {
                Turn::Done => {}
                Turn::Blocked => listen(&self.thread.poller, viewer, slot),
                Turn::Gone => gone.push(slot),
            }
        }
        if let Some(members) = self.members.get_mut(&broadcast) {
            members[pace as usize] = slots;
        }
        gone.into_iter().for_each(|slot| self.remove(slot));
    }

    fn socket_event(&mut self, event: Ready, now_us: i64) {
        let slot = event.key;
        let Some(viewer) = self.viewers.get_mut(slot).and_then(Option::as_mut) else { return };
        let before = viewer.pace;
        if event.readable {
            let (changed, turn) = shielded_hearing(|| viewer.hear(now_us));
            if turn == Turn::Gone {
                return self.remove(slot);
            }
            if changed {
                self.change_pace(slot, before);
            }
        }
        if let Some(viewer) = self.viewers[slot].as_mut() {
            viewer.blocked &= !event.writable;
            if viewer.blocked {
                listen(&self.thread.poller, viewer, slot);
            } else {
                self.turn(slot, now_us);
            }
        }
    }

    fn turn(&mut self, slot: usize, now_us: i64) {
        let Some(viewer) = &mut self.viewers[slot] else { return };
        match shielded(|| viewer.turn(&mut self.memo, now_us)) {
            Turn::Done | Turn::Blocked => listen(&self.thread.poller, viewer, slot),
            Turn::Gone => self.remove(slot),
        }
    }

    fn each(&mut self, check: impl Fn(&mut Viewer) -> Turn) {
        for slot in 0..self.viewers.len() {
            let Some(viewer) = &mut self.viewers[slot] else { continue };
            let turn = shielded(|| check(viewer));
            match turn {
                Turn::Done => {}
                Turn::Blocked => listen(&self.thread.poller, viewer, slot),
                Turn::Gone => self.remove(slot),
            }
        }
    }

    fn change_pace(&mut self, slot: usize, before: Pace) {
        let Some(viewer) = &self.viewers[slot] else { return };
        let Some(members) = self.members.get_mut(&viewer.broadcast_id) else { return };
        members[before as usize].retain(|other| *other != slot);
        members[viewer.pace as usize].push(slot);
        viewer.interest.change(viewer.pace, true);
        viewer.interest.change(before, false);
    }

    fn remove_all(&mut self) {
        (0..self.viewers.len()).for_each(|slot| self.remove(slot));
    }

    fn remove(&mut self, slot: usize) {
        let Some(mut viewer) = self.viewers[slot].take() else { return };
        let _ = self.thread.poller.delete(viewer.socket()); // fails only if it never was added
        viewer.end(Reason::Error); // a reason given before stands
        self.free.push(slot);
        self.thread.viewers.fetch_sub(1, Ordering::Relaxed);
        viewer.interest.change(viewer.pace, false);
        if let Some(members) = self.members.get_mut(&viewer.broadcast_id) {
            members[viewer.pace as usize].retain(|other| *other != slot);
            if members.iter().all(Vec::is_empty) {
                self.members.remove(&viewer.broadcast_id);
            }
        }
        (self.released)(viewer.broadcast_id);
    }
}

/// Always waits for words, for room only if there is something to write.
fn listen(poller: &Poller, viewer: &mut Viewer, slot: usize) {
    if viewer.awaits_room == viewer.blocked {
        return;
    }
    viewer.awaits_room = viewer.blocked;
    let wish = if viewer.blocked { Wish::Both } else { Wish::Read };
    // It fails only for a socket that is not in the poller, which `check` then ends by its time-out.
    let _ = poller.modify(viewer.socket(), slot, wish);
}

/// A panic costs one viewer.
fn shielded(call: impl FnOnce() -> Turn) -> Turn {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or(Turn::Gone)
}

fn shielded_hearing(call: impl FnOnce() -> (bool, Turn)) -> (bool, Turn) {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or((false, Turn::Gone))
}
