//! What a session does as time passes: waiting for answers, watching for pictures, keeping the camera
//! from hanging up. What answers mean is in [`super::answers`].

use super::{
    message::write_packet,
    session::{Lower, Output, Phase, Session},
};
use crate::{
    clock::Now,
    event::{Cause, Leg},
    frame::Track,
};

const REPORT_MS: i64 = 5_000;
/// OPTIONS is a courtesy: some cameras never answer it.
const OPTIONS_MS: i64 = 2_500;
/// Sound must not keep the picture waiting.
const AUDIO_MS: i64 = 3_000;

impl Session {
    pub(super) fn watch_answer(&mut self, now: Now) {
        let Some(pending) = &self.pending else { return };
        let waited = now.ms_since(pending.sent_us);
        match self.phase {
            Phase::Options if waited >= OPTIONS_MS.min(i64::from(self.config.answer_ms) / 2) => {
                self.media.oddities.count("options_unanswered");
                self.given_up.push(pending.cseq);
                self.describe(now);
            }
            Phase::SetUp(Track::Audio) if waited >= AUDIO_MS.min(i64::from(self.config.answer_ms)) => {
                self.given_up.push(pending.cseq);
                self.pending = None;
                self.set_up_refused(Track::Audio, 408, "no answer", now);
            }
            // Pictures are a better answer than any.
            Phase::Play if waited >= 1_500 && self.media.progress().video_packets > 0 => {
                self.media.oddities.count("play_unanswered");
                self.given_up.push(pending.cseq);
                self.pending = None;
                self.set_playing(now);
            }
            Phase::Playing if waited >= i64::from(self.config.answer_ms) => {
                self.media.oddities.count("keepalive_unanswered");
                self.given_up = vec![pending.cseq];
                self.pending = None;
            }
            Phase::Playing | Phase::Over | Phase::Connecting | Phase::Binding(_) => {}
            _ if waited >= i64::from(self.config.answer_ms) => {
                let method = pending.method;
                self.legs.note(self.leg(), &format!("{method}: no answer in {waited} ms"));
                let babble =
                    self.last_answered == 0 && self.media.oddities.get("garbage_between_messages") > 0;
                self.fail(if babble { Cause::NotRtsp } else { Cause::NoAnswer }, now);
            }
            _ => {}
        }
    }

    pub(super) fn leg(&self) -> Leg {
        match self.phase {
            Phase::Connecting => Leg::Connected,
            Phase::Options | Phase::Describe if !self.legs.is_reached(Leg::Authenticated) => {
                Leg::Authenticated
            }
            Phase::Options | Phase::Describe => Leg::Described,
            Phase::SetUp(_) | Phase::Binding(_) | Phase::Play => Leg::SetUp,
            Phase::Playing | Phase::Over => Leg::FirstPacket,
        }
    }

    pub(super) fn watch_media(&mut self, now: Now) {
        let progress = *self.media.progress();
        let since_play = now.ms_since(self.play_us);
        let silent = i64::from(self.config.silent_ms);
        // UDP is often swallowed on the way: where TCP may be tried, the wait is kept short.
        let short = self.config.other_allowed && self.lower == Lower::Udp;
        let first_wait = if short { silent.min(4_000) } else { silent };
        if progress.packets == 0 && since_play >= first_wait {
            self.legs.note(Leg::FirstPacket, &format!("{:?}: 0 packets in {since_play} ms", self.lower));
            return self.fail(Cause::NoPackets, now);
        }
        if progress.video_packets == 0 && since_play >= silent {
            self.legs
                .note(Leg::FirstPacket, &format!("sound only: {} packets, none of video", progress.packets));
            return self.fail(Cause::NoVideoPackets, now);
        }
        if progress.frames > 0 {
            if now.ms_since(progress.last_frame_us) >= silent {
                return self.fail(if progress.goodbye { Cause::ClosedByCamera } else { Cause::Silent }, now);
            }
            let no_key =
                now.ms_since(progress.last_key_us) >= 3 * i64::from(self.config.key_frame_ms).max(20_000);
            if no_key && progress.key_frames > 0 {
                self.media.oddities.count("key_frames_rare");
            }
            return;
        }
        if since_play < i64::from(self.config.key_frame_ms) {
            return;
        }
        self.legs.note(
            Leg::FirstKeyFrame,
            &format!("{} video packets, {} pictures", progress.video_packets, progress.video_units),
        );
        let cause = match (progress.key_frames, self.media.has_parameter_sets(), progress.video_units) {
            (0, _, 0) => Cause::Undecodable,
            (0, ..) => Cause::NoKeyFrame,
            (_, false, _) => Cause::NoParameterSets,
            _ => Cause::Undecodable,
        };
        self.fail(cause, now);
    }

    pub(super) fn keep_alive(&mut self, now: Now) {
        if self.control_lost {
            return;
        }
        let every_ms = i64::from((self.timeout_s / 2).clamp(1, 30)) * 1000;
        if self.pending.is_none() && now.ms_since(self.keepalive_us) >= every_ms {
            self.keepalive_us = now.mono_us;
            let uri = self.play_uris.first().map_or_else(|| self.base.clone(), |(uri, _)| uri.clone());
            self.request(self.keepalive, uri, Vec::new(), now);
        }
        if now.ms_since(self.report_us) >= REPORT_MS {
            self.report_us = now.mono_us;
            for track in [Track::Video, Track::Audio] {
                self.report(track, now);
            }
        }
    }

    fn report(&mut self, track: Track, now: Now) {
        let own = (self.config.seed >> 13) as u32;
        let Some(bytes) = self.media.receiver_report(track, own, now) else { return };
        match self.lower {
            Lower::Udp => self.outputs.push_back(Output::SendUdp { track, rtcp: true, bytes }),
            Lower::Tcp => {
                let channel = self.channels.iter().position(|slot| *slot == Some((track, true)));
                if let Some(channel) = channel {
                    self.outputs.push_back(Output::Send(write_packet(channel as u8, &bytes)));
                }
            }
        }
    }
}
