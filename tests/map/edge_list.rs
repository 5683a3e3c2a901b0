//! Plain edge lists: against a naive reader, what is wrong in them, and the network that they give.

use indexmap::IndexMap;
use oxigraph::model::NamedNode;
use powermap::analysis::Position;
use powermap::format::csv::{self, Source, Table};
use powermap::format::edge_list::{self, EdgeList, EdgeListReader, PROBLEMS_MAX, file};
use powermap::model::vocabulary::expand;
use powermap::model::{Board, Family, Flow, Measure, Records};
use powermap::network::{Filter, Flows, Network};
use powermap::{Map, View};
use proptest::prelude::*;

fn read(text: &[u8]) -> Result<EdgeList, String> {
    let map = Map::built_in().unwrap();
    edge_list::read("e.csv", text, &map.records().unwrap().concepts).map_err(|error| {
        match error.hint() {
            Some(hint) => format!("{error} ({hint})"),
            None => error.to_string(),
        }
    })
}

fn network(text: &str) -> Network {
    let map = Map::built_in().unwrap();
    let list = read(text.as_bytes()).unwrap();
    Network::from_edges(list, &map.records().unwrap().concepts).unwrap()
}

/// The rows of a list as texts, for comparison.
fn rows(list: &EdgeList) -> Vec<(String, String, Option<f64>)> {
    let amount = |row: usize| {
        let amount = list.attributes.lower.as_ref()?[row];
        amount.is_finite().then_some(amount)
    };
    (0..list.from.len())
        .map(|row| {
            let id = |number| list.id(number).to_owned();
            (id(list.from[row]), id(list.to[row]), amount(row))
        })
        .collect()
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let cases: &[(&str, &str)] = &[
        ("", "e.csv:1:1: the list is empty"),
        ("form,to\n", "e.csv:1:1: the column 'form' is not known"),
        (
            "from,to,from\n",
            "e.csv:1:9: the column 'from' occurs twice",
        ),
        ("from,kind\n", "e.csv:1:1: the column 'to' is missing"),
        ("from,to,amount,upper\n", "e.csv:1:1: there are both"),
        ("from,to\na\n", "e.csv:2:2: this row has 1 cells"),
        ("from,to\na,b,c\n", "e.csv:2:5: this row has more than 2"),
        (
            "from,to\n\na,\n",
            "e.csv:3:3: column 2 'to': '' is not an id",
        ),
        (
            "from,to\n张,b c\n",
            "e.csv:2:3: column 2 'to': 'b c' is not an id",
        ),
        ("from,to\n\"a,b\n", "e.csv:2:1: this quote is not closed"),
        ("from,to\na\"b,c\n", "e.csv:2:2: a quote stands inside"),
        (
            "from,to\n\"a\"b,c\n",
            "e.csv:2:4: unexpected text after the closing quote",
        ),
        ("from,to,amount\na,b,NaN\n", "e.csv:2:5: "),
        ("from,to,amount\na,b,inf\n", "e.csv:2:5: "),
        ("from,to,amount\na,b,1e999\n", "e.csv:2:5: "),
        ("from,to,lower,upper\na,b,2,1\n", "e.csv:2:5: "),
        (
            "from,to,amount,unit\na,b,2,\n",
            "e.csv:2:5: the number has no unit",
        ),
        (
            "from,to,amount,unit\na,b,2,USB\n",
            "e.csv:2:7: column 4 'unit'",
        ),
        (
            "from,to,family\na,b,investmnet\n",
            "e.csv:2:5: column 3 'family'",
        ),
        (
            "from,to,kind\na,b,equty\n",
            "e.csv:2:5: column 3 'kind': 'equty' is not a known kind (did you mean 'equity'?)",
        ),
        ("from,to,status\na,b,sure\n", "e.csv:2:5: column 3 'status'"),
        (
            "from,to,since\na,b,2025-13\n",
            "e.csv:2:5: column 3 'since'",
        ),
        (
            "from,to,since,until\na,b,2025,2024\n",
            "e.csv:2:10: the edge ends before",
        ),
    ];
    for (text, expected) in cases {
        let error = read(text.as_bytes()).unwrap_err();
        assert!(error.starts_with(expected), "{text:?}: {error}");
    }
    let error = read(b"from,to\na,\xFF\n").unwrap_err();
    assert!(
        error.contains("e.csv:2:3:") && error.contains("UTF-8"),
        "{error}"
    );
}

#[test]
fn at_most_so_many_problems_are_told_and_wrong_rows_can_be_left_out() {
    let mut text = "from,to\n".to_owned();
    for _ in 0..50 {
        text.push_str("a,b\n,\n");
    }
    let error = read(text.as_bytes()).unwrap_err();
    assert_eq!(error.lines().count(), PROBLEMS_MAX + 1);
    assert!(
        error.ends_with("e.csv: 30 more rows are wrong, at least"),
        "{error}"
    );
    let concepts = IndexMap::new();
    let mut reader = EdgeListReader::new("e.csv", &concepts).skip_wrong_rows();
    reader.read(text.as_bytes()).unwrap();
    let list = reader.finish().unwrap();
    assert_eq!((list.from.len(), list.skipped.len()), (50, 50));
    assert_eq!(list.problems.len(), PROBLEMS_MAX);
    let network = Network::from_edges(list, &concepts).unwrap();
    assert_eq!(network.id(49), expand("row-99").unwrap());
}

#[test]
fn header_only_tabs_semicolons_byte_order_mark_and_line_ends() {
    assert_eq!(network("from,to\n").graph.edge_count(), 0);
    let expected = vec![("a".to_owned(), "b".to_owned(), Some(-0.25))];
    for text in [
        "\u{FEFF}from,to,amount\r\na,b,-0.25\r\n",
        "amount\tto\tfrom\n-0.25\tid:b\ta",
        "from;to;amount\n\"a\"; b ;-25e-2\n",
    ] {
        assert_eq!(rows(&read(text.as_bytes()).unwrap()), expected, "{text:?}");
    }
}

#[test]
fn the_same_network_as_that_of_the_board() {
    let text = "from,to,family,kind,since,lower,upper,unit,status\n\
        zeta,openai,investment,equity,2024,1,2,USD_bn,committed\n\
        amd,openai,supply,chips,2025-10,3,3,GW,announced\n\
        openai,https://example.org/x,investment,debt,2023-01-05,,7.5,EUR,completed\n\
        amd,openai,investment,warrant,2025,10,10,percent,announced\n";
    let map = Map::built_in().unwrap();
    let known = Records {
        concepts: map.records().unwrap().concepts.clone(),
        ..Records::default()
    };
    let edges = Source {
        name: "edges.csv",
        table: Table::Edges,
        bytes: text.as_bytes(),
    };
    let (mut records, _) = csv::read(&[edges], &known).strict().unwrap();
    records.concepts = known.concepts;
    let board = Board::resolve(&records, View::default());
    let expected = Network::from_board(&records, &board).unwrap();
    let found = network(text);
    assert_eq!(found.graph, expected.graph);
    assert_eq!(found.players, expected.players);
    for edge in 0..4 {
        let (left, right) = (&found.columns, &expected.columns);
        assert_eq!(left.family(edge), right.family(edge));
        assert_eq!(left.kind_of(edge), right.kind_of(edge));
        assert_eq!(left.status(edge), right.status(edge));
        assert_eq!(left.since(edge), right.since(edge));
        assert_eq!(left.until(edge), right.until(edge));
        for measure in Measure::ALL {
            assert_eq!(left.value(edge, measure), right.value(edge, measure));
        }
    }
}

#[test]
fn a_family_without_a_kind_has_its_general_flow() {
    let network = network("from,to,family\na,b,investment\na,c,supply\na,d,influence\n");
    let flows = Flows::of(&network, &[], |_| true).unwrap();
    assert_eq!(
        &*flows.flow,
        [Flow::Cash, Flow::Goods, Flow::Equity, Flow::Cash]
    );
    assert_eq!(network.columns.family(2), Family::Influence);
}

#[test]
fn a_file_is_read_in_blocks() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("edges.csv");
    let mut text = "from,to,amount\n".to_owned();
    for row in 0..400_000_u32 {
        text.push_str(&format!("n{},n{},{row}\n", row % 997, row % 1009));
    }
    std::fs::write(&path, &text).unwrap();
    let concepts = IndexMap::new();
    let reader = EdgeListReader::new("e.csv", &concepts);
    let list = file::read_file(&path, reader, |_| {}).unwrap();
    assert_eq!(rows(&list), rows(&read(text.as_bytes()).unwrap()));
    std::fs::write(&path, format!("{text}x\n")).unwrap();
    let reader = EdgeListReader::new("e.csv", &concepts);
    let error = file::read_file(&path, reader, |_| {}).unwrap_err();
    assert!(error.to_string().starts_with("e.csv:400002:2: "), "{error}");
}

fn quoted(cell: &str, quote: bool) -> String {
    match quote {
        true => format!("\"{cell}\""),
        false => cell.to_owned(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_same_as_a_naive_reader_with_any_number_of_threads(
        cells in prop::collection::vec(
            ("[a-z]{1,3}", "(id:)?[a-z张]{1,3}", prop::option::of(-1e12..1e12_f64), any::<(bool, bool, bool)>()),
            0..900,
        ),
        line_end in prop::sample::select(vec!["\n", "\r\n", "\n\n"]),
        separator in prop::sample::select(vec![',', '\t', ';']),
    ) {
        let mut text = ["from", "amount", "to"].join(&separator.to_string()) + line_end;
        for (from, to, amount, quotes) in &cells {
            let amount = amount.map_or(String::new(), |amount| amount.to_string());
            let row = [quoted(from, quotes.0), quoted(&amount, quotes.1), quoted(to, quotes.2)];
            text += &(row.join(&separator.to_string()) + line_end);
        }
        let mut naive = ::csv::ReaderBuilder::new().delimiter(separator as u8).from_reader(text.as_bytes());
        let expected: Vec<_> = naive.records().map(|row| {
            let row = row.unwrap();
            let short = |cell: &str| cell.strip_prefix("id:").unwrap_or(cell).to_owned();
            (short(&row[0]), short(&row[2]), row[1].parse().ok())
        }).collect();
        for threads in [1, 2, 5] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let list = pool.install(|| edge_list::read("e.csv", text.as_bytes(), &IndexMap::new())).unwrap();
            prop_assert_eq!(rows(&list), expected.clone());
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused_the_same_with_any_number_of_threads(
        body in prop::collection::vec(prop::sample::select(b"ab,,\n\n\"\r\xFF1- e".to_vec()), 0..20_000),
    ) {
        let text = [b"from,to,amount\n".to_vec(), body].concat();
        let read = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let concepts = IndexMap::new();
            let list = pool.install(|| {
                let mut reader = EdgeListReader::new("e.csv", &concepts).skip_wrong_rows();
                reader.read(&text).unwrap();
                reader.finish().unwrap()
            });
            (rows(&list), list.skipped, list.problems)
        };
        prop_assert_eq!(read(1), read(2));
    }
}

#[test]
fn what_is_gone_stays_gone_behind_a_filter() {
    let list = "from,to,family,amount\na,b,supply,1\na,b,investment,5\nb,a,supply,9\n";
    let position = Position::of_network(network(list));
    let row = |number: u32| {
        NamedNode::new_unchecked(format!("https://w3id.org/powermap/id/row-{number}"))
    };
    let filter = Filter {
        families: vec![Family::Supply],
        ..Filter::default()
    };
    let left = |position: &Position| -> Vec<NamedNode> {
        let lens = position.network().unwrap();
        lens.edges().map(|edge| lens.network.id(edge)).collect()
    };
    let without = position.without(&[], &[row(1)]).unwrap();
    assert_eq!(left(&without), [row(2), row(3)]);
    assert_eq!(left(&without.filtered(filter.clone())), [row(3)]);
    // The other way round, and again without the filter.
    let filtered = position.filtered(filter).without(&[], &[row(1)]).unwrap();
    assert_eq!(left(&filtered), [row(3)]);
    assert_eq!(
        left(&filtered.filtered(Filter::default())),
        [row(2), row(3)]
    );
}
