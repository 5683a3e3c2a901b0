//! Files in the formats of the field: what becomes of public samples and of small ones, and that nothing is lost in silence.

mod damaged;
mod further;
mod others;
mod samples;
#[cfg(feature = "workbook")]
pub(crate) mod workbook;
mod written;

use crate::support::verdicts::{control, row};
use powermap::analysis::{ControlBasis, Verdict};
use powermap::format::field::{FieldFormat, LeftOutReason, Reading, read_bytes};
use powermap::map::{Known, NewFile, NoticeKind};
use powermap::model::vocabulary::{expand, short_name};
use powermap::model::{Edge, Lang, Measure, Right};
use powermap::{Map, View};
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

/// Reads a text as a file of this name; the first error is one.
fn read(name: &str, text: &str) -> Reading {
    read_bytes(text.as_bytes(), name, false).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(name: &str, text: &str) -> String {
    read_bytes(text.as_bytes(), name, false)
        .unwrap_err()
        .to_string()
}

fn edge(reading: &Reading, id: &str) -> Edge {
    let id = expand(id).unwrap();
    let edges = &reading.records.edges;
    let known = || {
        edges
            .keys()
            .map(|id| short_name(id.as_str()))
            .collect::<Vec<_>>()
    };
    edges
        .get(&id)
        .unwrap_or_else(|| panic!("no {id}, but {:?}", known()))
        .clone()
}

/// The quantities that are claimed of something, as text with the right or the unit.
fn quantities(reading: &Reading, about: &str) -> Vec<String> {
    let about = expand(about).unwrap();
    let claims = reading.records.claims.values();
    let claims = claims.filter(|claim| claim.about == about);
    let mut texts: Vec<_> = claims
        .filter_map(|claim| claim.quantity)
        .map(|quantity| match quantity.unit.right() {
            Some(Right::Capital) => format!("{quantity} of capital"),
            _ => quantity.to_string(),
        })
        .collect();
    texts.sort();
    texts
}

/// All that is said of something in words.
fn said(reading: &Reading, about: &str) -> String {
    let about = expand(about).unwrap();
    let claims = reading.records.claims.values();
    let claims = claims.filter(|claim| claim.about == about);
    let texts: Vec<_> = claims
        .filter_map(|claim| claim.text.exact("").map(str::to_owned))
        .collect();
    texts.join("\n")
}

fn left_out(reading: &Reading) -> Vec<(LeftOutReason, String, u64)> {
    let left = reading.report.left_out.iter();
    left.map(|one| (one.reason, one.kind.clone(), one.count))
        .collect()
}

/// Writes files into a new folder.
fn folder(files: &[(&str, &str)]) -> (TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let paths = files.iter().map(|(name, text)| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    });
    let paths = paths.collect();
    (folder, paths)
}

fn on(map: &Map, day: &str) -> Map {
    map.with_view(View {
        as_of: Some(day.parse().unwrap()),
        ..View::default()
    })
}

const FTM: &str = r#"{"id":"acme","schema":"Company","properties":{"name":["Acme Holding"],"leiCode":["529900T8BM49AURSDO55"],"jurisdiction":["gb"]},"datasets":["leak"]}
{"id":"ada","schema":"Person","properties":{"name":["Ada","Ada L."],"birthDate":["1975"]},"referents":["ofac-1","gb-2"],"datasets":["b","a"],"last_change":"2024-02-03T10:00:00"}
{"id":"own","schema":"Ownership","properties":{"owner":["ada"],"asset":["acme"],"percentage":["25-50","ca. 40%"],"sharesCount":["1,500"],"startDate":["2011-05-01"],"role":["partner"]}}
"#;

#[test]
fn entities_become_players_and_links_become_edges() {
    let reading = read("a.json", FTM);
    assert_eq!(reading.report.format, FieldFormat::FollowTheMoney);
    assert_eq!((reading.report.records, reading.report.values), (3, 25));
    assert_eq!(left_out(&reading), []);
    let stake = edge(&reading, "ftm-own");
    assert_eq!(short_name(stake.from.as_str()), "ftm-ada");
    assert_eq!(stake.since.unwrap().to_string(), "2011-05-01");
    assert_eq!(
        quantities(&reading, "ftm-own"),
        ["1,500 shares", "25–50% of capital", "≈ 40% of capital"]
    );
    assert!(said(&reading, "ftm-own").contains("role: partner"));
    assert!(said(&reading, "ftm-ada").contains("birthDate: 1975"));
    let player = &reading.records.players[&expand("ftm-ada").unwrap()];
    assert_eq!(
        (player.labels.exact(""), player.aliases.as_slice()),
        (Some("Ada"), &["Ada L.".to_owned()][..])
    );
    let identifiers: Vec<_> = reading
        .records
        .identifiers
        .values()
        .map(|one| one.value.as_str())
        .collect();
    for value in ["529900T8BM49AURSDO55", "ofac-1", "gb-2", "ada"] {
        assert!(identifiers.contains(&value), "{identifiers:?}");
    }
    let titles: Vec<_> = reading
        .records
        .documents
        .values()
        .filter_map(|one| one.title.as_deref())
        .collect();
    assert!(
        titles.contains(&"a, b") && titles.contains(&"leak") && titles.contains(&"a.json"),
        "{titles:?}"
    );
}

#[test]
fn what_cannot_be_held_is_listed_with_its_place() {
    let text = r#"{"id":"a","schema":"Ownership","properties":{"owner":["b"],"asset":["c"],"percentage":["150","most"],"startDate":["2011-00-00"],"sharesCount":["many"]}}
{"id":"d","schema":"Email","properties":{"subject":["hello"],"date":["2020"]}}
{"id":"e","schema":"Debt","properties":{"debtor":["b"],"amount":["1000000000000000000000000000000"],"currency":["EUR"]}}
{"id":"f","schema":"Payment","properties":{"payer":["b"],"beneficiary":["c"],"amount":["1000000000000000000000000000000"],"currency":["EUR"]},"first_seen":"2020-01-01"}
"#;
    let reading = read("x.json", text);
    use LeftOutReason::{Incomplete, NoPlace, NotUnderstood};
    let expected = [
        (NotUnderstood, "Ownership.percentage", 2),
        (NotUnderstood, "Ownership.sharesCount", 1),
        (NotUnderstood, "Ownership.startDate", 1),
        (Incomplete, "Debt", 2),
        (Incomplete, "Debt.amount", 1),
        (Incomplete, "Debt.currency", 1),
        (NoPlace, "Email", 1),
        (NoPlace, "Email.date", 1),
        (NoPlace, "Email.subject", 1),
        (NoPlace, "first_seen", 1),
    ];
    let found = left_out(&reading);
    for (reason, kind, count) in expected {
        assert!(
            found.contains(&(reason, kind.to_owned(), count)),
            "{kind}: {found:?}"
        );
    }
    let share = &reading.report.left_out[0];
    assert_eq!(
        share.text(Lang::En),
        "2 × Ownership.percentage: cannot be read as what is expected (x.json:1: '150': expected a share from 0 to 100 \
         percent, such as 25, 25-50, >50 or ca. 50%, x.json:1: 'most': expected a share from 0 to 100 percent, such as 25, \
         25-50, >50 or ca. 50%)"
    );
    // The ends are players all the same, and a text that is no share is kept as printed.
    assert_eq!(reading.report.referred, 2);
    assert_eq!(reading.report.referred_examples, ["ftm-b", "ftm-c"]);
    let printed: Vec<_> = reading
        .records
        .claims
        .values()
        .filter_map(|claim| claim.as_printed.as_deref())
        .collect();
    assert_eq!(printed.len(), 2);
    assert_eq!(quantities(&reading, "ftm-f").len(), 1);
}

const BODS: &str = r#"[
{"statementId":"s1","recordId":"r1","recordType":"entity","recordStatus":"new","statementDate":"2020-01-02",
 "publicationDetails":{"publisher":{"name":"Register"},"bodsVersion":"0.4"},
 "recordDetails":{"isComponent":false,"entityType":{"type":"registeredEntity"},"name":"Acme","identifiers":[{"scheme":"XI-LEI","id":"529900T8BM49AURSDO55"},{"scheme":"MX-RFC","id":"7"}]}},
{"statementId":"s2","recordId":"r2","recordType":"person","recordStatus":"new","statementDate":"2020-01-02",
 "recordDetails":{"isComponent":false,"personType":"anonymousPerson","unspecifiedPersonDetails":{"reason":"interestedPartyExemptFromDisclosure"}}},
{"statementId":"s3","recordId":"r3","recordType":"relationship","recordStatus":"new","statementDate":"2020-01-02",
 "recordDetails":{"isComponent":false,"subject":"r1","interestedParty":"r2","interests":[
  {"type":"shareholding","directOrIndirect":"direct","share":{"exclusiveMinimum":50,"exclusiveMaximum":75},"startDate":"2019-01-01"},
  {"type":"votingRights","directOrIndirect":"direct","share":{"minimum":25,"maximum":50},"startDate":"2019-01-01"},
  {"type":"boardChair","startDate":"2019-02-01"},
  {"type":"shareholding","directOrIndirect":"indirect","share":{"exact":5}},
  {"type":"friendship"}]}},
{"statementId":"s4","recordId":"r3","recordType":"relationship","recordStatus":"updated","statementDate":"2021-03-01",
 "recordDetails":{"isComponent":false,"subject":"r1","interestedParty":"r2","interests":[
  {"type":"shareholding","directOrIndirect":"direct","share":{"exact":20},"startDate":"2021-02-01"}]}},
{"statementId":"s5","recordId":"r3","recordType":"relationship","recordStatus":"closed","statementDate":"2022-06-01",
 "recordDetails":{"isComponent":false,"subject":"r1","interestedParty":"r2","interests":[
  {"type":"shareholding","directOrIndirect":"direct","share":{"exact":20},"startDate":"2021-02-01"}]}},
{"statementId":"s6","recordId":"r6","recordType":"relationship","recordStatus":"new","statementDate":"2022-07-01",
 "recordDetails":{"isComponent":false,"subject":"r1","interestedParty":{"reason":"noBeneficialOwners","description":"none"}}},
{"statementId":"s7","recordId":"r7","recordType":"relationship","recordStatus":"new","statementDate":"2022-07-01",
 "recordDetails":{"isComponent":false,"subject":"r1","interestedParty":{"reason":"unknown"},"interests":[{"type":"votingRights","share":{"minimum":60,"maximum":40}}]}}
]"#;

#[test]
fn relationships_know_which_others_they_are_made_of() {
    let statement = |number: u32, component: bool, ends: [&str; 2], level: &str, parts: &str| {
        let [subject, party] = ends;
        format!(
            r#"{{"statementId":"s{number}","recordId":"r{number}","recordType":"relationship","recordStatus":"new",
            "statementDate":"2020-01-02","recordDetails":{{"isComponent":{component},"subject":"{subject}",
            "interestedParty":"{party}","componentRecords":[{parts}],"interests":[
            {{"type":"shareholding","directOrIndirect":"{level}","share":{{"exact":50}}}}]}}}}"#
        )
    };
    // One part comes before the whole, one after it; the others are at their ends.
    let text = [
        statement(1, true, ["b", "a"], "direct", ""),
        statement(2, false, ["c", "a"], "indirect", r#""b","r1","r3","r2""#),
        statement(3, true, ["c", "b"], "direct", ""),
    ];
    let reading = read("b.json", &format!("[{}]", text.join(",")));
    let whole = edge(&reading, "bods-r2-interest-indirect");
    let parts = ["bods-r1-interest", "bods-r3-interest"].map(|id| expand(id).unwrap());
    assert_eq!(whole.components, parts);
}

#[test]
fn statements_become_claims_and_updates_end_edges() {
    let reading = read("b.json", BODS);
    assert_eq!(reading.report.records, 7);
    assert_eq!(
        quantities(&reading, "bods-r3-interest"),
        [
            "20% of capital",
            "20% of capital",
            "25–50% of votes",
            "> 50–< 75% of capital"
        ]
    );
    let stake = edge(&reading, "bods-r3-interest");
    let told = |time: Option<powermap::model::TimeSpan>| {
        time.map(|time| time.to_string()).unwrap_or_default()
    };
    assert_eq!(
        (told(stake.since), told(stake.until)),
        ("2019-01-01".into(), "2022-05-31".into())
    );
    let chair = edge(&reading, "bods-r3-chair");
    assert_eq!(
        (told(chair.since), told(chair.until)),
        ("2019-02-01".into(), "2021-02-28".into())
    );
    assert!(chair.kind.unwrap().as_str().ends_with("#Leadership"));
    let indirect = edge(&reading, "bods-r3-interest-indirect");
    assert!(
        indirect
            .kind
            .unwrap()
            .as_str()
            .ends_with("#IndirectOwnership")
    );
    assert!(said(&reading, "bods-r1").contains("reason: noBeneficialOwners"));
    assert!(said(&reading, "bods-r1").contains("identifiers.scheme: MX-RFC"));
    let name = |id: &str| {
        reading.records.players[&expand(id).unwrap()]
            .labels
            .exact("")
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        name("bods-r2"),
        "anonymousPerson (interestedPartyExemptFromDisclosure)"
    );
    assert_eq!(name("bods-r7-unspecified"), "unknown");
    use LeftOutReason::NotUnderstood;
    let found = left_out(&reading);
    for kind in ["interests.type", "interests.share"] {
        assert!(
            found.contains(&(NotUnderstood, kind.to_owned(), 1)),
            "{found:?}"
        );
    }
}

#[test]
fn an_older_version_goes_by_the_statements_that_it_replaces() {
    let text = r#"[
{"statementID":"e1","statementType":"entityStatement","entityType":"registeredEntity","name":"Acme"},
{"statementID":"p1","statementType":"personStatement","personType":"knownPerson","names":[{"fullName":"Ada"}]},
{"statementID":"o1","statementType":"ownershipOrControlStatement","statementDate":"2018-01-01","subject":{"describedByEntityStatement":"e1"},"interestedParty":{"describedByPersonStatement":"p1"},
 "interests":[{"type":"voting-rights","interestLevel":"direct","share":{"minimum":25,"maximum":50,"exclusiveMinimum":true,"exclusiveMaximum":false},"startDate":"2017-01-01T00:00:00.000Z"}]},
{"statementID":"e2","statementType":"entityStatement","entityType":"registeredEntity","name":"Acme New","replacesStatements":["e1"]},
{"statementID":"o2","statementType":"ownershipOrControlStatement","statementDate":"2019-01-01","subject":{"describedByEntityStatement":"e2"},"interestedParty":{"describedByPersonStatement":"p1"},"replacesStatements":["o1"],
 "interests":[{"type":"voting-rights","interestLevel":"direct","share":{"exact":60}}]}
]"#;
    let reading = read("old.json", text);
    assert_eq!(reading.records.players.len(), 2);
    assert_eq!(reading.records.edges.len(), 1);
    assert_eq!(
        quantities(&reading, "bods-o1-interest"),
        ["60% of votes", "> 25–50% of votes"]
    );
    assert_eq!(left_out(&reading), []);
}

const PSC: &str = r#"{"company_number":"1234567","data":{"kind":"individual-person-with-significant-control","name":"Ada L","natures_of_control":["ownership-of-shares-50-to-75-percent","right-to-appoint-and-remove-directors"],"notified_on":"2016-04-06","ceased_on":"2020-01-31","links":{"self":"/company/01234567/persons-with-significant-control/individual/abc"}}}
{"company_number":"01234567","data":{"kind":"corporate-entity-person-with-significant-control","name":"Foo Ltd","identification":{"country_registered":"England","registration_number":"686734"},"natures_of_control":["ownership-of-shares-50-to-75-percent-as-firm"],"notified_on":"2020-02-01","links":{"self":"/company/01234567/persons-with-significant-control/corporate-entity/def"}}}
{"company_number":"00686734","data":{"kind":"persons-with-significant-control-statement","statement":"no-individual-or-entity-with-signficant-control","notified_on":"2016-07-12"}}
{"data":{"kind":"totals#persons-of-significant-control-snapshot","statements_count":7}}
"#;

#[test]
fn more_than_half_of_the_shares_is_control() {
    let (_folder, paths) = folder(&[("psc-snapshot-2024-12-19.txt", PSC)]);
    let map = Map::open(&paths[0]).unwrap();
    assert_eq!(map.field_reports()[0].format, FieldFormat::CompaniesHouse);
    assert_eq!(
        control(&map, "gb-coh-01234567"),
        [row(
            "gb-coh-00686734",
            Verdict::Certain,
            ControlBasis::Shares,
            (0.5, 0.75)
        )]
    );
    assert_eq!(
        control(&on(&map, "2019-01-01"), "gb-coh-01234567"),
        [row(
            "psc-01234567-abc",
            Verdict::Certain,
            ControlBasis::Stated,
            (0.5, 0.75)
        )]
    );
    let board = map.board().unwrap();
    let share = board.edges[&expand("psc-01234567-def-interest-as-firm").unwrap()]
        .value(Measure::Share)
        .unwrap()
        .quantity;
    assert_eq!(
        (share.unit.right(), share.to_string().as_str()),
        (Some(Right::Capital), "> 50–< 75%")
    );
    // The owner has the number of a company that the register describes: they are one.
    let owner = expand("psc-01234567-def").unwrap();
    let company = expand("gb-coh-00686734").unwrap();
    assert!(
        board
            .joined
            .pairs()
            .any(|(a, b)| [a, b] == [&owner, &company] || [a, b] == [&company, &owner])
    );
    let notice = map
        .notices()
        .unwrap()
        .into_iter()
        .find(|one| one.kind == NoticeKind::LeftOut)
        .unwrap();
    assert_eq!(
        notice.examples,
        [
            "1 × totals.kind: psc-snapshot-2024-12-19.txt:4: totals#persons-of-significant-control-snapshot",
            "1 × totals.statements_count: psc-snapshot-2024-12-19.txt:4: 7"
        ]
    );
}

const LEVEL_1: &str = "LEI,Entity.LegalName,Entity.LegalName.xmllang,Entity.RegistrationAuthority.RegistrationAuthorityID,Entity.RegistrationAuthority.RegistrationAuthorityEntityID,Entity.EntityCategory,Registration.LastUpdateDate,Registration.ValidationSources
529900T8BM49AURSDO55,Acme Holding,en,RA000585,01234567,GENERAL,2023-05-18T15:41:20Z,FULLY_CORROBORATED
";

#[test]
fn consolidation_is_control_and_the_top_of_a_chain_controls_through_it() {
    let relationship = |start: &str, sort: &str, end: &str| {
        format!(
            r#"{{"Relationship":{{"StartNode":{{"NodeID":"{start}","NodeIDType":"LEI"}},"EndNode":{{"NodeID":"{end}","NodeIDType":"LEI"}},"RelationshipType":"{sort}","RelationshipPeriods":[{{"StartDate":"2012-11-29T00:00:00.000Z","PeriodType":"RELATIONSHIP_PERIOD"}},{{"StartDate":"2020-01-01","EndDate":"2020-12-31","PeriodType":"ACCOUNTING_PERIOD"}}],"RelationshipStatus":"ACTIVE"}},"Registration":{{"LastUpdateDate":"2023-05-18","ValidationSources":"FULLY_CORROBORATED"}}}}"#
        )
    };
    const BOTTOM: &str = "001GPB6A9XPE8XJICC14";
    const MIDDLE: &str = "5493001Z012YSB2A0K51";
    const TOP: &str = "C7J4FOV6ELAVE39B7M82";
    let lines = [
        relationship(BOTTOM, "IS_DIRECTLY_CONSOLIDATED_BY", MIDDLE),
        relationship(BOTTOM, "IS_ULTIMATELY_CONSOLIDATED_BY", TOP),
        relationship(MIDDLE, "IS_ULTIMATELY_CONSOLIDATED_BY", TOP),
    ];
    let (_folder, paths) = folder(&[("rr.json", &format!("[{}]", lines.join(",\n")))]);
    let map = Map::open(&paths[0]).unwrap();
    let verdicts: Vec<_> = control(&map, &format!("lei-{BOTTOM}"))
        .into_iter()
        .map(|(who, verdict, basis, _)| (who, verdict, basis))
        .collect();
    assert_eq!(
        verdicts,
        [
            (
                format!("lei-{MIDDLE}"),
                Verdict::Certain,
                ControlBasis::Stated
            ),
            (format!("lei-{TOP}"), Verdict::Certain, ControlBasis::Chain),
        ]
    );
    let edges = &map.records().unwrap().edges;
    assert!(
        edges
            .values()
            .all(|edge| edge.since.unwrap().to_string() == "2012-11-29")
    );
    let claims = map.records().unwrap().claims.values();
    let periods: Vec<_> = claims
        .filter_map(|claim| claim.period)
        .map(|period| period.to_string())
        .collect();
    assert_eq!(periods, ["2020-01-01/2020-12-31"; 3]);
}

#[test]
fn what_is_held_as_a_trustee_is_an_interest_of_its_own() {
    let text = r#"{"company_number":"1234567","data":{"kind":"individual-person-with-significant-control","name":"Ada L","natures_of_control":["ownership-of-shares-50-to-75-percent","ownership-of-shares-25-to-50-percent-as-trust"],"notified_on":"2016-04-06","links":{"self":"/company/01234567/persons-with-significant-control/individual/abc"}}}
"#;
    let own = read("psc-2024-01-01.txt", text);
    assert_eq!(
        quantities(&own, "psc-01234567-abc-interest"),
        ["> 50–< 75% of capital"]
    );
    assert_eq!(
        quantities(&own, "psc-01234567-abc-interest-as-trust"),
        ["> 25–50% of capital"]
    );
    let (_folder, paths) = folder(&[("psc-2024-01-01.txt", text)]);
    let map = Map::open(&paths[0]).unwrap();
    let verdicts: Vec<_> = control(&map, "gb-coh-01234567")
        .into_iter()
        .map(|(name, verdict, ..)| (name, verdict))
        .collect();
    assert_eq!(
        verdicts,
        [("psc-01234567-abc".to_owned(), Verdict::Certain)]
    );
}

#[test]
fn records_that_are_not_right_are_counted_as_left_out() {
    let text = "CompanyName, CompanyNumber,RegAddress.CareOf\nAcme,01234567,\nBeta,07654321,a,b\n";
    let reading = read_bytes(text.as_bytes(), "companies.csv", true).unwrap();
    assert_eq!(
        (reading.report.records, reading.records.players.len()),
        (2, 1)
    );
    assert_eq!(
        left_out(&reading),
        [(
            LeftOutReason::NotUnderstood,
            "records that are not right".to_owned(),
            1
        )]
    );
    let lines = "{\"id\":\"a\",\"schema\":\"Person\",\"properties\":{\"name\":[\"A\"]}}\n{\"id\":7,\"schema\":\"Person\",\"properties\":{\"name\":[\"B\"]}}\n";
    let reading = read_bytes(lines.as_bytes(), "x.json", true).unwrap();
    assert_eq!(
        (reading.report.values, reading.report.values_left_out()),
        (6, 3)
    );
}

#[test]
fn one_firm_in_three_formats_is_one_player() {
    let (folder, paths) = folder(&[
        ("leak.json", FTM),
        ("register.json", BODS),
        ("lei.csv", LEVEL_1),
    ]);
    let files: Vec<_> = paths
        .iter()
        .map(|path| {
            NewFile::of_field(path, &mut Known::default(), false)
                .unwrap()
                .unwrap()
                .0
        })
        .collect();
    let target = folder.path().join("map");
    let imported = Map::import(&target, &files, false).unwrap();
    let named: Vec<_> = imported
        .files
        .iter()
        .map(|(_, name)| name.as_str())
        .collect();
    assert_eq!(named, ["leak.ttl", "register.ttl", "lei.ttl"]);
    let map = Map::open(&target).unwrap();
    let acme = ["ftm-acme", "bods-r1", "lei-529900T8BM49AURSDO55"].map(|id| expand(id).unwrap());
    let shown: std::collections::BTreeSet<_> = acme
        .iter()
        .map(|id| map.board().unwrap().joined.shown(id).clone())
        .collect();
    assert_eq!(shown.len(), 1);
    // What a register calls it is enough to find it.
    let found = map.player("529900t8bm49aursdo55").unwrap();
    assert!(shown.contains(&found));
    // Nobody knew it before the last of the three was published.
    let before = map.with_view(View {
        known_by: Some("2019-12-31".parse().unwrap()),
        as_of: Some("2024-01-01".parse().unwrap()),
        ..View::default()
    });
    let shown: std::collections::BTreeSet<_> = acme
        .iter()
        .map(|id| before.board().unwrap().joined.shown(id).clone())
        .collect();
    assert_eq!(shown.len(), 3);
    // The same files as they are, in one folder with a table beside them.
    fs::remove_dir_all(&target).unwrap();
    fs::write(
        folder.path().join("edges.csv"),
        "from,to,family\nada,ftm-acme,influence\n",
    )
    .unwrap();
    let map = Map::open(folder.path()).unwrap();
    assert_eq!(map.field_reports().len(), 3);
    let shown: std::collections::BTreeSet<_> = acme
        .iter()
        .map(|id| map.board().unwrap().joined.shown(id).clone())
        .collect();
    assert_eq!(shown.len(), 1);
}

#[test]
fn errors_say_where_and_what_was_expected() {
    let lines = r#"{"id":"a","schema":"Person","properties":{"name":["A"]}}
{"id":"b","schema":"Person","properties":{"name":["B]}}
{"id":7,"schema":"Person"}
{"id":"c","schema":"Person","properties":{"name":["C"]}}
"#;
    assert!(
        refused("x.json", lines).starts_with("x.json:2:"),
        "{}",
        refused("x.json", lines)
    );
    let reading = read_bytes(lines.as_bytes(), "x.json", true).unwrap();
    assert_eq!(reading.records.players.len(), 2);
    let told: Vec<_> = reading
        .report
        .problems
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(
        told[0].starts_with("x.json:2:") && told[0].contains("this is no JSON"),
        "{told:?}"
    );
    assert_eq!(
        told[1],
        "x.json:3:1: an entity has an 'id' and a 'schema', which are texts (entities of FollowTheMoney are expected, one on each line)"
    );
    assert_eq!(
        refused("x.txt", "hello"),
        "x.txt: the file is in no format that is known"
    );
    let xml = "<?xml version=\"1.0\"?>\n<!DOCTYPE x [<!ENTITY a \"aaaa\">]>\n<LEIData><LEIRecords><LEIRecord><LEI>&a;</LEI></LEIRecord></LEIRecords></LEIData>";
    assert!(
        refused("x.xml", xml).contains("a document type is not read"),
        "{}",
        refused("x.xml", xml)
    );
}
