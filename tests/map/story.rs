//! Stories: what they say is what the tables say.

use crate::support::built_in;
use oxigraph::model::NamedNode;
use powermap::analysis::{
    DIFF, DependenceOptions, LOOPS, LoopsOptions, Position, WHAT_IF, dependence, loops,
};
use powermap::model::generate::{GenerateOptions, records};
use powermap::model::vocabulary::expand;
use powermap::model::{Board, Family, Quantity, View};
use powermap::story::{Sentence, SentencePart, brief, headline, tour};
use powermap::{Lang, Map};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

static NEVER: AtomicBool = AtomicBool::new(false);

/// Some made-up maps, from one player's worth of edges to a few hundred.
fn made_up() -> impl Iterator<Item = Position> {
    let sizes = [(2, 1), (5, 12), (12, 60), (30, 150), (91, 400)];
    sizes.into_iter().zip(1..).map(|((players, edges), seed)| {
        let options = GenerateOptions {
            players,
            edges,
            seed,
            skew: 1.0,
            from: "2015-01-01".parse().unwrap(),
            to: "2025-12-31".parse().unwrap(),
        };
        let records = records(&options).unwrap();
        let board = Board::resolve(&records, View::default());
        Position::new(Arc::new(records), Arc::new(board))
    })
}

/// Every figure that a table has and a sentence may repeat.
fn figures(position: &Position) -> Vec<Quantity> {
    let mut figures = Vec::new();
    let options = DependenceOptions::default();
    let found = dependence(position, &options, &NEVER).unwrap();
    figures.extend(found.rows.iter().filter_map(|row| row.value));
    let options = LoopsOptions {
        loops_max: 1_000_000,
        ..LoopsOptions::default()
    };
    let found = loops(position, &options, &NEVER).unwrap().loops;
    figures.extend(found.iter().filter_map(|one| one.circulating));
    let records = position.records();
    figures.extend(records.claims.values().filter_map(|claim| claim.quantity));
    // What can come back to all who sell to a player and put money into it.
    let mut hubs: BTreeMap<&NamedNode, Vec<Quantity>> = BTreeMap::new();
    for one in found.iter().filter(|one| one.hops.len() == 2) {
        for (there, back) in [(0, 1), (1, 0)] {
            let (hub, supplier) = (&one.hops[there].from, &one.hops[back].from);
            let is = |edges: &[NamedNode], family| {
                let edges = edges.iter().map(|id| &records.edges[id]);
                edges
                    .into_iter()
                    .any(|edge| edge.family == family && edge.from == *supplier)
            };
            let both = is(&one.hops[back].edges, Family::Investment)
                && is(&one.hops[there].edges, Family::Supply);
            if let Some(amount) = one.circulating.filter(|_| both) {
                hubs.entry(hub).or_default().push(amount);
            }
        }
    }
    for amounts in hubs.into_values() {
        let unit = amounts[0].unit;
        let mut same = amounts.into_iter().filter(|amount| amount.unit == unit);
        let first = same.next().unwrap();
        figures.push(same.fold(first, |sum, one| sum.add_non_negative(&one)));
    }
    // The sums of deals, totals without their parts.
    let mut deals: BTreeMap<(&NamedNode, Family), Vec<(&NamedNode, Quantity)>> = BTreeMap::new();
    for (id, edge, resolution) in position.edges() {
        let amount = resolution
            .values
            .iter()
            .find(|value| value.quantity.unit.code() == "USD");
        if let (Some(deal), Some(amount)) = (&edge.deal, amount) {
            let deal = deals.entry((deal, edge.family)).or_default();
            deal.push((id, amount.quantity.in_base_unit()));
        }
    }
    for edges in deals.into_values() {
        let is_part = |id: &NamedNode| {
            let total = records.edges[id].part_of_total.as_ref();
            total.is_some_and(|total| edges.iter().any(|(other, _)| *other == total))
        };
        let own = edges
            .iter()
            .filter(|(id, _)| !is_part(id))
            .map(|(_, amount)| *amount);
        figures.extend(own.reduce(|sum, amount| sum.add_non_negative(&amount)));
    }
    figures
}

fn check(sentence: &Sentence, figures: &[Quantity], lang: Lang) {
    let text = sentence.text();
    for figure in sentence.figures() {
        let shown = figure.display(lang);
        let bare = shown.trim_start_matches(['≤', '≥', '≈', ' ']);
        assert!(text.contains(bare), "{shown} is not in: {text}");
        let same = |other: &Quantity| {
            other.in_base_unit().display(lang) == figure.in_base_unit().display(lang)
        };
        assert!(figures.iter().any(same), "no table has {shown}: {text}");
    }
    assert!(!text.contains(['{', '}']) && !text.is_empty(), "{text}");
    // A footnote follows a text.
    let starts = sentence.parts().first();
    assert!(matches!(starts, Some(SentencePart::Text(_))), "{text}");
}

fn check_position(position: &Position, players: &[NamedNode]) {
    let known = figures(position);
    for lang in Lang::ALL {
        let headline = headline(position, lang, &NEVER).unwrap();
        let tour = tour(position, lang, &NEVER).unwrap();
        let first = tour.sentences().next().unwrap();
        assert_eq!(*first, headline.finding);
        for sentence in tour.sentences() {
            check(sentence, &known, lang);
        }
        for player in players {
            let brief = brief(position, player, lang, &NEVER).unwrap();
            for sentence in brief.sentences() {
                check(sentence, &known, lang);
            }
        }
    }
}

#[test]
fn no_sentence_has_a_figure_that_no_table_has() {
    let map = built_in::map();
    let players = [
        "openai", "oracle", "nvidia", "amd", "altman", "softbank", "stargate", "meta",
    ];
    let players: Vec<_> = players
        .iter()
        .map(|name| map.player(name).unwrap())
        .collect();
    check_position(&map.position().unwrap(), &players);
    for day in ["2015-12-31", "2023-11-18", "2025-09-30", "2025-10-31"] {
        check_position(&built_in::on(day).position().unwrap(), &players);
    }
    for position in made_up() {
        let players: Vec<_> = position.records().players.keys().take(5).cloned().collect();
        check_position(&position, &players);
    }
}

#[test]
fn the_finding_of_the_built_in_map_is_the_circle_around_openai() {
    let position = built_in::on("2026-02-27").position().unwrap();
    let found = headline(&position, Lang::En, &NEVER).unwrap();
    assert_eq!(
        found.finding.text(),
        "Three of OpenAI’s suppliers have put money into it or plan to: $13–44 bn can come back to NVIDIA, Microsoft and Disney as \
         orders."
    );
    assert!(found.finding.claims().count() >= 4);
    let zh = headline(&position, Lang::Zh, &NEVER).unwrap();
    assert_eq!(
        zh.finding.text(),
        "OpenAI有三家供应商已向它投资或计划投资：130–440 亿美元可能以订单的形式回到英伟达、微软和迪士尼手中。"
    );
}

/// The map of a table of edges.
fn map(rows: &str) -> Map {
    let folder = tempfile::tempdir().unwrap();
    let header = "from,to,family,kind,lower,upper,unit,document,locator\n";
    std::fs::write(folder.path().join("edges.csv"), format!("{header}{rows}")).unwrap();
    Map::open(folder.path()).unwrap()
}

#[test]
fn who_has_no_part_in_the_sum_is_named_apart() {
    let map = map(
        "one,hub,investment,equity,5,5,USD_bn,paper,p1\none,hub,supply,chips,7,7,USD_bn,paper,p2\n\
         two,hub,investment,equity,4,4,EUR_bn,paper,p3\ntwo,hub,supply,chips,9,9,EUR_bn,paper,p4\n\
         three,hub,investment,equity,,,,paper,p5\nthree,hub,supply,cloud,,,,paper,p6\n",
    );
    let position = map.position().unwrap();
    let found = headline(&position, Lang::En, &NEVER).unwrap();
    assert_eq!(
        found.finding.text(),
        "Three of hub’s suppliers put money into it: $5 bn can come back to one as orders. How much can come back to \
         two and three is not known, or in another currency."
    );
}

#[test]
fn a_loop_says_how_many_of_its_steps_have_no_amount() {
    let map = map(
        "a,b,investment,equity,5,5,USD_bn,paper,p1\nb,c,investment,equity,,,,paper,p2\n\
         c,a,investment,equity,,,,paper,p3\n",
    );
    let found = headline(&map.position().unwrap(), Lang::En, &NEVER).unwrap();
    assert_eq!(
        found.finding.text(),
        "a → b → c → a: up to $5 bn can go round (2 of 3 steps unknown)."
    );
}

#[test]
fn a_board_of_influence_has_no_amounts_to_miss() {
    let map = map("a,b,influence,leadership,,,,paper,p1\n");
    let found = headline(&map.position().unwrap(), Lang::En, &NEVER).unwrap();
    assert_eq!(
        found.finding.text(),
        "Influence alone (players: 2, edges: 1)."
    );
}

#[test]
fn a_map_without_amounts_or_edges_says_so() {
    let position = Position::new(Arc::default(), Arc::default());
    let found = headline(&position, Lang::En, &NEVER).unwrap();
    assert_eq!(
        found.finding.text(),
        "No edge is on the board (players on the map: 0)."
    );
    let tour = tour(&position, Lang::En, &NEVER).unwrap();
    assert_eq!(tour.sentences().count(), 1);
}

#[test]
fn a_change_is_told_as_its_rows_have_it() {
    let map = Map::built_in().unwrap();
    let position = map.position().unwrap();
    let days = [("d1", "2025-09-01"), ("d2", "2025-10-31")];
    let rows = map.answer(&DIFF, days).unwrap().rows;
    let edges = &map.records().unwrap().edges;
    let count = |change: &[&str]| {
        let rows = rows
            .iter()
            .filter(|row| change.contains(&row.cells[0].data().as_str()));
        let subjects = rows.map(|row| row.cells[1].data());
        let subjects: BTreeSet<_> = subjects
            .filter(|id| edges.contains_key(&expand(id).unwrap()))
            .collect();
        subjects.len()
    };
    let told = map.change(&position, &DIFF, days, Lang::En).unwrap();
    let [came, went, changed] = [&["added"][..], &["removed"], &["status", "value"]].map(count);
    assert_eq!(
        told[0].text(),
        format!(
            "Edges from 2025-09-01 to 2025-10-31: {came} came, {went} went, {changed} changed in status or amount."
        )
    );
    assert!(
        told[1]
            .text()
            .contains("Microsoft → OpenAI (cloud), $250 bn"),
        "{}",
        told[1].text()
    );
    let added: BTreeSet<_> = (rows.iter().filter(|row| row.cells[0].data() == "added"))
        .map(|row| expand(&row.cells[1].data()).unwrap())
        .collect();
    let has_no_start = |id: &&_| edges.get(*id).is_some_and(|edge| edge.since.is_none());
    let without_start = added.iter().filter(has_no_start).count();
    assert!(without_start > 0);
    assert_eq!(
        told[2].text(),
        format!("First told of, start unknown: {without_start} of those that came.")
    );
    let on = |day: &str| {
        let view = View {
            as_of: Some(day.parse().unwrap()),
            ..map.view()
        };
        map.with_view(view)
            .loops(&LoopsOptions::default())
            .unwrap()
            .seen
    };
    assert_eq!(
        told[3].text(),
        format!(
            "Loops of up to three players: {} before, {} after.",
            on("2025-09-01"),
            on("2025-10-31")
        )
    );
    // Without a player its loops are gone, and all its edges.
    let given = [("without", "nvidia")];
    let told = map.change(&position, &WHAT_IF, given, Lang::En).unwrap();
    let nvidia = map.player("nvidia").unwrap();
    let own = position
        .edges()
        .filter(|(_, edge, _)| edge.from == nvidia || edge.to == nvidia)
        .count();
    assert_eq!(told[0].text(), format!("Without NVIDIA, {own} edges go."));
    let all = map.loops(&LoopsOptions::default()).unwrap();
    let left = all
        .loops
        .iter()
        .filter(|one| one.hops.iter().all(|hop| hop.from != nvidia))
        .count();
    assert_eq!(
        told[1].text(),
        format!(
            "Loops of up to three players: {} before, {left} after.",
            all.seen
        )
    );
    for lang in [Lang::En, Lang::Zh] {
        let told = map.change(&position, &WHAT_IF, given, lang).unwrap();
        assert!(told.iter().all(|sentence| !sentence.text().contains('{')));
    }
    assert!(
        map.change(&position, &LOOPS, [], Lang::En)
            .unwrap()
            .is_empty()
    );
}

/// Arrows print each currency, and so do sentences.
#[test]
fn sentences_tell_what_is_paid_in_each_currency() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("edges.csv"),
        "id,from,to,family,kind,amount,unit,status\n\
         e1,sup,lab,supply,chips,50,USD_bn,committed\n\
         e2,sup,lab,supply,cloud,1,EUR_mn,committed\n",
    )
    .unwrap();
    let position = Map::open(folder.path()).unwrap().position().unwrap();
    let story = tour(&position, Lang::En, &NEVER).unwrap();
    let told: Vec<_> = story.sentences().map(|sentence| sentence.text()).collect();
    for expected in [
        "The greatest deal: lab buys from sup for $50 bn and 1 mn EUR.",
        "lab buys from sup: $50 bn and 1 mn EUR",
    ] {
        assert!(told.iter().any(|text| text == expected), "{told:?}");
    }
}
