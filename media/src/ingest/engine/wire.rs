//! The sockets of one stream: what is registered with the poller, bytes in, bytes out. What they mean is
//! the session's; when there are any is [`Pull`]'s.

use super::{
    pull::{Context, Pull},
    sockets,
    worker::KEYS,
};
use crate::{clock::Now, event::Leg, frame::Track, ready::Interest};
use std::{
    io::{ErrorKind, Read, Write},
    net::{IpAddr, SocketAddr, UdpSocket},
    os::fd::AsFd,
};

/// Datagrams taken from one socket before others get their turn.
const DATAGRAMS_MAX: usize = 512;

/// RTP and RTCP of one track.
pub(super) struct UdpPair {
    track: Track,
    sockets: [UdpSocket; 2],
    peer_ports: Option<(u16, u16)>,
    /// Where the packets come from, if it is not the address that was connected to.
    source: Option<IpAddr>,
}

impl Pull {
    pub(super) fn register(&self, socket: impl AsFd, kind: usize, interest: Interest, context: &Context) {
        // A socket that cannot be registered is silent; the watch for silence ends the attempt.
        context.mailbox.poller().add(socket, self.slot * KEYS + kind, interest).ok();
    }

    pub(super) fn reregister_readable(&mut self, context: &Context) {
        let Some(control) = self.control.take() else { return };
        context.mailbox.poller().delete(&control).ok(); // registered anew at once
        self.register(&control, 0, Interest::Read, context);
        self.registered = true;
        self.control = Some(control);
    }

    pub(super) fn drop_control(&mut self, context: &Context) {
        if let Some(control) = self.control.take()
            && self.registered
        {
            context.mailbox.poller().delete(&control).ok(); // closing removes it as well
        }
        self.registered = false;
        self.carry = Vec::new();
        self.outgoing.clear();
    }

    pub(super) fn drop_udp(&mut self, context: &Context) {
        for pair in self.udp.drain(..) {
            for socket in &pair.sockets {
                context.mailbox.poller().delete(socket).ok(); // closing removes it as well
            }
        }
    }

    pub(super) fn read_control(&mut self, now: Now, scratch: &mut [u8], context: &Context) {
        let (Some(control), Some(session)) = (&mut self.control, &mut self.session) else { return };
        loop {
            let kept = self.carry.len();
            scratch[..kept].copy_from_slice(&self.carry);
            let space = scratch.len() - kept;
            let read = match control.read(&mut scratch[kept..]) {
                Ok(0) => {
                    session.closed(now, false);
                    break self.drop_control(context);
                }
                Ok(read) => read,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => {
                    session.closed(now, true);
                    break self.drop_control(context);
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
            match pair.sockets[at % 2].recv_from(&mut scratch[..65_536]) {
                Ok((length, from)) if Some(from.ip()) == peer || Some(from.ip()) == pair.source => {
                    self.bytes += length as u64;
                    session.receive_udp(pair.track, rtcp, &scratch[..length], now, &mut self.units);
                }
                Ok(_) => session.media_mut().oddities.count("datagram_from_stranger"),
                Err(_) => return,
            }
        }
    }

    pub(super) fn write_control(&mut self) {
        let Some(control) = &mut self.control else { return };
        while !self.outgoing.is_empty() {
            match control.write(&self.outgoing) {
                Ok(0) => return,
                Ok(written) => drop(self.outgoing.drain(..written)),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return, // would block: the next tick; broken: the next read says so
            }
        }
    }

    pub(super) fn bind_udp(&mut self, track: Track, now: Now, context: &Context) {
        let Some(peer) = self.addresses.last().map(SocketAddr::ip) else { return };
        let before = self.udp.iter().position(|pair| pair.track == track);
        if before.is_none()
            && let Ok((rtp, rtcp)) = sockets::bind_pair(peer)
        {
            let kind = 1 + 2 * self.udp.len();
            self.register(&rtp, kind, Interest::Read, context);
            self.register(&rtcp, kind + 1, Interest::Read, context);
            self.udp.push(UdpPair { track, sockets: [rtp, rtcp], peer_ports: None, source: None });
        }
        let pair = self.udp.iter().find(|pair| pair.track == track);
        let port = |socket: &UdpSocket| socket.local_addr().map(|address| address.port()).ok();
        let ports = pair.and_then(|pair| Some((port(&pair.sockets[0])?, port(&pair.sockets[1])?)));
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
        context: &Context,
    ) {
        let port = ports.map_or(554, |(rtp, _)| rtp);
        let judged =
            source.map(|source| (source, context.config.addresses.check(SocketAddr::new(source, port))));
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
        let Some(pair) = self.udp.iter().find(|pair| pair.track == track) else { return };
        let Some((rtp_port, rtcp_port)) = pair.peer_ports else { return };
        let port = if rtcp { rtcp_port } else { rtp_port };
        // Datagrams may be lost; a report that is refused is such a one.
        let to = SocketAddr::new(pair.source.unwrap_or(peer.ip()), port);
        pair.sockets[usize::from(rtcp)].send_to(bytes, to).ok();
    }
}
