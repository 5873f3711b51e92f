//! Opening of sockets: control connections and UDP pairs. No reading, no protocol.

use crate::event::Cause;
use socket2::{Domain, Protocol, Socket, Type};
use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket},
    time::Duration,
};

/// Enough for a second of a fast camera; the kernel may give less.
const UDP_BUFFER_BYTES: usize = 4 << 20;
/// Bounds what a camera can make the kernel keep for a stream that is read in batches.
const TCP_BUFFER_BYTES: usize = 1 << 20;

/// Begins to connect; the socket becomes writable when that is done or has failed.
pub fn connect(address: SocketAddr) -> io::Result<TcpStream> {
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
pub fn bind_pair(peer: IpAddr) -> io::Result<(UdpSocket, UdpSocket)> {
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
