//! Damaged and hostile files: an error or a counted value, never a panic, and nothing half-read.

use super::{BODS, FTM, LEVEL_1, PSC, read, refused, samples};
use flate2::Compression;
use flate2::write::GzEncoder;
use powermap::format::field::read_bytes;
use std::io::Write;

/// Reads bytes both ways; what is left out is an answer.
fn survive(name: &str, bytes: &[u8]) {
    let strict = read_bytes(bytes, name, false);
    match read_bytes(bytes, name, true) {
        Ok(reading) => {
            let report = reading.report;
            assert!(
                report.values_left_out() <= report.values + report.records,
                "{name}"
            );
            assert!(
                strict.is_ok() || !report.problems.is_empty(),
                "{name}: {strict:?}"
            );
        }
        // No format can be told any more, or the headings are gone.
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// A generator of numbers that are the same on every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }
}

pub(super) fn damage(name: &str, bytes: &[u8]) {
    for part in 0..20 {
        survive(name, &bytes[..bytes.len() * part / 20]);
    }
    let mut numbers = Numbers(7);
    for _ in 0..20 {
        let mut flipped = bytes.to_vec();
        for _ in 0..3 {
            let at = numbers.below(flipped.len());
            flipped[at] ^= 1 << numbers.below(8);
        }
        survive(name, &flipped);
    }
}

#[test]
fn no_damage_makes_a_panic() {
    for (name, text) in [
        ("a.json", FTM),
        ("b.json", BODS),
        ("c.json", PSC),
        ("d.csv", LEVEL_1),
    ] {
        damage(name, text.as_bytes());
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(text.as_bytes()).unwrap();
        damage(name, &packed.finish().unwrap());
    }
    for (name, bytes) in samples::all("damaged samples") {
        damage(&name, &bytes[..bytes.len().min(1 << 16)]);
    }
}

#[test]
fn packed_files_are_read_as_they_are() {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(FTM.as_bytes()).unwrap();
    let reading = read_bytes(&packed.finish().unwrap(), "a.json.gz", false).unwrap();
    assert_eq!(reading.records.edges, read("a.json", FTM).records.edges);
    let part = |name: &str| {
        let mut deflated = flate2::write::DeflateEncoder::new(Vec::new(), Compression::default());
        deflated.write_all(FTM.as_bytes()).unwrap();
        let deflated = deflated.finish().unwrap();
        let mut bytes = b"PK\x03\x04\x14\0\0\0\x08\0".to_vec();
        bytes.extend([0; 8]);
        bytes.extend((deflated.len() as u32).to_le_bytes());
        bytes.extend((FTM.len() as u32).to_le_bytes());
        bytes.extend((name.len() as u16).to_le_bytes());
        bytes.extend([0; 2]);
        bytes.extend(name.bytes());
        bytes.extend(deflated);
        bytes
    };
    let mut archive = part("owners.json");
    archive.extend(b"PK\x01\x02 the directory, which is not read");
    let reading = read_bytes(&archive, "owners.zip", false).unwrap();
    assert_eq!(reading.records.edges, read("a.json", FTM).records.edges);
    let error =
        read_bytes(&[part("a.json"), part("b.json")].concat(), "two.zip", false).unwrap_err();
    assert!(error.to_string().contains("more than one file"), "{error}");
    // Two frames of Zstandard, with one between them that says nothing.
    let frame = |text: &str| {
        let level = ruzstd::encoding::CompressionLevel::Fastest;
        ruzstd::encoding::compress_to_vec(text.as_bytes(), level)
    };
    let (first, second) = FTM.split_at(100);
    let nothing = [0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3].to_vec();
    let frames = [frame(first), nothing.clone(), frame(second), nothing].concat();
    let reading = read_bytes(&frames, "owners.json.zst", false).unwrap();
    assert_eq!(reading.records.edges, read("a.json", FTM).records.edges);
    for end in 1..frames.len() {
        // However it is cut off, it is an error or less.
        let _ = read_bytes(&frames[..end], "owners.json.zst", false);
    }
    // A packed file that would fill the disk is not read to its end.
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    bomb.write_all(FTM.as_bytes()).unwrap();
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..64 + 8 {
        bomb.write_all(&zeros).unwrap();
    }
    let error = read_bytes(&bomb.finish().unwrap(), "a.json.gz", false).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a.json.gz:4:1: a record of more than 64 MiB begins here"
    );
}

#[test]
fn nothing_is_too_deep_or_too_long() {
    let deep = format!(
        "{{\"id\":\"a\",\"schema\":\"Person\",\"properties\":{}1{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    assert!(
        refused("deep.json", &deep).contains("recursion limit exceeded"),
        "{}",
        refused("deep.json", &deep)
    );
    let nested = format!(
        "{}{{\"id\":\"a\"}}{}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    assert!(refused("deep.json", &nested).contains("in no format that is known"));
    let xml = format!("<LEIData><LEIRecord>{}", "<a>".repeat(100_000));
    assert_eq!(
        refused("deep.xml", &xml),
        "deep.xml:1:1: more than 100 elements stand within each other"
    );
    let name = "x".repeat(100_000);
    let long =
        format!("{{\"id\":\"a\",\"schema\":\"Person\",\"properties\":{{\"name\":[\"{name}\"]}}}}");
    let reading = read("long.json", &long);
    assert_eq!(
        reading
            .records
            .players
            .values()
            .next()
            .unwrap()
            .labels
            .exact(""),
        Some(name.as_str())
    );
}

#[test]
fn the_same_twice_is_once_and_a_circle_is_no_trouble() {
    let twice = format!("{FTM}{FTM}");
    let (once, twice) = (read("a.json", FTM), read("a.json", &twice));
    assert_eq!(once.records.claims, twice.records.claims);
    assert_eq!(once.records.edges, twice.records.edges);
    let circle = r#"{"id":"a","schema":"Company","properties":{"name":["A"],"parent":["b"]}}
{"id":"b","schema":"Company","properties":{"name":["B"],"parent":["a","b"]}}
"#;
    assert_eq!(read("c.json", circle).records.edges.len(), 3);
}
