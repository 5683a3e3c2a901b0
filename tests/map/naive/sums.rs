//! One sum: pictures, tables and analyses say the same about what edges come to, and about which edges count.

use crate::support::random_map::{KINDS, RandomEdge, edge_id, position, random_edges};
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use powermap::analysis::{
    DependenceBasis, DependenceOptions, DependenceSide, LoopsOptions, Position, dependence, loops,
};
use powermap::model::{Board, Family, Lang, Measure, Policy, Quantity, Unit};
use powermap::network::Filter;
use powermap::picture::{self, Choice, Players, SceneOptions};
use powermap::{Map, View};
use powermap_picture::{Arrow, Scene, dot};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The map of some rows of edges, all committed.
fn map(rows: &[&str]) -> Map {
    let folder = tempfile::tempdir().unwrap();
    let mut edges =
        "id,from,to,family,kind,lower,upper,unit,status,document,part_of_total\n".to_owned();
    for row in rows {
        edges.push_str(row);
        edges.push('\n');
    }
    fs::write(folder.path().join("edges.csv"), edges).unwrap();
    fs::write(
        folder.path().join("documents.csv"),
        "id,title\npaper,Paper\n",
    )
    .unwrap();
    Map::open(folder.path()).unwrap()
}

fn scene(position: &Position, split: bool) -> Scene {
    let options = SceneOptions {
        choice: Choice {
            players: Players::Unfolded,
            ..Choice::default()
        },
        split,
        ..SceneOptions::default()
    };
    picture::scene(position, &options).unwrap()
}

fn arrow<'a>(scene: &'a Scene, from: &str, to: &str) -> &'a Arrow {
    let is_wanted = |arrow: &&Arrow| {
        scene.players()[arrow.from].id == from && scene.players()[arrow.to].id == to
    };
    scene.arrows().iter().find(is_wanted).unwrap()
}

/// What a table says of each pair, by player that acts, player acted upon, family and unit.
type Told = BTreeMap<(NamedNode, NamedNode, Family, Unit), Quantity>;

fn told_by_dependence(position: &Position) -> Told {
    let options = DependenceOptions {
        sides: vec![DependenceSide::Supply, DependenceSide::Funding],
        ..DependenceOptions::default()
    };
    let report = dependence(position, &options, &AtomicBool::new(false)).unwrap();
    let rows = report.rows.into_iter().filter_map(|row| {
        let family = match row.side {
            DependenceSide::Supply => Family::Supply,
            _ => Family::Investment,
        };
        let DependenceBasis::In(unit) = row.basis else {
            return None;
        };
        Some(((row.counterparty, row.player, family, unit), row.value?))
    });
    rows.collect()
}

fn told_by_arrows(position: &Position) -> Told {
    let scene = scene(position, false);
    let id = |place: usize| NamedNode::new(scene.players()[place].iri.clone()).unwrap();
    let mut told = Told::new();
    for arrow in scene.arrows().iter().filter(|arrow| arrow.from != arrow.to) {
        for value in &arrow.values {
            let family: Family = arrow.family.name().parse().unwrap();
            let unit: Unit = value.quantity.unit.parse().unwrap();
            let (lower, upper) = (value.quantity.lower, value.quantity.upper);
            let quantity = Quantity::new(lower, upper, unit, value.quantity.approximate).unwrap();
            told.insert((id(arrow.from), id(arrow.to), family, unit), quantity);
        }
    }
    told
}

/// The label of the arrow between two players, as `board --format dot` writes it, and the row of `dependence`.
fn both(map: &Map, from: &str, to: &str) -> (String, String) {
    let position = map.position().unwrap();
    let scene = scene(&position, false);
    let label = arrow(&scene, from, to).label();
    assert!(
        dot(&scene).contains(&format!("label=\"{label}\"")),
        "{label}"
    );
    let told = told_by_dependence(&position);
    let is_pair = |id: &NamedNode, name: &str| id.as_str().ends_with(&format!("/{name}"));
    let row = told
        .iter()
        .find(|((source, target, ..), _)| is_pair(source, from) && is_pair(target, to));
    (label, row.unwrap().1.to_string())
}

fn same(both: (String, String), expected: &str) {
    assert_eq!((both.0.as_str(), both.1.as_str()), (expected, expected));
}

#[test]
fn an_open_lower_bound_adds_nothing_to_the_others() {
    let map = map(&[
        "one,mill,bakery,supply,cloud,10,10,USD_bn,committed,paper,",
        "two,mill,bakery,supply,chips,,4,USD_bn,committed,paper,",
    ]);
    same(both(&map, "mill", "bakery"), "$10–14 bn");
}

#[test]
fn a_part_between_other_players_is_taken_away_from_its_total() {
    let map = map(&[
        "round,club,bakery,investment,equity,47,47,USD_bn,committed,paper,",
        "share,lead,bakery,investment,equity,41,41,USD_bn,committed,paper,round",
    ]);
    same(both(&map, "club", "bakery"), "$6 bn");
    same(both(&map, "lead", "bakery"), "$41 bn");
    let scene = scene(&map.position().unwrap(), false);
    let value = arrow(&scene, "club", "bakery").main_value().unwrap();
    assert_eq!(
        value.note(powermap_picture::Lang::En),
        "$6 bn of $47 bn (less share)"
    );
    let options = SceneOptions {
        lang: Lang::Zh,
        ..SceneOptions::default()
    };
    let chinese = picture::scene(&map.position().unwrap(), &options).unwrap();
    let note = arrow(&chinese, "club", "bakery").main_value().unwrap();
    assert_eq!(
        note.note(powermap_picture::Lang::Zh),
        "60 亿美元，共 470 亿美元（减去 share）"
    );
    assert!(dot(&scene).contains("$6 bn of $47 bn (less share)"));
    // The remainder rests on the claims of both.
    assert_eq!(value.claims.len(), 2);
    let options = DependenceOptions {
        sides: vec![DependenceSide::Funding],
        ..DependenceOptions::default()
    };
    let report = dependence(&map.position().unwrap(), &options, &AtomicBool::new(false)).unwrap();
    let row = report
        .rows
        .iter()
        .find(|row| row.counterparty.as_str().ends_with("/club"));
    assert_eq!(row.unwrap().edges.len(), 2);
    // Drawn one by one, they are worth that too.
    let split = self::scene(&map.position().unwrap(), true);
    assert_eq!(arrow(&split, "club", "bakery").label(), "$6 bn");
}

#[test]
fn a_total_that_is_a_bound_leaves_a_bound() {
    let remainder = |total: &str, part: &str| {
        let map = map(&[
            &format!("round,club,bakery,investment,equity,{total},USD_bn,committed,paper,"),
            &format!("share,lead,bakery,investment,equity,{part},committed,paper,round"),
        ]);
        let position = map.position().unwrap();
        let scene = scene(&position, false);
        let value = arrow(&scene, "club", "bakery").main_value().unwrap();
        assert_eq!(told_by_arrows(&position), told_by_dependence(&position));
        value.note(powermap_picture::Lang::En)
    };
    assert_eq!(
        remainder(",47", "41,41,USD_bn"),
        "≤ $6 bn of ≤ $47 bn (less share)"
    );
    assert_eq!(
        remainder("47,", "41,41,USD_bn"),
        "≥ $6 bn of ≥ $47 bn (less share)"
    );
    assert_eq!(
        remainder("47,47", "41,,USD_bn"),
        "≤ $6 bn of $47 bn (less share)"
    );
    assert_eq!(
        remainder("47,47", ",41,USD_bn"),
        "$6–47 bn of $47 bn (less share)"
    );
    assert_eq!(
        remainder("47,47", "40,50,USD_bn"),
        "$0–7 bn of $47 bn (less share)"
    );
    assert_eq!(
        remainder("40,50", "45,45,USD_bn"),
        "$0–5 bn of $40–50 bn (less share)"
    );
    // What a part without a value takes away is not known: its total goes on to include it.
    assert_eq!(
        remainder("47,47", ",,"),
        "$47 bn (includes share: no value in USD)"
    );
    assert_eq!(
        remainder("47,47", "41,41,EUR_bn"),
        "$47 bn (includes share: no value in USD)"
    );
}

#[test]
fn totals_have_totals_and_what_does_not_count_takes_nothing_away() {
    let rows = [
        "fund,club,bakery,investment,equity,100,100,USD_bn,committed,paper,",
        "round,lead,bakery,investment,equity,47,47,USD_bn,committed,paper,fund",
        "share,angel,bakery,investment,equity,5,5,USD_bn,planned,paper,round",
    ];
    let map = map(&rows);
    same(both(&map, "club", "bakery"), "$53 bn");
    same(both(&map, "lead", "bakery"), "$42 bn");
    same(both(&map, "angel", "bakery"), "$5 bn");
    // A part that the filter leaves out takes nothing away: the round stands whole.
    let filter = Filter {
        status_min: Some("committed".parse().unwrap()),
        ..Filter::default()
    };
    let filtered = map.position().unwrap().filtered(filter);
    let scene = scene(&filtered, false);
    assert_eq!(arrow(&scene, "lead", "bakery").label(), "$47 bn");
    assert_eq!(told_by_arrows(&filtered), told_by_dependence(&filtered));
    // Without the round in between, the fund is less by it, and the part of the round that stays is a part of the fund.
    let without = map
        .position()
        .unwrap()
        .without(&[player_named("lead")], &[])
        .unwrap();
    let scene = self::scene(&without, false);
    assert_eq!(arrow(&scene, "club", "bakery").label(), "$53 bn");
    assert_eq!(told_by_arrows(&without), told_by_dependence(&without));
}

fn player_named(name: &str) -> NamedNode {
    NamedNode::new(format!("https://w3id.org/powermap/id/{name}")).unwrap()
}

#[test]
fn totals_that_contain_each_other_count_on_their_own() {
    let map = map(&[
        "one,club,bakery,investment,equity,10,10,USD_bn,committed,paper,two",
        "two,club,bakery,investment,loan,4,4,USD_bn,committed,paper,one",
    ]);
    same(both(&map, "club", "bakery"), "$14 bn");
}

#[test]
fn a_part_without_a_value_is_known_where_its_total_is() {
    let map = map(&[
        "one,club,bakery,investment,equity,10,10,USD_bn,committed,paper,",
        "two,club,bakery,investment,loan,,,,committed,paper,one",
        "three,club,bakery,investment,loan,,,,planned,paper,",
    ]);
    let scene = scene(&map.position().unwrap(), false);
    assert_eq!(arrow(&scene, "club", "bakery").without_value, 1);
}

#[test]
fn a_hop_of_a_loop_is_worth_what_its_arrow_says() {
    let map = map(&[
        "round,club,bakery,investment,equity,47,47,USD_bn,committed,paper,",
        "share,lead,bakery,investment,equity,41,41,USD_bn,committed,paper,round",
        "order,club,bakery,supply,cloud,20,20,USD_bn,committed,paper,",
    ]);
    let found = loops(
        &map.position().unwrap(),
        &LoopsOptions::default(),
        &AtomicBool::new(false),
    )
    .unwrap();
    let circulating: Vec<_> = found.loops.iter().filter_map(|l| l.circulating).collect();
    assert_eq!(circulating, [Quantity::exact(6e9, Unit::USD)]);
}

/// The kinds that are either supplies or carry cash, so that a table of dependence has all edges of a family.
const IN_TABLES: [&str; 4] = ["Equity", "Loan", "Chips", "Cloud"];

/// The position with parts of totals, further values and a policy that keeps all.
fn with_parts(
    position: &Position,
    totals: &[Option<usize>],
    more: &[Option<(u8, f64)>],
) -> Position {
    let mut records = position.records().clone();
    for (number, total) in totals.iter().enumerate() {
        let total = total
            .map(edge_id)
            .filter(|id| records.edges.contains_key(id));
        if let Some(edge) = records.edges.get_mut(&edge_id(number)) {
            edge.part_of_total = total;
        }
    }
    let claims: Vec<_> = records.claims.values().cloned().collect();
    for (number, (mut claim, more)) in claims.into_iter().zip(more).enumerate() {
        let Some((unit, amount)) = more else { continue };
        let unit = ["USD", "EUR", "MW", "USD/year"][*unit as usize % 4]
            .parse()
            .unwrap();
        claim.quantity = Some(Quantity::exact(*amount, unit));
        let id = player_named(&format!("more{number:03}"));
        records.claims.insert(NamedOrBlankNode::from(id), claim);
    }
    records.sort();
    let view = View {
        policy: Policy::All,
        ..View::default()
    };
    let board = Board::resolve(&records, view);
    Position::new(Arc::new(records), Arc::new(board))
}

fn parts() -> impl Strategy<Value = Vec<Option<usize>>> {
    vec(proptest::option::weighted(0.4, 0..20_usize), 20)
}

fn more() -> impl Strategy<Value = Vec<Option<(u8, f64)>>> {
    vec(
        proptest::option::weighted(
            0.3,
            (any::<u8>(), (1..400_u32).prop_map(|n| f64::from(n) / 10.0)),
        ),
        20,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn an_arrow_and_a_table_say_the_same(
        (n, edges) in random_edges(),
        totals in parts(),
        more in more(),
        amount_min in proptest::option::of(Just(20.0)),
    ) {
        let edges: Vec<RandomEdge> = edges
            .into_iter()
            .filter(|edge| IN_TABLES.contains(&KINDS[edge.kind].1))
            .collect();
        let position = with_parts(&position(n, &edges), &totals, &more).filtered(Filter {
            amount_min,
            ..Filter::default()
        });
        prop_assume!(position.edges().any(|(_, edge, _)| edge.from != edge.to));
        let in_tables = [Measure::Amount, Measure::Capacity, Measure::Units];
        let mut arrows = told_by_arrows(&position);
        let mut table = told_by_dependence(&position);
        // A table has no side where nothing is known to be more than 0.
        let is_more = |q: &Quantity| q.upper.is_none_or(|upper| upper > 0.0);
        arrows.retain(|(.., unit), q| in_tables.contains(&unit.measure()) && is_more(q));
        table.retain(|_, q| is_more(q));
        prop_assert_eq!(arrows, table);
    }

    #[test]
    fn a_filter_keeps_the_same_edges_in_records_and_in_networks(
        (n, edges) in random_edges(),
        more in more(),
        amount_min in proptest::option::of((0..400_u32).prop_map(|n| f64::from(n) / 10.0)),
        day in proptest::option::of(0..800_000_i32),
        days in vec(proptest::option::weighted(0.7, 0..31_u32), 20),
    ) {
        let position = crate::support::random_map::dated(&position(n, &edges), &days);
        let position = with_parts(&position, &[], &more).filtered(Filter {
            amount_min,
            day,
            ..Filter::default()
        });
        let mut by_record: Vec<_> = position.edges().map(|(id, ..)| id.clone()).collect();
        let lens = position.network().unwrap();
        let mut by_network: Vec<_> = lens.edges().map(|edge| lens.network.id(edge)).collect();
        by_record.sort();
        by_network.sort();
        prop_assert_eq!(by_record, by_network);
    }
}
