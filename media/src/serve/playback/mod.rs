//! Playback: the player pulls tables, bytes and key frames of recorded segments within one session.
//!
//! [`session`] opened by a ticket; [`library`] finds files by id; [`table`] and [`moof`] say what is in them;
//! [`pieces`] cuts and converts; [`range`] and [`body`] serve bytes. HLS of recordings is [`super::hls`]'s.
//! Files are read off the async threads, a bounded number at a time.

pub mod body;
pub mod library;
pub mod moof;
pub mod pieces;
pub mod range;
pub mod session;
pub mod table;

use super::{
    Body, Serving, full,
    http::Connection,
    problem::Problem,
    route::{self, Asked},
};
use crate::mux::{AudioCarriage, codecs, mime};
use crate::record::place::SegmentName;
use bytes::Bytes;
use hyper::{
    Method, Response, StatusCode,
    header::{self, HeaderName, HeaderValue},
};
use library::Library;
use serde_json::json;
use session::{Session, Sessions, Use};
use std::{fs::File, io, path::PathBuf, sync::Arc};
use table::Table;
use tokio::sync::Semaphore;

/// Reads of recordings that run at once; the others wait their turn.
const READS: usize = 16;

/// What playback keeps. One for the plane.
pub struct Playback {
    pub library: Arc<Library>,
    pub sessions: Arc<Sessions>,
    pub reads: Arc<Semaphore>,
}

impl Playback {
    pub fn new(roots: Vec<PathBuf>) -> Self {
        Self {
            library: Arc::new(Library::new(roots)),
            sessions: Arc::default(),
            reads: Arc::new(Semaphore::new(READS)),
        }
    }

    /// Does blocking work on the library when it is its turn.
    pub async fn work<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Library) -> io::Result<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let _turn = self.reads.acquire().await.map_err(|_| Problem::Closing)?;
        let library = self.library.clone();
        let done = tokio::task::spawn_blocking(move || job(&library)).await;
        done.map_err(|_| Problem::Internal)?.map_err(|why| match why.kind() {
            io::ErrorKind::NotFound => Problem::NotFound,
            io::ErrorKind::InvalidInput => Problem::RangeNotSatisfiable,
            _ => Problem::Internal,
        })
    }

    /// Opens a segment that the session may see something of.
    pub async fn segment(&self, session: &Session, stream: &str, stem: &str) -> Result<Opened, Problem> {
        if stream != session.stream() {
            return Err(Problem::NotFound);
        }
        let id = SegmentName::from_stem(stream, stem).ok_or(Problem::NotFound)?;
        let (file, table) = self.work(move |library| library.open(&id)).await?;
        let (from_us, until_us) = session.range_us();
        let within = table.within(from_us, until_us);
        if within.is_empty() { Err(Problem::NotFound) } else { Ok(Opened { file, table, within }) }
    }
}

/// A segment, and the fragments of it that the session may see.
pub struct Opened {
    pub file: File,
    pub table: Arc<Table>,
    pub within: std::ops::Range<usize>,
}

/// `POST /play`: a ticket becomes a session.
pub fn open(
    serving: &Arc<Serving>,
    connection: &Connection,
    request: &Asked,
) -> Result<Response<Body>, Problem> {
    if request.method() != Method::POST {
        return Err(Problem::MethodNotAllowed);
    }
    let session = admit(serving, connection, request, None)?;
    let idle_us = session::IDLE.as_micros() as i64;
    let end_us = session.delivery.claims().end_by_us.unwrap_or(i64::MAX);
    let expires_us = end_us.min(serving.clock.wall_us() + idle_us);
    Ok(answer("application/json", json!({"session": session.id, "expires_us": expires_us}).to_string()))
}

/// `POST /play/end`: the player closes; without it the session would linger until it is idle.
pub fn close(serving: &Serving, request: &Asked) -> Result<Response<Body>, Problem> {
    if request.method() != Method::POST {
        return Err(Problem::MethodNotAllowed);
    }
    shown(serving, request)?.delivery.stop(super::delivery::Reason::Left);
    Ok(answer("application/json", "{}"))
}

/// Uses a ticket up for a session, of `stream` where the address names one.
pub fn admit(
    serving: &Serving,
    connection: &Connection,
    request: &Asked,
    stream: Option<&str>,
) -> Result<Arc<Session>, Problem> {
    let ticket = route::ticket(request).ok_or(Problem::TicketMissing)?;
    let claims = serving.desk.read(&ticket)?;
    let purpose = match claims.kind.as_str() {
        "playback" => Use::Playback,
        "keyframes" => Use::KeyFrames,
        "hls" => Use::Live,
        _ => return Err(Problem::NotFound),
    };
    let delivery = serving.desk.admit(&ticket, &claims.kind, stream, connection.peer)?;
    serving.play.sessions.open(purpose, delivery).ok_or(Problem::Internal)
}

fn shown(serving: &Serving, request: &Asked) -> Result<Arc<Session>, Problem> {
    let id = route::authorization(request.headers(), "Session").ok_or(Problem::TicketMissing)?;
    serving.play.sessions.find(&id).ok_or(Problem::TicketRefused)
}

/// `GET /play/segment/{stream}/{start_us}-{sequence}/(table|bytes|key)`; `rest` is what follows `segment/`.
pub async fn segment(serving: &Serving, request: &Asked, rest: &str) -> Result<Response<Body>, Problem> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(Problem::MethodNotAllowed);
    }
    let session = shown(serving, request)?;
    let mut parts = rest.split('/');
    let (Some(stream), Some(stem), Some(what), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Problem::NotFound);
    };
    let opened = serving.play.segment(&session, stream, stem).await?;
    let flac = route::query(request, "audio").as_deref() == Some("flac");
    match (what, session.purpose) {
        ("table", Use::Playback | Use::KeyFrames) => Ok(table(&opened, &session, flac)),
        ("key", Use::Playback | Use::KeyFrames) => key(serving, request, opened, &session).await,
        ("bytes", Use::Playback) => {
            let header = request.headers().get(header::RANGE).map(|value| value.to_str().unwrap_or("="));
            let asked = range::parse(header, opened.table.bytes);
            if flac && pieces::needs_flac(&opened.table.format) {
                return converted(serving, opened, &session, asked).await;
            }
            bytes(serving, opened, &session, asked)
        }
        _ => Err(Problem::NotFound),
    }
}

fn table(opened: &Opened, session: &Session, flac: bool) -> Response<Body> {
    let (table, within) = (&opened.table, &opened.within);
    let carriage = if flac { AudioCarriage::ForBrowsers } else { AudioCarriage::Original };
    let fragments = table.fragments[within.clone()]
        .iter()
        .map(|one| json!([one.start_us, one.duration_us, one.offset, one.bytes, one.key]));
    let keys = table.keys.iter().filter(|key| within.contains(&key.fragment));
    let keys = keys.map(|key| json!([key.wall_us, key.fragment - within.start]));
    let text = json!({
        "mime": mime(&table.format, carriage),
        "codecs": codecs(&table.format, carriage),
        "timescale": crate::frame::TICKS_PER_SECOND,
        "start_us": table.start_us,
        "end_us": table.end_us(),
        "init": [table.init.0, table.init.1 - table.init.0],
        "fragments": fragments.collect::<Vec<_>>(),
        "keys": keys.collect::<Vec<_>>(),
    })
    .to_string();
    session.delivery.sent(text.len() as u64);
    answer("application/json", text)
}

async fn key(
    serving: &Serving,
    request: &Asked,
    opened: Opened,
    session: &Session,
) -> Result<Response<Body>, Problem> {
    let at_us: i64 = route::query(request, "at").and_then(|at| at.parse().ok()).ok_or(Problem::BadRequest)?;
    let with_init = route::query(request, "init").as_deref() == Some("1");
    let Opened { file, table, within } = opened;
    let key =
        table.key_at(at_us).filter(|key| within.contains(&key.fragment)).ok_or(Problem::NotFound)?.clone();
    let wall_us = key.wall_us;
    let picture = serving.play.work(move |_| pieces::picture(&file, &table, &key, with_init)).await?;
    session.delivery.sent(picture.len() as u64);
    let mut answer = answer("video/mp4", picture);
    answer.headers_mut().insert(HeaderName::from_static("mingjing-wall-us"), HeaderValue::from(wall_us));
    Ok(answer)
}

/// Part of the file as it is.
fn bytes(
    serving: &Serving,
    opened: Opened,
    session: &Arc<Session>,
    asked: range::Asked,
) -> Result<Response<Body>, Problem> {
    let (from, to, status) = match asked {
        range::Asked::Whole => (0, opened.table.bytes, StatusCode::OK),
        range::Asked::Part(from, to) => (from, to, StatusCode::PARTIAL_CONTENT),
        range::Asked::Unsatisfiable => return Err(Problem::RangeNotSatisfiable),
    };
    if !pieces::may_read(&opened.table, &opened.within, from, to) {
        return Err(Problem::RangeNotSatisfiable);
    }
    let length = opened.table.bytes;
    let body = body::file_part(opened.file, from, to, session.clone(), serving.play.reads.clone());
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("video/mp4"));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if status == StatusCode::PARTIAL_CONTENT {
        let range = format!("bytes {from}-{}/{length}", to - 1);
        headers.insert(header::CONTENT_RANGE, HeaderValue::try_from(range).map_err(|_| Problem::Internal)?);
    }
    Ok(answer)
}

/// The init, or whole fragments, with G.711 as FLAC. Answered with 200: lengths are not the file's.
async fn converted(
    serving: &Serving,
    opened: Opened,
    session: &Session,
    asked: range::Asked,
) -> Result<Response<Body>, Problem> {
    let Opened { file, table, within } = opened;
    let range::Asked::Part(from, to) = asked else { return Err(Problem::RangeNotSatisfiable) };
    let made = if (from, to) == table.init {
        pieces::init(&table.format)
    } else {
        let run =
            pieces::run(&table, from, to).filter(|run| run.start >= within.start && run.end <= within.end);
        let run = run.ok_or(Problem::RangeNotSatisfiable)?;
        serving.play.work(move |_| pieces::media(&file, &table, run)).await?
    };
    session.delivery.sent(made.len() as u64);
    Ok(answer("video/mp4", made))
}

/// 200 with a body that is there.
pub fn answer(kind: &'static str, body: impl Into<Bytes>) -> Response<Body> {
    let mut answer = Response::new(full(body));
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    answer
}
