//! Playback over real sockets: sessions, tables, ranges, key frames, HLS of recordings; judged by FFmpeg.

mod recordings;

use mingjing_media::mux::atoms::{child, children, u32_at};
use recordings::{Stage, decoded_frames, probe};
use serde_json::Value;
use std::fs;

/// The part of the bytes answer that a table entry names.
fn range(entry: &Value, offset: usize) -> String {
    let (from, length) = (entry[offset].as_u64().unwrap(), entry[offset + 1].as_u64().unwrap());
    format!("Range: bytes={from}-{}\r\n", from + length - 1)
}

#[test]
fn a_player_finds_fragments_by_the_table_and_plays_them() {
    let stage = Stage::new();
    let segment = stage.record("ch_a.main", "pcm_alaw");
    let session = stage.session("ch_a.main", "playback", None);
    let table = session.get(&format!("/play/segment/{segment}/table")).json();
    assert_eq!(table["start_us"], stage.start_us);
    assert!(table["mime"].as_str().unwrap().starts_with("video/mp4; codecs=\"avc1."));
    let fragments = table["fragments"].as_array().unwrap();
    assert_eq!(fragments.len(), 4);
    for (index, fragment) in fragments.iter().enumerate() {
        assert_eq!(fragment[0].as_i64().unwrap(), stage.start_us + index as i64 * 1_000_000);
        assert_eq!(fragment[4], true);
    }
    let path = format!("/play/segment/{segment}/bytes");
    let init = session.ask("GET", &path, &range(&table["init"], 0));
    assert_eq!(init.status, 206);
    let third = session.ask("GET", &path, &range(&fragments[2], 2));
    let file = stage.folder.path().join("part.mp4");
    fs::write(&file, [init.body, third.body].concat()).unwrap();
    assert_eq!(decoded_frames(&file), 25);
    assert!(probe(&file).contains("pcm_alaw"));
    assert!(stage.closed(session) > 1_000, "bytes are told to the journal");
}

#[test]
fn g711_comes_as_flac_where_a_browser_asks() {
    let stage = Stage::new();
    let segment = stage.record("ch_a.main", "pcm_mulaw");
    let session = stage.session("ch_a.main", "playback", None);
    let table = session.get(&format!("/play/segment/{segment}/table?audio=flac")).json();
    assert!(table["codecs"].as_str().unwrap().ends_with(",flac"), "{table}");
    let path = format!("/play/segment/{segment}/bytes?audio=flac");
    let fragments = table["fragments"].as_array().unwrap();
    let init = session.ask("GET", &path, &range(&table["init"], 0));
    let two = [range(&fragments[1], 2), range(&fragments[2], 2)]
        .map(|range| session.ask("GET", &path, &range).body);
    assert_eq!(init.status, 200);
    let file = stage.folder.path().join("part.mp4");
    fs::write(&file, [init.body, two.concat()].concat()).unwrap();
    assert_eq!(decoded_frames(&file), 50);
    assert!(probe(&file).contains("flac"));
    let crooked = session.ask("GET", &path, "Range: bytes=100-200\r\n");
    assert_eq!(crooked.status, 416, "only whole fragments can be converted");
}

#[test]
fn converted_fragments_are_numbered_along_the_recording() {
    let stage = Stage::new();
    let segment = stage.record("ch_a.main", "pcm_mulaw");
    let session = stage.session("ch_a.main", "playback", None);
    let table = session.get(&format!("/play/segment/{segment}/table")).json();
    let path = format!("/play/segment/{segment}/bytes?audio=flac");
    let numbers: Vec<u32> = table["fragments"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|fragment| sequence_numbers(&session.ask("GET", &path, &range(fragment, 2)).body))
        .collect();
    assert_eq!(
        numbers,
        [1, 2, 3, 4],
        "players take a number that does not rise for a fragment that was lost"
    );
}

/// `mfhd` of each fragment.
fn sequence_numbers(media: &[u8]) -> Vec<u32> {
    let moofs = children(media).filter(|atom| atom.kind == *b"moof");
    moofs.map(|moof| u32_at(child(moof.body, b"mfhd").unwrap(), 4).unwrap()).collect()
}

#[test]
fn a_key_frame_is_one_picture_and_says_when_it_was() {
    let stage = Stage::new();
    let segment = stage.record("ch_a.main", "aac");
    let session = stage.session("ch_a.main", "keyframes", None);
    let at_us = stage.start_us + 2_700_000;
    let key = session.get(&format!("/play/segment/{segment}/key?at={at_us}&init=1"));
    assert_eq!(key.header("mingjing-wall-us"), Some((stage.start_us + 2_000_000).to_string().as_str()));
    let file = stage.folder.path().join("key.mp4");
    fs::write(&file, &key.body).unwrap();
    assert_eq!(decoded_frames(&file), 1);
    let before = session.get(&format!("/play/segment/{segment}/key?at={}&init=1", stage.start_us - 1));
    assert_eq!(before.status, 404);
    assert_eq!(session.get(&format!("/play/segment/{segment}/bytes")).status, 404, "pictures only");
}

#[test]
fn nothing_outside_the_ticket_is_there() {
    let stage = Stage::new();
    let segment = stage.record("ch_a.main", "aac");
    let other = stage.record("ch_b.main", "aac");
    let range_us = (stage.start_us + 1_000_000, stage.start_us + 3_000_000);
    let session = stage.session("ch_a.main", "playback", Some(range_us));
    let table = session.get(&format!("/play/segment/{segment}/table")).json();
    assert_eq!(table["fragments"].as_array().unwrap().len(), 2);
    let path = format!("/play/segment/{segment}/bytes");
    assert_eq!(session.ask("GET", &path, &range(&table["fragments"][0], 2)).status, 206);
    assert_eq!(session.get(&path).status, 416, "the whole is more than the range");
    let outside = session.get(&format!("/play/segment/{segment}/key?at={}", stage.start_us + 500_000));
    assert_eq!(outside.status, 404);
    let missing = session.get("/play/segment/ch_a.main/1-1/table");
    for address in [
        format!("/play/segment/{other}/table"),
        "/play/segment/ch_a.main/../table".into(),
        "/play/segment/ch_a.main/..%2f..%2fetc/table".into(),
        format!("/play/segment/{segment}/table/x"),
    ] {
        let answer = session.get(&address);
        assert_eq!((answer.status, &answer.body), (404, &missing.body), "{address}");
    }
    let later = stage.session("ch_a.main", "playback", Some((stage.start_us + 10_000_000, i64::MAX)));
    assert_eq!(later.get(&format!("/play/segment/{segment}/table")).status, 404);
}

#[test]
fn a_session_ends_by_revocation_and_by_itself() {
    let stage = Stage::new();
    let segment = stage.record("ch_a.main", "aac");
    let session = stage.session("ch_a.main", "playback", None);
    let address = format!("/play/segment/{segment}/table");
    assert_eq!(session.get(&address).status, 200);
    assert_eq!(stage.plane.revoke_holder("session-1").unwrap(), 1);
    assert_eq!(session.get(&address).status, 401);
    stage.until_nobody_watches();
    let stranger = stage.ask("GET", &address, "Authorization: Session 00\r\n");
    assert_eq!(stranger.status, 401);
    assert_eq!(stage.ask("GET", &address, "").status, 401);
    let twice = stage.ticket("ch_a.main", "playback", None);
    assert_eq!(stage.ask("POST", "/play", &format!("Authorization: Ticket {twice}\r\n")).status, 200);
    assert_eq!(stage.ask("POST", "/play", &format!("Authorization: Ticket {twice}\r\n")).status, 401);
}
