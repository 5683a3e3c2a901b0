//! The cache of compiled maps: never a wrong answer from it, whatever happens to it or to the text.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests may panic like the tests"
)]

use oxigraph::model::{Literal, NamedNode, Quad};
use powermap::format::record_quads;
use powermap::model::generate;
use powermap::{Map, OpenOptions};
use powermap_rdf::{Cache, CacheProblem, Format, Phase, Progress, ReadStore, rdf};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;
use tempfile::TempDir;

/// A folder with a map in `map/` and a cache beside it.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let options = generate::GenerateOptions {
        players: 10,
        edges: 20,
        seed: 3,
        skew: 1.0,
        from: "2015-01-01".parse().unwrap(),
        to: "2025-12-31".parse().unwrap(),
    };
    let quads = record_quads(&generate::records(&options).unwrap());
    let map = folder.path().join("map");
    fs::create_dir(&map).unwrap();
    fs::write(
        map.join("made-up.ttl"),
        rdf::serialise(
            quads,
            Format::Turtle,
            &powermap::model::vocabulary::PREFIXES,
        )
        .unwrap(),
    )
    .unwrap();
    folder
}

fn cache(folder: &Path) -> Cache {
    Cache::new(folder.join("cache")).with_text_bytes_min(0)
}

fn open(folder: &Path) -> Map {
    OpenOptions::new()
        .with_cache(&cache(folder))
        .open(folder.join("map"))
        .unwrap()
}

fn is_compiled(map: &Map) -> bool {
    map.source().is_none()
}

fn text(map: &Map) -> Vec<u8> {
    rdf::serialise(
        map.quads().unwrap(),
        Format::NQuads,
        &powermap::model::vocabulary::PREFIXES,
    )
    .unwrap()
}

/// Opens with the cache, which has to say what the text says; gives what was wrong with the cache.
fn opened(folder: &Path) -> (bool, Vec<String>) {
    let cached = open(folder);
    let fresh = Map::open(folder.join("map")).unwrap();
    assert!(text(&cached) == text(&fresh), "the cache is not the text");
    assert_eq!(cached.board().unwrap(), fresh.board().unwrap());
    let problems = cached.cache_problems().iter().map(ToString::to_string);
    (is_compiled(&cached), problems.collect())
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder.join("cache")) else {
        return Vec::new();
    };
    entries.map(|entry| entry.unwrap().path()).collect()
}

fn entry(folder: &Path) -> PathBuf {
    let entries = entries(folder);
    assert_eq!(entries.len(), 1, "{entries:?}");
    entries[0].clone()
}

fn identity(path: &Path) -> std::time::SystemTime {
    fs::metadata(path).unwrap().modified().unwrap()
}

#[test]
fn an_entry_is_made_once_and_again_for_every_change() {
    let folder = folder();
    let folder = folder.path();
    assert_eq!(opened(folder), (true, vec![]));
    let made = identity(&entry(folder));
    assert_eq!(opened(folder), (true, vec![]));
    assert_eq!(identity(&entry(folder)), made, "nothing was written");

    let file = folder.join("map/made-up.ttl");
    let before = fs::read_to_string(&file).unwrap();
    let changes: [&dyn Fn(); 6] = [
        &|| fs::write(&file, before.replace("2015", "2016")).unwrap(),
        &|| fs::write(folder.join("map/more.nt"), "<x:a> <x:b> <x:c> .").unwrap(),
        &|| fs::rename(folder.join("map/more.nt"), folder.join("map/other.nt")).unwrap(),
        &|| {
            let mut map = Map::open(folder.join("map")).unwrap();
            map.update("INSERT DATA { id:new a pm:Person ; rdfs:label 'New'@en }")
                .unwrap();
        },
        &|| fs::remove_file(folder.join("map/updates.rdfp")).unwrap(),
        &|| fs::remove_file(folder.join("map/other.nt")).unwrap(),
    ];
    for (number, change) in changes.iter().enumerate() {
        let before = fs::read(entry(folder)).unwrap();
        change();
        assert_eq!(opened(folder), (true, vec![]), "change {number}");
        assert_ne!(fs::read(entry(folder)).unwrap(), before, "change {number}");
    }
    fs::remove_dir_all(folder.join("cache")).unwrap();
    assert_eq!(opened(folder), (true, vec![]));
}

#[test]
fn small_maps_leave_nothing_behind() {
    let folder = folder();
    let cache = Cache::new(folder.path().join("cache"));
    let cached = OpenOptions::new()
        .with_cache(&cache)
        .open(folder.path().join("map"))
        .unwrap();
    assert!(!is_compiled(&cached));
    assert_eq!(entries(folder.path()), Vec::<PathBuf>::new());
}

#[test]
fn a_damaged_or_foreign_entry_is_told_and_made_anew() {
    let folder = folder();
    let folder = folder.path();
    opened(folder);
    let entry = entry(folder);
    let right = fs::read(&entry).unwrap();
    let mut places: Vec<usize> = (0..right.len()).step_by(right.len() / 60).collect();
    places.push(right.len() - 1);
    for place in places {
        let mut wrong = right.clone();
        wrong[place] ^= 0x10;
        fs::write(&entry, &wrong).unwrap();
        let (is_compiled, problems) = opened(folder);
        assert!(is_compiled);
        assert_eq!(problems.len(), 1, "byte {place}");
        assert!(
            problems[0].contains("is damaged and is made anew"),
            "{problems:?}"
        );
        assert_eq!(fs::read(&entry).unwrap(), right, "byte {place}");
    }
    for wrong in [&b""[..], b"@prefix : <x:> .", &right[..right.len() / 2]] {
        fs::write(&entry, wrong).unwrap();
        assert_eq!(opened(folder).1.len(), 1);
        assert_eq!(fs::read(&entry).unwrap(), right);
    }
    // An entry of another content, of another program, or without an origin is no entry, and no damage.
    let other = Cache::new(folder.join("cache"))
        .with_text_bytes_min(0)
        .with_program("another");
    OpenOptions::new()
        .with_cache(&other)
        .open(folder.join("map"))
        .unwrap();
    assert_ne!(fs::read(&entry).unwrap(), right);
    assert_eq!(opened(folder), (true, vec![]));
    Map::built_in().unwrap().compile(&entry, |_| {}).unwrap();
    assert_eq!(opened(folder), (true, vec![]));
    assert_eq!(fs::read(&entry).unwrap(), right);
}

#[test]
fn a_cache_that_cannot_be_written_is_told_and_done_without() {
    let folder = folder();
    let folder = folder.path();
    fs::write(folder.join("cache"), "a file where a folder should be").unwrap();
    let (is_compiled, problems) = opened(folder);
    assert!(!is_compiled);
    assert_eq!(problems.len(), 1);
    assert!(
        problems[0].starts_with("the map is not kept in compiled form: "),
        "{problems:?}"
    );
    fs::remove_file(folder.join("cache")).unwrap();
    opened(folder);
    let entry = entry(folder);
    fs::remove_file(&entry).unwrap();
    fs::create_dir(&entry).unwrap();
    let (is_compiled, problems) = opened(folder);
    assert!(!is_compiled && problems.len() == 1, "{problems:?}");
}

#[test]
fn text_that_changes_while_it_is_read_is_not_kept() {
    let folder = folder();
    let map = folder.path().join("map");
    let file = map.join("made-up.ttl");
    let text = fs::read(&file).unwrap();
    let (other, updates) = (map.join("other.nt"), map.join("updates.rdfp"));
    let line = "<x:a> <x:b> <x:c> .";
    let changes: [&(dyn Fn() + Sync); 6] = [
        &|| fs::write(&file, line).unwrap(),
        // Even a file that is written anew with the same bytes could have been another one in between.
        &|| fs::write(&file, &text).unwrap(),
        &|| fs::write(&other, line).unwrap(),
        &|| fs::rename(&other, map.join("third.nt")).unwrap(),
        &|| fs::write(&updates, format!("TX .\nA {line}\nTC .\n")).unwrap(),
        &|| fs::remove_file(&updates).unwrap(),
    ];
    for change in changes {
        let options = OpenOptions::new().with_progress(|progress| {
            if progress.phase == Phase::Merging {
                change();
            }
        });
        let cached = options
            .with_cache(&cache(folder.path()))
            .open(&map)
            .unwrap();
        assert!(
            matches!(cached.cache_problems(), [CacheProblem::Changed]),
            "{:?}",
            cached.cache_problems()
        );
        assert_eq!(entries(folder.path()), Vec::<PathBuf>::new());
    }
    assert_eq!(opened(folder.path()), (true, vec![]));
}

#[test]
fn compiling_tells_how_far_it_is() {
    let folder = folder();
    let told = Mutex::new(Vec::new());
    let tell = |progress: Progress| told.lock().unwrap().push(progress);
    let open = || {
        let options = OpenOptions::new().with_progress(tell);
        options
            .with_cache(&cache(folder.path()))
            .open(folder.path().join("map"))
            .unwrap()
    };
    let all = open().store().unwrap().quad_count();
    let first = std::mem::take(&mut *told.lock().unwrap());
    assert!(first.is_sorted_by_key(|progress| progress.phase));
    for phase in [Phase::Reading, Phase::Resolving, Phase::Compiling] {
        assert!(first.iter().any(|progress| progress.phase == phase));
    }
    let compiling = first.iter().filter(|p| p.phase == Phase::Compiling);
    let counts: Vec<u64> = compiling.map(|progress| progress.quads).collect();
    assert!(counts.is_sorted());
    assert_eq!(counts.last(), Some(&all));
    open();
    assert_eq!(*told.lock().unwrap(), [], "nothing is read or compiled");
}

#[test]
fn many_at_once_make_one_right_entry() {
    let folder = folder();
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| assert_eq!(opened(folder.path()), (true, vec![])));
        }
    });
    entry(folder.path());
}

#[test]
fn errors_of_the_text_are_those_of_reading_it() {
    let folder = folder();
    fs::write(folder.path().join("map/broken.ttl"), "<x:a> <x:b>").unwrap();
    let error = OpenOptions::new()
        .with_cache(&cache(folder.path()))
        .open(folder.path().join("map"))
        .unwrap_err();
    assert!(error.to_string().contains("broken.ttl:1:"), "{error}");
    let none = folder.path().join("none");
    let error = OpenOptions::new()
        .with_cache(&cache(folder.path()))
        .open(&none)
        .unwrap_err();
    assert!(error.to_string().contains("none"), "{error}");
    assert_eq!(entries(folder.path()), Vec::<PathBuf>::new());
}

const FOLDER_VARIABLE: &str = "POWERMAP_TEST_FOLDER";

/// How many labels one change gives: all of them are there, or none.
const LABELS: usize = 20;

fn counted(map: &Map) -> u64 {
    let players = map.records().unwrap().players.iter();
    let mut counts = players.filter_map(|(id, player)| {
        let number = id.as_str().rsplit_once("/batch-")?.1.parse().unwrap();
        assert_eq!(player.aliases.len(), LABELS, "half a change");
        Some(number)
    });
    let first: Option<u64> = counts.next();
    assert_eq!(counts.next(), None, "a change takes the one before away");
    first.unwrap_or(0)
}

fn batch(number: u64) -> Vec<Quad> {
    let subject = NamedNode::new(format!("https://w3id.org/powermap/id/batch-{number}")).unwrap();
    let node = |iri: &str| NamedNode::new(iri).unwrap();
    let kind = Quad::new(
        subject.clone(),
        node("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
        node("https://w3id.org/powermap/ns#Company"),
        oxigraph::model::GraphName::DefaultGraph,
    );
    let labels = (0..LABELS).map(|label| {
        Quad::new(
            subject.clone(),
            node("http://www.w3.org/2004/02/skos/core#altLabel"),
            Literal::new_simple_literal(format!("{number}-{label}")),
            oxigraph::model::GraphName::DefaultGraph,
        )
    });
    std::iter::once(kind).chain(labels).collect()
}

/// What the process that gets killed does: changes the text, says so, and compiles it, again and again.
#[test]
#[ignore = "run by processes_that_are_killed_lose_nothing"]
fn writer() {
    let folder = PathBuf::from(std::env::var(FOLDER_VARIABLE).unwrap());
    let mut out = std::io::stdout().lock();
    let mut map = Map::open(folder.join("map")).unwrap();
    loop {
        let number = counted(&map);
        let change = powermap::map::MapChange {
            inserts: batch(number + 1),
            deletes: if number > 0 {
                batch(number)
            } else {
                Vec::new()
            },
        };
        map.apply(&change).unwrap();
        writeln!(out, "committed {}", number + 1).unwrap();
        out.flush().unwrap();
        assert_eq!(counted(&open(&folder)), number + 1);
    }
}

#[test]
fn processes_that_are_killed_lose_nothing() {
    let folder = folder();
    let folder = folder.path();
    // A linear congruential generator, so that a failure can be repeated.
    let mut state = 42u64;
    let (mut last, mut kills_while_working) = (0, 0);
    for round in 0..200 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--ignored",
                "--exact",
                "cache::writer",
                "--nocapture",
                "--test-threads=1",
            ])
            .env(FOLDER_VARIABLE, folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut told = last;
        let mut next = || {
            let mut committed = lines.by_ref().map_while(Result::ok);
            committed.find_map(|line| line.rsplit_once("committed ")?.1.parse::<u64>().ok())
        };
        // Most are killed after they began to work, while they compile or change again; some at any moment.
        if round % 4 != 0 {
            told = next().unwrap_or(told);
        }
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        std::thread::sleep(Duration::from_micros((state >> 33) % 60_000));
        child.kill().unwrap();
        child.wait().unwrap();
        while let Some(number) = next() {
            told = told.max(number);
        }
        // Whoever comes next finds a cache that is right or none, and nothing half-written in its way.
        let cached = open(folder);
        let now = counted(&cached);
        assert!(now >= told, "lost: {told} was told, {now} is there");
        assert!(now <= told + 1, "{now} was never told");
        assert!(
            cached.cache_problems().is_empty(),
            "{:?}",
            cached.cache_problems()
        );
        assert!(is_compiled(&cached));
        assert_eq!(entries(folder).len(), 1, "what was left behind is gone");
        if round % 10 == 0 {
            assert!(text(&cached) == text(&Map::open(folder.join("map")).unwrap()));
        }
        kills_while_working += u32::from(now > last);
        last = now;
    }
    assert!(
        kills_while_working >= 100,
        "hardly any got to work: {kills_while_working}"
    );
}

#[test]
fn the_built_in_map_is_the_same_from_the_cache() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::new(folder.path());
    let read = Map::built_in().unwrap();
    for turn in 0..3 {
        let map = OpenOptions::new().with_cache(&cache).built_in().unwrap();
        assert_eq!(text(&map), text(&read), "{turn}");
        assert_eq!(map.records().unwrap(), read.records().unwrap(), "{turn}");
        assert_eq!(is_compiled(&map), map.source().is_none());
    }
    let entries = fs::read_dir(folder.path()).unwrap();
    let entry = entries.map(|entry| entry.unwrap().path());
    let entry = entry.filter(|path| path.extension().is_some_and(|ending| ending == "pmap"));
    let [entry] = &entry.collect::<Vec<_>>()[..] else {
        panic!("one entry is kept");
    };
    // A damaged entry is written anew; what is no file is left alone, and a pipe is not waited for.
    let mut bytes = fs::read(entry).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(entry, bytes).unwrap();
    let map = OpenOptions::new().with_cache(&cache).built_in().unwrap();
    assert_eq!(text(&map), text(&read));
    fs::remove_file(entry).unwrap();
    match Command::new("mkfifo").arg(entry).status() {
        Ok(made) if made.success() => {}
        _ => fs::create_dir(entry).unwrap(),
    }
    let map = OpenOptions::new().with_cache(&cache).built_in().unwrap();
    assert_eq!(text(&map), text(&read));
    assert!(!fs::metadata(entry).unwrap().is_file());
}
