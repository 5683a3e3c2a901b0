//! Who holds what part of whom: chains, excluded bounds, votes beside stated control, circles of bought shares.

use crate::support::verdicts::{control, report, row};
use powermap::analysis::{
    CONTROL, Cell, ControlBasis, ControlOptions, DependenceOptions, LoopsOptions, Verdict, WHAT_IF,
};
use powermap::catalogue::Catalogue;
use powermap::model::vocabulary::{PREFIXES, short_name};
use powermap::model::{Flow, Lang, short_id};
use powermap::{Map, MapError};
use powermap_rdf::table::TableFormat;
use powermap_rdf::{Results, results};
use std::fs;

const HEADER: &str =
    "id,from,to,family,kind,right,lower,upper,amount,unit,since,status,document,locator\n";

fn edges(rows: &str) -> Map {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("edges.csv"), format!("{HEADER}{rows}")).unwrap();
    Map::open(folder.path()).unwrap()
}

/// A stake of a row of edges, of the capital unless a right is given.
fn stake(id: &str, from: &str, to: &str, right: &str, share: &str) -> String {
    format!(
        "{id},{from},{to},investment,ownership,{right},,,{share},percent,2020,completed,reg,{id}\n"
    )
}

fn table(results: Results<'_>) -> String {
    let (table, _) = results::table(results, &PREFIXES).unwrap();
    table.to_text(TableFormat::Csv)
}

use ControlBasis::{Chain, Shares, Stated, Votes};
use Verdict::{Certain, Joint, No, Possible};

#[test]
fn a_stated_majority_of_votes_stays_one_beside_stated_control() {
    let charter = "c,council,works,influence,charter-control,,,,,,2020,completed,reg,c\n";
    let map = edges(&format!(
        "{charter}{}{}",
        stake("v", "pat", "works", "votes", "60"),
        stake("m", "sam", "works", "votes", "40"),
    ));
    let found = report(&map, "works");
    let verdicts: Vec<_> = found
        .rows
        .iter()
        .map(|row| (short_name(row.controller.as_str()), row.verdict, row.basis))
        .collect();
    assert_eq!(
        verdicts,
        [
            ("council", Certain, Stated),
            ("pat", Certain, Votes),
            ("sam", No, Votes)
        ]
    );
    // Both cannot be, and the report says so.
    assert_eq!(found.contradicted, [map.player("works").unwrap()]);
    // Either of them controls what the company does.
    let map = edges(&format!(
        "{charter}{}{}",
        stake("v", "pat", "works", "votes", "60"),
        stake("s", "works", "shop", "", "100"),
    ));
    let verdicts: Vec<_> = control(&map, "shop")
        .into_iter()
        .map(|row| (row.0, row.1))
        .collect();
    for name in ["council", "pat", "works"] {
        assert!(
            verdicts.contains(&(name.to_owned(), Certain)),
            "{verdicts:?}"
        );
    }
    // The votes of a nominee are another's.
    let nominee = charter.replace("charter-control", "nominee");
    let map = edges(&format!(
        "{nominee}{}",
        stake("v", "pat", "works", "votes", "60")
    ));
    let found = report(&map, "works");
    assert_eq!((found.rows[1].verdict, found.contradicted.len()), (No, 0));
    // A greater part of the capital is no majority of the votes.
    let map = edges(&format!(
        "{charter}{}",
        stake("k", "pat", "works", "", "90")
    ));
    assert_eq!(
        control(&map, "works")[1],
        row("pat", No, Shares, (0.9, 0.9))
    );
}

#[test]
fn a_stake_that_equals_a_longer_chain_is_that_chain() {
    let chain = stake("e1", "pat", "first", "", "80")
        + &stake("e2", "first", "second", "", "50")
        + &stake("e3", "second", "target", "", "60");
    let map = edges(&(chain.clone() + &stake("e4", "pat", "target", "", "24")));
    let found = report(&map, "target");
    let pat = found
        .rows
        .iter()
        .find(|row| row.share.unwrap().lower < 0.25);
    assert_eq!(pat.unwrap().share.unwrap().bounds(), (0.24, 0.24));
    assert_eq!(pat.unwrap().basis, Chain);
    assert_eq!(found.indirect.len(), 1);
    let catalogue = Catalogue::built_in().unwrap();
    let told = map.ask(catalogue.get("stake-of-a-chain").unwrap(), &[]);
    let told = table(told.unwrap());
    assert!(
        told.contains("24 percent, and 80 percent of first, which holds 50 percent of second"),
        "{told}"
    );
    // Another share is a stake of its own, beside the chain.
    let map = edges(&(chain + &stake("e4", "pat", "target", "", "20")));
    let pat = control(&map, "target")
        .into_iter()
        .find(|row| row.0 == "pat");
    assert_eq!(pat.unwrap().3, Some((0.44, 0.44)));
}

#[test]
fn excluded_bounds_stay_excluded_through_chains_and_at_every_door() {
    let map = edges(
        "e1,pat,holdco,investment,ownership,,>50,75,,percent,2020,completed,psc,1\n\
         e2,holdco,acorn,investment,ownership,,>50,<75,,percent,2020,completed,psc,2\n",
    );
    let found = report(&map, "acorn");
    let share = |name: &str| {
        let id = map.player(name).unwrap();
        let row = found.rows.iter().find(|row| row.controller == id).unwrap();
        (row.share.unwrap(), row.direct)
    };
    let (through, direct) = share("pat");
    assert_eq!(
        (through.bounds(), through.excluded),
        ((0.25, 0.5625), [true, true])
    );
    assert_eq!(direct, None);
    let (through, direct) = share("holdco");
    assert_eq!(
        (through.bounds(), through.excluded),
        ((0.5, 0.75), [true, true])
    );
    assert_eq!(direct, Some(through));
    // The shown cells.
    let answer = map.answer(&CONTROL, [("of", "acorn")]).unwrap();
    let shown: Vec<String> = answer
        .rows
        .iter()
        .map(|row| {
            let cell = row.cells[3].as_words();
            match cell {
                Cell::Words { people, .. } => people.get(Lang::En).to_owned(),
                other => panic!("{other:?}"),
            }
        })
        .collect();
    assert_eq!(shown, ["> 50–< 75%", "> 25–< 56.3%"]);
    // In a query.
    let query = "SELECT ?who ?least ?more ?less { SERVICE call:control { [] call:of id:acorn ; \
        call:controller ?who ; call:shareLower ?least ; call:shareLowerExclusive ?more ; \
        call:shareUpperExclusive ?less } } ORDER BY ?least";
    let rows = map.query(query).unwrap();
    let text = table(rows);
    assert_eq!(
        text,
        "who,least,more,less\nid:pat,0.25,true,true\nid:holdco,0.5,true,true\n"
    );
}

#[test]
fn more_than_a_quarter_beside_three_quarters_is_above_the_whole() {
    let map = |more: &str| {
        edges(&format!(
            "e1,pat,co,investment,ownership,,{more},,,percent,2020,completed,psc,1\n\
             e2,sue,co,investment,ownership,,75,,,percent,2020,completed,psc,2\n"
        ))
    };
    let above = |map: &Map| report(map, "co").oversubscribed.len();
    assert_eq!((above(&map(">25")), above(&map("25"))), (1, 0));
    // One owner of more than the whole, by two rows.
    let twice = stake("a", "pat", "co", "", "60")
        + &stake("b", "pat", "co", "", "60").replace("2020", "2021");
    assert_eq!(above(&edges(&twice)), 1);
}

#[test]
fn shares_that_were_bought_go_round_as_held_ones_do() {
    let map = edges(
        "e1,alpha,beta,investment,equity,,,,5,USD_bn,2019,completed,reg,1\n\
         e2,beta,gamma,investment,acquisition,,,,,,2019,completed,reg,2\n\
         e3,gamma,alpha,investment,ownership,,,,30,percent,2019,completed,reg,3\n\
         e4,alpha,gamma,investment,loan,,,,1,USD_bn,2019,completed,reg,4\n\
         e5,gamma,beta,investment,warrant,,,,10,percent,2019,completed,reg,5\n",
    );
    let options = LoopsOptions {
        flows: vec![Flow::Ownership],
        ..LoopsOptions::default()
    };
    let found = map.loops(&options).unwrap().loops;
    let names: Vec<_> = found[0]
        .hops
        .iter()
        .map(|hop| short_name(hop.from.as_str()))
        .collect();
    // Neither a loan nor a right to shares is a share.
    assert_eq!((found.len(), names), (1, vec!["alpha", "beta", "gamma"]));
    let flows = &found[0].hops[0].flows;
    assert_eq!((flows[0].flow, flows[0].in_return), (Flow::Ownership, None));
    // Cash goes round without what is owned.
    let cash = LoopsOptions {
        flows: vec![Flow::Cash],
        ..LoopsOptions::default()
    };
    assert!(map.loops(&cash).unwrap().loops.is_empty());
}

#[test]
fn days_that_are_asked_for_say_which_edges_they_leave_out() {
    let map = edges(
        "e1,alpha,beta,supply,chips,,,,5,USD_bn,,committed,reg,1\n\
         e2,gamma,beta,supply,chips,,,,5,USD_bn,2019,committed,reg,2\n",
    );
    let options = DependenceOptions {
        players: vec![map.player("beta").unwrap()],
        days: vec!["2020-01-01".parse().unwrap()],
        ..DependenceOptions::default()
    };
    // Nothing says when the claim was made, so that the edge is on no board of a day before.
    let report = map.dependence(&options).unwrap();
    assert_eq!(report.unknown_starts, []);
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("edges.csv"),
        "id,from,to,family,kind,amount,unit,since,said,document\n\
         e1,alpha,beta,supply,chips,5,USD_bn,,2024-05-01,reg\n\
         e2,gamma,beta,supply,chips,5,USD_bn,2019,2024-05-01,reg\n",
    )
    .unwrap();
    let map = Map::open(folder.path()).unwrap();
    let report = map.dependence(&options).unwrap();
    assert_eq!(report.unknown_starts, [("2020-01-01".parse().unwrap(), 1)]);
}

#[test]
fn a_named_query_says_which_id_it_does_not_know() {
    let map = Map::built_in().unwrap();
    let catalogue = Catalogue::built_in().unwrap();
    let ask = |value: &str| {
        let given = [("deal".to_owned(), value.to_owned())];
        map.ask(catalogue.get("deal").unwrap(), &given).map(|_| ())
    };
    assert!(ask("nvidia-openai-2025-09").is_ok());
    match ask("nvidia-openai-2025").unwrap_err() {
        MapError::UnknownId { near, .. } => assert_eq!(near[0], "nvidia-openai-2025-09"),
        other => panic!("{other}"),
    }
}

#[test]
fn companies_are_found_by_ticker_and_by_their_full_chinese_name() {
    let map = Map::built_in().unwrap();
    for (typed, id) in [
        ("AMZN", "amazon"),
        ("GOOGL", "alphabet"),
        ("INTC", "intel"),
        ("crwv", "coreweave"),
        ("甲骨文公司", "oracle"),
        ("英伟达公司", "nvidia"),
        ("微软股份有限公司", "microsoft"),
    ] {
        assert_eq!(
            short_name(map.player(typed).unwrap().as_str()),
            id,
            "{typed}"
        );
    }
    assert!(map.player("公司").is_err());
}

#[test]
fn short_ids_of_edges_are_taken_where_ids_are() {
    let map = Map::built_in().unwrap();
    let board = map.board().unwrap();
    let edge = map
        .records()
        .unwrap()
        .edges
        .keys()
        .find(|id| short_name(id.as_str()).len() > 8 && board.edges.contains_key(*id));
    let edge = edge.unwrap();
    let short = short_id(edge).into_owned();
    let without = |id: &str| map.answer(&WHAT_IF, [("without-edge", id)]).unwrap();
    assert_eq!(without(&short).rows, without(edge.as_str()).rows);
    let catalogue = Catalogue::built_in().unwrap();
    let history = |id: &str| {
        let given = [("about".to_owned(), id.to_owned())];
        table(
            map.ask(catalogue.get("status-history").unwrap(), &given)
                .unwrap(),
        )
    };
    assert_eq!(history(&short), history(edge.as_str()));
    assert!(history(&short).lines().count() > 1);
    // All of the built-in map's differ.
    let edges = map.records().unwrap().edges.keys();
    let shorts: std::collections::BTreeSet<_> = edges.clone().map(short_id).collect();
    assert_eq!(shorts.len(), edges.len());
    assert!(map.answer(&WHAT_IF, [("without-edge", "e-00000")]).is_err());
}

#[test]
fn whoever_decides_with_another_does_so_up_and_down_the_chain() {
    let map = edges(
        &[
            stake("a", "pat", "h", "", "100"),
            stake("b", "h", "jv", "", "50"),
            stake("c", "q", "jv", "", "50"),
            stake("d", "jv", "sub", "", "100"),
        ]
        .concat(),
    );
    let half = Some((0.5, 0.5));
    assert_eq!(
        control(&map, "jv"),
        [
            row("h", Joint, Shares, half),
            row("pat", Joint, Chain, half),
            row("q", Joint, Shares, half),
        ]
    );
    assert_eq!(
        control(&map, "sub"),
        [
            row("jv", Certain, Shares, (1.0, 1.0)),
            row("h", Joint, Chain, half),
            row("pat", Joint, Chain, half),
            row("q", Joint, Chain, half),
        ]
    );
}

#[test]
fn whoever_controls_a_beneficial_owner_is_one() {
    for kind in ["nominee", "control", "majority-appointment"] {
        let map = edges(&format!(
            "s,ann,nom,influence,{kind},,,,,,2020,completed,reg,s\n{}{}",
            stake("a", "nom", "co", "", "30"),
            stake("b", "pub", "co", "", "70"),
        ));
        let owners = |threshold| {
            let options = ControlOptions {
                threshold,
                ..ControlOptions::of(map.player("co").unwrap())
            };
            let rows = map.control(&options).unwrap().rows.into_iter();
            rows.map(|row| (short_name(row.controller.as_str()).to_owned(), row.verdict))
                .collect::<Vec<_>>()
        };
        let certain = |name: &str| (name.to_owned(), Certain);
        assert_eq!(
            owners(0.25),
            [certain("pub"), certain("nom"), certain("ann")],
            "{kind}"
        );
        assert_eq!(owners(0.5)[..1], [certain("pub")]);
        assert!(owners(0.5)[1..].iter().all(|(_, verdict)| *verdict == No));
    }
}

#[test]
fn nobody_votes_with_the_shares_that_a_company_holds_itself() {
    let map = edges(
        &[
            stake("a", "co", "co", "", "20"),
            stake("b", "pat", "co", "", "45"),
            stake("c", "sam", "co", "", "35"),
        ]
        .concat(),
    );
    assert_eq!(
        control(&map, "co"),
        [
            row("pat", Certain, Shares, (0.5625, 0.5625)),
            row("sam", No, Shares, (0.4375, 0.4375)),
        ]
    );
}

#[test]
fn a_part_of_a_debt_is_no_share() {
    for kind in ["loan", "credit-line", "guarantee"] {
        let map = edges(&format!(
            "l,c,co,investment,{kind},,,,55,percent,2020,completed,reg,l\n{}{}",
            stake("a", "a", "co", "", "60"),
            stake("b", "b", "co", "", "25"),
        ));
        assert_eq!(
            control(&map, "co"),
            [
                row("a", Certain, Shares, (0.6, 0.6)),
                row("b", No, Shares, (0.25, 0.25)),
            ],
            "{kind}"
        );
    }
}

#[test]
fn what_is_held_through_others_is_not_held_directly() {
    let declared = "d,zed,co,investment,indirect-ownership,,,,20,percent,2020,completed,reg,d\n";
    let map = edges(&format!("{declared}{}", stake("a", "pat", "co", "", "30")));
    let found = report(&map, "co");
    let direct: Vec<_> = found
        .rows
        .iter()
        .map(|row| row.direct.map(|held| held.upper))
        .collect();
    assert_eq!(direct, [Some(0.3), None]);
    assert_eq!(found.rows[1].share.map(|held| held.upper), Some(0.2));
}

#[test]
fn a_chain_that_counts_is_told_where_it_leads_only() {
    let map = edges(
        &[
            stake("a", "pat", "h", "", "80"),
            stake("b", "h", "co", "", "50"),
            stake("c", "pat", "co", "", "40"),
            stake("d", "ann", "nom", "", "60"),
        ]
        .concat(),
    );
    assert_eq!(report(&map, "co").indirect.len(), 1);
    assert_eq!(report(&map, "nom").indirect.len(), 0);
}

/// A stake of one through others, with its parts, of which some state a share.
fn whole(share: &str, parts: &[(&str, &str, &str)]) -> Map {
    let folder = tempfile::tempdir().unwrap();
    let mut rows =
        String::from("id,from,to,family,kind,amount,unit,since,status,document,components\n");
    let mut ids = Vec::new();
    for (number, (from, to, share)) in parts.iter().enumerate() {
        let unit = if share.is_empty() { "" } else { "percent" };
        rows += &format!(
            "p{number},{from},{to},investment,ownership,{share},{unit},2020,completed,reg,\n"
        );
        ids.push(format!("p{number}"));
    }
    rows += &format!(
        "w,pat,co,investment,indirect-ownership,{share},percent,2020,completed,reg,{}\n",
        ids.join(";")
    );
    fs::write(folder.path().join("edges.csv"), rows).unwrap();
    Map::open(folder.path()).unwrap()
}

#[test]
fn parts_without_a_share_have_what_the_whole_leaves_them() {
    let two = |share: &str| {
        let parts = [
            ("pat", "b", ""),
            ("pat", "c", ""),
            ("b", "co", "40"),
            ("c", "co", "20"),
        ];
        control(&whole(share, &parts), "co")
    };
    assert_eq!(
        two("60"),
        [
            row("pat", Certain, Chain, (0.6, 0.6)),
            row("b", No, Shares, (0.4, 0.4)),
            row("c", No, Shares, (0.2, 0.2)),
        ]
    );
    // Of 50, b brings 30 at least and c 10: what each leaves the other.
    assert_eq!(two("50")[0], row("pat", Possible, Chain, (0.4, 0.6)));
    // Half of one part is all that it says.
    let one = control(&whole("20", &[("pat", "b", ""), ("b", "co", "40")]), "co");
    assert_eq!(
        one,
        [
            row("b", No, Shares, (0.4, 0.4)),
            row("pat", No, Chain, (0.2, 0.2)),
        ]
    );
    // A chain of several unknown steps, each of which has to be whole.
    let long = control(
        &whole("60", &[("pat", "a", ""), ("a", "b", ""), ("b", "co", "60")]),
        "co",
    );
    assert_eq!(long[2].1, Certain);
    assert!(long.iter().all(|row| row.3 == Some((0.6, 0.6))), "{long:?}");
    // More than its parts can be: nothing follows for them.
    let more = control(&whole("90", &[("pat", "b", ""), ("b", "co", "40")]), "co");
    assert_eq!(more[0], row("b", No, Shares, (0.4, 0.4)));
}

#[test]
fn a_majority_beside_a_takeover_is_told() {
    let bought = "t,big,co,investment,acquisition,,,,,,2018,completed,reg,t\n";
    let of = |share: &str| {
        let map = edges(&format!("{bought}{}", stake("a", "new", "co", "", share)));
        let found = report(&map, "co");
        let verdicts: Vec<_> = found.rows.iter().map(|row| row.verdict).collect();
        (verdicts, found.contradicted.len())
    };
    // Both are said, and cannot both be: the reader is told.
    assert_eq!(of("80"), (vec![Certain, Certain], 1));
    assert_eq!(of("20"), (vec![Certain, No], 0));
}
