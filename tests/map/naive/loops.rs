//! Loops against all sequences of players and all choices of legs.

use crate::support::random_map::{
    KINDS, RandomEdge, dated, edge_id, player, position, random_edges,
};
use oxigraph::model::NamedNode;
use powermap::Map;
use powermap::analysis::{
    Loop, LoopStep, LoopType, LoopsOptions, LoopsReport, Position, StepFlow, count_loops,
    for_each_loop, loops, significance,
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

/// The edges without a value in a unit, in hops that have one.
fn left_out(edges: &[RandomEdge], found: &Loop, unit: &str) -> Vec<NamedNode> {
    let has_value = |edge: &&NamedNode| {
        let edge = &edges[number(edge)];
        KINDS[edge.kind].2 == unit && (edge.lower.is_some() || edge.upper.is_some())
    };
    let hops = found
        .hops
        .iter()
        .filter(|hop| hop.edges.iter().any(|edge| has_value(&edge)));
    let mut left_out: Vec<_> = hops
        .flat_map(|hop| hop.edges.iter().filter(|edge| !has_value(edge)).cloned())
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
pub(crate) fn legs(
    edges: &[RandomEdge],
    from: u32,
    to: u32,
    allowed: &[Flow],
) -> Vec<(usize, Flow)> {
    let mut found = Vec::new();
    for (number, edge) in edges.iter().enumerate() {
        let (carries, returns) = flows(edge.kind);
        let forward = carries.filter(|_| (edge.from, edge.to) == (from, to));
        // Shares that were bought are owned.
        let owned = (KINDS[edge.kind].1 == "Equity" && allowed.contains(&Flow::Ownership))
            .then_some(Flow::Ownership)
            .filter(|_| (edge.from, edge.to) == (from, to));
        let back = returns.filter(|_| (edge.to, edge.from) == (from, to));
        found.extend(
            [forward, owned, back]
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
    let trade = |number: usize| {
        let is_investment = KINDS[edges[number].kind].0 == Family::Investment;
        (
            (!is_investment).then_some(edges[number].kind),
            edges[number].from,
        )
    };
    there
        .iter()
        .any(|(a, _)| back.iter().any(|(b, _)| trade(*a) != trade(*b)))
}

/// The legs of a hop.
type Legs = Vec<(usize, Flow)>;

type Hops = Vec<Legs>;

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

pub(crate) type Bounds = (Option<f64>, Option<f64>);

/// The sum of the legs of a hop in a unit: bounds, if any leg has a value.
pub(crate) fn value(edges: &[RandomEdge], hop: &[(usize, Flow)], unit: &str) -> Option<Bounds> {
    let numbers: BTreeSet<_> = hop.iter().map(|leg| leg.0).collect();
    let valued: Vec<_> = numbers
        .into_iter()
        .map(|number| &edges[number])
        .filter(|edge| KINDS[edge.kind].2 == unit && (edge.lower.is_some() || edge.upper.is_some()))
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

/// Whether all legs are stakes.
fn is_stakes(hops: &[Vec<(usize, Flow)>]) -> bool {
    let mut legs = hops.iter().flatten();
    legs.all(|(_, flow)| *flow == Flow::Ownership)
}

fn unit(hops: &[Vec<(usize, Flow)>]) -> &'static str {
    if is_stakes(hops) { "percent" } else { "USD" }
}

fn values(edges: &[RandomEdge], hops: &Hops) -> Vec<Option<Bounds>> {
    let hops_of = |hop: &Vec<(usize, Flow)>| value(edges, hop, unit(hops));
    hops.iter().map(hops_of).collect()
}

/// The least hop, or of stakes the product of the hops.
fn amount(edges: &[RandomEdge], hops: &Hops) -> Option<Bounds> {
    let values = values(edges, hops);
    if values.iter().all(Option::is_none) {
        return None;
    }
    let lowers: Option<Vec<f64>> = values.iter().map(|v| v.and_then(|v| v.0)).collect();
    let uppers: Vec<f64> = values.iter().filter_map(|v| v.and_then(|v| v.1)).collect();
    let product = |a: f64, b: f64| a.min(100.0) * b.min(100.0) / 100.0;
    let (lower, upper) = match is_stakes(hops) {
        true => (
            lowers.and_then(|all| all.into_iter().reduce(product)),
            uppers.into_iter().reduce(product).map(|upper| {
                // Of an unknown share, the whole is the bound.
                if hops.len() > 1 {
                    upper.min(100.0)
                } else {
                    upper
                }
            }),
        ),
        false => (
            lowers.and_then(|all| all.into_iter().reduce(f64::min)),
            uppers.into_iter().reduce(f64::min),
        ),
    };
    (lower.is_some() || upper.is_some()).then_some((lower, upper))
}

/// The place of a loop in the order: whether all its hops have an amount, the greatest figure, the least, the players.
fn rank(edges: &[RandomEdge], (path, hops): &(Vec<u32>, Hops)) -> (u8, i64, i64, Vec<u32>) {
    // Products of up to six multiples of five percent are whole in this unit.
    let whole = |figure: f64| -(figure * 1e6).round() as i64;
    match amount(edges, hops) {
        None => (2, 0, 0, path.clone()),
        Some((lower, upper)) => (
            u8::from(values(edges, hops).iter().any(Option::is_none)),
            whole(upper.or(lower).unwrap()),
            whole(lower.unwrap_or(0.0)),
            path.clone(),
        ),
    }
}

/// What stands in a step for what is sent.
fn sent(edges: &[RandomEdge], hop: &[(usize, Flow)]) -> Vec<StepFlow> {
    let receipt = |kind: usize| match KINDS[kind].1 {
        "Equity" => Some(Flow::Equity),
        "Loan" => Some(Flow::Debt),
        _ => flows(kind).1,
    };
    let one = |(number, flow): &(usize, Flow)| {
        let kind = edges[*number].kind;
        let in_return = match flows(kind).0 == Some(*flow) {
            _ if *flow == Flow::Ownership => None,
            true => receipt(kind),
            false => flows(kind).0,
        };
        StepFlow {
            flow: *flow,
            in_return,
        }
    };
    let mut sent: Vec<_> = hop.iter().map(one).collect();
    sent.sort();
    sent.dedup();
    sent
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

/// The players of the loops of a report, as numbers, in its order.
fn in_order(n: u32, report: &LoopsReport) -> Vec<Vec<u32>> {
    let number = |id: &NamedNode| (0..n).find(|p| player(*p) == *id).unwrap();
    let loops = report.loops.iter().map(|found| {
        let mut players: Vec<_> = found.hops.iter().map(|hop| number(&hop.from)).collect();
        players.extend(found.missing.iter().map(|leg| number(&leg.from)));
        players
    });
    loops.collect()
}

/// The players of the loops of a report, as numbers, sorted.
fn players(n: u32, report: &LoopsReport) -> Vec<Vec<u32>> {
    let mut found = in_order(n, report);
    found.sort();
    found
}

/// All near loops: players from the first on, the legs of each hop, and the edges that tie the last to the first.
fn all_near(
    n: u32,
    edges: &[RandomEdge],
    length_max: usize,
    allowed: &[Flow],
) -> Vec<(Vec<u32>, Hops, Vec<usize>)> {
    let mut found = Vec::new();
    let mut ahead: Vec<Vec<u32>> = (0..n).map(|start| vec![start]).collect();
    while let Some(path) = ahead.pop() {
        let (first, last) = (path[0], path[path.len() - 1]);
        if path.len() >= 2 && legs(edges, last, first, allowed).is_empty() {
            let hops: Hops = path
                .windows(2)
                .map(|ends| legs(edges, ends[0], ends[1], allowed))
                .collect();
            let is_tie = |(number, edge): &(usize, &RandomEdge)| {
                let ends = [(edge.from, edge.to), (edge.to, edge.from)];
                let is_step = path.len() == 2 && hops[0].iter().any(|leg| leg.0 == *number);
                ends.contains(&(first, last)) && !is_step
            };
            let ties = edges.iter().enumerate().filter(is_tie);
            let ties: Vec<usize> = ties.map(|(number, _)| number).collect();
            if !ties.is_empty() {
                found.push((path.clone(), hops, ties));
            }
        }
        if path.len() < length_max {
            for next in (0..n).filter(|next| !path.contains(next)) {
                if !legs(edges, last, next, allowed).is_empty() {
                    ahead.push([&path[..], &[next]].concat());
                }
            }
        }
    }
    found
}

fn allowed() -> impl Strategy<Value = Vec<Flow>> {
    prop_oneof![
        Just(vec![Flow::Cash, Flow::Equity]),
        Just(vec![Flow::Cash]),
        Just(Vec::new()),
        Just(vec![Flow::Goods, Flow::Cash]),
        Just(vec![Flow::Ownership]),
    ]
}

fn timed() -> impl Strategy<Value = Vec<Flow>> {
    prop_oneof![
        Just(vec![Flow::Cash, Flow::Equity]),
        Just(vec![Flow::Goods]),
        Just(vec![Flow::Service]),
        Just(vec![Flow::Goods, Flow::Service, Flow::Cash]),
        Just(Vec::new()),
    ]
}

/// Where a loop begins in time, and the legs of all choices from there that end within the window of the earliest one.
fn in_time(
    edges: &[RandomEdge],
    days: &[Option<u32>],
    window: u32,
    hops: &Hops,
) -> Option<(usize, Hops)> {
    // The day of the first leg, where it begins, and the legs.
    let mut choices: Vec<(u32, usize, Legs)> = Vec::new();
    for first in 0..hops.len() {
        let mut ahead: Hops = vec![Vec::new()];
        for step in 0..hops.len() {
            let hop = &hops[(first + step) % hops.len()];
            let longer = ahead.iter().flat_map(|chosen| {
                let last = chosen.last().map(|leg| days[leg.0].unwrap());
                let next = hop.iter().copied();
                next.filter(move |leg| days[leg.0] >= last && days[leg.0].is_some())
                    .map(|leg| [&chosen[..], &[leg]].concat())
            });
            ahead = longer.collect();
        }
        for chosen in ahead {
            let (start, end) = (days[chosen[0].0]?, days[chosen[chosen.len() - 1].0]?);
            let single: Hops = chosen.iter().map(|leg| vec![*leg]).collect();
            if end - start <= window && is_loop(edges, &single) {
                choices.push((start, first, chosen));
            }
        }
    }
    let (start, first) = choices.iter().map(|choice| (choice.0, choice.1)).min()?;
    let mut legs: Hops = vec![Vec::new(); hops.len()];
    for (_, at, chosen) in &choices {
        if *at == first && days[chosen[chosen.len() - 1].0]? - start <= window {
            for (step, leg) in chosen.iter().enumerate() {
                legs[(first + step) % hops.len()].push(*leg);
            }
        }
    }
    for hop in &mut legs {
        hop.sort();
        hop.dedup();
    }
    Some((first, legs))
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
        for (_, hops) in &mut expected {
            *hops = without_doubles(hops.clone());
        }
        expected.sort_by_key(|found| rank(&edges, found));
        prop_assert_eq!(in_order(n, &report), expected.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>());
        prop_assert_eq!(report.seen, expected.len() as u64);
        prop_assert!(!report.is_cut && !report.is_cancelled);
        for (path, hops) in expected {
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
            for (hop, legs) in found.hops.iter().zip(&hops) {
                prop_assert_eq!(&hop.flows, &sent(&edges, legs));
                let bounds = hop.amount.map(|q| (q.lower, q.upper));
                prop_assert_eq!(bounds, value(&edges, legs, unit(std::slice::from_ref(legs))));
            }
            prop_assert_eq!(found.circulating.map(|q| (q.lower, q.upper)), amount(&edges, &hops));
            prop_assert_eq!(found.has_unknown, values(&edges, &hops).iter().any(Option::is_none));
            prop_assert!(found.missing.is_none());
            prop_assert_eq!(found.loop_type, kind(&edges, &hops));
            if let Some((lower, upper)) = found.ratio {
                prop_assert!(0.0 <= lower && lower <= upper && upper <= 1.0);
            }
        }
        for found in &report.loops {
            let legs: Vec<usize> = found.hops.iter().flat_map(|hop| &hop.edges).map(number).collect();
            let unit = if flows == [Flow::Ownership] { "percent" } else { "USD" };
            prop_assert_eq!(&left_out(&edges, found, unit), &found.left_out, "{:?}", legs);
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
        let greatest = run(&position, &LoopsOptions { length_max: 4, loops_max: keep, ..LoopsOptions::default() });
        prop_assert_eq!(greatest.seen, whole.seen);
        prop_assert_eq!(greatest.is_cut, whole.loops.len() > keep);
        prop_assert_eq!(&greatest.loops, &whole.loops[..keep.min(whole.loops.len())]);
        let short = run(&position, &LoopsOptions { length_max: 4, search_max: keep as u64, ..LoopsOptions::default() });
        prop_assert_eq!(short.is_search_cut, whole.loops.len() > keep);
        prop_assert_eq!(short.loops.len(), keep.min(whole.loops.len()));
        for found in &short.loops {
            prop_assert!(whole.loops.contains(found));
        }
    }

    #[test]
    fn near_loops_lack_one_leg_between_players_who_are_tied(
        (n, edges) in random_edges(),
        length_max in 2..6_u32,
        flows in allowed(),
    ) {
        let options = LoopsOptions { length_max, flows: flows.clone(), near: true, ..LoopsOptions::default() };
        let position = position(n, &edges);
        let report = run(&position, &options);
        let mut expected = all_near(n, &edges, length_max as usize, &flows);
        expected.sort_by_key(|(path, hops, _)| rank(&edges, &(path.clone(), hops.clone())));
        prop_assert_eq!(in_order(n, &report), expected.iter().map(|found| found.0.clone()).collect::<Vec<_>>());
        for (found, (path, hops, ties)) in report.loops.iter().zip(&expected) {
            let missing = found.missing.as_ref().unwrap();
            prop_assert_eq!(&missing.to, &player(path[0]));
            prop_assert_eq!(&missing.ties, &ties.iter().map(|tie| edge_id(*tie)).collect::<Vec<_>>());
            prop_assert_eq!(found.circulating.map(|q| (q.lower, q.upper)), amount(&edges, hops));
            prop_assert_eq!(found.loop_type, LoopType::Near);
        }
        prop_assert_eq!(counted(&position, &options), {
            let mut numbers = BTreeMap::new();
            for (path, _, _) in &expected {
                *numbers.entry(path.len()).or_default() += 1;
            }
            numbers
        });
    }

    #[test]
    fn each_choice_of_edges_is_a_loop_if_wanted((n, edges) in random_edges(), flows in allowed()) {
        let options = LoopsOptions { length_max: 3, flows: flows.clone(), each_edge: true, loops_max: 100_000, ..LoopsOptions::default() };
        let report = run(&position(n, &edges), &options);
        let mut expected = 0;
        for (_, hops) in all(n, &edges, 3, &flows) {
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
        flows in timed(),
    ) {
        let position = dated(&position(n, &edges), &days);
        let options = LoopsOptions { window: Some(window), flows: flows.clone(), ..LoopsOptions::default() };
        let report = run(&position, &options);
        let mut expected: Vec<Vec<(u32, BTreeSet<usize>)>> = Vec::new();
        for (path, hops) in all(n, &edges, 3, &flows) {
            let Some((first, mut hops)) = in_time(&edges, &days, window, &hops) else {
                continue;
            };
            // Without the doubles, where time still moves on from there.
            let single = in_time(&edges, &days, window, &without_doubles(hops.clone()));
            if let Some((_, single)) = single.filter(|(same, _)| *same == first) {
                hops = single;
            }
            let order = (0..hops.len()).map(|step| (first + step) % hops.len());
            let numbers = |at: usize| hops[at].iter().map(|leg| leg.0).collect();
            expected.push(order.map(|at| (path[at], numbers(at))).collect());
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
    // More than one in common: the one in which the most can go round, and what is in the other is named.
    let both = "a,b,investment,loan,5,USD\na,b,investment,loan,5,EUR\n";
    let found = of(&format!(
        "{both}b,a,investment,loan,7,USD\nb,a,investment,loan,1,EUR\n"
    ));
    assert_eq!(amount(&found), Some((Some(5.0), Some(5.0), Unit::USD)));
    assert!(!found.has_mixed_currencies && found.left_out.len() == 2);
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
            search_max: 20,
            ..options
        },
    );
    assert!(report.is_cut && report.is_search_cut);
    assert_eq!((report.loops.len(), report.seen), (7, 20));
}
