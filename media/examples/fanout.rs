//! What does one more live viewer cost? Server CPU a viewer of one 2.2 Mbit/s stream, at both paces,
//! beside a bare loop that writes the same bytes to the same number of sockets.
//!
//! `cargo run --release --example fanout -- [viewers] [seconds]` prints one JSON line. Server and
//! viewers are processes of their own; CPU is that of the server's process alone, from
//! `/proc/<pid>/task/*/schedstat`, after five seconds of settling. Every viewer's bytes are counted,
//! so that a server that drops frames does not look cheap.
//!
//! `… -- delay` prints how long the first picture takes after the request, and by how much delivery
//! delays a picture, at both paces.

use mingjing_media::{
    clock::{Clock, SystemClock},
    frame::{AccessUnit, Format, Track, VideoCodec, VideoFormat},
    hub::Hub,
    plane::{
        Plane, Rooms,
        config::{PlaneConfig, Refused, StreamSpec},
        seam::{Ingest, Running},
    },
    ready::{Interest, Poller, Round},
    ticket::{Claims, TicketKey},
};
use serde_json::{Value, json};
use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const FRAME: Duration = Duration::from_millis(40);
/// 50 pictures of 2 s: 2.2 Mbit/s.
const KEY_FRAME_BYTES: usize = 40_000;
const FRAME_BYTES: usize = 10_400;
const SETTLE: Duration = Duration::from_secs(5);

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["serve"] => serve(),
        ["loop", viewers, every] => bare_loop(viewers.parse()?, every.parse()?),
        ["delay"] => delays(50, 20),
        ["view", address, viewers, pace] => view(address.parse()?, viewers.parse()?, pace),
        [] => bench(1_000, 20),
        [viewers] => bench(viewers.parse()?, 20),
        [viewers, seconds] => bench(viewers.parse()?, seconds.parse()?),
        _ => Err("usage: fanout [viewers] [seconds]".into()),
    }
}

fn frame_bytes(number: u32) -> usize {
    if number.is_multiple_of(50) { KEY_FRAME_BYTES } else { FRAME_BYTES }
}

fn bench(viewers: usize, seconds: u64) -> Outcome<()> {
    let ours_frame = measure(&["serve"], viewers, "frame", seconds)?;
    let loop_frame = measure(&["loop", &viewers.to_string(), "1"], viewers, "raw", seconds)?;
    let ours_economy = measure(&["serve"], viewers, "economy", seconds)?;
    let loop_economy = measure(&["loop", &viewers.to_string(), "5"], viewers, "raw", seconds)?;
    let part = |ours: &Measured, bare: &Measured| {
        json!({
            "ours": ours.cpu_percent, "bare_loop": bare.cpu_percent,
            "ratio": (ours.cpu_percent / bare.cpu_percent * 100.0).round() / 100.0,
            "ours_mbit_a_viewer": ours.mbit, "bare_loop_mbit_a_viewer": bare.mbit,
        })
    };
    let line = json!({
        "question": "fanout", "unit": "% of a core a viewer", "viewers": viewers, "seconds": seconds,
        "frame": part(&ours_frame, &loop_frame), "economy": part(&ours_economy, &loop_economy),
    });
    println!("{line}");
    Ok(())
}

/// Stands before the moment of publishing in each payload.
const STAMP: &[u8] = b"STAMP-OF-FANOUT:";

fn stamped(bytes: usize, wall_us: i64) -> Vec<u8> {
    let mut payload = STAMP.to_vec();
    payload.extend_from_slice(&wall_us.to_be_bytes());
    payload.resize(bytes, 0x55);
    payload
}

/// First picture over many requests, and added delay over some seconds, one viewer at a time.
fn delays(requests: usize, seconds: u64) -> Outcome<()> {
    let (_server, mut says) = start(&["serve"])?;
    let address: SocketAddr = line(&mut says)?.parse()?;
    std::thread::sleep(Duration::from_secs(3)); // a GOP is cached
    let key = TicketKey::new((0..32).collect()).ok_or("the key is short")?;
    let clock = SystemClock::new();
    let mut number = 0;
    let mut view = |pace: &str| -> Outcome<TcpStream> {
        number += 1;
        let mut socket = TcpStream::connect(address)?;
        greet(&mut socket, &key, number, clock.wall_us(), pace)?;
        Ok(socket)
    };
    let mut report = serde_json::Map::new();
    for pace in ["frame", "economy"] {
        let mut first_ms = Vec::new();
        for _ in 0..requests {
            let begun = Instant::now();
            let mut watch = Stamps::new(view(pace)?);
            while watch.read()?.is_empty() {}
            first_ms.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        let mut watch = Stamps::new(view(pace)?);
        let (begun, mut delay_ms) = (Instant::now(), Vec::new());
        while begun.elapsed() < Duration::from_secs(seconds) {
            let stamps = watch.read()?;
            let now_us = clock.wall_us();
            if begun.elapsed() > Duration::from_secs(2) {
                delay_ms.extend(stamps.iter().map(|stamp| (now_us - stamp) as f64 / 1e3));
            }
        }
        report.insert(
            pace.into(),
            json!({"first_picture_ms_p95": p95(&mut first_ms), "added_delay_ms_p95": p95(&mut delay_ms)}),
        );
    }
    report.insert("question".into(), json!("live_delay"));
    report.insert("unit".into(), json!("ms"));
    println!("{}", Value::Object(report));
    Ok(())
}

fn p95(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() * 95 / 100).map_or(f64::NAN, |value| (value * 10.0).round() / 10.0)
}

/// Finds the stamps in what a viewer gets.
struct Stamps {
    socket: TcpStream,
    pending: Vec<u8>,
}

impl Stamps {
    fn new(socket: TcpStream) -> Self {
        Self { socket, pending: Vec::new() }
    }

    /// Stamps of one read.
    fn read(&mut self) -> Outcome<Vec<i64>> {
        let mut room = [0; 64 << 10];
        let read = self.socket.read(&mut room)?;
        if read == 0 {
            return Err("the server closed the viewer".into());
        }
        self.pending.extend_from_slice(&room[..read]);
        let whole = STAMP.len() + 8;
        let mut found = Vec::new();
        let mut at = 0;
        while at + whole <= self.pending.len() {
            if self.pending[at..].starts_with(STAMP) {
                let stamp = self.pending[at + STAMP.len()..at + whole].try_into()?;
                found.push(i64::from_be_bytes(stamp));
                at += whole;
            } else {
                at += 1;
            }
        }
        self.pending.drain(..at);
        Ok(found)
    }
}

struct Measured {
    cpu_percent: f64,
    mbit: f64,
}

/// Ends with its owner.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill(); // it may have ended by itself
        let _ = self.0.wait();
    }
}

fn start(arguments: &[&str]) -> Outcome<(Process, BufReader<std::process::ChildStdout>)> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(arguments)
        .stdout(Stdio::piped())
        .stdin(Stdio::piped())
        .spawn()?;
    let output = child.stdout.take().ok_or("no pipe")?;
    Ok((Process(child), BufReader::new(output)))
}

fn line(from: &mut impl BufRead) -> Outcome<String> {
    let mut text = String::new();
    if from.read_line(&mut text)? == 0 {
        return Err("a process ended before its time".into());
    }
    Ok(text.trim().to_owned())
}

fn measure(server: &[&str], viewers: usize, pace: &str, seconds: u64) -> Outcome<Measured> {
    let (server, mut server_says) = start(server)?;
    let address = line(&mut server_says)?;
    let (mut clients, mut clients_say) = start(&["view", &address, &viewers.to_string(), pace])?;
    assert_eq!(line(&mut clients_say)?, "ready");
    std::thread::sleep(SETTLE);
    let mut count = || -> Outcome<u64> {
        clients.0.stdin.as_mut().ok_or("no pipe")?.write_all(b"\n")?;
        Ok(line(&mut clients_say)?.parse()?)
    };
    let (bytes, cpu, begun) = (count()?, cpu_ns(server.0.id())?, Instant::now());
    std::thread::sleep(Duration::from_secs(seconds));
    let (bytes, cpu, took) = (count()? - bytes, cpu_ns(server.0.id())? - cpu, begun.elapsed().as_secs_f64());
    let each = viewers as f64;
    Ok(Measured {
        cpu_percent: (cpu as f64 / 1e9 / took / each * 100.0 * 1e5).round() / 1e5,
        mbit: (bytes as f64 * 8.0 / 1e6 / took / each * 1e3).round() / 1e3,
    })
}

/// Nanoseconds on a processor, of all threads of a process.
fn cpu_ns(process: u32) -> Outcome<u64> {
    let mut sum = 0;
    for task in std::fs::read_dir(format!("/proc/{process}/task"))? {
        let text = std::fs::read_to_string(task?.path().join("schedstat"))?;
        sum += text.split(' ').next().ok_or("schedstat is empty")?.parse::<u64>()?;
    }
    Ok(sum)
}

/// A plane with one stream that a thread of it plays.
fn serve() -> Outcome<()> {
    let limits = json!({"viewers": 20_000, "viewers_per_stream": 20_000, "connections": 20_000,
        "connections_per_source": 20_000, "first_message_ms": 60_000});
    let config = json!({"http_listen": "127.0.0.1:0", "ticket_key": KEY, "limits": limits});
    let plane = Plane::new(PlaneConfig::parse(&config.to_string())?)?;
    let hubs: Arc<Mutex<Option<Arc<Hub>>>> = Arc::default();
    let addresses =
        plane.start_with(|_| Ok(Rooms { ingest: Arc::new(Camera(hubs.clone())), record: None }))?;
    plane.put_stream(
        &json!({"stream": "bench.main", "source": {"kind": "rtsp", "url": "rtsp://10.0.0.1/"}, "always_on": true})
            .to_string(),
    )?;
    let hub = hubs.lock().map_err(|_| "poisoned")?.clone().ok_or("the stream is not open")?;
    println!("{}", addresses["http"].as_str().ok_or("no address")?);
    play(&hub);
    Ok(())
}

struct Camera(Arc<Mutex<Option<Arc<Hub>>>>);

struct Session;

impl Running for Session {}

impl Ingest for Camera {
    fn open(&self, _: &StreamSpec, hub: Arc<Hub>) -> Result<Box<dyn Running>, Refused> {
        *self.0.lock().map_err(|_| Refused("poisoned".into()))? = Some(hub);
        Ok(Box::new(Session))
    }

    fn probe(&self, _: &StreamSpec, _: Duration) -> Result<Value, Refused> {
        Ok(Value::Null)
    }
}

/// Publishes for ever, 25 pictures a second.
fn play(hub: &Hub) {
    let format = Arc::new(Format {
        video: Some(VideoFormat {
            codec: VideoCodec::H264,
            width: 1920,
            height: 1080,
            config: bytes::Bytes::from_static(&[1, 0x64, 0, 0x28, 0xFF, 0xE0, 0]),
            codec_string: "avc1.640028".into(),
            parameter_sets: Vec::new(),
            fps: Some(25.0),
        }),
        audio: None,
    });
    let clock = SystemClock::new();
    let begun = Instant::now();
    for number in 0u32.. {
        let ticks = i64::from(number) * 3_600;
        hub.publish(Arc::new(AccessUnit {
            track: Track::Video,
            pts: ticks,
            dts: ticks,
            key: number.is_multiple_of(50),
            wall_us: clock.wall_us(),
            mono_us: clock.mono_us(),
            payload: stamped(frame_bytes(number), clock.wall_us()).into(),
            format: format.clone(),
        }));
        std::thread::sleep((begun + FRAME * (number + 1)).saturating_duration_since(Instant::now()));
    }
}

/// The limit: one thread, one `write` a viewer each `every` frames.
fn bare_loop(viewers: usize, every: u32) -> Outcome<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    let mut sockets = Vec::with_capacity(viewers);
    for _ in 0..viewers {
        let (socket, _) = listener.accept()?;
        socket.set_nonblocking(true)?;
        socket.set_nodelay(true)?;
        sockets.push(socket);
    }
    let begun = Instant::now();
    let mut number = 0;
    loop {
        let bytes: usize = (number..number + every).map(frame_bytes).sum();
        let chunk = vec![0x55; bytes];
        number += every;
        for socket in &mut sockets {
            match socket.write(&chunk) {
                Ok(_) => {}
                Err(why) if why.kind() == io::ErrorKind::WouldBlock => {}
                Err(why) => return Err(why.into()),
            }
        }
        std::thread::sleep((begun + FRAME * number).saturating_duration_since(Instant::now()));
    }
}

/// Many viewers that read and count; each line on stdin is answered by the bytes so far.
fn view(address: SocketAddr, viewers: usize, pace: &str) -> Outcome<()> {
    let poller = Poller::new()?;
    let key = TicketKey::new((0..32).collect()).ok_or("the key is short")?;
    let clock = SystemClock::new();
    let mut sockets = Vec::with_capacity(viewers);
    for number in 0..viewers {
        let mut socket = TcpStream::connect(address)?;
        if pace != "raw" {
            greet(&mut socket, &key, number, clock.wall_us(), pace)?;
        }
        socket.set_nonblocking(true)?;
        poller.add(&socket, number, Interest::Read)?;
        sockets.push(socket);
    }
    println!("ready");
    let total = Arc::new(std::sync::atomic::AtomicU64::new(0));
    let answer = total.clone();
    std::thread::spawn(move || {
        for _ in io::stdin().lines() {
            println!("{}", answer.load(std::sync::atomic::Ordering::Relaxed));
        }
        std::process::exit(0);
    });
    let mut round = Round::default();
    let mut room = vec![0; 256 << 10];
    loop {
        for event in poller.wait(&mut round, Duration::from_secs(1))? {
            match sockets[event.key].read(&mut room) {
                Ok(0) => return Err("the server closed a viewer".into()),
                Ok(read) => drop(total.fetch_add(read as u64, std::sync::atomic::Ordering::Relaxed)),
                Err(why) if why.kind() == io::ErrorKind::WouldBlock => {}
                Err(why) => return Err(why.into()),
            }
        }
    }
}

/// Handshake and first message, as one write; the answer is read with the pictures.
fn greet(socket: &mut TcpStream, key: &TicketKey, number: usize, now_us: i64, pace: &str) -> Outcome<()> {
    let ticket = key.mint(&Claims {
        id: format!("ticket-{number}"),
        stream: "bench.main".into(),
        kind: "live".into(),
        holder: "bench".into(),
        start_by_us: now_us + 60_000_000,
        minted_us: None,
        end_by_us: None,
        from_us: None,
        until_us: None,
    });
    let hello = json!({"ticket": ticket, "pace": pace, "audio": false}).to_string();
    let mut bytes = b"GET /live/ws HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
        sec-websocket-version: 13\r\nsec-websocket-protocol: mingjing.live.1\r\n\
        sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        .to_vec();
    // A text frame, masked with zeros.
    bytes.extend_from_slice(&[0x81, 0x80 | 126]);
    bytes.extend_from_slice(&(hello.len() as u16).to_be_bytes());
    bytes.extend_from_slice(&[0; 4]);
    bytes.extend_from_slice(hello.as_bytes());
    socket.write_all(&bytes)?;
    Ok(())
}
