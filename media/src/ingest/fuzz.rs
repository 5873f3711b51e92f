//! Entry points for fuzzing: bytes in, properties asserted. They run under libFuzzer (`media/fuzz`) and,
//! over seeds and mutations of them, as plain tests (`media/tests/fuzz.rs`). Each may be called with anything.

use super::{
    access_unit::{Assembler, UNIT_MAX_BYTES},
    address::Network,
    depacketize::aac,
    legs::Legs,
    media::{MediaTracks, Patience},
    oddity::Oddities,
    params::{self, ParameterSets},
    rtcp,
    rtp::Packet,
    rtsp::{
        digest,
        message::{Framer, Message, Start, Step, write_packet, write_request},
        sdp::{Description, PayloadFormat, choose},
        session::{Lower, Output, Session, SessionConfig},
        transport,
        url::{self, RtspUrl},
    },
};
use crate::{
    clock::Now,
    frame::{AccessUnit, Track, VideoCodec},
};
use std::{collections::HashSet, net::IpAddr};

fn at(ms: i64) -> Now {
    Now { mono_us: 1_000_000 + ms * 1000, wall_us: 1_700_000_000_000_000 + ms * 1000 }
}

/// Framing: progress is made, messages are bounded, and what was read is read again when written.
pub fn rtsp_message(bytes: &[u8]) {
    // What a field says is looked at once, however often it stands there.
    let mut seen = HashSet::from([String::new()]);
    check_value("");
    for describing in [false, true] {
        let (mut framer, mut oddities) = (Framer::default(), Oddities::default());
        framer.agree_channel(0);
        framer.set_describing(describing);
        let mut from = 0;
        loop {
            match framer.next(&bytes[from..], &mut oddities) {
                Step::Need => break,
                Step::Used(used) => from += check_used(used),
                Step::Packet { used, channel, payload } => {
                    assert_eq!(write_packet(channel, payload), bytes[from..from + used]);
                    from += used;
                }
                Step::Message { used, message } => {
                    check_message(&message, &mut seen);
                    from += used;
                }
            }
        }
        if let Some(message) = framer.flush(&mut oddities) {
            check_message(&message, &mut seen);
        }
    }
}

fn check_used(used: usize) -> usize {
    assert!(used > 0, "the framer makes progress");
    used
}

fn check_message(message: &Message, seen: &mut HashSet<String>) {
    assert!(message.headers.0.len() <= 256);
    assert!(message.body.len() <= super::rtsp::message::BODY_MAX_BYTES);
    for (_, value) in &message.headers.0 {
        if !seen.contains(value) {
            check_value(value);
            seen.insert(value.clone());
        }
    }
}

fn check_value(value: &str) {
    let found = transport::Transport::parse(value);
    let _ = (found, transport::parse_session(value), transport::is_rtp_info_sound(value));
    let _ = digest::parse_challenges([value].into_iter());
    let _ = url::candidates(Some(value), "rtsp://h/a", "rtsp://h/b");
    let (mut framer, mut oddities) = (Framer::default(), Oddities::default());
    let written = write_request("PLAY", "rtsp://h/", &[("X", value)]);
    let mut from = 0;
    let again = loop {
        match framer.next(&written[from..], &mut oddities) {
            Step::Used(used) => from += used,
            Step::Message { message, .. } => break message,
            step => panic!("our own request is not understood: {step:?}"),
        }
    };
    assert!(matches!(again.start, Start::Request { .. }));
}

/// Descriptions: bounded, and whatever is chosen can be set up.
pub fn sdp(bytes: &[u8]) {
    let mut oddities = Oddities::default();
    let Some(description) = Description::parse(bytes, &mut oddities) else { return };
    assert!(description.media.len() <= 32);
    assert!(description.media.iter().all(|media| media.formats.len() <= 16));
    let choice = choose(&description, true, &mut oddities);
    let mut media = MediaTracks::new();
    if let Some((index, format)) = &choice.video {
        assert!(*index < description.media.len());
        media.set_video(format, description.media[*index].frame_rate, Patience::TCP);
    }
    if let Some((_, format)) = &choice.audio {
        media.set_audio(format, Patience::UDP);
    }
}

/// A whole session against a camera that says `bytes`, cut into pieces by its first byte.
pub fn session(bytes: &[u8]) {
    let config = SessionConfig {
        url: RtspUrl::parse("rtsp://10.0.0.9/live").expect("a plain address"),
        user: Some("u".into()),
        password: "canary-password".into(),
        ask_options: true,
        allow_basic: false,
        audio: true,
        first: Lower::Tcp,
        other_allowed: true,
        silent_ms: 10_000,
        key_frame_ms: 20_000,
        answer_ms: 10_000,
        seed: 1,
    };
    let mut session = Session::new(config, Legs::begin(at(0)));
    session.connected(at(0));
    let piece = usize::from(bytes.first().copied().unwrap_or(0)) + 1;
    let (mut buffer, mut units, mut ms) = (Vec::new(), Vec::new(), 0);
    for chunk in bytes.chunks(piece) {
        buffer.extend_from_slice(chunk);
        ms += 40;
        let used = session.receive(&buffer, at(ms), &mut units);
        assert!(used <= buffer.len());
        buffer.drain(..used);
        session.tick(at(ms), &mut units);
        let mut outputs = 0;
        while let Some(output) = session.next_output() {
            outputs += 1;
            assert!(outputs < 10_000);
            match output {
                Output::Send(bytes) => assert!(
                    !bytes.windows(15).any(|window| window == b"canary-password"),
                    "the password never leaves in clear"
                ),
                Output::BindUdp(track) => session.udp_bound(track, Some((40_000, 40_001)), at(ms)),
                Output::Reconnect { .. } => session.connected(at(ms)),
                Output::UdpPeer { .. } | Output::SendUdp { .. } => {}
            }
        }
    }
    session.closed(at(ms), false);
    check_units(&units);
}

fn check_units(units: &[AccessUnit]) {
    for track in [Track::Video, Track::Audio] {
        let own: Vec<_> = units.iter().filter(|unit| unit.track == track).collect();
        assert!(own.iter().all(|unit| unit.dts <= unit.pts && unit.payload.len() <= UNIT_MAX_BYTES));
        assert!(own.windows(2).all(|pair| pair[0].dts < pair[1].dts), "decoding times rise");
        assert!(own.iter().all(|unit| unit.format.video.is_some()));
    }
    for unit in units.iter().filter(|unit| unit.track == Track::Video) {
        let mut rest = &unit.payload[..];
        while !rest.is_empty() {
            let size = u32::from_be_bytes([rest[0], rest[1], rest[2], rest[3]]) as usize;
            rest = &rest[4 + size..];
        }
    }
}

/// Packets of a track: each is a length byte, a head byte (marker, loss, step in time), then payload.
fn packets(bytes: &[u8], mut each: impl FnMut(Packet<'_>, u16)) {
    let (mut rest, mut sequence, mut timestamp) = (bytes, 0u16, 0u32);
    while let [length, head, after @ ..] = rest {
        let payload = &after[..usize::from(*length).min(after.len())];
        let lost = u16::from(head & 2 != 0);
        sequence = sequence.wrapping_add(1 + lost);
        timestamp = timestamp.wrapping_add(u32::from(head >> 4) * 900);
        each(Packet { payload_type: 96, marker: head & 1 != 0, sequence, timestamp, ssrc: 1, payload }, lost);
        rest = &after[payload.len()..];
    }
}

fn depacketize_video(bytes: &[u8], codec: VideoCodec) {
    for donl in [false, true] {
        let mut assembler = Assembler::new(codec, donl);
        let (mut units, mut oddities, mut total) = (Vec::new(), Oddities::default(), 0);
        packets(bytes, |packet, lost| {
            total += packet.payload.len() + 64;
            assembler.push(&packet, i64::from(packet.sequence) * 1000, lost, &mut oddities, &mut units);
        });
        assembler.finish(&mut oddities, &mut units);
        let out: usize = units.iter().map(|unit| unit.payload.len()).sum();
        assert!(out <= 8 * total, "{out} bytes out of {total}");
        let _ = assembler.sets().format(None);
    }
}

pub fn depacketize_h264(bytes: &[u8]) {
    depacketize_video(bytes, VideoCodec::H264);
}

pub fn depacketize_h265(bytes: &[u8]) {
    depacketize_video(bytes, VideoCodec::H265);
}

/// AAC in all its layouts: no frame is made of nothing.
pub fn depacketize_aac(bytes: &[u8]) {
    for (fmtp, latm) in [
        (&[][..], false),
        (&[("mode", "AAC-lbr")], false),
        (&[("sizelength", "16"), ("indexlength", "0"), ("indexdeltalength", "0")], false),
        (&[("cpresent", "0"), ("config", "400026203fc0")], true),
        (&[], true),
    ] {
        let fmtp = fmtp.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let format = PayloadFormat { clock_rate: 16_000, channels: 1, fmtp, ..PayloadFormat::default() };
        let mut depacketizer = aac::Depacketizer::new(&format, latm, &mut Oddities::default());
        packets(bytes, |packet, lost| {
            if lost > 0 {
                depacketizer.lost();
            }
            depacketizer.push(packet.payload, packet.marker, |frame| assert!(frame.len() <= 12_288));
        });
    }
}

/// G.711 beside a picture: bytes come out as they went in.
pub fn depacketize_g711(bytes: &[u8]) {
    let mut media = MediaTracks::new();
    let video = PayloadFormat {
        payload_type: 96,
        encoding: "H264".into(),
        clock_rate: 90_000,
        ..PayloadFormat::default()
    };
    let audio = PayloadFormat {
        payload_type: 8,
        encoding: "PCMA".into(),
        clock_rate: 8_000,
        channels: 1,
        ..PayloadFormat::default()
    };
    media.set_video(&video, None, Patience::TCP);
    media.set_audio(&audio, Patience::TCP);
    let mut units = Vec::new();
    let mut ms = 0;
    packets(bytes, |packet, _| {
        ms += 20;
        let track = if packet.marker { Track::Video } else { Track::Audio };
        let mut wire = vec![0x80, if packet.marker { 96 } else { 8 }];
        wire.extend(packet.sequence.to_be_bytes());
        wire.extend(packet.timestamp.to_be_bytes());
        wire.extend([0, 0, 0, 1]);
        wire.extend(packet.payload);
        media.rtp(track, &wire, at(ms), &mut units);
    });
    check_units(&units);
}

/// Datagrams of two tracks as they come, in any order: each a length byte, a head byte (track, step in time), then
/// the packet with its own header.
pub fn rtp(bytes: &[u8]) {
    let mut media = MediaTracks::new();
    let video =
        PayloadFormat { payload_type: 96, encoding: "H264".into(), clock_rate: 90_000, ..Default::default() };
    let audio = PayloadFormat {
        payload_type: 8,
        encoding: "PCMA".into(),
        clock_rate: 8_000,
        channels: 1,
        ..Default::default()
    };
    media.set_video(&video, Some(25.0), Patience::UDP);
    media.set_audio(&audio, Patience::UDP);
    let (mut rest, mut ms, mut units) = (bytes, 0, Vec::new());
    while let [length, head, after @ ..] = rest {
        let (datagram, later) = after.split_at(usize::from(*length).min(after.len()));
        if let Ok(packet) = Packet::parse(datagram) {
            assert!(packet.payload.len() + 12 <= datagram.len());
        }
        let likely = if head & 1 != 0 { Track::Audio } else { Track::Video };
        ms += i64::from(head >> 2);
        if let Some(track) = media.track_of(datagram, Some(likely)) {
            media.rtp(track, datagram, at(ms), &mut units);
        }
        media.tick(at(ms), &mut units);
        rest = later;
    }
    media.tick(at(ms + 10_000), &mut units);
    check_units(&units);
}

/// What an operator types: an address that is accepted names a host, carries no credentials and reads the same
/// again; a network is never wider than the address.
pub fn address(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(url) = RtspUrl::parse(text) {
        assert!(!url.host.is_empty() && url.port != 0);
        assert!(url.text.chars().all(|letter| letter.is_ascii_graphic()), "{}", url.text);
        assert!(!url.text["rtsp://".len()..].split(['/', '?', '#']).next().unwrap_or_default().contains('@'));
        assert_eq!(RtspUrl::parse(&url.text).as_ref(), Ok(&url));
        assert!(
            url::candidates(Some(text), &url.text, &url.text).iter().all(|one| !one.contains(['\r', '\n']))
        );
    }
    if let Ok(network) = text.parse::<Network>() {
        let alone = text.trim().split('/').next().and_then(|one| one.parse::<IpAddr>().ok());
        // A network written in IPv4's IPv6 clothes holds nothing: addresses are compared without them.
        assert!(alone.is_some_and(|one| network.contains(one) || one != one.to_canonical()), "{text}");
    }
}

pub fn rtcp(bytes: &[u8]) {
    let found = rtcp::parse(bytes);
    assert!(found.sender_report.is_none() || bytes.len() >= 28);
    let mut media = MediaTracks::new();
    media.rtcp(Track::Video, bytes, at(0));
}

/// Parameter sets and audio configurations of anything.
pub fn params(bytes: &[u8]) {
    for codec in [VideoCodec::H264, VideoCodec::H265] {
        let mut sets = ParameterSets::new(codec);
        for part in bytes.split(|byte| *byte == 0xff).take(100) {
            sets.offer(part);
        }
        sets.offer(bytes);
        if let Some(format) = sets.format(Some(0)) {
            assert!(!format.config.is_empty() && format.parameter_sets.len() <= 65);
            assert!(format.fps.is_none_or(|fps| fps > 0.0));
            let _ = params::reorder_frames(&format);
        }
    }
    if let Some(config) = params::aac::parse_config(bytes) {
        assert!(config.sample_rate > 0 && config.frame_samples > 0);
    }
    let mut reader = params::bits::BitReader::new(bytes);
    let _ = params::aac::read_stream_mux_config(bytes, &mut reader);
    let _ = params::h264::parse_slice_head(bytes);
}
