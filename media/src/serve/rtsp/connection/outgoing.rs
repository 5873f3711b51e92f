//! Media on its way to one client: units from its queue, packetised, over TCP or UDP.

use crate::{
    frame::{AccessUnit, Track},
    serve::rtsp::{
        Closed,
        queue::{Queued, Timeline, UnitQueue},
        rtp::{self, RtpStream},
        session::Session,
        transport::Transport,
    },
};
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::AsyncWriteExt,
    net::{UdpSocket, tcp::OwnedWriteHalf},
};

/// Payload taken from the queue at a time: large enough to write seldom, small enough to end soon.
const BATCH_BYTES: usize = 256 << 10;
/// Datagrams sent in a row before a pause of a millisecond: a key frame or cached GOP must not overrun the
/// receiver's socket buffer (208 KiB on an untuned Linux).
const BURST_DATAGRAMS: usize = 16;

/// Our two sockets for one track.
pub struct UdpPair {
    rtp: Arc<UdpSocket>,
    rtcp: Arc<UdpSocket>,
}

impl UdpPair {
    /// Two adjacent ports, the lower even (RFC 3550 §11), chosen by the system.
    pub async fn bind(local: IpAddr) -> Option<Self> {
        for _ in 0..32 {
            let rtp = UdpSocket::bind((local, 0)).await.ok()?;
            let port = rtp.local_addr().ok()?.port();
            if port % 2 == 1 {
                continue;
            }
            if let Ok(rtcp) = UdpSocket::bind((local, port + 1)).await {
                return Some(Self { rtp: Arc::new(rtp), rtcp: Arc::new(rtcp) });
            }
        }
        None
    }

    pub fn ports(&self) -> (u16, u16) {
        let port = |socket: &UdpSocket| socket.local_addr().map_or(0, |address| address.port());
        (port(&self.rtp), port(&self.rtcp))
    }

    /// Whether the client sent anything since the last look; empties both sockets' buffers.
    pub fn heard_from(&self, peer: IpAddr) -> bool {
        let mut heard = false;
        let mut scrap = [0; 64];
        for socket in [&self.rtp, &self.rtcp] {
            for _ in 0..256 {
                let Ok((_, from)) = socket.try_recv_from(&mut scrap) else { break };
                heard |= from.ip() == peer;
            }
        }
        heard
    }
}

struct Road {
    stream: RtpStream,
    udp: Option<UdpRoad>,
    /// A sender report has gone ahead of the first packet.
    introduced: bool,
}

struct UdpRoad {
    rtp: (Arc<UdpSocket>, SocketAddr),
    rtcp: (Arc<UdpSocket>, SocketAddr),
}

/// See the module.
pub struct Outgoing {
    roads: Vec<Road>,
    timeline: Timeline,
    buffer: Vec<u8>,
    taken: Vec<Queued>,
    codecs: Codecs,
}

type Codecs = (Option<crate::frame::VideoCodec>, Option<crate::frame::AudioFormat>);

impl Outgoing {
    /// `None` when nothing was set up. `pairs` are in the order of the tracks that go by UDP.
    pub fn new(session: &Session, pairs: &[UdpPair], peer: IpAddr) -> Option<Self> {
        let format = session.format()?;
        let mut pairs = pairs.iter();
        let mut roads = Vec::new();
        for set in session.tracks() {
            let (channel, udp) = match set.transport {
                Transport::Interleaved { rtp, .. } => (rtp, None),
                Transport::Udp { rtp, rtcp } => {
                    let pair = pairs.next()?;
                    let rtp = (pair.rtp.clone(), SocketAddr::new(peer, rtp));
                    (0, Some(UdpRoad { rtp, rtcp: (pair.rtcp.clone(), SocketAddr::new(peer, rtcp)) }))
                }
            };
            let stream = RtpStream::new(set.track, format, channel, &set.origin)?;
            roads.push(Road { stream, udp, introduced: false });
        }
        let codecs = (format.video.as_ref().map(|video| video.codec), format.audio.clone());
        let timeline = Timeline::default();
        (!roads.is_empty()).then_some(Self { roads, timeline, buffer: Vec::new(), taken: Vec::new(), codecs })
    }

    pub fn sequences(&self) -> Vec<(Track, u16)> {
        self.roads.iter().map(|road| (road.stream.track, road.stream.next_sequence())).collect()
    }

    /// Sends what the queue has; the number of bytes sent.
    pub async fn drain(&mut self, queue: &UnitQueue, tcp: &mut OwnedWriteHalf) -> Result<u64, Closed> {
        self.taken.clear();
        queue.take(BATCH_BYTES, &mut self.taken);
        self.buffer.clear();
        let mut sent = 0;
        for queued in std::mem::take(&mut self.taken) {
            match queued {
                Queued::Discontinuity => self.timeline.discontinuity(),
                Queued::Unit(unit) => sent += self.unit(&unit).await?,
            }
        }
        sent += self.buffer.len() as u64;
        tcp.write_all(&self.buffer).await.map_err(|_| Closed::Left)?;
        Ok(sent)
    }

    /// One unit: into the buffer for TCP, on its way for UDP.
    async fn unit(&mut self, unit: &AccessUnit) -> Result<u64, Closed> {
        if self.described_otherwise(unit) {
            return Err(Closed::FormatChanged);
        }
        let ticks = self.timeline.ticks(unit);
        let Some(road) = self.roads.iter_mut().find(|road| road.stream.track == unit.track) else {
            return Ok(0); // a track that the client did not set up
        };
        let start = self.buffer.len();
        if !road.introduced {
            road.stream.report_before(unit, ticks, &mut self.buffer);
            road.introduced = true;
        }
        road.stream.packets(unit, ticks, &mut self.buffer);
        let Some(udp) = &road.udp else { return Ok(0) };
        let sent = (self.buffer.len() - start) as u64;
        udp.send(&self.buffer[start..]).await;
        self.buffer.truncate(start);
        Ok(sent)
    }

    /// New parameter sets travel in band; another codec does not.
    fn described_otherwise(&self, unit: &AccessUnit) -> bool {
        match unit.track {
            Track::Video => unit.format.video.as_ref().map(|video| video.codec) != self.codecs.0,
            Track::Audio => unit.format.audio != self.codecs.1,
        }
    }

    /// Sender reports for all tracks.
    pub async fn report(&mut self, tcp: &mut OwnedWriteHalf) -> Result<(), Closed> {
        self.buffer.clear();
        for road in &mut self.roads {
            let start = self.buffer.len();
            road.stream.report(&mut self.buffer);
            if let Some(udp) = &road.udp {
                udp.send(&self.buffer[start..]).await;
                self.buffer.truncate(start);
            }
        }
        tcp.write_all(&self.buffer).await.map_err(|_| Closed::Left)
    }
}

impl UdpRoad {
    /// Losses on the way are the nature of UDP: an error of the socket is treated as one.
    async fn send(&self, packets: &[u8]) {
        for (index, (channel, packet)) in rtp::datagrams(packets).enumerate() {
            if index % BURST_DATAGRAMS == BURST_DATAGRAMS - 1 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            let (socket, to) = if channel == 0 { &self.rtp } else { &self.rtcp };
            let _ = socket.send_to(packet, to).await;
        }
    }
}
