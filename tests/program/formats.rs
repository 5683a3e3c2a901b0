//! Files in the formats of the field through the program: what an import says, and what it leaves alone.

use crate::support::run::run;
use std::fs;

const OWNERS: &str = r#"{"id":"ada","schema":"Person","properties":{"name":["Ada"]},"target":true}
{"id":"acme","schema":"Company","properties":{"name":["Acme"]}}
{"id":"own","schema":"Ownership","properties":{"owner":["ada"],"asset":["acme"],"percentage":["60","many"]}}
"#;

#[test]
fn an_import_says_what_came_in_and_what_did_not() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("owners.json"), OWNERS).unwrap();
    let (code, _, errors) = run(at, &["import", "owners.json", "--into", "map"]);
    assert_eq!(code, 0, "{errors}");
    for line in [
        "owners.json: FollowTheMoney, 3 records with 13 values: 11 are in the map, 2 are left out",
        "1 × Ownership.percentage: cannot be read as what is expected (owners.json:3: 'many': expected a share",
        "1 × target: has no place in a map (owners.json:1: true)",
        "owners.json → map/owners.ttl",
        "new: 2 players, 1 edge, 2 claims, 1 document",
    ] {
        assert!(errors.contains(line), "{line}\nis not in\n{errors}");
    }
    assert_eq!(fs::read_dir(at.join("map")).unwrap().count(), 1);
    let (code, out, _) = run(at, &["control", "acme", "--map", "map", "--format", "csv"]);
    assert_eq!(code, 0);
    assert!(out.contains("certain"), "{out}");
    // As it is, without an import.
    let (_, direct, errors) = run(
        at,
        &["control", "acme", "--map", "owners.json", "--format", "csv"],
    );
    assert_eq!(direct, out);
    assert!(
        errors.contains("2 kinds of values in the data are not in the map"),
        "{errors}"
    );
    let (_, _, errors) = run(
        at,
        &["import", "owners.json", "--into", "zh", "--lang", "zh"],
    );
    assert!(
        errors.contains("3 条记录，13 个值：11 个已进入地图，2 个略去"),
        "{errors}"
    );
}

#[test]
fn a_record_that_cannot_be_read_stops_the_import_or_is_listed() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("owners.json"), format!("{OWNERS}{{\"id\":\"x\",\n")).unwrap();
    let (code, _, errors) = run(at, &["import", "owners.json", "--into", "map"]);
    assert_eq!(code, 2);
    assert!(errors.contains("owners.json:4:"), "{errors}");
    assert!(!at.join("map").exists());
    let (code, _, errors) = run(
        at,
        &["import", "owners.json", "--into", "map", "--keep-going"],
    );
    assert_eq!(code, 1, "{errors}");
    assert!(
        errors.contains("owners.json:4:") && errors.contains("new: 2 players"),
        "{errors}"
    );
}
