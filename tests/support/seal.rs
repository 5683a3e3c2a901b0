//! Puts right checksums on a compiled file that was changed, so that the checks behind them are reached.

use twox_hash::XxHash3_64;

const PAGE: usize = 1 << 16;
const TRAILER: usize = 64;

/// Where the checksums of the pages start, and where the directory does.
pub(crate) fn parts(bytes: &[u8]) -> Option<(usize, usize)> {
    let trailer = bytes.len().checked_sub(TRAILER)?;
    let word = |number: usize| {
        let at = trailer + number * 8;
        let word = u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?);
        usize::try_from(word).ok().filter(|place| *place <= trailer)
    };
    let (sums, directory) = (word(0)?, word(2)?);
    (sums <= directory && word(1)? == directory - sums).then_some((sums, directory))
}

/// Writes the checksums of pages, directory and trailer anew; nothing where there is no trailer to tell where they are.
pub(crate) fn seal(bytes: &mut [u8]) {
    let Some((sums, directory)) = parts(bytes) else {
        return;
    };
    let trailer = bytes.len() - TRAILER;
    for (page, start) in (0..sums).step_by(PAGE).enumerate() {
        let sum = XxHash3_64::oneshot(&bytes[start..(start + PAGE).min(sums)]);
        let at = sums + page * 8;
        if at + 8 <= directory {
            bytes[at..at + 8].copy_from_slice(&sum.to_le_bytes());
        }
    }
    let hashes = [
        XxHash3_64::oneshot(&bytes[sums..directory]),
        XxHash3_64::oneshot(&bytes[directory..trailer]),
    ];
    for (number, hash) in hashes.into_iter().enumerate() {
        let at = trailer + 40 + number * 8;
        bytes[at..at + 8].copy_from_slice(&hash.to_le_bytes());
    }
    let hash = XxHash3_64::oneshot(&bytes[trailer..trailer + 56]);
    bytes[trailer + 56..].copy_from_slice(&hash.to_le_bytes());
}
