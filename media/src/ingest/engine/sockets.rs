//! The sockets of one stream, and what of them is registered with the poller. No protocol.

use super::{
    resolve::{Resolved, resolve},
    wire::Wire,
    worker::{KEYS, Mailbox},
};
use crate::{event::Cause, ingest::address::AddressRules, ready::Interest};
use socket2::{Domain, Protocol, Socket, Type};
use std::{
    io::{self, ErrorKind, Read, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket},
    os::fd::AsFd,
    sync::Arc,
    time::Duration,
};

/// Enough for a second of a fast camera; the kernel may give less.
const UDP_BUFFER_BYTES: usize = 4 << 20;
/// Bounds what a camera can make the kernel keep for a stream that is read in batches.
const TCP_BUFFER_BYTES: usize = 1 << 20;

/// [`Wire`] over TCP and UDP. Arrivals are told under the keys of its slot.
pub struct SocketWire {
    slot: usize,
    mailbox: Arc<Mailbox>,
    control: Option<TcpStream>,
    registered: bool,
    pairs: Vec<[UdpSocket; 2]>,
}

impl SocketWire {
    pub fn new(slot: usize, mailbox: Arc<Mailbox>) -> Self {
        Self { slot, mailbox, control: None, registered: false, pairs: Vec::new() }
    }

    fn register(&self, socket: impl AsFd, kind: usize, interest: Interest) {
        // A socket that cannot be registered is silent; the watch for silence ends the attempt.
        self.mailbox.poller().add(socket, self.slot * KEYS + kind, interest).ok();
    }

    fn unregister(&self, socket: impl AsFd) {
        self.mailbox.poller().delete(socket).ok(); // gone is what was wanted, and closing removes it as well
    }
}

impl Wire for SocketWire {
    fn chance(&mut self) -> u64 {
        let mut bytes = [0u8; 8];
        getrandom::fill(&mut bytes).ok(); // without entropy the nonce is weak, the stream still plays
        u64::from_le_bytes(bytes)
    }

    fn look_up(
        &mut self,
        host: &str,
        port: u16,
        rules: &AddressRules,
        attempt: u64,
    ) -> (Option<Resolved>, bool) {
        resolve(host, port, rules, &self.mailbox, self.slot, attempt)
    }

    fn connect(&mut self, address: SocketAddr) -> io::Result<()> {
        let socket = connect(address)?;
        self.register(&socket, 0, Interest::Write);
        self.registered = true;
        self.control = Some(socket);
        Ok(())
    }

    fn connected(&mut self) -> io::Result<bool> {
        let Some(control) = &self.control else { return Ok(false) };
        if let Some(error) = control.take_error()? {
            return Err(error);
        }
        match control.peer_addr() {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotConnected => return Ok(false),
            Err(error) => return Err(error),
        }
        self.unregister(control);
        self.register(control, 0, Interest::Read);
        Ok(true)
    }

    fn is_open(&self) -> bool {
        self.control.is_some()
    }

    fn is_waited_for(&self) -> bool {
        self.registered
    }

    fn wait_for(&mut self, wait: bool) {
        let Some(control) = &self.control else { return };
        if wait {
            self.register(control, 0, Interest::Read);
        } else {
            self.unregister(control);
        }
        self.registered = wait;
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.control.as_mut().ok_or(ErrorKind::NotConnected)?.read(buffer)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.control.as_mut().ok_or(ErrorKind::NotConnected)?.write(bytes)
    }

    fn hang_up(&mut self) {
        if let Some(control) = self.control.take()
            && self.registered
        {
            self.unregister(control);
        }
        self.registered = false;
    }

    fn bind(&mut self, peer: IpAddr) -> io::Result<(u16, u16)> {
        let (rtp, rtcp) = bind_pair(peer)?;
        let ports = (rtp.local_addr()?.port(), rtcp.local_addr()?.port());
        let kind = 1 + 2 * self.pairs.len();
        self.register(&rtp, kind, Interest::Read);
        self.register(&rtcp, kind + 1, Interest::Read);
        self.pairs.push([rtp, rtcp]);
        Ok(ports)
    }

    fn ports(&self, pair: usize) -> Option<(u16, u16)> {
        let [rtp, rtcp] = self.pairs.get(pair)?;
        Some((rtp.local_addr().ok()?.port(), rtcp.local_addr().ok()?.port()))
    }

    fn receive(&mut self, pair: usize, rtcp: bool, buffer: &mut [u8]) -> io::Result<(usize, IpAddr)> {
        let pair = self.pairs.get(pair).ok_or(ErrorKind::NotConnected)?;
        pair[usize::from(rtcp)].recv_from(buffer).map(|(length, from)| (length, from.ip()))
    }

    fn send(&mut self, pair: usize, rtcp: bool, bytes: &[u8], to: SocketAddr) {
        if let Some(pair) = self.pairs.get(pair) {
            pair[usize::from(rtcp)].send_to(bytes, to).ok(); // as lost as one that was sent
        }
    }

    fn unbind(&mut self) {
        for socket in std::mem::take(&mut self.pairs).iter().flatten() {
            self.unregister(socket);
        }
    }
}

/// Begins to connect; the socket becomes writable when that is done or has failed.
fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    socket.set_recv_buffer_size(TCP_BUFFER_BYTES).ok(); // the default does too
    socket.set_tcp_nodelay(true).ok();
    let keepalive = socket2::TcpKeepalive::new().with_time(Duration::from_secs(30));
    socket.set_tcp_keepalive(&keepalive).ok();
    match socket.connect(&address.into()) {
        Ok(()) => {}
        Err(error) if error.raw_os_error() == Some(libc::EINPROGRESS) => {}
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
        Err(error) => return Err(error),
    }
    Ok(socket.into())
}

pub fn cause_of(error: &io::Error) -> Cause {
    match error.raw_os_error() {
        Some(libc::ECONNREFUSED) => Cause::ConnectionRefused,
        Some(libc::ETIMEDOUT) => Cause::ConnectTimeout,
        Some(libc::ECONNRESET | libc::EPIPE) => Cause::ConnectionReset,
        _ => Cause::Unreachable,
    }
}

/// An even port and the odd one above it, as RFC 3550 §11 wants them.
fn bind_pair(peer: IpAddr) -> io::Result<(UdpSocket, UdpSocket)> {
    let any: IpAddr =
        if peer.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let mut last = io::Error::from(io::ErrorKind::AddrInUse);
    for _ in 0..40 {
        let first = bind(SocketAddr::new(any, 0))?;
        let port = first.local_addr()?.port();
        let other = if port.is_multiple_of(2) { port + 1 } else { port - 1 };
        match bind(SocketAddr::new(any, other)) {
            Ok(second) if port.is_multiple_of(2) => return Ok((first, second)),
            Ok(second) => return Ok((second, first)),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn bind(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_nonblocking(true)?;
    socket.set_recv_buffer_size(UDP_BUFFER_BYTES).ok(); // the kernel's maximum counts
    socket.bind(&address.into())?;
    Ok(socket.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_even_and_odd() {
        let (rtp, rtcp) = bind_pair(Ipv4Addr::LOCALHOST.into()).unwrap();
        let (low, high) = (rtp.local_addr().unwrap().port(), rtcp.local_addr().unwrap().port());
        assert_eq!((low % 2, high), (0, low + 1));
    }
}
