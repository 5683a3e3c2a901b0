//! Maps on disk: changes that last, and nothing half done whatever happens.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use oxigraph::model::{BlankNode, GraphName, Literal, NamedNode, Quad};
use powermap_rdf::{
    Loader, ReadStore, SourceMap, StoreError, rdf_patch, write_file, write_file_with,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

fn node(name: &str) -> NamedNode {
    NamedNode::new_unchecked(format!("http://a.example/{name}"))
}

fn quad(subject: &str, object: &str) -> Quad {
    Quad::new(
        node(subject),
        node("p"),
        node(object),
        GraphName::DefaultGraph,
    )
}

fn open(path: &Path) -> Result<SourceMap, StoreError> {
    SourceMap::open(path, Loader::new())
}

fn lines(map: &SourceMap) -> BTreeSet<String> {
    map.store().quads().map(|quad| quad.to_string()).collect()
}

/// A folder with a Turtle file of two triples with IRIs and two with a blank node.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = "@prefix : <http://a.example/> .\n:a :p :b , :c . :a :q [ :p :d ] .\n";
    fs::write(folder.path().join("text.ttl"), text).unwrap();
    folder
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn changes_to_text_and_to_changes_survive() {
    let folder = folder();
    let path = folder.path();
    let text = fs::read(path.join("text.ttl")).unwrap();
    let mut map = open(path).unwrap();
    assert_eq!(map.store().quad_count(), 4);
    let graph = Quad {
        graph_name: node("g").into(),
        ..quad("new", "one")
    };
    map.commit(
        &[graph.clone(), quad("new", "two"), quad("a", "b")],
        &[quad("a", "c")],
    )
    .unwrap();
    let expected = lines(&map);
    assert_eq!(map.store().quad_count(), 5);
    assert_eq!(lines(&open(path).unwrap()), expected);
    assert_eq!(
        names(path),
        ["text.ttl", "updates.rdfp"].map(String::from).into()
    );

    // A patch holds the net effect: what the text says already is not in it.
    let patch = rdf_patch::parse(&fs::read(path.join("updates.rdfp")).unwrap(), "u").unwrap();
    assert_eq!((patch.inserts.len(), patch.deletes.len()), (2, 1));

    let mut map = open(path).unwrap();
    map.commit(&[quad("a", "c")], &[quad("new", "two"), graph])
        .unwrap();
    assert_eq!(lines(&open(path).unwrap()), lines(&map));
    assert_eq!(map.store().quad_count(), 4);
    // All changes cancelled out: the folder is as the author wrote it.
    assert_eq!(names(path), ["text.ttl"].map(String::from).into());
    assert_eq!(fs::read(path.join("text.ttl")).unwrap(), text);
}

#[test]
fn a_single_file_has_its_patch_beside_it() {
    let folder = folder();
    let path = folder.path().join("text.ttl");
    let mut map = open(&path).unwrap();
    map.commit(&[quad("x", "y")], &[]).unwrap();
    assert!(folder.path().join("text.ttl.rdfp").exists());
    assert_eq!(lines(&open(&path).unwrap()), lines(&map));
}

#[test]
fn an_insert_wins_over_a_delete_of_the_same_quad() {
    let folder = folder();
    let mut map = open(folder.path()).unwrap();
    map.commit(
        &[quad("a", "c"), quad("n", "n")],
        &[quad("a", "c"), quad("n", "n")],
    )
    .unwrap();
    assert_eq!(map.store().quad_count(), 5);
    assert_eq!(lines(&open(folder.path()).unwrap()), lines(&map));
}

#[test]
fn blank_nodes_of_text_are_only_named_while_the_text_is_the_same() {
    let folder = folder();
    let path = folder.path();
    let mut map = open(path).unwrap();
    let inner = map
        .store()
        .quads()
        .find(|quad| quad.subject.is_blank_node())
        .unwrap();
    map.commit(&[], std::slice::from_ref(&inner)).unwrap();
    assert_eq!(open(path).unwrap().store().quad_count(), 3);

    let text = path.join("text.ttl");
    let before = fs::read_to_string(&text).unwrap();
    fs::write(&text, format!("<x:new> <x:p> [] . {before}")).unwrap();
    let error = open(path).unwrap_err();
    assert!(matches!(error, StoreError::TextChanged { .. }), "{error}");
    assert!(error.to_string().contains("text.ttl"), "{error}");
    fs::write(&text, &before).unwrap();
    assert_eq!(open(path).unwrap().store().quad_count(), 3);

    // A patch without blank nodes of the text does not mind edits.
    let mut map = open(path).unwrap();
    map.commit(&[inner, quad("n", "m")], &[]).unwrap();
    fs::write(&text, format!("<x:new> <x:p> [] . {before}")).unwrap();
    assert_eq!(open(path).unwrap().store().quad_count(), 6);
}

#[test]
fn new_blank_nodes_get_names_that_do_not_depend_on_chance() {
    let write = || {
        let folder = folder();
        let mut map = open(folder.path()).unwrap();
        for _ in 0..2 {
            let (one, two) = (BlankNode::default(), BlankNode::default());
            let inserts = [
                Quad::new(one.clone(), node("p"), two.clone(), GraphName::DefaultGraph),
                Quad::new(two, node("p"), Literal::from(1), one),
            ];
            map.commit(&inserts, &[]).unwrap();
        }
        assert_eq!(map.store().quad_count(), 8);
        assert_eq!(lines(&open(folder.path()).unwrap()), lines(&map));
        fs::read_to_string(folder.path().join("updates.rdfp")).unwrap()
    };
    assert_eq!(write(), write());
}

#[test]
fn two_writers_do_not_overwrite_each_other() {
    let folder = folder();
    let (mut one, mut two) = (open(folder.path()).unwrap(), open(folder.path()).unwrap());
    one.commit(&[quad("one", "x")], &[]).unwrap();
    let error = two.commit(&[quad("two", "x")], &[]).unwrap_err();
    assert!(matches!(error, StoreError::Conflict { .. }), "{error}");
    assert_eq!(two.store().quad_count(), 4);
    let mut two = open(folder.path()).unwrap();
    two.commit(&[quad("two", "x")], &[]).unwrap();
    assert_eq!(open(folder.path()).unwrap().store().quad_count(), 6);
}

#[test]
fn threads_that_try_again_lose_nothing() {
    let folder = folder();
    let path = folder.path();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            scope.spawn(move || {
                for n in 0..5 {
                    loop {
                        let mut map = open(path).unwrap();
                        match map.commit(&[quad(&format!("w{writer}"), &n.to_string())], &[]) {
                            Ok(()) => break,
                            Err(StoreError::Conflict { .. }) => {}
                            Err(error) => panic!("{error}"),
                        }
                    }
                }
            });
        }
    });
    assert_eq!(open(path).unwrap().store().quad_count(), 4 + 20);
}

#[test]
fn a_broken_patch_is_refused_with_its_line() {
    let folder = folder();
    fs::write(
        folder.path().join("updates.rdfp"),
        "TX .\nA <x:a> <x:b> .\nTC .\n",
    )
    .unwrap();
    let error = open(folder.path()).unwrap_err().to_string();
    assert!(error.contains("updates.rdfp:2:"), "{error}");
}

#[test]
fn what_a_stopped_writer_left_is_ignored_and_then_removed() {
    let folder = folder();
    let path = folder.path();
    let left = path.join(".updates.rdfp.4242-0.tmp");
    fs::write(&left, "TX .\nA <x:half").unwrap();
    let mut map = open(path).unwrap();
    assert_eq!(map.store().quad_count(), 4);
    assert!(left.exists());
    map.commit(&[quad("x", "y")], &[]).unwrap();
    assert_eq!(
        names(path),
        ["text.ttl", "updates.rdfp"].map(String::from).into()
    );
}

#[test]
fn a_commit_that_fails_changes_nothing() {
    let folder = folder();
    let mut map = open(folder.path()).unwrap();
    map.commit(&[quad("x", "y")], &[]).unwrap();
    let before = lines(&map);
    let moved = folder.path().with_extension("moved");
    fs::rename(folder.path(), &moved).unwrap();
    let error = map.commit(&[quad("x", "z")], &[]).unwrap_err();
    assert!(
        matches!(&error, StoreError::Io { source, .. } if source.kind() == ErrorKind::NotFound)
    );
    assert_eq!(lines(&map), before);
    fs::rename(&moved, folder.path()).unwrap();
    assert_eq!(lines(&open(folder.path()).unwrap()), before);
    map.commit(&[quad("x", "z")], &[]).unwrap();
    assert_eq!(lines(&open(folder.path()).unwrap()), lines(&map));
}

/// What an error says to try.
fn hint(error: &StoreError) -> String {
    error.hint().map_or(String::new(), |hint| hint.to_string())
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let set = |mode| fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).unwrap();
    set(0o555);
    // The superuser may write everywhere, so there is nothing to see then.
    let may_write = fs::write(folder.path().join("probe"), "").is_ok();
    if !may_write {
        let mut map = open(folder.path()).unwrap();
        let error = map.commit(&[quad("x", "y")], &[]).unwrap_err();
        assert!(hint(&error).contains("who may read and write"), "{error}");
        assert_eq!(map.store().quad_count(), 4);
    }
    set(0o755);
    assert_eq!(open(folder.path()).unwrap().store().quad_count(), 4);
}

#[test]
fn a_file_is_written_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("board.svg");
    write_file(&path, b"old").unwrap();
    let error = write_file_with(&path, |out| {
        out.write_all(&[b'x'; 100_000])?;
        Err(ErrorKind::StorageFull.into())
    })
    .unwrap_err();
    assert!(hint(&error).contains("free some space"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), b"old");
    assert_eq!(names(folder.path()), ["board.svg".to_owned()].into());
    write_file(&path, b"new").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert!(write_file(folder.path(), b"new").is_err());
    assert!(write_file(&folder.path().join("none/board.svg"), b"new").is_err());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_reported_and_not_replaced() {
    use std::os::unix::fs::FileTypeExt;
    let error = write_file(Path::new("/dev/full"), &[0; 10_000]).unwrap_err();
    assert!(hint(&error).contains("free some space"), "{error}");
    assert!(
        fs::metadata("/dev/full")
            .unwrap()
            .file_type()
            .is_char_device()
    );
}

#[cfg(unix)]
#[test]
fn links_and_permissions_stay() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (path, link) = (folder.path().join("real"), folder.path().join("link"));
    fs::write(&path, "old").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink(&path, &link).unwrap();
    write_file(&link, b"new").unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o640
    );
}

const FOLDER_VARIABLE: &str = "POWERMAP_TEST_FOLDER";
const BATCH: usize = 40;

/// The quads of one change: a batch that must be there whole or not at all.
fn batch(number: u64) -> Vec<Quad> {
    (0..BATCH)
        .map(|n| quad(&format!("batch-{number}"), &format!("{n}")))
        .collect()
}

/// What the process that gets killed does: commits one batch after the other and says so, each
/// time taking away the batch before the last and moving a mark.
#[test]
#[ignore = "run by writers_that_are_killed_lose_nothing"]
fn writer() {
    let folder = std::env::var(FOLDER_VARIABLE).unwrap();
    let mut map = open(Path::new(&folder)).unwrap();
    let first = mark(&map) + 1;
    let mut out = std::io::stdout().lock();
    for number in first.. {
        let mut inserts = batch(number);
        inserts.push(quad("mark", &number.to_string()));
        let mut deletes = vec![quad("mark", &(number - 1).to_string())];
        if number >= 2 {
            deletes.extend(batch(number - 2));
        }
        map.commit(&inserts, &deletes).unwrap();
        writeln!(out, "committed {number}").unwrap();
        out.flush().unwrap();
    }
}

/// The number of the last batch; 0 when there is none. There is never more than one mark.
fn mark(map: &SourceMap) -> u64 {
    let prefix = "http://a.example/";
    let marks: Vec<u64> = map
        .store()
        .quads()
        .filter(|quad| quad.subject.to_string() == format!("<{prefix}mark>"))
        .map(|quad| {
            let object = quad.object.to_string();
            object[prefix.len() + 1..object.len() - 1].parse().unwrap()
        })
        .collect();
    assert!(marks.len() <= 1, "two marks: {marks:?}");
    marks.first().copied().unwrap_or(0)
}

#[test]
fn writers_that_are_killed_lose_nothing() {
    let folder = folder();
    // A linear congruential generator, so that a failure can be repeated.
    let mut state = 42u64;
    let mut last = 0;
    let mut kills_while_writing = 0;
    for round in 0..50 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--ignored",
                "--exact",
                "disk::writer",
                "--nocapture",
                "--test-threads=1",
            ])
            .env(FOLDER_VARIABLE, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, receiver) = std::sync::mpsc::channel();
        let reader = std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                if let Some((_, number)) = line.rsplit_once("committed ") {
                    sender.send(number.parse::<u64>().unwrap()).unwrap();
                }
            }
        });
        // Every other writer is killed after it began to write, the rest at any moment.
        let mut told = None;
        if round % 2 == 0 {
            told = Some(receiver.recv().unwrap());
        }
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        std::thread::sleep(Duration::from_micros((state >> 33) % 20_000));
        child.kill().unwrap();
        child.wait().unwrap();
        let told = receiver.iter().last().or(told);
        reader.join().unwrap();

        let map = open(folder.path()).unwrap();
        let now = mark(&map);
        assert!(
            now >= told.unwrap_or(last).max(last),
            "lost: {told:?}, {last}, {now}"
        );
        kills_while_writing += u32::from(now > last);
        last = now;
        let mut batches: BTreeMap<String, usize> = BTreeMap::new();
        for quad in map
            .store()
            .quads()
            .filter(|quad| quad.to_string().contains("batch-"))
        {
            *batches.entry(quad.subject.to_string()).or_default() += 1;
        }
        let expected: BTreeMap<String, usize> = (now.saturating_sub(1).max(1)..=now)
            .map(|number| (node(&format!("batch-{number}")).to_string(), BATCH))
            .collect();
        assert_eq!(batches, expected, "half a batch");
        // What the text says is still there.
        assert!(map.store().contains(quad("a", "b").as_ref()));
    }
    assert!(
        kills_while_writing >= 25,
        "the writer hardly ever got to write: {kills_while_writing}"
    );
}
