//! The HTTP/1.1 listener: connections with their limits and time-outs. What is answered is
//! [`super::route`]'s business.
//!
//! A room may take a connection over (WebSocket, endless live bodies): hyper then hands the socket
//! out, nothing of it stays behind, and the room writes to it in its own way.

use super::{Body, Serving, problem::Problem, route};
use bytes::Bytes;
use hyper::{
    Response,
    body::{Frame, SizeHint},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    collections::HashMap,
    future::{Future, poll_fn},
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{oneshot, watch},
    time::{Instant, Sleep},
};

/// What a room does with a connection that it takes over: the socket, and bytes already read from it.
pub type Takeover = Box<dyn FnOnce(TcpStream, Bytes) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send>;

/// One connection, as the rooms see it.
pub struct Connection {
    pub peer: SocketAddr,
    /// Its place among the connections of its source; a takeover keeps a clone.
    pub place: Arc<Place>,
    takeover: Mutex<Option<oneshot::Sender<Takeover>>>,
}

impl Connection {
    /// Hands the connection over. Never returns: the request ends with it, unanswered by us.
    pub async fn take_over(&self, takeover: Takeover) -> Response<Body> {
        let sender = self.takeover.lock().unwrap_or_else(PoisonError::into_inner).take();
        match sender.map(|sender| sender.send(takeover)) {
            Some(Ok(())) => std::future::pending().await,
            _ => Problem::Internal.response(),
        }
    }
}

/// Connections by source, and all of them.
#[derive(Default)]
pub struct Places {
    by_source: Mutex<HashMap<IpAddr, usize>>,
}

/// One connection's place; given back when dropped.
pub struct Place {
    places: Arc<Places>,
    source: IpAddr,
}

impl Places {
    /// A place for a source, if it and the whole have one left.
    pub fn take(self: &Arc<Self>, source: IpAddr, per_source: usize, most: usize) -> Option<Arc<Place>> {
        let source = source.to_canonical();
        let mut by_source = self.by_source.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = by_source.values().sum();
        let here = by_source.get(&source).copied().unwrap_or(0);
        if all >= most || here >= per_source {
            return None;
        }
        by_source.insert(source, here + 1);
        drop(by_source);
        Some(Arc::new(Place { places: self.clone(), source }))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut by_source = self.places.by_source.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = by_source.get_mut(&self.source) {
            *count -= 1;
            if *count == 0 {
                by_source.remove(&self.source);
            }
        }
    }
}

/// Accepts until told to close; every connection is a task of its own, whose panic ends it alone.
pub async fn listen(listener: TcpListener, serving: Arc<Serving>, mut closing: watch::Receiver<bool>) {
    let places = Arc::new(Places::default());
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = closing.wait_for(|closing| *closing) => return,
        };
        let Ok((stream, peer)) = accepted else {
            // Out of descriptors, mostly: others must end before this can succeed.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let limits = &serving.config.limits;
        let place = places.take(peer.ip(), limits.connections_per_source, limits.connections);
        match place {
            Some(place) => {
                tokio::spawn(connection(stream, peer, place, serving.clone(), closing.clone()));
            }
            None => refuse(&stream),
        }
    }
}

/// Too many connections: a few words at no cost, then the end.
fn refuse(stream: &TcpStream) {
    let body = Problem::TooManyConnections.json();
    let carried: String =
        route::SECURITY.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let answer = format!(
        "HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/problem+json\r\ncontent-length: {}\r\nconnection: close\r\n{carried}\r\n{body}",
        body.len()
    );
    let _ = stream.try_write(answer.as_bytes()); // whoever floods us need not hear it
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    place: Arc<Place>,
    serving: Arc<Serving>,
    mut closing: watch::Receiver<bool>,
) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let limits = serving.config.limits.clone();
    let phase = Arc::new(AtomicU8::new(Phase::Head as u8));
    let (give, mut taken) = oneshot::channel();
    let known = Arc::new(Connection { peer, place, takeover: Mutex::new(Some(give)) });
    let service = {
        let phase = phase.clone();
        service_fn(move |request| {
            phase.store(Phase::Answer as u8, Ordering::Relaxed);
            let (serving, known, phase) = (serving.clone(), known.clone(), phase.clone());
            Box::pin(async move {
                let answer = route::route(&serving, &known, request).await;
                Ok::<_, std::convert::Infallible>(answer.map(|body| Answering { body, phase }))
            })
        })
    };
    let io = TokioIo::new(Watched::new(stream, phase, limits.head_ms, limits.idle_ms));
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(limits.request_head_bytes);
    let mut conn = builder.serve_connection(io, service);
    let mut leaving = false;
    let takeover = loop {
        tokio::select! {
            takeover = &mut taken => match takeover {
                Ok(takeover) => break takeover,
                Err(_) => return,
            },
            _ = poll_fn(|context| conn.poll_without_shutdown(context)) => return,
            _ = closing.wait_for(|closing| *closing), if !leaving => {
                leaving = true;
                Pin::new(&mut conn).graceful_shutdown();
            }
        }
    };
    let parts = conn.into_parts();
    takeover(parts.io.into_inner().stream, parts.read_buf).await;
}

/// What a connection is doing, for its time-outs.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Phase {
    /// Between requests.
    Idle,
    /// A head has begun to arrive, or the first one is due.
    Head,
    /// A request is being answered.
    Answer,
}

/// A socket that ends by itself when nothing moves: a head within `head`, anything within `idle`.
struct Watched {
    stream: TcpStream,
    phase: Arc<AtomicU8>,
    head: Duration,
    idle: Duration,
    head_since: Instant,
    moved_at: Instant,
    alarm: Pin<Box<Sleep>>,
}

impl Watched {
    fn new(stream: TcpStream, phase: Arc<AtomicU8>, head_ms: u32, idle_ms: u32) -> Self {
        let now = Instant::now();
        let head = Duration::from_millis(head_ms.into());
        Self {
            stream,
            phase,
            head,
            idle: Duration::from_millis(idle_ms.into()),
            head_since: now,
            moved_at: now,
            alarm: Box::pin(tokio::time::sleep_until(now + head)),
        }
    }

    fn moved(&mut self, read: bool) {
        self.moved_at = Instant::now();
        if read && self.phase.load(Ordering::Relaxed) == Phase::Idle as u8 {
            self.phase.store(Phase::Head as u8, Ordering::Relaxed);
            self.head_since = self.moved_at;
        }
    }

    /// Nothing moved: is it time to end?
    fn waited(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        loop {
            let in_head = self.phase.load(Ordering::Relaxed) == Phase::Head as u8;
            let deadline = if in_head { self.head_since + self.head } else { self.moved_at + self.idle };
            if Instant::now() >= deadline {
                return Poll::Ready(io::ErrorKind::TimedOut.into());
            }
            self.alarm.as_mut().reset(deadline);
            if self.alarm.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
        }
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = into.filled().len();
        match Pin::new(&mut this.stream).poll_read(context, into) {
            Poll::Ready(answer) => {
                this.moved(into.filled().len() > before);
                Poll::Ready(answer)
            }
            Poll::Pending => this.waited(context).map(Err),
        }
    }
}

impl Watched {
    fn wrote(&mut self, poll: Poll<io::Result<usize>>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        match poll {
            Poll::Ready(answer) => {
                self.moved(false);
                Poll::Ready(answer)
            }
            Poll::Pending => self.waited(context).map(Err),
        }
    }
}

impl AsyncWrite for Watched {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let poll = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.wrote(poll, context)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let poll = Pin::new(&mut this.stream).poll_write_vectored(context, slices);
        this.wrote(poll, context)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

/// A body whose end is the end of an answer.
struct Answering {
    body: Body,
    phase: Arc<AtomicU8>,
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.phase.store(Phase::Idle as u8, Ordering::Relaxed);
    }
}

impl hyper::body::Body for Answering {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_by_source_and_given_back() {
        let places = Arc::new(Places::default());
        let (one, two): (IpAddr, IpAddr) = ([10, 0, 0, 1].into(), [10, 0, 0, 2].into());
        let first = places.take(one, 1, 2);
        assert!(first.is_some());
        assert!(
            places.take("::ffff:10.0.0.1".parse().unwrap(), 1, 2).is_none(),
            "the same source in IPv6 clothes"
        );
        let _second = places.take(two, 1, 2).unwrap();
        assert!(places.take([10, 0, 0, 3].into(), 1, 2).is_none(), "the whole is full");
        drop(first);
        assert!(places.take(one, 1, 2).is_some());
    }
}
