//! LittleSis, Offshore Leaks, schedules 13D and 13G, and Wikidata: small files after the forms of each.

use super::{edge, left_out, quantities, read, refused, said};
use powermap::format::field::{FieldFormat, LeftOutReason};
use powermap::model::vocabulary::{expand, short_name};
use powermap::model::{Stance, Status};

#[test]
fn categories_of_littlesis_become_kinds() {
    let text = r#"{"meta":{"copyright":"x"},"data":{"type":"relationships","id":9,"attributes":{"id":9,"entity1_id":1,"entity2_id":2,"category_id":10,"start_date":"1990-00-00","end_date":null,"is_current":false,"category_attributes":{"percent_stake":51,"shares":null}}},
"included":[{"type":"entities","id":1,"attributes":{"id":1,"name":"Ada","primary_ext":"Person","aliases":["Ada","A. L."]}},
{"type":"entities","id":2,"attributes":{"id":2,"name":"Acme","primary_ext":"Org"}}]}"#;
    let reading = read("answer.json", text);
    assert_eq!(reading.report.format, FieldFormat::LittleSis);
    assert_eq!(
        left_out(&reading),
        [(LeftOutReason::NoPlace, "meta.copyright".to_owned(), 1)]
    );
    let stake = edge(&reading, "littlesis-tie-9");
    assert_eq!(stake.since.unwrap().to_string(), "1990");
    assert_eq!(quantities(&reading, "littlesis-tie-9"), ["51% of capital"]);
    assert!(
        reading
            .records
            .claims
            .values()
            .any(|claim| claim.status == Some(Status::Cancelled))
    );
    let bulk = r#"[{"type":"relationships","attributes":{"id":3,"entity1_id":5,"entity2_id":6,"category_id":11}},
{"type":"relationships","attributes":{"id":4,"entity1_id":5,"entity2_id":6,"category_id":5,"amount":500,"currency":"usd","end_date":"2011-08-15"}}]"#;
    let reading = read("bulk.json", bulk);
    let above = edge(&reading, "littlesis-tie-3");
    assert_eq!(
        [&above.from, &above.to].map(|id| short_name(id.as_str())),
        ["littlesis-6", "littlesis-5"]
    );
    assert_eq!(quantities(&reading, "littlesis-tie-4"), ["$500"]);
    assert_eq!(reading.report.referred, 2);
}

#[test]
fn what_looks_alike_in_a_leak_is_not_joined() {
    let nodes = "node_id,name,jurisdiction,sourceID,note\n10,ACME LTD,BVI,Panama Papers,\n11,Acme Limited,,Panama Papers,x\n12,,,Panama Papers,\n";
    let reading = read("nodes.csv", nodes);
    assert_eq!(
        (
            reading.records.players.len(),
            reading.records.identifiers.len()
        ),
        (3, 3)
    );
    assert!(said(&reading, "icij-10").contains("jurisdiction: BVI"));
    let ties = "node_id_start,node_id_end,rel_type,link,status,start_date,end_date,sourceID\n\
                11,10,officer_of,Shareholder of,,2001-02-03,2000-01-01,Panama Papers\n\
                11,10,same_name_as,same name as,,,,Panama Papers\n\
                11,12,registered_address,registered address,,,,Panama Papers\n";
    let reading = read("relationships.csv", ties);
    assert_eq!(reading.records.edges.len(), 1);
    let tie = reading.records.edges.values().next().unwrap();
    assert!(tie.kind.as_ref().unwrap().as_str().ends_with("#Ownership"));
    assert_eq!(
        (tie.since.unwrap().to_string().as_str(), tie.until),
        ("2001-02-03", None)
    );
    assert_eq!(left_out(&reading).len(), 1);
    assert_eq!(reading.records.identities.len(), 1);
    let same = reading
        .records
        .claims
        .values()
        .find(|claim| claim.same.is_some())
        .unwrap();
    assert_eq!(
        (same.same, same.status),
        (Some(true), Some(Status::Rumoured))
    );
}

#[test]
fn shares_that_two_persons_report_count_once() {
    let person = |name: &str, cik: &str, shares: &str, shared: &str, percent: &str| {
        format!(
            "<reportingPersonInfo><reportingPersonCIK>{cik}</reportingPersonCIK><reportingPersonName>{name}</reportingPersonName>\
             <sharedVotingPower>{shared}</sharedVotingPower><aggregateAmountOwned>{shares}</aggregateAmountOwned>\
             <percentOfClass>{percent}</percentOfClass><typeOfReportingPerson>IN</typeOfReportingPerson></reportingPersonInfo>"
        )
    };
    let filing = |sort: &str| {
        format!(
            "<?xml version=\"1.0\"?><edgarSubmission xmlns=\"x\"><headerData><submissionType>{sort}</submissionType></headerData><formData>\
             <coverPageHeader><dateOfEvent>12/31/2024</dateOfEvent><issuerInfo><issuerCIK>1422142</issuerCIK><issuerName>Acme &amp; Co</issuerName></issuerInfo></coverPageHeader>\
             <reportingPersons>{}{}</reportingPersons></formData></edgarSubmission>",
            person("Fund", "7", "2100000", "2100000", "8.5"),
            person("Ada", "8", "2435000", "2100000", "9.9"),
        )
    };
    let reading = read("13d.xml", &filing("SCHEDULE 13D"));
    let find = |holder: &str| {
        let id = expand(holder).unwrap();
        let mut edges = reading.records.edges.iter();
        edges
            .find(|(_, edge)| edge.from == id)
            .map(|(id, edge)| (id.clone(), edge.clone()))
            .unwrap()
    };
    let (fund, ada) = (find("cik-0000000007"), find("cik-0000000008"));
    assert_eq!(
        (fund.1.part_of_total, ada.1.part_of_total),
        (Some(ada.0.clone()), None)
    );
    assert_eq!(ada.1.since.unwrap().to_string(), "2024-12-31");
    assert_eq!(
        quantities(&reading, short_name(ada.0.as_str())),
        ["2.435 mn shares", "9.9% of capital"]
    );
    let issuer = &reading.records.players[&expand("cik-0001422142").unwrap()];
    assert_eq!(issuer.labels.exact(""), Some("Acme & Co"));
    assert!(refused("x.xml", &filing("13F-HR")).contains("'13F-HR' is no schedule 13D or 13G"));
    let form = "<ownershipDocument><documentType>4</documentType></ownershipDocument>";
    assert!(refused("x.xml", form).contains("'FORM 4' is no schedule 13D or 13G"));
    let table = "<n:informationTable xmlns:n=\"x\"><n:infoTable><n:cusip>1</n:cusip></n:infoTable></n:informationTable>";
    assert!(refused("x.xml", table).contains("'13F INFORMATION TABLE' is no schedule 13D or 13G"));
}

#[test]
fn statements_of_wikidata_have_their_rank_and_their_days() {
    let item = |id: &str| {
        format!(
            r#"{{"mainsnak":{{"snaktype":"value","datavalue":{{"value":{{"id":"{id}"}},"type":"wikibase-entityid"}}}}"#
        )
    };
    let text = format!(
        r#"{{"entities":{{"Q1":{{"id":"Q1","labels":{{"en":{{"language":"en","value":"Acme"}},"zh":{{"language":"zh","value":"甲"}}}},"aliases":{{"en":[{{"language":"en","value":"ACME"}}]}},
        "descriptions":{{"en":{{"language":"en","value":"a firm"}}}},
        "claims":{{"P127":[{},"rank":"deprecated","id":"Q1-1","qualifiers":{{"P1107":[{{"datavalue":{{"value":{{"amount":"+0.51"}}}}}}],"P580":[{{"datavalue":{{"value":{{"time":"+1983-07-00T00:00:00Z","precision":10}}}}}}]}},"references":[{{"snaks":{{"P854":[{{"datavalue":{{"value":"https://example.org/a"}}}}]}}}}]}}],
        "P1278":[{{"mainsnak":{{"datavalue":{{"value":"529900T8BM49AURSDO55","type":"string"}}}}}}],"P18":[{},"rank":"normal"}}]}}}}}}}}"#,
        item("Q2"),
        item("Q3"),
    );
    let reading = read("q1.json", &text);
    assert_eq!(reading.report.format, FieldFormat::Wikidata);
    let player = &reading.records.players[&expand("wikidata-Q1").unwrap()];
    assert_eq!(
        (player.labels.exact("zh"), player.aliases.as_slice()),
        (Some("甲"), &["ACME".to_owned()][..])
    );
    let tie = edge(&reading, "wikidata-tie-Q2-Q1-Ownership");
    assert_eq!(tie.since.unwrap().to_string(), "1983-07");
    assert_eq!(
        quantities(&reading, "wikidata-tie-Q2-Q1-Ownership"),
        ["51% of capital"]
    );
    let claim = reading
        .records
        .claims
        .values()
        .find(|claim| claim.quantity.is_some())
        .unwrap();
    assert_eq!(
        (claim.stance, claim.status),
        (Some(Stance::Opposes), Some(Status::Disputed))
    );
    let document = &reading.records.documents[claim.document.as_ref().unwrap()];
    assert_eq!(document.url.as_deref(), Some("https://example.org/a"));
    assert_eq!(reading.records.identifiers.len(), 2);
    assert!(
        left_out(&reading)
            .iter()
            .any(|(_, kind, _)| kind == "claims.P18.mainsnak.datavalue.value.id")
    );
}

#[test]
fn an_item_of_wikidata_and_its_inverse_tell_of_one_stake() {
    let statement = |id: &str, other: &str, since: &str| {
        let since = match since {
            "" => String::new(),
            year => format!(
                r#","P580":[{{"datavalue":{{"value":{{"time":"+{year}-00-00T00:00:00Z","precision":9}}}}}}]"#
            ),
        };
        format!(
            r#"{{"mainsnak":{{"snaktype":"value","datavalue":{{"value":{{"id":"{other}"}},"type":"wikibase-entityid"}}}},"rank":"normal","id":"{id}","qualifiers":{{"P1107":[{{"datavalue":{{"value":{{"amount":"+0.3"}}}}}}]{since}}}}}"#
        )
    };
    let edges = |owned: &str, owner: &str| {
        let text = format!(
            r#"{{"entities":{{"Q1":{{"id":"Q1","claims":{{"P127":[{owned}]}}}},"Q2":{{"id":"Q2","claims":{{"P1830":[{owner}]}}}}}}}}"#
        );
        let reading = read("q.json", &text);
        let edges = reading.records.edges.values();
        let edges: Vec<_> = edges
            .map(|edge| edge.since.map(|since| since.to_string()))
            .collect();
        (
            edges,
            reading
                .records
                .claims
                .values()
                .filter(|claim| claim.quantity.is_some())
                .count(),
        )
    };
    let year = |year: &str| Some(year.to_owned());
    let owned = statement("a", "Q2", "2015");
    assert_eq!(
        edges(&owned, &statement("b", "Q1", "2015")),
        (vec![year("2015")], 2)
    );
    assert_eq!(
        edges(&owned, &statement("b", "Q1", "")),
        (vec![year("2015")], 2)
    );
    assert_eq!(
        edges(&statement("a", "Q2", ""), &statement("b", "Q1", "2015")),
        (vec![year("2015")], 2)
    );
    assert_eq!(
        edges(&owned, &statement("b", "Q1", "2020")),
        (vec![year("2015"), year("2020")], 2)
    );
}

#[test]
fn days_of_a_leak_have_names_of_months() {
    let ties = "node_id_start,node_id_end,rel_type,link,status,start_date,end_date,sourceID\n\
                11,10,officer_of,Shareholder of,,20-NOV-2006,31-DEC-2010,Panama Papers\n";
    let reading = read("relationships.csv", ties);
    assert!(left_out(&reading).is_empty());
    let tie = reading.records.edges.values().next().unwrap();
    assert_eq!(
        [tie.since, tie.until].map(|day| day.unwrap().to_string()),
        ["2006-11-20", "2010-12-31"]
    );
}
