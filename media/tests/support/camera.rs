//! A camera that behaves exactly as badly as a test wants.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream, UdpSocket},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

pub const SPS: [u8; 9] = [0x67, 0x42, 0xc0, 0x1e, 0xd9, 0x00, 0xa0, 0x3d, 0x90];
pub const PPS: [u8; 4] = [0x68, 0xce, 0x3c, 0x80];
pub const SDP: &str = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=cam\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n\
    a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z0LAHtkAoD2Q,aM48gA==\r\n\
    a=control:trackID=0\r\nm=audio 0 RTP/AVP 8\r\na=control:trackID=1\r\n";

/// What happens to the packets of one picture on their way.
pub type Mangle = Arc<dyn Fn(u64, Vec<Vec<u8>>) -> Vec<Vec<u8>> + Send + Sync>;

/// Answers a request by itself (its text, and how many came before on this connection), or leaves it to the
/// templates.
pub type Answerer = Arc<dyn Fn(&str, usize) -> Option<String> + Send + Sync>;

/// The bytes that go over the connection for the packets of one picture.
pub type Wire = Arc<dyn Fn(u64, Vec<Vec<u8>>) -> Vec<u8> + Send + Sync>;

/// Answers are templates: `{cseq}`, `{length}` and `{sdp}` are filled in, then from left to right `{pause}` is
/// a second of silence, `{crumbs}` sends what follows byte by byte, `{hex:00ff}` is these bytes, `{picture}` the
/// packets of the next picture, `{close}` hangs up and `{reset}` resets
/// the connection.
#[derive(Clone)]
pub struct Habits {
    pub options: String,
    pub describe: String,
    pub sdp: String,
    pub setup: String,
    pub setup_audio: String,
    pub play: String,
    pub other: String,
    /// Sent before PLAY is answered.
    pub packets_before_play: u32,
    pub mangle: Mangle,
    /// Instead of one frame of RFC 2326 §10.12 a packet.
    pub wire: Option<Wire>,
    pub answer: Answerer,
    /// Said before anything was asked.
    pub greeting: String,
    pub host: &'static str,
    pub frame_ms: u64,
    pub channel: u8,
    pub parameter_sets_in_band: bool,
    /// Pictures after which the connection is dropped.
    pub pictures: u64,
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            options: "RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\nPublic: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n\r\n".into(),
            describe: "RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\nContent-Type: application/sdp\r\nContent-Length: {length}\r\n\r\n{sdp}".into(),
            sdp: SDP.into(),
            setup: "RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\nSession: 77;timeout=60\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n".into(),
            setup_audio: "RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\nSession: 77;timeout=60\r\nTransport: RTP/AVP/TCP;unicast;interleaved=2-3\r\n\r\n".into(),
            play: "RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\nSession: 77\r\nRTP-Info: url=trackID=0;seq=1;rtptime=0\r\n\r\n".into(),
            other: "RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\n\r\n".into(),
            packets_before_play: 0,
            mangle: Arc::new(|_, packets| packets),
            wire: None,
            answer: Arc::new(|_, _| None),
            greeting: String::new(),
            host: "127.0.0.1",
            frame_ms: 4,
            channel: 0,
            parameter_sets_in_band: true,
            pictures: u64::MAX,
        }
    }
}

pub struct Camera {
    pub port: u16,
    host: &'static str,
    pub connections: Arc<AtomicU32>,
    stop: Arc<AtomicBool>,
}

impl Camera {
    pub fn start(habits: Habits) -> Self {
        let listener = TcpListener::bind(format!("{}:0", habits.host)).unwrap();
        let camera = Self {
            host: habits.host,
            port: listener.local_addr().unwrap().port(),
            connections: Arc::new(AtomicU32::new(0)),
            stop: Arc::new(AtomicBool::new(false)),
        };
        let (stop, connections) = (camera.stop.clone(), camera.connections.clone());
        listener.set_nonblocking(true).unwrap();
        thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                if let Ok((socket, _)) = listener.accept() {
                    connections.fetch_add(1, Ordering::Relaxed);
                    let (habits, stop) = (habits.clone(), stop.clone());
                    thread::spawn(move || Visit::new(socket, habits, stop).serve());
                }
                thread::sleep(Duration::from_millis(2));
            }
        });
        camera
    }

    pub fn url(&self) -> String {
        format!("rtsp://{}:{}/live", self.host, self.port)
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

struct Visit {
    socket: TcpStream,
    habits: Habits,
    stop: Arc<AtomicBool>,
    udp: Option<(UdpSocket, u16)>,
    requests: usize,
    picture: u64,
    sequence: u16,
}

impl Visit {
    fn new(socket: TcpStream, habits: Habits, stop: Arc<AtomicBool>) -> Self {
        Self { socket, habits, stop, udp: None, requests: 0, picture: 0, sequence: 0 }
    }

    /// Ends when the other side goes, or on anything unexpected.
    fn serve(mut self) -> Option<()> {
        self.socket.set_nonblocking(false).ok()?;
        self.socket.set_read_timeout(Some(Duration::from_millis(1))).ok()?;
        let (mut buffer, mut playing) = (Vec::new(), false);
        self.say(&self.habits.greeting.clone())?;
        while !self.stop.load(Ordering::Relaxed) {
            let mut piece = [0u8; 4096];
            match self.socket.read(&mut piece) {
                Ok(0) => return None,
                Ok(read) => buffer.extend_from_slice(&piece[..read]),
                Err(_) => {}
            }
            while buffer.first() == Some(&b'$') && buffer.len() >= 4 {
                let length = 4 + usize::from(u16::from_be_bytes([buffer[2], buffer[3]]));
                if buffer.len() < length {
                    break;
                }
                buffer.drain(..length);
            }
            if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                let request = String::from_utf8_lossy(&buffer[..end]).into_owned();
                buffer.drain(..end + 4);
                if request.starts_with("PLAY") {
                    for _ in 0..self.habits.packets_before_play {
                        self.send_picture()?;
                    }
                    playing = true;
                }
                self.answer(&request)?;
            }
            if playing {
                self.send_picture()?;
                thread::sleep(Duration::from_millis(self.habits.frame_ms));
                if self.picture >= self.habits.pictures {
                    return None;
                }
            }
        }
        None
    }

    fn answer(&mut self, request: &str) -> Option<()> {
        let cseq = request.lines().find_map(|line| line.strip_prefix("CSeq: ")).unwrap_or("0");
        let habits = &self.habits;
        let client_port = request.split("client_port=").nth(1).and_then(|rest| rest.split('-').next());
        let own = (habits.answer)(request, self.requests);
        self.requests += 1;
        let template = match request.split(' ').next()? {
            _ if own.is_some() => own.as_ref()?,
            "OPTIONS" => &habits.options,
            "DESCRIBE" => &habits.describe,
            "SETUP" if request.contains("trackID=1") => &habits.setup_audio,
            "SETUP" => &habits.setup,
            "PLAY" => &habits.play,
            _ => &habits.other,
        };
        let text = template
            .replace("{cseq}", cseq)
            .replace("{length}", &length_of(&habits.sdp).to_string())
            .replace("{sdp}", &habits.sdp);
        // `{udp}…|tcp answer`: UDP is accepted, TCP refused.
        let text = match (text.split_once("{udp}"), client_port) {
            (Some((_, accepted)), Some(port)) if !request.contains("trackID=1") => {
                let socket = UdpSocket::bind("127.0.0.1:0").ok()?;
                let own = socket.local_addr().ok()?.port();
                self.udp = Some((socket, port.parse().ok()?));
                accepted.replace("{port}", &own.to_string())
            }
            (Some((_, accepted)), Some(_)) => accepted.replace("{port}", "9"),
            (Some((refused, _)), None) => refused.to_owned(),
            (None, _) => text,
        };
        self.say(&text)
    }

    /// Plays a template whose fields are filled in.
    fn say(&mut self, text: &str) -> Option<()> {
        let (mut rest, mut crumbs) = (text, false);
        while !rest.is_empty() {
            let end = rest.find('{').unwrap_or(rest.len());
            self.send(&rest.as_bytes()[..end], crumbs)?;
            rest = &rest[end..];
            let Some((token, after)) = rest.strip_prefix('{').and_then(|inner| inner.split_once('}')) else {
                self.send(rest.as_bytes(), crumbs)?;
                return Some(());
            };
            rest = after;
            match token {
                "pause" => thread::sleep(Duration::from_secs(1)),
                "crumbs" => crumbs = true,
                "picture" => self.send_picture()?,
                "close" => return None,
                "reset" => {
                    socket2::SockRef::from(&self.socket).set_linger(Some(Duration::ZERO)).ok()?;
                    return None;
                }
                _ => match token.strip_prefix("hex:") {
                    Some(digits) => self.send(&bytes_of(digits), crumbs)?,
                    None => self.send(format!("{{{token}}}").as_bytes(), crumbs)?,
                },
            }
        }
        Some(())
    }

    fn send(&mut self, bytes: &[u8], crumbs: bool) -> Option<()> {
        if !crumbs {
            return self.socket.write_all(bytes).ok();
        }
        for byte in bytes {
            self.socket.write_all(&[*byte]).ok()?;
            thread::sleep(Duration::from_micros(200));
        }
        Some(())
    }

    fn send_picture(&mut self) -> Option<()> {
        let packets = packets_of(self.picture, &mut self.sequence, self.habits.parameter_sets_in_band);
        let packets = (self.habits.mangle)(self.picture, packets);
        let wire = self.habits.wire.as_ref().map(|wire| wire(self.picture, packets.clone()));
        self.picture += 1;
        if let Some(bytes) = wire {
            return self.socket.write_all(&bytes).ok();
        }
        for packet in packets {
            match &self.udp {
                Some((socket, port)) => drop(socket.send_to(&packet, ("127.0.0.1", *port)).ok()?),
                None => self.socket.write_all(&framed(self.habits.channel, &packet)).ok()?,
            }
        }
        Some(())
    }
}

/// A packet in the frame of RFC 2326 §10.12.
pub fn framed(channel: u8, packet: &[u8]) -> Vec<u8> {
    let mut frame = vec![b'$', channel];
    frame.extend((packet.len() as u16).to_be_bytes());
    frame.extend_from_slice(packet);
    frame
}

/// Bytes of a template once its tokens are played.
fn length_of(text: &str) -> usize {
    let tokens = text.split("{hex:").skip(1).filter_map(|rest| rest.find('}'));
    text.len() - tokens.map(|digits| 6 + digits - digits / 2).sum::<usize>()
}

fn bytes_of(digits: &str) -> Vec<u8> {
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

/// Packets of one picture: a key picture each tenth, three fragments of a slice, 25 pictures a second.
pub fn packets_of(picture: u64, sequence: &mut u16, sets: bool) -> Vec<Vec<u8>> {
    let key = picture.is_multiple_of(10);
    let mut payloads: Vec<Vec<u8>> = Vec::new();
    if key && sets {
        payloads.extend([SPS.to_vec(), PPS.to_vec()]);
    }
    let (indicator, kind, head) = if key { (0x7c, 5, [0x88, 0x84]) } else { (0x5c, 1, [0x9a, 0x24]) };
    let number = (picture as u32).to_be_bytes().map(|byte| byte | 0x40);
    payloads.push([&[indicator, 0x80 | kind], &head[..], &number, &[0x55; 300]].concat());
    payloads.push([&[indicator, kind][..], &[0x66; 300]].concat());
    payloads.push([&[indicator, 0x40 | kind][..], &[0x77; 300]].concat());
    let count = payloads.len();
    let mut packets = Vec::new();
    for (index, payload) in payloads.into_iter().enumerate() {
        *sequence = sequence.wrapping_add(1);
        let marker = if index + 1 == count { 0x80 } else { 0 };
        let mut packet = vec![0x80, 96 | marker];
        packet.extend(sequence.to_be_bytes());
        packet.extend((picture as u32).wrapping_mul(3600).to_be_bytes());
        packet.extend([1, 2, 3, 4]);
        packet.extend(payload);
        packets.push(packet);
    }
    packets
}
