//! Puts right checksums on a compiled file that was changed, so that the checks behind them are reached.

#![allow(dead_code, reason = "not every test uses all of it")]

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

/// Bytes that a few changes were made to, each of some that tend to lead astray.
pub(crate) fn mutated(right: &[u8], seed: u64) -> Vec<u8> {
    // A linear congruential generator, so that a failure can be repeated.
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below.max(1)
    };
    let mut bytes = right.to_vec();
    let (sums, directory) = parts(right).expect("a right file has a right end");
    let trailer = right.len() - 64;
    for _ in 0..1 + next(3) {
        let values = [
            0,
            1,
            next(300),
            u64::from(u32::MAX),
            u64::MAX,
            u64::MAX - next(1000),
            sums as u64 - next(64),
            1 << next(64),
        ];
        let value = values[next(8) as usize].to_le_bytes();
        match next(4) {
            // Numbers of the directory.
            0 | 1 => {
                let at = directory + next((trailer - directory) as u64 / 8) as usize * 8;
                bytes[at..at + 8].copy_from_slice(&value);
            }
            // Numbers of columns.
            2 => {
                let at = 16 + next((sums - 16) as u64 / 4 - 1) as usize * 4;
                bytes[at..at + 4].copy_from_slice(&value[..4]);
            }
            _ => {
                let at = 16 + next(sums as u64 - 16) as usize;
                bytes[at] = bytes[at].wrapping_add(1 + next(255) as u8);
            }
        }
    }
    seal(&mut bytes);
    bytes
}
