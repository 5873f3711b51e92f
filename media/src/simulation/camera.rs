//! A camera in memory, and the wire to it: it answers RTSP/1.0 and sends numbered pictures, as well or as badly as
//! it is told to.

use crate::{
    clock::ManualClock,
    frame::AccessUnit,
    ingest::{
        address::AddressRules,
        engine::{Resolved, Wire},
    },
    record::sim_disk::Lot,
};
use std::{
    collections::VecDeque,
    io::{self, ErrorKind},
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Between two pictures.
pub const FRAME_US: i64 = 200_000;
const SETS: [[u8; 9]; 2] = [
    [0x67, 0x42, 0xc0, 0x1e, 0xd9, 0x00, 0xa0, 0x3d, 0x90],
    [0x67, 0x42, 0xc0, 0x1f, 0xd9, 0x00, 0xa0, 0x3d, 0x90],
];
const PPS: [u8; 4] = [0x68, 0xce, 0x3c, 0x80];
const MARK: &[u8] = b"MJ";
/// `MJ`, the camera's letter, eight digits.
const MARK_BYTES: usize = 11;

/// How a camera takes a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Well,
    /// There is no way to it.
    Away,
    Refusing,
    /// The connection is never made.
    Unanswering,
    /// The connection is made, and nothing is ever said.
    Mute,
    /// It lets nobody in: 401, 404, 453 or 500.
    Denying(u16),
    /// What it says is no RTSP.
    Babbling,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Made {
    Yes,
    Refused,
    Never,
}

struct Connection {
    number: u64,
    /// The platform wants to hear of what arrives.
    waits: bool,
    /// Nobody has looked at what became of it.
    fresh: bool,
    made: Made,
    /// To the platform.
    inward: VecDeque<u8>,
    outward: Vec<u8>,
    /// The camera hung up, or (`true`) reset.
    over: Option<bool>,
}

/// What both ends share.
pub struct Link {
    pub mood: Mood,
    open: Option<Connection>,
    /// Connections ever begun.
    pub begun: u64,
    /// Connections that were begun while another was open.
    pub beside: u64,
    bound: usize,
    datagrams: VecDeque<(usize, bool, Vec<u8>)>,
}

/// [`Wire`] to one [`Camera`].
pub struct MemoryWire {
    link: Arc<Mutex<Link>>,
    lot: Lot,
}

fn lock(link: &Mutex<Link>) -> MutexGuard<'_, Link> {
    link.lock().unwrap_or_else(PoisonError::into_inner)
}

impl MemoryWire {
    pub fn new(camera: &Camera, seed: u64) -> Self {
        Self { link: camera.link.clone(), lot: Lot(seed) }
    }
}

impl Drop for MemoryWire {
    fn drop(&mut self) {
        self.hang_up(); // the kernel closes what a killed program had open
        self.unbind();
    }
}

impl Wire for MemoryWire {
    fn chance(&mut self) -> u64 {
        self.lot.next()
    }

    fn look_up(&mut self, host: &str, port: u16, _: &AddressRules, _: u64) -> (Option<Resolved>, bool) {
        let address: IpAddr = host.parse().expect("cameras of a simulation have literal addresses");
        (Some(Ok(vec![SocketAddr::new(address, port)])), true)
    }

    fn connect(&mut self, _: SocketAddr) -> io::Result<()> {
        let mut link = lock(&self.link);
        link.begun += 1;
        link.beside += u64::from(link.open.is_some());
        let made = match link.mood {
            Mood::Away => return Err(io::Error::from_raw_os_error(libc::EHOSTUNREACH)),
            Mood::Refusing => Made::Refused,
            Mood::Unanswering => Made::Never,
            _ => Made::Yes,
        };
        let number = link.begun;
        link.open = Some(Connection {
            number,
            waits: true,
            fresh: made != Made::Never,
            made,
            inward: VecDeque::new(),
            outward: Vec::new(),
            over: None,
        });
        Ok(())
    }

    fn connected(&mut self) -> io::Result<bool> {
        let mut link = lock(&self.link);
        let Some(open) = &mut link.open else { return Ok(false) };
        open.fresh = false;
        match open.made {
            Made::Refused => Err(io::Error::from_raw_os_error(libc::ECONNREFUSED)),
            Made::Yes => Ok(true),
            Made::Never => Ok(false),
        }
    }

    fn is_open(&self) -> bool {
        lock(&self.link).open.is_some()
    }

    fn is_waited_for(&self) -> bool {
        lock(&self.link).open.as_ref().is_some_and(|open| open.waits)
    }

    fn wait_for(&mut self, wait: bool) {
        if let Some(open) = &mut lock(&self.link).open {
            open.waits = wait;
        }
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut link = lock(&self.link);
        let open = link.open.as_mut().ok_or(ErrorKind::NotConnected)?;
        let read = buffer.len().min(open.inward.len());
        for (to, from) in buffer.iter_mut().zip(open.inward.drain(..read)) {
            *to = from;
        }
        match (read, open.over) {
            (0, None) => Err(ErrorKind::WouldBlock.into()),
            (0, Some(true)) => Err(ErrorKind::ConnectionReset.into()),
            _ => Ok(read),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut link = lock(&self.link);
        let open = link.open.as_mut().ok_or(ErrorKind::NotConnected)?;
        if open.over.is_some() {
            return Err(ErrorKind::BrokenPipe.into());
        }
        open.outward.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn hang_up(&mut self) {
        lock(&self.link).open = None;
    }

    fn bind(&mut self, _: IpAddr) -> io::Result<(u16, u16)> {
        let mut link = lock(&self.link);
        link.bound += 1;
        let port = 30_000 + 2 * (link.bound as u16 - 1);
        Ok((port, port + 1))
    }

    fn ports(&self, pair: usize) -> Option<(u16, u16)> {
        let port = 30_000 + 2 * pair as u16;
        (pair < lock(&self.link).bound).then_some((port, port + 1))
    }

    fn receive(&mut self, pair: usize, rtcp: bool, buffer: &mut [u8]) -> io::Result<(usize, IpAddr)> {
        let mut link = lock(&self.link);
        let at = link.datagrams.iter().position(|(to, kind, _)| (*to, *kind) == (pair, rtcp));
        let (_, _, bytes) = at.and_then(|at| link.datagrams.remove(at)).ok_or(ErrorKind::WouldBlock)?;
        buffer[..bytes.len()].copy_from_slice(&bytes);
        Ok((bytes.len(), IpAddr::from(Camera::ADDRESS)))
    }

    fn send(&mut self, _: usize, _: bool, _: &[u8], _: SocketAddr) {}

    fn unbind(&mut self) {
        let mut link = lock(&self.link);
        link.bound = 0;
        link.datagrams.clear();
    }
}

/// What a camera does to its packets.
#[derive(Clone, Debug, Default)]
pub struct Mischief {
    /// Of a thousand packets so many are lost, and so many swapped with the next.
    pub lost: usize,
    pub swapped: usize,
    /// Pictures are not sent until then (monotonic).
    pub still_until_us: i64,
    /// As `still_until_us`, and then all of them at once.
    pub stalled_until_us: i64,
}

/// See the module.
pub struct Camera {
    link: Arc<Mutex<Link>>,
    lot: Lot,
    letter: u8,
    pub audio: bool,
    pub udp: bool,
    pub mischief: Mischief,
    gop: u64,
    playing: bool,
    connection: u64,
    picture: u64,
    next_us: i64,
    in_gop: u64,
    sequences: [u16; 2],
    sets: usize,
    stamp_offset: u32,
}

impl Camera {
    pub const ADDRESS: [u8; 4] = [10, 1, 1, 7];

    pub fn new(letter: u8, seed: u64) -> Self {
        let link =
            Link { mood: Mood::Well, open: None, begun: 0, beside: 0, bound: 0, datagrams: VecDeque::new() };
        let mut lot = Lot(seed);
        let (audio, udp) = (lot.next().is_multiple_of(2), lot.next().is_multiple_of(4));
        let (gop, stamp_offset) = (4 + 3 * (lot.next() % 3), lot.next() as u32);
        Self {
            link: Arc::new(Mutex::new(link)),
            lot,
            letter,
            audio,
            udp,
            mischief: Mischief::default(),
            gop,
            playing: false,
            connection: 0,
            picture: 0,
            next_us: 0,
            in_gop: 0,
            sequences: [0; 2],
            sets: 0,
            stamp_offset,
        }
    }

    pub fn link(&self) -> MutexGuard<'_, Link> {
        lock(&self.link)
    }

    /// The platform waits for the control connection, and there is something: arrived, made, refused or over.
    pub fn wakes(&self) -> bool {
        let news = |open: &Connection| open.fresh || !open.inward.is_empty() || open.over.is_some();
        self.link().open.as_ref().is_some_and(|open| open.waits && news(open))
    }

    /// Pairs to which something was sent, RTP and RTCP.
    pub fn datagrams(&self) -> Vec<usize> {
        let mut at: Vec<_> =
            self.link().datagrams.iter().map(|(pair, rtcp, _)| 2 * pair + usize::from(*rtcp)).collect();
        at.sort_unstable();
        at.dedup();
        at
    }

    /// The other encoder settings from the next key frame on.
    pub fn change_sets(&mut self) {
        self.sets = 1 - self.sets;
        self.in_gop = 0;
    }

    /// The camera's clock jumps.
    pub fn jump(&mut self, ticks: u32) {
        self.stamp_offset = self.stamp_offset.wrapping_add(ticks);
    }

    pub fn hang_up(&mut self, reset: bool) {
        if let Some(open) = &mut self.link().open {
            open.over = Some(reset);
        }
        self.playing = false;
    }

    pub fn babble(&mut self) {
        let noise: Vec<u8> = (0..1 + self.lot.below(300)).map(|_| self.lot.next() as u8).collect();
        self.say(&noise);
    }

    fn say(&self, bytes: &[u8]) {
        if let Some(open) = self.link().open.as_mut().filter(|open| open.over.is_none()) {
            open.inward.extend(bytes);
        }
    }

    /// Answers what was asked and sends what is due.
    pub fn act(&mut self, clock: &ManualClock) {
        let now_us = crate::clock::Clock::mono_us(clock);
        let number = self.link().open.as_ref().filter(|open| open.made == Made::Yes).map(|open| open.number);
        if number.is_some_and(|number| number != self.connection) {
            self.connection = number.unwrap_or(0);
            self.playing = false;
        }
        if number.is_none() && !self.udp {
            self.playing = false;
        }
        while let Some(request) = self.request() {
            self.answer(&request, now_us);
        }
        if !self.playing || now_us < self.mischief.stalled_until_us {
            return;
        }
        while self.next_us <= now_us {
            let at_us = self.next_us;
            self.next_us += FRAME_US;
            if at_us >= self.mischief.still_until_us {
                self.send_picture(at_us);
            } else {
                self.in_gop = 0;
            }
        }
    }

    fn request(&mut self) -> Option<String> {
        let mut link = self.link();
        let open = link.open.as_mut()?;
        loop {
            match open.outward.first()? {
                b'$' => {
                    let length =
                        4 + usize::from(u16::from_be_bytes([*open.outward.get(2)?, *open.outward.get(3)?]));
                    if open.outward.len() < length {
                        return None;
                    }
                    open.outward.drain(..length);
                }
                _ => {
                    let end = open.outward.windows(4).position(|four| four == b"\r\n\r\n")?;
                    let text = String::from_utf8_lossy(&open.outward[..end]).into_owned();
                    open.outward.drain(..end + 4);
                    return Some(text);
                }
            }
        }
    }

    fn answer(&mut self, request: &str, now_us: i64) {
        let mood = self.link().mood;
        let cseq = request.lines().find_map(|line| line.strip_prefix("CSeq: ")).unwrap_or("0");
        let method = request.split(' ').next().unwrap_or("");
        let tcp = request.contains("interleaved=");
        match mood {
            Mood::Mute => return,
            Mood::Babbling => return self.babble(),
            Mood::Denying(status) => {
                return self.say(format!("RTSP/1.0 {status} No\r\nCSeq: {cseq}\r\n\r\n").as_bytes());
            }
            _ => {}
        }
        let second = request.contains("trackID=1");
        let (fields, body) = match method {
            "OPTIONS" => ("Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n".to_owned(), String::new()),
            "DESCRIBE" => ("Content-Type: application/sdp\r\n".to_owned(), self.description()),
            "SETUP" if tcp => {
                let channels = if second { "2-3" } else { "0-1" };
                (
                    format!("Session: 77\r\nTransport: RTP/AVP/TCP;unicast;interleaved={channels}\r\n"),
                    String::new(),
                )
            }
            "SETUP" => {
                let ports =
                    request.split("client_port=").nth(1).and_then(|rest| rest.split(['\r', ';']).next());
                let ports = ports.unwrap_or("0-1");
                let own = if second { "40002-40003" } else { "40000-40001" };
                let fields = format!(
                    "Session: 77\r\nTransport: RTP/AVP;unicast;client_port={ports};server_port={own}\r\n"
                );
                (fields, String::new())
            }
            "PLAY" => {
                self.playing = true;
                self.next_us = now_us;
                self.in_gop = 0;
                ("Session: 77\r\n".to_owned(), String::new())
            }
            "TEARDOWN" => {
                self.playing = false;
                (String::new(), String::new())
            }
            _ => (String::new(), String::new()),
        };
        let length =
            if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
        self.say(format!("RTSP/1.0 200 OK\r\nCSeq: {cseq}\r\n{fields}{length}\r\n{body}").as_bytes());
    }

    fn description(&self) -> String {
        let audio = if self.audio { "m=audio 0 RTP/AVP 8\r\na=control:trackID=1\r\n" } else { "" };
        format!(
            "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1\r\n\
             a=control:trackID=0\r\n{audio}"
        )
    }

    fn send_picture(&mut self, at_us: i64) {
        let key = self.in_gop.is_multiple_of(self.gop);
        self.in_gop += 1;
        self.picture += 1;
        let stamp = (at_us / 100 * 9) as u32;
        let stamp = stamp.wrapping_add(self.stamp_offset);
        let mut payloads: Vec<Vec<u8>> = Vec::new();
        if key {
            payloads.extend([SETS[self.sets].to_vec(), PPS.to_vec()]);
        }
        let (indicator, kind, head) = if key { (0x7c, 5, [0x88, 0x84]) } else { (0x5c, 1, [0x9a, 0x24]) };
        let mark = format!("MJ{}{:08}", char::from(self.letter), self.picture);
        let more = if key { 120 } else { 30 };
        payloads.push([&[indicator, 0x80 | kind][..], &head, mark.as_bytes(), &vec![0x55; more]].concat());
        payloads.push([&[indicator, kind][..], &vec![0x66; more]].concat());
        payloads.push([&[indicator, 0x40 | kind][..], &vec![0x77; more]].concat());
        let count = payloads.len();
        let mut packets = Vec::new();
        for (n, payload) in payloads.into_iter().enumerate() {
            packets.push(self.packet(0, if n + 1 == count { 96 | 0x80 } else { 96 }, stamp, &payload));
        }
        let (lost, swapped) = (self.mischief.lost, self.mischief.swapped);
        for n in 1..packets.len() {
            if self.lot.below(1000) < swapped {
                packets.swap(n - 1, n);
            }
        }
        packets.retain(|_| self.lot.below(1000) >= lost);
        packets.iter().for_each(|packet| self.send(0, packet));
        if self.audio {
            let stamp = (at_us / 1000 * 8) as u32;
            let packet = self.packet(1, 8, stamp, &[0xd5; 160]);
            self.send(1, &packet);
        }
    }

    fn packet(&mut self, track: usize, kind: u8, stamp: u32, payload: &[u8]) -> Vec<u8> {
        self.sequences[track] = self.sequences[track].wrapping_add(1);
        let mut packet = vec![0x80, kind];
        packet.extend(self.sequences[track].to_be_bytes());
        packet.extend(stamp.to_be_bytes());
        packet.extend([1, 2, 3, track as u8]);
        packet.extend_from_slice(payload);
        packet
    }

    fn send(&self, track: usize, packet: &[u8]) {
        if self.udp {
            let mut link = self.link();
            if track < link.bound {
                link.datagrams.push_back((track, false, packet.to_vec()));
            }
            return;
        }
        let mut frame = vec![b'$', 2 * track as u8];
        frame.extend((packet.len() as u16).to_be_bytes());
        frame.extend_from_slice(packet);
        self.say(&frame);
    }
}

/// Numbers of the pictures of one camera in some bytes, in order.
pub fn pictures(bytes: &[u8], letter: u8) -> Vec<u64> {
    let found = memchr::memmem::find_iter(bytes, MARK).filter_map(|at| {
        let mark = bytes.get(at..at + MARK_BYTES)?;
        (mark[2] == letter).then(|| std::str::from_utf8(&mark[3..]).ok()?.parse().ok())?
    });
    found.collect()
}

/// The number of a picture; `None` where the packet that held it was lost.
pub fn picture_of(unit: &AccessUnit, letter: u8) -> Option<u64> {
    pictures(&unit.payload, letter).first().copied()
}
