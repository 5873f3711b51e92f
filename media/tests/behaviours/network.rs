//! Connections that end, wait, or are not what they seem.

use super::{Behaviour, all_play, answering, mangled, with};
use crate::camera::Habits;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// Answers this method so the first times, then as usual.
fn first_times(times: usize, method: &'static str, text: &'static str) -> Habits {
    let asked = AtomicUsize::new(0);
    answering(move |request, _| {
        (request.starts_with(method) && asked.fetch_add(1, Ordering::Relaxed) < times).then(|| text.into())
    })
}

fn ends() -> Vec<Behaviour> {
    vec![
        ("hangs up on the first OPTIONS", first_times(1, "OPTIONS", "{close}")),
        ("hangs up on the first DESCRIBE", first_times(1, "DESCRIBE", "{close}")),
        ("hangs up on the first SETUP", first_times(1, "SETUP", "{close}")),
        ("hangs up on the first PLAY", first_times(1, "PLAY", "{close}")),
        ("hangs up on every OPTIONS", first_times(99, "OPTIONS", "{close}")),
        ("resets on every OPTIONS", first_times(99, "OPTIONS", "{reset}")),
        (
            "hangs up behind OPTIONS",
            first_times(99, "OPTIONS", "RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\nConnection: close\r\n\r\n{close}"),
        ),
        (
            "hangs up within its description once",
            first_times(
                1,
                "DESCRIBE",
                "RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\nContent-Length: 900\r\n\r\nv=0\r\nm=vid{close}",
            ),
        ),
        (
            "busy at first",
            first_times(
                1,
                "DESCRIBE",
                "RTSP/1.0 503 Service Unavailable\r\nCSeq: {cseq}\r\nRetry-After: 1\r\n\r\n",
            ),
        ),
        (
            "too many at first",
            first_times(1, "PLAY", "RTSP/1.0 453 Not Enough Bandwidth\r\nCSeq: {cseq}\r\n\r\n"),
        ),
        ("not found at first", first_times(1, "DESCRIBE", "RTSP/1.0 404 Not Found\r\nCSeq: {cseq}\r\n\r\n")),
        ("broken at first", first_times(1, "SETUP", "RTSP/1.0 500 Oops\r\nCSeq: {cseq}\r\n\r\n")),
        ("says good-bye early once", {
            let ended = AtomicUsize::new(0);
            mangled(move |picture, packets| {
                if picture == 5 && ended.fetch_add(1, Ordering::Relaxed) == 0 { Vec::new() } else { packets }
            })
        }),
        ("hangs up after five pictures", with(|habits| habits.pictures = 5)),
    ]
}

fn waits() -> Vec<Behaviour> {
    let slow = |method: &'static str| {
        answering(move |request, at| {
            let late = request.starts_with(method) && at < 9;
            late.then(|| match method {
                "OPTIONS" => "{pause}{pause}RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\n\r\n".into(),
                _ => "{pause}{pause}{pause}{pause}RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\nContent-Type: application/sdp\r\nContent-Length: {length}\r\n\r\n{sdp}".into(),
            })
        })
    };
    vec![
        ("slow OPTIONS", slow("OPTIONS")),
        ("slow DESCRIBE", slow("DESCRIBE")),
        ("slow PLAY", with(|habits| habits.play = format!("{{pause}}{{pause}}{{pause}}{}", habits.play))),
        ("slow SETUP", with(|habits| habits.setup = format!("{{pause}}{{pause}}{{pause}}{}", habits.setup))),
        (
            "slow sound",
            with(|habits| habits.setup_audio = format!("{{pause}}{{pause}}{}", habits.setup_audio)),
        ),
        (
            "a pause before the first picture",
            with(|habits| habits.play = format!("{}{{pause}}{{pause}}", habits.play)),
        ),
        (
            "a late first key picture",
            mangled(|picture, packets| if picture < 5 { Vec::new() } else { packets }),
        ),
        ("a greeting", with(|habits| habits.greeting = "220 Camera ready\r\n".into())),
        ("a greeting in its own tongue", with(|habits| habits.greeting = "RTSP/1.0 200 OK\r\n\r\n".into())),
        ("an address of the newer kind", with(|habits| habits.host = "[::1]")),
    ]
}

/// Refuses TCP; over UDP the answer names these fields.
fn over_udp(fields: &'static str) -> Habits {
    with(|habits| {
        habits.setup = format!(
            "RTSP/1.0 461 Unsupported Transport\r\nCSeq: {{cseq}}\r\n\r\n{{udp}}RTSP/1.0 200 OK\r\n\
             CSeq: {{cseq}}\r\nSession: 77\r\nTransport: {fields}\r\n\r\n"
        );
        habits.setup_audio = habits.setup.clone();
    })
}

fn datagrams() -> Vec<Behaviour> {
    let shuffled = |mangle: fn(u64, Vec<Vec<u8>>) -> Vec<Vec<u8>>| {
        let mut habits = over_udp("RTP/AVP;unicast;server_port={port}");
        habits.mangle = Arc::new(mangle);
        habits
    };
    vec![
        ("ports of the server", over_udp("RTP/AVP;unicast;client_port=9-10;server_port={port}-{port}")),
        ("no ports of the server", over_udp("RTP/AVP;unicast")),
        ("ports of zero", over_udp("RTP/AVP;unicast;server_port=0-0")),
        ("ports that are not its own", over_udp("RTP/AVP;unicast;server_port=7000-7001")),
        ("another profile", over_udp("RTP/AVP/UDP;unicast;server_port={port}")),
        ("its own address", over_udp("RTP/AVP;unicast;source=127.0.0.1;server_port={port}")),
        ("another address", over_udp("RTP/AVP;unicast;source=127.0.0.7;server_port={port}")),
        ("an inner address", over_udp("RTP/AVP;unicast;source=192.168.1.64;server_port={port}")),
        ("an address by name", over_udp("RTP/AVP;unicast;source=camera;server_port={port}")),
        ("no transport", over_udp("")),
        (
            "reversed",
            shuffled(|_, mut packets| {
                packets.reverse();
                packets
            }),
        ),
        (
            "one in five lost",
            shuffled(|picture, mut packets| {
                if picture % 10 == 5 {
                    packets.pop();
                }
                packets
            }),
        ),
        (
            "UDP told where TCP was asked for",
            with(|habits| {
                habits.setup = "RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\nSession: 77\r\nTransport: RTP/AVP;unicast;server_port=6000-6001\r\n\r\n\
                {udp}RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\nSession: 77\r\nTransport: RTP/AVP;unicast;server_port={port}\r\n\r\n".into();
                habits.setup_audio = habits.setup.clone();
            }),
        ),
        (
            "TCP refused as a bad request",
            with(|habits| {
                habits.setup = "RTSP/1.0 400 Bad Request\r\nCSeq: {cseq}\r\n\r\n\
                {udp}RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\nSession: 77\r\nTransport: RTP/AVP;unicast;server_port={port}\r\n\r\n".into();
                habits.setup_audio = habits.setup.clone();
            }),
        ),
    ]
}

#[test]
fn connections_that_end_are_taken_up_again() {
    all_play(ends(), 20);
}

#[test]
fn slow_cameras_are_waited_for() {
    all_play(waits(), 20);
}

#[test]
fn datagrams_of_every_kind_play() {
    all_play(datagrams(), 20);
}
