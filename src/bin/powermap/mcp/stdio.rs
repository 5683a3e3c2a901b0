//! Messages on stdin and stdout, with bounds: one that is too long is dropped, and nothing is read while too much waits to be
//! answered or the client does not read.

use crate::mcp::handler::Handler;
use anyhow::Result;
use rmcp::RoleServer;
use rmcp::model::{ClientJsonRpcMessage, ServerJsonRpcMessage};
use rmcp::service::{ServerInitializeError, serve_server};
use rmcp::transport::Transport;
use rmcp::transport::async_rw::AsyncRwTransport;
use rmcp::transport::io::{StdioReader, StdioWriter, stdio_pipes};
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The longest message that is read.
const LINE_MAX: usize = 1 << 20;
/// The most calls that wait for their answer before nothing more is read.
const WAITING_MAX: usize = 32;

/// Counts what waits, and wakes the reader when there is room again.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    /// Calls without an answer, and writes that the client has not taken yet.
    waiting: AtomicUsize,
    reader: Mutex<Option<Waker>>,
}

/// Something that waits, until it is dropped.
#[derive(Debug)]
pub(crate) struct Waiting(Arc<Gate>, usize);

impl Gate {
    /// Returns a call that waits for its answer.
    pub(crate) fn call(self: &Arc<Self>) -> Waiting {
        self.wait(1)
    }

    fn wait(self: &Arc<Self>, weight: usize) -> Waiting {
        self.waiting.fetch_add(weight, Ordering::AcqRel);
        Waiting(Arc::clone(self), weight)
    }

    fn is_open(&self, context: &Context<'_>) -> bool {
        if self.waiting.load(Ordering::Acquire) < WAITING_MAX {
            return true;
        }
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        *reader = Some(context.waker().clone());
        // It may have opened before the waker was there.
        self.waiting.load(Ordering::Acquire) < WAITING_MAX
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(self.1, Ordering::AcqRel);
        let mut reader = self.0.reader.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(waker) = reader.take() {
            waker.wake();
        }
    }
}

/// Answers until the client closes stdin.
pub(super) async fn serve(handler: Handler) -> Result<()> {
    let (reader, writer) = stdio_pipes();
    let gate = handler.gate();
    let reader = Reader {
        inner: reader,
        gate: Arc::clone(&gate),
    };
    let writer = Writer {
        inner: writer,
        gate,
        stalled: None,
    };
    let lines = AsyncRwTransport::new_server(reader, writer).with_max_line_length(LINE_MAX);
    let transport = Opening {
        inner: lines,
        has_begun: false,
    };
    match serve_server(handler, transport).await {
        Ok(running) => {
            running.waiting().await?;
            Ok(())
        }
        // The client went away before it said anything.
        Err(ServerInitializeError::ConnectionClosed(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

struct Reader {
    inner: StdioReader,
    gate: Arc<Gate>,
}

impl AsyncRead for Reader {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.gate.is_open(context) {
            return Poll::Pending;
        }
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

struct Writer {
    inner: StdioWriter,
    gate: Arc<Gate>,
    /// There while the client does not take what is written.
    stalled: Option<Waiting>,
}

impl Writer {
    fn note<T>(&mut self, poll: Poll<T>) -> Poll<T> {
        match &poll {
            Poll::Ready(_) => self.stalled = None,
            Poll::Pending if self.stalled.is_none() => {
                self.stalled = Some(self.gate.wait(WAITING_MAX));
            }
            Poll::Pending => {}
        }
        poll
    }
}

impl AsyncWrite for Writer {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.note(poll)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let poll = Pin::new(&mut self.inner).poll_flush(context);
        self.note(poll)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

/// A transport that lets nothing but requests begin a session: the SDK would end with anything else.
struct Opening<T> {
    inner: T,
    has_begun: bool,
}

impl<T: Transport<RoleServer> + Send> Transport<RoleServer> for Opening<T> {
    type Error = T::Error;

    fn send(
        &mut self,
        message: ServerJsonRpcMessage,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send + 'static {
        self.inner.send(message)
    }

    async fn receive(&mut self) -> Option<ClientJsonRpcMessage> {
        loop {
            let message = self.inner.receive().await?;
            self.has_begun |= matches!(message, ClientJsonRpcMessage::Request(_));
            if self.has_begun {
                return Some(message);
            }
        }
    }

    async fn close(&mut self) -> Result<(), Self::Error> {
        self.inner.close().await
    }
}
