//! Spreadsheets of others through the program.

use crate::support::run::run;
use std::fs;

const DEALS: &str = "Investor;Target;Betrag (Mio. EUR);Datum;Region\n\
                     Acme;Widgets;1.234,5;31.12.2024;Nord\n\
                     Beta;Widgets;12,5;1.2.2024;Süd\n";

#[test]
fn a_table_is_suggested_imported_and_read_directly() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("list.csv"), DEALS).unwrap();
    let (code, out, errors) = run(at, &["import", "list.csv", "--suggest"]);
    assert_eq!(code, 0, "{errors}");
    assert!(
        out.contains("\"Betrag (Mio. EUR)\" = { column = \"amount\", unit = \"EUR_mn\" }"),
        "{out}"
    );
    assert!(
        errors.contains("powermap import list.csv --mapping mapping.toml"),
        "{errors}"
    );
    let suggest = [
        "import",
        "list.csv",
        "--suggest",
        "--output",
        "by.toml",
        "--quiet",
    ];
    assert_eq!(run(at, &suggest), (0, String::new(), String::new()));
    assert_eq!(fs::read_to_string(at.join("by.toml")).unwrap(), out);

    let (code, _, errors) = run(
        at,
        &[
            "import",
            "list.csv",
            "--mapping",
            "by.toml",
            "--into",
            "map",
        ],
    );
    assert_eq!(code, 0, "{errors}");
    for line in [
        "list.csv: mapped table, 2 records with 10 values: 8 are in the map, 2 are left out",
        "2 × Region: has no place in a map (list.csv:2: Nord, list.csv:3: Süd)",
        "new players: 3 (Acme, Widgets, Beta)",
        "new: 3 players, 2 edges, 2 claims, 1 document",
    ] {
        assert!(errors.contains(line), "{line}\nis not in\n{errors}");
    }
    let show = [
        "query",
        "SELECT ?a { ?q pm:lower ?a } ORDER BY ?a",
        "--format",
        "csv",
    ];
    let (_, imported, _) = run(at, &[&show[..], &["--map", "map"]].concat());
    assert!(imported.contains("1234500000"), "{imported}");
    let (code, direct, errors) = run(
        at,
        &[&show[..], &["--map", "list.csv", "--mapping", "by.toml"]].concat(),
    );
    assert_eq!((code, direct), (0, imported.clone()), "{errors}");
    fs::rename(at.join("by.toml"), at.join("mapping.toml")).unwrap();
    let (code, near, errors) = run(at, &[&show[..], &["--map", "list.csv"]].concat());
    assert_eq!((code, near), (0, imported), "{errors}");

    let again = ["import", "list.csv", "--into", "map"];
    let (code, _, errors) = run(at, &again);
    assert_eq!(code, 2, "{errors}");
    assert!(errors.contains("map/list.ttl"), "{errors}");
    assert!(errors.contains("--replace"), "{errors}");
    let (code, _, errors) = run(at, &[&again[..], &["--replace"]].concat());
    assert_eq!(code, 0, "{errors}");
    let (code, _, errors) = run(
        at,
        &["import", "list.csv", "--suggest", "--output", "list.csv"],
    );
    assert_eq!(code, 2, "{errors}");
    assert_eq!(fs::read_to_string(at.join("list.csv")).unwrap(), DEALS);
}

#[test]
fn bad_mappings_are_refused_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("list.csv"), DEALS).unwrap();
    let ends = "[[sheet]]\ntable = \"edges\"\n[sheet.constants]\nkind = \"equity\"\n[sheet.columns]\n\"Investor\" = \"from\"\n";
    for (text, english, chinese) in [
        (
            "[[sheet]]\ntabel = \"edges\"\n".to_owned(),
            "by.toml:2:1: the key 'tabel' is not known: expected name, table,",
            "by.toml:2:1: 不认识键“tabel”：应为 name, table,",
        ),
        (
            String::new(),
            "by.toml:1:1: the mapping has no sheet\n",
            "by.toml:1:1: 映射中没有工作表\n",
        ),
        (
            format!("{ends}\"Target\" = \"from\"\n"),
            "by.toml:7:1: 'Investor' and 'Target' are both the column 'from'",
            "by.toml:7:1: “Investor”和“Target”都映射为列“from”",
        ),
        (
            format!("{ends}\"Target\" = \"two\"\n"),
            "by.toml:7:1: the table edges has no column 'two': expected from, to,",
            "by.toml:7:1: 表 edges 没有列“two”：应为 from, to,",
        ),
        (
            "[[sheet]]\ntable = 5\n".to_owned(),
            "by.toml:2:9: this is integer `5`: expected a string",
            "by.toml:2:9: 这里是 integer `5`：应为 a string",
        ),
        (
            format!("{ends}\"Tagret\" = \"to\"\n"),
            "by.toml:7:1: list.csv has no column 'Tagret': expected one of Investor, Target, Betrag (Mio. EUR), Datum, Region",
            "by.toml:7:1: list.csv 没有列“Tagret”：应为以下之一：Investor, Target, Betrag (Mio. EUR), Datum, Region",
        ),
        (
            format!(
                "{ends}\"Target\" = \"to\"\n\"Region\" = {{ column = \"amount\", unit = \"USD\" }}\n"
            ),
            "list.csv:2:5: column E 'Region': 'Nord' is no amount: expected",
            "list.csv:2:5: 第 E 列“Region”：“Nord”不是数额：应为",
        ),
        (
            format!(
                "{}\"Target\" = \"to\"\n",
                ends.replace("table =", "dates = \"?\"\ntable =")
            ),
            "by.toml:2:9: 'dates' is not decided: expected day-month-year, month-day-year",
            "by.toml:2:9: “dates”尚未确定：应为 day-month-year, month-day-year",
        ),
    ] {
        fs::write(at.join("by.toml"), &text).unwrap();
        let import = [
            "import",
            "list.csv",
            "--mapping",
            "by.toml",
            "--into",
            "map",
        ];
        let (code, out, errors) = run(at, &import);
        assert_eq!((code, out.as_str()), (2, ""), "{text}");
        assert!(errors.contains(english), "{english}\n{errors}");
        let (code, _, errors) = run(at, &[&import[..], &["--lang", "zh"]].concat());
        assert_eq!(code, 2);
        assert!(errors.contains(chinese), "{chinese}\n{errors}");
        assert!(!at.join("map").exists());
    }
    fs::write(at.join("by.toml"), format!("{ends}\"Target\" = \"to\"\n")).unwrap();
    let (code, _, errors) = run(at, &["tour", "--map", ".", "--mapping", "by.toml"]);
    assert_eq!(code, 2);
    assert!(errors.contains("--mapping is for one file"), "{errors}");
}

#[test]
fn damaged_parquet_is_told_in_chinese() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let (code, _, errors) = run(at, &["export", "--to", "parquet", "--output", "tables"]);
    assert_eq!(code, 0, "{errors}");
    let players = fs::read(at.join("tables/players.parquet")).unwrap();
    let refused = |name: &str, bytes: &[u8]| {
        fs::write(at.join(name), bytes).unwrap();
        let (code, _, errors) = run(at, &["tour", "--map", name, "--lang", "zh"]);
        assert_eq!(code, 2, "{errors}");
        errors
    };
    let errors = refused("players.parquet", &players[..300]);
    assert!(
        errors.contains("这不是完整的 Parquet 文件：结尾不是 PAR1"),
        "{errors}"
    );
    assert!(errors.contains("请重新写出或复制"), "{errors}");
    let errors = refused("edges.parquet", &players);
    assert!(
        errors.contains("文件自称是表 players，而不是 edges"),
        "{errors}"
    );
    let mut flipped = players.clone();
    let length = flipped.len();
    flipped[length - 40..length - 8].fill(0xFF);
    let errors = refused("players.parquet", &flipped);
    assert!(errors.contains("无法读取文件："), "{errors}");
    fs::remove_file(at.join("tables/claims.parquet")).unwrap();
    let (_, _, errors) = run(at, &["show", "nvidia", "--map", "tables", "--lang", "zh"]);
    assert!(errors.contains("Parquet 文件中缺少 1 张表"), "{errors}");
}

#[test]
fn help_takes_the_language_before_the_verb() {
    let at = std::env::temp_dir();
    let expected = run(&at, &["help", "import", "--lang", "zh"]);
    assert_eq!(expected.0, 0, "{}", expected.2);
    assert!(
        expected.1.contains("映射") || expected.1.contains("导入"),
        "{}",
        expected.1
    );
    for arguments in [
        ["help", "--lang", "zh", "import"],
        ["--lang", "zh", "help", "import"],
    ] {
        assert_eq!(run(&at, &arguments), expected, "{arguments:?}");
    }
    let (code, out, _) = run(&at, &["help", "--lang=zh", "import"]);
    assert_eq!((code, out), (0, expected.1));
    assert_eq!(run(&at, &["help", "--nonsense", "import"]).0, 2);
}

#[test]
fn an_edition_of_what_is_not_there_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("edges.csv"), "from,to,family\na,b,supply\n").unwrap();
    let (code, _, errors) = run(
        at,
        &["import", "edges.csv", "--into", "nowhere", "--replace"],
    );
    assert_eq!(code, 2);
    assert!(
        errors.contains("there is no such file in the map to be replaced"),
        "{errors}"
    );
    assert!(!at.join("nowhere").exists());
    let import = ["import", "edges.csv", "--into", "map"];
    assert_eq!(run(at, &import).0, 0);
    let (code, _, errors) = run(at, &import);
    assert_eq!(code, 2);
    assert!(errors.contains("--replace"), "{errors}");
}

#[test]
fn the_same_file_twice_says_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("list.csv"), "Investor,Target,Amount\nAcme,Beta,5\n").unwrap();
    let mapping = "[[sheet]]\ntable = \"edges\"\n[sheet.constants]\nkind = \"equity\"\n[sheet.columns]\n\
                   \"Investor\" = \"from\"\n\"Target\" = \"to\"\n\"Amount\" = { column = \"amount\", unit = \"EUR_mn\" }\n";
    fs::write(at.join("mapping.toml"), mapping).unwrap();
    let arguments = ["import", "list.csv", "--into", "map"];
    let (code, _, errors) = run(at, &arguments);
    assert_eq!(code, 0, "{errors}");
    let (code, _, errors) = run(at, &arguments);
    assert_eq!(code, 2, "{errors}");
    assert!(
        errors.contains("says nothing that is not in the map"),
        "{errors}"
    );
    assert!(errors.contains("--replace"), "{errors}");
    assert_eq!(fs::read_dir(at.join("map")).unwrap().count(), 1);
    // Under another name, it is told twice and counts once.
    fs::rename(at.join("list.csv"), at.join("other.csv")).unwrap();
    let (code, _, errors) = run(at, &["import", "other.csv", "--into", "map"]);
    assert_eq!(code, 0, "{errors}");
}
