//! The tracks of one connection: packets in, access units out, on one time line.
//!
//! Sans-IO. A bad packet costs its unit, a bad track costs that track; each oddity is counted.

use super::{
    access_unit::{Assembler, Unit},
    block::{SOUND_BYTES, cut, make_room},
    depacketize::{aac, g711},
    oddity::Oddities,
    params::reorder_frames,
    rtcp::{self, SenderReport},
    rtp::{Order, Packet, Sequencer},
    rtsp::sdp::PayloadFormat,
    timeline::{DecodeOrder, TrackClock, WallClock, ticks_of_ntp},
};
use crate::{
    clock::Now,
    frame::{AccessUnit, AudioCodec, AudioFormat, Format, TICKS_PER_SECOND, Track},
};
use bytes::{Bytes, BytesMut};
use std::sync::Arc;

/// How far packets may be out of order: count and microseconds.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    pub packets: usize,
    pub us: i64,
}

impl Patience {
    /// Over UDP, packets overtake each other.
    pub const UDP: Self = Self { packets: 128, us: 200_000 };
    /// Over TCP only what the camera itself shuffled.
    pub const TCP: Self = Self { packets: 16, us: 100_000 };
}

/// So many packets of another payload type in a row: the camera changed it.
const OTHER_TYPE_MOST: u32 = 32;

#[derive(Debug)]
struct Input {
    payload_type: u8,
    sequencer: Sequencer,
    clock: TrackClock,
    ssrc: u32,
    seen_right_type: bool,
    /// The description's, which wins whenever it comes.
    announced_type: u8,
    /// Another type than the one in use, and how often it came in a row.
    other_type: (u8, u32),
    report: Option<SenderReport>,
    report_us: i64,
    packets: u64,
    lost_at_report: u64,
    received_at_report: u64,
}

impl Input {
    fn new(format: &PayloadFormat, rate: u32, patience: Patience) -> Self {
        Self {
            payload_type: format.payload_type,
            sequencer: Sequencer::new(patience.packets, patience.us),
            clock: TrackClock::new(rate),
            ssrc: 0,
            seen_right_type: false,
            announced_type: format.payload_type,
            other_type: (0, 0),
            report: None,
            report_us: 0,
            packets: 0,
            lost_at_report: 0,
            received_at_report: 0,
        }
    }

    /// Whether packets of this type are the track's from now on: at the beginning at once, later when
    /// nothing else comes any more.
    fn may_change_type(&mut self, to: u8, other_track: Option<u8>) -> bool {
        if other_track == Some(to) {
            return false;
        }
        let before = if self.other_type.0 == to { self.other_type.1 } else { 0 };
        self.other_type = (to, before + 1);
        !self.seen_right_type || to == self.announced_type || self.other_type.1 > OTHER_TYPE_MOST
    }
}

#[derive(Debug)]
enum AudioDepacketizer {
    G711(AudioCodec),
    Aac(aac::Depacketizer),
}

#[derive(Debug)]
struct Audio {
    input: Input,
    depacketizer: AudioDepacketizer,
    sample_rate: u32,
    channels: u8,
    last_dts: i64,
    block: BytesMut,
    /// Frames of the packet in hand, with their pts.
    frames: Vec<(i64, Bytes)>,
}

#[derive(Debug)]
struct Video {
    input: Input,
    assembler: Assembler,
    order: DecodeOrder,
    units: Vec<Unit>,
    frame_rate: Option<f64>,
}

/// What the tracks have shown so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub packets: u64,
    pub video_packets: u64,
    /// Video units complete, handed out or not.
    pub video_units: u64,
    pub key_frames: u64,
    /// Units handed out, which can be decoded from a key frame on.
    pub frames: u64,
    pub last_frame_us: i64,
    pub last_key_us: i64,
    pub goodbye: bool,
}

/// See the module.
#[derive(Debug)]
pub struct MediaTracks {
    video: Option<Video>,
    audio: Option<Audio>,
    format: Arc<Format>,
    wall: WallClock,
    origin_us: Option<i64>,
    synced: bool,
    /// Video has begun with a key frame that can be decoded.
    started: bool,
    progress: Progress,
    pub oddities: Oddities,
}

impl MediaTracks {
    pub fn new() -> Self {
        Self {
            video: None,
            audio: None,
            format: Arc::new(Format::default()),
            wall: WallClock::default(),
            origin_us: None,
            synced: false,
            started: false,
            progress: Progress::default(),
            oddities: Oddities::default(),
        }
    }

    /// The description's video; does nothing if it is no codec of ours.
    pub fn set_video(&mut self, format: &PayloadFormat, frame_rate: Option<f64>, patience: Patience) {
        let Some(codec) = format.video_codec() else { return };
        let donl = format.number("sprop-max-don-diff").is_some_and(|most| most > 0);
        let mut assembler = Assembler::new(codec, donl);
        assembler.offer_sets(&format.parameter_sets(&mut self.oddities), &mut self.oddities);
        if format.clock_rate != 90_000 {
            self.oddities.count("video_clock_rate_unusual");
        }
        self.video = Some(Video {
            input: Input::new(format, format.clock_rate, patience),
            assembler,
            order: DecodeOrder::new(),
            units: Vec::new(),
            frame_rate,
        });
    }

    pub fn set_audio(&mut self, format: &PayloadFormat, patience: Patience) {
        let Some((codec, latm)) = format.audio_codec() else { return };
        let depacketizer = match codec {
            AudioCodec::Aac => {
                AudioDepacketizer::Aac(aac::Depacketizer::new(format, latm, &mut self.oddities))
            }
            AudioCodec::Pcma | AudioCodec::Pcmu => AudioDepacketizer::G711(codec),
        };
        let told = if format.clock_rate == 0 { 8_000 } else { format.clock_rate };
        self.audio = Some(Audio {
            input: Input::new(format, told, patience),
            depacketizer,
            sample_rate: told,
            channels: format.channels.max(1),
            last_dts: i64::MIN,
            block: BytesMut::new(),
            frames: Vec::new(),
        });
        self.refresh_audio_format();
    }

    /// Audio was refused in SETUP: what was announced will not come.
    pub fn drop_audio(&mut self) {
        self.audio = None;
        self.refresh_audio_format();
    }

    pub fn format(&self) -> &Arc<Format> {
        &self.format
    }

    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    pub fn has_parameter_sets(&self) -> bool {
        self.video.as_ref().is_some_and(|video| video.assembler.sets().format(None).is_some())
    }

    /// Which track a packet's payload type belongs to; `likely` wins where both have it.
    pub fn track_of(&self, bytes: &[u8], likely: Option<Track>) -> Option<Track> {
        let payload_type = bytes.get(1)? & 0x7f;
        let is = |track: &Track| match track {
            Track::Video => self.video.as_ref().is_some_and(|video| video.input.payload_type == payload_type),
            Track::Audio => self.audio.as_ref().is_some_and(|audio| audio.input.payload_type == payload_type),
        };
        likely.into_iter().chain([Track::Video, Track::Audio]).find(is)
    }

    /// One RTP packet (or RTCP in its place) as it arrived.
    pub fn rtp(&mut self, track: Track, bytes: &[u8], now: Now, out: &mut Vec<AccessUnit>) {
        let packet = match Packet::parse(bytes) {
            Ok(packet) => packet,
            Err(super::rtp::NotRtp::Rtcp) => return self.rtcp(track, bytes, now),
            Err(error) => return self.oddities.count(error.oddity()),
        };
        let other = match track {
            Track::Video => self.audio.as_ref().map(|audio| audio.input.payload_type),
            Track::Audio => self.video.as_ref().map(|video| video.input.payload_type),
        };
        let Self { video, audio, oddities, .. } = self;
        let input = match track {
            Track::Video => video.as_mut().map(|video| &mut video.input),
            Track::Audio => audio.as_mut().map(|audio| &mut audio.input),
        };
        let Some(input) = input else { return };
        if packet.payload_type != input.payload_type {
            oddities.count("payload_type_unexpected");
            if !input.may_change_type(packet.payload_type, other) {
                return;
            }
            input.payload_type = packet.payload_type;
        } else {
            input.other_type.1 = 0;
        }
        input.seen_right_type |= input.packets >= 3;
        if input.packets > 0 && input.ssrc != packet.ssrc {
            oddities.count("ssrc_changed");
        }
        input.ssrc = packet.ssrc;
        input.packets += 1;
        self.progress.packets += 1;
        self.progress.video_packets += u64::from(track == Track::Video);
        if let Order::Take { lost } = input.sequencer.judge(packet.sequence, bytes, now.mono_us, oddities) {
            self.take(track, &packet, now, lost, out);
        }
        self.release(track, now, out);
    }

    /// Time passes: packets that waited long enough go on.
    pub fn tick(&mut self, now: Now, out: &mut Vec<AccessUnit>) {
        self.release(Track::Video, now, out);
        self.release(Track::Audio, now, out);
    }

    fn release(&mut self, track: Track, now: Now, out: &mut Vec<AccessUnit>) {
        loop {
            let Self { video, audio, oddities, .. } = self;
            let input = match track {
                Track::Video => video.as_mut().map(|video| &mut video.input),
                Track::Audio => audio.as_mut().map(|audio| &mut audio.input),
            };
            let Some(input) = input.filter(|input| input.sequencer.is_holding()) else { return };
            let Some((bytes, _, lost)) = input.sequencer.pop(now.mono_us, oddities) else { return };
            if let Ok(packet) = Packet::parse(&bytes) {
                self.take(track, &packet, now, lost, out);
            }
        }
    }

    /// A packet in order.
    fn take(&mut self, track: Track, packet: &Packet<'_>, now: Now, lost: u16, out: &mut Vec<AccessUnit>) {
        let origin = *self.origin_us.get_or_insert(now.mono_us);
        match track {
            Track::Video => self.take_video(packet, now, lost, origin, out),
            Track::Audio => self.take_audio(packet, now, lost, origin, out),
        }
    }

    fn take_video(
        &mut self,
        packet: &Packet<'_>,
        now: Now,
        lost: u16,
        origin: i64,
        out: &mut Vec<AccessUnit>,
    ) {
        let Some(video) = &mut self.video else { return };
        let mut units = std::mem::take(&mut video.units);
        video.assembler.push(packet, now.mono_us, lost, &mut self.oddities, &mut units);
        for unit in units.drain(..) {
            self.hand_out_video(unit, now, origin, out);
        }
        if let Some(video) = &mut self.video {
            video.units = units;
        }
    }

    fn hand_out_video(&mut self, unit: Unit, now: Now, origin: i64, out: &mut Vec<AccessUnit>) {
        let Some(video) = &mut self.video else { return };
        self.progress.video_units += 1;
        self.progress.key_frames += u64::from(unit.key);
        if unit.key {
            self.progress.last_key_us = now.mono_us;
        }
        let arrived = unit.last_us - origin;
        let pts = video.input.clock.pts(unit.timestamp, arrived, &mut self.oddities);
        if unit.new_sets || (unit.key && self.format.video.is_none()) {
            self.refresh_video_format(unit.pps_id);
        }
        let Some(video) = &mut self.video else { return };
        if self.format.video.is_none() || !(self.started || unit.key) {
            self.oddities.count("unit_before_key_frame");
            return;
        }
        self.started = true;
        let (pts, dts) = video.order.next(pts, &mut self.oddities);
        let at = Now { mono_us: unit.last_us, wall_us: now.wall_us - (now.mono_us - unit.last_us) };
        let wall_us = self.wall.wall_us(pts, dts, at, video.input.clock.is_vouched());
        self.progress.frames += 1;
        self.progress.last_frame_us = now.mono_us;
        out.push(AccessUnit {
            track: Track::Video,
            pts,
            dts,
            key: unit.key,
            wall_us,
            mono_us: unit.last_us,
            payload: unit.payload,
            format: self.format.clone(),
        });
    }

    fn refresh_video_format(&mut self, pps_id: Option<u8>) {
        let Some(video) = &mut self.video else { return };
        let Some(mut format) = video.assembler.sets().format(pps_id) else { return };
        format.fps = format.fps.or(video.frame_rate);
        let frame_ticks = format.fps.map(|fps| (TICKS_PER_SECOND as f64 / fps) as i64);
        video.order.set(reorder_frames(&format).unwrap_or(0), frame_ticks);
        video.input.clock.set_frame_ticks(frame_ticks.unwrap_or(0));
        if self.format.video.as_ref() == Some(&format) {
            return;
        }
        if self.format.video.is_some() {
            self.oddities.count("video_format_changed");
        }
        self.format = Arc::new(Format { video: Some(format), audio: self.format.audio.clone() });
    }

    fn refresh_audio_format(&mut self) {
        let audio = self.audio.as_ref().and_then(Audio::format);
        if self.format.audio == audio {
            return;
        }
        self.format = Arc::new(Format { video: self.format.video.clone(), audio });
    }

    fn take_audio(
        &mut self,
        packet: &Packet<'_>,
        now: Now,
        lost: u16,
        origin: i64,
        out: &mut Vec<AccessUnit>,
    ) {
        let Some(audio) = &mut self.audio else { return };
        let mut pts = audio.input.clock.pts(packet.timestamp, now.mono_us - origin, &mut self.oddities);
        if lost > 0
            && let AudioDepacketizer::Aac(depacketizer) = &mut audio.depacketizer
        {
            depacketizer.lost();
        }
        let (block, frames) = (&mut audio.block, &mut audio.frames);
        frames.clear();
        let mut keep = |pts: i64, frame: &[u8]| {
            make_room(block, frame.len(), SOUND_BYTES);
            block.extend_from_slice(frame);
            frames.push((pts, cut(block, SOUND_BYTES)));
        };
        let rate = i64::from(audio.sample_rate.max(1));
        let mut config_known = true;
        match &mut audio.depacketizer {
            AudioDepacketizer::G711(_) if packet.payload.is_empty() => {}
            AudioDepacketizer::G711(_) => {
                let samples = g711::samples(packet.payload, audio.channels);
                audio.input.clock.set_frame_ticks(i64::from(samples) * TICKS_PER_SECOND / rate);
                keep(pts, packet.payload);
            }
            AudioDepacketizer::Aac(depacketizer) => {
                let known = depacketizer.config().cloned();
                let samples = known.as_ref().map_or(1024, |config| config.frame_samples);
                let core_rate = known.as_ref().map_or(rate, |config| i64::from(config.sample_rate));
                let ticks = i64::from(samples) * TICKS_PER_SECOND / core_rate;
                audio.input.clock.set_frame_ticks(ticks);
                let sound = depacketizer.push(packet.payload, packet.marker, |frame| {
                    keep(pts, frame);
                    pts += ticks;
                });
                if !sound {
                    self.oddities.count("audio_payload_malformed");
                }
                config_known = depacketizer.config() == known.as_ref();
            }
        }
        if !config_known {
            self.refresh_audio_format();
        }
        // Sound waits for the picture, so that every unit has a format that names both.
        let (true, Some(audio)) = (self.started && self.format.audio.is_some(), &mut self.audio) else {
            return;
        };
        for (pts, payload) in audio.frames.drain(..) {
            let dts = pts.max(audio.last_dts.saturating_add(1));
            audio.last_dts = dts;
            out.push(AccessUnit {
                track: Track::Audio,
                pts: dts,
                dts,
                key: true,
                wall_us: self.wall.of(dts).unwrap_or(now.wall_us),
                mono_us: now.mono_us,
                payload,
                format: self.format.clone(),
            });
        }
    }

    /// One RTCP packet of a track.
    pub fn rtcp(&mut self, track: Track, bytes: &[u8], now: Now) {
        let found = rtcp::parse(bytes);
        if found.malformed {
            self.oddities.count("rtcp_malformed");
        }
        if found.goodbye {
            self.oddities.count("rtcp_goodbye");
            self.progress.goodbye |= track == Track::Video;
        }
        let Some(report) = found.sender_report else { return };
        let input = match track {
            Track::Video => self.video.as_mut().map(|video| &mut video.input),
            Track::Audio => self.audio.as_mut().map(|audio| &mut audio.input),
        };
        if let Some(input) = input {
            input.report = Some(report);
            input.report_us = now.mono_us;
            input.clock.report(report.ntp, report.timestamp);
            self.sync();
        }
    }

    /// Brings sound to the picture by the camera's own clock (RFC 3550 §6.4.1): at once the first time,
    /// later only when it has run away by 100 ms.
    fn sync(&mut self) {
        let (Some(video), Some(audio)) = (&self.video, &mut self.audio) else { return };
        let base = |input: &Input| {
            let report = input.report.filter(|report| report.ntp != 0)?;
            Some(input.clock.pts_of_report(report.timestamp)? - ticks_of_ntp(report.ntp))
        };
        let (Some(picture), Some(sound)) = (base(&video.input), base(&audio.input)) else { return };
        let shift = picture - sound;
        if shift.abs() > 10 * TICKS_PER_SECOND {
            return self.oddities.count("sender_report_absurd");
        }
        let least = if self.synced { TICKS_PER_SECOND / 10 } else { TICKS_PER_SECOND / 50 };
        if shift.abs() > least {
            audio.input.clock.shift(shift);
            self.oddities.count("sound_moved_to_picture");
        }
        self.synced = true;
    }

    /// A receiver report for a track that has received something.
    pub fn receiver_report(&mut self, track: Track, own_ssrc: u32, now: Now) -> Option<Vec<u8>> {
        let input = match track {
            Track::Video => self.video.as_mut().map(|video| &mut video.input),
            Track::Audio => self.audio.as_mut().map(|audio| &mut audio.input),
        }?;
        if input.packets == 0 {
            return None;
        }
        let (received, lost) = (input.sequencer.received, input.sequencer.lost);
        let expected = (received - input.received_at_report) + (lost - input.lost_at_report);
        let fraction = (lost - input.lost_at_report) * 256 / expected.max(1);
        (input.received_at_report, input.lost_at_report) = (received, lost);
        let age_us = (now.mono_us - input.report_us).max(0);
        Some(rtcp::write_receiver_report(
            own_ssrc,
            &rtcp::Reception {
                ssrc: input.ssrc,
                fraction_lost: fraction.min(255) as u8,
                lost: lost.min(0x7f_ffff) as u32,
                highest_sequence: u32::from(input.sequencer.last()),
                last_report: input.report.map_or(0, |report| (report.ntp >> 16) as u32),
                delay: input
                    .report
                    .map_or(0, |_| (age_us * 65_536 / 1_000_000).min(i64::from(u32::MAX)) as u32),
            },
        ))
    }
}

impl Default for MediaTracks {
    fn default() -> Self {
        Self::new()
    }
}

impl Audio {
    fn format(&self) -> Option<AudioFormat> {
        match &self.depacketizer {
            AudioDepacketizer::G711(codec) => Some(AudioFormat {
                codec: *codec,
                sample_rate: self.sample_rate,
                channels: self.channels,
                config: Bytes::new(),
            }),
            AudioDepacketizer::Aac(depacketizer) => {
                let config = depacketizer.config()?;
                Some(AudioFormat {
                    codec: AudioCodec::Aac,
                    sample_rate: config.sample_rate,
                    channels: if config.channels == 0 { self.channels } else { config.channels },
                    config: config.bytes.clone(),
                })
            }
        }
    }
}
