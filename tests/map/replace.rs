//! Next editions of files: what they said is gone, what they say is in, and nothing is changed where anything is wrong.

use powermap::analysis::DifferenceKind;
use powermap::map::{Imported, Known, NewFile};
use powermap::model::vocabulary::short_name;
use powermap::{Map, MapError};
use powermap_rdf::Format;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn edition(folder: &Path, name: &str, share: &str, owner: &str) -> NewFile {
    let lines = format!(
        r#"{{"id":"{owner}","schema":"Person","properties":{{"name":["{owner}"]}},"datasets":["owners"]}}
{{"id":"acme","schema":"Company","properties":{{"name":["Acme"]}},"datasets":["owners"]}}
{{"id":"own-{owner}","schema":"Ownership","properties":{{"owner":["{owner}"],"asset":["acme"],"percentage":["{share}"],"startDate":["2020-01-01"]}},"datasets":["owners"]}}
"#
    );
    let path = folder.join(name);
    fs::write(&path, lines).unwrap();
    let (file, _) = NewFile::of_field(&path, &mut Known::default(), false)
        .unwrap()
        .unwrap();
    file
}

/// The files of a folder with their bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let files = entries.map(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        (name, fs::read(entry.path()).unwrap())
    });
    files.collect()
}

fn changes(imported: &Imported) -> Vec<(String, DifferenceKind)> {
    let view = imported.map.board().unwrap().view;
    let before = imported.before.with_view(view);
    let differences = before.diff(&imported.map).unwrap();
    let pairs = differences.into_iter().map(|difference| {
        let name = short_name(difference.subject.as_str()).to_owned();
        (name, difference.change)
    });
    pairs.collect()
}

#[test]
fn the_next_edition_takes_the_place_of_the_earlier_one() {
    let (given, map) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = edition(given.path(), "owners.json", "25", "ada");
    let other = edition(given.path(), "others.json", "5", "eve");
    Map::import(map.path(), &[first, other], false).unwrap();
    let next = edition(given.path(), "owners.json", "40", "ada");
    let replaced = Map::replace(map.path(), &[next], &[], false).unwrap();
    assert_eq!(
        changes(&replaced),
        [("ftm-own-ada".to_owned(), DifferenceKind::Value)]
    );
    assert_eq!((replaced.added.claims, replaced.gone.claims), (1, 1));
    let names: Vec<_> = files(map.path()).into_keys().collect();
    assert_eq!(names, ["others.ttl", "owners.ttl"]);
    let again = Map::open(map.path()).unwrap();
    assert_eq!(again.records().unwrap(), replaced.map.records().unwrap());

    // An edition under another name, of which the earlier file is named.
    let next = edition(given.path(), "owners-2025.json", "40", "grace");
    let replaced = Map::replace(map.path(), &[next], &["owners.ttl".to_owned()], false).unwrap();
    assert_eq!(
        changes(&replaced),
        [
            ("ftm-own-ada".to_owned(), DifferenceKind::Removed),
            ("ftm-own-grace".to_owned(), DifferenceKind::Added)
        ]
    );
    assert_eq!((replaced.added.players, replaced.gone.players), (1, 1));
    let names: Vec<_> = files(map.path()).into_keys().collect();
    assert_eq!(names, ["others.ttl", "owners-2025.ttl"]);
}

#[test]
fn nothing_is_replaced_where_anything_is_wrong() {
    let (given, map) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = edition(given.path(), "owners.json", "25", "ada");
    Map::import(map.path(), &[first], false).unwrap();
    let before = files(map.path());
    let unknown = edition(given.path(), "unknown.json", "25", "ada");
    for earlier in [None, Some("no.ttl"), Some("../owners.ttl"), Some("..")] {
        let earlier: Vec<_> = earlier.map(str::to_owned).into_iter().collect();
        let error =
            Map::replace(map.path(), std::slice::from_ref(&unknown), &earlier, false).unwrap_err();
        assert!(matches!(error, MapError::NothingToReplace(_)), "{error}");
        assert!(error.hint().is_some());
    }
    let wrong = NewFile {
        name: "owners.ttl".to_owned(),
        bytes: b"this is no Turtle".to_vec(),
        format: Format::Turtle,
        table: None,
    };
    Map::replace(map.path(), &[wrong], &[], false).unwrap_err();
    assert_eq!(files(map.path()), before);
}

#[test]
fn several_editions_of_a_name_are_told_and_have_to_be_named() {
    let (given, map) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = edition(given.path(), "owners.json", "25", "ada");
    Map::import(map.path(), std::slice::from_ref(&first), false).unwrap();
    // Importing the same file again adds nothing, even where rows are left out.
    for keep_going in [false, true] {
        let error = Map::import(map.path(), std::slice::from_ref(&first), keep_going).unwrap_err();
        assert!(matches!(error, MapError::NothingNew(_)), "{error}");
    }
    let second = edition(given.path(), "owners.json", "40", "eve");
    Map::import(map.path(), &[second], false).unwrap();
    let names: Vec<_> = files(map.path()).into_keys().collect();
    assert_eq!(names, ["2-owners.ttl", "owners.ttl"]);

    let next = edition(given.path(), "owners.json", "50", "ada");
    let next = std::slice::from_ref(&next);
    let error = Map::replace(map.path(), next, &[], false).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the map has several files of this name: owners.ttl, 2-owners.ttl"
    );
    let named = ["owners.ttl", "2-owners.ttl"].map(str::to_owned);
    let replaced = Map::replace(map.path(), next, &named, false).unwrap();
    assert_eq!(
        (
            replaced.map.records().unwrap().edges.len(),
            replaced.gone.edges
        ),
        (1, 1)
    );
    let names: Vec<_> = files(map.path()).into_keys().collect();
    assert_eq!(names, ["owners.ttl"]);
}
