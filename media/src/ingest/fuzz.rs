//! Entry points for fuzzing: bytes in, properties asserted. They run under libFuzzer (`media/fuzz`) and,
//! over seeds and mutations of them, as plain tests. Each may be called with anything.

use super::{
    access_unit::{Assembler, UNIT_MAX_BYTES},
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

fn at(ms: i64) -> Now {
    Now { mono_us: 1_000_000 + ms * 1000, wall_us: 1_700_000_000_000_000 + ms * 1000 }
}

/// Framing: progress is made, messages are bounded, and what was read is read again when written.
pub fn rtsp_message(bytes: &[u8]) {
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
                    check_message(&message);
                    from += used;
                }
            }
        }
        if let Some(message) = framer.flush(&mut oddities) {
            check_message(&message);
        }
    }
}

fn check_used(used: usize) -> usize {
    assert!(used > 0, "the framer makes progress");
    used
}

fn check_message(message: &Message) {
    assert!(message.headers.0.len() <= 256);
    assert!(message.body.len() <= super::rtsp::message::BODY_MAX_BYTES);
    let fields: Vec<(&str, &str)> =
        message.headers.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    for (_, value) in &fields {
        let found = transport::Transport::parse(value);
        let _ = (found, transport::parse_session(value), transport::is_rtp_info_sound(value));
        let _ = digest::parse_challenges([*value].into_iter());
        let _ = url::candidates(Some(value), "rtsp://h/a", "rtsp://h/b");
    }
    let (mut framer, mut oddities) = (Framer::default(), Oddities::default());
    let written = write_request("PLAY", "rtsp://h/", &[("X", fields.first().map_or("", |field| field.1))]);
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

#[cfg(test)]
mod tests {
    use super::*;

    type Target = (&'static str, fn(&[u8]), &'static [&'static [u8]]);

    const HELLO: &[u8] = b"\xffRTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: GET_PARAMETER\r\n\r\nRTSP/1.0 200 OK\r\nCSeq: 2\r\n\
        Content-Length: 66\r\n\r\nv=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:t0\r\n\r\n\
        RTSP/1.0 200 OK\r\nCSeq: 3\r\nSession: 7\r\nTransport: RTP/AVP/TCP;interleaved=0-1\r\n\r\n\
        RTSP/1.0 200 OK\r\nCSeq: 4\r\n\r\n$\x00\x00\x15\x80\x60\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01\x67\x42\xc0\x1e\xd9\x00\xa0\x3d\x90\
        $\x00\x00\x10\x80\x60\x00\x02\x00\x00\x00\x00\x00\x00\x00\x01\x68\xce\x3c\x80\
        $\x00\x00\x12\x80\xe0\x00\x03\x00\x00\x00\x00\x00\x00\x00\x01\x65\x88\x84\x01\x02\x03";
    const H264: &[u8] =
        b"\x09\x00\x67\x42\xc0\x1e\xd9\x00\xa0\x3d\x90\x04\x00\x68\xce\x3c\x80\x04\x00\x7c\x85\x88\x84\
        \x03\x00\x7c\x05\x01\x03\x01\x7c\x45\x02\x05\x41\x41\x9a\x24\x07\x08\x05\x43\x78\x00\x02\x67\x42";
    const H265: &[u8] = b"\x06\x00\x40\x01\x0c\x01\xff\xff\x04\x00\x62\x01\x93\xaf\x04\x01\x62\x01\x53\x08\x08\x41\x60\x01\x00\x02\x40\x01\x00\x00";
    const SETS: &[u8] = b"\x67\x64\x00\x28\xac\xd9\x40\x78\x02\x27\xe5\xc0\x44\x00\x00\x03\x00\x04\x00\x00\x03\x00\xc8\x3c\x60\xc6\x58\xff\x68\xeb\xe3\xcb";
    const SPS_H265: &[u8] = b"\x42\x01\x01\x01\x60\x00\x00\x03\x00\x90\x00\x00\x03\x00\x00\x03\x00\x3c\xa0\x0a\x08\x0b\x9f\x79\x65\x64\x92\x4c\xaf\x01\x68\x08";
    const DESCRIPTION: &[u8] = b"v=0\r\na=control:*\r\nm=video 0 RTP/AVP 96 97\r\na=rtpmap:96 H264/90000\r\n\
        a=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z0LAHtkAoD2Q,aM48gA==\r\na=framerate:25\r\n\
        m=audio 0 RTP/AVP 98\r\na=rtpmap:98 MPEG4-GENERIC/16000/1\r\na=fmtp:98 mode=AAC-hbr;config=1408;sizelength=13\r\n";

    const TARGETS: [Target; 9] = [
        ("rtsp_message", rtsp_message, &[HELLO, b"$\x00\x00\x04abcd", b"RTSP/1.0 401 X\r\nWWW-Authenticate: Digest realm=\"a\", nonce=\"b\"\r\n\r\n"]),
        ("sdp", sdp, &[DESCRIPTION, b"m=video 0 RTP/AVP 96\na=fmtp:96 sprop-parameter-sets=,,,\n"]),
        ("session", session, &[HELLO, b"\x03RTSP/1.0 302 Moved\r\nLocation: rtsp://10.0.0.9/x\r\n\r\n"]),
        ("depacketize_h264", depacketize_h264, &[H264]),
        ("depacketize_h265", depacketize_h265, &[H265]),
        ("depacketize_aac", depacketize_aac, &[b"\x0b\x01\x00\x20\x00\x18\x00\x10\x01\x02\x03\x04\x05", b"\x04\x01\x03\x07\x08\x09"]),
        ("depacketize_g711", depacketize_g711, &[H264, b"\x02\x10\xd5\xd5"]),
        ("rtcp", rtcp, &[b"\x80\xc8\x00\x06\x00\x00\x00\x07\x80\x00\x00\x00\x40\x00\x00\x00\x00\x00\x00\x63\x00\x00\x00\x01\x00\x00\x00\x02"]),
        ("params", params, &[SETS, SPS_H265, b"\x12\x10", b"\x40\x00\x26\x20\x3f\xc0"]),
    ];

    fn next(seed: &mut u64) -> u64 {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        *seed
    }

    /// Flips, cuts, doubles and inserts.
    fn mutate(bytes: &mut Vec<u8>, seed: &mut u64) {
        for _ in 0..=next(seed) % 4 {
            let place = next(seed) as usize % (bytes.len() + 1);
            match next(seed) % 6 {
                0 if place < bytes.len() => bytes[place] ^= 1 << (next(seed) % 8),
                1 if place < bytes.len() => bytes[place] = next(seed) as u8,
                2 => bytes.truncate(place),
                3 if place < bytes.len() => drop(bytes.remove(place)),
                4 => bytes.insert(place, [0, 1, 0x7f, 0xff][next(seed) as usize % 4]),
                _ => {
                    let from = next(seed) as usize % (bytes.len() + 1);
                    let piece: Vec<u8> = bytes[from..].iter().take(64).copied().collect();
                    bytes.splice(place..place, piece);
                }
            }
        }
        bytes.truncate(4096);
    }

    #[test]
    fn every_target_survives_its_seeds_and_their_neighbours() {
        for (name, target, seeds) in TARGETS {
            let mut seed = 0x2545_f491_4f6c_dd1d;
            for start in seeds {
                target(start);
                let mut bytes = start.to_vec();
                for round in 0..3_000 {
                    if round % 20 == 0 {
                        bytes = start.to_vec();
                    }
                    mutate(&mut bytes, &mut seed);
                    let caught = std::panic::catch_unwind(|| target(&bytes));
                    assert!(caught.is_ok(), "{name}: {}", bytes.escape_ascii());
                }
            }
        }
    }

    #[test]
    fn the_seed_session_gives_a_picture() {
        // Otherwise the session target would fuzz nothing but the greeting.
        let mut framer = Framer::default();
        let mut packets = 0;
        let mut from = 1;
        loop {
            match framer.next(&HELLO[from..], &mut Oddities::default()) {
                Step::Need => break,
                Step::Used(used) | Step::Message { used, .. } => from += used,
                Step::Packet { used, .. } => {
                    packets += 1;
                    from += used;
                }
            }
        }
        assert_eq!(packets, 3);
    }
}
