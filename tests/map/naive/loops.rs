//! Loops against all sequences of players and all choices of legs.

use crate::support::random_map::{
    KINDS, RandomEdge, dated, edge_id, player, position, random_edges,
};
use oxigraph::model::NamedNode;
use powermap::Map;
use powermap::analysis::{
    Loop, LoopStep, LoopType, LoopsOptions, LoopsReport, Position, count_loops, for_each_loop,
    loops, significance,
};
use powermap::format::edge_list;
use powermap::model::{Family, Flow, Unit};
use powermap::network::Network;
use powermap_graph::Ending;
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

static NEVER: AtomicBool = AtomicBool::new(false);

fn run(position: &Position, options: &LoopsOptions) -> LoopsReport {
    loops(position, options, &NEVER).unwrap()
}

/// The number of an edge.
fn number(id: &NamedNode) -> usize {
    (0..1000).find(|number| edge_id(*number) == *id).unwrap()
}

/// The numbers of loops by length, as they were found and as they are counted.
fn by_length(report: &LoopsReport) -> BTreeMap<usize, u64> {
    let mut numbers = BTreeMap::new();
    for found in &report.loops {
        *numbers.entry(found.hops.len()).or_default() += 1;
    }
    numbers
}

fn counted(position: &Position, options: &LoopsOptions) -> BTreeMap<usize, u64> {
    let counts = count_loops(position, options, &NEVER).unwrap();
    let numbers = counts.by_length.into_iter().enumerate();
    numbers.filter(|(_, number)| *number > 0).collect()
}

/// The edges without dollars in hops that have dollars.
fn left_out(edges: &[RandomEdge], found: &Loop) -> Vec<NamedNode> {
    let has_dollars = |edge: &&NamedNode| {
        let edge = &edges[number(edge)];
        KINDS[edge.kind].2 == "USD" && (edge.lower.is_some() || edge.upper.is_some())
    };
    let hops = found
        .hops
        .iter()
        .filter(|hop| hop.edges.iter().any(|edge| has_dollars(&edge)));
    let mut left_out: Vec<_> = hops
        .flat_map(|hop| hop.edges.iter().filter(|edge| !has_dollars(edge)).cloned())
        .collect();
    left_out.sort();
    left_out.dedup();
    left_out
}

/// What an edge sends forward, and what comes back and is no receipt.
fn flows(kind: usize) -> (Option<Flow>, Option<Flow>) {
    match KINDS[kind].1 {
        "Equity" | "Loan" => (Some(Flow::Cash), None),
        "Warrant" => (None, Some(Flow::Equity)),
        "Guarantee" => (Some(Flow::Guarantee), None),
        // Walked only where it is asked for.
        "Ownership" => (Some(Flow::Ownership), None),
        "Chips" => (Some(Flow::Goods), Some(Flow::Cash)),
        "Cloud" => (Some(Flow::Service), Some(Flow::Cash)),
        _ => (None, None),
    }
}

/// The legs from one player to another: edge and flow.
fn legs(edges: &[RandomEdge], from: u32, to: u32, allowed: &[Flow]) -> Vec<(usize, Flow)> {
    let mut found = Vec::new();
    for (number, edge) in edges.iter().enumerate() {
        let (carries, returns) = flows(edge.kind);
        let forward = carries.filter(|_| (edge.from, edge.to) == (from, to));
        let back = returns.filter(|_| (edge.to, edge.from) == (from, to));
        found.extend(
            [forward, back]
                .into_iter()
                .flatten()
                .map(|flow| (number, flow)),
        );
    }
    found.retain(|(_, flow)| match allowed {
        [] => *flow != Flow::Ownership,
        _ => allowed.contains(flow),
    });
    found
}

/// Whether the legs of two hops can be of different trades.
fn is_loop(edges: &[RandomEdge], hops: &[Vec<(usize, Flow)>]) -> bool {
    if hops.iter().any(Vec::is_empty) {
        return false;
    }
    let [there, back] = hops else { return true };
    let trade = |number: usize| (edges[number].kind, edges[number].from);
    there
        .iter()
        .any(|(a, _)| back.iter().any(|(b, _)| trade(*a) != trade(*b)))
}

type Hops = Vec<Vec<(usize, Flow)>>;

/// All loops: players from the smallest on, and the legs of each hop.
fn all(n: u32, edges: &[RandomEdge], length_max: usize, allowed: &[Flow]) -> Vec<(Vec<u32>, Hops)> {
    let mut found = Vec::new();
    let mut ahead: Vec<Vec<u32>> = (0..n).map(|start| vec![start]).collect();
    while let Some(path) = ahead.pop() {
        if path.len() >= 2 {
            let ends = path.iter().zip(path.iter().cycle().skip(1));
            let hops: Hops = ends.map(|(a, b)| legs(edges, *a, *b, allowed)).collect();
            if is_loop(edges, &hops) {
                found.push((path.clone(), hops));
            }
        }
        if path.len() < length_max {
            for next in path[0] + 1..n {
                if !path.contains(&next) {
                    let mut longer = path.clone();
                    longer.push(next);
                    ahead.push(longer);
                }
            }
        }
    }
    found
}

/// Edges with a leg in both hops stay where the hop has no other.
fn without_doubles(mut hops: Hops) -> Hops {
    if let [there, back] = &mut hops[..] {
        let numbers =
            |hop: &Vec<(usize, Flow)>| hop.iter().map(|leg| leg.0).collect::<BTreeSet<_>>();
        let both: BTreeSet<_> = numbers(there)
            .intersection(&numbers(back))
            .copied()
            .collect();
        for hop in [back, there] {
            if hop.iter().any(|leg| !both.contains(&leg.0)) {
                hop.retain(|leg| !both.contains(&leg.0));
            }
        }
    }
    hops
}

/// The sum of the legs of a hop in dollars: bounds, if any leg has an amount.
fn value(edges: &[RandomEdge], hop: &[(usize, Flow)]) -> Option<(Option<f64>, Option<f64>)> {
    let numbers: BTreeSet<_> = hop.iter().map(|leg| leg.0).collect();
    let valued: Vec<_> = numbers
        .into_iter()
        .map(|number| &edges[number])
        .filter(|edge| {
            KINDS[edge.kind].2 == "USD" && (edge.lower.is_some() || edge.upper.is_some())
        })
        .collect();
    if valued.is_empty() {
        return None;
    }
    let lowers: Vec<f64> = valued.iter().filter_map(|edge| edge.lower).collect();
    let lower = (!lowers.is_empty()).then(|| lowers.iter().sum());
    let upper = valued
        .iter()
        .try_fold(0.0, |sum, edge| Some(sum + edge.upper?));
    Some((lower, upper))
}

fn amount(edges: &[RandomEdge], hops: &Hops) -> Option<(Option<f64>, Option<f64>)> {
    let values: Vec<_> = hops.iter().map(|hop| value(edges, hop)).collect();
    if values.iter().all(Option::is_none) {
        return None;
    }
    let lowers: Option<Vec<f64>> = values.iter().map(|v| v.and_then(|v| v.0)).collect();
    let lower = lowers.map(|all| all.into_iter().fold(f64::INFINITY, f64::min));
    let upper = values
        .iter()
        .filter_map(|v| v.and_then(|v| v.1))
        .reduce(f64::min);
    (lower.is_some() || upper.is_some()).then_some((lower, upper))
}

fn kind(edges: &[RandomEdge], hops: &Hops) -> LoopType {
    let [there, back] = &hops[..] else {
        return LoopType::MultiParty;
    };
    let has = |hop: &[(usize, Flow)], family: Family, flow: Flow| {
        hop.iter()
            .any(|(number, f)| KINDS[edges[*number].kind].0 == family && *f == flow)
    };
    let invests = |hop: &[_]| has(hop, Family::Investment, Flow::Cash);
    let pays = |hop: &[_]| has(hop, Family::Supply, Flow::Cash);
    let gives = |hop: &[_]| has(hop, Family::Investment, Flow::Equity);
    match (invests(there) || pays(there), invests(back) || pays(back)) {
        (true, true) if invests(there) || invests(back) => LoopType::RoundTrip,
        (true, true) => LoopType::MutualTrade,
        _ if gives(there) && pays(back) || gives(back) && pays(there) => {
            LoopType::EquityForPurchase
        }
        _ => LoopType::Other,
    }
}

/// The players of the loops of a report, as numbers.
fn players(n: u32, report: &LoopsReport) -> Vec<Vec<u32>> {
    let number = |id: &NamedNode| (0..n).find(|p| player(*p) == *id).unwrap();
    let mut found: Vec<Vec<u32>> = report
        .loops
        .iter()
        .map(|found| found.hops.iter().map(|hop| number(&hop.from)).collect())
        .collect();
    found.sort();
    found
}

fn allowed() -> impl Strategy<Value = Vec<Flow>> {
    prop_oneof![
        Just(vec![Flow::Cash, Flow::Equity]),
        Just(vec![Flow::Cash]),
        Just(Vec::new()),
        Just(vec![Flow::Goods, Flow::Cash]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn loops_amounts_and_types_are_those_of_the_definition(
        (n, edges) in random_edges(),
        length_max in 2..6_u32,
        flows in allowed(),
    ) {
        let options = LoopsOptions { length_max, flows: flows.clone(), ..LoopsOptions::default() };
        let position = position(n, &edges);
        let report = run(&position, &options);
        let mut expected = all(n, &edges, length_max as usize, &flows);
        expected.sort_by(|a, b| a.0.cmp(&b.0));
        prop_assert_eq!(players(n, &report), expected.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>());
        prop_assert_eq!(report.seen, expected.len() as u64);
        prop_assert!(!report.is_cut && !report.is_cancelled);
        for (path, hops) in expected {
            let hops = without_doubles(hops);
            let found = report.loops.iter().find(|found| {
                found.hops.iter().map(|hop| hop.from.clone()).eq(path.iter().map(|p| player(*p)))
            }).unwrap();
            for (hop, legs) in found.hops.iter().zip(&hops) {
                let mut ids: Vec<_> = legs.iter().map(|leg| edge_id(leg.0)).collect();
                ids.sort();
                ids.dedup();
                let mut edges = hop.edges.clone();
                edges.dedup();
                prop_assert_eq!(edges, ids);
            }
            prop_assert_eq!(found.circulating.map(|q| (q.lower, q.upper)), amount(&edges, &hops));
            prop_assert_eq!(found.loop_type, kind(&edges, &hops));
            if let Some((lower, upper)) = found.ratio {
                prop_assert!(0.0 <= lower && lower <= upper && upper <= 1.0);
            }
        }
        for found in &report.loops {
            let legs: Vec<usize> = found.hops.iter().flat_map(|hop| &hop.edges).map(number).collect();
            prop_assert_eq!(&left_out(&edges, found), &found.left_out, "{:?}", legs);
            prop_assert!(!found.has_mixed_currencies || found.circulating.is_none());
        }
        prop_assert_eq!(counted(&position, &options), by_length(&report));
    }

    #[test]
    fn through_limits_and_the_greatest((n, edges) in random_edges(), pick in vec(0..8_u32, 1..3), keep in 1..5_usize) {
        let position = position(n, &edges);
        let whole = run(&position, &LoopsOptions { length_max: 4, ..LoopsOptions::default() });
        let through: Vec<_> = pick.iter().map(|p| player(p % n)).collect();
        let options = LoopsOptions { length_max: 4, through: through.clone(), ..LoopsOptions::default() };
        let mut expected = whole.clone();
        expected.loops.retain(|found| through.iter().all(|p| found.hops.iter().any(|hop| hop.from == *p)));
        let report = run(&position, &options);
        prop_assert_eq!(&report.loops, &expected.loops);
        prop_assert_eq!(counted(&position, &options), by_length(&report));
        let greatest = run(&position, &LoopsOptions { length_max: 4, loops_max: keep, greatest: true, ..LoopsOptions::default() });
        prop_assert_eq!(greatest.seen, whole.seen);
        prop_assert_eq!(greatest.loops.len(), keep.min(whole.loops.len()));
        prop_assert_eq!(greatest.is_cut, whole.loops.len() > keep);
        let most = |report: &LoopsReport| {
            let upper = |found: &Loop| found.circulating.map_or(-1.0, |q| q.upper.or(q.lower).unwrap_or(0.0));
            let mut uppers: Vec<f64> = report.loops.iter().map(upper).collect();
            uppers.sort_by(|a, b| b.total_cmp(a));
            uppers
        };
        prop_assert_eq!(most(&greatest), most(&whole)[..greatest.loops.len()].to_vec());
        let first = run(&position, &LoopsOptions { length_max: 4, loops_max: keep, ..LoopsOptions::default() });
        prop_assert_eq!(first.is_cut, whole.loops.len() > keep);
        prop_assert_eq!(first.loops.len(), keep.min(whole.loops.len()));
        for found in &first.loops {
            prop_assert!(whole.loops.contains(found));
        }
    }

    #[test]
    fn each_choice_of_edges_is_a_loop_if_wanted((n, edges) in random_edges(), flows in allowed()) {
        let options = LoopsOptions { length_max: 3, flows: flows.clone(), each_edge: true, loops_max: 100_000, ..LoopsOptions::default() };
        let report = run(&position(n, &edges), &options);
        let mut expected = 0;
        for (_, hops) in all(n, &edges, 3, &flows) {
            let hops = without_doubles(hops);
            let mut choices: Vec<Hops> = vec![Vec::new()];
            for hop in &hops {
                choices = choices.iter().flat_map(|chosen| hop.iter().map(move |leg| {
                    let mut longer = chosen.clone();
                    longer.push(vec![*leg]);
                    longer
                })).collect();
            }
            expected += choices.iter().filter(|choice| is_loop(&edges, choice)).count();
        }
        prop_assert_eq!(report.loops.len(), expected);
        prop_assert_eq!(counted(&position(n, &edges), &options), by_length(&report));
        for hop in report.loops.iter().flat_map(|found| &found.hops) {
            prop_assert_eq!(hop.edges.len(), 1);
        }
    }

    #[test]
    fn time_moves_on_from_the_first_leg(
        (n, edges) in random_edges(),
        days in vec(prop_oneof![1 => Just(None), 6 => (0..31_u32).prop_map(Some)], 20),
        window in 0..25_u32,
    ) {
        let position = dated(&position(n, &edges), &days);
        let days = &days;
        let flows = [Flow::Cash, Flow::Equity];
        let options = LoopsOptions { window: Some(window), ..LoopsOptions::default() };
        let report = run(&position, &options);
        let mut expected: Vec<Vec<(u32, BTreeSet<usize>)>> = Vec::new();
        for (path, hops) in all(n, &edges, 3, &flows) {
            let hops = without_doubles(hops);
            // All beginnings, all choices of legs: the day of the first leg, where it begins, and the legs.
            let mut choices: Vec<(u32, usize, Vec<usize>)> = Vec::new();
            for first in 0..hops.len() {
                let mut ahead: Vec<Vec<usize>> = vec![Vec::new()];
                for step in 0..hops.len() {
                    let hop = &hops[(first + step) % hops.len()];
                    ahead = ahead.iter().flat_map(|chosen| {
                        let last = chosen.last().map(|leg| days[*leg].unwrap());
                        let next = hop.iter().map(|leg| leg.0).filter(move |leg| days[*leg] >= last && days[*leg].is_some());
                        next.map(|leg| [&chosen[..], &[leg]].concat())
                    }).collect();
                }
                choices.extend(ahead.into_iter().filter_map(|chosen| {
                    let (start, end) = (days[chosen[0]]?, days[*chosen.last()?]?);
                    (end - start <= window).then_some((start, first, chosen))
                }));
            }
            let Some((start, first)) = choices.iter().map(|choice| (choice.0, choice.1)).min() else {
                continue;
            };
            // The legs of all choices that lie between the earliest beginning and the end of its window.
            let mut legs = vec![BTreeSet::new(); hops.len()];
            for (_, at, chosen) in &choices {
                let is_within = days[*chosen.last().unwrap()].unwrap() - start <= window;
                if *at == first && is_within {
                    for (step, leg) in chosen.iter().enumerate() {
                        legs[step].insert(*leg);
                    }
                }
            }
            let from = (0..hops.len()).map(|step| path[(first + step) % hops.len()]);
            expected.push(from.zip(legs).collect());
        }
        let hop = |hop: &LoopStep| {
            let from = (0..n).find(|p| player(*p) == hop.from).unwrap();
            (from, hop.edges.iter().map(number).collect())
        };
        let mut found: Vec<Vec<_>> = report.loops.iter().map(|found| found.hops.iter().map(hop).collect()).collect();
        found.sort();
        expected.sort();
        prop_assert_eq!(found, expected);
        prop_assert_eq!(counted(&position, &options), by_length(&report));
    }

    #[test]
    fn turning_all_edges_turns_the_loops((n, edges) in random_edges()) {
        let turned: Vec<_> = edges.iter().map(|edge| RandomEdge { from: edge.to, to: edge.from, ..edge.clone() }).collect();
        let options = LoopsOptions { length_max: 4, ..LoopsOptions::default() };
        let back = |path: Vec<u32>| {
            let mut back = path.clone();
            back[1..].reverse();
            back
        };
        let mut expected: Vec<_> = players(n, &run(&position(n, &edges), &options)).into_iter().map(back).collect();
        expected.sort();
        prop_assert_eq!(players(n, &run(&position(n, &turned), &options)), expected);
    }
}

#[test]
fn a_search_that_is_called_off_says_so_and_keeps_what_it_has() {
    let pairs = (0..8).flat_map(|from| (0..8).map(move |to| (from, to)));
    let edges: Vec<_> = pairs
        .map(|(from, to)| RandomEdge {
            from,
            to,
            kind: 0,
            lower: None,
            upper: Some(5.0),
            status: powermap::model::Status::Committed,
        })
        .collect();
    let position = position(8, &edges);
    let options = LoopsOptions {
        length_max: 8,
        loops_max: 1_000_000,
        ..LoopsOptions::default()
    };
    let whole = run(&position, &options);
    // Σ C(8, L)·(L − 1)! for L = 2 to 8.
    assert_eq!(whole.seen, 16_064);
    let stopped = loops(&position, &options, &AtomicBool::new(true)).unwrap();
    assert!(stopped.is_cancelled && stopped.seen < whole.seen);
    assert!(significance(&position, &options, 3, 1, &AtomicBool::new(true)).is_err());
    assert!(
        loops(
            &position,
            &LoopsOptions {
                length_max: 1,
                ..LoopsOptions::default()
            },
            &NEVER
        )
        .is_err()
    );
}

#[test]
fn a_ring_of_rings_has_more_loops_than_its_degrees_explain() {
    // Twenty triangles of investments, each player in one.
    let edges: Vec<_> = (0..60_u32)
        .map(|from| RandomEdge {
            from,
            to: from / 3 * 3 + (from + 1) % 3,
            kind: 0,
            lower: Some(5.0),
            upper: Some(5.0),
            status: powermap::model::Status::Committed,
        })
        .collect();
    let position = position(60, &edges);
    let rows = significance(&position, &LoopsOptions::default(), 50, 1, &NEVER).unwrap();
    let triangles = rows.iter().find(|row| row.length == 3).unwrap();
    assert_eq!(triangles.observed, 20);
    assert!(triangles.mean < 3.0 && triangles.z.unwrap() > 10.0);
    assert!((triangles.p - 1.0 / 51.0).abs() < 1e-12);
    let again = significance(&position, &LoopsOptions::default(), 50, 1, &NEVER).unwrap();
    assert_eq!(rows, again);
}

/// A network of a table of edges.
fn listed(text: &str) -> Position {
    let concepts = Map::built_in().unwrap().records().unwrap().concepts.clone();
    let list = edge_list::read("edges.csv", text.as_bytes(), &concepts).unwrap();
    Position::of_network(Network::from_edges(list, &concepts).unwrap())
}

#[test]
fn amounts_in_several_currencies_are_never_one_amount() {
    let columns = "from,to,family,kind,amount,unit\n";
    let of = |rows: &str| {
        let report = run(
            &listed(&format!("{columns}{rows}")),
            &LoopsOptions::default(),
        );
        assert_eq!(report.loops.len(), 1, "{rows}");
        report.loops[0].clone()
    };
    let amount = |found: &Loop| found.circulating.map(|q| (q.lower, q.upper, q.unit));
    // Nothing in common.
    let found = of("a,b,investment,loan,5,USD\nb,a,investment,loan,7,EUR\n");
    assert!(found.has_mixed_currencies && amount(&found).is_none() && found.ratio.is_none());
    // More than one in common.
    let both = "a,b,investment,loan,5,USD\na,b,investment,loan,5,EUR\n";
    let found = of(&format!(
        "{both}b,a,investment,loan,7,USD\nb,a,investment,loan,7,EUR\n"
    ));
    assert!(found.has_mixed_currencies && amount(&found).is_none());
    // One in common: what is in the other is left out, and named.
    let found = of(&format!("{both}b,a,investment,loan,7,USD\n"));
    assert_eq!(amount(&found), Some((Some(5.0), Some(5.0), Unit::USD)));
    assert!(!found.has_mixed_currencies);
    let rows: Vec<_> = found.left_out.iter().map(NamedNode::as_str).collect();
    assert_eq!(rows, ["https://w3id.org/powermap/id/row-2"]);
    // None at all.
    let found = of("a,b,investment,loan,,\nb,a,investment,loan,,\n");
    assert!(!found.has_mixed_currencies && amount(&found).is_none() && found.left_out.is_empty());
}

#[test]
fn one_cycle_of_many_edges_can_be_called_off_among_its_choices() {
    let edges = ["a,b", "b,c", "c,a"].map(|ends| format!("{ends},investment,loan\n").repeat(500));
    let position = listed(&format!("from,to,family,kind\n{}", edges.concat()));
    let options = LoopsOptions {
        each_edge: true,
        ..LoopsOptions::default()
    };
    // 125 million choices; the first is told, and then the flag is raised.
    let cancel = AtomicBool::new(false);
    let mut seen = 0;
    let ending = for_each_loop(&position, &options, &cancel, |_| {
        seen += 1;
        cancel.store(true, Ordering::Relaxed);
        ControlFlow::Continue(())
    });
    assert_eq!((ending.unwrap(), seen), (Ending::Cancelled, 1));
    let report = run(
        &position,
        &LoopsOptions {
            loops_max: 7,
            ..options
        },
    );
    assert!(report.is_cut && report.loops.len() == 7);
}
