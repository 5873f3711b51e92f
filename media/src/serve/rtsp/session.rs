//! One client's session: requests in, actions out (RFC 2326 §A.2). No sockets, no clock.
//!
//! The rim carries each [`Action`] out and reports back by [`Session::admitted`] or [`Session::bound`].

use super::{
    Refusal,
    credentials::{self, Authorization, Scheme},
    message::{Method, Request, Response},
    rtp::Origin,
    sdp,
    transport::Transport,
};
use crate::frame::{Format, Track};
use std::{fmt::Write, sync::Arc};

const METHODS: &str = "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER";
/// Challenges answered wrongly before the connection is closed.
const REFUSALS_MAX: u32 = 3;

/// What the rim is to do.
pub enum Action {
    Answer(Response),
    /// Answer, then close the connection.
    Close(Response),
    /// Ask the directory, wait for the format, then call [`Session::admitted`].
    Admit(Entry),
    /// Bind a UDP port pair, then call [`Session::bound`].
    Bind,
    /// Answer, then send media from the cached GOP on.
    Play(Response),
    /// Answer, then stop sending.
    Pause(Response),
}

/// What a client wants to be let in to.
pub struct Entry {
    pub path: String,
    pub query: Option<String>,
    pub method: String,
    pub authorization: Option<Authorization>,
}

/// A track that was set up.
pub struct SetTrack {
    pub track: Track,
    pub transport: Transport,
    pub origin: Origin,
}

/// Randomness for one session, given by the rim so that this module stays predictable.
pub struct Seed {
    pub session: String,
    pub nonce: String,
    /// Per track: SSRC, first sequence number, time stamp offset.
    pub origins: [(u32, u16, u32); 2],
}

/// See the module.
pub struct Session {
    seed: Seed,
    idle_seconds: u64,
    path: Option<String>,
    format: Option<Arc<Format>>,
    tracks: Vec<SetTrack>,
    pending: Option<Pending>,
    refusals: u32,
}

struct Pending {
    request: Request,
    target: Target,
}

/// A request's address, taken apart.
#[derive(Clone, Debug, PartialEq)]
struct Target {
    /// `rtsp://authority`, as the client wrote it.
    origin: String,
    path: String,
    query: Option<String>,
    track: Option<usize>,
}

impl Session {
    pub fn new(seed: Seed, idle_seconds: u64) -> Self {
        Self { seed, idle_seconds, path: None, format: None, tracks: Vec::new(), pending: None, refusals: 0 }
    }

    pub fn nonce(&self) -> &str {
        &self.seed.nonce
    }

    pub fn format(&self) -> Option<&Arc<Format>> {
        self.format.as_ref()
    }

    /// The tracks set up so far.
    pub fn tracks(&self) -> &[SetTrack] {
        &self.tracks
    }

    /// Takes one request. The answer to it comes out before the next is taken.
    pub fn request(&mut self, request: Request) -> Action {
        if request.method == Method::Options {
            return Action::Answer(self.reply(&request, 200).with("Public", METHODS));
        }
        if request.header("session").is_some_and(|shown| session_id(shown) != self.seed.session) {
            return Action::Answer(self.reply(&request, 454));
        }
        match request.method {
            Method::Describe | Method::Setup => self.entry(request),
            Method::Play if self.tracks.is_empty() => Action::Answer(self.reply(&request, 455)),
            Method::Play => Action::Play(self.reply(&request, 200).with("Range", "npt=now-")),
            Method::Pause => Action::Pause(self.reply(&request, 200)),
            Method::Teardown => Action::Close(self.reply(&request, 200)),
            Method::GetParameter | Method::SetParameter => Action::Answer(self.reply(&request, 200)),
            Method::Options | Method::Other => {
                Action::Answer(self.reply(&request, 501).with("Public", METHODS))
            }
        }
    }

    fn entry(&mut self, request: Request) -> Action {
        let Some(target) = Target::parse(&request.target) else {
            return Action::Answer(self.reply(&request, 400));
        };
        if self.path.as_deref() == Some(target.path.as_str()) && self.format.is_some() {
            return self.proceed(request, &target);
        }
        if !self.tracks.is_empty() {
            return Action::Answer(self.reply(&request, 455)); // one stream a connection
        }
        let entry = Entry {
            path: target.path.clone(),
            query: target.query.clone(),
            method: request.word.clone(),
            authorization: request.header("authorization").and_then(Authorization::parse),
        };
        self.pending = Some(Pending { request, target });
        Action::Admit(entry)
    }

    /// The directory's decision on the last [`Action::Admit`].
    pub fn admitted(
        &mut self,
        decision: Result<Arc<Format>, Refusal>,
        realm: &str,
        schemes: &[Scheme],
    ) -> Action {
        let Some(Pending { request, target }) = self.pending.take() else {
            return Action::Close(Response::new(400));
        };
        match decision {
            Ok(format) => {
                self.path = Some(target.path.clone());
                self.format = Some(format);
                self.proceed(request, &target)
            }
            Err(Refusal::Unauthorized) => self.challenge(&request, realm, schemes),
            Err(Refusal::Forbidden) => Action::Answer(self.reply(&request, 403)),
            Err(Refusal::NotFound) => Action::Answer(self.reply(&request, 404)),
            Err(Refusal::Busy) => Action::Answer(self.reply(&request, 453)),
            Err(Refusal::Unavailable) => Action::Answer(self.reply(&request, 503)),
        }
    }

    fn challenge(&mut self, request: &Request, realm: &str, schemes: &[Scheme]) -> Action {
        let mut response = self.reply(request, 401);
        for challenge in credentials::challenges(realm, &self.seed.nonce, schemes) {
            response = response.with("WWW-Authenticate", challenge);
        }
        if request.header("authorization").is_some() {
            self.refusals += 1;
        }
        if self.refusals >= REFUSALS_MAX { Action::Close(response) } else { Action::Answer(response) }
    }

    fn proceed(&mut self, request: Request, target: &Target) -> Action {
        if request.method == Method::Setup {
            return self.set_up(request, target);
        }
        let Some(format) = &self.format else { return Action::Answer(self.reply(&request, 455)) };
        let body = sdp::describe(format, &target.path);
        let response =
            self.reply(&request, 200).with("Content-Base", format!("{}/{}/", target.origin, target.path));
        Action::Answer(response.with_body("application/sdp", body))
    }

    fn set_up(&mut self, request: Request, target: &Target) -> Action {
        let Some(format) = &self.format else { return Action::Answer(self.reply(&request, 455)) };
        let Some(&track) = sdp::tracks(format).get(target.track.unwrap_or(0)) else {
            return Action::Answer(self.reply(&request, 404));
        };
        if self.tracks.iter().any(|set| set.track == track) {
            return Action::Answer(self.reply(&request, 455));
        }
        let free = 2 * self.tracks.len() as u8;
        let Some(transport) = request.header("transport").and_then(|offers| Transport::choose(offers, free))
        else {
            return Action::Answer(self.reply(&request, 461));
        };
        let (ssrc, sequence, offset) = self.seed.origins[usize::from(track == Track::Audio)];
        self.tracks.push(SetTrack { track, transport, origin: Origin { ssrc, sequence, offset } });
        if matches!(transport, Transport::Udp { .. }) {
            self.pending = Some(Pending { request, target: target.clone() });
            return Action::Bind;
        }
        Action::Answer(self.reply(&request, 200).with("Transport", transport.answer(ssrc, None)))
    }

    /// Our UDP ports for the last [`Action::Bind`], `None` when there are none to be had.
    pub fn bound(&mut self, ports: Option<(u16, u16)>) -> Action {
        let (Some(pending), Some(set)) = (self.pending.take(), self.tracks.last()) else {
            return Action::Close(Response::new(400));
        };
        if ports.is_none() {
            self.tracks.pop();
            return Action::Answer(self.reply(&pending.request, 503));
        }
        let answer = set.transport.answer(set.origin.ssrc, ports);
        Action::Answer(self.reply(&pending.request, 200).with("Transport", answer))
    }

    /// `RTP-Info` of a PLAY answer: first sequence number of each track. Time stamps come by sender reports.
    pub fn rtp_info(&self, target: &str, sequences: &[(Track, u16)]) -> String {
        let order = self.format.as_ref().map(|format| sdp::tracks(format)).unwrap_or_default();
        let target = target.split('?').next().unwrap_or_default().trim_end_matches('/');
        let mut text = String::new();
        for (track, sequence) in sequences {
            let index = order.iter().position(|other| other == track).unwrap_or(0);
            let comma = if text.is_empty() { "" } else { "," };
            let _ = write!(text, "{comma}url={target}/trackID={index};seq={sequence}");
        }
        text
    }

    fn reply(&self, request: &Request, status: u16) -> Response {
        let mut response = Response::new(status);
        if let Some(sequence) = request.header("cseq") {
            response = response.with("CSeq", sequence);
        }
        response = response.with("Server", "Mingjing");
        if self.tracks.is_empty() {
            return response;
        }
        response.with("Session", format!("{};timeout={}", self.seed.session, self.idle_seconds))
    }
}

fn session_id(header: &str) -> &str {
    header.split(';').next().unwrap_or_default().trim()
}

impl Target {
    /// `rtsp://host:port/path?query`, with `/trackID=n` at the end of path or query alike (players differ).
    fn parse(target: &str) -> Option<Self> {
        let scheme_end = target.find("://")? + 3;
        let path_start = target[scheme_end..].find('/').map_or(target.len(), |at| scheme_end + at);
        let (origin, rest) = target.split_at(path_start);
        let (rest, track) = match rest.rsplit_once("/trackID=") {
            Some((before, number)) => (before, Some(number.parse().ok()?)),
            None => (rest, None),
        };
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query.trim_end_matches('/').to_owned())),
            None => (rest, None),
        };
        Some(Self { origin: origin.to_owned(), path: path.trim_matches('/').to_owned(), query, track })
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
