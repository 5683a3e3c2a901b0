//! Tables to records and back: what is read, what is refused, and what it says then.

use oxigraph::model::{NamedNode, NamedOrBlankNode};
use powermap::format::csv::{self, Reading, Source, Table};
use powermap::model::vocabulary::{expand, short_name};
use powermap::model::{
    Claim, Family, Modality, PlayerType, Quantity, Records, Stance, Status, Unit,
};

fn id(text: &str) -> NamedNode {
    expand(text).expect("the ids of the tests are valid")
}

fn read(tables: &[(Table, &str)]) -> Reading {
    let names: Vec<_> = tables
        .iter()
        .map(|(table, _)| format!("{}.csv", table.name()))
        .collect();
    let sources: Vec<_> = tables
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

fn good(tables: &[(Table, &str)]) -> Records {
    let reading = read(tables);
    reading.strict().unwrap_or_else(|error| panic!("{error}")).0
}

/// The problems of one table, one a line.
fn problems(table: Table, text: &str) -> String {
    lines(&read(&[(table, text)]).problems)
}

fn lines<T: ToString>(list: &[T]) -> String {
    list.iter().map(T::to_string).collect::<Vec<_>>().join("\n")
}

fn claim<'r>(records: &'r Records, local: &str) -> &'r Claim {
    &records.claims[&NamedOrBlankNode::from(id(local))]
}

fn only_claim(records: &Records) -> &Claim {
    assert_eq!(records.claims.len(), 1);
    &records.claims[0]
}

#[test]
fn players_in_any_order_of_columns() {
    let records = good(&[(
        Table::Players,
        "\u{feff}type,id,name_zh,name_en,alias,note,name_ja,name_und,part_of\r\n\
         person, sam-altman ,奥特曼,Sam Altman,Sama; Samuel \\; Altman,\" a, \"\"b\"\"\n\",,,\r\n\
         \r\n\
         company,http://example.com/x,,X,,,エックス,x,sam-altman\r\n\
         topic,a-bubble,,A bubble,,,,,\r\n",
    )]);
    let altman = &records.players[&id("sam-altman")];
    assert_eq!(altman.player_type, PlayerType::Person);
    assert_eq!(altman.labels.exact("zh"), Some("奥特曼"));
    assert_eq!(altman.aliases, ["Sama", "Samuel ; Altman"]);
    assert_eq!(altman.note.as_deref(), Some(" a, \"b\"\n"));
    let firm = &records.players[&id("http://example.com/x")];
    assert_eq!(firm.labels.exact("ja"), Some("エックス"));
    assert_eq!(firm.labels.exact(""), Some("x"));
    assert_eq!(firm.part_of, Some(id("sam-altman")));
    assert_eq!(
        records.topics[&id("a-bubble")].labels.exact("en"),
        Some("A bubble")
    );
}

#[test]
fn three_columns_are_a_map() {
    let reading = read(&[(Table::Edges, "from,to,family\nnvidia,openai,investment\n")]);
    assert_eq!(
        lines(&reading.warnings),
        "edges.csv:2:1: the player 'nvidia' is in no table of players, and becomes a company of that name (add a row \
         such as 'nvidia,company' to players.csv)\n\
         edges.csv:2:8: the player 'openai' is in no table of players, and becomes a company of that name (add a row \
         such as 'openai,company' to players.csv)"
    );
    let (records, _) = reading.strict().unwrap();
    let edge = &records.edges[&id("nvidia-openai-investment")];
    assert_eq!((edge.family, &edge.kind), (Family::Investment, &None));
    assert_eq!(
        records.players[&id("nvidia")].player_type,
        PlayerType::Company
    );
    let claim = only_claim(&records);
    assert_eq!(claim.about, id("nvidia-openai-investment"));
    assert_eq!(claim.document, Some(id("doc-edges-csv")));
    assert_eq!(claim.asserted_by, claim.document);
    assert_eq!(claim.locator.as_deref(), Some("line 2"));
    assert_eq!(claim.modality, Modality::Statement);
    let document = &records.documents[&id("doc-edges-csv")];
    assert_eq!(document.title.as_deref(), Some("edges.csv"));
}

#[test]
fn an_edge_and_its_claim_in_one_row() {
    let records = good(&[(
        Table::Edges,
        "from,to,family,kind,since,until,upper,unit,status,document,locator,asserted_by,said,deal\n\
         nvidia,openai,investment,equity,2025-09-22,../2029,100,USD_bn,letter-of-intent,news-1,p3,voice-1,2025-10,d\n",
    )]);
    let edge = &records.edges[&id("nvidia-openai-equity-2025-09-22")];
    assert_eq!(edge.kind, Some(id("pm:Equity")));
    assert_eq!(edge.until.unwrap().to_string(), "../2029");
    assert_eq!(edge.deal, Some(id("d")));
    let claim = only_claim(&records);
    assert_eq!(
        claim.quantity,
        Quantity::new(None, Some(1e11), Unit::USD, false).ok()
    );
    assert_eq!(claim.status, Some(Status::LetterOfIntent));
    assert_eq!(claim.asserted_by, Some(id("voice-1")));
    assert!(records.deals.contains_key(&id("d")));
    assert!(records.documents.contains_key(&id("news-1")));
    assert_eq!(records.documents.len(), 1);
}

#[test]
fn edges_of_one_kind_are_counted_and_equal_rows_refused() {
    let reading = read(&[(
        Table::Edges,
        "from,to,family,amount,unit,id\n\
         a,b,supply,1,GW,\n\
         a,b,supply,2,GW,\n\
         a,b,supply,1,GW,\n\
         a,b,supply,3,GW,a-b-supply-2\n",
    )]);
    let ids: Vec<_> = reading
        .records
        .edges
        .keys()
        .map(|id| id.as_str().rsplit('/').next().unwrap())
        .collect();
    // Rows without an id tell of the one edge that is between the two.
    assert_eq!(ids, ["a-b-supply-2"]);
    assert_eq!(
        lines(&reading.problems),
        "edges.csv:4:1: this row says the same as edges.csv, line 2 (remove it, or tell the two apart by a date, a \
         document or an id)"
    );
}

#[test]
fn rows_of_one_edge_are_claims_about_it_and_must_agree() {
    let reading = read(&[(
        Table::Edges,
        "id,from,to,family,kind,document\n\
         e,a,b,supply,,news-1\n\
         e,a,b,supply,chips,news-2\n\
         e,a,b,supply,cloud,news-3\n\
         e,a,c,supply,,news-4\n",
    )]);
    assert_eq!(reading.records.edges.len(), 1);
    assert_eq!(reading.records.edges[0].kind, Some(id("pm:Chips")));
    assert_eq!(reading.records.claims.len(), 2);
    assert_eq!(
        lines(&reading.problems),
        "edges.csv:4:1: an earlier row with the id 'e' has something else in the column 'kind' (give the two rows \
         different ids)\n\
         edges.csv:5:1: an earlier row with the id 'e' has something else in the column 'to' (give the two rows \
         different ids)"
    );
}

#[test]
fn what_is_wrong_with_a_header() {
    let table = Table::Edges;
    assert_eq!(
        problems(table, ""),
        "edges.csv:1:1: the file is empty: a header row is expected (start it with the line from,to,family)"
    );
    assert_eq!(problems(table, "from,to,family\n"), "");
    assert!(problems(table, "from,to,famly\n").contains("(did you mean 'family'?)"));
    assert!(
        problems(table, "from,to,famly\n")
            .contains("edges.csv:1:9: the column 'famly' is not known")
    );
    assert!(
        problems(table, "from,to,famly\n")
            .contains("edges.csv:1:1: the column 'family' is missing")
    );
    assert!(
        problems(table, "from;to,family\n").contains("(separate all columns by the same sign)")
    );
    assert!(
        problems(table, "from,to,family,to\n")
            .contains("edges.csv:1:16: the column 'to' is there twice")
    );
    assert!(problems(table, "\u{0}").contains("NUL"));
    let utf16 = Source {
        name: "edges.csv",
        table,
        bytes: b"\xFF\xFEf\0r\0",
    };
    assert!(lines(&csv::read(&[utf16], &Records::default()).problems).contains("UTF-16"));
}

#[test]
fn what_is_wrong_with_a_row_as_text() {
    let with = |row: &str| problems(Table::Edges, &format!("from,to,family\n{row}"));
    assert!(with("a,b\n").contains("edges.csv:2:3: the header has 3 columns, and the row has 2"));
    assert!(
        with("a,b,c,d\n").contains("edges.csv:2:7: the header has 3 columns, and the row has 4")
    );
    assert!(with("甲,\"b\n").contains("edges.csv:2:3: this quote is never closed"));
    assert!(with("a,b\"c,supply\n").contains("edges.csv:2:4: a quote stands inside a cell"));
    assert!(
        with("a,\"b\"c,supply\n")
            .contains("edges.csv:2:6: unexpected text after the closing quote")
    );
    assert!(with("a,b\u{0},supply\n").contains("edges.csv:2:3: there is a NUL"));
    let long = format!("a,{},supply\n", "x".repeat(2 << 20));
    assert!(with(&long).contains("edges.csv:2:3: this cell has 2097152 bytes"));
    let latin = Source {
        name: "edges.csv",
        table: Table::Edges,
        bytes: b"from,to,family\na,M\xFCller,supply\nb,c,supply\n",
    };
    let reading = csv::read(&[latin], &Records::default());
    assert!(
        lines(&reading.problems)
            .contains("edges.csv:2:3: this cell is not UTF-8: byte 2 of it is 0xFC")
    );
    assert_eq!(reading.records.edges.len(), 1);
}

#[test]
fn rows_after_a_quote_that_is_not_closed_are_read() {
    let reading = read(&[(
        Table::Edges,
        "from,to,family\na,\"b,supply\nc,d,supply\ne,\"f,supply\ng,h,supply",
    )]);
    // The first quote ends before the "f" of the fourth line, behind which there is text.
    assert_eq!(reading.problems.len(), 1);
    assert_eq!(reading.records.edges.keys().next(), Some(&id("g-h-supply")));
    let reading = read(&[(Table::Edges, "from,to,family\na,\"b,supply\nc,d,supply\n")]);
    assert_eq!(reading.problems.len(), 1);
    assert_eq!(reading.records.edges.keys().next(), Some(&id("c-d-supply")));
}

#[test]
fn every_wrong_cell_of_a_row_is_named() {
    let found = problems(
        Table::Edges,
        "from,to,family,kind,since,amount,upper,unit,status,asserted_by,locator\n\
         a b!,,suply,data centre,2025-13,1,\"1,00\",USD_xx,anounced,x y,p3\n",
    );
    let expected = [
        "edges.csv:2:1: column 1 'from': 'a b!' is not an id (write letters, digits and hyphens such as 'sam-altman', or a full IRI)",
        "edges.csv:2:6: column 2 'to': the cell is empty: expected the id of the player acted upon",
        "edges.csv:2:7: column 3 'family': 'suply' is not a family: expected one of investment, supply, influence (did you mean 'supply'?)",
        "column 4 'kind': 'data centre' is not a name",
        "column 5 'since': '2025-13' is not a date: expected a date such as",
        "column 7 'upper': '1,00' is not a number: expected digits such as 100000000000, 1e11 or 0.5 (write 1.00, with a point)",
        "column 7 'upper': there is an amount as well",
        "column 8 'unit': 'USD_xx' is not a known unit",
        "column 9 'status': 'anounced' is not a status",
        "(did you mean 'announced'?)",
        "column 10 'asserted_by': 'x y' is not an id",
        "column 11 'locator': there is no document that it could be a place in",
    ];
    for text in expected {
        assert!(found.contains(text), "{text}\nis not in\n{found}");
    }
    assert_eq!(found.lines().count(), 11, "{found}");
}

#[test]
fn a_player_row_that_is_wrong_is_not_made_up_for() {
    let reading = read(&[
        (Table::Players, "id,type\nnvidia,compny\nopenai,company\n"),
        (Table::Edges, "from,to,family\nnvidia,openai,supply\n"),
    ]);
    assert_eq!(reading.problems.len(), 1);
    assert_eq!(reading.warnings, []);
    assert_eq!(reading.records.players.len(), 1);
}

#[test]
fn numbers_are_scaled_exactly() {
    let amount = |cell: &str, unit: &str| {
        let text = format!("from,to,family,amount,unit\na,b,supply,{cell},{unit}\n");
        only_claim(&good(&[(Table::Edges, &text)]))
            .quantity
            .unwrap()
            .point()
            .unwrap()
    };
    assert_eq!(amount("0.1", "USD_bn"), 1e8);
    assert_eq!(amount("4.35", "USD_tn"), 4_350_000_000_000.0);
    assert_eq!(amount("1e2", "EUR_mn"), 1e8);
    assert_eq!(amount("-.5", "CNY_k"), -500.0);
    assert_eq!(amount("1 000", "CNY_k"), 1e6);
    for wrong in ["inf", "NaN", "1e400", "", "0x10", "1 00", "e5", "1e", "5%"] {
        let text = format!("from,to,family,amount,lower,unit\na,b,supply,{wrong},,percent\n");
        let reading = read(&[(Table::Edges, &text)]);
        assert_eq!(reading.problems.is_empty(), wrong.is_empty(), "{wrong}");
    }
}

#[test]
fn claims_about_anything() {
    let records = good(&[
        (Table::Players, "id,type\nopenai,company\nvoice-1,voice\n"),
        (
            Table::Documents,
            "id,title,issued,url,tier\nnews-1,A report,2025-10,https://example.com/a,news\n",
        ),
        (
            Table::Claims,
            "about,document,id,locator,asserted_by,attributed_to,said,lower,upper,amount,unit,approximate,status,\
             modality,stance,qualifies,text,text_zh,period,holds_from,as_printed,fact_id\n\
             openai,news-1,claim-1,p3,voice-1,openai,2025-10-05,1,2,,GW,yes,planned,forecast,contests,claim-2,\
             It will grow.,会增长。,2026-H2,2026,Open A.I.,S001;S002\n\
             openai,news-1,claim-2,p1,,,,,,,,,,,,,,,,,,\n\
             openai,news-1,,p9,,,,,,,,,,,,,,,,,,\n",
        ),
    ]);
    assert_eq!(records.claims.len(), 3);
    let first = claim(&records, "claim-1");
    assert_eq!(first.quantity.unwrap().to_string(), "≈ 1–2 GW");
    assert_eq!(first.modality, Modality::Forecast);
    assert_eq!(first.stance, Some(Stance::Contests));
    assert_eq!(first.qualifies, Some(id("claim-2")));
    assert_eq!(first.attributed_to, Some(id("openai")));
    assert_eq!(first.text.exact("zh"), Some("会增长。"));
    assert_eq!(first.period.unwrap().to_string(), "2026-H2");
    assert_eq!(first.holds_from.unwrap().to_string(), "2026");
    assert_eq!(first.fact_ids, ["S001", "S002"]);
    let plain = claim(&records, "claim-2");
    assert_eq!(plain.asserted_by, Some(id("news-1")));
    // The id follows from the content alone, so it is the same in every version of the program.
    assert_eq!(
        claim(&records, "claim-0d1924637b84efe0").locator.as_deref(),
        Some("p9")
    );
}

#[test]
fn observations_and_their_claims() {
    let reading = read(&[
        (Table::Players, "id,type\nopenai,company\n"),
        (Table::Documents, "id\na\nb\n"),
        (
            Table::Observations,
            "subject,metric,period,amount,unit,document,locator\n\
             openai,revenue,2025,13,USD_bn,a,p1\n\
             openai,revenue,2025,12,USD_bn,b,p2\n\
             openai,net-loss,2025,,,,\n\
             openai,cash-burn,2025,8,USD_bn,,\n",
        ),
        (Table::Claims, "about,document\nopenai-revenue-2025,a\n"),
    ]);
    let revenue = &reading.records.observations[&id("openai-revenue-2025")];
    assert_eq!(revenue.metric, id("pm:Revenue"));
    assert_eq!(reading.records.observations.len(), 1);
    assert_eq!(reading.records.claims.len(), 3);
    assert_eq!(
        lines(&reading.problems),
        "observations.csv:4:1: nothing says so: the cell 'document' is empty (fill it in, or add a row about the \
         observation to claims.csv)\n\
         observations.csv:5:32: column 6 'document': the cell is empty: expected the id or the address of the text \
         that says so"
    );
}

#[test]
fn an_edge_that_claims_speak_of_needs_none_of_its_own() {
    let records = good(&[
        (
            Table::Edges,
            "id,from,to,family\ne,a,b,supply\nf,a,b,supply\n",
        ),
        (Table::Claims, "about,document\ne,news\n"),
    ]);
    let about: Vec<_> = records.claims.values().map(|claim| &claim.about).collect();
    assert_eq!(about.len(), 2);
    assert!(about.contains(&&id("e")) && about.contains(&&id("f")));
}

#[test]
fn what_the_map_has_already_is_not_made_again() {
    let known = good(&[
        (Table::Players, "id,type\nnvidia,company\nopenai,company\n"),
        (Table::Edges, "from,to,family\nnvidia,openai,supply\n"),
    ]);
    let edges = Source {
        name: "more-edges.csv",
        table: Table::Edges,
        bytes: b"from,to,family\nnvidia,openai,supply\nnvidia,opnai,supply\n",
    };
    let (records, warnings) = csv::read(&[edges], &known).strict().unwrap();
    assert_eq!(records.players.len(), 1);
    assert_eq!(records.claims.len(), 1);
    assert_eq!(
        lines(&warnings),
        "more-edges.csv:3:8: the player 'opnai' is in no table of players, and becomes a company of that name (did you \
         mean 'openai'?)"
    );
}

#[test]
fn ids_that_nothing_has_are_pointed_out() {
    let reading = read(&[
        (Table::Players, "id,type,part_of\nopenai,company,opnai\n"),
        (Table::Documents, "id\nnews\n"),
        (
            Table::Claims,
            "about,document,asserted_by,unit\nopenai,news,x,USD\n",
        ),
    ]);
    assert_eq!(
        lines(&reading.warnings),
        "players.csv:2:16: column 'part_of': there is nothing with the id 'opnai' (did you mean 'openai'?)\n\
         claims.csv:2:13: column 'asserted_by': there is nothing with the id 'x' (add a row that defines it)\n\
         claims.csv:2:15: column 4 'unit': there is no number to go with it, so it is left out (fill in amount, lower \
         or upper)"
    );
}

#[test]
fn kinds_are_held_against_the_ontology_where_it_is_at_hand() {
    let map = powermap::Map::built_in().unwrap();
    let edges = Source {
        name: "edges.csv",
        table: Table::Edges,
        bytes: b"from,to,family,kind\nnvidia,openai,supply,chip\nnvidia,openai,supply,http://example.com/x\n",
    };
    let reading = csv::read(&[edges], map.records().unwrap());
    assert_eq!(
        lines(&reading.warnings),
        "edges.csv:2:22: the ontology has no kind 'chip' (did you mean 'chips'?)"
    );
}

#[test]
fn the_built_in_map_survives_tables() {
    let map = powermap::Map::built_in().unwrap();
    let written = csv::write(map.records().unwrap());
    assert_eq!(written.left_out, Vec::<String>::new());
    let tables: Vec<_> = written
        .tables
        .iter()
        .map(|(table, text)| (*table, text.as_str()))
        .collect();
    let reading = read(&tables);
    assert_eq!(reading.problems, []);
    let mut expected = map.records().unwrap().clone();
    expected.concepts.clear();
    assert_eq!(reading.records.claims, expected.claims);
    assert_eq!(reading.records, expected);
}

#[test]
fn tables_look_the_same_every_time() {
    let text = "type,id,name_en,note\ncompany,b,B,\"x, y\"\nperson,a,\" A\",\n";
    let records = good(&[(Table::Players, text)]);
    let written = csv::write(&records);
    assert_eq!(
        written.tables[0].1,
        "id,type,name_en,name_zh,alias,note,part_of,identifier\na,person,\" A\",,,,,\nb,company,B,,,\"x, y\",,\n"
    );
    assert_eq!(
        written.tables[3].1,
        "id,label_en,label_zh,announced,event,note\n"
    );
    assert_eq!(written.tables.len(), 8);
}

#[test]
fn what_tables_cannot_hold_is_named() {
    let mut records = good(&[(Table::Players, "id,type\na,company\n")]);
    records.players[0].labels.insert("en", "a\u{0}b");
    let claim = Claim::about(id("a"));
    records.claims.insert(id("c").into(), claim);
    let mut edge = good(&[(Table::Edges, "from,to,family\na,b,supply\n")]).edges[0].clone();
    edge.components = vec![id("e"), id("f")];
    records.edges.insert(id("e"), edge);
    let written = csv::write(&records);
    assert_eq!(
        lines(&written.left_out),
        "players.csv: of 'a', the text for the column name_en, which has a NUL character or is too long\n\
         edges.csv: of 'e', itself as a part of it\n\
         claims.csv: 'c', which has no 'document'"
    );
}

#[test]
fn tables_of_spreadsheets_are_read_as_they_are() {
    let table = "sep=;\r\nfrom;to;family;kind;since;amount;unit;;\r\n\
                 Acme Holding Ltd.;Foo, Bar & Söhne;investment;equity;31.12.2024;1.500,25;EUR_mn;;\r\n\
                 acme holding ltd.;foo;investment;ownership;12/31/2024;12,5;percent;;\r\n\
                 foo;Acme Holding Ltd.;investment;loan;;$5bn;;;\r\n";
    let players = "id;type;name_en;alias\nacme;fund;Acme Holding Ltd.;\nfoo;company;Foo;\n";
    let reading = read(&[(Table::Edges, table), (Table::Players, players)]);
    assert_eq!(reading.problems, []);
    let told: Vec<_> = reading
        .records
        .edges
        .values()
        .map(|edge| {
            let name = |id: &oxigraph::model::NamedNode| short_name(id.as_str()).to_owned();
            let since = edge
                .since
                .map(|since| since.to_string())
                .unwrap_or_default();
            (name(&edge.from), name(&edge.to), since)
        })
        .collect();
    let row =
        |from: &str, to: &str, since: &str| (from.to_owned(), to.to_owned(), since.to_owned());
    assert_eq!(
        told,
        [
            row("acme", "foo-bar-söhne", "2024-12-31"),
            row("acme", "foo", "2024-12-31"),
            row("foo", "acme", ""),
        ]
    );
    let mut amounts: Vec<_> = reading
        .records
        .claims
        .values()
        .filter_map(|claim| claim.quantity)
        .map(|quantity| (quantity.upper, quantity.unit.code()))
        .collect();
    amounts.sort_by(|a, b| a.1.cmp(b.1));
    assert_eq!(
        amounts,
        [
            (Some(1_500_250_000.0), "EUR"),
            (Some(5e9), "USD"),
            (Some(12.5), "percent")
        ]
    );
    let made = &reading.records.players[&id("foo-bar-söhne")];
    assert_eq!(made.labels.exact(""), Some("Foo, Bar & Söhne"));
    let warnings: Vec<_> = reading.warnings.iter().map(ToString::to_string).collect();
    assert!(
        warnings
            .iter()
            .any(|one| one.contains("'Acme Holding Ltd.' is read as the player 'acme'")),
        "{warnings:?}"
    );
}

#[test]
fn what_can_be_read_in_two_ways_is_an_error() {
    for (row, expected) in [
        (
            "a;b;supply;3/4/2024;1;USD",
            "'3/4/2024' is 2024-04-03 or 2024-03-04",
        ),
        (
            "a;b;supply;;1.500;USD",
            "'1.500' is 1500, or a number with a decimal point",
        ),
        ("Ada L;b;supply;;1;USD", "'Ada L' is the name of ada, ada-2"),
    ] {
        let edges = format!("from;to;family;since;amount;unit\n{row}\n");
        let players = "id,type,name_en\nada,person,Ada L\nada-2,person,ada l\n";
        let reading = read(&[(Table::Players, players), (Table::Edges, edges.as_str())]);
        let told: Vec<_> = reading.problems.iter().map(ToString::to_string).collect();
        assert!(told.len() == 1 && told[0].contains(expected), "{told:?}");
    }
}
