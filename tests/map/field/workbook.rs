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
}

use Cell::{Day, Number, Text};

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
                    Number(number) => write!(text, r#"<c r="{column}{row}"><v>{number}</v></c>"#),
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
                r#"<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#
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
