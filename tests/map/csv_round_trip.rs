//! Records to tables and back: for records and tables of any shape, nothing is lost and nothing panics.

#![allow(clippy::unwrap_used, reason = "a test that fails is meant to panic")]

use oxigraph::model::{NamedNode, NamedOrBlankNode};
use powermap::format::csv::{self, Reading, Source, Table, Written};
use powermap::model::vocabulary::{ID, PM};
use powermap::model::{
    Claim, Day, Deal, Document, Edge, Family, Identifier, Identity, Labels, Modality, Observation,
    Period, Player, PlayerType, Quantity, Records, Stance, Status, Tier, TimeSpan, Topic, Unit,
};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::collections::BTreeMap;

fn read_back(written: &Written) -> Reading {
    let names: Vec<_> = written
        .tables
        .iter()
        .map(|(t, _)| format!("{}.csv", t.name()))
        .collect();
    let sources: Vec<_> = written
        .tables
        .iter()
        .zip(&names)
        .map(|((table, text), name)| Source {
            name,
            table: *table,
            bytes: text.as_bytes(),
        })
        .collect();
    csv::read(&sources, &Records::default())
}

/// IRIs that are written in every way there is: bare, full, in angle brackets.
fn iri() -> impl Strategy<Value = NamedNode> {
    prop_oneof![
        4 => "[a-z][a-z0-9-]{0,6}".prop_map(|local| format!("{ID}{local}")),
        1 => "[a-z]{1,3}:[a-z]{1,3}".prop_map(|local| format!("{ID}{local}")),
        1 => "[a-zé甲]{1,4}(/[a-z]{1,3})?(#[a-z])?".prop_map(|path| format!("https://example.com/{path}")),
        1 => "(pm|id|schema|urn):[a-z]{1,4}".prop_map(|iri| iri),
    ]
    .prop_filter_map("not an IRI", |iri| NamedNode::new(iri).ok())
}

fn concept() -> impl Strategy<Value = NamedNode> {
    prop_oneof![
        select(vec![
            "Equity",
            "Chips",
            "GPU",
            "equity",
            "Gpu2Output",
            "A-b"
        ])
        .prop_map(|local| NamedNode::new_unchecked(format!("{PM}{local}"))),
        iri(),
    ]
}

/// Text with all that tables have trouble with.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ ,;\"\\\\\r\n\t|'a-c=+@-]{1,12}",
        "[^\0]{1,8}",
        "[a-zA-Z ]{1,20}",
        Just("true".to_owned()),
    ]
}

fn labels() -> impl Strategy<Value = Labels> {
    let tag = select(vec!["", "en", "zh", "ja", "zh-hans", "kok"]);
    btree_map(tag, text(), 0..3).prop_map(|texts| {
        let mut labels = Labels::default();
        for (tag, text) in texts {
            labels.insert(tag, &text);
        }
        labels
    })
}

fn period() -> impl Strategy<Value = Period> {
    let year = 1..=9999i16;
    prop_oneof![
        (year.clone(), 1..=12i8, 1..=28i8)
            .prop_filter_map("no day", |(y, m, d)| Day::new(y, m, d).map(Period::Day)),
        (year.clone(), 1..=12i8).prop_map(|(y, m)| Period::Month(y, m)),
        (year.clone(), 1..=4i8).prop_map(|(y, q)| Period::Quarter(y, q)),
        (year.clone(), 1..=2i8).prop_map(|(y, h)| Period::Half(y, h)),
        year.prop_map(Period::Year),
    ]
}

fn time() -> impl Strategy<Value = TimeSpan> {
    prop_oneof![
        period().prop_map(TimeSpan::At),
        period().prop_map(|from| TimeSpan::Range(Some(from), None)),
        period().prop_map(|to| TimeSpan::Range(None, Some(to))),
        (period(), period()).prop_map(|(a, b)| {
            let (from, to) = if a.first() <= b.last() {
                (a, b)
            } else {
                (b, a)
            };
            TimeSpan::Range(Some(from), Some(to))
        }),
    ]
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>().prop_filter("finite", |n| n.is_finite()),
        (-1000i64..1_000_000).prop_map(|n| n as f64 * 1e6),
        select(vec![0.0, -0.0, 0.1, 1e-300, f64::MAX, f64::MIN_POSITIVE]),
    ]
}

fn unit() -> impl Strategy<Value = Unit> {
    let mut units: Vec<_> = Unit::named().collect();
    units.push(Unit::USD);
    select(units)
}

fn quantity() -> impl Strategy<Value = Quantity> {
    let bounds = (option::of(number()), option::of(number()))
        .prop_filter("open on both sides", |(a, b)| a.is_some() || b.is_some());
    let bounds = prop_oneof![bounds, number().prop_map(|n| (Some(n), Some(n)))];
    (bounds, unit(), any::<bool>()).prop_map(|((a, b), unit, approximate)| {
        let (lower, upper) = match (a, b) {
            (Some(a), Some(b)) => (Some(a.min(b)), Some(a.max(b))),
            open => open,
        };
        Quantity::new(lower, upper, unit, approximate).expect("the bounds are in order")
    })
}

fn player() -> impl Strategy<Value = Player> {
    let rest = (
        labels(),
        vec(text(), 0..3),
        option::of(text()),
        option::of(iri()),
    );
    (select(PlayerType::ALL), rest).prop_map(|(player_type, (labels, aliases, note, part_of))| {
        Player {
            player_type,
            labels,
            aliases,
            note,
            part_of,
        }
    })
}

/// The schemes that have names of their own, one without a name, and values that these have.
const IDENTIFIERS: &[(&str, &[&str])] = &[
    (
        "https://w3id.org/powermap/ns#LEI",
        &["HWUPKR0MPOU8FGXBT394", "549300S4KLFTLO7GSQ80"],
    ),
    (
        "https://w3id.org/powermap/ns#GB-COH",
        &["01;2", "x\\y", "é,\"q\"", "a:b"],
    ),
    ("https://w3id.org/powermap/ns#lei", &["of my own"]),
    ("https://example.org/scheme", &["1", "a\nb"]),
];

fn identifier() -> impl Strategy<Value = (Index, bool, Identifier)> {
    let one = select(IDENTIFIERS).prop_flat_map(|(scheme, values)| (Just(scheme), select(values)));
    (any::<Index>(), any::<bool>(), one).prop_map(|(player, has_own_id, (scheme, value))| {
        let identifier = Identifier {
            player: NamedNode::new_unchecked("urn:x"),
            scheme: NamedNode::new_unchecked(scheme),
            value: value.to_owned(),
        };
        (player, has_own_id, identifier)
    })
}

/// The id that reading gives an identifier without one.
fn id_of_content(identifier: &Identifier) -> NamedNode {
    let text = format!(
        "player,scheme,value\n<{}>,<{}>,\"{}\"\n",
        identifier.player.as_str(),
        identifier.scheme.as_str(),
        identifier.value.replace('"', "\"\"")
    );
    let mut known = Records::default();
    let player = Player {
        player_type: PlayerType::Company,
        labels: Labels::default(),
        aliases: Vec::new(),
        note: None,
        part_of: None,
    };
    known.players.insert(identifier.player.clone(), player);
    let table = Source {
        name: "identifiers.csv",
        table: Table::Identifiers,
        bytes: text.as_bytes(),
    };
    let (read, _) = csv::read(&[table], &known).strict().unwrap();
    read.identifiers.keys().next().unwrap().clone()
}

fn identity() -> impl Strategy<Value = [Index; 2]> {
    any::<[Index; 2]>()
}

fn deal() -> impl Strategy<Value = Deal> {
    (
        any::<bool>(),
        labels(),
        option::of(time()),
        option::of(text()),
    )
        .prop_map(|(is_event, labels, announced, note)| Deal {
            is_event,
            labels,
            announced,
            note,
        })
}

fn document() -> impl Strategy<Value = Document> {
    let url = option::of(iri().prop_map(NamedNode::into_string));
    let tier = option::of(select(Tier::ALL));
    (option::of(text()), labels(), option::of(time()), url, tier).prop_map(
        |(title, labels, issued, url, tier)| Document {
            title,
            labels,
            issued,
            url,
            tier,
        },
    )
}

/// An edge between players and in a deal that are chosen later.
fn edge() -> impl Strategy<Value = ([Index; 3], Edge)> {
    let what = (select(Family::ALL), option::of(concept()), labels());
    let components = proptest::collection::btree_set(iri(), 0..3);
    let when = (option::of(time()), option::of(time()), option::of(iri()));
    (any::<[Index; 3]>(), what, when, components).prop_map(|(ends, what, when, components)| {
        let ((family, kind, labels), (since, until, part_of_total)) = (what, when);
        let components = components.into_iter().collect();
        let unset = NamedNode::new_unchecked(ID);
        let (from, to, deal) = (unset.clone(), unset, None);
        (
            ends,
            Edge {
                family,
                kind,
                from,
                to,
                deal,
                since,
                until,
                part_of_total,
                components,
                labels,
            },
        )
    })
}

fn observation() -> impl Strategy<Value = Observation> {
    let parts = (
        iri(),
        concept(),
        option::of(time()),
        option::of(iri()),
        labels(),
    );
    parts.prop_map(
        |(subject, metric, period, part_of_total, labels)| Observation {
            subject,
            metric,
            period,
            deal: None,
            part_of_total,
            labels,
        },
    )
}

fn claim() -> impl Strategy<Value = Claim> {
    let what = (
        option::of(quantity()),
        option::of(select(Status::ALL)),
        option::of(any::<bool>()),
        select(Modality::ALL),
        option::of(select(Stance::ALL)),
        option::of(iri()),
    );
    let who = (
        iri(),
        option::of(iri()),
        option::of(text()),
        labels(),
        option::of(text()),
    );
    let when = (option::of(time()), option::of(time()), option::of(time()));
    (iri(), what, who, when, vec(text(), 0..3)).prop_map(|(about, what, who, when, fact_ids)| {
        let (quantity, status, same, modality, stance, qualifies) = what;
        let (speaker, attributed_to, locator, text, as_printed) = who;
        let (said, holds_from, period) = when;
        // Text has columns for all languages.
        Claim {
            quantity,
            status,
            same,
            modality,
            stance,
            qualifies,
            asserted_by: Some(speaker),
            attributed_to,
            locator,
            said,
            holds_from,
            period,
            text,
            as_printed,
            fact_ids,
            ..Claim::about(about)
        }
    })
}

fn map<T: std::fmt::Debug>(
    value: impl Strategy<Value = T>,
    least: usize,
) -> impl Strategy<Value = BTreeMap<String, T>> {
    btree_map(iri().prop_map(NamedNode::into_string), value, least..4)
}

/// Records in which everything that is needed is there: every edge and observation has a claim, every claim a
/// document.
pub(super) fn records() -> impl Strategy<Value = Records> {
    let nodes = (
        map(player(), 1),
        map(labels(), 0),
        map(deal(), 1),
        map(document(), 1),
    );
    let who = (map(identifier(), 0), map(identity(), 0));
    let rest = (map(edge(), 0), map(observation(), 0), map(claim(), 0));
    let about = vec((iri(), any::<Index>(), claim()), 16);
    (nodes, who, rest, about).prop_map(|((players, topics, deals, documents), who, rest, about)| {
        let (identifiers, identities) = who;
        let (edges, observations, claims) = rest;
        let node = |iri: String| NamedNode::new_unchecked(iri);
        let mut records = Records::default();
        for (id, labels) in topics {
            if !players.contains_key(&id) {
                records.topics.insert(node(id), Topic { labels });
            }
        }
        records
            .players
            .extend(players.into_iter().map(|(id, player)| (node(id), player)));
        records
            .deals
            .extend(deals.into_iter().map(|(id, deal)| (node(id), deal)));
        records.documents.extend(
            documents
                .into_iter()
                .map(|(id, document)| (node(id), document)),
        );
        for (id, ([from, to, deal], mut edge)) in edges {
            edge.from = records
                .players
                .keys()
                .nth(from.index(records.players.len()))
                .cloned()
                .expect("one");
            edge.to = records
                .players
                .keys()
                .nth(to.index(records.players.len()))
                .cloned()
                .expect("one");
            edge.deal = records
                .deals
                .keys()
                .nth(deal.index(records.deals.len()))
                .cloned();
            let id = node(id);
            // Tables refuse it.
            edge.components.retain(|part| *part != id);
            records.edges.insert(id, edge);
        }
        for (id, (player, has_own_id, mut identifier)) in identifiers {
            let place = player.index(records.players.len());
            identifier.player = records.players.keys().nth(place).cloned().expect("one");
            let id = match has_own_id {
                true => node(id),
                false => id_of_content(&identifier),
            };
            records.identifiers.insert(id, identifier);
        }
        for (id, places) in identities {
            let of = |place: Index| {
                let place = place.index(records.players.len());
                records.players.keys().nth(place).cloned().expect("one")
            };
            if let Some(identity) = Identity::between(of(places[0]), of(places[1])) {
                records.identities.insert(node(id), identity);
            }
        }
        records
            .observations
            .extend(observations.into_iter().map(|(id, one)| (node(id), one)));
        let things = records
            .edges
            .keys()
            .chain(records.observations.keys())
            .chain(records.identities.keys())
            .chain(records.identifiers.keys().take(1))
            .cloned();
        let of_things = things.zip(about).map(|(thing, (id, _, claim))| {
            (
                id,
                Claim {
                    about: thing,
                    ..claim
                },
            )
        });
        let claims: Vec<_> = claims
            .into_iter()
            .map(|(id, claim)| (node(id), claim))
            .chain(of_things)
            .collect();
        for (number, (id, mut claim)) in claims.into_iter().enumerate() {
            let documents = records.documents.len();
            claim.document = records.documents.keys().nth(number % documents).cloned();
            let id = NamedNode::new_unchecked(format!("{}-{number}", id.as_str()));
            records.claims.insert(NamedOrBlankNode::from(id), claim);
        }
        records.sort();
        records
    })
}

/// Cells that are wrong in most columns.
const ODD: &[&str] = &[
    "a b",
    "\"a,\nb\"",
    "\"",
    "é",
    "甲",
    "\0",
    " x ",
    "1,5",
    "-",
    "x:y",
    "pm:Equity",
    "\"\"\"q\"\"\"",
];

/// Cells that are right in a column.
fn fitting(column: &str) -> &'static [&'static str] {
    match column {
        "type" => &["person", "company", "topic", "voice"],
        "family" => &["investment", "supply", "pm:Influence"],
        "kind" | "metric" => &["equity", "revenue", "cash-burn", "http://x.org/k"],
        "since" | "until" | "said" | "period" | "announced" | "issued" | "holds_from" => &[
            "",
            "2025",
            "2025-Q3",
            "2025-10-01",
            "../2029",
            "2025/2026-H1",
        ],
        "amount" | "lower" | "upper" => &["", "", "1", "0.5", "-3e4"],
        "unit" => &["USD", "EUR_bn", "GW"],
        "status" => &["", "committed", "cancelled"],
        "modality" => &["", "plan", "pm:Opinion"],
        "stance" => &["", "supports"],
        "tier" => &["", "news"],
        "approximate" | "event" => &["", "true", "No"],
        "url" => &["", "https://x.org/p"],
        "same" => &["", "yes", "yes", "No"],
        "scheme" => &["lei", "GB-COH", "pm:Foo", "http://x.org/s"],
        "value" => &["HWUPKR0MPOU8FGXBT394", "1", "x;y"],
        "identifier" => &["", "", "wikidata:Q1;GB-COH:a", "cik:12"],
        "locator" => &["", "p3"],
        "document" => &["news", "https://x.org/p", "<urn:x>"],
        "id" => &["", "a", "b", "c", "a-b-supply", "http://x.org/y"],
        "alias" | "fact_id" => &["", "S1", "a;b\\;c", "x; y "],
        _ => &["a", "b", "nvidia", "http://x.org/y"],
    }
}

/// A table with most cells right and some wrong.
fn table() -> impl Strategy<Value = (Table, String)> {
    let empty = csv::write(&Records::default()).tables;
    select(empty).prop_flat_map(|(table, header)| {
        let mut columns: Vec<_> = header.trim().split(',').map(str::to_owned).collect();
        columns.retain(|column| column != "lower" && column != "amount" || table == Table::Claims);
        if table == Table::Players {
            columns.push("name_ja".to_owned());
        }
        let cells: Vec<_> = columns
            .iter()
            .map(|column| prop_oneof![30 => select(fitting(column)), 1 => select(ODD)])
            .collect();
        let line = |cells: &[&str]| format!("{}\n", cells.join(","));
        let header = line(&columns.iter().map(String::as_str).collect::<Vec<_>>());
        vec(cells, 0..12).prop_map(move |rows| {
            let rows: String = rows.iter().map(|cells| line(cells)).collect();
            (table, format!("{header}{rows}"))
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn records_survive_tables(records in records()) {
        let written = csv::write(&records);
        prop_assert_eq!(&written.left_out, &Vec::<String>::new());
        prop_assert_eq!(&csv::write(&records), &written);
        let reading = read_back(&written);
        prop_assert_eq!(&reading.problems, &vec![]);
        prop_assert_eq!(&reading.records, &records);
        // Another reader sees the same cells.
        let (_, text) = written.tables.iter().find(|(table, _)| *table == Table::Documents).unwrap();
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        let column = reader.headers().unwrap().iter().position(|column| column == "title").unwrap();
        let theirs: Vec<_> = reader.records().map(|row| row.unwrap()[column].to_owned()).collect();
        let titles = records.documents.values().map(|document| document.title.clone());
        prop_assert_eq!(theirs, titles.map(Option::unwrap_or_default).collect::<Vec<_>>());
    }

    #[test]
    fn what_is_read_is_written_and_read_again(tables in vec(table(), 1..5)) {
        let sources: Vec<_> = tables
            .iter()
            .map(|(table, text)| Source { name: table.name(), table: *table, bytes: text.as_bytes() })
            .collect();
        let reading = csv::read(&sources, &Records::default());
        let rows: usize = tables.iter().map(|(_, text)| text.lines().count()).sum();
        prop_assert!(reading.problems.len() <= rows * 40);
        let written = csv::write(&reading.records);
        prop_assert_eq!(&written.left_out, &Vec::<String>::new());
        let again = read_back(&written);
        prop_assert_eq!(&again.problems, &vec![]);
        // What a row that is wrong would have defined is not made up, but it is when the row is not there.
        let defines = |name: &str| ["players", "deals", "documents"].contains(&name);
        if !reading.problems.iter().any(|problem| defines(&problem.source_name)) {
            prop_assert_eq!(&again.records, &reading.records);
        }
        prop_assert_eq!(read_back(&csv::write(&again.records)).records, again.records);
    }

    #[test]
    fn any_bytes_are_read_without_panic(table in select(&Table::ALL[..]), bytes in vec(any::<u8>(), 0..200)) {
        let source = Source { name: "x.csv", table, bytes: &bytes };
        let reading = csv::read(&[source], &Records::default());
        prop_assert!(!reading.problems.is_empty(), "random bytes have no header");
    }
}
