//! The listening socket: accepts, counts, and gives each connection a task of its own.

use super::{Limits, RtspDirectory, connection::Connection};
use crate::serve::SEND_BUFFER_BYTES;
use socket2::SockRef;
use std::{
    collections::HashMap,
    io,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{net::TcpListener, task::JoinSet};

/// Connections by source address.
#[derive(Default)]
struct Census(Mutex<HashMap<IpAddr, usize>>);

struct Counted {
    census: Arc<Census>,
    source: IpAddr,
}

impl Census {
    fn enter(self: &Arc<Self>, source: IpAddr, limits: &Limits) -> Option<Counted> {
        let mut counts = self.0.lock().expect("nothing panics under this lock");
        let total: usize = counts.values().sum();
        let here = counts.get(&source).copied().unwrap_or(0);
        if total >= limits.connections || here >= limits.connections_per_source {
            return None;
        }
        counts.insert(source, here + 1);
        Some(Counted { census: self.clone(), source })
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut counts = self.census.0.lock().expect("nothing panics under this lock");
        if let Some(count) = counts.get_mut(&self.source) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.source);
            }
        }
    }
}

/// Binds; the address with the port that was chosen.
pub async fn bind(listen: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(listen).await?;
    // What is accepted inherits it.
    SockRef::from(&listener).set_send_buffer_size(SEND_BUFFER_BYTES)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Serves until dropped; then all its connections end.
pub async fn serve(listener: TcpListener, directory: Arc<dyn RtspDirectory>, limits: Limits) {
    let census = Arc::new(Census::default());
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {} // a task that panicked has ended alone
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(_) => {
                tokio::time::sleep(Duration::from_millis(50)).await; // out of descriptors: let some go
                continue;
            }
        };
        let Some(counted) = census.enter(peer.ip(), &limits) else { continue };
        let directory = directory.clone();
        connections.spawn(async move {
            let _counted = counted;
            Connection::serve(stream, directory, limits).await;
        });
    }
}
