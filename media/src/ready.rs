//! Which sockets are ready: Linux's epoll, level-triggered, with a bell that other threads ring.
//!
//! A socket stays registered until it is taken out or closed, and a round costs one system call, where nobody rang a
//! second: `docs/decisions/0079-epoll-without-a-layer.md`.

use rustix::{
    event::{
        EventfdFlags, Timespec,
        epoll::{self, CreateFlags, Event, EventData, EventFlags},
        eventfd,
    },
    io::{Errno, write},
};
use std::{
    io,
    os::fd::{AsFd, OwnedFd},
    time::Duration,
};

/// Key of the bell; never given out.
const BELL: u64 = u64::MAX;
/// Events taken from the kernel at once; the rest come in the next round.
const ROUND: usize = 1024;

/// What of a socket is waited for. Its end is always told, as both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interest {
    Read,
    Write,
    Both,
}

/// One socket's news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ready {
    /// As given when the socket was added.
    pub key: usize,
    pub readable: bool,
    pub writable: bool,
}

/// See the module.
pub struct Poller {
    epoll: OwnedFd,
    bell: OwnedFd,
}

/// Room for the news of one round, kept between rounds.
pub struct Round(Vec<Event>);

impl Default for Round {
    fn default() -> Self {
        Self(Vec::with_capacity(ROUND))
    }
}

impl Poller {
    pub fn new() -> io::Result<Self> {
        let epoll = epoll::create(CreateFlags::CLOEXEC)?;
        let bell = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        // Each ring is an edge of its own: nobody needs to read it away.
        epoll::add(&epoll, &bell, EventData::new_u64(BELL), EventFlags::IN | EventFlags::ET)?;
        Ok(Self { epoll, bell })
    }

    /// Waits for a socket from now on. One that was added before is an error.
    pub fn add(&self, socket: impl AsFd, key: usize, interest: Interest) -> io::Result<()> {
        Ok(epoll::add(&self.epoll, socket, EventData::new_u64(key as u64), interest.flags())?)
    }

    /// Waits for something else of a socket that was added.
    pub fn modify(&self, socket: impl AsFd, key: usize, interest: Interest) -> io::Result<()> {
        Ok(epoll::modify(&self.epoll, socket, EventData::new_u64(key as u64), interest.flags())?)
    }

    /// Waits no longer. Closing a socket does the same.
    pub fn delete(&self, socket: impl AsFd) -> io::Result<()> {
        Ok(epoll::delete(&self.epoll, socket)?)
    }

    /// Ends the wait of the thread that waits, or its next one.
    pub fn ring(&self) {
        // It can only fail with the counter full: then it has rung.
        write(&self.bell, &1u64.to_ne_bytes()).ok();
    }

    /// What is ready; empty after `timeout`, a ring or a signal. Of one thread alone.
    pub fn wait<'a>(
        &self,
        round: &'a mut Round,
        timeout: Duration,
    ) -> io::Result<impl Iterator<Item = Ready> + use<'a>> {
        // Whole milliseconds, upwards: a wait that ends too early is a round for nothing.
        let millis = timeout.as_micros().div_ceil(1000) as i64;
        let timeout = Timespec { tv_sec: millis / 1000, tv_nsec: millis % 1000 * 1_000_000 };
        round.0.clear();
        match epoll::wait(&self.epoll, rustix::buffer::spare_capacity(&mut round.0), Some(&timeout)) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(round.0.iter().filter_map(ready))
    }
}

fn ready(event: &Event) -> Option<Ready> {
    let (flags, key) = (event.flags, event.data.u64());
    let over = flags.intersects(EventFlags::ERR | EventFlags::HUP);
    (key != BELL).then_some(Ready {
        key: key as usize,
        readable: over || flags.intersects(EventFlags::IN | EventFlags::RDHUP),
        writable: over || flags.contains(EventFlags::OUT),
    })
}

impl Interest {
    fn flags(self) -> EventFlags {
        match self {
            Self::Read => EventFlags::IN | EventFlags::RDHUP,
            Self::Write => EventFlags::OUT,
            Self::Both => EventFlags::IN | EventFlags::RDHUP | EventFlags::OUT,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{io::Write, net::TcpStream, time::Instant};

    const SOON: Duration = Duration::from_millis(20);
    const LONG: Duration = Duration::from_secs(20);

    fn pair() -> (TcpStream, TcpStream) {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        (near, listener.accept().unwrap().0)
    }

    fn waited(poller: &Poller, timeout: Duration) -> Vec<Ready> {
        poller.wait(&mut Round::default(), timeout).unwrap().collect()
    }

    #[test]
    fn a_socket_is_ready_for_as_long_as_it_is() {
        let (poller, (near, mut far)) = (Poller::new().unwrap(), pair());
        poller.add(&near, 7, Interest::Read).unwrap();
        assert_eq!(waited(&poller, SOON), []);
        far.write_all(b"word").unwrap();
        let news = Ready { key: 7, readable: true, writable: false };
        assert_eq!(waited(&poller, LONG), [news]);
        assert_eq!(waited(&poller, LONG), [news], "nobody has read it");
        poller.modify(&near, 8, Interest::Both).unwrap();
        assert_eq!(waited(&poller, LONG), [Ready { key: 8, readable: true, writable: true }]);
        poller.delete(&near).unwrap();
        assert_eq!(waited(&poller, SOON), []);
    }

    #[test]
    fn the_end_of_a_socket_is_told_whatever_is_waited_for() {
        let (poller, (near, far)) = (Poller::new().unwrap(), pair());
        poller.add(&near, 1, Interest::Read).unwrap();
        drop(far);
        assert!(waited(&poller, LONG)[0].readable);
        drop(near);
        assert_eq!(waited(&poller, SOON), [], "closing takes it out");
    }

    #[test]
    fn a_ring_before_and_within_a_wait_ends_it_once() {
        let poller = Poller::new().unwrap();
        let began = Instant::now();
        poller.ring();
        assert_eq!(waited(&poller, LONG), []);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(SOON);
                poller.ring();
            });
            assert_eq!(waited(&poller, LONG), []);
        });
        assert!(began.elapsed() < LONG, "a ring was not heard");
        let calm = Instant::now();
        assert_eq!(waited(&poller, SOON), []);
        assert!(calm.elapsed() >= SOON, "an old ring was heard again");
    }
}
