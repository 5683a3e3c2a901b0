//! What Zstandard packed: frames, one after the other.

use ruzstd::decoding::{FrameDecoder, StreamingDecoder};
use std::io::{self, BufRead, Read};

/// The beginning of a frame.
pub(super) const ZSTANDARD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// The beginning of a frame that says nothing, but for its lowest four bits.
const SKIPPED: u32 = 0x184d_2a50;

/// Reads what frames hold. A frame may look back at most 128 MiB, and takes as much memory.
///
/// # Reference
/// Y. Collet, M. Kucherawy, *Zstandard Compression and the 'application/zstd' Media Type*, RFC 8878 (2021), §3.1.
pub(super) struct Frames<R: Read>(Option<StreamingDecoder<R, FrameDecoder>>);

impl<R: BufRead> Frames<R> {
    /// # Errors
    /// A source that begins with no frame.
    pub(super) fn new(source: R) -> io::Result<Self> {
        Ok(Self(Some(frame(source, FrameDecoder::new())?)))
    }
}

fn frame<R: BufRead>(
    source: R,
    decoder: FrameDecoder,
) -> io::Result<StreamingDecoder<R, FrameDecoder>> {
    StreamingDecoder::new_with_decoder(source, decoder).map_err(io::Error::other)
}

/// Passes over frames that say nothing; whether another one follows.
///
/// # Errors
/// Those of the source; a frame that is cut off.
fn has_more(source: &mut impl BufRead) -> io::Result<bool> {
    loop {
        let head = source.fill_buf()?;
        if head.is_empty() {
            return Ok(false);
        }
        let is_skipped = (head[0] & 0xf0) == SKIPPED.to_le_bytes()[0];
        if !is_skipped {
            return Ok(true);
        }
        let mut header = [0; 8];
        source.read_exact(&mut header)?;
        let [a, b, c, d, lengths @ ..] = header;
        if u32::from_le_bytes([a, b, c, d]) & !0xf != SKIPPED {
            let message = "what follows a frame is no frame";
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        let length = u64::from(u32::from_le_bytes(lengths));
        let passed = io::copy(&mut source.by_ref().take(length), &mut io::sink())?;
        if passed < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(decoder) = &mut self.0 {
            let length = decoder.read(buffer)?;
            if length > 0 || buffer.is_empty() {
                return Ok(length);
            }
            if let Some(ended) = self.0.take() {
                let (mut source, decoder) = ended.into_parts();
                if has_more(&mut source)? {
                    self.0 = Some(frame(source, decoder)?);
                }
            }
        }
        Ok(0)
    }
}
