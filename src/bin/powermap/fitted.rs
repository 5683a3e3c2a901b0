//! Tables that fit a number of columns of a terminal: cells are wrapped between words, rows get a second line where words
//! would be torn otherwise, and where even that does not do, each row becomes a list of its cells.

use powermap_rdf::table::{self, Table, TableFormat, width};
use std::ops::Range;

/// The space between two columns, and before the later lines of a row.
const GAP: usize = 2;
/// Where the text of an option begins that is on a line of its own.
const FAR: usize = 10;
/// The columns of help on anything but a terminal, and the most on one.
const HELP_MAX: usize = 100;
/// The widest that a word may make a column: the first of these with which all columns have room.
const WORD_MAX: [usize; 4] = [40, 24, 12, 8];
/// What headings and cells in Chinese have at least, so that they are not read from top to bottom.
const WIDE_MIN: [usize; 2] = [4, 8];
/// The most lines that the columns of a row are dealt out to.
const LINES_MAX: usize = 4;

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
    let grid = Grid {
        table: &table,
        texts: &texts,
        columns,
    };
    let grid = WORD_MAX.iter().find_map(|most| grid.text(*most));
    grid.unwrap_or_else(|| records(&table, &texts, columns))
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
                // What closes a phrase takes the character before it along.
                let carried = closes(character).then(|| line.pop()).flatten();
                if !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                line.extend(carried);
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

/// Returns lines, colours and all, none of them wider than `columns`: the rest of a line stands below its text, which is what
/// comes after a gap, as after the options in a help.
pub(crate) fn fit_lines(text: &str, columns: usize) -> String {
    let lines = text.lines().map(|line| fit_line(line, columns));
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns help in lines that fit where it is printed.
pub(crate) fn fit_help(text: &str, columns: Option<usize>) -> String {
    fit_lines(text.trim_end(), columns.unwrap_or(HELP_MAX).min(HELP_MAX))
}

fn fit_line(line: &str, columns: usize) -> String {
    let plain = without_colours(line);
    if width(&plain) <= columns {
        return line.to_owned();
    }
    let start = plain.len() - plain.trim_start().len();
    let gap = plain[start..].find("  ").map(|gap| start + gap);
    let Some(gap) = gap else {
        // A command is indented more where it continues.
        let indent = if start > 0 && start < FAR {
            start + 2 * GAP
        } else {
            start
        };
        return wrapped(&plain, columns, indent);
    };
    let text = plain[gap..].trim_start();
    let indent = plain.len() - text.len();
    let head = &line[..line.len().saturating_sub(text.len())];
    let (head, indent) = match indent * 5 > columns * 2 {
        true => (format!("{}\n{:FAR$}", head.trim_end(), ""), FAR),
        false => (head.to_owned(), width(&plain[..indent])),
    };
    let room = columns.saturating_sub(indent).max(1);
    let text = wrapped(text, room, 0);
    head + &text.replace('\n', &format!("\n{:indent$}", ""))
}

/// Returns a text without the codes that give it colours.
fn without_colours(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    plain.extend(parts.map(|part| part.split_once('m').map_or(part, |(_, rest)| rest)));
    plain
}

/// Returns the parts of a text that a line may end after: words with the space after them, and wide characters. A number
/// keeps its sign and its unit.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((_, character)) = characters.next() {
        let Some(&(next, following)) = characters.peek() else {
            break;
        };
        let ends = matches!(character, ' ' | '/')
            && !matches!(following, ' ' | '/')
            && !(character == ' ' && is_inside_amount(&text[start..next], &text[next..]));
        let closes = closes(following);
        let opens = "（《“‘「『【([$".contains(character);
        let wide = is_wide(character) || is_wide(following);
        if ends || (wide && !closes && !opens && following != ' ') {
            words.push(&text[start..next]);
            start = next;
        }
    }
    words.push(&text[start..]);
    words
}

/// Returns whether what stands before and after a space are a sign and a number, or a number and a unit of two letters.
fn is_inside_amount(before: &str, after: &str) -> bool {
    let is_unit = |word: &str| word.len() == 2 && word.chars().all(|one| one.is_ascii_alphabetic());
    let unit = after.split([' ', ',', ';', ')']).next();
    let before = before.trim_end();
    before.ends_with(['≈', '≤', '≥', '<', '>'])
        || before.ends_with(|one: char| one.is_ascii_digit()) && unit.is_some_and(is_unit)
}

/// Returns whether no line may begin with a character, since it closes a phrase.
fn closes(character: char) -> bool {
    "，。；：、？！…）》」』】”’,.;:?!)]%".contains(character)
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

/// A table that is too wide as it is.
struct Grid<'a> {
    table: &'a Table,
    texts: &'a [Vec<String>],
    columns: usize,
}

/// Columns that stand on one line of each row, and how wide they are.
struct Line {
    columns: Range<usize>,
    widths: Vec<usize>,
}

impl Grid<'_> {
    /// Returns the table with its columns side by side, or on several lines of each row where that is much shorter or the
    /// only way that tears no word of up to `most` columns. `None` where there is no such way.
    fn text(&self, most: usize) -> Option<String> {
        let columns = self.table.columns.iter().enumerate();
        let least = columns.clone().map(|(column, heading)| {
            let cells = self.widest(column, |text| narrowest(text, WIDE_MIN[1]));
            cells.max(narrowest(heading, WIDE_MIN[0])).min(most)
        });
        let least: Vec<usize> = least.collect();
        let wished =
            columns.map(|(column, heading)| self.widest(column, width).max(width(heading)));
        let wished: Vec<usize> = wished.collect();
        let dense = self.lines(&least, &least, &wished)?;
        let is_grid = dense.len() == 1;
        let dense = self.drawn(&dense);
        let Some(loose) = self.lines(&wished, &least, &wished) else {
            return Some(dense);
        };
        let loose = self.drawn(&loose);
        let [has, other] = [&dense, &loose].map(|text| text.lines().count());
        // Rows on one line each are easier to compare.
        let is_better = if is_grid {
            other * 3 < has * 2
        } else {
            other < has
        };
        Some(if is_better { loose } else { dense })
    }

    /// Returns the greatest measure of the cells of a column.
    fn widest(&self, column: usize, measure: impl Fn(&str) -> usize) -> usize {
        let cells = self.texts.iter().filter_map(|row| row.get(column));
        cells.map(|text| measure(text)).max().unwrap_or(0)
    }

    /// Deals the columns out to lines in their order, as many to each as have the room that they are counted with.
    fn lines(&self, counted: &[usize], least: &[usize], wished: &[usize]) -> Option<Vec<Line>> {
        let mut lines: Vec<Line> = Vec::new();
        let mut start = 0;
        while start < counted.len() {
            let indent = if start == 0 { 0 } else { GAP };
            let room = self.columns.saturating_sub(indent);
            let mut end = start + 1;
            let mut filled = counted[start];
            while end < counted.len() && filled + GAP + counted[end] <= room {
                filled += GAP + counted[end];
                end += 1;
            }
            let gaps = GAP * (end - start - 1);
            let room = room.checked_sub(gaps)?;
            let widths = shared(room, &least[start..end], &wished[start..end])?;
            lines.push(Line {
                columns: start..end,
                widths,
            });
            start = end;
        }
        (lines.len() <= LINES_MAX).then_some(lines)
    }

    fn drawn(&self, lines: &[Line]) -> String {
        let mut text = String::new();
        for (number, line) in lines.iter().enumerate() {
            self.write(&self.table.columns, number, line, &mut text);
        }
        match lines {
            [only] => {
                let rules = only.widths.iter().map(|width| "─".repeat(*width));
                text.push_str(&rules.collect::<Vec<_>>().join(&" ".repeat(GAP)));
            }
            _ => {
                let widths = lines.iter().map(|line| {
                    let indent = if line.columns.start == 0 { 0 } else { GAP };
                    indent + line.widths.iter().sum::<usize>() + GAP * (line.widths.len() - 1)
                });
                let widest = widths.max().unwrap_or(0);
                text.push_str(&"─".repeat(widest));
            }
        }
        text.push('\n');
        for row in self.texts {
            for (number, line) in lines.iter().enumerate() {
                self.write(row, number, line, &mut text);
            }
        }
        text
    }

    /// Writes the cells of one line of a row, on as many lines as the longest of them needs; none for empty ones after the
    /// first line.
    fn write(&self, row: &[String], number: usize, line: &Line, text: &mut String) {
        let cells: Vec<Vec<String>> = (line.columns.clone().zip(&line.widths))
            .map(|(column, width)| {
                let cell = row.get(column).map_or("", String::as_str);
                wrapped(cell, *width, 0)
                    .lines()
                    .map(str::to_owned)
                    .collect()
            })
            .collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        for part in 0..height.max(usize::from(number == 0)) {
            let mut written = " ".repeat(if number == 0 { 0 } else { GAP });
            for ((place, room), cell) in line.widths.iter().enumerate().zip(&cells) {
                let cell = cell.get(part).map_or("", String::as_str);
                let pad = " ".repeat(room.saturating_sub(width(cell)));
                if place > 0 {
                    written.push_str(&" ".repeat(GAP));
                }
                match self.table.is_numeric(line.columns.start + place) {
                    true => written.extend([pad.as_str(), cell]),
                    false => written.extend([cell, pad.as_str()]),
                }
            }
            text.push_str(written.trim_end());
            text.push('\n');
        }
    }
}

/// Returns the width below which a text is torn, of which Chinese has `wide_min` at least.
fn narrowest(text: &str, wide_min: usize) -> usize {
    let longest = words(text).iter().map(|word| width(word.trim_end())).max();
    let longest = longest.unwrap_or(0);
    match text.chars().any(is_wide) {
        true => longest.max(width(text).min(wide_min)),
        false => longest,
    }
}

/// Returns widths of columns that add up to `room` at most: what each wishes, or else the same for all that wish more, but
/// what each needs at least. `None` where that is too much.
fn shared(room: usize, least: &[usize], wished: &[usize]) -> Option<Vec<usize>> {
    let widths = |level: usize| {
        let columns = least.iter().zip(wished);
        columns.map(move |(least, wished)| level.min(*wished).max(*least))
    };
    let fits = |level: &usize| widths(*level).sum::<usize>() <= room;
    let level = (0..=room).rev().find(fits)?;
    Some(widths(level).collect())
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
    fn lines_go_on_below_their_text() {
        assert_eq!(
            fit_lines(
                "  \x1b[1m--top\x1b[0m <N>  the first of all the rows\nshort",
                34
            ),
            "  \x1b[1m--top\x1b[0m <N>  the first of all the\n             rows\nshort"
        );
        assert_eq!(
            fit_lines("  --an-option <WITH> 与  当日的棋局", 26),
            "  --an-option <WITH> 与\n          当日的棋局"
        );
        assert_eq!(
            fit_lines("  powermap show openai --lang zh", 22),
            "  powermap show openai\n      --lang zh"
        );
        assert_eq!(fit_lines("two words", 5), "two\nwords");
    }

    #[test]
    fn no_word_is_torn_where_rows_can_have_a_second_line() {
        let mut table = Table::new(["player", "counterparty", "betweenness"]);
        table.push(["OpenAI".into(), "amd-openai-2025".into(), 0.5.into()]);
        assert_eq!(
            fitted(&table, 26),
            "player  counterparty\n  betweenness\n───────────────────────\n\
             OpenAI  amd-openai-2025\n          0.5\n"
        );
        let mut chinese = Table::new(["参与者", "理由"]);
        chinese.push(["OpenAI".into(), "投资，（另有说法）".into()]);
        let text = fitted(&chinese, 18);
        assert_eq!(
            text,
            "参与者  理由\n──────  ──────────\nOpenAI  投资，（另\n        有说法）\n"
        );
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
             ──────  ────────────\n\
             OpenAI  the hub of\n        the web of\n        deals\n"
        );
        assert_eq!(
            fitted(&table, 12),
            "player\n  note\n────────────\nOpenAI\n  the hub of\n  the web of\n  deals\n"
        );
        // No line has room for a whole word.
        let list = fitted(&table, 5);
        assert!(
            list.starts_with("playe\nr\n  Ope") && !list.contains('─'),
            "{list}"
        );
        let wide = "player  empty  note\n\
                    ──────  ─────  ───────────────────────────\n\
                    OpenAI         the hub of the web of deals\n";
        assert_eq!(fitted(&table, 400), wide);
    }
}
