//! A connection that starts in clear and reads no further than it must.
//!
//! The mail library keeps what it has read beyond the answer to STARTTLS, and would later take it for answers that came
//! encrypted, so that somebody on the way could put answers there (the flaw of CVE-2021-38371 and its kin). Here nothing
//! is read beyond the line until TLS has begun; what was slipped in reaches the handshake and breaks it.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, ToSocketAddrs, lookup_host};

/// The first byte of a TLS handshake record (RFC 8446, section 5.1). No SMTP command begins with it.
const HANDSHAKE: u8 = 0x16;

/// A connection that is read byte by byte until the first TLS record is written.
#[derive(Debug)]
pub(super) struct CautiousStream {
    stream: TcpStream,
    encrypted: bool,
}

impl CautiousStream {
    /// Connects to the first address that answers, waiting `patience` for each.
    pub(super) async fn connect(server: impl ToSocketAddrs, patience: Duration) -> io::Result<Self> {
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        for address in lookup_host(server).await? {
            match tokio::time::timeout(patience, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return Ok(Self { stream, encrypted: false }),
                Ok(Err(error)) => last = error,
                Err(_) => last = io::ErrorKind::TimedOut.into(),
            }
        }
        Err(last)
    }
}

impl AsyncRead for CautiousStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.encrypted || buf.remaining() == 0 {
            return Pin::new(&mut self.stream).poll_read(cx, buf);
        }
        let mut byte = [0; 1];
        let mut one = ReadBuf::new(&mut byte);
        ready!(Pin::new(&mut self.stream).poll_read(cx, &mut one))?;
        buf.put_slice(one.filled());
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for CautiousStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.encrypted |= buf.first() == Some(&HANDSHAKE);
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl AsyncTokioStream for CautiousStream {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.stream.peer_addr()
    }
}
