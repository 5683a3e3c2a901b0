//! Tables of Parquet: maps and records survive them, edge lists in them are those of CSV, and what is wrong is told with its
//! place.

#![allow(clippy::unwrap_used, reason = "a test that fails is meant to panic")]

use crate::csv_round_trip::records;
use arrow_array::builder::StringDictionaryBuilder;
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, LargeStringArray, RecordBatch,
    StringArray, StringViewArray, TimestampMicrosecondArray,
};
use indexmap::IndexMap;
use parquet::arrow::ArrowWriter;
use powermap::Map;
use powermap::format::edge_list::{self, EdgeList, EdgeListReader};
use powermap::format::tables::{self, ArrowTable};
use powermap::model::Records;
use powermap::model::generate::{self, GenerateOptions};
use powermap::network::Network;
use proptest::prelude::*;
use std::path::Path;
use std::sync::Arc;

/// Writes all tables of some records and reads them again.
fn round(records: &Records, folder: &Path) -> Records {
    let written = tables::write(records).unwrap();
    let paths: Vec<_> = written
        .iter()
        .map(|(table, batch)| {
            let path = folder.join(format!("{}.parquet", table.name()));
            std::fs::write(&path, tables::parquet(*table, batch, &[]).unwrap()).unwrap();
            path
        })
        .collect();
    let files: Vec<_> = paths.iter().map(|path| (path.as_path(), "x")).collect();
    tables::read(&files).unwrap()
}

/// The records of a map in the form in which tables give them: without concepts, with a name for each claim.
fn plain(records: &Records) -> Records {
    let mut plain = records.clone();
    plain.concepts.clear();
    assert!(plain.claims.keys().all(|id| id.is_named_node()));
    plain
}

#[test]
fn the_built_in_map_survives_its_files_and_its_board_too() {
    let map = Map::built_in().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let written = map.parquet().unwrap();
    assert_eq!(
        map.parquet().unwrap(),
        written,
        "the bytes are always the same"
    );
    assert_eq!(written.files.len(), 10);
    for (name, bytes) in &written.files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let read = Map::open(folder.path()).unwrap();
    let (found, expected) = (read.records().unwrap(), map.records().unwrap());
    // RDF keeps no order of several aliases.
    let sorted = |records: &Records| {
        let mut sorted = records.clone();
        for player in sorted.players.values_mut() {
            player.aliases.sort_unstable();
        }
        for claim in sorted.claims.values_mut() {
            claim.fact_ids.sort_unstable();
        }
        sorted
    };
    assert!(sorted(found) == sorted(expected), "the records differ");
    assert!(
        read.board().unwrap() == map.board().unwrap(),
        "the boards differ"
    );
    assert!(read.problems().unwrap().is_empty());
}

#[test]
fn a_generated_map_survives_its_tables() {
    let folder = tempfile::tempdir().unwrap();
    let map = generated();
    assert_eq!(round(&map, folder.path()), plain(&map));
}

fn generated() -> Records {
    let options = GenerateOptions {
        players: 60,
        edges: 300,
        seed: 7,
        skew: 1.0,
        from: "2020-01-01".parse().unwrap(),
        to: "2025-12-31".parse().unwrap(),
    };
    generate::records(&options).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn records_survive_tables(records in records()) {
        let folder = tempfile::tempdir().unwrap();
        prop_assert_eq!(round(&records, folder.path()), plain(&records));
    }

    #[test]
    fn damaged_files_are_errors_and_never_a_panic(at in any::<prop::sample::Index>(), bit in 0..8_u32, cut in any::<bool>()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("claims.parquet");
        let map = Map::built_in().unwrap();
        let batch = map.arrow_table(ArrowTable::Claims).unwrap().slice(0, 40);
        let mut bytes = tables::parquet(ArrowTable::Claims, &batch, &[]).unwrap();
        let at = at.index(bytes.len());
        match cut {
            true => bytes.truncate(at),
            false => bytes[at] ^= 1_u8 << bit,
        }
        std::fs::write(&path, &bytes).unwrap();
        let read = tables::read(&[(&path, "claims.parquet")]);
        prop_assert!(!cut || read.is_err());
    }
}

/// A file of these columns.
fn file(folder: &Path, name: &str, columns: &[(&str, ArrayRef)]) -> std::path::PathBuf {
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns
            .iter()
            .map(|(name, array)| (*name, Arc::clone(array), true)),
    )
    .unwrap();
    let path = folder.join(name);
    let out = std::fs::File::create(&path).unwrap();
    let mut writer = ArrowWriter::try_new(out, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    path
}

fn texts(texts: &[Option<&str>]) -> ArrayRef {
    Arc::new(texts.iter().copied().collect::<StringArray>())
}

#[test]
fn what_is_wrong_with_a_table_is_told_with_its_place() {
    let a = || texts(&[Some("a"), Some("b")]);
    let family = || texts(&[Some("supply"), Some("suply")]);
    let ends = || vec![("id", a()), ("from", a()), ("to", a())];
    let with = |more: (&'static str, ArrayRef)| {
        let mut columns = ends();
        columns.push(more);
        columns
    };
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1, 2]));
    let cases = [
        ("edges.parquet", ends(), "the column 'family' is missing"),
        (
            "edges.parquet",
            with(("family", family())),
            "row 2, column 'family': ",
        ),
        (
            "edges.parquet",
            with(("famly", family())),
            "the column 'famly' is not known: expected id, from",
        ),
        (
            "edges.parquet",
            with(("family", numbers)),
            "the column 'family' has the type Int64: expected text",
        ),
        (
            "deals.parquet",
            vec![("id", texts(&[Some("a"), None]))],
            "row 2, column 'id': is null",
        ),
        (
            "deals.parquet",
            vec![("id", texts(&[Some("a"), Some("a")]))],
            "row 2, column 'id': 'a' is the id of another row of this file",
        ),
        (
            "people.parquet",
            vec![("id", a())],
            "'people' is no table of a map: expected players",
        ),
        (
            "deals.parquet",
            vec![
                ("id", a()),
                (
                    "announced",
                    Arc::new(TimestampMicrosecondArray::from(vec![0, 1]).with_timezone("UTC")) as _,
                ),
            ],
            "the column 'announced' has the type Timestamp",
        ),
        (
            "deals.parquet",
            vec![
                ("id", a()),
                (
                    "announced",
                    Arc::new(Date32Array::from(vec![0, i32::MAX])) as _,
                ),
            ],
            "row 2, column 'announced': the day is before the year 1 or after the year 9999",
        ),
        (
            "claims.parquet",
            vec![
                ("id", a()),
                ("about", a()),
                (
                    "lower",
                    Arc::new(Float64Array::from(vec![None, Some(1.0)])) as _,
                ),
            ],
            "row 2, column 'unit': is null, and the row has a number",
        ),
        (
            "claims.parquet",
            vec![
                ("id", a()),
                ("about", a()),
                (
                    "lower",
                    Arc::new(Float64Array::from(vec![None, Some(f64::NAN)])) as _,
                ),
                ("unit", texts(&[None, Some("USD")])),
            ],
            "row 2, column 'lower': ",
        ),
    ];
    for (name, columns, expected) in cases {
        let folder = tempfile::tempdir().unwrap();
        file(folder.path(), name, &columns);
        let error = Map::open(folder.path()).unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("{name}: {expected}")),
            "{error}\nis not: {expected}"
        );
    }
}

#[test]
fn files_that_are_cut_encrypted_or_of_another_version_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("edges.parquet");
    let batch = Map::built_in()
        .unwrap()
        .arrow_table(ArrowTable::Edges)
        .unwrap();
    let bytes = tables::parquet(ArrowTable::Edges, &batch, &[]).unwrap();
    let error = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        Map::open(&path).unwrap_err().to_string()
    };
    let whole = "edges.parquet: this is no whole Parquet file";
    assert!(error(&bytes[..bytes.len() / 2]).starts_with(whole));
    assert!(error(&bytes[..3]).starts_with(whole));
    assert!(error(b"").starts_with(whole));
    let mut encrypted = bytes[..bytes.len() - 4].to_vec();
    encrypted.extend_from_slice(b"PARE");
    assert_eq!(error(&encrypted), "edges.parquet: the file is encrypted");
    let damaged = [b"PAR1".as_slice(), &[0xff; 40], b"PAR1"].concat();
    assert!(error(&damaged).starts_with("edges.parquet: the file cannot be read: "));
    let version = bytes
        .windows(17)
        .position(|at| at.starts_with(b"powermap.schema"))
        .unwrap();
    let mut other = bytes.clone();
    let place = version
        + other[version..]
            .iter()
            .position(|byte| *byte == b'1')
            .unwrap();
    other[place] = b'9';
    assert_eq!(
        error(&other),
        "edges.parquet: the schema has the version 9: expected 1"
    );
}

fn list_of(columns: &[(&str, ArrayRef)]) -> Result<EdgeList, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "list.parquet", columns);
    let map = Map::built_in().unwrap();
    let reader = EdgeListReader::new("list.parquet", &map.records().unwrap().concepts);
    edge_list::file::read_file(&path, reader, |_| {}).map_err(|error| error.to_string())
}

#[test]
fn an_edge_list_in_parquet_is_the_one_in_csv() {
    let csv = b"from,to,family,kind,status,since,until,lower,upper,unit\n\
        a,b,investment,equity,planned,2025,2026-03,1,2,USD_bn\n\
        b,a,supply,,,,,,,\n\
        pm:x,a,investment,equity,completed,2024-02-28,,,5,EUR\n";
    let map = Map::built_in().unwrap();
    let concepts = &map.records().unwrap().concepts;
    let expected = edge_list::read("list.csv", csv, concepts).unwrap();
    let float =
        |numbers: [Option<f64>; 3]| Arc::new(Float64Array::from(numbers.to_vec())) as ArrayRef;
    let columns = [
        ("note", texts(&[Some("x"), None, None])),
        ("from", texts(&[Some("a"), Some("b"), Some("pm:x")])),
        ("to", texts(&[Some("b"), Some("a"), Some("a")])),
        (
            "family",
            texts(&[Some("investment"), Some("supply"), Some("investment")]),
        ),
        ("kind", texts(&[Some("equity"), None, Some("equity")])),
        ("status", texts(&[Some("planned"), None, Some("completed")])),
        ("since", texts(&[Some("2025"), None, Some("2024-02-28")])),
        ("until", texts(&[Some("2026-03"), None, None])),
        ("lower", float([Some(1.0), None, None])),
        ("upper", float([Some(2.0), None, Some(5.0)])),
        ("unit", texts(&[Some("USD_bn"), None, Some("EUR")])),
    ];
    let list = list_of(&columns).unwrap();
    assert_eq!((&list.from, &list.to), (&expected.from, &expected.to));
    assert_eq!(list.attributes, expected.attributes);
    let network = |list| Network::from_edges(list, concepts).unwrap();
    assert_eq!(network(list), network(expected));
}

#[test]
fn edges_come_in_every_type_that_holds_names() {
    let concepts = IndexMap::new();
    let read = |from: ArrayRef, to: ArrayRef| {
        let batch = RecordBatch::try_from_iter([("from", from), ("to", to)]).unwrap();
        let mut reader = EdgeListReader::new("frame", &concepts);
        // The same table twice, as the parts of a larger one come.
        reader.read_table(&batch).unwrap();
        reader.read_table(&batch).unwrap();
        let list = reader.finish().unwrap();
        let id = |number: &u32| list.id(*number).to_owned();
        let pairs = list
            .from
            .iter()
            .zip(&list.to)
            .map(|(from, to)| (id(from), id(to)));
        pairs.collect::<Vec<_>>()
    };
    let words = ["1", "2", "1"];
    let dictionary = || {
        let mut builder = StringDictionaryBuilder::<Int32Type>::new();
        words.iter().for_each(|word| builder.append_value(word));
        Arc::new(builder.finish()) as ArrayRef
    };
    let expected = read(
        Arc::new(StringArray::from(words.to_vec())),
        Arc::new(StringArray::from(words.to_vec())),
    );
    let all: [ArrayRef; 5] = [
        Arc::new(LargeStringArray::from(words.to_vec())),
        Arc::new(StringViewArray::from(words.to_vec())),
        Arc::new(Int64Array::from(vec![1, 2, 1])),
        Arc::new(arrow_array::UInt32Array::from(vec![1, 2, 1])),
        dictionary(),
    ];
    for column in all {
        assert_eq!(read(Arc::clone(&column), column), expected);
    }
}

#[test]
fn what_is_wrong_with_an_edge_list_is_told_with_its_place() {
    let a = || texts(&[Some("a"), Some("b")]);
    let with = |name: &'static str, column: ArrayRef| {
        list_of(&[("from", a()), ("to", a()), (name, column)]).unwrap_err()
    };
    assert_eq!(
        list_of(&[("source", a()), ("to", a())]).unwrap_err(),
        "list.parquet: the column 'from' is missing"
    );
    assert_eq!(
        list_of(&[("from", texts(&[Some("a"), None])), ("to", a())]).unwrap_err(),
        "list.parquet: row 2, column 'from': is null: each edge has two ends"
    );
    assert_eq!(
        list_of(&[
            ("from", Arc::new(BooleanArray::from(vec![true, false]))),
            ("to", a())
        ])
        .unwrap_err(),
        "list.parquet: the column 'from' has the type Boolean: expected text or whole numbers"
    );
    assert!(with("amount", a()).contains("has the type Dictionary(Int32, Utf8): expected numbers"));
    assert!(
        with("kind", texts(&[Some("equity"), Some("eqity")]))
            .contains("row 2, column 'kind': 'eqity' is not a known kind")
    );
    assert!(
        with(
            "since",
            Arc::new(TimestampMicrosecondArray::from(vec![0, 1]))
        )
        .contains("expected days or text, without a time of day")
    );
}

#[test]
fn the_board_of_a_map_is_no_edge_list() {
    let map = Map::built_in().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("board.parquet");
    let batch = map.arrow_table(ArrowTable::Board).unwrap();
    std::fs::write(
        &path,
        tables::parquet(ArrowTable::Board, &batch, &[]).unwrap(),
    )
    .unwrap();
    let reader = EdgeListReader::new("board.parquet", &map.records().unwrap().concepts);
    let error = edge_list::file::read_file(&path, reader, |_| {}).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("board.parquet: this is the board of a map"),
        "{error}"
    );
    let other = folder.path().join("edges.parquet");
    let players = map.arrow_table(ArrowTable::Players).unwrap();
    std::fs::write(
        &other,
        tables::parquet(ArrowTable::Players, &players, &[]).unwrap(),
    )
    .unwrap();
    let error = Map::open(&other).unwrap_err().to_string();
    assert_eq!(
        error,
        "edges.parquet: the file says that it is the table players, not edges"
    );
}
