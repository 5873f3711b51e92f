//! A plane on real sockets with a source that the test plays itself, and viewers that speak WebSocket
//! through tungstenite, an implementation that is not ours.
#![allow(dead_code)] // each test file uses its part

use bytes::Bytes;
use mingjing_media::{
    clock::{Clock, SystemClock},
    event::{Event, StreamState},
    frame::{AccessUnit, AudioCodec, AudioFormat, Format, Track, VideoCodec, VideoFormat},
    hub::Hub,
    plane::{
        Plane, Rooms,
        config::{PlaneConfig, Refused, StreamSpec},
        seam::{Ingest, Running, Tell},
    },
    ticket::{Claims, TicketKey},
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, HashMap},
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tungstenite::{Message, WebSocket, client::IntoClientRequest};

pub const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
pub const ORIGIN: &str = "http://console.example:8360";
/// Longer than anything takes on a busy machine; a bound for polls, not a measure.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Sessions that are open, by stream.
#[derive(Default)]
pub struct Open {
    hubs: Mutex<HashMap<String, Arc<Hub>>>,
    pub opened: AtomicU64,
    pub closed: AtomicU64,
}

struct Cameras(Arc<Open>);

struct Session(Arc<Open>, String);

impl Running for Session {}

impl Drop for Session {
    fn drop(&mut self) {
        self.0.closed.fetch_add(1, Ordering::SeqCst);
        self.0.hubs.lock().unwrap().remove(&self.1);
    }
}

impl Ingest for Cameras {
    fn open(&self, spec: &StreamSpec, hub: Arc<Hub>) -> Result<Box<dyn Running>, Refused> {
        self.0.opened.fetch_add(1, Ordering::SeqCst);
        self.0.hubs.lock().unwrap().insert(spec.stream.clone(), hub);
        Ok(Box::new(Session(self.0.clone(), spec.stream.clone())))
    }

    fn probe(&self, _: &StreamSpec, _: Duration) -> Result<Value, Refused> {
        Ok(json!({"legs": [], "format": null, "oddities": {}}))
    }
}

pub struct Stage {
    pub plane: Plane,
    pub http: SocketAddr,
    pub rtsp: SocketAddr,
    pub cameras: Arc<Open>,
    pub tell: Tell,
    key: TicketKey,
    next: AtomicU64,
    clock: SystemClock,
    told: Mutex<Vec<Event>>,
}

impl Stage {
    /// A plane with these limits beside the defaults.
    pub fn new(limits: Value) -> Self {
        let config = json!({
            "http_listen": "127.0.0.1:0", "rtsp_listen": "127.0.0.1:0", "ticket_key": KEY, "allowed_origins": [ORIGIN], "limits": limits,
        });
        let config = PlaneConfig::parse(&config.to_string()).unwrap();
        let key = config.key().unwrap();
        let plane = Plane::new(config).unwrap();
        let cameras = Arc::new(Open::default());
        let mut tell = None;
        let addresses = plane
            .start_with(|ground| {
                tell = Some(ground.tell.clone());
                Ok(Rooms { ingest: Arc::new(Cameras(cameras.clone())), record: None })
            })
            .unwrap();
        Self {
            http: addresses["http"].as_str().unwrap().parse().unwrap(),
            rtsp: addresses["rtsp"].as_str().unwrap().parse().unwrap(),
            plane,
            cameras,
            tell: tell.unwrap(),
            key,
            next: AtomicU64::new(1),
            clock: SystemClock::new(),
            told: Mutex::default(),
        }
    }

    pub fn put(&self, stream: &str) {
        let spec = json!({"stream": stream, "source": {"kind": "rtsp", "url": "rtsp://10.0.0.1/"}});
        self.plane.put_stream(&spec.to_string()).unwrap();
    }

    pub fn put_always_on(&self, stream: &str) -> Arc<Hub> {
        let spec = json!({
            "stream": stream, "source": {"kind": "rtsp", "url": "rtsp://10.0.0.1/"}, "always_on": true,
        });
        self.plane.put_stream(&spec.to_string()).unwrap();
        self.tell_state(stream, StreamState::Playing);
        self.hub(stream)
    }

    /// The hub of a stream whose session is open, or will be soon.
    pub fn hub(&self, stream: &str) -> Arc<Hub> {
        until("the stream opens", || self.cameras.hubs.lock().unwrap().get(stream).cloned())
    }

    pub fn claims(&self, stream: &str) -> Claims {
        let number = self.next.fetch_add(1, Ordering::SeqCst);
        Claims {
            id: format!("ticket-{number}"),
            stream: stream.into(),
            kind: "live".into(),
            holder: "session-1".into(),
            start_by_us: self.clock.wall_us() + 60_000_000,
            minted_us: Some(self.clock.wall_us()),
            end_by_us: None,
            from_us: None,
            until_us: None,
        }
    }

    pub fn mint(&self, claims: &Claims) -> String {
        self.key.mint(claims)
    }

    pub fn ticket(&self, stream: &str) -> String {
        self.mint(&self.claims(stream))
    }

    pub fn now_us(&self) -> i64 {
        self.clock.wall_us()
    }

    /// Tells a change of state as ingest would.
    pub fn tell_state(&self, stream: &str, state: StreamState) {
        (self.tell)(Event::Stream {
            stream: stream.into(),
            state,
            at_us: self.now_us(),
            cause: None,
            attempt: 0,
            retry_in_ms: None,
            legs: Vec::new(),
            oddities: BTreeMap::new(),
        });
    }

    /// How the delivery of this ticket ended: (bytes, reason).
    pub fn ended(&self, ticket_id: &str) -> (u64, String) {
        until("the viewer's end is told", || {
            let mut told = self.told.lock().unwrap();
            told.extend(self.plane.events(1_000));
            told.iter().find_map(|event| match event {
                Event::ViewerEnded { ticket, bytes, reason, .. } if ticket == ticket_id => {
                    Some((*bytes, reason.clone()))
                }
                _ => None,
            })
        })
    }

    /// A viewer that has shown its ticket.
    pub fn watch(&self, hello: Value) -> Viewer {
        let mut viewer = Viewer::connect(self.http, Some(ORIGIN)).unwrap();
        viewer.say(&hello.to_string());
        viewer
    }

    /// Sends raw bytes, reads until the server closes.
    pub fn raw(&self, request: &str) -> String {
        let mut socket = TcpStream::connect(self.http).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        socket.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        let _ = socket.read_to_end(&mut answer); // a reset after the answer is an end, too
        String::from_utf8_lossy(&answer).into_owned()
    }
}

/// Polls until something is there; panics after [`PATIENCE`].
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "waited too long: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

pub struct Viewer {
    pub socket: WebSocket<TcpStream>,
}

impl Viewer {
    pub fn connect(
        http: SocketAddr,
        origin: Option<&str>,
    ) -> Result<Self, Box<tungstenite::HandshakeError<tungstenite::ClientHandshake<TcpStream>>>> {
        let mut request = format!("ws://{http}/live/ws").into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", "mingjing.live.1".parse().unwrap());
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().unwrap());
        }
        let stream = TcpStream::connect(http).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let (socket, answer) = tungstenite::client(request, stream).map_err(Box::new)?;
        assert_eq!(answer.headers()["sec-websocket-protocol"], "mingjing.live.1");
        Ok(Self { socket })
    }

    pub fn say(&mut self, text: &str) {
        self.socket.send(Message::text(text)).unwrap();
    }

    /// The next message that carries something.
    pub fn hear(&mut self) -> Heard {
        loop {
            match self.socket.read() {
                Ok(Message::Text(text)) => return Heard::Text(serde_json::from_str(&text).unwrap()),
                Ok(Message::Binary(bytes)) => return Heard::Binary(bytes.to_vec()),
                Ok(Message::Pong(payload)) => return Heard::Pong(payload.to_vec()),
                Ok(Message::Close(frame)) => {
                    return Heard::Close(frame.map_or(1005, |frame| frame.code.into()));
                }
                Ok(_) => {}
                Err(_) => return Heard::Gone,
            }
        }
    }

    /// The next text of this type; what comes before is passed over.
    pub fn text(&mut self, kind: &str) -> Value {
        loop {
            match self.hear() {
                Heard::Text(text) if text["type"] == kind => return text,
                Heard::Close(_) | Heard::Gone => panic!("closed while waiting for {kind}"),
                _ => {}
            }
        }
    }

    /// Numbers of the pictures up to and with this one; texts and init segments are passed over.
    pub fn pictures_until(&mut self, last: u32) -> Vec<u32> {
        let mut seen = Vec::new();
        while seen.last() != Some(&last) {
            match self.hear() {
                Heard::Binary(bytes) => seen.extend(numbers(&bytes)),
                Heard::Text(_) | Heard::Pong(_) => {}
                other => panic!("closed ({other:?}) after {seen:?}"),
            }
        }
        seen
    }
}

#[derive(Debug, PartialEq)]
pub enum Heard {
    Text(Value),
    Binary(Vec<u8>),
    Pong(Vec<u8>),
    Close(u16),
    Gone,
}

/// Stands before each picture's number in its payload.
const MARK: &[u8] = b"MINGJING-PICTURE";

/// Numbers of the pictures in some bytes of an fMP4.
pub fn numbers(bytes: &[u8]) -> Vec<u32> {
    let mut found = Vec::new();
    for at in 0..bytes.len().saturating_sub(MARK.len() + 3) {
        if bytes[at..].starts_with(MARK) {
            let number = &bytes[at + MARK.len()..at + MARK.len() + 4];
            found.push(u32::from_be_bytes(number.try_into().unwrap()));
        }
    }
    found
}

pub fn format(width: u32) -> Arc<Format> {
    Arc::new(Format {
        video: Some(VideoFormat {
            codec: VideoCodec::H264,
            width,
            height: 720,
            config: Bytes::from_static(&[1, 0x64, 0, 0x28, 0xFF, 0xE0, 0]),
            codec_string: "avc1.640028".into(),
            parameter_sets: Vec::new(),
            fps: Some(25.0),
        }),
        audio: Some(AudioFormat {
            codec: AudioCodec::Pcma,
            sample_rate: 8_000,
            channels: 1,
            config: Bytes::new(),
        }),
    })
}

/// Picture `number` at 25 a second, a key frame each 50, of about this many bytes.
pub fn picture(number: u32, bytes: usize, format: &Arc<Format>, began_us: i64) -> Arc<AccessUnit> {
    let mut nal = vec![if number.is_multiple_of(50) { 0x65 } else { 0x41 }];
    nal.extend_from_slice(MARK);
    nal.extend_from_slice(&number.to_be_bytes());
    nal.resize(nal.len().max(bytes), 0x55);
    let mut payload = (nal.len() as u32).to_be_bytes().to_vec();
    payload.extend_from_slice(&nal);
    unit(Track::Video, i64::from(number) * 3_600, number.is_multiple_of(50), payload, format, began_us)
}

/// 20 ms of silence in A-law.
pub fn silence(number: u32, format: &Arc<Format>, began_us: i64) -> Arc<AccessUnit> {
    unit(Track::Audio, i64::from(number) * 1_800, true, vec![0xD5; 160], format, began_us)
}

fn unit(
    track: Track,
    ticks: i64,
    key: bool,
    payload: Vec<u8>,
    format: &Arc<Format>,
    began_us: i64,
) -> Arc<AccessUnit> {
    Arc::new(AccessUnit {
        track,
        pts: ticks,
        dts: ticks,
        key,
        wall_us: began_us + ticks * 100 / 9,
        mono_us: ticks * 100 / 9,
        payload: payload.into(),
        format: format.clone(),
    })
}
