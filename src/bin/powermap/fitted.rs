//! Tables that fit a number of columns of a terminal: cells are wrapped, and where even that does not do, each row becomes
//! a list of its cells.

use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, ContentLineStyle, LineStyle,
    Table as Grid, TableStyle, Width,
};
use powermap_rdf::table::{self, Table, TableFormat, width};

/// The space between two columns.
const GAP: usize = 2;
/// The widest that a word may make a column, where there is not room for all.
const WORD_MAX: usize = 24;
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
    let narrowest = |with_heading: bool| -> Vec<usize> {
        let column = |(column, heading): (usize, &String)| {
            let cells = texts.iter().filter_map(|row| row.get(column));
            let cells = cells.map(|text| longest_word(text)).max().unwrap_or(0);
            let heading = if with_heading {
                longest_word(heading)
            } else {
                1
            };
            cells.max(heading)
        };
        table.columns.iter().enumerate().map(column).collect()
    };
    let fits = |least: &Vec<usize>| least.iter().sum::<usize>() <= room;
    match [true, false].map(narrowest).into_iter().find(fits) {
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
        if filled > columns && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        line.push_str(word);
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
        let ends = character == ' ' && following != ' ';
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
    longest.unwrap_or(0).min(WORD_MAX)
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

/// Returns each row as a list of its headings and cells, with an empty line between two.
fn records(table: &Table, texts: &[Vec<String>], columns: usize) -> String {
    let heading = table.columns.iter().map(|heading| width(heading)).max();
    let heading = heading.unwrap_or(0).min(columns / 2);
    let mut text = String::new();
    for (number, row) in texts.iter().enumerate() {
        if number > 0 {
            text.push('\n');
        }
        for (name, cell) in table.columns.iter().zip(row) {
            if cell.is_empty() {
                continue;
            }
            let pad = " ".repeat(heading.saturating_sub(width(name)) + GAP);
            let line = format!("{name}{pad}{cell}");
            text.push_str(&wrapped(&line, columns, heading + GAP));
            text.push('\n');
        }
    }
    text
}
