//! Bytes of a file as the body of an answer: read off the async threads, a piece at a time, no faster than
//! the viewer takes them.

use super::session::Session;
use crate::serve::Body;
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Frame;
use std::{
    fs::File,
    io,
    os::unix::fs::FileExt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::sync::{Semaphore, mpsc};

/// Read and held at a time; two of them wait for a slow viewer at most.
const PIECE_BYTES: u64 = 256 << 10;

/// The bytes `[from, to)` of a file. Ends with an error when the session ends, so that the viewer notices.
pub fn file_part(file: File, from: u64, to: u64, session: Arc<Session>, reads: Arc<Semaphore>) -> Body {
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        let file = Arc::new(file);
        let mut at = from;
        while at < to {
            let length = PIECE_BYTES.min(to - at);
            let piece = if session.delivery.stop_reason().is_some() {
                Err(io::Error::new(io::ErrorKind::ConnectionAborted, "the session has ended"))
            } else {
                read(file.clone(), at, length, &reads).await
            };
            let failed = piece.is_err();
            session.delivery.sent(if failed { 0 } else { length });
            if sender.send(piece).await.is_err() || failed {
                return;
            }
            at += length;
        }
    });
    Pieces { receiver, left: to - from }.boxed_unsync()
}

async fn read(file: Arc<File>, at: u64, length: u64, reads: &Semaphore) -> io::Result<Bytes> {
    let _turn = reads.acquire().await.map_err(io::Error::other)?;
    let work = move || {
        let mut bytes = vec![0; length as usize];
        file.read_exact_at(&mut bytes, at)?;
        Ok(Bytes::from(bytes))
    };
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

struct Pieces {
    receiver: mpsc::Receiver<io::Result<Bytes>>,
    left: u64,
}

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let piece = std::task::ready!(self.receiver.poll_recv(context));
        if let Some(Ok(bytes)) = &piece {
            self.left -= bytes.len() as u64;
        }
        Poll::Ready(piece.map(|piece| piece.map(Frame::data)))
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        hyper::body::SizeHint::with_exact(self.left)
    }
}
