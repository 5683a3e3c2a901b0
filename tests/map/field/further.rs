//! Files that say more of what the map has already.

use powermap::Map;
use powermap::format::field::LeftOutReason;
use powermap::map::{Known, NewFile};
use powermap::model::vocabulary::expand;
use powermap::model::{Edge, Measure};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder with given files, and a map that they go into.
struct Deliveries {
    given: TempDir,
    map: TempDir,
}

impl Deliveries {
    fn new() -> Self {
        Self {
            given: tempfile::tempdir().unwrap(),
            map: tempfile::tempdir().unwrap(),
        }
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.given.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// Imports files in one go, as the program does.
    fn import(&self, paths: &[PathBuf]) -> Result<Map, String> {
        let mut known = Known::new(self.map.path(), paths, &[]);
        let files: Vec<_> = paths
            .iter()
            .map(|path| {
                NewFile::of_field(path, &mut known, false)
                    .unwrap()
                    .unwrap()
                    .0
            })
            .collect();
        let imported = Map::import(self.map.path(), &files, false);
        imported
            .map(|done| done.map)
            .map_err(|error| error.to_string())
    }
}

impl Deliveries {
    /// What of a file is not in the map since that says otherwise: its kind, and the rest of the example after the file.
    fn counted(&self, path: &PathBuf) -> Vec<(String, String)> {
        let mut known = Known::new(self.map.path(), std::slice::from_ref(path), &[]);
        let (_, report) = NewFile::of_field(path, &mut known, false).unwrap().unwrap();
        let kinds = report.left_out.iter();
        let kinds = kinds.filter(|one| one.reason == LeftOutReason::SaidOtherwise);
        let rest = |example: &str| example.rsplit_once(".json").unwrap().1.to_owned();
        kinds
            .map(|one| (one.kind.clone(), rest(&one.examples[0])))
            .collect()
    }
}

fn edge(map: &Map, id: &str) -> Edge {
    map.records().unwrap().edges[&expand(id).unwrap()].clone()
}

fn days(edge: &Edge) -> (Option<String>, Option<String>) {
    let day = |day: Option<powermap::model::TimeSpan>| day.map(|day| day.to_string());
    (day(edge.since), day(edge.until))
}

/// A statement about who has which interests in a firm.
fn statement(number: u8, day: &str, status: &str, interests: &[(&str, f64, &str)]) -> String {
    let interests: Vec<_> = interests
        .iter()
        .map(|(sort, share, since)| {
            format!(r#"{{"type":"{sort}","share":{{"exact":{share}}},"startDate":"{since}"}}"#)
        })
        .collect();
    format!(
        r#"{{"statementId":"statement-number-{number}-of-this-relationship","statementDate":"{day}","recordId":"held","recordType":"relationship","recordStatus":"{status}","recordDetails":{{"subject":"firm","interestedParty":"ada","interests":[{}]}},"publicationDetails":{{"publicationDate":"{day}","bodsVersion":"0.4","publisher":{{"name":"A register"}}}}}}"#,
        interests.join(",")
    )
}

#[test]
fn statements_in_several_deliveries_say_what_they_say_in_one_file() {
    let statements = [
        statement(
            1,
            "2020-01-20",
            "new",
            &[
                ("shareholding", 100.0, "2010-03-09"),
                ("boardChair", 0.0, "2010-03-09"),
            ],
        ),
        statement(
            2,
            "2021-09-25",
            "updated",
            &[("shareholding", 40.0, "2021-09-24")],
        ),
        statement(
            3,
            "2022-09-25",
            "updated",
            &[("shareholding", 30.0, "2022-09-21")],
        ),
        statement(
            4,
            "2023-03-03",
            "closed",
            &[("shareholding", 30.0, "2022-09-21")],
        ),
    ];
    let whole = Deliveries::new();
    let all = whole.file("all.json", &format!("[{}]", statements.join(",")));
    let whole = whole.import(&[all]).unwrap();
    let held = "bods-held-interest";
    assert_eq!(
        days(&edge(&whole, held)),
        (Some("2010-03-09".to_owned()), Some("2023-03-02".to_owned()))
    );
    let chair = edge(&whole, "bods-held-chair");
    assert_eq!(chair.until.unwrap().to_string(), "2021-09-24");

    // One after the other, and in one go.
    for is_at_once in [false, true] {
        let cut = Deliveries::new();
        let paths: Vec<_> = statements
            .iter()
            .zip(["1.json", "2.json", "3.json", "4.json"])
            .map(|(text, name)| cut.file(name, &format!("[{text}]")))
            .collect();
        let map = match is_at_once {
            true => cut.import(&paths).unwrap(),
            false => {
                let mut maps: Vec<_> = paths.chunks(1).map(|path| cut.import(path)).collect();
                assert!(maps.iter().all(Result::is_ok), "{maps:?}");
                maps.remove(3).unwrap()
            }
        };
        assert!(map.problems().unwrap().is_empty());
        assert_eq!(map.records().unwrap().edges, whole.records().unwrap().edges);
        assert_eq!(
            map.records().unwrap().claims,
            whole.records().unwrap().claims
        );
    }
}

fn owned(share: &str, since: &str, until: &str, said: &str) -> String {
    format!(
        r#"{{"id":"acme","schema":"Company","properties":{{"name":["Acme"]}}}}
{{"id":"ada","schema":"Person","properties":{{"name":["Ada"]}}}}
{{"id":"own","schema":"Ownership","properties":{{"owner":["ada"],"asset":["acme"],"percentage":["{share}"],"startDate":["{since}"]{until}}},"last_change":"{said}"}}
"#
    )
}

#[test]
fn what_is_said_last_of_an_edge_counts_whatever_its_start() {
    let both = Deliveries::new();
    let first = both.file("first.json", &owned("40", "2020-01-01", "", "2024-05-05"));
    both.import(&[first]).unwrap();
    let second = both.file("second.json", &owned("60", "2021-01-01", "", "2024-09-09"));
    let (map, told) = (both.counted(&second), both.import(&[second]));
    assert_eq!(
        map,
        [("since".to_owned(), ": ftm-own: 2021-01-01".to_owned())]
    );
    let map = told.unwrap();
    let since = edge(&map, "ftm-own").since.unwrap().to_string();
    assert_eq!(since, "2020-01-01");
    let own = &map.board().unwrap().edges[&expand("ftm-own").unwrap()];
    let share = own.value(Measure::Share).unwrap().quantity;
    assert_eq!(share.point(), Some(60.0));
}

#[test]
fn an_end_that_the_map_has_otherwise_is_counted() {
    let both = Deliveries::new();
    let end = |day: &str| format!(r#","endDate":["{day}"]"#);
    let first = both.file(
        "first.json",
        &owned("40", "2020-01-01", &end("2022-05-05"), "2024-05-05"),
    );
    both.import(&[first]).unwrap();
    let text = owned("40", "2020-01-01", &end("2023-05-05"), "2024-05-05");
    let second = both.file("second.json", &text);
    assert_eq!(
        both.counted(&second),
        [("until".to_owned(), ": ftm-own: 2023-05-05".to_owned())]
    );
    let map = both.import(&[second]).unwrap();
    let until = edge(&map, "ftm-own").until.unwrap().to_string();
    assert_eq!(until, "2022-05-05");
}

#[test]
fn what_cannot_be_read_with_the_map_is_told_with_its_file_and_line() {
    let both = Deliveries::new();
    let first = both.file("first.json", &owned("40", "2020-01-01", "", "2024-05-05"));
    both.import(&[first]).unwrap();
    let import = |name: &str| {
        let text = "@prefix pm: <https://w3id.org/powermap/ns#> .\n@prefix id: <https://w3id.org/powermap/id/> .\nid:ftm-own pm:since \"2021-01-01\"^^<http://www.w3.org/2001/XMLSchema#date> .\n";
        let file = NewFile {
            name: name.to_owned(),
            bytes: text.as_bytes().to_vec(),
            format: powermap_rdf::Format::Turtle,
            table: None,
        };
        Map::import(both.map.path(), &[file], false)
            .unwrap_err()
            .to_string()
    };
    let error = import("more.ttl");
    assert!(
        error.starts_with(
            "more.ttl:3: id:ftm-own, pm:since: one value is expected, and there is a second one"
        ),
        "{error}"
    );
    assert!(!error.contains("left out"), "{error}");
    assert!(import("more.json").starts_with("more.json: id:ftm-own"));
    assert!(!Path::new(&both.map.path().join("more.ttl")).exists());
}
