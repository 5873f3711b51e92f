//! What does recording one camera cost? The processes of `python -m bench recording`, one a role; the
//! measuring is done there, from /proc.
//!
//! `record_cost source CLIP…` publishes each clip as `rtsp://…/cam/N` (user `bench`, password `bench`)
//! and prints its address. `record_cost record ADDRESS CLIPS STREAMS FOLDER` records that many streams
//! with the media plane alone: digests, syncs, announcements and acknowledgements included.
//! `record_cost loop …` is the limit: one thread that reads each socket once per 200 ms and writes what
//! it read, unparsed, as one file write a GOP. Both print `ready` once every stream plays. A process
//! ends when its standard input does.

use md5::{Digest, Md5};
use mingjing_media::{
    event::Event,
    plane::{Plane, config::PlaneConfig},
    publish::Publisher,
};
use serde_json::{Value, json};
use std::{
    fs::File,
    io::{self, ErrorKind, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

const USER: &str = "bench";
const PASSWORD: &str = "bench";
const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const BATCH: Duration = Duration::from_millis(200);
/// A GOP of 2 s.
const BATCHES_A_WRITE: usize = 10;
const READY_WITHIN: Duration = Duration::from_secs(60);

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["source", clips @ ..] if !clips.is_empty() => source(clips),
        ["record", address, clips, streams, folder] => {
            end_with_input();
            record(&Cameras { address, clips: clips.parse()? }, streams.parse()?, Path::new(folder))
        }
        ["loop", address, clips, streams, folder] => {
            end_with_input();
            bare_loop(&Cameras { address, clips: clips.parse()? }, streams.parse()?, Path::new(folder))
        }
        _ => Err("usage: record_cost source CLIP… | record|loop ADDRESS CLIPS STREAMS FOLDER".into()),
    }
}

fn source(clips: &[&str]) -> Outcome<()> {
    let channels: Vec<Value> = clips
        .iter()
        .enumerate()
        .map(|(number, clip)| json!({"path": format!("cam/{number}"), "file": clip}))
        .collect();
    let config = json!({"listen": "127.0.0.1:0", "user": USER, "password": PASSWORD, "channels": channels});
    let publisher = Publisher::start(&config.to_string())?;
    println!("{}", publisher.address());
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}

/// Where to pull from: the streams go round over the clips.
struct Cameras<'a> {
    address: &'a str,
    clips: usize,
}

impl Cameras<'_> {
    fn url(&self, stream: usize) -> String {
        format!("rtsp://{}/cam/{}", self.address, stream % self.clips)
    }
}

/// The parent closes our standard input when it has measured, and when it dies.
fn end_with_input() {
    std::thread::spawn(|| {
        let _ended = io::copy(&mut io::stdin(), &mut io::sink());
        std::process::exit(0);
    });
}

fn record(cameras: &Cameras<'_>, streams: usize, folder: &Path) -> Outcome<()> {
    let config = json!({"http_listen": "127.0.0.1:0", "ticket_key": KEY, "camera_networks": ["127.0.0.0/8"],
        "storage": [{"id": "bench", "root": folder}], "limits": {"streams": streams.max(16)}});
    let plane = Plane::new(PlaneConfig::parse(&config.to_string())?)?;
    plane.start()?;
    for stream in 0..streams {
        let spec = json!({"stream": format!("camera{stream:04}.main"), "record": true, "audio": true,
            "source": {"kind": "rtsp", "url": cameras.url(stream), "transport": "tcp",
                "user": USER, "password": PASSWORD}});
        plane.put_stream(&spec.to_string())?;
    }
    let until = Instant::now() + READY_WITHIN;
    while playing(&plane)? < streams {
        if Instant::now() > until {
            return Err(format!("{} of {streams} streams play", playing(&plane)?).into());
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    println!("ready");
    loop {
        let stored: Vec<String> = plane.events(4096).into_iter().filter_map(stored).collect();
        plane.acknowledge(&stored);
        std::thread::sleep(Duration::from_secs(1));
    }
}

fn playing(plane: &Plane) -> Outcome<usize> {
    let streams = plane.streams()?;
    let streams = streams.as_array().ok_or("no list of streams")?;
    Ok(streams.iter().filter(|stream| stream["state"] == "playing").count())
}

fn stored(event: Event) -> Option<String> {
    match event {
        Event::SegmentStored(segment) => Some(segment.id),
        _ => None,
    }
}

/// One camera of the bare loop.
struct Camera {
    socket: TcpStream,
    file: File,
    pending: Vec<u8>,
}

fn bare_loop(cameras: &Cameras<'_>, streams: usize, folder: &Path) -> Outcome<()> {
    let mut all = Vec::with_capacity(streams);
    for stream in 0..streams {
        let path: PathBuf = folder.join(format!("{stream}.raw"));
        let socket = play(cameras.address, &cameras.url(stream))?;
        all.push(Camera { socket, file: File::create(path)?, pending: Vec::new() });
    }
    println!("ready");
    let mut scratch = vec![0; 512 << 10];
    let begun = Instant::now();
    for batch in 1usize.. {
        for (number, camera) in all.iter_mut().enumerate() {
            match camera.socket.read(&mut scratch) {
                Ok(0) => return Err("the source closed a camera".into()),
                Ok(read) => camera.pending.extend_from_slice(&scratch[..read]),
                Err(why) if why.kind() == ErrorKind::WouldBlock => {}
                Err(why) => return Err(why.into()),
            }
            if (batch + number).is_multiple_of(BATCHES_A_WRITE) {
                camera.file.write_all(&camera.pending)?;
                camera.pending.clear();
            }
        }
        let next = begun + BATCH * u32::try_from(batch)?;
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
    }
    Ok(())
}

/// A socket on which packets arrive (RFC 2326; digest with MD5, RFC 2617 without qop).
fn play(address: &str, url: &str) -> Outcome<TcpStream> {
    let mut talk = Talk { socket: TcpStream::connect(address)?, sequence: 0, challenge: None };
    let refused = talk.ask("DESCRIBE", url, "")?;
    talk.challenge = Some((field(&refused, "realm=\"")?, field(&refused, "nonce=\"")?));
    let described = talk.ask("DESCRIBE", url, "")?;
    let controls = described.lines().filter_map(|line| line.strip_prefix("a=control:"));
    let tracks: Vec<String> = controls.filter(|control| *control != "*").map(|c| track(url, c)).collect();
    let mut session = String::new();
    for (number, track) in tracks.iter().enumerate() {
        let channels = format!("{}-{}", 2 * number, 2 * number + 1);
        let transport = format!("Transport: RTP/AVP/TCP;unicast;interleaved={channels}\r\n{session}");
        let answer = talk.ask("SETUP", track, &transport)?;
        let id = answer.lines().find_map(|line| line.strip_prefix("Session: ")).ok_or("no session")?;
        session = format!("Session: {}\r\n", id.split(';').next().unwrap_or(id));
    }
    talk.ask("PLAY", url, &session)?;
    talk.socket.set_nonblocking(true)?;
    Ok(talk.socket)
}

fn track(url: &str, control: &str) -> String {
    if control.starts_with("rtsp://") { control.to_owned() } else { format!("{url}/{control}") }
}

fn field(text: &str, before: &str) -> Outcome<String> {
    let rest = text.rsplit_once(before).ok_or("no such field in the answer")?.1;
    Ok(rest.split('"').next().unwrap_or_default().to_owned())
}

struct Talk {
    socket: TcpStream,
    sequence: u32,
    /// Realm and nonce.
    challenge: Option<(String, String)>,
}

impl Talk {
    fn ask(&mut self, method: &str, url: &str, more: &str) -> Outcome<String> {
        self.sequence += 1;
        let proof = self.challenge.as_ref().map(|(realm, nonce)| {
            let hash =
                |text: String| Md5::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
            let secret = hash(format!("{USER}:{realm}:{PASSWORD}"));
            let response = hash(format!("{secret}:{nonce}:{}", hash(format!("{method}:{url}"))));
            format!(
                "Authorization: Digest username=\"{USER}\", realm=\"{realm}\", nonce=\"{nonce}\", \
                 uri=\"{url}\", response=\"{response}\"\r\n"
            )
        });
        let request = format!(
            "{method} {url} RTSP/1.0\r\nCSeq: {}\r\n{}{more}\r\n",
            self.sequence,
            proof.unwrap_or_default()
        );
        self.socket.write_all(request.as_bytes())?;
        self.answer()
    }

    /// Head and body of one answer, read byte by byte so that no packet after it is swallowed.
    fn answer(&mut self) -> Outcome<String> {
        let mut bytes = Vec::new();
        let mut one = [0];
        while !bytes.ends_with(b"\r\n\r\n") {
            self.socket.read_exact(&mut one)?;
            bytes.push(one[0]);
        }
        let head = String::from_utf8(bytes)?;
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
        let mut body = vec![0; length.map_or(Ok(0), |text| text.trim().parse())?];
        self.socket.read_exact(&mut body)?;
        Ok(head + &String::from_utf8(body)?)
    }
}
