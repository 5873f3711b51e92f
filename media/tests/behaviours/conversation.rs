//! The conversation: status lines, header fields, sequence numbers, authentication, refusals, addresses.

use super::{Behaviour, all_play, answering, with};

const DIGEST: &str = "Digest realm=\"cam\", nonce=\"n1\"";

/// Refuses requests of this method until they carry an answer to the challenge.
pub fn challenges(method: &'static str, challenge: &'static str, needle: &'static str) -> super::Habits {
    answering(move |request, _| {
        let asked = request.starts_with(method) || method == "*";
        let answered = request.contains("Authorization:") && request.contains(needle);
        (asked && !answered).then(|| {
            format!("RTSP/1.0 401 Unauthorized\r\nCSeq: {{cseq}}\r\nWWW-Authenticate: {challenge}\r\n\r\n")
        })
    })
}

pub fn refuses(method: &'static str, status: &'static str) -> super::Habits {
    answering(move |request, _| {
        request.starts_with(method).then(|| format!("RTSP/1.0 {status}\r\nCSeq: {{cseq}}\r\n\r\n"))
    })
}

pub fn rewritten(from: &'static str, to: &'static str) -> super::Habits {
    with(|habits| {
        for text in [
            &mut habits.options,
            &mut habits.describe,
            &mut habits.setup,
            &mut habits.setup_audio,
            &mut habits.play,
            &mut habits.other,
        ] {
            *text = text.replace(from, to);
        }
    })
}

fn forms_of_answers() -> Vec<Behaviour> {
    vec![
        ("lower-case header names", rewritten("CSeq", "cseq")),
        ("upper-case header names", rewritten("Transport:", "TRANSPORT:")),
        ("blanks before the colon", rewritten("CSeq:", "CSeq  :")),
        ("no blank after the colon", rewritten(": ", ":")),
        ("a newer protocol version", rewritten("RTSP/1.0", "RTSP/2.0")),
        ("status lines of HTTP", rewritten("RTSP/1.0", "HTTP/1.1")),
        ("no reason anywhere", rewritten("200 OK", "200")),
        ("another 2xx", rewritten("200 OK", "250 Low on Storage Space")),
        ("a constant sequence number", rewritten("{cseq}", "1")),
        ("sequence numbers that are no numbers", rewritten("{cseq}", "abc")),
        ("folded fields", rewritten("Session: 77", "X-Note: a\r\n  folded\r\nSession: 77")),
        ("a field without a colon", rewritten("CSeq:", "Nonsense\r\nCSeq:")),
        (
            "a field of 20 KiB",
            with(|habits| {
                habits.setup =
                    habits.setup.replace("Session:", &format!("X-Long: {}\r\nSession:", "x".repeat(20_000)));
            }),
        ),
        (
            "hundreds of fields",
            with(|habits| {
                habits.play =
                    habits.play.replace("Session:", &format!("{}Session:", "X-Many: 1\r\n".repeat(400)));
            }),
        ),
        ("time-out with blanks", rewritten("77;timeout=60", "77 ; timeout = 60 ")),
        ("time-out of nothing", rewritten("timeout=60", "timeout=0")),
        ("time-out that is no number", rewritten("timeout=60", "timeout=never")),
        ("a session of odd letters", rewritten("Session: 77", "Session: {a+b/c==}$~-._")),
        ("a long session", with(|habits| habits.setup = habits.setup.replace("77", &"7".repeat(200)))),
        (
            "an interim answer first",
            rewritten(
                "RTSP/1.0 200 OK\r\nCSeq",
                "RTSP/1.0 100 Continue\r\nCSeq: {cseq}\r\n\r\nRTSP/1.0 200 OK\r\nCSeq",
            ),
        ),
        ("every answer twice", with(|habits| habits.setup = habits.setup.repeat(2))),
        (
            "a body behind SETUP",
            with(|habits| {
                habits.setup = habits.setup.replace("\r\n\r\n", "\r\nContent-Length: 5\r\n\r\nhello");
            }),
        ),
        ("blank lines between answers", rewritten("RTSP/1.0", "\r\n\r\nRTSP/1.0")),
        (
            "a pause within the head",
            with(|habits| {
                habits.describe = habits.describe.replace("Content-Type", "{pause}Content-Type");
            }),
        ),
        (
            "a pause before the body",
            with(|habits| {
                habits.describe = habits.describe.replace("{sdp}", "{pause}{sdp}");
            }),
        ),
        ("a pause within a line", with(|habits| habits.setup = habits.setup.replace("Sess", "Se{pause}ss"))),
        (
            "a request of its own",
            with(|habits| {
                habits.play = format!("OPTIONS * RTSP/1.0\r\nCSeq: 9\r\n\r\n{}", habits.play);
            }),
        ),
        (
            "an announcement with a body",
            with(|habits| {
                habits.play = format!(
                    "{}ANNOUNCE * RTSP/1.0\r\nCSeq: 9\r\nContent-Length: 4\r\n\r\nv=0\n",
                    habits.play
                );
            }),
        ),
        (
            "a late answer to OPTIONS",
            with(|habits| {
                let late = habits.options.clone().replace("{cseq}", "1");
                habits.options = String::new();
                habits.describe = format!("{late}{}", habits.describe);
            }),
        ),
        (
            "keep-alives refused",
            with(|habits| {
                habits.setup = habits.setup.replace("timeout=60", "timeout=1");
                habits.other = "RTSP/1.0 501 Not Implemented\r\nCSeq: {cseq}\r\n\r\n".into();
            }),
        ),
        ("no description type", rewritten("Content-Type: application/sdp\r\n", "")),
        ("another description type", rewritten("application/sdp", "text/plain")),
    ]
}

fn refusals() -> Vec<Behaviour> {
    vec![
        ("OPTIONS not allowed", refuses("OPTIONS", "405 Method Not Allowed")),
        ("OPTIONS without a session", refuses("OPTIONS", "454 Session Not Found")),
        ("OPTIONS bad request", refuses("OPTIONS", "400 Bad Request")),
        ("OPTIONS not found", refuses("OPTIONS", "404 Not Found")),
        (
            "a range refused",
            answering(|request, _| {
                (request.starts_with("PLAY") && request.contains("Range:"))
                    .then(|| "RTSP/1.0 457 Invalid Range\r\nCSeq: {cseq}\r\n\r\n".into())
            }),
        ),
        (
            "the aggregate refused",
            answering(|request, _| {
                (request.starts_with("PLAY") && !request.contains("trackID"))
                    .then(|| "RTSP/1.0 459 Aggregate Operation Not Allowed\r\nCSeq: {cseq}\r\n\r\n".into())
            }),
        ),
        (
            "the first control address refused",
            with(|habits| {
                habits.sdp = habits.sdp.replace("trackID=0", "rtsp://10.1.1.1/live/trackID=0");
                habits.answer = std::sync::Arc::new(|request, _| {
                    (request.starts_with("SETUP rtsp://10."))
                        .then(|| "RTSP/1.0 404 Not Found\r\nCSeq: {cseq}\r\n\r\n".into())
                });
            }),
        ),
    ]
}

fn authentication() -> Vec<Behaviour> {
    vec![
        ("a challenge at OPTIONS", challenges("OPTIONS", DIGEST, "n1")),
        ("a challenge at DESCRIBE", challenges("DESCRIBE", DIGEST, "n1")),
        ("a challenge at SETUP only", challenges("SETUP", DIGEST, "n1")),
        ("a challenge at PLAY only", challenges("PLAY", DIGEST, "n1")),
        ("a challenge everywhere", challenges("*", DIGEST, "n1")),
        ("an empty realm", challenges("*", "Digest realm=\"\", nonce=\"n2\"", "n2")),
        ("no realm", challenges("*", "Digest nonce=\"n2\"", "n2")),
        ("a quoted algorithm", challenges("*", "Digest realm=\"a\", nonce=\"n2\", algorithm=\"MD5\"", "n2")),
        (
            "an opaque that must come back",
            challenges("*", "Digest realm=\"a\",nonce=\"n2\",opaque=\"zz\"", "opaque=\"zz\""),
        ),
        (
            "several qualities",
            challenges("*", "Digest realm=\"a\", nonce=\"n2\", qop=\"auth,auth-int\"", "qop=auth,"),
        ),
        ("commas in the realm", challenges("*", "Digest realm=\"a, b\", nonce=\"n2\"", "realm=\"a, b\"")),
        ("lower-case scheme", challenges("*", "digest REALM=\"a\", NONCE=\"n2\"", "n2")),
        (
            "the unknown first, the usual second",
            challenges(
                "*",
                "Digest realm=\"a\", nonce=\"x\", algorithm=SHA-512-256\r\nWWW-Authenticate: Digest realm=\"a\", nonce=\"n2\"",
                "n2",
            ),
        ),
        (
            "Basic and Digest in one field",
            challenges("*", "Basic realm=\"a\", Digest realm=\"a\", nonce=\"n2\"", "n2"),
        ),
        (
            "another nonce at each request",
            answering(|request, at| {
                let wanted = format!("nonce=\"n{}\"", at.saturating_sub(1));
                (!request.contains(&wanted)).then(|| format!(
                "RTSP/1.0 401 Unauthorized\r\nCSeq: {{cseq}}\r\nWWW-Authenticate: Digest realm=\"a\", nonce=\"n{at}\", stale=true\r\n\r\n"
            ))
            }),
        ),
    ]
}

fn addresses() -> Vec<Behaviour> {
    let describe = |field: &'static str| {
        with(|habits| {
            habits.describe = habits.describe.replace("Content-Type", &format!("{field}\r\nContent-Type"))
        })
    };
    let control = |text: &'static str| with(|habits| habits.sdp = habits.sdp.replace("trackID=0", text));
    vec![
        ("a base on an inner address", describe("Content-Base: rtsp://192.168.77.1:554/live/")),
        ("a base with credentials", describe("Content-Base: rtsp://a:b@127.0.0.1/live/")),
        ("a base of nothing", describe("Content-Base: ")),
        ("a base that is no address", describe("Content-Base: live")),
        ("a location instead of a base", describe("Content-Location: rtsp://127.0.0.1/live/")),
        ("an absolute control", control("rtsp://127.0.0.1/live/trackID=0")),
        ("a control of another host", control("rtsp://192.168.77.1/live/trackID=0")),
        ("a control with a query", control("trackID=0?a=1&b=2")),
        ("a control from the root", control("/live/trackID=0")),
        ("a control of everything", control("*")),
        ("a control with credentials", control("rtsp://a:b@127.0.0.1/trackID=0")),
        (
            "a redirect to another path",
            answering(|request, _| {
                request.starts_with("DESCRIBE").then_some(())?;
                let host = request.split('/').nth(2)?.to_owned();
                (!request.contains("/other")).then(|| {
                    format!("RTSP/1.0 302 Found\r\nCSeq: {{cseq}}\r\nLocation: rtsp://{host}/other\r\n\r\n")
                })
            }),
        ),
        (
            "a redirect to a path alone",
            answering(|request, _| {
                (request.starts_with("DESCRIBE") && !request.contains("/other"))
                    .then(|| "RTSP/1.0 301 Moved\r\nCSeq: {cseq}\r\nLocation: /other\r\n\r\n".into())
            }),
        ),
        (
            "a redirect with credentials",
            answering(|request, _| {
                request.starts_with("DESCRIBE").then_some(())?;
                let host = request.split('/').nth(2)?.to_owned();
                (!request.contains("/other")).then(|| {
                    format!(
                        "RTSP/1.0 302 Found\r\nCSeq: {{cseq}}\r\nLocation: rtsp://a:b@{host}/other\r\n\r\n"
                    )
                })
            }),
        ),
    ]
}

#[test]
fn every_form_of_answer_is_read() {
    all_play(forms_of_answers(), 20);
}

#[test]
fn refusals_on_the_way_are_gone_around() {
    all_play(refusals(), 20);
}

#[test]
fn every_challenge_is_answered() {
    all_play(authentication(), 20);
}

#[test]
fn addresses_are_taken_as_cameras_mean_them() {
    all_play(addresses(), 20);
}

#[test]
fn transports_that_differ_from_what_was_asked_play() {
    let setup = |transport: &'static str| {
        with(|habits| {
            habits.setup =
                format!("RTSP/1.0 200 OK\r\nCSeq: {{cseq}}\r\nSession: 77\r\nTransport: {transport}\r\n\r\n");
        })
    };
    all_play(
        vec![
            ("no profile", setup("interleaved=0-1")),
            ("one channel", setup("RTP/AVP/TCP;interleaved=0")),
            ("lower case", setup("rtp/avp/tcp;unicast;interleaved=0-1")),
            ("blanks", setup(" RTP/AVP/TCP ; unicast ; interleaved = 0-1 ")),
            ("channels that no byte holds", setup("RTP/AVP/TCP;unicast;interleaved=256-257")),
            ("ssrc and mode", setup("RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=1A2B;mode=\"PLAY\"")),
            ("an ssrc that is no number", setup("RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=zzzzzzzzzz")),
            (
                "an address beside it",
                setup("RTP/AVP/TCP;unicast;destination=10.0.0.1;source=10.0.0.2;interleaved=0-1"),
            ),
            ("two transports", setup("RTP/AVP/TCP;unicast;interleaved=0-1,RTP/AVP;unicast")),
            ("one pair for both tracks", with(|habits| habits.setup_audio = habits.setup.clone())),
        ],
        20,
    );
}
