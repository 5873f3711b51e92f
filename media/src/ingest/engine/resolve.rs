//! Names to addresses, off the engine's threads: a resolver may hang for as long as it likes.

use super::worker::{Command, Mailbox};
use crate::{event::Cause, ingest::address::AddressRules};
use std::{
    net::{IpAddr, SocketAddr, ToSocketAddrs},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// More look-ups than these wait for their turn.
const LOOKUPS_MAX: usize = 16;
const ADDRESSES_MAX: usize = 4;
static RUNNING: AtomicUsize = AtomicUsize::new(0);

/// The addresses that may be connected to, or why none may, with evidence.
pub type Resolved = Result<Vec<SocketAddr>, (Cause, String)>;

/// Answers a literal address at once; sends anything else as a [`Command::Resolved`] later. `None` and
/// `false`: too many look-ups run, try again.
pub fn resolve(
    host: &str,
    port: u16,
    rules: &AddressRules,
    mailbox: &Arc<Mailbox>,
    slot: usize,
    attempt: u64,
) -> (Option<Resolved>, bool) {
    if let Ok(address) = host.parse::<IpAddr>() {
        return (Some(judge(host, vec![SocketAddr::new(address, port)], rules)), true);
    }
    if RUNNING.fetch_add(1, Ordering::Relaxed) >= LOOKUPS_MAX {
        RUNNING.fetch_sub(1, Ordering::Relaxed);
        return (None, false);
    }
    let (owned, rules, mailbox) = (host.to_owned(), rules.clone(), mailbox.clone());
    let started = thread::Builder::new().name("resolve".into()).stack_size(256 << 10).spawn(move || {
        let found = match (owned.as_str(), port).to_socket_addrs() {
            Ok(addresses) => judge(&owned, addresses.collect(), &rules),
            Err(error) => Err((Cause::NameUnknown, format!("{owned}: {error}"))),
        };
        RUNNING.fetch_sub(1, Ordering::Relaxed);
        mailbox.send(Command::Resolved { slot, attempt, found });
    });
    if started.is_err() {
        RUNNING.fetch_sub(1, Ordering::Relaxed);
    }
    (None, started.is_ok())
}

fn judge(host: &str, addresses: Vec<SocketAddr>, rules: &AddressRules) -> Resolved {
    if addresses.is_empty() {
        return Err((Cause::NameUnknown, format!("{host}: no address")));
    }
    let mut refused = String::new();
    let mut allowed = Vec::new();
    for address in addresses.into_iter().take(32) {
        match rules.check(address) {
            Ok(()) => allowed.push(address),
            Err(why) => refused = format!("{}: {why}", address.ip()),
        }
    }
    allowed.truncate(ADDRESSES_MAX);
    if allowed.is_empty() { Err((Cause::AddressRefused, refused)) } else { Ok(allowed) }
}
