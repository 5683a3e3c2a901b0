//! Texts for people stand in one table a language: no literal in Chinese is left anywhere else.

use std::fs;
use std::path::Path;

/// Files that have literals in Chinese all the same, and why.
const EXCEPTIONS: &[(&str, &str)] = &[
    (
        "src/bin/powermap/args.rs",
        "an example of the help, which is in English, names a player in Chinese",
    ),
    (
        "src/model/generate/player.rs",
        "made-up names are data of a map, by language",
    ),
    (
        "src/model/generate/records.rs",
        "made-up names are data of a map, by language",
    ),
    (
        "src/model/name_key.rs",
        "legal forms are what names are compared without, in the script of their country",
    ),
];

fn is_table(file: &str) -> bool {
    file.ends_with("/words/chinese.rs") || file.contains("/words/chinese/")
}

/// Returns the lines of code with Chinese in them, without comments and without the unit tests at the end of a file.
fn findings(text: &str) -> Vec<(usize, &str)> {
    let lines = text.lines().enumerate();
    let code = lines.take_while(|(_, line)| *line != "#[cfg(test)]");
    code.filter(|(_, line)| !line.trim_start().starts_with("//"))
        .filter(|(_, line)| line.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)))
        .map(|(number, line)| (number + 1, line.trim()))
        .collect()
}

#[test]
fn texts_stand_in_the_table_of_their_language() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut found, mut used, mut tables) = (Vec::new(), Vec::new(), 0);
    let mut open = vec![root.join("src")];
    while let Some(path) = open.pop() {
        let name = path.strip_prefix(root).unwrap().to_str().unwrap();
        let name = name.replace('\\', "/");
        if path.is_dir() {
            let entries = fs::read_dir(&path).unwrap();
            open.extend(entries.map(|entry| entry.unwrap().path()));
        } else if is_table(&name) {
            tables += 1;
        } else if name.ends_with(".rs") {
            let text = fs::read_to_string(&path).unwrap();
            let own = findings(&text);
            match EXCEPTIONS.iter().find(|(file, _)| *file == name) {
                Some((file, _)) if !own.is_empty() => used.push(*file),
                Some(_) => {}
                None => found.extend(own.iter().map(|(at, line)| format!("{name}:{at}: {line}"))),
            }
        }
    }
    assert_eq!(
        tables, 7,
        "the tables of the library and of the program were not found"
    );
    assert!(
        found.is_empty(),
        "move these to words/:\n{}",
        found.join("\n")
    );
    for (file, why) in EXCEPTIONS {
        assert!(
            used.contains(file),
            "{file} is no exception any more: {why}"
        );
    }
}

#[test]
fn literals_are_found_and_comments_and_tests_are_not() {
    let text =
        "/// Prints `棋`.\nlet a = \"棋盘\"; // 棋\n// 棋\n\n#[cfg(test)]\nmod tests { \"棋\" }\n";
    assert_eq!(findings(text), [(2, "let a = \"棋盘\"; // 棋")]);
}
