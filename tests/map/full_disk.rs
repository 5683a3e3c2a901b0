//! Compiling onto a disk that is full: an error or a fallback, and nothing half written.
//!
//! A process that may write no file beyond a size stands for the disk.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests may panic like the tests"
)]

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use powermap::{Map, OpenOptions};
use powermap_rdf::{Cache, CacheProblem};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const FOLDER_VARIABLE: &str = "POWERMAP_TEST_FOLDER";

fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
    let names = entries.map(|entry| name(entry).into_string().unwrap());
    names.collect()
}

/// The part of a process of its own: writes as many times as there are limits.
#[test]
#[ignore = "run by a_full_disk_is_told_and_nothing_half_is_left"]
fn writer() {
    let folder = PathBuf::from(std::env::var(FOLDER_VARIABLE).unwrap());
    let (text, out, kept) = (
        folder.join("map.ttl"),
        folder.join("out"),
        folder.join("cache"),
    );
    let cache = Cache::new(&kept).with_text_bytes_min(0);
    let map = Map::open(&text).unwrap();
    let path = out.join("map.pmap");
    let len = map.compile(&path, |_| {}).unwrap().bytes;
    let before = fs::read(&path).unwrap();
    let (_, hard) = getrlimit(Resource::RLIMIT_FSIZE).unwrap();
    for limit in (0..len).step_by(len as usize / 16).chain([len - 1]) {
        setrlimit(Resource::RLIMIT_FSIZE, limit, hard).unwrap();
        let error = map.compile(&path, |_| {}).unwrap_err();
        let message = error.to_string();
        assert!(
            message.contains("map.pmap: could not write the file: "),
            "{message}"
        );
        let hint = error.hint().unwrap().to_string();
        assert!(hint.contains("nothing was changed"), "{hint}");
        assert_eq!(names(&out), ["map.pmap"], "limit {limit}");
        assert!(fs::read(&path).unwrap() == before, "limit {limit}");
        let cached = OpenOptions::new().with_cache(&cache).open(&text).unwrap();
        assert!(matches!(cached.cache_problems(), [CacheProblem::Io(_)]));
        assert!(cached.source().is_some());
        assert_eq!(cached.board().unwrap(), map.board().unwrap());
        assert_eq!(names(&kept), Vec::<String>::new(), "limit {limit}");
    }
    setrlimit(Resource::RLIMIT_FSIZE, len, hard).unwrap();
    map.compile(&path, |_| {}).unwrap();
    let cached = OpenOptions::new().with_cache(&cache).open(&text).unwrap();
    assert!(cached.cache_problems().is_empty());
    assert!(cached.source().is_none());
    fs::write(folder.join("done"), "").unwrap();
}

#[test]
fn a_full_disk_is_told_and_nothing_half_is_left() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("map.ttl"),
        "@prefix pm: <https://w3id.org/powermap/ns#> . @prefix id: <https://w3id.org/powermap/id/> .\n\
         id:e a pm:Investment ; pm:from id:a ; pm:to id:b .\n\
         id:c a pm:Claim ; pm:about id:e ; pm:document id:d .\n",
    )
    .unwrap();
    fs::create_dir(folder.path().join("out")).unwrap();
    // The signal that comes with the error would end the process.
    let ignoring = "trap '' XFSZ; exec \"$0\" full_disk::writer --exact --ignored --nocapture";
    let status = Command::new("sh")
        .args(["-c", ignoring])
        .arg(std::env::current_exe().unwrap())
        .env(FOLDER_VARIABLE, folder.path())
        .status()
        .unwrap();
    assert!(status.success());
    assert!(folder.path().join("done").exists(), "the writer ran");
}
