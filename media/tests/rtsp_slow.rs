//! A client that takes nothing is closed, and nobody else notices.

use bytes::Bytes;
use mingjing_media::{
    frame::{AccessUnit, Format, Track, VideoCodec, VideoFormat},
    hub::Hub,
    serve::rtsp::{Admitted, Closed, Knock, Limits, Refusal, RtspDirectory, credentials::Scheme, listener},
};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    sync::watch,
    task::JoinHandle,
};

struct Open {
    hub: Arc<Hub>,
    ends: Arc<Mutex<Vec<Closed>>>,
    never: watch::Sender<bool>,
}

struct Guest {
    hub: Arc<Hub>,
    ends: Arc<Mutex<Vec<Closed>>>,
    ended: watch::Receiver<bool>,
}

impl RtspDirectory for Open {
    fn realm(&self) -> &str {
        "test"
    }

    fn schemes(&self) -> &[Scheme] {
        &[]
    }

    fn admit(&self, _: &Knock<'_>) -> Result<Box<dyn Admitted>, Refusal> {
        let ended = self.never.subscribe();
        Ok(Box::new(Guest { hub: self.hub.clone(), ends: self.ends.clone(), ended }))
    }
}

impl Admitted for Guest {
    fn hub(&self) -> Arc<Hub> {
        self.hub.clone()
    }

    fn ended(&self) -> watch::Receiver<bool> {
        self.ended.clone()
    }

    fn sent(&self, _: u64) {}

    fn closed(&self, reason: Closed) {
        self.ends.lock().unwrap().push(reason);
    }
}

fn unit(number: i64, format: &Arc<Format>) -> Arc<AccessUnit> {
    let mut payload = vec![0; 100_004];
    payload[..5].copy_from_slice(&[0, 1, 0x86, 0xa0, if number % 10 == 0 { 0x65 } else { 0x41 }]);
    Arc::new(AccessUnit {
        track: Track::Video,
        pts: number * 3_600,
        dts: number * 3_600,
        key: number % 10 == 0,
        wall_us: number * 40_000,
        mono_us: number * 40_000,
        payload: Bytes::from(payload),
        format: format.clone(),
    })
}

/// Sets one track up over TCP and plays.
async fn playing(mut stream: TcpStream) -> TcpStream {
    for request in [
        "DESCRIBE rtsp://h/a RTSP/1.0\r\nCSeq: 1\r\n\r\n",
        "SETUP rtsp://h/a/trackID=0 RTSP/1.0\r\nCSeq: 2\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n",
        "PLAY rtsp://h/a RTSP/1.0\r\nCSeq: 3\r\n\r\n",
    ] {
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = [0; 16];
        stream.read_exact(&mut answer).await.unwrap();
        assert!(answer.starts_with(b"RTSP/1.0 200"), "{request}");
        // Without media there is one answer at a time; what follows PLAY is media.
        if !request.starts_with("PLAY") {
            let _ = stream.read(&mut [0; 4_096]).await.unwrap();
        }
    }
    stream
}

/// A stream that is served, and how its connections ended.
struct Served {
    hub: Arc<Hub>,
    format: Arc<Format>,
    address: SocketAddr,
    ends: Arc<Mutex<Vec<Closed>>>,
    server: JoinHandle<()>,
}

async fn served() -> Served {
    let video = VideoFormat {
        codec: VideoCodec::H264,
        width: 16,
        height: 16,
        config: Bytes::new(),
        codec_string: String::new(),
        parameter_sets: Vec::new(),
        fps: None,
    };
    let format = Arc::new(Format { video: Some(video), audio: None });
    let hub = Hub::new("a".into());
    hub.publish(unit(0, &format));
    let ends = Arc::new(Mutex::new(Vec::new()));
    let directory = Open { hub: hub.clone(), ends: ends.clone(), never: watch::Sender::new(false) };
    let limits = Limits { queue_bytes: 2_000_000, write: Duration::from_millis(300), ..Limits::default() };
    let (socket, address) = listener::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let server = tokio::spawn(listener::serve(socket, Arc::new(directory), limits));
    Served { hub, format, address, ends, server }
}

impl Served {
    /// Publishes until a connection has ended; how many pictures.
    async fn publish_until_one_ends(&self) -> i64 {
        let deadline = Instant::now() + Duration::from_secs(60);
        let mut number = 1;
        while self.ends.lock().unwrap().is_empty() {
            assert!(Instant::now() < deadline, "the stopped client is still held");
            self.hub.publish(unit(number, &self.format));
            number += 1;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(self.ends.lock().unwrap()[..], [Closed::TooSlow]);
        number
    }
}

/// Reads until the other side is gone; how many bytes came.
async fn drained(mut stream: TcpStream) -> u64 {
    let (mut received, mut chunk) = (0, vec![0; 64 << 10]);
    loop {
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return received,
            Ok(count) => received += count as u64,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_stops_reading_is_closed_and_the_other_gets_every_picture() {
    let served = served().await;
    let stopped = playing(TcpStream::connect(served.address).await.unwrap()).await;
    let reading = playing(TcpStream::connect(served.address).await.unwrap()).await;
    let counting = tokio::spawn(drained(reading));
    let number = served.publish_until_one_ends().await;
    served.server.abort();
    let received = counting.await.unwrap();
    // All but what was still on its way at the end, at most the last few pictures.
    assert!(received > (number as u64 - 20) * 100_000, "{received} bytes of {number} pictures");
    drop(stopped);
}

/// Loopback would hold 2.6 MB otherwise: nine seconds of a camera, in which nobody sees that the client has stopped.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_kernel_holds_little_for_a_client_that_stops_reading() {
    let served = served().await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(64 << 10).unwrap();
    let stopped = playing(socket.connect(served.address).await.unwrap()).await;
    served.publish_until_one_ends().await;
    let held = drained(stopped).await;
    served.server.abort();
    assert!(held > 100_000, "{held} bytes: it never played");
    assert!(held < 1_500_000, "{held} bytes");
}
