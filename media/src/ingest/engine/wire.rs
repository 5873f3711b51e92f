//! The way to one camera, and what a stream does on it: bytes in, bytes out. What they mean is the session's; when
//! there are any is [`Pull`]'s.

use super::{api::EngineConfig, pull::Pull, resolve::Resolved};
use crate::{clock::Now, event::Leg, frame::Track, ingest::address::AddressRules};
use std::{
    io::{self, ErrorKind},
    net::{IpAddr, SocketAddr},
};

/// Datagrams taken from one socket before others get their turn.
const DATAGRAMS_MAX: usize = 512;

/// One control connection and the datagrams beside it, nothing of which waits. Made of sockets in
/// [`super::sockets`], and of memory where a simulation plays the network.
pub trait Wire {
    /// A number that nobody can guess.
    fn chance(&mut self) -> u64;
    /// See [`super::resolve::resolve`].
    fn look_up(
        &mut self,
        host: &str,
        port: u16,
        rules: &AddressRules,
        attempt: u64,
    ) -> (Option<Resolved>, bool);

    /// Begins to connect; [`Pull::ready`] is called when that is done or has failed.
    fn connect(&mut self, address: SocketAddr) -> io::Result<()>;
    /// What became of it; `false`: it is still on its way. Once connected, it is waited for.
    fn connected(&mut self) -> io::Result<bool>;
    /// The control connection is there, on its way or connected.
    fn is_open(&self) -> bool;
    /// Whether [`Pull::ready`] is called when something arrives on the control connection.
    fn is_waited_for(&self) -> bool;
    fn wait_for(&mut self, wait: bool);
    /// From the control connection, as [`io::Read::read`].
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize>;
    /// To the control connection, as [`io::Write::write`].
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize>;
    fn hang_up(&mut self);

    /// Binds another pair, whose arrivals are waited for; its ports, of which the first is even.
    fn bind(&mut self, peer: IpAddr) -> io::Result<(u16, u16)>;
    /// The ports of a pair, counted from 0.
    fn ports(&self, pair: usize) -> Option<(u16, u16)>;
    fn receive(&mut self, pair: usize, rtcp: bool, buffer: &mut [u8]) -> io::Result<(usize, IpAddr)>;
    /// A datagram may be lost; one that is refused is such a one.
    fn send(&mut self, pair: usize, rtcp: bool, bytes: &[u8], to: SocketAddr);
    fn unbind(&mut self);
}

/// Whose RTP and RTCP a pair carries.
pub(super) struct UdpPair {
    track: Track,
    peer_ports: Option<(u16, u16)>,
    /// Where the packets come from, if it is not the address that was connected to.
    source: Option<IpAddr>,
}

impl<W: Wire> Pull<W> {
    pub(super) fn drop_control(&mut self) {
        self.wire.hang_up();
        self.carry = Vec::new();
        self.outgoing.clear();
    }

    pub(super) fn drop_udp(&mut self) {
        self.udp.clear();
        self.wire.unbind();
    }

    pub(super) fn read_control(&mut self, now: Now, scratch: &mut [u8]) {
        let Some(session) = self.session.as_mut().filter(|_| self.wire.is_open()) else { return };
        loop {
            let kept = self.carry.len();
            scratch[..kept].copy_from_slice(&self.carry);
            let space = scratch.len() - kept;
            let read = match self.wire.read(&mut scratch[kept..]) {
                Ok(0) => {
                    session.closed(now, false);
                    break self.drop_control();
                }
                Ok(read) => read,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => {
                    session.closed(now, true);
                    break self.drop_control();
                }
            };
            self.bytes += read as u64;
            let filled = kept + read;
            let used = session.receive(&scratch[..filled], now, &mut self.units);
            self.carry.clear();
            self.carry.extend_from_slice(&scratch[used..filled]);
            if self.carry.len() > scratch.len() / 2 {
                self.carry.clear(); // the framer never waits for more than one frame or line
            }
            if read < space || session.end().is_some() {
                break;
            }
        }
    }

    pub(super) fn read_udp(&mut self, at: usize, now: Now, scratch: &mut [u8]) {
        let peer = self.addresses.last().map(SocketAddr::ip);
        let (Some(pair), Some(session)) = (self.udp.get(at / 2), &mut self.session) else { return };
        let rtcp = at % 2 == 1;
        for _ in 0..DATAGRAMS_MAX {
            match self.wire.receive(at / 2, rtcp, &mut scratch[..65_536]) {
                Ok((length, from)) if Some(from) == peer || Some(from) == pair.source => {
                    self.bytes += length as u64;
                    session.receive_udp(pair.track, rtcp, &scratch[..length], now, &mut self.units);
                }
                Ok(_) => session.media_mut().oddities.count("datagram_from_stranger"),
                Err(_) => return,
            }
        }
    }

    pub(super) fn write_control(&mut self) {
        if !self.wire.is_open() {
            return;
        }
        while !self.outgoing.is_empty() {
            match self.wire.write(&self.outgoing) {
                Ok(0) => return,
                Ok(written) => drop(self.outgoing.drain(..written)),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return, // would block: the next tick; broken: the next read says so
            }
        }
    }

    pub(super) fn bind_udp(&mut self, track: Track, now: Now) {
        let Some(peer) = self.addresses.last().map(SocketAddr::ip) else { return };
        let ports = match self.udp.iter().position(|pair| pair.track == track) {
            Some(before) => self.wire.ports(before),
            None => self.wire.bind(peer).ok().inspect(|_| {
                self.udp.push(UdpPair { track, peer_ports: None, source: None });
            }),
        };
        if let Some(session) = &mut self.session {
            session.udp_bound(track, ports, now);
        }
    }

    /// Opens the way through address translators, as players do. A camera may send from another address of
    /// its own; that address must be one that we might have connected to.
    pub(super) fn meet_udp_peer(
        &mut self,
        track: Track,
        ports: Option<(u16, u16)>,
        source: Option<IpAddr>,
        config: &EngineConfig,
    ) {
        let port = ports.map_or(554, |(rtp, _)| rtp);
        let judged = source.map(|source| (source, config.addresses.check(SocketAddr::new(source, port))));
        if let Some((source, Err(why))) = &judged {
            self.note(Leg::SetUp, &format!("source {source}: {why}"));
        }
        if let Some(pair) = self.udp.iter_mut().find(|pair| pair.track == track) {
            pair.peer_ports = ports;
            pair.source = judged.and_then(|(source, verdict)| verdict.is_ok().then_some(source));
        }
        self.send_udp(track, false, &[0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        self.send_udp(track, true, &[0x80, 201, 0, 1, 0, 0, 0, 0]);
    }

    pub(super) fn send_udp(&mut self, track: Track, rtcp: bool, bytes: &[u8]) {
        let Some(peer) = self.addresses.last() else { return };
        let Some(at) = self.udp.iter().position(|pair| pair.track == track) else { return };
        let pair = &self.udp[at];
        let Some((rtp_port, rtcp_port)) = pair.peer_ports else { return };
        let port = if rtcp { rtcp_port } else { rtp_port };
        let to = SocketAddr::new(pair.source.unwrap_or(peer.ip()), port);
        self.wire.send(at, rtcp, bytes, to);
    }
}
