//! A plane with recordings on disk that FFmpeg encoded, and a plain HTTP client.
#![allow(dead_code)] // each test file uses its part

use mingjing_media::{
    clock::{Clock, SystemClock},
    event::Event,
    frame::{AccessUnit, Track},
    hub::Hub,
    ingest::file::{Clip, FileFeed, Player, Schedule, player::Step},
    mux::{AudioCarriage, Fragmenter, Next, init_segment},
    plane::{
        Plane, Rooms,
        config::{PlaneConfig, Refused, StreamSpec},
        seam::{Ingest, Running},
    },
    ticket::{Claims, TicketKey},
};
use serde_json::{Value, json};
use std::{
    fs,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// Streams whose names begin so have no pictures.
pub const SOUND_ONLY: &str = "sound";

/// Plays one film as every camera.
struct Films {
    film: PathBuf,
    sound: PathBuf,
}

struct Film {
    _feed: FileFeed,
}

impl Running for Film {}

impl Ingest for Films {
    fn open(&self, spec: &StreamSpec, hub: Arc<Hub>) -> Result<Box<dyn Running>, Refused> {
        let path = if spec.stream.starts_with(SOUND_ONLY) { &self.sound } else { &self.film };
        let feed = FileFeed::start(path, Schedule::Looped, hub).map_err(|why| Refused(why.to_string()))?;
        Ok(Box::new(Film { _feed: feed }))
    }

    fn probe(&self, _: &StreamSpec, _: Duration) -> Result<Value, Refused> {
        Ok(Value::Null)
    }
}

pub struct Stage {
    pub plane: Plane,
    pub folder: tempfile::TempDir,
    pub start_us: i64,
    http: SocketAddr,
    key: TicketKey,
    next: AtomicU64,
    told: Mutex<Vec<Event>>,
}

pub struct Session<'a> {
    stage: &'a Stage,
    pub id: String,
    ticket: String,
}

pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn text(&self) -> String {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// Four seconds at 25 frames, a key frame a second.
fn film(folder: &Path, audio: &str) -> PathBuf {
    let path = folder.join(format!("{audio}.mov"));
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25:duration=4"])
        .args(["-f", "lavfi", "-i", "sine=sample_rate=8000:duration=4", "-c:a", audio])
        .args(["-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-pix_fmt", "yuv420p"])
        .arg(&path)
        .status()
        .expect("ffmpeg runs");
    assert!(made.success());
    path
}

/// The film without its pictures.
fn sound_of(film: &Path) -> PathBuf {
    let path = film.with_extension("sound.mov");
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-y", "-i"])
        .arg(film)
        .args(["-vn", "-c:a", "copy"])
        .arg(&path)
        .status()
        .expect("ffmpeg runs");
    assert!(made.success());
    path
}

impl Stage {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = json!({
            "http_listen": "127.0.0.1:0", "ticket_key": "00112233445566778899aabbccddeeff",
            "storage": [{"id": "a", "root": folder.path().join("none")}, {"id": "b", "root": folder.path()}],
        });
        let config = PlaneConfig::parse(&config.to_string()).unwrap();
        let key = config.key().unwrap();
        let plane = Plane::new(config).unwrap();
        let film = film(folder.path(), "pcm_alaw");
        let films = Films { sound: sound_of(&film), film };
        let rooms = Rooms { ingest: Arc::new(films), record: None };
        let addresses = plane.start_with(|_| Ok(rooms)).unwrap();
        let http = addresses["http"].as_str().unwrap().parse().unwrap();
        let start_us = 1_700_000_000_000_000;
        let told = Mutex::default();
        Self { plane, folder, start_us, http, key, next: AtomicU64::new(1), told }
    }

    pub fn http(&self) -> SocketAddr {
        self.http
    }

    pub fn put(&self, stream: &str) {
        let spec = json!({"stream": stream, "source": {"kind": "rtsp", "url": "rtsp://10.0.0.1/"}});
        self.plane.put_stream(&spec.to_string()).unwrap();
    }

    /// Writes one segment of four fragments as the recorder lays it out; its id.
    pub fn record(&self, stream: &str, audio: &str) -> String {
        let clip = Arc::new(Clip::open(&film(self.folder.path(), audio)).unwrap());
        let mut player = Player::new(clip.clone(), Schedule::Once, None);
        player.advance(self.start_us, 0).unwrap();
        let mut player = Player::new(clip.clone(), Schedule::Once, None);
        let mut units = match player.advance(self.start_us, 0).unwrap() {
            Step::Units(units, _) | Step::Restarted(units, _) | Step::Ended(units) => units,
        };
        if let Step::Ended(more) = player.advance(self.start_us + 10_000_000, 0).unwrap() {
            units.extend(more);
        }
        let bytes = segment(&units);
        let folder = self.folder.path().join(stream).join("20231114");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("{}-7.mp4", self.start_us)), bytes).unwrap();
        format!("{stream}/{}-7", self.start_us)
    }

    pub fn ticket(&self, stream: &str, kind: &str, range_us: Option<(i64, i64)>) -> String {
        self.mint(stream, kind, range_us).1
    }

    fn mint(&self, stream: &str, kind: &str, range_us: Option<(i64, i64)>) -> (String, String) {
        let now_us = SystemClock::new().wall_us();
        let id = format!("ticket-{}", self.next.fetch_add(1, Ordering::SeqCst));
        let ticket = self.key.mint(&Claims {
            id: id.clone(),
            stream: stream.into(),
            kind: kind.into(),
            holder: "session-1".into(),
            start_by_us: now_us + 60_000_000,
            minted_us: Some(now_us),
            end_by_us: None,
            from_us: range_us.map(|range| range.0),
            until_us: range_us.map(|range| range.1),
        });
        (id, ticket)
    }

    pub fn session(&self, stream: &str, kind: &str, range_us: Option<(i64, i64)>) -> Session<'_> {
        let (ticket_id, ticket) = self.mint(stream, kind, range_us);
        let opened = self.ask("POST", "/play", &format!("Authorization: Ticket {ticket}\r\n")).json();
        Session { stage: self, id: opened["session"].as_str().unwrap().to_owned(), ticket: ticket_id }
    }

    /// One request on a connection of its own.
    pub fn ask(&self, method: &str, path: &str, headers: &str) -> Answer {
        let mut socket = TcpStream::connect(self.http).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n{headers}\r\n"
        );
        socket.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        socket.read_to_end(&mut bytes).unwrap();
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head") + 4;
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head, body: bytes.split_off(end) }
    }

    /// A session that was ended leaves the books a moment later.
    pub fn until_nobody_watches(&self) {
        let begun = Instant::now();
        while self.plane.viewers().unwrap().as_array().is_some_and(|viewers| !viewers.is_empty()) {
            assert!(begun.elapsed() < Duration::from_secs(20), "a delivery lingers");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Ends a session; the bytes that were told for it.
    pub fn closed(&self, session: Session<'_>) -> u64 {
        assert_eq!(session.ask("POST", "/play/end", "").status, 200);
        let begun = Instant::now();
        loop {
            let mut told = self.told.lock().unwrap();
            told.extend(self.plane.events(1_000));
            let end = told.iter().find_map(|event| match event {
                Event::ViewerEnded { ticket, bytes, reason, .. } if *ticket == session.ticket => {
                    assert_eq!(reason, "left");
                    Some(*bytes)
                }
                _ => None,
            });
            if let Some(bytes) = end {
                return bytes;
            }
            drop(told);
            assert!(begun.elapsed() < Duration::from_secs(20), "no end was told");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Session<'_> {
    pub fn ask(&self, method: &str, path: &str, headers: &str) -> Answer {
        self.stage.ask(method, path, &format!("Authorization: Session {}\r\n{headers}", self.id))
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "")
    }
}

/// Init and a fragment a second, a foreign box before each, as in recordings.
fn segment(units: &[Arc<AccessUnit>]) -> Vec<u8> {
    let origin = units[0].dts;
    let mut fragmenter = Fragmenter::new(origin, AudioCarriage::Original);
    let mut bytes = init_segment(&units[0].format, AudioCarriage::Original).to_vec();
    let second = |unit: &AccessUnit| (unit.dts - origin) / 90_000;
    for part in units.chunk_by(|a, b| second(a) == second(b)) {
        bytes.extend_from_slice(&[0, 0, 0, 16]);
        bytes.extend_from_slice(b"uuidMINGJING");
        let dts =
            |track| units.iter().find(|u| u.track == track && second(u) > second(&part[0])).map(|u| u.dts);
        let next = Next { video_dts: dts(Track::Video), audio_dts: dts(Track::Audio) };
        bytes.extend_from_slice(&fragmenter.fragment(part, next).unwrap().to_bytes());
    }
    bytes
}

/// Pictures that FFmpeg decodes, without complaint.
pub fn decoded_frames(file: &Path) -> usize {
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(file)
        .args(["-fps_mode", "passthrough", "-f", "framecrc", "-"])
        .output()
        .expect("ffmpeg runs");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).lines().filter(|line| line.starts_with("0,")).count()
}

/// Codec names as ffprobe sees them.
pub fn probe(file: &Path) -> String {
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-show_entries", "stream=codec_name", "-of", "csv=p=0"])
        .arg(file)
        .output()
        .expect("ffprobe runs");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
