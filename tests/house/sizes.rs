//! Sizes: a file has at most 400 lines of code, a function 80. Blank lines, comments and tests do not count.

use std::fs;
use std::path::Path;

const FILE_MAX: usize = 400;
const FUNCTION_MAX: usize = 80;

/// What is larger: a file, or a function in it, and its lines. These numbers may only become smaller.
const LARGER: &[(&str, usize)] = &[];

/// The tables of messages: a line for each, so that they grow with what there is to say.
const TABLES: [&str; 2] = ["src/words/", "src/bin/powermap/words/"];

/// Returns the length of the comment or literal that a text begins with; 0 where it begins with neither.
fn opaque(text: &str, in_word: bool) -> usize {
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    let raw = text.strip_prefix('r').filter(|_| !in_word);
    let raw = raw.map(|raw| raw.trim_start_matches('#'));
    if let Some(raw) = raw.filter(|raw| raw.starts_with('"')) {
        let end = format!("\"{}", "#".repeat(text.len() - 1 - raw.len()));
        let closed = raw[1..]
            .find(&end)
            .map(|at| raw[1 + at + end.len()..].len());
        return text.len() - closed.unwrap_or(0);
    }
    let mut characters = text.chars();
    let quote = characters.next();
    let is_text = match quote {
        Some('\'') => text[1..].starts_with('\\') || characters.nth(1) == Some('\''),
        other => other == Some('"'),
    };
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1).take_while(|_| is_text) {
        if Some(c) == quote && !is_escaped {
            return at + 1;
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    0
}

/// Returns a text without comments, and with `_` for each character of a literal.
fn code_of(text: &str) -> String {
    let (mut code, mut at) = (String::new(), 0);
    while let Some(first) = text[at..].chars().next() {
        let in_word = code.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let hidden = &text[at..at + opaque(&text[at..], in_word)];
        let mark = if first == '/' { ' ' } else { '_' };
        let marked = hidden.chars().map(|c| if c == '\n' { c } else { mark });
        code.extend(marked.chain(hidden.is_empty().then_some(first)));
        at += hidden.len().max(first.len_utf8());
    }
    code
}

/// Returns the beginning of a text up to the brace that closes its first one, or to a semicolon before any.
fn item(code: &str) -> &str {
    let (mut brackets, mut braces) = (0, 0);
    for (at, c) in code.char_indices() {
        match c {
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets -= 1,
            '{' => braces += 1,
            '}' => braces -= 1,
            _ => {}
        }
        if braces == 0 && (c == '}' || c == ';' && brackets == 0) {
            return &code[..=at];
        }
    }
    code
}

/// Returns the lines of code of a file that are too many, and those of each function in it that is too long.
fn findings(file: &str, text: &str) -> Vec<(String, usize)> {
    const TEST: &str = "#[cfg(test)]";
    let lines = |code: &str| code.lines().filter(|line| !line.trim().is_empty()).count();
    let mut code = code_of(text);
    while let Some(at) = code.find(TEST) {
        let end = at + TEST.len() + item(&code[at + TEST.len()..]).len();
        code.replace_range(at..end, "");
    }
    let mut found = vec![(file.to_owned(), lines(&code))];
    let is_table = TABLES.iter().any(|folder| file.starts_with(folder));
    found.retain(|(_, lines)| *lines > FILE_MAX && !is_table);
    for (at, _) in code.match_indices("fn ") {
        let length = lines(item(&code[at..]));
        if length > FUNCTION_MAX && code[..at].ends_with([' ', '\n']) {
            let name = code[at + 3..].split(['(', '<']).next().unwrap();
            found.push((format!("{file}: {name}"), length));
        }
    }
    found
}

#[test]
fn files_and_functions_are_short() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut found, mut open) = (Vec::new(), vec![root.join("src"), root.join("crates")]);
    while let Some(path) = open.pop() {
        let name = path.strip_prefix(root).unwrap().to_str().unwrap();
        let name = name.replace('\\', "/");
        if path.is_dir() {
            let entries = fs::read_dir(&path).unwrap();
            open.extend(entries.map(|entry| entry.unwrap().path()));
        } else if name.ends_with(".rs") && name.contains("src/") && !name.ends_with("tests.rs") {
            found.extend(findings(&name, &fs::read_to_string(&path).unwrap()));
        }
    }
    found.sort();
    let larger = LARGER.iter();
    let larger: Vec<_> = larger.map(|(at, size)| (at.to_string(), *size)).collect();
    assert_eq!(found, larger, "split it, or write down what became smaller");
}
