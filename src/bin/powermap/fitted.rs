//! Tables that fit a number of columns of a terminal: cells are wrapped, and where even that does not do, each row becomes
//! a list of its cells.

use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, ContentLineStyle, LineStyle,
    Table as Grid, TableStyle, Width,
};
use powermap_rdf::table::{self, Table, TableFormat, width};

/// The space between two columns.
const GAP: usize = 2;
/// The widest that a word may make a column: the first of these with which all columns have room.
const WORD_MAX: [usize; 3] = [24, 12, 8];
/// As tables are drawn that need not be fitted: a rule under the headings, nothing else.
const STYLE: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::none().junction(' '))
    .header_separator(LineStyle::none().fill('─').junction(' '))
    .content_lines(ContentLineStyle::none().junction(' '));

/// Returns a table as text, none of whose lines is wider than `columns`, as far as that can be: every line is at least as
/// wide as one character.
///
/// Columns without a cell are left out. O(cells).
pub(crate) fn fitted(table: &Table, columns: usize) -> String {
    let text = table.to_text(TableFormat::Table);
    if text.lines().all(|line| width(line) <= columns) {
        return text;
    }
    let table = without_empty_columns(table);
    let texts: Vec<Vec<String>> = (table.rows.iter())
        .map(|row| {
            let cells = row.iter().map(|cell| table::visible(&cell.text()));
            cells.collect()
        })
        .collect();
    let room = columns.saturating_sub(GAP * table.columns.len().saturating_sub(1));
    let narrowest = |most: usize, with_heading: bool| -> Vec<usize> {
        let column = |(column, heading): (usize, &String)| {
            let cells = texts.iter().filter_map(|row| row.get(column));
            let cells = cells.map(|text| longest_word(text)).max().unwrap_or(0);
            let heading = if with_heading {
                longest_word(heading)
            } else {
                1
            };
            cells.max(heading).min(most)
        };
        table.columns.iter().enumerate().map(column).collect()
    };
    let fits = |least: &Vec<usize>| least.iter().sum::<usize>() <= room;
    let ways = WORD_MAX
        .iter()
        .flat_map(|most| [(*most, true), (*most, false)]);
    match ways
        .map(|(most, with_heading)| narrowest(most, with_heading))
        .find(fits)
    {
        Some(least) => grid(&table, &texts, &least, columns),
        None => records(&table, &texts, columns),
    }
}

/// Returns a text in lines no wider than `columns`, the later ones indented.
pub(crate) fn wrapped(text: &str, columns: usize, indent: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in words(text) {
        let start = if lines.is_empty() { 0 } else { indent };
        let filled = start + width(&line) + width(word.trim_end());
        if filled > columns && !line.trim().is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        // A word wider than a line, such as an address, breaks where the line ends.
        for character in word.chars() {
            let start = if lines.is_empty() { 0 } else { indent };
            let mut bytes = [0; 4];
            let own = width(character.encode_utf8(&mut bytes));
            if character != ' ' && start + width(&line) + own > columns && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line.push(character);
        }
    }
    lines.push(line);
    let lines = lines.iter().enumerate().map(|(number, line)| {
        let indent = if number == 0 { 0 } else { indent };
        format!("{:indent$}{}", "", line.trim_end())
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns the parts of a text that a line may end after: words with the space after them, and wide characters.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((_, character)) = characters.next() {
        let Some(&(next, following)) = characters.peek() else {
            break;
        };
        let ends = matches!(character, ' ' | '/') && !matches!(following, ' ' | '/');
        // No line begins with what closes a phrase.
        let closes = "，。；：、）》”’,.;:)]%".contains(following);
        let opens = "（《“‘([$".contains(character);
        let wide = is_wide(character) || is_wide(following);
        if ends || (wide && !closes && !opens && following != ' ') {
            words.push(&text[start..next]);
            start = next;
        }
    }
    words.push(&text[start..]);
    words
}

fn is_wide(character: char) -> bool {
    let mut bytes = [0; 4];
    width(character.encode_utf8(&mut bytes)) > 1
}

fn without_empty_columns(table: &Table) -> Table {
    let is_full = |column: &usize| {
        let cells = table.rows.iter().filter_map(|row| row.get(*column));
        cells.into_iter().any(|cell| !cell.text().is_empty())
    };
    let kept: Vec<usize> = (0..table.columns.len()).filter(is_full).collect();
    let mut fewer = Table::new(kept.iter().map(|column| table.columns[*column].clone()));
    for row in &table.rows {
        let cells = kept.iter().map(|column| row.get(*column).cloned());
        fewer.push(
            cells
                .map(|cell| cell.unwrap_or(table::Cell::Empty))
                .collect::<Vec<_>>(),
        );
    }
    fewer
}

/// Returns the width of the longest part of a text that is not broken.
fn longest_word(text: &str) -> usize {
    let longest = words(text).iter().map(|word| width(word.trim_end())).max();
    longest.unwrap_or(0)
}

fn grid(table: &Table, texts: &[Vec<String>], least: &[usize], columns: usize) -> String {
    let mut grid = Grid::new();
    grid.load_style(STYLE)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(columns).unwrap_or(u16::MAX))
        .set_header(&table.columns)
        .add_rows(texts);
    let last = table.columns.len().saturating_sub(1);
    for (number, least) in least.iter().enumerate() {
        let Some(column) = grid.column_mut(number) else {
            continue;
        };
        column.set_padding((0, if number == last { 0 } else { GAP as u16 - 1 }));
        let padding = if number == last { 0 } else { GAP - 1 };
        let least = u16::try_from(least + padding).unwrap_or(u16::MAX);
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(least)));
        if table.is_numeric(number) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let lines = grid.lines().map(|line| line.trim_end().to_owned() + "\n");
    lines.collect()
}

/// Returns each row as a list of its headings and cells, with an empty line between two; a cell stands below its heading
/// where there is no room next to it.
fn records(table: &Table, texts: &[Vec<String>], columns: usize) -> String {
    let heading = table.columns.iter().map(|heading| width(heading)).max();
    let heading = heading.unwrap_or(0);
    let is_narrow = heading * 3 > columns;
    let mut text = String::new();
    for (number, row) in texts.iter().enumerate() {
        if number > 0 {
            text.push('\n');
        }
        for (name, cell) in table.columns.iter().zip(row) {
            if cell.is_empty() {
                continue;
            }
            if is_narrow {
                text.push_str(&wrapped(name, columns, 0));
                text.push('\n');
                let indented = format!("{:GAP$}{cell}", "");
                text.push_str(&wrapped(&indented, columns, GAP));
            } else {
                let pad = " ".repeat(heading - width(name) + GAP);
                text.push_str(&wrapped(
                    &format!("{name}{pad}{cell}"),
                    columns,
                    heading + GAP,
                ));
            }
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_wrapped_between_words_and_wide_characters() {
        assert_eq!(wrapped("one two three", 8, 2), "one two\n  three");
        assert_eq!(wrapped("资金的循环，在此", 8, 0), "资金的循\n环，在此");
        // No line begins with what closes a phrase, and a word that is too wide is cut.
        assert_eq!(wrapped("资金，的", 4, 0), "资\n金，\n的");
        assert_eq!(wrapped("abcdefgh", 3, 0), "abc\ndef\ngh");
    }

    #[test]
    fn a_table_is_wrapped_or_becomes_a_list() {
        let mut table = Table::new(["player", "empty", "note"]);
        table.push([
            "OpenAI".into(),
            table::Cell::Empty,
            "the hub of the web of deals".into(),
        ]);
        assert_eq!(
            fitted(&table, 20),
            "player  note\n\
             ─────── ────────────\n\
             OpenAI  the hub of\n        the web of\n        deals\n"
        );
        assert_eq!(
            fitted(&table, 12),
            "player\n  OpenAI\nnote\n  the hub of\n  the web of\n  deals\n"
        );
        let wide = "player  empty  note\n\
                    ──────  ─────  ───────────────────────────\n\
                    OpenAI         the hub of the web of deals\n";
        assert_eq!(fitted(&table, 400), wide);
    }
}
