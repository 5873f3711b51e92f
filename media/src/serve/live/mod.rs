//! Live delivery: WebSocket with fragmented MP4 for browsers, and the same fragments as one endless
//! HTTP body for other players.
//!
//! `packer` makes the bytes once a stream, `broadcast` keeps them, `fanout` threads hand them to
//! `viewer`s. The first viewer of a stream brings its broadcast into being, the last one ends it.

mod broadcast;
mod fanout;
mod packer;
mod viewer;

use self::{
    broadcast::{Broadcast, Pace},
    fanout::{Interest, Thread},
    packer::Packer,
    viewer::{Beginning, Form, Viewer},
};
use super::{
    Body, Serving,
    delivery::{Delivery, Reason},
    http::Connection,
    problem::Problem,
    route::{Asked, SECURITY, query, ticket},
    websocket::{self, Listener, Opcode, Said},
};
use crate::{
    clock::Clock,
    event::StreamState,
    hub::{Hub, SinkId},
    plane::{
        config::Limits,
        streams::{Status, Stream, Streams, Watch},
    },
};
use bytes::Bytes;
use hyper::{HeaderMap, Method, Response, header};
use serde::Deserialize;
use serde_json::json;
use socket2::{SockRef, TcpKeepalive};
use std::{
    collections::HashMap,
    io,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The subprotocol that a WebSocket must offer (doors §2).
pub const SUBPROTOCOL: &str = "mingjing.live.1";
/// What the kernel may hold for one viewer. More would only hide how far behind it is.
const SEND_BUFFER_BYTES: usize = 512 << 10;

/// One stream in one form: with its sound, or without.
type Key = (Arc<str>, bool);

struct Running {
    key: Key,
    broadcast: Arc<Broadcast>,
    interests: Arc<Vec<Arc<Interest>>>,
    viewers: usize,
    sink: SinkId,
    watch: Watch,
}

#[derive(Default)]
struct Broadcasts {
    ids: HashMap<Key, u64>,
    running: HashMap<u64, Running>,
}

/// See the module. One for the whole plane.
pub struct Live {
    streams: Arc<Streams>,
    clock: Arc<dyn Clock>,
    queue_bytes: usize,
    broadcasts: Mutex<Broadcasts>,
    threads: OnceLock<Vec<Arc<Thread>>>,
    handles: Mutex<Vec<JoinHandle<()>>>,
    next_id: AtomicU64,
}

impl Live {
    /// Starts the fan-out threads.
    pub fn start(
        streams: Arc<Streams>,
        clock: Arc<dyn Clock>,
        limits: &Limits,
        threads: usize,
    ) -> io::Result<Arc<Self>> {
        let live = Arc::new(Self {
            streams: streams.clone(),
            clock: clock.clone(),
            queue_bytes: limits.viewer_queue_bytes,
            broadcasts: Mutex::default(),
            threads: OnceLock::new(),
            handles: Mutex::default(),
            next_id: AtomicU64::new(1),
        });
        let weak = Arc::downgrade(&live);
        let released: Arc<fanout::Released> = Arc::new(Box::new(move |id| {
            if let Some(live) = weak.upgrade() {
                live.release(id);
            }
        }));
        let stopped_us = i64::from(limits.viewer_stopped_ms) * 1_000;
        let started: Vec<_> = (0..threads.max(1))
            .map(|number| Thread::start(number, clock.clone(), stopped_us, released.clone()))
            .collect::<io::Result<_>>()?;
        let (threads, handles) = started.into_iter().unzip();
        let _ = live.threads.set(threads); // set once, here
        *live.handles.lock().unwrap_or_else(PoisonError::into_inner) = handles;
        let weak = Arc::downgrade(&live);
        streams.listen(Box::new(move |stream, status| {
            if let Some(live) = weak.upgrade() {
                live.stream_changed(stream, status);
            }
        }));
        Ok(live)
    }

    fn lock(&self) -> MutexGuard<'_, Broadcasts> {
        self.broadcasts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn threads(&self) -> &[Arc<Thread>] {
        self.threads.get().map_or(&[], Vec::as_slice)
    }

    /// Gives a viewer to a thread. The stream opens if it is not open.
    fn add(&self, begin: Beginning, audio: bool) -> Result<(), Problem> {
        let stream = begin.delivery.claims().stream.clone();
        let mut broadcasts = self.lock();
        let key: Key = (stream.as_str().into(), audio);
        let id = match broadcasts.ids.get(&key) {
            Some(id) => *id,
            None => self.begin(&mut broadcasts, key, &stream)?,
        };
        let running = broadcasts.running.get_mut(&id).ok_or(Problem::Internal)?;
        running.viewers += 1;
        let (number, thread) = self
            .threads()
            .iter()
            .enumerate()
            .min_by_key(|(_, thread)| thread.viewers.load(Ordering::Relaxed))
            .ok_or(Problem::Internal)?;
        let interest = running.interests[number].clone();
        let viewer = Viewer::new(begin, running.broadcast.clone(), id, interest, self.clock.mono_us());
        thread.add(viewer);
        Ok(())
    }

    fn begin(&self, broadcasts: &mut Broadcasts, key: Key, stream: &str) -> Result<u64, Problem> {
        let watch = self.streams.watch(stream).ok_or(Problem::NotFound)?;
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let threads = self.threads().to_vec();
        let interests: Arc<Vec<Arc<Interest>>> = Arc::new(threads.iter().map(|_| Arc::default()).collect());
        let wake = {
            let interests = interests.clone();
            Box::new(move |pace| {
                let wanting =
                    threads.iter().zip(interests.iter()).filter(|(_, interest)| interest.wants(pace));
                wanting.for_each(|(thread, _)| thread.wake(id, pace));
            })
        };
        let broadcast = Arc::new(Broadcast::new(self.queue_bytes, wake));
        let status = watch.stream.status();
        if status.state != StreamState::Playing {
            broadcast.set_state(state_message(&status));
        }
        let packer = Packer::new(broadcast.clone(), key.1);
        let sink = watch.stream.hub.join(Box::new(packer), true);
        broadcasts.ids.insert(key.clone(), id);
        broadcasts.running.insert(id, Running { key, broadcast, interests, viewers: 0, sink, watch });
        Ok(id)
    }

    /// A viewer of this broadcast has gone.
    fn release(&self, id: u64) {
        let ended = {
            let mut broadcasts = self.lock();
            let Some(running) = broadcasts.running.get_mut(&id) else { return };
            running.viewers -= 1;
            if running.viewers > 0 {
                return;
            }
            let ended = broadcasts.running.remove(&id);
            if let Some(ended) = &ended {
                broadcasts.forget(&ended.key, id);
            }
            ended
        };
        if let Some(ended) = ended {
            ended.watch.stream.hub.leave(ended.sink);
        }
    }

    /// Tells a stream's viewers where it stands; ends them when it is no more.
    fn stream_changed(&self, stream: &Arc<Stream>, status: &Status) {
        let message = state_message(status);
        let mut broadcasts = self.lock();
        for audio in [true, false] {
            let key: Key = (stream.id.clone(), audio);
            let Some(id) = broadcasts.ids.get(&key).copied() else { continue };
            let Some(running) = broadcasts.running.get(&id) else { continue };
            // A broadcast of the stream's former life, if one of the same name was made since.
            if !Arc::ptr_eq(&running.watch.stream, stream) {
                continue;
            }
            if status.state == StreamState::Closed && stream.is_removed() {
                running.broadcast.close(Reason::StreamClosed);
                broadcasts.forget(&key, id);
            } else {
                running.broadcast.set_state(message.clone());
            }
        }
    }

    /// Says farewell to every viewer and ends the threads.
    pub fn stop(&self) {
        self.threads().iter().for_each(|thread| thread.end());
        let handles = std::mem::take(&mut *self.handles.lock().unwrap_or_else(PoisonError::into_inner));
        for handle in handles {
            let _ = handle.join(); // a panic there has ended its viewers already
        }
    }
}

impl Broadcasts {
    /// New viewers of this key get a new broadcast.
    fn forget(&mut self, key: &Key, id: u64) {
        if self.ids.get(key) == Some(&id) {
            self.ids.remove(key);
        }
    }
}

fn state_message(status: &Status) -> Bytes {
    let message = json!({"type": "state", "state": status.state, "cause": status.cause, "legs": status.legs});
    websocket::frame(Opcode::Text, message.to_string().as_bytes())
}

/// Init segment and the newest key frame as one fMP4, for the snapshot worker.
pub fn key_picture(hub: &Hub) -> Option<Bytes> {
    use crate::mux::{AudioCarriage, fmp4};
    let unit = hub.current_gop().into_iter().next()?;
    let mut picture = fmp4::init_segment(&unit.format, AudioCarriage::Left).to_vec();
    let mut fragmenter = fmp4::Fragmenter::new(unit.dts, AudioCarriage::Left);
    let fragment = fragmenter.fragment(&[unit], fmp4::Next::default())?;
    picture.extend_from_slice(&fragment.to_bytes());
    Some(picture.into())
}

/// The first message of a WebSocket.
#[derive(Deserialize)]
struct Hello {
    #[serde(default)]
    ticket: Option<String>,
    #[serde(default)]
    pace: Pace,
    #[serde(default = "yes")]
    audio: bool,
}

fn yes() -> bool {
    true
}

/// `GET /live/ws`
pub async fn websocket(serving: &Arc<Serving>, connection: &Connection, request: &Asked) -> Response<Body> {
    if request.method() != Method::GET {
        return Problem::MethodNotAllowed.response();
    }
    let Some(accept) = handshake(request.headers()) else {
        return Problem::NotAWebSocket.response();
    };
    let head = format!(
        "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-accept: {accept}\r\nsec-websocket-protocol: {SUBPROTOCOL}\r\n\r\n"
    );
    let (serving, peer, place) = (serving.clone(), connection.peer, connection.place.clone());
    let shown = ticket(request);
    let takeover = move |stream: TcpStream, before: Bytes| {
        let greeting = async move {
            let mut greeting = Greeting { stream, listener: Listener::default() };
            let limit = Duration::from_millis(serving.config.limits.first_message_ms.into());
            let heard = tokio::time::timeout(limit, greeting.hear(&head, &before)).await;
            let admitted = heard.unwrap_or(Err(Problem::TicketMissing)).and_then(|hello| {
                let ticket = hello.ticket.clone().or(shown).ok_or(Problem::TicketMissing)?;
                let delivery = serving.desk.admit(&ticket, "live", None, peer)?;
                Ok((hello, delivery))
            });
            match admitted {
                Ok((hello, delivery)) => {
                    let form = Form::WebSocket(greeting.listener);
                    let place = Box::new(place);
                    hand_over(&serving, greeting.stream, form, delivery, hello.pace, hello.audio, place);
                }
                Err(problem) => greeting.refuse(problem).await,
            }
        };
        Box::pin(greeting) as std::pin::Pin<Box<dyn Future<Output = ()> + Send>>
    };
    connection.take_over(Box::new(takeover)).await
}

/// `Sec-WebSocket-Accept`, if the request is a handshake for our subprotocol (RFC 6455 §4.2.1).
fn handshake(headers: &HeaderMap) -> Option<String> {
    let lists = |name: header::HeaderName, wanted: &str| {
        headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|one| one.trim().eq_ignore_ascii_case(wanted))
    };
    let whole = lists(header::CONNECTION, "upgrade")
        && lists(header::UPGRADE, "websocket")
        && lists(header::SEC_WEBSOCKET_VERSION, "13")
        && lists(header::SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL);
    let key = headers.get(header::SEC_WEBSOCKET_KEY)?.as_bytes();
    (whole && key.len() == 24).then(|| websocket::accept_key(key))
}

/// A WebSocket that has not shown its ticket yet.
struct Greeting {
    stream: TcpStream,
    listener: Listener,
}

impl Greeting {
    async fn hear(&mut self, head: &str, before: &[u8]) -> Result<Hello, Problem> {
        self.stream.write_all(head.as_bytes()).await.map_err(|_| Problem::BadRequest)?;
        self.listener.take(before);
        let mut room = [0; 4096];
        loop {
            match self.listener.message() {
                Ok(Some(Said::Text(text))) => {
                    return serde_json::from_str(&text).map_err(|_| Problem::BadRequest);
                }
                Ok(Some(Said::Ping(_))) => {} // before the ticket nobody is owed an answer
                Ok(Some(Said::Close)) | Err(_) => return Err(Problem::BadRequest),
                Ok(None) => {}
            }
            match self.stream.read(&mut room).await {
                Ok(read) if read > 0 => self.listener.take(&room[..read]),
                _ => return Err(Problem::BadRequest),
            }
        }
    }

    /// Says why, closes, and waits a moment for the words to arrive.
    async fn refuse(mut self, problem: Problem) {
        let mut words = websocket::frame(Opcode::Text, end_message(problem).as_bytes()).to_vec();
        words.extend_from_slice(&websocket::close_frame(1008, problem.code()));
        let farewell = async {
            if self.stream.write_all(&words).await.is_ok() && self.stream.shutdown().await.is_ok() {
                let mut room = [0; 1024];
                while self.stream.read(&mut room).await.is_ok_and(|read| read > 0) {}
            }
        };
        let _ = tokio::time::timeout(Duration::from_secs(2), farewell).await;
    }
}

fn end_message(problem: Problem) -> String {
    let details: serde_json::Value = serde_json::from_str(&problem.json()).unwrap_or_default();
    json!({"type": "end", "reason": "refused", "code": problem.code(), "problem": details}).to_string()
}

/// `GET /live/{stream}.mp4`: init segment and fragments until the connection ends.
pub async fn progressive(
    serving: &Arc<Serving>,
    connection: &Connection,
    request: &Asked,
    stream: &str,
) -> Response<Body> {
    if request.method() != Method::GET {
        return Problem::MethodNotAllowed.response();
    }
    let Some(shown) = ticket(request) else { return Problem::TicketMissing.response() };
    let delivery = match serving.desk.admit(&shown, "live", Some(stream), connection.peer) {
        Ok(delivery) => delivery,
        Err(refusal) => return Problem::from(refusal).response(),
    };
    if serving.streams.get(stream).is_none() {
        delivery.end(Reason::StreamClosed);
        return Problem::NotFound.response();
    }
    let pace = match query(request, "pace").as_deref() {
        Some("frame") => Pace::Frame,
        _ => Pace::Economy,
    };
    let audio = query(request, "audio").as_deref() != Some("false");
    let mut head = String::from("HTTP/1.1 200 OK\r\ncontent-type: video/mp4\r\nconnection: close\r\n");
    for (name, value) in SECURITY {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    // The route has compared it with the list already.
    if let Some(origin) = request.headers().get(header::ORIGIN).and_then(|origin| origin.to_str().ok()) {
        head.push_str(&format!("access-control-allow-origin: {origin}\r\n"));
    }
    head.push_str("\r\n");
    let (serving, place) = (serving.clone(), connection.place.clone());
    let takeover = move |mut stream: TcpStream, _: Bytes| {
        let begin = async move {
            let limit = Duration::from_millis(serving.config.limits.first_message_ms.into());
            match tokio::time::timeout(limit, stream.write_all(head.as_bytes())).await {
                Ok(Ok(())) => {
                    hand_over(&serving, stream, Form::Progressive, delivery, pace, audio, Box::new(place));
                }
                _ => delivery.end(Reason::Left),
            }
        };
        Box::pin(begin) as std::pin::Pin<Box<dyn Future<Output = ()> + Send>>
    };
    connection.take_over(Box::new(takeover)).await
}

/// Takes the socket out of the runtime and gives it to a fan-out thread.
fn hand_over(
    serving: &Serving,
    stream: TcpStream,
    form: Form,
    delivery: Delivery,
    pace: Pace,
    audio: bool,
    place: Box<dyn Send>,
) {
    // `into_std` leaves the socket nonblocking, as the threads need it.
    let Ok(socket) = stream.into_std() else { return delivery.end(Reason::Error) };
    let options = SockRef::from(&socket);
    let keepalive =
        TcpKeepalive::new().with_time(Duration::from_secs(30)).with_interval(Duration::from_secs(10));
    if options.set_send_buffer_size(SEND_BUFFER_BYTES).is_err()
        || options.set_tcp_keepalive(&keepalive).is_err()
    {
        return delivery.end(Reason::Left); // the socket is dead already
    }
    let beginning = Beginning { socket, form, delivery, pace, place };
    // What does not begin is dropped there: socket closed, delivery ended.
    let _ = serving.live.add(beginning, audio);
}
