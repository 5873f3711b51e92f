//! A live stream that somebody follows by HLS: its packager, fed by the hub, and those who wait for parts.

use super::{packager::Packager, playlist};
use crate::{
    frame::AccessUnit,
    hub::{Haste, Sink, SinkId},
    plane::streams::Watch,
    serve::{
        Serving,
        playback::session::Session,
        problem::Problem,
        route::{self, Asked},
    },
};
use bytes::Bytes;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};
use tokio::sync::watch;

/// How long a request waits for a part that is not there yet, or a stream for its first picture.
const PATIENCE: Duration = Duration::from_secs(10);
/// Further ahead than this nobody may wait (RFC 8216bis §6.2.5.2).
const AHEAD_MAX: u64 = 2;

/// Packagers that run, by stream.
#[derive(Default)]
pub struct Running {
    by_stream: Mutex<HashMap<String, Weak<LiveHls>>>,
}

/// See the module. Ends with the last session that holds it.
pub struct LiveHls {
    shared: Arc<Shared>,
    watch: Watch,
    _haste: Haste,
    sink: SinkId,
}

struct Shared {
    packager: Mutex<Packager>,
    /// Rises with each finished part.
    finished: watch::Sender<u64>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Packager> {
        self.packager.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Feed(Arc<Shared>);

impl Sink for Feed {
    fn access_unit(&mut self, unit: &Arc<AccessUnit>) -> bool {
        if self.0.lock().push(unit) {
            self.0.finished.send_modify(|count| *count += 1);
        }
        true
    }

    fn discontinuity(&mut self) {
        if self.0.lock().discontinuity() {
            self.0.finished.send_modify(|count| *count += 1);
        }
    }
}

impl Drop for LiveHls {
    fn drop(&mut self) {
        self.watch.stream.hub.leave(self.sink);
    }
}

/// A part that a playlist request waits for: segment, and part if one is named.
pub type Wanted = Option<(u64, Option<usize>)>;

/// Reads `_HLS_msn` and `_HLS_part`.
pub fn wanted(request: &Asked) -> Result<Wanted, Problem> {
    let segment = route::query(request, "_HLS_msn").map(|text| text.parse()).transpose();
    let part = route::query(request, "_HLS_part").map(|text| text.parse()).transpose();
    match (segment.map_err(|_| Problem::BadRequest)?, part.map_err(|_| Problem::BadRequest)?) {
        (Some(segment), part) => Ok(Some((segment, part))),
        (None, None) => Ok(None),
        (None, Some(_)) => Err(Problem::BadRequest),
    }
}

impl LiveHls {
    /// The running packager of a session's stream; begun by the first who asks. `None` if the stream is gone.
    pub fn of(serving: &Serving, session: &Session) -> Option<Arc<Self>> {
        if let Some(held) = session.live.get() {
            return Some(held.clone());
        }
        let mut running = serving.hls.by_stream.lock().unwrap_or_else(PoisonError::into_inner);
        running.retain(|_, hls| hls.strong_count() > 0);
        let hls = match running.get(session.stream()).and_then(Weak::upgrade) {
            Some(hls) => hls,
            None => {
                let hls = Arc::new(Self::begin(serving.streams.watch(session.stream())?));
                running.insert(session.stream().to_owned(), Arc::downgrade(&hls));
                hls
            }
        };
        Some(session.live.get_or_init(|| hls).clone())
    }

    fn begin(watch: Watch) -> Self {
        let shared = Arc::new(Shared { packager: Mutex::default(), finished: watch::Sender::new(0) });
        let sink = watch.stream.hub.join(Box::new(Feed(shared.clone())), true);
        Self { shared, _haste: watch.stream.hub.hurry(), watch, sink }
    }

    /// The playlist, once it has what was asked for.
    pub async fn playlist(&self, wanted: Wanted) -> Result<String, Problem> {
        self.once(|packager| {
            let last = match (packager.segments.back(), wanted) {
                (None, _) => return Look::Wait,
                // Players that know no parts need one whole segment to begin with.
                (Some(_), None) if packager.segments.iter().any(|one| one.closed) => {
                    return Look::Found(playlist::live(packager));
                }
                (Some(_), None) => return Look::Wait,
                (Some(last), Some(_)) => last,
            };
            let Some((segment, part)) = wanted else { return Look::Wait };
            if segment > last.number + AHEAD_MAX {
                return Look::Refused(Problem::BadRequest);
            }
            let there = match part {
                _ if segment < last.number => true,
                Some(part) => segment == last.number && (last.closed || last.parts.len() > part),
                None => segment == last.number && last.closed,
            };
            if there { Look::Found(playlist::live(packager)) } else { Look::Wait }
        })
        .await
    }

    /// `init-{n}.mp4`, `{segment}.m4s`, or `{segment}.{part}.m4s`; the part that is next is waited for.
    pub async fn media(&self, name: &str) -> Result<Bytes, Problem> {
        if let Some(number) = name.strip_prefix("init-").and_then(|rest| rest.strip_suffix(".mp4")) {
            let packager = self.shared.lock();
            let found = packager.inits.iter().find(|(init, _)| init.to_string() == number);
            return found.map(|(_, bytes)| bytes.clone()).ok_or(Problem::NotFound);
        }
        let stem = name.strip_suffix(".m4s").ok_or(Problem::NotFound)?;
        let (segment, part) = match stem.split_once('.') {
            None => (stem.parse().map_err(|_| Problem::NotFound)?, None),
            Some((segment, part)) => (
                segment.parse().map_err(|_| Problem::NotFound)?,
                Some(part.parse::<usize>().map_err(|_| Problem::NotFound)?),
            ),
        };
        self.once(|packager| find(packager, segment, part)).await
    }

    async fn once<T>(&self, mut look: impl FnMut(&Packager) -> Look<T>) -> Result<T, Problem> {
        let mut finished = self.shared.finished.subscribe();
        let work = async {
            loop {
                finished.borrow_and_update();
                let found = look_at(&self.shared.lock(), &mut look);
                match found {
                    Look::Found(found) => return Ok(found),
                    Look::Refused(problem) => return Err(problem),
                    Look::Wait => {}
                }
                if finished.changed().await.is_err() {
                    return Err(Problem::StreamDown);
                }
            }
        };
        tokio::time::timeout(PATIENCE, work).await.unwrap_or(Err(Problem::StreamDown))
    }
}

/// What every request meets first: a camera without pictures has nothing to cut.
fn look_at<T>(packager: &Packager, look: impl FnOnce(&Packager) -> Look<T>) -> Look<T> {
    if packager.sound_only { Look::Refused(Problem::SoundOnly) } else { look(packager) }
}

enum Look<T> {
    Found(T),
    Wait,
    Refused(Problem),
}

fn find(packager: &Packager, segment: u64, part: Option<usize>) -> Look<Bytes> {
    let Some(last) = packager.segments.back() else { return Look::Refused(Problem::NotFound) };
    let next = if last.closed { (last.number + 1, 0) } else { (last.number, last.parts.len()) };
    let Some(found) = packager.segments.iter().find(|one| one.number == segment) else {
        return if part == Some(next.1) && segment == next.0 {
            Look::Wait
        } else {
            Look::Refused(Problem::NotFound)
        };
    };
    match part {
        None if found.closed => {
            let all: Vec<&[u8]> = found.parts.iter().map(|part| &part.bytes[..]).collect();
            Look::Found(Bytes::from(all.concat()))
        }
        Some(index) if index < found.parts.len() => Look::Found(found.parts[index].bytes.clone()),
        Some(index) if !found.closed && index == next.1 => Look::Wait,
        _ => Look::Refused(Problem::NotFound),
    }
}
