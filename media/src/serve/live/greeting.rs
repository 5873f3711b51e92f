//! How live viewers come in: the handshake and the first message of a WebSocket, the request of a
//! progressive body. Both end with the socket in the hands of a fan-out thread.

use super::{
    broadcast::Pace,
    viewer::{Beginning, Form},
};
use crate::serve::{
    Body, SEND_BUFFER_BYTES, Serving,
    delivery::{Delivery, Reason},
    http::Connection,
    problem::Problem,
    route::{Asked, SECURITY, query, ticket},
    websocket::{self, Listener, Opcode, Said},
};
use bytes::Bytes;
use hyper::{HeaderMap, Method, Response, header};
use serde::Deserialize;
use serde_json::json;
use socket2::{SockRef, TcpKeepalive};
use std::{sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The subprotocol that a WebSocket must offer (doors §2).
pub const SUBPROTOCOL: &str = "mingjing.live.1";

/// The first message of a WebSocket.
#[derive(Deserialize)]
struct Hello {
    #[serde(default)]
    ticket: Option<String>,
    #[serde(default)]
    pace: Pace,
    #[serde(default = "yes")]
    audio: bool,
}

fn yes() -> bool {
    true
}

/// `GET /live/ws`
pub async fn websocket(serving: &Arc<Serving>, connection: &Connection, request: &Asked) -> Response<Body> {
    if request.method() != Method::GET {
        return Problem::MethodNotAllowed.response();
    }
    let Some(accept) = handshake(request.headers()) else {
        return Problem::NotAWebSocket.response();
    };
    let head = format!(
        "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-accept: {accept}\r\nsec-websocket-protocol: {SUBPROTOCOL}\r\n\r\n"
    );
    let (serving, peer, place) = (serving.clone(), connection.peer, connection.place.clone());
    let shown = ticket(request);
    let takeover = move |stream: TcpStream, before: Bytes| {
        let greeting = async move {
            let mut greeting = Greeting { stream, listener: Listener::default() };
            let limit = Duration::from_millis(serving.config.limits.first_message_ms.into());
            let heard = tokio::time::timeout(limit, greeting.hear(&head, &before)).await;
            let admitted = heard.unwrap_or(Err(Problem::TicketMissing)).and_then(|hello| {
                let ticket = hello.ticket.clone().or(shown).ok_or(Problem::TicketMissing)?;
                let delivery = serving.desk.admit(&ticket, "live", None, peer)?;
                Ok((hello, delivery))
            });
            match admitted {
                Ok((hello, delivery)) => {
                    let form = Form::WebSocket(greeting.listener);
                    let place = Box::new(place);
                    hand_over(&serving, greeting.stream, form, delivery, hello.pace, hello.audio, place);
                }
                Err(problem) => greeting.refuse(problem).await,
            }
        };
        Box::pin(greeting) as std::pin::Pin<Box<dyn Future<Output = ()> + Send>>
    };
    connection.take_over(Box::new(takeover)).await
}

/// `Sec-WebSocket-Accept`, if the request is a handshake for our subprotocol (RFC 6455 §4.2.1).
fn handshake(headers: &HeaderMap) -> Option<String> {
    let lists = |name: header::HeaderName, wanted: &str| {
        headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|one| one.trim().eq_ignore_ascii_case(wanted))
    };
    let whole = lists(header::CONNECTION, "upgrade")
        && lists(header::UPGRADE, "websocket")
        && lists(header::SEC_WEBSOCKET_VERSION, "13")
        && lists(header::SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL);
    let key = headers.get(header::SEC_WEBSOCKET_KEY)?.as_bytes();
    (whole && key.len() == 24).then(|| websocket::accept_key(key))
}

/// A WebSocket that has not shown its ticket yet.
struct Greeting {
    stream: TcpStream,
    listener: Listener,
}

impl Greeting {
    async fn hear(&mut self, head: &str, before: &[u8]) -> Result<Hello, Problem> {
        self.stream.write_all(head.as_bytes()).await.map_err(|_| Problem::BadRequest)?;
        self.listener.take(before);
        let mut room = [0; 4096];
        loop {
            match self.listener.message() {
                Ok(Some(Said::Text(text))) => {
                    return serde_json::from_str(&text).map_err(|_| Problem::BadRequest);
                }
                Ok(Some(Said::Ping(_))) => {} // before the ticket nobody is owed an answer
                Ok(Some(Said::Close)) | Err(_) => return Err(Problem::BadRequest),
                Ok(None) => {}
            }
            match self.stream.read(&mut room).await {
                Ok(read) if read > 0 => self.listener.take(&room[..read]),
                _ => return Err(Problem::BadRequest),
            }
        }
    }

    /// Says why, closes, and waits a moment for the words to arrive.
    async fn refuse(mut self, problem: Problem) {
        let mut words = websocket::frame(Opcode::Text, end_message(problem).as_bytes()).to_vec();
        words.extend_from_slice(&websocket::close_frame(1008, problem.code()));
        let farewell = async {
            if self.stream.write_all(&words).await.is_ok() && self.stream.shutdown().await.is_ok() {
                let mut room = [0; 1024];
                while self.stream.read(&mut room).await.is_ok_and(|read| read > 0) {}
            }
        };
        let _ = tokio::time::timeout(Duration::from_secs(2), farewell).await;
    }
}

fn end_message(problem: Problem) -> String {
    let details: serde_json::Value = serde_json::from_str(&problem.json()).unwrap_or_default();
    json!({"type": "end", "reason": "refused", "code": problem.code(), "problem": details}).to_string()
}

/// `GET /live/{stream}.mp4`: init segment and fragments until the connection ends.
pub async fn progressive(
    serving: &Arc<Serving>,
    connection: &Connection,
    request: &Asked,
    stream: &str,
) -> Response<Body> {
    if request.method() != Method::GET {
        return Problem::MethodNotAllowed.response();
    }
    let Some(shown) = ticket(request) else { return Problem::TicketMissing.response() };
    let delivery = match serving.desk.admit(&shown, "live", Some(stream), connection.peer) {
        Ok(delivery) => delivery,
        Err(refusal) => return Problem::from(refusal).response(),
    };
    if serving.streams.get(stream).is_none() {
        delivery.end(Reason::StreamClosed);
        return Problem::NotFound.response();
    }
    let pace = match query(request, "pace").as_deref() {
        Some("frame") => Pace::Frame,
        _ => Pace::Economy,
    };
    let audio = query(request, "audio").as_deref() != Some("false");
    let mut head = String::from("HTTP/1.1 200 OK\r\ncontent-type: video/mp4\r\nconnection: close\r\n");
    for (name, value) in SECURITY {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    // The route has compared it with the list already.
    if let Some(origin) = request.headers().get(header::ORIGIN).and_then(|origin| origin.to_str().ok()) {
        head.push_str(&format!("access-control-allow-origin: {origin}\r\n"));
    }
    head.push_str("\r\n");
    let (serving, place) = (serving.clone(), connection.place.clone());
    let takeover = move |mut stream: TcpStream, _: Bytes| {
        let begin = async move {
            let limit = Duration::from_millis(serving.config.limits.first_message_ms.into());
            match tokio::time::timeout(limit, stream.write_all(head.as_bytes())).await {
                Ok(Ok(())) => {
                    hand_over(&serving, stream, Form::Progressive, delivery, pace, audio, Box::new(place));
                }
                _ => delivery.end(Reason::Left),
            }
        };
        Box::pin(begin) as std::pin::Pin<Box<dyn Future<Output = ()> + Send>>
    };
    connection.take_over(Box::new(takeover)).await
}

/// Takes the socket out of the runtime and gives it to a fan-out thread.
fn hand_over(
    serving: &Serving,
    stream: TcpStream,
    form: Form,
    delivery: Delivery,
    pace: Pace,
    audio: bool,
    place: Box<dyn Send>,
) {
    // `into_std` leaves the socket nonblocking, as the threads need it.
    let Ok(socket) = stream.into_std() else { return delivery.end(Reason::Error) };
    let options = SockRef::from(&socket);
    let keepalive =
        TcpKeepalive::new().with_time(Duration::from_secs(30)).with_interval(Duration::from_secs(10));
    if options.set_send_buffer_size(SEND_BUFFER_BYTES).is_err()
        || options.set_tcp_keepalive(&keepalive).is_err()
    {
        return delivery.end(Reason::Left); // the socket is dead already
    }
    let beginning = Beginning { socket, form, delivery, pace, place };
    // What does not begin is dropped there: socket closed, delivery ended.
    let _ = serving.live.add(beginning, audio);
}
