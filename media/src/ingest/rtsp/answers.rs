//! What a session makes of each answer: the part of the state machine that knows cameras' habits.

use super::{
    digest::{Challenge, parse_challenges},
    message::Message,
    sdp::{Description, choose},
    session::{Lower, Output, Pending, Phase, Session, Wanted},
    transport::{Transport, is_rtp_info_sound, parse_session},
    url::{self, RtspUrl},
};
use crate::{
    clock::Now,
    event::{Cause, Leg},
    frame::Track,
    ingest::media::Patience,
};

impl Session {
    pub(super) fn response(&mut self, status: u16, reason: &str, message: &Message, now: Now) {
        let cseq = message.headers.get("CSeq").and_then(|text| text.trim().parse::<u32>().ok());
        let late = self.given_up.iter().position(|given_up| Some(*given_up) == cseq);
        if let Some(at) = late.filter(|_| message.body.is_empty()) {
            self.given_up.remove(at);
            return self.media.oddities.count("answer_late");
        }
        let Some(pending) = self.pending.take() else {
            return self.media.oddities.count("answer_unexpected");
        };
        // An old number on a description, or on a refusal of one, is no doubled answer: this camera does not
        // count.
        let describes = !message.body.is_empty() || !(200..300).contains(&status);
        if cseq.is_some_and(|cseq| cseq < pending.cseq) && pending.method == "DESCRIBE" && describes {
            self.cseq_senseless = true;
            self.given_up.clear();
        }
        let old = cseq.is_some_and(|cseq| cseq < pending.cseq && (1..=self.last_answered).contains(&cseq));
        if old && !self.cseq_senseless {
            self.media.oddities.count("answer_doubled");
            self.pending = Some(pending);
            return;
        }
        if cseq != Some(pending.cseq) {
            self.media.oddities.count("cseq_wrong");
        }
        self.last_answered = pending.cseq;
        if let Some((id, _)) = message.headers.get("Session").map(parse_session)
            && !id.is_empty()
        {
            self.session_named = Some(id);
        }
        if status == 401 || status == 407 {
            self.credentials_field = if status == 407 { "Proxy-Authorization" } else { "Authorization" };
            return self.challenged(pending, message, now);
        }
        if self.legs.is_reached(Leg::Connected)
            && (pending.method == "DESCRIBE" || pending.authenticated_with.is_some())
        {
            self.legs.reached(Leg::Authenticated, now);
        }
        let ends_nothing = matches!(self.phase, Phase::Playing | Phase::SetUp(Track::Audio));
        if (300..400).contains(&status) && status != 304 && !ends_nothing {
            return self.redirected(status, message, now);
        }
        let ok = (200..300).contains(&status);
        match self.phase {
            Phase::Options => {
                if ok {
                    self.learn_methods(message);
                } else {
                    self.media.oddities.count("options_refused");
                }
                self.describe(now);
            }
            Phase::Describe if ok => self.described(message, now),
            Phase::SetUp(track) if ok => self.track_set_up(track, message, now),
            Phase::SetUp(track) => self.set_up_refused(track, status, reason, now),
            Phase::Play if ok => self.play_answered(message, now),
            Phase::Play => self.play_refused(status, reason, now),
            Phase::Playing => self.keepalive_answered(status, pending.method),
            Phase::Describe => self.refused(status, reason, now),
            Phase::Connecting | Phase::Binding(_) | Phase::Over => {}
        }
    }

    fn challenged(&mut self, pending: Pending, message: &Message, now: Now) {
        let fields = ["WWW-Authenticate", "Proxy-Authenticate"];
        let offered = parse_challenges(fields.into_iter().flat_map(|name| message.headers.all(name)));
        for challenge in offered.iter().take(4) {
            self.legs.note(Leg::Authenticated, &format!("401 {}", challenge.describe()));
        }
        if self.phase == Phase::Playing {
            // A keep-alive that is refused ends nothing while pictures come.
            self.media.oddities.count("keepalive_challenged");
        }
        if self.config.user.is_none() {
            return match self.phase {
                Phase::Playing => {}
                // OPTIONS is a courtesy; whether a password is wanted, DESCRIBE will say.
                Phase::Options => {
                    self.media.oddities.count("options_refused");
                    self.describe(now);
                }
                _ => self.fail(Cause::AuthenticationMissing, now),
            };
        }
        let answered = pending.authenticated_with.as_ref();
        // A password that was right before is not wrong now: the camera takes each nonce once and does
        // not say so.
        let once = self.legs.is_reached(Leg::Authenticated)
            && pending.tries == 1
            && answered.is_some_and(|answered| !offered.contains(answered));
        if once {
            self.media.oddities.count("nonce_taken_once");
        }
        let stale = once || offered.iter().any(Challenge::is_stale);
        if let Some(answered) = answered.filter(|_| !stale) {
            // The strongest was refused. Cameras announce what they cannot do: try the next weaker once.
            let strength = answered.strength();
            self.challenges.retain(|challenge| challenge.strength() < strength);
        } else {
            self.challenges = offered.clone();
        }
        let hopeless = pending.tries > 5;
        if hopeless && self.phase == Phase::Playing {
            return;
        }
        if hopeless {
            return self.fail(Cause::WrongPassword, now);
        }
        let allow_basic = self.config.allow_basic;
        let speakable: Vec<Challenge> =
            self.challenges.iter().filter(|challenge| challenge.strength() > 0).cloned().collect();
        let usable = speakable.iter().find(|challenge| allow_basic || challenge.strength() > 1);
        let Some(chosen) = usable else {
            if self.phase == Phase::Playing {
                return;
            }
            let cause = if answered.is_some() {
                Cause::WrongPassword
            } else if speakable.is_empty() {
                Cause::AuthenticationUnsupported
            } else {
                Cause::BasicRefused
            };
            return self.fail(cause, now);
        };
        // The freshest nonce of the chosen kind.
        let fresh = offered.iter().find(|challenge| challenge.strength() == chosen.strength());
        self.challenge = Some(fresh.unwrap_or(chosen).clone());
        self.nonce_count = 0;
        let closing =
            message.headers.get("Connection").is_some_and(|text| text.eq_ignore_ascii_case("close"));
        if closing && self.reconnects < 3 && self.session_id.is_none() {
            self.reconnects += 1;
            self.pending = Some(pending);
            self.outputs.push_back(Output::Reconnect { port: self.url.port });
            return;
        }
        self.send_again(pending, now);
    }

    fn redirected(&mut self, status: u16, message: &Message, now: Now) {
        let target = message.headers.get("Location").map(url::clean).unwrap_or_default();
        self.legs.note(self.leg(), &format!("{status} to {target}"));
        let target = if target.starts_with('/') { url::join_root(&self.url.text, &target) } else { target };
        let target = url::without_credentials(&target);
        let same_host = RtspUrl::parse(&target).ok().filter(|target| target.is_same_host(&self.url));
        let Some(target) = same_host.filter(|_| self.redirects < 3) else {
            return self.fail(Cause::Redirected, now);
        };
        self.redirects += 1;
        self.url = target;
        self.base = self.url.text.clone();
        self.phase = Phase::Connecting;
        self.session_id = None;
        self.pending = None;
        self.outputs.push_back(Output::Reconnect { port: self.url.port });
    }

    fn refused(&mut self, status: u16, reason: &str, now: Now) {
        self.legs.note(self.leg(), &format!("{status} {reason}"));
        self.fail(cause_of(status), now);
    }

    pub(super) fn describe(&mut self, now: Now) {
        self.phase = Phase::Describe;
        let uri = self.url.text.clone();
        self.request("DESCRIBE", uri, vec![("Accept", "application/sdp".into())], now);
    }

    fn described(&mut self, message: &Message, now: Now) {
        let headers = &message.headers;
        self.base = url::base(headers.get("Content-Base"), headers.get("Content-Location"), &self.url.text);
        let Some(description) = Description::parse(&message.body, &mut self.media.oddities) else {
            self.legs.note(Leg::Described, &format!("{} bytes without a media line", message.body.len()));
            return self.fail(Cause::BadDescription, now);
        };
        self.choice = choose(&description, self.config.audio, &mut self.media.oddities);
        if self.choice.video.is_none() {
            let names = self.choice.unsupported_video.join(", ");
            if names.is_empty() {
                return self.fail(Cause::NoVideoTrack, now);
            }
            self.legs.note(Leg::Described, &format!("video codec {names}"));
            return self.fail(Cause::UnsupportedCodec, now);
        }
        self.legs.reached(Leg::Described, now);
        let aggregate = match description.control.as_deref().map(url::clean) {
            Some(control) if !control.is_empty() && control != "*" => {
                url::candidates(Some(&control), &self.base, &self.url.text).remove(0)
            }
            _ => self.base.clone(),
        };
        self.wanted.clear();
        let chosen = [(Track::Video, &self.choice.video), (Track::Audio, &self.choice.audio)];
        for (track, choice) in chosen {
            let Some((index, _)) = choice else { continue };
            let control = description.media[*index].control.as_deref();
            let controls = url::candidates(control, &self.base, &self.url.text);
            self.wanted.push(Wanted { track, controls, at: 0, channel: 2 * self.wanted.len() as u8 });
        }
        self.play_uris = vec![(aggregate.clone(), true), (aggregate, false), (self.url.text.clone(), false)];
        let frame_rate =
            self.choice.video.as_ref().and_then(|(index, _)| description.media[*index].frame_rate);
        self.prepare_media(frame_rate);
        self.set_up(Track::Video, now);
    }

    fn prepare_media(&mut self, frame_rate: Option<f64>) {
        let patience = if self.lower == Lower::Udp { Patience::UDP } else { Patience::TCP };
        if let Some((_, format)) = &self.choice.video {
            self.media.set_video(format, frame_rate, patience);
        }
        if let Some((_, format)) = &self.choice.audio {
            self.media.set_audio(format, patience);
        }
        self.channels = [None; 256];
        let agreed: Vec<(u8, Track)> =
            self.wanted.iter().map(|wanted| (wanted.channel, wanted.track)).collect();
        for (channel, track) in agreed {
            self.agree(channel, channel + 1, track);
        }
    }

    fn agree(&mut self, rtp: u8, rtcp: u8, track: Track) {
        self.channels[usize::from(rtp)] = Some((track, false));
        if rtcp != rtp {
            self.channels[usize::from(rtcp)] = Some((track, true));
        }
        self.framer.agree_channel(rtp);
        self.framer.agree_channel(rtcp);
    }

    pub(super) fn wanted(&self, track: Track) -> Option<&Wanted> {
        self.wanted.iter().find(|wanted| wanted.track == track)
    }

    fn set_up(&mut self, track: Track, now: Now) {
        if self.lower == Lower::Udp {
            self.phase = Phase::Binding(track);
            self.outputs.push_back(Output::BindUdp(track));
            return;
        }
        let Some(wanted) = self.wanted(track) else { return };
        let transport = format!("RTP/AVP/TCP;unicast;interleaved={}-{}", wanted.channel, wanted.channel + 1);
        self.send_set_up(track, transport, now);
    }

    /// Answer to [`Output::BindUdp`]: our ports, or `None` if none could be had.
    pub fn udp_bound(&mut self, track: Track, ports: Option<(u16, u16)>, now: Now) {
        let Some((rtp, rtcp)) = ports else {
            self.legs.note(Leg::SetUp, "no UDP port free");
            return self.set_up_refused(track, 461, "no UDP port", now);
        };
        self.send_set_up(track, format!("RTP/AVP;unicast;client_port={rtp}-{rtcp}"), now);
    }

    fn send_set_up(&mut self, track: Track, transport: String, now: Now) {
        let Some(uri) = self.wanted(track).and_then(|wanted| wanted.controls.get(wanted.at)).cloned() else {
            return;
        };
        self.phase = Phase::SetUp(track);
        self.request("SETUP", uri, vec![("Transport", transport)], now);
    }

    fn track_set_up(&mut self, track: Track, message: &Message, now: Now) {
        match message.headers.get("Session").map(parse_session) {
            Some((id, timeout)) if !id.is_empty() => {
                self.session_id.get_or_insert(id);
                self.timeout_s = timeout.unwrap_or(self.timeout_s);
            }
            _ => {
                self.media.oddities.count("session_missing");
                self.session_id = self.session_id.take().or_else(|| self.session_named.clone());
            }
        }
        let tcp = self.lower == Lower::Tcp;
        let answer = message.headers.get("Transport").map(|field| Transport::choose(field, tcp));
        let answer = answer.unwrap_or_else(|| {
            self.media.oddities.count("transport_missing");
            Transport::default()
        });
        match self.lower {
            Lower::Tcp => {
                if !answer.tcp && answer.server_port.is_some() {
                    self.media.oddities.count("transport_differs");
                    if self.config.other_allowed && !self.changed_lower {
                        return self.change_lower(now);
                    }
                }
                let asked = self.wanted(track).map_or(0, |wanted| wanted.channel);
                let (rtp, rtcp) = answer.interleaved.unwrap_or_else(|| {
                    self.media.oddities.count("interleaved_missing");
                    (asked, asked + 1)
                });
                if (rtp, rtcp) != (asked, asked + 1) {
                    self.media.oddities.count("channels_differ");
                    // Two tracks on one channel are told apart by payload type; the first keeps it.
                    if self.channels[usize::from(rtp)].is_none_or(|(owner, _)| {
                        owner == track || self.wanted(owner).is_some_and(|other| other.channel > asked)
                    }) {
                        self.agree(rtp, rtcp, track);
                    }
                }
            }
            Lower::Udp if answer.interleaved.is_some() => {
                self.media.oddities.count("transport_differs");
                if let Some((rtp, rtcp)) = answer.interleaved {
                    self.agree(rtp, rtcp, track);
                }
            }
            Lower::Udp => {
                if answer.server_port.is_none() {
                    self.media.oddities.count("server_port_missing");
                }
                if answer.source.is_some() {
                    self.media.oddities.count("source_named");
                }
                let source = answer.source.as_deref().and_then(|text| text.parse().ok());
                self.outputs.push_back(Output::UdpPeer { track, ports: answer.server_port, source });
            }
        }
        self.set_up_next(track, now);
    }

    fn set_up_next(&mut self, after: Track, now: Now) {
        if after == Track::Video && self.wanted(Track::Audio).is_some() {
            return self.set_up(Track::Audio, now);
        }
        self.legs.reached(Leg::SetUp, now);
        self.set_up_us = now.mono_us;
        self.play_at = 0;
        self.play(now);
    }

    pub(super) fn set_up_refused(&mut self, track: Track, status: u16, reason: &str, now: Now) {
        self.legs.note(Leg::SetUp, &format!("SETUP {track:?} over {:?}: {status} {reason}", self.lower));
        if track == Track::Audio {
            self.media.oddities.count("audio_refused");
            self.media.drop_audio();
            self.wanted.retain(|wanted| wanted.track != Track::Audio);
            return self.set_up_next(Track::Audio, now);
        }
        let transport_refused = matches!(status, 461 | 406 | 415 | 457);
        if !transport_refused {
            let more = self.wanted.iter_mut().find(|wanted| wanted.track == track).is_some_and(|wanted| {
                wanted.at += 1;
                wanted.at < wanted.controls.len()
            });
            if more && matches!(status, 400 | 403 | 404 | 405 | 451 | 454 | 455 | 459 | 460 | 500 | 501) {
                self.media.oddities.count("control_address_tried_again");
                return self.set_up(track, now);
            }
            if !self.choice.spare_video.is_empty() {
                return self.take_spare_video(now);
            }
        }
        let may_change = self.config.other_allowed && !self.changed_lower;
        if may_change && (transport_refused || matches!(status, 400 | 500 | 501 | 551)) {
            return self.change_lower(now);
        }
        let cause = if transport_refused { Cause::TransportRefused } else { cause_of(status) };
        self.fail(cause, now);
    }

    /// The camera describes pictures that it does not give: on to the next that it describes.
    fn take_spare_video(&mut self, now: Now) {
        let spare = self.choice.spare_video.remove(0);
        self.media.oddities.count("video_track_passed_over");
        if let Some(wanted) = self.wanted.iter_mut().find(|wanted| wanted.track == Track::Video) {
            wanted.controls = url::candidates(spare.control.as_deref(), &self.base, &self.url.text);
            wanted.at = 0;
        }
        self.choice.video = Some((spare.index, spare.format));
        self.prepare_media(None);
        self.set_up(Track::Video, now);
    }

    /// Begins setting up again over the other transport.
    fn change_lower(&mut self, now: Now) {
        self.changed_lower = true;
        self.lower = self.lower.other();
        self.media.oddities.count("transport_changed");
        for wanted in &mut self.wanted {
            wanted.at = 0;
        }
        self.prepare_media(None);
        self.set_up(Track::Video, now);
    }

    fn play(&mut self, now: Now) {
        self.phase = Phase::Play;
        let Some((uri, range)) = self.play_uris.get(self.play_at).cloned() else { return };
        let fields = if range { vec![("Range", "npt=0.000-".to_owned())] } else { Vec::new() };
        self.request("PLAY", uri, fields, now);
    }

    fn play_answered(&mut self, message: &Message, now: Now) {
        match message.headers.get("RTP-Info") {
            None => self.media.oddities.count("rtp_info_missing"),
            Some(field) if !is_rtp_info_sound(field) => self.media.oddities.count("rtp_info_malformed"),
            Some(_) => {}
        }
        if let Some((_, Some(timeout))) = message.headers.get("Session").map(parse_session) {
            self.timeout_s = timeout;
        }
        self.set_playing(now);
    }

    fn play_refused(&mut self, status: u16, reason: &str, now: Now) {
        self.legs.note(Leg::FirstPacket, &format!("PLAY: {status} {reason}"));
        if self.media.progress().video_packets > 0 {
            self.media.oddities.count("play_refused_but_playing");
            return self.set_playing(now);
        }
        if status == 459 && self.play_at < 3 {
            // No aggregate control: each track by itself, the picture's answer counts.
            self.media.oddities.count("aggregate_refused");
            let tracks = self.wanted.iter().filter_map(|wanted| wanted.controls.get(wanted.at).cloned());
            self.play_uris = tracks.map(|uri| (uri, true)).collect();
            self.play_at = 0;
            for (uri, _) in self.play_uris.clone().into_iter().skip(1) {
                self.request("PLAY", uri, Vec::new(), now);
            }
            return self.play(now);
        }
        if status == 454 && self.session_named != self.session_id && self.session_named.is_some() {
            self.media.oddities.count("session_changed");
            self.session_id = self.session_named.clone();
            return self.play(now);
        }
        self.play_at += 1;
        if self.play_at < self.play_uris.len() && !matches!(status, 403 | 453 | 503) {
            self.media.oddities.count("play_tried_again");
            return self.play(now);
        }
        self.fail(cause_of(status), now);
    }

    fn keepalive_answered(&mut self, status: u16, method: &str) {
        if (200..300).contains(&status) {
            return;
        }
        self.media.oddities.count(if status == 454 {
            "keepalive_session_unknown"
        } else {
            "keepalive_refused"
        });
        if matches!(status, 400 | 405 | 451 | 500 | 501 | 551) {
            self.keepalive = match method {
                "GET_PARAMETER" => "OPTIONS",
                "OPTIONS" => "SET_PARAMETER",
                _ => "GET_PARAMETER",
            };
        }
    }
}

/// A refusal in the words of the closed list.
fn cause_of(status: u16) -> Cause {
    match status {
        403 => Cause::Forbidden,
        404 | 410 => Cause::PathUnknown,
        453 | 503 => Cause::SessionLimit,
        461 => Cause::TransportRefused,
        415 => Cause::BadDescription,
        500.. => Cause::ServerError,
        _ => Cause::ProtocolError,
    }
}
