//! One attempt to play one camera stream: OPTIONS → DESCRIBE → SETUP… → PLAY → keep alive → TEARDOWN.
//!
//! Sans-IO: the engine brings bytes and time and does what [`Output`] asks. What a camera answers is
//! judged in [`super::answers`]; media goes to [`MediaTracks`].

use super::{
    digest::{Answer, Challenge},
    message::{Framer, Message, Start, Step, write_request, write_response},
    sdp::Choice,
    transport::offers,
    url::RtspUrl,
};
use crate::{
    clock::Now,
    event::{Cause, Leg},
    frame::{AccessUnit, Track},
    ingest::{legs::Legs, media::MediaTracks, rtp::is_rtcp_type},
};
use std::{collections::VecDeque, net::IpAddr};

/// What a session must know.
#[derive(Clone, Debug)]
pub struct SessionConfig {
    pub url: RtspUrl,
    pub user: Option<String>,
    pub password: String,
    pub allow_basic: bool,
    /// Off for a camera that reset the last connection when asked for its options.
    pub ask_options: bool,
    pub audio: bool,
    /// Transport to begin with, and whether the other may be tried.
    pub first: Lower,
    pub other_allowed: bool,
    pub silent_ms: u32,
    pub key_frame_ms: u32,
    pub answer_ms: u32,
    /// Unpredictable; for client nonces and our SSRC.
    pub seed: u64,
}

/// What carries the packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lower {
    Tcp,
    Udp,
}

impl Lower {
    pub fn other(self) -> Self {
        match self {
            Self::Tcp => Self::Udp,
            Self::Udp => Self::Tcp,
        }
    }
}

/// What the engine is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Send on the control connection.
    Send(Vec<u8>),
    /// Bind an even/odd pair for the track and answer with [`Session::udp_bound`].
    BindUdp(Track),
    /// The camera sends from and listens on these ports of its address, as far as it says.
    UdpPeer {
        track: Track,
        ports: Option<(u16, u16)>,
        /// Another address that the camera says it sends from; to be judged before it is believed.
        source: Option<IpAddr>,
    },
    SendUdp {
        track: Track,
        rtcp: bool,
        bytes: Vec<u8>,
    },
    /// Close the control connection, connect again (to this port of the same host), then
    /// [`Session::connected`].
    Reconnect {
        port: u16,
    },
}

/// Why an attempt is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    pub cause: Cause,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Connecting,
    Options,
    Describe,
    SetUp(Track),
    Binding(Track),
    Play,
    Playing,
    Over,
}

#[derive(Clone, Debug)]
pub(super) struct Pending {
    pub method: &'static str,
    pub uri: String,
    pub fields: Vec<(&'static str, String)>,
    pub cseq: u32,
    pub sent_us: i64,
    pub authenticated_with: Option<Challenge>,
    pub tries: u32,
}

/// A track as it is being set up.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub track: Track,
    /// Addresses to try, likeliest first.
    pub controls: Vec<String>,
    pub at: usize,
    pub channel: u8,
}

/// See the module.
#[derive(Debug)]
pub struct Session {
    pub(super) config: SessionConfig,
    pub(super) phase: Phase,
    pub(super) legs: Legs,
    pub(super) media: MediaTracks,
    pub(super) framer: Framer,
    pub(super) outputs: VecDeque<Output>,
    pub(super) pending: Option<Pending>,
    pub(super) cseq: u32,
    pub(super) last_answered: u32,
    /// Requests that were given up; their answers may still come.
    pub(super) given_up: Vec<u32>,
    /// The camera's sequence numbers are not ours.
    pub(super) cseq_senseless: bool,
    pub(super) url: RtspUrl,
    pub(super) base: String,
    pub(super) play_uris: Vec<(String, bool)>,
    pub(super) play_at: usize,
    pub(super) lower: Lower,
    pub(super) changed_lower: bool,
    pub(super) wanted: Vec<Wanted>,
    pub(super) choice: Choice,
    pub(super) session_id: Option<String>,
    /// The last that any answer named; some cameras name it early, or another at each SETUP.
    pub(super) session_named: Option<String>,
    pub(super) timeout_s: u32,
    pub(super) keepalive: &'static str,
    pub(super) challenges: Vec<Challenge>,
    pub(super) challenge: Option<Challenge>,
    pub(super) nonce_count: u32,
    /// Field that carries the answer to the challenge.
    pub(super) credentials_field: &'static str,
    pub(super) channels: [Option<(Track, bool)>; 256],
    pub(super) redirects: u32,
    pub(super) reconnects: u32,
    /// The camera reset the connection instead of naming its options.
    options_reset: bool,
    pub(super) last_receive_us: i64,
    pub(super) set_up_us: i64,
    pub(super) play_us: i64,
    pub(super) keepalive_us: i64,
    pub(super) report_us: i64,
    pub(super) control_lost: bool,
    end: Option<End>,
}

/// A half-read answer that nothing follows for so long is all there is: one whose end only silence tells,
/// and one that promised more.
const QUIET_MS: i64 = 700;
const QUIET_PROMISED_MS: i64 = 3_000;
const AGENT: &str = "Mingjing/0.1";

impl Session {
    pub fn new(config: SessionConfig, legs: Legs) -> Self {
        let url = config.url.clone();
        Self {
            phase: Phase::Connecting,
            legs,
            media: MediaTracks::new(),
            framer: Framer::default(),
            outputs: VecDeque::new(),
            pending: None,
            cseq: 0,
            last_answered: 0,
            given_up: Vec::new(),
            cseq_senseless: false,
            base: url.text.clone(),
            url,
            play_uris: Vec::new(),
            play_at: 0,
            lower: config.first,
            changed_lower: false,
            wanted: Vec::new(),
            choice: Choice::default(),
            session_id: None,
            session_named: None,
            timeout_s: 60,
            keepalive: "OPTIONS",
            challenges: Vec::new(),
            challenge: None,
            nonce_count: 0,
            credentials_field: "Authorization",
            channels: [None; 256],
            redirects: 0,
            reconnects: 0,
            options_reset: false,
            last_receive_us: 0,
            set_up_us: 0,
            play_us: 0,
            keepalive_us: 0,
            report_us: 0,
            control_lost: false,
            end: None,
            config,
        }
    }

    /// The control connection stands (again).
    pub fn connected(&mut self, now: Now) {
        self.legs.reached(Leg::Connected, now);
        self.last_receive_us = now.mono_us;
        self.framer = Framer::default();
        match self.pending.take() {
            Some(pending) => self.send_again(pending, now),
            None if !self.config.ask_options => {
                self.phase = Phase::Describe;
                self.send_again(self.description(), now);
            }
            None => {
                self.phase = Phase::Options;
                let uri = self.url.text.clone();
                self.request("OPTIONS", uri, Vec::new(), now);
            }
        }
    }

    pub fn legs(&self) -> &Legs {
        &self.legs
    }

    pub fn legs_mut(&mut self) -> &mut Legs {
        &mut self.legs
    }

    pub fn media(&self) -> &MediaTracks {
        &self.media
    }

    pub fn media_mut(&mut self) -> &mut MediaTracks {
        &mut self.media
    }

    pub fn lower(&self) -> Lower {
        self.lower
    }

    pub fn end(&self) -> Option<End> {
        self.end
    }

    pub fn is_playing(&self) -> bool {
        self.phase == Phase::Playing
    }

    pub fn next_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// Ends the attempt; only the first cause counts.
    pub fn fail(&mut self, cause: Cause, now: Now) {
        if self.end.is_none() {
            self.legs.failed(cause, now);
            self.end = Some(End { cause });
        }
    }

    /// Bytes of the control connection; answers how many are used up. The caller keeps the rest and
    /// shows it again with what follows.
    pub fn receive(&mut self, buffer: &[u8], now: Now, units: &mut Vec<AccessUnit>) -> usize {
        self.last_receive_us = now.mono_us;
        let mut from = 0;
        while self.end.is_none() {
            match self.framer.next(&buffer[from..], &mut self.media.oddities) {
                Step::Need => break,
                Step::Used(used) => from += used,
                Step::Packet { used, channel, payload } => {
                    self.interleaved(channel, payload, now, units);
                    from += used;
                }
                Step::Message { used, message } => {
                    from += used;
                    self.message(message, now);
                }
            }
        }
        from
    }

    /// One datagram of a track.
    pub fn receive_udp(
        &mut self,
        track: Track,
        rtcp: bool,
        bytes: &[u8],
        now: Now,
        units: &mut Vec<AccessUnit>,
    ) {
        if rtcp {
            self.media.rtcp(track, bytes, now);
        } else {
            self.media.rtp(track, bytes, now, units);
        }
        self.note_progress(now);
    }

    fn interleaved(&mut self, channel: u8, payload: &[u8], now: Now, units: &mut Vec<AccessUnit>) {
        let is_rtcp = payload.get(1).copied().is_some_and(is_rtcp_type);
        match self.channels[usize::from(channel)] {
            Some((track, _)) if is_rtcp => self.media.rtcp(track, payload, now),
            Some((track, rtcp)) => {
                if rtcp {
                    self.media.oddities.count("rtp_on_rtcp_channel");
                }
                // The packet's own type knows better than its channel whose it is.
                let track = self.media.track_of(payload, Some(track)).unwrap_or(track);
                self.media.rtp(track, payload, now, units);
            }
            None => {
                self.media.oddities.count("channel_unexpected");
                let none_yet = self.media.progress().video_packets == 0;
                let track = self.media.track_of(payload, None).or(none_yet.then_some(Track::Video));
                if let Some(track) = track.filter(|_| !is_rtcp) {
                    self.media.rtp(track, payload, now, units);
                }
            }
        }
        self.note_progress(now);
    }

    fn note_progress(&mut self, now: Now) {
        if self.legs.is_reached(Leg::Decodable) {
            return;
        }
        let progress = *self.media.progress();
        if progress.packets > 0 && !self.legs.is_reached(Leg::FirstPacket) {
            self.legs.reached(Leg::FirstPacket, now);
        }
        if progress.key_frames > 0 && !self.legs.is_reached(Leg::FirstKeyFrame) {
            self.legs.reached(Leg::FirstKeyFrame, now);
        }
        if progress.frames > 0 {
            self.legs.reached(Leg::Decodable, now);
        }
    }

    fn message(&mut self, message: Message, now: Now) {
        match &message.start {
            Start::Request { method, .. } => self.answer_request(method.clone(), &message, now),
            Start::Response { status: 100..=199, .. } => {}
            Start::Response { status, reason, http } => {
                // A camera whose own web server writes the status line still answers the request by its
                // number; a web server does not know the number.
                if *http && message.headers.get("CSeq").is_some() {
                    self.media.oddities.count("status_line_of_http");
                } else if *http {
                    self.legs.note(Leg::Authenticated, &format!("HTTP {status} {reason}"));
                    return self.fail(Cause::NotRtsp, now);
                }
                let (status, reason) = (*status, reason.clone());
                self.response(status, &reason, &message, now);
            }
        }
    }

    fn answer_request(&mut self, method: String, message: &Message, now: Now) {
        self.media.oddities.count("request_from_camera");
        let cseq = message.headers.get("CSeq").unwrap_or("0").to_owned();
        let fields = [("CSeq", cseq.as_str()), ("Public", "OPTIONS, GET_PARAMETER, SET_PARAMETER")];
        let bytes = match method.as_str() {
            "OPTIONS" => write_response(200, "OK", &fields),
            "GET_PARAMETER" | "SET_PARAMETER" | "ANNOUNCE" | "PLAY_NOTIFY" | "REDIRECT" => {
                write_response(200, "OK", &fields[..1])
            }
            "TEARDOWN" => {
                self.outputs.push_back(Output::Send(write_response(200, "OK", &fields[..1])));
                return self.fail(Cause::ClosedByCamera, now);
            }
            _ => write_response(501, "Not Implemented", &fields[..1]),
        };
        self.outputs.push_back(Output::Send(bytes));
    }

    pub(super) fn request(
        &mut self,
        method: &'static str,
        uri: String,
        fields: Vec<(&'static str, String)>,
        now: Now,
    ) {
        let pending =
            Pending { method, uri, fields, cseq: 0, sent_us: 0, authenticated_with: None, tries: 0 };
        self.send_again(pending, now);
    }

    /// Sends with a fresh sequence number and the credentials in force.
    pub(super) fn send_again(&mut self, mut pending: Pending, now: Now) {
        self.cseq += 1;
        pending.cseq = self.cseq;
        pending.sent_us = now.mono_us;
        pending.tries += 1;
        let authorization = self.authorization(pending.method, &pending.uri);
        pending.authenticated_with = authorization.as_ref().and(self.challenge.clone());
        let cseq = self.cseq.to_string();
        let mut fields = vec![("CSeq", cseq.as_str()), ("User-Agent", AGENT)];
        fields.extend(pending.fields.iter().map(|(name, value)| (*name, value.as_str())));
        if let Some(id) = self
            .session_id
            .as_deref()
            .filter(|_| !matches!(pending.method, "OPTIONS" | "DESCRIBE") || self.phase == Phase::Playing)
        {
            fields.push(("Session", id));
        }
        if let Some(authorization) = authorization.as_deref() {
            fields.push((self.credentials_field, authorization));
        }
        self.outputs.push_back(Output::Send(write_request(pending.method, &pending.uri, &fields)));
        self.framer.set_describing(pending.method == "DESCRIBE");
        self.pending = Some(pending);
    }

    fn authorization(&mut self, method: &str, uri: &str) -> Option<String> {
        let challenge = self.challenge.as_ref()?;
        self.nonce_count += 1;
        let client_nonce = format!("{:016x}", self.config.seed.rotate_left(17) ^ 0x6d69_6e67_6a69_6e67);
        Answer {
            user: self.config.user.as_deref()?,
            password: &self.config.password,
            method,
            uri,
            count: self.nonce_count,
            client_nonce: &client_nonce,
        }
        .to(challenge)
    }

    pub(super) fn set_playing(&mut self, now: Now) {
        if self.phase != Phase::Playing {
            self.phase = Phase::Playing;
            self.play_us = now.mono_us;
            self.keepalive_us = now.mono_us;
            self.report_us = now.mono_us;
        }
    }

    /// The other side closed the control connection.
    pub fn closed(&mut self, now: Now, reset: bool) {
        if let Some(message) = self.framer.flush(&mut self.media.oddities) {
            self.message(message, now);
        }
        if self.end.is_some() || matches!(self.outputs.back(), Some(Output::Reconnect { .. })) {
            return;
        }
        if self.phase == Phase::Playing && self.lower == Lower::Udp {
            self.media.oddities.count("control_closed_while_playing");
            self.control_lost = true;
            return;
        }
        let said_nothing = self.last_answered == 0 && self.pending.is_some();
        // A host or network that comes up resets without a word, too: it is left in peace until the next attempt.
        let down = reset && said_nothing;
        self.options_reset = down && self.phase == Phase::Options;
        if self.reconnects < 2 && self.pending.is_some() && self.phase != Phase::Playing && !down {
            self.reconnects += 1;
            self.media.oddities.count("closed_during_handshake");
            self.prepare_to_go_on();
            self.outputs.push_back(Output::Reconnect { port: self.url.port });
            return;
        }
        let cause = match (reset, said_nothing) {
            (_, true) => Cause::NotRtsp,
            (true, _) => Cause::ConnectionReset,
            (false, _) => Cause::ClosedByCamera,
        };
        self.fail(cause, now);
    }

    /// What to ask on the next connection, if the last ended on what was asked.
    fn prepare_to_go_on(&mut self) {
        match self.phase {
            // A camera that hangs up on OPTIONS may like DESCRIBE better.
            Phase::Options if self.challenge.is_none() => self.describe_after_reconnect(),
            Phase::SetUp(Track::Audio) => {
                self.media.oddities.count("audio_refused");
                self.config.audio = false;
                self.describe_after_reconnect();
            }
            // The session went with its connection.
            _ if self.session_id.is_some() => self.describe_after_reconnect(),
            _ => {}
        }
    }

    fn describe_after_reconnect(&mut self) {
        self.session_id = None;
        self.phase = Phase::Describe;
        self.pending = Some(self.description());
    }

    fn description(&self) -> Pending {
        Pending {
            method: "DESCRIBE",
            uri: self.url.text.clone(),
            fields: vec![("Accept", "application/sdp".into())],
            cseq: 0,
            sent_us: 0,
            authenticated_with: None,
            tries: 0,
        }
    }

    /// Time passes: to be called a few times a second.
    pub fn tick(&mut self, now: Now, units: &mut Vec<AccessUnit>) {
        if self.end.is_some() {
            return;
        }
        self.media.tick(now, units);
        let quiet_ms = if self.framer.is_open_ended() { QUIET_MS } else { QUIET_PROMISED_MS };
        if self.framer.is_half_read()
            && now.ms_since(self.last_receive_us) >= quiet_ms.min(i64::from(self.config.answer_ms) / 2)
            && let Some(message) = self.framer.flush(&mut self.media.oddities)
        {
            self.message(message, now);
        }
        self.watch_answer(now);
        if self.phase == Phase::Playing && self.end.is_none() {
            self.watch_media(now);
            self.keep_alive(now);
        }
    }

    /// Whether it ended because the camera reset the connection instead of naming its options.
    pub fn ended_on_options(&self) -> bool {
        self.options_reset
    }

    /// Whether the camera let us in by a digest.
    pub fn took_digest(&self) -> bool {
        let digest =
            self.challenge.as_ref().is_some_and(|challenge| matches!(challenge, Challenge::Digest { .. }));
        digest && self.legs.is_reached(Leg::Authenticated)
    }

    /// Says good-bye if there is somebody to say it to.
    pub fn tear_down(&mut self, now: Now) {
        if self.session_id.is_some() && self.phase != Phase::Over && !self.control_lost {
            let uri = self.play_uris.first().map_or_else(|| self.base.clone(), |(uri, _)| uri.clone());
            self.request("TEARDOWN", uri, Vec::new(), now);
        }
        self.phase = Phase::Over;
    }

    pub(super) fn learn_methods(&mut self, message: &Message) {
        let public = message.headers.get("Public").or_else(|| message.headers.get("Allow"));
        if public.is_some_and(|field| offers(field, "GET_PARAMETER")) {
            self.keepalive = "GET_PARAMETER";
        }
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
