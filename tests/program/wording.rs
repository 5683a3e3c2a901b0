//! What the program says of maps that have little to say, and of names that say too much.

use std::fs;
use std::process::Command;

/// Returns what the program prints about a map of these tables.
fn told(tables: &[(&str, &str)], arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in tables {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let map = ["--map", folder.path().to_str().unwrap()];
    said(&[&map[..], arguments].concat())
}

/// Returns what the program prints, on stdout and stderr.
fn said(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_powermap"))
        .args(arguments)
        .args(["--width", "400"])
        .output()
        .unwrap();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

#[test]
fn a_map_of_players_alone_says_that_it_has_no_edge() {
    let players = [("players.csv", "id,type,name_en\nacme,company,Acme\n")];
    let tour = told(&players, &["tour"]);
    assert!(
        tour.contains("No edge is on the board (players on the map: 1)."),
        "{tour}"
    );
    // No day would help.
    let board = told(&players, &["board"]);
    assert_eq!(
        board,
        "error: there is no edge in the map\n\nhint: powermap import edges.csv --into my-map/ brings edges in\n"
    );
}

const EDGES: &str = "from,to,family,kind,amount,unit
cloud,lab,supply,cloud,5,USD_bn
cloud,lab,investment,equity,1,USD_bn
fund,lab,investment,equity,3,USD_bn
";

#[test]
fn one_queen_is_no_queens_and_a_loop_is_called_one() {
    let tour = told(&[("edges.csv", EDGES)], &["tour"]);
    assert!(tour.contains("King: lab. Queen: "), "{tour}");
    let without = told(&[("edges.csv", EDGES)], &["what-if", "--without", "fund"]);
    assert!(
        without.contains("The greatest loop afterwards: "),
        "{without}"
    );
    let zh = told(&[("edges.csv", EDGES)], &["tour", "--lang", "zh"]);
    assert!(zh.contains("王：lab。后："), "{zh}");
}

#[test]
fn a_long_name_is_cut_in_sentences() {
    let long = "name".repeat(150);
    let players =
        format!("id,type,name_en\nlab,company,{long}\ncloud,company,Cloud\nfund,fund,Fund\n");
    let tables = [("edges.csv", EDGES), ("players.csv", players.as_str())];
    let tour = told(&tables, &["tour"]);
    let cut = format!("{}…", "name".repeat(20));
    assert!(tour.contains(&cut) && !tour.contains(&long), "{tour}");
    let picture = told(&tables, &["board"]);
    let finding = format!(">Cloud supplies {cut} and puts money into it");
    assert!(picture.contains(&finding), "{picture}");
}

#[test]
fn numbers_that_read_the_same_are_no_difference() {
    let told = said(&["what-if", "--without", "nvidia"]);
    let rows = told
        .lines()
        .filter(|line| line.starts_with("Dependence") || line.starts_with("Standing"));
    let cells = rows.map(|row| {
        row.split("  ")
            .filter(|cell| !cell.is_empty())
            .map(str::trim)
            .collect::<Vec<_>>()
    });
    let mut count = 0;
    for cells in cells {
        if let [.., before, after] = cells[..] {
            assert_ne!(before, after, "{cells:?}");
            count += 1;
        }
    }
    assert!(count > 10, "{told}");
}
