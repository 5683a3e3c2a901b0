//! Workbooks: sheets that are tables, and what is in no table.

use super::left_out;
use flate2::Crc;
use powermap::Map;
use powermap::format::field::{FieldFormat, LeftOutReason, read_bytes};
use powermap::model::vocabulary::expand;
use std::fmt::Write as _;
use std::fs;

/// A cell of a sheet.
pub(crate) enum Cell {
    Text(&'static str),
    Number(f64),
    /// Days since 1899-12-30, in a cell that is formatted as a date.
    Day(u32),
    /// A number, and the place of its format among those of the workbook: 2 is `0%`, 3 has euros.
    Shown(f64, u8),
    /// A formula, and the value that is stored with it, if any.
    Formula(&'static str),
    /// The text "x" in another place than that of its row and column.
    At(&'static str),
}

use Cell::{At, Day, Formula, Number, Shown, Text};

/// Writes an archive of parts that are not packed.
fn archive(parts: &[(String, String)]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in parts {
        let mut crc = Crc::new();
        crc.update(text.as_bytes());
        let mut header = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        header.extend(crc.sum().to_le_bytes());
        header.extend((text.len() as u32).to_le_bytes());
        header.extend((text.len() as u32).to_le_bytes());
        header.extend((name.len() as u16).to_le_bytes());
        header.extend([0, 0]);
        let at = bytes.len() as u32;
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&header);
        bytes.extend(name.bytes());
        bytes.extend(text.bytes());
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&header);
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.bytes());
    }
    let (at, count) = (bytes.len() as u32, parts.len() as u16);
    let length = directory.len() as u32;
    bytes.append(&mut directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend(count.to_le_bytes());
    bytes.extend(count.to_le_bytes());
    bytes.extend(length.to_le_bytes());
    bytes.extend(at.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

/// Writes a workbook of Excel.
pub(crate) fn workbook(sheets: &[(&str, &[&[Cell]])]) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    let (mut listed, mut related, mut parts) = (String::new(), String::new(), Vec::new());
    for (number, (name, rows)) in (1..).zip(sheets) {
        let _ = write!(
            listed,
            r#"<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>"#
        );
        let _ = write!(
            related,
            r#"<Relationship Id="rId{number}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>"#
        );
        let mut text = String::new();
        for (row, cells) in (1..).zip(rows.iter()) {
            let _ = write!(text, r#"<row r="{row}">"#);
            for (column, cell) in ('A'..).zip(cells.iter()) {
                let _ = match cell {
                    Text(words) => write!(
                        text,
                        r#"<c r="{column}{row}" t="inlineStr"><is><t>{words}</t></is></c>"#
                    ),
                    At(place) => write!(
                        text,
                        r#"<c r="{place}" t="inlineStr"><is><t>x</t></is></c>"#
                    ),
                    Number(number) => write!(text, r#"<c r="{column}{row}"><v>{number}</v></c>"#),
                    Shown(number, format) => write!(
                        text,
                        r#"<c r="{column}{row}" s="{format}"><v>{number}</v></c>"#
                    ),
                    Formula("") => write!(text, r#"<c r="{column}{row}"><f>1+2</f></c>"#),
                    Formula(value) => {
                        write!(text, r#"<c r="{column}{row}"><f>1+2</f><v>{value}</v></c>"#)
                    }
                    Day(day) => write!(text, r#"<c r="{column}{row}" s="1"><v>{day}</v></c>"#),
                };
            }
            text.push_str("</row>");
        }
        let sheet =
            format!(r#"<worksheet xmlns="{MAIN}"><sheetData>{text}</sheetData></worksheet>"#);
        parts.push((format!("xl/worksheets/sheet{number}.xml"), sheet));
    }
    let mut all = vec![
        (
            "[Content_Types].xml".to_owned(),
            format!(
                r#"<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#
            ),
        ),
        (
            "_rels/.rels".to_owned(),
            format!(
                r#"<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml".to_owned(),
            format!(
                r#"<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels".to_owned(),
            format!(r#"<Relationships xmlns="{PACKAGE}/relationships">{related}</Relationships>"#),
        ),
        (
            "xl/styles.xml".to_owned(),
            format!(
                r#"<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="165" formatCode="[$€-407]#,##0.00"/></numFmts><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="9"/><xf numFmtId="165"/></cellXfs></styleSheet>"#
            ),
        ),
    ];
    all.append(&mut parts);
    archive(&all)
}

#[test]
fn a_workbook_is_a_map() {
    let bytes = workbook(&[
        (
            "Players",
            &[
                &[Text("id"), Text("type"), Text("name_en")],
                &[Text("acme"), Text("company"), Text("Acme, Inc.")],
            ],
        ),
        (
            "our edges",
            &[
                &[
                    Text("from"),
                    Text("to"),
                    Text("family"),
                    Text("kind"),
                    Text("since"),
                    Text("amount"),
                    Text("unit"),
                ],
                &[
                    Text("Ada"),
                    Text("Acme, Inc."),
                    Text("investment"),
                    Text("ownership"),
                    Day(45_657),
                    Number(12.5),
                    Text("percent"),
                ],
                &[
                    Text("acme"),
                    Text("ada"),
                    Text("supply"),
                    Text("chips"),
                    Text("2020"),
                    Text("$5bn"),
                ],
            ],
        ),
        ("notes", &[&[Text("to do")]]),
    ]);
    let reading = read_bytes(&bytes, "book.xlsx", false).unwrap();
    assert_eq!(reading.report.format, FieldFormat::Workbook);
    assert_eq!((reading.report.records, reading.report.values), (3, 27));
    assert_eq!(
        left_out(&reading),
        [(LeftOutReason::NoPlace, "notes".to_owned(), 1)]
    );
    let since: Vec<_> = reading
        .records
        .edges
        .values()
        .filter_map(|edge| edge.since)
        .map(|since| since.to_string())
        .collect();
    assert_eq!(since, ["2020", "2024-12-31"]);
    let acme = expand("acme").unwrap();
    assert!(
        reading
            .records
            .edges
            .values()
            .all(|edge| edge.from == acme || edge.to == acme)
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.xlsx");
    fs::write(&path, &bytes).unwrap();
    assert_eq!(Map::open(&path).unwrap().records().unwrap().edges.len(), 2);
    assert_eq!(
        Map::open(folder.path())
            .unwrap()
            .records()
            .unwrap()
            .edges
            .len(),
        2
    );
}

#[test]
fn a_formula_without_a_stored_value_is_no_empty_cell() {
    let read = |amount: Cell| {
        let bytes = workbook(&[(
            "edges",
            &[
                &[
                    Text("from"),
                    Text("to"),
                    Text("family"),
                    Text("amount"),
                    Text("unit"),
                ],
                &[Text("a"), Text("b"), Text("supply"), amount, Text("USD")],
            ],
        )]);
        read_bytes(&bytes, "book.xlsx", false)
    };
    let found = read(Formula("3")).unwrap().records;
    let amounts: Vec<_> = found
        .claims
        .values()
        .filter_map(|claim| claim.quantity)
        .collect();
    assert_eq!(amounts[0].point(), Some(3.0));
    let error = read(Formula("")).unwrap_err().to_string();
    assert!(
        error.contains("the cell D2 has a formula and no stored value"),
        "{error}"
    );
}

#[test]
fn what_is_wrong_in_a_sheet_has_its_row() {
    let bytes = workbook(&[(
        "edges",
        &[
            &[Text("from"), Text("to"), Text("family")],
            &[Text("a"), Text("b"), Text("suply")],
            &[Text("a"), Text("b"), Text("supply")],
        ],
    )]);
    let error = read_bytes(&bytes, "book.xlsx", false)
        .unwrap_err()
        .to_string();
    assert!(error.starts_with("book.xlsx:edges:2:"), "{error}");
    let reading = read_bytes(&bytes, "book.xlsx", true).unwrap();
    assert_eq!(
        (reading.records.edges.len(), reading.report.problems.len()),
        (1, 1)
    );
    let bytes = workbook(&[("notes", &[&[Text("to do")]])]);
    let error = read_bytes(&bytes, "book.xlsx", false).unwrap_err();
    assert_eq!(
        error.to_string(),
        "book.xlsx: none of the sheets is a table of a map: notes"
    );
    super::damaged::damage("book.xlsx", &bytes);
}

/// Writes a workbook of OpenDocument with the rows of a sheet.
pub(crate) fn open_document(rows: &str) -> Vec<u8> {
    const NAMES: &str = "urn:oasis:names:tc:opendocument:xmlns";
    let content = format!(
        r#"<office:document-content xmlns:office="{NAMES}:office:1.0" xmlns:table="{NAMES}:table:1.0" xmlns:text="{NAMES}:text:1.0"><office:body><office:spreadsheet><table:table table:name="edges">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"#
    );
    archive(&[
        (
            "mimetype".to_owned(),
            "application/vnd.oasis.opendocument.spreadsheet".to_owned(),
        ),
        (
            "META-INF/manifest.xml".to_owned(),
            format!(r#"<manifest:manifest xmlns:manifest="{NAMES}:manifest:1.0"/>"#),
        ),
        ("content.xml".to_owned(), content),
    ])
}

/// A row of OpenDocument with cells of text, and the empty ones up to the end of a sheet.
fn row(cells: &[&str]) -> String {
    let cells: String = cells
        .iter()
        .map(|cell| format!(r#"<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>"#))
        .collect();
    format!(
        r#"<table:table-row>{cells}<table:table-cell table:number-columns-repeated="16381"/></table:table-row>"#
    )
}

#[test]
fn cells_far_out_need_no_memory_for_the_empty_ones() {
    let far = |place: &'static str| {
        workbook(&[(
            "edges",
            &[
                &[Text("from"), Text("to"), Text("family")],
                &[Text("ada"), Text("bank"), Text("investment")],
                &[At(place)],
            ],
        )])
    };
    for (place, told) in [
        (
            "A1048576",
            "book.xlsx:edges:1048576:3: column 2 'to': the cell is empty: expected the id of the player acted upon\n\
             book.xlsx:edges:1048576:4: column 3 'family': the cell is empty: expected investment, supply or influence",
        ),
        (
            "XFD1048576",
            "book.xlsx:edges:1048576:4: the header has 3 columns, and the row has 16384",
        ),
        (
            "XFE3",
            "book.xlsx: the sheet 'edges' has a cell XFE3, and a sheet ends at XFD1048576",
        ),
        (
            "A1048577",
            "book.xlsx: the sheet 'edges' has a cell A1048577, and a sheet ends at XFD1048576",
        ),
        (
            "ZZZZ99999999",
            "book.xlsx: the sheet 'edges' has a cell ZZZZ99999999, and a sheet ends at XFD1048576",
        ),
    ] {
        let error = read_bytes(&far(place), "book.xlsx", false).unwrap_err();
        assert_eq!(error.to_string(), told);
    }
}

#[test]
fn sheets_with_too_many_empty_cells_are_refused() {
    let heading = row(&["from", "to", "family"]);
    let edge = row(&["ada", "bank", "investment"]);
    let reading = read_bytes(&open_document(&format!("{heading}{edge}")), "a.ods", false);
    assert_eq!(reading.unwrap().records.edges.len(), 1);
    let gap = r#"<table:table-cell table:number-columns-repeated="9999"/>"#;
    let far = format!(
        r#"<table:table-row>{gap}<table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>"#
    );
    let blank = r#"<table:table-row table:number-rows-repeated="900000"><table:table-cell/></table:table-row>"#;
    for (rows, cell) in [
        (format!("{heading}{edge}{blank}{far}"), "NTP900003"),
        (format!("{heading}{}", far.repeat(4_000)), "NTP3356"),
    ] {
        let error = read_bytes(&open_document(&rows), "a.ods", false).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "a.ods: the rows have more than 33554432 cells up to {cell} of the sheet 'edges', the empty ones between others \
                 among them"
            )
        );
    }
}
