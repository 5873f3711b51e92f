//! What the framer puts up with.

use super::*;

#[derive(Debug, PartialEq)]
enum Got {
    Packet(u8, Vec<u8>),
    Status(u16, String),
    Request(String),
}

/// Feeds `bytes` in pieces of `piece` and collects what comes out.
fn feed(framer: &mut Framer, bytes: &[u8], piece: usize) -> (Vec<Got>, Oddities) {
    let mut oddities = Oddities::default();
    let mut got = Vec::new();
    let mut buffer = Vec::new();
    for chunk in bytes.chunks(piece) {
        buffer.extend_from_slice(chunk);
        let mut from = 0;
        loop {
            match framer.next(&buffer[from..], &mut oddities) {
                Step::Need => break,
                Step::Used(used) => from += used,
                Step::Packet { used, channel, payload } => {
                    got.push(Got::Packet(channel, payload.to_vec()));
                    from += used;
                }
                Step::Message { used, message } => {
                    got.push(seen(message));
                    from += used;
                }
            }
        }
        buffer.drain(..from);
    }
    got.extend(framer.flush(&mut oddities).map(seen));
    (got, oddities)
}

fn seen(message: Message) -> Got {
    match message.start {
        Start::Response { status, .. } => Got::Status(status, String::from_utf8_lossy(&message.body).into()),
        Start::Request { method, .. } => Got::Request(method),
    }
}

fn rtp(length: usize) -> Vec<u8> {
    let mut packet = vec![0u8; length];
    packet[0] = 0x80;
    packet
}

fn agreed() -> Framer {
    let mut framer = Framer::default();
    framer.agree_channel(0);
    framer.agree_channel(1);
    framer
}

#[test]
fn odd_messages_are_understood_however_they_are_cut() {
    let table: [(&str, &[u8], Got); 9] = [
        ("plain", b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n", Got::Status(200, String::new())),
        ("no reason", b"RTSP/1.0 200\r\nCSeq: 1\r\n\r\n", Got::Status(200, String::new())),
        ("bare line feeds", b"RTSP/1.0 401 Unauthorized\nCSeq: 1\n\n", Got::Status(401, String::new())),
        (
            "odd case and blanks",
            b"\r\n\n rtsp/1.0   404   Not  Found \r\ncseq :7\r\n\r\n",
            Got::Status(404, String::new()),
        ),
        ("a field without a colon", b"RTSP/1.0 200 OK\r\nnonsense\r\n\r\n", Got::Status(200, String::new())),
        ("a folded field", b"RTSP/1.0 200 OK\r\nA: b\r\n c\r\n\r\n", Got::Status(200, String::new())),
        ("a body", b"RTSP/1.0 200 OK\r\ncontent-length: 3\r\n\r\nabc", Got::Status(200, "abc".into())),
        ("no blank line at the end", b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n", Got::Status(200, String::new())),
        (
            "a request",
            b"GET_PARAMETER rtsp://x/ RTSP/1.0\r\nCSeq: 1\r\n\r\n",
            Got::Request("GET_PARAMETER".into()),
        ),
    ];
    for (name, bytes, expected) in table {
        for piece in [1, 2, 7, 1000] {
            let (got, _) = feed(&mut agreed(), bytes, piece);
            assert_eq!(got, [expected_clone(&expected)], "{name} in pieces of {piece}");
        }
    }
}

fn expected_clone(got: &Got) -> Got {
    match got {
        Got::Packet(channel, bytes) => Got::Packet(*channel, bytes.clone()),
        Got::Status(status, body) => Got::Status(*status, body.clone()),
        Got::Request(method) => Got::Request(method.clone()),
    }
}

#[test]
fn packets_are_found_between_everything() {
    let packet = write_packet(0, &rtp(20));
    let head = b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n".to_vec();
    let whole = [
        &packet[..],
        &head,
        &packet,
        b"Content-Length: 2\r\n\r\n",
        &packet,
        b"ab",
        &packet,
        b"RTSP/1.0 200 OK\r\n\r\n",
    ]
    .concat();
    for piece in [1, 3, 64, 10_000] {
        let (got, _) = feed(&mut agreed(), &whole, piece);
        let packets =
            got.iter().filter(|got| matches!(got, Got::Packet(0, bytes) if bytes.len() == 20)).count();
        let statuses = got.iter().filter(|got| matches!(got, Got::Status(200, _))).count();
        assert_eq!((packets, statuses), (4, 2), "in pieces of {piece}: {got:?}");
    }
}

#[test]
fn garbage_is_stepped_over_and_counted_once() {
    let packet = write_packet(1, &rtp(12));
    let whole = [&packet[..], b"\xff\x00$$\x07garbage$", &packet, b"###RTSP/1.0 200 OK\r\n\r\n"].concat();
    for piece in [1, 5, 10_000] {
        let (got, oddities) = feed(&mut agreed(), &whole, piece);
        assert_eq!(got.len(), 3, "in pieces of {piece}: {got:?}");
        assert_eq!(oddities.get("garbage_between_messages"), 2);
    }
}

#[test]
fn descriptions_survive_a_wrong_length() {
    let sdp = "v=0\r\nm=video 0 RTP/AVP 96\r\n";
    for (name, field) in [
        ("missing", String::new()),
        ("too small", "Content-Length: 5\r\n".into()),
        ("too large", "Content-Length: 500\r\n".into()),
        ("zero", "Content-Length: 0\r\n".into()),
        ("malformed", "Content-Length: many\r\n".into()),
        ("negative", "Content-Length: -7\r\n".into()),
    ] {
        let mut framer = Framer::default();
        framer.set_describing(true);
        let bytes = format!("RTSP/1.0 200 OK\r\nCSeq: 2\r\n{field}\r\n{sdp}");
        let (got, oddities) = feed(&mut framer, bytes.as_bytes(), 10_000);
        assert_eq!(got, [Got::Status(200, sdp.into())], "{name}");
        assert!(!oddities.is_empty(), "{name} is counted");
    }
}

#[test]
fn a_length_without_a_body_does_not_swallow_what_follows() {
    let whole = [&b"RTSP/1.0 200 OK\r\nContent-Length: 100\r\n\r\n"[..], &write_packet(0, &rtp(12))].concat();
    let (got, _) = feed(&mut agreed(), &whole, 1000);
    assert_eq!(got, [Got::Status(200, String::new()), Got::Packet(0, rtp(12))]);
}

#[test]
fn a_head_without_end_is_bounded() {
    let mut framer = Framer::default();
    let mut bytes = b"RTSP/1.0 200 OK\r\n".to_vec();
    bytes.resize(3 * HEAD_MAX_BYTES, b'a');
    let (got, oddities) = feed(&mut framer, &bytes, 4096);
    assert_eq!(got, []);
    assert_eq!(oddities.get("head_too_large"), 1);
}

#[test]
fn what_is_written_is_read_back() {
    let bytes = write_request("SETUP", "rtsp://h/a", &[("CSeq", "3"), ("X", "a\r\nEvil: b")]);
    let (got, _) = feed(&mut Framer::default(), &bytes, 9);
    assert_eq!(got, [Got::Request("SETUP".into())]);
    assert!(!String::from_utf8(bytes).unwrap().contains("\nEvil"));
    let (got, _) = feed(&mut Framer::default(), &write_response(501, "No", &[]), 9);
    assert_eq!(got, [Got::Status(501, String::new())]);
}
