//! One client's connection: reads requests, carries out the session's actions, sends media.
//!
//! One task a connection owns everything here; dropping it leaves the hub.

use super::{
    Admitted, Closed, Knock, Limits, Refusal, RtspDirectory,
    message::{Inbound, Inlet, Request, Response},
    queue::{FormatSink, UnitQueue},
    session::{Action, Entry, Seed, Session},
    transport::Transport,
};
use crate::{
    frame::Format,
    hub::{Hub, SinkId},
};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    time::{Instant, timeout},
};

mod outgoing;
use outgoing::{Outgoing, UdpPair};

/// Sender reports (RFC 3550 §6.2 asks for 5 s at least at the start).
const REPORT_EVERY: Duration = Duration::from_secs(5);

/// A sink's place at its hub, given up when dropped.
struct Seat {
    hub: Arc<Hub>,
    sink: SinkId,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.hub.leave(self.sink);
    }
}

/// What the directory let this client in to.
struct Delivery {
    admitted: Box<dyn Admitted>,
    ended: watch::Receiver<bool>,
    format: watch::Receiver<Option<Arc<Format>>>,
    seat: Seat,
}

/// Media on its way.
struct Playing {
    queue: Arc<UnitQueue>,
    outgoing: Outgoing,
    _seat: Seat,
}

/// See the module.
pub struct Connection {
    directory: Arc<dyn RtspDirectory>,
    limits: Limits,
    peer: SocketAddr,
    local: SocketAddr,
    writer: OwnedWriteHalf,
    session: Session,
    delivery: Option<Delivery>,
    playing: Option<Playing>,
    pairs: Vec<UdpPair>,
    alive: Instant,
}

impl Connection {
    /// Serves one client until either side has had enough.
    pub async fn serve(stream: TcpStream, directory: Arc<dyn RtspDirectory>, limits: Limits) {
        let (Ok(peer), Ok(local)) = (stream.peer_addr(), stream.local_addr()) else { return };
        let Some(seed) = seed() else { return };
        let _ = stream.set_nodelay(true); // a frame waits for nothing; without it only delay suffers
        let (reader, writer) = stream.into_split();
        let session = Session::new(seed, limits.idle.as_secs());
        let mut connection = Self {
            directory,
            limits,
            peer,
            local,
            writer,
            session,
            delivery: None,
            playing: None,
            pairs: Vec::new(),
            alive: Instant::now(),
        };
        let closed = connection.run(reader).await;
        connection.playing = None;
        if let Some(delivery) = connection.delivery.take() {
            delivery.admitted.closed(closed);
        }
    }

    async fn run(&mut self, mut reader: OwnedReadHalf) -> Closed {
        let mut inlet = Inlet::default();
        let mut chunk = vec![0; 8 << 10];
        let mut tick = tokio::time::interval(REPORT_EVERY);
        loop {
            let wake = tokio::select! {
                biased;
                () = ended(&mut self.delivery) => return Closed::Ended,
                read = reader.read(&mut chunk) => Wake::Read(read.unwrap_or(0)),
                _ = tick.tick() => Wake::Tick,
                () = ready(&self.playing) => Wake::Media,
            };
            let outcome = match wake {
                Wake::Read(0) => Err(Closed::Left),
                Wake::Read(count) => {
                    inlet.push(&chunk[..count]);
                    self.inbound(&mut inlet).await
                }
                Wake::Media => self.media().await,
                Wake::Tick => self.tick().await,
            };
            if let Err(closed) = outcome {
                return closed;
            }
        }
    }

    async fn inbound(&mut self, inlet: &mut Inlet) -> Result<(), Closed> {
        self.alive = Instant::now();
        loop {
            match inlet.message() {
                Ok(None) => return Ok(()),
                Ok(Some(Inbound::Interleaved { .. })) => {} // receiver reports: a sign of life, nothing more
                Ok(Some(Inbound::Request(request))) => self.answer(request).await?,
                Err(error) => {
                    self.write(&Response::new(error.status()).encode()).await?;
                    return Err(Closed::Malformed);
                }
            }
        }
    }

    async fn answer(&mut self, request: Request) -> Result<(), Closed> {
        let target = request.target.clone();
        let mut action = self.session.request(request);
        loop {
            action = match action {
                Action::Answer(response) => return self.write(&response.encode()).await,
                Action::Close(response) => {
                    self.playing = None;
                    self.write(&response.encode()).await?;
                    return Err(Closed::Left);
                }
                Action::Pause(response) => {
                    self.playing = None;
                    return self.write(&response.encode()).await;
                }
                Action::Play(response) => return self.play(response, &target).await,
                Action::Bind => {
                    let pair = UdpPair::bind(self.local.ip()).await;
                    let ports = pair.as_ref().map(UdpPair::ports);
                    self.pairs.extend(pair);
                    self.session.bound(ports)
                }
                Action::Admit(entry) => {
                    let decision = self.admit(&entry).await?;
                    self.session.admitted(decision, self.directory.realm(), self.directory.schemes())
                }
            }
        }
    }

    async fn admit(&mut self, entry: &Entry) -> Result<Result<Arc<Format>, Refusal>, Closed> {
        let knock = Knock {
            path: &entry.path,
            query: entry.query.as_deref(),
            method: &entry.method,
            authorization: entry.authorization.as_ref(),
            nonce: self.session.nonce(),
            peer: self.peer,
        };
        let admitted = match self.directory.admit(&knock) {
            Ok(admitted) => admitted,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Some(former) = self.delivery.take() {
            former.admitted.closed(Closed::Left);
        }
        let hub = admitted.hub();
        let (sender, format) = watch::channel(None);
        let sink = hub.join(Box::new(FormatSink(sender)), true);
        let seat = Seat { hub, sink };
        let ended = admitted.ended();
        self.delivery = Some(Delivery { admitted, ended, format, seat });
        self.wait_for_format().await
    }

    async fn wait_for_format(&mut self) -> Result<Result<Arc<Format>, Refusal>, Closed> {
        let Some(delivery) = &mut self.delivery else { return Ok(Err(Refusal::Unavailable)) };
        let mut format = delivery.format.clone();
        let known = async {
            match format.wait_for(Option::is_some).await {
                Ok(format) => format.clone(),
                Err(_) => None,
            }
        };
        tokio::select! {
            known = timeout(self.limits.describe, known) => {
                Ok(known.ok().flatten().ok_or(Refusal::Unavailable))
            }
            () = ended(&mut self.delivery) => Err(Closed::Ended),
        }
    }

    async fn play(&mut self, response: Response, target: &str) -> Result<(), Closed> {
        if self.playing.is_some() {
            return self.write(&response.encode()).await; // PLAY while playing is a keep-alive
        }
        let Some(delivery) = &self.delivery else { return Err(Closed::Malformed) };
        let Some(outgoing) = Outgoing::new(&self.session, &self.pairs, self.peer.ip()) else {
            return Err(Closed::Malformed);
        };
        let info = self.session.rtp_info(target, &outgoing.sequences());
        let queue = UnitQueue::new(self.limits.queue_bytes);
        let hub = delivery.seat.hub.clone();
        self.write(&response.with("RTP-Info", info).encode()).await?;
        let sink = hub.join(queue.sink(), true);
        queue.replayed();
        self.playing = Some(Playing { queue, outgoing, _seat: Seat { hub, sink } });
        Ok(())
    }

    async fn media(&mut self) -> Result<(), Closed> {
        let Some(playing) = &mut self.playing else { return Ok(()) };
        let sent = tokio::select! {
            biased;
            () = ended(&mut self.delivery) => return Err(Closed::Ended),
            sent = timeout(self.limits.write, playing.outgoing.drain(&playing.queue, &mut self.writer)) => sent,
        };
        let bytes = sent.map_err(|_| Closed::TooSlow)??;
        if let Some(delivery) = &self.delivery {
            delivery.admitted.sent(bytes);
        }
        Ok(())
    }

    async fn tick(&mut self) -> Result<(), Closed> {
        let peer = self.peer.ip();
        if self.pairs.iter().any(|pair| pair.heard_from(peer)) {
            self.alive = Instant::now();
        }
        let over_tcp = |transport: Transport| matches!(transport, Transport::Interleaved { .. });
        let fed_over_tcp =
            self.playing.is_some() && self.session.tracks().iter().any(|set| over_tcp(set.transport));
        if !fed_over_tcp && self.alive.elapsed() > self.limits.idle {
            return Err(Closed::Silent);
        }
        let Some(playing) = &mut self.playing else { return Ok(()) };
        match timeout(self.limits.write, playing.outgoing.report(&mut self.writer)).await {
            Ok(sent) => sent,
            Err(_) => Err(Closed::TooSlow),
        }
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), Closed> {
        match timeout(self.limits.write, self.writer.write_all(bytes)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Closed::Left),
            Err(_) => Err(Closed::TooSlow),
        }
    }
}

enum Wake {
    Read(usize),
    Media,
    Tick,
}

/// Resolves when the delivery must end; never while there is none.
async fn ended(delivery: &mut Option<Delivery>) {
    match delivery {
        Some(delivery) => {
            let _ = delivery.ended.wait_for(|ended| *ended).await; // a sender that is gone ends it too
        }
        None => std::future::pending().await,
    }
}

async fn ready(playing: &Option<Playing>) {
    match playing {
        Some(playing) => playing.queue.ready().await,
        None => std::future::pending().await,
    }
}

/// Unguessable session id, nonce, SSRCs; `None` if the system gives no randomness.
fn seed() -> Option<Seed> {
    let mut random = [0; 44];
    getrandom::fill(&mut random).ok()?;
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let word = |at: usize| u32::from_be_bytes([random[at], random[at + 1], random[at + 2], random[at + 3]]);
    let origin = |at: usize| (word(at), word(at + 4) as u16, word(at + 4) ^ word(at));
    Some(Seed { session: hex(&random[..12]), nonce: hex(&random[12..28]), origins: [origin(28), origin(36)] })
}
