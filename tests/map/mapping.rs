//! Spreadsheets of others: what is suggested for them, and what becomes of them.

#[cfg(feature = "workbook")]
use crate::field::workbook::{
    Cell::{Day, Number, Shown, Text},
    open_document, workbook,
};
use powermap::format::csv::{self, Source, Table};
use powermap::format::field::LeftOutReason;
use powermap::format::mapping::{MappedReading, Mapping, MatchedBy, read_mapped, suggest};
use powermap::map::{Known, NewFile, NoticeKind, OpenOptions};
use powermap::model::Records;
use powermap::model::vocabulary::short_name;
use powermap::{Lang, Map};
use powermap_rdf::{Cache, Format};
use proptest::prelude::*;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

/// A table in a folder of its own.
struct Foreign {
    _folder: TempDir,
    path: PathBuf,
}

fn table(name: &str, bytes: &[u8]) -> Foreign {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    Foreign {
        _folder: folder,
        path,
    }
}

impl Foreign {
    fn name(&self) -> String {
        self.path
            .file_name()
            .unwrap()
            .to_string_lossy()
            .into_owned()
    }

    fn suggested(&self) -> String {
        let suggestion = suggest(&self.path, &self.name(), Lang::En).unwrap();
        suggestion.text().to_owned()
    }

    fn read(&self, mapping: &str) -> Result<MappedReading, String> {
        self.read_into(mapping, &Records::default(), false)
    }

    fn read_into(
        &self,
        mapping: &str,
        known: &Records,
        keeps_going: bool,
    ) -> Result<MappedReading, String> {
        let mapping = Mapping::parse(mapping, "m.toml").map_err(|error| error.to_string())?;
        read_mapped(&self.path, &self.name(), &mapping, known, keeps_going)
            .map_err(|error| error.to_string())
    }
}

/// What the claims of records say, a line for each.
fn told(records: &Records) -> Vec<String> {
    let mut lines = Vec::new();
    for claim in records.claims.values() {
        let mut line = String::new();
        if let Some(edge) = records.edges.get(&claim.about) {
            let kind = edge
                .kind
                .as_ref()
                .map_or("-", |kind| short_name(kind.as_str()));
            let (from, to) = (short_name(edge.from.as_str()), short_name(edge.to.as_str()));
            line = format!("{from} > {to} {kind}");
            for (word, day) in [("since", edge.since), ("until", edge.until)] {
                if let Some(day) = day {
                    line.push_str(&format!(" {word} {day}"));
                }
            }
        }
        if let Some(one) = records.observations.get(&claim.about) {
            let metric = short_name(one.metric.as_str());
            line = format!("{} {metric}", short_name(one.subject.as_str()));
            if let Some(period) = one.period {
                line.push_str(&format!(" {period}"));
            }
        }
        if let Some(quantity) = claim.quantity {
            let end = |end: Option<f64>| end.map_or(String::new(), |end| end.to_string());
            let about = if quantity.approximate { "~" } else { "" };
            line.push_str(&format!(
                ", {about}{}..{} {}",
                end(quantity.lower),
                end(quantity.upper),
                quantity.unit.code()
            ));
        }
        if let Some(status) = claim.status {
            line.push_str(&format!(", {status}"));
        }
        lines.push(line);
    }
    lines.sort();
    lines
}

/// What a suggestion makes of a table without any edit.
fn straight(name: &str, bytes: &[u8]) -> Vec<String> {
    let table = table(name, bytes);
    let mapping = table.suggested();
    match table.read(&mapping) {
        Ok(reading) => told(&reading.records),
        Err(error) => panic!("{name}: {error}\n{mapping}"),
    }
}

#[test]
fn clear_tables_are_read_as_suggested() {
    let cases: [(&str, &str, &[&str]); 14] = [
        (
            "english.csv",
            "Investor,Target,Amount (USD m),Date,Status\nNvidia,OpenAI,\"1,500\",31/12/2024,Done\nAMD,OpenAI,2.5,1/2/2024,Announced\n",
            &[
                "amd > openai Equity since 2024-02-01, 2500000..2500000 USD, announced",
                "nvidia > openai Equity since 2024-12-31, 1500000000..1500000000 USD, completed",
            ],
        ),
        (
            "american.csv",
            "Acquirer,Target company,Deal value ($bn),Announced\nBroadcom,VMware,69.0,12/31/2022\nAdobe,Figma,20,09/05/2022\n",
            &[
                "adobe > figma Acquisition since 2022-09-05, 20000000000..20000000000 USD",
                "broadcom > vmware Acquisition since 2022-12-31, 69000000000..69000000000 USD",
            ],
        ),
        (
            "german.csv",
            "sep=;\nInvestor;Zielunternehmen;Betrag (Mio. EUR);Datum\nAcme;Widgets GmbH;1.234,5;31.12.2024\nBeta;Widgets GmbH;12,75;1. März 2024\n",
            &[
                "acme > widgets-gmbh Equity since 2024-12-31, 1234500000..1234500000 EUR",
                "beta > widgets-gmbh Equity since 2024-03-01, 12750000..12750000 EUR",
            ],
        ),
        (
            "shares.csv",
            "Anteilseigner;Gesellschaft;Anteil in %;Stichtag;;\nMüller Holding;Beispiel AG;25,5;31.12.2024;;\nStaat;Beispiel AG;>50;1.2.2024;;\n",
            &[
                "müller-holding > beispiel-ag Ownership since 2024-12-31, 25.5..25.5 percent",
                "staat > beispiel-ag Ownership since 2024-02-01, 50.. percent",
            ],
        ),
        (
            "chinese.csv",
            "投资方,被投资方,投资金额（万元）,投资日期,状态\n腾讯,美团,300000,2015年10月8日,已完成\n阿里巴巴,饿了么,约3亿,2018/04/02,已公告\n",
            &[
                "腾讯 > 美团 Equity since 2015-10-08, 3000000000..3000000000 CNY, completed",
                "阿里巴巴 > 饿了么 Equity since 2018-04-02, ~300000000..300000000 CNY, announced",
            ],
        ),
        (
            "holders.csv",
            "股东名称,公司名称,持股比例\n张三,某某有限公司,51.5%\n",
            &["张三 > 某某有限公司 Ownership, 51.5..51.5 percent"],
        ),
        (
            "own-units.csv",
            "Investor,Company,Amount,Date\nNvidia,OpenAI,up to $100bn,2025-09-22\nAMD,xAI,€500m,Q3 2024\nIntel,xAI,undisclosed,2024\n",
            &[
                "amd > xai Equity since 2024-Q3, 500000000..500000000 EUR",
                "intel > xai Equity since 2024",
                "nvidia > openai Equity since 2025-09-22, ..100000000000 USD",
            ],
        ),
        (
            "supply.csv",
            "Supplier\tCustomer\tCategory\tContract value\tStart date\nTSMC\tNvidia\tManufacturing\tUSD 10bn\t2023-01\nMicron\tNvidia\tMemory\t$2-3 billion\t31 Dec 2024\n",
            &[
                "micron > nvidia Memory since 2024-12-31, 2000000000..3000000000 USD",
                "tsmc > nvidia Manufacturing since 2023-01, 10000000000..10000000000 USD",
            ],
        ),
        (
            "loans.csv",
            "Lender|Borrower|Loan amount (EUR)|Maturity\nBank A|Firm B|1 234 567,89|31.12.2030\n",
            &["bank-a > firm-b Loan until 2030-12-31, 1234567.89..1234567.89 EUR"],
        ),
        (
            "seats.csv",
            "Director,Company,Role,Since\nSam Altman,OpenAI,Board member,2019\nLisa Su,AMD,CEO,2014-10\n",
            &[
                "lisa-su > amd Leadership since 2014-10",
                "sam-altman > openai BoardSeat since 2019",
            ],
        ),
        (
            "figures.csv",
            "Company,Revenue 2023 (USD m),Revenue 2024 (USD m),Source\nNvidia,\"26,974\",\"60,922.5\",10-K\n",
            &[
                "nvidia Revenue 2023, 26974000000..26974000000 USD",
                "nvidia Revenue 2024, 60922500000..60922500000 USD",
            ],
        ),
        (
            "metrics.csv",
            "公司,指标,数值,单位,年度\n英伟达,营收,609,亿美元,2024\n",
            &["英伟达 Revenue 2024, 60900000000..60900000000 USD"],
        ),
        (
            "titled.csv",
            "Deals of 2024,,,\n,,,\nBuyer,Seller,Target,Price ($m)\nA,B,C,5\nTotal,,,5\n",
            &["a > c Acquisition, 5000000..5000000 USD"],
        ),
        (
            "two-claims.csv",
            "Investor,Target,Amount (USD m),Stake %,Date\nMicrosoft,OpenAI,13000,27.5,2023-01\n",
            &[
                "microsoft > openai Equity since 2023-01, 13000000000..13000000000 USD",
                "microsoft > openai Equity since 2023-01, 27.5..27.5 percent",
            ],
        ),
    ];
    for (name, text, expected) in cases {
        assert_eq!(straight(name, text.as_bytes()), expected, "{name}");
    }
}

#[cfg(feature = "workbook")]
#[test]
fn a_workbook_with_titles_dates_and_shares_is_read_as_suggested() {
    let bytes = workbook(&[
        (
            "Deals",
            &[
                &[Text("Deals of 2024")],
                &[],
                &[
                    Text("Investor"),
                    Text("Target"),
                    Text("Amount (USD m)"),
                    Text("Date"),
                    Text("Stake"),
                ],
                &[
                    Text("SBG"),
                    Text("OpenAI"),
                    Number(1500.5),
                    Day(45_657),
                    Shown(0.25, 2),
                ],
                &[
                    Text("AMD"),
                    Text("OpenAI"),
                    Number(3.0),
                    Day(45_000),
                    Shown(0.01, 2),
                ],
                &[Text("Total"), Text(""), Number(1503.5)],
            ],
        ),
        ("Notes", &[&[Text("Made by Ada")]]),
        (
            "Firms",
            &[
                &[
                    Text("Company name"),
                    Text("Entity type"),
                    Text("Also known as"),
                ],
                &[Text("SoftBank"), Text("Fund"), Text("SBG")],
            ],
        ),
    ]);
    let table = table("book.xlsx", &bytes);
    let mapping = table.suggested();
    let reading = table.read(&mapping).unwrap();
    assert_eq!(
        told(&reading.records),
        [
            "amd > openai Equity since 2023-03-15, 1..1 percent",
            "amd > openai Equity since 2023-03-15, 3000000..3000000 USD",
            "softbank > openai Equity since 2024-12-31, 1500500000..1500500000 USD",
            "softbank > openai Equity since 2024-12-31, 25..25 percent",
        ]
    );
    let mut places: Vec<_> = reading
        .records
        .claims
        .values()
        .filter_map(|claim| claim.locator.as_deref())
        .collect();
    places.sort_unstable();
    assert_eq!(
        places,
        [
            "Deals, row 4",
            "Deals, row 4",
            "Deals, row 5",
            "Deals, row 5"
        ]
    );
    let by: Vec<_> = reading
        .report
        .matched
        .iter()
        .map(|one| (one.by, one.count))
        .collect();
    assert_eq!(by, [(MatchedBy::Alias, 1)]);
    let made: Vec<_> = reading
        .report
        .made
        .iter()
        .map(|made| made.name.as_str())
        .collect();
    assert_eq!(made, ["OpenAI", "AMD"]);
    // The title, the note, and the row of the total.
    assert_eq!(reading.report.field.values_left_out(), 4);
    assert_eq!(reading.report.field.values, 17);
}

#[test]
fn headings_of_shares_votes_and_days_are_known() {
    let cases: [(&str, &[&str]); 6] = [
        (
            "Name,Director of,Position,From,To\nJo,B Co,Chair,2020,2022\n",
            &["jo > b-co BoardSeat since 2020 until 2022"],
        ),
        (
            "Owner,Company,% of capital,% of voting rights,Year\nA,B,60,40,2024\n",
            &[
                "a > b Ownership since 2024, 40..40 percent-votes",
                "a > b Ownership since 2024, 60..60 percent",
            ],
        ),
        (
            "Gesellschafter;Gesellschaft;Stimmrechte in %;Kaufdatum\nA;B;25,5;04.03.2024\n",
            &["a > b Ownership since 2024-03-04, 25.5..25.5 percent-votes"],
        ),
        (
            "Gesellschafter;Gesellschaft;Anteil;Stand\nA;B;25 %;31.12.2023\n",
            &["a > b Ownership since 2023-12-31, 25..25 percent"],
        ),
        (
            "Shareholder,Company,Number of shares,% owned\nA,B,\"1,500.0\",30\n",
            &[
                "a > b Ownership, 1500..1500 shares",
                "a > b Ownership, 30..30 percent",
            ],
        ),
        (
            "Actionnaire;Société;% du capital;% des droits de vote\nA;B;60;70\n",
            &[
                "a > b Ownership, 60..60 percent",
                "a > b Ownership, 70..70 percent-votes",
            ],
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(straight("table.csv", text.as_bytes()), expected, "{text}");
    }
}

#[test]
fn columns_of_numbers_that_are_left_out_are_open() {
    let table = table(
        "subs.csv",
        b"Company,Jurisdiction,Ownership %\nAcme,GB,\nAcme Europe,NL,80\nAcme US,US,100\n",
    );
    let suggestion = suggest(&table.path, "subs.csv", Lang::En).unwrap();
    assert_eq!(suggestion.numbers(), ["Ownership %"]);
    assert!(
        suggestion
            .text()
            .contains("no column of ours is known for these numbers")
    );
}

#[test]
fn remarks_under_a_table_are_left_out_and_counted() {
    let text = "Investor,Target,Amount (USD m),Date\nA,B,5,2024-01-01\nTotal,,5,\n* without costs,,,\nSource: own figures,see report,,\n";
    let table = table("deals.csv", text.as_bytes());
    let suggested = table.suggested();
    assert!(suggested.contains("last = 2"), "{suggested}");
    let columns =
        "\"Amount (USD m)\" = { column = \"amount\", unit = \"USD_mn\" }\n\"Date\" = \"since\"\n";
    for mapping in [suggested, edges(columns)] {
        let reading = table.read(&mapping).unwrap();
        assert_eq!(reading.records.edges.len(), 1);
        let report = reading.report.field;
        assert_eq!((report.values, report.values_left_out()), (9, 5));
    }
}

#[test]
fn names_with_the_names_of_other_players_in_them_are_pointed_out() {
    let text = "Investor,Target\nSequoia and Tiger Global,A\nTiger Global & Coatue,B\nSimon and Schuster,C\n红杉资本和高瓴资本,D\nTiger Global,E\n高瓴资本,F\nMiller & Sons,G\nSmith & Sons,H\n\"Accel Partners, Atlas\",I\nAccel Partners / Balderton,J\n";
    let table = table("deals.csv", text.as_bytes());
    let reading = table.read(&edges("")).unwrap();
    let warnings = reading.report.field.warnings.iter();
    let told: Vec<_> = warnings
        .map(|one| (one.line.unwrap(), one.message.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (
                2,
                "'Sequoia and Tiger Global' became one player, and has names in it that stand elsewhere too: Tiger Global"
            ),
            (
                3,
                "'Tiger Global & Coatue' became one player, and has names in it that stand elsewhere too: Tiger Global"
            ),
            (
                5,
                "'红杉资本和高瓴资本' became one player, and has names in it that stand elsewhere too: 高瓴资本"
            ),
            (
                10,
                "'Accel Partners, Atlas' became one player, and has names in it that stand elsewhere too: Accel Partners"
            ),
            (
                11,
                "'Accel Partners / Balderton' became one player, and has names in it that stand elsewhere too: Accel Partners"
            ),
        ]
    );
}

#[test]
fn a_row_with_the_title_of_a_document_is_the_place_where_it_says_so() {
    let text = "Investor,Target,Source\nA,B,Handelsblatt\nC,D,https://example.org/a\n";
    let table = table("deals.csv", text.as_bytes());
    let reading = table.read(&edges("\"Source\" = \"document\"\n")).unwrap();
    let claims = reading.records.claims.values();
    let mut places: Vec<_> = claims
        .map(|claim| claim.locator.as_deref().unwrap())
        .collect();
    places.sort_unstable();
    assert_eq!(places, ["deals.csv, line 2", "page"]);
}

#[cfg(feature = "workbook")]
#[test]
fn what_a_workbook_shows_with_a_number_counts() {
    let headings: &[_] = &[
        Text("Investor"),
        Text("Company"),
        Text("Amount"),
        Text("Stake"),
    ];
    let bytes = workbook(&[(
        "H",
        &[
            headings,
            &[Text("A"), Text("C"), Shown(5e6, 3), Shown(0.07, 2)],
            &[Text("B"), Text("C"), Shown(2.5, 3), Number(25.0)],
        ],
    )]);
    let expected = [
        "a > c Equity, 5000000..5000000 EUR",
        "a > c Equity, 7..7 percent",
        "b > c Equity, 2.5..2.5 EUR",
        "b > c Equity, 25..25 percent",
    ];
    assert_eq!(straight("shown.xlsx", &bytes), expected);

    let text = |text: &str| {
        format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let row = |cells: &[String]| format!("<table:table-row>{}</table:table-row>", cells.concat());
    let share = |share: f64| {
        format!("<table:table-cell office:value-type=\"percentage\" office:value=\"{share}\"/>")
    };
    let euros = |euros: f64| {
        format!(
            "<table:table-cell office:value-type=\"currency\" office:currency=\"EUR\" office:value=\"{euros}\"/>"
        )
    };
    let rows = [
        row(&["Investor", "Company", "Amount", "Stake"].map(text)),
        row(&[text("A"), text("C"), euros(5e6), share(0.07)]),
        row(&[text("B"), text("C"), euros(2.5), share(0.25)]),
    ];
    assert_eq!(
        straight("shown.ods", &open_document(&rows.concat())),
        expected
    );
}

#[test]
fn a_mapped_table_is_the_one_that_is_written_in_our_columns() {
    let theirs = table(
        "deals.csv",
        b"Investor;Target;Betrag (Mio. EUR);Datum;Stand;Quelle;Notiz\n\
          Acme;Widgets;1.234,5;31.12.2024;Done;https://example.org/a;a note\n\
          Beta;Widgets;ca. 10;1.2.2024;;https://example.org/a;\n",
    );
    let reading = theirs.read(&theirs.suggested()).unwrap();
    let source = |table, text: &'static str| Source {
        name: "ours.csv",
        table,
        bytes: text.as_bytes(),
    };
    let ours = csv::read(
        &[
            source(
                Table::Players,
                "id,type,name_und\nacme,company,Acme\nbeta,company,Beta\nwidgets,company,Widgets\n",
            ),
            source(
                Table::Documents,
                "id,title,url\nhttps://example.org/a,https://example.org/a,https://example.org/a\n",
            ),
            source(
                Table::Edges,
                "from,to,family,kind,since,amount,unit,approximate,status,document,locator,text\n\
                 acme,widgets,investment,equity,2024-12-31,1234.5,EUR_mn,,completed,https://example.org/a,page,a note\n\
                 beta,widgets,investment,equity,2024-02-01,10,EUR_mn,yes,,https://example.org/a,page,\n",
            ),
        ],
        &Records::default(),
    );
    let (ours, warnings) = ours.strict().unwrap();
    assert_eq!(warnings, []);
    assert_eq!(reading.records, ours);
}

#[test]
fn what_the_cells_do_not_tell_is_asked() {
    let table = table(
        "deals.csv",
        b"Investor,Target,Amount,Date,Type\nNvidia,OpenAI,\"1,234\",03/04/2024,Minority\nAMD,OpenAI,\"5,678\",05/06/2024,Thing\n",
    );
    let mapping = table.suggested();
    for line in [
        "numbers = \"?\"  # \"1,234\", \"5,678\" can be read in two ways",
        "dates = \"?\"  # \"03/04/2024\", \"05/06/2024\" can be read in two ways: write \"day-month-year\", \"month-day-year\"",
        "\"Amount\" = { column = \"amount\", unit = \"?\" }",
        "\"Minority\" = \"equity\", \"Thing\" = \"?\"",
    ] {
        assert!(mapping.contains(line), "{line}\n{mapping}");
    }
    let error = table.read(&mapping).unwrap_err();
    for part in [
        "'numbers' is not decided",
        "'dates' is not decided",
        "the unit of the column 'Amount'",
        "what 'Thing' is in the column 'Type'",
    ] {
        assert!(error.contains(part), "{part}\n{error}");
    }
    let decided = |order: &str, marks: &str| {
        let mapping = mapping
            .replace("dates = \"?\"", &format!("dates = \"{order}\""))
            .replace("numbers = \"?\"", &format!("numbers = \"{marks}\""))
            .replace("unit = \"?\"", "unit = \"USD_k\"")
            .replace("\"Thing\" = \"?\"", "\"Thing\" = \"\"");
        told(&table.read(&mapping).unwrap().records)
    };
    assert_eq!(
        decided("day-month-year", "1,234.5"),
        [
            "amd > openai - since 2024-06-05, 5678000..5678000 USD",
            "nvidia > openai Equity since 2024-04-03, 1234000..1234000 USD",
        ]
    );
    assert_eq!(
        decided("month-day-year", "1.234,5"),
        [
            "amd > openai - since 2024-05-06, 5678..5678 USD",
            "nvidia > openai Equity since 2024-03-04, 1234..1234 USD",
        ]
    );
}

/// A mapping of edges with these columns.
fn edges(columns: &str) -> String {
    format!(
        "[[sheet]]\ntable = \"edges\"\n[sheet.constants]\nkind = \"equity\"\n[sheet.columns]\n\"Investor\" = \"from\"\n\"Target\" = \"to\"\n{columns}"
    )
}

#[test]
fn rows_that_are_not_right_are_left_out_with_the_players_that_no_other_row_names() {
    let table = table(
        "k.csv",
        b"Investor,Target,Amount (USD m),Date\nA Co,X Co,10,2024-01-01\n,Y Co,20,2024-01-02\nB Co,,30,2024-01-03\nC Co,Z Co,abc,2024-01-04\n",
    );
    let mapping = edges(
        "\"Amount (USD m)\" = { column = \"amount\", unit = \"USD_mn\" }\n\"Date\" = \"since\"\n",
    );
    let reading = table
        .read_into(&mapping, &Records::default(), true)
        .unwrap();
    let players = reading.records.players.keys();
    let players: Vec<_> = players.map(|id| short_name(id.as_str())).collect();
    assert_eq!(players, ["a-co", "x-co"]);
    let report = reading.report.field;
    assert_eq!(report.problems.len(), 3);
    assert_eq!((report.values, report.values_left_out()), (14, 10));
    assert_eq!(reading.report.made.len(), 2);
}

#[test]
fn cells_that_cannot_be_read_are_named_with_row_and_column() {
    let table = table(
        "deals.csv",
        b"Title\n\nInvestor,Target,Amount,Date,Kind,Extra\nA,B,5,2024-01-01,equity,x\nA,C,lots,2024-01-01,equity,y\n,D,5,soon,equity,z\nA,E,5,2024-01-02,thing,\n",
    );
    let mapping = edges(
        "\"Amount\" = { column = \"amount\", unit = \"USD\" }\n\"Date\" = \"since\"\n\"Kind\" = \"kind\"\n",
    );
    let error = table.read(&mapping).unwrap_err();
    for line in [
        "deals.csv:5:3: column C 'Amount': 'lots' is no amount: expected a number such as 1,234.5, or $5bn",
        "deals.csv:6:4: column D 'Date': 'soon' is no day: expected one such as 2024-12-31",
        "deals.csv:7:5: column E 'Kind': 'thing' is no kind that is known: expected one of equity, ",
    ] {
        assert!(error.contains(line), "{line}\n{error}");
    }
    let reading = table
        .read_into(&mapping, &Records::default(), true)
        .unwrap();
    assert_eq!(
        told(&reading.records),
        ["a > b Equity since 2024-01-01, 5..5 USD"]
    );
    assert_eq!(reading.report.field.problems.len(), 3);
    // What no column of the mapping takes is counted, with its place.
    let left_out: Vec<_> = reading
        .report
        .field
        .left_out
        .iter()
        .map(|one| {
            (
                one.reason,
                one.kind.as_str(),
                one.count,
                one.examples[0].as_str(),
            )
        })
        .collect();
    assert_eq!(
        left_out,
        [
            (
                LeftOutReason::NotUnderstood,
                "rows that are not right",
                14,
                "deals.csv:5: A"
            ),
            (LeftOutReason::NoPlace, "Extra", 3, "deals.csv:4: x"),
            (
                LeftOutReason::NoPlace,
                "rows above the headings",
                1,
                "deals.csv:1: Title"
            ),
        ]
    );
    // A required cell that is empty is found by the table itself, on the row of the file.
    let empty = edges("").replace("kind = \"equity\"", "family = \"supply\"");
    let error = table.read(&empty).unwrap_err();
    assert_eq!(
        error,
        "deals.csv:6: 'from': the cell is empty: expected the id of the player who acts"
    );
}

#[test]
fn mappings_that_do_not_fit_their_table_say_so() {
    let table = table("deals.csv", b"Investor,Target,Amount\nA,B,5\n");
    let error = table.read(&edges("\"Amuont\" = \"note\"\n")).unwrap_err();
    assert!(
        error.contains("the table edges has no column 'note'"),
        "{error}"
    );
    let error = table.read(&edges("\"Amont\" = \"text\"\n")).unwrap_err();
    assert_eq!(
        error,
        "m.toml:8:1: deals.csv has no column 'Amont': expected one of Investor, Target, Amount"
    );
    let error = table
        .read(&edges("").replace("table =", "header = 9\ntable ="))
        .unwrap_err();
    assert_eq!(
        error,
        "m.toml:1:1: the sheet deals.csv has no headings in row 9"
    );
}

#[test]
fn players_are_found_by_id_name_alias_and_identifier() {
    let known = Map::built_in().unwrap();
    let known = known.records().unwrap();
    let lei = known
        .identifiers
        .values()
        .find(|one| one.scheme.as_str().ends_with("LEI"));
    let lei = lei.map_or("", |one| one.value.as_str());
    let player = known
        .identifiers
        .values()
        .find(|one| one.value == lei)
        .map(|one| &one.player);
    let text = format!(
        "Investor,Target,LEI\nnvidia,OPENAI,\nNVIDIA Corporation,甲骨文,\nSomebody New,Whoever,{lei}\n"
    );
    let table = table("deals.csv", text.as_bytes());
    let columns = if lei.is_empty() {
        ""
    } else {
        "\"LEI\" = { column = \"to_identifier\", scheme = \"lei\" }\n"
    };
    let reading = table.read_into(&edges(columns), known, false).unwrap();
    let ends: Vec<_> = reading
        .records
        .edges
        .values()
        .map(|edge| (short_name(edge.from.as_str()), short_name(edge.to.as_str())))
        .collect();
    assert!(ends.contains(&("nvidia", "openai")), "{ends:?}");
    assert!(ends.iter().any(|(_, to)| *to == "oracle"), "{ends:?}");
    if let Some(player) = player {
        assert!(
            ends.contains(&("somebody-new", short_name(player.as_str()))),
            "{ends:?}"
        );
    }
    let new = &reading.report.made;
    assert!(
        new.iter()
            .any(|made| made.name == "Somebody New" && made.like.is_none()),
        "{new:?}"
    );
    // Known players are not made again.
    assert!(
        reading
            .records
            .players
            .keys()
            .all(|id| !known.players.contains_key(id))
    );
    let lines = reading.report.players(Lang::En);
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("players found by")),
        "{lines:?}"
    );
}

/// What a table of investors, targets and amounts in millions of euros comes to, with what is wrong in it.
fn amounts(rows: &str) -> (Vec<String>, Vec<String>) {
    let text = format!("Investor,Target,Amount\n{rows}");
    let table = table("deals.csv", text.as_bytes());
    let columns =
        "\"Amount\" = { column = \"amount\", unit = \"EUR_mn\", numbers = \"1,234.5\" }\n";
    let reading = table
        .read_into(&edges(columns), &Records::default(), true)
        .unwrap();
    let problems = reading.report.field.problems.iter();
    let problems = problems.map(|one| format!("{}: {}", one.line.unwrap(), one.message));
    let told = reading.records.edges.iter().map(|(id, edge)| {
        let claims = reading.records.claims.values();
        let quantity = claims
            .filter(|claim| claim.about == *id)
            .find_map(|claim| claim.quantity);
        let quantity = quantity.map_or(String::new(), |quantity| {
            format!(
                "{:?}..{:?} {}",
                quantity.lower,
                quantity.upper,
                quantity.unit.code()
            )
        });
        let [from, to] = [&edge.from, &edge.to].map(|end| short_name(end.as_str()));
        format!("{from} {to} {quantity}")
    });
    (told.collect(), problems.collect())
}

#[test]
fn a_minus_is_a_minus_wherever_it_stands() {
    let (told, problems) = amounts("a,b,-$5m\nc,d,(5)\ne,f,5-\ng,h,-5\n");
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(
        told,
        [
            "a b Some(-5000000.0)..Some(-5000000.0) USD",
            "c d Some(-5000000.0)..Some(-5000000.0) EUR",
            "e f Some(-5000000.0)..Some(-5000000.0) EUR",
            "g h Some(-5000000.0)..Some(-5000000.0) EUR",
        ]
    );
}

#[test]
fn what_may_be_another_amount_is_refused() {
    let (told, problems) = amounts(
        "a,b,100²\nc,d,$3m and $5m\ne,f,\"$5,000,000.00\"\ng,h,5欧元\ni,j,12,5\nk;l,m,1\nn,o,€5\n",
    );
    assert_eq!(told, ["n o Some(5000000.0)..Some(5000000.0) EUR"]);
    let found: Vec<_> = problems.iter().map(|one| one.split_at(1).0).collect();
    assert_eq!(found, ["2", "3", "4", "5", "6", "7"], "{problems:#?}");
    assert!(problems[4].contains("4 cells") && problems[4].contains("3 headings"));
    assert!(problems[5].contains("several players"));
}

#[test]
fn rows_of_totals_are_no_deals_and_rows_that_are_wrong_make_no_players() {
    let text = "Investor,Target,Amount\nAcme,Beta,5\nTOTAL,All,5\nGamma,Delta,many\n";
    let table = table("deals.csv", text.as_bytes());
    let columns = "\"Amount\" = { column = \"amount\", unit = \"EUR_mn\" }\n";
    let reading = table
        .read_into(&edges(columns), &Records::default(), true)
        .unwrap();
    let players: Vec<_> = reading.records.players.keys().collect();
    let players: Vec<_> = players.iter().map(|id| short_name(id.as_str())).collect();
    assert_eq!(players, ["acme", "beta"]);
    let made: Vec<_> = reading
        .report
        .made
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(made, ["Acme", "Beta"]);
    let left_out: u64 = reading
        .report
        .field
        .left_out
        .iter()
        .map(|kind| kind.count)
        .sum();
    assert_eq!((reading.report.field.values, left_out), (9, 6));
}

#[test]
fn names_that_differ_in_a_sign_only_are_two_players() {
    let text = "Investor,Target\nC++ Partners,Acme\nC Partners,Acme\nC# Partners,Acme\nAcme Inc.,Fund 1.1\n\
                \"Acme, Inc\",Fund 1-1\nC++ Partners,Fund 1.1\n";
    let table = table("deals.csv", text.as_bytes());
    let reading = table
        .read_into(&edges(""), &Records::default(), false)
        .unwrap();
    let name = |id: &str| {
        let players = reading.records.players.iter();
        let mut found = players.filter(|(one, _)| short_name(one.as_str()) == id);
        found
            .next()
            .unwrap()
            .1
            .labels
            .iter()
            .next()
            .unwrap()
            .1
            .to_owned()
    };
    assert_eq!(reading.records.players.len(), 7);
    assert_eq!(
        [
            "c-partners",
            "c-partners-2",
            "c-partners-3",
            "acme-inc",
            "fund-1-1",
            "fund-1-1-2"
        ]
        .map(name),
        [
            "C++ Partners",
            "C Partners",
            "C# Partners",
            "Acme Inc.",
            "Fund 1.1",
            "Fund 1-1"
        ]
    );
    // A table of players, and one that the map has already.
    let text = "Name\nC Partners\nC# Partners\n";
    let mapping = "[[sheet]]\ntable = \"players\"\n[sheet.columns]\n\"Name\" = \"name_en\"\n";
    let known = {
        let players = "id,type,name_en\nc-partners,company,C++ Partners\n";
        let source = Source {
            name: "players.csv",
            table: Table::Players,
            bytes: players.as_bytes(),
        };
        csv::read(&[source], &Records::default()).records
    };
    let listed = self::table("firms.csv", text.as_bytes());
    let reading = listed.read_into(mapping, &known, false).unwrap();
    let ids = reading.records.players.keys();
    let ids: Vec<_> = ids.map(|id| short_name(id.as_str())).collect();
    assert_eq!(ids, ["c-partners-2", "c-partners-3"]);
    let text = "from,to,family\nC Partners,Acme,supply\n";
    let source = Source {
        name: "edges.csv",
        table: Table::Edges,
        bytes: text.as_bytes(),
    };
    let problems = csv::read(&[source], &known).problems;
    assert!(
        problems[0]
            .message
            .contains("'C Partners' and 'C++ Partners'"),
        "{problems:?}"
    );
    // Our own tables have no other place for a second id.
    let text = "from,to,family\nC++ Partners,Acme,supply\nC Partners,Acme,supply\n";
    let source = Source {
        name: "edges.csv",
        table: Table::Edges,
        bytes: text.as_bytes(),
    };
    let problems = csv::read(&[source], &Records::default()).problems;
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(
        problems[0]
            .message
            .contains("'C Partners' and 'C++ Partners'"),
        "{problems:?}"
    );
}

#[test]
fn a_part_says_itself_whether_it_is_a_fraction() {
    let text = "Investor,Target,Stake\na,b,0.25\nc,d,50%\ne,f,51 %\n";
    let table_of_parts = table("deals.csv", text.as_bytes());
    let columns = "\"Stake\" = { column = \"amount\", unit = \"percent\", factor = 100 }\n";
    let reading = table_of_parts
        .read_into(&edges(columns), &Records::default(), false)
        .unwrap();
    let shares = reading
        .records
        .claims
        .values()
        .filter_map(|claim| claim.quantity?.lower);
    let mut shares: Vec<_> = shares.collect();
    shares.sort_by(f64::total_cmp);
    assert_eq!(shares, [25.0, 50.0, 51.0]);
    // Whether 1 is all of it or a hundredth, nobody says.
    for (heading, cells) in [
        ("Stake", ["1", "1"]),
        ("Stake %", ["0.25", "0.5"]),
        ("Stake", ["0.5", "1.2"]),
    ] {
        let text = format!(
            "Investor,Target,{heading}\na,b,{}\nc,d,{}\n",
            cells[0], cells[1]
        );
        let suggested = table("deals.csv", text.as_bytes()).suggested();
        assert!(
            suggested.contains("unit = \"?\""),
            "{heading} {cells:?}: {suggested}"
        );
    }
}

#[test]
fn a_value_is_that_of_its_register_only() {
    let players = "id,type,name_en,identifier\nacme,company,Acme,GB-COH:00012345\n";
    let source = Source {
        name: "players.csv",
        table: Table::Players,
        bytes: players.as_bytes(),
    };
    let (known, _) = csv::read(&[source], &Records::default()).strict().unwrap();
    let table = table(
        "deals.csv",
        b"Investor,Target,Number\nA Bank,Ashmead,00012345\n",
    );
    let target = |scheme: &str| {
        let column =
            format!("\"Number\" = {{ column = \"to_identifier\", scheme = \"{scheme}\" }}\n");
        let reading = table.read_into(&edges(&column), &known, false).unwrap();
        short_name(reading.records.edges[0].to.as_str()).to_owned()
    };
    assert_eq!(target("GB-COH"), "acme");
    assert_eq!(target("gb-coh"), "acme");
    assert_eq!(target("NO-BRC"), "ashmead");
}

#[test]
fn a_name_that_differs_by_its_legal_form_only_is_new_and_pointed_out() {
    let known = Map::built_in().unwrap();
    let table = table("deals.csv", b"Investor,Target\nOracle Holdings,OpenAI\n");
    let reading = table
        .read_into(&edges(""), known.records().unwrap(), false)
        .unwrap();
    let likes: Vec<_> = reading
        .report
        .made
        .iter()
        .map(|made| (made.name.as_str(), made.like.as_deref()))
        .collect();
    assert_eq!(likes, [("Oracle Holdings", Some("oracle"))]);
}

/// Imports a table by a mapping.
fn import(
    table: &Foreign,
    mapping: &str,
    into: &std::path::Path,
    is_edition: bool,
) -> powermap::map::Imported {
    let mapping = Mapping::parse(mapping, "m.toml").unwrap();
    let mut known = Known::new(into, std::slice::from_ref(&table.path), &[]);
    let file = NewFile::of_mapped(&table.path, Some(&mapping), &mut known, false);
    let (file, _) = file.unwrap().unwrap();
    match is_edition {
        true => Map::replace(into, &[file], &[], false),
        false => Map::import(into, &[file], false),
    }
    .unwrap()
}

#[test]
fn a_new_edition_finds_the_players_that_only_the_earlier_one_had() {
    let into = tempfile::tempdir().unwrap();
    let players = into.path().join("players.csv");
    fs::write(&players, "id,type,name_en\nnv,company,Nvidia\n").unwrap();
    let table = table(
        "deals.csv",
        b"Investor,Target,Date\nNvidia,OpenAI,2024-01-01\n",
    );
    let mapping = edges("\"Date\" = \"since\"\n");
    let first = import(&table, &mapping, into.path(), false);
    let edges = |map: &Map| -> Vec<_> {
        let edges = &map.records().unwrap().edges;
        edges
            .values()
            .map(|edge| {
                (
                    short_name(edge.from.as_str()).to_owned(),
                    short_name(edge.to.as_str()).to_owned(),
                )
            })
            .collect()
    };
    assert_eq!(edges(&first.map), [("nv".to_owned(), "openai".to_owned())]);
    let again = import(&table, &mapping, into.path(), true);
    assert_eq!((again.added, again.gone), Default::default());
    assert_eq!(again.map.records().unwrap(), first.map.records().unwrap());
    assert_eq!(
        Map::open(into.path())
            .unwrap()
            .records()
            .unwrap()
            .players
            .len(),
        2
    );
}

#[test]
fn what_may_be_told_twice_is_said_at_import() {
    let into = tempfile::tempdir().unwrap();
    let table = table(
        "deals.csv",
        b"Investor,Target,Amount (USD m),Date\nNvidia,OpenAI,100,2024-01-05\nNvidia,OpenAI,101,2024-01-25\nAMD,xAI,50,2024-02-02\nAMD,xAI,50,2024-02-02\nNvidia,OpenAI,100,2024-06-25\n",
    );
    let mapping = table.suggested();
    let reading = table.read(&mapping).unwrap();
    let same: Vec<_> = reading
        .report
        .same
        .iter()
        .map(|one| (one.first.as_str(), one.second.as_str()))
        .collect();
    assert_eq!(same, [("deals.csv:4", "deals.csv:5")]);
    let imported = import(&table, &mapping, into.path(), false);
    let twice: Vec<_> = imported
        .told_twice
        .iter()
        .map(|one| one.about.to_string())
        .collect();
    assert_eq!(
        twice,
        ["<https://w3id.org/powermap/id/nvidia-openai-equity-2024-01-25>"]
    );
    // What was there before is not said again.
    let file = NewFile {
        name: "edges.csv".to_owned(),
        bytes: b"from,to,family\nada,babbage,influence\n".to_vec(),
        format: Format::Csv,
        table: None,
    };
    let imported = Map::import(into.path(), &[file], false).unwrap();
    assert!(imported.told_twice.is_empty());
}

#[test]
fn a_table_with_a_mapping_next_to_it_is_a_map() {
    let table = table("deals.csv", b"Investor,Target\nNvidia,OpenAI\n");
    let near = table.path.with_file_name("mapping.toml");
    fs::write(&near, edges("")).unwrap();
    // A mapping that names no file leaves what could be our own table alone.
    assert!(Map::open(&table.path).is_err());
    let own = table.path.with_file_name("deals.mapping.toml");
    fs::write(&own, format!("file = \"deals.csv\"\n{}", edges(""))).unwrap();
    let map = Map::open(&table.path).unwrap();
    assert_eq!(map.records().unwrap().edges.len(), 1);
    assert_eq!(map.notices().unwrap(), []);
    // A folder is read the same way, and a cache sees when the mapping changes.
    let folder = table.path.parent().unwrap();
    let cached = tempfile::tempdir().unwrap();
    let cache = Cache::new(cached.path()).with_text_bytes_min(1);
    let kind = || {
        let map = OpenOptions::new().with_cache(&cache).open(folder).unwrap();
        let records = map.records().unwrap();
        let edge = records.edges.values().next().unwrap();
        edge.kind
            .as_ref()
            .map(|kind| short_name(kind.as_str()).to_owned())
    };
    assert_eq!(kind().as_deref(), Some("Equity"));
    assert_eq!(kind().as_deref(), Some("Equity"));
    fs::write(
        &own,
        format!(
            "file = \"deals.csv\"\n{}",
            edges("").replace("equity", "loan")
        ),
    )
    .unwrap();
    assert_eq!(kind().as_deref(), Some("Loan"));
    fs::write(&own, "[[sheet]]\n").unwrap();
    let error = Map::open(&table.path).unwrap_err().to_string();
    assert!(
        error.contains("deals.mapping.toml:1:1: the key 'table' is missing"),
        "{error}"
    );
}

#[cfg(feature = "parquet")]
#[test]
fn a_table_that_is_missing_among_those_of_parquet_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let map = Map::built_in().unwrap();
    use powermap::format::tables::{self, ArrowTable};
    for table in [ArrowTable::Players, ArrowTable::Edges, ArrowTable::Claims] {
        let rows = map.arrow_table(table).unwrap();
        let bytes = tables::parquet(table, &rows, &[]).unwrap();
        fs::write(
            folder.path().join(format!("{}.parquet", table.name())),
            bytes,
        )
        .unwrap();
    }
    let notices = Map::open(folder.path()).unwrap().notices().unwrap();
    let missing: Vec<_> = notices
        .iter()
        .filter(|one| one.kind == NoticeKind::MissingTable)
        .collect();
    assert_eq!(missing.len(), 1);
    assert_eq!(missing[0].count, 5);
    assert_eq!(missing[0].examples[0], "identifiers.parquet");
    fs::remove_file(folder.path().join("edges.parquet")).unwrap();
    fs::remove_file(folder.path().join("claims.parquet")).unwrap();
    let notices = Map::open(folder.path()).unwrap().notices().unwrap();
    assert!(
        notices
            .iter()
            .all(|one| one.kind != NoticeKind::MissingTable)
    );
}

/// A cell that somebody could have typed.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[A-Za-z]{1,6}( [A-Za-z]{1,6})?",
        "(\\$|€|¥)?[0-9]{1,4}([.,][0-9]{1,3}){0,2} ?(bn|m|Mio\\.|万|亿|%)?",
        "[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{1,4}",
        "(Investor|Target|Amount|Date|Stake %|投资方|被投资方|金额（万元）|Revenue 2024|Total|Source)",
        "\\PC{0,8}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever is in a table, it is read or refused, and a suggestion that leaves nothing open can be used.
    #[test]
    fn no_table_makes_it_fail(rows in prop::collection::vec(prop::collection::vec(cell(), 1..6), 0..8)) {
        let lines: Vec<_> = rows.iter().map(|cells| {
            let quoted: Vec<_> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
            quoted.join(",")
        }).collect();
        let table = table("x.csv", lines.join("\n").as_bytes());
        if let Ok(suggestion) = suggest(&table.path, "x.csv", Lang::Zh) {
            let again = suggest(&table.path, "x.csv", Lang::Zh).unwrap();
            prop_assert_eq!(&again, &suggestion);
            let mapping = Mapping::parse(suggestion.text(), "m.toml");
            prop_assert_eq!(mapping.is_ok(), suggestion.is_decided(), "{}\n{:?}", suggestion.text(), mapping.err().map(|error| error.to_string()));
            if let Ok(mapping) = mapping {
                let reading = read_mapped(&table.path, "x.csv", &mapping, &Records::default(), true);
                let report = reading.unwrap().report.field;
                prop_assert!(report.values_left_out() <= report.values);
            }
        }
    }

    /// Whatever is in a mapping, it is read or refused.
    #[test]
    fn no_mapping_makes_it_fail(text in "(\\[\\[sheet\\]\\]\n)?(table = \"edges\"\n)?\\PC{0,60}") {
        let _ = Mapping::parse(&text, "m.toml");
    }
}

#[test]
fn a_table_whose_rows_are_all_broken_says_what_breaks_them() {
    let table = table("deals.csv", b"Investor;Target\nAda;B\0nk\nEve;B\0nk\n");
    let error = suggest(&table.path, "deals.csv", Lang::En).unwrap_err();
    let error = error.to_string();
    assert!(
        error.starts_with("deals.csv:2:") && error.contains("there is a NUL character"),
        "{error}"
    );
}
