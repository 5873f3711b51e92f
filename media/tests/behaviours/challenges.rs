//! Authentication checked: these cameras compute the response themselves and refuse what is wrong.

use super::{Behaviour, all_play, answering, conversation::challenges};
use crate::{
    camera::{Camera, Habits},
    support::{Recorder, engine, spec},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use md5::{Digest as _, Md5};
use mingjing_media::{
    event::Cause,
    ingest::engine::{RtspSpec, Secret},
};
use sha2::{Sha256, Sha512_256};

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

type Hash = fn(&[u8]) -> String;

fn md5(bytes: &[u8]) -> String {
    hex(&Md5::digest(bytes))
}

fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn sha512_256(bytes: &[u8]) -> String {
    hex(&Sha512_256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A parameter of the `Authorization` field.
fn parameter<'a>(request: &'a str, name: &str) -> Option<&'a str> {
    let line = request.lines().find(|line| line.contains("uthorization: Digest"))?;
    let value = line.split_once(&format!(" {name}="))?.1;
    match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => value.split(',').next(),
    }
}

/// Whether the request carries the right response (RFC 7616 §3.4.1) for `admin` with the password `pass`.
fn is_right(request: &str, realm: &[u8], hash: Hash) -> Option<bool> {
    let method = request.split(' ').next()?;
    let mut secret = hash(&[b"admin:", realm, b":pass"].concat());
    let nonce = parameter(request, "nonce")?;
    if parameter(request, "algorithm").is_some_and(|name| name.ends_with("-sess")) {
        secret = hash(format!("{secret}:{nonce}:{}", parameter(request, "cnonce")?).as_bytes());
    }
    let uri = parameter(request, "uri")?;
    let action = match parameter(request, "qop") {
        Some("auth-int") => format!("{method}:{uri}:{}", hash(b"")),
        _ => format!("{method}:{uri}"),
    };
    let action = hash(action.as_bytes());
    let wanted = match parameter(request, "qop") {
        Some(qop) => {
            let (count, own) = (parameter(request, "nc")?, parameter(request, "cnonce")?);
            hash(format!("{secret}:{nonce}:{count}:{own}:{qop}:{action}").as_bytes())
        }
        None => hash(format!("{secret}:{nonce}:{action}").as_bytes()),
    };
    Some(parameter(request, "response")? == wanted)
}

/// A camera that wants this realm (as the template and as bytes) hashed so; `more` follows in its challenge.
fn guarded(realm: (&'static str, &'static [u8]), more: &'static str, hash: Hash) -> Habits {
    answering(move |request, _| {
        (is_right(request, realm.1, hash) != Some(true)).then(|| {
            format!(
                "RTSP/1.0 401 Unauthorized\r\nCSeq: {{cseq}}\r\n\
                 WWW-Authenticate: Digest realm=\"{}\", nonce=\"5e3a\"{more}\r\n\r\n",
                realm.0
            )
        })
    })
}

const CAM: (&str, &[u8]) = ("cam", b"cam");

fn digests() -> Vec<Behaviour> {
    vec![
        ("plain", guarded(CAM, "", md5)),
        ("quality", guarded(CAM, ", qop=\"auth\"", md5)),
        ("quality without quotes", guarded(CAM, ", qop=auth", md5)),
        ("an empty quality", guarded(CAM, ", qop=\"\"", md5)),
        ("integrity alone", guarded(CAM, ", qop=\"auth-int\"", md5)),
        ("MD5 by session", guarded(CAM, ", qop=\"auth\", algorithm=MD5-sess", md5)),
        ("SHA-256", guarded(CAM, ", algorithm=SHA-256", sha256)),
        ("SHA-256 with quality", guarded(CAM, ", algorithm=\"SHA-256\", qop=\"auth\"", sha256)),
        ("SHA-256 by session", guarded(CAM, ", algorithm=SHA-256-sess, qop=\"auth\"", sha256)),
        ("SHA-512-256", guarded(CAM, ", algorithm=SHA-512-256, qop=\"auth\"", sha512_256)),
        ("an algorithm of nothing", guarded(CAM, ", algorithm=\"\"", md5)),
        ("a realm of nothing", guarded(("", b""), "", md5)),
        ("a realm with blanks", guarded(("IP Camera (C1)", b"IP Camera (C1)"), "", md5)),
        (
            "a realm in UTF-8",
            guarded(("\u{6444}\u{50cf}\u{673a}", "\u{6444}\u{50cf}\u{673a}".as_bytes()), "", md5),
        ),
        ("a realm in GBK", guarded(("{hex:c9e3cff1bbfa}", &[0xc9, 0xe3, 0xcf, 0xf1, 0xbb, 0xfa]), "", md5)),
        ("a realm in Latin-1", guarded(("K{hex:fc}che", b"K\xfcche"), "", md5)),
        ("unknown parameters", guarded(CAM, ", charset=UTF-8, userhash=false, x=y", md5)),
        ("a domain", guarded(CAM, ", domain=\"rtsp://127.0.0.1/\"", md5)),
        ("stale said at once", guarded(CAM, ", stale=true", md5)),
        ("parameters ended by commas", guarded(CAM, ",,", md5)),
    ]
}

fn kinds() -> Vec<Behaviour> {
    let basic = STANDARD.encode("admin:pass");
    let wants_basic = |challenge: &'static str| {
        let wanted = format!("Authorization: Basic {basic}");
        answering(move |request, _| {
            (!request.contains(&wanted)).then(|| {
                format!(
                    "RTSP/1.0 401 Unauthorized\r\nCSeq: {{cseq}}\r\nWWW-Authenticate: {challenge}\r\n\r\n"
                )
            })
        })
    };
    vec![
        ("Basic", wants_basic("Basic realm=\"cam\"")),
        ("Basic without a realm", wants_basic("Basic")),
        ("Basic in lower case", wants_basic("basic realm=cam")),
        ("an unknown scheme and Basic", wants_basic("Negotiate\r\nWWW-Authenticate: Basic realm=\"cam\"")),
        ("an unknown scheme and Basic in one field", wants_basic("Bearer realm=\"x\", Basic realm=\"cam\"")),
        (
            "Digest in name, Basic in truth",
            wants_basic("Digest realm=\"cam\", nonce=\"n7\"\r\nWWW-Authenticate: Basic realm=\"cam\""),
        ),
        (
            "the same challenge twice",
            challenges(
                "*",
                "Digest realm=\"cam\", nonce=\"n7\"\r\nWWW-Authenticate: Digest realm=\"cam\", nonce=\"n7\"",
                "n7",
            ),
        ),
        (
            "lower-case field name",
            challenges("*", "x\r\nwww-authenticate: Digest realm=\"cam\", nonce=\"n7\"", "n7"),
        ),
        ("a folded challenge", challenges("*", "Digest realm=\"cam\",\r\n nonce=\"n7\"", "n7")),
        ("a challenge with tabs", challenges("*", "Digest\trealm=\"cam\",\tnonce=\"n7\"", "n7")),
        ("a challenge with semicolons", challenges("*", "Digest realm=\"cam\"; nonce=\"n7\"", "\"n7\"")),
        ("a challenge without commas", challenges("*", "Digest realm=\"cam\" nonce=\"n7\"", "\"n7\"")),
        (
            "a proxy's challenge",
            answering(|request, _| {
                (!request.contains("Proxy-Authorization: Digest")).then(|| {
                    "RTSP/1.0 407 Proxy Authentication Required\r\nCSeq: {cseq}\r\n\
                     Proxy-Authenticate: Digest realm=\"cam\", nonce=\"n7\"\r\n\r\n"
                        .into()
                })
            }),
        ),
        (
            "a challenge with a body",
            answering(|request, _| {
                (!request.contains("Authorization:")).then(|| {
                    "RTSP/1.0 401 Unauthorized\r\nCSeq: {cseq}\r\nContent-Length: 11\r\n\
                     WWW-Authenticate: Digest realm=\"cam\", nonce=\"n7\"\r\n\r\n<b>401</b>\n"
                        .into()
                })
            }),
        ),
        (
            "hangs up behind the challenge",
            answering(|request, _| {
                (!request.contains("Authorization:")).then(|| {
                    "RTSP/1.0 401 Unauthorized\r\nCSeq: {cseq}\r\nConnection: close\r\n\
                     WWW-Authenticate: Digest realm=\"cam\", nonce=\"n7\"\r\n\r\n{close}"
                        .into()
                })
            }),
        ),
        (
            "hangs up behind the challenge without a word",
            answering(|request, _| {
                (!request.contains("Authorization:")).then(|| {
                    "RTSP/1.0 401 Unauthorized\r\nCSeq: {cseq}\r\n\
                     WWW-Authenticate: Digest realm=\"cam\", nonce=\"n7\"\r\n\r\n{close}"
                        .into()
                })
            }),
        ),
        (
            "a challenge to keep-alives",
            answering(|request, at| {
                (at > 4 && request.starts_with("OPTIONS")).then(|| {
                    "RTSP/1.0 401 Unauthorized\r\nCSeq: {cseq}\r\n\
                     WWW-Authenticate: Digest realm=\"cam\", nonce=\"n7\"\r\n\r\n"
                        .into()
                })
            }),
        ),
    ]
}

#[test]
fn responses_are_right_for_every_algorithm_and_realm() {
    all_play(digests(), 20);
}

#[test]
fn challenges_of_every_kind_are_answered() {
    all_play(kinds(), 20);
}

#[test]
fn who_asks_for_basic_where_a_digest_was_taken_before_gets_no_password() {
    let (visits, told) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicBool::new(false)));
    let (counted, heard) = (visits.clone(), told.clone());
    let mut habits = answering(move |request, before| {
        let visit = counted.fetch_add(u32::from(before == 0), Ordering::Relaxed) + u32::from(before == 0);
        heard.fetch_or(request.contains("Authorization: Basic"), Ordering::Relaxed);
        let (wanted, offer) = match visit {
            1 => ("Authorization: Digest", "Digest realm=\"cam\", nonce=\"n7\""),
            _ => ("Authorization: Basic", "Basic realm=\"cam\""),
        };
        (!request.contains(wanted)).then(|| {
            format!("RTSP/1.0 401 Unauthorized\r\nCSeq: {{cseq}}\r\nWWW-Authenticate: {offer}\r\n\r\n")
        })
    });
    habits.pictures = 20;
    let (camera, recorder, engine) = (Camera::start(habits), Recorder::new(), engine(|_| {}));
    let spec = RtspSpec {
        user: Some("admin".into()),
        password: Some(Secret("pass".into())),
        allow_basic: true,
        ..spec(&camera.url())
    };
    let handle = engine.open("cam.main".into(), spec, recorder.hub()).unwrap();
    assert!(recorder.wait_for_video(10, Duration::from_secs(20)), "{:?}", handle.stats());
    let until = Instant::now() + Duration::from_secs(20);
    while handle.stats().and_then(|stats| stats.cause) != Some(Cause::BasicRefused) {
        assert!(Instant::now() < until, "{:?}", handle.stats());
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(visits.load(Ordering::Relaxed) > 1 && !told.load(Ordering::Relaxed));
}
