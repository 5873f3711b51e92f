//! Syntax of answers beyond the usual: line ends, fields, lengths, numbers, and what stands between them.

use super::{Behaviour, all_play, answering, conversation::rewritten, with};
use crate::camera::Habits;

/// The answer to DESCRIBE, changed.
fn described(from: &'static str, to: &'static str) -> Habits {
    with(|habits| habits.describe = habits.describe.replace(from, to))
}

/// Something in front of the answer to this method.
fn in_front(method: &'static str, text: &'static str) -> Habits {
    with(|habits| {
        let answer = match method {
            "OPTIONS" => &mut habits.options,
            "DESCRIBE" => &mut habits.describe,
            "SETUP" => &mut habits.setup,
            _ => &mut habits.play,
        };
        *answer = format!("{text}{answer}");
    })
}

fn lines() -> Vec<Behaviour> {
    vec![
        ("lower-case status lines", rewritten("RTSP/1.0", "rtsp/1.0")),
        ("two blanks in the status line", rewritten("RTSP/1.0 200", "RTSP/1.0  200")),
        ("a tab in the status line", rewritten("RTSP/1.0 200 OK", "RTSP/1.0\t200\tOK")),
        ("reason without a blank", rewritten("200 OK", "200OK")),
        ("a long reason", rewritten("200 OK", "200 Everything is in the best of orders, thank you")),
        ("a reason in another alphabet", rewritten("200 OK", "200 {hex:b3c9b9a6}")),
        ("a version of three digits", rewritten("RTSP/1.0", "RTSP/1.0.1")),
        ("blanks before the status line", rewritten("RTSP/1.0", "  RTSP/1.0")),
        ("lines that end the wrong way round", rewritten("\r\n", "\n\r")),
        ("lines that end in three bytes", rewritten("\r\n", "\r\r\n")),
        ("line feeds for the answer to SETUP", with(|habits| habits.setup = habits.setup.replace('\r', ""))),
        ("every answer byte by byte", rewritten("RTSP/1.0", "{crumbs}RTSP/1.0")),
        ("a zero behind every answer", rewritten("CSeq: {cseq}\r\n", "CSeq: {cseq}\r\nX-Zero: {hex:00}\r\n")),
        ("zeros between answers", rewritten("RTSP/1.0", "{hex:000000}RTSP/1.0")),
        ("bytes that are no text in a field", rewritten("CSeq:", "Server: {hex:fffe8081c3}\r\nCSeq:")),
        ("a field without a name", rewritten("CSeq:", ": nothing\r\nCSeq:")),
        ("a field without a value", rewritten("CSeq:", "Date:\r\nCSeq:")),
        ("a date with colons", rewritten("CSeq:", "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\nCSeq:")),
    ]
}

fn numbers() -> Vec<Behaviour> {
    vec![
        ("numbers of zero", rewritten("{cseq}", "0")),
        ("numbers beyond all bounds", rewritten("{cseq}", "99999999999999999999")),
        ("negative numbers", rewritten("{cseq}", "-1")),
        ("numbers with leading zeros", rewritten("{cseq}", "000{cseq}")),
        ("the number twice", rewritten("CSeq: {cseq}", "CSeq: {cseq}\r\nCSeq: {cseq}")),
        ("the number and another", rewritten("CSeq: {cseq}", "CSeq: {cseq}\r\nCSeq: 4711")),
        ("an empty number", rewritten("CSeq: {cseq}", "CSeq:")),
        ("the number last", rewritten("CSeq: {cseq}\r\nPublic", "Public")),
        (
            "numbers that lag by one",
            answering(|request, at| {
                request.starts_with("OPTIONS").then(|| format!("RTSP/1.0 200 OK\r\nCSeq: {at}\r\n\r\n"))
            }),
        ),
    ]
}

fn lengths() -> Vec<Behaviour> {
    let length = |text: &'static str| described("{length}", text);
    vec![
        ("length of nothing", length("0")),
        ("negative length", length("-5")),
        ("length with a plus", length("+{length}")),
        ("length in words", length("many")),
        ("an empty length", length("")),
        ("length twice", described("Content-Length", "Content-Length: {length}\r\nContent-Length")),
        ("length with a unit", length("{length} bytes")),
        ("lower-case length", described("Content-Length", "content-length")),
        ("length without a blank", described("Content-Length: ", "Content-Length:")),
        ("one byte too many", described("{sdp}", "{sdp}{hex:00}")),
        ("a blank line before the body", described("\r\n\r\n{sdp}", "\r\n\r\n\r\n{sdp}")),
        ("the body in pieces", described("{sdp}", "{crumbs}{sdp}")),
        (
            "answers without length that have a body",
            with(|habits| habits.play = format!("{}Thank you for watching\r\n", habits.play)),
        ),
        (
            "chunks as in HTTP",
            with(|habits| {
                habits.describe = "RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\nContent-Type: application/sdp\r\n\
                    Transfer-Encoding: chunked\r\n\r\n1f4\r\n{sdp}\r\n0\r\n\r\n"
                    .into();
            }),
        ),
    ]
}

fn between() -> Vec<Behaviour> {
    vec![
        ("a packet before DESCRIBE is answered", in_front("DESCRIBE", "{hex:24000004aabbccdd}")),
        ("a picture before SETUP is answered", in_front("SETUP", "{picture}")),
        (
            "a picture within the head of an answer",
            with(|habits| habits.play = habits.play.replace("Session", "{picture}Session")),
        ),
        (
            "a picture behind a half-written line",
            with(|habits| habits.play = habits.play.replace("RTP-Info", "{pause}RTP-Info")),
        ),
        ("a question before the answer", in_front("SETUP", "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n")),
        (
            "a question with a body",
            in_front(
                "PLAY",
                "SET_PARAMETER rtsp://127.0.0.1/live RTSP/1.0\r\nCSeq: 1\r\nContent-Length: 7\r\n\r\na: b\r\nx",
            ),
        ),
        (
            "a question for parameters",
            in_front("PLAY", "GET_PARAMETER * RTSP/1.0\r\nCSeq: 3\r\nSession: 77\r\n\r\n"),
        ),
        (
            "a redirect by request",
            in_front("PLAY", "REDIRECT * RTSP/1.0\r\nCSeq: 3\r\nLocation: rtsp://10.9.9.9/\r\n\r\n"),
        ),
        ("a question in lower case", in_front("PLAY", "options * rtsp/1.0\r\ncseq: 3\r\n\r\n")),
        ("an unknown question", in_front("PLAY", "FETCH * RTSP/1.0\r\nCSeq: 3\r\n\r\n")),
        ("an answer to nothing", in_front("SETUP", "RTSP/1.0 200 OK\r\n\r\n")),
        ("an old answer", in_front("SETUP", "RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n")),
        ("two interim answers", in_front("SETUP", "RTSP/1.0 100 Continue\r\n\r\nRTSP/1.0 110 Wait\r\n\r\n")),
        (
            "a description that comes twice",
            with(|habits| habits.describe = format!("{0}{0}", habits.describe)),
        ),
        (
            "an answer to DESCRIBE and to SETUP in one",
            with(|habits| {
                habits.describe = format!("{}RTSP/1.0 200 OK\r\nCSeq: 3\r\n\r\n", habits.describe);
            }),
        ),
        ("a web page's head first", in_front("DESCRIBE", "X-Noise: 1\r\n\r\n")),
        (
            "only some methods are public",
            with(|habits| habits.options = habits.options.replace("DESCRIBE, SETUP, PLAY, ", "")),
        ),
        ("methods without commas", rewritten("OPTIONS, DESCRIBE, SETUP,", "OPTIONS DESCRIBE SETUP")),
        (
            "a session before it was asked for",
            with(|habits| habits.describe = habits.describe.replace("Content-T", "Session: 5\r\nContent-T")),
        ),
    ]
}

#[test]
fn odd_lines_of_answers_are_read() {
    all_play(lines(), 20);
}

#[test]
fn odd_numbers_of_answers_are_borne() {
    all_play(numbers(), 20);
}

#[test]
fn odd_lengths_of_bodies_are_borne() {
    all_play(lengths(), 20);
}

#[test]
fn what_stands_between_answers_is_borne() {
    all_play(between(), 20);
}
