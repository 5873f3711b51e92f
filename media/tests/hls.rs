//! HLS, live and recorded: FFmpeg plays it; a player's child requests are made one by one.

mod recordings;

use recordings::{SOUND_ONLY, Stage, decoded_frames};
use std::{fs, path::Path, process::Command};

/// Pictures that FFmpeg got from an address.
fn played(address: &str, seconds: &str) -> usize {
    let output = Command::new("ffmpeg")
        .args([
            "-v",
            "error",
            "-i",
            address,
            "-t",
            seconds,
            "-fps_mode",
            "passthrough",
            "-f",
            "framecrc",
            "-",
        ])
        .output()
        .expect("ffmpeg runs");
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaints}");
    String::from_utf8_lossy(&output.stdout).lines().filter(|line| line.starts_with("0,")).count()
}

/// The values of a tag's lines.
fn tags<'a>(playlist: &'a str, tag: &str) -> Vec<&'a str> {
    playlist.lines().filter_map(|line| line.strip_prefix(tag)).collect()
}

fn attribute<'a>(line: &'a str, name: &str) -> &'a str {
    let after = line.split_once(&format!("{name}=\"")).expect("the attribute is there").1;
    after.split_once('"').unwrap().0
}

/// Redeems a ticket; the folder below which everything is.
fn redeemed(stage: &Stage, path: &str) -> String {
    let answer = stage.ask("GET", path, "");
    assert_eq!(answer.status, 302);
    answer.header("location").unwrap().to_owned()
}

#[test]
fn ffmpeg_plays_live_and_recorded_hls() {
    let stage = Stage::new();
    stage.put("ch_a.main");
    let ticket = stage.ticket("ch_a.main", "hls", None);
    assert!(played(&format!("http://{}/hls/ch_a.main/index.m3u8?ticket={ticket}", stage.http()), "3") >= 70);
    stage.record("ch_a.main", "pcm_alaw");
    let ticket = stage.ticket("ch_a.main", "playback", None);
    let (from, until) = (stage.start_us, stage.start_us + 3_600_000_000);
    let address = format!("/play/hls/ch_a.main/index.m3u8?from={from}&until={until}&ticket={ticket}");
    assert_eq!(played(&format!("http://{}{address}", stage.http()), "10"), 100);
}

#[test]
fn a_low_latency_player_follows_part_by_part() {
    let stage = Stage::new();
    stage.put("ch_a.main");
    let ticket = stage.ticket("ch_a.main", "hls", None);
    let index = redeemed(&stage, &format!("/hls/ch_a.main/index.m3u8?ticket={ticket}"));
    let folder = index.strip_suffix("index.m3u8").unwrap();
    let first = stage.ask("GET", &index, "").text();
    assert_eq!(
        tags(&first, "#EXT-X-PROGRAM-DATE-TIME:").len(),
        tags(&first, "#EXT-X-PROGRAM-DATE-TIME:20").len()
    );
    let map = attribute(tags(&first, "#EXT-X-MAP:")[0], "URI");
    assert_eq!(stage.ask("GET", &format!("{folder}{map}"), "").status, 200);
    let mut followed = 0;
    let mut playlist = first;
    while followed < 4 {
        let hint = attribute(tags(&playlist, "#EXT-X-PRELOAD-HINT:")[0], "URI").to_owned();
        let part = stage.ask("GET", &format!("{folder}{hint}"), ""); // waits until it is there
        let (segment, number) = hint.strip_suffix(".m4s").unwrap().split_once('.').unwrap();
        if part.status == 404 {
            // The segment closed before this part: the playlist says where it goes on.
            playlist = stage.ask("GET", &index, "").text();
            continue;
        }
        assert!(part.body.len() > 500);
        playlist = stage.ask("GET", &format!("{index}?_HLS_msn={segment}&_HLS_part={number}"), "").text();
        assert!(playlist.contains(&format!("URI=\"{hint}\"")), "the playlist waited for {hint}: {playlist}");
        followed += 1;
    }
    let far = stage.ask("GET", &format!("{index}?_HLS_msn=4000000000"), "");
    assert_eq!(far.status, 400);
    for name in ["999999.0.m4s", "init-99.mp4", "x.m4s", "..%2f..%2fetc%2fpasswd", "-1.m4s"] {
        assert_eq!(stage.ask("GET", &format!("{folder}{name}"), "").status, 404, "{name}");
    }
}

#[test]
fn parts_of_a_segment_decode_alone_and_carry_their_wall_clock() {
    let stage = Stage::new();
    stage.put("ch_a.main");
    let ticket = stage.ticket("ch_a.main", "hls", None);
    let index = redeemed(&stage, &format!("/hls/ch_a.main/index.m3u8?ticket={ticket}"));
    let folder = index.strip_suffix("index.m3u8").unwrap();
    let playlist = stage.ask("GET", &format!("{index}?_HLS_msn=1"), "").text(); // until segment 1 is closed
    assert!(tags(&playlist, "#EXTINF:").iter().any(|line| line.starts_with("2.000")), "{playlist}");
    let init = stage.ask("GET", &format!("{folder}init-1.mp4"), "").body;
    let segment = stage.ask("GET", &format!("{folder}1.m4s"), "").body;
    let file = stage.folder.path().join("segment.mp4");
    fs::write(&file, [init, segment].concat()).unwrap();
    assert_eq!(decoded_frames(Path::new(&file)), 50);
}

#[test]
fn a_revoked_session_has_no_children_and_a_ticket_buys_one_path() {
    let stage = Stage::new();
    stage.put("ch_a.main");
    let address = format!("/hls/ch_a.main/index.m3u8?ticket={}", stage.ticket("ch_a.main", "hls", None));
    let index = redeemed(&stage, &address);
    assert_eq!(stage.ask("GET", &index, "").status, 200);
    assert_eq!(stage.ask("GET", &address, "").status, 401, "a ticket starts one delivery");
    assert_eq!(stage.plane.revoke_holder("session-1").unwrap(), 1);
    assert_eq!(stage.ask("GET", &index, "").status, 404);
    let stranger = stage.ask("GET", "/hls/s/0011/index.m3u8", "");
    assert_eq!(stranger.status, 404);
    let wrong = format!("/hls/ch_a.main/index.m3u8?ticket={}", stage.ticket("ch_a.main", "live", None));
    assert_eq!(stage.ask("GET", &wrong, "").status, 404);
}

#[test]
fn a_camera_without_pictures_is_refused_in_words() {
    let stage = Stage::new();
    let stream = format!("{SOUND_ONLY}.main");
    stage.put(&stream);
    let ticket = stage.ticket(&stream, "hls", None);
    let index = redeemed(&stage, &format!("/hls/{stream}/index.m3u8?ticket={ticket}"));
    let refused = stage.ask("GET", &index, "");
    assert_eq!(refused.status, 406);
    assert!(String::from_utf8_lossy(&refused.body).contains("MEDIA-014"));
}

#[test]
fn recorded_children_outside_the_range_are_not_there() {
    let stage = Stage::new();
    let segment = stage.record("ch_a.main", "aac");
    let stem = segment.split_once('/').unwrap().1;
    let (from, until) = (stage.start_us + 1_000_000, stage.start_us + 3_000_000);
    let ticket = stage.ticket("ch_a.main", "playback", Some((from, until)));
    let index =
        redeemed(&stage, &format!("/play/hls/ch_a.main/index.m3u8?from=0&until={until}&ticket={ticket}"));
    let playlist = stage.ask("GET", &index, "").text();
    assert_eq!(tags(&playlist, "#EXTINF:").len(), 1, "{playlist}");
    assert_eq!(tags(&playlist, "#EXT-X-PROGRAM-DATE-TIME:"), ["2023-11-14T22:13:21.000Z"]);
    let folder = index.split_once("index.m3u8").unwrap().0;
    for (name, status) in [
        ("init.mp4", 200),
        ("1-2.m4s", 200),
        ("0-2.m4s", 404),
        ("1-3.m4s", 404),
        ("1-0.m4s", 404),
        ("1-18446744073709551615.m4s", 404),
    ] {
        assert_eq!(stage.ask("GET", &format!("{folder}{stem}/{name}"), "").status, status, "{name}");
    }
}
