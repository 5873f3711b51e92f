//! Who may pull a live stream over RTSP: whoever shows a ticket for it. The protocol itself is
//! [`super::rtsp`]'s.
//!
//! The ticket is the password of user `ticket` (Basic: a digest would need the ticket beforehand), or
//! stands once in `?ticket=`.

use super::{
    Serving,
    delivery::{Delivery, Reason},
    route::percent_decoded,
    rtsp::{
        Admitted, Closed, Knock, Limits, Refusal, RtspDirectory,
        credentials::{Authorization, Scheme},
        listener,
    },
};
use crate::{
    hub::{Haste, Hub},
    plane::streams::Watch,
    ticket,
};
use std::{sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::watch};

const REALM: &str = "mingjing";
const SCHEMES: [Scheme; 1] = [Scheme::Basic];

/// Serves until the plane closes; then all connections end.
pub async fn listen(listener: TcpListener, serving: Arc<Serving>, mut closing: watch::Receiver<bool>) {
    let bounds = &serving.config.limits;
    let limits = Limits {
        connections: bounds.connections,
        connections_per_source: bounds.connections_per_source,
        queue_bytes: bounds.viewer_queue_bytes,
        idle: Duration::from_millis(bounds.idle_ms.into()),
        ..Limits::default()
    };
    let directory = Arc::new(Tickets { serving });
    tokio::select! {
        () = listener::serve(listener, directory, limits) => {}
        _ = closing.wait_for(|closing| *closing) => {}
    }
}

struct Tickets {
    serving: Arc<Serving>,
}

impl RtspDirectory for Tickets {
    fn realm(&self) -> &str {
        REALM
    }

    fn schemes(&self) -> &[Scheme] {
        &SCHEMES
    }

    fn admit(&self, knock: &Knock<'_>) -> Result<Box<dyn Admitted>, Refusal> {
        let ticket = shown(knock).ok_or(Refusal::Unauthorized)?;
        let delivery = self.serving.desk.admit(&ticket, "rtsp", Some(knock.path), knock.peer)?;
        match self.serving.streams.watch(knock.path) {
            Some(watch) => Ok(Box::new(Pull { delivery, _haste: watch.stream.hub.hurry(), watch })),
            None => {
                delivery.end(Reason::StreamClosed);
                Err(Refusal::NotFound)
            }
        }
    }
}

fn shown(knock: &Knock<'_>) -> Option<String> {
    if let Some(Authorization::Basic { user, password }) = knock.authorization {
        return (user == "ticket").then(|| password.clone());
    }
    let pairs = knock.query?.split('&');
    let value = pairs.filter_map(|pair| pair.split_once('=')).find(|(name, _)| *name == "ticket")?.1;
    percent_decoded(value)
}

impl From<ticket::Refusal> for Refusal {
    fn from(refusal: ticket::Refusal) -> Self {
        match refusal {
            ticket::Refusal::Missing
            | ticket::Refusal::Malformed
            | ticket::Refusal::BadSignature
            | ticket::Refusal::Expired
            | ticket::Refusal::Used
            | ticket::Refusal::Revoked => Self::Unauthorized,
            ticket::Refusal::WrongKind | ticket::Refusal::WrongStream => Self::NotFound,
            ticket::Refusal::TooManyViewers => Self::Busy,
            ticket::Refusal::Closing => Self::Unavailable,
        }
    }
}

/// One delivery over RTSP; the stream stays open while it lives.
struct Pull {
    delivery: Delivery,
    watch: Watch,
    _haste: Haste,
}

impl Admitted for Pull {
    fn hub(&self) -> Arc<Hub> {
        self.watch.stream.hub.clone()
    }

    fn ended(&self) -> watch::Receiver<bool> {
        self.delivery.ended()
    }

    fn sent(&self, bytes: u64) {
        self.delivery.sent(bytes);
    }

    fn closed(&self, reason: Closed) {
        self.delivery.stop(match reason {
            // If we ended it, its reason stands already.
            Closed::Left | Closed::Ended | Closed::Silent => Reason::Left,
            Closed::TooSlow => Reason::TooSlow,
            Closed::Malformed => Reason::Error,
            Closed::FormatChanged => Reason::StreamClosed,
        });
    }
}
