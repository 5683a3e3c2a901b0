//! Answers that are sent while they are written: small ones whole, with their length, large ones in chunks.

use axum::body::{Body, Bytes};
use std::future::Future;
use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// The bytes of a chunk.
const CHUNK: usize = 64 << 10;
/// The number of chunks that wait for a reader.
const CHUNKS_WAITING: usize = 4;
/// How long a reader may take for a chunk.
const PATIENCE: Duration = Duration::from_secs(30);

/// The body of an answer, once it is known whether it is short.
pub(super) enum Written {
    /// The whole of it.
    Whole(Vec<u8>),
    /// Its chunks, which come one after the other.
    Chunks(Chunks),
}

impl Written {
    pub(super) fn into_body(self) -> Body {
        match self {
            Self::Whole(bytes) => Body::from(bytes),
            Self::Chunks(chunks) => Body::new(chunks),
        }
    }
}

/// The chunks of a body.
pub(super) struct Chunks(mpsc::Receiver<Result<Bytes, io::Error>>);

impl http_body::Body for Chunks {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, io::Error>>> {
        let chunk = self.0.poll_recv(context);
        chunk.map(|chunk| chunk.map(|chunk| chunk.map(http_body::Frame::data)))
    }
}

/// A writer, on a thread of its own, whose bytes go to a client.
pub(super) struct ChunkWriter<H> {
    buffer: Vec<u8>,
    /// Bytes that are kept back until the end, before it is known how the answer begins.
    keep: usize,
    head: Option<(H, oneshot::Sender<(H, Written)>)>,
    chunks: Option<mpsc::Sender<Result<Bytes, io::Error>>>,
    runtime: tokio::runtime::Handle,
}

impl<H> ChunkWriter<H> {
    /// Returns a writer of an answer with this head. Nothing is sent before there is more than a chunk, or ever before the
    /// end where it is to be whole.
    pub(super) fn new(
        head: H,
        sender: oneshot::Sender<(H, Written)>,
        is_whole: bool,
        runtime: tokio::runtime::Handle,
    ) -> Self {
        Self {
            buffer: Vec::with_capacity(4 << 10),
            keep: if is_whole { usize::MAX } else { CHUNK },
            head: Some((head, sender)),
            chunks: None,
            runtime,
        }
    }

    /// Returns the head while it can still be changed.
    pub(super) fn head(&mut self) -> Option<&mut H> {
        self.head.as_mut().map(|(head, _)| head)
    }

    /// Returns whether some of the answer was sent, so that an error can only cut it off.
    pub(super) fn has_begun(&self) -> bool {
        self.chunks.is_some()
    }

    /// Ends the answer.
    pub(super) fn finish(mut self) -> io::Result<()> {
        if let Some((head, sender)) = self.head.take() {
            let whole = Written::Whole(std::mem::take(&mut self.buffer));
            return sender.send((head, whole)).map_err(|_| gone());
        }
        self.send()
    }

    /// Cuts the answer off, in a way that the client can tell from its end.
    pub(super) fn abort(self, error: io::Error) {
        if let Some(chunks) = self.chunks {
            // A client that is gone need not be told.
            let _ = self.runtime.block_on(in_time(chunks.send(Err(error))));
        }
    }

    fn send(&mut self) -> io::Result<()> {
        if let Some((head, sender)) = self.head.take() {
            let (chunks, receiver) = mpsc::channel(CHUNKS_WAITING);
            let sent = sender.send((head, Written::Chunks(Chunks(receiver))));
            sent.map_err(|_| gone())?;
            self.chunks = Some(chunks);
        }
        let Some(chunks) = &self.chunks else {
            return Err(gone());
        };
        let chunk = Bytes::from(std::mem::take(&mut self.buffer));
        match self.runtime.block_on(in_time(chunks.send(Ok(chunk)))) {
            Some(Ok(())) => Ok(()),
            Some(Err(_)) => Err(gone()),
            None => Err(io::Error::new(
                io::ErrorKind::TimedOut,
                "the client does not read the answer",
            )),
        }
    }
}

/// Waits as long as a reader may take.
async fn in_time<F: Future>(work: F) -> Option<F::Output> {
    tokio::time::timeout(PATIENCE, work).await.ok()
}

fn gone() -> io::Error {
    io::Error::new(io::ErrorKind::BrokenPipe, "the client is gone")
}

impl<H> Write for ChunkWriter<H> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= self.keep {
            self.send()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
