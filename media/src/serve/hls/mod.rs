//! HLS: live with parts and blocking reload (low latency), and recordings of a range.
//!
//! A ticket buys a redirect to an unguessable path; playlists, init segments, parts and segments are
//! children of it and need nothing else, as players cannot send headers. The path dies with its session.
//! `packager` cuts live units, `playlist` writes text, `live` holds a running stream.

pub mod live;
pub mod packager;
pub mod playlist;

use super::{
    Body, Serving, full,
    http::Connection,
    playback::{
        self, pieces,
        session::{Session, Use},
    },
    problem::Problem,
    route::{self, Asked},
};
use hyper::{
    Method, Response, StatusCode,
    header::{self, HeaderValue},
};
use live::LiveHls;
use std::sync::Arc;

const PLAYLIST: &str = "application/vnd.apple.mpegurl";
const MEDIA: &str = "video/mp4";

/// `/hls/{stream}/index.m3u8` with a ticket, and everything below `/hls/s/` and `/hls/v/`. `rest` is what
/// follows `/hls/`.
pub async fn answer(
    serving: &Arc<Serving>,
    connection: &Connection,
    request: &Asked,
    rest: &str,
) -> Result<Response<Body>, Problem> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(Problem::MethodNotAllowed);
    }
    let parts: Vec<&str> = rest.split('/').collect();
    match parts[..] {
        ["s", id, name] => {
            let session = find(serving, id, Use::Live)?;
            let answer = live_child(serving, &session, request, name).await;
            answer.map(|(kind, bytes)| counted(&session, kind, bytes))
        }
        ["v", id, "index.m3u8"] => {
            let session = find(serving, id, Use::Playback)?;
            let text = recorded_playlist(serving, &session, request).await?;
            Ok(counted(&session, PLAYLIST, text.into()))
        }
        ["v", id, stem, name] => {
            let session = find(serving, id, Use::Playback)?;
            let bytes = recorded_child(serving, &session, stem, name).await?;
            Ok(counted(&session, MEDIA, bytes))
        }
        [stream, "index.m3u8"] => {
            let session = playback::admit(serving, connection, request, Some(stream))?;
            if session.purpose != Use::Live {
                session.delivery.stop(super::delivery::Reason::Error);
                return Err(Problem::NotFound);
            }
            redirect(&format!("/hls/s/{}/index.m3u8", session.id))
        }
        _ => Err(Problem::NotFound),
    }
}

/// `/play/hls/{stream}/index.m3u8?from=&until=` with a ticket: recordings of a range.
pub fn recorded(
    serving: &Arc<Serving>,
    connection: &Connection,
    request: &Asked,
    rest: &str,
) -> Result<Response<Body>, Problem> {
    let stream = rest.strip_suffix("/index.m3u8").ok_or(Problem::NotFound)?;
    let (from, until) = (moment(request, "from")?, moment(request, "until")?);
    let session = playback::admit(serving, connection, request, Some(stream))?;
    if session.purpose != Use::Playback {
        session.delivery.stop(super::delivery::Reason::Error);
        return Err(Problem::NotFound);
    }
    redirect(&format!("/hls/v/{}/index.m3u8?from={from}&until={until}", session.id))
}

fn find(serving: &Serving, id: &str, purpose: Use) -> Result<Arc<Session>, Problem> {
    serving.play.sessions.find(id).filter(|session| session.purpose == purpose).ok_or(Problem::NotFound)
}

fn moment(request: &Asked, name: &str) -> Result<i64, Problem> {
    let text = route::query(request, name).ok_or(Problem::BadRequest)?;
    text.parse().ok().filter(|at| *at >= 0).ok_or(Problem::BadRequest)
}

fn redirect(to: &str) -> Result<Response<Body>, Problem> {
    let mut answer = Response::new(full(""));
    *answer.status_mut() = StatusCode::FOUND;
    answer.headers_mut().insert(header::LOCATION, HeaderValue::try_from(to).map_err(|_| Problem::Internal)?);
    Ok(answer)
}

fn counted(session: &Session, kind: &'static str, bytes: bytes::Bytes) -> Response<Body> {
    session.delivery.sent(bytes.len() as u64);
    playback::answer(kind, bytes)
}

async fn live_child(
    serving: &Serving,
    session: &Session,
    request: &Asked,
    name: &str,
) -> Result<(&'static str, bytes::Bytes), Problem> {
    let hls = LiveHls::of(serving, session).ok_or(Problem::NotFound)?;
    let work = async {
        if name == "index.m3u8" {
            let wanted = live::wanted(request)?;
            return hls.playlist(wanted).await.map(|text| (PLAYLIST, text.into()));
        }
        hls.media(name).await.map(|bytes| (MEDIA, bytes))
    };
    tokio::select! {
        answer = work => answer,
        _ = session.delivery.stopped() => Err(Problem::NotFound),
    }
}

async fn recorded_playlist(serving: &Serving, session: &Session, request: &Asked) -> Result<String, Problem> {
    let (least_us, most_us) = session.range_us();
    let from_us = moment(request, "from")?.max(least_us);
    let until_us = moment(request, "until")?.min(most_us);
    if from_us >= until_us {
        return Err(Problem::NotFound);
    }
    let stream = session.stream().to_owned();
    let work = move |library: &playback::library::Library| {
        let mut files = Vec::new();
        for id in library.list(&stream, from_us, until_us) {
            // A segment that is gone or damaged is a gap; the rest still plays.
            let Ok((_, table)) = library.open(&id) else { continue };
            let within = table.within(from_us, until_us);
            if !within.is_empty() {
                files.push((id.stem(), table, within));
            }
        }
        let rows = files.iter().map(|(name, table, within)| (name.clone(), &**table, within.clone()));
        Ok((!files.is_empty()).then(|| playlist::recorded(rows)))
    };
    serving.play.work(work).await?.ok_or(Problem::NotFound)
}

/// `init.mp4`, or `{first fragment}-{count}.m4s`.
async fn recorded_child(
    serving: &Serving,
    session: &Session,
    stem: &str,
    name: &str,
) -> Result<bytes::Bytes, Problem> {
    let opened = serving.play.segment(session, session.stream(), stem).await?;
    if name == "init.mp4" {
        return Ok(pieces::init(&opened.table.format));
    }
    let run = name.strip_suffix(".m4s").and_then(|run| run.split_once('-')).ok_or(Problem::NotFound)?;
    let (Ok(first), Ok(count)) = (run.0.parse::<usize>(), run.1.parse::<usize>()) else {
        return Err(Problem::NotFound);
    };
    let run = first..first.checked_add(count).ok_or(Problem::NotFound)?;
    if count == 0 || run.start < opened.within.start || run.end > opened.within.end {
        return Err(Problem::NotFound);
    }
    let playback::Opened { file, table, .. } = opened;
    serving.play.work(move |_| pieces::media(&file, &table, run)).await
}
